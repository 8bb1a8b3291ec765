//! The provisioning connection of an app: how the source calls the target.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::{Outcome, Route, route};
use crate::keys::SigningKey;
use crate::org::App;
use crate::provision::notice::enrol;
use crate::provision::state::{Connection, Way, supported};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/connections/default",
        Right::Read(Apps),
        read,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/connections/default",
        Right::Manage(Apps),
        set,
    ),
    // The target fetches it without credentials, so nobody needs to be signed in, whatever the published document
    // says. Unconfirmed.
    route(
        "GET",
        "/api/v1/apps/{appId}/connections/default/jwks",
        Right::Public,
        jwks,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/connections/default/lifecycle/activate",
        Right::Manage(Apps),
        |call| switch(call, true),
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/connections/default/lifecycle/deactivate",
        Right::Manage(Apps),
        |call| switch(call, false),
    ),
];

fn shape(call: &Call<'_>, app: &App) -> Value {
    if !supported(app) {
        return json!({ "status": "UNKNOWN", "profile": { "authScheme": "UNKNOWN" } });
    }
    let held = &app.provisioning.connection;
    let base = call.href(&format!("/api/v1/apps/{}/connections/default", app.id));
    let verb = if held.enabled {
        "deactivate"
    } else {
        "activate"
    };
    let mut made = json!({
        "authScheme": "TOKEN", "status": if held.enabled { "ENABLED" } else { "DISABLED" },
        "_links": {
            "self": { "href": base, "hints": { "allow": ["POST", "GET"] } },
            verb: { "href": format!("{base}/lifecycle/{verb}"), "hints": { "allow": ["POST"] } },
        },
    });
    // A fresh connection has no profile, whatever the published document says.
    match &held.way {
        None => {}
        Some(Way::Token(_)) => {
            let given = held.base_url.as_deref().or(app.setting("baseUrl"));
            made["baseUrl"] = json!(given);
            made["profile"] = json!({ "authScheme": "TOKEN" });
        }
        Some(Way::OAuth { client_id, auto }) => {
            let mode = if *auto { "AUTO" } else { "MANUAL" };
            made["authScheme"] = json!("OAUTH2");
            made["clientId"] = json!(client_id);
            made["profile"] = json!({
                "authScheme": "OAUTH2", "clientId": client_id, "signing": { "rotationMode": mode },
            });
        }
    }
    made
}

fn read(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    Ok(Response::json(200, &shape(call, &app)))
}

fn set(call: &mut Call<'_>) -> Outcome {
    let mut app = Arc::unwrap_or_clone(call.app()?);
    let body = call.object()?;
    if !supported(&app) {
        // Recorded: accepted, and nothing happens.
        return Ok(Response::json(200, &shape(call, &app)));
    }
    let way = way(body.get("profile").unwrap_or(&Value::Null))?;
    let base_url = body.get("baseUrl").and_then(Value::as_str);
    let known = std::mem::take(&mut app.provisioning.connection);
    let activate = call
        .query("activate")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let mut next = Connection {
        enabled: known.enabled || activate,
        base_url: base_url.map(str::to_owned),
        keys: known.keys,
        access: None,
        way: Some(way),
    };
    if matches!(next.way, Some(Way::OAuth { auto: true, .. })) && next.keys.is_empty() {
        next.keys = vec![SigningKey::new(call.ids, &call.org.subdomain, call.now, 10)];
    }
    let starts = next.enabled && !known.enabled;
    app.provisioning.connection = next;
    call.updated(format!("connection of app `{}`", app.label));
    let (answer, id) = (shape(call, &app), app.id.clone());
    call.org.apps.insert(id.clone(), app);
    if starts {
        enrol(call.org, &id);
    }
    Ok(Response::json(200, &answer))
}

fn way(profile: &Value) -> Result<Way, OktaError> {
    if !profile.is_object() {
        return Err(refused("profile: The field cannot be left blank"));
    }
    let text = |name: &str| {
        let found = profile[name].as_str().filter(|text| !text.is_empty());
        found
            .map(str::to_owned)
            .ok_or_else(|| refused(format!("{name}: The field cannot be left blank")))
    };
    match profile["authScheme"].as_str() {
        Some("TOKEN") => Ok(Way::Token(text("token")?)),
        Some("OAUTH2") => {
            let auto = match profile.pointer("/signing/rotationMode") {
                None | Some(Value::Null) => false,
                Some(Value::String(mode)) if mode == "AUTO" => true,
                Some(Value::String(mode)) if mode == "MANUAL" => false,
                _ => {
                    return Err(refused("rotationMode: The value must be AUTO or MANUAL"));
                }
            };
            let client_id = text("clientId")?;
            Ok(Way::OAuth { client_id, auto })
        }
        Some(other) => Err(refused(format!(
            "authScheme: '{}' isn't supported by this app",
            cut(other)
        ))),
        None => Err(refused("authScheme: The field cannot be left blank")),
    }
}

fn refused(cause: impl Into<String>) -> OktaError {
    OktaError::invalid("connection", cause)
}

// Without credentials there is nothing to switch; the answer is 204 all the same.
fn switch(call: &mut Call<'_>, on: bool) -> Outcome {
    let app = call.app()?;
    let held = &app.provisioning.connection;
    if held.way.is_some() && held.enabled != on {
        let verb = if on { "activated" } else { "deactivated" };
        call.updated(format!("connection of app `{}` {verb}", app.label));
        if let Some(app) = call.org.apps.get_mut(&app.id) {
            app.provisioning.connection.enabled = on;
        }
        if on {
            enrol(call.org, &app.id);
        }
    }
    Ok(Response::empty(204))
}

// The wrapper `jwks` is the published shape. No traffic shows it, and a JWKS reader expects `keys` at the top:
// unconfirmed.
fn jwks(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let keys: Vec<Value> = app
        .provisioning
        .connection
        .keys
        .iter()
        .map(SigningKey::public)
        .collect();
    let auto = matches!(
        app.provisioning.connection.way,
        Some(Way::OAuth { auto: true, .. })
    );
    if !auto || keys.is_empty() {
        return Err(OktaError::missing(&app.id, "JsonWebKeySet"));
    }
    Ok(Response::json(200, &json!({ "jwks": { "keys": keys } })))
}
