// How soon the panel is ready, beside an empty page of an extension in the same browser.
//
//   node bench/panel.mjs ROUNDS [FOLDER PAGE]      after `cargo xtask build`; `cargo xtask bench panel` calls this
//
// In rounds, one of each after the other, each in a new tab; told is the median, and the median of the ratios of each
// round. The panel is ready when its module has drawn what is next; an empty page when it is there. FOLDER is another
// unpacked extension, PAGE a page of it: ready when the largest thing it paints in two seconds is painted.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../tests/browser/browser.mjs";
import { median } from "./median.mjs";

const EMPTY = fileURLToPath(new URL("../tests/browser/other", import.meta.url));
const SETTLED = 2_000; // milliseconds in which another extension's page paints its largest thing

/** Runs in a page before all of its own: when it was painted for the first time, and when its panel was drawn. */
function watch() {
  globalThis.seen = { largest: 0 };
  const painted = (name) => requestAnimationFrame(() => setTimeout(() => { globalThis.seen[name] = performance.now(); }));
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) globalThis.seen.largest = Math.max(globalThis.seen.largest, startTime);
  }).observe({ type: "largest-contentful-paint", buffered: true });
  addEventListener("DOMContentLoaded", () => {
    painted("there");
    const app = document.getElementById("app");
    if (!app) return;
    const look = () => app.getAttribute("aria-busy") === "false" && painted("drawn");
    new MutationObserver((_, observer) => { if (look()) observer.disconnect(); }).observe(app, { attributes: true });
  });
}

async function open(browser, address, ready) {
  const tab = await browser.page({ width: 420, height: 900 });
  try {
    await tab.addInitScript(watch);
    await tab.goto(address);
    return await ready(tab);
  } finally {
    await tab.close();
  }
}

const seen = (name) => async (tab) => (await tab.waitForFunction((name) => globalThis.seen[name], name)).jsonValue();

async function largest(tab) {
  await tab.waitForTimeout(SETTLED);
  return tab.evaluate(() => globalThis.seen.largest);
}

/** The id of the unpacked extension in this folder. */
async function idOf(browser, folder) {
  const page = await browser.visit("chrome://extensions");
  const all = await page.evaluate(() => chrome.developerPrivate.getExtensionsInfo({}));
  await page.close();
  return all.find(({ path }) => path === folder).id;
}

const [rounds, folder, page] = process.argv.slice(2);
const beside = folder && resolve(folder);
const browser = await launch({ extension: true, beside: [EMPTY, beside ?? []].flat() });
try {
  const at = async (folder, page) => `chrome-extension://${await idOf(browser, folder)}/${page}`;
  const contestants = [
    ["an empty page", await at(EMPTY, "page.html"), seen("there")],
    ["the panel", `chrome-extension://${browser.id}/panel.html`, seen("drawn")],
    ...beside ? [[page, await at(beside, page), largest]] : [],
  ];
  const times = contestants.map(() => []);
  // The first round warms the browser's caches, as any day but the first has them.
  for (let round = 0; round <= Number(rounds); round += 1) {
    for (const [index, [, address, ready]] of contestants.entries()) {
      const time = await open(browser, address, ready);
      if (round > 0) times[index].push(time);
    }
  }
  console.log("\n| Page of an extension, in Chromium | Ready, ms | Of an empty page |\n|---|--:|--:|");
  for (const [index, [name]] of contestants.entries()) {
    const ratio = median(times[index].map((ms, round) => ms / times[0][round]));
    console.log(`| ${name} | ${median(times[index]).toFixed(0)} | ${ratio.toFixed(2)} |`);
  }
} finally {
  await browser.close();
}
