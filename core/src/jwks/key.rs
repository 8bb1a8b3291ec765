//! One public key: read strictly, reported, and written again with public members only.

use super::KeyError;
use super::certificate::{check_digest, read_chain, read_digest};
use super::curve::{CURVES, Curve};
use super::json::Json;
use crate::explain::{is_hidden, seen};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A public key as it is written; the order of members here is the order in the output.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Key {
    kty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kid: Option<String>,
    #[serde(rename = "use")]
    usage: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(flatten)]
    numbers: Numbers,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    x5c: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5t: Option<String>,
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    x5t_s256: Option<String>,
    #[serde(skip)]
    size: usize,
    #[serde(skip)]
    pub(super) expires: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Numbers {
    Ec {
        crv: &'static str,
        x: String,
        y: String,
    },
    Rsa {
        n: String,
        e: String,
    },
}

/// The whole JWKS, indented for people.
pub(super) fn write(keys: &[Key]) -> String {
    #[derive(Serialize)]
    struct Jwks<'a> {
        keys: &'a [Key],
    }
    serde_json::to_string_pretty(&Jwks { keys }).unwrap_or_default()
}

impl Key {
    /// The key, with a note for everything that is left out or added.
    pub(super) fn read(value: &Json) -> Result<(Self, Vec<String>), KeyError> {
        let Json::Object(members) = value else {
            let kind = value.kind();
            return Err(KeyError::NotObject { kind });
        };
        refuse_repeated(members)?;
        let (numbers, size, bytes) = read_numbers(value)?;
        let mut notes = Vec::new();
        let alg = read_alg(value, &numbers, &mut notes)?;
        read_use(value, &mut notes)?;
        read_key_ops(value)?;
        let x5c = match value.member("x5c") {
            None | Some(Json::Null) => Vec::new(),
            Some(chain) => read_chain(chain, &bytes)?,
        };
        let x5t_s256 = optional(value, "x5t#S256")?;
        if let Some(text) = x5t_s256 {
            check_digest(&read_digest("x5t#S256", text, 32)?, &x5c)?;
        }
        let x5t = optional(value, "x5t")?;
        if let Some(text) = x5t {
            read_digest("x5t", text, 20)?;
        }
        note_dropped(members, &mut notes);
        let key = Self {
            kty: numbers.kty(),
            kid: read_kid(value)?,
            usage: "sig",
            alg,
            numbers,
            x5c,
            x5t: x5t.map(str::to_owned),
            x5t_s256: x5t_s256.map(str::to_owned),
            size,
            expires: optional(value, "expiresAt").ok().flatten().map(seen),
        };
        Ok((key, notes))
    }

    pub(super) fn kty(&self) -> &'static str {
        self.kty
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// What it signs with: the one it names, or all that go with it.
    pub(super) fn algorithms(&self) -> Vec<&'static str> {
        let allowed = self.numbers.algorithms();
        match &self.alg {
            Some(alg) => allowed.into_iter().filter(|seen| seen == alg).collect(),
            None => allowed,
        }
    }

    /// Base64 DER of the first certificate.
    pub(super) fn first_certificate(&self) -> Option<&str> {
        self.x5c.first().map(String::as_str)
    }

    /// The first certificate.
    pub(super) fn certificate(&self) -> Option<Vec<u8>> {
        super::certificate::decode(self.first_certificate()?)
    }

    /// SHA-256 over the required members in order of their names (RFC 7638 section 3).
    pub(super) fn thumbprint(&self) -> String {
        let text = match &self.numbers {
            Numbers::Ec { crv, x, y } => {
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Numbers::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
        };
        URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
    }
}

impl Numbers {
    fn kty(&self) -> &'static str {
        match self {
            Self::Ec { .. } => "EC",
            Self::Rsa { .. } => "RSA",
        }
    }

    fn algorithms(&self) -> Vec<&'static str> {
        match self {
            Self::Ec { crv, .. } => CURVES
                .iter()
                .filter_map(|curve| (curve.name == *crv).then_some(curve.alg))
                .collect(),
            Self::Rsa { .. } => RSA_ALGS.to_vec(),
        }
    }
}

/// base64url without padding (RFC 7515 section 2); trailing bits must be zero.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .filter(|bytes| !bytes.is_empty())
}

const PUBLIC: &[&str] = &[
    "kty", "n", "e", "crv", "x", "y", "kid", "use", "alg", "x5c", "x5t", "x5t#S256",
];
const RSA_ALGS: &[&str] = &["RS256", "RS384", "RS512"];
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=16_384;
const LONGEST_KID: usize = 255;

fn refuse_repeated(members: &[(String, Json)]) -> Result<(), KeyError> {
    let repeated = members.iter().enumerate().find(|(at, (name, _))| {
        let before = members.get(..*at).unwrap_or_default();
        before.iter().any(|(seen, _)| seen == name)
    });
    match repeated {
        Some((_, (name, _))) => Err(KeyError::Repeated { member: seen(name) }),
        None => Ok(()),
    }
}

/// A text member; absent and null are the same, as in Okta's answers.
fn optional<'a>(value: &'a Json, member: &'static str) -> Result<Option<&'a str>, KeyError> {
    match value.member(member) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(other) => {
            let kind = other.kind();
            Err(KeyError::Member { member, kind })
        }
    }
}

fn required<'a>(value: &'a Json, member: &'static str) -> Result<&'a str, KeyError> {
    optional(value, member)?.ok_or(KeyError::Member {
        member,
        kind: "nothing",
    })
}

/// Public numbers, size in bits, and the bytes a certificate for this key must contain.
fn read_numbers(value: &Json) -> Result<(Numbers, usize, Vec<u8>), KeyError> {
    match required(value, "kty")? {
        "RSA" => read_rsa(value),
        "EC" => read_ec(value),
        other => Err(KeyError::Kty { seen: seen(other) }),
    }
}

fn read_rsa(value: &Json) -> Result<(Numbers, usize, Vec<u8>), KeyError> {
    let (n, modulus) = number(value, "n")?;
    let (e, exponent) = number(value, "e")?;
    let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros());
    let bits = modulus.len() * 8 - usize::try_from(zeros).unwrap_or_default();
    if !RSA_BITS.contains(&bits) {
        return Err(KeyError::Size { bits });
    }
    if modulus.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(KeyError::Modulus);
    }
    let odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    if exponent.len() > 4 || !odd || exponent == [1] {
        return Err(KeyError::Exponent);
    }
    Ok((Numbers::Rsa { n, e }, bits, modulus))
}

/// A number in the fewest bytes (RFC 7518 section 2, Base64urlUInt).
fn number(value: &Json, member: &'static str) -> Result<(String, Vec<u8>), KeyError> {
    let text = required(value, member)?;
    let bytes = decode(text).filter(|bytes| bytes.first() != Some(&0));
    let bytes = bytes.ok_or_else(|| KeyError::Base64 {
        member,
        seen: seen(text),
    })?;
    Ok((text.to_owned(), bytes))
}

fn read_ec(value: &Json) -> Result<(Numbers, usize, Vec<u8>), KeyError> {
    let crv = required(value, "crv")?;
    let curve = CURVES.iter().find(|curve| curve.name == crv);
    let curve = curve.ok_or_else(|| KeyError::Curve { seen: seen(crv) })?;
    let (x, x_bytes) = coordinate(value, "x", curve)?;
    let (y, y_bytes) = coordinate(value, "y", curve)?;
    if !curve.holds(&x_bytes, &y_bytes) {
        return Err(KeyError::OffCurve { curve: curve.name });
    }
    let crv = curve.name;
    let point = [x_bytes, y_bytes].concat();
    Ok((Numbers::Ec { crv, x, y }, curve.bits, point))
}

fn coordinate(
    value: &Json,
    member: &'static str,
    curve: &Curve,
) -> Result<(String, Vec<u8>), KeyError> {
    let text = required(value, member)?;
    let bytes = decode(text).ok_or_else(|| KeyError::Base64 {
        member,
        seen: seen(text),
    })?;
    if bytes.len() != curve.width {
        return Err(KeyError::CoordinateLength {
            member,
            bytes: bytes.len(),
            curve: curve.name,
            expected: curve.width,
        });
    }
    Ok((text.to_owned(), bytes))
}

fn read_alg(
    value: &Json,
    numbers: &Numbers,
    notes: &mut Vec<String>,
) -> Result<Option<String>, KeyError> {
    let Some(alg) = optional(value, "alg")? else {
        return Ok(None);
    };
    let allowed = numbers.algorithms();
    if allowed.contains(&alg) {
        return Ok(Some(alg.to_owned()));
    }
    // Connections and IdP keys answer with this, which no JOSE registry knows.
    if alg == "RSA" && numbers.kty() == "RSA" {
        notes.push("`alg` `RSA` was left out: it is no algorithm of RFC 7518".to_owned());
        return Ok(None);
    }
    Err(KeyError::Alg {
        seen: seen(alg),
        expected: allowed.join(", "),
    })
}

/// Without `use`, Okta cannot tell a signing key from an encryption key.
fn read_use(value: &Json, notes: &mut Vec<String>) -> Result<(), KeyError> {
    match optional(value, "use")? {
        Some("sig") => Ok(()),
        Some(other) => Err(KeyError::Use { seen: seen(other) }),
        None => {
            notes.push("`use` was missing and is `sig` now".to_owned());
            Ok(())
        }
    }
}

fn read_key_ops(value: &Json) -> Result<(), KeyError> {
    let shown = match value.member("key_ops") {
        None | Some(Json::Null) => return Ok(()),
        Some(Json::Array(ops)) => match ops.as_slice() {
            [Json::Text(op)] if op == "verify" => return Ok(()),
            ops => {
                let names = ops.iter().map(|op| match op {
                    Json::Text(name) => name.as_str(),
                    other => other.kind(),
                });
                names.collect::<Vec<_>>().join(", ")
            }
        },
        Some(other) => other.kind().to_owned(),
    };
    Err(KeyError::KeyOps { seen: seen(&shown) })
}

fn read_kid(value: &Json) -> Result<Option<String>, KeyError> {
    let Some(kid) = optional(value, "kid")? else {
        return Ok(None);
    };
    let why = if kid.trim().is_empty() {
        "is empty"
    } else if kid.chars().count() > LONGEST_KID {
        "has more than 255 characters"
    } else if kid.chars().any(is_hidden) {
        "has invisible characters"
    } else {
        return Ok(Some(kid.to_owned()));
    };
    Err(KeyError::Kid { why })
}

fn note_dropped(members: &[(String, Json)], notes: &mut Vec<String>) {
    let dropped: Vec<String> = members
        .iter()
        .filter(|(name, _)| !PUBLIC.contains(&name.as_str()))
        .map(|(name, _)| format!("`{}`", seen(name)))
        .collect();
    if !dropped.is_empty() {
        notes.push(format!("left out: {}", dropped.join(", ")));
    }
    let inactive = members
        .iter()
        .any(|(name, value)| name == "status" && *value == Json::Text("INACTIVE".to_owned()));
    if inactive {
        notes.push("this key is INACTIVE in its org; keep it only when that is meant".to_owned());
    }
}
