// Trouble on the way: sessions, tabs, the org, the panel and the storage go away and come back.
// Each time the panel says what happened and what to do, the other org's steps go on, and once it
// is back everything ends proven and made exactly once.

import assert from "node:assert/strict";
import { MADE, connected, hold, madeIn, signOut, strays } from "./oracle.mjs";
import { allow, DONE, Panel, signInAll } from "./panel.mjs";

const APP = "Create the Org2Org app";
const GROUP = "Create the group for people of the source";
const SESSION = "The session has ended. Sign in to this org's Admin Console again and go on.";
const TAB = "No tab shows this org's Admin Console. Open it, signed in as before, and go on.";

/** The pause that says this, with its stable code and its org. */
async function paused(panel, code, org, text) {
  const pause = await panel.notice(text);
  assert.equal(await pause.getAttribute("data-code"), code);
  await pause.getByText(org, { exact: true }).waitFor();
  return pause;
}

/** Presses *Go on* and waits until that pause is over; another may follow. */
async function goOn(panel, pause) {
  const [old] = await pause.elementHandles();
  await pause.getByRole("button", { name: "Go on" }).click();
  await panel.page.waitForFunction((element) => !element.isConnected, old);
}

const gone = (panel, text) => panel.main.locator(".notice").filter({ hasText: text }).waitFor({ state: "detached" });

/** Proven, made once, and by calls to the two consoles alone. */
async function endsWell({ lab }, panel) {
  await panel.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  assert.deepEqual(await strays(lab), []);
}

const writesOf = async (lab, org) => (await lab.effects()).filter((one) => one.org === org).length;

async function signedOutBefore(story) {
  const { lab, screenshot } = story;
  const { panel, tabs } = await connected(story);
  await signOut(tabs.hub);
  await panel.consent();
  await paused(panel, "session-ended", "Target · HUB", SESSION);
  await panel.until(APP, "", DONE);
  assert.equal(await writesOf(lab, "hub"), 0);
  await screenshot(panel.page, "fault-session-ended");
  await tabs.hub.goto(lab.session("hub"));
  await endsWell(story, panel);
  await gone(panel, SESSION);
}

async function signedOutMidway(story) {
  const { lab } = story;
  const { panel, tabs } = await connected(story);
  const sent = await hold(lab, "acme", "POST", "/api/v1/apps");
  await panel.consent();
  await sent();
  await signOut(tabs.acme);
  await paused(panel, "session-ended", "Source · ACME", SESSION);
  await panel.until(GROUP, "", DONE);
  await tabs.acme.goto(lab.session("acme"));
  await endsWell(story, panel);
}

// The answers that real orgs and proxies give in place of "your session has ended".
const ENDED = ["session_gone", "session_gone_token", "session_gone_redirect", "session_gone_html"];

const answersEnded = (kind) => async (story) => {
  const { lab } = story;
  const { panel } = await connected(story);
  await lab.fault({ org: "hub", method: "POST", path: "/api/v1/groups", calls: { nth: 1 }, kind });
  await panel.consent();
  const pause = await paused(panel, "session-ended", "Target · HUB", SESSION);
  await panel.until(APP, "", DONE);
  assert.equal(await writesOf(lab, "hub"), 0);
  await goOn(panel, pause);
  await endsWell(story, panel);
};

async function tabClosedBefore(story) {
  const { lab, context } = story;
  const { panel, tabs } = await connected(story);
  await tabs.hub.close();
  await panel.consent();
  const pause = await paused(panel, "tab-missing", "Target · HUB", TAB);
  await panel.until(APP, "", DONE);
  assert.equal(await writesOf(lab, "hub"), 0);
  const opened = context.waitForEvent("page");
  await pause.getByRole("button", { name: "Open HUB" }).click();
  await opened;
  await endsWell(story, panel);
}

async function tabClosedMidway(story) {
  const { lab, signIn } = story;
  const { panel, tabs } = await connected(story);
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.consent();
  await sent();
  await tabs.hub.close();
  await paused(panel, "tab-missing", "Target · HUB", TAB);
  await panel.until(APP, "", DONE);
  await signIn("hub");
  await endsWell(story, panel);
}

/** A page that hangs keeps what it was sent, and sends it when it is back. */
async function consoleHangs(story) {
  const { panel, tabs } = await connected(story);
  const back = tabs.hub.evaluate(() => { for (const end = performance.now() + 150_000; performance.now() < end;); });
  await panel.consent();
  await panel.main.locator("[data-code=org-silent]").filter({ hasText: "no answer came in time" }).filter({ hasText: "Target · HUB" }).waitFor({ timeout: 140_000 });
  await panel.until(APP, "", DONE);
  await back;
  await endsWell(story, panel);
}

async function labStopped(story) {
  const { lab, screenshot } = story;
  story.allow(/Failed to load resource|ERR_CONNECTION/);
  const { panel, tabs } = await connected(story);
  await lab.stop();
  await panel.consent();
  const silent = "The org does not answer: the connection failed. See whether its Admin Console loads; go on when it does.";
  for (const org of ["Source · ACME", "Target · HUB"]) {
    await panel.main.locator("[data-code=org-silent]").filter({ hasText: silent }).filter({ hasText: org }).waitFor();
  }
  await screenshot(panel.page, "fault-org-silent");
  // It comes back with its people and apps as they were, but without any session.
  await lab.start();
  for (const org of ["acme", "hub"]) await tabs[org].goto(lab.session(org));
  await endsWell(story, panel);
}

async function connectionLostMidway(story) {
  const { lab } = story;
  story.allow(/Failed to load resource|ERR_CONNECTION|ERR_EMPTY|ERR_HTTP2/);
  const { panel } = await connected(story);
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.consent();
  await sent();
  await lab.fault({ org: "hub", kind: "drop_before" });
  await paused(panel, "org-silent", "Target · HUB", "the connection failed");
  await panel.until(APP, "", DONE);
  // Nobody presses anything: the panel asks again by itself.
  await lab.clearFaults();
  await endsWell(story, panel);
}

async function clockSetBack(story) {
  const { lab } = story;
  const { panel } = await connected(story);
  const sent = await hold(lab, "acme", "POST", "/api/v1/apps");
  await lab.fault({ org: "hub", method: "POST", path: "/api/v1/idps", calls: { nth: 1 }, kind: "rate_limited" });
  await panel.consent();
  await sent();
  await panel.page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() - 3_600_000;
  });
  await endsWell(story, panel);
}

async function panelClosedMidway(story) {
  const { lab } = story;
  const { panel } = await connected(story);
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.consent();
  await sent();
  await panel.page.close();
  await lab.clearFaults();
  const again = await Panel.open(story);
  const { writes } = await again.planned();
  assert.ok(writes > 0 && writes < MADE.length, `${writes} to write`);
  const changes = await again.changes();
  assert.ok(!changes.some(({ title }) => title === GROUP), "what was under way is read, not planned again");
  const before = (await lab.effects()).length;
  await again.sheet("Steps");
  await again.check();
  assert.equal((await lab.effects()).length, before, "consent is asked again");
  await again.consent();
  await endsWell(story, again);
}

async function stepUp(story) {
  const { lab, screenshot } = story;
  const { panel, tabs } = await connected(story);
  await lab.options({ step_up: true });
  await panel.consent();
  const text = "The org wants to be sure it is you (a protected action). Confirm in the Admin Console and go on.";
  const first = await paused(panel, "step-up", "Target · HUB", text);
  await screenshot(panel.page, "fault-step-up");
  // Going on without confirming asks again, and makes nothing.
  await goOn(panel, first);
  const second = await paused(panel, "step-up", "Target · HUB", text);
  assert.ok(!(await lab.effects()).some(({ what }) => what.startsWith("created IdP SAML2")));
  await tabs.hub.evaluate(() => fetch("/_lab/step-up", { method: "POST" }));
  await goOn(panel, second);
  await endsWell(story, panel);
}

async function anotherOrg(story) {
  const { lab } = story;
  const { panel } = await connected(story);
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.consent();
  await sent();
  await lab.fault({ org: "hub", path: "/.well-known/", kind: "wrong_org" });
  const text = "Another org answers for hub.okta.com. Nothing is sent until it is the one you paired.";
  const first = await paused(panel, "org-changed", "Target · HUB", text);
  await panel.until(APP, "", DONE);
  const made = await writesOf(lab, "hub");
  await goOn(panel, first);
  const second = await paused(panel, "org-changed", "Target · HUB", text);
  assert.equal(await writesOf(lab, "hub"), made);
  await lab.clearFaults();
  await goOn(panel, second);
  await endsWell(story, panel);
}

async function anotherActor(story) {
  const { lab } = story;
  const { panel, tabs } = await connected(story);
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.consent();
  await sent();
  await tabs.hub.goto(lab.session("hub", "apps@hub.example.com"));
  await paused(panel, "org-changed", "Target · HUB", "Another person is signed in to hub.okta.com");
  assert.ok((await lab.effects()).every(({ org, actor }) => org !== "hub" || actor === "admin@hub.example.com"), JSON.stringify(await lab.effects()));
  await tabs.hub.goto(lab.session("hub"));
  await endsWell(story, panel);
  assert.ok((await lab.effects()).every(({ org, actor }) => actor === `admin@${org}.example.com`));
}

/** Fills what the browser lets the extension store; gives the way back. */
async function fillStorage({ page }) {
  await page.evaluate(async () => {
    for (let size = chrome.storage.local.QUOTA_BYTES; size > 8; size = Math.floor(size / 2)) {
      const key = `filler ${size}`;
      await chrome.storage.local.set({ [key]: "x".repeat(size) }).catch(() => {});
    }
  });
  return () => page.evaluate(async () => {
    const keys = Object.keys(await chrome.storage.local.get()).filter((key) => key.startsWith("filler "));
    await chrome.storage.local.remove(keys);
  });
}

async function storageFull(story) {
  const { lab, screenshot } = story;
  const { panel } = await connected(story);
  const free = await fillStorage(panel);
  await panel.consent();
  const pause = await panel.notice("The journal cannot be stored:");
  assert.equal(await pause.getAttribute("data-code"), "not-stored");
  await pause.getByText("Nothing is sent without it.").waitFor();
  await screenshot(panel.page, "fault-storage");
  assert.deepEqual(await lab.effects(), []);
  await goOn(panel, pause);
  const again = await panel.notice("The journal cannot be stored:");
  assert.deepEqual(await lab.effects(), []);
  await free();
  await goOn(panel, again);
  await endsWell(story, panel);
}

async function twoPanels(story) {
  const { lab, screenshot } = story;
  const { panel } = await connected(story);
  const second = await Panel.open(story);
  await second.page.getByRole("heading", { name: "Another window works on this pair" }).waitFor();
  await screenshot(second.page, "fault-elsewhere");
  await second.button("Try again").click();
  await second.page.getByRole("heading", { name: "Another window works on this pair" }).waitFor();
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.consent();
  await sent();
  await panel.page.close();
  await lab.clearFaults();
  await second.button("Try again").click();
  await second.planned();
  await second.consent();
  await endsWell(story, second);
}

/** A window that was open before the others knew of any pair takes nothing away from the run that another began since. */
async function twoPairs(story) {
  const { lab } = story;
  const stale = await Panel.open(story);
  const { panel } = await connected(story);
  await signInAll(story, "other");
  await allow(story, "other");
  await stale.page.bringToFront();
  await stale.choose(lab.org("other").host, lab.org("hub").host);
  await stale.page.getByRole("heading", { name: "Another window works on this pair" }).waitFor();
  await stale.page.close();
  await panel.page.bringToFront();
  await panel.consent();
  await panel.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  const { run } = await panel.page.evaluate(() => chrome.storage.local.get("run"));
  assert.ok(run.includes(lab.org("acme").host) && !run.includes(lab.org("other").host), run);
}

const LONG = 180_000;

export const stories = [
  { name: "a session that ended before the apply pauses its org", timeout: LONG, everywhere: true, run: signedOutBefore },
  { name: "a session that ends in the middle pauses its org", timeout: LONG, run: signedOutMidway },
  ...ENDED.map((kind) => ({ name: `an answer ${kind} pauses its org`, timeout: LONG, run: answersEnded(kind) })),
  { name: "a tab closed before the apply can be opened again", timeout: LONG, everywhere: true, run: tabClosedBefore },
  { name: "a tab closed in the middle of a write makes no second one", timeout: LONG, run: tabClosedMidway },
  { name: "orgs that cannot be reached are waited for", timeout: LONG, run: labStopped },
  { name: "a connection lost in the middle comes back by itself", timeout: LONG, run: connectionLostMidway },
  { name: "a clock set back in the middle makes no wait longer", timeout: LONG, everywhere: "deep", run: clockSetBack },
  { name: "a panel closed in the middle reads first and asks again", timeout: LONG, everywhere: true, run: panelClosedMidway },
  { name: "a protected action waits for the person", timeout: LONG, run: stepUp },
  { name: "another org behind the same name gets nothing", timeout: LONG, everywhere: true, run: anotherOrg },
  { name: "another person in the console stops its org", timeout: LONG, run: anotherActor },
  { name: "nothing is sent that cannot be noted first", timeout: LONG, run: storageFull },
  { name: "two panels do not work at once", timeout: LONG, everywhere: true, run: twoPanels },
  { name: "a window that knew of no pair takes nothing from the run another began", timeout: LONG, run: twoPairs },
  ...(process.env.ORG2ORG_DEEP === "1" ? [{ name: "a console page that hangs makes nothing twice", timeout: 2 * LONG, run: consoleHangs }] : []),
];
