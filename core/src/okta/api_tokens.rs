//! API tokens. They are made in the Admin Console only, and told once.
//!
//! Okta reference: API Tokens API.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};

/// All tokens, without their values.
pub static LIST: ReadOp = ReadOp {
    id: "api-tokens.list",
    path: "/api/v1/api-tokens",
    query: &[],
    shape: Shape::List(&[Member::Id("/id", "00T"), Member::Text("/name")]),
    absent: false,
    scope: "okta.apiTokens.read",
};

/// Revokes a token for good.
pub static REVOKE: WriteOp = WriteOp {
    id: "api-tokens.revoke",
    method: Method::Delete,
    path: "/api/v1/api-tokens/{token}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apiTokens.manage",
    role: "Super Administrator",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST],
    writes: &[&REVOKE],
};

/// All tokens.
pub fn all() -> Probe {
    Probe::of(&LIST, [])
}

/// Revokes this token.
pub fn revoke(token: &str) -> Write {
    Write::of(&REVOKE, [("token", token)])
}
