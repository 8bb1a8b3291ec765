//! The target goes on: a code arrives, tokens are fetched for it, and the person is let in.

use serde_json::Value;

use super::start::provider;
use super::verify::{Expected, verify};
use super::{Waiting, callback_address};
use crate::landing::{self, Arrived, Newcomer};
use crate::oauth::assertion::{ASSERTION_TYPE, client_assertion};
use crate::org::Idp;
use crate::wire::{Request, Response};
use crate::world::World;

/// Takes the way back from a provider: who came, and where they wanted to go. `state` is that of the browser's cookie.
pub(crate) fn take(
    world: &mut World,
    at: usize,
    given: &[(String, String)],
    cookie: Option<&str>,
    request: &Request,
    now: u64,
) -> Result<(Arrived, Option<String>), String> {
    let value = |name: &str| {
        let found = given.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    let state = value("state").filter(|state| cookie == Some(*state));
    let state = state.ok_or("The sign-in was not begun in this browser.")?;
    let waiting = world.orgs[at].server.sign_ins.waiting.remove(state);
    let waiting = waiting.filter(|waiting| now < waiting.until);
    let waiting = waiting.ok_or("The sign-in has expired or was finished before.")?;
    let idp = provider(&world.orgs[at], &waiting.idp).cloned();
    let idp = idp.ok_or("The identity provider is inactive.")?;
    let who = match (value("error"), value("code")) {
        (None, Some(code)) => newcomer(world, at, &idp, &waiting, code, now),
        (Some(_), _) => {
            let text = value("error_description").unwrap_or("The identity provider refused.");
            Err(text.to_owned())
        }
        (None, None) => Err("The identity provider sent no code.".to_owned()),
    };
    let arrived = landing::enter(world, at, &idp, who, request, now)?;
    Ok((arrived, waiting.to))
}

fn newcomer(
    world: &mut World,
    at: usize,
    idp: &Idp,
    waiting: &Waiting,
    code: &str,
    now: u64,
) -> Result<Newcomer, String> {
    let request = token_request(world, at, idp, waiting, code, now)?;
    let tokens = fetch(world, at, &request, now)?;
    let text = |name: &str| tokens[name].as_str().map(str::to_owned);
    let id_token = text("id_token").ok_or("The identity provider gave no ID token.")?;
    let access = text("access_token").unwrap_or_default();
    let keys = fetch(world, at, &Request::new("GET", place(idp, "jwks")?), now)?;
    let expected = Expected {
        issuer: idp.text("/protocol/issuer/url").unwrap_or_default(),
        client: idp
            .text("/protocol/credentials/client/client_id")
            .unwrap_or_default(),
        nonce: &waiting.nonce,
        access: &access,
        skew_ms: idp.policy["maxClockSkew"].as_u64().unwrap_or(0),
        now,
    };
    let subject = verify(&id_token, &keys, &expected)?;
    let ask = Request::new("GET", place(idp, "userInfo")?);
    let ask = ask.with("authorization", &format!("Bearer {access}"));
    let told = fetch(world, at, &ask, now)?;
    if told["sub"].as_str() != Some(&subject) {
        return Err(
            "The identity provider tells about another person than its ID token.".to_owned(),
        );
    }
    Ok(Newcomer {
        external_id: subject,
        attributes: attributes(&told),
    })
}

fn place<'i>(idp: &'i Idp, name: &str) -> Result<&'i str, String> {
    let place = idp.text(&format!("/protocol/endpoints/{name}/url"));
    place.ok_or_else(|| format!("The identity provider has no address for `{name}`."))
}

// The target proves with its own key that it is the client; the source reads the key where the target publishes it.
fn token_request(
    world: &mut World,
    at: usize,
    idp: &Idp,
    waiting: &Waiting,
    code: &str,
    now: u64,
) -> Result<Request, String> {
    let url = place(idp, "token")?;
    let client = idp
        .text("/protocol/credentials/client/client_id")
        .unwrap_or_default();
    let jti = world.side_ids.secret();
    let org = &world.orgs[at];
    let assertion = client_assertion(&org.server.key, client, url, &jti, now);
    let redirect = callback_address(&org.host());
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect.as_str()),
        ("code_verifier", waiting.verifier.as_str()),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion.as_str()),
    ];
    Ok(Request::new("POST", url).form(&fields))
}

fn fetch(world: &mut World, at: usize, request: &Request, now: u64) -> Result<Value, String> {
    let request = request.clone().with("accept", "application/json");
    let from = world.orgs[at].subdomain.clone();
    match world.send(&request, &from, now) {
        Some(answer) if answer.status == 200 => Ok(answer.value()),
        Some(answer) => Err(refusal(&request, &answer)),
        None => Err(format!(
            "The identity provider does not answer at {}.",
            request.path
        )),
    }
}

fn refusal(request: &Request, answer: &Response) -> String {
    let told = answer.value();
    let text = told["error_description"]
        .as_str()
        .or(told["errorSummary"].as_str());
    format!(
        "{} answered {}: {}",
        request.path,
        answer.status,
        text.unwrap_or_default()
    )
}

// Claims under the names that a username template and a profile use.
fn attributes(told: &Value) -> Vec<(String, String)> {
    const NAMES: [(&str, &str); 5] = [
        ("login", "preferred_username"),
        ("email", "email"),
        ("firstName", "given_name"),
        ("lastName", "family_name"),
        ("externalId", "sub"),
    ];
    let named = |(name, claim): (&str, &str)| {
        let value = told[claim].as_str()?;
        Some((name.to_owned(), value.to_owned()))
    };
    NAMES.into_iter().filter_map(named).collect()
}
