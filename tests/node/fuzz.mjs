// Schemathesis, a fuzzer that reads an API's document, against the lab: it sends what the document allows and what it
// does not, and the lab must answer all of it without an error of its own. Run by `cargo xtask test --deep`, or by hand:
// `node tests/node/fuzz.mjs PROGRAM DOCUMENT SECONDS [SEED]`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab } from "../browser/lab.mjs";

const [program, document, seconds, seed = "1"] = process.argv.slice(2);
const lab = await Lab.start({ flags: ["--rate-limit", "1000000000", "--http1"] });
const folder = await mkdtemp(join(tmpdir(), "org2org-fuzz-"));
let failed = 1;
try {
  failed = await fuzzed();
} finally {
  await rm(folder, { recursive: true });
  await lab.stop();
}
process.exitCode = failed > 0 ? 1 : 0;

async function fuzzed() {
  const certificate = join(folder, "lab.pem");
  await writeFile(certificate, lab.certificate);
  const { host, admins } = lab.org("acme");
  const words = [
    "run", document, "--url", `https://127.0.0.1:${lab.port}`, "--tls-verify", certificate, "--seed", seed, "--max-time", seconds,
    "--header", `Host:${host}`, "--header", `Authorization:SSWS ${admins[0].token}`,
    "--checks", "not_a_server_error", "--continue-on-failure", "--request-timeout", "30", "--warnings", "off", "--no-color",
    "--generation-database", "none", "--suppress-health-check", "all",
  ];
  const [code] = await once(spawn(program, words, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] }), "exit");
  return told(code, await lab.requests());
}

// What the lab itself saw counts too: a fuzzer that could not call anything finds nothing.
function told(code, requests) {
  const count = (fits) => requests.filter(({ status }) => fits(status)).length;
  const [good, refused, own] = [count((status) => status < 300), count((status) => status >= 400 && status < 500), count((status) => status === null || status >= 500)];
  console.log(`${requests.length} requests: ${good} done, ${refused} refused, ${own} failed in the lab`);
  const places = new Set(requests.filter(({ status }) => status < 300).map(({ method, path }) => `${method} ${path.replace(/[0-9A-Za-z_-]{20,}/g, "ID")}`));
  console.log(`${places.size} kinds of operation were done`);
  const problems = [
    code !== 0 && `schemathesis ended with ${code}`,
    own > 0 && `${own} answers were the lab's own failures`,
    good < 100 && "the fuzzer hardly got anything done",
  ].filter(Boolean);
  for (const problem of problems) console.log(`failed: ${problem}`);
  console.log(`fuzz: ${3 - problems.length} passed, ${problems.length} failed`);
  return problems.length;
}
