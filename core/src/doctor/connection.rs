//! How the source reaches the target.

use super::look::{Stop, found_if};
use super::places::is_at;
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, apps, connections};

const READS: &[&ReadOp] = &[&apps::LIST, &connections::READ];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "connection-off",
        family: Family::Connection,
        severity: Severity::High,
        title: "The connection is set up and switched off",
        why: "Nothing is pushed: people who were assigned since have no account.",
        source: "Application Connections API: status of the default connection",
        remedy: "Find out why it was switched off; switch it on, and click Provision User for those assigned meanwhile.",
        reads: READS,
        judge: |look| {
            let connection = look.connection()?;
            if connection.is("/profile/authScheme", "") || connection.is("/status", "UNKNOWN") {
                return Err(Stop::not_here("provisioning was never set up"));
            }
            found_if(!connection.is("/status", "ENABLED"), || {
                connection.shows("/status")
            })
        },
    },
    Rule {
        id: "connection-by-token",
        family: Family::Connection,
        severity: Severity::Medium,
        title: "The connection uses an API token",
        why: "A token has all rights of its owner, who must be a super admin, and ends with them or after 30 idle days.",
        source: "Create an API token; Secure API connections between orgs",
        remedy: "Move to OAuth 2.0 with keys that rotate by themselves, prove a push, then revoke the token.",
        reads: READS,
        judge: |look| {
            let connection = look.pushing()?;
            let at = "/profile/authScheme";
            found_if(connection.is(at, "TOKEN"), || connection.shows(at))
        },
    },
    Rule {
        id: "rotation-by-hand",
        family: Family::Connection,
        severity: Severity::Low,
        title: "The keys of the connection are rotated by hand",
        why: "Somebody has to remember it, in both orgs and in the right order.",
        source: "Secure API connections between orgs: rotation mode",
        remedy: "Move to OAUTH Auto-Rotation when there is time for it.",
        reads: READS,
        judge: |look| {
            let connection = look.oauth()?;
            let manual = super::places::rotation(&connection) == "MANUAL";
            found_if(manual, || connection.shows("/profile/signing/rotationMode"))
        },
    },
    Rule {
        id: "connection-elsewhere",
        family: Family::Connection,
        severity: Severity::Critical,
        title: "The connection goes to another org than the app's base URL",
        why: "People are pushed to an org that nobody looks at here, with its token.",
        source: "Application Connections API: baseUrl",
        remedy: "Switch the connection off, and set it up anew for the right org.",
        reads: READS,
        judge: |look| {
            let connection = look.by_token()?;
            let address = connection.text("/baseUrl");
            found_if(
                !address.is_empty() && !is_at(&look.pair().target.url, address),
                || connection.shows("/baseUrl"),
            )
        },
    },
    Rule {
        id: "inactive-app-still-pushes",
        family: Family::Connection,
        severity: Severity::High,
        title: "The app is switched off and its connection is not",
        why: "Changes of groups still take accounts away in the target, although nobody can use the app.",
        source: "Okta support: deprovisioning when an app is inactive",
        remedy: "Turn Deactivate Users off and the connection too, before you leave the app switched off.",
        reads: READS,
        judge: |look| {
            let (app, connection) = (look.app()?, look.pushing()?);
            Ok(match app.is_active() {
                true => Vec::new(),
                false => vec![app.shows("/status"), connection.shows("/status")],
            })
        },
    },
];
