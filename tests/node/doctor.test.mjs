// The command `org2org doctor` over orgs of a lab process.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { Lab } from "../browser/lab.mjs";
import { DONE, FINDINGS, UNKNOWN, USAGE, run } from "./command.mjs";
import { Api } from "./orgs.mjs";

const PUSH = 'groups = ["Sales"]\napps = ["Expenses"]\n[push]\nmethod = "oauth-auto"\n';

let lab, folder;
const trash = [];
after(() => Promise.all(trash.map((throwAway) => throwAway())));

beforeEach(async () => {
  const fresh = (lab = await Lab.start());
  trash.push(() => fresh.stop());
  const place = (folder = await mkdtemp(join(tmpdir(), "org2org-")));
  trash.push(() => rm(place, { recursive: true, force: true }));
  await writeFile(join(folder, "lab.pem"), lab.certificate);
});

const token = (org) => lab.org(org).admins[0].token;
const reach = () => ["--connect", `127.0.0.1:${lab.port}`, "--ca", join(folder, "lab.pem")];
const url = (org) => `https://${org}.okta.com`;

function doctor(sources, more = [], tokens = [...sources, "hub"].map(token)) {
  const words = sources.flatMap((org) => ["--source", url(org)]);
  return run(["doctor", ...words, "--target", url("hub"), ...reach(), ...more], `${tokens.join("\n")}\n`);
}

async function setUp(source) {
  const wish = join(folder, `${source}.toml`);
  await writeFile(wish, PUSH);
  const words = ["--wish", wish, "--source", url(source), "--target", url("hub"), "--yes", ...reach()];
  const applied = await run(["apply", ...words], `${token(source)}\n${token("hub")}\n`);
  assert.equal(applied.code, DONE, applied.out + applied.err);
}

const writes = async () => (await lab.requests()).filter(({ method, from }) => method !== "GET" && !from).length;

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

    const hub = new Api(lab, "hub");
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

  test("says unknown of what it may not read", async () => {
    await setUp("acme");
    await lab.fault({ kind: "no_permission", org: "hub", method: "GET", path: "/api/v1/iam" });
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
    await lab.fault({ kind: "no_permission", org: "hub", method: "GET", path: "/api/v1/logs" });
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
