// The tools in the extension: the page's own tools, and what the two paired orgs have for them.

import assert from "node:assert/strict";
import { audit } from "./access.mjs";
import { connected } from "./oracle.mjs";
import { Panel, writes } from "./panel.mjs";

const ready = (tab) => tab.locator("html[data-ready=true]").waitFor();
const status = (tab, text) => tab.locator("#offers-status").filter({ hasText: text }).waitFor();

async function offered(story) {
  const { lab, fox } = story;
  const { panel, tabs } = await connected(story);
  await panel.consent();
  await panel.proven();
  const before = writes(await lab.requests()).length;
  const tab = await story.tools();
  await ready(tab);
  await tab.getByText("People of ACME sign in to HUB.").waitFor();
  await tab.goto(`${tab.url()}#checklist`);
  assert.equal(await tab.locator("#list-source").inputValue(), lab.org("acme").host);
  assert.equal(await tab.locator("#list-target").inputValue(), lab.org("hub").host);
  await tab.getByRole("button", { name: "Read their values" }).click();
  await status(tab, /^Both orgs were read\.$/);
  await tab.getByRole("button", { name: /^Fill in the sign-on URL of / }).click();
  await tab.getByLabel("Apps of the target").selectOption({ label: "Expenses" });
  await tab.getByRole("button", { name: "Fill in the embed link" }).click();
  await tab.locator("#build-status").getByText("✓ Bookmark URL").waitFor();
  await tab.getByRole("button", { name: /^Fill in all \d+ embed links$/ }).click();
  await tab.locator("#batch-status").getByText(/\d+ bookmark URLs?/).first().waitFor();
  if (!fox) await audit(story, tab, "offers-bookmark");
  await tab.getByRole("button", { name: /^Fill in the keys of / }).click();
  await tab.locator("#keys-status").getByText(/\d+ accepted/).waitFor();
  assert.equal(writes(await lab.requests()).length, before, "offering only reads");
  // What one org does not say is told, and the other's values are there all the same.
  await tabs.hub.close();
  await tab.getByRole("button", { name: "Read their values" }).click();
  await status(tab, /^HUB was not read: /);
  await tab.getByRole("button", { name: /^Fill in the sign-on URL of / }).waitFor();
  assert.equal(await tab.getByLabel("Apps of the target").count(), 0, "nothing old is offered");
}

async function alone(story) {
  const panel = await Panel.open(story);
  const [tab] = await Promise.all([story.context.waitForEvent("page"), panel.page.getByRole("link", { name: "Tools" }).click()]);
  await ready(tab);
  await tab.getByText("No two orgs are paired in this browser.").waitFor();
  const asked = [];
  tab.on("request", (request) => asked.push(request.url()));
  const report = "User,Login,Status\nAda Fox,ada@example.com,ACTIVE\n";
  await tab.locator("#users-file").setInputFiles({ name: "report.csv", mimeType: "text/csv", buffer: Buffer.from(report) });
  await tab.locator("#users-status").filter({ hasText: "1 rows" }).waitFor();
  for (const [link, press, said] of [["Bookmark URL", "Try it with sample links", "6 bookmark URLs"], ["Keys", "Try it with sample keys", "2 accepted"]]) {
    await tab.getByRole("link", { name: link }).click();
    await tab.getByRole("button", { name: press }).click();
    await tab.getByText(said).first().waitFor();
  }
  await tab.getByRole("link", { name: "Checklists" }).click();
  await tab.getByRole("heading", { name: "Sign in to the target through the source (SAML 2.0)" }).waitFor();
  assert.deepEqual(asked.filter((address) => !/^(?:chrome-extension|blob):/.test(address)), []);
  for (const view of ["users", "keys", "checklist"]) {
    await tab.goto(tab.url().replace(/#.*/, `#${view}`));
    await audit(story, tab, `offers-${view}`);
  }
  const popup = await story.popup();
  await popup.getByRole("link", { name: /^Tools/ }).waitFor();
}

export const stories = [
  { name: "the tools in the extension work without a pair, and are opened from the panel", lab: false, timeout: 180_000, run: alone },
  { name: "the tools in the extension offer what the paired orgs have for them, by reads alone", everywhere: true, timeout: 240_000, run: offered },
];
