// The static page: from any file server, without a word to anyone.

import assert from "node:assert/strict";
import { WWW } from "./places.mjs";
import { saved } from "./saved.mjs";

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
  await tab.getByRole("link", { name: "Checklists" }).click();
  await tab.getByRole("heading", { name: "Sign in to the target through the source (SAML 2.0)" }).waitFor();
  const all = await logged();
  // The service worker keeps copies for use without a network; what it asks for again has not changed.
  await tab.evaluate(async () => (await navigator.serviceWorker.ready).active.state);
  console.log(`  page transfer, gzip: a visit ${kb(visit)}, with every tool used ${kb(all)}, and kept for offline use ${kb(bytes())}`);
  assert.ok(visit > 100 * KB, "the log has missed the module");
  assert.ok(bytes() <= MOST, `${kb(bytes())} of ${kb(MOST)}: ${JSON.stringify(sent)}`);
  const modules = sent.filter(([path]) => path.endsWith(".wasm"));
  assert.equal(modules.length, 1, "the module is sent once");
}

async function checklists({ page, site, screenshot }) {
  const { url } = await site(WWW);
  const tab = await page();
  const asked = [];
  await tab.goto(`${url}#checklist`);
  await tab.locator("html[data-ready=true]").waitFor();
  await tab.waitForLoadState("networkidle");
  tab.on("request", (request) => asked.push(request.url()));
  const kept = () => tab.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.equal(await kept(), "{}", "nothing is kept before something is said");
  await tab.getByLabel("Procedure").selectOption("bookmarks");
  await tab.getByRole("heading", { name: "Open target apps from the source's dashboard" }).waitFor();
  await tab.locator("#list-source").fill("acme.okta.com");
  await tab.locator("#list-target").fill("hub.okta.com.evil.com");
  await tab.locator("#list-status .trouble").waitFor();
  await tab.locator("#list-target").fill("hub.okta.com");
  await tab.locator("#list-status .trouble").waitFor({ state: "detached" });
  await tab.getByText("Your own values", { exact: true }).click();
  await tab.locator("#list-value-bookmark-label").fill("Expenses <b>");
  await tab.locator("#list-steps").getByText(": Expenses <b>").first().waitFor();
  const secret = "-----BEGIN PRIVATE KEY-----c2VjcmV0LWNhbmFyeQ";
  await tab.locator("#list-value-embed-link").fill(secret);
  await tab.locator("#list-status .trouble").waitFor();
  const link = tab.locator("#list-value-embed-link");
  const token = "00QCjAl4MlV-WPXM_ABCDEFGHIJKLMNOPQRSTUVWXY";
  await link.fill(token);
  await tab.locator("#list-status").getByText("(value-secret)").waitFor();
  assert.equal(await link.getAttribute("aria-invalid"), "true");
  assert.ok(!(await tab.locator("#list-steps").innerText()).includes(token), "a token is in no step");
  assert.ok(!(await kept()).includes(token), "a token is not kept");
  await link.fill("");
  await tab.locator("#list-status .trouble").waitFor({ state: "detached" });
  assert.equal(await link.getAttribute("aria-invalid"), "false");
  const first = tab.locator("#list-steps input[type=checkbox]").first();
  await first.check();
  assert.ok(!(await kept()).includes("c2VjcmV0LWNhbmFyeQ"), "a secret is not kept");
  await screenshot(tab, "checklist");
  const markdown = await saved(tab, "Save as Markdown");
  assert.equal(markdown.name, "bookmarks.md");
  assert.match(markdown.text, /^- \[x\] /m);
  assert.match(markdown.text, /https:\/\/acme-admin\.okta\.com\/admin\//);
  const html = await saved(tab, "Save as HTML");
  assert.match(html.text, /Expenses &lt;b&gt;/);
  const json = JSON.parse((await saved(tab, "Save as JSON")).text);
  assert.deepEqual(json[0].steps.map(({ done }) => done), json[0].steps.map((_, at) => at === 0));
  await tab.reload();
  await tab.locator("#list-steps input[type=checkbox]").first().waitFor();
  assert.equal(await tab.getByLabel("Procedure").inputValue(), "bookmarks");
  assert.equal(await tab.locator("#list-source").inputValue(), "acme.okta.com");
  assert.equal(await tab.locator("#list-steps input:checked").count(), 1);
  await tab.setViewportSize({ width: 320, height: 640 });
  assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 320, "no sideways scrolling");
  await tab.emulateMedia({ colorScheme: "dark" });
  await screenshot(tab, "checklist-narrow");
  await tab.getByRole("button", { name: "Forget ticks and values" }).click();
  await tab.getByText("✓ Forgotten.").waitFor();
  assert.equal(await kept(), "{}");
  assert.equal(await tab.locator("#list-steps input:checked").count(), 0);
  assert.deepEqual(asked.filter((address) => !address.startsWith(url) && !address.startsWith("blob:")), []);
}

/** Lets go of a file over a box, as a person does with the mouse. */
const drop = (tab, box, name, text) => tab.locator(box).evaluate((area, [name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  for (const type of ["dragenter", "dragover", "drop"]) area.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}, [name, text]);

async function dropped({ page, site }) {
  const { url } = await site(WWW);
  const tab = await page();
  await tab.goto(url);
  await tab.locator("html[data-ready=true]").waitFor();
  await drop(tab, "#users-drop", "report.csv", "User,Login,Status\nAda,ada@example.com,ACTIVE\nBo,bo@example.com,STAGED\n");
  await tab.locator("#users-status").filter({ hasText: "report.csv: 2 rows, 1 active users kept" }).waitFor();
  await tab.getByRole("link", { name: "Bookmark URL" }).click();
  const link = "https://hub.okta.com/home/expenses/0oa1abcdefghijklmnop/42";
  await drop(tab, "#batch-drop", "links.csv", `${link}\n`);
  await tab.waitForFunction((link) => document.getElementById("batch-links").value.trim() === link, link);
  await tab.getByRole("link", { name: "Keys" }).click();
  await drop(tab, "#keys-drop", "key.pem", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
  await tab.locator("#keys-status").getByText("Refused:").waitFor();
  // Beside the boxes a file does nothing; the browser would leave the page for it.
  await drop(tab, "h1", "other.html", "<title>other</title>");
  assert.equal(await tab.title(), "Org2Org Assistant: tools");
}

async function installable({ page, site }) {
  const { url } = await site(WWW);
  const tab = await page();
  await tab.goto(url);
  await tab.locator("html[data-ready=true]").waitFor();
  const browser = await tab.context().newCDPSession(tab);
  const { errors, data } = await browser.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.ok(manifest.name && manifest.icons.length > 0 && ["standalone", "minimal-ui"].includes(manifest.display), data);
  assert.ok(new URL(manifest.start_url, url).href.startsWith(url));
  for (const { src } of manifest.icons) assert.equal((await tab.request.get(new URL(src, url).href)).status(), 200, src);
  const scope = await tab.evaluate(async () => (await navigator.serviceWorker.ready).scope);
  assert.equal(scope, url);
}

export const stories = [
  { name: "files are dropped on every box, and beside them do nothing", lab: false, extension: false, run: dropped },
  { name: "can be installed: a sound manifest and a service worker for all of it", lab: false, extension: false, run: installable },
  { name: "a checklist takes own values and ticks, is saved in three forms, kept and forgotten", lab: false, extension: false, timeout: 120_000, run: checklists },
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
