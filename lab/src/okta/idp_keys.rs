//! Certificates that identity providers may trust.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::keys::Certificate;
use crate::org::{Idp, IdpKey, Org};
use crate::rights::{Area::Idps, Right};
use crate::shelf::Told;
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/idps/credentials/keys",
        Right::Read(Idps),
        list,
    ),
    route(
        "POST",
        "/api/v1/idps/credentials/keys",
        Right::Manage(Idps),
        add,
    ),
    route(
        "GET",
        "/api/v1/idps/credentials/keys/{kid}",
        Right::Read(Idps),
        read,
    ),
    route(
        "PUT",
        "/api/v1/idps/credentials/keys/{kid}",
        Right::Manage(Idps),
        put,
    ),
    route(
        "DELETE",
        "/api/v1/idps/credentials/keys/{kid}",
        Right::Manage(Idps),
        delete,
    ),
];

const SIZE: Size = Size {
    usual: 20,
    most: 200,
};

fn shape(key: &IdpKey) -> Value {
    let facts = Certificate::read(&key.x5c).expect("only certificates that read are stored");
    json!({
        "kty": "RSA", "created": stamp(key.created), "lastUpdated": stamp(key.created),
        "expiresAt": stamp(facts.expires), "alg": "RSA", "kid": key.kid, "use": "sig", "x5c": [key.x5c],
        "x5t#S256": facts.thumbprint, "e": facts.exponent, "n": facts.modulus,
    })
}

fn told(call: &Call<'_>, key: &IdpKey) -> Told {
    let shelf = &call.org.idp_keys;
    shelf.told(&key.kid, &call.host, || shape(key))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let items = call
        .org
        .idp_keys
        .values()
        .map(|key| (key.kid.clone(), told(call, key)))
        .collect();
    page(call, "idp keys", items, SIZE)
}

fn find(call: &mut Call<'_>) -> Result<IdpKey, OktaError> {
    let kid = call.param("kid");
    let found = call.org.idp_keys.get(&kid).cloned();
    found
        .filter(|_| call.settled(&kid))
        .ok_or_else(|| OktaError::missing(&kid, "RSA"))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Response::json(200, &shape(&find(call)?)))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let x5c = certificate(call, None)?;
    let key = IdpKey {
        kid: call.ids.uuid(),
        created: call.now,
        x5c,
    };
    let answer = shape(&key);
    call.created(format!("IdP key {}", key.kid), "idp keys", &key.kid);
    call.event("system.idp.key.create", "IdpKey", &key.kid);
    call.org.idp_keys.insert(key.kid.clone(), key);
    Ok(Response::json(200, &answer))
}

// The same key id with another certificate: every IdP that trusts it trusts that one from now on.
fn put(call: &mut Call<'_>) -> Outcome {
    let mut key = find(call)?;
    key.x5c = certificate(call, Some(&key.kid))?;
    let answer = shape(&key);
    call.updated(format!("IdP key {}", key.kid));
    call.event("system.idp.key.update", "IdpKey", &key.kid);
    call.org.idp_keys.insert(key.kid.clone(), key);
    Ok(Response::json(200, &answer))
}

// The one certificate of a body, which no other key has.
fn certificate(call: &Call<'_>, own: Option<&str>) -> Result<String, OktaError> {
    let body = call.object()?;
    let chain = body
        .get("x5c")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let [Value::String(x5c)] = chain.as_slice() else {
        return Err(OktaError::invalid(
            "credential",
            "x5c: Exactly one certificate is expected",
        ));
    };
    let facts = Certificate::read(x5c).map_err(|cause| OktaError::invalid("credential", cause))?;
    let same = |key: &&IdpKey| {
        Some(key.kid.as_str()) != own
            && Certificate::read(&key.x5c).is_ok_and(|known| known.thumbprint == facts.thumbprint)
    };
    match call.org.idp_keys.values().find(same) {
        Some(known) => {
            let kid = &known.kid;
            let cause = format!("A key with the same certificate already exists: {kid}");
            Err(OktaError::invalid("credential", cause))
        }
        None => Ok(x5c.clone()),
    }
}

/// Names of the IdPs that trust a key.
fn users_of(org: &Org, kid: &str) -> Vec<String> {
    let trusts = |idp: &&Idp| {
        let trust = &idp.protocol["credentials"]["trust"];
        let more = trust["additionalKids"]
            .as_array()
            .is_some_and(|kids| kids.iter().any(|other| other == kid));
        trust["kid"] == kid || more
    };
    org.idps
        .values()
        .filter(trusts)
        .map(|idp| idp.name.clone())
        .collect()
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let key = find(call)?;
    let users = users_of(call.org, &key.kid);
    if !users.is_empty() {
        let cause = format!(
            "The key is used by the identity provider '{}'",
            users.join("', '")
        );
        return Err(OktaError::invalid("credential", cause));
    }
    call.org.idp_keys.remove(&key.kid);
    call.event("system.idp.key.delete", "IdpKey", &key.kid);
    let shape = shape(&key);
    call.deleted(format!("IdP key {}", key.kid), "idp keys", &key.kid, shape);
    Ok(Response::empty(204))
}
