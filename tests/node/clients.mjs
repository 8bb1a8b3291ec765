// A service app of an org that acts there for the command line, and its private key as files of every kind.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { Api } from "./orgs.mjs";

const KINDS = {
  rsa: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  p256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  p384: () => generateKeyPairSync("ec", { namedCurve: "P-384" }),
};

/** A key with its public part as JWK and the text of its files. */
export function key(kind = "rsa") {
  const kid = randomUUID();
  const { privateKey, publicKey } = KINDS[kind]();
  const own = { ...privateKey.export({ format: "jwk" }), kid };
  const pem = (type) => privateKey.export({ format: "pem", type });
  return {
    jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig" },
    files: {
      jwk: JSON.stringify(own), set: JSON.stringify({ keys: [own] }), pkcs8: pem("pkcs8"),
      ...(kind === "rsa" ? { pkcs1: pem("pkcs1") } : { sec1: pem("sec1") }),
    },
    /** What must be in no output. */
    secret: own.d,
  };
}

/** A service app with these scopes and roles: { id, app, words }, the words for the command line. */
export async function client(here, org, { scopes, roles = ["ORG_ADMIN"], own = key(), form = "jwk", bound = true } = {}) {
  const api = new Api(here.lab, org);
  const app = await api.ask("POST", "/api/v1/apps", {
    name: "oidc_client", label: `Assistant ${randomUUID()}`, signOnMode: "OPENID_CONNECT",
    credentials: { oauthClient: { token_endpoint_auth_method: "private_key_jwt" } },
    settings: { oauthClient: {
      application_type: "service", grant_types: ["client_credentials"], response_types: ["token"],
      dpop_bound_access_tokens: bound, jwks: { keys: [own.jwk] },
    } },
  });
  const id = app.credentials.oauthClient.client_id;
  const issuer = `https://${api.host}`;
  for (const scopeId of scopes) await api.ask("POST", `/api/v1/apps/${app.id}/grants`, { scopeId, issuer });
  for (const type of roles) await api.ask("POST", `/oauth2/v1/clients/${id}/roles`, { type });
  const file = await here.file(`${org}.key`, own.files[form]);
  return { id, app, own, file, words: ["--client", issuer, id, file] };
}
