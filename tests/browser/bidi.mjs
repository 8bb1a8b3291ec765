#!/usr/bin/env node
// Started by Playwright in place of Firefox: starts the real one and stands between the two, as each lacks something.
//
// Playwright speaks newer commands than a long-supported Firefox knows: what only sets the stage is answered in its place.
// Playwright evaluates by `eval`, which the extension's own policy refuses: functions are written into the call instead.
// Firefox tells nothing of an extension's pages, neither realm nor load nor end: it is asked, and what it says is told as an
// event.
// A second connection to /aside sends commands of its own, such as `webExtension.install`; `said` gives what Firefox wrote
// of errors, as an extension's console is not told either.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { WebSocket, WebSocketServer } from "ws";
import { FIREFOX } from "./places.mjs";

const OWN = 1_000_000_000;
/** Commands whose absence changes nothing that a story looks at, and what they answer. */
const OPTIONAL = {
  "browser.setDownloadBehavior": {},
  "emulation.setMediaFeaturesOverride": {},
  "emulation.setScreenOrientationOverride": {},
  "emulation.setScreenSettingsOverride": {},
  "network.addDataCollector": { collector: "none" },
  "network.removeDataCollector": {},
};
const EVALUATE = "(utilityScript, ...args) => utilityScript.evaluate(...args)";
// What Playwright brings into a page for typing, by compiling text there.
const TYPING = `window.__pw_bidiInsertText ??= (text) => {
  const field = document.activeElement;
  if (typeof field?.value !== "string") return;
  const caret = (field.selectionStart ?? field.value.length) + text.length;
  field.value = field.selectionStart === null ? field.value + text : field.value.slice(0, field.selectionStart) + text + field.value.slice(field.selectionEnd);
  if (field.selectionStart !== null) field.setSelectionRange(caret, caret);
  field.dispatchEvent(new InputEvent("input", { data: text, bubbles: true, composed: true }));
};`;
// Texts that come with a call are compiled with it; `eval` then finds them, alone or in brackets, and compiles nothing.
const MADE = `
  const made = globalThis.org2orgMade ??= new Map();
  if (made.size === 0) {
    ${TYPING}
    const real = globalThis.eval;
    globalThis.eval = (text) => {
      const known = made.get(text) ?? made.get(text.slice(1, -1));
      if (known) return known();
      return text.includes("bidiInsertText") ? class {} : real(text);
    };
  }`;
const LOADED = `document.readyState === "complete" ? true : new Promise((done) => window.addEventListener("load", () => done(true)))`;

class Between {
  #waiting = new Map();
  #count = OWN;
  #queue = [];
  /** Realms of extension pages by their tab: they end without a word. */
  #realms = new Map();

  constructor(playwright, address) {
    this.playwright = playwright;
    this.firefox = new WebSocket(address, { perMessageDeflate: false });
    playwright.on("message", (data) => this.#toFirefox(JSON.parse(data))).on("close", () => this.firefox.close());
    this.firefox.on("open", () => { for (const text of this.#queue.splice(0)) this.firefox.send(text); });
    this.firefox.on("message", (data) => this.#toPlaywright(JSON.parse(data)));
    this.firefox.on("close", () => playwright.close()).on("error", () => playwright.close());
  }

  #send(command) {
    const text = JSON.stringify(command);
    if (this.firefox.readyState === WebSocket.OPEN) this.firefox.send(text);
    else this.#queue.push(text);
  }

  /** A command of our own: its whole answer. */
  ask(method, params) {
    const id = this.#count += 1;
    return new Promise((done) => {
      this.#waiting.set(id, done);
      this.#send({ id, method, params });
    });
  }

  #toFirefox(command) {
    const { id, method, params } = command;
    if (Object.hasOwn(OPTIONAL, method)) this.#waiting.set(id, (answer) => this.#pass(answer.error === "unknown command" ? { type: "success", id, result: OPTIONAL[method] } : answer));
    if (method === "browsingContext.close" && this.#realms.has(params.context)) this.#waiting.set(id, (answer) => this.#closed(params.context, answer));
    if (method === "script.evaluate" && params.target.context) this.#waiting.set(id, (answer) => { this.#note(params.target.context, answer); this.#pass(answer); });
    if (method === "script.callFunction" && params.functionDeclaration === EVALUATE) {
      const known = functionsIn(params.arguments).map((text) => `made.set(${JSON.stringify(text)}, () => (\n${text}\n));`);
      if (known.length > 0) params.functionDeclaration = `(utilityScript, ...args) => { ${MADE} ${known.join("\n")} return utilityScript.evaluate(...args); }`;
    }
    this.#send(command);
  }

  #toPlaywright(message) {
    const done = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (done) return done(message);
    this.#pass(message);
    if (message.method === "browsingContext.navigationCommitted") this.#committed(message.params);
  }

  #pass(message) {
    this.playwright.send(JSON.stringify(message));
  }

  #event(method, params) {
    this.#pass({ type: "event", method, params });
  }

  #note(context, { result }) {
    if (result?.realm) this.#realms.get(context)?.add(result.realm);
  }

  #closed(context, answer) {
    this.#pass(answer);
    if (answer.type !== "success") return;
    this.#realms.delete(context);
    this.#event("browsingContext.contextDestroyed", { context, parent: null, children: [], url: "about:blank", userContext: "default", originalOpener: null });
  }

  async #committed({ context, url, navigation }) {
    for (const realm of this.#realms.get(context) ?? []) this.#event("script.realmDestroyed", { realm });
    this.#realms.delete(context);
    if (!url.startsWith("moz-extension:")) return;
    this.#realms.set(context, new Set());
    const answer = await this.ask("script.evaluate", { expression: LOADED, target: { context }, awaitPromise: true });
    if (!answer.result?.realm) return;
    this.#note(context, answer);
    const told = { context, navigation, timestamp: Date.now(), url };
    this.#event("script.realmCreated", { realm: answer.result.realm, origin: new URL(url).origin, context, type: "window" });
    this.#event("browsingContext.domContentLoaded", told);
    this.#event("browsingContext.load", told);
  }
}

/** Every text in a call's arguments that is a function. */
function functionsIn(value) {
  if (typeof value === "string") return isFunction(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(functionsIn) : [];
}

function isFunction(text) {
  if (!/=>|\bfunction\b/.test(text)) return false;
  try {
    return Boolean(new Function(`return (\n${text}\n)`));
  } catch {
    return false;
  }
}

let between = null;
const said = [];

async function aside(client, data) {
  const { id, method, params } = JSON.parse(data);
  const answer = method === "said" ? { result: said } : await between.ask(method, params);
  client.send(JSON.stringify({ ...answer, id }));
}

// Firefox's own loader of settings complains that it reaches no server, as it should.
const ITS_OWN = /^console\.error: RSLoader: /;

// A thrown error of an extension's page, or what a page wrote to its console as one.
function hear(line) {
  if (/^JavaScript error: moz-extension:|^console\.error: /.test(line) && !ITS_OWN.test(line)) said.push(line);
}

function listen(profile, address) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("listening", () => {
    const { port } = server.address();
    writeFileSync(join(profile, "aside"), String(port));
    console.error(`WebDriver BiDi listening on ws://127.0.0.1:${port}`);
  });
  server.on("connection", (client, { url }) => {
    if (url === "/aside") client.on("message", (data) => aside(client, data));
    else between = new Between(client, address + url);
  });
}

const words = process.argv.slice(2);
const firefox = spawn(FIREFOX, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: "1" } });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => firefox.kill(signal));
firefox.on("error", (error) => { console.error(String(error)); process.exit(1); }).on("exit", (code) => process.exit(code ?? 1));
createInterface({ input: firefox.stdout }).on("line", hear);
createInterface({ input: firefox.stderr }).on("line", (line) => {
  hear(line);
  const [, address] = line.match(/^WebDriver BiDi listening on (ws:\/\/\S+)$/) ?? [];
  if (address) listen(words[words.indexOf("--profile") + 1], address);
  else console.error(line);
});
