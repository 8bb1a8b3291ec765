// Runs the command `org2org` that was built beside the lab.

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { LAB } from "../browser/places.mjs";

const CLI = join(dirname(LAB), process.platform === "win32" ? "org2org.exe" : "org2org");

const LOOK = 20;

export const [DONE, FINDINGS, USAGE, UNKNOWN] = [0, 1, 2, 3];

/**
 * Runs the command to its end: { code, signal, out, err }. `during` gets the process while it runs; what it promises is
 * waited for, and its errors are those of the run.
 */
export function run(words, input, during = () => {}) {
  return new Promise((ended, failed) => {
    const command = spawn(CLI, words, { stdio: "pipe" });
    let [out, err] = ["", ""];
    command.stdout.on("data", (bytes) => { out += bytes; });
    command.stderr.on("data", (bytes) => { err += bytes; });
    command.once("error", failed);
    command.stdin.on("error", () => {});
    command.stdin.end(input);
    const meanwhile = during(command);
    command.once("close", (code, signal) => Promise.resolve(meanwhile).then(() => ended({ code, signal, out, err }), failed));
  });
}

/** For `run`: does something once what the lab was asked so far is enough, unless the command ends before. */
export const once = (lab, enough, act) => async (command) => {
  while (command.exitCode === null && command.signalCode === null) {
    if (enough(await lab.requests())) return act(command);
    await setTimeout(LOOK);
  }
};

/** Whether a POST to this path is among what the lab was asked. */
export const posted = (path) => (requests) => requests.some((request) => request.method === "POST" && request.path === path);
