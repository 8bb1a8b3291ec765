// Okta's own Node SDK against the lab, unchanged: every call of it that the lab knows, with an API token and with
// private_key_jwt and DPoP. Its TLS trusts the lab's certificate as the one more authority that NODE_EXTRA_CA_CERTS
// names. Node reads that only when it starts, so this file starts a lab and then itself once more.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Lab } from "../browser/lab.mjs";

if (process.env.ORG2ORG_SDK_LAB) await import("./sdk/stories.mjs");
else process.exitCode = await again();

async function again() {
  const lab = await Lab.start({ flags: ["--rate-limit", "100000"] });
  const folder = await mkdtemp(join(tmpdir(), "org2org-sdk-"));
  try {
    const certificate = join(folder, "lab.pem");
    await writeFile(certificate, lab.certificate);
    const { port, orgs } = lab;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate, ORG2ORG_SDK_LAB: JSON.stringify({ port, orgs, certificate: lab.certificate }) };
    const [code] = await once(spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url)], { env, stdio: "inherit" }), "exit");
    return code ?? 1;
  } finally {
    await rm(folder, { recursive: true });
    await lab.stop();
  }
}
