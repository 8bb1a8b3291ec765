// Firefox with the built add-on in a throw-away profile, driven as Chromium is: Playwright over WebDriver BiDi, through bidi.mjs.

import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { firefox } from "playwright-core";
import { WebSocket } from "ws";
import { preferences } from "./firefox.mjs";
import { ADDON, ROOT } from "./places.mjs";

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), "bidi.mjs");
const STARTING = 40_000;
const OPENING = 20_000;
/** Firefox makes one up for each profile; a story must know it. */
const HOST = "7b1c0a52-94de-4c1f-8d2e-5a6f3c9b1e04";

async function addonPreferences() {
  const { browser_specific_settings: { gecko } } = JSON.parse(await readFile(join(ADDON, "manifest.json"), "utf8"));
  return {
    "extensions.webextensions.uuids": JSON.stringify({ [gecko.id]: HOST }),
    // A headless browser shows no prompt: a request in a person's click is granted, any other is refused as ever.
    "extensions.webextOptionalPermissionPrompts": false,
    "devtools.console.stdout.content": true,
    // A script of Playwright in a tab that goes elsewhere would be ended without an answer.
    "dom.ipc.cancel_content_js_when_navigating": false,
  };
}

/** Starts Firefox with the add-on installed for its life; all hosts lead to the lab's port. */
export async function launchFox({ port }) {
  // Firefox's first tab changes its process while it starts. Once in a while, on a busy machine, Playwright's word to it is
  // lost on the way, before any story has begun: then another Firefox is started.
  const fox = await start(port).catch(() => start(port));
  try {
    await fox.install();
  } catch (error) {
    await fox.close();
    throw error;
  }
  return fox;
}

async function start(port) {
  await mkdir(join(ROOT, "target"), { recursive: true });
  const profile = await mkdtemp(join(ROOT, "target/fox-"));
  const firefoxUserPrefs = { ...preferences(port ?? 1), ...await addonPreferences() };
  const options = { channel: "moz-firefox", executablePath: PROGRAM, headless: true, args: ["--remote-allow-system-access"], ignoreHTTPSErrors: true, firefoxUserPrefs, timeout: STARTING };
  try {
    return new Fox(await firefox.launchPersistentContext(profile, options), profile);
  } catch (error) {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

class Fox {
  id = HOST;
  fox = true;
  log = [];
  #errors = [];
  #waiting = new Map();
  #count = 0;

  constructor(context, profile) {
    Object.assign(this, { context, profile });
    context.setDefaultTimeout(90_000);
    context.on("weberror", (thrown) => this.#errors.push(String(thrown.error()?.stack ?? thrown.error())));
    context.on("console", (message) => this.log.push(`[${message.type()}] ${message.text()}`));
  }

  async install() {
    const port = await readFile(join(this.profile, "aside"), "utf8");
    this.aside = new WebSocket(`ws://127.0.0.1:${port}/aside`);
    await new Promise((open, failed) => this.aside.on("open", open).on("error", failed));
    this.aside.on("message", (data) => {
      const answer = JSON.parse(data);
      this.#waiting.get(answer.id)?.(answer);
    });
    const { error, message } = await this.#ask("webExtension.install", { extensionData: { type: "path", path: ADDON } });
    if (error) throw new Error(`the add-on was not installed: ${error}: ${message}`);
    await this.#hear();
  }

  #ask(method, params = {}) {
    const id = this.#count += 1;
    return new Promise((done) => {
      this.#waiting.set(id, done);
      this.aside.send(JSON.stringify({ id, method, params }));
    });
  }

  async #hear() {
    const { result } = await this.#ask("said");
    this.#errors.push(...result.slice(this.heard ?? 0));
    this.heard = result.length;
  }

  /** Errors of the extension's pages and the orgs', but for what the story allows. No name leads out of this machine. */
  async complaints(allowed) {
    await this.#hear();
    return this.#errors.filter((line) => !allowed.some((pattern) => pattern.test(line)));
  }

  /** A new tab of this size. */
  page(size) {
    return this.#opened(() => this.#blank(size));
  }

  /** A new tab at this address. */
  visit(address, size) {
    return this.#opened(async () => {
      const page = await this.#blank(size);
      await page.goto(address, { timeout: OPENING });
      return page;
    });
  }

  async #blank({ width = 1280, height = 800 } = {}) {
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    return page;
  }

  // A new tab changes its process as the first one does, and Playwright's word to it can be lost in the same way. Nothing
  // was done in it yet: another is opened.
  async #opened(open) {
    for (let left = 2; ; left -= 1) {
      const stop = new AbortController();
      const tab = open();
      try {
        return await Promise.race([tab, pause(OPENING, null, { signal: stop.signal }).then(() => { throw new Error("Firefox opened no tab"); })]);
      } catch (error) {
        tab.then((late) => late.close()).catch(() => {});
        if (left === 0) throw error;
        this.log.push(`opened another tab: ${error.message}`);
      } finally {
        stop.abort();
      }
    }
  }

  /** A page of the add-on as a tab. */
  open(file, query = {}, size = {}) {
    return this.visit(`moz-extension://${HOST}/${file}?${new URLSearchParams(query)}`, size);
  }

  /** Nothing: what is asked for in a click is granted. */
  async grant() {}

  /** Ends Firefox and forgets its profile. */
  async close() {
    this.aside?.close();
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
