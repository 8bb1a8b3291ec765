//! Bookmarks that sign people in to the target and open an app there.

use super::look::{Object, Stop};
use super::places::{URL_AT, is_at};
use super::{Evidence, Family, Look, Rule, Severity};
use crate::bookmark::{self, What};
use crate::okta::{ReadOp, apps};

const READS: &[&ReadOp] = &[&apps::LIST, &apps::METADATA];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "bookmark-other-app",
        family: Family::Bookmarks,
        severity: Severity::High,
        title: "A bookmark signs people in through another app than the one that is there",
        why: "Most likely the Org2Org app was made anew: the old address leads nowhere.",
        source: "Okta help: bookmark apps with Org2Org; SAML metadata of the app",
        remedy: "Put the app's IdP Single Sign-On URL in front of RelayState.",
        reads: READS,
        judge: |look| {
            let metadata = look.metadata()?;
            let source = &look.pair().source.url;
            each(look, |url| {
                let start = url.split('?').next().unwrap_or_default();
                is_at(source, url)
                    && What::of(start) == What::SsoUrl
                    && source.map_to_org_host(start) != source.map_to_org_host(&metadata.sso)
            })
        },
    },
    Rule {
        id: "bookmark-without-relay-state",
        family: Family::Bookmarks,
        severity: Severity::Medium,
        title: "A bookmark does not say where to go in the target",
        why: "The click ends on the target's dashboard.",
        source: "Okta help: bookmark apps with Org2Org; RelayState",
        remedy: "Build the address with `org2org bookmark build`.",
        reads: &[&apps::LIST],
        judge: |look| each(look, |url| What::of(url) == What::SsoUrl),
    },
    Rule {
        id: "bookmark-embed-link-alone",
        family: Family::Bookmarks,
        severity: Severity::Medium,
        title: "A bookmark leads straight to the target's app",
        why: "Whoever is not signed in to the target yet is asked to sign in there, and loses the way.",
        source: "Okta help: bookmark apps with Org2Org",
        remedy: "Put the app's IdP Single Sign-On URL in front: `org2org bookmark build`.",
        reads: &[&apps::LIST],
        judge: |look| {
            let target = &look.pair().target.url;
            each(look, |url| {
                is_at(target, url) && matches!(What::of(url), What::EmbedLink | What::Org2OrgStart)
            })
        },
    },
    Rule {
        id: "bookmark-breaks",
        family: Family::Bookmarks,
        severity: Severity::High,
        title: "The address of a bookmark cannot work as it is written",
        why: "Part of it is lost on the way, or it leads to a host that is none of Okta's: people end on the dashboard or nowhere.",
        source: "Okta help: bookmark apps with Org2Org; URL standard: queries",
        remedy: "`org2org bookmark explain` says what is wrong with it; `org2org bookmark build` makes it anew.",
        reads: &[&apps::LIST],
        judge: |look| {
            each(look, |url| {
                What::of(url) == What::Bookmark && bookmark::read(url).is_err()
            })
        },
    },
    Rule {
        id: "bookmark-other-target",
        family: Family::Bookmarks,
        severity: Severity::Medium,
        title: "A bookmark signs in to this target and goes on to another org",
        why: "Nobody is signed in there by this click.",
        source: "Okta help: bookmark apps with Org2Org; RelayState",
        remedy: "Take the embed link from the target's own app.",
        reads: READS,
        judge: |look| {
            let metadata = look.metadata()?;
            let target = &look.pair().target.url;
            each(look, |url| {
                bookmark::read(url)
                    .is_ok_and(|parts| parts.sso.url == metadata.sso && parts.link.org != *target)
            })
        },
    },
    Rule {
        id: "bookmark-app-gone",
        family: Family::Bookmarks,
        severity: Severity::High,
        title: "A bookmark leads to an app that is not there or not active",
        why: "The click ends on an error page of the target.",
        source: "Applications API: list apps; status",
        remedy: "Delete the bookmark, or take the embed link of the app that took its place.",
        reads: &[&apps::LIST],
        judge: |look| {
            let active: Vec<&str> = look
                .target_apps()?
                .iter()
                .filter(|app| app.is_active())
                .map(Object::id)
                .collect();
            let target = &look.pair().target.url;
            each(look, |url| {
                bookmark::read(url).is_ok_and(|parts| {
                    parts.link.org == *target && !active.contains(&parts.link.app_id.as_str())
                })
            })
        },
    },
    Rule {
        id: "bookmark-twice",
        family: Family::Bookmarks,
        severity: Severity::Low,
        title: "Several bookmarks have the same address",
        why: "People see the same tile twice.",
        source: "Applications API: bookmark apps, settings.app.url",
        remedy: "Keep one of them.",
        reads: &[&apps::LIST],
        judge: |look| {
            let all = look.bookmarks()?;
            let mut found = Vec::new();
            for (index, one) in all.iter().enumerate() {
                let mut before = all.iter().take(index);
                if before.any(|other| other.is(URL_AT, one.text(URL_AT))) {
                    found.push(one.shows("/label"));
                }
            }
            Ok(found)
        },
    },
    Rule {
        id: "bookmark-with-oidc",
        family: Family::Bookmarks,
        severity: Severity::High,
        title: "There are bookmarks through SAML, and the app signs in by OpenID Connect",
        why: "The SAML address of the app does not work any more, and no other one is documented.",
        source: "Okta help: bookmark apps with Org2Org; signOnMode",
        remedy: "Keep SAML 2.0 where bookmarks are needed.",
        reads: &[&apps::LIST],
        judge: |look| {
            look.oidc_app()?;
            each(look, |url| {
                matches!(What::of(url), What::Bookmark | What::SsoUrl)
            })
        },
    },
];

fn each(look: &Look<'_>, wrong: impl Fn(&str) -> bool) -> Result<Vec<Evidence>, Stop> {
    let all = look.bookmarks()?;
    let found = all.iter().filter(|one| wrong(one.text(URL_AT)));
    Ok(found.map(|one| one.shows(URL_AT)).collect())
}
