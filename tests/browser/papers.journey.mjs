// Papers in the panel: what a run's journal tells those who were not there, shown, saved and copied.

import assert from "node:assert/strict";
import { audit, Keyboard } from "./access.mjs";
import { connected } from "./oracle.mjs";
import { looks, Panel, writes } from "./panel.mjs";
import { saved } from "./saved.mjs";

const open = async ({ page }) => {
  await page.getByRole("link", { name: "Papers" }).click();
  await page.getByRole("heading", { name: "Papers", exact: true }).waitFor();
};

/** A paper that is saved: the panel says so, too. */
async function savedPaper(page, name) {
  const file = await saved(page, name);
  await page.getByRole("status").filter({ hasText: `Saved as ${file.name}.` }).waitFor();
  return file;
}

async function ofAProvenRun(story) {
  const { lab } = story;
  const { panel } = await connected(story);
  await panel.consent();
  await panel.proven();
  const { page } = panel;
  const sent = (await lab.requests()).length;
  await open(panel);
  const shown = page.getByRole("region", { name: "What it says" });
  const labels = ["ACME (Org2Org)", "HUB"];
  const names = (text) => labels.filter((label) => text.includes(label));

  for (const [title, file] of [["Change notice", "change-notice"], ["Evidence", "evidence"], ["Runbook", "runbook"]]) {
    await page.getByRole("radio", { name: title }).check();
    const text = await shown.textContent();
    assert.deepEqual(names(text), [], `${title} names nothing unless asked`);
    const [html, markdown, json] = [await savedPaper(page, "Save as HTML"), await savedPaper(page, "Save as Markdown"), await savedPaper(page, "Save as JSON")];
    assert.deepEqual([html.name, markdown.name, json.name], ["html", "md", "json"].map((ending) => `org2org-${file}.${ending}`));
    const { title: own, sections } = JSON.parse(json.text);
    assert.deepEqual(await shown.getByRole("heading").allTextContents(), sections.map((section) => section.title));
    assert.ok(text.startsWith(own) && sections.length > 0, text);
    assert.equal(markdown.text.split("\n")[0].replaceAll("\\", ""), `# ${own}`);
    assert.equal(markdown.text.match(/^## /gm).length, sections.length);
    assert.match(html.text, /^<!DOCTYPE html>[^]*<h1>[^]*<\/html>\n$/);
  }
  await looks(story, panel, "papers");
  await page.getByRole("radio", { name: "Evidence" }).check();
  await page.getByRole("checkbox", { name: /^With names/ }).check();
  assert.notDeepEqual(names(await shown.textContent()), [], "names stand there when asked");

  await page.getByRole("link", { name: "Connection" }).click();
  await page.waitForFunction(() => document.querySelector("#papers .paper").textContent === "");
  await open(panel);
  assert.equal(await page.getByRole("checkbox", { name: /^With names/ }).isChecked(), false, "what was asked once is not asked for good");

  await page.getByRole("radio", { name: "Terraform" }).check();
  const code = await shown.textContent();
  assert.match(code, /resource "okta_/);
  assert.deepEqual(await savedPaper(page, "Save as .tf"), { name: "org2org.tf", text: code });
  assert.equal(await page.getByRole("button", { name: "Save as JSON" }).isVisible(), false);
  assert.equal((await lab.requests()).length, sent, "no org was asked");
  assert.equal(writes(await lab.requests()).length > 0, true);
}

async function beforeARun(story) {
  const panel = await Panel.open(story);
  await open(panel);
  await panel.page.getByText("There is no run yet.").waitFor();
  assert.equal(await panel.page.getByRole("radio").first().isVisible(), false);
  await audit(story, panel.page, "papers-none");
}

async function forEverybody(story) {
  const { panel } = await connected(story);
  await panel.consent();
  await panel.proven();
  const { page } = panel;
  await page.bringToFront();
  const keys = new Keyboard(page);
  await keys.to(page.getByRole("link", { name: "Papers" }), "Shift+Tab");
  await keys.press("Enter");
  await page.getByRole("heading", { name: "Change notice" }).waitFor();
  await audit(story, page, "papers");
  await keys.to(page.getByRole("radio", { name: "Change notice" }));
  await keys.press("ArrowDown");
  await page.getByRole("heading", { name: "Evidence" }).waitFor();
  await keys.to(page.getByRole("button", { name: "Copy" }));
  await keys.press("Enter");
  await page.getByRole("status").filter({ hasText: "Copied." }).waitFor();
}

export const stories = [
  { name: "papers of a proven run are shown, saved in three forms, and name nothing unless asked", everywhere: "deep", timeout: 300_000, run: ofAProvenRun },
  { name: "without a run the papers say what to do first", lab: false, run: beforeARun },
  { name: "papers by keyboard, and before axe", timeout: 300_000, run: forEverybody },
];
