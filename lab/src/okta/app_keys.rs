//! Signing keys of an app: list, read, generate, clone to another app.

use serde_json::Value;

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::keys::SigningKey;
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/credentials/keys",
        Right::Read(Apps),
        list,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/keys/generate",
        Right::Manage(Apps),
        generate,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/credentials/keys/{kid}/clone",
        Right::Manage(Apps),
        clone,
    ),
    route(
        "GET",
        "/api/v1/apps/{appId}/credentials/keys/{kid}",
        Right::Read(Apps),
        read,
    ),
];

fn list(call: &mut Call<'_>) -> Outcome {
    let keys: Vec<Value> = call.app()?.keys.iter().map(SigningKey::json).collect();
    Ok(Response::json(200, &Value::Array(keys)))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, kid) = (call.app()?, call.param("kid"));
    let key = app.keys.iter().find(|key| key.kid == kid);
    Ok(Response::json(
        200,
        &key.ok_or_else(|| OktaError::missing(&kid, "RSA"))?.json(),
    ))
}

fn generate(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let years = call
        .query("validityYears")
        .and_then(|text| text.parse::<u32>().ok());
    let years = years.filter(|years| (2..=10).contains(years));
    let years = years.ok_or_else(|| {
        OktaError::invalid(
            "generateKey",
            "validityYears: The value must be between 2 and 10.",
        )
    })?;
    let key = SigningKey::new(call.ids, &call.org.subdomain, call.now, years);
    let place = call.href(&format!(
        "/api/v1/apps/{}/credentials/keys/{}",
        app.id, key.kid
    ));
    let answer = key.json();
    call.created(format!("key of app `{}`", app.label), "app keys", &key.kid);
    call.event("app.keys.generate", "AppInstance", &app.id);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.keys.push(key);
    }
    Ok(Response::json(201, &answer).with("location", &place))
}

// The same key, certificate and id in the other app: both then sign with it.
fn clone(call: &mut Call<'_>) -> Outcome {
    let (app, kid) = (call.app()?, call.param("kid"));
    let key = app.keys.iter().find(|key| key.kid == kid).cloned();
    let key = key.ok_or_else(|| OktaError::missing(&kid, "RSA"))?;
    let to = call.query("targetAid").unwrap_or_default();
    let target = call.org.apps.get(&to).cloned();
    let target = target.ok_or_else(|| OktaError::missing(&to, "AppInstance"))?;
    if target.keys.iter().any(|own| own.kid == kid) {
        let cause = "targetAid: The app has this key already.";
        return Err(OktaError::invalid("cloneKey", cause));
    }
    let place = format!("/api/v1/apps/{}/credentials/keys/{kid}", target.id);
    let answer = key.json();
    let what = format!("key of app `{}`", target.label);
    call.created(what, "app keys", &kid);
    call.event("app.keys.clone", "AppInstance", &target.id);
    if let Some(target) = call.org.apps.get_mut(&target.id) {
        target.keys.push(key);
    }
    Ok(Response::json(201, &answer).with("location", &call.href(&place)))
}
