//! Policies: one for signing on, which every app follows, and the one that holds the routing rules.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::rights::{
    Area::{Apps, Policies},
    Right,
};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/policies", Right::Read(Policies), list),
    route(
        "PUT",
        "/api/v1/apps/{appId}/policies/{policyId}",
        Right::Manage(Apps),
        assign,
    ),
];

fn list(call: &mut Call<'_>) -> Outcome {
    let Some(kind) = call.query("type") else {
        let cause = "type: The field cannot be left blank";
        return Err(OktaError::invalid("type", cause));
    };
    let all: Vec<Value> = [signing_on(call), routing(call)]
        .into_iter()
        .filter(|policy| policy["type"] == kind.as_str())
        .collect();
    let place = format!("<{}?type={kind}>; rel=\"self\"", call.href(&call.path));
    Ok(Response::json(200, &Value::Array(all)).with("link", &place))
}

fn links(call: &Call<'_>, id: &str) -> Value {
    let base = call.href(&format!("/api/v1/policies/{id}"));
    let link = |path: &str, allow: &[&str]| json!({ "href": format!("{base}{path}"), "hints": { "allow": allow } });
    json!({ "self": link("", &["GET", "PUT"]), "rules": link("/rules", &["GET", "POST"]) })
}

fn signing_on(call: &Call<'_>) -> Value {
    let id = &call.org.policy;
    json!({
        "id": id, "status": "ACTIVE", "name": "Any two factors", "priority": 1, "system": true,
        "description": "Require two factors to access.", "conditions": null, "created": stamp(call.org.created), "lastUpdated": stamp(call.org.created),
        "_links": links(call, id), "_embedded": { "resourceType": "APP" }, "type": "ACCESS_POLICY",
    })
}

/// The policy that holds the routing rules.
pub(super) fn routing(call: &Call<'_>) -> Value {
    let id = &call.org.settings.routing.id;
    json!({
        "id": id, "status": "ACTIVE", "name": "Idp Discovery Policy", "priority": 1, "system": true,
        "description": "Idp Discovery Policy", "conditions": null, "created": stamp(call.org.created), "lastUpdated": stamp(call.org.created),
        "_links": links(call, id), "type": "IDP_DISCOVERY",
    })
}

// There is one policy, which every app has from the start: assigning it changes nothing.
fn assign(call: &mut Call<'_>) -> Outcome {
    call.app()?;
    let id = call.param("policyId");
    if id != call.org.policy {
        return Err(OktaError::missing(&id, "Policy"));
    }
    Ok(Response::empty(204))
}
