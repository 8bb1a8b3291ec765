//! Admin roles: standard and custom ones, and over what they are given.

use std::collections::{BTreeMap, BTreeSet};

use super::Org;

/// An admin role given to a user or a client.
#[derive(Clone, Debug)]
pub(crate) struct RoleGrant {
    pub id: String,
    /// A standard role, or `CUSTOM`.
    pub kind: String,
    pub created: u64,
    /// Which custom role it is, and over what.
    pub custom: Option<Binding>,
    /// Groups that a standard role is limited to; none means all.
    pub groups: BTreeSet<String>,
}

impl RoleGrant {
    /// A standard role over everything.
    pub(crate) fn standard(id: String, kind: &str, created: u64) -> Self {
        Self {
            id,
            kind: kind.to_owned(),
            created,
            custom: None,
            groups: BTreeSet::new(),
        }
    }
}

/// A custom role over a resource set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub role: String,
    pub resource_set: String,
}

/// An admin role of the org's own.
#[derive(Clone, Debug)]
pub(crate) struct CustomRole {
    pub id: String,
    pub label: String,
    pub description: String,
    pub created: u64,
    pub updated: u64,
    pub permissions: BTreeSet<String>,
}

/// What a custom role may be given over.
#[derive(Clone, Debug)]
pub(crate) struct ResourceSet {
    pub id: String,
    pub label: String,
    pub description: String,
    pub created: u64,
    pub updated: u64,
    /// By id of the entry.
    pub resources: BTreeMap<String, Resource>,
}

/// An entry of a resource set, as a REST address or an Okta Resource Name.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub name: String,
    pub created: u64,
}

impl Resource {
    /// True when the entry is all of a kind (`groups`, `users`, `apps`) in this org.
    pub(crate) fn is_all(&self, kind: &str, org: &Org) -> bool {
        let place = if kind == "apps" { "idp" } else { "directory" };
        self.name == format!("https://{}/api/v1/{kind}", org.host())
            || self.name == format!("orn:okta:{place}:{}:{kind}", org.id)
    }
}
