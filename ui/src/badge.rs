//! Which org: never by colour alone. The source badge points onward, the target badge is round.

use org2org_core::run::Side;
use sycamore::prelude::*;

use crate::board::{OrgCard, PairCard};
use crate::text::shown;

/// "Source" or "Target", with the org's name where it helps.
pub fn badge(side: Side, org: &str) -> View {
    let class = match side {
        Side::Source => "badge source",
        Side::Target => "badge target",
    };
    let text = match org.is_empty() {
        true => word(side).to_owned(),
        false => [word(side), " · ", &shown(org)].concat(),
    };
    view! { span(class=class) { (text) } }
}

/// The side as a word that starts a line.
pub fn word(side: Side) -> &'static str {
    match side {
        Side::Source => "Source",
        Side::Target => "Target",
    }
}

/// Two orgs with the way people go between them: names and hosts, beside each other even where it
/// is narrow, when `compact`; else with all that tells one org and one admin from another.
pub fn arrow(pair: &PairCard, compact: bool) -> View {
    let class = if compact { "arrow compact" } else { "arrow" };
    let (source, target) = (
        card(Side::Source, &pair.source, compact),
        card(Side::Target, &pair.target, compact),
    );
    view! {
        div(class=class) {
            (source)
            div(class="link") { span { "sign in to" } }
            (target)
        }
    }
}

fn card(side: Side, org: &OrgCard, compact: bool) -> View {
    let class = match side {
        Side::Source => "org source",
        Side::Target => "org target",
    };
    let before = match side {
        Side::Source => "People of ",
        Side::Target => "",
    };
    let (name, host, badge) = (shown(&org.name), shown(&org.host), badge(side, ""));
    let more = (!compact).then(|| identity(org));
    view! {
        div(class=class) {
            (badge)
            p(class="name") { span(class="unseen") { (before) } (name) }
            p(class="host") { (host) }
            (more)
        }
    }
}

fn identity(org: &OrgCard) -> View {
    let (kind, id) = (org.kind, shown(&org.id));
    let (login, actor) = (shown(&org.login), shown(&org.actor));
    view! {
        p(class="small") { (kind) " org " code { (id) } }
        p(class="small") { "You act as " b { (login) } " " code { (actor) } }
    }
}
