//! Identity providers and who is linked to them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::keys::SigningKey;

/// An identity provider.
#[derive(Clone, Debug)]
pub(crate) struct Idp {
    pub id: String,
    pub name: String,
    /// `SAML2`, `OKTA_INTEGRATION`, `OIDC`…
    pub kind: String,
    pub active: bool,
    pub created: u64,
    pub updated: u64,
    pub issuer_mode: Value,
    pub protocol: Value,
    pub policy: Value,
    /// What a SAML2 IdP signs its requests with.
    pub signing: Option<SigningKey>,
    pub links: BTreeMap<String, IdpUser>,
}

impl Idp {
    /// A text of the protocol or policy by JSON pointer below the IdP, such as `/protocol/credentials/trust/kid`.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        match pointer.strip_prefix("/protocol") {
            Some(rest) => self.protocol.pointer(rest)?.as_str(),
            None => self
                .policy
                .pointer(pointer.strip_prefix("/policy")?)?
                .as_str(),
        }
    }
}

/// A user linked to an IdP.
#[derive(Clone, Debug)]
pub(crate) struct IdpUser {
    pub external_id: String,
    pub created: u64,
    pub updated: u64,
    pub profile: Value,
}

/// A certificate that IdPs may trust.
#[derive(Clone, Debug)]
pub(crate) struct IdpKey {
    pub kid: String,
    pub created: u64,
    pub x5c: String,
}
