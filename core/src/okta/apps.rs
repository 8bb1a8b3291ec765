//! Apps, their SAML metadata and their life cycle.
//!
//! Okta reference: Applications API. An app of the catalog is made from its `name`
//! (`okta_org2org`, `bookmark`); PUT replaces the whole app; delete needs an inactive app.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;
use crate::org::OrgUrl;

const APP: Shape = Shape::Object(APP_MEMBERS);
const APP_MEMBERS: &[Member] = &[
    Member::Id("/id", "0oa"),
    Member::Text("/name"),
    Member::Text("/label"),
    Member::Text("/status"),
];
const ROLE: &str = "Super Administrator or Application Administrator";

/// Apps by a filter, e.g. `name eq "bookmark"`.
pub static LIST: ReadOp = ReadOp {
    id: "apps.list",
    path: "/api/v1/apps",
    query: &["filter", "q", "limit"],
    shape: Shape::List(APP_MEMBERS),
    absent: false,
    scope: "okta.apps.read",
};

/// One app.
pub static READ: ReadOp = ReadOp {
    id: "apps.read",
    path: "/api/v1/apps/{app}",
    query: &[],
    shape: APP,
    absent: false,
    scope: "okta.apps.read",
};

/// The SAML metadata of an app: issuer, single sign-on URL, certificate.
pub static METADATA: ReadOp = ReadOp {
    id: "apps.metadata",
    path: "/api/v1/apps/{app}/sso/saml/metadata",
    query: &[],
    shape: Shape::Xml("EntityDescriptor"),
    absent: false,
    scope: "okta.apps.read",
};

/// Creates an app; it is active at once.
pub static CREATE: WriteOp = WriteOp {
    id: "apps.create",
    method: Method::Post,
    path: "/api/v1/apps",
    query: &[],
    shape: APP,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// Replaces a whole app.
pub static REPLACE: WriteOp = WriteOp {
    id: "apps.replace",
    method: Method::Put,
    path: "/api/v1/apps/{app}",
    query: &[],
    shape: APP,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// Deactivates an app: nobody can use it any more.
pub static DEACTIVATE: WriteOp = WriteOp {
    id: "apps.deactivate",
    method: Method::Post,
    path: "/api/v1/apps/{app}/lifecycle/deactivate",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// Deletes an inactive app.
pub static DELETE: WriteOp = WriteOp {
    id: "apps.delete",
    method: Method::Delete,
    path: "/api/v1/apps/{app}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apps.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST, &READ, &METADATA],
    writes: &[&CREATE, &REPLACE, &DEACTIVATE, &DELETE],
};

/// All apps made from this catalog entry.
pub fn named(name: &str) -> Probe {
    Probe::of(
        &LIST,
        [("filter", &format!("name eq \"{name}\"")), ("limit", "200")],
    )
}

/// All apps.
pub fn all() -> Probe {
    Probe::of(&LIST, [("limit", "200")])
}

/// All active apps.
pub fn active() -> Probe {
    Probe::of(
        &LIST,
        [("filter", "status eq \"ACTIVE\""), ("limit", "200")],
    )
}

/// One app by id.
pub fn read(app: &str) -> Probe {
    Probe::of(&READ, [("app", app)])
}

/// The SAML metadata of an app.
pub fn metadata(app: &str) -> Probe {
    Probe::of(&METADATA, [("app", app)])
}

/// A new Org2Org app that signs people in to `target` by SAML 2.0; the address and audience of
/// the target's IdP follow once that IdP exists.
pub fn create_org2org(label: &str, target: &OrgUrl, note: &str) -> Write {
    Write::of(&CREATE, []).with(json!({
        "name": "okta_org2org",
        "label": label,
        "signOnMode": "SAML_2_0",
        "settings": {
            "app": {"baseUrl": target.base()},
            "notes": {"admin": note},
        },
    }))
}

/// A new Org2Org app that signs people in to `target` by OpenID Connect; the id of the target's
/// IdP follows once that IdP exists.
pub fn create_org2org_oidc(label: &str, target: &OrgUrl, note: &str) -> Write {
    Write::of(&CREATE, []).with(json!({
        "name": "okta_org2org",
        "label": label,
        "signOnMode": "OPENID_CONNECT",
        "settings": {
            "app": {"baseUrl": target.base()},
            "notes": {"admin": note},
        },
    }))
}

/// A new bookmark app.
pub fn create_bookmark(label: &str, url: &str, note: &str) -> Write {
    Write::of(&CREATE, []).with(json!({
        "name": "bookmark",
        "label": label,
        "signOnMode": "BOOKMARK",
        "settings": {
            "app": {"url": url, "requestIntegration": false},
            "notes": {"admin": note},
        },
    }))
}

/// Deactivates this app.
pub fn deactivate(app: &str) -> Write {
    Write::of(&DEACTIVATE, [("app", app)])
}

/// Deletes this inactive app.
pub fn delete(app: &str) -> Write {
    Write::of(&DELETE, [("app", app)])
}

/// The two writes that remove an app for good.
pub fn remove(app: &str) -> Vec<Write> {
    vec![deactivate(app), delete(app)]
}
