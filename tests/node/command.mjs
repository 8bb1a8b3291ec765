// Runs the command `org2org` that was built beside the lab.

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { LAB } from "../browser/places.mjs";

const CLI = join(dirname(LAB), process.platform === "win32" ? "org2org.exe" : "org2org");

export const [DONE, FINDINGS, USAGE, UNKNOWN] = [0, 1, 2, 3];

/** Runs the command to its end: { code, out, err }. `during` gets the process while it runs. */
export function run(words, input, during = () => {}) {
  return new Promise((ended, failed) => {
    const command = spawn(CLI, words, { stdio: "pipe" });
    let [out, err] = ["", ""];
    command.stdout.on("data", (bytes) => { out += bytes; });
    command.stderr.on("data", (bytes) => { err += bytes; });
    command.once("error", failed);
    command.once("close", (code, signal) => ended({ code, signal, out, err }));
    command.stdin.on("error", () => {});
    command.stdin.end(input);
    during(command);
  });
}
