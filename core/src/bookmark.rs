//! Bookmark URLs: the source org's sign-on address with the target app's embed link as RelayState.
//!
//! A click signs the user in to the target org through the Org2Org app, and the RelayState tells
//! the target where to go on (Okta help, "Integrate Okta Org2Org with Okta", bookmark app).

mod batch;
mod click;
mod error;
mod explanation;

pub use batch::{Batch, Entry, Refused};
pub use error::{BookmarkError, Field};
pub use explanation::{Condition, Doubt, Explanation, Layer, What, explain};

use crate::explain::seen;
use crate::org::{self, Kind, Note, OrgError, OrgUrl, Place, okta_id};
use serde::Serialize;

/// A bookmark URL with what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// The address for the bookmark app.
    pub url: String,
    /// Sign-on address and embed link, both on the orgs' own hosts.
    pub parts: Parts,
    /// Whether the embed link had to be percent-encoded; plain links are joined as they are.
    pub encoded: bool,
    /// What was openly put right, with the field it concerns.
    pub notes: Vec<(Field, Note)>,
}

/// What a bookmark URL consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// Where the click goes first.
    pub sso: SsoUrl,
    /// Where it ends.
    pub link: EmbedLink,
}

/// The IdP single sign-on URL of the Org2Org app: `https://{source}/app/{name}/{key}/sso/saml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SsoUrl {
    /// The whole address as written, on the org's own host.
    pub url: String,
    /// The source org.
    pub org: OrgUrl,
    /// The app's name in the catalogue, usually `okta_org2org`.
    pub app: String,
    /// The app's SAML key, `exk…`.
    pub key: String,
    #[serde(skip)]
    mapped: Option<Note>,
}

/// The embed link of an app: `https://{target}/home/{name}/{app id}/{link id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EmbedLink {
    /// The whole address as written, on the org's own host; may carry query and fragment.
    pub url: String,
    /// The target org.
    pub org: OrgUrl,
    /// The app's name in the catalogue.
    pub app: String,
    /// The app instance, `0oa…`.
    pub app_id: String,
    /// The link within the app.
    pub link_id: String,
    #[serde(skip)]
    mapped: Option<Note>,
}

/// The bookmark URL that signs on at `sso_url` and goes on to `embed_link`.
///
/// For links of letters, digits and `:/-._~` the bytes are the documented concatenation; any other
/// link is percent-encoded, so that `searchParams.get("RelayState")` gives it back exactly.
///
/// # Errors
/// [`BookmarkError`], naming the field.
///
/// ```
/// let bookmark = org2org_core::bookmark::build(
///     "https://acme.okta.com/app/okta_org2org/exk1a2b3c4d5e6f7g8h9/sso/saml",
///     "https://hub.okta.com/home/bookmark/0oa1a2b3c4d5e6f7g8h9/2557",
/// )?;
/// assert!(bookmark.url.ends_with("/sso/saml?RelayState=https://hub.okta.com/home/bookmark/0oa1a2b3c4d5e6f7g8h9/2557"));
/// # Ok::<(), org2org_core::bookmark::BookmarkError>(())
/// ```
pub fn build(sso_url: &str, embed_link: &str) -> Result<Bookmark, BookmarkError> {
    let sso = SsoUrl::parse(sso_url)?;
    let link = EmbedLink::parse(embed_link)?;
    refuse_same_org(&sso.org, &link.org)?;
    Ok(joined(Parts { sso, link }))
}

/// As [`build`], for a known pair: each address must be on its own org.
///
/// # Errors
/// As [`build`], and [`BookmarkError::AnotherOrg`].
pub fn build_for(
    source: &OrgUrl,
    target: &OrgUrl,
    sso_url: &str,
    embed_link: &str,
) -> Result<Bookmark, BookmarkError> {
    let bookmark = build(sso_url, embed_link)?;
    let Parts { sso, link } = &bookmark.parts;
    for (field, expected, seen) in [
        (Field::SsoUrl, source, &sso.org),
        (Field::EmbedLink, target, &link.org),
    ] {
        if expected != seen {
            return Err(BookmarkError::AnotherOrg {
                field,
                expected: expected.host().to_owned(),
                seen: seen.host().to_owned(),
            });
        }
    }
    Ok(bookmark)
}

/// The parts of a bookmark URL that works; anything that would not arrive is an error.
///
/// # Errors
/// [`BookmarkError`]. [`explain`] describes any URL, sound or not.
pub fn read(url: &str) -> Result<Parts, BookmarkError> {
    let place = Place::read(url).map_err(|error| BookmarkError::url(Field::Bookmark, error))?;
    refuse_admin(Field::Bookmark, &place)?;
    let relay_state = only_relay_state(place.rest)?;
    let trimmed = url.trim();
    let sso = SsoUrl::parse(trimmed.split('?').next().unwrap_or_default())?;
    let place =
        Place::read(&relay_state).map_err(|error| BookmarkError::url(Field::RelayState, error))?;
    refuse_admin(Field::RelayState, &place)?;
    let link = EmbedLink::parse(&relay_state)?;
    refuse_same_org(&sso.org, &link.org)?;
    Ok(Parts { sso, link })
}

impl SsoUrl {
    /// Reads the address; one on the admin host is mapped to the org's own.
    ///
    /// # Errors
    /// [`BookmarkError`] for [`Field::SsoUrl`].
    pub fn parse(text: &str) -> Result<Self, BookmarkError> {
        let field = Field::SsoUrl;
        let place = Place::read(text).map_err(|error| BookmarkError::url(field, error))?;
        let (app, key) = match *segments(place.path()) {
            ["app", app, key, "sso", "saml"] if !app.is_empty() => (app, key),
            _ => return Err(BookmarkError::shape(field, text)),
        };
        if place.path().len() < place.rest.len() {
            return Err(BookmarkError::Extra {
                field,
                seen: seen(place.rest.get(place.path().len()..).unwrap_or_default()),
            });
        }
        check_key(key).map_err(|error| BookmarkError::url(field, error))?;
        let (url, mapped) = on_org_host(text, &place);
        let (app, key) = (app.to_owned(), key.to_owned());
        let org = place.org;
        Ok(Self {
            url,
            org,
            app,
            key,
            mapped,
        })
    }
}

impl EmbedLink {
    /// Reads the address; one on the admin host is mapped to the org's own.
    ///
    /// # Errors
    /// [`BookmarkError`] for [`Field::EmbedLink`].
    pub fn parse(text: &str) -> Result<Self, BookmarkError> {
        let field = Field::EmbedLink;
        let place = Place::read(text).map_err(|error| BookmarkError::url(field, error))?;
        let (app, app_id, link_id) = match *segments(place.path()) {
            ["home", app, id, link] if !app.is_empty() && !link.is_empty() => (app, id, link),
            _ => return Err(BookmarkError::shape(field, text)),
        };
        // Blanks around the id would be forgiven in a typed id, not inside an address.
        let id =
            okta_id(app_id, Kind::AppOrIdp).map_err(|error| BookmarkError::url(field, error))?;
        if id != app_id {
            return Err(BookmarkError::shape(field, text));
        }
        let (url, mapped) = on_org_host(text, &place);
        Ok(Self {
            url,
            app: app.to_owned(),
            app_id: app_id.to_owned(),
            link_id: link_id.to_owned(),
            org: place.org,
            mapped,
        })
    }
}

const RELAY_STATE: &str = "RelayState";

/// Both parts as one address; they are of two orgs.
fn joined(parts: Parts) -> Bookmark {
    let Parts { sso, link } = &parts;
    let encoded = !link.url.chars().all(is_plain);
    let relay_state = match encoded {
        true => encode(&link.url),
        false => link.url.clone(),
    };
    let notes = [
        (Field::SsoUrl, sso.mapped.clone()),
        (Field::EmbedLink, link.mapped.clone()),
    ];
    Bookmark {
        url: format!("{}?{RELAY_STATE}={relay_state}", sso.url),
        encoded,
        notes: notes
            .into_iter()
            .filter_map(|(field, note)| Some((field, note?)))
            .collect(),
        parts,
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').skip(1).collect()
}

/// Old orgs have keys that start with `k` and are capitals throughout; new ones start with `exk`.
fn check_key(key: &str) -> Result<(), OrgError> {
    let old = key.len() == 20
        && key.starts_with('k')
        && key.chars().skip(1).all(|c| c.is_ascii_uppercase());
    if old {
        return Ok(());
    }
    match okta_id(key, Kind::SamlApp)? {
        id if id == key => Ok(()),
        _ => Err(OrgError::NotUrl { seen: seen(key) }),
    }
}

fn on_org_host(text: &str, place: &Place<'_>) -> (String, Option<Note>) {
    if !place.admin {
        return (text.trim().to_owned(), None);
    }
    let note = Note::AdminHost {
        seen: place.org.admin_host().to_owned(),
        used: place.org.host().to_owned(),
    };
    (format!("{}{}", place.org.base(), place.rest), Some(note))
}

fn refuse_admin(field: Field, place: &Place<'_>) -> Result<(), BookmarkError> {
    if !place.admin {
        return Ok(());
    }
    let error = OrgError::AdminHost {
        expected: place.org.host().to_owned(),
        seen: place.org.admin_host().to_owned(),
    };
    Err(BookmarkError::url(field, error))
}

fn refuse_same_org(source: &OrgUrl, target: &OrgUrl) -> Result<(), BookmarkError> {
    if source == target {
        let host = source.host().to_owned();
        return Err(BookmarkError::SameOrg { host });
    }
    Ok(())
}

/// The one RelayState, when nothing else stands beside it: what does would be lost on the way.
fn only_relay_state(rest: &str) -> Result<String, BookmarkError> {
    let pairs = parameters(rest);
    let mut values = pairs.iter().filter(|(name, _)| name == RELAY_STATE);
    let Some((_, value)) = values.next() else {
        return Err(BookmarkError::NoRelayState);
    };
    if values.next().is_some() {
        return Err(BookmarkError::SeveralRelayStates {
            count: values.count() + 2,
        });
    }
    let stray = pairs.iter().find(|(name, _)| name != RELAY_STATE);
    if let Some((name, value)) = stray {
        let seen = seen(&format!("&{name}={value}"));
        return Err(BookmarkError::Stray { seen });
    }
    if let Some(fragment) = org::fragment(rest) {
        let seen = seen(&format!("#{fragment}"));
        return Err(BookmarkError::Stray { seen });
    }
    Ok(value.clone())
}

/// Name and value of every parameter as `URLSearchParams` reads them.
fn parameters(rest: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(org::query(rest).unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

/// Characters no reader of a query takes for anything but themselves.
fn is_plain(c: char) -> bool {
    is_unreserved(c) || matches!(c, ':' | '/')
}

/// RFC 3986 section 2.3.
fn is_unreserved(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~')
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match char::from(byte) {
            c if is_unreserved(c) => c.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_batches;
