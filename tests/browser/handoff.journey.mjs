// Two admins who each have one org alone: a signed file goes to and fro between their panels until both halves are proven.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { DONE, UNKNOWN, run } from "../node/command.mjs";
import { audit, focusOn } from "./access.mjs";
import { MADE, madeIn } from "./oracle.mjs";
import { adminOrigin, allow, looks, Panel, signInAll, writes } from "./panel.mjs";

const ROUNDS = 8;
/** Well above what the panel needs to hear that a page turned up, and to ask its org. */
const SETTLED = 3_000;

const origins = (panel) => panel.page.evaluate(async () => (await chrome.permissions.getAll()).origins);
const stored = (panel) => panel.page.evaluate(() => chrome.storage.local.get());
/** What stands in the storage of a pair. */
const kept = async (panel) => Object.entries(await stored(panel)).filter(([key, text]) => ["half", "pair", "run"].includes(key) && text !== "put away");
const keys = (panel) => panel.page.evaluate(() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("seal", 1);
  opening.onerror = () => reject(opening.error);
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onsuccess = () => {
    const all = opening.result.transaction("keys").objectStore("keys").getAll();
    all.onsuccess = () => resolve(all.result.map((pair) => ({ ...pair, private: pair.privateKey.extractable })));
  };
}).catch(() => []));
const heading = (panel, name) => panel.page.getByRole("heading", { name }).waitFor();

/** One admin: a browser of their own, signed in to one org and allowed to work there and nowhere else. */
class Admin {
  constructor(story, org, tab, panel) {
    Object.assign(this, { story, org, tab, panel, page: panel.page });
  }

  static async at(story, org) {
    const { [org]: tab } = await signInAll(story, org);
    await allow(story, org);
    const admin = new Admin(story, org, tab, await Panel.open(story));
    await admin.alone();
    return admin;
  }

  /** Goes to the forms for somebody who has one org, by way of Pairs. */
  async alone() {
    await this.page.getByRole("link", { name: "Pairs" }).click();
    await Promise.all([this.page.waitForEvent("load"), this.panel.button("Work with the admin of the other org").click()]);
    await this.panel.ready();
    await heading(this.panel, "Work with the admin of the other org");
  }

  async begin(side, source, target) {
    await this.panel.main.getByRole("radio", { name: side }).check();
    await this.page.getByRole("textbox", { name: "Where people sign in" }).fill(source);
    await this.page.getByRole("textbox", { name: "Where the apps are" }).fill(target);
    await this.panel.button("Continue").click();
    await this.panel.button("Show the steps").waitFor();
  }

  choose(text, name = "their.handoff") {
    return this.panel.main.getByLabel("Their file").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  }

  /** Takes a file, the first time with the digits that were heard, and waits until the org was read. */
  async take(text, digits) {
    if (!digits) return this.panel.round(() => this.choose(text));
    await this.choose(text);
    return this.panel.round(() => this.hear(digits));
  }

  /** Shows another page of their console, which the panel hears. */
  async turnUp() {
    await this.tab.reload();
    await this.page.bringToFront();
    await pause(SETTLED);
  }

  async hear(digits) {
    await this.page.getByRole("textbox", { name: /^The digits that/ }).fill(digits);
    await this.panel.button("Take the file").click();
  }

  /** Chooses what is to be connected, and waits until the org was read. */
  async wish(apps) {
    await this.page.getByRole("textbox", { name: "Apps, by their labels" }).fill(apps);
    await this.panel.wish({ groups: ["Sales"] });
    await this.panel.planned();
  }

  /** Writes what the plan says of this half, if it says anything. */
  async apply() {
    const { writes } = await this.panel.planned();
    if (writes === 0) return;
    await this.panel.consent();
    await this.panel.says(/of your half proven; 0 to write$|^Your half is proven/, 90_000);
  }

  /** Makes the file for the other admin: { name, text, digits }. */
  async make() {
    const [file] = await Promise.all([this.page.waitForEvent("download"), this.panel.button(/^Make the file for/).click()]);
    const digits = await this.page.locator("code.digits").textContent();
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8"), digits };
  }

  get card() {
    return this.panel.main.getByRole("region", { name: /^Together with/ });
  }

  async isWhole() {
    const text = await this.card.innerText();
    return /Your half is proven/.test(text) && /, all of it proven\./.test(text);
  }
}

async function bothHalves(story) {
  const { lab } = story;
  const [ada, hal] = [await Admin.at(story, "acme"), await Admin.at(await story.another(), "hub")];
  const hosts = ["acme", "hub"].map((name) => lab.org(name).host);
  await ada.begin("The one where people sign in", ...hosts);
  assert.deepEqual(await origins(ada.panel), [`${adminOrigin(lab, "acme")}/*`], "one org is asked for, and it alone");
  await ada.wish("Expenses\n");
  await ada.apply();
  let [taker, last] = [hal, await ada.make()];
  const heard = new Set();
  let files = 1;
  for (const other = (one) => (one === ada ? hal : ada); files < ROUNDS; files += 1) {
    await taker.take(last.text, heard.has(taker) ? undefined : last.digits);
    heard.add(taker);
    await taker.apply();
    last = await taker.make();
    if (await taker.isWhole()) break;
    taker = other(taker);
  }
  console.log(`  ${files + 1} files`);
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  await looks(story, taker.panel, "handoff-whole");
  // Each asked their own org alone.
  for (const admin of [ada, hal]) {
    const named = await admin.panel.steps();
    assert.ok(named.length > 0);
    assert.deepEqual(await origins(admin.panel), [`${adminOrigin(lab, admin.org)}/*`]);
    const [pair, ...more] = await keys(admin.panel);
    assert.deepEqual([pair.private, more], [false, []], "one key, which the page cannot read");
  }
  // The last word goes to the other, who finds the same.
  const rest = taker === ada ? hal : ada;
  await rest.take(last.text);
  assert.ok(await rest.isWhole(), await rest.card.innerText());

  // Another half beside it: nothing that was told of the one is shown of the other.
  await hal.alone();
  await hal.begin("The one that holds the apps", lab.org("other").host, hosts[1]);
  await hal.page.getByRole("textbox", { name: "Groups", exact: true }).fill("Sales");
  await hal.panel.button("Show the steps").click();
  await hal.panel.planned();
  await hal.card.getByText("nothing is told of it yet").waitFor();
  await hal.page.getByRole("link", { name: "Pairs" }).click();
  await hal.panel.button("Open ACME to HUB").click();
  await hal.panel.planned();
  await hal.card.getByText("Choose it once more").waitFor();
  await hal.alone();
  await hal.panel.main.getByRole("radio", { name: "The one that holds the apps" }).check();
  await hal.page.getByRole("textbox", { name: "Where people sign in" }).fill(lab.org("other").host);
  await hal.page.getByRole("textbox", { name: "Where the apps are" }).fill(hosts[1]);
  await hal.panel.button("Continue").click();
  await hal.panel.notice("These two orgs are kept under Pairs already.");
}

async function refusals(story) {
  const { lab } = story;
  const [ada, hal] = [await Admin.at(story, "acme"), await Admin.at(await story.another(), "hub")];
  const hosts = ["acme", "hub"].map((name) => lab.org(name).host);
  await audit(story, ada.page, "handoff-begin");
  await ada.panel.button("Continue").click();
  await focusOn(ada.page, "hand-source");
  await ada.begin("The one where people sign in", ...hosts);
  await audit(story, ada.page, "handoff-wish");
  await ada.wish("Expenses\nNo such app");
  const first = await ada.make();
  await audit(story, ada.page, "handoff-made");
  assert.equal(first.name, `org2org-for-${hosts[1]}.handoff`);
  const refused = (admin, text) => admin.panel.main.getByRole("alert").filter({ hasText: text }).waitFor();

  await ada.choose(first.text);
  await refused(ada, "The hand-off was made by the admin of the source org.");
  for (const [text, why] of [
    [first.text.replace("Sales", "Salez"), "The hand-off was changed after it was signed."],
    [first.text.replace(/signature [0-9a-f]{4}/, "signature 0000"), "The hand-off was changed after it was signed."],
    [first.text.slice(0, -10), "This is no hand-off file"],
    ["", "This is no hand-off file"],
    ["<script>alert(1)</script>", "This is no hand-off file"],
  ]) {
    await hal.choose(text);
    await refused(hal, why);
  }
  await hal.choose(first.text);
  await heading(hal.panel, /^From the admin of/);
  await audit(story, hal.page, "handoff-read");
  assert.ok(!(await hal.page.content()).includes(first.digits), "the digits are heard, not copied");
  await hal.turnUp();
  await heading(hal.panel, /^From the admin of/);
  assert.deepEqual(await kept(hal.panel), [], "a file is taken by its digits, not because a page turned up");
  await hal.hear("");
  await focusOn(hal.page, "digits");
  await refused(hal, "Type the digits that they read to you.");
  await hal.hear(first.digits.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)));
  await refused(hal, "These are not the digits of the key that signed the file.");
  assert.deepEqual(await kept(hal.panel), [], "nothing is kept of a file that is not taken");
  assert.deepEqual(await lab.effects(), []);

  // A name that his org does not have.
  await hal.hear(first.digits);
  await hal.panel.notice("The file names the app “No such app”, and your org has 0 of that name");
  assert.deepEqual(await kept(hal.panel), []);
  await hal.panel.button("Put it aside").click();
  await hal.turnUp();
  assert.deepEqual(await kept(hal.panel), [], "what was put aside goes on by nothing");
  await ada.panel.sheet("Steps");
  await ada.panel.button("Change what is connected").click();
  await ada.page.getByRole("textbox", { name: "Apps, by their labels" }).fill("Expenses");
  await ada.panel.anew("Show the steps");
  const second = await ada.make();
  await hal.take(second.text, second.digits);
  // She makes one more before his answer comes: neither is in the other's way, but what is older is not taken any more.
  const receipt = await hal.make();
  const third = await ada.make();
  await hal.take(third.text);
  await hal.choose(second.text);
  await refused(hal, "The hand-off is older than one taken before");
  await ada.take(receipt.text, receipt.digits);

  // What she chose since is not replaced unseen.
  const older = await hal.make();
  await ada.panel.sheet("Steps");
  await ada.panel.button("Change what is connected").click();
  await ada.page.getByRole("textbox", { name: "Apps, by their labels" }).fill("");
  await ada.panel.anew("Show the steps");
  await ada.choose(older.text);
  await ada.panel.main.getByText("It wants something else connected than what you chose here.").waitFor();
  assert.equal(await ada.page.getByRole("textbox", { name: /^The digits that/ }).isVisible(), false, "they were heard before");
  await audit(story, ada.page, "handoff-changes");
  await ada.panel.button("Put it aside").click();
  await ada.turnUp();
  assert.ok(!JSON.stringify(await stored(ada.panel)).includes("Expenses"), "hers stands");
  assert.deepEqual(writes((await lab.requests()).filter(({ from }) => !from)), [], "nothing was agreed to");

  // What the other told names people: it is gone with the browser, and the panel says so.
  await hal.page.evaluate(() => chrome.storage.session.clear());
  const text = JSON.stringify(await stored(hal.panel));
  assert.ok(!text.includes("ada@acme.example.com"), "no user name is stored");
  await hal.page.reload();
  await hal.panel.ready();
  await hal.panel.planned();
  await hal.card.getByText("Choose it once more").waitFor();
  await hal.take(third.text);
  assert.equal(await hal.card.getByText("Choose it once more").isVisible(), false);
  await hal.page.reload();
  await hal.panel.ready();
  await hal.panel.planned();
  assert.equal(await hal.card.getByText("Choose it once more").isVisible(), false, "it is at hand until the browser closes");

  // Put away and taken up again, and forgotten with its key.
  await hal.page.getByRole("link", { name: "Pairs" }).click();
  await hal.panel.main.getByText("The other org is another admin's.").waitFor();
  await hal.page.getByRole("link", { name: "Connection" }).click();
  assert.equal((await keys(hal.panel)).length, 1);
  await hal.panel.main.getByText("Forget this pair").first().click();
  await hal.panel.button("Forget…").click();
  await hal.panel.button("Forget, journal included").click();
  await heading(hal.panel, "Connect two Okta orgs");
  assert.deepEqual([await keys(hal.panel), await origins(hal.panel)], [[], []]);
  assert.deepEqual(await hal.page.evaluate(() => chrome.storage.session.get()), {}, "what was told is forgotten too");
}

/** The panel of one admin and the command line of the other. */
async function withCommand(story) {
  const { lab } = story;
  const folder = await mkdtemp(join(tmpdir(), "org2org-"));
  try {
    const ada = await Admin.at(story, "acme");
    await ada.begin("The one where people sign in", lab.org("acme").host, lab.org("hub").host);
    await ada.wish("Expenses");
    await ada.apply();
    const [ca, keep] = [join(folder, "lab.pem"), join(folder, "keep")];
    await writeFile(ca, lab.certificate);
    let sent = await ada.make();
    const digits = sent.digits;
    for (let round = 0; round < ROUNDS; round += 1) {
      const [file, out] = [join(folder, `to-hub-${round}`), join(folder, `to-acme-${round}`)];
      await writeFile(file, sent.text);
      const trust = round === 0 ? ["--trust", digits] : [];
      const words = ["handoff", "apply", file, "--yes", ...trust, "--keep", keep, "--out", out, "--connect", `127.0.0.1:${lab.port}`, "--ca", ca, "--format", "json"];
      const ran = await run(words, `${lab.org("hub").admins[0].token}\n`);
      assert.ok([DONE, UNKNOWN].includes(ran.code), ran.err);
      await ada.take(await readFile(out, "utf8"), round === 0 ? JSON.parse(ran.out).digits : undefined);
      await ada.apply();
      if (ran.code === DONE && (await ada.isWhole())) break;
      sent = await ada.make();
    }
    assert.ok(await ada.isWhole(), await ada.card.innerText());
    assert.deepEqual(madeIn(await lab.effects()), MADE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const stories = [
  { name: "two admins with one org each prove both halves, file by file", everywhere: "deep", timeout: 300_000, run: bothHalves },
  { name: "a changed, foreign, stale or own file is refused, and a half comes back or is forgotten whole", timeout: 300_000, run: refusals },
  { name: "the panel of one admin and the command line of the other", timeout: 240_000, run: withCommand },
];
