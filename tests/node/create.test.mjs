// `org2org users create`: accounts out of a file, by the API of the lab's hub, with a kill, faults and a second run.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Lab } from "../browser/lab.mjs";
import { DONE, FINDINGS, USAGE, once, run } from "./command.mjs";
import { ADA, Federation } from "./federation.mjs";
import { call } from "./orgs.mjs";

const PEOPLE = 300;
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

let lab, folder, made, group, token;
const trash = [];
after(() => Promise.all(trash.map((throwAway) => throwAway())));

before(async () => {
  lab = await Lab.start();
  trash.push(() => lab.stop());
  folder = await mkdtemp(join(tmpdir(), "org2org-"));
  trash.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "lab.pem"), lab.certificate);
  token = lab.org("hub").admins[0].token;
  made = await Federation.made(lab);
  group = await made.target.ask("POST", "/api/v1/groups", { profile: { name: "From ACME" } });
  // A bucket of which a fifth lets the story end soon; the share is proven in core's tests.
  await lab.options({ rate_limit: 60_000 });
});

const row = (login, first, last) => `${login},${first},${last},${login}`;

async function file(name, rows) {
  const path = join(folder, name);
  await writeFile(path, `login,firstName,lastName,email\n${rows.join("\n")}\n`);
  return path;
}

const create = (path, more = [], during) => run([
  "users", "create", path, "--target", "https://hub.okta.com", "--group", "From ACME",
  "--connect", `127.0.0.1:${lab.port}`, "--ca", join(folder, "lab.pem"), ...more,
], `${token}\n`, during);

const created = (requests) => requests.filter(({ org, method, path }) => org === "hub" && method === "POST" && path === "/api/v1/users");
const creations = async () => created(await lab.requests());
/** All pages of a list of the hub. */
async function paged(path) {
  const { host } = made.target;
  const items = [];
  for (let next = path; next;) {
    const { status, headers, text } = await call(lab, { host, path: next, headers: { accept: "application/json", authorization: `SSWS ${token}` } });
    assert.equal(status, 200, text);
    items.push(...JSON.parse(text));
    const link = String(headers.link ?? "").split(",").find((part) => part.includes('rel="next"'));
    next = link && new URL(/<([^>]*)>/.exec(link)[1]);
    if (next) next = next.pathname + next.search;
  }
  return items;
}

/** Ends the command once so many accounts are there. */
const killedAt = (count) => once(lab, (requests) => created(requests).length >= count, (command) => command.kill("SIGKILL"));

test("without a yes the plan is printed, collisions told, and nothing written", async () => {
  const path = await file("few.csv", [row(ADA, "Ada", "Lovelace"), row("new@acme.example.com", "New", "Comer"), "short,No,Address,nowhere"]);
  const shown = await create(path);
  assert.equal(shown.code, USAGE, shown.out + shown.err);
  assert.match(shown.out, /1 accounts are made, active at once, without a password/);
  assert.match(shown.out, /line 2: an account of this user name exists: ACTIVE/);
  assert.match(shown.out, /line 4: /);
  const id = /add --plan ([0-9a-f]{16})/.exec(shown.err)[1];
  assert.deepEqual(await creations(), []);
  const other = await create(path, ["--plan", "0".repeat(16)]);
  assert.equal(other.code, FINDINGS);
  assert.match(other.err, /error\[run-lapsed\]/);
  assert.deepEqual(await creations(), []);
  const agreed = await create(path, ["--plan", id, "--format", "csv"]);
  assert.equal(agreed.code, FINDINGS, agreed.err);
  const lines = agreed.out.trim().split("\n").map((line) => line.split(",")[2]);
  assert.deepEqual(lines, ["state", "exists", "proven", "left out"]);
});

test("an identity provider that takes no links is named, and the accounts are made all the same", async () => {
  const path = await file("unlinked.csv", [row("unlinked@acme.example.com", "Un", "Linked")]);
  const done = await create(path, ["--yes", "--idp", "Acme"]);
  assert.equal(done.code, DONE, done.err);
  assert.match(done.err, /no links are made to the identity provider Acme: it does not honour persistent NameIDs/);
});

test(`${PEOPLE} people are made once each through a limit, an error after its effect and a kill`, async () => {
  const idp = await made.target.ask("GET", `/api/v1/idps/${made.idp.id}`);
  idp.protocol.settings = { nameFormat: PERSISTENT, honorPersistentNameId: true };
  await made.target.ask("PUT", `/api/v1/idps/${made.idp.id}`, idp);
  const logins = Array.from({ length: PEOPLE }, (_, at) => `person${at}@acme.example.com`);
  const path = await file("people.csv", logins.map((login, at) => row(login, "Person", `Number ${at}`)));
  const before = await creations();
  const hub = { org: "hub", method: "POST", path: "/api/v1/users" };
  await lab.fault({ ...hub, kind: "F6", calls: { nth: 20 } });
  await lab.fault({ ...hub, kind: "F1", calls: { nth: 30 } });
  const words = ["--yes", "--idp", "Acme", "--format", "json"];
  const killed = await create(path, words, killedAt(before.length + 120));
  assert.equal(killed.signal, "SIGKILL", killed.out + killed.err);
  await lab.clearFaults();
  const journal = await readFile(join(folder, "people.journal"), "utf8");
  assert.ok(journal.includes("account@") && !journal.includes("acme.example") && !journal.includes("Person"));
  const rest = await create(path, words);
  assert.equal(rest.code, DONE, rest.out.slice(-2_000) + rest.err);
  const report = JSON.parse(rest.out);
  assert.deepEqual(report.map(({ login, state, link }) => [login, state, link]), logins.map((login) => [login, "proven", "proven"]));
  const state = (await lab.dump()).hub;
  const own = Object.values(state.users).filter(({ profile }) => profile.login.startsWith("person"));
  assert.equal(own.length, PEOPLE);
  for (const { provider, status, password } of own) assert.deepEqual([provider, status, password ?? null], ["FEDERATION", "ACTIVE", null]);
  for (const { id, login } of report) {
    const user = await made.target.ask("GET", `/api/v1/users/${id}`);
    assert.equal(user.profile.login, login);
  }
  const members = new Set((await paged(`/api/v1/groups/${group.id}/users?limit=200`)).map(({ id }) => id));
  const links = new Map((await paged(`/api/v1/idps/${made.idp.id}/users?limit=200`)).map((link) => [link.id, link.externalId]));
  for (const { id, login } of report) assert.deepEqual([members.has(id), links.get(id)], [true, login]);
  const sent = await creations();
  const again = await create(path, words);
  assert.equal(again.code, DONE, again.err);
  assert.equal((await creations()).length, sent.length, "a second run writes nothing");
  const changed = await file("people.csv", logins.slice(1).map((login) => row(login, "Person", "Else")));
  const refused = await create(changed, words);
  assert.equal(refused.code, FINDINGS);
  assert.match(refused.err, /error\[creation-foreign\]/);
});
