// Responses made bad: a genuine one changed after it was signed, or one that a trusted partner signed for something else.

import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import { Signer } from "./signer.mjs";

/** Whom the forger would like to be: an administrator of the target org. */
export const VICTIM = "admin@hub.example.com";

const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
const ELSEWHERE = "https://elsewhere.example.com/acs";

/** The same response with its assertion signed and itself not: what many providers send, and what wrapping needs. */
export const withoutOuterSignature = (xml) => changed(xml, ({ response }) => response.removeChild(signatureOf(response)));

const bare = (xml) => changed(xml, ({ response, assertion }) => {
  assertion.removeChild(signatureOf(assertion));
  response.removeChild(signatureOf(response));
});

// `from` tells which genuine response is changed: one signed twice, or only in its assertion (then the verifier asks for no more).
/** Changes that break what was signed: { name, from, forge(xml, certificate), verifier, lab }; the last two are the refusals. */
export const BROKEN = [
  { name: "signature value of the response", from: "both", forge: (xml) => retouched(xml, "response", "SignatureValue"), verifier: /Invalid document signature/, lab: /signature .* is not valid/ },
  { name: "digest of the response", from: "both", forge: (xml) => retouched(xml, "response", "DigestValue"), verifier: /Invalid document signature/, lab: /signature .* is not valid/ },
  { name: "signature value of the assertion", from: "assertion", forge: (xml) => retouched(xml, "assertion", "SignatureValue"), verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "digest of the assertion", from: "assertion", forge: (xml) => retouched(xml, "assertion", "DigestValue"), verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "name", from: "assertion", forge: (xml) => changed(xml, ({ assertion }) => rename(assertion)), verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "audience", from: "assertion", forge: (xml) => xml.replace(/(<saml2:Audience>)[^<]*/, `$1${ELSEWHERE}`), verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "recipient", from: "assertion", forge: (xml) => xml.replace(/ Recipient="[^"]*"/, ` Recipient="${ELSEWHERE}"`), verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "destination", from: "both", forge: (xml) => xml.replace(/ Destination="[^"]*"/, ` Destination="${ELSEWHERE}"`), verifier: /Invalid document signature/, lab: /signature .* is not valid/ },
  { name: "end of validity", from: "assertion", forge: (xml) => xml.replaceAll(/ NotOnOrAfter="\d{4}/g, ' NotOnOrAfter="2999'), verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "algorithm", from: "assertion", forge: (xml) => xml.replace("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha512"), verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "no signature at all", from: "both", forge: bare, verifier: /Invalid document signature/, lab: /not signed as required/ },
  { name: "an empty signature", from: "assertion", forge: emptied, verifier: /CanonicalizationMethod/, lab: /signature .* is not valid/ },
  { name: "signed by another key that is sent along", from: "both", forge: resigned, verifier: /Invalid document signature/, lab: /signature .* is not valid/ },
  { name: "signed by HMAC with the certificate as secret", from: "both", forge: keyConfused, verifier: /Invalid document signature/, lab: /signature .* is not valid/ },
  { name: "a forged digest in a comment", from: "assertion", forge: commentedDigest, verifier: /Invalid signature/, lab: /signature .* is not valid/ },
  { name: "a second SignedInfo", from: "assertion", forge: secondInfo, verifier: /too many transforms/, lab: /signature .* is not valid/ },
  { name: "a document type with entities", from: "both", forge: entities, verifier: /entity not found/, lab: /not well-formed/ },
  { name: "no assertion", from: "both", forge: (xml) => changed(xml, ({ response, assertion }) => response.removeChild(assertion)), verifier: /Invalid document signature/, lab: /exactly one assertion/ },
];

// The eight ways of signature wrapping, numbered as the paper "On Breaking SAML" and its tools do.
// Of number 7 node-saml reads the genuine assertion, which is right too.
/** Genuine signed parts moved aside and forged ones put where they are read; same fields as above, the lab's refusal is one. */
export const WRAPPED = [
  { name: "1: the response inside the signature of a forged one", from: "both", verifier: /too many transforms/, forge: (xml) => wrapResponse(xml, (forged, signature, whole) => {
    signature.appendChild(object(signature, whole));
    forged.insertBefore(signature, forged.firstChild.nextSibling);
  }) },
  { name: "2: the response before its detached signature in a forged one", from: "both", verifier: /does not refer to/, forge: (xml) => wrapResponse(xml, (forged, signature, whole) => {
    forged.insertBefore(signature, forged.firstChild.nextSibling);
    forged.insertBefore(whole, signature);
  }) },
  { name: "3: a forged assertion before the genuine one", from: "assertion", verifier: /multiple assertions/, forge: (xml) => wrapAssertion(xml, ({ response, assertion, forged }) => response.insertBefore(forged, assertion)) },
  { name: "4: the genuine assertion inside a forged one", from: "assertion", verifier: /Invalid signature/, forge: (xml) => wrapAssertion(xml, ({ response, assertion, forged }) => {
    response.replaceChild(forged, assertion);
    forged.appendChild(assertion);
  }) },
  { name: "5: the signature in a forged assertion, the genuine one after it", from: "assertion", verifier: /multiple assertions/, forge: (xml) => wrapAssertion(xml, ({ response, assertion, forged, signature }) => {
    assertion.removeChild(signature);
    forged.insertBefore(signature, forged.firstChild.nextSibling);
    response.replaceChild(forged, assertion);
    response.appendChild(assertion);
  }) },
  { name: "6: the genuine assertion inside the signature of a forged one", from: "assertion", verifier: /does not refer to/, forge: (xml) => wrapAssertion(xml, ({ response, assertion, forged, signature }) => {
    assertion.removeChild(signature);
    forged.insertBefore(signature, forged.firstChild.nextSibling);
    response.replaceChild(forged, assertion);
    signature.appendChild(assertion);
  }) },
  { name: "7: a forged assertion among extensions", from: "assertion", forge: (xml) => wrapAssertion(xml, ({ document, response, assertion, forged }) => {
    const extensions = document.createElementNS(PROTOCOL, "saml2p:Extensions");
    extensions.appendChild(forged);
    response.insertBefore(extensions, assertion);
  }) },
  { name: "8: the genuine assertion in an object of the signature", from: "assertion", verifier: /does not refer to/, forge: (xml) => wrapAssertion(xml, ({ response, assertion, forged, signature }) => {
    assertion.removeChild(signature);
    forged.insertBefore(signature, forged.firstChild.nextSibling);
    response.replaceChild(forged, assertion);
    signature.appendChild(object(signature, assertion));
  }) },
];

// What node-saml leaves to the service provider (issuer, destination, status, the confirmation) has no refusal of it here.
/** Well signed by a partner that is trusted, and yet not to be taken: { name, said, after?, verifier?, lab }. */
export const MEANT_OTHERWISE = [
  { name: "another audience", said: () => ({ audience: ELSEWHERE }), verifier: /audience mismatch/, lab: /Audience/ },
  { name: "another recipient", said: () => ({ recipient: ELSEWHERE }), verifier: /Recipient mismatch/, lab: /Recipient/ },
  { name: "another destination", said: () => ({ destination: ELSEWHERE }), lab: /Destination/ },
  { name: "another issuer", said: () => ({ issuer: ELSEWHERE }), lab: /Issuer/ },
  { name: "expired conditions", said: () => ({ notOnOrAfter: Date.now() - 1_000 }), verifier: /expired/, lab: /expired/ },
  { name: "conditions of tomorrow", said: () => ({ notBefore: Date.now() + 86_400_000, notOnOrAfter: Date.now() + 2 * 86_400_000 }), verifier: /not yet valid/, lab: /not valid yet/ },
  { name: "an expired confirmation", said: () => ({ confirmedUntil: Date.now() - 1_000 }), lab: /expired/ },
  { name: "no success", said: () => ({ status: "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed" }), lab: /no success/ },
  { name: "a confirmation by holder of key", said: () => ({ method: "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key" }), lab: /bearer/ },
  { name: "an audience cut by a comment", said: ({ audience }) => ({ audience: `${audience}.evil` }), after: (xml) => xml.replace(".evil<", "<!-- -->.evil<"), verifier: /audience mismatch/, lab: /Audience/ },
  { name: "an issuer cut by a comment", said: ({ issuer }) => ({ issuer: `${issuer}.evil` }), after: (xml) => xml.replaceAll(".evil<", "<!-- -->.evil<"), lab: /Issuer/ },
];

function open(xml) {
  const document = new DOMParser().parseFromString(xml, "text/xml");
  const response = document.documentElement;
  return { document, response, assertion: child(response, "Assertion") };
}

function changed(xml, change) {
  const parts = open(xml);
  change(parts);
  return new XMLSerializer().serializeToString(parts.document);
}

const child = (node, name) => Array.from(node.childNodes).find((one) => one.localName === name);
const within = (node, name) => node.getElementsByTagNameNS("*", name)[0];
const signatureOf = (node) => child(node, "Signature");

function rename(assertion) {
  within(assertion, "NameID").textContent = VICTIM;
  for (const attribute of Array.from(assertion.getElementsByTagNameNS(ASSERTION, "AttributeValue"))) {
    if (attribute.textContent.includes("@")) attribute.textContent = VICTIM;
  }
}

// Another value of the same length: it still reads as base64.
function retouched(xml, which, name) {
  return changed(xml, (parts) => {
    const value = child(child(signatureOf(parts[which]), "SignedInfo"), "Reference");
    const place = name === "DigestValue" ? child(value, name) : child(signatureOf(parts[which]), name);
    place.textContent = (place.textContent[0] === "A" ? "B" : "A") + place.textContent.slice(1);
  });
}

function emptied(xml) {
  return changed(xml, ({ assertion }) => {
    const signature = signatureOf(assertion);
    while (signature.firstChild) signature.removeChild(signature.firstChild);
  });
}

function resigned(xml) {
  const forger = new Signer("acme");
  const forged = changed(bare(xml), ({ assertion }) => rename(assertion));
  const { response, assertion } = open(forged);
  return forger.sign(forger.sign(forged, assertion.getAttribute("ID")), response.getAttribute("ID"));
}

// Where a verifier lets the message choose HMAC, the public certificate becomes the secret.
function keyConfused(xml, certificate) {
  const forged = changed(bare(xml), ({ assertion }) => rename(assertion));
  const id = open(forged).response.getAttribute("ID");
  const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
  const signed = new SignedXml({ privateKey: pem(certificate), signatureAlgorithm: `${DSIG}hmac-sha1`, canonicalizationAlgorithm: exclusive });
  signed.enableHMAC();
  signed.addReference({ xpath: `//*[@ID='${id}']`, digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256", transforms: [`${DSIG}enveloped-signature`, exclusive] });
  signed.computeSignature(forged, { prefix: "ds", location: { reference: `//*[@ID='${id}']/*[local-name()='Issuer']`, action: "after" } });
  return signed.getSignedXml();
}

const pem = (certificate) => `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;

// CVE-2025-29775: comments are not signed, so a verifier that reads the comment takes the forger's digest.
function commentedDigest(xml) {
  return changed(xml, ({ document, assertion }) => {
    const digest = within(signatureOf(assertion), "DigestValue");
    const forged = digestOf(assertion);
    rename(assertion);
    digest.insertBefore(document.createComment(forged), digest.firstChild);
  });
}

// CVE-2025-29774: one SignedInfo is verified, the other is believed.
function secondInfo(xml) {
  return changed(xml, ({ assertion }) => {
    const info = child(signatureOf(assertion), "SignedInfo");
    const forged = info.cloneNode(true);
    within(forged, "DigestValue").textContent = digestOf(assertion);
    rename(assertion);
    info.parentNode.insertBefore(forged, info);
  });
}

/** The digest that the renamed assertion would have, as a signer computes it. */
function digestOf(assertion) {
  const copy = assertion.cloneNode(true);
  copy.removeChild(signatureOf(copy));
  rename(copy);
  const id = copy.getAttribute("ID");
  const signed = new Signer().sign(new XMLSerializer().serializeToString(copy), id);
  return signed.match(/DigestValue>([^<]*)</)[1];
}

function entities(xml) {
  return `<!DOCTYPE r [<!ENTITY who "${VICTIM}">]>${changed(xml, ({ assertion }) => rename(assertion)).replaceAll(VICTIM, "&who;")}`;
}

function wrapResponse(xml, wrap) {
  return changed(xml, ({ document, response }) => {
    const signature = signatureOf(response);
    response.removeChild(signature);
    const forged = response.cloneNode(true);
    forged.setAttribute("ID", "forged");
    const assertion = child(forged, "Assertion");
    assertion.removeChild(signatureOf(assertion));
    assertion.setAttribute("ID", "forged-assertion");
    rename(assertion);
    document.replaceChild(forged, response);
    wrap(forged, signature, response);
  });
}

function wrapAssertion(xml, wrap) {
  return changed(xml, (parts) => {
    const signature = signatureOf(parts.assertion);
    const forged = parts.assertion.cloneNode(true);
    forged.removeChild(signatureOf(forged));
    forged.setAttribute("ID", "forged");
    rename(forged);
    wrap({ ...parts, forged, signature });
  });
}

function object(signature, content) {
  const made = signature.ownerDocument.createElementNS(DSIG, "ds:Object");
  made.appendChild(content);
  return made;
}
