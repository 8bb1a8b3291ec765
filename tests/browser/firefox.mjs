// Firefox in a throw-away profile, driven over Marionette, the protocol that it speaks by itself: no driver program is needed.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { FIREFOX, ROOT } from "./places.mjs";

const STARTING = 40_000;

// Every name leads to the lab's port, so that no story can reach a real host; what Firefox asks for by itself ends there too.
export const preferences = (port) => ({
  "network.dns.forceResolve": "127.0.0.1",
  "network.socket.forcePort": `443=${port};80=${port}`,
  "network.proxy.type": 0,
  "network.trr.mode": 5,
  "network.http.http3.enable": false,
  // A machine with other work is slow, not stuck.
  "dom.max_script_run_time": 0,
  "dom.max_chrome_script_run_time": 0,
  // Nor is one with little memory: a console's tab that is put aside must not look like one that was closed.
  "browser.tabs.unloadOnLowMemory": false,
  "app.update.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "toolkit.telemetry.enabled": false,
});

/** Starts Firefox with all hosts on the lab's port. */
export async function launchFirefox({ port }) {
  await mkdir(join(ROOT, "target"), { recursive: true });
  const profile = await mkdtemp(join(ROOT, "target/firefox-"));
  const lines = Object.entries({ "marionette.port": 0, ...preferences(port) }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  await writeFile(join(profile, "user.js"), lines.join(""));
  const words = ["--headless", "--marionette", "--new-instance", "--no-remote", "--profile", profile, "about:blank"];
  const child = spawn(FIREFOX, words, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: "1" } });
  const firefox = new Firefox(child, profile);
  try {
    await firefox.meet();
  } catch (error) {
    await firefox.close();
    throw error;
  }
  return firefox;
}

class Firefox {
  id = null;
  log = [];
  context = { pages: () => [] };
  #waiting = new Map();
  #count = 0;
  #socket = null;

  constructor(child, profile) {
    Object.assign(this, { child, profile });
    child.on("error", (error) => this.log.push(String(error)));
    child.stderr.on("data", (bytes) => this.log.push(String(bytes)));
  }

  async meet() {
    const port = await this.#port();
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("error", (error) => this.#lose(error)).on("close", () => this.#lose(new Error("Firefox closed the connection")));
    this.#listen();
    await this.#tell("WebDriver:NewSession", { acceptInsecureCerts: true });
  }

  // Firefox chooses a free port and writes it down once it listens.
  async #port() {
    const until = performance.now() + STARTING;
    while (performance.now() < until && this.child.exitCode === null) {
      const text = await readFile(join(this.profile, "MarionetteActivePort"), "utf8").catch(() => "");
      if (Number(text) > 0) return Number(text);
      await pause(100);
    }
    throw new Error(`Firefox did not start (exit ${this.child.exitCode}): ${this.log.join("").slice(-500)}`);
  }

  // Messages are `LENGTH:JSON`; an answer is [1, id, error, result].
  #listen() {
    let held = Buffer.alloc(0);
    this.#socket.on("data", (bytes) => {
      held = Buffer.concat([held, bytes]);
      for (let colon = held.indexOf(":"); colon > 0; colon = held.indexOf(":")) {
        const end = colon + 1 + Number(held.subarray(0, colon));
        if (held.length < end) return;
        this.#hear(JSON.parse(held.subarray(colon + 1, end)));
        held = held.subarray(end);
      }
    });
  }

  #hear(message) {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message;
    const { done, failed } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error) failed?.(new Error(`${error.error}: ${error.message}`));
    else done?.(result);
  }

  #lose(error) {
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
  }

  #tell(name, parameters) {
    const id = this.#count += 1;
    const text = JSON.stringify([0, id, name, parameters]);
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }

  /** Opens an address in the one tab; `evaluate` runs a function of the page as Playwright's does. */
  async visit(address) {
    await this.#tell("WebDriver:Navigate", { url: address });
    const script = "const done = arguments[arguments.length - 1]; Promise.resolve((SCRIPT)(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }));";
    const evaluate = async (run, argument = null) => {
      const { value } = await this.#tell("WebDriver:ExecuteAsyncScript", { script: script.replace("SCRIPT", () => String(run)), args: [argument] });
      if (value.error) throw new Error(value.error);
      return value.value;
    };
    return { evaluate };
  }

  /** What a page's console says is not heard over Marionette. */
  complaints() {
    return [];
  }

  /** Ends Firefox and forgets its profile. */
  async close() {
    const ended = this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined;
    const end = ended ? null : new Promise((done) => this.child.once("exit", done));
    this.#socket?.destroy();
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
    await end;
    clearTimeout(timer);
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
