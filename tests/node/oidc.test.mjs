// The lab's OpenID Connect against jose, a JOSE library of another author: jose takes the ID token that the lab's source
// signs, the lab's target takes one that jose signs and refuses tampered ones, and a client of Node's own signs in.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { SignJWT, base64url, createLocalJWKSet, jwtVerify } from "jose";
import { Lab } from "../browser/lab.mjs";
import { ADA, Browser, Pair, pkce } from "./oidc.mjs";
import { call, post } from "./orgs.mjs";
import { hash, keys } from "./service.mjs";

const labs = [];
after(() => Promise.all(labs.map((lab) => lab.stop())));

async function fresh() {
  const lab = await Lab.start();
  labs.push(lab);
  return lab;
}

const seconds = () => Math.floor(Date.now() / 1000);
const read = async (lab, host, path) => JSON.parse((await call(lab, { host, path })).text);
const keySet = async (lab, host) => {
  const { jwks_uri: place } = await read(lab, host, "/.well-known/openid-configuration");
  return createLocalJWKSet(await read(lab, host, new URL(place).pathname));
};
const half = (token) => base64url.encode(base64url.decode(hash(token)).slice(0, 16));

describe("two orgs sign a person in", () => {
  let lab, pair, browser, away;
  before(async () => {
    lab = await fresh();
    pair = await Pair.made(lab);
    browser = new Browser(lab);
    await browser.signIn(pair.source.host);
    away = await browser.get(pair.start);
  });

  test("at the addresses that the source publishes", async () => {
    const told = await read(lab, pair.source.host, "/.well-known/openid-configuration");
    const { authorization, token, jwks, userInfo } = pair.idp.protocol.endpoints;
    assert.deepEqual(
      [told.issuer, told.authorization_endpoint, told.token_endpoint, told.jwks_uri, told.userinfo_endpoint],
      [pair.idp.protocol.issuer.url, authorization.url, token.url, jwks.url, userInfo.url],
    );
    assert.deepEqual(told.id_token_signing_alg_values_supported, ["RS256"]);
    assert.deepEqual(told.code_challenge_methods_supported, ["S256"]);
  });

  test("with a token that jose takes, for the nonce and challenge that the target sent", async () => {
    const asked = new URL(away.to).searchParams;
    assert.deepEqual([asked.get("client_id"), asked.get("redirect_uri"), asked.get("response_type"), asked.get("code_challenge_method")], [pair.app.id, pair.callback, "code", "S256"]);
    const { to: back } = await browser.get(away.to);
    assert.equal(new URL(back).searchParams.get("state"), asked.get("state"));
    assert.equal((await browser.get(back)).status, 303);
    const exchange = (await lab.sent()).find(({ from, url }) => from === "hub" && url.endsWith("/oauth2/v1/token"));
    const form = new URLSearchParams(exchange.body);
    assert.equal(hash(form.get("code_verifier")), asked.get("code_challenge"), "the verifier of that challenge");

    // The target proves who it is with a key that it publishes.
    const audience = pair.idp.protocol.endpoints.token.url;
    await jwtVerify(form.get("client_assertion"), await keySet(lab, pair.target.host), { audience, issuer: pair.app.id, subject: pair.app.id });

    const { id_token: token, access_token: access } = JSON.parse(exchange.answer);
    const issuer = `https://${pair.source.host}`;
    const { payload, protectedHeader } = await jwtVerify(token, await keySet(lab, pair.source.host), { issuer, audience: pair.app.id, algorithms: ["RS256"], requiredClaims: ["exp", "iat", "nonce", "jti", "auth_time"] });
    assert.deepEqual(Object.keys(protectedHeader).sort(), ["alg", "kid"]);
    assert.deepEqual([payload.sub, payload.nonce, payload.at_hash, payload.exp - payload.iat], [pair.ada, asked.get("nonce"), half(access), 3600]);
    assert.deepEqual([payload.idp, payload.amr, payload.ver], [lab.org("acme").id, ["pwd"], 1]);
  });

  test("and the person's token opens userinfo, and nothing of the Management API", async () => {
    const exchange = (await lab.sent()).find(({ from, url }) => from === "hub" && url.endsWith("/oauth2/v1/token"));
    const authorization = `Bearer ${JSON.parse(exchange.answer).access_token}`;
    const { host } = pair.source;
    const told = JSON.parse((await call(lab, { host, path: "/oauth2/v1/userinfo", headers: { authorization } })).text);
    assert.deepEqual([told.sub, told.email, told.given_name, told.preferred_username], [pair.ada, ADA, "Ada", ADA]);
    assert.equal((await call(lab, { host, path: "/api/v1/users/me", headers: { authorization } })).status, 401);
    const { status, headers } = await call(lab, { host, path: "/oauth2/v1/userinfo", headers: { authorization: `${authorization}x` } });
    assert.equal(status, 401);
    assert.match(headers["www-authenticate"], /invalid_token/);
  });
});

// jose plays the source: its keys, tokens and userinfo come in place of acme's.
describe("a target that is answered by jose", () => {
  let lab, pair, known, other;
  before(async () => {
    lab = await fresh();
    pair = await Pair.made(lab);
    known = await keys("RS256", "known");
    other = await keys("RS256", "known");
  });

  async function answered({ claims = {}, header = {}, key = known, token, told = {} } = {}) {
    const { host } = pair.source;
    const browser = new Browser(lab);
    const away = new URL((await browser.get(pair.start)).to).searchParams;
    const access = "opaque";
    const right = { iss: `https://${host}`, aud: pair.app.id, sub: pair.ada, iat: seconds(), exp: seconds() + 300, nonce: away.get("nonce"), at_hash: half(access) };
    const all = Object.entries({ ...right, ...claims }).filter(([, value]) => value !== undefined);
    const signed = await new SignJWT(Object.fromEntries(all)).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
    const userinfo = { sub: pair.ada, email: ADA, given_name: "Ada", family_name: "Lovelace", ...told };
    await lab.answers(host, "/oauth2/v1/keys", { keys: [{ ...known.jwk, alg: "RS256" }] });
    await lab.answers(host, "/oauth2/v1/token", { token_type: "Bearer", expires_in: 3600, access_token: access, scope: "openid", id_token: token?.(signed) ?? signed });
    await lab.answers(host, "/oauth2/v1/userinfo", userinfo);
    const { status, text } = await browser.get(`${pair.callback}?${new URLSearchParams({ code: randomUUID(), state: away.get("state") })}`);
    return { status, said: text.match(/id="notice">([^<]*)/)?.[1].replaceAll("&#39;", "'") };
  }

  test("takes a right token, one for several audiences, and one without an access token's hash", async () => {
    assert.deepEqual((await answered()).status, 303);
    assert.equal((await answered({ claims: { aud: ["other", pair.app.id], azp: pair.app.id } })).status, 303);
    assert.equal((await answered({ claims: { at_hash: undefined } })).status, 303);
  });

  const part = (at, change) => (token) => token.split(".").map((text, place) => (place === at ? change(text) : text)).join(".");
  const json = (change) => (text) => base64url.encode(JSON.stringify(change(JSON.parse(new TextDecoder().decode(base64url.decode(text))))));
  const tampered = [
    ["of another issuer", () => ({ claims: { iss: "https://other.okta.com" } }), /another issuer/],
    ["of an issuer that looks like it", () => ({ claims: { iss: `https://${pair.source.host}/` } }), /another issuer/],
    ["for another client", () => ({ claims: { aud: "0oasomebodyelse00005d7" } }), /another client/],
    ["for several clients with no word whose it is", () => ({ claims: { aud: ["other", pair.app.id] } }), /another client/],
    ["issued to another client", () => ({ claims: { azp: "other" } }), /another client/],
    ["that has expired", () => ({ claims: { iat: seconds() - 900, exp: seconds() - 1 } }), /has expired/],
    ["without an end", () => ({ claims: { exp: undefined } }), /no end/],
    ["from the future", () => ({ claims: { iat: seconds() + 600, exp: seconds() + 900 } }), /in the future/],
    ["of another sign-in", () => ({ claims: { nonce: "another" } }), /nonce/],
    ["without a nonce", () => ({ claims: { nonce: undefined } }), /nonce/],
    ["of another access token", () => ({ claims: { at_hash: half("another") } }), /access token/],
    ["that names nobody", () => ({ claims: { sub: undefined } }), /names nobody/],
    ["signed by another key", () => ({ key: other }), /signature/],
    ["of an unknown key", () => ({ header: { kid: "unknown" } }), /not among the issuer's/],
    ["without a key's name", () => ({ header: { kid: undefined } }), /not among the issuer's/],
    ["with a claim changed", () => ({ token: part(1, json((claims) => ({ ...claims, sub: "00uadmin000000000000" }))) }), /signature/],
    ["with no signature", () => ({ token: (text) => part(2, () => "")(part(0, json((header) => ({ ...header, alg: "none" })))(text)) }), /RS256/],
    ["with the public key as secret", () => ({ key: { alg: "HS256", kid: "known", privateKey: new TextEncoder().encode(JSON.stringify(known.jwk)) } }), /RS256/],
    ["that is none", () => ({ token: () => "no.token" }), /cannot be read/],
    ["while userinfo tells about another", () => ({ told: { sub: "00usomebodyelse00005d7" } }), /another person/],
  ];
  for (const [name, change, told] of tampered) {
    test(`refuses one ${name}`, async () => {
      const { status, said } = await answered(change());
      assert.equal(status, 403);
      assert.match(said, told);
    });
  }
});

describe("a client of its own signs a person in", () => {
  const redirect = "https://app.example.com/callback";
  let lab, pair, app, browser;
  before(async () => {
    lab = await fresh();
    pair = await Pair.made(lab);
    app = await pair.source.ask("POST", "/api/v1/apps", {
      name: "oidc_client", label: "Web", signOnMode: "OPENID_CONNECT",
      credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_basic", pkce_required: true } },
      settings: { oauthClient: { application_type: "web", grant_types: ["authorization_code"], response_types: ["code"], redirect_uris: [redirect] } },
    });
    await pair.source.ask("POST", `/api/v1/apps/${app.id}/users`, { id: pair.ada, scope: "USER" });
    browser = new Browser(lab);
    await browser.signIn(pair.source.host);
  });

  const place = (change = {}, { challenge } = pkce()) => {
    const fields = { client_id: app.id, redirect_uri: redirect, response_type: "code", scope: "openid email", state: "s", nonce: "n", code_challenge: challenge, code_challenge_method: "S256", ...change };
    return `https://${pair.source.host}/oauth2/v1/authorize?${new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined))}`;
  };
  const basic = () => {
    const { client_id: id, client_secret: secret } = app.credentials.oauthClient;
    return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
  };
  async function exchange(code, verifier, { fields = {}, headers = basic() } = {}) {
    const form = { grant_type: "authorization_code", code, redirect_uri: redirect, code_verifier: verifier, ...fields };
    const { status, text } = await post(lab, pair.source.host, "/oauth2/v1/token", form, headers);
    return { status, body: JSON.parse(text) };
  }
  async function code(proof) {
    return new URL((await browser.get(place({}, proof))).to).searchParams.get("code");
  }

  test("once for each code", async () => {
    const proof = pkce();
    const given = await code(proof);
    const { status, body } = await exchange(given, proof.verifier);
    assert.deepEqual([status, body.token_type, body.scope], [200, "Bearer", "openid email"]);
    const { payload } = await jwtVerify(body.id_token, await keySet(lab, pair.source.host), { audience: app.id, issuer: `https://${pair.source.host}` });
    assert.deepEqual([payload.sub, payload.nonce], [pair.ada, "n"]);
    const { text } = await call(lab, { host: pair.source.host, path: "/oauth2/v1/userinfo", headers: { authorization: `Bearer ${body.access_token}` } });
    assert.deepEqual(Object.keys(JSON.parse(text)).sort(), ["email", "email_verified", "sub"], "what was asked for and no more");
    const again = await exchange(given, proof.verifier);
    assert.deepEqual([again.status, again.body.error], [400, "invalid_grant"]);
  });

  test("not with another verifier, address, client or secret", async () => {
    const tries = [
      [pkce().verifier, {}, "invalid_grant"],
      [undefined, { fields: { redirect_uri: "https://app.example.com/" } }, "invalid_grant"],
      [undefined, { headers: { authorization: `Basic ${Buffer.from(`${app.id}:wrong`).toString("base64")}` } }, "invalid_client"],
      [undefined, { headers: {} }, "invalid_client"],
    ];
    for (const [verifier, more, error] of tries) {
      const proof = pkce();
      const { status, body } = await exchange(await code(proof), verifier ?? proof.verifier, more);
      assert.ok(status === 400 || status === 401, String(status));
      assert.equal(body.error ?? body.errorCode, error, JSON.stringify(body));
    }
  });

  const told = [
    ["no state", { state: undefined }, "invalid_request"],
    ["no challenge", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["a plain challenge", { code_challenge_method: "plain" }, "invalid_request"],
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["no openid", { scope: "email" }, "invalid_scope"],
    ["scopes of the Management API", { scope: "openid okta.users.manage" }, "invalid_scope"],
  ];
  for (const [name, change, error] of told) {
    test(`not with ${name}: the client is told`, async () => {
      const { to } = await browser.get(place(change));
      assert.ok(to.startsWith(`${redirect}?`), to);
      assert.equal(new URL(to).searchParams.get("error"), error);
    });
  }

  for (const [name, change] of [["an unknown client", { client_id: "0oanobody00000000005d7" }], ["another address", { redirect_uri: "https://evil.example.com/" }]]) {
    test(`not for ${name}: nobody is sent anywhere`, async () => {
      const { status, to } = await browser.get(place(change));
      assert.deepEqual([status, to], [400, undefined]);
    });
  }

  test("only when signed in and assigned", async () => {
    const stranger = new Browser(lab);
    assert.equal(new URL((await stranger.get(place({ prompt: "none" }))).to).searchParams.get("error"), "login_required");
    assert.equal(new URL((await stranger.get(place())).to).pathname, "/login/login.htm");
    await stranger.signIn(pair.source.host, "alan@acme.example.com");
    assert.equal(new URL((await stranger.get(place())).to).searchParams.get("error"), "access_denied");
  });
});
