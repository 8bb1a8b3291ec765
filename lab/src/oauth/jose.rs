//! Reading what others signed: keys as JSON, signatures, headers.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use crate::keys::{Certificate, SigningKey};

/// The algorithms that Okta takes from clients, as far as the library has them.
pub(super) const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

/// The claims of a token that this key signed; none for anything else. Claims are not judged.
pub(super) fn claims(token: &str, key: &DecodingKey) -> Option<Value> {
    let family = key.family();
    let algorithms: Vec<Algorithm> = ALGORITHMS
        .into_iter()
        .filter(|algorithm| algorithm.family() == family)
        .collect();
    // The library's own judgement of times would ask the machine's clock.
    let mut validation = Validation::new(*algorithms.first()?);
    validation.algorithms = algorithms;
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let header = decode_header(token).ok()?;
    // Nothing that a header may mark as critical is understood here.
    if header.crit.is_some() {
        return None;
    }
    let read = decode::<Value>(token, key, &validation).ok()?;
    Some(read.claims).filter(Value::is_object)
}

/// The claims as written, before anybody checked who wrote them.
pub(super) fn unchecked(token: &str) -> Option<Value> {
    part(token, 1)
}

/// The header as written.
pub(super) fn header(token: &str) -> Option<Value> {
    part(token, 0)
}

fn part(token: &str, at: usize) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let text = parts.get(at).filter(|_| parts.len() == 3)?;
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok().filter(Value::is_object)
}

/// A public key given as a JWK: RSA, or EC on P-256 or P-384.
pub(super) fn public(jwk: &Value) -> Option<DecodingKey> {
    let text = |name: &str| jwk[name].as_str();
    match text("kty")? {
        "RSA" => DecodingKey::from_rsa_components(text("n")?, text("e")?).ok(),
        "EC" if matches!(text("crv")?, "P-256" | "P-384") => {
            DecodingKey::from_ec_components(text("x")?, text("y")?).ok()
        }
        _ => None,
    }
}

/// The public part of a key of the lab.
pub(super) fn public_of(key: &SigningKey) -> DecodingKey {
    let facts = Certificate::read(&key.certificate()).expect("our own certificate reads");
    let made = DecodingKey::from_rsa_components(&facts.modulus, &facts.exponent);
    let made = made.expect("our own certificate holds an RSA key");
    debug_assert_eq!(made.family(), AlgorithmFamily::Rsa);
    made
}

/// A whole number of seconds among the claims, as milliseconds.
pub(super) fn time(claims: &Value, name: &str) -> Option<u64> {
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
