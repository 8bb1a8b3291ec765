// Several pairs in one panel: each is put away whole while another is worked on, and comes back as it was.

import assert from "node:assert/strict";
import { audit, focusOn, Keyboard } from "./access.mjs";
import { connected, hold, MADE, madeIn } from "./oracle.mjs";
import { adminOrigin, allow, looks, Panel, signInAll } from "./panel.mjs";
import { saved } from "./saved.mjs";

const AWAY = "put away";

const pairs = (panel) => panel.page.getByRole("heading", { name: "Pairs", exact: true });
const card = (panel, name) => panel.main.getByRole("region", { name, exact: true });
const refusal = (panel, text) => panel.main.getByRole("alert").filter({ hasText: text }).waitFor();
const all = (panel) => panel.page.evaluate(() => chrome.storage.local.get());
const origins = (panel) => panel.page.evaluate(async () => (await chrome.permissions.getAll()).origins.sort());
const consoles = (lab, ...names) => names.map((name) => `${adminOrigin(lab, name)}/*`).sort();

/** What is stored of the pair at hand: the texts alone, of a pair that has them all. */
async function atHand(panel) {
  const { pair, run, mark, next } = await all(panel);
  return Object.fromEntries(Object.entries({ pair, run, mark, next }).filter(([, text]) => text !== undefined && text !== AWAY));
}

const putAway = async (panel) => JSON.parse((await all(panel)).shelf);

async function open(panel) {
  await panel.page.getByRole("link", { name: "Pairs" }).click();
  await pairs(panel).waitFor();
}

/** Puts the pair at hand away for two other orgs. */
async function another(panel) {
  await open(panel);
  await panel.button("Connect another pair").click();
  await panel.page.getByRole("heading", { name: "Connect two Okta orgs" }).waitFor();
}

/** A second spoke of the same hub is signed in to and may be worked in. */
async function secondSpoke(story) {
  await signInAll(story, "other");
  await allow(story, "other");
}

async function sideBySide(story) {
  const { lab } = story;
  const { panel } = await connected(story);
  const { page } = panel;
  await panel.consent();
  await panel.proven();
  const first = await atHand(panel);
  await open(panel);
  await card(panel, "ACME to HUB, open now").getByText(/^\d+ changes made, each proven\.$/).waitFor();
  await another(panel);
  assert.deepEqual(await putAway(panel), [first], "the very texts are put away");
  assert.deepEqual(await atHand(panel), {});

  await secondSpoke(story);
  await panel.pair(lab.org("other").host, lab.org("hub").host);
  assert.deepEqual(await origins(panel), consoles(lab, "acme", "hub", "other"), "a pair that is put away keeps its permission");
  await panel.wish({ apps: ["Expenses"], groups: ["Everyone"] });
  const { writes } = await panel.planned();
  assert.ok(writes > 0);
  const second = await atHand(panel);
  assert.ok(second.run.includes(lab.org("other").host) && !second.run.includes(lab.org("acme").host));
  assert.deepEqual(await putAway(panel), [first], "the run of one pair changes nothing of another");
  await open(panel);
  await card(panel, "Other to HUB, open now").getByText("Nothing was written yet.").waitFor();
  await looks(story, panel, "pairs");

  await panel.button("Open ACME to HUB").click();
  await panel.proven();
  const { next: _, ...back } = await atHand(panel);
  const { next: __, ...was } = first;
  assert.deepEqual(back, was, "byte by byte");
  assert.deepEqual(await putAway(panel), [second]);
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  const effects = (await lab.effects()).length;
  await panel.planUndo();
  await panel.agree();
  await panel.planned();
  assert.ok((await lab.effects()).length > effects, "undo rests on a journal that was put away and came back");
  await open(panel);
  await card(panel, "ACME to HUB, open now").getByText("Everything it made was taken back.").waitFor();

  // The same two orgs paired once more are the pair that is kept, with its run.
  await another(panel);
  await page.bringToFront();
  await panel.choose(lab.org("other").host, lab.org("hub").host);
  assert.equal((await panel.planned()).writes, writes);
  const { next: ___, ...again } = second;
  const { next: ____, ...opened } = await atHand(panel);
  assert.deepEqual(opened, again);
  assert.equal((await putAway(panel)).length, 1);
}

async function refused(story) {
  const { lab } = story;
  const stale = await Panel.open(story);
  const { panel } = await connected(story);
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.page.bringToFront();
  await panel.consent();
  await sent();
  await open(panel);
  await panel.button("Connect another pair").click();
  await refusal(panel, "The pair at hand is being read or written under Connection");
  assert.equal((await all(panel)).shelf, undefined, "nothing was moved");
  await lab.clearFaults();
  await panel.page.getByRole("link", { name: "Connection" }).click();
  await panel.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  const before = await all(panel);

  const second = await Panel.open(story);
  await second.page.getByRole("heading", { name: "Another window works on this pair" }).waitFor();
  await open(second);
  await second.button("Connect another pair").click();
  await refusal(second, "Another window has a panel open on a pair.");
  assert.deepEqual(await all(second), before);
  await panel.page.close();
  await another(second);
  await secondSpoke(story);
  await second.page.bringToFront();
  await second.pair(lab.org("other").host, lab.org("hub").host);
  const kept = await all(second);

  // A window that was open before any of this takes nothing from either pair.
  await stale.page.bringToFront();
  await stale.choose(lab.org("acme").host, lab.org("other").host);
  await stale.page.getByRole("heading", { name: "Another window works on this pair" }).waitFor();
  assert.deepEqual(await all(stale), kept);
}

async function damaged(story) {
  const { panel } = await Panel.paired(story);
  const { page } = panel;
  const set = (shelf) => page.evaluate((shelf) => chrome.storage.local.set({ shelf }), shelf);
  const before = await atHand(panel);
  for (const shelf of ["{", "{}", "[{\"pair\":"]) {
    await set(shelf);
    await page.reload();
    await panel.ready();
    await open(panel);
    const alert = panel.main.getByRole("alert").filter({ hasText: "What was put away cannot be read" });
    await alert.waitFor();
    await panel.button("Connect another pair").click();
    await refusal(panel, "Nothing was moved.");
    assert.deepEqual([(await all(panel)).shelf, await atHand(panel)], [shelf, before], "nothing is lost");
    assert.deepEqual(await saved(page, "Save it as a file"), { name: "org2org-pairs.json", text: shelf });
  }
  await audit(story, page, "pairs-damaged");
  await panel.button("Forget what was put away…").click();
  await panel.button("Forget it, journals included").click();
  await page.getByRole("status").filter({ hasText: "Forgotten." }).waitFor();
  assert.deepEqual([await putAway(panel), await atHand(panel)], [[], before], "the pair at hand stays");
  await another(panel);
  assert.deepEqual(await putAway(panel), [before]);
}

async function oneIsDamaged(story) {
  const { panel } = await Panel.paired(story);
  const { page } = panel;
  await another(panel);
  const [good] = await putAway(panel);
  const odd = [1, { pair: 2 }, { run: "{", mark: "0 " }];
  const shelf = JSON.stringify([...odd, good]);
  await page.evaluate((shelf) => chrome.storage.local.set({ shelf }), shelf);
  await open(panel);
  assert.equal(await card(panel, "the pair that cannot be read").count(), odd.length);
  assert.equal(await panel.button("Open the pair that cannot be read").count(), 1, "only what we may have written can be opened");
  assert.equal((await saved(page, "Save those put away as a file")).text, shelf);
  await panel.button("Open ACME to HUB").click();
  await panel.button("Show the steps").waitFor();
  assert.deepEqual(await putAway(panel), odd, "what cannot be read stays as it was");
  assert.equal((await atHand(panel)).pair, good.pair);
  await open(panel);
  await panel.button("Open the pair that cannot be read").click();
  await page.getByRole("heading", { name: "What was stored is damaged" }).waitFor();
  assert.deepEqual((await putAway(panel)).at(-1), good);
}

async function forgotten(story) {
  const { lab } = story;
  const { panel } = await Panel.paired(story);
  const { page } = panel;
  await another(panel);
  await secondSpoke(story);
  await panel.pair(lab.org("other").host, lab.org("hub").host);
  await another(panel);
  await panel.pair(lab.org("acme").host, lab.org("other").host);
  const [first, second] = await putAway(panel);
  const third = await atHand(panel);
  await page.bringToFront();
  const keys = new Keyboard(page);
  await keys.to(page.getByRole("link", { name: "Pairs" }), "Shift+Tab");
  await keys.press("Enter");
  const other = card(panel, "Other to HUB");
  await other.getByText("Nothing was chosen yet.").waitFor();
  await audit(story, page, "pairs");
  await keys.to(other.locator("summary", { hasText: "Forget this pair" }));
  await keys.press("Enter");
  await keys.to(other.getByRole("button", { name: "Forget…" }));
  await keys.press("Enter");
  await focusOn(page, "Keep it");
  await audit(story, page, "pairs-forget");
  await keys.to(other.getByRole("button", { name: "Forget Other to HUB" }));
  await keys.press("Enter");
  await page.getByRole("status").filter({ hasText: "Forgotten." }).waitFor();
  await focusOn(page, "Pairs");
  assert.deepEqual([await putAway(panel), await atHand(panel)], [[first], third]);
  assert.notDeepEqual(first, second);
  assert.deepEqual(await origins(panel), consoles(lab, "acme", "hub", "other"), "each org still has a pair");

  // The one at hand is forgotten under Connection: the one that is put away stays, with its permission alone.
  await page.getByRole("link", { name: "Connection" }).click();
  await panel.main.getByText("Forget this pair").first().click();
  await panel.button("Forget…").click();
  await panel.button("Forget, journal included").click();
  await page.getByRole("status").filter({ hasText: "The pair is forgotten. These stay." }).waitFor();
  assert.deepEqual([await putAway(panel), await atHand(panel)], [[first], {}]);
  assert.deepEqual(await origins(panel), consoles(lab, "acme", "hub"));
  await keys.to(page.getByRole("button", { name: "Open ACME to HUB" }));
  await keys.press("Enter");
  await focusOn(page, "What should be connected?");
  assert.deepEqual([await putAway(panel), (await atHand(panel)).pair], [[], first.pair]);
}

export const stories = [
  { name: "two spokes of a hub are worked on side by side, and each comes back byte by byte", everywhere: "deep", timeout: 300_000, run: sideBySide },
  { name: "no pair is put away while it is worked on, here or in another window", timeout: 240_000, run: refused },
  { name: "a damaged list of pairs is shown, and nothing of it is lost", timeout: 120_000, run: damaged },
  { name: "a pair that cannot be read hides no other", timeout: 120_000, run: oneIsDamaged },
  { name: "one pair is forgotten by keyboard, and the others stay", timeout: 180_000, run: forgotten },
];
