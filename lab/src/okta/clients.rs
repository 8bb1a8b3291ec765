//! Dynamic client registration: the client API's view of the apps that are OAuth clients.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::client_keys;
use super::error::OktaError;
use super::paging::{Size, page};
use super::{Outcome, Route, app_body, app_shape, route};
use crate::org::App;
use crate::rights::{Area::Clients, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/oauth2/v1/clients", Right::Read(Clients), list).oauth(),
    route("POST", "/oauth2/v1/clients", Right::Manage(Clients), add)
        .oauth()
        .scopes(&["okta.clients.register"]),
    route(
        "GET",
        "/oauth2/v1/clients/{clientId}",
        Right::Read(Clients),
        read,
    )
    .oauth(),
    route(
        "PUT",
        "/oauth2/v1/clients/{clientId}",
        Right::Manage(Clients),
        put,
    )
    .oauth(),
    route(
        "DELETE",
        "/oauth2/v1/clients/{clientId}",
        Right::Manage(Clients),
        delete,
    )
    .oauth(),
];

const SIZE: Size = Size {
    usual: 20,
    most: 200,
};

/// Settings that both APIs name alike; the client API has no more of them.
const SHARED: [&str; 14] = [
    "application_type",
    "frontchannel_logout_session_required",
    "frontchannel_logout_uri",
    "grant_types",
    "id_token_encrypted_response_alg",
    "initiate_login_uri",
    "jwks_uri",
    "logo_uri",
    "policy_uri",
    "post_logout_redirect_uris",
    "redirect_uris",
    "request_object_signing_alg",
    "response_types",
    "tos_uri",
];

/// What a replacement must say, or it fails.
const REQUIRED: [&str; 6] = [
    "application_type",
    "client_name",
    "grant_types",
    "redirect_uris",
    "response_types",
    "token_endpoint_auth_method",
];

fn shape(app: &App) -> Value {
    let mut shape = json!({
        "client_id": app.client_id(), "client_id_issued_at": app.created / 1000, "client_name": app.label,
        "token_endpoint_auth_method": app.auth_method(),
    });
    if app.auth_method().starts_with("client_secret") {
        shape["client_secret_expires_at"] = json!(0);
    }
    for name in SHARED {
        if let Some(value) = app.settings["oauthClient"].get(name) {
            shape[name] = value.clone();
        }
    }
    if !app.client_keys().is_empty() {
        let keys: Vec<Value> = app.client_keys().iter().map(own_key).collect();
        shape["jwks"] = json!({ "keys": keys });
    }
    shape
}

// This API knows no status of a key and leaves out what a key does not say.
fn own_key(key: &Value) -> Value {
    let mut own = client_keys::lasting(key);
    if let Some(fields) = own.as_object_mut() {
        fields.retain(|name, value| name != "status" && !value.is_null());
    }
    own
}

// The answer to a creation tells the secret, if there is one.
fn shape_once(app: &App) -> Value {
    let mut shape = shape(app);
    if let Some(secret) = app.secrets.first() {
        shape["client_secret"] = json!(secret.value);
    }
    shape
}

fn list(call: &mut Call<'_>) -> Outcome {
    let start = call.query("q").map(|text| text.to_lowercase());
    let named = |app: &&App| {
        start
            .as_ref()
            .is_none_or(|start| app.label.to_lowercase().starts_with(start))
    };
    let clients = call.org.apps.values().filter(|app| app.is_client());
    let items = clients
        .filter(named)
        .map(|app| (app.id.clone(), shape(app)))
        .collect();
    page(call, "apps", items, SIZE)
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Response::json(200, &shape(&call.client()?)))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let given = call.object()?;
    name_is_free(call, &given, "")?;
    let app = app_body::create(call, &as_app(&given, None)?)?;
    call.created(format!("app {} `{}`", app.name, app.label), "apps", &app.id);
    call.event(
        "app.oauth2.client.lifecycle.create",
        "PublicClientApp",
        app.client_id().unwrap_or_default(),
    );
    let answer = shape_once(&app);
    call.org.apps.insert(app.id.clone(), app);
    Ok(Response::json(201, &answer))
}

fn put(call: &mut Call<'_>) -> Outcome {
    let (app, given) = (call.client()?, call.object()?);
    if let Some(missing) = REQUIRED.iter().find(|name| !given.contains_key(**name)) {
        return Err(metadata(format!(
            "{missing}: The field must be set; partial updates aren't supported."
        )));
    }
    for fixed in ["client_id_issued_at", "client_secret_expires_at"] {
        if given.contains_key(fixed) {
            return Err(metadata(format!("{fixed}: The field can't be set.")));
        }
    }
    if given
        .get("client_id")
        .is_some_and(|id| id.as_str() != app.client_id())
    {
        return Err(metadata("client_id: The field can't be changed."));
    }
    name_is_free(call, &given, &app.id)?;
    let next = app_body::replace(&app, &as_app(&given, Some(&app))?, call.ids, call.now)?;
    call.updated(format!("app {} `{}`", next.name, next.label));
    let answer = shape(&next);
    call.org.apps.insert(next.id.clone(), next);
    Ok(Response::json(200, &answer))
}

// Unlike an app, a client is deleted while it is active.
fn delete(call: &mut Call<'_>) -> Outcome {
    let app = call.client()?;
    let object = app_shape::json(call, &app);
    call.org.apps.remove(&app.id);
    let what = format!("app {} `{}`", app.name, app.label);
    call.deleted(what, "apps", &app.id, object);
    Ok(Response::empty(204))
}

fn metadata(text: impl Into<String>) -> OktaError {
    OktaError::oauth(400, "invalid_client_metadata", text)
}

fn name_is_free(call: &Call<'_>, given: &Map<String, Value>, own: &str) -> Result<(), OktaError> {
    let name = given.get("client_name").and_then(Value::as_str);
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Err(metadata("client_name: The field cannot be left blank"));
    };
    let taken = |app: &App| app.is_client() && app.id != own && app.label == name;
    if call.org.apps.values().any(taken) {
        return Err(metadata(
            "client_name: An object with this field already exists in the current organization",
        ));
    }
    Ok(())
}

/// The app body that says the same. What the client API has no word for stays as it is in the app.
fn as_app(
    given: &Map<String, Value>,
    known: Option<&App>,
) -> Result<Map<String, Value>, OktaError> {
    let mut settings = match known {
        Some(app) => app.settings["oauthClient"]
            .as_object()
            .cloned()
            .unwrap_or_default(),
        None => Map::from_iter([("consent_method".to_owned(), json!("REQUIRED"))]),
    };
    for name in SHARED.iter().chain(&["jwks"]) {
        settings.remove(*name);
        if let Some(value) = given.get(*name).filter(|value| !value.is_null()) {
            settings.insert((*name).to_owned(), value.clone());
        }
    }
    if let (Some(app), Some(Value::Array(keys))) = (
        known,
        settings.get_mut("jwks").and_then(|set| set.get_mut("keys")),
    ) {
        keys.iter_mut().for_each(|key| keep_status(key, app));
    }
    let method = given.get("token_endpoint_auth_method").cloned();
    let mut credentials = known.map_or(json!({}), |app| app.credentials.clone());
    credentials["oauthClient"]["token_endpoint_auth_method"] =
        method.unwrap_or_else(|| json!("client_secret_basic"));
    let mut body = json!({
        "name": known.map_or("oidc_client", |app| app.name.as_str()), "label": given.get("client_name"),
        "signOnMode": "OPENID_CONNECT", "credentials": credentials,
        "settings": known.map_or(json!({}), |app| app.settings.clone()),
    });
    if let Some(app) = known {
        body["accessibility"] = app.accessibility.clone();
        body["visibility"] = app.visibility.clone();
    }
    body["settings"]["oauthClient"] = Value::Object(settings);
    match body {
        Value::Object(body) => Ok(body),
        _ => Err(OktaError::malformed()),
    }
}

// A key that stays keeps its status, for which the client API has no word.
fn keep_status(key: &mut Value, app: &App) {
    let same = |known: &&Value| known["kid"] == key["kid"];
    let status = app
        .client_keys()
        .iter()
        .find(same)
        .map(|key| &key["status"]);
    if let (Some(status), Some(fields)) = (status, key.as_object_mut()) {
        fields.entry("status").or_insert(status.clone());
    }
}
