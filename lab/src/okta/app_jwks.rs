//! Public keys of an app that is an OAuth client, one by one.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, client_keys, route};
use crate::clock::stamp;
use crate::org::App;
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/credentials/jwks",
        Right::Read(Apps),
        list,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/jwks",
        Right::Manage(Apps),
        add,
    ),
    route(
        "GET",
        "/api/v1/apps/{appId}/credentials/jwks/{keyId}",
        Right::Read(Apps),
        read,
    ),
    route(
        "DELETE",
        "/api/v1/apps/{appId}/credentials/jwks/{keyId}",
        Right::Manage(Apps),
        delete,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/activate",
        Right::Manage(Apps),
        activate,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/deactivate",
        Right::Manage(Apps),
        deactivate,
    ),
];

fn client(call: &mut Call<'_>) -> Result<Arc<App>, OktaError> {
    let app = call.app()?;
    if app.is_client() {
        return Ok(app);
    }
    Err(OktaError::invalid(
        "JsonWebKey",
        "The app isn't an OAuth 2.0 client.",
    ))
}

fn found(call: &mut Call<'_>) -> Result<(Arc<App>, usize), OktaError> {
    let (app, id) = (client(call)?, call.param("keyId"));
    let at = app.client_keys().iter().position(|key| key["id"] == id);
    let at = at.ok_or_else(|| OktaError::missing(&id, "JsonWebKey"))?;
    Ok((app, at))
}

fn store(call: &mut Call<'_>, app: &App, keys: Vec<Value>, what: &str) {
    call.updated(format!("keys of app `{}`: {what}", app.label));
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        let settings = &mut app.settings["oauthClient"];
        match settings.as_object_mut() {
            Some(fields) if keys.is_empty() => drop(fields.remove("jwks")),
            _ => settings["jwks"] = json!({ "keys": keys }),
        }
    }
}

// Okta's document says a bare list; its newer SDK for Node reads an object, and would fail on a list.
fn list(call: &mut Call<'_>) -> Outcome {
    let app = client(call)?;
    let keys: Vec<Value> = app
        .client_keys()
        .iter()
        .map(|key| client_keys::shape(call, &app, key))
        .collect();
    Ok(Response::json(200, &json!({ "keys": keys })))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let app = client(call)?;
    let key = client_keys::add(call.ids, call.now, &call.body, app.client_keys())?;
    let mut keys = app.client_keys().to_vec();
    keys.push(key.clone());
    store(call, &app, keys, "one added");
    let shape = client_keys::shape(call, &app, &key);
    Ok(Response::json(201, &shape))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, at) = found(call)?;
    let shape = client_keys::shape(call, &app, &app.client_keys()[at]);
    Ok(Response::json(200, &shape))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let (app, at) = found(call)?;
    let mut keys = app.client_keys().to_vec();
    if keys.remove(at)["status"] == "ACTIVE" {
        return Err(OktaError::invalid(
            "JsonWebKey",
            "The key must be deactivated before deletion.",
        ));
    }
    store(call, &app, keys, "one deleted");
    Ok(Response::empty(204))
}

fn activate(call: &mut Call<'_>) -> Outcome {
    switch(call, "ACTIVE")
}

fn deactivate(call: &mut Call<'_>) -> Outcome {
    switch(call, "INACTIVE")
}

fn switch(call: &mut Call<'_>, status: &str) -> Outcome {
    let (app, at) = found(call)?;
    let mut keys = app.client_keys().to_vec();
    if keys[at]["use"] == "enc" && status == "INACTIVE" {
        return Err(OktaError::invalid(
            "JsonWebKey",
            "Only signing keys can be deactivated.",
        ));
    }
    if keys[at]["status"] != status {
        keys[at]["status"] = json!(status);
        keys[at]["lastUpdated"] = json!(stamp(call.now));
        store(call, &app, keys.clone(), &format!("one is {status}"));
    }
    let shape = client_keys::shape(call, &app, &keys[at]);
    Ok(Response::json(200, &shape))
}
