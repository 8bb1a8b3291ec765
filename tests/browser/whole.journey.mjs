// Procedures of the connection told the whole way: planned, applied, proven in both orgs by a person and a group that
// arrive, an empty second plan, and taken back but for what the plan had named.

import assert from "node:assert/strict";
import { watchHands } from "./carry.mjs";
import { Console } from "./console.mjs";
import { measured } from "./measured.mjs";
import { DONE, Panel, TO_DO, writes } from "./panel.mjs";
import { groupOf, userOf } from "./people.mjs";
import { CLIENT, allDone, connectByToken } from "./pushing.mjs";

const ADA = "ada@acme.example.com";
const GRACE = "grace@acme.example.com";
const ALAN = "alan@acme.example.com";
const GROUP = "Engineering";
const PEOPLE = { groups: ["Sales"], users: [["alan", ALAN]] };

/** The person and the group are in the target, and the group holds whom it holds in the source. */
function assertArrived(dump) {
  for (const login of [ADA, GRACE, ALAN]) assert.equal(userOf(dump, "hub", login).status, "ACTIVE", login);
  assert.deepEqual(groupOf(dump, "hub", GROUP).members, [userOf(dump, "hub", ALAN).id]);
}

/** Undone: all that is left of it in the target is who arrived there and the group that did. */
async function backAgain(panel, lab, before) {
  await panel.planUndo();
  await panel.notice("Accounts and groups that were pushed to HUB stay there.");
  await panel.agree();
  await panel.planned();
  const after = await lab.dump();
  assert.deepEqual(after.acme, before.acme);
  for (const part of ["apps", "idps"]) assert.deepEqual(after.hub[part], before.hub[part], part);
  const added = (kind) => Object.keys(after.hub[kind]).filter((id) => !before.hub[kind][id]).sort();
  const stay = [GRACE, ALAN].map((login) => userOf(after, "hub", login).id).filter((id) => !before.hub.users[id]).sort();
  assert.deepEqual(added("users"), stay);
  assert.deepEqual(added("groups"), [groupOf(after, "hub", GROUP).id]);
  for (const login of [ADA, GRACE, ALAN]) assert.equal(userOf(after, "hub", login).status, "ACTIVE", login);
}

/** Every value that the run learnt or made, and those that a person wrote into the wish. */
async function carriedNothing(panel, hands, lab) {
  const values = (await panel.values()).map(({ value }) => value);
  hands.nothingCarried(values, ["acme", "hub"].flatMap((name) => [lab.org(name).host, lab.org(name).admin_host]));
}

const byKeys = (name, method) => async (story) => {
  const { lab } = story;
  const before = await lab.dump();
  const hands = await watchHands(story);
  const { panel, tabs } = await Panel.paired(story);
  await panel.wish({ ...PEOPLE, push: { method, groups: [GROUP] } });
  const plan = await panel.planned();
  assert.ok(plan.writes > 0);
  assert.deepEqual(writes(await lab.requests()), []);
  await panel.consent();
  await panel.proven();
  await measured(name, { clicks: hands.clicks().length, changes: plan.writes, calls: (await lab.requests()).length });
  await allDone(panel);
  assertArrived(await lab.dump());
  await carriedNothing(panel, hands, lab);
  // No console was touched: not a click, not a letter.
  const consoles = Object.keys(tabs).map((name) => lab.org(name).admin_host);
  assert.deepEqual(hands.seen.filter(({ host }) => consoles.includes(host)), []);
  assert.equal((await panel.check()).writes, 0);
  await backAgain(panel, lab, before);
};

async function migration(story) {
  const { lab } = story;
  const hands = await watchHands(story);
  const { panel, tabs } = await connectByToken(story);
  assert.equal(userOf(await lab.dump(), "hub", GRACE).status, "ACTIVE");

  const [clicked, called] = [hands.clicks().length, (await lab.requests()).length];
  await panel.button("Change what is connected").click();
  const { main } = panel;
  await main.getByRole("radio", { name: /^OAuth 2.0, keys that rotate/ }).check();
  await main.getByText("Names, and a token that is in use already").click();
  await main.getByRole("checkbox", { name: /^An API token is in use so far/ }).check();
  await main.getByRole("textbox", { name: "Name of that token in the target" }).fill(CLIENT);
  const finder = main.getByRole("region", { name: /How does it push/ });
  await finder.getByRole("searchbox").fill(GROUP);
  await finder.getByRole("checkbox", { name: GROUP, exact: true }).check();
  const changes = (await panel.anew("Show the steps")).writes;
  await panel.sheet("Plan");
  await main.getByText("The token that a connection had cannot be read.").waitFor();
  await panel.agree();
  await panel.until("Connect the app as the service app instead of by token", "", DONE);

  // All that is left is a person's: only they know what else uses the token.
  await panel.until("Revoke the old token", "", TO_DO);
  const hub = new Console(tabs.hub);
  await hub.menu("API", "/admin/access/api/tokens");
  const row = hub.tab.getByRole("row").filter({ has: hub.tab.getByRole("cell", { name: CLIENT, exact: true }) });
  await row.getByRole("button", { name: "Revoke" }).click();
  await panel.until("Revoke the old token", "", DONE);
  if ((await panel.check()).writes > 0) await panel.consent();
  await panel.proven();
  await measured("OAuth 2.0 in place of an API token", { clicks: hands.clicks(clicked).length, changes, calls: (await lab.requests()).length - called });
  await allDone(panel);
  // The group arrives by the new client alone: the token is gone.
  const made = await lab.dump();
  assert.equal(groupOf(made, "hub", GROUP).name, GROUP);
  assert.equal((await panel.check()).writes, 0);

  await panel.planUndo();
  await panel.agree();
  await panel.planned();
  const after = await lab.dump();
  for (const login of [ADA, GRACE]) assert.equal(userOf(after, "hub", login).status, "ACTIVE", login);
  assert.equal(groupOf(after, "hub", GROUP).name, GROUP);
}

export const stories = [
  { name: "OAuth 2.0 with keys that a person replaces, a person and a group arrive, nothing is carried, and back", timeout: 300_000, run: byKeys("SAML 2.0, push with keys that you replace, a group", /^OAuth 2.0, keys that you replace/) },
  { name: "OAuth 2.0 takes the place of an API token, and its way back", timeout: 420_000, run: migration },
  ...(process.env.ORG2ORG_DEEP === "1" ? [{ name: "OAuth 2.0 with keys that rotate, a person and a group arrive, nothing is carried, and back", timeout: 300_000, run: byKeys("SAML 2.0, push with keys that rotate, a group", /^OAuth 2.0, keys that rotate/) }] : []),
];
