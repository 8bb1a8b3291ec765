// Names and messages made to deceive: names are shown as text, messages change nothing.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { connected, MADE, madeIn, strays, tabId } from "./oracle.mjs";
import { adminOrigin, allow, Panel, signInAll, writes } from "./panel.mjs";
import { fire, forge, LIE } from "./forger.mjs";
import { deceits, mutations, notCalls } from "./messages.mjs";
import { HOSTILE, hides, shown } from "./names.mjs";

// As stored in the org, and as the panel must write it.
const NAMES = [
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
  ["</script><script>alert(1)</script>", "</script><script>alert(1)</script>"],
  ["Sales \u202egnp.exe", "Sales \\u{202e}gnp.exe"],
  ["\u200bSales", "\\u{200b}Sales"],
  ["__proto__", "__proto__"],
  ["constructor", "constructor"],
  ["javascript:alert(1)//", "javascript:alert(1)//"],
  ["*Sales* {{7*7}} ${7*7} %s", "*Sales* {{7*7}} ${7*7} %s"],
];

/** Makes a thing in an org with its super admin's token, as another tool would. */
async function make(lab, tab, org, path, body) {
  const { token } = lab.org(org).admins.find(({ role }) => role === "SUPER_ADMIN");
  const answer = await tab.evaluate(async ([path, body, token]) => {
    const headers = { authorization: `SSWS ${token}`, "content-type": "application/json" };
    const got = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    return [got.status, await got.text()];
  }, [path, body, token]);
  assert.equal(answer[0], 200, answer[1]);
}

/** Every step and request opened, so that all texts stand in the page. */
const openAll = (panel) => panel.page.evaluate(() => { for (const details of document.querySelectorAll("main details")) details.open = true; });

/** The text of the page, and elements that no view of ours makes. */
async function look(panel) {
  await openAll(panel);
  const strange = await panel.page.locator("main").locator("img, script, iframe, object, embed, style, link, a[href], svg, form form").count();
  assert.equal(strange, 0);
  return panel.main.evaluate((main) => main.textContent);
}

async function names(story) {
  const { lab, context, screenshot } = story;
  const dialogs = [];
  context.on("page", (page) => page.on("dialog", (dialog) => { dialogs.push(dialog.message()); return dialog.dismiss(); }));
  const { panel, tabs } = await Panel.paired(story);
  for (const [name] of NAMES) {
    await make(lab, tabs.acme, "acme", "/api/v1/groups", { profile: { name } });
    await make(lab, tabs.hub, "hub", "/api/v1/apps", { label: name, signOnMode: "SAML_2_0", settings: { signOn: { ssoAcsUrl: "https://app.example.com/saml", audience: "https://app.example.com" } } });
  }
  await panel.page.reload();
  await panel.button("Show the steps").waitFor();
  const all = NAMES.map(([, shown]) => shown);
  await look(panel);
  await screenshot(panel.page, "hostile-wish");
  await panel.wish({ apps: all.slice(0, 3), groups: ["Sales", ...NAMES.slice(0, 3)] });
  await panel.planned();
  for (const sheet of ["Steps", "Plan", "Values", "Journal"]) {
    await panel.sheet(sheet);
    const text = await look(panel);
    const wanted = { Steps: all.slice(0, 3), Plan: all.slice(0, 3), Values: all.slice(0, 3), Journal: [] }[sheet];
    for (const name of wanted) assert.ok(text.includes(name), `${sheet} shows ${name}`);
    assert.ok(!/[\u200b\u202e]/.test(text), `${sheet} writes hidden characters out`);
  }
  await panel.sheet("Plan");
  await screenshot(panel.page, "hostile-plan");
  const before = (await lab.effects()).length;
  await panel.consent();
  // Thirty changes at a console's pace take their time.
  await panel.page.getByRole("status").filter({ hasText: /^All \d+ steps are proven$/ }).waitFor({ timeout: 300_000 });
  for (const sheet of ["Steps", "Plan", "Values", "Journal"]) {
    await panel.sheet(sheet);
    assert.ok(!/[\u200b\u202e]/.test(await look(panel)), sheet);
  }
  const bookmarks = (await lab.effects()).slice(before).filter(({ what }) => what.startsWith("created app bookmark"));
  assert.equal(bookmarks.length, 3, "each name became one bookmark");
  const popup = await story.popup({ tab: await tabId(panel, tabs.acme) });
  await popup.getByText("Next:").waitFor();
  assert.deepEqual(dialogs, []);
}

// Every view that can show a name, with two hundred of them: what is sent for them is told above, with three.
async function manyNames(story) {
  const { lab, context } = story;
  const dialogs = [];
  context.on("page", (page) => page.on("dialog", (dialog) => { dialogs.push(dialog.message()); return dialog.dismiss(); }));
  const { panel, tabs } = await Panel.paired(story);
  for (const name of HOSTILE) {
    await make(lab, tabs.acme, "acme", "/api/v1/groups", { profile: { name } });
    await make(lab, tabs.hub, "hub", "/api/v1/apps", { label: name, signOnMode: "SAML_2_0", settings: { signOn: { ssoAcsUrl: "https://app.example.com/saml", audience: "https://app.example.com" } } });
  }
  await panel.page.reload();
  await panel.button("Show the steps").waitFor();
  const told = (text, view) => {
    assert.deepEqual(HOSTILE.filter((name) => !shown(name).some((form) => text.includes(form))), [], `${view} shows each name`);
    assert.ok(!hides(text), `${view} writes hidden characters out`);
  };
  const boxes = panel.main.getByRole("group", { name: "Which apps should people reach?" }).getByRole("checkbox");
  await boxes.nth(HOSTILE.length - 1).waitFor();
  told(await look(panel), "the form");
  for (let index = 0; index < await boxes.count(); index += 1) await boxes.nth(index).check();
  await panel.wish({ groups: ["Sales"] });
  // Each app is read by itself, and of what the console allows a fifth is used: eight in ten seconds.
  await panel.planned(600_000);
  for (const sheet of ["Steps", "Plan"]) {
    await panel.sheet(sheet);
    told(await look(panel), sheet);
  }
  for (const sheet of ["Values", "Journal"]) {
    await panel.sheet(sheet);
    assert.ok(!hides(await look(panel)), sheet);
  }
  const popup = await story.popup({ tab: await tabId(panel, tabs.acme) });
  await popup.getByText("Next:").waitFor();
  assert.deepEqual(dialogs, []);
}

/** What the panel shows and keeps, and what the orgs have. */
async function state(story, panel) {
  const { figures, text } = await panel.page.evaluate(() => ({ figures: document.querySelector("p.status").textContent, text: document.querySelector("main").textContent }));
  const kept = await panel.page.evaluate(() => chrome.storage.local.get());
  return { figures, text, kept, orgs: await story.lab.dump(), written: writes(await story.lab.requests()) };
}

async function toPanel(story) {
  const { lab } = story;
  const { panel, tabs } = await connected(story);
  await rest(story, panel);
  const before = await state(story, panel);
  const plan = await panel.page.evaluate(() => chrome.storage.local.get("run"));
  const [acme, id] = [adminOrigin(lab, "acme"), await tabId(panel, tabs.acme)];
  const messages = [...deceits(acme, plan), ...mutations(acme, 4_000)];
  // The isolated world of the page is where our relay lives: nobody closer can lie to the panel.
  const sent = await panel.page.evaluate(async ([tabId, texts]) => {
    const flood = async (texts) => {
      const tell = async (message) => { try { await chrome.runtime.sendMessage(message); } catch { /* nobody answers, as it should be */ } };
      await Promise.all(JSON.parse(texts).map(tell));
      await Promise.all([new Uint8Array(9), "x".repeat(8_000_000)].map(tell));
      return JSON.parse(texts).length;
    };
    const [{ result }] = await chrome.scripting.executeScript({ target: { tabId }, world: "ISOLATED", func: flood, args: [texts] });
    return result;
  }, [id, JSON.stringify(messages)]);
  assert.equal(sent, messages.length);
  await rest(story, panel);
  assert.deepEqual(await state(story, panel), before);
  assert.ok(await panel.page.locator("#halted").isHidden());
  // And it still does its work.
  await panel.consent();
  await panel.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  assert.deepEqual(await strays(lab), []);
}

async function toRelay(story) {
  const { lab } = story;
  const { panel, tabs } = await Panel.paired(story);
  const id = await tabId(panel, tabs.acme);
  const send = (message) => panel.page.evaluate(([id, text]) => chrome.tabs.sendMessage(id, JSON.parse(text)).catch(() => null), [id, message]);
  const origin = adminOrigin(lab, "acme");
  const good = { type: "call", nonce: "n", origin, call: { op: "users.read", params: { user: "me" } } };
  const count = async () => (await lab.requests()).length;
  const start = await count();
  assert.equal((await send(JSON.stringify(good))).status, 200, "a good call passes");
  assert.equal(await count(), start + 1);
  for (const text of notCalls(good)) {
    const answer = await send(text);
    assert.ok((answer ?? null) === null || typeof answer.failed === "string", `${text} is answered ${JSON.stringify(answer)}`);
  }
  assert.equal(await count(), start + 1, "nothing left the tab");
  assert.equal((await send(JSON.stringify(good))).status, 200, "the relay is still there");
}

/** Everything that the panel shows in its sheets. */
async function shownIn(panel) {
  const texts = [];
  for (const sheet of ["Steps", "Plan", "Values", "Journal"]) {
    await panel.sheet(sheet);
    texts.push(await look(panel));
  }
  return texts.join("\n");
}

// As the console writes them: what a person reads off the page, and what our outlines look for.
const LABELS = ["Client ID", "Client Secret", "IdP Issuer URI", "IdP Single Sign-On URL", "IdP Signature Certificate", "Issuer", "Hub ACS URL", "Audience URI", "Assertion Consumer Service URL",
  "Embed Link", "Application Label", "Base Url", "Browse App Catalog", "Okta Org2Org", "Add Integration", "Next", "Done", "Edit", "Save", "Assign", "Assign to Groups", "Add group", "Name", "Description",
  "Add identity provider", "IdP Username", "Match against", "Organization ID", "API token", "Security token"];

async function fromPage(story) {
  // The console's own script trips over events that no browser makes.
  story.allow(/event\.target\.\w+ is not a function/);
  const { lab } = story;
  const tabs = await signInAll(story, "acme", "hub");
  assert.equal(LABELS.length, 30);
  for (const tab of Object.values(tabs)) await forge(tab, LABELS);
  await allow(story, "acme", "hub");
  const panel = await Panel.open(story);
  await panel.pair(lab.org("acme").host, lab.org("hub").host);
  await panel.wish({ apps: ["Expenses"], groups: ["Sales"] });
  await panel.planned();
  await panel.button("Show me: Create the Org2Org app").click();
  await tabs.acme.locator("html > [aria-hidden=true] div").first().waitFor();
  await forge(tabs.acme, LABELS);

  await rest(story, panel);
  const before = await state(story, panel);
  await panel.sheet("Plan");
  await panel.yes.and(panel.page.locator("[aria-disabled=false]")).waitFor();
  const origins = Object.fromEntries(["acme", "hub"].map((name) => [name, adminOrigin(lab, name)]));
  const asked = (await lab.requests()).length;
  for (const [name, tab] of Object.entries(tabs)) {
    const good = { type: "call", nonce: "n", origin: origins[name], call: { op: "groups.create", params: {}, body: { profile: { name: LIE } } } };
    const messages = [good, ...notCalls(good).map((text) => JSON.parse(text)), ...deceits(origins[name], before.kept)];
    const { fired, outlines, runtime } = await fire(tab, messages, 1_000);
    assert.deepEqual([fired, runtime], [1_000, "undefined"]);
    if (name === "acme") assert.ok(outlines > 1, "our outline is there to be clicked at");
  }
  // A change that a person makes is reported after two quiet seconds and looked at within two more.
  await pause(5_000);
  // The yes waits where it was; nothing was asked of the orgs, by the relays or because of what they saw.
  assert.equal(await panel.yes.getAttribute("aria-disabled"), "false");
  assert.equal((await lab.requests()).length, asked, "nothing was read because of it");
  await panel.sheet("Steps");
  assert.deepEqual(await state(story, panel), before);
  assert.ok(!(await shownIn(panel)).includes(LIE), "no word of the page is in a plan or value");

  await panel.consent();
  await panel.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  assert.ok(!(await shownIn(panel)).includes(LIE));
  assert.ok(!JSON.stringify(await lab.dump()).includes(LIE));
}

/** Reads both orgs until a round asks no more than the one before it, and then until a while has passed in which the panel began
 * none by itself: what it saw in a page is looked at within four seconds. */
async function rest({ lab }, panel) {
  const count = async () => (await lab.requests()).length;
  for (let last = -1; ;) {
    const start = await count();
    await panel.check();
    const reads = (await count()) - start;
    if (reads === last) break;
    last = reads;
  }
  for (let last = -1, now = await count(); now !== last; now = await count()) {
    last = now;
    await pause(5_000);
  }
  await panel.planned();
}

export const stories = [
  { name: "hostile names stay text in every view", timeout: 420_000, run: names },
  ...(process.env.ORG2ORG_DEEP === "1" ? [{ name: "two hundred hostile names stay text in every view", timeout: 900_000, everywhere: "deep", run: manyNames }] : []),
  { name: "forged and mutated messages change nothing in the panel", timeout: 240_000, run: toPanel },
  { name: "a page that lies and clicks by script changes nothing", timeout: 180_000, everywhere: "deep", run: fromPage },
  { name: "the relay sends nothing but named operations", timeout: 120_000, everywhere: true, run: toRelay },
];
