// The whole job in Chromium, on the page itself, beside the bare stream of the same file; and how long the page stood still.
//
//   node bench/chromium.mjs FOLDER ROUNDS ROWS…      after the files are there; `cargo xtask bench users` calls this
//
// In rounds: the stream alone is read to its end and forgotten; then three fifths of it, which is about what the tool keeps,
// are put into a file of the browser's with no other work; then the tool makes the file of active users. Told is the median,
// and the median of the ratios of each round. The page counts the time between two turns of its own event loop.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../tests/browser/browser.mjs";
import { WWW } from "../tests/browser/places.mjs";
import { serve } from "../tests/browser/site.mjs";
import { median } from "./median.mjs";

/** Milliseconds of the bare stream of the chosen file. */
async function stream() {
  const began = performance.now();
  const reader = document.getElementById("users-file").files[0].stream().getReader();
  while (!(await reader.read()).done);
  return performance.now() - began;
}

/** Milliseconds from the start of the stream to a file of three fifths of it: less than that no tool can take. */
async function copy() {
  const began = performance.now();
  // By a name of the page's own: Chromium sweeps away what only a pending read knows of.
  const reader = globalThis.reading = document.getElementById("users-file").files[0].stream().getReader({ mode: "byob" });
  const gathered = new Uint8Array(16 << 20);
  const parts = [];
  let length = 0;
  const moveOut = () => { parts.push(new Blob([gathered.subarray(0, length)])); length = 0; };
  for (let room = new ArrayBuffer(1 << 20); ;) {
    const { done, value } = await reader.read(new Uint8Array(room));
    if (done) break;
    const kept = value.subarray(0, value.length * 0.6);
    if (length + kept.length > gathered.length) moveOut();
    gathered.set(kept, length);
    length += kept.length;
    room = value.buffer;
  }
  moveOut();
  new Blob(parts);
  return performance.now() - began;
}

/** Milliseconds from the choice to the account on the page, and the longest turn of the page's event loop meanwhile. */
async function job() {
  const status = document.getElementById("users-status");
  let [longest, running] = [0, true];
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    [longest, last] = [Math.max(longest, now - last), now];
    if (running) setTimeout(() => { last = performance.now(); port2.postMessage(0); }, 1);
  };
  const began = performance.now();
  document.getElementById("users-separator").dispatchEvent(new Event("change"));
  port2.postMessage(0);
  await new Promise((done) => {
    const look = () => (/active users kept\.$/.test(status.textContent) ? done() : setTimeout(look, 2));
    setTimeout(look, 2);
  });
  running = false;
  return { ms: performance.now() - began, longest };
}

async function measure(tab, file, rounds) {
  await tab.locator("#users-file").setInputFiles(file);
  await tab.locator("#users-status").filter({ hasText: "active users kept." }).waitFor({ timeout: 300_000 });
  const [streams, copies, jobs] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    streams.push(await tab.evaluate(stream));
    copies.push(await tab.evaluate(copy));
    jobs.push(await tab.evaluate(job));
  }
  const ofStream = (list) => median(list.map((ms, round) => ms / streams[round]));
  return {
    stream: median(streams),
    copy: median(copies),
    copyRatio: ofStream(copies),
    job: median(jobs.map(({ ms }) => ms)),
    ratio: ofStream(jobs.map(({ ms }) => ms)),
    longest: Math.max(...jobs.map(({ longest }) => longest)),
  };
}

const [folder, rounds, ...sizes] = process.argv.slice(2);
const { url, close } = await serve(WWW);
const browser = await launch({ extension: false });
try {
  const table = [];
  for (const rows of sizes.map(Number)) {
    for (const shape of ["plain", "quoted"]) {
      const file = join(folder, `${rows}-${shape}.csv`);
      if (!existsSync(file)) throw new Error(`${file} is not there: run \`cargo xtask bench users\``);
      const tab = await browser.visit(url);
      await tab.locator("html[data-ready=true]").waitFor();
      table.push({ rows, shape, ...await measure(tab, file, Number(rounds)) });
      await tab.close();
    }
  }
  writeFileSync(join(folder, "users-chromium.json"), JSON.stringify(table, null, 2));
  console.log("\n| File, in Chromium | Bare stream, s | Copy into a file, s | Of the stream | Whole job, s | Of the stream | Longest turn of the page, ms |\n|---|--:|--:|--:|--:|--:|--:|");
  for (const { rows, shape, stream, copy, copyRatio, job, ratio, longest } of table) {
    console.log(`| ${rows} rows, ${shape} | ${(stream / 1000).toFixed(3)} | ${(copy / 1000).toFixed(3)} | ${copyRatio.toFixed(2)} | ${(job / 1000).toFixed(3)} | ${ratio.toFixed(2)} | ${longest.toFixed(0)} |`);
  }
} finally {
  await browser.close();
  await close();
}
