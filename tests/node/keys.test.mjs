// The key tool, held against Node's own cryptography: what it accepts, Node imports as the same key.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createPublicKey, generateKeyPairSync, webcrypto, X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { calculateJwkThumbprint } from "jose";
import { Lab } from "../browser/lab.mjs";
import { LAB } from "../browser/places.mjs";

const CLI = join(dirname(LAB), process.platform === "win32" ? "org2org.exe" : "org2org");
const MEMBERS = ["kty", "n", "e", "crv", "x", "y", "kid", "use", "alg", "x5c", "x5t", "x5t#S256"];

/** Runs `org2org jwks WORDS` on this text: { code, out, err }. */
function jwks(words, input) {
  return new Promise((ended, failed) => {
    const command = spawn(CLI, ["jwks", ...words], { stdio: "pipe" });
    let [out, err] = ["", ""];
    command.stdout.on("data", (bytes) => { out += bytes; });
    command.stderr.on("data", (bytes) => { err += bytes; });
    command.once("error", failed);
    command.once("close", (code) => ended({ code, out, err }));
    command.stdin.on("error", () => {});
    command.stdin.end(input);
  });
}

const PAIRS = [
  ["RSA 2048", generateKeyPairSync("rsa", { modulusLength: 2048 }), "RS256"],
  ["RSA 3072", generateKeyPairSync("rsa", { modulusLength: 3072 }), "RS256"],
  ["P-256", generateKeyPairSync("ec", { namedCurve: "P-256" }), "ES256"],
  ["P-384", generateKeyPairSync("ec", { namedCurve: "P-384" }), "ES384"],
  ["P-521", generateKeyPairSync("ec", { namedCurve: "P-521" }), "ES512"],
];

/** Every public form that Node writes a key in. */
function forms({ publicKey }) {
  const jwk = publicKey.export({ format: "jwk" });
  const texts = [publicKey.export({ type: "spki", format: "pem" }), publicKey.export({ type: "spki", format: "der" }),
    JSON.stringify(jwk), JSON.stringify([{ ...jwk, created: "2026-01-01T00:00:00.000Z" }]), JSON.stringify({ keys: [jwk] })];
  if (publicKey.asymmetricKeyType === "rsa") texts.push(publicKey.export({ type: "pkcs1", format: "pem" }), publicKey.export({ type: "pkcs1", format: "der" }));
  return texts;
}

const algorithm = (alg) => alg.startsWith("RS") ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: `P-${{ ES256: 256, ES384: 384, ES512: 521 }[alg]}` };

describe("keys that the tool accepts", () => {
  for (const [name, pair, alg] of PAIRS) {
    test(`${name} is imported by Node and by WebCrypto as the key that it was`, async () => {
      const spki = pair.publicKey.export({ type: "spki", format: "der" });
      const thumbprint = await calculateJwkThumbprint(pair.publicKey.export({ format: "jwk" }));
      for (const form of forms(pair)) {
        const { code, out, err } = await jwks(["format", "-", "--format", "json", "--kid-from-thumbprint"], form);
        assert.equal(code, 0, err);
        const [key, ...more] = JSON.parse(out).keys;
        assert.deepEqual(more, []);
        assert.deepEqual(Object.keys(key).filter((member) => !MEMBERS.includes(member)), []);
        assert.deepEqual(createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "der" }), spki);
        const imported = await webcrypto.subtle.importKey("jwk", key, algorithm(alg), true, ["verify"]);
        assert.deepEqual(Buffer.from(await webcrypto.subtle.exportKey("spki", imported)), spki);
        assert.equal(key.kid, thumbprint);
        assert.ok(JSON.parse(err).keys[0].algorithms.includes(alg));
      }
    });

    test(`${name} is refused with its private part, and never repeated`, async () => {
      const kinds = name.startsWith("RSA") ? ["pkcs1", "pkcs8"] : ["sec1", "pkcs8"];
      const secret = pair.privateKey.export({ format: "jwk" }).d;
      const texts = [JSON.stringify(pair.privateKey.export({ format: "jwk" })), ...kinds.flatMap((type) =>
        ["pem", "der"].map((format) => pair.privateKey.export({ type, format })))];
      texts.push(pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }));
      for (const text of texts) {
        const { code, out, err } = await jwks(["format", "-"], text);
        assert.deepEqual([code, out], [1, ""]);
        assert.match(err, /error\[jwks-private\]/);
        for (const part of [secret, Buffer.from(secret, "base64url").toString("base64").slice(8, 40), String(text).split("\n")[1]?.slice(0, 40)]) assert.ok(!part || !err.includes(part));
      }
    });
  }

  test("an app's certificate is read as Node reads it, in every form", async () => {
    const lab = await Lab.start();
    try {
      const certificate = new X509Certificate(lab.certificate);
      const base64 = certificate.raw.toString("base64");
      for (const form of [certificate.toString(), certificate.raw, base64, JSON.stringify({ x5c: [base64] })]) {
        const { code, out, err } = await jwks(["format", "-", "--format", "json"], form);
        assert.equal(code, 0, err);
        const spki = (key) => key.export({ type: "spki", format: "der" });
        assert.deepEqual(spki(createPublicKey({ key: JSON.parse(out).keys[0], format: "jwk" })), spki(certificate.publicKey));
        const read = JSON.parse(err).keys[0].certificate;
        assert.equal(read.fingerprint, certificate.fingerprint256);
        assert.equal(read.ends, new Date(certificate.validTo).toISOString().slice(0, 10));
        const pem = await jwks(["format", "-", "--as", "pem"], form);
        assert.equal(new X509Certificate(pem.out).fingerprint256, certificate.fingerprint256);
        assert.deepEqual(JSON.parse((await jwks(["format", "-", "--as", "x5c"], form)).out), { x5c: [base64] });
      }
    } finally {
      await lab.stop();
    }
  });

  test("two sets are compared, and a difference is a finding", async () => {
    const folder = await mkdtemp(join(tmpdir(), "org2org-keys-"));
    try {
      const key = (at, kid) => ({ ...PAIRS[at][1].publicKey.export({ format: "jwk" }), kid });
      const live = join(folder, "live.json");
      await writeFile(live, JSON.stringify({ keys: [key(0, "a"), key(2, "b")] }));
      const { code, out } = await jwks(["compare", live, "-"], JSON.stringify({ keys: [key(0, "a"), key(2, "c"), key(3, "d")] }));
      assert.equal(code, 1);
      assert.match(out, /^live in both: `a`.*\nsame key under another id: `c`, before `b`.*\nnew: `d`/);
      assert.equal((await jwks(["compare", live, live], "")).code, 0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
