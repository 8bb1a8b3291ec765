//! What one simulated org holds. Plain data; the rules live with the operations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::keys::SigningKey;

/// One org: its directory, apps, identity providers and what it remembers of the past.
#[derive(Clone, Debug)]
pub(crate) struct Org {
    pub id: String,
    pub subdomain: String,
    pub family: String,
    pub name: String,
    pub created: u64,
    pub users: BTreeMap<String, User>,
    pub groups: BTreeMap<String, Group>,
    pub apps: BTreeMap<String, App>,
    pub idps: BTreeMap<String, Idp>,
    pub idp_keys: BTreeMap<String, IdpKey>,
    pub tokens: Vec<Token>,
    pub log: Vec<Value>,
    pub lag: Lag,
    /// Assertion ids already taken by this org's ACS, with the time until which they count.
    pub assertions: BTreeMap<String, u64>,
    pub user_type: String,
    pub schema: String,
    pub brand: String,
    pub realm: String,
    pub policy: String,
}

impl Org {
    /// `acme.okta.com`.
    pub(crate) fn host(&self) -> String {
        format!("{}.{}", self.subdomain, self.family)
    }

    /// `acme-admin.okta.com`.
    pub(crate) fn admin_host(&self) -> String {
        format!("{}-admin.{}", self.subdomain, self.family)
    }

    /// A user by id, by login, or by the part of a login before `@` when only one user has it.
    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        if let Some(user) = self.users.get(name) {
            return Some(user);
        }
        let by_login = |user: &&User| user.login().eq_ignore_ascii_case(name);
        self.users.values().find(by_login).or_else(|| {
            let mut short = self.users.values().filter(|user| {
                user.login()
                    .split('@')
                    .next()
                    .is_some_and(|part| part.eq_ignore_ascii_case(name))
            });
            short.next().filter(|_| short.next().is_none())
        })
    }

    /// Users of an app: those assigned in person, then members of its groups. Ids with scope.
    pub(crate) fn app_users(&self, app: &App) -> BTreeMap<String, AppUser> {
        let mut users = app.users.clone();
        for (group, assigned) in &app.groups {
            let members = self.groups.get(group).map(|group| &group.members);
            for id in members.into_iter().flatten() {
                if let Some(user) = self
                    .users
                    .get(id)
                    .filter(|user| user.status != "DEPROVISIONED")
                {
                    users
                        .entry(id.clone())
                        .or_insert_with(|| AppUser::of_group(user, assigned.updated));
                }
            }
        }
        users
    }

    /// True when the user may open the app.
    pub(crate) fn may_open(&self, app: &App, user: &str) -> bool {
        let in_group = |group: &String| {
            self.groups
                .get(group)
                .is_some_and(|group| group.members.contains(user))
        };
        app.users.contains_key(user) || app.groups.keys().any(in_group)
    }
}

/// Objects that lists and reads do not agree about yet: what eventual consistency looks like from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lag {
    /// Key → time until which lists miss it.
    pub hidden: BTreeMap<String, u64>,
    /// Key → time until which every other read answers 404, and how often it was read.
    pub flaky: BTreeMap<String, (u64, u32)>,
    /// Deleted objects that lists still show: collection, key, object, time until.
    pub ghosts: Vec<(String, String, Value, u64)>,
}

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

/// A standard admin role given to a user.
#[derive(Clone, Debug)]
pub(crate) struct RoleGrant {
    pub id: String,
    pub kind: String,
    pub created: u64,
}

/// A group and its members.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub id: String,
    /// `OKTA_GROUP` or `BUILT_IN`.
    pub kind: String,
    pub name: String,
    pub description: Value,
    pub created: u64,
    pub updated: u64,
    pub members_updated: u64,
    pub members: BTreeSet<String>,
}

/// An app instance with its keys and assignments.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub id: String,
    pub name: String,
    pub label: String,
    pub active: bool,
    pub created: u64,
    pub updated: u64,
    pub sign_on_mode: String,
    pub accessibility: Value,
    pub visibility: Value,
    pub features: Value,
    pub credentials: Value,
    pub settings: Value,
    /// Last part of the embed link.
    pub link: String,
    /// The `exk…` id that metadata and sign-on addresses use.
    pub external_key: String,
    pub keys: Vec<SigningKey>,
    pub users: BTreeMap<String, AppUser>,
    pub groups: BTreeMap<String, AppGroup>,
}

impl App {
    /// True for apps that sign SAML assertions.
    pub(crate) fn is_saml(&self) -> bool {
        self.sign_on_mode == "SAML_2_0"
    }

    /// The key named by `credentials.signing.kid`.
    pub(crate) fn active_key(&self) -> Option<&SigningKey> {
        let kid = self.credentials.pointer("/signing/kid")?.as_str()?;
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// One of the app's own settings (`settings.app`).
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get("app")?.get(name)?.as_str()
    }
}

/// A user's assignment to an app.
#[derive(Clone, Debug)]
pub(crate) struct AppUser {
    /// `USER` or `GROUP`.
    pub scope: String,
    pub created: u64,
    pub updated: u64,
    pub user_name: String,
    pub profile: Value,
}

impl AppUser {
    fn of_group(user: &User, when: u64) -> Self {
        let profile = app_profile(user);
        let user_name = user.login().to_owned();
        Self {
            scope: "GROUP".to_owned(),
            created: when,
            updated: when,
            user_name,
            profile,
        }
    }
}

/// The profile that default mappings give an app user.
pub(crate) fn app_profile(user: &User) -> Value {
    let names = ["email", "firstName", "lastName"];
    let picked = names.map(|name| (name.to_owned(), Value::from(user.attribute(name))));
    Value::Object(picked.into_iter().collect())
}

/// A group's assignment to an app.
#[derive(Clone, Debug)]
pub(crate) struct AppGroup {
    pub priority: u64,
    pub updated: u64,
    pub profile: Value,
}

/// An identity provider.
#[derive(Clone, Debug)]
pub(crate) struct Idp {
    pub id: String,
    pub name: String,
    /// `SAML2`, `OKTA_INTEGRATION`, `OIDC`…
    pub kind: String,
    pub active: bool,
    pub created: u64,
    pub updated: u64,
    pub issuer_mode: Value,
    pub protocol: Value,
    pub policy: Value,
    pub links: BTreeMap<String, IdpUser>,
}

impl Idp {
    /// A text of the protocol or policy by JSON pointer below the IdP, such as `/protocol/credentials/trust/kid`.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        match pointer.strip_prefix("/protocol") {
            Some(rest) => self.protocol.pointer(rest)?.as_str(),
            None => self
                .policy
                .pointer(pointer.strip_prefix("/policy")?)?
                .as_str(),
        }
    }
}

/// A user linked to an IdP.
#[derive(Clone, Debug)]
pub(crate) struct IdpUser {
    pub external_id: String,
    pub created: u64,
    pub updated: u64,
    pub profile: Value,
}

/// A certificate that IdPs may trust.
#[derive(Clone, Debug)]
pub(crate) struct IdpKey {
    pub kid: String,
    pub created: u64,
    pub x5c: String,
}

/// An API token, which has the rights of its owner.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub value: String,
    pub owner: String,
}
