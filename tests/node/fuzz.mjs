// Schemathesis, a fuzzer that reads an API's document, against the lab: it sends what the document allows and what it
// does not, and the lab must answer all of it without an error of its own. Run by `cargo xtask test --deep`, or by hand:
// `node tests/node/fuzz.mjs PROGRAM DOCUMENT SECONDS [SEED]`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab } from "../browser/lab.mjs";
import { Api } from "./orgs.mjs";

// An id made up by chance is nobody's, so this share of the ids that are sent is of objects that are there.
const KNOWN = 0.8;

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
  await furnish();
  await writeFile(join(folder, "schemathesis.toml"), configuration(await known()));
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

// Objects in numbers: many get deleted.
async function furnish() {
  const acme = new Api(lab, "acme");
  const app = (body) => acme.ask("POST", "/api/v1/apps", body);
  const [client, url] = [{ application_type: "service", grant_types: ["client_credentials"], response_types: ["token"] }, "https://x.example.com/"];
  for (let at = 1; at <= 12; at += 1) {
    await acme.ask("POST", "/api/v1/groups", { profile: { name: `Group ${at}` } });
    await acme.ask("POST", "/api/v1/users", { profile: { login: `p${at}@acme.example.com`, email: `p${at}@acme.example.com`, firstName: "P", lastName: String(at) } });
    await app({ name: "bookmark", label: `Bookmark ${at}`, signOnMode: "BOOKMARK", settings: { app: { url } } });
    const { id } = await app({ name: "okta_org2org", label: `Org2Org ${at}`, signOnMode: "SAML_2_0", settings: { app: { baseUrl: `https://${lab.org("hub").host}` } } });
    await acme.ask("POST", `/api/v1/apps/${id}/connections/default?activate=true`, { profile: { authScheme: "TOKEN", token: lab.org("hub").admins[0].token } });
    const service = await app({ name: "oidc_client", label: `Service ${at}`, signOnMode: "OPENID_CONNECT", credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_basic" } }, settings: { oauthClient: client } });
    await acme.ask("POST", `/api/v1/apps/${service.id}/grants`, { scopeId: "okta.users.read", issuer: `https://${acme.host}` });
    await acme.ask("POST", "/api/v1/iam/roles", { label: `Role ${at}`, description: "For the fuzzer.", permissions: ["okta.groups.manage"] });
    await acme.ask("POST", "/api/v1/iam/resource-sets", { label: `Set ${at}`, description: "For the fuzzer.", resources: [`https://${acme.host}/api/v1/groups`] });
  }
}

/** Ids by the names of the document's path parameters. The fuzzer's own person and token are left out: it could end them. */
async function known() {
  const acme = new Api(lab, "acme");
  const all = async (path) => [(await acme.ask("GET", path))].map((found) => found["resource-sets"] ?? found.roles ?? found).flat();
  const ids = async (path) => (await all(path)).map(({ id }) => id);
  const me = await acme.ask("GET", "/api/v1/users/me");
  const apps = await all("/api/v1/apps?limit=200");
  const people = (await ids("/api/v1/users?limit=200")).filter((id) => id !== me.id);
  const keys = (await all("/api/v1/idps/credentials/keys")).map(({ kid }) => kid);
  const of = async (name, part) => (await Promise.all(apps.filter((app) => app.name === name).map(({ id }) => ids(`/api/v1/apps/${id}/${part}`)))).flat();
  return {
    appId: apps.map(({ id }) => id),
    apiTokenId: (await all("/api/v1/api-tokens")).filter(({ userId }) => userId !== me.id).map(({ id }) => id),
    clientId: apps.filter(({ name }) => name === "oidc_client").map(({ id }) => id),
    featureId: await ids("/api/v1/features"),
    featureName: ["USER_PROVISIONING", "INBOUND_PROVISIONING"],
    grantId: await of("oidc_client", "grants"),
    groupId: await ids("/api/v1/groups?limit=200"),
    id: people,
    idpId: await ids("/api/v1/idps"),
    keyId: [...apps.map(({ credentials }) => credentials?.signing?.kid).filter(Boolean), ...keys],
    kid: keys,
    lifecycle: ["ENABLE", "DISABLE"],
    mappingId: await ids("/api/v1/mappings?limit=200"),
    policyId: await ids("/api/v1/policies?type=ACCESS_POLICY"),
    resourceSetIdOrLabel: await ids("/api/v1/iam/resource-sets"),
    roleIdOrLabel: await ids("/api/v1/iam/roles"),
    schemaId: ["default"],
    userId: people,
  };
}

function configuration(known) {
  const lines = ([name, values]) => [
    `[dictionaries.${name}]`,
    `values = ${JSON.stringify(values)}`,
    `[parameters."path.${name}"]`,
    `dictionary = "${name}"`,
    `probability = ${KNOWN}`,
  ];
  return Object.entries(known).flatMap(lines).join("\n");
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
