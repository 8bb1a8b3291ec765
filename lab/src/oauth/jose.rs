//! Reading what others signed: keys as JSON, signatures, headers.

use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode};
use serde_json::Value;

use crate::keys::{Certificate, SigningKey};

/// The names of the algorithms that Okta takes from clients.
pub(crate) const ALGORITHMS: [&str; 6] = ["RS256", "RS384", "RS512", "ES256", "ES384", ES512];

/// The one that the JOSE library does not have; the crypto library below it does.
const ES512: &str = "ES512";

const OF_THE_LIBRARY: [Algorithm; 5] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

/// A public key that somebody signs with.
pub(crate) enum Public {
    /// RSA, or EC on P-256 or P-384.
    Known(DecodingKey),
    /// A point on P-521, uncompressed.
    P521(Vec<u8>),
}

/// The claims of a token that this key signed; none for anything else. Claims are not judged.
pub(crate) fn claims(token: &str, key: &Public) -> Option<Value> {
    // Nothing that a header may mark as critical is understood here.
    if header(token)?.get("crit").is_some() {
        return None;
    }
    match key {
        Public::Known(key) => by_library(token, key),
        Public::P521(point) => by_p521(token, point),
    }
}

fn by_library(token: &str, key: &DecodingKey) -> Option<Value> {
    let family = key.family();
    let algorithms: Vec<Algorithm> = OF_THE_LIBRARY
        .into_iter()
        .filter(|algorithm| algorithm.family() == family)
        .collect();
    // The library's own judgement of times would ask the machine's clock.
    let mut validation = Validation::new(*algorithms.first()?);
    validation.algorithms = algorithms;
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let read = decode::<Value>(token, key, &validation).ok()?;
    Some(read.claims).filter(Value::is_object)
}

// RFC 7518, section 3.4: the two numbers of the signature in 66 bytes each.
fn by_p521(token: &str, point: &[u8]) -> Option<Value> {
    if header(token)?["alg"] != ES512 {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point);
    key.verify(signed.as_bytes(), &signature).ok()?;
    unchecked(token)
}

/// The claims as written, before anybody checked who wrote them.
pub(crate) fn unchecked(token: &str) -> Option<Value> {
    part(token, 1)
}

/// The header as written.
pub(crate) fn header(token: &str) -> Option<Value> {
    part(token, 0)
}

fn part(token: &str, at: usize) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let text = parts.get(at).filter(|_| parts.len() == 3)?;
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok().filter(Value::is_object)
}

/// A public key given as a JWK: RSA, or EC on P-256, P-384 or P-521.
pub(crate) fn public(jwk: &Value) -> Option<Public> {
    let text = |name: &str| jwk[name].as_str();
    let known = match (text("kty")?, text("crv")) {
        ("RSA", _) => DecodingKey::from_rsa_components(text("n")?, text("e")?),
        ("EC", Some("P-256" | "P-384")) => DecodingKey::from_ec_components(text("x")?, text("y")?),
        ("EC", Some("P-521")) => return point(text("x")?, text("y")?).map(Public::P521),
        _ => return None,
    };
    known.ok().map(Public::Known)
}

fn point(x: &str, y: &str) -> Option<Vec<u8>> {
    let read = |text: &str| {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .filter(|bytes| bytes.len() == 66)
    };
    Some([vec![4], read(x)?, read(y)?].concat())
}

/// The public part of a key of the lab.
pub(crate) fn public_of(key: &SigningKey) -> Public {
    let facts = Certificate::read(&key.certificate()).expect("our own certificate reads");
    let made = DecodingKey::from_rsa_components(&facts.modulus, &facts.exponent);
    let made = made.expect("our own certificate holds an RSA key");
    debug_assert_eq!(made.family(), AlgorithmFamily::Rsa);
    Public::Known(made)
}

/// A whole number of seconds among the claims, as milliseconds.
pub(crate) fn time(claims: &Value, name: &str) -> Option<u64> {
    let seconds = &claims[name];
    let whole = seconds.as_u64().or_else(|| {
        let given = seconds
            .as_f64()
            .filter(|given| *given >= 0.0 && *given < 1e12)?;
        // A fraction of a second is legal and means nothing here.
        Some(given as u64)
    })?;
    whole.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;
    use crate::ids::Ids;

    #[test]
    fn only_the_own_signature_with_an_allowed_algorithm_is_read() {
        let mut ids = Ids::new(1);
        let (key, other) = (
            SigningKey::new(&mut ids, "a", 0, 10),
            SigningKey::new(&mut ids, "a", 0, 10),
        );
        let claimed = json!({ "sub": "x" });
        let token = encode(&Header::new(Algorithm::RS256), &claimed, key.jose()).expect("signs");
        assert_eq!(claims(&token, &public_of(&key)), Some(claimed.clone()));
        assert_eq!(claims(&token, &public_of(&other)), None);
        // The classic mistake: the public key taken as the secret of an HMAC.
        let secret = EncodingKey::from_secret(key.certificate().as_bytes());
        let forged = encode(&Header::new(Algorithm::HS256), &claimed, &secret).expect("signs");
        assert_eq!(claims(&forged, &public_of(&key)), None);
        let none = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
            URL_SAFE_NO_PAD.encode(r#"{"sub":"x"}"#)
        );
        assert_eq!(claims(&none, &public_of(&key)), None);
        let mut header = Header::new(Algorithm::RS256);
        header.crit = Some(vec!["b64".to_owned()]);
        let critical = encode(&header, &claimed, key.jose()).expect("signs");
        assert_eq!(claims(&critical, &public_of(&key)), None);
    }

    #[test]
    fn odd_times_are_no_times() {
        let claims = json!({ "a": 12, "b": 12.9, "c": -1, "d": "12", "e": u64::MAX });
        let read = ["a", "b", "c", "d", "e", "f"].map(|name| time(&claims, name));
        assert_eq!(read, [Some(12_000), Some(12_000), None, None, None, None]);
    }
}
