//! What one simulated org holds. Plain data; the rules live with the operations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::ids::Ids;
use crate::keys::SigningKey;
use crate::people::People;
use crate::provision::profile::{Rules, user_name};
use crate::provision::state::{Provisioning, supported};
use crate::settings::Settings;
use crate::shelf::Shelf;

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

/// A scope that an app may ask for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub id: String,
    pub scope: String,
    pub issuer: String,
    pub created: u64,
    /// Type and id of who consented.
    pub by: (&'static str, String),
}

/// A client secret.
#[derive(Clone, Debug)]
pub(crate) struct ClientSecret {
    pub id: String,
    pub value: String,
    pub active: bool,
    pub created: u64,
    pub updated: u64,
}

/// What the org authorization server keeps between requests.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationServer {
    /// Signs access tokens.
    pub key: SigningKey,
    /// DPoP nonces with the time each was made, newest last.
    pub nonces: Vec<(String, u64)>,
    /// Ids of assertions and proofs already taken, with the time until which they count.
    pub used: BTreeMap<String, u64>,
}

/// A group and its members.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub id: String,
    /// `OKTA_GROUP`, `BUILT_IN` or `APP_GROUP`.
    pub kind: String,
    pub name: String,
    pub description: Value,
    pub created: u64,
    pub updated: u64,
    pub members_updated: u64,
    pub members: BTreeSet<String>,
    /// For app groups: what they stand for.
    pub of_app: Option<AppGroupSource>,
}

/// The group of a target that an app group stands for.
#[derive(Clone, Debug)]
pub(crate) struct AppGroupSource {
    pub app: String,
    /// Its id in the target, once it is known to exist there.
    pub external_id: Option<String>,
}

impl Group {
    /// An app group by the name it has in the target.
    pub(crate) fn of_app(
        ids: &mut Ids,
        app: &App,
        name: &str,
        external_id: Option<String>,
        now: u64,
    ) -> Self {
        Self {
            id: ids.fresh("00g"),
            kind: "APP_GROUP".to_owned(),
            name: name.to_owned(),
            description: Value::Null,
            created: now,
            updated: now,
            members_updated: now,
            members: BTreeSet::new(),
            of_app: Some(AppGroupSource {
                app: app.id.clone(),
                external_id,
            }),
        }
    }
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
    pub credentials: Value,
    pub settings: Value,
    /// Last part of the embed link.
    pub link: String,
    /// The `exk…` id that metadata and sign-on addresses use.
    pub external_key: String,
    pub keys: Vec<SigningKey>,
    pub users: BTreeMap<String, AppUser>,
    pub groups: BTreeMap<String, AppGroup>,
    pub provisioning: Provisioning,
    /// Admin roles of an app that is an OAuth client.
    pub roles: Vec<RoleGrant>,
    pub grants: BTreeMap<String, Grant>,
    pub secrets: Vec<ClientSecret>,
}

impl App {
    /// True for apps that sign SAML assertions.
    pub(crate) fn is_saml(&self) -> bool {
        self.sign_on_mode == "SAML_2_0"
    }

    /// True for apps that are OAuth clients, of which the client API is another view.
    pub(crate) fn is_client(&self) -> bool {
        self.name.starts_with("oidc_client")
    }

    /// The client id, which is the app's id unless another was chosen at creation.
    pub(crate) fn client_id(&self) -> Option<&str> {
        self.credentials
            .pointer("/oauthClient/client_id")?
            .as_str()
            .filter(|_| self.is_client())
    }

    /// One of the client's settings (`settings.oauthClient`).
    pub(crate) fn client_setting(&self, name: &str) -> &Value {
        &self.settings["oauthClient"][name]
    }

    /// How the client proves who it is at the token endpoint.
    pub(crate) fn auth_method(&self) -> &str {
        self.credentials["oauthClient"]["token_endpoint_auth_method"]
            .as_str()
            .unwrap_or_default()
    }

    /// The client's own keys, as stored in its settings.
    pub(crate) fn client_keys(&self) -> &[Value] {
        self.client_setting("jwks")["keys"]
            .as_array()
            .map_or(&[], Vec::as_slice)
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
    /// True when the assignment gave the username, so that it does not follow the person's.
    pub named: bool,
    pub profile: Value,
    /// What of the profile the assignment itself says.
    pub own: Map<String, Value>,
}

impl AppUser {
    fn of_group(app: &App, user: &User, group: &AppGroup) -> Self {
        let profile = app_profile(app, user);
        let user_name = user.login().to_owned();
        Self {
            scope: "GROUP".to_owned(),
            created: group.updated,
            updated: group.updated,
            user_name,
            named: false,
            profile,
            own: group.profile.as_object().cloned().unwrap_or_default(),
        }
    }
}

/// The profile that default mappings give an app user: of OpenID Connect's claims for clients.
pub(crate) fn app_profile(app: &App, user: &User) -> Value {
    if app.is_client() {
        return claims(user);
    }
    let names = ["email", "firstName", "lastName"];
    let picked = names.map(|name| (name.to_owned(), Value::from(user.attribute(name))));
    Value::Object(picked.into_iter().collect())
}

// Recorded: each claim is there, null where the person has no such attribute, and two have a default.
fn claims(user: &User) -> Value {
    const CLAIMS: [(&str, &str, Option<&str>); 20] = [
        ("street_address", "streetAddress", None),
        ("country", "countryCode", None),
        ("website", "profileUrl", None),
        ("zoneinfo", "timezone", Some("America/Los_Angeles")),
        ("birthdate", "", None),
        ("gender", "", None),
        ("formatted", "postalAddress", None),
        ("profile", "", None),
        ("locality", "city", None),
        ("given_name", "firstName", None),
        ("middle_name", "middleName", None),
        ("locale", "locale", Some("en_US")),
        ("picture", "", None),
        ("name", "displayName", None),
        ("nickname", "nickName", None),
        ("phone_number", "primaryPhone", None),
        ("region", "state", None),
        ("postal_code", "zipCode", None),
        ("family_name", "lastName", None),
        ("email", "email", None),
    ];
    let full = user.full_name();
    let claim = |(name, attribute, usual): (&str, &str, Option<&str>)| {
        let usual = if name == "name" {
            Some(full.as_str())
        } else {
            usual
        };
        let own = Some(user.attribute(attribute)).filter(|text| !text.is_empty());
        (
            name.to_owned(),
            own.or(usual).map_or(Value::Null, Value::from),
        )
    };
    Value::Object(CLAIMS.into_iter().map(claim).collect())
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
    /// What a SAML2 IdP signs its requests with.
    pub signing: Option<SigningKey>,
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
    pub id: String,
    pub name: String,
    pub value: String,
    pub owner: String,
    pub created: u64,
    /// Last call with it. A token of the seed has none: it was in use until the lab's clock started.
    pub used: Option<u64>,
}

impl Token {
    /// A token that is not used for this long is gone.
    pub(crate) const WINDOW_MS: u64 = 30 * 86_400_000;

    /// When it ends, if it is not used before.
    pub(crate) fn expires(&self, now: u64) -> u64 {
        self.used.unwrap_or(now) + Self::WINDOW_MS
    }
}
