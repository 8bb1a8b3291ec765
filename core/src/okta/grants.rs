//! API scopes granted to a service app.
//!
//! Okta reference: Application Grants API. Granting answers 200 in recorded traffic, 201 in the
//! published document.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;
use crate::org::OrgUrl;

const ROLE: &str = "Super Administrator";
const GRANT: &[Member] = &[Member::Text("/id"), Member::Text("/scopeId")];

/// The scopes granted to an app.
pub static LIST: ReadOp = ReadOp {
    id: "grants.list",
    path: "/api/v1/apps/{app}/grants",
    query: &[],
    shape: Shape::List(GRANT),
    absent: false,
    scope: "okta.appGrants.read",
};

/// Grants a scope.
pub static GIVE: WriteOp = WriteOp {
    id: "grants.give",
    method: Method::Post,
    path: "/api/v1/apps/{app}/grants",
    query: &[],
    shape: Shape::Object(GRANT),
    scope: "okta.appGrants.manage",
    role: ROLE,
};

/// Revokes a grant.
pub static REVOKE: WriteOp = WriteOp {
    id: "grants.revoke",
    method: Method::Delete,
    path: "/api/v1/apps/{app}/grants/{grant}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.appGrants.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST],
    writes: &[&GIVE, &REVOKE],
};

/// The scopes granted to this app.
pub fn of(app: &str) -> Probe {
    Probe::of(&LIST, [("app", app)])
}

/// Grants this scope of the org's own authorization server.
pub fn give(app: &str, scope: &str, org: &OrgUrl) -> Write {
    Write::of(&GIVE, [("app", app)]).with(json!({"scopeId": scope, "issuer": org.base()}))
}

/// Revokes this grant.
pub fn revoke(app: &str, grant: &str) -> Write {
    Write::of(&REVOKE, [("app", app), ("grant", grant)])
}
