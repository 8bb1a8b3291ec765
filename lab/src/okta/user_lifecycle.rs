//! The life cycle of people: activate, deactivate, reactivate, suspend, unsuspend.

use serde_json::json;

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::org::App;
use crate::rights::{Area::Users, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
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
        "/api/v1/users/{userId}/lifecycle/reactivate",
        Right::Manage(Users),
        reactivate,
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

// Without a password the person has to set one first; a mail with a link goes out unless the answer is to hold it.
fn activate(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    let ready = user.password.is_some() || user.provider != "OKTA";
    let to = if ready { "ACTIVE" } else { "PROVISIONED" };
    let from = ["STAGED", "DEPROVISIONED", "PROVISIONED"];
    let made = switch(call, &from, to, "user.lifecycle.activate")?;
    if ready || call.query("sendEmail").as_deref() != Some("false") {
        return Ok(made);
    }
    Ok(activation(call))
}

fn activation(call: &mut Call<'_>) -> Response {
    let token = call.ids.secret();
    let link = format!("https://{}/welcome/{token}", call.org.host());
    let body = json!({ "activationUrl": link, "activationToken": token });
    Response::json(200, &body)
}

// A new link for somebody who has not set a password yet; a mail has it unless the answer is to hold it.
fn reactivate(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    if user.status != "PROVISIONED" {
        return Err(not_now());
    }
    call.event("user.lifecycle.reactivate", "User", &user.id);
    let made = activation(call);
    match call.query("sendEmail").as_deref() {
        Some("true") => Ok(Response::json(200, &json!({}))),
        _ => Ok(made),
    }
}

pub(super) fn deactivate(call: &mut Call<'_>) -> Outcome {
    switch(call, &[], "DEPROVISIONED", "user.lifecycle.deactivate")
}

fn suspend(call: &mut Call<'_>) -> Outcome {
    switch(call, &["ACTIVE"], "SUSPENDED", "user.lifecycle.suspend")
}

fn unsuspend(call: &mut Call<'_>) -> Outcome {
    switch(call, &["SUSPENDED"], "ACTIVE", "user.lifecycle.unsuspend")
}

fn switch(call: &mut Call<'_>, from: &[&str], to: &str, event: &'static str) -> Outcome {
    let mut user = call.user()?;
    if !from.is_empty() && !from.contains(&user.status.as_str()) {
        return Err(not_now());
    }
    if user.status != to {
        (user.status, user.updated) = (to.to_owned(), call.now);
        if to == "DEPROVISIONED" {
            // Deactivating is destructive: apps and password are gone for good.
            user.password = None;
            // Tokens go with their owner and do not come back with them.
            call.org.tokens.retain(|token| token.owner != user.id);
            let has = |app: &App| app.users.contains_key(&user.id);
            for app in call.org.apps.those_mut(has) {
                app.users.remove(&user.id);
            }
        }
        call.updated(format!("user {} is {to}", user.login()));
        call.event(event, "User", &user.id);
        call.org.users.insert(user.id.clone(), user);
    }
    Ok(Response::json(200, &json!({})))
}

/// What an operation answers that a person's status does not allow.
pub(super) fn not_now() -> OktaError {
    let summary = "This operation is not allowed in the user's current status.";
    OktaError::new(403, "E0000038", summary)
}
