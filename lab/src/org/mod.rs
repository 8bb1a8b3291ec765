//! What one simulated org holds. Plain data; the rules live with the operations.

mod access;
mod app;
mod group;
mod idp;
mod role;
mod user;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::people::People;
use crate::provision::profile::{Rules, user_name};
use crate::provision::state::supported;
use crate::settings::Settings;
use crate::shelf::Shelf;

pub(crate) use access::{AuthorizationServer, ClientSecret, Grant, Token};
pub(crate) use app::{App, AppGroup, AppUser, app_profile, claims};
pub(crate) use group::Group;
pub(crate) use idp::{Idp, IdpKey, IdpUser};
pub(crate) use role::{Binding, CustomRole, Resource, ResourceSet, RoleGrant};
pub(crate) use user::User;

/// One org: its directory, apps, identity providers and what it remembers of the past.
#[derive(Clone, Debug)]
pub(crate) struct Org {
    pub id: String,
    pub subdomain: String,
    pub family: String,
    pub name: String,
    pub created: u64,
    pub users: People,
    pub groups: Shelf<Group>,
    pub apps: Shelf<App>,
    pub idps: Shelf<Idp>,
    pub idp_keys: Shelf<IdpKey>,
    /// Rules of profile mappings that differ from those an app comes with, by mapping id.
    pub mappings: BTreeMap<String, Map<String, Value>>,
    /// Attributes that an admin added to the user profile.
    pub attributes: Map<String, Value>,
    pub tokens: Vec<Token>,
    pub custom_roles: BTreeMap<String, CustomRole>,
    pub resource_sets: BTreeMap<String, ResourceSet>,
    /// True when a new service app becomes super admin by itself, as older orgs have it.
    pub client_privileges: bool,
    pub server: AuthorizationServer,
    pub log: Vec<Value>,
    pub lag: Lag,
    /// Assertion ids already taken by this org's ACS, with the time until which they count.
    pub assertions: BTreeMap<String, u64>,
    pub user_type: String,
    pub schema: String,
    pub brand: String,
    pub realm: String,
    pub policy: String,
    pub settings: Settings,
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
        let found = self.users.with_login(name);
        // The part before `@` has none itself.
        if found.is_some() || name.contains('@') {
            return found;
        }
        let starts = |user: &&User| {
            let start = user.login().split('@').next();
            start.is_some_and(|part| part.eq_ignore_ascii_case(name))
        };
        let mut short = self.users.values().filter(starts);
        short.next().filter(|_| short.next().is_none())
    }

    /// The app that is this OAuth client.
    pub(crate) fn client(&self, client_id: &str) -> Option<&App> {
        self.apps
            .values()
            .find(|app| app.client_id() == Some(client_id))
    }

    /// Every custom role that somebody has, over what.
    pub(crate) fn bindings(&self) -> impl Iterator<Item = &Binding> {
        let users = self.users.values().flat_map(|user| &user.roles);
        let clients = self.apps.values().flat_map(|app| &app.roles);
        users.chain(clients).filter_map(|role| role.custom.as_ref())
    }

    /// What custom roles add: permissions whose resource set holds all resources of their kind.
    pub(crate) fn permissions(&self, roles: &[RoleGrant]) -> Vec<String> {
        let bound = roles.iter().filter_map(|role| {
            let custom = role.custom.as_ref()?;
            Some((
                self.custom_roles.get(&custom.role)?,
                self.resource_sets.get(&custom.resource_set)?,
            ))
        });
        bound
            .flat_map(|(role, set)| {
                let covered = |name: &&String| {
                    let kind = name.split('.').nth(1).unwrap_or_default();
                    set.resources
                        .values()
                        .any(|resource| resource.is_all(kind, self))
                };
                role.permissions.iter().filter(covered).cloned()
            })
            .collect()
    }

    /// Users of an app: those assigned in person, then members of its groups. Ids with scope. An inactive app has
    /// nobody by a group.
    pub(crate) fn app_users(&self, app: &App) -> BTreeMap<String, AppUser> {
        let mut users = app.users.clone();
        users.retain(|id, user| user.scope == "USER" || self.has_by_group(app, id));
        for (group, assigned) in app.groups.iter().filter(|_| app.active) {
            let members = self.groups.get(group).map(|group| &group.members);
            for id in members.into_iter().flatten() {
                if let Some(user) = self.member(id) {
                    users
                        .entry(id.clone())
                        .or_insert_with(|| AppUser::of_group(app, user, assigned));
                }
            }
        }
        if supported(app) {
            let rules = Rules::of(self, app);
            for (id, assigned) in &mut users {
                self.mapped(app, &rules, id, assigned);
            }
        }
        users
    }

    /// One of them.
    pub(crate) fn app_user(&self, app: &App, id: &str) -> Option<AppUser> {
        let by_group = |(group, assigned): (&String, &AppGroup)| {
            let group = self.groups.get(group)?;
            let member = group.members.contains(id).then(|| self.member(id))?;
            member.map(|user| AppUser::of_group(app, user, assigned))
        };
        let mut groups = app.groups.iter().filter(|_| app.active);
        let own = app.users.get(id).cloned();
        let own = own.filter(|user| user.scope == "USER" || self.has_by_group(app, id));
        let mut found = own.or_else(|| groups.find_map(by_group))?;
        if supported(app) {
            self.mapped(app, &Rules::of(self, app), id, &mut found);
        }
        Some(found)
    }

    fn has_by_group(&self, app: &App, user: &str) -> bool {
        let mut groups = app.groups.keys().filter(|_| app.active);
        groups.any(|id| {
            let group = self.groups.get(id);
            group.is_some_and(|group| group.members.contains(user))
        })
    }

    fn member(&self, id: &str) -> Option<&User> {
        self.users
            .get(id)
            .filter(|user| user.status != "DEPROVISIONED")
    }

    // What is mapped follows the person; what the assignment itself says stays on top.
    fn mapped(&self, app: &App, rules: &Rules, id: &str, assigned: &mut AppUser) {
        let Some(user) = self.users.get(id) else {
            return;
        };
        let mut profile = rules.profile(user);
        profile.extend(assigned.own.clone());
        assigned.profile = Value::Object(profile);
        if !assigned.named {
            assigned.user_name = user_name(app, user).to_owned();
        }
    }

    /// True when the user, named by id or login, is in the group.
    pub(crate) fn has_member(&self, group: &str, user: &str) -> bool {
        let user = self.user(user).map(|user| &user.id);
        let members = self.groups.get(group).map(|group| &group.members);
        user.zip(members)
            .is_some_and(|(user, members)| members.contains(user))
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
