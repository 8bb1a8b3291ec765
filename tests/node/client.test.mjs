// The command `org2org` as an OAuth client of the orgs in place of tokens: what it needs, what it is refused, what is mended on the way.

import assert from "node:assert/strict";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { client, key } from "./clients.mjs";
import { DONE, FINDINGS, UNKNOWN, USAGE, once, posted, run } from "./command.mjs";
import { eachLab, url } from "./pair.mjs";

const here = eachLab();
const { writes } = here;

const FEDERATION = 'groups = ["Sales"]\napps = ["Expenses"]\n';
const PUSH = `${FEDERATION}[push]\nmethod = "oauth-auto"\n`;

const pair = () => ["--source", url("acme"), "--target", url("hub"), ...here.reach()];

/** Writes a wish and gives what a live command takes for it. */
const wish = async (text) => ["--wish", await here.file("wish.toml", text), ...pair()];

/** The scopes that `advise` names for a client on each side. */
async function advised(text, what = "to_apply") {
  const told = await run(["advise", "--wish", await here.file("asked.toml", text), "--format", "json"]);
  assert.equal(told.code, DONE, told.err);
  return JSON.parse(told.out).clients.map((one) => one[what]);
}

/** A client in each org, with what is advised for this wish. */
async function both(text, what, more = {}) {
  const [source, target] = await advised(text, what);
  return [await client(here, "acme", { scopes: source, ...more }), await client(here, "hub", { scopes: target, ...more })];
}

const words = (clients) => clients.flatMap((one) => one.words);

function silent(clients, ...ran) {
  for (const { out, err } of ran) {
    for (const { own } of clients) assert.ok(!(out + err).includes(own.secret.slice(0, 20)), "the private key");
    assert.ok(!/eyJ[\w-]{20}/.test(out + err), "a token or what was signed");
  }
}

const tokens = async () => (await here.lab.requests()).filter(({ path, from }) => path === "/oauth2/v1/token" && !from);
const calls = async () => (await here.lab.requests()).filter(({ method, path, from }) => method !== "GET" && path !== "/oauth2/v1/token" && !from);

/** Does something once a POST to this path has arrived. */
const during = (path, what) => once(here.lab, posted(path), what);

describe("a pair, as OAuth clients with what is advised and no more", () => {
  test("is planned, applied, proven and undone", async () => {
    const clients = await both(FEDERATION);
    const before = await here.lab.dump();
    const all = [...await wish(FEDERATION), ...words(clients)];
    const made = (await calls()).length;
    const plan = await run(["plan", ...all]);
    assert.equal(plan.code, FINDINGS, plan.err);
    assert.equal((await calls()).length, made);
    const asked = await run(["apply", ...all]);
    assert.equal(asked.code, USAGE);
    for (const { id, file } of clients) assert.ok(asked.err.includes(` ${id} ${file}`), asked.err);
    const applied = await run(["apply", ...all, "--yes"]);
    assert.equal(applied.code, DONE, applied.out + applied.err);
    assert.equal((await run(["check", ...all])).code, DONE);
    const read = ["--login", "ada@acme.example.com", ...pair(), ...words(clients)];
    const test = await run(["test-user", ...read]);
    assert.match(test.out, /in-scope/, test.err);
    const undone = await run(["undo", ...all, "--yes"]);
    assert.equal(undone.code, DONE, undone.out + undone.err);
    assert.deepEqual(await here.lab.dump(), before);
    const journal = { out: await readFile(join(here.folder, "wish.journal"), "utf8"), err: "" };
    silent(clients, plan, asked, applied, test, undone, journal);
    const actors = new Set((await here.lab.effects()).filter(({ path }) => path === "/api/v1/idps").map(({ actor }) => actor));
    assert.deepEqual([...actors], [clients[1].id]);
  });

  test("needs each of the scopes that are advised for applying", async () => {
    const [source, target] = await advised(FEDERATION);
    // Each of them is a whole run of its own.
    const some = process.env.ORG2ORG_DEEP ? () => true : (scope) => ["okta.domains.read", "okta.idps.manage"].includes(scope);
    for (const [org, scopes] of [["acme", source], ["hub", target]]) {
      for (const scope of scopes.filter(some)) {
        await here.lab.reset();
        const rest = scopes.filter((one) => one !== scope);
        const one = await client(here, org, { scopes: rest });
        const token = here.tokens(org === "acme" ? "hub" : "acme");
        const ran = await run(["apply", ...await wish(FEDERATION), ...one.words, "--yes"], token);
        assert.notEqual(ran.code, DONE, `${org} without ${scope}: ${ran.out}${ran.err}`);
      }
    }
  });

  test("is planned with scopes that only read, and then not begun", async () => {
    const clients = await both(FEDERATION, "to_check");
    const all = [...await wish(FEDERATION), ...words(clients)];
    const made = (await calls()).length;
    const plan = await run(["plan", ...all]);
    assert.equal(plan.code, FINDINGS, plan.err);
    assert.match(plan.out, /People of ACME/);
    const applied = await run(["apply", ...all, "--yes"]);
    assert.equal(applied.code, FINDINGS);
    assert.match(applied.err, /error\[client-scope\]: https:\/\/acme\.okta\.com: .*okta\.apps\.manage/);
    assert.equal((await calls()).length, made);
  });

  test("reads what it may manage", async () => {
    const clients = await both(FEDERATION);
    assert.equal((await run(["plan", ...await wish(FEDERATION), ...words(clients)])).code, FINDINGS);
  });
});

describe("a client beside a token", () => {
  test("pushes people: the source as a client, the target by a token", async () => {
    const [source] = await advised(PUSH);
    const one = await client(here, "acme", { scopes: source });
    const all = [...await wish(PUSH), ...one.words];
    const applied = await run(["apply", ...all, "--yes"], here.tokens("hub"));
    assert.equal(applied.code, DONE, applied.out + applied.err);
    const people = Object.values((await here.lab.dump()).hub.users).map((user) => user.profile.login);
    assert.ok(people.includes("grace@acme.example.com"), people.join());
    const file = await here.file("hub.token", here.tokens("hub"));
    assert.equal((await run(["check", ...all, "--target-token-file", file], "")).code, DONE);
    const timeline = await run(["timeline", "--login", "grace@acme.example.com", ...pair(), ...one.words], here.tokens("hub"));
    assert.equal(timeline.code, UNKNOWN, "the log of the source may not be read");
    const doctor = await run(["doctor", ...pair(), ...one.words], here.tokens("hub"));
    assert.equal(doctor.code, DONE, doctor.out + doctor.err);
  });

  test("gives no roles and scopes: that is refused before it begins", async () => {
    const clients = await both(PUSH);
    const all = [...await wish(PUSH), ...words(clients)];
    const made = (await calls()).length;
    for (const verb of [["plan"], ["apply", "--yes"]]) {
      const ran = await run([verb[0], ...all, ...verb.slice(1)]);
      assert.equal(ran.code, FINDINGS, ran.out + ran.err);
      assert.match(ran.err, /error\[client-role\]: https:\/\/hub\.okta\.com: only a super admin may do this/);
    }
    assert.equal((await calls()).length, made);
  });
});

describe("on the way", () => {
  test("a token that ends in the middle is renewed, and the org's clock is taken", async () => {
    const clients = await both(FEDERATION);
    const all = [...await wish(FEDERATION), ...words(clients)];
    await here.lab.fault({ kind: { slow: 2_000 }, org: "hub", method: "POST", path: "/api/v1/idps" });
    const applied = await run(["apply", ...all, "--yes"], "", during("/api/v1/idps", () => here.lab.advance(3_700_000)));
    assert.equal(applied.code, DONE, applied.out + applied.err);
    assert.match(applied.err, /its clock and this machine's differ by 37\d\d s; the org's is taken/);
    const idps = Object.values((await here.lab.dump()).hub.idps).filter((idp) => idp.name === "ACME (Org2Org)");
    assert.equal(idps.length, 1);
    silent(clients, applied);
  });

  test("an org whose clock is an hour ahead is followed, and a nonce is given when it is asked for", async () => {
    const clients = await both(FEDERATION);
    await here.lab.advance(3_600_000);
    const plan = await run(["plan", ...await wish(FEDERATION), ...words(clients)]);
    assert.equal(plan.code, FINDINGS, plan.err);
    assert.match(plan.err, /differ by 3[56]\d\d s/);
    const asked = (await tokens()).map(({ status }) => status);
    assert.ok(asked.includes(400) && asked.includes(401) && asked.includes(200), asked.join());
  });

  test("a client that is switched off in the middle stops the run with its reason, and the next goes on", async () => {
    const clients = await both(FEDERATION);
    const all = [...await wish(FEDERATION), ...words(clients)];
    const { Api } = await import("./orgs.mjs");
    const hub = new Api(here.lab, "hub");
    const path = `/api/v1/apps/${clients[1].app.id}/lifecycle`;
    await here.lab.fault({ kind: { slow: 1_000 }, org: "hub", method: "POST", path: "/api/v1/idps" });
    const off = () => hub.ask("POST", `${path}/deactivate`);
    const stopped = await run(["apply", ...all, "--yes"], "", during("/api/v1/idps", off));
    assert.equal(stopped.code, UNKNOWN, stopped.out + stopped.err);
    assert.match(stopped.err, /error\[client-refused\]: https:\/\/hub\.okta\.com, client /);
    await here.lab.clearFaults();
    await hub.ask("POST", `${path}/activate`);
    const rest = await run(["apply", ...all, "--yes"]);
    assert.equal(rest.code, DONE, rest.out + rest.err);
  });
});

describe("keys", () => {
  for (const [kind, form] of [["rsa", "set"], ["rsa", "pkcs8"], ["rsa", "pkcs1"], ["p256", "jwk"], ["p256", "sec1"], ["p384", "jwk"], ["p384", "pkcs8"]]) {
    test(`of the kind ${kind} are read as ${form}`, async () => {
      const [scopes] = await advised(FEDERATION, "to_check");
      const one = await client(here, "acme", { scopes, own: key(kind), form });
      const plan = await run(["plan", ...await wish(FEDERATION), ...one.words], here.tokens("hub"));
      assert.equal(plan.code, FINDINGS, plan.err);
      assert.match(plan.out, /People of ACME/);
    });
  }

  test("that are none, others', or may be read by others are refused", async (t) => {
    const [scopes] = await advised(FEDERATION);
    const one = await client(here, "acme", { scopes });
    const ran = async (text) => {
      await here.file("acme.key", text);
      return run(["plan", ...await wish(FEDERATION), ...one.words], here.tokens("hub"));
    };
    const strange = await ran(key().files.jwk);
    assert.deepEqual([strange.code, /error\[client-refused\].*kid is invalid/.test(strange.err)], [FINDINGS, true], strange.err);
    const other = JSON.parse(key().files.jwk);
    const forged = await ran(JSON.stringify({ ...other, kid: one.own.jwk.kid }));
    assert.match(forged.err, /error\[client-refused\].*signature is invalid/);
    const none = await ran("hello");
    assert.deepEqual([none.code, /error\[client-key\]/.test(none.err)], [USAGE, true]);
    const open = await ran(JSON.stringify(one.own.jwk));
    assert.match(open.err, /error\[client-key\].*the private one is needed/);
    silent([one], strange, forged, none, open);
    if (process.platform === "win32") return t.diagnostic("skipped: files of Windows have no mode");
    await chmod(one.file, 0o644);
    const readable = await run(["plan", ...await wish(FEDERATION), ...one.words], here.tokens("hub"));
    assert.deepEqual([readable.code, /others may read it/.test(readable.err)], [UNKNOWN, true]);
  });
});

describe("what is refused before a key is used", () => {
  test("a client of no org, two of one, no id, and a token file for an org that a client opens", async () => {
    const one = await client(here, "acme", { scopes: ["okta.orgs.read"] });
    const before = (await tokens()).length;
    const file = await here.file("token", here.tokens("acme"));
    for (const more of [
      ["--client", url("other"), one.id, one.file], [...one.words, ...one.words], ["--client", url("acme"), "a b", one.file],
      [...one.words, "--source-token-file", file], ["--client", url("acme"), one.id],
    ]) {
      const ran = await run(["plan", ...await wish(FEDERATION), ...more], here.tokens("hub"));
      assert.equal(ran.code, USAGE, ran.err);
    }
    assert.equal((await tokens()).length, before);
  });

  test("a token that whoever finds it could use", async () => {
    const one = await client(here, "acme", { scopes: ["okta.orgs.read"] });
    await here.lab.answers("acme.okta.com", "/oauth2/v1/token", { token_type: "Bearer", expires_in: 3600, access_token: "x".repeat(40), scope: "okta.orgs.read" });
    const ran = await run(["plan", ...await wish(FEDERATION), ...one.words], here.tokens("hub"));
    assert.match(ran.err, /error\[client-refused\].*no proof goes with it/);
    assert.equal(await writes() > 0, true);
  });
});
