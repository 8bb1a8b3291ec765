//! Group push mappings: which groups of the source an app keeps alike in the target.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::OktaError;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::{parse_stamp, stamp};
use crate::okta::groups::{BUILT_IN, OKTA_GROUP};
use crate::org::{App, Group};
use crate::provision::state::{Push, supported};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

// Both ends of a mapping are asked for.
const READ: &[&str] = &["okta.apps.read", "okta.groups.read"];
const MANAGE: &[&str] = &["okta.apps.manage", "okta.groups.manage"];

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/group-push/mappings",
        Right::Read(Apps),
        list,
    )
    .scopes(READ),
    route(
        "POST",
        "/api/v1/apps/{appId}/group-push/mappings",
        Right::Manage(Apps),
        create,
    )
    .scopes(MANAGE),
    route(
        "GET",
        "/api/v1/apps/{appId}/group-push/mappings/{pushId}",
        Right::Read(Apps),
        read,
    )
    .scopes(READ),
    route(
        "PATCH",
        "/api/v1/apps/{appId}/group-push/mappings/{pushId}",
        Right::Manage(Apps),
        patch,
    )
    .scopes(MANAGE),
    route(
        "DELETE",
        "/api/v1/apps/{appId}/group-push/mappings/{pushId}",
        Right::Manage(Apps),
        delete,
    )
    .scopes(MANAGE),
];

fn status(push: &Push) -> &'static str {
    match (push.active, &push.error) {
        (false, _) => "INACTIVE",
        (true, Some(_)) => "ERROR",
        (true, None) => "ACTIVE",
    }
}

fn shape(call: &Call<'_>, app: &App, push: &Push) -> Value {
    let group = |id: &str| json!({ "href": call.href(&format!("/api/v1/groups/{id}")) });
    let mut made = json!({
        "created": whole(push.created), "id": push.id, "lastUpdated": whole(push.updated),
        "sourceGroupId": push.source, "status": status(push), "targetGroupId": push.target,
        "_links": {
            "app": { "href": call.href(&format!("/api/v1/apps/{}", app.id)) },
            "sourceGroup": group(&push.source), "targetGroup": group(&push.target),
        },
    });
    if let Some(error) = &push.error {
        made["errorSummary"] = json!(error);
    }
    if let Some(when) = push.pushed {
        made["lastPush"] = json!(whole(when));
    }
    made
}

// Recorded without milliseconds.
fn whole(ms: u64) -> String {
    stamp(ms).replacen(".000Z", "Z", 1)
}

fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let (source, wanted) = (call.query("sourceGroupId"), call.query("status"));
    let since = call
        .query("lastUpdated")
        .map(|text| {
            parse_stamp(&text).ok_or_else(|| refused("lastUpdated: The value is no date and time"))
        })
        .transpose()?;
    let fits = |push: &&Push| {
        source.as_ref().is_none_or(|id| *id == push.source)
            && wanted.as_ref().is_none_or(|word| word == status(push))
            && since.is_none_or(|since| push.updated >= since)
    };
    let found = app.provisioning.pushes.values().filter(fits);
    let items = found
        .map(|push| (push.id.clone(), shape(call, &app, push)))
        .collect();
    let size = Size {
        usual: 100,
        most: 1000,
    };
    page(call, &collection(&app), items, size)
}

fn collection(app: &App) -> String {
    format!("apps/{}/group-push/mappings", app.id)
}

fn create(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let body = call.object()?;
    if !supported(&app) {
        return Err(refused("Provisioning is not supported."));
    }
    let source = source(call, &app, &body)?;
    let active = active(&body)?.unwrap_or(true);
    let target = target(call, &app, &body)?;
    let push = Push {
        id: call.ids.fresh("gPm"),
        source: source.id.clone(),
        target: target.id.clone(),
        name: target.name.clone(),
        active,
        error: None,
        created: call.now / 1000 * 1000,
        updated: call.now / 1000 * 1000,
        pushed: None,
        seen_name: source.name.clone(),
        members: None,
        waits: false,
    };
    let answer = shape(call, &app, &push);
    let what = format!("push of group `{}` to app `{}`", source.name, app.label);
    call.created(what, &collection(&app), &push.id);
    if !call.org.groups.contains_key(&target.id) {
        call.org.groups.insert(target.id.clone(), target);
    }
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.provisioning.pushes.insert(push.id.clone(), push);
    }
    // Recorded as 200, published as 201.
    Ok(Response::json(200, &answer))
}

fn source(call: &Call<'_>, app: &App, body: &Map<String, Value>) -> Result<Group, OktaError> {
    let id = body.get("sourceGroupId").and_then(Value::as_str);
    let id = id.ok_or_else(|| refused("sourceGroupId: The field cannot be left blank"))?;
    let group = call
        .org
        .groups
        .get(id)
        .filter(|group| [OKTA_GROUP, BUILT_IN].contains(&group.kind.as_str()))
        .ok_or_else(|| OktaError::missing(id, "UserGroup"))?;
    let mapped = |push: &Push| push.source == id;
    if app.provisioning.pushes.values().any(mapped) {
        return Err(refused(
            "sourceGroupId: The group is pushed to this app already",
        ));
    }
    Ok(group.clone())
}

fn active(body: &Map<String, Value>) -> Result<Option<bool>, OktaError> {
    match body.get("status") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(word)) if word == "ACTIVE" => Ok(Some(true)),
        Some(Value::String(word)) if word == "INACTIVE" => Ok(Some(false)),
        _ => Err(refused("status: The value must be ACTIVE or INACTIVE")),
    }
}

// The app group that stands for the target's group: a known one, or a new one by name. The target itself is asked
// when the push happens; there a group of this name is linked, not made twice.
fn target(call: &mut Call<'_>, app: &App, body: &Map<String, Value>) -> Result<Group, OktaError> {
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let own = |group: &&Group| group.of_app.as_ref().is_some_and(|of| of.app == app.id);
    match (text("targetGroupId"), text("targetGroupName")) {
        (Some(id), None) => call
            .org
            .groups
            .get(id)
            .filter(own)
            .cloned()
            .ok_or_else(|| OktaError::missing(id, "UserGroup")),
        (None, Some(name)) if name.chars().count() <= 255 => {
            let known = call.org.groups.values().filter(own);
            let known = known.into_iter().find(|group| group.name == name).cloned();
            Ok(known.unwrap_or_else(|| Group::of_app(call.ids, app, name, None, call.now)))
        }
        (None, Some(_)) => Err(refused("targetGroupName: The field is too long")),
        _ => Err(refused(
            "Either targetGroupId or targetGroupName must be given, and not both",
        )),
    }
}

fn named(call: &mut Call<'_>) -> Result<(Arc<App>, Push), OktaError> {
    let (app, id) = (call.app()?, call.param("pushId"));
    let push = app.provisioning.pushes.get(&id).cloned();
    let push = push.filter(|_| call.settled(&id));
    push.map(|push| (app, push))
        .ok_or_else(|| OktaError::missing(&id, "GroupPushMapping"))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, push) = named(call)?;
    Ok(Response::json(200, &shape(call, &app, &push)))
}

fn patch(call: &mut Call<'_>) -> Outcome {
    let (app, mut push) = named(call)?;
    let next = active(&call.object()?)?;
    push.active = next.ok_or_else(|| refused("status: The field cannot be left blank"))?;
    push.error = None;
    // Activating pushes anew, whatever was pushed before.
    push.members = None;
    push.updated = call.now / 1000 * 1000;
    let answer = shape(call, &app, &push);
    let name = push.seen_name.clone();
    let word = status(&push);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.provisioning.pushes.insert(push.id.clone(), push);
    }
    call.updated(format!(
        "push of group `{name}` to app `{}` is {word}",
        app.label
    ));
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let (app, push) = named(call)?;
    let gone = match call.query("deleteTargetGroup").as_deref() {
        Some("true") => true,
        Some("false") => false,
        _ => {
            return Err(refused(
                "deleteTargetGroup: The value must be true or false",
            ));
        }
    };
    if push.active {
        return Err(refused("The mapping must be INACTIVE before it is deleted"));
    }
    let object = shape(call, &app, &push);
    let what = format!("push of group `{}` to app `{}`", push.seen_name, app.label);
    let external = call
        .org
        .groups
        .get(&push.target)
        .and_then(|group| group.of_app.as_ref()?.external_id.clone());
    if gone {
        call.org.groups.remove(&push.target);
    }
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.provisioning.pushes.remove(&push.id);
        app.provisioning.dropped.extend(external.filter(|_| gone));
    }
    call.deleted(what, &collection(&app), &push.id, object);
    // Recorded as 200 without a body, published as 204.
    Ok(Response::empty(200))
}

fn refused(cause: impl Into<String>) -> OktaError {
    OktaError::invalid("groupPushMapping", cause)
}
