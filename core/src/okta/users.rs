//! Users and their admin roles.
//!
//! Okta reference: Users API, User Role Assignments API.

use super::{Member, Probe, ReadOp, Resource, Shape};

const USER_MEMBERS: &[Member] = &[
    Member::Id("/id", "00u"),
    Member::Text("/status"),
    Member::Text("/profile/login"),
];

/// Users by a search expression, e.g. `profile.login eq "ada@example.com"`.
pub static LIST: ReadOp = ReadOp {
    id: "users.list",
    path: "/api/v1/users",
    query: &["search", "q", "limit"],
    shape: Shape::List(USER_MEMBERS),
    absent: false,
    scope: "okta.users.read",
};

/// One user; `me` is the caller.
pub static READ: ReadOp = ReadOp {
    id: "users.read",
    path: "/api/v1/users/{user}",
    query: &[],
    shape: Shape::Object(USER_MEMBERS),
    absent: false,
    scope: "okta.users.read",
};

/// One user, where it is an answer that there is none.
pub static FIND: ReadOp = ReadOp {
    id: "users.find",
    path: "/api/v1/users/{user}",
    query: &[],
    shape: Shape::Object(USER_MEMBERS),
    absent: true,
    scope: "okta.users.read",
};

/// The apps on a user's dashboard.
pub static APP_LINKS: ReadOp = ReadOp {
    id: "users.app-links",
    path: "/api/v1/users/{user}/appLinks",
    query: &[],
    shape: Shape::List(&[Member::Text("/label")]),
    absent: false,
    scope: "okta.users.read",
};

/// The admin roles of a user.
pub static ROLES: ReadOp = ReadOp {
    id: "users.roles",
    path: "/api/v1/users/{user}/roles",
    query: &[],
    shape: Shape::List(&[Member::Text("/type")]),
    absent: false,
    scope: "okta.roles.read",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST, &READ, &FIND, &APP_LINKS, &ROLES],
    writes: &[],
};

/// The users with this user name: none or one.
pub fn with_login(login: &str) -> Probe {
    let quoted = login.replace('\\', "\\\\").replace('"', "\\\"");
    Probe::of(
        &LIST,
        [
            ("search", &format!("profile.login eq \"{quoted}\"")),
            ("limit", "2"),
        ],
    )
}

/// One user by id.
pub fn read(user: &str) -> Probe {
    Probe::of(&READ, [("user", user)])
}

/// One user by id, who may be gone.
pub fn find(user: &str) -> Probe {
    Probe::of(&FIND, [("user", user)])
}

/// The apps on this user's dashboard.
pub fn app_links(user: &str) -> Probe {
    Probe::of(&APP_LINKS, [("user", user)])
}

/// The caller.
pub fn me() -> Probe {
    read("me")
}

/// The admin roles of this user.
pub fn roles(user: &str) -> Probe {
    Probe::of(&ROLES, [("user", user)])
}
