// Clients of Okta's SDK for the source and the target, by each kind of credential it has.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { Api } from "../orgs.mjs";

export const { Client, DefaultRequestExecutor } = createRequire(import.meta.url)("@okta/okta-sdk-nodejs");

const AREAS = [
  "apiTokens", "appGrants", "apps", "clients", "domains", "features", "groups", "idps", "logs", "orgs", "policies",
  "principalRateLimits", "profileMappings", "roles", "schemas", "userTypes", "users",
];
const READ_ONLY = ["logs", "userTypes"];

/** Every scope that the SDK's calls to the lab need. */
export const SCOPES = AREAS.map((area) => `okta.${area}.${READ_ONLY.includes(area) ? "read" : "manage"}`);

const url = (lab, subdomain) => `https://${lab.org(subdomain).host}`;

/** Both orgs by the API tokens of their super admins. */
export async function byToken(lab) {
  const made = (subdomain) => new Client({ orgUrl: url(lab, subdomain), token: lab.org(subdomain).admins[0].token });
  return { source: made("acme"), target: made("hub") };
}

/** Both orgs by a service app of each, which asks for proofs of possession. */
export async function byKey(lab) {
  const [source, target] = await Promise.all(["acme", "hub"].map((subdomain) => service(lab, subdomain)));
  return { source, target };
}

/** A client by a new service app of an org, with a role and scopes; `more` goes to the client. */
export async function service(lab, subdomain, { role = "SUPER_ADMIN", scopes = SCOPES, ...more } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = name("key");
  const api = new Api(lab, subdomain);
  const app = await api.ask("POST", "/api/v1/apps", {
    name: "oidc_client", label: name("SDK"), signOnMode: "OPENID_CONNECT",
    credentials: { oauthClient: { token_endpoint_auth_method: "private_key_jwt" } },
    settings: { oauthClient: {
      application_type: "service", grant_types: ["client_credentials"], response_types: ["token"], dpop_bound_access_tokens: true,
      jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid, use: "sig" }] },
    } },
  });
  for (const scopeId of scopes) await api.ask("POST", `/api/v1/apps/${app.id}/grants`, { scopeId, issuer: url(lab, subdomain) });
  if (role) await api.ask("POST", `/oauth2/v1/clients/${app.id}/roles`, { type: role });
  return new Client({
    orgUrl: url(lab, subdomain), authorizationMode: "PrivateKey", clientId: app.id, keyId: kid,
    privateKey: privateKey.export({ format: "jwk" }), scopes: scopes.join(" "), ...more,
  });
}

let made = 0;

/** A name that nothing else has. */
export const name = (kind) => `${kind} ${++made}`;

/** A login that nobody else has, at an org. */
export const login = (subdomain) => `person${++made}@${subdomain}.example.com`;

/** All of a collection, page by page. */
export async function all(asked) {
  const found = [];
  for await (const one of await asked) found.push(one);
  return found;
}

/** The ids in a collection. */
export const ids = async (asked) => (await all(asked)).map(({ id }) => id);

/** The call is refused with this status and, unless left out, this code of Okta's. */
export async function refused(asked, status, errorCode) {
  const { status: seen, errorCode: code, errorId, errorSummary } = await asked.then(() => assert.fail(`no ${status}`), (error) => error);
  assert.deepEqual([seen, code], [status, errorCode]);
  assert.ok(errorId && errorSummary, "Okta's errors have an id and say what is wrong");
}
