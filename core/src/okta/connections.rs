//! The provisioning connection of an app.
//!
//! Okta reference: Application Connections API. A fresh connection answers without `profile`;
//! an app without provisioning answers `status` `UNKNOWN`. The set of keys is there only once
//! the connection is.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;
use crate::org::OrgUrl;

const CONNECTION: Shape = Shape::Object(&[Member::Text("/status")]);
const ROLE: &str = "Super Administrator or Application Administrator";

/// The default connection of an app.
pub static READ: ReadOp = ReadOp {
    id: "connections.read",
    path: "/api/v1/apps/{app}/connections/default",
    query: &[],
    shape: CONNECTION,
    absent: false,
    scope: "okta.apps.read",
};

/// The public keys with which the connection proves itself.
pub static KEYS: ReadOp = ReadOp {
    id: "connections.keys",
    path: "/api/v1/apps/{app}/connections/default/jwks",
    query: &[],
    shape: Shape::Object(&[]),
    absent: true,
    scope: "okta.apps.read",
};

/// Sets the default connection.
pub static SET: WriteOp = WriteOp {
    id: "connections.set",
    method: Method::Post,
    path: "/api/v1/apps/{app}/connections/default",
    query: &["activate"],
    shape: CONNECTION,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// Turns the default connection off: nothing is pushed any more.
pub static DEACTIVATE: WriteOp = WriteOp {
    id: "connections.deactivate",
    method: Method::Post,
    path: "/api/v1/apps/{app}/connections/default/lifecycle/deactivate",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&READ, &KEYS],
    writes: &[&SET, &DEACTIVATE],
};

/// The default connection of this app.
pub fn read(app: &str) -> Probe {
    Probe::of(&READ, [("app", app)])
}

/// The public keys of this app's connection.
pub fn keys(app: &str) -> Probe {
    Probe::of(&KEYS, [("app", app)])
}

/// Where the target fetches the public keys of this app's connection; known before they exist.
pub fn keys_address(org: &OrgUrl, app: &str) -> String {
    format!("{}/api/v1/apps/{app}/connections/default/jwks", org.base())
}

/// Connects this app as the target's client, with keys that rotate by themselves (`AUTO`) or by
/// hand (`MANUAL`), and turns it on.
pub fn set_oauth(app: &str, client: &str, rotation: &str) -> Write {
    Write::of(&SET, [("app", app), ("activate", "true")]).with(json!({
        "profile": {"authScheme": "OAUTH2", "clientId": client, "signing": {"rotationMode": rotation}},
    }))
}

/// Turns this app's connection off.
pub fn deactivate(app: &str) -> Write {
    Write::of(&DEACTIVATE, [("app", app)])
}
