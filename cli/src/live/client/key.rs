//! The private key of an OAuth client: read from a file that only its owner can read, used to
//! sign, and in no message. What it signs is made by the same JOSE library as the lab's.

use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use der::asn1::{AnyRef, OctetStringRef, UintRef};
use der::{Decode, Encode, Reader, SliceReader};
use jsonwebtoken::jwk::{CommonParameters, Jwk};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;

use crate::outcome::{Exit, Outcome, Trouble};

const CURVES: [(&str, Algorithm, &EcdsaSigningAlgorithm); 2] = [
    ("P-256", Algorithm::ES256, &ECDSA_P256_SHA256_FIXED_SIGNING),
    ("P-384", Algorithm::ES384, &ECDSA_P384_SHA384_FIXED_SIGNING),
];

/// A key that signs, and how it is called.
pub struct SigningKey {
    algorithm: Algorithm,
    kid: Option<String>,
    key: EncodingKey,
}

impl SigningKey {
    /// Reads a key as JWK or PEM. `shown` names the file in messages.
    pub fn read(text: &str, shown: &str) -> Outcome<SigningKey> {
        let found = match text.trim_start().starts_with('{') {
            true => from_jwk(text),
            false => from_pem(text),
        };
        let key = found.map_err(|why| refused(shown, why))?;
        // A key whose parts do not belong together is found here, not in the middle of a run.
        match key.sign(Header::new(key.algorithm), &Value::Null) {
            Some(_) => Ok(key),
            None => Err(refused(shown, "its parts do not belong together")),
        }
    }

    /// A fresh key of the curve P-256.
    pub fn fresh() -> Option<SigningKey> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
        by_curve(&pair, Algorithm::ES256)
    }

    /// A token that says who signed it, by the id of the key.
    pub fn assertion(&self, claims: &Value) -> Option<String> {
        let mut header = Header::new(self.algorithm);
        header.kid = self.kid.clone();
        self.sign(header, claims)
    }

    /// A token that carries the public key it was signed for.
    pub fn proof(&self, claims: &Value) -> Option<String> {
        let mut public = Jwk::from_encoding_key(&self.key, self.algorithm).ok()?;
        public.common = CommonParameters::default();
        let mut header = Header::new(self.algorithm);
        header.typ = Some("dpop+jwt".to_owned());
        header.jwk = Some(public);
        self.sign(header, claims)
    }

    fn sign(&self, header: Header, claims: &Value) -> Option<String> {
        encode(&header, claims, &self.key).ok()
    }
}

fn refused(shown: &str, why: &str) -> Trouble {
    Trouble {
        code: "client-key".to_owned(),
        what: format!("{shown}: {why}"),
        hint: "Give the client's private key as JWK or PEM: RSA, or EC on P-256 or P-384, not encrypted.".to_owned(),
        exit: Exit::Usage,
    }
}

fn from_pem(text: &str) -> Result<SigningKey, &'static str> {
    let der = PrivateKeyDer::from_pem_slice(text.as_bytes())
        .map_err(|_| "it holds no private key that can be read")?;
    let key = match &der {
        PrivateKeyDer::Pkcs1(der) => by_rsa(der.secret_pkcs1_der().to_vec()),
        PrivateKeyDer::Sec1(der) => CURVES.iter().find_map(|(_, algorithm, curve)| {
            let pair = EcdsaKeyPair::from_private_key_der(curve, der.secret_sec1_der()).ok()?;
            by_curve(&pair, *algorithm)
        }),
        PrivateKeyDer::Pkcs8(der) => from_pkcs8(der.secret_pkcs8_der()),
        _ => None,
    };
    key.ok_or("its kind of key is none that Okta takes here")
}

fn from_pkcs8(pkcs8: &[u8]) -> Option<SigningKey> {
    if rsa::KeyPair::from_pkcs8(pkcs8).is_ok() {
        return by_rsa(inside(pkcs8)?);
    }
    CURVES.iter().find_map(|(_, algorithm, curve)| {
        let pair = EcdsaKeyPair::from_pkcs8(curve, pkcs8).ok()?;
        by_curve(&pair, *algorithm)
    })
}

// The JOSE library wants the bare RSAPrivateKey that PKCS#8 wraps after a version and an algorithm.
fn inside(pkcs8: &[u8]) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(pkcs8).ok()?;
    let key = reader.sequence(|inner| {
        u8::decode(inner)?;
        AnyRef::decode(inner)?;
        let key = OctetStringRef::decode(inner)?.as_bytes().to_vec();
        while !inner.is_finished() {
            AnyRef::decode(inner)?;
        }
        Ok(key)
    });
    key.ok()
}

fn by_rsa(pkcs1: Vec<u8>) -> Option<SigningKey> {
    rsa::KeyPair::from_der(&pkcs1).ok()?;
    Some(SigningKey {
        algorithm: Algorithm::RS256,
        kid: None,
        key: EncodingKey::from_rsa_der(&pkcs1),
    })
}

fn by_curve(pair: &EcdsaKeyPair, algorithm: Algorithm) -> Option<SigningKey> {
    let pkcs8 = pair.to_pkcs8v1().ok()?;
    Some(SigningKey {
        algorithm,
        kid: None,
        key: EncodingKey::from_ec_der(pkcs8.as_ref()),
    })
}

fn from_jwk(text: &str) -> Result<SigningKey, &'static str> {
    let mut jwk: Value = serde_json::from_str(text).map_err(|_| "it is no JSON")?;
    if let Some(keys) = jwk.get_mut("keys").and_then(Value::as_array_mut) {
        let [only] = keys.as_mut_slice() else {
            return Err("it holds more or fewer than one key");
        };
        jwk = only.take();
    }
    if jwk.get("d").is_none() {
        return Err("it holds a public key; the private one is needed");
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let key = match text("kty") {
        Some("RSA") => rsa_of(&text),
        Some("EC") => curve_of(&text),
        _ => None,
    };
    let mut key =
        key.ok_or("its kind of key is none that Okta takes here, or a part is missing")?;
    key.kid = text("kid").map(str::to_owned);
    Ok(key)
}

// RFC 8017, appendix A.1.2: version 0 and the eight numbers in the order of the JWK's members.
fn rsa_of<'a>(text: &impl Fn(&str) -> Option<&'a str>) -> Option<SigningKey> {
    let mut numbers = vec![vec![0]];
    for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
        numbers.push(URL_SAFE_NO_PAD.decode(text(name)?).ok()?);
    }
    let numbers = numbers.iter().map(|bytes| UintRef::new(bytes));
    let numbers = numbers.collect::<Result<Vec<_>, _>>().ok()?;
    by_rsa(numbers.to_der().ok()?)
}

fn curve_of<'a>(text: &impl Fn(&str) -> Option<&'a str>) -> Option<SigningKey> {
    let named = text("crv")?;
    let (_, algorithm, curve) = CURVES.iter().find(|(name, ..)| *name == named)?;
    let part = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let point = [vec![4], part("x")?, part("y")?].concat();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(curve, &part("d")?, &point).ok()?;
    by_curve(&pair, *algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_private_key_is_refused_without_showing_it() {
        let public = r#"{"kty":"EC","crv":"P-256","x":"c2VjcmV0","y":"c2VjcmV0"}"#;
        let broken = r#"{"kty":"EC","crv":"P-256","x":"c2VjcmV0","y":"c2VjcmV0","d":"c2VjcmV0"}"#;
        let none = r#"{"keys":[]}"#;
        let pem = "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n";
        for text in [public, broken, none, pem, "", "c2VjcmV0", "{"] {
            let Err(trouble) = SigningKey::read(text, "`k`") else {
                panic!("{text} is no key");
            };
            assert_eq!(trouble.code, "client-key");
            assert!(!format!("{}{}", trouble.what, trouble.hint).contains("c2VjcmV0"));
        }
    }
}
