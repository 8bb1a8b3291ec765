//! RSA keys and certificates. A few keys serve the whole process; certificates differ by serial number.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{self, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use aws_lc_rs::{digest, encoding::Pkcs8V1Der};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::EncodingKey;
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, PKCS_RSA_SHA256, SerialNumber,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use x509_parser::asn1_rs::{Any, Sequence};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use crate::clock::stamp;
use crate::ids::Ids;

// Making a 2048-bit key takes a tenth of a second, so keys are shared; what tests compare are certificates.
const SLOTS: usize = 5;

struct Slot {
    pair: KeyPair,
    issuer: rcgen::KeyPair,
    jose: EncodingKey,
}

fn slot(number: usize) -> &'static Slot {
    static POOL: [OnceLock<Slot>; SLOTS] = [const { OnceLock::new() }; SLOTS];
    POOL[number % SLOTS].get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("the system gives randomness");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("a fresh key encodes");
        let jose = EncodingKey::from_rsa_der(rsa_private_key(der.as_ref()));
        let der = rustls::pki_types::PrivatePkcs8KeyDer::from(der.as_ref().to_vec());
        let issuer = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256)
            .expect("a fresh key reads back");
        Slot { pair, issuer, jose }
    })
}

// The JOSE library wants the bare RSAPrivateKey that PKCS#8 wraps after a version and an algorithm.
fn rsa_private_key(pkcs8: &[u8]) -> &[u8] {
    let inner = Sequence::from_der(pkcs8).and_then(|(_, all)| match all.content {
        Cow::Borrowed(rest) => {
            let (rest, _) = Any::from_der(rest)?;
            let (rest, _) = Any::from_der(rest)?;
            Any::from_der(rest)
        }
        Cow::Owned(_) => unreachable!("reading from a slice borrows"),
    });
    inner.expect("a fresh key is PKCS#8").1.data
}

/// A signing key of an app or org: which pool key, and what stands in its certificate.
#[derive(Clone, Debug)]
pub(crate) struct SigningKey {
    pub kid: String,
    pub created: u64,
    slot: usize,
    serial: u64,
    subject: String,
    years: u32,
}

impl SigningKey {
    /// A key whose certificate is issued to `subject` (the org's subdomain, as Okta does) for some years.
    pub(crate) fn new(ids: &mut Ids, subject: &str, now: u64, years: u32) -> Self {
        let slot = usize::try_from(ids.random() % SLOTS as u64).unwrap_or(0);
        let serial = ids.random() >> 17;
        Self {
            kid: ids.secret(),
            created: now,
            slot,
            serial,
            subject: subject.to_owned(),
            years,
        }
    }

    /// RSA-SHA256 (PKCS#1 1.5) over the bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let pair = &slot(self.slot).pair;
        let mut made = vec![0; pair.public_modulus_len()];
        pair.sign(
            &signature::RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            bytes,
            &mut made,
        )
        .expect("a pool key signs");
        made
    }

    /// The same key for the JOSE library, which signs tokens and client assertions.
    pub(crate) fn jose(&self) -> &'static EncodingKey {
        &slot(self.slot).jose
    }

    /// The certificate, DER in base64 without line breaks.
    pub(crate) fn certificate(&self) -> Arc<str> {
        type Cache = Mutex<HashMap<(usize, u64, String, u64, u32), Arc<str>>>;
        static MADE: OnceLock<Cache> = OnceLock::new();
        // Whole days make the same seed meet the same certificate again, so tens of thousands of runs sign it once.
        let key = (
            self.slot,
            self.serial,
            self.subject.clone(),
            self.created / DAY,
            self.years,
        );
        let mut made = MADE
            .get_or_init(Cache::default)
            .lock()
            .expect("no holder panics");
        if made.len() > 20_000 {
            made.clear();
        }
        made.entry(key).or_insert_with(|| self.issue()).clone()
    }

    fn issue(&self) -> Arc<str> {
        let mut params = CertificateParams::default();
        params.distinguished_name = self.distinguished_name();
        params.serial_number = Some(SerialNumber::from(self.serial.to_be_bytes()[2..].to_vec()));
        let day = i64::try_from(self.created / DAY).unwrap_or(0);
        params.not_before = OffsetDateTime::UNIX_EPOCH + Duration::days(day);
        params.not_after = params.not_before + Duration::days(i64::from(self.years) * 365);
        params.custom_extensions = Vec::<CustomExtension>::new();
        let made = params
            .self_signed(&slot(self.slot).issuer)
            .expect("the parameters are complete");
        STANDARD.encode(made.der()).into()
    }

    fn distinguished_name(&self) -> DistinguishedName {
        let mut name = DistinguishedName::new();
        name.push(DnType::CountryName, "US");
        name.push(DnType::StateOrProvinceName, "California");
        name.push(DnType::LocalityName, "San Francisco");
        name.push(DnType::OrganizationName, "Okta");
        name.push(DnType::OrganizationalUnitName, "SSOProvider");
        name.push(DnType::CommonName, self.subject.as_str());
        name
    }

    /// The public key as a connection's JWKS answers it.
    pub(crate) fn public(&self) -> Value {
        let facts = Certificate::read(&self.certificate()).expect("our own certificate reads");
        // `RSA` is no JOSE algorithm; the published example has it all the same.
        json!({
            "kty": "RSA", "alg": "RSA", "kid": self.kid, "use": "sig", "e": facts.exponent, "n": facts.modulus,
        })
    }

    /// The key as the app key endpoints answer it.
    pub(crate) fn json(&self) -> Value {
        let x5c = self.certificate();
        let facts = Certificate::read(&x5c).expect("our own certificate reads");
        json!({
            "kty": "RSA", "created": stamp(self.created), "lastUpdated": stamp(self.created),
            "expiresAt": stamp(facts.expires), "kid": self.kid, "use": "sig", "x5c": [&*x5c],
            "x5t#S256": facts.thumbprint, "e": facts.exponent, "n": facts.modulus,
        })
    }
}

const DAY: u64 = 86_400_000;

/// What an IdP key answers about its certificate.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub expires: u64,
    pub thumbprint: String,
    pub exponent: String,
    pub modulus: String,
    public: Vec<u8>,
}

impl Certificate {
    /// Reads base64 DER, with or without line breaks. Errors say what is wrong, in Okta's manner.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let compact: String = text.split_ascii_whitespace().collect();
        let der = STANDARD
            .decode(compact)
            .map_err(|_| "x5c: Invalid certificate encoding.".to_owned())?;
        let (rest, parsed) =
            X509Certificate::from_der(&der).map_err(|_| "x5c: Invalid certificate.".to_owned())?;
        if !rest.is_empty() {
            return Err("x5c: Data follows the certificate.".to_owned());
        }
        let Ok(PublicKey::RSA(key)) = parsed.public_key().parsed() else {
            return Err("x5c: Only RSA certificates are accepted.".to_owned());
        };
        let expires = parsed.validity().not_after.timestamp();
        Ok(Self {
            expires: u64::try_from(expires).unwrap_or(0) * 1000,
            thumbprint: URL_SAFE_NO_PAD.encode(sha256(&der)),
            exponent: URL_SAFE_NO_PAD.encode(stripped(key.exponent)),
            modulus: URL_SAFE_NO_PAD.encode(stripped(key.modulus)),
            public: parsed.public_key().subject_public_key.data.to_vec(),
        })
    }

    /// True when `made` is this certificate's RSA-SHA256 signature over `bytes`.
    pub(crate) fn verifies(&self, bytes: &[u8], made: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public)
            .verify(bytes, made)
            .is_ok()
    }
}

fn stripped(number: &[u8]) -> &[u8] {
    match number {
        [0, rest @ ..] => stripped(rest),
        _ => number,
    }
}

/// SHA-256 of the bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_verifies_what_its_key_signed_and_nothing_else() {
        let mut ids = Ids::new(1);
        let key = SigningKey::new(&mut ids, "acme", 1_795_514_400_000, 10);
        let other = SigningKey::new(&mut ids, "acme", 1_795_514_400_000, 10);
        let certificate = Certificate::read(&key.certificate()).expect("reads");
        let made = key.sign(b"words");
        assert!(certificate.verifies(b"words", &made));
        assert!(!certificate.verifies(b"other words", &made));
        assert_ne!(key.certificate(), other.certificate());
        assert!(Certificate::read("bm90IGEgY2VydA==").is_err());
    }
}
