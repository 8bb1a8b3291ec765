//! The token endpoint for people: a code becomes an ID token and an access token, once.

use serde_json::json;

use super::client::{Client, client};
use super::{Code, challenge, tokens};
use crate::oauth::client_auth;
use crate::oauth::token::value;
use crate::okta::Outcome;
use crate::okta::error::OktaError;
use crate::wire::{Request, Response};
use crate::world::World;

/// Answers `grant_type=authorization_code`.
pub(crate) fn answer(
    world: &mut World,
    at: usize,
    form: &[(String, String)],
    request: &Request,
    now: u64,
) -> Outcome {
    let id = client_auth::named_id(form, request);
    let client = client(&world.orgs[at], &id).ok_or_else(client_auth::unknown)?;
    client_auth::prove(world, at, &client, form, request, now)?;
    // Whatever is wrong with it, a code that was shown is used up.
    let given = value(form, "code").unwrap_or_default();
    let code = world.orgs[at].server.sign_ins.codes.remove(given);
    let code = code.filter(|code| fits(code, &client, form, now));
    let code = code.ok_or_else(|| no("The authorization code is invalid or has expired."))?;
    proven(&code, value(form, "code_verifier"))?;
    let org = &world.orgs[at];
    let user = org
        .users
        .get(&code.user)
        .filter(|user| user.status == "ACTIVE");
    let user = user.ok_or_else(|| no("The person is not active."))?.clone();
    let access = tokens::access(org, &mut world.side_ids, &client, &code, &user, now);
    let id_token = tokens::id(org, &mut world.side_ids, &client, &code, &access, now);
    let body = json!({
        "token_type": "Bearer", "expires_in": tokens::SECONDS, "access_token": access,
        "scope": code.scopes.join(" "), "id_token": id_token,
    });
    Ok(Response::json(200, &body))
}

fn no(description: &str) -> OktaError {
    OktaError::oauth(400, "invalid_grant", description)
}

fn fits(code: &Code, client: &Client, form: &[(String, String)], now: u64) -> bool {
    let back = value(form, "redirect_uri") == Some(&code.redirect);
    now < code.until && code.client == client.id && back
}

fn proven(code: &Code, verifier: Option<&str>) -> Result<(), OktaError> {
    match (&code.challenge, verifier) {
        (None, None) => Ok(()),
        (Some(wanted), Some(verifier)) if challenge(verifier) == *wanted => Ok(()),
        _ => Err(no("PKCE verification failed.")),
    }
}
