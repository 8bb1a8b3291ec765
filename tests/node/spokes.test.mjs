// One wish for several sources of a target: planned together, written in waves, taken back together; and what the advisor says.

import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { DONE, FINDINGS, UNKNOWN, USAGE, run } from "./command.mjs";
import { eachLab, url } from "./pair.mjs";

const here = eachLab();
const SPOKES = `groups = ["Sales"]
[[spoke]]
source = "${url("acme")}"
push = { method = "oauth-auto" }
[[spoke]]
source = "${url("other")}"
pilot = true
groups = []
users = ["grace@other.example.com"]
`;

async function org2org(command, text, more = [], tokens = here.tokens("acme", "other", "hub")) {
  const wish = await here.file("wish.toml", text);
  return run([command, "--wish", wish, "--target", url("hub"), ...here.reach(), ...more], tokens);
}

const journal = (org) => join(here.folder, `wish.${org}.okta.com.journal`);

describe("a wish for several sources", () => {
  test("is planned together, applied pilots first, checked and undone", async () => {
    const before = await here.lab.dump();
    const plan = await org2org("plan", SPOKES, ["--format", "json"]);
    assert.equal(plan.code, FINDINGS, plan.err);
    const { plan: id, spokes } = JSON.parse(plan.out);
    assert.deepEqual(spokes.map(({ source, wave }) => [source, wave]), [["acme.okta.com", 2], ["other.okta.com", 1]]);
    assert.ok(spokes.every(({ plan: { items } }) => items.length > 3));
    assert.deepEqual(spokes.map(({ plan: { advice } }) => advice.contradictions.length > 1), [true, false]);
    assert.equal(await here.writes(), 0);

    const asked = await org2org("apply", SPOKES);
    assert.equal(asked.code, USAGE);
    assert.match(asked.err, new RegExp(`To agree to this plan: org2org apply --wish .* --target ${url("hub")} --plan ${id}`));
    const applied = await org2org("apply", SPOKES, ["--plan", id]);
    assert.equal(applied.code, DONE, applied.out + applied.err);
    assert.match(applied.err, /wave 1 of 2: other\.okta\.com[^]*wave 2 of 2: acme\.okta\.com/);
    assert.match(applied.out, /\nacme\.okta\.com: done\nother\.okta\.com: done\n$/);
    for (const org of ["acme", "other"]) assert.ok((await readFile(journal(org), "utf8")).includes("org2org-app"));

    const sent = await here.writes();
    assert.equal((await org2org("check", SPOKES)).code, DONE);
    const one = await org2org("check", SPOKES, ["--source", url("other")], here.tokens("other", "hub"));
    assert.equal(one.code, DONE, one.err);
    assert.ok(!one.out.includes("acme.okta.com ->"));
    assert.equal(await here.writes(), sent);
    const paper = await run(["report", "evidence", "--wish", join(here.folder, "wish.toml"), "--source", url("acme"), "--target", url("hub")], "");
    assert.equal(paper.code, DONE, paper.err);

    const undone = await org2org("undo", SPOKES, ["--yes"]);
    assert.equal(undone.code, DONE, undone.out + undone.err);
    const settled = await here.lab.dump();
    assert.deepEqual(settled.acme.apps, before.acme.apps);
    assert.deepEqual(settled.other.apps, before.other.apps);
    assert.deepEqual(settled.hub.idps, before.hub.idps);
  });

  test("goes on when one of them fails, and ends with the worst", async () => {
    const broken = SPOKES.replace("groups = []", 'groups = ["Nobody"]');
    const applied = await org2org("apply", broken, ["--yes"]);
    assert.equal(applied.code, USAGE, applied.out + applied.err);
    assert.match(applied.out, /\nacme\.okta\.com: done\nother\.okta\.com: error\[wish-name\]: .*0 groups are named `Nobody`\n$/);
    await access(journal("acme"));
    await assert.rejects(access(journal("other")), "nothing was begun there");

    const silent = await org2org("check", SPOKES, ["--format", "json"], `${here.tokens("acme")}${"0".repeat(42)}\n${here.tokens("hub")}`);
    const [good, bad] = JSON.parse(silent.out).spokes;
    assert.deepEqual([good.exit, bad.exit, silent.code], [DONE, FINDINGS, FINDINGS]);
    assert.equal(bad.error.code, "pair-no-org");
  });

  test("holds the others after a pilot that is not done, when told so", async () => {
    const broken = SPOKES.replace("groups = []", 'groups = ["Nobody"]');
    const applied = await org2org("apply", broken, ["--yes", "--pilots-first"]);
    assert.equal(applied.code, UNKNOWN, applied.out + applied.err);
    assert.match(applied.out, /\nacme\.okta\.com: error\[not-begun\]: not begun: a pilot is not done/);
    assert.equal(await here.writes(), 0);
  });

  test("refuses what makes no sense", async () => {
    const strange = await org2org("plan", SPOKES, ["--source", url("nobody")], "");
    assert.match(strange.err, /`nobody\.okta\.com` is no source of the wish/);
    const none = await org2org("plan", 'groups = ["Sales"]\n', [], "");
    assert.match(none.err, /error\[wish-source\]: the wish names no source, and 0 are given/);
    const kept = await org2org("plan", SPOKES, ["--journal", join(here.folder, "j")]);
    assert.match(kept.err, /error\[journal-of-several\]/);
    for (const { code } of [strange, none, kept]) assert.equal(code, USAGE);
    assert.equal(await here.writes(), 0);
  });
});

describe("the advisor", () => {
  test("tells the smallest rights above the plan, and without any org", async () => {
    const wish = 'groups = ["Sales"]\n[push]\nmethod = "oauth-auto"\ngroups = ["Engineering"]\n';
    const words = ["--source", url("acme")];
    const plan = await org2org("plan", wish, words, here.tokens("acme", "hub"));
    assert.match(plan.out, /^Least privilege: [^]*the service app:\n    role Group Membership Administrator[^]*\nPeople of ACME/);
    const file = await here.file("wish.toml", wish);
    const told = await run(["advise", "--wish", file], "");
    assert.equal(told.code, DONE, told.err);
    const [above] = told.out.split("  an OAuth client in place of a token");
    assert.ok(plan.out.startsWith(above.trimEnd()));
    const { rights, contradictions } = JSON.parse((await run(["advise", "--wish", file, "--format", "json"], "")).out);
    const own = rights.filter(({ holder }) => holder === "service-app").map(({ id }) => id);
    assert.deepEqual(own, ["GROUP_MEMBERSHIP_ADMIN", "USER_ADMIN", "okta.groups.create", "okta.groups.manage", "okta.users.manage"]);
    assert.ok(contradictions.every(({ says: [one, other] }) => one.source !== other.source));
    const bare = await run(["advise", "--wish", await here.file("bare.toml", 'groups = ["Sales"]\n')], "");
    assert.match(bare.out, /Nothing is pushed/);
    const bad = await run(["advise", "--wish", await here.file("bad.toml", '[push]\nmethod = "magic"\n')], "");
    assert.equal(bad.code, USAGE);
    assert.equal(await here.writes(), 0);
  });
});
