//! Whether new service apps become super admins by themselves.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::rights::{Area::Org, Right};
use crate::wire::Response;

const PATH: &str = "/api/v1/org/settings/clientPrivilegesSetting";

pub(super) const ROUTES: &[Route] = &[
    route("GET", PATH, Right::Read(Org), read),
    route("PUT", PATH, Right::Manage(Org), put),
];

fn answer(call: &Call<'_>) -> Response {
    let body = json!({ "clientPrivilegesSetting": call.org.client_privileges });
    Response::json(200, &body)
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(answer(call))
}

fn put(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let on = body
        .get("clientPrivilegesSetting")
        .and_then(Value::as_bool)
        .ok_or_else(OktaError::malformed)?;
    if on != call.org.client_privileges {
        call.org.client_privileges = on;
        call.updated(format!("client privileges are {on}"));
    }
    Ok(answer(call))
}
