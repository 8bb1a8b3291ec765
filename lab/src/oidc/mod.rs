//! OpenID Connect sign-in: the source as provider, the target as client of it.
//!
//! The target begins (`start`), the source asks its person and gives a code (`authorize`), the target fetches tokens
//! for it (`callback`, `exchange`), checks them (`verify`) and lets the person in. `userinfo` tells the rest.

pub(crate) mod authorize;
pub(crate) mod callback;
pub(crate) mod client;
pub(crate) mod exchange;
pub(crate) mod start;
mod tokens;
pub(crate) mod userinfo;
pub(crate) mod verify;

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::keys::sha256;

/// Where people are sent to sign in. Below it is the address that a target gets its codes at.
pub(crate) const AUTHORIZE: &str = "/oauth2/v1/authorize";

/// Sign-ins under way at an org: what it gave out as provider, and what it waits for as client.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignIns {
    /// By code.
    codes: BTreeMap<String, Code>,
    /// By state.
    waiting: BTreeMap<String, Waiting>,
}

/// What a code stands for.
#[derive(Clone, Debug)]
struct Code {
    client: String,
    user: String,
    redirect: String,
    scopes: Vec<String>,
    nonce: Option<String>,
    challenge: Option<String>,
    signed_in: u64,
    until: u64,
}

/// What a target remembers of somebody it sent away to sign in.
#[derive(Clone, Debug)]
struct Waiting {
    idp: String,
    nonce: String,
    verifier: String,
    /// Where the person wanted to go.
    to: Option<String>,
    until: u64,
}

/// The S256 challenge of a PKCE verifier (RFC 7636).
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()))
}

/// The address that a target gets its codes at.
/// Where a source sends people back to at this host.
pub(crate) fn callback_address(host: &str) -> String {
    format!("https://{host}{AUTHORIZE}/callback")
}
