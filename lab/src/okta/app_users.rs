//! People assigned to an app, in person or through a group.

use serde_json::{Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::paging::{Size, page};
use super::schemas::INITIAL_STATUS;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{App, AppUser, app_profile};
use crate::provision::state::{Link, features, supported};
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
    let link = app.provisioning.people.get(id);
    let none = Link::default();
    let pushed = link.unwrap_or(&none);
    let mut made = json!({
        "id": id, "externalId": pushed.external_id, "created": stamp(user.created),
        "lastUpdated": stamp(user.updated.max(pushed.pushed.unwrap_or(0))), "scope": user.scope,
        "status": status(link), "statusChanged": stamp(pushed.changed.unwrap_or(user.created)),
        "passwordChanged": pushed.password_pushed.map(stamp), "syncState": sync_state(app, link),
        "credentials": { "userName": user.user_name }, "profile": user.profile,
        "_links": {
            "app": { "href": call.href(&format!("/api/v1/apps/{}", app.id)) },
            "user": { "href": call.href(&format!("/api/v1/users/{id}")) },
        },
    });
    if let Some(when) = pushed.pushed {
        made["lastSync"] = json!(stamp(when));
    }
    made
}

// Who was assigned for sign-on only, or before provisioning was on, is simply active.
fn status(link: Option<&Link>) -> &'static str {
    match link {
        Some(link) if link.external_id.is_some() => "PROVISIONED",
        Some(link) if !link.before => "STAGED",
        _ => "ACTIVE",
    }
}

// It follows profile mastering; an error shows without it as well, which is unconfirmed.
fn sync_state(app: &App, link: Option<&Link>) -> &'static str {
    let mastered = features(app).contains(&"PROFILE_MASTERING");
    match link {
        Some(link) if link.error.is_some() => "ERROR",
        _ if !mastered => "DISABLED",
        Some(link) if link.waits => "SYNCING",
        Some(link) if link.external_id.is_some() => "SYNCHRONIZED",
        _ => "OUT_OF_SYNC",
    }
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
    let user = call.org.app_user(&app, &id);
    let user = user
        .filter(|_| call.settled(&key))
        .ok_or_else(|| OktaError::missing(&id, "AppUser"))?;
    Ok(Response::json(200, &shape(call, &app, &id, &user)))
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
        &app,
        known.as_ref(),
        &body,
        user.login(),
        app_profile(&app, &user),
    )?;
    let what = format!("user {} in app `{}`", user.login(), app.label);
    match known {
        Some(_) => call.updated(what),
        None => {
            call.created(what, &format!("apps/{}/users", app.id), &id);
            call.event("application.user_membership.add", "AppUser", &id);
        }
    }
    keep(call, &app.id, &id, made)
}

fn keep(call: &mut Call<'_>, app: &str, id: &str, made: AppUser) -> Outcome {
    let held = call.org.apps.get_mut(app);
    let held = held.map(|held| {
        held.users.insert(id.to_owned(), made);
        held.clone()
    });
    let found = held.and_then(|app| call.org.app_user(&app, id).map(|user| (app, user)));
    let (app, user) = found.ok_or_else(|| OktaError::missing(id, "AppUser"))?;
    Ok(Response::json(200, &shape(call, &app, id, &user)))
}

fn merged(
    call: &Call<'_>,
    app: &App,
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
    let mut own = known.map(|user| user.own.clone()).unwrap_or_default();
    match (body.get("profile"), profile.as_object_mut()) {
        (Some(Value::Object(given)), Some(fields)) => {
            check_profile(app, given)?;
            own.extend(given.clone());
            own.retain(|_, value| !value.is_null());
            fields.extend(given.clone());
        }
        (None | Some(Value::Null), _) => {}
        _ => return Err(OktaError::malformed()),
    }
    let name = body
        .get("credentials")
        .and_then(|part| part["userName"].as_str());
    let named = name.is_some() || known.is_some_and(|user| user.named);
    let name = name
        .or(known.map(|user| user.user_name.as_str()))
        .unwrap_or(login);
    let created = known.map_or(call.now, |user| user.created);
    Ok(AppUser {
        scope: scope.to_owned(),
        created,
        updated: call.now,
        user_name: name.to_owned(),
        named,
        profile,
        own,
    })
}

/// What an assignment may say about a user of the app.
pub(super) fn check_profile(
    app: &App,
    given: &serde_json::Map<String, Value>,
) -> Result<(), OktaError> {
    let status = given
        .get("initialStatus")
        .filter(|value| supported(app) && !value.is_null());
    match status {
        Some(value) if !INITIAL_STATUS.iter().any(|known| value == known) => {
            let cause = format!(
                "{} is an Invalid Value for initialStatus field (code notOneOf)",
                cut(value.as_str().unwrap_or("The value"))
            );
            Err(OktaError::invalid("profile", cause))
        }
        _ => Ok(()),
    }
}

fn update(call: &mut Call<'_>) -> Outcome {
    let (app, id, body) = (call.app()?, call.param("userId"), call.object()?);
    let users = call.org.app_users(&app);
    let known = users
        .get(&id)
        .ok_or_else(|| OktaError::missing(&id, "AppUser"))?;
    let mut made = merged(call, &app, Some(known), &body, &known.user_name, json!({}))?;
    made.scope = known.scope.clone();
    call.updated(format!("user {} in app `{}`", made.user_name, app.label));
    keep(call, &app.id, &id, made)
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
    call.event("application.user_membership.remove", "AppUser", &id);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.users.remove(&id);
    }
    Ok(Response::empty(204))
}
