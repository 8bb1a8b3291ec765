//! Groups assigned to an app; their members become app users.

use serde_json::{Value, json};

use super::app_users::check_profile;
use super::call::Call;
use super::error::OktaError;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{App, AppGroup};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/groups",
        Right::Read(Apps),
        list,
    ),
    route(
        "GET",
        "/api/v1/apps/{appId}/groups/{groupId}",
        Right::Read(Apps),
        read,
    ),
    route(
        "PUT",
        "/api/v1/apps/{appId}/groups/{groupId}",
        Right::Manage(Apps),
        assign,
    ),
    route(
        "PATCH",
        "/api/v1/apps/{appId}/groups/{groupId}",
        Right::Manage(Apps),
        patch,
    ),
    route(
        "DELETE",
        "/api/v1/apps/{appId}/groups/{groupId}",
        Right::Manage(Apps),
        unassign,
    ),
];

const SIZE: Size = Size {
    usual: 20,
    most: 200,
};

fn shape(call: &Call<'_>, app: &App, id: &str, group: &AppGroup) -> Value {
    let base = format!("/api/v1/apps/{}", app.id);
    json!({
        "id": id, "lastUpdated": stamp(group.updated), "priority": group.priority, "profile": group.profile,
        "_links": {
            "app": { "href": call.href(&base) }, "self": { "href": call.href(&format!("{base}/groups/{id}")) },
            "group": { "href": call.href(&format!("/api/v1/groups/{id}")) },
        },
    })
}

fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let start = call.query("q").map(|text| text.to_lowercase());
    let name = |id: &String| {
        call.org
            .groups
            .get(id)
            .map(|group| group.name.to_lowercase())
            .unwrap_or_default()
    };
    let shown = app.groups.iter().filter(|(id, _)| {
        start
            .as_ref()
            .is_none_or(|start| name(id).starts_with(start))
    });
    let items = shown
        .map(|(id, group)| (id.clone(), shape(call, &app, id, group)))
        .collect();
    page(call, &format!("apps/{}/groups", app.id), items, SIZE)
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, id) = (call.app()?, call.param("groupId"));
    let key = format!("{}/{id}", app.id);
    let group = app.groups.get(&id).filter(|_| call.settled(&key));
    let group = group.ok_or_else(|| OktaError::missing(&id, "ApplicationGroupAssignment"))?;
    Ok(Response::json(200, &shape(call, &app, &id, group)))
}

// RFC 6902 as far as an assignment has members: priority and attributes of its profile.
fn patch(call: &mut Call<'_>) -> Outcome {
    let (app, id) = (call.app()?, call.param("groupId"));
    let known = app.groups.get(&id).cloned();
    let mut group = known.ok_or_else(|| OktaError::missing(&id, "ApplicationGroupAssignment"))?;
    let Value::Array(steps) = call.body.clone() else {
        return Err(OktaError::malformed());
    };
    for step in &steps {
        step_of(&mut group, step)?;
    }
    let profile = group.profile.as_object().cloned().unwrap_or_default();
    check_profile(&app, &profile)?;
    group.updated = call.now;
    call.updated(format!("group {id} in app `{}`", app.label));
    let answer = shape(call, &app, &id, &group);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.groups.insert(id, group);
    }
    Ok(Response::json(200, &answer))
}

fn step_of(group: &mut AppGroup, step: &Value) -> Result<(), OktaError> {
    let refused = |cause: &str| OktaError::invalid("patch", cause);
    let (op, value) = (step["op"].as_str().unwrap_or_default(), &step["value"]);
    if !["add", "remove", "replace"].contains(&op) {
        return Err(refused("op: The value must be add, remove or replace"));
    }
    let path = step["path"].as_str().unwrap_or_default();
    match (path.strip_prefix("/profile/"), path) {
        (None, "/priority") => {
            let priority = value.as_u64().filter(|_| op != "remove");
            group.priority = priority.ok_or_else(|| refused("value: A number is expected"))?;
        }
        (Some(name), _) if !name.contains('/') => {
            let Some(fields) = group.profile.as_object_mut() else {
                return Err(OktaError::malformed());
            };
            match op {
                "remove" => drop(fields.remove(name)),
                _ => drop(fields.insert(name.to_owned(), value.clone())),
            }
        }
        _ => return Err(refused("path: The path is not supported")),
    }
    Ok(())
}

fn assign(call: &mut Call<'_>) -> Outcome {
    let (app, group) = (call.app()?, call.group()?);
    if !app.active {
        return Err(OktaError::new(
            400,
            "E0000024",
            "Bad request. No active instances.",
        ));
    }
    // The body is optional.
    let body = if call.body.is_null() {
        json!({})
    } else {
        Value::Object(call.object()?)
    };
    let known = app.groups.get(&group.id);
    let next = app
        .groups
        .values()
        .map(|group| group.priority + 1)
        .max()
        .unwrap_or(0);
    let priority = body["priority"]
        .as_u64()
        .or(known.map(|known| known.priority))
        .unwrap_or(next);
    let profile = if body["profile"].is_object() {
        let given = body["profile"].as_object().cloned().unwrap_or_default();
        check_profile(&app, &given)?;
        Value::Object(given)
    } else {
        json!({})
    };
    let made = AppGroup {
        priority,
        updated: call.now,
        profile,
    };
    let answer = shape(call, &app, &group.id, &made);
    let what = format!("group `{}` in app `{}`", group.name, app.label);
    match known {
        Some(_) => call.updated(what),
        None => call.created(what, &format!("apps/{}/groups", app.id), &group.id),
    }
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.groups.insert(group.id.clone(), made);
    }
    Ok(Response::json(200, &answer))
}

fn unassign(call: &mut Call<'_>) -> Outcome {
    let (app, id) = (call.app()?, call.param("groupId"));
    let group = app
        .groups
        .get(&id)
        .ok_or_else(|| OktaError::missing(&id, "ApplicationGroupAssignment"))?;
    let object = shape(call, &app, &id, group);
    let name = call
        .org
        .groups
        .get(&id)
        .map(|group| group.name.clone())
        .unwrap_or_default();
    let collection = format!("apps/{}/groups", app.id);
    call.deleted(
        format!("group `{name}` in app `{}`", app.label),
        &collection,
        &id,
        object,
    );
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.groups.remove(&id);
    }
    Ok(Response::empty(204))
}
