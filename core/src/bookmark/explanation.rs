//! What a URL of an Okta org is, where a click on it ends, and why it may end elsewhere.

use super::click::{self, Click, Spot};
use super::{BookmarkError, RELAY_STATE, parameters, segments};
use crate::explain::{Explain, seen, seen_whole};
use crate::org::{OrgError, Place, path};
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
        match place.admin {
            true => Self::AdminPage,
            false => Self::of_rest(place.rest),
        }
    }

    /// What stands behind any host of an org but its admin host.
    pub(super) fn of_rest(rest: &str) -> Self {
        match segments(path(rest)).as_slice() {
            ["app", _, _, "sso", "saml"] => {
                let relayed = parameters(rest).iter().any(|(name, _)| name == RELAY_STATE);
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
    let spot = Spot::read(url);
    let what = spot.as_ref().map_or(What::Foreign, Spot::what);
    let click = click::read(url);
    Explanation {
        what,
        layers: layers(url),
        ends: ends(url, what, &click),
        conditions: conditions(spot.as_ref().ok(), click.as_ref().ok()),
        doubts: match &spot {
            Ok(spot) => doubts(url, spot, what, click),
            Err(error) => vec![doubt(error)],
        },
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
        let spot = Spot::read(&url).ok();
        next = spot.as_ref().and_then(|spot| {
            let inside = parameters(spot.rest);
            let carried = |name: &&str| inside.iter().find(|(seen, _)| seen == name);
            CARRIERS
                .iter()
                .find_map(carried)
                .map(|(_, value)| value.clone())
        });
        layers.push(Layer {
            what: spot.as_ref().map_or(What::Foreign, Spot::what),
            host: spot.map_or_else(String::new, |spot| spot.host),
            url: seen_whole(&url),
        });
    }
    layers
}

fn ends(url: &str, what: What, click: &Result<Click<'_>, BookmarkError>) -> String {
    let host = |url: &str| Spot::read(url).map_or_else(|_| seen(url), |spot| spot.host);
    match what {
        What::Bookmark => match click {
            Ok(click) => format!(
                "in the app `{}` of `{}`, at {}",
                click.app,
                click.target,
                seen_whole(&click.relay_state)
            ),
            Err(BookmarkError::Url {
                error: OrgError::NotOkta { .. },
                ..
            }) => "outside Okta or on the target's dashboard".to_owned(),
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
        What::OidcAuthorize => {
            "at its `redirect_uri`, if its client has registered that".to_owned()
        }
        What::Foreign => "outside Okta, or nowhere".to_owned(),
        What::OtherPage => format!("on a page of `{}`", host(url)),
    }
}

fn conditions(spot: Option<&Spot<'_>>, click: Option<&Click<'_>>) -> Vec<Condition> {
    let mut texts = Vec::new();
    let outer = spot.filter(|spot| spot.custom).map(|spot| &spot.host);
    let inner = click
        .filter(|click| click.custom)
        .map(|click| &click.target);
    for host in [outer, inner].into_iter().flatten() {
        texts.push(format!(
            "`{host}` is a custom domain of the org that is meant"
        ));
    }
    if let Some(click) = click {
        let (source, target, app) = (&click.sso.host, &click.target, &click.app);
        texts.extend([
            format!("the user is assigned to the Org2Org app in `{source}`"),
            format!(
                "the Org2Org app with key `{}` leads to `{target}`, by SAML 2.0",
                click.key
            ),
            format!("the user is assigned to the app `{app}` in `{target}`, and the app is active"),
        ]);
    }
    texts.into_iter().map(|text| Condition { text }).collect()
}

fn doubts(
    url: &str,
    spot: &Spot<'_>,
    what: What,
    click: Result<Click<'_>, BookmarkError>,
) -> Vec<Doubt> {
    let mut doubts = match what {
        What::Bookmark => bookmark_doubts(url, spot, click.as_ref().err()),
        What::SsoUrl => vec![told(
            "bookmark-no-relay-state",
            "no RelayState, so the target org shows its dashboard",
            "Add the target app's embed link as RelayState.",
        )],
        What::Org2OrgStart | What::EmbedLink if relay_state(spot).is_some() => vec![told(
            "bookmark-embed-link-start",
            "an embed link does not pass its RelayState on",
            "Start from the IdP single sign-on URL, which ends in `/sso/saml`. An Org2Org app \
             with OpenID Connect has none: bookmarks need SAML 2.0.",
        )],
        What::OidcAuthorize => vec![told(
            "bookmark-oidc-request",
            "it belongs to the one sign-in that made it, and is refused when it comes again",
            "An Org2Org app with OpenID Connect starts by its embed link; nothing documents how that \
             goes on to an app.",
        )],
        _ => spot.refuse_admin().err().iter().map(doubt).collect(),
    };
    let custom = click.is_ok_and(|click| click.custom);
    if spot.custom || custom {
        doubts.push(told(
            "org-custom-domain",
            "a custom domain of an org, or somebody else's site: the address cannot tell",
            "Ask an admin of the org. Sessions are kept by host, so use one host throughout, best \
             the org's Okta address, which always works.",
        ));
    }
    doubts
}

fn relay_state(spot: &Spot<'_>) -> Option<String> {
    let named = |(name, value)| (name == RELAY_STATE).then_some(value);
    parameters(spot.rest).into_iter().find_map(named)
}

fn bookmark_doubts(url: &str, spot: &Spot<'_>, error: Option<&BookmarkError>) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = error.into_iter().map(doubt).collect();
    let value = relay_state(spot).unwrap_or_default();
    if value.to_ascii_lowercase().starts_with("https%3a") {
        doubts.push(told(
            "bookmark-encoded-twice",
            "the RelayState is percent-encoded twice",
            "Build the bookmark again from the two addresses.",
        ));
    } else if value.starts_with('/') {
        doubts.push(told(
            "bookmark-relative",
            "the RelayState is a path without a host",
            "Use the whole embed link, from `https://` on.",
        ));
    }
    if let (Err(error), false) = (spot.key(url), doubts.is_empty()) {
        let more = doubt(&error);
        if !doubts.contains(&more) {
            doubts.push(more);
        }
    }
    if Spot::read(&value).is_ok_and(|link| link.what() == What::Org2OrgStart) {
        doubts.push(told(
            "bookmark-second-hop",
            "the embed link is itself an Org2Org app",
            "The click goes on to a third org; use a link of the app itself if that is not meant.",
        ));
    }
    doubts
}

fn told(code: &'static str, text: &str, hint: &str) -> Doubt {
    Doubt {
        code,
        text: text.to_owned(),
        hint: hint.to_owned(),
    }
}

fn doubt(error: &impl Explain) -> Doubt {
    Doubt {
        code: error.code(),
        text: error.to_string(),
        hint: error.hint(),
    }
}
