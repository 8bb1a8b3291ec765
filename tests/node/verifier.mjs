// The independent service provider: @node-saml/node-saml, set as strictly as it can be.

import assert from "node:assert/strict";
import { SAML } from "@node-saml/node-saml";

/** Takes a response as node-saml does and gives what it says: { nameId, issuer, attributes, recipient }; throws its refusal. */
export async function verified(xml, { certificate, audience, acs, weaker }) {
  const provider = new SAML({
    callbackUrl: acs,
    issuer: audience,
    audience,
    idpCert: certificate,
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    acceptedClockSkewMs: 0,
    ...weaker,
  });
  const { profile } = await provider.validatePostResponseAsync({ SAMLResponse: Buffer.from(xml).toString("base64") });
  const [confirmation] = profile.getAssertion().Assertion.Subject[0].SubjectConfirmation;
  const recipient = confirmation.SubjectConfirmationData[0].$.Recipient;
  // node-saml leaves this one check to the service provider: the verified assertion must be for its own address.
  assert.equal(recipient, acs, "Recipient mismatch");
  return { nameId: profile.nameID, issuer: profile.issuer, attributes: profile.attributes, recipient };
}
