// The package as it is shipped: what it may do, and what a person sees before any code ran.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EXTENSION } from "./places.mjs";

// Scripts are switched off, so what is seen is the static HTML alone.
async function painted({ context, id, page, screenshot }, file, words, size) {
  const tab = await page(size);
  const session = await context.newCDPSession(tab);
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  await tab.goto(`chrome-extension://${id}/${file}`);
  await tab.getByRole("heading", { level: 1, name: "Org2Org Assistant" }).waitFor();
  for (const text of words) await tab.getByText(text).first().waitFor();
  await screenshot(tab, `static-${file.replace(".html", "")}${size.dark ? "-dark" : ""}`);
}

export const stories = [
  {
    name: "Chromium loads the package with exactly the rights it states",
    lab: false,
    async run({ panel }) {
      const tab = await panel();
      const seen = await tab.evaluate(async () => ({ manifest: chrome.runtime.getManifest(), granted: await chrome.permissions.getAll() }));
      const { granted, manifest } = seen;
      assert.deepEqual([...granted.permissions].sort(), ["activeTab", "scripting", "sidePanel", "storage"]);
      assert.deepEqual(granted.origins, []);
      assert.equal(manifest.content_security_policy.extension_pages.includes("require-trusted-types-for 'script'"), true);
      const written = JSON.parse(await readFile(join(EXTENSION, "manifest.json"), "utf8"));
      assert.equal(manifest.version, written.version);
    },
  },
  {
    name: "the panel paints from static HTML",
    lab: false,
    async run(story) {
      await painted(story, "panel.html", ["Connect two Okta orgs"], { width: 320, height: 640 });
      await painted(story, "panel.html", ["Connect two Okta orgs"], { width: 320, height: 640, dark: true });
    },
  },
  {
    name: "the popup paints from static HTML",
    lab: false,
    async run(story) {
      await painted(story, "popup.html", ["This tab"], { width: 360, height: 480 });
    },
  },
  {
    name: "panel and popup start without a complaint",
    lab: false,
    async run({ panel, popup }) {
      for (const tab of [await panel(), await popup()]) await tab.locator("main[aria-busy=true]").waitFor({ state: "detached" });
    },
  },
];
