//! Okta's own ids: 20 characters, of which the first three tell the kind.

use super::OrgError;
use crate::explain::seen;

/// What an Okta id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An app instance, or an identity provider: both start with `0oa`.
    AppOrIdp,
    /// An API token's id, not the token itself.
    ApiToken,
    /// A group.
    Group,
    /// An organisation.
    Org,
    /// The key of a SAML app inside its metadata and sign-on addresses.
    SamlApp,
    /// A user.
    User,
}

/// Prefixes as seen in recorded answers of the API (Okta API reference, "id" fields).
const PREFIXES: &[(&str, Option<Kind>, &str)] = &[
    ("0oa", Some(Kind::AppOrIdp), "app or identity provider"),
    ("00T", Some(Kind::ApiToken), "API token id"),
    ("00g", Some(Kind::Group), "group"),
    ("00o", Some(Kind::Org), "organisation"),
    ("exk", Some(Kind::SamlApp), "SAML app key"),
    ("00u", Some(Kind::User), "user"),
    ("00p", None, "policy"),
    ("rst", None, "policy"),
    ("0pr", None, "policy rule"),
    ("oty", None, "user type"),
    ("osc", None, "schema"),
    ("prm", None, "profile mapping"),
    ("oag", None, "scope grant"),
    ("gPm", None, "group push mapping"),
    ("pks", None, "key"),
    ("aut", None, "authenticator"),
    ("bnd", None, "brand"),
    ("OcD", None, "domain"),
    ("ftr", None, "feature"),
];
const LENGTH: usize = 20;

impl Kind {
    /// The kind in words, for a message.
    pub fn name(self) -> &'static str {
        row(self).1
    }

    /// The three characters every id of this kind starts with.
    pub fn prefix(self) -> &'static str {
        row(self).0
    }
}

fn row(kind: Kind) -> (&'static str, &'static str) {
    PREFIXES
        .iter()
        .find(|(_, of, _)| *of == Some(kind))
        .map_or(("", ""), |(prefix, _, name)| (prefix, name))
}

/// The id without surrounding blanks, when it is one of the expected kind.
///
/// The kind is looked at before length and characters: a pasted group id is best answered with
/// "this is a group", whatever else is wrong with it.
///
/// # Errors
/// [`OrgError::IdKind`], [`OrgError::IdLength`] or [`OrgError::IdCharacter`].
pub fn okta_id(text: &str, expected: Kind) -> Result<&str, OrgError> {
    let id = text.trim_matches([' ', '\t', '\r', '\n']);
    if !id.starts_with(expected.prefix()) {
        let kind = PREFIXES
            .iter()
            .find(|(prefix, ..)| id.starts_with(prefix))
            .map_or("unknown", |(_, _, name)| name);
        return Err(OrgError::IdKind {
            expected: expected.name(),
            prefix: expected.prefix(),
            kind,
            seen: seen(id),
        });
    }
    if let Some((at, c)) = id
        .chars()
        .enumerate()
        .find(|(_, c)| !c.is_ascii_alphanumeric())
    {
        return Err(OrgError::IdCharacter {
            kind: expected.name(),
            column: at + 1,
            seen: seen(&c.to_string()),
        });
    }
    if id.len() != LENGTH {
        return Err(OrgError::IdLength {
            kind: expected.name(),
            length: id.len(),
            seen: seen(id),
        });
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Explain;

    #[test]
    fn an_id_of_another_kind_names_both_kinds() {
        let error = okta_id("00g1a2b3c4d5e6f7g8h9", Kind::AppOrIdp).unwrap_err();
        assert_eq!(error.code(), "id-kind");
        let text = error.to_string();
        assert!(
            text.contains("app or identity provider") && text.contains("group"),
            "{text}"
        );
    }

    #[test]
    fn length_and_characters_are_checked() {
        assert_eq!(
            okta_id(" 0oa1a2b3c4d5e6f7g8h9\n", Kind::AppOrIdp),
            Ok("0oa1a2b3c4d5e6f7g8h9")
        );
        let code = |text| okta_id(text, Kind::AppOrIdp).unwrap_err().code();
        assert_eq!(code("0oa1a2b3c4d5e6f7g8h"), "id-length");
        assert_eq!(code("0oa1a2b3c4d5e6f7g8h9x"), "id-length");
        assert_eq!(code("0oa1a2b3-4d5e6f7g8h9"), "id-character");
        assert_eq!(code("0oа1a2b3c4d5e6f7g8h9"), "id-kind");
        assert_eq!(code(""), "id-kind");
    }
}
