//! Who is an admin at all.

use serde_json::{Value, json};

use super::call::Call;
use super::{Outcome, Route, route};
use crate::rights::{Area::Roles, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[route(
    "GET",
    "/api/v1/iam/assignees/users",
    Right::Read(Roles),
    list,
)];

// Unlike other lists this one is an object, and its next page is a link in the body.
fn list(call: &mut Call<'_>) -> Outcome {
    let limit = call
        .query("limit")
        .and_then(|text| text.parse().ok())
        .unwrap_or(100)
        .clamp(1, 200);
    let after = call.query("after").unwrap_or_default();
    let admins = call
        .org
        .users
        .values()
        .filter(|user| !user.roles.is_empty() && user.id > after);
    let mut found: Vec<&str> = admins.map(|user| user.id.as_str()).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let shown: Vec<Value> = found.iter().map(|id| {
        let base = call.href(&format!("/api/v1/users/{id}"));
        json!({
            "id": id, "orn": format!("orn:okta:directory:{}:users:{id}", call.org.id),
            "_links": { "self": { "href": base }, "roles": { "href": format!("{base}/roles") } },
        })
    }).collect();
    let mut body = json!({ "value": shown, "_links": {} });
    if let (true, Some(last)) = (more, found.last()) {
        let next = call.href(&format!(
            "/api/v1/iam/assignees/users?after={last}&limit={limit}"
        ));
        body["_links"] = json!({ "next": { "href": next } });
    }
    Ok(Response::json(200, &body))
}
