//! SAML sign-in: the source signs an assertion, the target checks it and finds the person.

pub(crate) mod accept;
pub(crate) mod c14n;
pub(crate) mod check;
pub(crate) mod issue;
mod signature;
pub(crate) mod xml;

/// Namespaces and algorithm names of SAML 2.0 and XML Signature.
pub(crate) mod names {
    pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    pub(crate) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub(crate) const C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    pub(crate) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
    pub(crate) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
    pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
}
