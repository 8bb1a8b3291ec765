//! The way of a click by names alone: as for a bookmark URL that is read, and over custom domains too.
//!
//! Only an org can tell its custom domains, so what is read here is good for an explanation and
//! never for a bookmark that is written.

use super::explanation::What;
use super::{BookmarkError, EmbedLink, Field, SsoUrl, check_key, only_relay_state, segments};
use crate::org::{Kind, OrgError, Place, okta_id, path};

/// An address of an org, or one with the shape of Okta's on a host that may be a custom domain.
pub(super) struct Spot<'a> {
    pub(super) host: String,
    /// The org's own host, when this one is the admin host.
    pub(super) admin_of: Option<String>,
    /// Whether only the org can tell that this host is its own.
    pub(super) custom: bool,
    /// Path, query and fragment.
    pub(super) rest: &'a str,
}

/// From where to where a bookmark URL leads.
pub(super) struct Click<'a> {
    pub(super) sso: Spot<'a>,
    pub(super) key: String,
    pub(super) app: String,
    pub(super) target: String,
    /// Whether the target's host is no Okta domain.
    pub(super) custom: bool,
    pub(super) relay_state: String,
}

impl<'a> Spot<'a> {
    /// As [`Place::read`]; another host needs a path that nobody but Okta has.
    pub(super) fn read(url: &'a str) -> Result<Self, OrgError> {
        let error = match Place::read(url) {
            Ok(place) => return Ok(Self::of(&place)),
            Err(error) => error,
        };
        match Place::elsewhere(url) {
            Some((host, rest)) if is_okta_path(path(rest)) => Ok(Self {
                host,
                admin_of: None,
                custom: true,
                rest,
            }),
            _ => Err(error),
        }
    }

    fn of(place: &Place<'a>) -> Self {
        let org = &place.org;
        let (host, admin_of) = match place.admin {
            true => (org.admin_host(), Some(org.host().to_owned())),
            false => (org.host(), None),
        };
        Self {
            host: host.to_owned(),
            admin_of,
            custom: false,
            rest: place.rest,
        }
    }

    pub(super) fn what(&self) -> What {
        match self.admin_of {
            Some(_) => What::AdminPage,
            None => What::of_rest(self.rest),
        }
    }

    pub(super) fn refuse_admin(&self) -> Result<(), OrgError> {
        match &self.admin_of {
            Some(expected) => Err(OrgError::AdminHost {
                expected: expected.clone(),
                seen: self.host.clone(),
            }),
            None => Ok(()),
        }
    }
}

/// What an org's own host must have, by the rule for bookmarks; a custom domain has its shape already.
impl Spot<'_> {
    /// The key in an IdP single sign-on URL, whatever stands behind its path.
    pub(super) fn key(&self, url: &str) -> Result<String, BookmarkError> {
        match *segments(path(self.rest)) {
            _ if !self.custom => {
                let sso = url.trim().split('?').next().unwrap_or_default();
                SsoUrl::parse(sso).map(|sso| sso.key)
            }
            ["app", _, key, ..] => Ok(key.to_owned()),
            _ => Err(BookmarkError::shape(Field::SsoUrl, url)),
        }
    }

    /// The app of an embed link.
    fn app(&self, url: &str) -> Result<String, BookmarkError> {
        match *segments(path(self.rest)) {
            _ if !self.custom => EmbedLink::parse(url).map(|link| link.app),
            ["home", app, ..] => Ok(app.to_owned()),
            _ => Err(BookmarkError::shape(Field::EmbedLink, url)),
        }
    }
}

/// Reads what [`super::read`] reads, and the same on custom domains.
pub(super) fn read(url: &str) -> Result<Click<'_>, BookmarkError> {
    let at = |field, error| BookmarkError::url(field, error);
    let sso = Spot::read(url).map_err(|error| at(Field::Bookmark, error))?;
    sso.refuse_admin()
        .map_err(|error| at(Field::Bookmark, error))?;
    let relay_state = only_relay_state(sso.rest)?;
    let key = sso.key(url)?;
    let link = Spot::read(&relay_state).map_err(|error| at(Field::RelayState, error))?;
    link.refuse_admin()
        .map_err(|error| at(Field::RelayState, error))?;
    let app = link.app(&relay_state)?;
    let (custom, target) = (link.custom, link.host);
    if sso.host == target {
        return Err(BookmarkError::SameOrg { host: target });
    }
    Ok(Click {
        key,
        sso,
        app,
        target,
        custom,
        relay_state,
    })
}

/// Whether a path has a shape of Okta's with an id of Okta's in it.
fn is_okta_path(path: &str) -> bool {
    match *segments(path) {
        ["app", _, key, "sso", "saml"] => check_key(key).is_ok(),
        ["home", _, id, _] | ["sso", "saml2", id] => okta_id(id, Kind::AppOrIdp).is_ok(),
        ["oauth2", "v1", "authorize"] => true,
        _ => false,
    }
}
