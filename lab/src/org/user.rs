//! A person of an org.

use serde_json::{Map, Value};

use super::RoleGrant;

/// A person of the org.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub id: String,
    pub status: String,
    pub created: u64,
    pub updated: u64,
    pub last_login: Option<u64>,
    pub profile: Map<String, Value>,
    pub password: Option<String>,
    /// `OKTA`, `FEDERATION` or `IMPORT`.
    pub provider: String,
    /// The identity provider that masters the profile, by id; then nobody else may change it.
    pub master: Option<String>,
    pub roles: Vec<RoleGrant>,
}

impl User {
    /// A profile attribute as text; empty when unset.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.profile
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub(crate) fn login(&self) -> &str {
        self.attribute("login")
    }

    /// First and last name as one text.
    pub(crate) fn full_name(&self) -> String {
        format!(
            "{} {}",
            self.attribute("firstName"),
            self.attribute("lastName")
        )
        .trim()
        .to_owned()
    }
}
