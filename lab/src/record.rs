//! What the lab tells about itself: effects, requests, and where its orgs are.

use serde::Serialize;

use crate::fault::FaultKind;

/// One change of state.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Effect {
    /// When, in milliseconds.
    pub at_ms: u64,
    /// Subdomain of the org that changed.
    pub org: String,
    /// Login of who did it; empty for nobody.
    pub actor: String,
    /// Method of the call.
    pub method: String,
    /// Path of the call.
    pub path: String,
    /// `created`, `updated` or `deleted`, and what.
    pub what: String,
}

/// One request of the Management API, as it arrived.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Logged {
    /// When, in milliseconds.
    pub at_ms: u64,
    /// Subdomain of the org that was called; empty when no org has the host.
    pub org: String,
    /// Host that was called.
    pub host: String,
    /// Method.
    pub method: String,
    /// Path.
    pub path: String,
    /// Query, without question mark.
    pub query: String,
    /// Status of the answer; none when the connection died.
    pub status: Option<u16>,
    /// The fault that hit it.
    pub fault: Option<FaultKind>,
}

/// An admin of an org, with a token for the command line.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Admin {
    /// Login.
    pub login: String,
    /// Admin role.
    pub role: String,
    /// API token, for `Authorization: SSWS …`.
    pub token: String,
}

/// Where an org is and who administers it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Site {
    /// First label of the host.
    pub subdomain: String,
    /// Company name.
    pub name: String,
    /// Organisation id.
    pub id: String,
    /// Host of users and of the API, as in `acme.okta.com`.
    pub host: String,
    /// Host of the Admin Console, as in `acme-admin.okta.com`.
    pub admin_host: String,
    /// Its admins.
    pub admins: Vec<Admin>,
}
