// The static page: from any file server, without a word to anyone.

import assert from "node:assert/strict";
import { WWW } from "./places.mjs";

const KB = 1024;
/** What the page may weigh on its way, compressed, with every tool used. */
const MOST = 250 * KB;
const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`;

/** Bytes of the bodies that a page and its worker were sent, as the browser's network log has them. */
function log(tab) {
  const finished = [];
  tab.context().on("requestfinished", (request) => finished.push(request));
  return async () => {
    const sizes = await Promise.all(finished.map((request) => request.sizes().catch(() => ({ responseBodySize: 0 }))));
    // What came from the browser's own cache has no body, and Playwright then tells less than nothing.
    return sizes.reduce((sum, { responseBodySize }) => sum + Math.max(0, responseBodySize), 0);
  };
}

async function weight({ page, site }) {
  const { url, sent } = await site(WWW);
  const tab = await page();
  const logged = log(tab);
  const bytes = () => sent.reduce((sum, [, length]) => sum + length, 0);
  await tab.goto(url, { waitUntil: "networkidle" });
  await tab.locator("html[data-ready=true]").waitFor();
  const visit = await logged();
  const report = "User,Login,Status,firstName,lastName,email\nAda Fox,ada@example.com,ACTIVE,Ada,Fox,ada@example.com\n";
  for (const make of ["active", "import", "check", "view"]) {
    await tab.locator("#users-make").selectOption(make);
    await tab.locator("#users-file").setInputFiles({ name: "report.csv", mimeType: "text/csv", buffer: Buffer.from(report) });
    await tab.locator("#users-status").filter({ hasText: "1 rows" }).waitFor();
  }
  await tab.getByRole("link", { name: "Bookmark URL" }).click();
  await tab.getByRole("button", { name: "Try it with sample links" }).click();
  await tab.locator("#batch-status").getByText("6 bookmark URLs").waitFor();
  await tab.getByRole("link", { name: "Keys" }).click();
  await tab.getByRole("button", { name: "Try it with sample keys" }).click();
  await tab.locator("#keys-status").getByText("2 accepted").waitFor();
  const all = await logged();
  // The service worker keeps copies for use without a network; what it asks for again has not changed.
  await tab.evaluate(async () => (await navigator.serviceWorker.ready).active.state);
  console.log(`  page transfer, gzip: a visit ${kb(visit)}, with every tool used ${kb(all)}, and kept for offline use ${kb(bytes())}`);
  assert.ok(visit > 100 * KB, "the log has missed the module");
  assert.ok(bytes() <= MOST, `${kb(bytes())} of ${kb(MOST)}: ${JSON.stringify(sent)}`);
  const modules = sent.filter(([path]) => path.endsWith(".wasm"));
  assert.equal(modules.length, 1, "the module is sent once");
}

export const stories = [
  {
    name: "opens from a plain file server and asks for nothing but its own files",
    lab: false,
    extension: false,
    async run({ page, site, screenshot }) {
      const { url } = await site(WWW);
      const tab = await page();
      const asked = [];
      tab.on("request", (request) => asked.push(request.url()));
      await tab.goto(url, { waitUntil: "networkidle" });
      await tab.getByRole("heading", { level: 1 }).waitFor();
      assert.deepEqual(asked.filter((address) => !address.startsWith(url) && !/^(?:blob|data):/.test(address)), []);
      await screenshot(tab, "page");
    },
  },
  { name: "transfers at most 250 KB with every tool used, and its module once", lab: false, extension: false, timeout: 120_000, run: weight },
];
