//! The state of all orgs in canonical form, for comparing two moments byte for byte.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::okta::client_keys::lasting;
use crate::org::{App, CustomRole, Group, Idp, Org, ResourceSet, RoleGrant, User};
use crate::provision::state::{dump as provisioning, features};

/// One org without what moves by itself: times, sessions, logs and counters.
pub(crate) fn org(org: &Org) -> Value {
    json!({
        "id": org.id, "subdomain": org.subdomain, "name": org.name,
        "users": map(org.users.iter(), user),
        "groups": map(org.groups.iter(), group),
        "apps": map(org.apps.iter(), app),
        "app keys": org.apps.values().map(|app| (app.id.clone(), keys(app))).collect::<BTreeMap<_, _>>(),
        "app users": org.apps.values().map(|app| (app.id.clone(), app_users(org, app))).collect::<BTreeMap<_, _>>(),
        "app groups": org.apps.values().map(|app| (app.id.clone(), app_groups(app))).collect::<BTreeMap<_, _>>(),
        "app provisioning": org.apps.values().map(|app| (app.id.clone(), provisioning(app))).collect::<BTreeMap<_, _>>(),
        "mappings": org.mappings, "user attributes": org.attributes,
        "idps": map(org.idps.iter(), idp),
        "idp users": org.idps.values().map(|idp| (idp.id.clone(), idp_users(idp))).collect::<BTreeMap<_, _>>(),
        "grants": org.apps.values().map(|app| (app.id.clone(), grants(app))).collect::<BTreeMap<_, _>>(),
        "client roles": org.apps.values().map(|app| (app.id.clone(), roles(&app.roles))).collect::<BTreeMap<_, _>>(),
        "client secrets": org.apps.values().map(|app| (app.id.clone(), secrets(app))).collect::<BTreeMap<_, _>>(),
        "custom roles": org.custom_roles.values().map(|role| (role.id.clone(), custom_role(role))).collect::<BTreeMap<_, _>>(),
        "resource sets": org.resource_sets.values().map(|set| (set.id.clone(), resource_set(set))).collect::<BTreeMap<_, _>>(),
        "api tokens": org.tokens.iter().map(|token| (token.id.clone(), json!({ "name": token.name, "owner": token.owner, "network": token.network }))).collect::<BTreeMap<_, _>>(),
        "client privileges": org.client_privileges,
        "domains": map(&org.settings.domains, |domain| json!([domain.name, domain.certificate])),
        "routing rules": org.settings.routing.rules.iter().map(|rule| json!([rule.id, rule.name, rule.active, rule.conditions, rule.actions])).collect::<Vec<_>>(),
        "features": org.settings.features.iter().map(|feature| (feature.name, feature.enabled)).collect::<BTreeMap<_, _>>(),
        "principal limits": map(&org.settings.limits, |limit| json!([limit.principal, limit.percent, limit.concurrency])),
        "idp keys": org.idp_keys.values().map(|key| (key.kid.clone(), json!(key.x5c))).collect::<BTreeMap<_, _>>(),
    })
}

/// The same value with the keys of every object in order.
pub(crate) fn sorted(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}

fn map<'a, T: 'a>(
    items: impl IntoIterator<Item = (&'a String, &'a T)>,
    shape: fn(&T) -> Value,
) -> Value {
    let items = items.into_iter();
    Value::Object(items.map(|(id, item)| (id.clone(), shape(item))).collect())
}

fn user(user: &User) -> Value {
    json!({ "status": user.status, "profile": user.profile, "provider": user.provider,
        "roles": roles(&user.roles), "master": user.master })
}

// Ids of assignments are left out: giving a role again is the same state.
fn roles(roles: &[RoleGrant]) -> Value {
    let each = |role: &RoleGrant| match &role.custom {
        Some(custom) => format!("{} {} over {}", role.kind, custom.role, custom.resource_set),
        None if role.groups.is_empty() => role.kind.clone(),
        None => format!("{} over {:?}", role.kind, role.groups),
    };
    let mut told: Vec<String> = roles.iter().map(each).collect();
    told.sort();
    json!(told)
}

fn grants(app: &App) -> Value {
    let mut told: Vec<String> = app
        .grants
        .values()
        .map(|grant| format!("{} from {}", grant.scope, grant.issuer))
        .collect();
    told.sort();
    json!(told)
}

fn secrets(app: &App) -> Value {
    let secrets = app.secrets.iter();
    secrets
        .map(|secret| (secret.id.clone(), json!(secret.active)))
        .collect()
}

fn custom_role(role: &CustomRole) -> Value {
    json!({ "label": role.label, "description": role.description, "permissions": role.permissions })
}

fn resource_set(set: &ResourceSet) -> Value {
    let names: Vec<&str> = set
        .resources
        .values()
        .map(|resource| resource.name.as_str())
        .collect();
    json!({ "label": set.label, "description": set.description, "resources": names })
}

fn group(group: &Group) -> Value {
    json!({ "name": group.name, "type": group.kind, "description": group.description, "members": group.members,
        "externalId": group.of_app.as_ref().map(|of| &of.external_id) })
}

fn app(app: &App) -> Value {
    let mut settings = app.settings.clone();
    if let Some(Value::Array(keys)) = settings.pointer_mut("/oauthClient/jwks/keys") {
        for key in keys {
            *key = lasting(key);
        }
    }
    json!({
        "name": app.name, "label": app.label, "status": if app.active { "ACTIVE" } else { "INACTIVE" },
        "signOnMode": app.sign_on_mode, "accessibility": app.accessibility, "visibility": app.visibility,
        "features": features(app), "credentials": app.credentials, "settings": settings,
        "link": app.link, "externalKey": app.external_key,
    })
}

fn keys(app: &App) -> Value {
    app.keys
        .iter()
        .map(|key| (key.kid.clone(), json!(&*key.certificate())))
        .collect()
}

fn app_users(org: &Org, app: &App) -> Value {
    let users = org.app_users(app).into_iter();
    users
        .map(|(id, user)| {
            (
                id,
                json!({ "scope": user.scope, "userName": user.user_name, "profile": user.profile }),
            )
        })
        .collect()
}

fn app_groups(app: &App) -> Value {
    let groups = app.groups.iter();
    groups
        .map(|(id, group)| {
            (
                id.clone(),
                json!({ "priority": group.priority, "profile": group.profile }),
            )
        })
        .collect()
}

fn idp(idp: &Idp) -> Value {
    json!({
        "name": idp.name, "type": idp.kind, "status": if idp.active { "ACTIVE" } else { "INACTIVE" },
        "issuerMode": idp.issuer_mode, "protocol": idp.protocol, "policy": idp.policy,
    })
}

fn idp_users(idp: &Idp) -> Value {
    idp.links
        .iter()
        .map(|(id, link)| {
            (
                id.clone(),
                json!({ "externalId": link.external_id, "profile": link.profile }),
            )
        })
        .collect()
}
