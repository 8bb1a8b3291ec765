//! Groups and their members.
//!
//! Okta reference: Groups API.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;

const GROUP_MEMBERS: &[Member] = &[Member::Id("/id", "00g"), Member::Text("/profile/name")];

/// Groups whose name starts with `q`.
pub static LIST: ReadOp = ReadOp {
    id: "groups.list",
    path: "/api/v1/groups",
    query: &["q", "search", "limit"],
    shape: Shape::List(GROUP_MEMBERS),
    absent: false,
    scope: "okta.groups.read",
};

/// The people in a group.
pub static PEOPLE: ReadOp = ReadOp {
    id: "groups.people",
    path: "/api/v1/groups/{group}/users",
    query: &["limit"],
    shape: Shape::List(&[Member::Id("/id", "00u"), Member::Text("/profile/login")]),
    absent: false,
    scope: "okta.groups.read",
};

/// Creates a group.
pub static CREATE: WriteOp = WriteOp {
    id: "groups.create",
    method: Method::Post,
    path: "/api/v1/groups",
    query: &[],
    shape: Shape::Object(GROUP_MEMBERS),
    scope: "okta.groups.manage",
    role: "Organization Administrator, or a custom role with Create groups",
};

/// Deletes a group.
pub static DELETE: WriteOp = WriteOp {
    id: "groups.delete",
    method: Method::Delete,
    path: "/api/v1/groups/{group}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.groups.manage",
    role: "Organization Administrator, or a custom role with Manage groups",
};

/// Puts a user into a group.
pub static ADD: WriteOp = WriteOp {
    id: "groups.add",
    method: Method::Put,
    path: "/api/v1/groups/{group}/users/{user}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.groups.manage",
    role: "Group Membership Administrator",
};

/// Takes a user out of a group.
pub static REMOVE: WriteOp = WriteOp {
    id: "groups.remove",
    method: Method::Delete,
    path: "/api/v1/groups/{group}/users/{user}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.groups.manage",
    role: "Group Membership Administrator",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST, &PEOPLE],
    writes: &[&CREATE, &DELETE, &ADD, &REMOVE],
};

/// Groups whose name starts with this.
pub fn starting_with(name: &str) -> Probe {
    Probe::of(&LIST, [("q", name), ("limit", "200")])
}

/// The people in this group.
pub fn people(group: &str) -> Probe {
    Probe::of(&PEOPLE, [("group", group), ("limit", "200")])
}

/// A new group.
pub fn create(name: &str, description: &str) -> Write {
    Write::of(&CREATE, []).with(json!({"profile": {"name": name, "description": description}}))
}

/// Deletes this group.
pub fn delete(group: &str) -> Write {
    Write::of(&DELETE, [("group", group)])
}

/// Puts this user into this group.
pub fn add(group: &str, user: &str) -> Write {
    Write::of(&ADD, [("group", group), ("user", user)])
}

/// Takes this user out of this group.
pub fn remove(group: &str, user: &str) -> Write {
    Write::of(&REMOVE, [("group", group), ("user", user)])
}
