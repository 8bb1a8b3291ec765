//! Client secrets of an app, for clients that prove themselves by one.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::call::Call;
use super::client_settings::secret;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::keys::sha256;
use crate::org::{App, ClientSecret};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/credentials/secrets",
        Right::Read(Apps),
        list,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/secrets",
        Right::Manage(Apps),
        add,
    ),
    route(
        "GET",
        "/api/v1/apps/{appId}/credentials/secrets/{secretId}",
        Right::Read(Apps),
        read,
    ),
    route(
        "DELETE",
        "/api/v1/apps/{appId}/credentials/secrets/{secretId}",
        Right::Manage(Apps),
        delete,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/activate",
        Right::Manage(Apps),
        activate,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/secrets/{secretId}/lifecycle/deactivate",
        Right::Manage(Apps),
        deactivate,
    ),
];

/// Okta keeps at most two, for a change without a gap.
const MOST: usize = 2;

fn shape(call: &Call<'_>, app: &App, secret: &ClientSecret) -> Value {
    let base = call.href(&format!(
        "/api/v1/apps/{}/credentials/secrets/{}",
        app.id, secret.id
    ));
    let link = |path: &str, method: &str| json!({ "href": format!("{base}{path}"), "hints": { "allow": [method] } });
    let links = if secret.active {
        json!({ "deactivate": link("/lifecycle/deactivate", "POST") })
    } else {
        json!({ "activate": link("/lifecycle/activate", "POST"), "delete": link("", "DELETE") })
    };
    json!({
        "id": secret.id, "created": stamp(secret.created), "lastUpdated": stamp(secret.updated),
        "status": if secret.active { "ACTIVE" } else { "INACTIVE" }, "client_secret": secret.value,
        "secret_hash": URL_SAFE_NO_PAD.encode(&sha256(secret.value.as_bytes())[..16]), "_links": links,
    })
}

fn found(call: &mut Call<'_>) -> Result<(Arc<App>, usize), OktaError> {
    let (app, id) = (call.app()?, call.param("secretId"));
    let at = app.secrets.iter().position(|secret| secret.id == id);
    let at = at.ok_or_else(|| OktaError::missing(&id, "ClientSecret"))?;
    Ok((app, at))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let shapes: Vec<Value> = app
        .secrets
        .iter()
        .map(|secret| shape(call, &app, secret))
        .collect();
    Ok(Response::json(200, &Value::Array(shapes)))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    if !app.is_client() || app.secrets.len() >= MOST {
        let cause = "You've reached the maximum number of client secrets per client.";
        return Err(OktaError::invalid("ClientSecret", cause));
    }
    let mut secret = secret(call);
    if let Some(given) = call.body["client_secret"].as_str() {
        secret.value = given.to_owned();
    }
    let answer = shape(call, &app, &secret);
    call.updated(format!("secrets of app `{}`: one added", app.label));
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.secrets.push(secret);
    }
    Ok(Response::json(201, &answer))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, at) = found(call)?;
    Ok(Response::json(200, &shape(call, &app, &app.secrets[at])))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let (app, at) = found(call)?;
    if app.secrets[at].active {
        let cause = "The client secret must be deactivated before deletion.";
        return Err(OktaError::invalid("ClientSecret", cause));
    }
    call.updated(format!("secrets of app `{}`: one deleted", app.label));
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.secrets.remove(at);
    }
    Ok(Response::empty(204))
}

fn activate(call: &mut Call<'_>) -> Outcome {
    switch(call, true)
}

fn deactivate(call: &mut Call<'_>) -> Outcome {
    switch(call, false)
}

fn switch(call: &mut Call<'_>, active: bool) -> Outcome {
    let (mut app, at) = found(call)?;
    if app.secrets[at].active != active {
        let secret = &mut Arc::make_mut(&mut app).secrets[at];
        (secret.active, secret.updated) = (active, call.now);
        call.updated(format!("secrets of app `{}`: one switched", app.label));
        call.org.apps.insert(app.id.clone(), app.clone());
    }
    Ok(Response::json(200, &shape(call, &app, &app.secrets[at])))
}
