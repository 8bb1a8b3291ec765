//! Assignments of users and groups to an app.
//!
//! Okta reference: Application Users and Application Groups API. A group is assigned by PUT
//! (Okta's Org2Org guide says POST; the published API and recorded traffic say PUT).

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;

const APP_USER: &[Member] = &[Member::Id("/id", "00u"), Member::Text("/status")];
/// The most people on one page.
pub const PAGE: usize = 500;
const ROLE: &str = "Super Administrator or Application Administrator";

/// The assignment of one group, if there is one.
pub static READ_GROUP: ReadOp = ReadOp {
    id: "app-groups.read",
    path: "/api/v1/apps/{app}/groups/{group}",
    query: &[],
    shape: Shape::Object(&[Member::Id("/id", "00g")]),
    absent: true,
    scope: "okta.apps.read",
};

/// The assignment of one user, if there is one.
pub static READ_USER: ReadOp = ReadOp {
    id: "app-users.read",
    path: "/api/v1/apps/{app}/users/{user}",
    query: &[],
    shape: Shape::Object(&[Member::Id("/id", "00u")]),
    absent: true,
    scope: "okta.apps.read",
};

/// The groups of an app.
pub static LIST_GROUPS: ReadOp = ReadOp {
    id: "app-groups.list",
    path: "/api/v1/apps/{app}/groups",
    query: &["limit"],
    shape: Shape::List(&[Member::Id("/id", "00g")]),
    absent: false,
    scope: "okta.apps.read",
};

/// The people of an app, all pages.
pub static LIST_USERS: ReadOp = ReadOp {
    id: "app-users.list",
    path: "/api/v1/apps/{app}/users",
    query: &["limit"],
    shape: Shape::List(APP_USER),
    absent: false,
    scope: "okta.apps.read",
};

/// The first people of an app: one page, however many there are.
pub static FIRST_USERS: ReadOp = ReadOp {
    id: "app-users.first",
    path: "/api/v1/apps/{app}/users",
    query: &["limit"],
    shape: Shape::Page(APP_USER),
    absent: false,
    scope: "okta.apps.read",
};

/// Assigns a group.
pub static ASSIGN_GROUP: WriteOp = WriteOp {
    id: "app-groups.assign",
    method: Method::Put,
    path: "/api/v1/apps/{app}/groups/{group}",
    query: &[],
    shape: Shape::Object(&[]),
    scope: "okta.apps.manage",
    role: ROLE,
};

/// Assigns a user.
pub static ASSIGN_USER: WriteOp = WriteOp {
    id: "app-users.assign",
    method: Method::Post,
    path: "/api/v1/apps/{app}/users",
    query: &[],
    shape: Shape::Object(&[Member::Id("/id", "00u")]),
    scope: "okta.apps.manage",
    role: ROLE,
};

/// Takes a group's assignment back.
pub static UNASSIGN_GROUP: WriteOp = WriteOp {
    id: "app-groups.unassign",
    method: Method::Delete,
    path: "/api/v1/apps/{app}/groups/{group}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// Takes a user's assignment back. Destructive where provisioning deactivates users.
pub static UNASSIGN_USER: WriteOp = WriteOp {
    id: "app-users.unassign",
    method: Method::Delete,
    path: "/api/v1/apps/{app}/users/{user}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[
        &READ_GROUP,
        &READ_USER,
        &LIST_GROUPS,
        &LIST_USERS,
        &FIRST_USERS,
    ],
    writes: &[&ASSIGN_GROUP, &ASSIGN_USER, &UNASSIGN_GROUP, &UNASSIGN_USER],
};

/// The assignment of this group to this app.
pub fn group(app: &str, group: &str) -> Probe {
    Probe::of(&READ_GROUP, [("app", app), ("group", group)])
}

/// The assignment of this user to this app.
pub fn user(app: &str, user: &str) -> Probe {
    Probe::of(&READ_USER, [("app", app), ("user", user)])
}

/// The groups of this app.
pub fn groups(app: &str) -> Probe {
    Probe::of(&LIST_GROUPS, [("app", app), ("limit", "200")])
}

/// The people of this app: all of them, or the first [`PAGE`].
pub fn users(app: &str, all: bool) -> Probe {
    let op = if all { &LIST_USERS } else { &FIRST_USERS };
    Probe::of(op, [("app", app), ("limit", &PAGE.to_string())])
}

/// Assigns this group.
pub fn assign_group(app: &str, group: &str) -> Write {
    Write::of(&ASSIGN_GROUP, [("app", app), ("group", group)]).with(json!({}))
}

/// Assigns this user by id; Okta fills in the user name from the app's own template.
pub fn assign_user(app: &str, user: &str) -> Write {
    Write::of(&ASSIGN_USER, [("app", app)]).with(json!({"id": user, "scope": "USER"}))
}

/// Takes this group's assignment back.
pub fn unassign_group(app: &str, group: &str) -> Write {
    Write::of(&UNASSIGN_GROUP, [("app", app), ("group", group)])
}

/// Takes this user's assignment back.
pub fn unassign_user(app: &str, user: &str) -> Write {
    Write::of(&UNASSIGN_USER, [("app", app), ("user", user)])
}
