// Browser journeys: stories told in real Chromium with the built package dist/extension, some in Firefox too.
//
//   node tests/browser/run.mjs [FILTER] [--at-once N]      (`cargo xtask test` builds first and calls this)
//
// A file NAME.journey.mjs exports stories = [{ name, run, lab, extension, firefox, everywhere, beside, killed, seed, flags, hosts, timeout }]. `run(story)` gets:
//   lab         its own lab process (lab: false for none): orgs, org("acme"), dump(), effects(), fault(…), stop(), start() …, see lab.mjs
//   id          id of the loaded extension (extension: false loads none);  context: Playwright's persistent context
//   page({ width, height, dark })      a new tab, closed with the story;  signIn(org, login?) → its console's tab
//   panel(query?, size?), popup(query?, size?), tools(size?)   the extension's pages as tabs;  grant(origin)  a host permission
//   screenshot(page, name)             → target/screenshots/NAME.png
//   site(folder)                       a static file server → { url, close }
//   another()                          the same in one more browser, for a second person → a story of its own
//   allow(/text/)                      a console error this story means to cause;  skip(reason)  leaves it out, counted
// With `everywhere: true` it is told twice, the second time in Firefox with dist/firefox and twice the time; `story.fox` tells which.
// With `everywhere: "deep"` the second time comes under --deep only.
// Under --deep every story is told three times.
// `beside` is the folder of an extension that Chromium loads as well.
// With `killed: true` its Chromium has a profile that lasts: kill() ends all its processes at once and starts it again, and gives
// the story anew.
// With `firefox: true` it is told in Firefox, without the extension; then only lab, signIn, skip and a tab's evaluate() are there.
// A story fails on a thrown error, its timeout (60 s unless it says more), a console error or CSP report of our
// pages, or any request that leaves this machine. What it looked like then is kept in target/screenshots/FAILED-*.
// Okta's host names, and those in `hosts`, reach the lab by Chromium's resolver rules; every other name resolves to nothing.

import { readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SCREENSHOTS } from "./places.mjs";
import { tell, endAll, Skipped, TIMEOUT } from "./story.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
/** How often each story is told, one round after the other: what fails one time in three is no accident. */
const ROUNDS = process.env.ORG2ORG_DEEP === "1" ? 3 : 1;

function options(words) {
  const at = words.indexOf("--at-once");
  // A story mostly waits for calls that are paced as a real org asks, so two go together even on two cores.
  const several = Math.min(2, availableParallelism());
  const atOnce = at < 0 ? several : Number(words.splice(at, 2)[1]);
  if (!Number.isInteger(atOnce) || atOnce < 1) throw new Error("--at-once needs a number from 1");
  return { atOnce, filter: (words[0] ?? "").toLowerCase() };
}

async function discover(filter) {
  const files = (await readdir(HERE)).filter((name) => name.endsWith(".journey.mjs")).sort();
  const found = [];
  for (const file of files) {
    const journey = basename(file, ".journey.mjs");
    const { stories } = await import(pathToFileURL(join(HERE, file)));
    if (!Array.isArray(stories) || stories.length === 0) throw new Error(`${file} exports no stories`);
    found.push(...stories.flatMap((story) => inBrowsers({ ...story, title: `${journey}: ${story.name}` })));
  }
  const twice = found.find((story, index) => found.findIndex(({ title }) => title === story.title) !== index);
  if (twice) throw new Error(`two stories are called "${twice.title}"`);
  return found.filter(({ title }) => title.toLowerCase().includes(filter));
}

// Firefox is driven through one more hand, and its headless pages draw slower.
function inBrowsers(story) {
  const fox = { ...story, fox: true, title: `${story.title} (Firefox)`, timeout: 2 * (story.timeout ?? TIMEOUT) };
  const twice = story.everywhere === true || (story.everywhere === "deep" && process.env.ORG2ORG_DEEP === "1");
  return twice ? [story, fox] : [story];
}

async function judge(story, count) {
  const since = performance.now();
  const seconds = () => `(${((performance.now() - since) / 1000).toFixed(1)} s)`;
  try {
    await tell(story);
    count.passed += 1;
    console.log(`ok ${story.title} ${seconds()}`);
  } catch (error) {
    if (error instanceof Skipped) {
      count.skipped += 1;
      console.log(`skipped ${story.title}: ${error.message}`);
      return;
    }
    count.failed += 1;
    console.log(`FAILED ${story.title} ${seconds()}\n  ${String(error?.stack ?? error).replaceAll("\n", "\n  ")}`);
  }
}

async function main() {
  const { atOnce, filter } = options(process.argv.slice(2));
  const stories = await discover(filter);
  const waiting = Array.from({ length: ROUNDS }, () => stories).flat();
  if (waiting.length === 0) throw new Error(`no story has "${filter}" in its name`);
  if (filter === "") await rm(SCREENSHOTS, { recursive: true, force: true });
  const count = { passed: 0, failed: 0, skipped: 0 };
  const work = async () => { for (let story = waiting.shift(); story; story = waiting.shift()) await judge(story, count); };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(`journeys: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count.failed === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => endAll().finally(() => process.exit(130)));
main().then((code) => process.exit(code), async (error) => {
  console.error(`journeys: ${error?.stack ?? error}`);
  await endAll();
  process.exit(2);
});
