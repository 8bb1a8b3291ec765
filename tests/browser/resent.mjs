// Creates of a whole set-up that a browser sends again by itself, and what the panel makes of it. Either every attempt loses
// its answer (the page hears of a failure), or only the first (the page gets a clean answer, and there are two objects).

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { DONE, Panel } from "./panel.mjs";

/** A create: its place, which of the calls to that place it is, the step's title, and how the lab tells what it made. */
const CREATES = [
  { what: "an identity provider", org: "hub", ends: "/api/v1/idps", nth: 1, step: "Create the identity provider", made: "created IdP SAML2" },
  { what: "the Org2Org app", org: "acme", ends: "/api/v1/apps", nth: 1, step: "Create the Org2Org app", made: "created app okta_org2org" },
  { what: "the service app", org: "hub", ends: "/api/v1/apps", nth: 1, step: "Create the service app", made: "created app oidc_client" },
  { what: "a pushed group", org: "acme", ends: "/group-push/mappings", nth: 1, step: "Push the group", made: "created push of group" },
  { what: "a bookmark", org: "acme", ends: "/api/v1/apps", nth: 2, step: "Create the bookmark app", made: "created app bookmark" },
];
const WAYS = [
  { over: "HTTP/1.1", flags: ["--http1"], kind: "drop_after" },
  { over: "HTTP/2", flags: [], kind: "refused_after" },
];
const TIMES = [
  { times: "every time", calls: (nth) => ({ from: nth }) },
  { times: "once", calls: (nth) => ({ nth }) },
];

const many = (create, way, { calls }) => async (story) => {
  story.allow(/ERR_|Failed to load/);
  const { lab } = story;
  const { panel } = await Panel.paired(story);
  await panel.wish({ apps: ["Expenses"], groups: ["Sales"], push: { groups: ["Engineering"] } });
  await panel.planned();
  await lab.fault({ org: create.org, method: "POST", ends: create.ends, calls: calls(create.nth), kind: way.kind });
  await panel.consent();
  const place = ({ org, method, path }) => org === create.org && method === "POST" && path.endsWith(create.ends);
  const sent = async () => (await lab.requests()).filter(place).slice(create.nth - 1);
  while ((await sent()).length === 0) await pause(100);
  // Longer than a browser goes on by itself.
  await pause(3_000);
  await lab.clearFaults();
  const made = (await lab.effects()).filter(({ org, what }) => org === create.org && what.startsWith(create.made)).length;
  const ends = async () => {
    const own = (await panel.steps()).filter(({ title }) => title === create.step);
    return own.map(({ state }) => state);
  };
  assert.ok(made >= 1);
  // One object is found and gone on with; several are told, and nothing is built on any of them.
  const wanted = made === 1 ? DONE : "Several found";
  await panel.until(create.step, "", wanted);
  console.log(`resent: ${create.what}, ${way.over}${story.fox ? ", Firefox" : ""}: ${(await sent()).length} arrivals, ${made} made, told as ${await ends()}`);
  if (made === 1) {
    await panel.proven();
  } else {
    assert.deepEqual([...new Set(await ends())], ["Several found"]);
    assert.equal(await panel.page.getByRole("status").filter({ hasText: /^All \d+ steps are proven$/ }).count(), 0);
  }
  const now = (await lab.effects()).filter(({ org, what }) => org === create.org && what.startsWith(create.made)).length;
  assert.equal(now, made, "no write of ours followed");
};

/** Forty with both browsers: five creates, two protocols, two ways to fail. */
export const resent = CREATES.flatMap((create) => WAYS.flatMap((way) => TIMES.map((times) => ({
  name: `${create.what} over ${way.over}, unanswered ${times.times}, is not made twice unseen`,
  flags: way.flags,
  timeout: 300_000,
  everywhere: "deep",
  run: many(create, way, times),
}))));
