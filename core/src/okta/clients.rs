//! Service apps: OAuth 2.0 clients that act for themselves, and the admin roles they hold.
//!
//! Okta reference: Applications API (an `oidc_client` app of type `service`), Role Assignment
//! Client API. DPoP can be asked for through the Applications API only; only a super admin may
//! give roles to a client.

use serde_json::Value;

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp, apps};
use crate::json::json;

const ROLE: &str = "Super Administrator";

/// The admin roles of a client.
pub static ROLES: ReadOp = ReadOp {
    id: "client-roles.list",
    path: "/oauth2/v1/clients/{client}/roles",
    query: &[],
    shape: Shape::List(&[Member::Text("/id"), Member::Text("/type")]),
    absent: false,
    scope: "okta.roles.read",
};

/// Gives a client an admin role.
pub static ADD_ROLE: WriteOp = WriteOp {
    id: "client-roles.add",
    method: Method::Post,
    path: "/oauth2/v1/clients/{client}/roles",
    query: &[],
    shape: Shape::Object(&[Member::Text("/id"), Member::Text("/type")]),
    scope: "okta.roles.manage",
    role: ROLE,
};

/// Takes an admin role from a client.
pub static REMOVE_ROLE: WriteOp = WriteOp {
    id: "client-roles.remove",
    method: Method::Delete,
    path: "/oauth2/v1/clients/{client}/roles/{role}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.roles.manage",
    role: ROLE,
};

/// Adds a public key to a client.
pub static ADD_KEY: WriteOp = WriteOp {
    id: "client-keys.add",
    method: Method::Post,
    path: "/api/v1/apps/{app}/credentials/jwks",
    query: &[],
    shape: Shape::Object(&[Member::Text("/kid")]),
    scope: "okta.apps.manage",
    role: "Super Administrator or Application Administrator",
};

/// Deactivates a public key of a client: what it signed counts no more.
pub static DEACTIVATE_KEY: WriteOp = WriteOp {
    id: "client-keys.deactivate",
    method: Method::Post,
    path: "/api/v1/apps/{app}/credentials/jwks/{key}/lifecycle/deactivate",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apps.manage",
    role: "Super Administrator or Application Administrator",
};

/// Deletes an inactive public key of a client.
pub static DELETE_KEY: WriteOp = WriteOp {
    id: "client-keys.delete",
    method: Method::Delete,
    path: "/api/v1/apps/{app}/credentials/jwks/{key}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.apps.manage",
    role: "Super Administrator or Application Administrator",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&ROLES],
    writes: &[
        &ADD_ROLE,
        &REMOVE_ROLE,
        &ADD_KEY,
        &DEACTIVATE_KEY,
        &DELETE_KEY,
    ],
};

/// Where a service app's public keys are.
pub enum Keys<'a> {
    /// Fetched from this address.
    At(&'a str),
    /// Kept in the app: a list of public JWKs.
    Kept(Value),
}

/// A new service app that proves itself by key, with DPoP-bound tokens; it may do nothing yet.
pub fn create_service(label: &str, keys: Keys<'_>, note: &str) -> Write {
    let (name, value) = match keys {
        Keys::At(address) => ("jwks_uri", Value::from(address)),
        Keys::Kept(keys) => ("jwks", json!({"keys": keys})),
    };
    let mut client = json!({
        "application_type": "service",
        "grant_types": ["client_credentials"],
        "response_types": ["token"],
        "consent_method": "TRUSTED",
        "dpop_bound_access_tokens": true,
    });
    if let Value::Object(members) = &mut client {
        members.insert(name.to_owned(), value);
    }
    Write::of(&apps::CREATE, []).with(json!({
        "name": "oidc_client",
        "label": label,
        "signOnMode": "OPENID_CONNECT",
        "credentials": {"oauthClient": {
            "token_endpoint_auth_method": "private_key_jwt",
            "pkce_required": false,
            "autoKeyRotation": true,
        }},
        "settings": {"oauthClient": client, "notes": {"admin": note}},
    }))
}

/// Adds this public JWK to the client with this app id, beside those it has.
pub fn add_key(app: &str, key: Value) -> Write {
    Write::of(&ADD_KEY, [("app", app)]).with(key)
}

/// Deactivates the key with this id (`pks…`, not its `kid`).
pub fn deactivate_key(app: &str, key: &str) -> Write {
    Write::of(&DEACTIVATE_KEY, [("app", app), ("key", key)])
}

/// Deletes the inactive key with this id (`pks…`, not its `kid`).
pub fn delete_key(app: &str, key: &str) -> Write {
    Write::of(&DELETE_KEY, [("app", app), ("key", key)])
}

/// The admin roles of this client.
pub fn roles(client: &str) -> Probe {
    Probe::of(&ROLES, [("client", client)])
}

/// Gives this client a standard role, e.g. `USER_ADMIN`.
pub fn add_role(client: &str, kind: &str) -> Write {
    Write::of(&ADD_ROLE, [("client", client)]).with(json!({"type": kind}))
}

/// Gives this client a custom role over a resource set.
pub fn add_custom_role(client: &str, role: &str, resource_set: &str) -> Write {
    Write::of(&ADD_ROLE, [("client", client)])
        .with(json!({"type": "CUSTOM", "role": role, "resource-set": resource_set}))
}

/// Takes the role with this assignment id from this client.
pub fn remove_role(client: &str, role: &str) -> Write {
    Write::of(&REMOVE_ROLE, [("client", client), ("role", role)])
}
