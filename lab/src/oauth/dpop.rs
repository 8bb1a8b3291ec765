//! DPoP: nonces of the token endpoint, and the check of a proof.

use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use serde_json::Value;

use super::{assertion, is_address, jose};
use crate::ids::Ids;
use crate::org::AuthorizationServer;

/// A nonce is renewed after a day, and an old one is good for three.
const RENEWED_MS: u64 = 24 * 3_600_000;
const LIVE_MS: u64 = 72 * 3_600_000;
/// How far a proof's time may be from the org's.
const SKEW_MS: u64 = 300_000;

/// What a proof must be about.
pub(super) struct Wanted<'a> {
    pub method: &'a str,
    pub host: &'a str,
    pub path: &'a str,
    /// The access token that comes with it; none at the token endpoint, which wants a nonce instead.
    pub token: Option<&'a str>,
    pub now: u64,
}

/// What is wrong with a proof.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The nonce is missing or too old.
    Nonce,
    /// Anything else, in words.
    Proof(String),
}

/// The thumbprint of the key that a proof proves. The proof cannot be used again.
pub(super) fn check(
    server: &mut AuthorizationServer,
    proof: &str,
    wanted: &Wanted<'_>,
) -> Result<String, Flaw> {
    let (thumbprint, claims) = signed(proof)?;
    let text = |name: &str| claims[name].as_str();
    if text("htm") != Some(wanted.method) {
        return Err(claim("htm"));
    }
    let place = |htu: &str| is_address(htu, wanted.host, wanted.path);
    if !text("htu").is_some_and(place) {
        return Err(claim("htu"));
    }
    let made = jose::time(&claims, "iat").ok_or_else(|| claim("iat"))?;
    if made.abs_diff(wanted.now) > SKEW_MS {
        return Err(claim("iat"));
    }
    match wanted.token {
        Some(token) if text("ath") != Some(&assertion::token_hash(token)) => {
            return Err(claim("ath"));
        }
        None if !text("nonce").is_some_and(|nonce| is_live(server, nonce, wanted.now)) => {
            return Err(Flaw::Nonce);
        }
        _ => {}
    }
    let jti = text("jti")
        .filter(|jti| !jti.is_empty())
        .ok_or_else(|| claim("jti"))?;
    let once = server.take(
        &format!("{thumbprint} {jti}"),
        made + 2 * SKEW_MS,
        wanted.now,
    );
    if once {
        Ok(thumbprint)
    } else {
        Err(flaw("The DPoP proof JWT has already been used."))
    }
}

fn signed(proof: &str) -> Result<(String, Value), Flaw> {
    let header = jose::header(proof).ok_or_else(|| flaw("The DPoP proof JWT can't be parsed."))?;
    if header["typ"] != "dpop+jwt" {
        return Err(parameter("typ"));
    }
    let algorithm = header["alg"].as_str().unwrap_or_default();
    if !jose::ALGORITHMS.contains(&algorithm) {
        return Err(parameter("alg"));
    }
    let jwk = &header["jwk"];
    let private = ["d", "p", "q", "dp", "dq", "qi", "k"];
    let is_private = private.iter().any(|name| jwk.get(name).is_some());
    let thumbprint = Some(jwk)
        .filter(|_| !is_private)
        .and_then(|jwk| serde_json::from_value::<Jwk>(jwk.clone()).ok())
        .and_then(|jwk| jwk.thumbprint(ThumbprintHash::SHA256).ok());
    let (Some(thumbprint), Some(key)) = (thumbprint, jose::public(jwk)) else {
        return Err(parameter("jwk"));
    };
    let claims = jose::claims(proof, &key);
    let claims = claims.ok_or_else(|| flaw("The DPoP proof JWT signature is invalid."))?;
    Ok((thumbprint, claims))
}

fn claim(name: &str) -> Flaw {
    flaw(&format!("'{name}' claim in the DPoP proof JWT is invalid."))
}

fn parameter(name: &str) -> Flaw {
    flaw(&format!(
        "'{name}' in the DPoP proof JWT header is invalid."
    ))
}

fn flaw(text: &str) -> Flaw {
    Flaw::Proof(text.to_owned())
}

fn is_live(server: &AuthorizationServer, nonce: &str, now: u64) -> bool {
    let mut known = server.nonces.iter();
    known.any(|(known, made)| known == nonce && now.saturating_sub(*made) < LIVE_MS)
}

/// The nonce that the token endpoint gives out now.
pub(super) fn nonce(server: &mut AuthorizationServer, ids: &mut Ids, now: u64) -> String {
    server
        .nonces
        .retain(|(_, made)| now.saturating_sub(*made) < LIVE_MS);
    match server.nonces.last() {
        Some((nonce, made)) if now.saturating_sub(*made) < RENEWED_MS => nonce.clone(),
        _ => {
            let nonce = ids.secret();
            server.nonces.push((nonce.clone(), now));
            nonce
        }
    }
}

impl AuthorizationServer {
    /// Takes an id that may be used once; false when it was taken before and that still counts.
    pub(super) fn take(&mut self, id: &str, until: u64, now: u64) -> bool {
        // Once in a while is enough, or ten thousand pushes would walk the list ten thousand times.
        if self.used.len() % 256 == 255 {
            self.used.retain(|_, until| now < *until);
        }
        self.used
            .insert(id.to_owned(), until)
            .is_none_or(|until| until <= now)
    }
}
