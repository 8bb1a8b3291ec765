//! The people, groups, apps and identity providers that the orgs start with.

mod spec;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::ids::Ids;
use crate::keys::SigningKey;
use crate::okta::api_tokens::anywhere;
use crate::okta::call::{Actor, Call};
use crate::okta::{app_body, idp_shape};
use crate::org::{
    App, AppGroup, AuthorizationServer, Group, IdpKey, Lag, Org, RoleGrant, Token, User,
};
use crate::settings::Settings;

pub(crate) use spec::pair;
pub use spec::{OrgSpec, Person};

/// Password of every person and admin of the lab.
pub const PASSWORD: &str = "Lab-only-password-1";

// 2026-01-05, before any test's clock.
const FOUNDED: u64 = 1_767_571_200_000;

/// Builds an org from its spec.
pub(crate) fn org(spec: &OrgSpec, ids: &mut Ids) -> Org {
    let mut org = bare(spec, ids);
    let super_admin = admin(&mut org, ids, "admin", "SUPER_ADMIN");
    let auditor = admin(&mut org, ids, "auditor", "READ_ONLY_ADMIN");
    let app_admin = admin(&mut org, ids, "apps", "APP_ADMIN");
    for owner in [super_admin, auditor, app_admin] {
        let value = format!(
            "00{}",
            ids.letters(
                40,
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            )
        );
        let name = org
            .users
            .get(&owner)
            .map(|user| format!("Lab token of {}", user.login()));
        org.tokens.push(Token {
            id: ids.fork(1).fresh("00T"),
            name: name.unwrap_or_default(),
            value,
            owner,
            created: FOUNDED,
            used: None,
            network: anywhere(),
        });
    }
    for person in &spec.people {
        user(&mut org, ids, &person.first, &person.last, &person.login);
    }
    groups(&mut org, ids, spec);
    apps(&mut org, ids, spec);
    idps(&mut org, ids, spec);
    org
}

fn bare(spec: &OrgSpec, ids: &mut Ids) -> Org {
    Org {
        id: ids.fresh("00o"),
        subdomain: spec.subdomain.clone(),
        family: spec.family.clone(),
        name: spec.name.clone(),
        created: FOUNDED,
        users: Default::default(),
        groups: Default::default(),
        apps: Default::default(),
        idps: Default::default(),
        idp_keys: Default::default(),
        mappings: Default::default(),
        attributes: Default::default(),
        tokens: Vec::new(),
        custom_roles: Default::default(),
        resource_sets: Default::default(),
        client_privileges: false,
        server: AuthorizationServer {
            key: SigningKey::new(&mut ids.fork(2), &spec.subdomain, FOUNDED, 10),
            nonces: Vec::new(),
            used: Default::default(),
            sign_ins: Default::default(),
        },
        log: Vec::new(),
        lag: Lag::default(),
        assertions: Default::default(),
        user_type: ids.fresh("oty"),
        schema: ids.fresh("osc"),
        brand: ids.fresh("bnd"),
        realm: ids.fresh("guo"),
        policy: ids.fresh("rst"),
        settings: Settings::fresh(&mut ids.fork(3)),
    }
}

fn user(org: &mut Org, ids: &mut Ids, first: &str, last: &str, login: &str) -> String {
    let fields = [
        ("firstName", first),
        ("lastName", last),
        ("login", login),
        ("email", login),
    ];
    let mut profile: Map<String, Value> = fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), json!(text)))
        .collect();
    profile.extend([
        ("mobilePhone".to_owned(), Value::Null),
        ("secondEmail".to_owned(), Value::Null),
    ]);
    let id = ids.fresh("00u");
    let user = User {
        id: id.clone(),
        status: "ACTIVE".to_owned(),
        created: FOUNDED,
        updated: FOUNDED,
        last_login: None,
        profile,
        password: Some(PASSWORD.to_owned()),
        provider: "OKTA".to_owned(),
        master: None,
        roles: Vec::new(),
    };
    org.users.insert(id.clone(), user);
    id
}

fn admin(org: &mut Org, ids: &mut Ids, name: &str, role: &str) -> String {
    let login = format!("{name}@{}.example.com", org.subdomain);
    let last = match role {
        "SUPER_ADMIN" => "Superadmin",
        "APP_ADMIN" => "Appadmin",
        _ => "Auditor",
    };
    let id = user(org, ids, "Lab", last, &login);
    let grant = RoleGrant::standard(ids.fresh("ra1"), role, FOUNDED);
    if let Some(user) = org.users.get_mut(&id) {
        user.roles.push(grant);
    }
    id
}

fn groups(org: &mut Org, ids: &mut Ids, spec: &OrgSpec) {
    let by_login: HashMap<String, String> = org
        .users
        .values()
        .map(|user| (user.login().to_owned(), user.id.clone()))
        .collect();
    let everyone: Vec<String> = by_login.keys().cloned().collect();
    let all = [("Everyone".to_owned(), everyone)];
    for (at, (name, logins)) in all.iter().chain(&spec.groups).enumerate() {
        let members = logins
            .iter()
            .filter_map(|login| by_login.get(login).cloned())
            .collect();
        let kind = if at == 0 { "BUILT_IN" } else { "OKTA_GROUP" };
        let about = if at == 0 {
            json!("All users in your organization")
        } else {
            Value::Null
        };
        let group = Group {
            id: ids.fresh("00g"),
            kind: kind.to_owned(),
            name: name.clone(),
            description: about,
            created: FOUNDED,
            updated: FOUNDED,
            members_updated: FOUNDED,
            members,
            of_app: None,
        };
        org.groups.insert(group.id.clone(), group);
    }
}

fn apps(org: &mut Org, ids: &mut Ids, spec: &OrgSpec) {
    for (label, group) in &spec.apps {
        let site = format!(
            "https://{}.{}.example.com",
            label.to_lowercase().replace(' ', "-"),
            org.subdomain
        );
        let sign_on = json!({ "ssoAcsUrl": format!("{site}/saml"), "audience": site });
        let body =
            json!({ "label": label, "signOnMode": "SAML_2_0", "settings": { "signOn": sign_on } });
        let mut app = app(org, ids, &body);
        let assigned = org
            .groups
            .values()
            .find(|found| group.as_ref() == Some(&found.name));
        if let Some(assigned) = assigned {
            let grant = AppGroup {
                priority: 0,
                updated: FOUNDED,
                profile: json!({}),
            };
            app.groups.insert(assigned.id.clone(), grant);
        }
        org.apps.insert(app.id.clone(), app);
    }
    for (label, address) in &spec.bookmarks {
        let body = json!({ "name": "bookmark", "label": label, "signOnMode": "BOOKMARK", "settings": { "app": { "url": address } } });
        let app = app(org, ids, &body);
        org.apps.insert(app.id.clone(), app);
    }
}

fn app(org: &mut Org, ids: &mut Ids, body: &Value) -> App {
    let mut call = quiet(org, ids);
    let body = body.as_object().cloned().unwrap_or_default();
    app_body::create(&mut call, &body).expect("the seed's apps are valid")
}

fn idps(org: &mut Org, ids: &mut Ids, spec: &OrgSpec) {
    for name in &spec.idps {
        let key = SigningKey::new(ids, "partner", FOUNDED, 10);
        let key = IdpKey {
            kid: ids.uuid(),
            created: FOUNDED,
            x5c: key.certificate().to_string(),
        };
        let body = json!({
            "type": "SAML2", "name": name, "issuerMode": "ORG_URL",
            "protocol": {
                "type": "SAML2", "endpoints": { "sso": { "url": "https://idp.partner.example.com/sso", "binding": "HTTP-POST" } },
                "credentials": { "trust": { "issuer": format!("https://idp.partner.example.com/{name}"), "kid": key.kid } },
            },
            "policy": {
                "provisioning": { "action": "DISABLED" }, "accountLink": { "action": "DISABLED" },
                "subject": { "userNameTemplate": { "template": "idpuser.email" }, "matchType": "USERNAME" },
                "maxClockSkew": 120_000,
            },
        });
        org.idp_keys.insert(key.kid.clone(), key);
        let mut call = quiet(org, ids);
        let body = body.as_object().cloned().unwrap_or_default();
        let idp = idp_shape::build(&mut call, &body, None)
            .expect("the seed's identity providers are valid");
        org.idps.insert(idp.id.clone(), idp);
    }
}

fn quiet<'w>(org: &'w mut Org, ids: &'w mut Ids) -> Call<'w> {
    let host = org.host();
    Call {
        org,
        ids,
        host,
        path: String::new(),
        params: Vec::new(),
        query: Vec::new(),
        accept: String::new(),
        body: Value::Null,
        actor: Actor::default(),
        wrong_org: false,
        wrong_actor: false,
        now: FOUNDED,
        changes: Vec::new(),
        events: Vec::new(),
    }
}
