// Chromium with the built extension in a throw-away profile, and a record of all it complained about.

import { spawnSync } from "node:child_process";
import { chromium } from "playwright-core";
import { CHROMIUM, EXTENSION } from "./places.mjs";

const QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
const LAB_HOST = /^[a-z0-9-]+\.(?:okta|oktapreview|okta-emea|okta-gov)\.com$|^[a-z0-9-]+\.okta\.mil$/;
const FAMILIES = ["okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil"];

// Names that are not mapped to the lab resolve to nothing, so that no story can reach a real host.
function rules(port, hosts) {
  const names = [...FAMILIES.map((family) => `*.${family}`), ...hosts];
  const mapped = port ? names.map((name) => `MAP ${name}:443 127.0.0.1:${port}`) : [];
  return [...mapped, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"].join(", ");
}

function flags({ port, extension, hosts, beside }) {
  const folders = [EXTENSION, ...beside].join(",");
  const loaded = extension ? [`--disable-extensions-except=${folders}`, `--load-extension=${folders}`] : [];
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return [...QUIET, ...root, ...loaded, `--host-resolver-rules=${rules(port, hosts)}`, "--ignore-certificate-errors"];
}

/**
 * Starts Chromium; `port` is the lab's, or undefined when no org is reachable; `hosts` lead to the lab too; `beside` is another
 * extension. A `profile` is a folder that outlives it; without one the profile is thrown away.
 */
export async function launch({ port, extension, hosts = [], beside, profile = "" }) {
  const ignoreDefaultArgs = extension ? ["--disable-extensions"] : [];
  const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, headless: true, ignoreDefaultArgs, args: flags({ port, extension, hosts, beside: [beside ?? []].flat() }), ignoreHTTPSErrors: true });
  const browser = new Browser(context, hosts, profile);
  if (extension) await browser.meet();
  return browser;
}

class Browser {
  id = null;
  log = [];
  #errors = [];
  #outside = [];

  constructor(context, hosts, profile) {
    this.context = context;
    this.hosts = hosts;
    this.profile = profile;
    // A machine with other work is slow; what never comes is told all the same.
    context.setDefaultTimeout(45_000);
    context.on("console", (message) => this.#hear(message));
    context.on("weberror", (thrown) => this.#complain(thrown.page()?.url() ?? "", String(thrown.error()?.stack ?? thrown.error())));
    context.on("request", (request) => this.#watch(request.url()));
  }

  // The id of an unpacked extension stands in the address of its service worker.
  async meet() {
    const worker = this.context.serviceWorkers()[0] ?? await this.context.waitForEvent("serviceworker");
    this.id = new URL(worker.url()).host;
    worker.on?.("console", (message) => this.#hear(message));
  }

  #hear(message) {
    const from = message.location()?.url || message.page()?.url() || "";
    this.log.push(`[${message.type()}] ${from}: ${message.text()}`);
    if (message.type() !== "error") return;
    // A refused call of a story with faults is logged by the org's own page; that is no error of ours.
    const refusedCall = message.text().startsWith("Failed to load resource") && !from.startsWith("chrome-extension:");
    if (!refusedCall || !isLab(from)) this.#errors.push(`${from}: ${message.text()}`);
  }

  #complain(from, text) {
    this.log.push(`[thrown] ${from}: ${text}`);
    this.#errors.push(`${from}: ${text}`);
  }

  #watch(address) {
    if (!URL.canParse(address)) return this.#outside.push(address);
    const { protocol, hostname } = new URL(address);
    const local = !/^(?:https?|wss?):$/.test(protocol) || hostname === "127.0.0.1" || LAB_HOST.test(hostname) || this.hosts.includes(hostname);
    if (!local) this.#outside.push(address);
  }

  /** Console errors, thrown errors, CSP reports and requests to the outside, but for what the story allows. */
  complaints(allowed) {
    const errors = this.#errors.filter((line) => !allowed.some((pattern) => pattern.test(line)));
    return [...errors, ...this.#outside.map((address) => `request to the outside: ${address}`)];
  }

  /** A new tab of this size. */
  async page({ width = 1280, height = 800, dark = false } = {}) {
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    return page;
  }

  /** A new tab at this address. */
  async visit(address, size) {
    const page = await this.page(size);
    await page.goto(address);
    return page;
  }

  /** A page of the extension as a tab; a side panel or popup cannot be driven otherwise. */
  open(file, query = {}, size = {}) {
    return this.visit(`chrome-extension://${this.id}/${file}?${new URLSearchParams(query)}`, size);
  }

  /** Lets the extension's own request for this origin be answered yes without a prompt. */
  async grant(origin) {
    const page = await this.context.newPage();
    await page.goto("chrome://extensions");
    await page.evaluate(([id, pattern]) => chrome.developerPrivate.addHostPermission(id, pattern), [this.id, `${origin}/*`]);
    await page.close();
  }

  /** Ends every process of Chromium at once, as a crash of the machine would; its profile stays as it lies. */
  async kill() {
    const gone = new Promise((done) => this.context.once("close", done));
    const { error } = spawnSync("pkill", ["-KILL", "-f", this.profile]);
    if (error) throw new Error(`pkill did not run (${error.message}): install procps`);
    await gone;
  }

  /** Ends Chromium and forgets its profile. */
  close() {
    return this.context.close();
  }
}

function isLab(address) {
  try {
    return LAB_HOST.test(new URL(address).hostname);
  } catch {
    return false;
  }
}
