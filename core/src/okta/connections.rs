//! The provisioning connection of an app.
//!
//! Okta reference: Application Connections API. A fresh connection answers without `profile`;
//! an app without provisioning answers `status` `UNKNOWN`.

use super::{Member, Probe, ReadOp, Resource, Shape};

/// The default connection of an app.
pub static READ: ReadOp = ReadOp {
    id: "connections.read",
    path: "/api/v1/apps/{app}/connections/default",
    query: &[],
    shape: Shape::Object(&[Member::Text("/status")]),
    absent: false,
    scope: "okta.apps.read",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&READ],
    writes: &[],
};

/// The default connection of this app.
pub fn read(app: &str) -> Probe {
    Probe::of(&READ, [("app", app)])
}
