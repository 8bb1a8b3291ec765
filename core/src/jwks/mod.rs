//! Key credentials to a JWKS that Okta takes: public members only, every key accounted for.
//!
//! Reads what `GET /api/v1/apps/{id}/credentials/keys` lists, a JWKS (RFC 7517), the wrapper
//! `{"jwks": …}` of a connection, one bare JWK, the `{"x5c": […]}` of an IdP key, and public keys and
//! certificates in PEM or DER. A private key anywhere refuses the whole text, and no message repeats
//! any part of it. Absent: the chain of a certificate, which is not checked.

mod account;
mod certificate;
mod compare;
mod curve;
mod der;
mod error;
mod expiry;
mod json;
mod key;
mod pem;
mod private;

pub use compare::{Compared, Comparison};
pub use error::{JwksError, KeyError};
pub use expiry::Expiry;

use crate::explain::seen;
use account::Account;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use json::Json;
use serde::Serialize;

/// How keys are written; the default refuses what it would have to invent.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Gives keys without `kid` their RFC 7638 thumbprint as `kid`.
    pub kid_from_thumbprint: bool,
    /// Thumbprints of the keys already in use where the JWKS goes.
    pub live: Vec<String>,
    /// The time, in seconds since 1970: without it nothing is said about what has ended.
    pub now: Option<u64>,
}

/// A JWKS with the account of every key read: `keys` and `refused` together are all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Formatted {
    /// The JWKS (RFC 8259, members in one order); none when every key was refused.
    pub jwks: Option<String>,
    /// How many keys the text held.
    pub count: usize,
    /// The keys in the JWKS, in the order of the text.
    pub keys: Vec<KeyReport>,
    /// The certificates of these keys, as an identity provider takes them.
    pub certificates: Vec<IdpCertificate>,
    /// The keys left out, each with its reason.
    pub refused: Vec<Refusal>,
    /// What was openly changed.
    pub notes: Vec<Note>,
}

/// What a key in the JWKS is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyReport {
    /// Where it stood in the text, as a JSON path.
    pub path: String,
    /// Its id, when it has one.
    pub kid: Option<String>,
    /// `RSA` or `EC`.
    pub kty: &'static str,
    /// Bits of the modulus or the curve.
    pub size: usize,
    /// What it can sign with (RFC 7518 section 3.1); one when the key names it.
    pub algorithms: Vec<&'static str>,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// SHA-256 thumbprint (RFC 7638), base64url.
    pub thumbprint: String,
    /// `expiresAt` as Okta gave it.
    pub expires: Option<String>,
    /// The first end, of `expiresAt` and of the certificate, seen from [`Options::now`].
    pub expiry: Option<Expiry>,
    /// What its first certificate says.
    pub certificate: Option<CertificateReport>,
    /// Where Okta takes it.
    pub places: Vec<KeyPlace>,
    /// Whether the same key is already in use where the JWKS goes.
    pub live: bool,
}

/// What a certificate says about itself; nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateReport {
    /// Whose it is.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// First day, `YYYY-MM-DD`, UTC.
    pub begins: String,
    /// Last day, `YYYY-MM-DD`, UTC.
    pub ends: String,
    /// SHA-256 over DER, hexadecimal with colons, as browsers and consoles show it.
    pub fingerprint: String,
    #[serde(skip)]
    ends_at: u64,
}

/// A certificate as an identity provider of the target org takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdpCertificate {
    /// Where its key stood.
    pub path: String,
    /// The key's id, when it has one.
    pub kid: Option<String>,
    /// For the console's *IdP Signature Certificate*.
    pub pem: String,
    /// For `POST /api/v1/idps/credentials/keys`, which takes `x5c` alone.
    pub body: String,
}

/// A place of Okta that takes a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyPlace {
    /// The signature certificate of a SAML identity provider, in the target org.
    IdpCertificate,
    /// The public keys of a service app, in the target org.
    ServiceApp,
}

impl KeyPlace {
    /// Where in the target org's Admin Console.
    pub fn title(self) -> &'static str {
        match self {
            Self::IdpCertificate => {
                "Security > Identity Providers > the identity provider > IdP Signature Certificate"
            }
            Self::ServiceApp => {
                "Applications > the service app > General > Client Credentials > Public keys"
            }
        }
    }
}

/// A key left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Where it stood in the text, as a JSON path.
    pub path: String,
    /// Its id as far as it could be read, safe to show.
    pub kid: Option<String>,
    /// Stable name of the reason.
    pub code: &'static str,
    /// The reason.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// Something openly changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The place, as a JSON path; empty for the whole text.
    pub path: String,
    /// What was changed, or deserves a look.
    pub text: String,
}

/// The JWKS of a text, with default [`Options`].
///
/// # Errors
/// [`JwksError`] when nothing can be read at all, and always when the text holds a private key.
pub fn format(text: &str) -> Result<Formatted, JwksError> {
    format_with(text, &Options::default())
}

/// As [`format`], from the bytes of a file.
///
/// # Errors
/// As [`format`]; also for binary key stores and other encodings than UTF-8.
pub fn format_bytes(bytes: &[u8], options: &Options) -> Result<Formatted, JwksError> {
    if private::is_private_der(bytes) {
        return Err(JwksError::Private {
            what: "a binary private key or key store",
        });
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return format_with(text, options),
        Err(error) => error,
    };
    // A key in UTF-16 is a key too.
    private::refuse_text(&String::from_utf8_lossy(bytes).replace('\0', ""))?;
    if bytes.starts_with(&[0x30]) {
        let kind = der::Kind::of_bytes(bytes).ok_or(JwksError::Binary)?;
        return Ok(one(kind, bytes, options));
    }
    Err(JwksError::not_utf8(bytes, error.valid_up_to()))
}

/// As [`format`], with [`Options`].
///
/// # Errors
/// As [`format`].
pub fn format_with(text: &str, options: &Options) -> Result<Formatted, JwksError> {
    private::refuse_text(text)?;
    refuse_other_texts(text)?;
    if pem::is_pem(text) && !text.trim_start().starts_with(['{', '[']) {
        let (kind, der) = pem::read(text)?;
        return Ok(one(kind, &der, options));
    }
    if let Some((kind, der)) = bare_der(text) {
        return Ok(one(kind, &der, options));
    }
    let document = json::read(text)?;
    private::refuse_members(&document)?;
    let (prefix, keys, note) = find_keys(&document)?;
    if keys.is_empty() {
        return Err(JwksError::NoKeys);
    }
    if keys.len() > MOST_KEYS {
        return Err(JwksError::TooManyKeys {
            count: keys.len(),
            most: MOST_KEYS,
        });
    }
    let mut account = Account::new(options, keys.len());
    account.notes.extend(note);
    for (at, value) in keys.iter().enumerate() {
        account.take(format!("{prefix}[{at}]"), value);
    }
    account.settle_kids();
    Ok(account.finish())
}

/// The account of a single key in DER.
fn one(kind: der::Kind, der: &[u8], options: &Options) -> Formatted {
    let mut account = Account::new(options, 1);
    let path = "$".to_owned();
    match der::jwk(kind, der) {
        Ok(jwk) => {
            account.take(path.clone(), &jwk);
            let text = kind.note().to_owned();
            account.notes.insert(0, Note { path, text });
        }
        Err(error) => account.refuse(path, None, &error),
    }
    account.settle_kids();
    account.finish()
}

/// A certificate or public key as base64 alone, the way `x5c` and many consoles show it.
fn bare_der(text: &str) -> Option<(der::Kind, Vec<u8>)> {
    let flat: String = text.split_whitespace().collect();
    // DER of these kinds is a sequence, whose first byte makes an `M`.
    let der = flat
        .starts_with('M')
        .then(|| STANDARD.decode(&flat).ok())??;
    Some((der::Kind::of_bytes(&der)?, der))
}

/// Refuses a text that holds a private key in any form: for fields where no key belongs at all.
///
/// # Errors
/// [`JwksError::Private`], which repeats nothing of it.
pub fn refuse_private(text: &str) -> Result<(), JwksError> {
    private::refuse_text(text)?;
    json::read(text).map_or(Ok(()), |value| private::refuse_members(&value))
}

const MOST_BYTES: usize = 1_000_000;
const MOST_KEYS: usize = 100;

/// Texts that are certainly no JSON, each recognised for what it is.
fn refuse_other_texts(text: &str) -> Result<(), JwksError> {
    let start = text.trim_start();
    if text.len() > MOST_BYTES {
        return Err(JwksError::TooLong {
            bytes: text.len(),
            most: MOST_BYTES,
        });
    }
    if start.is_empty() {
        return Err(JwksError::Empty);
    }
    if start.starts_with('<') {
        return Err(JwksError::Markup {
            seen: seen(start.lines().next().unwrap_or_default()),
        });
    }
    Ok(())
}

/// The keys within each accepted form, with the path to them and a note for what was wrapped.
fn find_keys(document: &Json) -> Result<(&'static str, Vec<&Json>, Option<Note>), JwksError> {
    let note = |text: &str| {
        Some(Note {
            path: String::new(),
            text: text.to_owned(),
        })
    };
    let (path, inner, note) = match document {
        Json::Array(keys) => {
            let note = note("a bare list of keys was wrapped as `{\"keys\": …}`");
            return Ok(("$", keys.iter().collect(), note));
        }
        Json::Object(_) => match document.member("jwks") {
            Some(inner) => ("$.jwks", inner, note("the wrapper `jwks` was removed")),
            None => ("$", document, None),
        },
        other => return Err(JwksError::not_keys("$", other)),
    };
    match inner.member("keys") {
        Some(Json::Array(keys)) if path == "$" => Ok(("$.keys", keys.iter().collect(), note)),
        Some(Json::Array(keys)) => Ok(("$.jwks.keys", keys.iter().collect(), note)),
        Some(other) => Err(JwksError::not_keys(
            if path == "$" { "$.keys" } else { "$.jwks.keys" },
            other,
        )),
        None if inner.member("kty").is_some() || inner.member("x5c").is_some() => Ok((
            path,
            vec![inner],
            Some(Note {
                path: path.to_owned(),
                text: "a single key was wrapped as `{\"keys\": [ … ]}`".to_owned(),
            }),
        )),
        None => Err(JwksError::not_keys(path, inner)),
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_forms;
#[cfg(test)]
mod tests_of_hints;
#[cfg(test)]
mod tests_of_limits;
