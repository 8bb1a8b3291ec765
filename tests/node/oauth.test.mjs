// The lab's OAuth against jose, a JOSE library of another author: the lab takes assertions and DPoP proofs that jose makes
// and refuses bad ones; jose takes what the lab's own source org signs when it pushes.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { EmbeddedJWK, base64url, calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { Lab } from "../browser/lab.mjs";
import { call } from "./orgs.mjs";
import { GRACE, Provisioning } from "./provisioning.mjs";
import { Service, hash, keys } from "./service.mjs";

const labs = [];
after(() => Promise.all(labs.map((lab) => lab.stop())));

async function fresh() {
  const lab = await Lab.start();
  labs.push(lab);
  return lab;
}

const hour = 3600;
const seconds = () => Math.floor(Date.now() / 1000);

describe("a client that signs with jose", () => {
  let lab, service;
  before(async () => {
    lab = await fresh();
    service = await Service.made(lab);
  });

  for (const alg of ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]) {
    test(`gets a token with ${alg} for both signatures and calls the API`, async () => {
      const other = await Service.made(lab, { alg, dpop: alg });
      const token = await other.token();
      const url = `https://${other.host}/api/v1/users`;
      const proof = await other.dpop("GET", url, { claims: { ath: hash(token) } });
      const answer = await other.call("GET", "/api/v1/users?limit=1", token, proof);
      assert.deepEqual([answer.status, JSON.parse(answer.text).length], [200, 1]);
    });
  }

  test("gets a bearer token where no proof is asked for", async () => {
    const plain = await Service.made(lab, { bound: false });
    const { status, body } = await plain.ask({ assertion: await plain.assertion() });
    assert.deepEqual([status, body.token_type, body.expires_in, body.scope], [200, "Bearer", 3600, "okta.users.manage"]);
    assert.equal((await plain.call("GET", "/api/v1/users?limit=1", body.access_token)).status, 200);
  });

  test("reads its token with the keys that the org publishes", async () => {
    const token = await service.token();
    const { text } = await call(lab, { host: service.host, path: "/oauth2/v1/keys" });
    const issuer = `https://${service.host}`;
    const { payload } = await jwtVerify(token, createLocalJWKSet(JSON.parse(text)), { issuer, audience: issuer, subject: service.id });
    assert.deepEqual(payload.scp, ["okta.users.manage"]);
    assert.equal(payload.cnf.jkt, await calculateJwkThumbprint(service.proof.jwk));
    assert.equal(payload.exp - payload.iat, hour);
  });

  const badAssertions = [
    ["another audience", () => ({ claims: { aud: "https://acme.okta.com/oauth2/v1/token" } }), /audience claim/],
    ["an end that is past", () => ({ claims: { iat: seconds() - 600, exp: seconds() - 1 } }), /is expired/],
    ["an end too far off", () => ({ claims: { exp: seconds() + hour + 60 } }), /too far into the future/],
    ["no end", () => ({ claims: { exp: undefined } }), /must contain an expiration/],
    ["a beginning in the future", () => ({ claims: { iat: seconds() + 900 } }), /issued in the future/],
    ["another issuer", () => ({ claims: { iss: "0oasomebodyelse00005d7" } }), /'iss' and 'sub'/],
    ["another key", async () => ({ key: await keys("RS256", "k1") }), /signature is invalid/],
    ["another kid", () => ({ header: { kid: "k2" } }), /kid is invalid/],
    ["no algorithm", () => ({ header: { alg: "none" } }), /signature is invalid/],
    ["the public key as secret", () => ({ key: { alg: "HS256", kid: "k1", privateKey: new TextEncoder().encode(JSON.stringify(service.key.jwk)) } }), /signature is invalid/],
  ];
  for (const [name, change, told] of badAssertions) {
    test(`is refused with ${name}`, async () => {
      const { status, body } = await service.ask({ assertion: await service.assertion(await change()) });
      assert.deepEqual([status, body.error], [401, "invalid_client"]);
      assert.match(body.error_description, told);
    });
  }

  test("is refused with an assertion that was used before", async () => {
    const assertion = await service.assertion();
    const proof = await service.dpop("POST", service.url);
    assert.equal((await service.ask({ assertion, proof })).body.error, "use_dpop_nonce");
    assert.match((await service.ask({ assertion, proof })).body.error_description, /already been used/);
  });

  const badProofs = [
    ["another address", () => ({ claims: { htu: "https://hub.okta.com/oauth2/v1/keys" } }), /'htu'/],
    ["another method", () => ({ claims: { htm: "GET" } }), /'htm'/],
    ["an old time", () => ({ claims: { iat: seconds() - 400 } }), /'iat'/],
    ["no id", () => ({ claims: { jti: undefined } }), /'jti'/],
    ["another type", () => ({ header: { typ: "JWT" } }), /'typ'/],
    ["no algorithm", () => ({ header: { alg: "none" } }), /'alg'/],
    ["a key that did not sign", async () => ({ header: { jwk: (await keys("ES256")).jwk } }), /signature/],
    ["a key with its private part", () => ({ header: { jwk: { ...service.proof.jwk, d: base64url.encode("private") } } }), /'jwk'/],
  ];
  for (const [name, change, told] of badProofs) {
    test(`is refused with a proof of ${name}`, async () => {
      const { claims = {}, header } = await change();
      const proof = await service.dpop("POST", service.url, { claims: { nonce: await service.nonce(), ...claims }, header });
      const { status, body } = await service.ask({ assertion: await service.assertion(), proof });
      assert.deepEqual([status, body.error], [400, "invalid_dpop_proof"]);
      assert.match(body.error_description, told);
    });
  }

  test("is refused with a nonce that the org did not give", async () => {
    const proof = await service.dpop("POST", service.url, { claims: { nonce: "made up" } });
    const { status, headers, body } = await service.ask({ assertion: await service.assertion(), proof });
    assert.deepEqual([status, body.error], [400, "use_dpop_nonce"]);
    assert.ok(headers["dpop-nonce"]);
  });

  test("calls once with each proof, and only with one for this token, method and address", async () => {
    const token = await service.token();
    const url = `https://${service.host}/api/v1/users`;
    const good = await service.dpop("GET", url, { claims: { ath: hash(token) } });
    assert.equal((await service.call("GET", "/api/v1/users?limit=1", token, good)).status, 200);
    const thief = await keys("ES256");
    const bad = [
      good,
      await service.dpop("GET", url, { claims: { ath: hash("another") } }),
      await service.dpop("GET", url),
      await service.dpop("POST", url, { claims: { ath: hash(token) } }),
      await service.dpop("GET", `https://${service.host}/api/v1/groups`, { claims: { ath: hash(token) } }),
      await service.dpop("GET", url, { claims: { ath: hash(token) }, key: thief }),
      "",
    ];
    for (const proof of bad) {
      const { status, headers } = await service.call("GET", "/api/v1/users?limit=1", token, proof);
      assert.equal(status, 400);
      assert.match(headers["www-authenticate"], /^DPoP .*error="invalid_dpop_proof"/);
    }
    assert.equal((await service.call("GET", "/api/v1/users?limit=1", token)).status, 401, "as bearer");
  });
});

describe("what the source org signs when it pushes", () => {
  let lab, service, sent;
  before(async () => {
    lab = await fresh();
    const pair = await Provisioning.made(lab);
    const { source } = pair;
    service = pair.service;
    await pair.assign(GRACE);
    sent = await lab.sent();
    const published = JSON.parse((await call(lab, { host: source.host, path: pair.keys })).text);
    // Okta publishes them with the algorithm "RSA", which is none of JOSE's.
    service.keys = { keys: (published.jwks ?? published).keys.map(({ alg, ...key }) => key) };
  });

  const header = (request, wanted) => request.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const proven = (request, claims) => jwtVerify(header(request, "dpop"), EmbeddedJWK, { typ: "dpop+jwt", requiredClaims: ["jti", "iat"], maxTokenAge: 60, ...claims });

  test("are assertions that jose takes with the keys of the connection, each used once", async () => {
    const asked = sent.filter(({ url }) => url === service.url).map(({ body }) => new URLSearchParams(body).get("client_assertion"));
    const set = createLocalJWKSet(service.keys);
    const read = await Promise.all(asked.map((assertion) => jwtVerify(assertion, set, { issuer: service.id, subject: service.id, audience: service.url })));
    assert.ok(read.length >= 2, "once for the nonce, once for the token");
    assert.equal(new Set(read.map(({ payload }) => payload.jti)).size, read.length);
    assert.ok(read.every(({ payload }) => payload.exp - payload.iat <= hour));
  });

  test("are proofs that jose takes, for the very request and token", async () => {
    const calls = sent.filter(({ url, headers }) => url.startsWith(`https://${service.host}/api/v1/`) && headers.some(([name]) => name === "dpop"));
    assert.ok(calls.some(({ method, url }) => method === "POST" && url.includes("/api/v1/users")), "Grace was pushed");
    const seen = new Set();
    for (const request of calls) {
      const { payload } = await proven(request);
      const [scheme, token] = header(request, "authorization").split(" ");
      assert.deepEqual([scheme, payload.htm, payload.htu, payload.ath], ["DPoP", request.method, request.url.split("?")[0], hash(token)]);
      const { cnf } = JSON.parse(new TextDecoder().decode(base64url.decode(token.split(".")[1])));
      assert.equal(cnf.jkt, await calculateJwkThumbprint(decodeProtectedHeader(header(request, "dpop")).jwk));
      assert.ok(!seen.has(payload.jti), "no proof twice");
      seen.add(payload.jti);
    }
    const pushed = await service.hub.ask("GET", "/api/v1/users/grace@acme.example.com");
    assert.equal(pushed.profile.firstName, "Grace");
  });
});
