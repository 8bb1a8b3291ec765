//! `/oauth2/v1/userinfo`: what a person's access token tells of the person.

use serde_json::{Value, json};

use super::client::client;
use crate::oauth::{issuer, jose};
use crate::okta::Outcome;
use crate::okta::error::OktaError;
use crate::org::{Org, claims};
use crate::wire::{Request, Response};
use crate::world::World;

/// Answers a request with a person's access token.
pub(crate) fn answer(world: &mut World, at: usize, request: &Request, now: u64) -> Outcome {
    let org = &world.orgs[at];
    let line = request.header("authorization").unwrap_or_default();
    let shown = line.strip_prefix("Bearer ").unwrap_or_default();
    let token = live(org, shown.trim(), now).ok_or_else(invalid)?;
    let user = token["uid"].as_str().and_then(|id| org.users.get(id));
    let user = user
        .filter(|user| user.status == "ACTIVE")
        .ok_or_else(invalid)?;
    let app = token["cid"]
        .as_str()
        .and_then(|id| client(org, id))
        .ok_or_else(invalid)?
        .app;
    let scopes = token["scp"].as_array().cloned().unwrap_or_default();
    let has = |scope: &str| scopes.iter().any(|own| own == scope);
    let mut told = json!({ "sub": user.id });
    let known = claims(user);
    let mut copy = |names: &[&str]| {
        for name in names.iter().filter(|name| !known[**name].is_null()) {
            told[*name] = known[*name].clone();
        }
    };
    if has("profile") {
        copy(&[
            "name",
            "nickname",
            "given_name",
            "middle_name",
            "family_name",
            "profile",
            "zoneinfo",
            "locale",
        ]);
    }
    if has("email") {
        copy(&["email"]);
    }
    if has("phone") {
        copy(&["phone_number"]);
    }
    if has("profile") {
        let names = org.app_user(&app, &user.id);
        let name = names.map_or(user.login().to_owned(), |assigned| assigned.user_name);
        told["preferred_username"] = json!(name);
        told["updated_at"] = json!(user.updated / 1000);
    }
    if has("email") {
        told["email_verified"] = json!(true);
    }
    Ok(Response::json(200, &told))
}

fn live(org: &Org, token: &str, now: u64) -> Option<Value> {
    let claims = jose::claims(token, &jose::public_of(&org.server.key))?;
    let ours = claims["iss"].as_str() == Some(&issuer(org));
    let person = claims["uid"].is_string() && ours;
    (person && now < jose::time(&claims, "exp")?).then_some(claims)
}

fn invalid() -> OktaError {
    let challenge =
        "Bearer error=\"invalid_token\", error_description=\"The access token is invalid.\"";
    OktaError {
        challenge: challenge.to_owned(),
        ..OktaError::oauth(401, "invalid_token", "The access token is invalid.")
    }
}
