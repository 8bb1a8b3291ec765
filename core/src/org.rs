//! The address of an Okta org, parsed once: after this, a host is trusted and never compared as text.

mod address;
mod error;
mod id;

pub use address::{Place, fragment, path, query};
pub use error::OrgError;
pub use id::{Kind, okta_id};

use crate::explain::seen;
use crate::search::{find, holds};
use address::Address;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The domain an org lives on (Okta concepts, "Okta organizations").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// `okta.com`, production.
    OktaCom,
    /// `okta-emea.com`, production in Europe.
    OktaEmea,
    /// `okta-gov.com`, government.
    OktaGov,
    /// `okta.mil`, military.
    OktaMil,
    /// `oktapreview.com`, where releases arrive first and test orgs live.
    OktaPreview,
}

/// Every family, in the order in which they are offered to a person.
pub const FAMILIES: &[Family] = &[
    Family::OktaCom,
    Family::OktaPreview,
    Family::OktaEmea,
    Family::OktaGov,
    Family::OktaMil,
];

impl Family {
    /// The domain without a leading dot: `okta.com`.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::OktaCom => "okta.com",
            Self::OktaEmea => "okta-emea.com",
            Self::OktaGov => "okta-gov.com",
            Self::OktaMil => "okta.mil",
            Self::OktaPreview => "oktapreview.com",
        }
    }

    /// Whether orgs here are for trying things out; pairing one with production deserves a warning.
    pub fn is_preview(self) -> bool {
        self == Self::OktaPreview
    }
}

/// An org by its own host, never its admin host or a custom domain.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgUrl {
    base: String,
    admin_base: String,
    subdomain: String,
    family: Family,
}

/// What was openly put right while reading an org's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The admin host was mapped to the org's host.
    AdminHost {
        /// The host as written.
        seen: String,
        /// The org's host.
        used: String,
    },
    /// Path, query or fragment was left out.
    PathDropped {
        /// What stood after the host, safe to show.
        seen: String,
    },
    /// `https://` was missing.
    SchemeAdded,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AdminHost { seen, used } => {
                write!(
                    f,
                    "`{seen}` is the admin host of `{used}`; `{used}` is used"
                )
            }
            Self::PathDropped { seen } => write!(f, "`{seen}` after the host is left out"),
            Self::SchemeAdded => write!(f, "`https://` was missing and is added"),
        }
    }
}

impl OrgUrl {
    /// The org whose address this is: a host or a URL of any page on it, admin host included.
    ///
    /// ```
    /// use org2org_core::org::OrgUrl;
    /// let org = OrgUrl::parse("https://acme-admin.okta.com/admin/dashboard")?;
    /// assert_eq!(org.base(), "https://acme.okta.com");
    /// # Ok::<(), org2org_core::org::OrgError>(())
    /// ```
    ///
    /// # Errors
    /// One [`OrgError`] per reason; look-alikes are refused, never mended.
    pub fn parse(text: &str) -> Result<Self, OrgError> {
        Self::parse_noting(text).map(|(org, _)| org)
    }

    /// As [`OrgUrl::parse`], with what was put right on the way.
    ///
    /// # Errors
    /// As [`OrgUrl::parse`].
    pub fn parse_noting(text: &str) -> Result<(Self, Vec<Note>), OrgError> {
        let address = Address::read(text)?;
        let org = Self::of_host(&address.host, address.rest)?;
        let mut notes = Vec::new();
        if address.scheme.is_none() {
            notes.push(Note::SchemeAdded);
        }
        if address.host == org.admin_host() {
            notes.push(Note::AdminHost {
                seen: address.host.clone(),
                used: org.host().to_owned(),
            });
        }
        if !matches!(address.rest, "" | "/") {
            notes.push(Note::PathDropped {
                seen: seen(address.rest),
            });
        }
        Ok((org, notes))
    }

    /// The org of a bare host name, as `location.host` of a tab gives it.
    ///
    /// # Errors
    /// As [`OrgUrl::parse`]; anything beside the host is refused.
    pub fn from_host(host: &str) -> Result<Self, OrgError> {
        let address = Address::read(host)?;
        if address.scheme.is_some() || !address.rest.is_empty() || address.host.len() != host.len()
        {
            return Err(OrgError::NotUrl { seen: seen(host) });
        }
        Self::of_host(&address.host, "")
    }

    /// `acme.okta.com`
    pub fn host(&self) -> &str {
        self.base.strip_prefix(HTTPS).unwrap_or_default()
    }

    /// `acme-admin.okta.com`
    pub fn admin_host(&self) -> &str {
        self.admin_base.strip_prefix(HTTPS).unwrap_or_default()
    }

    /// `https://acme.okta.com`, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `https://acme-admin.okta.com`, without a slash at the end.
    pub fn admin_base(&self) -> &str {
        &self.admin_base
    }

    /// `acme`
    pub fn subdomain(&self) -> &str {
        &self.subdomain
    }

    /// The Okta domain this org lives on.
    pub fn family(&self) -> Family {
        self.family
    }

    /// Whether `url` is an https URL on exactly this org's host.
    ///
    /// # Errors
    /// [`OrgError::AdminHost`], [`OrgError::AnotherHost`], or why it is no plain https URL at all.
    pub fn owns(&self, url: &str) -> Result<(), OrgError> {
        let address = Address::read(url)?;
        let expected = self.host().to_owned();
        if address.scheme.is_none() {
            return Err(OrgError::Scheme {
                scheme: String::new(),
            });
        }
        if address.host == self.admin_host() {
            let seen = address.host;
            return Err(OrgError::AdminHost { expected, seen });
        }
        if address.host != self.host() {
            let seen = seen(&address.host);
            return Err(OrgError::AnotherHost { expected, seen });
        }
        Ok(())
    }

    /// The same URL on the org's host, when it is on the admin host; otherwise unchanged.
    ///
    /// Answers to calls made on the admin host may carry that host in their links.
    pub fn map_to_org_host(&self, url: &str) -> String {
        match url.strip_prefix(self.admin_base()) {
            Some(rest) if rest.is_empty() || rest.starts_with(['/', '?', '#']) => {
                format!("{}{rest}", self.base)
            }
            _ => url.to_owned(),
        }
    }

    fn of_host(host: &str, rest: &str) -> Result<Self, OrgError> {
        let (name, family) = FAMILIES
            .iter()
            .find_map(|family| {
                let name = host.strip_suffix(family.suffix())?.strip_suffix('.')?;
                Some((name, *family))
            })
            .ok_or_else(|| refusal(host, rest))?;
        if holds(name, ".") {
            return Err(OrgError::Sublabels {
                host: seen(host),
                labels: name.split('.').count(),
                suffix: family.suffix(),
            });
        }
        let subdomain = name.strip_suffix(ADMIN).unwrap_or(name);
        check_label(host, subdomain)?;
        Ok(Self {
            base: format!("{HTTPS}{subdomain}.{}", family.suffix()),
            admin_base: format!("{HTTPS}{subdomain}{ADMIN}.{}", family.suffix()),
            subdomain: subdomain.to_owned(),
            family,
        })
    }
}

impl fmt::Debug for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrgUrl({})", self.base)
    }
}

impl fmt::Display for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

impl From<OrgUrl> for String {
    fn from(org: OrgUrl) -> Self {
        org.base
    }
}

impl TryFrom<String> for OrgUrl {
    type Error = OrgError;

    fn try_from(text: String) -> Result<Self, OrgError> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for OrgUrl {
    type Err = OrgError;

    fn from_str(text: &str) -> Result<Self, OrgError> {
        Self::parse(text)
    }
}

const HTTPS: &str = "https://";
const ADMIN: &str = "-admin";
/// Hosts of Okta's own services on the production domain.
const RESERVED: &[&str] = &[
    "academy",
    "admin",
    "api",
    "devforum",
    "developer",
    "docs",
    "help",
    "id",
    "learning",
    "login",
    "oinmanager",
    "sec",
    "status",
    "support",
    "system",
    "trust",
    "www",
];
/// RFC 1035 section 2.3.4.
const LONGEST_LABEL: usize = 63;

/// Why a clean host is on no Okta domain: the nearest reason, for people and for phishing alike.
fn refusal(host: &str, rest: &str) -> OrgError {
    let shown = seen(host);
    if FAMILIES.iter().any(|family| host == family.suffix()) {
        return OrgError::NoSubdomain { host: shown };
    }
    if let Some(suggestion) = finish(host) {
        return OrgError::Unfinished {
            host: shown,
            suggestion,
        };
    }
    if let Some(tail) = FAMILIES.iter().find_map(|family| {
        let at = find(host, family.suffix())? + family.suffix().len();
        host.get(at..)
    }) {
        let tail = tail.trim_start_matches(['.', '-']);
        return OrgError::Lookalike {
            tail: seen(if tail.is_empty() { host } else { tail }),
            host: shown,
        };
    }
    match disguise(rest) {
        Some(place) => OrgError::Disguised { host: shown, place },
        None => OrgError::NotOkta { host: shown },
    }
}

/// `acme` and `acme.okta` lack only their end.
fn finish(host: &str) -> Option<String> {
    let family = FAMILIES.iter().find(|family| {
        let stem = family.suffix().split('.').next().unwrap_or_default();
        host.strip_suffix(stem)
            .is_some_and(|name| name.ends_with('.'))
    });
    match (family, host.split_once('.')) {
        (Some(_), Some((name, "okta"))) => Some(format!("{name}.okta.com")),
        (Some(family), Some((name, _))) => Some(format!("{name}.{}", family.suffix())),
        (None, None) => Some(format!("{host}.okta.com")),
        _ => None,
    }
}

fn disguise(rest: &str) -> Option<&'static str> {
    let rest = rest.to_ascii_lowercase();
    let at = FAMILIES
        .iter()
        .find_map(|family| find(&rest, family.suffix()))?;
    let before = rest.get(..at)?;
    Some(if holds(before, "#") {
        "behind the `#`"
    } else if holds(before, "?") {
        "behind the `?`"
    } else {
        "in the path"
    })
}

fn check_label(host: &str, label: &str) -> Result<(), OrgError> {
    if RESERVED.contains(&label) {
        return Err(OrgError::Reserved { host: seen(host) });
    }
    let why = if label.is_empty() {
        "is empty"
    } else if label.len() > LONGEST_LABEL {
        "has more than 63 characters"
    } else if label.starts_with('-') || label.ends_with('-') {
        "starts or ends with a hyphen"
    } else if label.ends_with(ADMIN) {
        "carries `-admin` twice"
    } else if !label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        "may have letters, digits and hyphens only"
    } else {
        return Ok(());
    };
    let seen = seen(label);
    Err(OrgError::Label { seen, why })
}

#[cfg(test)]
mod tests;
