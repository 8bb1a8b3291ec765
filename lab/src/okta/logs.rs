//! The System Log, as far as sign-in, provisioning and changes write it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::call::{Actor, Call};
use super::error::OktaError;
use super::filter::Filter;
use super::{Outcome, Route, route};
use crate::clock::{parse_stamp, stamp};
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
        "system.api_token.update" => "Update API token",
        "system.api_token.revoke" => "Revoke API token",
        "user.account.privilege.grant" => "Grant user privilege",
        "user.account.privilege.revoke" => "Revoke user privilege",
        "application.user_membership.add" => "Add user to application membership",
        "application.user_membership.remove" => "Remove user's application membership",
        "group.lifecycle.create" => "Create Okta group",
        "group.lifecycle.delete" => "Delete Okta group",
        "group.user_membership.add" => "Add user to group membership",
        "group.user_membership.remove" => "Remove user from group membership",
        "user.account.expire_password" => "Expire user password",
        "user.account.reset_password" => "Fired when the user's Okta password is reset",
        "user.account.unlock" => "Unlock user account",
        "user.mfa.factor.reset_all" => "Reset all factors for user",
        "user.account.update_password" => "User update password for Okta",
        "user.account.update_profile" => "Update user profile for Okta",
        "user.lifecycle.activate" => "Activate Okta user",
        "user.lifecycle.create" => "Create Okta user",
        "user.lifecycle.deactivate" => "Deactivate Okta user",
        "user.lifecycle.delete.initiated" => "Delete Okta user",
        "app.keys.clone" => "Clone key of app",
        "app.keys.generate" => "Generate key for app",
        "app.keys.rotate" => "Rotate key of app",
        "application.lifecycle.activate" => "Activate application",
        "application.lifecycle.create" => "Create application",
        "application.lifecycle.deactivate" => "Deactivate application",
        "application.lifecycle.delete" => "Delete application",
        "application.lifecycle.update" => "Update application",
        "system.idp.key.create" => "Create IdP key",
        "system.idp.key.delete" => "Delete IdP key",
        "system.idp.key.update" => "Update IdP key",
        "system.idp.lifecycle.activate" => "Activate identity provider",
        "system.idp.lifecycle.create" => "Create identity provider",
        "system.idp.lifecycle.deactivate" => "Deactivate identity provider",
        "system.idp.lifecycle.delete" => "Delete identity provider",
        "system.idp.lifecycle.update" => "Update identity provider",
        "user.lifecycle.reactivate" => "Reactivate Okta user",
        "user.lifecycle.suspend" => "Suspend Okta user",
        "user.lifecycle.unsuspend" => "Unsuspend Okta user",
        _ => "Change",
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let asked = Asked::read(call)?;
    let events: Vec<&Value> = call.org.log.iter().collect();
    let mut shown: Vec<&Value> = events
        .into_iter()
        .filter(|event| asked.wants(event))
        .collect();
    if asked.backwards {
        shown.reverse();
    }
    // An event that has fallen out of the log is before all that are left.
    let after = asked.after.as_deref();
    let start = after.and_then(|uuid| shown.iter().position(|event| event["uuid"] == uuid));
    let page: Vec<&Value> = shown
        .iter()
        .skip(start.map_or(0, |at| at + 1))
        .take(asked.limit)
        .copied()
        .collect();
    let last = page.last().and_then(|event| event["uuid"].as_str());
    let mut links = vec![link(call, after, "self")];
    // Without an end the log goes on: there is always a next page to poll.
    if !asked.ends || !page.is_empty() {
        links.push(link(call, last.or(after), "next"));
    }
    let body = page.into_iter().cloned().collect();
    let answer = Response::json(200, &Value::Array(body));
    Ok(links
        .iter()
        .fold(answer, |answer, link| answer.with("link", link)))
}

/// What a query asks of the log.
struct Asked {
    filter: Option<Filter>,
    /// Words that must all stand somewhere in the event.
    words: Vec<String>,
    since: Option<String>,
    until: Option<String>,
    after: Option<String>,
    limit: usize,
    backwards: bool,
    ends: bool,
}

impl Asked {
    fn read(call: &Call<'_>) -> Result<Self, OktaError> {
        let refused =
            |name: &str, cause: &str| OktaError::invalid(name, format!("{name}: {cause}"));
        let time = |name: &str| match call.query(name) {
            Some(text) if parse_stamp(&text).is_none() => {
                Err(refused(name, "The value is not a valid timestamp."))
            }
            found => Ok(found),
        };
        let filter = call.query("filter").map(|text| Filter::read(&text));
        let limit = match call.query("limit") {
            None => 100,
            Some(text) => match text.parse::<usize>() {
                Ok(limit @ 0..=1000) => limit,
                _ => return Err(refused("limit", "The value must be between 0 and 1000.")),
            },
        };
        let order = call.query("sortOrder").unwrap_or_default();
        if !["", "ASCENDING", "DESCENDING"].contains(&order.to_ascii_uppercase().as_str()) {
            let cause = "The value must be ASCENDING or DESCENDING.";
            return Err(refused("sortOrder", cause));
        }
        let after = match call.query("after") {
            Some(cursor) => Some(uuid_of(&cursor).ok_or_else(bad_cursor)?),
            None => None,
        };
        let backwards = order.eq_ignore_ascii_case("DESCENDING");
        let until = time("until")?;
        Ok(Self {
            filter: filter.transpose()?,
            words: call
                .query("q")
                .map(|text| text.to_lowercase())
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            since: time("since")?,
            ends: until.is_some() || backwards,
            until,
            after,
            limit,
            backwards,
        })
    }

    fn wants(&self, event: &Value) -> bool {
        let when = event["published"].as_str().unwrap_or_default();
        let text = event.to_string().to_lowercase();
        self.since
            .as_ref()
            .is_none_or(|since| when >= since.as_str())
            && self
                .until
                .as_ref()
                .is_none_or(|until| when < until.as_str())
            && self.filter.as_ref().is_none_or(|filter| filter.fits(event))
            && self.words.iter().all(|word| text.contains(word))
    }
}

fn bad_cursor() -> OktaError {
    OktaError::new(400, "E0000029", "Invalid paging request.").because("Invalid cursor.")
}

fn uuid_of(cursor: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("log|").map(str::to_owned)
}

// The same query again, from an event on.
fn link(call: &Call<'_>, after: Option<&str>, relation: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(call.query.iter().filter(|(name, _)| name != "after"));
    if let Some(uuid) = after {
        query.append_pair("after", &URL_SAFE_NO_PAD.encode(format!("log|{uuid}")));
    }
    let place = call.href("/api/v1/logs");
    match query.finish() {
        query if query.is_empty() => format!("<{place}>; rel=\"{relation}\""),
        query => format!("<{place}?{query}>; rel=\"{relation}\""),
    }
}
