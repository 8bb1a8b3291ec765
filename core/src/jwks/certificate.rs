//! The certificates beside a key: they must hold that key, nothing else about them is judged.

use super::KeyError;
use super::der::{self, Kind};
use super::json::Json;
use crate::explain::seen;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// A chain longer than this is no chain anybody made on purpose.
const MOST: usize = 10;

/// `x5c` as a list of base64 texts (RFC 7517 section 4.7), whose first certificate holds `key`.
pub(super) fn read_chain(value: &Json, key: &[u8]) -> Result<Vec<String>, KeyError> {
    let bad = |why| KeyError::Certificate { why };
    let Json::Array(items) = value else {
        return Err(bad("`x5c` must be a list of texts"));
    };
    if items.is_empty() || items.len() > MOST {
        return Err(bad("`x5c` must hold 1 to 10 certificates"));
    }
    let mut chain = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Json::Text(text) = item else {
            return Err(bad("`x5c` must be a list of texts"));
        };
        let der = decode(text).ok_or_else(|| bad("`x5c` holds something other than base64 DER"))?;
        if at == 0 && !holds(&der, key) {
            return Err(bad("the first certificate in `x5c` is for another key"));
        }
        chain.push(text.clone());
    }
    Ok(chain)
}

/// The whole JWK of a value that holds a certificate and no key; none for every other value.
pub(super) fn complete(value: &Json) -> Option<Result<Json, KeyError>> {
    let Json::Object(members) = value else {
        return None;
    };
    let (None, Some(Json::Array(chain))) = (value.member("kty"), value.member("x5c")) else {
        return None;
    };
    let der = match chain.first() {
        Some(Json::Text(text)) => decode(text),
        _ => None,
    };
    let why = "`x5c` holds something other than base64 DER";
    let jwk = match der {
        None => Err(KeyError::Certificate { why }),
        Some(der) => der::jwk(Kind::Certificate, &der),
    };
    Some(jwk.map(|jwk| {
        let mut all = members.clone();
        if let Json::Object(key) = jwk {
            all.extend(key.into_iter().filter(|(name, _)| name != "x5c"));
        }
        Json::Object(all)
    }))
}

/// `x5t#S256` must be the SHA-256 of the first certificate (RFC 7517 section 4.9).
pub(super) fn check_digest(digest: &[u8], chain: &[String]) -> Result<(), KeyError> {
    let Some(der) = chain.first().and_then(|text| decode(text)) else {
        return Ok(());
    };
    if Sha256::digest(&der).as_slice() == digest {
        return Ok(());
    }
    Err(KeyError::Certificate {
        why: "`x5t#S256` is not the digest of the certificate in `x5c`",
    })
}

/// The seen text of a member that should be a digest of the given length, or its bytes.
pub(super) fn read_digest(
    name: &'static str,
    text: &str,
    length: usize,
) -> Result<Vec<u8>, KeyError> {
    super::key::decode(text)
        .filter(|digest| digest.len() == length)
        .ok_or_else(|| KeyError::Base64 {
            member: name,
            seen: seen(text),
        })
}

/// DER of a certificate: one sequence that starts with another, as long as it says.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let der = STANDARD.decode(text).ok()?;
    let (length, head) = match der.get(..4)? {
        [0x30, 0x82, high, low] => (usize::from(u16::from_be_bytes([*high, *low])), 4),
        [0x30, 0x81, low, _] => (usize::from(*low), 3),
        _ => return None,
    };
    (der.len() == head + length && der.get(head) == Some(&0x30)).then_some(der)
}

fn holds(der: &[u8], key: &[u8]) -> bool {
    !key.is_empty() && der.windows(key.len()).any(|window| window == key)
}
