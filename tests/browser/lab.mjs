// One lab process and its control addresses.

import { spawn } from "node:child_process";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { LAB } from "./places.mjs";

const STARTING = 20_000;

/** For one request: far more time than any answer of a lab takes, so that one that hangs is told of. */
export const patience = () => AbortSignal.timeout(120_000);

/** Simulated orgs of one story. */
export class Lab {
  #process = null;
  /** What the lab wrote to standard error. */
  said = "";

  /** Starts a lab with this seed on a free port; `flags` are more words for `org2org-lab`. */
  static async start({ seed = 1, flags = [] } = {}) {
    const lab = new Lab();
    Object.assign(lab, { seed, flags });
    await lab.start();
    return lab;
  }

  /** A lab that somebody else started and ends: { port, orgs, certificate } of it. */
  static running(known) {
    return Object.assign(new Lab(), known);
  }

  /** Starts the process; again on the same port after `stop()`, with fresh orgs. */
  async start() {
    const words = ["--port", String(this.port ?? 0), "--seed", String(this.seed), "--format", "json", "--until-stdin-closes"];
    const process = spawn(LAB, [...words, ...this.flags], { stdio: ["pipe", "pipe", "pipe"] });
    this.#process = process;
    process.stderr.on("data", (bytes) => { this.said = (this.said + bytes).slice(-20_000); });
    const hello = await this.#hello(process);
    Object.assign(this, { port: hello.port, orgs: hello.orgs, password: hello.password, certificate: hello.certificate });
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

  /** One org by its subdomain: { name, id, host, admin_host, admins }. */
  org(subdomain) {
    const found = this.orgs.find((org) => org.subdomain === subdomain);
    if (!found) throw new Error(`the lab has no org "${subdomain}", only ${this.orgs.map((org) => org.subdomain).join(", ")}`);
    return found;
  }

  /** The address that sets an admin's session and opens a page of the console. */
  session(subdomain, login, then = "/admin/dashboard") {
    const { admin_host: host, admins } = this.org(subdomain);
    return `https://${host}/_lab/session?${new URLSearchParams({ login: login ?? admins[0].login, then })}`;
  }

  /** The state of all orgs without what moves by itself; two equal dumps mean nothing changed. */
  dump() { return this.#ask("GET", "dump"); }
  /** Every change so far: [{ org, actor, method, path, what }]. */
  effects() { return this.#ask("GET", "effects"); }
  /** Every call so far: [{ org, host, method, path, query, status, fault }]. */
  requests() { return this.#ask("GET", "requests"); }
  /** The last requests that orgs sent by themselves, whole: [{ from, method, url, headers: [[name, value]], body, status, answer, trouble }]. */
  sent() { return this.#ask("GET", "sent"); }
  /** The last requests that came in over the sockets: [{ port, from, tls, server_name, http, method, host, path, user_agent, content_type, status }]. */
  arrivals() { return this.#ask("GET", "arrivals"); }
  /** Sets a fault: { kind, org?, method?, path?, ends?, calls?: "every" | { nth } | { from } | { seeded: { seed, one_in } } }; kinds and classes are in lab/README.md. */
  fault(fault) { return this.#ask("POST", "fault", fault); }
  /** Takes all faults back. */
  clearFaults() { return this.#ask("DELETE", "fault"); }
  /** Lets all requests to a place be answered so, whoever asks. */
  answers(host, path, body, status = 200) { return this.#ask("POST", "answers", { host, path, status, body }); }
  /** The orgs as they were at the start. */
  reset() { return this.#ask("POST", "reset"); }
  /** Sets { consistency_ms, patience_ms, rate_limit, console_limit, concurrency, step_up }. */
  options(options) { return this.#ask("POST", "options", options); }
  /** Lets the orgs' clock run ahead. */
  advance(ms) { return this.#ask("POST", "time", { advance_ms: ms }); }

  #ask(method, what, body) {
    return new Promise((answer, failed) => {
      const options = { host: "127.0.0.1", port: this.port, method, path: `/_lab/${what}`, rejectUnauthorized: false, agent: false, signal: patience(), headers: { "content-type": "application/json" } };
      const told = (status, body) => {
        if (status >= 300) throw new Error(`the lab answered ${status} to ${method} /_lab/${what}: ${body.slice(0, 200)}`);
        return body ? JSON.parse(body) : null;
      };
      const call = request(options, (response) => {
        text(response).then((body) => told(response.statusCode, body)).then(answer, failed);
      });
      call.on("error", failed).end(body === undefined ? undefined : JSON.stringify(body));
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
