//! Why no bookmark can be made, or read.

#![expect(
    missing_docs,
    reason = "the variant's line and its message explain the fields"
)]

use super::explanation::What;
use crate::explain::{Explain, seen};
use crate::org::OrgError;
use std::fmt;

/// The text an error is about, as the faces label it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A whole bookmark URL.
    Bookmark,
    /// The embed link of the target app.
    EmbedLink,
    /// The RelayState inside a bookmark URL.
    RelayState,
    /// The IdP single sign-on URL of the Org2Org app.
    SsoUrl,
}

impl Field {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bookmark => "bookmark URL",
            Self::EmbedLink => "embed link",
            Self::RelayState => "RelayState",
            Self::SsoUrl => "IdP single sign-on URL",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A refused address. Fields are already safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookmarkError {
    /// The address is on another org than the pair's.
    #[error("{field} is on `{seen}`, expected `{expected}`")]
    AnotherOrg {
        field: Field,
        expected: String,
        seen: String,
    },
    /// Query or fragment where none may be.
    #[error("{field} has `{seen}` behind its path")]
    Extra { field: Field, seen: String },
    /// There is no RelayState.
    #[error("bookmark URL has no RelayState")]
    NoRelayState,
    /// Both addresses are on one org.
    #[error("source and target are the same org, `{host}`")]
    SameOrg { host: String },
    /// More than one RelayState.
    #[error("bookmark URL has {count} RelayStates")]
    SeveralRelayStates { count: usize },
    /// An address of Okta, but of another sort.
    #[error("{field} expected, seen {what}: `{seen}`")]
    Shape {
        field: Field,
        what: What,
        seen: String,
    },
    /// Something outside the RelayState that belongs inside it.
    #[error("`{seen}` stands outside the RelayState and is lost")]
    Stray { seen: String },
    /// More bookmarks at once than anybody means.
    #[error("the lists make {count} bookmarks, at most {most} are built at once")]
    TooMany { count: usize, most: usize },
    /// The same address again.
    #[error("{field} is already in line {first}")]
    Twice { field: Field, first: usize },
    /// The address, its host or an id in it is refused.
    #[error("{field}: {error}")]
    Url {
        field: Field,
        #[source]
        error: OrgError,
    },
}

impl BookmarkError {
    pub(super) fn url(field: Field, error: OrgError) -> Self {
        Self::Url { field, error }
    }

    pub(super) fn shape(field: Field, text: &str) -> Self {
        Self::Shape {
            field,
            what: What::of(text),
            seen: seen(text),
        }
    }
}

impl Explain for BookmarkError {
    fn code(&self) -> &'static str {
        match self {
            Self::AnotherOrg { .. } => "bookmark-another-org",
            Self::Extra { .. } => "bookmark-extra",
            Self::NoRelayState => "bookmark-no-relay-state",
            Self::SameOrg { .. } => "bookmark-same-org",
            Self::SeveralRelayStates { .. } => "bookmark-several-relay-states",
            Self::Shape { .. } => "bookmark-shape",
            Self::Stray { .. } => "bookmark-stray",
            Self::TooMany { .. } => "bookmark-too-many",
            Self::Twice { .. } => "bookmark-twice",
            Self::Url { error, .. } => error.code(),
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::AnotherOrg { expected, .. } => {
                format!("Copy the address from the org at `{expected}`, or change the pair.")
            }
            Self::Extra { .. } => "Copy the address up to and including `/sso/saml`.".to_owned(),
            Self::NoRelayState => {
                "Build the bookmark from the IdP single sign-on URL and the embed link.".to_owned()
            }
            Self::SameOrg { .. } => {
                "The sign-on URL belongs to the source org, the embed link to the target org."
                    .to_owned()
            }
            Self::SeveralRelayStates { .. } => {
                "Keep one RelayState: build the bookmark again.".to_owned()
            }
            Self::Shape { field, what, .. } => shape_hint(*field, *what),
            Self::TooMany { .. } => "Build them in several parts.".to_owned(),
            Self::Twice { .. } => "Nothing to do: the first one counts.".to_owned(),
            Self::Stray { .. } => {
                "Build the bookmark again: the embed link must be percent-encoded as a whole."
                    .to_owned()
            }
            Self::Url { error, .. } => error.hint(),
        }
    }
}

fn shape_hint(field: Field, what: What) -> String {
    match (field, what) {
        (Field::SsoUrl, What::EmbedLink) | (Field::EmbedLink, What::SsoUrl) => {
            "The two addresses seem to be swapped.".to_owned()
        }
        (Field::SsoUrl, _) => "In the source org open the Org2Org app, Sign On, SAML setup \
            instructions, and copy the sign-on URL; it ends in `/sso/saml`."
            .to_owned(),
        _ => {
            "In the target org open the app, General, App Embed Link, and copy the link; it looks \
            like `https://hub.okta.com/home/name/0oa…/123`."
                .to_owned()
        }
    }
}
