//! Custom admin roles, and what they are given over.
//!
//! Okta reference: Roles and Resource Sets API. Lists come inside an object, a hundred at a time.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;
use crate::org::OrgUrl;

const ROLE: &str = "Super Administrator";

/// One custom role, by id or label, if there is one.
pub static ROLE_READ: ReadOp = ReadOp {
    id: "iam.role",
    path: "/api/v1/iam/roles/{role}",
    query: &[],
    shape: Shape::Object(&[Member::Text("/id"), Member::Text("/label")]),
    absent: true,
    scope: "okta.roles.read",
};

/// One resource set, by id or label, if there is one.
pub static SET_READ: ReadOp = ReadOp {
    id: "iam.resource-set",
    path: "/api/v1/iam/resource-sets/{set}",
    query: &[],
    shape: Shape::Object(&[Member::Text("/id"), Member::Text("/label")]),
    absent: true,
    scope: "okta.roles.read",
};

/// The people with an admin role, a hundred at a time.
pub static ADMINS: ReadOp = ReadOp {
    id: "iam.admins",
    path: "/api/v1/iam/assignees/users",
    query: &["limit"],
    shape: Shape::Object(&[Member::List("/value")]),
    absent: false,
    scope: "okta.roles.read",
};

/// Makes a custom role.
pub static ROLE_CREATE: WriteOp = WriteOp {
    id: "iam.create-role",
    method: Method::Post,
    path: "/api/v1/iam/roles",
    query: &[],
    shape: Shape::Object(&[Member::Text("/id")]),
    scope: "okta.roles.manage",
    role: ROLE,
};

/// Deletes a custom role that nobody holds.
pub static ROLE_DELETE: WriteOp = WriteOp {
    id: "iam.delete-role",
    method: Method::Delete,
    path: "/api/v1/iam/roles/{role}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.roles.manage",
    role: ROLE,
};

/// Makes a resource set.
pub static SET_CREATE: WriteOp = WriteOp {
    id: "iam.create-resource-set",
    method: Method::Post,
    path: "/api/v1/iam/resource-sets",
    query: &[],
    shape: Shape::Object(&[Member::Text("/id")]),
    scope: "okta.roles.manage",
    role: ROLE,
};

/// Deletes a resource set over which nobody holds a role.
pub static SET_DELETE: WriteOp = WriteOp {
    id: "iam.delete-resource-set",
    method: Method::Delete,
    path: "/api/v1/iam/resource-sets/{set}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.roles.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&ROLE_READ, &SET_READ, &ADMINS],
    writes: &[&ROLE_CREATE, &ROLE_DELETE, &SET_CREATE, &SET_DELETE],
};

/// The people with an admin role.
pub fn admins() -> Probe {
    Probe::of(&ADMINS, [("limit", "200")])
}

/// The custom role with this label.
pub fn role(label: &str) -> Probe {
    Probe::of(&ROLE_READ, [("role", label)])
}

/// The resource set with this label.
pub fn resource_set(label: &str) -> Probe {
    Probe::of(&SET_READ, [("set", label)])
}

/// A custom role that may do nothing but make groups.
pub fn create_group_role(label: &str, description: &str) -> Write {
    Write::of(&ROLE_CREATE, []).with(json!({
        "label": label, "description": description,
        "permissions": ["okta.groups.create"],
    }))
}

/// A resource set of all groups of this org.
pub fn create_all_groups(label: &str, description: &str, org: &OrgUrl) -> Write {
    Write::of(&SET_CREATE, []).with(json!({
        "label": label, "description": description,
        "resources": [format!("{}/api/v1/groups", org.base())],
    }))
}

/// Deletes this custom role.
pub fn delete_role(role: &str) -> Write {
    Write::of(&ROLE_DELETE, [("role", role)])
}

/// Deletes this resource set.
pub fn delete_resource_set(set: &str) -> Write {
    Write::of(&SET_DELETE, [("set", set)])
}
