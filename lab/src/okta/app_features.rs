//! The features of an app's provisioning: what is pushed to the app, and how imports would treat its users.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::{Outcome, Route, route};
use crate::org::App;
use crate::provision::state::{ToApp, ToOkta, supported};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/features",
        Right::Read(Apps),
        list,
    ),
    route(
        "GET",
        "/api/v1/apps/{appId}/features/{featureName}",
        Right::Read(Apps),
        read,
    ),
    route(
        "PUT",
        "/api/v1/apps/{appId}/features/{featureName}",
        Right::Manage(Apps),
        put,
    ),
];

const NAMES: [&str; 2] = ["USER_PROVISIONING", "INBOUND_PROVISIONING"];

fn list(call: &mut Call<'_>) -> Outcome {
    let app = ready(call)?;
    let all: Vec<Value> = NAMES.iter().map(|name| shape(call, &app, name)).collect();
    Ok(Response::json(200, &Value::Array(all)))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, name) = (ready(call)?, name(call)?);
    Ok(Response::json(200, &shape(call, &app, name)))
}

fn put(call: &mut Call<'_>) -> Outcome {
    // Recorded: a body that is no object is refused before the app is looked at.
    let body = call.object()?;
    let mut app = Arc::unwrap_or_clone(ready(call)?);
    let name = name(call)?;
    if name == "USER_PROVISIONING" {
        app.provisioning.to_app = to_app(&app.provisioning.to_app, &body)?;
    } else {
        app.provisioning.to_okta = to_okta(&app.provisioning.to_okta, &body)?;
    }
    call.updated(format!("feature {name} of app `{}`", app.label));
    let answer = shape(call, &app, name);
    call.org.apps.insert(app.id.clone(), app);
    Ok(Response::json(200, &answer))
}

fn name(call: &Call<'_>) -> Result<&'static str, OktaError> {
    let given = call.param("featureName");
    let known = NAMES.iter().find(|name| **name == given);
    known
        .copied()
        .ok_or_else(|| OktaError::missing(&given, "ApplicationFeature"))
}

// The app, when it has features to speak of.
fn ready(call: &mut Call<'_>) -> Result<Arc<App>, OktaError> {
    let app = call.app()?;
    if !supported(&app) {
        return Err(refused("Provisioning is not supported."));
    }
    if !app.provisioning.connection.enabled {
        return Err(refused("Provisioning is not enabled."));
    }
    Ok(app)
}

fn refused(cause: impl Into<String>) -> OktaError {
    OktaError::invalid("feature", cause)
}

fn shape(call: &Call<'_>, app: &App, name: &str) -> Value {
    let held = &app.provisioning;
    let path = format!("/api/v1/apps/{}/features/{name}", app.id);
    let (on, about, capabilities) = if name == "USER_PROVISIONING" {
        let about = "User provisioning settings from Okta to a downstream application";
        let on = &held.to_app;
        let any = on.create || on.profile || on.deactivate || on.password;
        (any, about, capabilities(on))
    } else {
        let about = "In-bound provisioning settings from a downstream application to Okta";
        (true, about, held.to_okta.0.clone())
    };
    json!({
        "name": name, "status": word(on), "description": about, "capabilities": capabilities,
        "_links": { "self": { "href": call.href(&path), "hints": { "allow": ["GET", "PUT"] } } },
    })
}

fn word(on: bool) -> &'static str {
    if on { "ENABLED" } else { "DISABLED" }
}

fn capabilities(on: &ToApp) -> Value {
    json!({
        "create": { "lifecycleCreate": { "status": word(on.create) } },
        "update": {
            "profile": { "status": word(on.profile) },
            "lifecycleDeactivate": { "status": word(on.deactivate) },
            "password": {
                "status": word(on.password), "seed": if on.own_password { "OKTA" } else { "RANDOM" },
                "change": if on.renew { "CHANGE" } else { "KEEP_EXISTING" },
            },
        },
    })
}

// A partial update: what the body leaves out stays.
fn to_app(known: &ToApp, body: &Map<String, Value>) -> Result<ToApp, OktaError> {
    let body = Value::Object(body.clone());
    let pick = |pointer: &str, usual: bool, on: &str, off: &str| match body.pointer(pointer) {
        None | Some(Value::Null) => Ok(usual),
        Some(Value::String(word)) if word == on => Ok(true),
        Some(Value::String(word)) if word == off => Ok(false),
        Some(other) => {
            let field = pointer.rsplit('/').next().unwrap_or_default();
            Err(refused(format!(
                "{field}: '{}' must be {on} or {off}",
                cut(&other.to_string())
            )))
        }
    };
    let status = |pointer: &str, usual: bool| pick(pointer, usual, "ENABLED", "DISABLED");
    Ok(ToApp {
        create: status("/create/lifecycleCreate/status", known.create)?,
        profile: status("/update/profile/status", known.profile)?,
        deactivate: status("/update/lifecycleDeactivate/status", known.deactivate)?,
        password: status("/update/password/status", known.password)?,
        own_password: pick(
            "/update/password/seed",
            known.own_password,
            "OKTA",
            "RANDOM",
        )?,
        renew: pick(
            "/update/password/change",
            known.renew,
            "CHANGE",
            "KEEP_EXISTING",
        )?,
    })
}

// Requests say `usernameFormat`, answers `userNameFormat`: the document and the recorded traffic differ.
fn to_okta(known: &ToOkta, body: &Map<String, Value>) -> Result<ToOkta, OktaError> {
    let mut given = Value::Object(body.clone());
    if let Some(username) = given
        .pointer_mut("/importSettings/username")
        .and_then(Value::as_object_mut)
        && let Some(format) = username.remove("usernameFormat")
    {
        username.insert("userNameFormat".to_owned(), format);
    }
    let mut made = known.0.clone();
    merge(&mut made, &given)?;
    let text = |pointer: &str| made.pointer(pointer).and_then(Value::as_str);
    let one_of = [
        (
            "/importSettings/username/userNameFormat",
            ["EMAIL", "CUSTOM"],
        ),
        ("/importSettings/schedule/status", ["ENABLED", "DISABLED"]),
        (
            "/importRules/userCreateAndMatch/exactMatchCriteria",
            ["EMAIL", "USERNAME"],
        ),
    ];
    for (pointer, words) in one_of {
        let field = pointer.rsplit('/').next().unwrap_or_default();
        if !text(pointer).is_some_and(|word| words.contains(&word)) {
            let cause = format!("{field}: The value must be {} or {}", words[0], words[1]);
            return Err(refused(cause));
        }
    }
    Ok(ToOkta(made))
}

// Known fields only, and each keeps its type; the schedules may be null or objects.
fn merge(made: &mut Value, given: &Value) -> Result<(), OktaError> {
    let (Value::Object(made), Value::Object(given)) = (made, given) else {
        return Err(OktaError::malformed());
    };
    for (name, value) in given {
        match (made.get_mut(name), value) {
            (Some(slot @ Value::Object(_)), Value::Object(_)) if !name.ends_with("Import") => {
                merge(slot, value)?;
            }
            (Some(slot @ Value::Bool(_)), Value::Bool(_))
            | (Some(slot @ Value::String(_)), Value::String(_)) => *slot = value.clone(),
            (Some(slot), Value::Object(_) | Value::Null) if name.ends_with("Import") => {
                *slot = value.clone();
            }
            (None, Value::String(_)) if name == "userNameExpression" => {
                made.insert(name.clone(), value.clone());
            }
            _ => {
                return Err(refused(format!("{}: The value is not valid", cut(name))));
            }
        }
    }
    Ok(())
}
