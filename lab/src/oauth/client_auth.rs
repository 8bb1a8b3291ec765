//! Who a client of the token endpoint is: private_key_jwt with the keys it registered or publishes.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::assertion::ASSERTION_TYPE;
use super::{is_address, jose, token};
use crate::oidc::client::Client;
use crate::okta::decoded;
use crate::okta::error::OktaError;
use crate::org::{App, Org};
use crate::wire::Request;
use crate::world::World;

/// An assertion is refused when it would be good for longer than this.
const LONGEST_MS: u64 = 3_600_000;
/// How far the client's clock may be ahead.
const SKEW_MS: u64 = 300_000;

/// The app that a token request proves to be.
pub(super) fn client(
    world: &mut World,
    at: usize,
    form: &[(String, String)],
    request: &Request,
    now: u64,
) -> Result<App, OktaError> {
    let assertion = given(form, request)?;
    let claims = jose::unchecked(&assertion)
        .ok_or_else(|| refused("The parsing of the client_assertion failed."))?;
    let app = named(&world.orgs[at], form, &claims)?;
    if app.auth_method() != "private_key_jwt" {
        return Err(refused(NOT_BY_KEY));
    }
    let id = app.client_id().unwrap_or_default().to_owned();
    let keys = keys(world, at, &app, now)?;
    let claims = signed(&assertion, &keys)?;
    judge(&id, &claims, &request.host, now)?;
    once(&mut world.orgs[at], &app, &claims, now)?;
    Ok(app)
}

const NOT_BY_KEY: &str = "Client Credentials requests to the Org Authorization Server must use the private_key_jwt \
                          token_endpoint_auth_method.";

const NOT_FETCHED: &str =
    "The JSON Web Key Set couldn't be retrieved from the client's 'jwks_uri'.";

fn refused(description: &str) -> OktaError {
    OktaError::oauth(401, "invalid_client", description)
}

fn given(form: &[(String, String)], request: &Request) -> Result<String, OktaError> {
    let value = |name: &str| token::value(form, name);
    let Some(assertion) = value("client_assertion") else {
        let by_secret =
            value("client_secret").is_some() || request.header("authorization").is_some();
        return Err(refused(if by_secret {
            NOT_BY_KEY
        } else {
            "Client authentication failed. Either the client or the client credentials are invalid."
        }));
    };
    if value("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(refused("The client_assertion_type is invalid."));
    }
    Ok(assertion.to_owned())
}

// The assertion says who it is for; a `client_id` beside it must say the same.
fn named(org: &Org, form: &[(String, String)], claims: &Value) -> Result<App, OktaError> {
    let id = claims["sub"]
        .as_str()
        .or(claims["iss"].as_str())
        .unwrap_or_default();
    if token::value(form, "client_id").is_some_and(|given| given != id) {
        return Err(refused(
            "The client_assertion subject doesn't match the 'client_id' parameter.",
        ));
    }
    let app = org.client(id).filter(|app| app.active).cloned();
    // Here Okta answers in the Management API's shape, with an OAuth word as code.
    app.ok_or_else(unknown)
}

/// The answer about a client that is not there.
pub(crate) fn unknown() -> OktaError {
    let summary = "Invalid value for 'client_id' parameter.";
    OktaError::new(400, "invalid_client", summary)
}

/// The client that a token request for a person names: in its assertion, in the form, or by Basic credentials.
pub(crate) fn named_id(form: &[(String, String)], request: &Request) -> String {
    let assertion = token::value(form, "client_assertion").and_then(jose::unchecked);
    let claimed = assertion.and_then(|claims| Some(claims["sub"].as_str()?.to_owned()));
    let given = token::value(form, "client_id").map(str::to_owned);
    let basic = basic(request).map(|(id, _)| id);
    claimed.or(given).or(basic).unwrap_or_default()
}

fn basic(request: &Request) -> Option<(String, String)> {
    let line = request.header("authorization")?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(line.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

/// Checks that a client that signs people in is who it says, in the way that it registered.
pub(crate) fn prove(
    world: &mut World,
    at: usize,
    client: &Client,
    form: &[(String, String)],
    request: &Request,
    now: u64,
) -> Result<(), OktaError> {
    let wrong =
        "Client authentication failed. Either the client or the client credentials are invalid.";
    let form_secret = token::value(form, "client_secret").map(str::to_owned);
    let shown = match client.auth.as_str() {
        "private_key_jwt" => {
            let assertion = given(form, request)?;
            let keys = match &client.keys_at {
                Some(place) => {
                    fetched(world, at, place, now).ok_or_else(|| refused(NOT_FETCHED))?
                }
                None => keys(world, at, &client.app, now)?,
            };
            let claims = signed(&assertion, &keys)?;
            judge(&client.id, &claims, &request.host, now)?;
            return once(&mut world.orgs[at], &client.app, &claims, now);
        }
        "none" => return Ok(()),
        "client_secret_post" => form_secret,
        _ => basic(request).map(|(_, secret)| secret),
    };
    let mut secrets = client.app.secrets.iter().filter(|secret| secret.active);
    let known = shown.is_some_and(|shown| secrets.any(|secret| secret.value == shown));
    known.then_some(()).ok_or_else(|| refused(wrong))
}

/// The keys that count: those at `jwks_uri` as they are now, or else the registered ones that are active.
fn keys(world: &mut World, at: usize, app: &App, now: u64) -> Result<Vec<Value>, OktaError> {
    let Some(uri) = app.client_setting("jwks_uri").as_str() else {
        let active = |key: &&Value| key["status"] != "INACTIVE" && key["use"] != "enc";
        return Ok(app.client_keys().iter().filter(active).cloned().collect());
    };
    fetched(world, at, uri, now).ok_or_else(|| refused(NOT_FETCHED))
}

fn fetched(world: &mut World, at: usize, uri: &str, now: u64) -> Option<Vec<Value>> {
    uri.strip_prefix("https://")?;
    let request = Request::new("GET", uri).with("accept", "application/json");
    let from = world.orgs[at].subdomain.clone();
    let answer = world.send(&request, &from, now)?;
    let body = Some(answer.value()).filter(|_| answer.status == 200)?;
    // Okta's document wraps the set of a connection in an object of its own.
    let keys = body["keys"].as_array().or(body["jwks"]["keys"].as_array());
    keys.cloned()
}

fn signed(assertion: &str, keys: &[Value]) -> Result<Value, OktaError> {
    let header = jose::header(assertion)
        .ok_or_else(|| refused("The parsing of the client_assertion failed."))?;
    let key = match (header["kid"].as_str(), keys) {
        (None, [only]) => Some(only),
        (None, _) => None,
        (Some(kid), _) => keys.iter().find(|key| key["kid"] == kid),
    };
    let key = key
        .and_then(jose::public)
        .ok_or_else(|| refused("The client_assertion JWT kid is invalid."))?;
    jose::claims(assertion, &key)
        .ok_or_else(|| refused("The client_assertion signature is invalid."))
}

fn judge(id: &str, claims: &Value, host: &str, now: u64) -> Result<(), OktaError> {
    if claims["iss"] != id || claims["sub"] != id {
        return Err(refused(
            "The 'iss' and 'sub' claims of client_assertion must be the client_id.",
        ));
    }
    let here = |audience: &Value| {
        audience
            .as_str()
            .is_some_and(|address| is_address(address, host, token::PATH))
    };
    let audience = &claims["aud"];
    if !here(audience) && !audience.as_array().is_some_and(|all| all.iter().any(here)) {
        return Err(refused(
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
        ));
    }
    let until = jose::time(claims, "exp")
        .ok_or_else(|| refused("The client_assertion token must contain an expiration."))?;
    if until <= now {
        return Err(refused("The client_assertion token is expired."));
    }
    if until - now > LONGEST_MS {
        return Err(refused(
            "The client_assertion token has an expiration too far into the future.",
        ));
    }
    let made = jose::time(claims, "iat").filter(|_| !claims["iat"].is_null());
    match (made, claims["iat"].is_null()) {
        (None, true) => Ok(()),
        (Some(made), _) if made <= now + SKEW_MS => Ok(()),
        _ => Err(refused(
            "The client_assertion token was issued in the future.",
        )),
    }
}

// An assertion with an id is good once, also when the answer only asks for a DPoP nonce.
fn once(org: &mut Org, app: &App, claims: &Value, now: u64) -> Result<(), OktaError> {
    let Some(jti) = claims["jti"].as_str() else {
        return Ok(());
    };
    let until = jose::time(claims, "exp").unwrap_or(now);
    if org.server.take(&format!("{} {jti}", app.id), until, now) {
        return Ok(());
    }
    Err(refused("The client_assertion token has already been used."))
}
