//! One call under way: the org, the caller, the input, and what it changed.

use std::collections::BTreeSet;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::OktaError;
use crate::ids::Ids;
use crate::org::{App, Group, Idp, Org, RoleGrant, User};

/// Who calls: a user, a service app, or nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Actor {
    /// User id; empty for nobody and for a service app.
    pub user: String,
    /// Login of the user, or client id of the service app.
    pub login: String,
    /// Standard admin roles.
    pub roles: Vec<String>,
    /// Standard roles that are limited to some groups.
    pub limited: Vec<(String, BTreeSet<String>)>,
    /// Permissions that custom roles add.
    pub permissions: Vec<String>,
    /// Client id of a service app; empty for users.
    pub client: String,
    /// Id of the API token that was used, if one was.
    pub token: String,
}

impl Actor {
    /// The same caller with what these roles give at the org.
    pub(crate) fn with(mut self, org: &Org, roles: &[RoleGrant]) -> Self {
        for role in roles {
            if role.groups.is_empty() {
                self.roles.push(role.kind.clone());
            } else {
                self.limited.push((role.kind.clone(), role.groups.clone()));
            }
        }
        self.permissions = org.permissions(roles);
        self
    }
}

/// What a call did to an object, for the log of effects and for eventual consistency.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Created {
        what: String,
        collection: String,
        key: String,
    },
    Deleted {
        what: String,
        collection: String,
        key: String,
        object: Value,
    },
    Updated {
        what: String,
    },
}

/// An operation's surroundings.
pub(crate) struct Call<'w> {
    pub org: &'w mut Org,
    pub ids: &'w mut Ids,
    /// Host that was called: links in the answer carry it.
    pub host: String,
    pub path: String,
    pub params: Vec<(&'static str, String)>,
    pub query: Vec<(String, String)>,
    pub accept: String,
    pub body: Value,
    pub actor: Actor,
    /// True when the org claims to be another one (an injected fault).
    pub wrong_org: bool,
    /// True when the session claims to be another admin's (an injected fault).
    pub wrong_actor: bool,
    pub now: u64,
    pub changes: Vec<Change>,
    /// What goes into the System Log when the call succeeds: event type, and type and id of its target.
    pub events: Vec<(&'static str, &'static str, String)>,
}

impl Call<'_> {
    /// A path parameter.
    pub(crate) fn param(&self, name: &str) -> String {
        self.params
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, v)| v.clone())
            .unwrap_or_default()
    }

    /// A query parameter; none when absent or empty.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let found = self
            .query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone());
        found.filter(|value| !value.is_empty())
    }

    /// A link on the host that was called.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("https://{}{path}", self.host)
    }

    /// The body as an object, or Okta's answer to anything else.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, OktaError> {
        self.body
            .as_object()
            .cloned()
            .ok_or_else(OktaError::malformed)
    }

    /// The app of the path, unless reads are to miss it for now.
    pub(crate) fn app(&mut self) -> Result<Arc<App>, OktaError> {
        let id = self.param("appId");
        let found = self.org.apps.shared(&id);
        found
            .filter(|_| self.settled(&id))
            .ok_or_else(|| OktaError::missing(&id, "AppInstance"))
    }

    /// The OAuth client of the path.
    pub(crate) fn client(&mut self) -> Result<App, OktaError> {
        let id = self.param("clientId");
        let found = self.org.client(&id).cloned();
        found
            .filter(|app| self.settled(&app.id))
            .ok_or_else(|| OktaError::missing(&id, "PublicClientApp"))
    }

    /// The IdP of the path.
    pub(crate) fn idp(&mut self) -> Result<Arc<Idp>, OktaError> {
        let id = self.param("idpId");
        let found = self.org.idps.shared(&id);
        found
            .filter(|_| self.settled(&id))
            .ok_or_else(|| OktaError::missing(&id, "IdpTrust"))
    }

    /// The group of the path.
    pub(crate) fn group(&mut self) -> Result<Arc<Group>, OktaError> {
        let id = self.param("groupId");
        let found = self.org.groups.shared(&id);
        found
            .filter(|_| self.settled(&id))
            .ok_or_else(|| OktaError::missing(&id, "UserGroup"))
    }

    /// The user of the path, named by id, login or short login.
    pub(crate) fn user(&mut self) -> Result<User, OktaError> {
        let name = self.param("userId");
        let found = match name.as_str() {
            "me" => self.org.users.get(&self.actor.user).cloned(),
            _ => self.org.user(&name).cloned(),
        };
        let found = found.filter(|user| self.settled(&user.id));
        found.ok_or_else(|| OktaError::missing(&name, "User"))
    }

    /// False while reads of a fresh object flip between 404 and 200.
    pub(crate) fn settled(&mut self, key: &str) -> bool {
        let Some((until, reads)) = self.org.lag.flaky.get_mut(key) else {
            return true;
        };
        if self.now >= *until {
            self.org.lag.flaky.remove(key);
            return true;
        }
        *reads += 1;
        (*reads).is_multiple_of(2)
    }

    pub(crate) fn created(&mut self, what: impl Into<String>, collection: &str, key: &str) {
        let (collection, key) = (collection.to_owned(), key.to_owned());
        self.changes.push(Change::Created {
            what: what.into(),
            collection,
            key,
        });
    }

    pub(crate) fn deleted(
        &mut self,
        what: impl Into<String>,
        collection: &str,
        key: &str,
        object: Value,
    ) {
        let (collection, key) = (collection.to_owned(), key.to_owned());
        self.changes.push(Change::Deleted {
            what: what.into(),
            collection,
            key,
            object,
        });
    }

    /// One line for the System Log.
    pub(crate) fn event(&mut self, kind: &'static str, target: &'static str, id: &str) {
        self.events.push((kind, target, id.to_owned()));
    }

    pub(crate) fn updated(&mut self, what: impl Into<String>) {
        self.changes.push(Change::Updated { what: what.into() });
    }
}
