// Two people who each have only one org: a signed file goes to and fro until both halves are proven.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { Lab } from "../browser/lab.mjs";
import { DONE, FINDINGS, UNKNOWN, USAGE, run } from "./command.mjs";

const ROUNDS = 8;
let lab, ada, hal;
const trash = [];
after(() => Promise.all(trash.map((throwAway) => throwAway())));

/** One admin: a folder and the token of one org, nothing else. */
class Admin {
  constructor(folder, org) {
    Object.assign(this, { folder, org, token: lab.org(org).admins[0].token, files: 0 });
  }

  reach() {
    return ["--connect", `127.0.0.1:${lab.port}`, "--ca", join(this.folder, "lab.pem"), "--keep", join(this.folder, "keep")];
  }

  async make(wish, side) {
    const file = join(this.folder, "wish.toml");
    await writeFile(file, wish);
    const orgs = ["--source", "https://acme.okta.com", "--target", "https://hub.okta.com"];
    return this.#written(["make", "--wish", file, "--side", side, ...orgs]);
  }

  apply(file, ...words) {
    return this.#written(["apply", file, "--yes", ...words]);
  }

  async #written(words) {
    const out = join(this.folder, `out-${(this.files += 1)}.handoff`);
    const ran = await run(["handoff", ...words, ...this.reach(), "--out", out, "--format", "json"], `${this.token}\n`);
    return { ...ran, file: out, said: ran.out.startsWith("{") ? JSON.parse(ran.out) : {} };
  }
}

async function admin(org) {
  const folder = await mkdtemp(join(tmpdir(), "org2org-"));
  trash.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "lab.pem"), lab.certificate);
  return new Admin(folder, org);
}

const check = async (file) => JSON.parse((await run(["handoff", "check", file, "--format", "json"], "")).out);

beforeEach(async () => {
  const fresh = (lab = await Lab.start());
  trash.push(() => fresh.stop());
  [ada, hal] = [await admin("acme"), await admin("hub")];
});

/** Hands files to and fro until both are done; gives every file. */
async function between(wish, first = ada, second = hal, side = "source") {
  const files = [];
  let last = await first.make(wish, side);
  for (let round = 0; round < ROUNDS; round += 1) {
    assert.ok([DONE, FINDINGS, UNKNOWN].includes(last.code), last.err);
    files.push(last.file);
    const taker = round % 2 === 0 ? second : first;
    const { digits } = await check(last.file);
    const trust = round < 2 ? ["--trust", digits] : [];
    const before = last.code;
    last = await taker.apply(last.file, ...trust);
    if (before === DONE && last.code === DONE) return [...files, last.file];
  }
  const open = last.said.timeline?.procedures.flatMap((one) => one.steps).filter((step) => step.state !== "met");
  return assert.fail(`not proven after ${ROUNDS} files: ${open?.map((step) => `${step.key} ${step.state} ${step.detail}`).join("\n")}${last.err}`);
}

describe("a link between two people who each have one org", () => {
  for (const [name, wish] of [
    ["SAML and a bookmark", 'groups = ["Sales"]\napps = ["Expenses"]\n'],
    ["people pushed by OAuth", 'groups = ["Sales"]\napps = ["Expenses"]\n[push]\nmethod = "oauth-auto"\n'],
  ]) {
    test(`is proven on both halves: ${name}`, async () => {
      const files = await between(wish);
      console.log(`  ${name}: ${files.length} files`);
      assert.equal((await check(files.at(-1))).half_proven, true);
      assert.equal((await check(files.at(-2))).half_proven, true);
      for (const file of files) {
        const text = await readFile(file, "utf8");
        for (const { token } of [ada, hal]) assert.ok(!text.includes(token), "a token is in the file");
        assert.equal((await stat(file)).mode & 0o077, 0);
      }
      // Somebody who has both orgs finds nothing left to do.
      const wishFile = join(ada.folder, "wish.toml");
      const orgs = ["--source", "https://acme.okta.com", "--target", "https://hub.okta.com"];
      const reach = ["--connect", `127.0.0.1:${lab.port}`, "--ca", join(ada.folder, "lab.pem")];
      const both = await run(["check", "--wish", wishFile, ...orgs, ...reach], `${ada.token}\n${hal.token}\n`);
      assert.equal(both.code, DONE, both.out + both.err);
    });
  }

  test("shows whose word each value is, and leaves what is not told unknown", async () => {
    const made = await ada.make('groups = ["Sales"]\napps = ["Expenses"]\n', "source");
    assert.equal(made.code, UNKNOWN, made.err);
    assert.match(made.said.timeline.status, /^\d+ of \d+ steps of your half proven; \d+ to write$/);
    const steps = made.said.timeline.procedures.flatMap((one) => one.steps);
    for (const step of steps.filter((one) => one.side === "target")) assert.equal(step.state, "unknown", step.key);
    assert.equal((await lab.requests()).filter((request) => request.host?.startsWith("hub")).length, 0);
  });

  test("refuses a changed, foreign, stale or own file and writes nothing", async () => {
    const made = await ada.make('groups = ["Sales"]\n', "source");
    const text = await readFile(made.file, "utf8");
    const { digits } = await check(made.file);
    const changed = join(hal.folder, "changed.handoff");
    await writeFile(changed, text.replace("Sales", "Salez"));
    const writes = async () => (await lab.requests()).filter((one) => one.method !== "GET" && !one.from).length;
    const before = await writes();
    const told = async (ran, code) => assert.match((await ran).err, new RegExp(`error\\[${code}\\]`));
    await told(hal.apply(changed, "--trust", digits), "handoff-changed");
    await told(hal.apply(made.file), "handoff-stranger");
    await told(hal.apply(made.file, "--trust", "12345"), "handoff-stranger");
    await told(ada.apply(made.file, "--trust", digits), "handoff-own");
    const first = await hal.apply(made.file, "--trust", digits);
    // One more is made before the answer comes: neither is in the other's way, but what is older is not taken any more.
    const again = await ada.make('groups = ["Sales"]\n', "source");
    const second = await hal.apply(again.file);
    assert.equal(second.code, UNKNOWN, second.err);
    await told(hal.apply(made.file), "handoff-stale");
    const trust = ["--trust", (await check(second.file)).digits];
    assert.ok([DONE, UNKNOWN].includes((await ada.apply(second.file, ...trust)).code));
    await told(ada.apply(first.file), "handoff-stale");
    assert.equal(before, 0);
    const usage = await run(["handoff", "apply", made.file], "");
    assert.equal(usage.code, USAGE);
  });
});
