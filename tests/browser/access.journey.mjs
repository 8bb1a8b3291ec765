// For everybody: every view stands before axe in light and dark, narrow and wide; and the whole way by keyboard alone.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { audit, focused, focusOn, Keyboard } from "./access.mjs";
import { connected, MADE, madeIn, tabId } from "./oracle.mjs";
import { allow, Panel, signInAll, writes } from "./panel.mjs";
import { SCREENSHOTS, WWW } from "./places.mjs";

async function beforeARun(story) {
  const { lab } = story;
  await signInAll(story, "acme", "hub");
  await allow(story, "acme", "hub");
  const panel = await Panel.open(story);
  await audit(story, panel.page, "pairing");
  await panel.addresses("acme", "https://hub.okta.com.evil.com/");
  await panel.button("Continue").click();
  await focusOn(panel.page, "source-org");
  await audit(story, panel.page, "pairing-refused");

  await panel.pair(lab.org("acme").host, lab.org("hub").host, lab.org("acme").host);
  await panel.main.getByRole("alert").getByText("You say the apps are in ACME").waitFor();
  await audit(story, panel.page, "confirm");
  await panel.main.getByRole("radio", { name: lab.org("hub").host }).check();
  await panel.button("Pair these orgs").click();

  await panel.main.getByRole("checkbox", { name: "Expenses" }).waitFor();
  await audit(story, panel.page, "wish");
  await panel.button("Show the steps").click();
  await focusOn(panel.page, "find-groups");
  assert.match((await focused(panel.page)).told, /^Choose at least one group/);
  await panel.main.getByText("Names in ACME and HUB").click();
  await audit(story, panel.page, "wish-refused");
}

async function sheets(story) {
  const { panel, tabs } = await connected(story);
  for (const sheet of ["Steps", "Plan", "Values", "Journal"]) {
    await panel.sheet(sheet);
    await panel.page.evaluate(() => { for (const details of document.querySelectorAll("#sheet details")) details.open = true; });
    await audit(story, panel.page, `sheet-${sheet.toLowerCase()}`);
  }
  await panel.consent();
  await panel.proven();
  await panel.sheet("Steps");
  await audit(story, panel.page, "proven");
  for (const sheet of ["Plan", "Values", "Journal"]) {
    await panel.sheet(sheet);
    await audit(story, panel.page, `proven-${sheet.toLowerCase()}`);
  }
  await panel.planUndo();
  await audit(story, panel.page, "undo");
  await popups(story, panel, tabs);
}

async function popups(story, panel, tabs) {
  const elsewhere = await story.page();
  for (const [name, tab] of [["popup", tabs.acme], ["popup-elsewhere", elsewhere]]) {
    const popup = await story.popup({ tab: await tabId(panel, tab) });
    await popup.getByText("People of ACME sign in to HUB").waitFor();
    await audit(story, popup, name);
  }
}

async function troubles(story) {
  const { panel, tabs } = await connected(story);
  const other = await Panel.open(story);
  await other.page.getByRole("heading", { name: "Another window works on this pair" }).waitFor();
  await audit(story, other.page, "elsewhere");
  await other.button("Try again").click();
  await focusOn(other.page, "Another window works on this pair");
  await other.page.close();

  await tabs.hub.close();
  await panel.page.bringToFront();
  await panel.button("Check again").click();
  await panel.notice("No tab shows this org's Admin Console");
  await audit(story, panel.page, "paused");

  await panel.page.evaluate(() => chrome.storage.local.set({ run: "{" }));
  await panel.page.reload();
  await panel.page.getByRole("heading", { name: "What was stored is damaged" }).waitFor();
  await panel.main.getByText("Forget this pair").first().click();
  await panel.button("Forget…").click();
  await focusOn(panel.page, "Keep it");
  await audit(story, panel.page, "damaged");
}

const REPORT = "User,Login,Status\r\nAda,ada@example.com,Active\r\n=1+1,bob@example.com,Active\r\nCy,cy@example.com,Asleep\r\nDee,dee@example.com,Staged\r\n";
const SSO = "https://acme.okta.com/app/okta_org2org/exk1abcdefghijklmnop/sso/saml";
const LINK = "https://hub.okta.com/home/expenses/0oa1abcdefghijklmnop/42";
const KEYS = JSON.stringify([{ kty: "RSA", kid: "k1", use: "sig", e: "AQAB", n: "q".repeat(341) + "w" }, { kty: "RSA", kid: "k2", use: "sig", e: "AQAB", n: "qqqq" }]);

async function page(story) {
  const { url } = await story.site(WWW);
  const tab = await story.page();
  await tab.goto(url);
  await tab.locator("html[data-ready]").waitFor();
  await audit(story, tab, "www-users");
  const report = join(SCREENSHOTS, "report.csv");
  await writeFile(report, REPORT);
  await tab.getByLabel("File (CSV)").setInputFiles(report);
  await tab.getByRole("heading", { name: "Kept rows" }).waitFor();
  await audit(story, tab, "www-users-done");
  await tab.getByLabel("Make").selectOption("import");
  await tab.getByText("users in the import file").waitFor();
  await audit(story, tab, "www-users-import");
  await tab.getByLabel("Make").selectOption("check");
  await tab.locator("#users-result .trouble").waitFor();
  await audit(story, tab, "www-users-check");

  await tab.getByRole("link", { name: "Bookmark URL" }).click();
  await tab.getByLabel("IdP single sign-on URL").fill(SSO);
  await tab.getByLabel("Embed link of the app").fill(LINK);
  await tab.getByLabel("Any URL of an Okta org").fill(`${SSO}?RelayState=${LINK}`);
  await tab.getByText("Layers, outermost first").waitFor();
  await audit(story, tab, "www-bookmark");
  await tab.getByLabel("Embed link of the app").fill("https://hub.okta.com.evil.com/home/x/1/2");
  await tab.locator("#build-status .trouble").waitFor();
  await audit(story, tab, "www-bookmark-refused");
  await tab.getByRole("button", { name: "Try it with sample links" }).click();
  await tab.getByText("6 bookmark URLs").waitFor();
  await audit(story, tab, "www-bookmark-many");

  await tab.getByRole("link", { name: "Keys" }).click();
  await tab.getByLabel("Key credentials, JWKS, or one key").fill(KEYS);
  await tab.getByText("1 accepted, 1 refused").waitFor();
  await audit(story, tab, "www-keys");
  await tab.getByRole("button", { name: "Try it with sample keys" }).click();
  await tab.getByText("The sets differ.").waitFor();
  await audit(story, tab, "www-keys-compared");
  await tab.getByRole("link", { name: "Checklists" }).click();
  await tab.locator("#list-steps").getByRole("checkbox").first().check();
  await tab.getByText("Your own values", { exact: true }).click();
  await audit(story, tab, "www-checklist");
}

export const stories = [
  { name: "pairing, confirming and wishing stand before axe", timeout: 180_000, run: beforeARun },
  { name: "the sheets of a run and the popup stand before axe", timeout: 300_000, run: sheets },
  { name: "another window, a pause and damaged storage stand before axe", timeout: 180_000, run: troubles },
  { name: "the static page stands before axe", lab: false, extension: false, timeout: 180_000, run: page },
];
