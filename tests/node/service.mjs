// A service app of an org and a client that signs for it with jose: what software of another author sends to the lab.

import { SignJWT, base64url, exportJWK, generateKeyPair } from "jose";
import { createHash, randomUUID } from "node:crypto";
import { Api, call, post } from "./orgs.mjs";

const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The `ath` of an access token. */
export const hash = (token) => base64url.encode(createHash("sha256").update(token).digest());

const now = () => Math.floor(Date.now() / 1000);

/** A key pair with the name of its algorithm and its public part as JWK. */
export async function keys(alg, kid) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { modulusLength: 2048 });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: "sig" } };
}

/** A service app of the hub, with keys of ours, DPoP on, both scopes and both roles. */
export class Service {
  static async made(lab, { alg = "RS256", dpop = "ES256", bound = true } = {}) {
    const made = new Service();
    const hub = new Api(lab, "hub");
    Object.assign(made, { lab, hub, host: hub.host, key: await keys(alg, "k1"), proof: await keys(dpop) });
    made.url = `https://${hub.host}/oauth2/v1/token`;
    const body = {
      name: "oidc_client", label: `Service ${randomUUID()}`, signOnMode: "OPENID_CONNECT",
      credentials: { oauthClient: { token_endpoint_auth_method: "private_key_jwt" } },
      settings: { oauthClient: {
        application_type: "service", grant_types: ["client_credentials"], response_types: ["token"],
        dpop_bound_access_tokens: bound, jwks: { keys: [made.key.jwk] },
      } },
    };
    made.app = await hub.ask("POST", "/api/v1/apps", body);
    made.id = made.app.credentials.oauthClient.client_id;
    for (const scopeId of ["okta.users.manage", "okta.groups.manage"]) {
      await hub.ask("POST", `/api/v1/apps/${made.app.id}/grants`, { scopeId, issuer: `https://${hub.host}` });
    }
    for (const type of ["USER_ADMIN", "GROUP_MEMBERSHIP_ADMIN"]) await hub.ask("POST", `/oauth2/v1/clients/${made.id}/roles`, { type });
    return made;
  }

  /** A client assertion, changed by what is given: `claims` over the right ones, another `header` or `key`. */
  assertion({ claims = {}, header = {}, key = this.key } = {}) {
    const right = { iss: this.id, sub: this.id, aud: this.url, jti: randomUUID(), iat: now(), exp: now() + 300 };
    return signed({ alg: key.alg, kid: key.kid, ...header }, { ...right, ...claims }, key);
  }

  /** A DPoP proof for a request, changed in the same way. */
  async dpop(method, url, { claims = {}, header = {}, key = this.proof } = {}) {
    const { kid, use, ...jwk } = key.jwk;
    const right = { htm: method, htu: url, jti: randomUUID(), iat: now() };
    return signed({ alg: key.alg, typ: "dpop+jwt", jwk, ...header }, { ...right, ...claims }, key);
  }

  /** Sends a token request: { status, headers, body }. */
  async ask({ assertion, proof, scope = "okta.users.manage" }) {
    const fields = { grant_type: "client_credentials", scope, client_assertion_type: ASSERTION, client_assertion: assertion };
    const { status, headers, text } = await post(this.lab, this.host, "/oauth2/v1/token", fields, proof ? { DPoP: proof } : {});
    return { status, headers, body: JSON.parse(text) };
  }

  /** The nonce that the token endpoint wants. */
  async nonce() {
    const { headers } = await this.ask({ assertion: await this.assertion(), proof: await this.dpop("POST", this.url) });
    return headers["dpop-nonce"];
  }

  /** An access token as a client gets it, with a proof that carries the nonce. */
  async token(scope) {
    const proof = await this.dpop("POST", this.url, { claims: { nonce: await this.nonce() } });
    const { status, body } = await this.ask({ assertion: await this.assertion(), proof, scope });
    if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`);
    return body.access_token;
  }

  /** Calls the API with a token and, unless there is none, a proof: { status, headers, text }. */
  call(method, path, token, proof) {
    const headers = { authorization: `${proof === undefined ? "Bearer" : "DPoP"} ${token}`, ...(proof ? { DPoP: proof } : {}) };
    return call(this.lab, { host: this.host, method, path, headers });
  }
}

function signed(header, claims, { privateKey }) {
  const told = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  if (header.alg === "none") return `${[header, told].map((part) => base64url.encode(JSON.stringify(part))).join(".")}.`;
  return new SignJWT(told).setProtectedHeader(header).sign(privateKey);
}
