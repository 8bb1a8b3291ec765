//! What the provider signs: ID tokens and people's access tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, encode};
use serde_json::{Value, json};

use super::Code;
use super::client::Client;
use crate::ids::Ids;
use crate::keys::sha256;
use crate::oauth::issuer;
use crate::org::{Org, User};

/// How long both are good for.
pub(super) const SECONDS: u64 = 3600;

/// An access token that speaks for a person: `userinfo` takes it, the Management API does not.
pub(super) fn access(
    org: &Org,
    ids: &mut Ids,
    client: &Client,
    code: &Code,
    user: &User,
    now: u64,
) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.typ = Some("application/okta-internal-at+jwt".to_owned());
    let issuer = issuer(org);
    let claims = json!({
        "ver": 1, "jti": format!("AT.{}", ids.secret()), "iss": issuer, "aud": issuer, "sub": user.login(),
        "iat": now / 1000, "exp": now / 1000 + SECONDS, "cid": client.id, "uid": user.id, "scp": code.scopes,
        "auth_time": code.signed_in / 1000,
    });
    signed(org, header, &claims)
}

/// The ID token. With an access token beside it, it says who signed in and no more; `userinfo` has the profile.
pub(super) fn id(
    org: &Org,
    ids: &mut Ids,
    client: &Client,
    code: &Code,
    access: &str,
    now: u64,
) -> String {
    let mut claims = json!({
        "sub": code.user, "ver": 1, "iss": issuer(org), "aud": client.id, "iat": now / 1000,
        "exp": now / 1000 + SECONDS, "jti": format!("ID.{}", ids.secret()), "amr": ["pwd"], "idp": org.id,
        "auth_time": code.signed_in / 1000, "at_hash": half_hash(access),
    });
    if let Some(nonce) = &code.nonce {
        claims["nonce"] = json!(nonce);
    }
    let mut header = Header::new(Algorithm::RS256);
    // Okta's ID tokens say no type.
    header.typ = None;
    signed(org, header, &claims)
}

fn signed(org: &Org, mut header: Header, claims: &Value) -> String {
    let key = &org.server.key;
    header.kid = Some(key.kid.clone());
    encode(&header, claims, key.jose()).expect("a pool key signs")
}

/// `at_hash`: the left half of the access token's SHA-256.
pub(super) fn half_hash(access: &str) -> String {
    URL_SAFE_NO_PAD.encode(&sha256(access.as_bytes())[..16])
}
