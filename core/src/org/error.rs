//! Why a text is no address of an Okta org: one variant per reason, each with its remedy.

#![expect(
    missing_docs,
    reason = "the variant's line and its message explain the fields"
)]

use crate::explain::Explain;

/// A refused org address, URL of an org, or Okta id. Fields are already safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrgError {
    /// The URL is on the Admin Console's host where the org's own host is wanted.
    #[error("`{seen}` is the admin host, expected `{expected}`")]
    AdminHost { expected: String, seen: String },
    /// The URL is on the host of another org.
    #[error("host is `{seen}`, expected `{expected}`")]
    AnotherHost { expected: String, seen: String },
    /// A backslash, which browsers read as a slash and people do not.
    #[error("backslash at column {column} of `{seen}`")]
    Backslash { column: usize, seen: String },
    /// The host is foreign; an Okta host stands in the path, query or fragment.
    #[error("host is `{host}`; the Okta name stands {place}, which is no part of the host")]
    Disguised { host: String, place: &'static str },
    /// Nothing but blanks.
    #[error("org address is empty")]
    Empty,
    /// A character that shows nothing or turns the text around.
    #[error("invisible character {character} at column {column}")]
    Hidden { column: usize, character: String },
    /// A character other than letters and digits in an Okta id.
    #[error("{kind} has `{seen}` at column {column}; ids have letters and digits only")]
    IdCharacter {
        kind: &'static str,
        column: usize,
        seen: String,
    },
    /// An Okta id of another kind.
    #[error("expected the id of an {expected} (`{prefix}…`), seen `{seen}` ({kind})")]
    IdKind {
        expected: &'static str,
        prefix: &'static str,
        kind: &'static str,
        seen: String,
    },
    /// An Okta id that is too short or too long.
    #[error("{kind} id `{seen}` has {length} characters, expected 20")]
    IdLength {
        kind: &'static str,
        length: usize,
        seen: String,
    },
    /// A numeric address instead of a name.
    #[error("host `{seen}` is an IP address")]
    IpAddress { seen: String },
    /// The subdomain breaks the rules for a host label.
    #[error("subdomain `{seen}` {why}")]
    Label { seen: String, why: &'static str },
    /// An Okta domain inside a foreign one.
    #[error("host `{host}` only looks like Okta: it ends in `{tail}`")]
    Lookalike { host: String, tail: String },
    /// Characters outside ASCII, which may imitate Latin letters.
    #[error(
        "host `{seen}` has `{character}` at column {column}, outside ASCII; it really is `{punycode}`"
    )]
    NotAscii {
        seen: String,
        character: String,
        column: usize,
        punycode: String,
    },
    /// Not an Okta domain at all; perhaps a custom domain.
    #[error("host `{host}` is not on an Okta domain")]
    NotOkta { host: String },
    /// No URL can be read out of the text.
    #[error("`{seen}` is not a web address")]
    NotUrl { seen: String },
    /// An Okta domain without the org's name before it.
    #[error("host `{host}` names no org")]
    NoSubdomain { host: String },
    /// A port in the address.
    #[error("port `{port}` on host `{host}`")]
    Port { host: String, port: String },
    /// A name in the encoding for other scripts.
    #[error("host `{host}` has the encoded label `{label}`")]
    Punycode { host: String, label: String },
    /// A host of Okta that is not the host of an org.
    #[error("host `{host}` belongs to Okta itself and is no org")]
    Reserved { host: String },
    /// A browser would go to another host than the one written.
    #[error("written host `{written}` is read by browsers as `{host}`")]
    Rewritten { written: String, host: String },
    /// Another scheme than https.
    #[error("scheme is `{scheme}`, expected `https`")]
    Scheme { scheme: String },
    /// More labels before the Okta domain than the org's name.
    #[error("host `{host}` has {labels} labels before `{suffix}`, expected one")]
    Sublabels {
        host: String,
        labels: usize,
        suffix: &'static str,
    },
    /// A dot after the domain.
    #[error("host `{host}` ends with a dot")]
    TrailingDot { host: String },
    /// The domain is unfinished, as in Okta's own sample `targetorg.okta`.
    #[error("host `{host}` is not an Okta domain; did you mean `{suggestion}`?")]
    Unfinished { host: String, suggestion: String },
    /// A user name, perhaps with password, before the host.
    #[error("user part `{user}@` before the real host `{host}`")]
    UserPart { user: String, host: String },
}

impl Explain for OrgError {
    fn code(&self) -> &'static str {
        match self {
            Self::AdminHost { .. } => "org-admin-host",
            Self::AnotherHost { .. } => "org-another-host",
            Self::Backslash { .. } => "org-backslash",
            Self::Disguised { .. } => "org-disguised",
            Self::Empty => "org-empty",
            Self::Hidden { .. } => "org-hidden-character",
            Self::IdCharacter { .. } => "id-character",
            Self::IdKind { .. } => "id-kind",
            Self::IdLength { .. } => "id-length",
            Self::IpAddress { .. } => "org-ip-address",
            Self::Label { .. } => "org-label",
            Self::Lookalike { .. } => "org-lookalike",
            Self::NotAscii { .. } => "org-not-ascii",
            Self::NotOkta { .. } => "org-not-okta",
            Self::NotUrl { .. } => "org-not-url",
            Self::NoSubdomain { .. } => "org-no-subdomain",
            Self::Port { .. } => "org-port",
            Self::Punycode { .. } => "org-punycode",
            Self::Reserved { .. } => "org-reserved",
            Self::Rewritten { .. } => "org-rewritten",
            Self::Scheme { .. } => "org-scheme",
            Self::Sublabels { .. } => "org-sublabels",
            Self::TrailingDot { .. } => "org-trailing-dot",
            Self::Unfinished { .. } => "org-unfinished",
            Self::UserPart { .. } => "org-user-part",
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::AdminHost { expected, .. } => {
                format!("Use the address on `{expected}`: users cannot sign in on the admin host.")
            }
            Self::AnotherHost { expected, .. } => {
                format!("Copy the address from the org at `{expected}`.")
            }
            Self::Hidden { .. } => {
                "Type the address, or delete and retype around that column.".to_owned()
            }
            Self::IdCharacter { .. } | Self::IdLength { .. } => {
                "Copy the whole id again from the address of its page.".to_owned()
            }
            Self::IdKind {
                expected, prefix, ..
            } => format!("Open the {expected}'s page and copy the id that starts with `{prefix}`."),
            Self::Lookalike { .. } | Self::Disguised { .. } | Self::UserPart { .. } => {
                "Do not sign in there. Open your org from a bookmark you trust and copy its address."
                    .to_owned()
            }
            Self::NotAscii { .. } | Self::Punycode { .. } => {
                "Okta's host names have Latin letters, digits and hyphens only. Type the name by hand."
                    .to_owned()
            }
            Self::NotOkta { .. } => format!(
                "Use the org's own Okta address, `https://name.` and one of {}. For a custom domain, \
                 the Okta address still works.",
                super::FAMILIES
                    .iter()
                    .map(|family| family.suffix())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Self::Port { host, .. } | Self::TrailingDot { host } => {
                format!("Write `https://{}`.", host.trim_end_matches('.'))
            }
            Self::Scheme { .. } => "Write `https://` before the host.".to_owned(),
            Self::Unfinished { suggestion, .. } => format!("Write `https://{suggestion}`."),
            _ => "Write the org's address as `https://acme.okta.com`, with your org's name."
                .to_owned(),
        }
    }
}
