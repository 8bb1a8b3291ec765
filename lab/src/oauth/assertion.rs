//! What a client signs: the assertion that proves who it is, and the DPoP proof that a request is its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{CommonParameters, Jwk};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::keys::{SigningKey, sha256};

/// The value of `client_assertion_type` that goes with [`client_assertion`].
pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long a client assertion of ours is good for; Okta takes at most an hour.
const ASSERTION_SECONDS: u64 = 300;

/// A client assertion (private_key_jwt, RFC 7523) by an app's key. `audience` is the token endpoint that will be
/// called; `jti` may be used once, also when the answer only asks for a DPoP nonce.
pub(crate) fn client_assertion(
    key: &SigningKey,
    client_id: &str,
    audience: &str,
    jti: &str,
    now: u64,
) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(key.kid.clone());
    let claims = json!({
        "iss": client_id, "sub": client_id, "aud": audience, "jti": jti,
        "iat": now / 1000, "exp": now / 1000 + ASSERTION_SECONDS,
    });
    encode(&header, &claims, key.jose()).expect("a pool key signs")
}

/// What a DPoP proof (RFC 9449) is about.
pub(crate) struct Proof<'a> {
    pub method: &'a str,
    /// Address without query and fragment.
    pub url: &'a str,
    pub jti: &'a str,
    /// The server's last `dpop-nonce`, once it has given one.
    pub nonce: Option<&'a str>,
    /// The access token that goes with the request; none at the token endpoint.
    pub token: Option<&'a str>,
    pub now: u64,
}

/// The value of a `dpop` header.
pub(crate) fn dpop_proof(key: &ProofKey, proof: &Proof<'_>) -> String {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some("dpop+jwt".to_owned());
    header.jwk = Some(key.public.clone());
    let mut claims = json!({
        "htm": proof.method, "htu": proof.url, "iat": proof.now / 1000, "jti": proof.jti,
    });
    if let Some(nonce) = proof.nonce {
        claims["nonce"] = Value::from(nonce);
    }
    if let Some(token) = proof.token {
        claims["ath"] = Value::from(token_hash(token));
    }
    encode(&header, &claims, &key.private).expect("a fresh key signs")
}

/// `ath`: what binds a proof to an access token.
pub(crate) fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(token.as_bytes()))
}

/// The P-256 key that a client proves possession of. Like the RSA pool it differs from run to run.
pub(crate) struct ProofKey {
    private: EncodingKey,
    public: Jwk,
}

impl ProofKey {
    /// The key that belongs to a name (an org's or an app's id), the same one for as long as the process lives.
    pub(crate) fn of(name: &str) -> Arc<Self> {
        static MADE: OnceLock<Mutex<HashMap<String, Arc<ProofKey>>>> = OnceLock::new();
        let mut made = MADE
            .get_or_init(Mutex::default)
            .lock()
            .expect("no holder panics");
        made.entry(name.to_owned())
            .or_insert_with(|| Arc::new(Self::fresh()))
            .clone()
    }

    fn fresh() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .expect("the system gives randomness");
        let der = pair.to_pkcs8v1().expect("a fresh key encodes");
        let private = EncodingKey::from_ec_der(der.as_ref());
        let mut public = Jwk::from_encoding_key(&private, Algorithm::ES256)
            .expect("a fresh key has a public part");
        public.common = CommonParameters::default();
        Self { private, public }
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation, decode};

    use super::*;
    use crate::ids::Ids;

    const NOW: u64 = 1_795_514_400_000;

    fn lax(algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.required_spec_claims.clear();
        (validation.validate_exp, validation.validate_aud) = (false, false);
        validation
    }

    #[test]
    fn an_assertion_is_signed_by_the_key_that_its_kid_names() {
        let key = SigningKey::new(&mut Ids::new(1), "acme", NOW, 10);
        let jwk = key.json();
        let public = DecodingKey::from_rsa_components(
            jwk["n"].as_str().unwrap_or_default(),
            jwk["e"].as_str().unwrap_or_default(),
        );
        let made = client_assertion(
            &key,
            "0oa1",
            "https://hub.okta.com/oauth2/v1/token",
            "once",
            NOW,
        );
        let read = decode::<Value>(&made, &public.expect("a key"), &lax(Algorithm::RS256));
        let read = read.expect("its own key verifies it");
        assert_eq!(read.header.kid, Some(key.kid));
        assert_eq!(
            (&read.claims["sub"], &read.claims["jti"]),
            (&json!("0oa1"), &json!("once"))
        );
        assert_eq!(read.claims["exp"], json!(NOW / 1000 + 300));
    }

    #[test]
    fn a_proof_carries_the_public_key_that_verifies_it() {
        let key = ProofKey::of("a");
        let proof = Proof {
            method: "GET",
            url: "https://hub.okta.com/api/v1/users",
            jti: "1",
            nonce: None,
            token: Some("token"),
            now: NOW,
        };
        let made = dpop_proof(&key, &proof);
        let header = jsonwebtoken::decode_header(&made).expect("a header");
        assert_eq!(header.typ.as_deref(), Some("dpop+jwt"));
        let jwk = header.jwk.expect("a key");
        assert_eq!(
            serde_json::to_value(&jwk)
                .ok()
                .and_then(|key| key.as_object().map(|fields| fields.len())),
            Some(4),
            "kty, crv, x, y and nothing private"
        );
        let public = DecodingKey::from_jwk(&jwk).expect("a key");
        let read = decode::<Value>(&made, &public, &lax(Algorithm::ES256)).expect("verifies");
        // RFC 9449 has this hash for this very token.
        assert_eq!(
            token_hash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
        );
        assert_eq!(read.claims["ath"], json!(token_hash("token")));
        assert!(Arc::ptr_eq(&key, &ProofKey::of("a")) && !Arc::ptr_eq(&key, &ProofKey::of("b")));
    }
}
