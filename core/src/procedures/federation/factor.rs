//! Whether people who proved a second factor in the source are asked for one again, by either way to sign in.

use serde_json::Value as Json;

use super::idp::IDP;
use crate::console;
use crate::facts::{Fact, Value};
use crate::json;
use crate::okta::answer::text;
use crate::okta::{domains, idps};
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// Domains of the source whose certificate a person keeps; none where there is none.
static MANUAL_DOMAINS: Fact =
    Fact::one("manual-domains", "Domains with a certificate of one's own");

/// Whether a certificate stands in the way of sharing claims.
pub(super) const SOURCE_DOMAINS: Step = Step {
    id: "source-domains",
    title: "Look at the source's own domains",
    why: "Claims are shared over a custom domain only while Okta manages its certificate; otherwise that fails silently.",
    side: Side::Source,
    page: &console::ACCOUNT,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Customizations > Brands > *Domains* and look at who manages the certificate",
        Some("Domains"),
    )],
    covers: &[],
    source: "Custom Domains API: list domains, certificateSourceType",
    when: always,
    over: &[],
    needs: &[],
    gives: &[&MANUAL_DOMAINS],
    after: &[],
    probe: |_| Ok(domains::all()),
    read: |answer, _| {
        let all = json::at(answer.body(), "/domains").and_then(Json::as_array);
        let manual = |domain: &&Json| text(domain, "/certificateSourceType") == Ok("MANUAL");
        let names = all.into_iter().flatten().filter(manual);
        let names: Vec<&str> = names
            .filter_map(|domain| text(domain, "/domain").ok())
            .collect();
        let value = match names.is_empty() {
            true => Value::None,
            false => Value::Text(names.join(", ")),
        };
        Ok(Finding::met(&Json::Null).giving_value(&MANUAL_DOMAINS, value))
    },
    write: None,
    undo: None,
};

/// Whether people are asked twice.
pub(super) const MFA_AGAIN: Step = Step {
    id: "mfa-again",
    title: "Know whether the target asks for a second factor again",
    why: "People who proved a second factor in the source are asked again unless the target trusts that claim.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: &[("idp", PageId::Fact(&IDP))],
    by_hand: &[Click::Do(
        "Open the identity provider and look whether it trusts claims from it",
        Some("Trust claims from this identity provider"),
    )],
    covers: &[],
    source: "Okta guide: Configure claims sharing, policy.trustClaims",
    when: always,
    over: &[],
    needs: &[&IDP, &MANUAL_DOMAINS],
    gives: &[],
    after: &[],
    probe: |f| Ok(idps::read(&f.text(&IDP)?)),
    read: |answer, f| {
        let trusts = json::at(answer.body(), "/policy/trustClaims") == Some(&Json::Bool(true));
        let target = &f.pair().target.name;
        let verdict = match (trusts, f.optional(&MANUAL_DOMAINS)?) {
            (false, _) => format!(
                "{target} asks for a second factor again where its policies want one: its identity provider does not trust claims."
            ),
            (true, None) => format!(
                "{target} takes the second factor that the source saw: its identity provider trusts claims."
            ),
            (true, Some(domains)) => format!(
                "{target} trusts claims, but asks again where people come over {}: the certificate of that domain is not managed by Okta, and sharing fails silently.",
                crate::explain::seen(&domains)
            ),
        };
        Ok(Finding::met(&Json::Null).noting(verdict))
    },
    write: None,
    undo: None,
};
