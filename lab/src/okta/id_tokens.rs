//! How a client's ID tokens name their issuer: no public operation, but Terraform's provider asks it of every client.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::org::App;
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", PATH, Right::Read(Apps), read),
    route("POST", PATH, Right::Manage(Apps), change),
];

const PATH: &str = "/api/v1/internal/apps/{appId}/settings/oauth/idToken";

fn client(call: &mut Call<'_>) -> Result<Arc<App>, OktaError> {
    let app = call.app()?;
    if app.is_client() {
        return Ok(app);
    }
    Err(OktaError::missing(&app.id, "OAuthClient"))
}

fn shape(app: &App, issuer: Value, audience: Value) -> Value {
    json!({
        "issuer": issuer, "orgUrl": null, "customUrl": null, "audience": audience,
        "issuerMode": app.settings.pointer("/oauthClient/issuer_mode"),
    })
}

fn read(call: &mut Call<'_>) -> Outcome {
    let app = client(call)?;
    let id = app.credentials.pointer("/oauthClient/client_id");
    let id = id.cloned().unwrap_or_default();
    let issuer = format!("https://{}", call.org.host());
    Ok(Response::json(200, &shape(&app, issuer.into(), id)))
}

fn change(call: &mut Call<'_>) -> Outcome {
    let mut app = Arc::unwrap_or_clone(client(call)?);
    let body = call.object()?;
    let mode = body.get("issuerMode").and_then(Value::as_str);
    match mode.filter(|mode| ["CUSTOM_URL", "DYNAMIC", "ORG_URL"].contains(mode)) {
        Some(mode) => app.settings["oauthClient"]["issuer_mode"] = json!(mode),
        None => {
            let cause = "issuerMode: The value must be ORG_URL, CUSTOM_URL or DYNAMIC";
            return Err(OktaError::invalid("idToken", cause));
        }
    }
    // Recorded: a change answers the mode alone.
    let answer = shape(&app, Value::Null, Value::Null);
    if call.org.apps.get(&app.id).map(|own| &own.settings) != Some(&app.settings) {
        call.updated(format!("issuer of app `{}`", app.label));
        call.org.apps.insert(app.id.clone(), app);
    }
    Ok(Response::json(200, &answer))
}
