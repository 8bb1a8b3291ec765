// The lab's SAML against software of other authors: @node-saml/node-saml takes what the lab issues and refuses what was
// tampered with; the lab takes what xml-crypto signs and refuses the same. Run by hand: `node --test tests/node/*.test.mjs` after a build.

import assert from "node:assert/strict";
import { after, before, describe, mock, test } from "node:test";
import { Lab } from "../browser/lab.mjs";
import { ADA, Federation } from "./federation.mjs";
import { BROKEN, MEANT_OTHERWISE, VICTIM, WRAPPED, withoutOuterSignature } from "./forgeries.mjs";
import { Signer, statement } from "./signer.mjs";
import { verified } from "./verifier.mjs";

const ONE_SIGNATURE = { wantAuthnResponseSigned: false };
const labs = [];
after(() => Promise.all(labs.map((lab) => lab.stop())));

async function federated() {
  const lab = await Lab.start();
  labs.push(lab);
  const federation = await Federation.made(lab);
  const { entityId: issuer, certificate } = federation.metadata;
  return { lab, federation, expected: { issuer, certificate, ...federation.idp } };
}

/** The lab refuses it for this reason, starts no session and changes nothing. */
async function refused(federation, xml, reason, idp) {
  const before = await federation.lab.effects();
  const { status, entered, said } = await federation.deliver(xml, idp);
  assert.deepEqual({ status, entered }, { status: 403, entered: false });
  assert.match(said, reason);
  assert.deepEqual(await federation.lab.effects(), before);
}

describe("what the lab issues", () => {
  let lab, federation, expected;
  before(async () => { ({ lab, federation, expected } = await federated()); });

  test("is taken by node-saml, for the right person, audience and recipient", async () => {
    const { xml, acs, relay } = await federation.issue();
    assert.equal(acs, expected.acs);
    assert.equal(relay, `https://${federation.target.host}/app/UserHome`);
    const { nameId, issuer, attributes, recipient } = await verified(xml, expected);
    assert.deepEqual({ nameId, issuer, recipient }, { nameId: ADA, issuer: expected.issuer, recipient: expected.acs });
    assert.deepEqual({ ...attributes }, { login: ADA, email: ADA, firstName: "Ada", lastName: "Lovelace" });
  });

  test("is taken by node-saml with the assertion's signature alone", async () => {
    const xml = withoutOuterSignature((await federation.issue()).xml);
    await assert.rejects(verified(xml, expected), /Invalid document signature/);
    assert.equal((await verified(xml, { ...expected, weaker: ONE_SIGNATURE })).nameId, ADA);
  });

  test("signs in at the target once and leads to its RelayState", async () => {
    const relay = `https://${federation.target.host}/app/UserHome?from=node`;
    const { xml } = await federation.issue(ADA, relay);
    const first = await federation.deliver(xml, undefined, relay);
    assert.deepEqual([first.status, first.entered, first.location], [303, true, relay]);
    await refused(federation, xml, /used before/);
  });

  test("is refused by both where the app was aimed at another identity provider", async () => {
    const other = await federation.trust("Second", "http://www.okta.com/exkSecond", federation.key);
    await federation.aim(other);
    const { xml, acs } = await federation.issue();
    await federation.aim(federation.idp);
    assert.equal(acs, other.acs);
    await assert.rejects(verified(xml, expected), /audience mismatch/);
    await refused(federation, xml, /Destination/);
  });

  test("is refused by both five minutes later, and by node-saml before its time", async () => {
    const { xml } = await federation.issue();
    for (const [minutes, reason] of [[5, /expired/], [-6, /not yet valid/]]) {
      mock.timers.enable({ apis: ["Date"], now: Date.now() + minutes * 60_000 });
      try {
        await assert.rejects(verified(xml, expected), reason);
      } finally {
        mock.timers.reset();
      }
    }
    assert.equal((await verified(xml, expected)).nameId, ADA);
    await lab.advance(5 * 60_000);
    await refused(federation, xml, /expired/);
  });
});

describe("a response tampered with is refused by node-saml and by the lab:", () => {
  let federation, expected;
  before(async () => { ({ federation, expected } = await federated()); });

  for (const { name, from, forge, verifier, lab } of BROKEN) test(name, () => both(from, forge, verifier, lab));
  for (const { name, from, forge, verifier } of WRAPPED) test(`wrapping ${name}`, () => both(from, forge, verifier, /exactly one assertion/));

  async function both(from, forge, verifier, lab) {
    const { xml } = await federation.issue();
    const genuine = from === "both" ? xml : withoutOuterSignature(xml);
    const weaker = from === "both" ? {} : ONE_SIGNATURE;
    const forged = forge(genuine, expected.certificate);
    assert.notEqual(forged, genuine);
    if (verifier) await assert.rejects(verified(forged, { ...expected, weaker }), verifier);
    else assert.equal((await verified(forged, { ...expected, weaker })).nameId, ADA);
    await refused(federation, forged, lab);
    // The genuine one is still good, so it was the change that was refused.
    assert.equal((await verified(genuine, { ...expected, weaker })).nameId, ADA);
    assert.equal((await federation.deliver(genuine)).status, 303);
  }
});

describe("a response that a trusted partner signed", () => {
  const issuer = "https://idp.partner.example.com/other";
  const signer = new Signer();
  let federation, expected;
  before(async () => {
    ({ federation } = await federated());
    const idp = await federation.trust("Other partner", issuer, await federation.upload(signer.certificate));
    expected = { issuer, certificate: signer.certificate, ...idp };
  });

  const unchanged = (xml) => xml;
  const said = (more) => ({ ...statement({ ...expected, nameId: ADA }), ...more });

  test("is taken by node-saml and by the lab", async () => {
    const xml = signer.response(said());
    assert.equal((await verified(xml, expected)).nameId, ADA);
    const { status, entered } = await federation.deliver(xml, expected);
    assert.deepEqual({ status, entered }, { status: 303, entered: true });
  });

  for (const { name, said: otherwise, after: edit = unchanged, verifier, lab } of MEANT_OTHERWISE) {
    test(`is refused with ${name}`, async () => {
      const signed = signer.response(said(otherwise(expected)));
      const xml = edit(signed);
      assert.equal(xml === signed, edit === unchanged);
      if (verifier) await assert.rejects(verified(xml, expected), verifier);
      await refused(federation, xml, lab, expected);
    });
  }

  test("names the whole person, whatever comments stand in between", async () => {
    const whole = `${VICTIM}.evil.example.com`;
    const xml = signer.response(said({ nameId: whole })).replace(`>${VICTIM}.evil`, `>${VICTIM}<!-- -->.evil`);
    assert.ok(xml.includes("<!-- -->"));
    assert.equal((await verified(xml, expected)).nameId, whole);
    await refused(federation, xml, new RegExp(`Nobody here is .${whole}`), expected);
  });
});
