// Pairings that must not be: swapped, equal, look-alike, and tabs that show another org than the paired one.

import assert from "node:assert/strict";
import { LOOKALIKES, SECRET } from "./lookalikes.mjs";
import { adminOrigin, allow, DONE, Panel, signInAll, writes } from "./panel.mjs";
import { connected, hasRelay, hold, MADE, madeIn, strays, tabId } from "./oracle.mjs";

const SOURCE = "Where do people sign in?";
const TARGET = "Where are the apps they need?";

/** What the browser was asked for, from now on: the panel's own requests, counted as they pass. */
async function countRequests(panel) {
  await panel.page.evaluate(() => {
    const real = chrome.permissions.request.bind(chrome.permissions);
    window.asked = [];
    chrome.permissions.request = (what) => { window.asked.push(...what.origins); return real(what); };
  });
  return () => panel.page.evaluate(() => window.asked);
}

const granted = (panel) => panel.page.evaluate(async () => (await chrome.permissions.getAll()).origins.sort());
const kept = (panel) => panel.page.evaluate(() => chrome.storage.local.get());

/** The message at a field, as its description. */
async function told(panel, name) {
  const field = panel.page.getByRole("textbox", { name });
  await panel.page.waitForFunction((input) => input.getAttribute("aria-invalid") === "true", await field.elementHandle());
  return field.evaluate((input) => document.getElementById(input.getAttribute("aria-describedby")).textContent);
}

async function refusedAt(panel, name, text, part) {
  const field = panel.page.getByRole("textbox", { name });
  const message = await told(panel, name);
  assert.ok(message.toLowerCase().includes(part.toLowerCase()), `${JSON.stringify(text)} is told as: ${message}`);
  assert.ok(!message.includes(SECRET), message);
  assert.equal(await field.inputValue(), text, "nothing typed is lost");
}

async function lookalikes(story) {
  const panel = await Panel.open(story);
  const asked = await countRequests(panel);
  for (const [text, part] of LOOKALIKES) {
    await panel.addresses(text, "hub.okta.com");
    await panel.button("Continue").click();
    await refusedAt(panel, SOURCE, text, part);
    await panel.addresses("acme.okta.com", text);
    await panel.button("Continue").click();
    await refusedAt(panel, TARGET, text, part);
    assert.equal(await panel.page.getByRole("textbox", { name: SOURCE }).inputValue(), "acme.okta.com");
  }
  await panel.addresses(LOOKALIKES[0][0], LOOKALIKES[0][0]);
  await panel.button("Continue").click();
  await refusedAt(panel, SOURCE, LOOKALIKES[0][0], LOOKALIKES[0][1]);
  await refusedAt(panel, TARGET, LOOKALIKES[0][0], LOOKALIKES[0][1]);
  await story.screenshot(panel.page, "pairing-lookalike");
  assert.deepEqual([await asked(), await granted(panel), await kept(panel)], [[], [], {}]);
  assert.deepEqual([await story.lab.requests(), await story.lab.effects()], [[], []]);
}

async function swapped(story) {
  const { lab } = story;
  const [acme, hub] = [lab.org("acme"), lab.org("hub")];
  await signInAll(story, "acme", "hub");
  await allow(story, "acme", "hub");
  const panel = await Panel.open(story);
  // The form's own swap, before anything was asked.
  await panel.addresses(hub.host, acme.host);
  await panel.button("Swap the two").click();
  assert.equal(await panel.page.getByRole("textbox", { name: SOURCE }).inputValue(), acme.host);
  assert.equal(await panel.page.getByRole("textbox", { name: TARGET }).inputValue(), hub.host);

  await panel.pair(acme.host, hub.host, acme.host);
  const refusal = panel.main.getByRole("alert");
  await refusal.getByText("You say the apps are in ACME, but ACME was entered as the org where people sign in.").waitFor();
  await story.screenshot(panel.page, "pairing-swapped");
  assert.deepEqual(await kept(panel), {}, "a refused pair is not kept");

  await panel.button("Swap the two").click();
  await panel.page.getByRole("heading", { name: "People of HUB will sign in to ACME." }).waitFor();
  await panel.main.getByRole("radio", { name: hub.host }).check();
  await panel.button("Pair these orgs").click();
  await refusal.getByText("You say the apps are in HUB").waitFor();
  await panel.main.getByRole("radio", { name: acme.host }).check();
  await panel.button("Pair these orgs").click();
  await panel.button("Show the steps").waitFor();
  const { pair } = await kept(panel);
  assert.deepEqual([JSON.parse(pair).source.id, JSON.parse(pair).target.id], [hub.id, acme.id]);
  assert.deepEqual([writes(await lab.requests()), await lab.effects()], [[], []]);
}

async function equal(story) {
  const { lab } = story;
  const panel = await Panel.open(story);
  const asked = await countRequests(panel);
  for (const again of ["acme.okta.com", "https://acme.okta.com/", "ACME.OKTA.COM", "acme-admin.okta.com", "https://acme-admin.okta.com/admin/dashboard#x"]) {
    await panel.addresses("acme.okta.com", again);
    await panel.button("Continue").click();
    await refusedAt(panel, TARGET, again, "This is the org where people sign in. Enter the other org");
  }
  assert.deepEqual([await asked(), await granted(panel), await kept(panel)], [[], [], {}]);
  assert.deepEqual([await lab.requests(), await lab.effects()], [[], []]);
}

async function oneOrgByTwoNames(story) {
  const { lab } = story;
  await signInAll(story, "acme", "hub");
  await allow(story, "acme", "hub");
  for (const org of ["acme", "hub"]) await lab.fault({ org, path: "/.well-known/", kind: "wrong_org" });
  const panel = await Panel.open(story);
  await panel.addresses("acme.okta.com", "hub.okta.com");
  await panel.button("Continue").click();
  const refusal = await panel.notice("Source and target are the same org");
  await refusal.getByText("reached as `acme.okta.com` and `hub.okta.com`").waitFor();
  assert.equal(await refusal.getAttribute("data-code"), "pair-same-org");
  await refusal.getByText("Open the Admin Console of the other org and pair again.").waitFor();
  await panel.button("Continue").waitFor();
  assert.deepEqual([await kept(panel), writes(await lab.requests()), await lab.effects()], [{}, [], []]);

  // With the right org it goes on, and nothing of the refused one stays allowed.
  await lab.clearFaults();
  await signInAll(story, "other");
  await allow(story, "other");
  await panel.pair("acme.okta.com", lab.org("other").host);
  assert.deepEqual(await granted(panel), ["acme", "other"].map((name) => `${adminOrigin(lab, name)}/*`));
  assert.deepEqual([writes(await lab.requests()), await lab.effects()], [[], []]);
}

const FOREIGN = ["acme-admin.okta.com.evil.example", "acme.okta.com.evil.example", "xn--cme-admin-zyh.okta.com"];

async function foreignPages(story) {
  story.allow(/Failed to load resource/);
  const { lab, page } = story;
  const { panel, tabs } = await Panel.paired(story);
  assert.equal(await hasRelay(panel, tabs.acme), true, "the relay is in the console itself");
  for (const host of [...FOREIGN, lab.org("other").admin_host, lab.org("acme").host]) {
    const tab = await page();
    await tab.goto(`https://${host}/_lab/sites`);
    assert.equal(await hasRelay(panel, tab), false, host);
    // Not by asking either: the browser holds no permission for it.
    const id = await tabId(panel, tab);
    const forced = panel.page.evaluate((tabId) => chrome.scripting.executeScript({ target: { tabId }, files: ["content.js"] }), id);
    await assert.rejects(forced, /Cannot access|must request permission/, host);
  }
  assert.deepEqual(await panel.page.evaluate(async () => (await chrome.scripting.getRegisteredContentScripts()).flatMap(({ matches }) => matches).sort()),
    ["acme", "hub"].map((name) => `${adminOrigin(lab, name)}/*`));
  assert.deepEqual(await strays(lab), []);
}

/** Everything is proven; what was made was made once, in the two orgs, and the bystander was not spoken to. */
async function endsWell(story, panel) {
  await panel.proven();
  const { lab } = story;
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  assert.deepEqual(await strays(lab), []);
}

async function tabElsewhere(story) {
  const { lab } = story;
  const { panel, tabs } = await connected(story);
  await tabs.hub.goto(lab.session("other"));
  await panel.consent();
  const pause = await panel.notice("No tab shows this org's Admin Console");
  assert.equal(await pause.getAttribute("data-code"), "tab-missing");
  await pause.getByText("Target · HUB").waitFor();
  await panel.until("Create the Org2Org app", "", DONE);
  await story.screenshot(panel.page, "pairing-tab-elsewhere");
  assert.deepEqual((await lab.effects()).filter(({ org }) => org !== "acme"), [], "the source goes on, nothing else is written");
  assert.deepEqual(await strays(lab), []);
  await tabs.hub.goto(lab.session("hub"));
  await endsWell(story, panel);
}

async function tabLeavesMidway(story) {
  const { lab } = story;
  const { panel, tabs } = await connected(story);
  // The write is on its way while the tab goes to the bystander.
  const sent = await hold(lab, "hub", "POST", "/api/v1/groups");
  await panel.consent();
  await sent();
  await tabs.hub.goto(lab.session("other"));
  await panel.notice("No tab shows this org's Admin Console");
  assert.deepEqual(await strays(lab), []);
  await lab.clearFaults();
  await tabs.hub.goto(lab.session("hub"));
  await endsWell(story, panel);
}

async function tabTwice(story) {
  const { panel, tabs } = await connected(story);
  for (const tab of [tabs.hub, tabs.acme]) {
    const id = await tabId(panel, tab);
    const opened = story.context.waitForEvent("page");
    await panel.page.evaluate((id) => chrome.tabs.duplicate(id), id);
    await (await opened).waitForLoadState();
  }
  await panel.page.bringToFront();
  await panel.consent();
  await endsWell(story, panel);
}

async function popupNames(story) {
  const { lab } = story;
  const { panel, tabs } = await connected(story);
  const seen = async (tab) => {
    const id = await tabId(panel, tab);
    const popup = await story.popup({ tab: id });
    const main = popup.getByRole("main");
    await main.getByRole("button", { name: "Open the panel" }).waitFor();
    await popup.locator("main[aria-busy=true]").waitFor({ state: "detached" });
    await main.getByText("Looking…").waitFor({ state: "detached" });
    const text = await main.innerText();
    if (tab === tabs.acme) await story.screenshot(popup, "popup-source");
    await popup.close();
    return text.split("\n").filter(Boolean);
  };
  await tabs.acme.goto(`${adminOrigin(lab, "acme")}/admin/groups`);
  const source = await seen(tabs.acme);
  for (const words of ["ACME", "Source", "Groups", "People of ACME sign in to HUB"]) assert.ok(source.includes(words), `${words} in ${source}`);
  await tabs.hub.goto(`${adminOrigin(lab, "hub")}/admin/access/identity-providers`);
  const target = await seen(tabs.hub);
  for (const words of ["HUB", "Target", "Identity Providers"]) assert.ok(target.includes(words), `${words} in ${target}`);
  await tabs.hub.goto(lab.session("other"));
  const other = await seen(tabs.hub);
  assert.ok(other.includes("Not an Okta Admin Console") && !other.includes("HUB"), String(other));
}

export const stories = [
  { name: "look-alike addresses are refused by the part that is wrong", timeout: 180_000, everywhere: "deep", run: lookalikes },
  { name: "swapped orgs are refused with the reason, and swap mends it", timeout: 120_000, everywhere: true, run: swapped },
  { name: "the same org twice is refused", everywhere: true, run: equal },
  { name: "one org reached by two names is refused", timeout: 120_000, everywhere: "deep", run: oneOrgByTwoNames },
  { name: "no relay stands in a page of another host", timeout: 120_000, hosts: FOREIGN.filter((host) => !host.endsWith(".okta.com")), run: foreignPages },
  { name: "a tab that went to another org gets no write", timeout: 180_000, everywhere: "deep", run: tabElsewhere },
  { name: "a tab that leaves in the middle of a write gets no second one", timeout: 180_000, run: tabLeavesMidway },
  { name: "duplicated tabs lead to one set of changes", timeout: 180_000, run: tabTwice },
  { name: "the popup names the org and the page of its tab", timeout: 120_000, everywhere: true, run: popupNames },
];
