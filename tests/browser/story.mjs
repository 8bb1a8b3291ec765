// One story: its lab, its browser, what it saw, and its end.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { FIREFOX, SCREENSHOTS } from "./places.mjs";
import { Lab } from "./lab.mjs";
import { launch } from "./browser.mjs";
import { launchFirefox } from "./firefox.mjs";
import { launchFox } from "./fox.mjs";
import { serve } from "./site.mjs";

/** How long a story may take that says nothing of it. */
export const TIMEOUT = 60_000;
const ENDING = 10_000;
const running = new Set();

/** Thrown by `skip(reason)`; counted apart from passed and failed. */
export class Skipped extends Error {}

/** Runs one story in a lab and a browser of its own; throws what went wrong. */
export async function tell(story) {
  const stage = { title: story.title, lab: null, browser: null, profile: undefined, sites: [], others: [], allowed: [] };
  running.add(stage);
  const limit = story.timeout ?? TIMEOUT;
  const stop = new AbortController();
  const late = pause(limit, null, { signal: stop.signal }).then(() => { throw new Error(`hung: not finished after ${limit / 1000} s`); });
  late.catch(() => {});
  try {
    await Promise.race([perform(story, stage), late]);
  } catch (error) {
    if (!(error instanceof Skipped)) await keep(stage, error);
    throw error;
  } finally {
    stop.abort();
    running.delete(stage);
    await end(stage);
  }
}

async function perform(story, stage) {
  if ((story.firefox || story.fox) && !FIREFOX) throw new Skipped("no Firefox here: install firefox-esr, or name the program in ORG2ORG_FIREFOX");
  if (story.lab !== false) stage.lab = await Lab.start({ seed: story.seed, flags: story.flags });
  if (story.killed) stage.profile = await mkdtemp(join(tmpdir(), "org2org-profile-"));
  stage.start = () => browserOf(story, stage.lab?.port, stage.profile);
  stage.browser = await stage.start();
  await story.run(offer(stage));
  const all = await Promise.all([stage.browser, ...stage.others].map((browser) => browser.complaints(stage.allowed)));
  const complaints = all.flat();
  if (complaints.length > 0) throw new Error(`the browser complained:\n${complaints.join("\n")}`);
}

function browserOf(story, port, profile) {
  if (story.fox) return launchFox({ port });
  return story.firefox ? launchFirefox({ port }) : launch({ port, extension: story.extension !== false, hosts: story.hosts, beside: story.beside, profile });
}

// What a story may use; the words are explained at the top of run.mjs.
function offer(stage, browser = stage.browser) {
  const { lab } = stage;
  return {
    lab,
    id: browser.id,
    fox: browser.fox === true,
    context: browser.context,
    deep: process.env.ORG2ORG_DEEP === "1",
    page: (size) => browser.page(size),
    panel: (query, size) => browser.open("panel.html", query, { width: 420, height: 900, ...size }),
    popup: (query, size) => browser.open("popup.html", query, { width: 360, height: 480, ...size }),
    tools: (size) => browser.open("tools/index.html", {}, size),
    grant: (origin) => browser.grant(origin),
    signIn: (name, login) => browser.visit(lab.session(name, login)),
    screenshot: (page, name) => picture(page, name),
    site: async (folder) => {
      const site = await serve(folder);
      stage.sites.push(site);
      return site;
    },
    allow: (pattern) => stage.allowed.push(pattern),
    another: async () => {
      const other = await stage.start();
      stage.others.push(other);
      return offer(stage, other);
    },
    kill: async () => {
      await stage.browser.kill();
      stage.browser = await stage.start();
      return offer(stage);
    },
    skip: (reason) => { throw new Skipped(reason); },
  };
}

async function picture(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  const file = join(SCREENSHOTS, `${name}.png`);
  // Hiding the caret would take a style of our own, which a page's policy refuses.
  await page.screenshot({ path: file, fullPage: true, caret: "initial", timeout: 5_000 });
  return file;
}

/** What each tab that is open says, as a reader would hear it begin: for a log where no picture is at hand. */
async function said(pages) {
  const parts = () => [...document.querySelectorAll("p.status, .notice, main")].filter((part) => part.checkVisibility()).map((part) => part.innerText).join(" ") || document.title;
  const text = (page) => page.evaluate(parts).catch((error) => `(${error.message})`);
  const lines = await Promise.all(pages.map(async (page) => `${page.url().slice(0, 100)}: ${(await Promise.race([text(page), pause(3_000, "(no answer)")])).replace(/\s+/g, " ").slice(0, 700)}`));
  return lines.join("\n");
}

// A failed story leaves what each tab showed, what the consoles said and what the lab did.
async function keep(stage, error) {
  const slug = `FAILED-${stage.title.replace(/[^\w]+/g, "-").slice(0, 80)}`;
  const pages = [stage.browser, ...stage.others].flatMap((browser) => browser?.context.pages() ?? []);
  const heard = await said(pages);
  if (error instanceof Error) error.stack += `\nThe tabs said:\n${heard}`;
  for (const [index, page] of pages.entries()) await picture(page, `${slug}-${index}`).catch(() => {});
  const effects = await stage.lab?.effects().catch(() => null);
  const parts = [String(error?.stack ?? error), ...pages.map((page) => page.url()), "", ...(stage.browser?.log ?? []), "", stage.lab?.said ?? "", JSON.stringify(effects, null, 1) ?? ""];
  await mkdir(SCREENSHOTS, { recursive: true });
  await writeFile(join(SCREENSHOTS, `${slug}.log`), parts.join("\n"));
}

async function end(stage) {
  const endings = [stage.browser?.close(), ...stage.others.map((browser) => browser.close()), ...stage.sites.map((site) => site.close()), stage.lab?.stop()];
  await Promise.race([Promise.allSettled(endings), pause(ENDING, null, { ref: false })]);
  if (stage.profile) await rm(stage.profile, { recursive: true, force: true, maxRetries: 5 });
}

/** Ends every story under way; called when the person stops the run. */
export const endAll = () => Promise.allSettled([...running].map(end));
