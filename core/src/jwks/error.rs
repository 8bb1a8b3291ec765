//! Why a text, or one key in it, is refused.

#![expect(
    missing_docs,
    reason = "the variant's line and its message explain the fields"
)]

use super::json::Json;
use crate::explain::{Explain, seen};

/// The whole text is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// DER of something public.
    #[error("binary file")]
    Binary,
    /// Nothing but blanks.
    #[error("no keys: the text is empty")]
    Empty,
    /// JSON is broken at a character.
    #[error("no JSON at line {line} column {column}{}: {why}", shown(*character))]
    Json {
        line: usize,
        column: usize,
        character: Option<char>,
        why: String,
    },
    /// HTML or XML, most likely a sign-in page saved as a file.
    #[error("this is a web page or XML, not JSON: `{seen}`")]
    Markup { seen: String },
    /// An empty list of keys.
    #[error("the list of keys is empty")]
    NoKeys,
    /// JSON of another shape.
    #[error("no keys at `{path}`: {kind} is no list of keys and no key")]
    NotKeys {
        path: &'static str,
        kind: &'static str,
    },
    /// Bytes that are not UTF-8.
    #[error("not UTF-8 at line {line} column {column}{guess}")]
    NotUtf8 {
        line: usize,
        column: usize,
        guess: &'static str,
    },
    /// PEM that is damaged, or of something else.
    #[error("no PEM block to be read: line {line} {why}: `{seen}`")]
    Pem {
        line: usize,
        why: &'static str,
        seen: String,
    },
    /// A private key. Nothing of it is repeated.
    #[error("private key: {what}")]
    Private { what: &'static str },
    /// Longer than any list of keys.
    #[error("the text has {bytes} bytes, at most {most} are read")]
    TooLong { bytes: usize, most: usize },
    /// More keys than an app ever has.
    #[error("the text has {count} keys, at most {most} are read")]
    TooManyKeys { count: usize, most: usize },
    /// JSON that stops too early.
    #[error("the text ends too early, at line {line} column {column}")]
    Truncated { line: usize, column: usize },
}

/// Line and column of what follows a text, both from 1, in characters.
pub(super) fn place_after(before: &str) -> (usize, usize) {
    let last = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, last.chars().count() + 1)
}

fn shown(character: Option<char>) -> String {
    character.map_or_else(String::new, |c| format!(", `{}`", seen(&c.to_string())))
}

impl JwksError {
    /// Whether the text was a secret: the place it came from must be cleared.
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Private { .. })
    }

    pub(super) fn not_keys(path: &'static str, value: &Json) -> Self {
        let kind = value.kind();
        Self::NotKeys { path, kind }
    }

    pub(super) fn not_utf8(bytes: &[u8], at: usize) -> Self {
        let valid = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
        let (line, column) = place_after(&valid);
        let guess = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "; it looks like UTF-16",
            _ => "",
        };
        Self::NotUtf8 {
            line,
            column,
            guess,
        }
    }
}

impl Explain for JwksError {
    fn code(&self) -> &'static str {
        match self {
            Self::Binary => "jwks-binary",
            Self::Empty => "jwks-empty",
            Self::Json { .. } => "jwks-json",
            Self::Markup { .. } => "jwks-markup",
            Self::NoKeys => "jwks-no-keys",
            Self::NotKeys { .. } => "jwks-not-keys",
            Self::NotUtf8 { .. } => "jwks-not-utf8",
            Self::Pem { .. } => "jwks-pem",
            Self::Private { .. } => "jwks-private",
            Self::TooLong { .. } => "jwks-too-long",
            Self::TooManyKeys { .. } => "jwks-too-many-keys",
            Self::Truncated { .. } => "jwks-truncated",
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::Private { .. } => {
                "It was not kept. If this screen or file is shared, treat the \
                key as compromised and make a new one; only the public half belongs here."
            }
            Self::Json { character, .. } => json_hint(*character),
            Self::Markup { .. } => {
                "The session may have ended while the keys were read. Sign in to \
                the source org and fetch its key credentials again."
            }
            Self::NotUtf8 { .. } => "Save the text as UTF-8 without byte order mark.",
            Self::Truncated { .. } => "Copy the whole text again, to its last bracket.",
            Self::Pem { .. } => {
                "Paste one public key or certificate, from its line of `BEGIN` to its line of \
                `END`; of a chain, the first certificate."
            }
            Self::Binary => {
                "It is neither a public key nor a certificate in DER. Use the app's key \
                credentials as the API lists them: GET /api/v1/apps/{id}/credentials/keys."
            }
            _ => {
                "Paste the app's key credentials as the API lists them, a JWKS, one public JWK, \
                or a public key or certificate in PEM."
            }
        }
        .to_owned()
    }
}

fn json_hint(character: Option<char>) -> &'static str {
    match character {
        Some('\u{feff}') => "Save the text as UTF-8 without byte order mark.",
        Some('\n' | '\r') => "A line ends inside a text: join it with the next line.",
        Some('/' | '#') => "JSON has no comments: take them out.",
        Some('\'' | '‘' | '’' | '“' | '”' | '„' | '`') => {
            "JSON wants straight double quotes around every name and text."
        }
        Some(']' | '}') => "A comma before the closing bracket must go, or a value is missing.",
        Some(c) if c.is_alphabetic() => "JSON wants double quotes around every name.",
        _ => "Mend the text there, or copy it again from its source.",
    }
}

/// One key is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// An algorithm that does not go with the key, or that Okta does not take.
    #[error("`alg` is `{seen}`, expected {expected}")]
    Alg { seen: String, expected: String },
    /// Not base64url without padding, in the shortest form.
    #[error("`{member}` is not base64url of the right length: `{seen}`")]
    Base64 { member: &'static str, seen: String },
    /// A certificate that does not belong to the key.
    #[error("{why}")]
    Certificate { why: &'static str },
    /// A point of which only one coordinate is written.
    #[error("the point is compressed")]
    Compressed,
    /// A coordinate of another length than the curve's.
    #[error("`{member}` has {bytes} bytes, `{curve}` wants {expected}")]
    CoordinateLength {
        member: &'static str,
        bytes: usize,
        curve: &'static str,
        expected: usize,
    },
    /// A curve Okta does not sign with.
    #[error("`crv` is `{seen}`, expected P-256, P-384 or P-521")]
    Curve { seen: String },
    /// Bytes that are not what they should be.
    #[error("no {what} can be read here")]
    Der { what: &'static str },
    /// A public exponent that makes the key worthless.
    #[error("`e` must be an odd number from 3 to 2^32 - 1")]
    Exponent,
    /// `key_ops` for something other than verifying.
    #[error("`key_ops` must be [\"verify\"] or absent, seen `{seen}`")]
    KeyOps { seen: String },
    /// A `kid` nobody can refer to.
    #[error("`kid` {why}")]
    Kid { why: &'static str },
    /// No `kid` in one key of several.
    #[error("`kid` is missing, and there are several keys")]
    KidMissing { thumbprint: String },
    /// The same `kid` on different keys.
    #[error("`kid` `{kid}` is on different keys")]
    KidTwice { kid: String },
    /// A kind of key Okta does not take.
    #[error("`kty` is `{seen}`, expected RSA or EC")]
    Kty { seen: String },
    /// A member that must be there, or be a text.
    #[error("`{member}` must be a text, seen {kind}")]
    Member {
        member: &'static str,
        kind: &'static str,
    },
    /// A modulus with a factor 2.
    #[error("`n` is an even number, so this is no RSA key")]
    Modulus,
    /// Not an object.
    #[error("expected a key, seen {kind}")]
    NotObject { kind: &'static str },
    /// A point that is on no curve.
    #[error("the point is not on the curve `{curve}`")]
    OffCurve { curve: &'static str },
    /// The same member twice: readers disagree which one counts.
    #[error("`{member}` is there twice")]
    Repeated { member: String },
    /// The same key a second time.
    #[error("the same key is already in the list")]
    SameKey,
    /// An RSA key of a size Okta refuses.
    #[error("RSA key has {bits} bits, expected 2048 to 16384")]
    Size { bits: usize },
    /// A key for something other than signatures.
    #[error("`use` is `{seen}`, expected `sig`")]
    Use { seen: String },
}

impl Explain for KeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Alg { .. } => "jwk-alg",
            Self::Base64 { .. } => "jwk-base64",
            Self::Certificate { .. } => "jwk-certificate",
            Self::Compressed => "jwk-compressed",
            Self::CoordinateLength { .. } => "jwk-coordinate-length",
            Self::Curve { .. } => "jwk-curve",
            Self::Der { .. } => "jwk-der",
            Self::Exponent => "jwk-exponent",
            Self::KeyOps { .. } => "jwk-key-ops",
            Self::Kid { .. } => "jwk-kid",
            Self::KidMissing { .. } => "jwk-kid-missing",
            Self::KidTwice { .. } => "jwk-kid-twice",
            Self::Kty { .. } => "jwk-kty",
            Self::Member { .. } => "jwk-member",
            Self::Modulus => "jwk-modulus",
            Self::NotObject { .. } => "jwk-not-object",
            Self::OffCurve { .. } => "jwk-off-curve",
            Self::Repeated { .. } => "jwk-repeated-member",
            Self::SameKey => "jwk-same-key",
            Self::Size { .. } => "jwk-size",
            Self::Use { .. } => "jwk-use",
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::KidMissing { thumbprint } => {
                format!("Give it a `kid`; its thumbprint `{thumbprint}` would do.")
            }
            Self::KidTwice { .. } => {
                "Take out the key that is not meant, or give each its own `kid`.".to_owned()
            }
            Self::SameKey => "Nothing to do: the first one is kept.".to_owned(),
            Self::Size { .. } => {
                "Generate a new key of 2048 bits or more in the source org.".to_owned()
            }
            Self::Kty { .. } | Self::Curve { .. } => {
                "Generate an RSA key, or an EC key on one of these curves.".to_owned()
            }
            Self::Compressed => {
                "Write the key with uncompressed points: a JWK needs both coordinates.".to_owned()
            }
            Self::Use { .. } => {
                "Take the app's signing key: an encryption key cannot sign requests.".to_owned()
            }
            _ => "Copy the key again from the source org, unchanged.".to_owned(),
        }
    }
}
