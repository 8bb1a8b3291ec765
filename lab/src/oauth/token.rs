//! The token endpoint: client_credentials for service apps, with DPoP.

use jsonwebtoken::{Algorithm, Header, encode};
use serde_json::{Value, json};

use super::dpop::{self, Flaw, Wanted};
use super::{client_auth, issuer, scopes};
use crate::oidc::exchange;
use crate::okta::Outcome;
use crate::okta::call::Actor;
use crate::okta::error::OktaError;
use crate::okta::logs::{self, Event};
use crate::org::App;
use crate::wire::{Request, Response};
use crate::world::World;

/// Where the token endpoint is.
pub(super) const PATH: &str = "/oauth2/v1/token";

const LIFETIME_SECONDS: u64 = 3600;

/// Answers a token request.
pub(super) fn answer(world: &mut World, at: usize, request: &Request, now: u64) -> Outcome {
    let form = form(request)?;
    if value(&form, "grant_type") == Some("authorization_code") {
        return exchange::answer(world, at, &form, request, now);
    }
    let wanted = grant(&form)?;
    let app = client_auth::client(world, at, &form, request, now);
    let app = app.inspect_err(|error| log(world, at, &named(&form), Err(&error.summary), now))?;
    let outcome = issue(world, at, &app, wanted, request, now);
    let told = match &outcome {
        Ok(response) if response.status == 200 => Ok(()),
        Ok(_) => Err("use_dpop_nonce"),
        Err(error) => Err(error.summary.as_str()),
    };
    log(world, at, app.client_id().unwrap_or_default(), told, now);
    outcome
}

fn form(request: &Request) -> Result<Vec<(String, String)>, OktaError> {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind
        .to_ascii_lowercase()
        .starts_with("application/x-www-form-urlencoded")
    {
        return Err(OktaError::new(
            400,
            "E0000021",
            "Bad request. Accept and/or Content-Type headers are likely not set.",
        ));
    }
    let form = request.form_pairs();
    let twice = |name: &String| form.iter().filter(|(other, _)| other == name).count() > 1;
    match form.iter().find(|(name, _)| twice(name)) {
        Some((name, _)) => Err(OktaError::oauth(
            400,
            "invalid_request",
            format!("The '{}' parameter is repeated.", cut(name)),
        )),
        None => Ok(form),
    }
}

/// One parameter of the form; none when absent or empty.
pub(crate) fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = form.iter().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.as_str())
        .filter(|text| !text.is_empty())
}

fn grant(form: &[(String, String)]) -> Result<Vec<String>, OktaError> {
    match value(form, "grant_type") {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(OktaError::oauth(
                400,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server. \
                 Configured grant types: [authorization_code, client_credentials].",
            ));
        }
        None => {
            return Err(OktaError::oauth(
                400,
                "invalid_request",
                "The token request must specify a grant type.",
            ));
        }
    }
    let scopes = value(form, "scope").unwrap_or_default();
    Ok(scopes.split_ascii_whitespace().map(str::to_owned).collect())
}

fn issue(
    world: &mut World,
    at: usize,
    app: &App,
    wanted: Vec<String>,
    request: &Request,
    now: u64,
) -> Outcome {
    may_ask(app)?;
    let key = match proven(world, at, app, request, now) {
        Ok(key) => key,
        Err(Flaw::Nonce) => return Ok(ask_for_nonce(world, at, now)),
        Err(Flaw::Proof(text)) => return Err(OktaError::oauth(400, "invalid_dpop_proof", text)),
    };
    let granted = granted(app, wanted)?;
    let kind = if key.is_some() { "DPoP" } else { "Bearer" };
    let token = access_token(world, at, app, &granted, key.as_deref(), now);
    let body = json!({
        "token_type": kind, "expires_in": LIFETIME_SECONDS, "access_token": token, "scope": granted.join(" "),
    });
    let answer = Response::json(200, &body);
    Ok(match key {
        Some(_) => with_nonce(world, at, answer, now),
        None => answer,
    })
}

fn may_ask(app: &App) -> Result<(), OktaError> {
    let types = app.client_setting("grant_types");
    let types: Vec<&str> = types
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if types.contains(&"client_credentials") {
        return Ok(());
    }
    Err(OktaError::oauth(
        400,
        "unauthorized_client",
        format!(
            "The client is not authorized to use the provided grant type. Configured grant types: [{}].",
            types.join(", ")
        ),
    ))
}

// The thumbprint of the key that the token will be bound to; none when the app asks for no proof and sends none.
fn proven(
    world: &mut World,
    at: usize,
    app: &App,
    request: &Request,
    now: u64,
) -> Result<Option<String>, Flaw> {
    let proofs: Vec<&str> = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("dpop"))
        .map(|(_, value)| value.as_str())
        .collect();
    let wanted = Wanted {
        method: &request.method,
        host: &request.host,
        path: PATH,
        token: None,
        now,
    };
    match proofs[..] {
        [proof] => dpop::check(&mut world.orgs[at].server, proof, &wanted).map(Some),
        [] if app.client_setting("dpop_bound_access_tokens") != &Value::Bool(true) => Ok(None),
        [] => Err(Flaw::Proof(
            "The DPoP proof JWT header is missing.".to_owned(),
        )),
        _ => Err(Flaw::Proof(
            "There is more than one DPoP proof JWT header.".to_owned(),
        )),
    }
}

fn ask_for_nonce(world: &mut World, at: usize, now: u64) -> Response {
    let body = json!({
        "error": "use_dpop_nonce", "error_description": "Authorization server requires nonce in DPoP proof.",
    });
    with_nonce(world, at, Response::json(400, &body), now)
}

fn with_nonce(world: &mut World, at: usize, answer: Response, now: u64) -> Response {
    let nonce = dpop::nonce(&mut world.orgs[at].server, &mut world.side_ids, now);
    answer.with("dpop-nonce", &nonce)
}

fn granted(app: &App, wanted: Vec<String>) -> Result<Vec<String>, OktaError> {
    if wanted.is_empty() {
        return Err(OktaError::oauth(
            400,
            "invalid_scope",
            "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
        ));
    }
    if !wanted.iter().all(|scope| scopes::is_known(scope)) {
        return Err(OktaError::oauth(
            400,
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ));
    }
    let allowed = |scope: &String| app.grants.values().any(|grant| grant.scope == *scope);
    let granted: Vec<String> = wanted.into_iter().filter(allowed).collect();
    if granted.is_empty() {
        return Err(OktaError::oauth(
            400,
            "consent_required",
            "You are not allowed any of the requested scopes.",
        ));
    }
    Ok(granted)
}

fn access_token(
    world: &mut World,
    at: usize,
    app: &App,
    scopes: &[String],
    key: Option<&str>,
    now: u64,
) -> String {
    let id = format!("AT.{}", world.side_ids.secret());
    let org = &world.orgs[at];
    let (issuer, client) = (issuer(org), app.client_id().unwrap_or_default());
    let mut header = Header::new(Algorithm::RS256);
    header.typ = Some("application/okta-internal-at+jwt".to_owned());
    header.kid = Some(org.server.key.kid.clone());
    let mut claims = json!({
        "ver": 1, "jti": id, "iss": issuer, "aud": issuer, "sub": client, "cid": client,
        "iat": now / 1000, "exp": now / 1000 + LIFETIME_SECONDS, "scp": scopes,
    });
    if let Some(key) = key {
        claims["cnf"] = json!({ "jkt": key });
    }
    encode(&header, &claims, org.server.key.jose()).expect("a pool key signs")
}

// Whom a request claims to come from, for the log of refused ones.
fn named(form: &[(String, String)]) -> String {
    let assertion = value(form, "client_assertion").unwrap_or_default();
    let claims = super::jose::unchecked(assertion).unwrap_or_default();
    cut(claims["sub"].as_str().unwrap_or_default())
}

fn cut(text: &str) -> String {
    crate::okta::error::cut(text)
}

fn log(world: &mut World, at: usize, client: &str, outcome: Result<(), &str>, now: u64) {
    let actor = Actor {
        login: client.to_owned(),
        client: client.to_owned(),
        ..Actor::default()
    };
    let event = Event {
        kind: "app.oauth2.token.grant.access_token",
        message: "OAuth2 access token is granted",
        outcome,
        target: ("PublicClientApp", client),
    };
    logs::write(
        &mut world.orgs[at],
        &mut world.side_ids,
        &actor,
        now,
        &event,
    );
}
