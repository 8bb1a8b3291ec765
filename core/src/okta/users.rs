//! Users and their admin roles.
//!
//! Okta reference: Users API, User Role Assignments API.

use serde_json::Value;

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;

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

/// Makes an account.
pub static CREATE: WriteOp = WriteOp {
    id: "users.create",
    method: Method::Post,
    path: "/api/v1/users",
    query: &["activate", "provider"],
    shape: Shape::Object(USER_MEMBERS),
    scope: "okta.users.manage",
    role: "Super Administrator, Organization Administrator or Group Administrator",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST, &READ, &FIND, &APP_LINKS, &ROLES],
    writes: &[],
};

/// What only a caller with a token sends: no relay knows it.
pub const BY_TOKEN: Resource = Resource {
    reads: &[],
    writes: &[&CREATE],
};

/// The users with this user name: none or one.
pub fn with_login(login: &str) -> Probe {
    Probe::of(
        &LIST,
        [
            ("search", &["profile.login eq ", &quoted(login)].concat()),
            ("limit", "2"),
        ],
    )
}

/// The users with these user names, those who were deactivated too: a search that does not name
/// the status leaves them out.
pub fn with_logins<'a>(logins: impl IntoIterator<Item = &'a str>) -> Probe {
    let each = logins.into_iter().map(quoted);
    let each: Vec<String> = each
        .map(|login| ["profile.login eq ", &login].concat())
        .collect();
    let search = ["status pr and (", &each.join(" or "), ")"].concat();
    Probe::of(&LIST, [("search", &search), ("limit", "200")])
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    ["\"", &escaped, "\""].concat()
}

/// A new account without a password, whose owner signs in through an identity provider only; in
/// these groups from the start.
pub fn create(profile: &serde_json::Map<String, Value>, groups: &[&str], activate: bool) -> Write {
    let whether = if activate { "true" } else { "false" };
    let groups: Vec<Value> = groups.iter().map(|id| Value::from(*id)).collect();
    Write::of(&CREATE, [("activate", whether), ("provider", "true")]).with_personal(json!({
        "profile": Value::Object(profile.clone()),
        "credentials": {"provider": {"type": "FEDERATION", "name": "FEDERATION"}},
        "groupIds": Value::Array(groups),
    }))
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
