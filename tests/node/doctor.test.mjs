// The command `org2org doctor` over orgs of a lab process.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { DONE, FINDINGS, UNKNOWN, USAGE, run } from "./command.mjs";
import { Api } from "./orgs.mjs";
import { eachLab, url } from "./pair.mjs";

const PUSH = 'groups = ["Sales"]\napps = ["Expenses"]\n[push]\nmethod = "oauth-auto"\n';

const here = eachLab();

const token = (org) => here.lab.org(org).admins[0].token;
const { reach } = here;

function doctor(sources, more = [], tokens = [...sources, "hub"].map(token)) {
  const words = sources.flatMap((org) => ["--source", url(org)]);
  return run(["doctor", ...words, "--target", url("hub"), ...reach(), ...more], `${tokens.join("\n")}\n`);
}

async function setUp(source) {
  const wish = join(here.folder, `${source}.toml`);
  await writeFile(wish, PUSH);
  const words = ["--wish", wish, "--source", url(source), "--target", url("hub"), "--yes", ...reach()];
  const applied = await run(["apply", ...words], `${token(source)}\n${token("hub")}\n`);
  assert.equal(applied.code, DONE, applied.out + applied.err);
}

const { writes } = here;

describe("the doctor, from the command line", () => {
  test("leaves a sound pair alone, then finds what somebody changed", async () => {
    await setUp("acme");
    const sent = await writes();
    const sound = await doctor(["acme"]);
    assert.equal(sound.code, DONE, sound.out + sound.err);
    assert.match(sound.out, /^acme\.okta\.com -> hub\.okta\.com\n0 findings, 0 unknown/);
    const reads = Number(/(\d+) reads: \d+ in the source, \d+ in the target; most of a limit used: /.exec(sound.out)[1]);
    assert.ok(reads <= 25, sound.out);
    console.log(`one spoke: ${reads} reads`);
    assert.equal(await writes(), sent);

    const hub = new Api(here.lab, "hub");
    const [idp] = (await hub.ask("GET", "/api/v1/idps?q=ACME")).filter(({ name }) => name === "ACME (Org2Org)");
    idp.policy.accountLink.filter.users.excludeAdmins = false;
    await hub.ask("PUT", `/api/v1/idps/${idp.id}`, idp);
    const ill = await doctor(["acme"]);
    assert.equal(ill.code, FINDINGS, ill.out + ill.err);
    assert.match(ill.out, /\[critical\] Admins of the target can be linked \(account linking, link-admins\)/);
    assert.match(ill.out, /seen: false \(GET \/api\/v1\/idps 0oa\w{17} `\/\d\/policy\/accountLink\/filter\/users\/excludeAdmins`, in the target\)/);
    assert.match(ill.out, /remedy: Turn Exclude admins on/);
    const json = JSON.parse((await doctor(["acme"], ["--format", "json"])).out);
    assert.equal(json.findings, 1);
    assert.ok(json.rules.length > 100);
    assert.equal(json.rules.find(({ id }) => id === "link-admins").outcome, "finding");
    assert.match((await doctor(["acme"], ["--format", "markdown"])).out, /\n## Admins of the target can be linked\n/);
  });

  test("tells several spokes of one hub apart, and goes on when one does not answer", async () => {
    await setUp("acme");
    const both = await doctor(["acme", "other"], ["--format", "json"]);
    assert.equal(both.code, FINDINGS, both.err);
    const { matrix, shared, spokes } = JSON.parse(both.out);
    assert.deepEqual(matrix.map(({ source }) => source), ["acme.okta.com", "other.okta.com"]);
    assert.equal(matrix[0].families.federation, "ok");
    assert.equal(matrix[1].families.pair, "high");
    assert.deepEqual(shared, []);
    assert.ok(spokes[1].calls.target < spokes[0].calls.target, "the hub is read once");
    const half = await doctor(["acme", "other"], [], [token("acme"), "0".repeat(42), token("hub")]);
    assert.equal(half.code, UNKNOWN);
    assert.match(half.err, /error\[pair-no-org\]/);
    assert.match(half.out, /acme\.okta\.com -> hub\.okta\.com\n0 findings/);
  });

  test("judges by a wish, and names for each finding the rows or the person that mends it", async () => {
    await setUp("acme");
    const wish = join(here.folder, "acme.toml");
    const byWish = (more = []) => doctor(["acme"], ["--wish", wish, ...more]);
    const sent = await writes();
    const sound = await byWish();
    assert.equal(sound.code, DONE, sound.out + sound.err);
    assert.match(sound.out, /\nLeast privilege: [^]*\nBy the wish, rows that are not as asked: 0\n/);
    assert.equal(await writes(), sent);

    const hub = new Api(here.lab, "hub");
    const client = (await hub.ask("GET", "/api/v1/apps?q=Org2Org")).find(({ name }) => name === "oidc_client");
    const grants = await hub.ask("GET", `/api/v1/apps/${client.id}/grants`);
    await hub.ask("DELETE", `/api/v1/apps/${client.id}/grants/${grants.find(({ scopeId }) => scopeId === "okta.groups.manage").id}`);
    const [idp] = (await hub.ask("GET", "/api/v1/idps?q=ACME")).filter(({ name }) => name === "ACME (Org2Org)");
    idp.policy.accountLink.filter.users.excludeAdmins = false;
    await hub.ask("PUT", `/api/v1/idps/${idp.id}`, idp);
    await writeFile(wish, PUSH.replace("[push]", "[push]\ndeactivate = true"));
    const ill = await byWish(["--plan"]);
    assert.equal(ill.code, FINDINGS, ill.out + ill.err);
    assert.match(ill.out, /  groups-scope-missing: .*\n    mended by service-scope\/okta\.groups\.manage: org2org plan --wish \S+ --source https:\/\/acme\.okta\.com --target https:\/\/hub\.okta\.com\n/);
    assert.match(ill.out, /  link-admins: .*\n    by hand, in hub\.okta\.com: Turn Exclude admins on/);
    assert.match(ill.out, /\(provisioning\)[^\n]*\n    mended by deactivate-users: /);
    assert.match(ill.out, /\nHUB · Grant the service app the scope: okta\.groups\.manage\n[^]*\nplan [0-9a-f]{64}\n/);
    const { wish: told } = JSON.parse((await byWish(["--format", "json"])).out);
    assert.match(told.command, /^org2org plan --wish /);
    assert.deepEqual(told.findings.find(({ id }) => id === "link-admins").mend.by, "person");

    const words = ["--wish", wish, "--source", url("acme"), "--target", url("hub"), "--yes", ...reach()];
    await run(["apply", ...words], `${token("acme")}\n${token("hub")}\n`);
    idp.policy.accountLink.filter.users.excludeAdmins = true;
    await hub.ask("PUT", `/api/v1/idps/${idp.id}`, idp);
    const wanted = await byWish();
    assert.match(wanted.out, /  unassigning-deactivates: .*\n    as wished: push\.deactivate = true\n/);
    assert.equal(wanted.code, DONE, wanted.out + wanted.err);
    assert.equal((await doctor(["acme"])).code, FINDINGS, "without the wish nobody knows that it is meant");
    assert.equal((await doctor(["acme"], ["--plan"])).code, USAGE);
  });

  test("says unknown of what it may not read", async () => {
    await setUp("acme");
    await here.lab.fault({ kind: "no_permission", org: "hub", method: "GET", path: "/api/v1/iam" });
    const ran = await doctor(["acme"]);
    assert.equal(ran.code, UNKNOWN, ran.out + ran.err);
    assert.match(ran.out, /\[unknown\] A pushed person is an admin of the target/);
  });

  test("follows one person, and names the stage at which the way ends", async () => {
    await setUp("acme");
    const words = ["test-user", "--source", url("acme"), "--target", url("hub"), ...reach()];
    const follow = (login, more = []) => run([...words, "--login", login, ...more], `${token("acme")}\n${token("hub")}\n`);
    const sent = await writes();
    const grace = await follow("grace@acme.example.com");
    assert.equal(grace.code, DONE, grace.out + grace.err);
    assert.match(grace.out, /^(passed {3}[a-z-]+: .*\n){5}\nNothing was written\./);
    assert.equal((await follow("alan@acme.example.com")).code, FINDINGS);
    const alan = JSON.parse((await follow("alan@acme.example.com", ["--format", "json"])).out);
    assert.deepEqual(alan.stages.map(({ stage, how }) => `${stage} ${how}`), [
      "connection passed", "in-scope failed", "match skipped", "action skipped", "result skipped",
    ]);
    assert.equal(await writes(), sent);
  });

  test("tells on one axis what both logs say of one person", async () => {
    await setUp("acme");
    const words = ["timeline", "--source", url("acme"), "--target", url("hub"), ...reach()];
    const tell = (more) => run([...words, ...more], `${token("acme")}\n${token("hub")}\n`);
    const sent = await writes();
    const grace = await tell(["--login", "grace@acme.example.com"]);
    assert.equal(grace.code, DONE, grace.out + grace.err);
    assert.match(grace.out, /^acme\.okta\.com -> hub\.okta\.com, from .*; joined by externalId and time\n/);
    const told = JSON.parse((await tell(["--login", "grace@acme.example.com", "--format", "json"])).out);
    const made = told.events.find(({ org, type }) => org === "target" && type === "user.lifecycle.create");
    assert.equal(told.events[made.asked_by].type, "application.provision.user.push");
    assert.equal(made.raw.target[0].alternateId, "grace@acme.example.com");
    assert.equal((await tell(["--login", "nobody@acme.example.com"])).code, FINDINGS);
    assert.equal((await tell([])).code, USAGE);
    assert.equal((await tell(["--login", "grace@acme.example.com", "--days", "91"])).code, USAGE);
    await here.lab.fault({ kind: "no_permission", org: "hub", method: "GET", path: "/api/v1/logs" });
    const half = await tell(["--login", "grace@acme.example.com"]);
    assert.equal(half.code, UNKNOWN, half.out + half.err);
    assert.match(half.out, /\nunknown  in the target: GET \/api\/v1\/logs/);
    assert.equal(await writes(), sent);
  });

  test("refuses a source given twice, and a target that is the source", async () => {
    assert.equal((await doctor(["acme", "acme"])).code, USAGE);
    assert.match((await doctor(["hub"])).err, /error\[pair-same-org\]/);
  });
});
