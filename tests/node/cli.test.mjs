// The command `org2org` over two orgs of a lab process: plan, apply, check, undo, and what it refuses.

import assert from "node:assert/strict";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { DONE, FINDINGS, UNKNOWN, USAGE, once, posted, run } from "./command.mjs";
import { eachLab } from "./pair.mjs";

const here = eachLab();
let tokens;
beforeEach(() => { tokens = here.tokens("acme", "hub").trim().split("\n"); });

/** Writes a wish and gives what a live command takes for it. */
async function wish(text) {
  const file = join(here.folder, "wish.toml");
  await writeFile(file, text);
  return [
    "--wish", file, "--source", "https://acme.okta.com", "--target", "https://hub.okta.com",
    "--connect", `127.0.0.1:${here.lab.port}`, "--ca", join(here.folder, "lab.pem"),
  ];
}

const org2org = (words, input = `${tokens[0]}\n${tokens[1]}\n`, during) => run(words, input, during);

/** Sends a signal when a POST to this path has arrived. */
const during = (path, signal) => once(here.lab, posted(path), (command) => command.kill(signal));

const { writes } = here;

const FEDERATION = 'groups = ["Sales"]\napps = ["Expenses"]\n';
const PUSH = `${FEDERATION}[push]\nmethod = "oauth-auto"\n`;

describe("a pair, from the command line", () => {
  test("is planned, applied, proven and undone", async () => {
    const before = await here.lab.dump();
    const words = await wish(FEDERATION);
    const plan = await org2org(["plan", ...words]);
    assert.equal(plan.code, FINDINGS, plan.err);
    assert.match(plan.out, /People of ACME \(acme\.okta\.com\) will sign in to HUB/);
    assert.equal(await writes(), 0);
    const applied = await org2org(["apply", ...words, "--yes"]);
    assert.equal(applied.code, DONE, applied.out + applied.err);
    const again = await org2org(["plan", ...words, "--format", "json"]);
    assert.deepEqual([again.code, JSON.parse(again.out).items], [DONE, []]);
    const sent = await writes();
    assert.equal((await org2org(["check", ...words])).code, DONE);
    assert.equal((await org2org(["apply", ...words, "--yes"])).code, DONE);
    assert.equal(await writes(), sent);
    const undone = await org2org(["undo", ...words, "--yes"]);
    assert.equal(undone.code, DONE, undone.out + undone.err);
    assert.deepEqual(await here.lab.dump(), before);
  });

  test("pushes people with keys that rotate by themselves", async () => {
    const words = await wish(PUSH);
    const applied = await org2org(["apply", ...words, "--yes"]);
    assert.equal(applied.code, DONE, applied.out + applied.err);
    const people = Object.values((await here.lab.dump()).hub.users).map((user) => user.profile.login);
    assert.ok(people.includes("grace@acme.example.com"), people.join());
    assert.equal((await org2org(["plan", ...words])).code, DONE);
  });

  test("is not written without a yes, and only with the plan that was shown", async () => {
    const words = await wish(FEDERATION);
    const shown = await org2org(["apply", ...words]);
    assert.equal(shown.code, USAGE);
    assert.match(shown.err, /Nothing was written\. To agree to this plan: org2org apply /);
    const other = await org2org(["apply", ...words, "--plan", "0".repeat(64)]);
    assert.equal(other.code, FINDINGS);
    assert.match(other.err, /error\[run-lapsed\]/);
    assert.equal(await writes(), 0);
    const id = /--plan ([0-9a-f]{64})/.exec(shown.err)[1];
    assert.equal((await org2org(["apply", ...words, "--plan", id])).code, DONE);
  });

  test("goes on where a killed run stopped, and doubles nothing", async () => {
    const words = await wish(FEDERATION);
    await here.lab.fault({ kind: { slow: 3_000 }, org: "hub", method: "POST", path: "/api/v1/idps" });
    const killed = await org2org(["apply", ...words, "--yes"], undefined, during("/api/v1/idps", "SIGKILL"));
    assert.equal(killed.signal, "SIGKILL");
    await here.lab.clearFaults();
    const rest = await org2org(["apply", ...words, "--yes"]);
    assert.equal(rest.code, DONE, rest.out + rest.err);
    const idps = Object.values((await here.lab.dump()).hub.idps).filter((idp) => idp.name === "ACME (Org2Org)");
    assert.equal(idps.length, 1);
  });
});

describe("Ctrl-C", () => {
  test("stops between two calls, records what was on its way, and the next run goes on", async () => {
    const words = await wish(FEDERATION);
    await here.lab.fault({ kind: { slow: 2_000 }, org: "hub", method: "POST", path: "/api/v1/idps" });
    const stopped = await org2org(["apply", ...words, "--yes"], undefined, during("/api/v1/idps", "SIGINT"));
    assert.equal(stopped.code, UNKNOWN, stopped.out + stopped.err);
    assert.match(stopped.err, /^Stopping: [^]*error\[stopped\]: /m);
    await here.lab.clearFaults();
    const sent = await writes();
    const journal = await readFile(join(here.folder, "wish.journal"), "utf8");
    const made = Object.keys((await here.lab.dump()).hub.idps).find((id) => journal.includes(id));
    assert.ok(made, "the answer that was on its way is in the journal");
    const rest = await org2org(["apply", ...words, "--yes"]);
    assert.equal(rest.code, DONE, rest.out + rest.err);
    assert.ok(await writes() > sent);
    assert.equal(Object.values((await here.lab.dump()).hub.idps).filter(({ name }) => name === "ACME (Org2Org)").length, 1);
  });
});

describe("what the command refuses", () => {
  test("source and target the same", async () => {
    const words = await wish(FEDERATION);
    words[words.indexOf("https://hub.okta.com")] = "https://acme.okta.com";
    const ran = await org2org(["plan", ...words], `${tokens[0]}\n${tokens[0]}\n`);
    assert.equal(ran.code, FINDINGS);
    assert.match(ran.err, /error\[pair-same-org\]/);
  });

  test("hosts that are none of Okta's, before a token is sent", async () => {
    const words = await wish(FEDERATION);
    words[words.indexOf("https://hub.okta.com")] = "https://hub.okta.com.example.org";
    const ran = await org2org(["plan", ...words]);
    assert.equal(ran.code, FINDINGS);
    assert.equal((await here.lab.requests()).length, 0);
  });

  test("a token that others may read, one that is none, and one that the org does not know", async (t) => {
    const words = await wish(FEDERATION);
    const files = await Promise.all(["source", "target"].map(async (side, at) => {
      const file = join(here.folder, side);
      await writeFile(file, tokens[at], { mode: 0o600 });
      return file;
    }));
    const byFile = [...words, "--source-token-file", files[0], "--target-token-file", files[1]];
    assert.equal((await org2org(["plan", ...byFile], "")).code, FINDINGS);
    if (process.platform === "win32") t.diagnostic("skipped: files of Windows have no mode");
    else {
      await chmod(files[1], 0o644);
      const open = await org2org(["plan", ...byFile], "");
      assert.equal(open.code, UNKNOWN);
      assert.match(open.err, /others may read it/);
    }
    const none = await org2org(["plan", ...words], "hello\nworld\n");
    assert.equal(none.code, USAGE);
    const unknown = await org2org(["plan", ...words], `${"0".repeat(42)}\n${tokens[1]}\n`);
    assert.match(unknown.err, /error\[pair-no-org\].*E0000011/);
    for (const { out, err } of [none, unknown]) assert.ok(!tokens.some((token) => (out + err).includes(token)));
  });

  test("a wish with a member it does not know, and a name that is not there", async () => {
    const odd = await org2org(["plan", ...await wish('groups = ["Sales"]\nsuper_admin = true\n')]);
    assert.equal(odd.code, USAGE);
    assert.match(odd.err, /unknown field `super_admin`/);
    const nobody = await org2org(["plan", ...await wish('groups = ["Nobody"]\n')]);
    assert.equal(nobody.code, USAGE);
    assert.match(nobody.err, /0 groups are named `Nobody`/);
    const token = await org2org(["plan", ...await wish(`${tokens[0]}\n`)]);
    assert.equal(token.code, USAGE);
    assert.match(token.err, /wish\.toml, line 1, column 43: .* it reads `\[masked\]`/);
    assert.ok(!token.err.includes(tokens[0]), "the file of a token, given by mistake");
  });

  test("to keep a token anywhere", async () => {
    const words = await wish(FEDERATION);
    const ran = await org2org(["apply", ...words, "--yes"]);
    const journal = await readFile(join(here.folder, "wish.journal"), "utf8");
    assert.ok(journal.includes("org2org-app"));
    for (const token of tokens) assert.ok(!(journal + ran.out + ran.err).includes(token));
  });
});
