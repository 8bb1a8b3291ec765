//! What an app keeps for provisioning: its connection, its features, and what was pushed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::keys::SigningKey;
use crate::org::App;

/// All of it; empty for an app whose connection was never set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Provisioning {
    pub connection: Connection,
    pub to_app: ToApp,
    pub to_okta: ToOkta,
    /// People by source user id: those assigned while the connection is enabled.
    pub people: BTreeMap<String, Link>,
    pub pushes: BTreeMap<String, Push>,
    /// Groups of the target that go with their mapping, by the target's id.
    pub dropped: Vec<String>,
    pub by_console: ByConsole,
    /// Attributes that an admin added to the app user profile.
    pub attributes: Map<String, Value>,
}

/// How the source calls the target.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection {
    /// None until it was set.
    pub way: Option<Way>,
    pub enabled: bool,
    /// As given; otherwise the app's own base URL is answered.
    pub base_url: Option<String>,
    /// Keys of AUTO, the newest last. MANUAL signs with the app's signing key.
    pub keys: Vec<SigningKey>,
    /// The access token in use. It is not part of the state that counts.
    pub access: Option<Access>,
}

/// What a connection authenticates with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    OAuth { client_id: String, auto: bool },
    Token(String),
}

/// An access token with its end, in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub token: String,
    /// True when every call needs a DPoP proof.
    pub bound: bool,
    pub scopes: String,
    pub until: u64,
}

/// What "Provisioning to App" pushes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ToApp {
    pub create: bool,
    pub profile: bool,
    pub deactivate: bool,
    pub password: bool,
    /// True for the user's own password (`OKTA`), false for a random one.
    pub own_password: bool,
    /// True when a random password is renewed with every change (`CHANGE`).
    pub renew: bool,
}

/// What "Provisioning to Okta" holds; stored, as the lab runs no imports.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ToOkta(pub Value);

impl Default for ToOkta {
    fn default() -> Self {
        Self(json!({
            "importSettings": {
                "username": { "userNameFormat": "EMAIL" },
                "schedule": { "status": "DISABLED", "fullImport": null, "incrementalImport": null },
            },
            "importRules": { "userCreateAndMatch": {
                "exactMatchCriteria": "USERNAME", "allowPartialMatch": true, "autoConfirmPartialMatch": false,
                "autoConfirmExactMatch": false, "autoConfirmNewUsers": false, "autoActivateNewUsers": false,
            } },
        }))
    }
}

/// What only the console sets, as no operation of the Management API does. Stored, as the lab runs no imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ByConsole {
    /// Linking of pushed groups reads the target's groups, which this allows.
    pub import_groups: bool,
    /// True when the app may source Okta users.
    pub sourcing: bool,
    /// Imports that would unassign more percent than this stop.
    pub app_safeguard: u64,
    pub org_safeguard: u64,
}

impl Default for ByConsole {
    fn default() -> Self {
        Self {
            import_groups: true,
            sourcing: false,
            app_safeguard: 20,
            org_safeguard: 20,
        }
    }
}

/// One person of the app and their counterpart in the target.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    /// The user's id in the target.
    pub external_id: Option<String>,
    /// Why the last push failed.
    pub error: Option<String>,
    /// True while a push is under way or waits for its turn.
    pub waits: bool,
    /// True for people who were assigned before anybody could have been pushed.
    pub before: bool,
    /// When the last push succeeded.
    pub pushed: Option<u64>,
    /// When the status of the assignment last changed by a push.
    pub changed: Option<u64>,
    /// When a password was last pushed.
    pub password_pushed: Option<u64>,
    /// What was last seen of the person, to notice changes.
    pub seen: Seen,
}

/// What of a person leads to a push when it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub status: String,
    pub profile: String,
    pub password: Option<String>,
    pub signed_in: Option<u64>,
}

/// A group push mapping.
#[derive(Clone, Debug)]
pub(crate) struct Push {
    pub id: String,
    pub source: String,
    /// The app group in the source's own directory.
    pub target: String,
    /// What the group is called in the target.
    pub name: String,
    pub active: bool,
    pub error: Option<String>,
    pub created: u64,
    pub updated: u64,
    pub pushed: Option<u64>,
    /// The source group's name when it was last looked at.
    pub seen_name: String,
    /// Members that were pushed, as user ids of the target; none before the first push.
    pub members: Option<BTreeSet<String>>,
    /// True while a push waits for its turn.
    pub waits: bool,
}

/// True for apps whose provisioning the lab has: Org2Org.
pub(crate) fn supported(app: &App) -> bool {
    app.name == "okta_org2org"
}

/// The app-level echo of what is switched on.
pub(crate) fn features(app: &App) -> Vec<&'static str> {
    let held = &app.provisioning;
    if !held.connection.enabled {
        return Vec::new();
    }
    let mut names = vec![
        "IMPORT_PROFILE_UPDATES",
        "GROUP_PUSH",
        "IMPORT_USER_SCHEMA",
        "IMPORT_NEW_USERS",
    ];
    let switched = [
        (held.to_app.create, "PUSH_NEW_USERS"),
        (held.to_app.profile, "PUSH_PROFILE_UPDATES"),
        (held.to_app.deactivate, "PUSH_USER_DEACTIVATION"),
        (held.to_app.deactivate, "REACTIVATE_USERS"),
        (held.to_app.password, "PUSH_PASSWORD_UPDATES"),
        // Recorded together with profile pushes.
        (held.to_app.profile, "PROFILE_MASTERING"),
    ];
    names.extend(switched.iter().filter(|(on, _)| *on).map(|(_, name)| name));
    names
}

/// Provisioning as the dump shows it: nothing of what moves by itself, and no secret.
pub(crate) fn dump(app: &App) -> Value {
    let held = &app.provisioning;
    let connection = match &held.connection.way {
        None => Value::Null,
        Some(way) => json!({
            "enabled": held.connection.enabled, "baseUrl": held.connection.base_url,
            "way": match way {
                Way::OAuth { client_id, auto } => json!({ "clientId": client_id, "auto": auto }),
                Way::Token(_) => json!("token"),
            },
            "keys": held.connection.keys.iter().map(|key| &key.kid).collect::<Vec<_>>(),
        }),
    };
    let people = held.people.iter().map(|(id, link)| {
        let shown = json!({ "externalId": link.external_id, "error": link.error });
        (id.clone(), shown)
    });
    let pushes = held.pushes.iter().map(|(id, push)| {
        let shown = json!({
            "source": push.source, "target": push.target, "name": push.name, "active": push.active,
            "error": push.error, "members": push.members,
        });
        (id.clone(), shown)
    });
    let on = &held.to_app;
    json!({
        "connection": connection, "people": people.collect::<Map<_, _>>(), "pushes": pushes.collect::<Map<_, _>>(),
        "toApp": [on.create, on.profile, on.deactivate, on.password, on.own_password, on.renew],
        "toOkta": held.to_okta.0, "byConsole": [
            json!(held.by_console.import_groups), json!(held.by_console.sourcing),
            json!(held.by_console.app_safeguard), json!(held.by_console.org_safeguard),
        ],
        "attributes": held.attributes,
    })
}
