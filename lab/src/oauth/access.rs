//! Calls of the Management API with an access token: what the token proves, and what it may be used for.

use serde_json::Value;

use super::dpop::{self, Flaw, Wanted};
use super::{issuer, jose};
use crate::okta::call::Actor;
use crate::okta::error::OktaError;
use crate::org::{App, Org};
use crate::rights::in_scopes;
use crate::wire::Request;

/// A token as it was shown, and the scopes that the operation needs.
pub(crate) struct Shown<'a> {
    bound: bool,
    token: &'a str,
    scopes: &'a [String],
}

impl<'a> Shown<'a> {
    /// Reads the scheme; none for schemes that no token has.
    pub(crate) fn new(scheme: &str, token: &'a str, scopes: &'a [String]) -> Option<Self> {
        let bound = match scheme {
            "Bearer" => false,
            "DPoP" => true,
            _ => return None,
        };
        Some(Self {
            bound,
            token: token.trim(),
            scopes,
        })
    }
}

/// The service app that a token speaks for. Its roles are those of now, its scopes those of the token.
pub(crate) fn actor(
    org: &mut Org,
    shown: &Shown<'_>,
    request: &Request,
    now: u64,
) -> Result<Actor, OktaError> {
    let invalid = |org: &Org| {
        let told = challenge(org, shown, "invalid_token", "The access token is invalid.");
        told_with(OktaError::bad_token(), told)
    };
    let (claims, app) = match read(org, shown.token, now) {
        Some((claims, app)) => (claims, app.clone()),
        None => return Err(invalid(org)),
    };
    let key = claims.pointer("/cnf/jkt").and_then(Value::as_str);
    if key.is_some() != shown.bound {
        return Err(invalid(org));
    }
    if let Some(key) = key {
        prove(org, shown, key, request, now)?;
    }
    let held: Vec<String> = claims["scp"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|scope| scope.as_str().map(str::to_owned))
        .collect();
    if !shown.scopes.iter().all(|scope| in_scopes(&held, scope)) {
        let text = "The access token does not contain the required scopes.";
        let told = challenge(org, shown, "insufficient_scope", text);
        return Err(told_with(OktaError::forbidden(), told));
    }
    let client = app.client_id().unwrap_or_default().to_owned();
    let actor = Actor {
        login: client.clone(),
        client,
        ..Actor::default()
    };
    Ok(actor.with(org, &app.roles))
}

/// The id of the service app that a live token speaks for.
pub(crate) fn client(org: &Org, token: &str, now: u64) -> Option<String> {
    read(org, token, now).map(|(_, app)| app.id.clone())
}

fn read<'o>(org: &'o Org, token: &str, now: u64) -> Option<(Value, &'o App)> {
    let claims = jose::claims(token, &jose::public_of(&org.server.key))?;
    // A person's token is for `userinfo`: no person may be given scopes of the Management API here.
    let service = claims["uid"].is_null();
    let ours = claims["iss"].as_str() == Some(&issuer(org))
        && service
        && now < jose::time(&claims, "exp")?;
    let app = org.client(claims["cid"].as_str()?);
    Some((claims.clone(), app.filter(|app| ours && app.active)?))
}

fn prove(
    org: &mut Org,
    shown: &Shown<'_>,
    key: &str,
    request: &Request,
    now: u64,
) -> Result<(), OktaError> {
    let wanted = Wanted {
        method: &request.method,
        host: &request.host,
        path: &request.path,
        token: Some(shown.token),
        now,
    };
    let checked = match request.header("dpop") {
        None => Err("The DPoP proof JWT header is missing.".to_owned()),
        Some(proof) => dpop::check(&mut org.server, proof, &wanted).map_err(|flaw| match flaw {
            Flaw::Proof(text) => text,
            Flaw::Nonce => unreachable!("the API asks for no nonce"),
        }),
    };
    let text = match checked {
        Ok(proven) if proven == key => return Ok(()),
        Ok(_) => "The DPoP proof JWT was signed by another key than the access token is bound to."
            .to_owned(),
        Err(text) => text,
    };
    let told = challenge(org, shown, "invalid_dpop_proof", &text);
    Err(told_with(
        OktaError::oauth(400, "invalid_dpop_proof", text),
        told,
    ))
}

fn told_with(error: OktaError, challenge: String) -> OktaError {
    OktaError { challenge, ..error }
}

fn challenge(org: &Org, shown: &Shown<'_>, error: &str, description: &str) -> String {
    let host = org.host();
    let scheme = if shown.bound {
        let names = jose::ALGORITHMS;
        format!("DPoP algs=\"{}\",", names.join(" "))
    } else {
        "Bearer".to_owned()
    };
    format!(
        "{scheme} authorization_uri=\"http://{host}/oauth2/v1/authorize\", realm=\"http://{host}\", \
         scope=\"{}\", error=\"{error}\", error_description=\"{description}\"",
        shown.scopes.join(" ")
    )
}
