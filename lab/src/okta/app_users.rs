//! People assigned to an app, in person or through a group.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{App, AppUser, app_profile};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/apps/{appId}/users", Right::Read(Apps), list),
    route(
        "POST",
        "/api/v1/apps/{appId}/users",
        Right::Manage(Apps),
        assign,
    ),
    route(
        "GET",
        "/api/v1/apps/{appId}/users/{userId}",
        Right::Read(Apps),
        read,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/users/{userId}",
        Right::Manage(Apps),
        update,
    ),
    route(
        "DELETE",
        "/api/v1/apps/{appId}/users/{userId}",
        Right::Manage(Apps),
        unassign,
    ),
];

const SIZE: Size = Size {
    usual: 50,
    most: 500,
};

fn shape(call: &Call<'_>, app: &App, id: &str, user: &AppUser) -> Value {
    json!({
        "id": id, "externalId": null, "created": stamp(user.created), "lastUpdated": stamp(user.updated),
        "scope": user.scope, "status": "ACTIVE", "statusChanged": stamp(user.created), "passwordChanged": null,
        "syncState": "DISABLED", "credentials": { "userName": user.user_name }, "profile": user.profile,
        "_links": {
            "app": { "href": call.href(&format!("/api/v1/apps/{}", app.id)) },
            "user": { "href": call.href(&format!("/api/v1/users/{id}")) },
        },
    })
}

fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let start = call.query("q").map(|text| text.to_lowercase());
    let users = call.org.app_users(&app);
    let named = |user: &&AppUser| {
        let texts = [
            user.user_name.as_str(),
            user.profile["firstName"].as_str().unwrap_or_default(),
            user.profile["lastName"].as_str().unwrap_or_default(),
        ];
        start.as_ref().is_none_or(|start| {
            texts
                .iter()
                .any(|text| text.to_lowercase().starts_with(start))
        })
    };
    let items = users.iter().filter(|(_, user)| named(user));
    let items = items
        .map(|(id, user)| (id.clone(), shape(call, &app, id, user)))
        .collect();
    page(call, &format!("apps/{}/users", app.id), items, SIZE)
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, id) = (call.app()?, call.param("userId"));
    let key = format!("{}/{id}", app.id);
    let users = call.org.app_users(&app);
    let user = users
        .get(&id)
        .filter(|_| call.settled(&key))
        .ok_or_else(|| OktaError::missing(&id, "AppUser"))?;
    Ok(Response::json(200, &shape(call, &app, &id, user)))
}

fn assign(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let body = call.object()?;
    let id = body
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if id.is_empty() {
        return Err(OktaError::invalid(
            "id",
            "id: The field cannot be left blank",
        ));
    }
    if !app.active {
        return Err(OktaError::new(
            400,
            "E0000024",
            "Bad request. No active instances.",
        ));
    }
    let user = call
        .org
        .users
        .get(&id)
        .cloned()
        .ok_or_else(|| OktaError::missing(&id, "User"))?;
    if user.status == "DEPROVISIONED" {
        return Err(OktaError::new(
            403,
            "E0000038",
            "This operation is not allowed in the user's current status.",
        ));
    }
    let known = app.users.get(&id).cloned();
    let made = merged(
        call,
        known.as_ref(),
        &body,
        user.login(),
        app_profile(&user),
    )?;
    let answer = shape(call, &app, &id, &made);
    let what = format!("user {} in app `{}`", user.login(), app.label);
    match known {
        Some(_) => call.updated(what),
        None => call.created(what, &format!("apps/{}/users", app.id), &id),
    }
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.users.insert(id, made);
    }
    Ok(Response::json(200, &answer))
}

fn merged(
    call: &Call<'_>,
    known: Option<&AppUser>,
    body: &serde_json::Map<String, Value>,
    login: &str,
    default: Value,
) -> Result<AppUser, OktaError> {
    let scope = body.get("scope").and_then(Value::as_str).unwrap_or("USER");
    if !["USER", "GROUP"].contains(&scope) {
        return Err(OktaError::invalid(
            "scope",
            "scope: The value must be USER or GROUP",
        ));
    }
    let mut profile = known.map_or(default, |user| user.profile.clone());
    match (body.get("profile"), profile.as_object_mut()) {
        (Some(Value::Object(given)), Some(fields)) => fields.extend(given.clone()),
        (None | Some(Value::Null), _) => {}
        _ => return Err(OktaError::malformed()),
    }
    let name = body
        .get("credentials")
        .and_then(|part| part["userName"].as_str());
    let name = name
        .or(known.map(|user| user.user_name.as_str()))
        .unwrap_or(login);
    let created = known.map_or(call.now, |user| user.created);
    Ok(AppUser {
        scope: scope.to_owned(),
        created,
        updated: call.now,
        user_name: name.to_owned(),
        profile,
    })
}

fn update(call: &mut Call<'_>) -> Outcome {
    let (app, id, body) = (call.app()?, call.param("userId"), call.object()?);
    let users = call.org.app_users(&app);
    let known = users
        .get(&id)
        .ok_or_else(|| OktaError::missing(&id, "AppUser"))?;
    let mut made = merged(call, Some(known), &body, &known.user_name, json!({}))?;
    made.scope = known.scope.clone();
    let answer = shape(call, &app, &id, &made);
    call.updated(format!("user {} in app `{}`", made.user_name, app.label));
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.users.insert(id, made);
    }
    Ok(Response::json(200, &answer))
}

fn unassign(call: &mut Call<'_>) -> Outcome {
    let (app, id) = (call.app()?, call.param("userId"));
    let Some(user) = app.users.get(&id).cloned() else {
        if call.org.app_users(&app).contains_key(&id) {
            let cause =
                "The user is assigned through a group: remove the group assignment instead.";
            return Err(OktaError::invalid("appUser", cause));
        }
        return Err(OktaError::missing(&id, "AppUser"));
    };
    let object = shape(call, &app, &id, &user);
    let what = format!("user {} in app `{}`", user.user_name, app.label);
    call.deleted(what, &format!("apps/{}/users", app.id), &id, object);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.users.remove(&id);
    }
    Ok(Response::empty(204))
}
