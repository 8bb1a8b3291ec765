//! The org itself: who it is.
//!
//! Okta reference: Org Well-Known Metadata and Org Settings API.

use super::{Member, Probe, ReadOp, Resource, Shape};

/// The org's id; needs no session.
pub static WELL_KNOWN: ReadOp = ReadOp {
    id: "org.well-known",
    path: "/.well-known/okta-organization",
    query: &[],
    shape: Shape::Object(&[Member::Id("/id", "00o")]),
    absent: false,
    scope: "",
};

/// The org's name and state.
pub static READ: ReadOp = ReadOp {
    id: "org.read",
    path: "/api/v1/org",
    query: &[],
    shape: Shape::Object(&[Member::Text("/companyName")]),
    absent: false,
    scope: "okta.orgs.read",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&WELL_KNOWN, &READ],
    writes: &[],
};

/// The org's id.
pub fn well_known() -> Probe {
    Probe::of(&WELL_KNOWN, [])
}

/// The org's name.
pub fn read() -> Probe {
    Probe::of(&READ, [])
}
