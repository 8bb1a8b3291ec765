//! Identity providers and their certificates.
//!
//! Okta reference: Identity Providers API. Creating an IdP is a protected action: an org may ask
//! for step-up. The audience is chosen by Okta; delete needs an inactive IdP.

use serde_json::Value;

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;

const IDP_MEMBERS: &[Member] = &[
    Member::Id("/id", "0oa"),
    Member::Text("/name"),
    Member::Text("/type"),
    Member::Text("/status"),
];
const KEY_MEMBERS: &[Member] = &[Member::Text("/kid")];
const ROLE: &str = "Super Administrator or Organization Administrator";

/// IdPs of a type.
pub static LIST: ReadOp = ReadOp {
    id: "idps.list",
    path: "/api/v1/idps",
    query: &["type", "q", "limit"],
    shape: Shape::List(IDP_MEMBERS),
    absent: false,
    scope: "okta.idps.read",
};

/// All certificates that IdPs may use.
pub static KEYS: ReadOp = ReadOp {
    id: "idps.keys",
    path: "/api/v1/idps/credentials/keys",
    query: &["limit"],
    shape: Shape::List(KEY_MEMBERS),
    absent: false,
    scope: "okta.idps.read",
};

/// One IdP.
pub static READ: ReadOp = ReadOp {
    id: "idps.read",
    path: "/api/v1/idps/{idp}",
    query: &[],
    shape: Shape::Object(IDP_MEMBERS),
    absent: false,
    scope: "okta.idps.read",
};

/// Replaces a whole IdP.
pub static REPLACE: WriteOp = WriteOp {
    id: "idps.replace",
    method: Method::Put,
    path: "/api/v1/idps/{idp}",
    query: &[],
    shape: Shape::Object(IDP_MEMBERS),
    scope: "okta.idps.manage",
    role: ROLE,
};

/// The users who are linked to an IdP.
pub static USERS: ReadOp = ReadOp {
    id: "idps.users",
    path: "/api/v1/idps/{idp}/users",
    query: &["limit"],
    shape: Shape::List(&[Member::Id("/id", "00u")]),
    absent: false,
    scope: "okta.idps.read",
};

/// Links a user to an IdP.
pub static LINK: WriteOp = WriteOp {
    id: "idps.link",
    method: Method::Post,
    path: "/api/v1/idps/{idp}/users/{user}",
    query: &[],
    shape: Shape::Object(&[Member::Id("/id", "00u")]),
    scope: "okta.users.manage",
    role: ROLE,
};

/// Takes a user's link to an IdP back.
pub static UNLINK: WriteOp = WriteOp {
    id: "idps.unlink",
    method: Method::Delete,
    path: "/api/v1/idps/{idp}/users/{user}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.idps.manage",
    role: ROLE,
};

/// Creates an IdP; it is active at once.
pub static CREATE: WriteOp = WriteOp {
    id: "idps.create",
    method: Method::Post,
    path: "/api/v1/idps",
    query: &[],
    shape: Shape::Object(IDP_MEMBERS),
    scope: "okta.idps.manage",
    role: ROLE,
};

/// Deactivates an IdP: nobody can sign in through it any more.
pub static DEACTIVATE: WriteOp = WriteOp {
    id: "idps.deactivate",
    method: Method::Post,
    path: "/api/v1/idps/{idp}/lifecycle/deactivate",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.idps.manage",
    role: ROLE,
};

/// Deletes an inactive IdP.
pub static DELETE: WriteOp = WriteOp {
    id: "idps.delete",
    method: Method::Delete,
    path: "/api/v1/idps/{idp}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.idps.manage",
    role: ROLE,
};

/// Adds a certificate that IdPs may use.
pub static ADD_KEY: WriteOp = WriteOp {
    id: "idps.add-key",
    method: Method::Post,
    path: "/api/v1/idps/credentials/keys",
    query: &[],
    shape: Shape::Object(KEY_MEMBERS),
    scope: "okta.idps.manage",
    role: ROLE,
};

/// Deletes a certificate that no IdP uses.
pub static DELETE_KEY: WriteOp = WriteOp {
    id: "idps.delete-key",
    method: Method::Delete,
    path: "/api/v1/idps/credentials/keys/{kid}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.idps.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST, &READ, &KEYS, &USERS],
    writes: &[
        &CREATE,
        &REPLACE,
        &DEACTIVATE,
        &DELETE,
        &ADD_KEY,
        &DELETE_KEY,
        &LINK,
        &UNLINK,
    ],
};

/// All SAML 2.0 IdPs.
pub fn saml() -> Probe {
    Probe::of(&LIST, [("type", "SAML2"), ("limit", "200")])
}

/// All IdPs of any type.
pub fn all() -> Probe {
    Probe::of(&LIST, [("limit", "200")])
}

/// One IdP by id.
pub fn read(idp: &str) -> Probe {
    Probe::of(&READ, [("idp", idp)])
}

/// This IdP as it was read, with the values at these pointers replaced.
pub fn replace<const N: usize>(idp: &str, seen: &Value, set: [(&str, Value); N]) -> Write {
    Write::of(&REPLACE, [("idp", idp)]).changing(seen, set)
}

/// The users who are linked to this IdP.
pub fn users(idp: &str) -> Probe {
    Probe::of(&USERS, [("idp", idp), ("limit", "200")])
}

/// Links this user to this IdP under the name that the IdP calls the person.
pub fn link(idp: &str, user: &str, name: &str) -> Write {
    Write::of(&LINK, [("idp", idp), ("user", user)]).with_personal(json!({"externalId": name}))
}

/// Takes this user's link to this IdP back.
pub fn unlink(idp: &str, user: &str) -> Write {
    Write::of(&UNLINK, [("idp", idp), ("user", user)])
}

/// All certificates.
pub fn keys() -> Probe {
    Probe::of(&KEYS, [("limit", "200")])
}

/// Adds this certificate (base64 DER, one line).
pub fn add_key(certificate: &str) -> Write {
    Write::of(&ADD_KEY, []).with(json!({"x5c": [certificate]}))
}

/// Deletes this certificate.
pub fn delete_key(kid: &str) -> Write {
    Write::of(&DELETE_KEY, [("kid", kid)])
}

/// What a SAML 2.0 IdP for one source org is made of.
pub struct Saml<'a> {
    /// Its name, unique in the org, at most 100 characters.
    pub name: &'a str,
    /// Issuer of the source org's app.
    pub issuer: &'a str,
    /// Single sign-on URL of the source org's app.
    pub sso_url: &'a str,
    /// Id of the certificate.
    pub kid: &'a str,
    /// Regular expression that the user name must match.
    pub username_filter: &'a str,
    /// The group whose members may be linked, and that new people join.
    pub group: &'a str,
    /// Whether people without an account get one at their first sign-in.
    pub jit: bool,
}

/// A new SAML 2.0 IdP. Linking is limited to the source's own group and its user names, and
/// leaves administrators out; profiles are not taken over.
pub fn create_saml(idp: &Saml<'_>) -> Write {
    let mut policy = policy(idp.group, idp.jit);
    if let Value::Object(members) = &mut policy {
        let subject = json!({
            "userNameTemplate": {"template": "idpuser.subjectNameId"},
            "filter": idp.username_filter,
            "matchType": "USERNAME",
        });
        members.insert("subject".to_owned(), subject);
    }
    Write::of(&CREATE, []).with(json!({
        "type": "SAML2",
        "name": idp.name,
        "protocol": {
            "type": "SAML2",
            "algorithms": {
                "request": {"signature": {"algorithm": "SHA-256", "scope": "REQUEST"}},
                "response": {"signature": {"algorithm": "SHA-256", "scope": "ANY"}},
            },
            "endpoints": {
                "sso": {"url": idp.sso_url, "binding": "HTTP-POST", "destination": idp.sso_url},
                "acs": {"binding": "HTTP-POST", "type": "INSTANCE"},
            },
            "credentials": {"trust": {"issuer": idp.issuer, "kid": idp.kid}},
            "settings": {"nameFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"},
        },
        "policy": policy,
    }))
}

/// What an Okta Integration IdP for one source org is made of.
pub struct Integration<'a> {
    /// Its name, unique in the org, at most 100 characters.
    pub name: &'a str,
    /// Address of the source org.
    pub org_url: &'a str,
    /// Client id of the source org's app: the app's id.
    pub client: &'a str,
    /// The group whose members may be linked, and that new people join.
    pub group: &'a str,
    /// Whether people without an account get one at their first sign-in.
    pub jit: bool,
}

/// A new Okta Integration IdP. Linking is limited to the source's own group and leaves
/// administrators out; this kind keeps no filter of user names.
pub fn create_integration(idp: &Integration<'_>) -> Write {
    let mut policy = policy(idp.group, idp.jit);
    if let Value::Object(members) = &mut policy {
        let subject = json!({
            "userNameTemplate": {"template": "idpuser.email"},
            "matchType": "USERNAME",
        });
        members.insert("subject".to_owned(), subject);
    }
    Write::of(&CREATE, []).with(json!({
        "type": "OKTA_INTEGRATION",
        "name": idp.name,
        "protocol": {
            "type": "OIDC",
            "oktaIdpOrgUrl": idp.org_url,
            "credentials": {"client": {
                "token_endpoint_auth_method": "private_key_jwt",
                "client_id": idp.client,
            }},
        },
        "policy": policy,
    }))
}

fn policy(group: &str, jit: bool) -> Value {
    let groups = match jit {
        true => json!({"action": "ASSIGN", "assignments": [group]}),
        false => json!({"action": "NONE"}),
    };
    json!({
        "accountLink": {
            "action": "AUTO",
            "filter": {"groups": {"include": [group]}, "users": {"excludeAdmins": true}},
        },
        "provisioning": {
            "action": if jit { "AUTO" } else { "DISABLED" },
            "profileMaster": false,
            "groups": groups,
            "conditions": {"deprovisioned": {"action": "NONE"}, "suspended": {"action": "NONE"}},
        },
        "maxClockSkew": 120_000,
    })
}

/// Deactivates this IdP.
pub fn deactivate(idp: &str) -> Write {
    Write::of(&DEACTIVATE, [("idp", idp)])
}

/// Deletes this inactive IdP.
pub fn delete(idp: &str) -> Write {
    Write::of(&DELETE, [("idp", idp)])
}

/// The two writes that remove an IdP for good.
pub fn remove(idp: &str) -> Vec<Write> {
    vec![deactivate(idp), delete(idp)]
}
