//! Private keys in any clothing: found before anything is parsed, shown or kept.

use super::JwksError;
use super::json::{self, Json};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// RFC 7518 sections 6.2.2, 6.3.2 and 6.4; `priv` and `pub` are the post-quantum key members.
const MEMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Texts that only private keys contain, compared in capitals and without blanks.
const MARKS: &[(&str, &str)] = &[
    ("PRIVATEKEY-----", "a private key in PEM"),
    ("PRIVATEKEYBLOCK", "a PGP private key"),
    ("PRIVATEKEY----", "an SSH2 private key"),
    ("PUTTY-USER-KEY-FILE", "a PuTTY key file"),
    ("B3BLBNNZAC1RZXKTDJE", "an OpenSSH private key"),
    ("AGE-SECRET-KEY-1", "an age secret key"),
    ("<D>", "a private key in XML"),
    ("<X>", "a private key in XML"),
];

/// Refuses text that holds a private key in any form other than well-formed JSON.
pub(super) fn refuse_text(text: &str) -> Result<(), JwksError> {
    let flat: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let xml = flat.contains("<RSAKEYVALUE>") || flat.contains("<DSAKEYVALUE>");
    let marked = MARKS
        .iter()
        .find(|(mark, _)| flat.contains(mark) && (xml || !mark.starts_with('<')));
    if let Some((_, what)) = marked {
        return Err(JwksError::Private { what });
    }
    if is_private_base64(text) {
        return Err(JwksError::Private {
            what: "a private key or key store in base64",
        });
    }
    if has_member_text(text) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Err(JwksError::Private {
            what: "members of a private key, in broken JSON",
        });
    }
    Ok(())
}

/// Refuses a private member at any depth; a value of null counts too, it tells nothing good.
pub(super) fn refuse_members(value: &Json) -> Result<(), JwksError> {
    match value {
        Json::Array(items) => items.iter().try_for_each(refuse_members),
        Json::Object(members) => {
            if members
                .iter()
                .any(|(name, _)| MEMBERS.contains(&name.as_str()))
            {
                return Err(JwksError::Private {
                    what: "a JWK with private members",
                });
            }
            members
                .iter()
                .try_for_each(|(_, value)| refuse_members(value))
        }
        Json::Text(text) => refuse_text_value(text),
        _ => Ok(()),
    }
}

/// A PEM or a JWK inside a JSON string is escaped, so the whole text may not show it.
fn refuse_text_value(text: &str) -> Result<(), JwksError> {
    let jwk = json::read(text).is_ok_and(|value| refuse_members(&value).is_err());
    if jwk || text.contains("PRIVATE KEY") || is_private_base64(text) {
        return Err(JwksError::Private {
            what: "a private key inside a JSON text",
        });
    }
    Ok(())
}

/// A member name of a private key with a long text as its value, however it is quoted.
fn has_member_text(text: &str) -> bool {
    MEMBERS.iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).and_then(|left| left.chars().next_back());
            let after = text.get(at + name.len()..).unwrap_or_default();
            let alone = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            let value = after
                .trim_start_matches(|c: char| is_quote(c) || c.is_whitespace())
                .strip_prefix([':', '='])
                .unwrap_or_default();
            let value = value.trim_start_matches(|c: char| is_quote(c) || c.is_whitespace());
            let long = value
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/'))
                .count();
            alone && (long >= 16 || (*name == "oth" && value.starts_with('[')))
        })
    })
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\\' | '“' | '”' | '‘' | '’')
}

fn is_private_base64(text: &str) -> bool {
    let flat: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .collect();
    // The first bytes tell the kind; the rest may be cut off or damaged.
    flat.get(..24).is_some_and(|start| {
        STANDARD_NO_PAD
            .decode(start)
            .or_else(|_| URL_SAFE_NO_PAD.decode(start))
            .is_ok_and(|der| is_private_der(&der))
    })
}

/// Whether DER starts like a private key: a sequence that begins with a small version number
/// (PKCS#1, PKCS#8, SEC 1, PKCS#12), or an encrypted PKCS#8 by its algorithm's id.
pub(super) fn is_private_der(der: &[u8]) -> bool {
    let Some(inside) = contents(der) else {
        return false;
    };
    // An INTEGER of one byte, 0 to 3, is a version; a certificate or public key starts otherwise.
    if matches!(inside, [0x02, 0x01, 0..=3, ..]) {
        return true;
    }
    // SEQUENCE { OBJECT IDENTIFIER pkcs-5 (1.2.840.113549.1.5) or pkcs-12 (1.2.840.113549.1.12)
    contents(inside).is_some_and(|algorithm| {
        matches!(
            algorithm,
            [
                0x06,
                _,
                0x2a,
                0x86,
                0x48,
                0x86,
                0xf7,
                0x0d,
                0x01,
                0x05 | 0x0c,
                ..
            ]
        )
    })
}

/// What follows the head of a DER sequence; its length is not checked, the start is enough.
fn contents(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x30, 0..=0x7f, rest @ ..] => Some(rest),
        [0x30, length, rest @ ..] => rest.get(usize::from(length & 0x7f)..),
        _ => None,
    }
}
