//! The System Log.
//!
//! Okta reference: System Log API. A query with an end is read page by page until one is empty.

use super::{Member, Probe, ReadOp, Resource, Shape};

/// Events that fit a filter, from one moment to another, oldest first.
pub static LIST: ReadOp = ReadOp {
    id: "logs.list",
    path: "/api/v1/logs",
    query: &["filter", "since", "until", "limit"],
    shape: Shape::List(&[
        Member::Text("/uuid"),
        Member::Text("/eventType"),
        Member::Text("/published"),
    ]),
    absent: false,
    scope: "okta.logs.read",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST],
    writes: &[],
};

/// What was done to this object or by it, between two moments (RFC 3339, UTC).
pub fn about(object: &str, since: &str, until: &str) -> Probe {
    let filter = format!("target.id eq \"{object}\" or actor.id eq \"{object}\"");
    Probe::of(
        &LIST,
        [
            ("filter", &filter),
            ("since", since),
            ("until", until),
            ("limit", "1000"),
        ],
    )
}
