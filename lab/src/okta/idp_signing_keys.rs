//! What an identity provider signs its requests with.

use serde_json::Value;

use super::call::Call;
use super::{Outcome, Route, route};
use crate::keys::SigningKey;
use crate::rights::{Area::Idps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/idps/{idpId}/credentials/keys",
        Right::Read(Idps),
        list,
    ),
    route(
        "GET",
        "/api/v1/idps/{idpId}/credentials/keys/active",
        Right::Read(Idps),
        active,
    ),
];

fn list(call: &mut Call<'_>) -> Outcome {
    let keys = call.idp()?.signing.clone();
    let keys: Vec<Value> = keys.iter().map(SigningKey::json).collect();
    Ok(Response::json(200, &Value::Array(keys)))
}

// An IdP without a key of its own, such as an OpenID Connect one, answers no content.
fn active(call: &mut Call<'_>) -> Outcome {
    match call.idp()?.signing {
        Some(_) => list(call),
        None => Ok(Response::empty(204)),
    }
}
