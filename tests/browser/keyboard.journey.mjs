// The whole way without a mouse: from two addresses to a proven connection and back, by Tab, arrows, Enter and Space.

import assert from "node:assert/strict";
import { focused, focusOn, Keyboard } from "./access.mjs";
import { MADE, madeIn } from "./oracle.mjs";
import { allow, Panel, signInAll, writes } from "./panel.mjs";

const READING = "Reading both orgs. Nothing is written.";
const READY = `${MADE.length} changes are ready. None is sent before you say yes.`;

// What the page saw of mouse and clicks.
async function watch({ page }) {
  await page.evaluate(() => {
    window.seen = [];
    const note = ({ type, isTrusted, detail, target }) => window.seen.push({ type, isTrusted, detail, on: target.id });
    for (const type of ["click", "pointerdown", "mousedown"]) document.addEventListener(type, note, true);
  });
  return () => page.evaluate(() => window.seen);
}

async function wholeWay(story) {
  const { lab } = story;
  const before = await lab.dump();
  await signInAll(story, "acme", "hub");
  await allow(story, "acme", "hub");
  const panel = await Panel.open(story);
  const { page } = panel;
  const [keys, seen] = [new Keyboard(page), await watch(panel)];
  await page.bringToFront();
  await pair(story, panel, keys);
  await wish(panel, keys);
  await panel.planned();
  await lookAndReturn(panel, keys);
  assert.deepEqual(writes(await lab.requests()), []);

  await yes(panel, keys);
  await calm(page);
  await panel.proven();
  await focusOn(page, "Everything is in place, proven by reading both orgs.");
  assert.deepEqual(madeIn(await lab.effects()), MADE);

  await takeBack(panel, keys);
  assert.deepEqual(await lab.dump(), before);
  await forget(panel, keys);

  const all = await seen();
  assert.deepEqual(all.filter(({ type, isTrusted, detail }) => type !== "click" || !isTrusted || detail !== 0), [], "no mouse, no script");
  assert.equal(all.filter(({ on }) => on === "consent").length, 2, "one yes to making, one to taking back");
}

async function pair({ lab }, { page, main, button }, keys) {
  await keys.to(page.getByRole("textbox", { name: "Where do people sign in?" }));
  await keys.type(lab.org("acme").host);
  await keys.to(page.getByRole("textbox", { name: "Where are the apps they need?" }));
  await keys.type("hub.okta.com.evil.com");
  await keys.press("Enter");
  await focusOn(page, "target-org");
  const { invalid, told } = await focused(page);
  assert.ok(invalid && told.includes("it ends in `evil.com`"), told);
  await keys.type(lab.org("hub").host);
  await keys.press("Enter");
  await focusOn(page, "People of ACME will sign in to HUB.");
  for (const org of ["acme", "hub"]) await main.getByText(lab.org(org).admins[0].login).waitFor();

  // Without an answer: to the first of them, with the reason.
  await keys.to(main.getByRole("button", { name: "Pair these orgs" }));
  await keys.press("Enter");
  await page.waitForFunction(() => document.activeElement.type === "radio");
  const refused = await focused(page);
  assert.deepEqual([refused.invalid, refused.told], [true, "Choose the org that holds the apps."]);
  await keys.press("ArrowDown", "Enter");
  await focusOn(page, "What should be connected?");
}

async function wish({ page, main }, keys) {
  const start = main.getByRole("button", { name: "Show the steps" });
  await keys.to(main.getByRole("checkbox", { name: "Expenses" }));
  await keys.press("Space");
  await keys.to(start);
  await keys.press("Enter");
  await focusOn(page, "find-groups");
  assert.match((await focused(page)).told, /^Choose at least one group or person/);
  await keys.type("Sales");
  await keys.to(main.getByRole("checkbox", { name: "Sales", exact: true }));
  await keys.press("Space");

  // A name that is missing is found where it is folded away.
  const names = main.locator("summary", { hasText: "Names in ACME and HUB" });
  const group = main.getByRole("textbox", { name: "Group for these people" });
  await keys.to(names);
  await keys.press("Enter");
  await keys.to(group);
  const name = await group.inputValue();
  await keys.press("Control+A", "Delete");
  await keys.to(names, "Shift+Tab");
  await keys.press("Enter");
  await group.waitFor({ state: "hidden" });
  await keys.to(start);
  await keys.press("Enter");
  await focusOn(page, "group-name");
  assert.equal((await focused(page)).told, "A name needs 1 to 100 characters.");
  await keys.type(name);
  await keys.press("Enter");
  await focusOn(page, READING, READY);
}

// The plan, looked at and put aside, leads back to the button that showed it.
async function lookAndReturn({ page, main }, keys) {
  const notNow = main.getByRole("button", { name: "Not now" });
  for (const [opener, id] of [["Show the plan", /^to-plan$/], ["Do it: Create the Org2Org app", /^to-plan-org2org-app/]]) {
    await keys.to(main.getByRole("button", { name: opener }));
    await keys.press("Enter");
    await focusOn(page, "What would be written");
    await keys.to(notNow);
    await keys.press("Enter");
    await page.waitForFunction(() => document.activeElement.id.startsWith("to-plan"));
    assert.match((await focused(page)).id, id);
  }
  await keys.press("Enter");
  await focusOn(page, "What would be written");

  // A long request is read by the arrows.
  await keys.to(main.locator("summary", { hasText: "The whole request" }).first());
  await keys.press("Enter");
  const request = main.getByRole("region", { name: "Whole request: Create the Org2Org app" });
  await keys.to(request);
  await keys.press("ArrowDown");
  await page.waitForFunction((box) => box.scrollTop > 0, await request.elementHandle());
}

// The button arms after half a second; Enter on it is the person's own click.
async function yes({ page, main }, keys) {
  await keys.to(main.getByRole("button", { name: /^Yes, (make|undo) \d+ changes$/ }));
  await page.locator("#consent[aria-disabled=false]").waitFor();
  await keys.press("Enter");
  await focusOn(page, "Changes are being sent and proven one by one.");
}

// What turns while work goes on stands still for who asked for less motion.
async function calm(page) {
  const turning = (wanted) => page.waitForFunction((wanted) => document.querySelector(".busy") && document.getAnimations().length > 0 === wanted, wanted);
  await turning(true);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await turning(false);
}

async function takeBack(panel, keys) {
  const { page, main } = panel;
  await keys.to(page.getByRole("tab", { name: "Steps" }), "Shift+Tab");
  await keys.press("End");
  await focusOn(page, "tab-journal");
  const show = main.getByRole("button", { name: "Show what would be undone" });
  await keys.to(show);
  await keys.press("Enter");
  await focusOn(page, "What would be taken back");
  await keys.to(main.getByRole("button", { name: "Not now" }));
  await keys.press("Enter");
  await focusOn(page, "to-undo");
  await keys.press("Enter");
  await focusOn(page, "What would be taken back");
  await yes(panel, keys);
  await panel.planned();
  await focusOn(page, READY);
}

async function forget({ page, main }, keys) {
  await keys.to(main.locator("summary", { hasText: "Forget this pair" }));
  await keys.press("Enter");
  await keys.to(main.getByRole("button", { name: "Forget…" }));
  await keys.press("Enter");
  await focusOn(page, "Keep it");
  await keys.press("Enter");
  await focusOn(page, "Forget…");
  await keys.press("Enter");
  await keys.to(main.getByRole("button", { name: "Forget, journal included" }));
  await keys.press("Enter");
  await focusOn(page, "Connect two Okta orgs");
}

// The ring is drawn in every scheme, also where the person's own colours rule.
async function rings(story) {
  const panel = await Panel.open(story);
  const popup = await story.popup();
  await popup.locator("main[aria-busy=true]").waitFor({ state: "detached" });
  for (const scheme of [{ colorScheme: "light" }, { colorScheme: "dark" }, { forcedColors: "active" }]) {
    for (const [page, last] of [[panel.page, "Swap the two"], [popup, "Open the panel"]]) {
      await page.bringToFront();
      await page.emulateMedia(scheme);
      await new Keyboard(page).to(page.getByRole("button", { name: last }));
      await story.screenshot(page, `ring-${Object.values(scheme)[0]}-${page === popup ? "popup" : "panel"}`);
    }
  }
}

export const stories = [
  { name: "from two addresses to proven and back by keyboard alone", timeout: 240_000, run: wholeWay },
  { name: "the focus shows in light, dark and forced colours", lab: false, run: rings },
];
