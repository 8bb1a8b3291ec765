//! The domains an org answers at besides its own.
//!
//! Okta reference: Custom Domains API.

use super::{Member, Probe, ReadOp, Resource, Shape};

/// All domains; each says who manages its certificate.
pub static LIST: ReadOp = ReadOp {
    id: "domains.list",
    path: "/api/v1/domains",
    query: &[],
    shape: Shape::Object(&[Member::List("/domains")]),
    absent: false,
    scope: "okta.domains.read",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST],
    writes: &[],
};

/// All domains.
pub fn all() -> Probe {
    Probe::of(&LIST, [])
}
