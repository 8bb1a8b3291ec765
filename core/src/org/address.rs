//! The parts of an address as they are written, before anything is mended.

use super::{OrgError, OrgUrl};
use crate::explain::{is_hidden, seen};
use crate::search::{halves, holds};

/// A text taken apart as written, before any parser mends it: what a person sees is what is judged.
pub(super) struct Address<'a> {
    /// As written; absent when none is.
    pub(super) scheme: Option<&'a str>,
    /// Lower case, without port.
    pub(super) host: String,
    /// Path, query and fragment as written.
    pub(super) rest: &'a str,
}

impl<'a> Address<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, OrgError> {
        let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
        refuse_hidden(text, trimmed)?;
        let (scheme, after) = split_scheme(trimmed)?;
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = halves(after, end);
        let host = read_authority(authority, trimmed)?;
        Ok(Self { scheme, host, rest })
    }
}

/// An https URL on the host of some Okta org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The org.
    pub org: OrgUrl,
    /// Whether the URL is on the org's admin host.
    pub admin: bool,
    /// Path, query and fragment as written.
    pub rest: &'a str,
}

impl<'a> Place<'a> {
    /// Takes a URL apart; the same texts are refused as by [`OrgUrl::parse`], and so is a missing
    /// scheme.
    ///
    /// # Errors
    /// The reason as [`OrgError`].
    pub fn read(url: &'a str) -> Result<Self, OrgError> {
        let address = Address::read(url)?;
        if address.scheme.is_none() {
            return Err(OrgError::NotUrl { seen: seen(url) });
        }
        let org = OrgUrl::of_host(&address.host, address.rest)?;
        Ok(Self {
            admin: address.host == org.admin_host(),
            rest: address.rest,
            org,
        })
    }

    /// Host and rest of an https URL on no Okta domain, when nothing but its query names one: the
    /// only hosts that can be an org's custom domain. Whether this one is, only the org can tell.
    pub fn elsewhere(url: &'a str) -> Option<(String, &'a str)> {
        let Address { scheme, host, rest } = Address::read(url).ok()?;
        scheme?;
        match OrgUrl::of_host(&host, path(rest)) {
            Err(OrgError::NotOkta { .. }) => Some((host, rest)),
            _ => None,
        }
    }

    /// The path, without query and fragment.
    pub fn path(&self) -> &'a str {
        path(self.rest)
    }

    /// The query without its `?`, when there is one.
    pub fn query(&self) -> Option<&'a str> {
        query(self.rest)
    }

    /// The fragment without its `#`, when there is one.
    pub fn fragment(&self) -> Option<&'a str> {
        fragment(self.rest)
    }
}

/// As [`Place::path`], of what stands behind any host.
pub fn path(rest: &str) -> &str {
    rest.split(['?', '#']).next().unwrap_or_default()
}

/// As [`Place::query`], of what stands behind any host.
pub fn query(rest: &str) -> Option<&str> {
    let before = rest.split('#').next().unwrap_or_default();
    before.split_once('?').map(|(_, query)| query)
}

/// As [`Place::fragment`], of what stands behind any host.
pub fn fragment(rest: &str) -> Option<&str> {
    rest.split_once('#').map(|(_, fragment)| fragment)
}

fn refuse_hidden(text: &str, trimmed: &str) -> Result<(), OrgError> {
    if trimmed.is_empty() {
        return Err(OrgError::Empty);
    }
    // Blanks around the text are nobody's trick; the column still counts them.
    let lead = text.chars().count()
        - text
            .trim_start_matches([' ', '\t', '\r', '\n'])
            .chars()
            .count();
    let mut query = false;
    for (at, c) in trimmed.chars().enumerate() {
        let column = lead + at + 1;
        if is_hidden(c) || (c.is_whitespace() && c != ' ') {
            let character = format!("U+{:04X}", u32::from(c));
            return Err(OrgError::Hidden { column, character });
        }
        // Behind `?` or `#` a backslash is a character like any other (WHATWG URL).
        query |= matches!(c, '?' | '#');
        if c == '\\' && !query {
            let seen = seen(trimmed);
            return Err(OrgError::Backslash { column, seen });
        }
    }
    Ok(())
}

/// The scheme, when one is written, and what follows its slashes. A dot before the colon is a host
/// with a port, an `@` behind it a user with a password.
fn split_scheme(text: &str) -> Result<(Option<&str>, &str), OrgError> {
    let Some((scheme, after)) = text.split_once(':') else {
        return Ok((None, text.strip_prefix("//").unwrap_or(text)));
    };
    let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
    let written = after.starts_with("//");
    if !written && (scheme.contains(['.', '/', '?', '#', '@', '[']) || holds(authority, "@")) {
        return Ok((None, text));
    }
    if !scheme.eq_ignore_ascii_case("https") {
        let scheme = seen(scheme);
        return Err(OrgError::Scheme { scheme });
    }
    match after.strip_prefix("//") {
        Some(after) if !after.starts_with('/') => Ok((Some(scheme), after)),
        _ => Err(OrgError::NotUrl { seen: seen(text) }),
    }
}

fn read_authority(authority: &str, text: &str) -> Result<String, OrgError> {
    if let Some((user, host)) = authority.rsplit_once('@') {
        let user = user.split_once(':').map_or_else(
            || seen(user),
            |(name, _)| format!("{}:[masked]", seen(name)),
        );
        let host = seen(host);
        return Err(OrgError::UserPart { user, host });
    }
    if authority.starts_with('[') {
        let seen = seen(authority);
        return Err(OrgError::IpAddress { seen });
    }
    let host = match authority.split_once(':') {
        None | Some((_, "443")) => authority.trim_end_matches(":443"),
        Some((host, port)) => {
            let (host, port) = (seen(host), seen(port));
            return Err(OrgError::Port { host, port });
        }
    };
    // ASCII only: the Kelvin sign would become a Latin k and pass.
    let host = host.to_ascii_lowercase();
    refuse_foreign_script(&host)?;
    refuse_rewritten(&host, text)?;
    Ok(host)
}

fn refuse_foreign_script(host: &str) -> Result<(), OrgError> {
    if let Some((at, c)) = host.chars().enumerate().find(|(_, c)| !c.is_ascii()) {
        return Err(OrgError::NotAscii {
            seen: seen(host),
            character: c.to_string(),
            column: at + 1,
            punycode: seen(
                &host
                    .split('.')
                    .map(encode_label)
                    .collect::<Vec<_>>()
                    .join("."),
            ),
        });
    }
    match host.split('.').find(|label| label.starts_with("xn--")) {
        Some(label) => Err(OrgError::Punycode {
            host: seen(host),
            label: seen(label),
        }),
        None => Ok(()),
    }
}

fn encode_label(label: &str) -> String {
    if label.is_ascii() {
        return label.to_owned();
    }
    idna::punycode::encode_str(label).map_or_else(|| label.to_owned(), |code| format!("xn--{code}"))
}

/// Refuses what a browser would read as another host or as none (WHATWG URL, host parsing).
/// The tests hold this rule against the `url` crate.
fn refuse_rewritten(host: &str, text: &str) -> Result<(), OrgError> {
    let plain = host.strip_suffix('.').unwrap_or(host);
    if plain.is_empty() {
        return Err(OrgError::NotUrl { seen: seen(text) });
    }
    if plain.rsplit('.').next().is_some_and(is_number) {
        return Err(OrgError::IpAddress { seen: seen(host) });
    }
    let read = percent_encoding::percent_decode_str(host).decode_utf8_lossy();
    if read.contains(|c: char| c.is_control() || FORBIDDEN.contains(&c)) {
        return Err(OrgError::NotUrl { seen: seen(text) });
    }
    if read != host {
        return Err(OrgError::Rewritten {
            written: seen(host),
            host: seen(&read),
        });
    }
    match plain == host {
        true => Ok(()),
        false => Err(OrgError::TrailingDot { host: seen(host) }),
    }
}

/// Characters that no host name may hold (WHATWG URL, forbidden domain code points).
const FORBIDDEN: [char; 14] = [
    ' ', '#', '%', '/', ':', '<', '>', '?', '@', '[', '\\', ']', '^', '|',
];

/// Whether a browser takes this label for a number, and the host that ends in it for an address.
fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x");
    let mut digits = hex.unwrap_or(label).chars();
    match hex {
        Some(_) => digits.all(|digit| digit.is_ascii_hexdigit()),
        None => digits.all(|digit| digit.is_ascii_digit()),
    }
}
