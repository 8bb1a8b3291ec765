//! People: list, search, create, read, update, life cycle.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::OktaError;
use super::filter::Filter;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::User;
use crate::rights::{Area::Users, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/users/me", Right::Own, me),
    route("GET", "/api/v1/users", Right::Read(Users), list),
    route("POST", "/api/v1/users", Right::Manage(Users), add),
    route("GET", "/api/v1/users/{userId}", Right::Read(Users), read),
    route(
        "POST",
        "/api/v1/users/{userId}",
        Right::Manage(Users),
        update,
    ),
    route(
        "DELETE",
        "/api/v1/users/{userId}",
        Right::Manage(Users),
        delete,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/activate",
        Right::Manage(Users),
        activate,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/deactivate",
        Right::Manage(Users),
        deactivate,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/suspend",
        Right::Manage(Users),
        suspend,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/unsuspend",
        Right::Manage(Users),
        unsuspend,
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
        "SUSPENDED" => &["unsuspend", "deactivate"],
        "DEPROVISIONED" => &["activate", "delete"],
        _ => &["activate", "deactivate"],
    };
    for verb in verbs {
        let (name, rest) = verb.split_once('_').unwrap_or((verb, ""));
        let name = rest.chars().next().map_or(name.to_owned(), |first| {
            format!("{name}{}{}", first.to_ascii_uppercase(), &rest[1..])
        });
        let (path, method) = if *verb == "delete" {
            (base.to_owned(), "DELETE")
        } else {
            (format!("{base}/lifecycle/{verb}"), "POST")
        };
        links[name] = json!({ "href": path, "method": method });
    }
    links
}

fn me(call: &mut Call<'_>) -> Outcome {
    let user = call
        .org
        .users
        .get(&call.actor.user)
        .ok_or_else(OktaError::no_session)?;
    let mut shape = shape(call, user);
    if call.wrong_actor {
        shape["id"] = json!("00uanotheradmin005d7");
        shape["profile"]["login"] = json!("another.admin@example.com");
    }
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
    let items: Vec<_> = call
        .org
        .users
        .values()
        .filter(|user| (with_gone || user.status != "DEPROVISIONED") && named(user))
        .map(|user| (user.id.clone(), shape(call, user)))
        .filter(|(_, shape)| filter.as_ref().is_none_or(|filter| filter.fits(shape)))
        .collect();
    let usual = if start.is_some() { 10 } else { 200 };
    page(call, "users", items, Size { usual, most: 200 })
}

fn read(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    Ok(Response::json(200, &shape(call, &user)))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let profile = profile(body.get("profile"), Map::new())?;
    let login = profile
        .get("login")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if call
        .org
        .users
        .values()
        .any(|user| user.login().eq_ignore_ascii_case(&login))
    {
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
        roles: Vec::new(),
    };
    join(call, &user.id, body.get("groupIds"))?;
    call.created(format!("user {login}"), "users", &user.id);
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
    if let Some(unknown) = wanted.iter().find(|id| !call.org.groups.contains_key(**id)) {
        return Err(OktaError::missing(unknown, "UserGroup"));
    }
    for (id, group) in &mut call.org.groups {
        if group.kind == "BUILT_IN" || wanted.contains(&id.as_str()) {
            group.members.insert(user.to_owned());
        }
    }
    Ok(())
}

fn profile(
    given: Option<&Value>,
    mut known: Map<String, Value>,
) -> Result<Map<String, Value>, OktaError> {
    let Some(Value::Object(given)) = given else {
        return Err(OktaError::malformed());
    };
    known.extend(given.clone());
    // Unset attributes are not answered, but these two always are.
    known.retain(|_, value| !value.is_null());
    for name in ["mobilePhone", "secondEmail"] {
        known.entry(name).or_insert(Value::Null);
    }
    for name in ["firstName", "lastName", "email", "login"] {
        let text = known.get(name).and_then(Value::as_str).unwrap_or_default();
        if text.is_empty() {
            return Err(OktaError::invalid(
                name,
                format!("{name}: The field cannot be left blank"),
            ));
        }
        if ["email", "login"].contains(&name) && (!text.contains('@') || text.chars().count() > 100)
        {
            return Err(OktaError::invalid(
                name,
                format!("{name}: Must be in the form of an email address"),
            ));
        }
    }
    Ok(known)
}

fn update(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    let body = call.object()?;
    let next = profile(body.get("profile"), user.profile.clone())?;
    let login = next
        .get("login")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if call
        .org
        .users
        .values()
        .any(|other| other.id != user.id && other.login().eq_ignore_ascii_case(login))
    {
        return Err(OktaError::invalid(
            "login",
            "login: An object with this field already exists in the current organization",
        ));
    }
    call.updated(format!("user {}", user.login()));
    let mut user = user;
    (user.profile, user.updated) = (next, call.now);
    let answer = shape(call, &user);
    call.org.users.insert(user.id.clone(), user);
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    // The first delete deactivates, the second removes.
    if user.status != "DEPROVISIONED" {
        switch(call, &[], "DEPROVISIONED")?;
        return Ok(Response::empty(204));
    }
    for group in call.org.groups.values_mut() {
        group.members.remove(&user.id);
    }
    for app in call.org.apps.values_mut() {
        app.users.remove(&user.id);
    }
    let object = shape(call, &user);
    call.org.users.remove(&user.id);
    call.deleted(format!("user {}", user.login()), "users", &user.id, object);
    Ok(Response::empty(204))
}

fn activate(call: &mut Call<'_>) -> Outcome {
    switch(call, &["STAGED", "DEPROVISIONED", "PROVISIONED"], "ACTIVE")
}

fn deactivate(call: &mut Call<'_>) -> Outcome {
    switch(call, &[], "DEPROVISIONED")
}

fn suspend(call: &mut Call<'_>) -> Outcome {
    switch(call, &["ACTIVE"], "SUSPENDED")
}

fn unsuspend(call: &mut Call<'_>) -> Outcome {
    switch(call, &["SUSPENDED"], "ACTIVE")
}

fn switch(call: &mut Call<'_>, from: &[&str], to: &str) -> Outcome {
    let mut user = call.user()?;
    if !from.is_empty() && !from.contains(&user.status.as_str()) {
        return Err(OktaError::new(
            403,
            "E0000038",
            "This operation is not allowed in the user's current status.",
        ));
    }
    if user.status != to {
        (user.status, user.updated) = (to.to_owned(), call.now);
        call.updated(format!("user {} is {to}", user.login()));
        call.org.users.insert(user.id.clone(), user);
    }
    Ok(Response::json(200, &json!({})))
}
