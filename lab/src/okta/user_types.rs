//! User types: the default one, which every user has.

use serde_json::json;

use super::call::Call;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::rights::{Area::Schemas, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] =
    &[
        route("GET", "/api/v1/meta/types/user", Right::Read(Schemas), list)
            .scopes(&["okta.userTypes.read"]),
    ];

fn list(call: &mut Call<'_>) -> Outcome {
    let org = &*call.org;
    let created = stamp(org.created);
    let link = |path: &str| call.href(&format!("/api/v1/meta/{path}"));
    Ok(Response::json(
        200,
        &json!([{
            "id": org.user_type, "displayName": "User", "name": "user", "description": "Okta user profile template with default permission settings",
            "createdBy": "sprz9fj1ycBcsgopy1d6", "lastUpdatedBy": "sprz9fj1ycBcsgopy1d6", "created": created, "lastUpdated": created,
            "default": true,
            "_links": {
                "schema": { "rel": "schema", "href": link(&format!("schemas/user/{}", org.schema)), "method": "GET" },
                "self": { "rel": "self", "href": link(&format!("types/user/{}", org.user_type)), "method": "GET" },
            },
        }]),
    ))
}
