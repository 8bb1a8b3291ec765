//! What a URL of an Okta org is, where a click on it ends, and why it may end elsewhere.

use super::{EmbedLink, Field, RELAY_STATE, SsoUrl, parameters, read};
use crate::explain::{Explain, seen, seen_whole};
use crate::org::{OrgError, Place};
use serde::Serialize;
use std::fmt;

/// What a URL is, by its host and path alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Where a target org takes SAML responses: `/sso/saml2/{idp}`.
    AcsUrl,
    /// A page of the Admin Console.
    AdminPage,
    /// A sign-on URL with a RelayState.
    Bookmark,
    /// The end-user dashboard.
    Dashboard,
    /// An app's embed link.
    EmbedLink,
    /// Not on an Okta domain, or no URL at all.
    Foreign,
    /// An OpenID Connect authorization request.
    OidcAuthorize,
    /// Starts an Org2Org app by its embed link; the only start an OpenID Connect app has.
    Org2OrgStart,
    /// Another page of an Okta org.
    OtherPage,
    /// The sign-in page.
    SignInPage,
    /// An IdP single sign-on URL without RelayState.
    SsoUrl,
}

impl What {
    /// What `url` is; never fails.
    pub fn of(url: &str) -> Self {
        Place::read(url).map_or(Self::Foreign, |place| Self::of_place(&place))
    }

    fn of_place(place: &Place<'_>) -> Self {
        if place.admin {
            return Self::AdminPage;
        }
        let segments: Vec<&str> = place.path().split('/').skip(1).collect();
        match segments.as_slice() {
            ["app", _, _, "sso", "saml"] => {
                let relayed = parameters(place)
                    .iter()
                    .any(|(name, _)| name == RELAY_STATE);
                if relayed {
                    Self::Bookmark
                } else {
                    Self::SsoUrl
                }
            }
            ["home", "okta_org2org", _, _] => Self::Org2OrgStart,
            ["home", _, _, _] => Self::EmbedLink,
            ["sso", "saml2", ..] => Self::AcsUrl,
            ["oauth2", .., "authorize"] => Self::OidcAuthorize,
            ["app", "UserHome"] | ["enduser", ..] | [] | [""] => Self::Dashboard,
            ["admin", ..] => Self::AdminPage,
            ["login", ..] | ["signin", ..] => Self::SignInPage,
            _ => Self::OtherPage,
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AcsUrl => "an assertion consumer service URL",
            Self::AdminPage => "a page of the Admin Console",
            Self::Bookmark => "a bookmark URL",
            Self::Dashboard => "the dashboard",
            Self::EmbedLink => "an embed link",
            Self::Foreign => "an address outside Okta",
            Self::OidcAuthorize => "an OpenID Connect authorization request",
            Self::Org2OrgStart => "the embed link of an Org2Org app",
            Self::OtherPage => "a page of an Okta org",
            Self::SignInPage => "a sign-in page",
            Self::SsoUrl => "an IdP single sign-on URL",
        })
    }
}

/// One URL inside another: the outermost first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Layer {
    /// What it is.
    pub what: What,
    /// Host as a person reads it; empty when there is none.
    pub host: String,
    /// The decoded text of this layer, safe to show and not cut.
    pub url: String,
}

/// Something that must hold in the orgs; the URL cannot show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// What must hold.
    pub text: String,
}

/// A reason why the click does not end where it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// Stable name.
    pub code: &'static str,
    /// What is wrong.
    pub text: String,
    /// What to do.
    pub hint: String,
}

/// All that can be said about a URL without asking an org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What the URL is.
    pub what: What,
    /// The URL and every URL nested in it, outermost first.
    pub layers: Vec<Layer>,
    /// Where a click ends.
    pub ends: String,
    /// What must hold for that.
    pub conditions: Vec<Condition>,
    /// Why it ends elsewhere, most likely on the dashboard; empty when nothing is wrong.
    pub doubts: Vec<Doubt>,
}

/// Explains any URL; texts that are none are explained as such.
pub fn explain(url: &str) -> Explanation {
    let layers = layers(url);
    let what = What::of(url);
    let doubts = doubts(url, what);
    Explanation {
        ends: ends(url, what, &doubts),
        conditions: conditions(url),
        what,
        layers,
        doubts,
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "This is {}.", self.what)?;
        for (depth, layer) in self.layers.iter().enumerate() {
            writeln!(
                f,
                "{:indent$}{}: {}",
                "",
                layer.what,
                layer.url,
                indent = depth * 2
            )?;
        }
        writeln!(f, "A click ends {}.", self.ends)?;
        for condition in &self.conditions {
            writeln!(f, "- needs: {}", condition.text)?;
        }
        for doubt in &self.doubts {
            writeln!(f, "! {}: {}. {}", doubt.code, doubt.text, doubt.hint)?;
        }
        Ok(())
    }
}

/// Bookmarks of bookmarks exist; deeper nesting is nobody's intention.
const DEEPEST: usize = 5;
/// Parameters in which Okta pages carry the address to go on to.
const CARRIERS: &[&str] = &[RELAY_STATE, "fromURI", "fromUri", "redirect_uri"];

fn layers(url: &str) -> Vec<Layer> {
    let mut layers = Vec::new();
    let mut next = Some(url.trim().to_owned());
    while let Some(url) = next.take().filter(|_| layers.len() < DEEPEST) {
        let place = Place::read(&url).ok();
        next = place.as_ref().and_then(|place| {
            let inside = parameters(place);
            let carried = |name: &&str| inside.iter().find(|(seen, _)| seen == name);
            CARRIERS
                .iter()
                .find_map(carried)
                .map(|(_, value)| value.clone())
        });
        layers.push(Layer {
            what: place.as_ref().map_or(What::Foreign, What::of_place),
            host: place.as_ref().map_or_else(String::new, written_host),
            url: seen_whole(&url),
        });
    }
    layers
}

fn written_host(place: &Place<'_>) -> String {
    let org = &place.org;
    let host = if place.admin {
        org.admin_host()
    } else {
        org.host()
    };
    host.to_owned()
}

fn ends(url: &str, what: What, doubts: &[Doubt]) -> String {
    let host =
        |url: &str| Place::read(url).map_or_else(|_| seen(url), |place| written_host(&place));
    match what {
        What::Bookmark => match read(url) {
            Ok(parts) => format!(
                "in the app `{}` of `{}`, at {}",
                parts.link.app,
                parts.link.org.host(),
                parts.link.url
            ),
            Err(_) if doubts.iter().any(|doubt| doubt.code == "org-not-okta") => {
                "outside Okta or on the target's dashboard".to_owned()
            }
            Err(_) => "most likely on the dashboard of the target org".to_owned(),
        },
        What::SsoUrl => "on the dashboard of the target org: no app is named".to_owned(),
        What::Org2OrgStart => "on the dashboard of the org this Org2Org app leads to".to_owned(),
        What::EmbedLink => format!(
            "in the app, for people who sign in at `{}` itself",
            host(url)
        ),
        What::Dashboard | What::SignInPage => format!("on the dashboard of `{}`", host(url)),
        What::AdminPage => "in the Admin Console, where users have no access".to_owned(),
        What::AcsUrl => "with an error: this address takes SAML responses, not clicks".to_owned(),
        What::OidcAuthorize => "at the address its client has registered".to_owned(),
        What::Foreign => "outside Okta, or nowhere".to_owned(),
        What::OtherPage => format!("on a page of `{}`", host(url)),
    }
}

fn conditions(url: &str) -> Vec<Condition> {
    let Ok(parts) = read(url) else {
        return Vec::new();
    };
    let (source, target) = (parts.sso.org.host(), parts.link.org.host());
    let app = &parts.link.app;
    let texts = [
        format!("the user is assigned to the Org2Org app in `{source}`"),
        format!(
            "the Org2Org app with key `{}` leads to `{target}`",
            parts.sso.key
        ),
        format!("the user is assigned to the app `{app}` in `{target}`, and the app is active"),
    ];
    texts.into_iter().map(|text| Condition { text }).collect()
}

fn doubts(url: &str, what: What) -> Vec<Doubt> {
    let place = match Place::read(url) {
        Ok(place) => place,
        Err(error) => return vec![doubt(&error)],
    };
    match what {
        What::Bookmark => bookmark_doubts(url, &place),
        What::SsoUrl => vec![Doubt {
            code: "bookmark-no-relay-state",
            text: "no RelayState, so the target org shows its dashboard".to_owned(),
            hint: "Add the target app's embed link as RelayState.".to_owned(),
        }],
        What::Org2OrgStart | What::EmbedLink
            if parameters(&place)
                .iter()
                .any(|(name, _)| name == RELAY_STATE) =>
        {
            vec![Doubt {
                code: "bookmark-embed-link-start",
                text: "an embed link does not pass its RelayState on".to_owned(),
                hint: "Start from the IdP single sign-on URL, which ends in `/sso/saml`."
                    .to_owned(),
            }]
        }
        What::AdminPage => vec![doubt(&OrgError::AdminHost {
            expected: place.org.host().to_owned(),
            seen: written_host(&place),
        })],
        _ => Vec::new(),
    }
}

fn bookmark_doubts(url: &str, place: &Place<'_>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if let Err(error) = read(url) {
        doubts.push(doubt(&error));
    }
    let value = parameters(place)
        .into_iter()
        .find_map(|(name, value)| (name == RELAY_STATE).then_some(value))
        .unwrap_or_default();
    if value.to_ascii_lowercase().starts_with("https%3a") {
        doubts.push(Doubt {
            code: "bookmark-encoded-twice",
            text: "the RelayState is percent-encoded twice".to_owned(),
            hint: "Build the bookmark again from the two addresses.".to_owned(),
        });
    } else if value.starts_with('/') {
        doubts.push(Doubt {
            code: "bookmark-relative",
            text: "the RelayState is a path without a host".to_owned(),
            hint: "Use the whole embed link, from `https://` on.".to_owned(),
        });
    }
    let sso = url.trim().split('?').next().unwrap_or_default();
    if let (Err(error), false) = (SsoUrl::parse(sso), doubts.is_empty()) {
        let more = doubt(&error);
        if !doubts.contains(&more) {
            doubts.push(more);
        }
    }
    if EmbedLink::parse(&value).is_ok_and(|link| link.app == "okta_org2org") {
        doubts.push(Doubt {
            code: "bookmark-second-hop",
            text: format!("the {} is itself an Org2Org app", Field::EmbedLink),
            hint: "The click goes on to a third org; use a link of the app itself if that is not meant."
                .to_owned(),
        });
    }
    doubts
}

fn doubt(error: &impl Explain) -> Doubt {
    Doubt {
        code: error.code(),
        text: error.to_string(),
        hint: error.hint(),
    }
}
