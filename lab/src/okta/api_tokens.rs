//! API tokens: list, read, revoke. No operation makes one; the console does, with [`create`].

use serde_json::{Value, json};

use super::call::{Actor, Call, Change};
use super::error::OktaError;
use super::logs;
use super::paging::whole;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::Token;
use crate::rights::{Area::ApiTokens, Right};
use crate::wire::{Request, Response};
use crate::world::World;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/api-tokens", Right::Read(ApiTokens), list),
    route(
        "DELETE",
        "/api/v1/api-tokens/current",
        Right::Own,
        revoke_current,
    )
    .scopes(&["okta.apiTokens.manage"]),
    route(
        "GET",
        "/api/v1/api-tokens/{apiTokenId}",
        Right::Read(ApiTokens),
        read,
    ),
    route(
        "PUT",
        "/api/v1/api-tokens/{apiTokenId}",
        Right::Manage(ApiTokens),
        update,
    ),
    route(
        "DELETE",
        "/api/v1/api-tokens/{apiTokenId}",
        Right::Own,
        revoke,
    )
    .scopes(&["okta.apiTokens.manage"]),
];

fn shape(call: &Call<'_>, token: &Token) -> Value {
    let own = call.href(&format!("/api/v1/api-tokens/{}", token.id));
    let user = call.href(&format!("/api/v1/users/{}", token.owner));
    json!({
        "id": token.id, "name": token.name, "userId": token.owner, "clientName": "Okta API", "tokenWindow": "P30D",
        "network": token.network, "expiresAt": stamp(token.expires(call.now)),
        "created": stamp(token.created), "lastUpdated": stamp(token.used.unwrap_or(token.created)),
        "_links": {
            "self": { "href": own, "hints": { "allow": ["GET", "DELETE"] } },
            "user": { "href": user, "hints": { "allow": ["GET"] } },
        },
    })
}

/// From where a token works that nobody limited.
pub(crate) fn anywhere() -> Value {
    json!({ "connection": "ANYWHERE" })
}

/// Makes a token for an admin of an org (by index). Its value is in the answer and nowhere else.
pub(crate) fn create(world: &mut World, at: usize, owner: &Actor, name: &str, now: u64) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let token = Token {
        id: world.ids.fresh("00T"),
        name: name.to_owned(),
        value: format!("00{}", world.ids.letters(40, alphabet)),
        owner: owner.user.clone(),
        created: now,
        used: Some(now),
        network: anywhere(),
    };
    world.orgs[at].tokens.push(token.clone());
    let made = Change::Created {
        what: format!("API token `{name}`"),
        collection: "api-tokens".to_owned(),
        key: token.id.clone(),
    };
    let request = Request::new("POST", "/admin/access/api/tokens");
    world.note(at, &owner.login, &request, vec![made], now);
    let target = ("Token", token.id.as_str());
    logs::note(world, at, owner, now, "system.api_token.create", target);
    token.value
}

fn list(call: &mut Call<'_>) -> Outcome {
    let live = |token: &&Token| call.now < token.expires(call.now);
    let mut items: Vec<_> = call
        .org
        .tokens
        .iter()
        .filter(live)
        .map(|token| (token.id.clone(), shape(call, token)))
        .collect();
    items.sort_by(|(left, _), (right, _)| left.cmp(right));
    whole(call, "api-tokens", items)
}

fn found(call: &Call<'_>, id: &str) -> Result<Token, OktaError> {
    let mut live = call
        .org
        .tokens
        .iter()
        .filter(|token| call.now < token.expires(call.now));
    let token = live.find(|token| token.id == id).cloned();
    token.ok_or_else(|| OktaError::missing(id, "ApiToken"))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let token = found(call, &call.param("apiTokenId"))?;
    Ok(Response::json(200, &shape(call, &token)))
}

// Name and network may change; whose it is may not.
fn update(call: &mut Call<'_>) -> Outcome {
    let mut token = found(call, &call.param("apiTokenId"))?;
    let body = call.object()?;
    if body
        .get("userId")
        .is_some_and(|owner| *owner != token.owner.as_str())
    {
        return Err(refused("userId: The owner of a token can't be changed"));
    }
    match body.get("name") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) if !name.is_empty() => token.name.clone_from(name),
        Some(_) => return Err(refused("name: The field cannot be left blank")),
    }
    if let Some(given) = body.get("network").filter(|given| !given.is_null()) {
        token.network = network(given)?;
    }
    call.updated(format!("API token `{}`", token.name));
    call.event("system.api_token.update", "Token", &token.id);
    let answer = shape(call, &token);
    let mut held = call.org.tokens.iter_mut();
    if let Some(held) = held.find(|held| held.id == token.id) {
        *held = token;
    }
    Ok(Response::json(200, &answer))
}

// Zones are kept as they are given; none of an org's own holds an address.
fn network(given: &Value) -> Result<Value, OktaError> {
    let zones = |name: &str| match &given[name] {
        Value::Null => Ok(Vec::new()),
        Value::Array(zones) if zones.iter().all(Value::is_string) => Ok(zones.clone()),
        _ => Err(refused("network: Zones are a list of ids")),
    };
    match given["connection"].as_str() {
        Some("ANYWHERE") => Ok(anywhere()),
        Some("ZONE") => {
            let (include, exclude) = (zones("include")?, zones("exclude")?);
            if include.is_empty() && exclude.is_empty() {
                return Err(refused("network: At least one zone is needed"));
            }
            Ok(json!({ "connection": "ZONE", "include": include, "exclude": exclude }))
        }
        _ => Err(refused(
            "network.connection: The value must be ANYWHERE or ZONE",
        )),
    }
}

fn refused(cause: &str) -> OktaError {
    OktaError::invalid("apiToken", cause)
}

// Everybody may end what is their own, a super admin all.
fn revoke(call: &mut Call<'_>) -> Outcome {
    let id = call.param("apiTokenId");
    let own = !call.actor.user.is_empty() && found(call, &id)?.owner == call.actor.user;
    if !own && !Right::Manage(ApiTokens).given_by(&call.actor) {
        return Err(OktaError::forbidden());
    }
    end(call, &id)
}

fn revoke_current(call: &mut Call<'_>) -> Outcome {
    let id = call.actor.token.clone();
    end(call, &id)
}

fn end(call: &mut Call<'_>, id: &str) -> Outcome {
    let token = found(call, id)?;
    let object = shape(call, &token);
    call.org.tokens.retain(|token| token.id != id);
    call.deleted(
        format!("API token `{}`", token.name),
        "api-tokens",
        id,
        object,
    );
    call.event("system.api_token.revoke", "Token", id);
    Ok(Response::empty(204))
}
