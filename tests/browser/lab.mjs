// One lab process and its control addresses.

import { spawn } from "node:child_process";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { LAB } from "./places.mjs";

const STARTING = 20_000;

/** Simulated orgs of one story. */
export class Lab {
  #process = null;
  /** What the lab wrote to standard error. */
  said = "";

  /** Starts a lab with this seed on a free port. */
  static async start({ seed = 1 } = {}) {
    const lab = new Lab();
    lab.seed = seed;
    await lab.start();
    return lab;
  }

  /** Starts the process; again on the same port after `stop()`, with fresh orgs. */
  async start() {
    const words = ["--port", String(this.port ?? 0), "--seed", String(this.seed), "--format", "json"];
    const process = spawn(LAB, words, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = process;
    process.stderr.on("data", (bytes) => { this.said = (this.said + bytes).slice(-20_000); });
    const hello = await this.#hello(process);
    Object.assign(this, { port: hello.port, orgs: hello.orgs, hello });
  }

  #hello(process) {
    return new Promise((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`the lab said nothing for ${STARTING / 1000} s`)), STARTING);
      process.once("error", (error) => failed(new Error(`the lab did not start (${error.message}): run \`cargo build -p org2org-lab\``)));
      process.once("exit", (code) => failed(new Error(`the lab ended with ${code}: ${this.said}`)));
      createInterface({ input: process.stdout }).once("line", (line) => {
        clearTimeout(timer);
        try { ready(JSON.parse(line)); } catch { failed(new Error(`the lab's first line is no JSON: ${line.slice(0, 80)}`)); }
      });
    });
  }

  /** Ends the process; the port stays this lab's for a later `start()`. */
  async stop() {
    const process = this.#process;
    this.#process = null;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((done) => process.once("exit", done));
    process.kill("SIGTERM");
    const timer = setTimeout(() => process.kill("SIGKILL"), 2_000);
    await ended;
    clearTimeout(timer);
  }
}
