//! The target's judgement of an ID token: signed by a key of the issuer, for this client, of this sign-in, of now.

use serde_json::Value;

use super::tokens::half_hash;
use crate::oauth::jose;

/// What the target expects.
pub(crate) struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    /// The access token that came with it.
    pub access: &'a str,
    pub skew_ms: u64,
    pub now: u64,
}

/// Who signed in (`sub`). The error says what failed, in words for the page and the log.
pub(crate) fn verify(token: &str, keys: &Value, expected: &Expected<'_>) -> Result<String, String> {
    let claims = signed(token, keys)?;
    let text = |name: &str| claims[name].as_str();
    if text("iss") != Some(expected.issuer) {
        return Err("The ID token is of another issuer.".to_owned());
    }
    if !is_for(&claims, expected.client) {
        return Err("The ID token is for another client.".to_owned());
    }
    let time = |name: &str| jose::time(&claims, name);
    let ends = time("exp").ok_or("The ID token has no end.")?;
    if ends.saturating_add(expected.skew_ms) <= expected.now {
        return Err("The ID token has expired.".to_owned());
    }
    let made = time("iat").ok_or("The ID token does not say when it was issued.")?;
    if made > expected.now + expected.skew_ms {
        return Err("The ID token was issued in the future.".to_owned());
    }
    if text("nonce") != Some(expected.nonce) {
        return Err("The ID token is of another sign-in: its nonce differs.".to_owned());
    }
    if text("at_hash").is_some_and(|hash| hash != half_hash(expected.access)) {
        return Err("The ID token does not belong to the access token.".to_owned());
    }
    let subject = text("sub").filter(|subject| !subject.is_empty());
    subject
        .map(str::to_owned)
        .ok_or_else(|| "The ID token names nobody.".to_owned())
}

fn signed(token: &str, keys: &Value) -> Result<Value, String> {
    let header = jose::header(token).ok_or("The ID token cannot be read.")?;
    if header["alg"] != "RS256" {
        return Err("The ID token is not signed with RS256.".to_owned());
    }
    let kid = &header["kid"];
    let mut keys = keys["keys"].as_array().into_iter().flatten();
    let key = keys.find(|key| kid.is_string() && key["kid"] == *kid && key["use"] != "enc");
    let key = key
        .and_then(jose::public)
        .ok_or("The ID token's key is not among the issuer's.")?;
    jose::claims(token, &key).ok_or_else(|| "The ID token's signature is wrong.".to_owned())
}

// With several audiences the one that it was issued to must be named.
fn is_for(claims: &Value, client: &str) -> bool {
    let party = claims["azp"].as_str();
    match &claims["aud"] {
        Value::String(only) => only == client && party.is_none_or(|party| party == client),
        Value::Array(all) => {
            let named = all.iter().any(|one| one == client);
            named
                && (all.len() == 1 || party.is_some())
                && party.is_none_or(|party| party == client)
        }
        _ => false,
    }
}
