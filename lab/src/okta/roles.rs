//! Admin roles of a user.

use serde_json::{Value, json};

use super::call::Call;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::rights::{Area::Roles, Right, label};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[route(
    "GET",
    "/api/v1/users/{userId}/roles",
    Right::Read(Roles),
    list,
)];

fn list(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    let assignee = call.href(&format!("/api/v1/users/{}", user.id));
    let roles: Vec<Value> = user.roles.iter().map(|role| {
        json!({
            "id": role.id, "label": label(&role.kind), "type": role.kind, "status": "ACTIVE",
            "created": stamp(role.created), "lastUpdated": stamp(role.created), "assignmentType": "USER",
            "_links": { "assignee": { "href": assignee } },
        })
    }).collect();
    Ok(Response::json(200, &Value::Array(roles)))
}
