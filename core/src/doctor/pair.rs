//! Which two orgs, and which app links them.

use super::look::{Stop, found_if};
use super::places::is_at;
use super::{Family, Rule, Severity};
use crate::okta::apps;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "no-app-for-target",
        family: Family::Pair,
        severity: Severity::High,
        title: "No Org2Org app points to the target",
        why: "Without it nobody of the source is signed in to the target or pushed there; perhaps the two orgs are swapped.",
        source: "Applications API: list apps by name; settings.app.baseUrl",
        remedy: "Make sure that source and target are not swapped; then plan the procedures, which create the app.",
        reads: &[&apps::LIST],
        judge: |look| {
            let here = look.apps_here()?;
            let all = look.source(apps::named("okta_org2org"))?;
            let count = all.items().len();
            found_if(here.is_empty(), || {
                all.says(
                    "",
                    format!("{count} Org2Org apps, none with the target as base URL"),
                )
            })
        },
    },
    Rule {
        id: "several-apps-for-target",
        family: Family::Pair,
        severity: Severity::Medium,
        title: "Several Org2Org apps point to the same target",
        why: "People may be pushed twice, and what one app is set to says nothing about the other.",
        source: "Applications API: list apps by name; settings.app.baseUrl",
        remedy: "Decide which app stays; turn Deactivate Users off on the other before you unassign anybody from it.",
        reads: &[&apps::LIST],
        judge: |look| {
            let here = look.apps_here()?;
            match here.as_slice() {
                [] => Err(Stop::not_here("no Org2Org app points to the target")),
                [_] => Ok(Vec::new()),
                many => Ok(many.iter().map(|app| app.shows("/label")).collect()),
            }
        },
    },
    Rule {
        id: "app-inactive",
        family: Family::Pair,
        severity: Severity::High,
        title: "The Org2Org app is not active",
        why: "Nobody can sign in through it, and nobody new is pushed.",
        source: "Applications API: status of an app",
        remedy: "Activate the app in the source under Applications > Applications, after reading why it was switched off.",
        reads: &[&apps::LIST],
        judge: |look| {
            let app = look.app()?;
            found_if(!app.is_active(), || app.shows("/status"))
        },
    },
    Rule {
        id: "base-url-not-org-host",
        family: Family::Pair,
        severity: Severity::Low,
        title: "The base URL is not the target's own address",
        why: "Okta accepts the admin host and a path, but every address that is made from it must be mapped back before two of them can be compared.",
        source: "Applications API: settings.app.baseUrl; Okta organizations: admin host",
        remedy: "Set Base Url to the target's own address, without -admin and without a path.",
        reads: &[&apps::LIST],
        judge: |look| {
            let app = look.app()?;
            let at = "/settings/app/baseUrl";
            let plain = app.text(at).trim_end_matches('/') == look.pair().target.url.base();
            found_if(!plain, || app.shows(at))
        },
    },
    Rule {
        id: "two-environments",
        family: Family::Pair,
        severity: Severity::Medium,
        title: "One org is a preview org and the other is not",
        why: "Preview orgs change earlier and are no place for people's real access.",
        source: "Okta organizations: org URLs",
        remedy: "Pair a preview org with a preview org only, unless this is a trial.",
        reads: &[&apps::LIST],
        judge: |look| {
            let app = look.app()?;
            let [source, target] =
                [&look.pair().source.url, &look.pair().target.url].map(|url| url.family());
            found_if(source.is_preview() != target.is_preview(), || {
                app.shows("/settings/app/baseUrl")
            })
        },
    },
    Rule {
        id: "points-to-itself",
        family: Family::Pair,
        severity: Severity::High,
        title: "An Org2Org app of the source points to the source",
        why: "It would sign people in to the org they come from; its base URL is most likely a mistake.",
        source: "Applications API: settings.app.baseUrl",
        remedy: "Set Base Url to the target's address, or delete the app.",
        reads: &[&apps::LIST],
        judge: |look| {
            let source = &look.pair().source.url;
            let mut all = look.org2org_apps()?;
            all.retain(|app| is_at(source, app.text("/settings/app/baseUrl")));
            Ok(all
                .iter()
                .map(|app| app.shows("/settings/app/baseUrl"))
                .collect())
        },
    },
];
