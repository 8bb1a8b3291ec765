//! People: list, search, create, read, update, life cycle.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::OktaError;
use super::filter::Filter;
use super::paging::{Size, page};
use super::user_lifecycle::{self, not_now};
use super::user_profile::{change_password, change_profile, is_strong, profile, weak};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{App, Group, User};
use crate::rights::{Area::Users, Right};
use crate::shelf::Told;
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/users/me", Right::Own, me),
    route("GET", "/api/v1/users", Right::Read(Users), list),
    route("POST", "/api/v1/users", Right::Create(Users), add),
    route("GET", "/api/v1/users/{userId}", Right::Read(Users), read),
    route(
        "POST",
        "/api/v1/users/{userId}",
        Right::Manage(Users),
        update,
    ),
    route(
        "PUT",
        "/api/v1/users/{userId}",
        Right::Manage(Users),
        replace,
    ),
    route(
        "DELETE",
        "/api/v1/users/{userId}",
        Right::Manage(Users),
        delete,
    ),
];

/// A user as the API answers it.
pub(crate) fn shape(call: &Call<'_>, user: &User) -> Value {
    let base = call.href(&format!("/api/v1/users/{}", user.id));
    let mut credentials = json!({ "provider": { "type": user.provider, "name": user.provider } });
    if user.password.is_some() {
        credentials["password"] = json!({});
    }
    json!({
        "id": user.id, "status": user.status, "created": stamp(user.created), "activated": stamp(user.created),
        "statusChanged": stamp(user.updated), "lastLogin": user.last_login.map(stamp),
        "lastUpdated": stamp(user.updated), "passwordChanged": null, "type": { "id": call.org.user_type },
        "profile": user.profile, "credentials": credentials,
        "realmId": call.org.realm, "_links": links(call, user, &base),
    })
}

/// The same for a user as the org holds it.
pub(crate) fn told(call: &Call<'_>, user: &User) -> Told {
    let shelf = &call.org.users;
    shelf.told(&user.id, &call.host, || shape(call, user))
}

// What an admin may do next, by status.
fn links(call: &Call<'_>, user: &User, base: &str) -> Value {
    let mut links = json!({
        "schema": { "href": call.href(&format!("/api/v1/meta/schemas/user/{}", call.org.schema)) },
        "self": { "href": base },
        "type": { "href": call.href(&format!("/api/v1/meta/types/user/{}", call.org.user_type)) },
    });
    let verbs: &[&str] = match user.status.as_str() {
        "ACTIVE" => &[
            "suspend",
            "reset_password",
            "reset_factors",
            "expire_password",
            "deactivate",
        ],
        "PROVISIONED" => &[
            "suspend",
            "reset_password",
            "reactivate",
            "reset_factors",
            "deactivate",
        ],
        "LOCKED_OUT" => &["unlock", "reset_password", "reset_factors", "deactivate"],
        "PASSWORD_EXPIRED" | "RECOVERY" => &[
            "suspend",
            "reset_password",
            "reset_factors",
            "expire_password",
            "deactivate",
        ],
        "SUSPENDED" => &["unsuspend", "deactivate"],
        "DEPROVISIONED" => &["activate"],
        _ => &["activate", "deactivate"],
    };
    for verb in verbs {
        let (name, rest) = verb.split_once('_').unwrap_or((verb, ""));
        let name = rest.chars().next().map_or(name.to_owned(), |first| {
            format!("{name}{}{}", first.to_ascii_uppercase(), &rest[1..])
        });
        let path = format!("{base}/lifecycle/{verb}");
        links[name] = json!({ "href": path, "method": "POST" });
    }
    links
}

fn me(call: &mut Call<'_>) -> Outcome {
    let user = call
        .org
        .users
        .get(&call.actor.user)
        .ok_or_else(|| OktaError::missing("me", "User"))?;
    if !call.wrong_actor {
        return Ok(Response::told(&told(call, user)));
    }
    let mut shape = shape(call, user);
    shape["id"] = json!("00uanotheradmin005d7");
    shape["profile"]["login"] = json!("another.admin@example.com");
    Ok(Response::json(200, &shape))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let text = call.query("search").or_else(|| call.query("filter"));
    let filter = text.map(|text| Filter::read(&text)).transpose()?;
    let start = call.query("q").map(|text| text.to_lowercase());
    let with_gone = filter.as_ref().is_some_and(|filter| filter.names("status"));
    let named = |user: &User| {
        start.as_ref().is_none_or(|start| {
            ["firstName", "lastName", "email"]
                .iter()
                .any(|name| user.attribute(name).to_lowercase().starts_with(start))
        })
    };
    let fits = |user: &User| {
        let attribute = |path: &str| attribute(call, user, path);
        filter
            .as_ref()
            .is_none_or(|filter| filter.fits_by(&attribute))
    };
    let items: Vec<_> = call
        .org
        .users
        .values()
        .filter(|user| (with_gone || user.status != "DEPROVISIONED") && named(user))
        .filter(|user| fits(user))
        .map(|user| (user.id.clone(), told(call, user)))
        .collect();
    let usual = if start.is_some() { 10 } else { 200 };
    page(call, "users", items, Size { usual, most: 200 })
}

fn attribute(call: &Call<'_>, user: &User, path: &str) -> Option<Value> {
    match path.split_once('.') {
        Some(("profile", name)) => user.profile.get(name).cloned(),
        None if path == "status" => Some(Value::from(user.status.as_str())),
        _ => shape(call, user)
            .pointer(&format!("/{}", path.replace('.', "/")))
            .cloned(),
    }
}

fn read(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    Ok(Response::told(&told(call, &user)))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let profile = profile(call.org, body.get("profile"), Map::new())?;
    let login = profile
        .get("login")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if call.org.users.with_login(&login).is_some() {
        return Err(OktaError::invalid(
            "login",
            "login: An object with this field already exists in the current organization",
        ));
    }
    let credentials = body.get("credentials").cloned().unwrap_or_default();
    let password = credentials
        .pointer("/password/value")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let fits = password
        .as_ref()
        .is_none_or(|value| is_strong(value, &login));
    if !fits {
        return Err(weak());
    }
    let provider = credentials
        .pointer("/provider/type")
        .and_then(Value::as_str)
        .unwrap_or("OKTA")
        .to_owned();
    let active = call
        .query("activate")
        .is_none_or(|text| !text.eq_ignore_ascii_case("false"));
    let ready = password.is_some() || provider != "OKTA";
    let status = if !active {
        "STAGED"
    } else if ready {
        "ACTIVE"
    } else {
        "PROVISIONED"
    };
    let user = User {
        id: call.ids.fresh("00u"),
        status: status.to_owned(),
        created: call.now,
        updated: call.now,
        last_login: None,
        profile,
        password,
        provider,
        master: None,
        roles: Vec::new(),
    };
    join(call, &user.id, body.get("groupIds"))?;
    call.created(format!("user {login}"), "users", &user.id);
    call.event("user.lifecycle.create", "User", &user.id);
    if active {
        call.event("user.lifecycle.activate", "User", &user.id);
    }
    let answer = shape(call, &user);
    call.org.users.insert(user.id.clone(), user);
    Ok(Response::json(200, &answer))
}

fn join(call: &mut Call<'_>, user: &str, groups: Option<&Value>) -> Result<(), OktaError> {
    let wanted = groups
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let wanted: Vec<&str> = wanted.iter().filter_map(Value::as_str).collect();
    if let Some(unknown) = wanted.iter().find(|id| !call.org.groups.contains_key(id)) {
        return Err(OktaError::missing(unknown, "UserGroup"));
    }
    let joins = |group: &Group| group.kind == "BUILT_IN" || wanted.contains(&group.id.as_str());
    for group in call.org.groups.those_mut(joins) {
        group.members.insert(user.to_owned());
    }
    Ok(())
}

// A partial update: profile, password, or both.
fn update(call: &mut Call<'_>) -> Outcome {
    change(call, false)
}

// What a replacement does not name is unset.
fn replace(call: &mut Call<'_>) -> Outcome {
    change(call, true)
}

fn change(call: &mut Call<'_>, whole: bool) -> Outcome {
    let mut user = call.user()?;
    let body = call.object()?;
    if user.status == "DEPROVISIONED" {
        return Err(not_now());
    }
    let password = body.get("credentials").filter(|given| !given.is_null());
    if password.is_none() && body.get("profile").is_none() {
        return Err(OktaError::malformed());
    }
    if let Some(given) = body.get("profile").filter(|given| !given.is_null()) {
        change_profile(call, &mut user, given, whole)?;
    }
    if let Some(given) = password {
        change_password(call, &mut user, given)?;
    }
    user.updated = call.now;
    let answer = shape(call, &user);
    call.org.users.insert(user.id.clone(), user);
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    // The first delete deactivates, the second removes.
    if user.status != "DEPROVISIONED" {
        user_lifecycle::deactivate(call)?;
        return Ok(Response::empty(204));
    }
    let holds = |group: &Group| group.members.contains(&user.id);
    for group in call.org.groups.those_mut(holds) {
        group.members.remove(&user.id);
    }
    let has = |app: &App| app.users.contains_key(&user.id);
    for app in call.org.apps.those_mut(has) {
        app.users.remove(&user.id);
    }
    let object = shape(call, &user);
    call.org.users.remove(&user.id);
    call.deleted(format!("user {}", user.login()), "users", &user.id, object);
    call.event("user.lifecycle.delete.initiated", "User", &user.id);
    Ok(Response::empty(204))
}
