//! What gives access to an org by API: scopes, secrets, tokens, and the authorization server's memory.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::keys::SigningKey;
use crate::oidc::SignIns;

/// A scope that an app may ask for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub id: String,
    pub scope: String,
    pub issuer: String,
    pub created: u64,
    /// Type and id of who consented.
    pub by: (&'static str, String),
}

/// A client secret.
#[derive(Clone, Debug)]
pub(crate) struct ClientSecret {
    pub id: String,
    pub value: String,
    pub active: bool,
    pub created: u64,
    pub updated: u64,
}

/// What the org authorization server keeps between requests.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationServer {
    /// Signs access tokens.
    pub key: SigningKey,
    /// DPoP nonces with the time each was made, newest last.
    pub nonces: Vec<(String, u64)>,
    /// Ids of assertions and proofs already taken, with the time until which they count.
    pub used: BTreeMap<String, u64>,
    pub sign_ins: SignIns,
}

/// An API token, which has the rights of its owner.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub id: String,
    pub name: String,
    pub value: String,
    pub owner: String,
    pub created: u64,
    /// Last call with it. A token of the seed has none: it was in use until the lab's clock started.
    pub used: Option<u64>,
    /// From where it works.
    pub network: Value,
}

impl Token {
    /// A token that is not used for this long is gone.
    pub(crate) const WINDOW_MS: u64 = 30 * 86_400_000;

    /// Whether it may be used from where the lab's callers are. The orgs' zones hold no address: nobody is in one, so a
    /// token for callers in zones takes nobody, and one for callers outside of zones takes everybody.
    pub(crate) fn takes_callers(&self) -> bool {
        let within = self.network["include"].as_array();
        within.is_none_or(Vec::is_empty)
    }

    /// When it ends, if it is not used before.
    pub(crate) fn expires(&self, now: u64) -> u64 {
        self.used.unwrap_or(now) + Self::WINDOW_MS
    }
}
