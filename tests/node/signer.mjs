// A SAML identity provider that owes the lab nothing: its own key and certificate, documents signed by xml-crypto.

import { X509Certificate, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { SignedXml } from "xml-crypto";

const MINUTE = 60_000;
const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SAML = "urn:oasis:names:tc:SAML:2.0";
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/** A fresh key with a self-signed certificate (DER in base64). */
export class Signer {
  constructor(name = "Partner") {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const der = selfSigned(name, privateKey, publicKey);
    Object.assign(this, { key: privateKey.export({ type: "pkcs8", format: "pem" }), certificate: der.toString("base64"), pem: new X509Certificate(der).toString() });
  }

  /** A response with this statement, signed as a whole and in its assertion. */
  response(statement) {
    const ids = [randomUUID(), randomUUID()].map((id) => `_${id}`);
    return ids.reduce((xml, id) => this.sign(xml, id), unsigned(statement, ids));
  }

  /** Signs the element with this ID, the signature right after its Issuer; the signer's certificate rides along. */
  sign(xml, id) {
    const element = `//*[@ID='${id}']`;
    const signed = new SignedXml({ privateKey: this.key, publicCert: this.pem, signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", canonicalizationAlgorithm: EXCLUSIVE });
    signed.addReference({ xpath: element, digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256", transforms: [`${DSIG}enveloped-signature`, EXCLUSIVE] });
    signed.computeSignature(xml, { prefix: "ds", location: { reference: `${element}/*[local-name()='Issuer']`, action: "after" } });
    return signed.getSignedXml();
  }
}

/** What a good response says now; change one thing of it to make a bad one. */
export function statement({ issuer, acs, audience, nameId }) {
  const now = Date.now();
  return { issuer, destination: acs, recipient: acs, audience, nameId, status: `${SAML}:status:Success`, method: `${SAML}:cm:bearer`, notBefore: now - MINUTE, notOnOrAfter: now + 5 * MINUTE, confirmedUntil: now + 5 * MINUTE };
}

function unsigned(said, [assertion, response]) {
  const at = (time) => new Date(time).toISOString();
  const head = (id) => `ID="${id}" IssueInstant="${at(Date.now())}" Version="2.0"`;
  return `<p:Response xmlns:p="${SAML}:protocol" xmlns:a="${SAML}:assertion" Destination="${said.destination}" ${head(response)}><a:Issuer>${said.issuer}</a:Issuer>`
    + `<p:Status><p:StatusCode Value="${said.status}"/></p:Status><a:Assertion ${head(assertion)}><a:Issuer>${said.issuer}</a:Issuer>`
    + `<a:Subject><a:NameID Format="${UNSPECIFIED}">${said.nameId}</a:NameID><a:SubjectConfirmation Method="${said.method}">`
    + `<a:SubjectConfirmationData NotOnOrAfter="${at(said.confirmedUntil)}" Recipient="${said.recipient}"/></a:SubjectConfirmation></a:Subject>`
    + `<a:Conditions NotBefore="${at(said.notBefore)}" NotOnOrAfter="${at(said.notOnOrAfter)}"><a:AudienceRestriction><a:Audience>${said.audience}</a:Audience></a:AudienceRestriction></a:Conditions>`
    + `<a:AuthnStatement AuthnInstant="${at(Date.now())}"><a:AuthnContext><a:AuthnContextClassRef>${SAML}:ac:classes:Password</a:AuthnContextClassRef></a:AuthnContext></a:AuthnStatement></a:Assertion></p:Response>`;
}

// X.509 version 1 is all that an identity provider's certificate needs; Node reads certificates and makes none.
function selfSigned(name, privateKey, publicKey) {
  const algorithm = tlv(0x30, Buffer.from("06092a864886f70d01010b0500", "hex"));
  const common = tlv(0x30, tlv(0x31, tlv(0x30, Buffer.from("0603550403", "hex"), tlv(0x0c, Buffer.from(name)))));
  const time = (year) => tlv(0x17, Buffer.from(`${year}0101000000Z`));
  const serial = tlv(0x02, Buffer.from([1]));
  const body = tlv(0x30, serial, algorithm, common, tlv(0x30, time("20"), time("49")), common, publicKey.export({ type: "spki", format: "der" }));
  return tlv(0x30, body, algorithm, tlv(0x03, Buffer.from([0]), sign("sha256", body, privateKey)));
}

function tlv(tag, ...parts) {
  const value = Buffer.concat(parts);
  const long = value.length < 0x80 ? [value.length] : value.length < 0x100 ? [0x81, value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...long]), value]);
}
