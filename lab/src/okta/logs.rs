//! The System Log, as far as sign-in and changes write it.

use serde_json::{Value, json};

use super::call::{Actor, Call};
use super::error::OktaError;
use super::filter::Filter;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::ids::Ids;
use crate::org::Org;
use crate::rights::{Area::Logs, Right};
use crate::wire::Response;
use crate::world::World;

pub(super) const ROUTES: &[Route] = &[route("GET", "/api/v1/logs", Right::Read(Logs), list)];

/// Something worth a line in the System Log.
pub(crate) struct Event<'a> {
    /// Okta's event type, such as `user.authentication.auth_via_IDP`.
    pub kind: &'a str,
    pub message: &'a str,
    /// `SUCCESS` or `FAILURE`, with the reason of a failure.
    pub outcome: Result<(), &'a str>,
    /// Type and id of what it was done to.
    pub target: (&'a str, &'a str),
}

/// Writes one event. Old events fall out after 1,000.
pub(crate) fn write(org: &mut Org, ids: &mut Ids, actor: &Actor, now: u64, event: &Event<'_>) {
    // Only a failure has a reason.
    let outcome = match event.outcome {
        Ok(()) => json!({ "result": "SUCCESS" }),
        Err(reason) => json!({ "result": "FAILURE", "reason": reason }),
    };
    let id = if actor.client.is_empty() {
        &actor.user
    } else {
        &actor.client
    };
    let (alternate, name) = names(org, event.target.1);
    if org.log.len() >= 1000 {
        org.log.remove(0);
    }
    org.log.push(json!({
        "actor": { "id": id, "type": kind_of(actor), "alternateId": actor.login, "displayName": actor.login },
        "displayMessage": event.message, "eventType": event.kind,
        "outcome": outcome, "published": stamp(now), "severity": "INFO",
        "uuid": ids.uuid(), "version": "0",
        "target": [{ "id": event.target.1, "type": event.target.0, "alternateId": alternate, "displayName": name }],
    }));
}

// What people call an object, as far as it is still there.
fn names(org: &Org, id: &str) -> (String, String) {
    let same = |name: &str| (name.to_owned(), name.to_owned());
    if let Some(user) = org.users.get(id) {
        return (user.login().to_owned(), user.full_name());
    }
    let app = org.apps.get(id).map(|app| app.label.as_str());
    let group = || org.groups.get(id).map(|group| group.name.as_str());
    let idp = || org.idps.get(id).map(|idp| idp.name.as_str());
    same(app.or_else(group).or_else(idp).unwrap_or("unknown"))
}

fn kind_of(actor: &Actor) -> &'static str {
    match (actor.client.as_str(), actor.user.as_str()) {
        ("", "") => "SystemPrincipal",
        ("", _) => "User",
        _ => "PublicClientAppEntity",
    }
}

/// Writes that something succeeded.
pub(crate) fn note(
    world: &mut World,
    at: usize,
    actor: &Actor,
    now: u64,
    kind: &str,
    target: (&str, &str),
) {
    let event = Event {
        kind,
        message: message(kind),
        outcome: Ok(()),
        target,
    };
    write(&mut world.orgs[at], &mut world.side_ids, actor, now, &event);
}

fn message(kind: &str) -> &'static str {
    match kind {
        "app.oauth2.admin.consent.grant" => "Grant consent to app",
        "app.oauth2.admin.consent.revoke" => "Revoke consent from app",
        "app.oauth2.client.lifecycle.create" => "Create OAuth2 client",
        "app.oauth2.client.lifecycle.delete" => "Delete OAuth2 client",
        "app.oauth2.client.privilege.grant" => "Grant OAuth2 client privilege",
        "app.oauth2.client.privilege.revoke" => "Revoke OAuth2 client privilege",
        "system.api_token.create" => "Create API token",
        "system.api_token.revoke" => "Revoke API token",
        "user.account.privilege.grant" => "Grant user privilege",
        "user.account.privilege.revoke" => "Revoke user privilege",
        "application.user_membership.add" => "Add user to application membership",
        "application.user_membership.remove" => "Remove user's application membership",
        "group.lifecycle.create" => "Create Okta group",
        "group.lifecycle.delete" => "Delete Okta group",
        "group.user_membership.add" => "Add user to group membership",
        "group.user_membership.remove" => "Remove user from group membership",
        "user.account.update_password" => "User update password for Okta",
        "user.account.update_profile" => "Update user profile for Okta",
        "user.lifecycle.activate" => "Activate Okta user",
        "user.lifecycle.create" => "Create Okta user",
        "user.lifecycle.deactivate" => "Deactivate Okta user",
        "user.lifecycle.delete.initiated" => "Delete Okta user",
        "user.lifecycle.suspend" => "Suspend Okta user",
        "user.lifecycle.unsuspend" => "Unsuspend Okta user",
        _ => "Change",
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let filter = call
        .query("filter")
        .map(|text| Filter::read(&text))
        .transpose()?;
    let limit = call
        .query("limit")
        .and_then(|text| text.parse::<usize>().ok())
        .unwrap_or(100)
        .clamp(1, 1000);
    let start = match call.query("after") {
        Some(text) => text.parse::<usize>().map_err(|_| {
            OktaError::new(400, "E0000029", "Invalid paging request.").because("Invalid cursor.")
        })?,
        None => 0,
    };
    let (since, until) = (call.query("since"), call.query("until"));
    let within = |event: &Value| {
        let when = event["published"].as_str().unwrap_or_default();
        since.as_ref().is_none_or(|since| when >= since.as_str())
            && until.as_ref().is_none_or(|until| when < until.as_str())
            && filter.as_ref().is_none_or(|filter| filter.fits(event))
    };
    let found: Vec<(usize, &Value)> = call
        .org
        .log
        .iter()
        .enumerate()
        .skip(start)
        .filter(|(_, event)| within(event))
        .take(limit)
        .collect();
    let next = found.last().map_or(start, |(at, _)| at + 1);
    let body: Vec<Value> = found.into_iter().map(|(_, event)| event.clone()).collect();
    // The log never ends: there is always a next page to poll.
    let link = |relation: &str, after: usize| {
        format!(
            "<{}?after={after}&limit={limit}>; rel=\"{relation}\"",
            call.href("/api/v1/logs")
        )
    };
    Ok(Response::json(200, &Value::Array(body))
        .with("link", &link("self", start))
        .with("link", &link("next", next)))
}
