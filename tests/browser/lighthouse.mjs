// Lighthouse over the built page, as a phone on a slow network would have it, and its first paint beside that of a bare page.
//
//   node tests/browser/lighthouse.mjs      (`cargo xtask test` builds first and calls this)
//
// Seconds are printed. What a busy machine cannot change is held to 100; the score that rests on seconds only in the long run.

import { createServer } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { CHROMIUM, WWW } from "./places.mjs";
import { serve } from "./site.mjs";

const DEEP = process.env.ORG2ORG_DEEP === "1";
/** The least score of each category; of those without one the score is printed alone. */
const LEAST = { accessibility: 100, "best-practices": 100, seo: 100, ...(DEEP ? { performance: 95 } : {}) };
const PAINTS = 9;
const BARE = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Bare</title><h1>Org2Org Assistant</h1><p>A page with nothing but its text.</p></html>";

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

function launch(port) {
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = [...root, "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", `--remote-debugging-port=${port}`];
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args });
}

/** The audits that took something off a score, each with what it found. */
function faults({ auditRefs }, audits) {
  const bad = auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1);
  return bad.map(({ id }) => `    ${id}: ${audits[id].title} ${audits[id].displayValue ?? ""} ${JSON.stringify(audits[id].details?.items ?? []).slice(0, 600)}`);
}

/** Judges one address; tells how many scores are good enough and how many are not. */
async function judge(url, port) {
  const { lhr } = await lighthouse(url, { port, logLevel: "error", onlyCategories: ["accessibility", "best-practices", "seo", "performance"] });
  if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
  const count = { passed: 0, failed: 0 };
  for (const category of Object.values(lhr.categories)) {
    const score = Math.round(category.score * 100);
    const least = LEAST[category.id];
    console.log(`  ${category.id} ${score}${least ? ` of at least ${least}` : ""}`);
    if (score < 100) console.log(faults(category, lhr.audits).join("\n"));
    if (least) count[score >= least ? "passed" : "failed"] += 1;
  }
  const seconds = ["first-contentful-paint", "largest-contentful-paint", "speed-index", "total-blocking-time"];
  console.log(`  ${seconds.map((id) => `${id} ${lhr.audits[id].displayValue}`).join(", ")}`);
  return count;
}

/** Milliseconds until an address is painted for the first time in this tab. */
async function painted(page, url) {
  await page.goto(url, { waitUntil: "load" });
  const { startTime } = await page.evaluate(() => new Promise((seen) => new PerformanceObserver((list) => seen(list.getEntriesByName("first-paint")[0].toJSON())).observe({ type: "paint", buffered: true })));
  return startTime;
}

/** In a browser that has never been there, whose tab begins with it. */
async function atFirst(browser, url) {
  const context = await browser.newContext();
  const time = await painted(await context.newPage(), url);
  await context.close();
  return time;
}

const middle = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Both pages in turn, so that what else the machine does falls on both. */
async function compare(what, paint, url, bare) {
  const times = { page: [], bare: [] };
  for (let turn = 0; turn < PAINTS; turn += 1) {
    times.page.push(await paint(url));
    times.bare.push(await paint(bare));
  }
  const [own, other] = [middle(times.page), middle(times.bare)];
  console.log(`  first paint ${what}, middle of ${PAINTS}: ${own.toFixed(0)} ms; of a bare page ${other.toFixed(0)} ms; ${(own / other).toFixed(2)} times as long`);
}

/** In a new tab each time, which costs what starting a tab costs, and in one that is there; nothing comes from a cache. */
async function paints(browser, url, bare) {
  await compare("of a new tab", (address) => atFirst(browser, address), url, bare);
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  await (await context.newCDPSession(page)).send("Network.setCacheDisabled", { cacheDisabled: true });
  for (const address of [url, bare, url, bare]) await painted(page, address);
  await compare("in an open tab", (address) => painted(page, address), url, bare);
  await context.close();
}

async function main() {
  const folder = await mkdtemp(join(tmpdir(), "org2org-bare-"));
  await writeFile(join(folder, "index.html"), BARE);
  const [site, bare, port] = [await serve(WWW), await serve(folder), await freePort()];
  const browser = await launch(port);
  try {
    await paints(browser, site.url, bare.url);
    const { passed, failed } = await judge(site.url, port);
    console.log(`lighthouse: ${passed} passed, ${failed} failed, 0 skipped`);
    return failed === 0 ? 0 : 1;
  } finally {
    await browser.close();
    await Promise.all([site.close(), bare.close(), rm(folder, { recursive: true })]);
  }
}

main().then((code) => process.exit(code), (error) => {
  console.error(`lighthouse: ${error?.stack ?? error}`);
  process.exit(2);
});
