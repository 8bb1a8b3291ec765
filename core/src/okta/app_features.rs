//! What an app's provisioning does: create, update, deactivate, passwords, imports.
//!
//! Okta reference: Application Features API. Partial updates keep what they do not name; before
//! the connection is enabled every call is refused.

use serde_json::Value;

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json;

const FEATURE: Shape = Shape::Object(&[Member::Text("/name"), Member::Text("/status")]);

/// One feature of an app.
pub static READ: ReadOp = ReadOp {
    id: "app-features.read",
    path: "/api/v1/apps/{app}/features/{feature}",
    query: &[],
    shape: FEATURE,
    absent: false,
    scope: "okta.apps.read",
};

/// All features of an app.
pub static LIST: ReadOp = ReadOp {
    id: "app-features.list",
    path: "/api/v1/apps/{app}/features",
    query: &[],
    shape: Shape::List(&[Member::Text("/name"), Member::Text("/status")]),
    absent: false,
    scope: "okta.apps.read",
};

/// Changes what a feature does.
pub static UPDATE: WriteOp = WriteOp {
    id: "app-features.update",
    method: Method::Put,
    path: "/api/v1/apps/{app}/features/{feature}",
    query: &[],
    shape: FEATURE,
    scope: "okta.apps.manage",
    role: "Super Administrator or Application Administrator",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&READ, &LIST],
    writes: &[&UPDATE],
};

/// The feature that pushes to the app.
pub const TO_APP: &str = "USER_PROVISIONING";
/// The feature that imports from the app.
pub const TO_OKTA: &str = "INBOUND_PROVISIONING";

/// All features of this app.
pub fn all(app: &str) -> Probe {
    Probe::of(&LIST, [("app", app)])
}

/// What this app pushes (*To App*).
pub fn to_app(app: &str) -> Probe {
    Probe::of(&READ, [("app", app), ("feature", TO_APP)])
}

/// What this app imports (*To Okta*).
pub fn to_okta(app: &str) -> Probe {
    Probe::of(&READ, [("app", app), ("feature", TO_OKTA)])
}

/// Changes what this app pushes, at these pointers below `capabilities`; what is not named stays.
/// `seen` is the feature as it was read.
pub fn set_to_app<const N: usize>(app: &str, seen: &Value, set: [(&str, Value); N]) -> Write {
    let now = json::at(seen, "/capabilities").unwrap_or(&Value::Null);
    Write::of(&UPDATE, [("app", app), ("feature", TO_APP)]).patching(now, set)
}
