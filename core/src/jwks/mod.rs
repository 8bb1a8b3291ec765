//! Key credentials to a JWKS that Okta takes: public members only, every key accounted for.
//!
//! Reads what `GET /api/v1/apps/{id}/credentials/keys` lists, a JWKS (RFC 7517), the wrapper
//! `{"jwks": …}` of a connection, or one bare JWK. A private key anywhere refuses the whole text,
//! and no message repeats any part of it.

mod account;
mod certificate;
mod curve;
mod error;
mod json;
mod key;
mod private;

pub use error::{JwksError, KeyError};

use crate::explain::seen;
use account::Account;
use json::Json;
use serde::Serialize;

/// How keys are written; the default refuses what it would have to invent.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Gives keys without `kid` their RFC 7638 thumbprint as `kid`.
    pub kid_from_thumbprint: bool,
    /// Thumbprints of the keys already in use where the JWKS goes.
    pub live: Vec<String>,
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
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// SHA-256 thumbprint (RFC 7638), base64url.
    pub thumbprint: String,
    /// `expiresAt` as Okta gave it; nothing is compared with a clock.
    pub expires: Option<String>,
    /// Whether the same key is already in use where the JWKS goes.
    pub live: bool,
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
        return Err(JwksError::Binary);
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
    match start.strip_prefix("-----BEGIN ") {
        Some(label) => Err(JwksError::Pem {
            label: seen(label.split("-----").next().unwrap_or_default()),
        }),
        None => Ok(()),
    }
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
        None if inner.member("kty").is_some() => Ok((
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
