//! Profile schemas: what attributes users and app users have, and the attributes that admins add.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{App, Org};
use crate::rights::{Area::Schemas, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/meta/schemas/user/{schemaId}",
        Right::Read(Schemas),
        of_users,
    ),
    route(
        "POST",
        "/api/v1/meta/schemas/user/{schemaId}",
        Right::Manage(Schemas),
        change_users,
    ),
    route(
        "GET",
        "/api/v1/meta/schemas/apps/{appId}/default",
        Right::Read(Schemas),
        of_app,
    ),
    route(
        "POST",
        "/api/v1/meta/schemas/apps/{appId}/default",
        Right::Manage(Schemas),
        change_app,
    ),
];

/// The base attributes of a user: variable name, display name, and whether a value is required.
const BASE: [(&str, &str, bool); 31] = [
    ("login", "Username", true),
    ("firstName", "First name", true),
    ("lastName", "Last name", true),
    ("middleName", "Middle name", false),
    ("honorificPrefix", "Honorific prefix", false),
    ("honorificSuffix", "Honorific suffix", false),
    ("email", "Primary email", true),
    ("title", "Title", false),
    ("displayName", "Display name", false),
    ("nickName", "Nickname", false),
    ("profileUrl", "Profile Url", false),
    ("secondEmail", "Secondary email", false),
    ("mobilePhone", "Mobile phone", false),
    ("primaryPhone", "Primary phone", false),
    ("streetAddress", "Street address", false),
    ("city", "City", false),
    ("state", "State", false),
    ("zipCode", "Zip code", false),
    ("countryCode", "Country code", false),
    ("postalAddress", "Postal Address", false),
    ("preferredLanguage", "Preferred language", false),
    ("locale", "Locale", false),
    ("timezone", "Time zone", false),
    ("userType", "User type", false),
    ("employeeNumber", "Employee number", false),
    ("costCenter", "Cost center", false),
    ("organization", "Organization", false),
    ("division", "Division", false),
    ("department", "Department", false),
    ("managerId", "ManagerId", false),
    ("manager", "Manager", false),
];

/// The four values of an Org2Org user's initial status.
pub(crate) const INITIAL_STATUS: [&str; 4] = [
    "active_with_pass",
    "active_without_pass",
    "pending_with_pass",
    "pending_without_pass",
];

/// Names of the base attributes that Org2Org takes from the user, each under the same name.
pub(crate) fn pushed() -> impl Iterator<Item = &'static str> {
    BASE.iter()
        .map(|(name, ..)| *name)
        .filter(|name| *name != "login")
}

/// True when users of the org have this attribute.
pub(crate) fn has_user_attribute(org: &Org, name: &str) -> bool {
    BASE.iter().any(|(known, ..)| *known == name) || org.attributes.contains_key(name)
}

/// True when users of the app have this attribute.
pub(crate) fn has_app_attribute(app: &App, name: &str) -> bool {
    app_base(app).contains_key(name) || app.provisioning.attributes.contains_key(name)
}

fn of_users(call: &mut Call<'_>) -> Outcome {
    user_schema(call)?;
    Ok(Response::json(200, &users_shape(call)))
}

fn user_schema(call: &Call<'_>) -> Result<(), OktaError> {
    let id = call.param("schemaId");
    if ["default", call.org.schema.as_str()].contains(&id.as_str()) {
        return Ok(());
    }
    Err(OktaError::missing(&id, "UserSchema"))
}

fn change_users(call: &mut Call<'_>) -> Outcome {
    user_schema(call)?;
    let mut next = call.org.attributes.clone();
    change(&mut next, &call.object()?, |name| {
        BASE.iter().any(|(known, ..)| *known == name)
    })?;
    call.org.attributes = next;
    call.updated("user schema");
    Ok(Response::json(200, &users_shape(call)))
}

fn of_app(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    Ok(Response::json(200, &app_shape(call, &app)))
}

fn change_app(call: &mut Call<'_>) -> Outcome {
    let mut app = Arc::unwrap_or_clone(call.app()?);
    let base = app_base(&app);
    change(&mut app.provisioning.attributes, &call.object()?, |name| {
        base.contains_key(name)
    })?;
    call.updated(format!("user schema of app `{}`", app.label));
    let answer = app_shape(call, &app);
    call.org.apps.insert(app.id.clone(), app);
    Ok(Response::json(200, &answer))
}

// Adds and changes custom attributes; null removes one. Base attributes are left alone.
fn change(
    known: &mut Map<String, Value>,
    body: &Map<String, Value>,
    is_base: impl Fn(&str) -> bool,
) -> Result<(), OktaError> {
    let given = body
        .get("definitions")
        .and_then(|all| all.pointer("/custom/properties"));
    let Some(given) = given.filter(|given| !given.is_null()) else {
        return Ok(());
    };
    let given = given.as_object().ok_or_else(OktaError::malformed)?;
    for (name, value) in given {
        if value.is_null() {
            known.remove(name);
            continue;
        }
        let plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain || is_base(name) || !value["title"].is_string() || !value["type"].is_string() {
            return Err(OktaError::invalid(
                "UserSchema",
                format!("{}: The attribute is not valid", cut(name)),
            ));
        }
        known.insert(name.clone(), value.clone());
    }
    Ok(())
}

fn users_shape(call: &Call<'_>) -> Value {
    let base: Map<String, Value> = BASE
        .iter()
        .map(|(name, title, required)| ((*name).to_owned(), attribute(name, title, *required)))
        .collect();
    let id = format!("/meta/schemas/user/{}", call.org.schema);
    let links = json!({
        "self": { "href": call.href(&format!("/api/v1{id}")), "method": "GET", "rel": "self" },
        "type": { "href": call.href(&format!("/api/v1/meta/types/user/{}", call.org.user_type)), "rel": "type" },
    });
    schema(call, &id, "user", "User", base, &call.org.attributes, links)
}

fn app_shape(call: &Call<'_>, app: &App) -> Value {
    let id = format!("/meta/schemas/apps/{}/default", app.id);
    let links = json!({ "self": { "href": call.href(&format!("/api/v1{id}")), "method": "GET", "rel": "self" } });
    let title = format!("{} User", app.label);
    schema(
        call,
        &id,
        &app.name,
        &title,
        app_base(app),
        &app.provisioning.attributes,
        links,
    )
}

// Org2Org's users have the user's own base attributes and the initial status; other apps have a name only.
fn app_base(app: &App) -> Map<String, Value> {
    let mut base = Map::new();
    base.insert(
        "userName".to_owned(),
        attribute("userName", "Username", true),
    );
    if app.name == "okta_org2org" {
        let own = BASE.iter().filter(|(name, ..)| *name != "login");
        base.extend(own.map(|(name, title, required)| {
            ((*name).to_owned(), attribute(name, title, *required))
        }));
        let mut status = attribute("initialStatus", "Initial status", false);
        status["enum"] = json!(INITIAL_STATUS);
        status["oneOf"] = INITIAL_STATUS
            .iter()
            .map(|value| json!({ "const": value, "title": value }))
            .collect();
        base.insert("initialStatus".to_owned(), status);
    }
    base
}

fn attribute(name: &str, title: &str, required: bool) -> Value {
    let mut made = json!({
        "title": title, "type": "string", "mutability": "READ_WRITE", "scope": "NONE",
        "permissions": [{ "principal": "SELF", "action": "READ_ONLY" }],
        "master": { "type": "PROFILE_MASTER" },
    });
    if required {
        made["required"] = json!(true);
    }
    match name {
        "login" => {
            (made["minLength"], made["maxLength"]) = (json!(5), json!(100));
        }
        "email" | "secondEmail" => made["format"] = json!("email"),
        "firstName" | "lastName" => {
            (made["minLength"], made["maxLength"]) = (json!(1), json!(50));
        }
        _ => {}
    }
    made
}

fn schema(
    call: &Call<'_>,
    id: &str,
    name: &str,
    title: &str,
    base: Map<String, Value>,
    custom: &Map<String, Value>,
    links: Value,
) -> Value {
    let required = |all: &Map<String, Value>| -> Vec<String> {
        let needed = all.iter().filter(|(_, one)| one["required"] == true);
        needed.map(|(name, _)| name.clone()).collect()
    };
    json!({
        "id": call.href(id), "$schema": "http://json-schema.org/draft-04/schema#", "name": name, "title": title,
        "lastUpdated": stamp(call.org.created), "created": stamp(call.org.created), "type": "object",
        "definitions": {
            "custom": { "id": "#custom", "type": "object", "properties": custom, "required": required(custom) },
            "base": { "id": "#base", "type": "object", "required": required(&base), "properties": base },
        },
        "properties": { "profile": { "allOf": [
            { "$ref": "#/definitions/custom" }, { "$ref": "#/definitions/base" },
        ] } },
        "_links": links,
    })
}
