//! Profile mappings: what goes from a user's profile into an app's.
//!
//! Okta reference: Profile Mappings API. An update changes the properties it names; null for both
//! members of a property removes it.

use serde_json::Value;

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};

const MAPPING: &[Member] = &[Member::Id("/id", "prm")];

/// Mappings from and to something.
pub static LIST: ReadOp = ReadOp {
    id: "mappings.list",
    path: "/api/v1/mappings",
    query: &["sourceId", "targetId", "limit"],
    shape: Shape::List(MAPPING),
    absent: false,
    scope: "okta.profileMappings.read",
};

/// One mapping with its properties.
pub static READ: ReadOp = ReadOp {
    id: "mappings.read",
    path: "/api/v1/mappings/{mapping}",
    query: &[],
    shape: Shape::Object(MAPPING),
    absent: false,
    scope: "okta.profileMappings.read",
};

/// Changes some properties of a mapping.
pub static UPDATE: WriteOp = WriteOp {
    id: "mappings.update",
    method: Method::Post,
    path: "/api/v1/mappings/{mapping}",
    query: &[],
    shape: Shape::Object(MAPPING),
    scope: "okta.profileMappings.manage",
    role: "Super Administrator or Application Administrator",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST, &READ],
    writes: &[&UPDATE],
};

/// The mappings into this app.
pub fn into_app(app: &str) -> Probe {
    Probe::of(&LIST, [("targetId", app), ("limit", "200")])
}

/// One mapping.
pub fn read(mapping: &str) -> Probe {
    Probe::of(&READ, [("mapping", mapping)])
}

/// Sets the property at this pointer, e.g. `/properties/initialStatus`; `seen` is the mapping as
/// it was read.
pub fn set(mapping: &str, seen: &Value, at: &str, rule: Value) -> Write {
    Write::of(&UPDATE, [("mapping", mapping)]).patching(seen, [(at, rule)])
}
