//! Group push: groups of the source that an app keeps alike in the target.
//!
//! Okta reference: Group Push Mapping API. The name of a group that exists in the target links to
//! it; delete needs an inactive mapping and says what becomes of the target's group.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;

const ROLE: &str = "Super Administrator or Application Administrator";
const MAPPING: &[Member] = &[
    Member::Id("/id", "gPm"),
    Member::Id("/sourceGroupId", "00g"),
    Member::Text("/status"),
];

/// The mappings of an app.
pub static LIST: ReadOp = ReadOp {
    id: "group-push.list",
    path: "/api/v1/apps/{app}/group-push/mappings",
    query: &["sourceGroupId", "limit"],
    shape: Shape::List(MAPPING),
    absent: false,
    scope: "okta.apps.read okta.groups.read",
};

/// Pushes a group from now on.
pub static CREATE: WriteOp = WriteOp {
    id: "group-push.create",
    method: Method::Post,
    path: "/api/v1/apps/{app}/group-push/mappings",
    query: &[],
    shape: Shape::Object(MAPPING),
    scope: "okta.apps.manage okta.groups.manage",
    role: ROLE,
};

/// Turns a mapping on or off.
pub static UPDATE: WriteOp = WriteOp {
    id: "group-push.update",
    method: Method::Patch,
    path: "/api/v1/apps/{app}/group-push/mappings/{mapping}",
    query: &[],
    shape: Shape::Object(MAPPING),
    scope: "okta.apps.manage okta.groups.manage",
    role: ROLE,
};

/// Ends an inactive mapping.
pub static DELETE: WriteOp = WriteOp {
    id: "group-push.delete",
    method: Method::Delete,
    path: "/api/v1/apps/{app}/group-push/mappings/{mapping}",
    query: &["deleteTargetGroup"],
    shape: Shape::Empty,
    scope: "okta.apps.manage okta.groups.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST],
    writes: &[&CREATE, &UPDATE, &DELETE],
};

/// How this app pushes this group.
pub fn of(app: &str, group: &str) -> Probe {
    Probe::of(
        &LIST,
        [("app", app), ("sourceGroupId", group), ("limit", "1000")],
    )
}

/// Every group that this app pushes.
pub fn all(app: &str) -> Probe {
    Probe::of(&LIST, [("app", app), ("limit", "1000")])
}

/// Pushes this group to a new group of that name.
pub fn create(app: &str, group: &str, target_name: &str) -> Write {
    Write::of(&CREATE, [("app", app)]).with(json!({
        "sourceGroupId": group, "targetGroupName": target_name, "status": "ACTIVE",
    }))
}

/// The two writes that end a mapping; the group in the target stays, with whom it has.
pub fn remove(app: &str, mapping: &str) -> Vec<Write> {
    let ids = [("app", app), ("mapping", mapping)];
    let end = [
        ("app", app),
        ("mapping", mapping),
        ("deleteTargetGroup", "false"),
    ];
    vec![
        Write::of(&UPDATE, ids).with(json!({"status": "INACTIVE"})),
        Write::of(&DELETE, end),
    ]
}
