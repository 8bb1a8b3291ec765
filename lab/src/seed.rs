//! The people, groups, apps and identity providers that the orgs start with.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::ids::Ids;
use crate::keys::SigningKey;
use crate::okta::api_tokens::anywhere;
use crate::okta::call::{Actor, Call};
use crate::okta::{app_shape, idp_shape};
use crate::org::{
    App, AppGroup, AuthorizationServer, Group, IdpKey, Lag, Org, RoleGrant, Token, User,
};
use crate::settings::Settings;

/// What one org starts with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrgSpec {
    /// First label of the host, as in `acme`.
    pub subdomain: String,
    /// Domain family, as in `okta.com`.
    pub family: String,
    /// Company name.
    pub name: String,
    /// People besides the admins.
    pub people: Vec<Person>,
    /// Groups besides Everyone, each with the logins of its members.
    pub groups: Vec<(String, Vec<String>)>,
    /// Labels of apps with a page of their own, each with the group that has it.
    pub apps: Vec<(String, Option<String>)>,
    /// Bookmarks that were there before: label and address.
    pub bookmarks: Vec<(String, String)>,
    /// Names of identity providers that were there before.
    pub idps: Vec<String>,
}

/// A person without admin role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// Login and e-mail address.
    pub login: String,
}

/// Password of every person and admin of the lab.
pub const PASSWORD: &str = "Lab-only-password-1";

// 2026-01-05, before any test's clock.
const FOUNDED: u64 = 1_767_571_200_000;

const NAMES: [(&str, &str); 8] = [
    ("Ada", "Lovelace"),
    ("Grace", "Hopper"),
    ("Alan", "Turing"),
    ("Mary", "Jackson"),
    ("Edsger", "Dijkstra"),
    ("Barbara", "Liskov"),
    ("Tony", "Hoare"),
    ("Radia", "Perlman"),
];

impl OrgSpec {
    /// An org on okta.com with eight people of its own.
    pub fn new(subdomain: &str, name: &str) -> Self {
        let people = NAMES.iter().map(|(first, last)| {
            let login = format!("{}@{subdomain}.example.com", first.to_lowercase());
            Person {
                first: (*first).to_owned(),
                last: (*last).to_owned(),
                login,
            }
        });
        Self {
            subdomain: subdomain.to_owned(),
            family: "okta.com".to_owned(),
            name: name.to_owned(),
            people: people.collect(),
            groups: Vec::new(),
            apps: Vec::new(),
            bookmarks: Vec::new(),
            idps: Vec::new(),
        }
    }

    /// Sources for one target: `spoke01` and so on, which share this many people evenly. Everybody of a spoke is in
    /// its group *Staff*.
    pub fn spokes(count: usize, people: usize) -> Vec<Self> {
        (0..count)
            .map(|at| {
                let mut spec =
                    Self::new(&format!("spoke{:02}", at + 1), &format!("Spoke {}", at + 1));
                let share = people / count + usize::from(at < people % count);
                spec.people.clear();
                spec.crowd(share);
                spec
            })
            .collect()
    }

    /// Adds made-up people, all in the group *Staff*.
    pub fn crowd(&mut self, count: usize) {
        let made: Vec<Person> = (0..count)
            .map(|at| {
                let (first, _) = NAMES[at % NAMES.len()];
                let (_, last) = NAMES[at / NAMES.len() % NAMES.len()];
                let login = format!(
                    "{}.{at}@{}.example.com",
                    first.to_lowercase(),
                    self.subdomain
                );
                Person {
                    first: first.to_owned(),
                    last: last.to_owned(),
                    login,
                }
            })
            .collect();
        let logins = made.iter().map(|person| person.login.clone()).collect();
        self.groups.push(("Staff".to_owned(), logins));
        self.people.extend(made);
    }

    fn group(mut self, name: &str, logins: &[&str]) -> Self {
        self.groups.push((
            name.to_owned(),
            logins.iter().map(|login| (*login).to_owned()).collect(),
        ));
        self
    }

    fn app(mut self, label: &str, group: Option<&str>) -> Self {
        self.apps.push((label.to_owned(), group.map(str::to_owned)));
        self
    }

    fn bookmark(mut self, label: &str, address: &str) -> Self {
        self.bookmarks.push((label.to_owned(), address.to_owned()));
        self
    }

    fn idp(mut self, name: &str) -> Self {
        self.idps.push(name.to_owned());
        self
    }
}

/// Source `acme`, target `hub`, bystander `other`. Ada of ACME also exists in the hub, as an ordinary person.
pub(crate) fn pair() -> Vec<OrgSpec> {
    let acme = OrgSpec::new("acme", "ACME")
        .group("Sales", &["ada@acme.example.com", "grace@acme.example.com"])
        .group(
            "Engineering",
            &[
                "alan@acme.example.com",
                "barbara@acme.example.com",
                "tony@acme.example.com",
            ],
        )
        .app("Time Sheets", Some("Engineering"))
        .bookmark("Canteen Menu", "https://canteen.acme.example.com/today")
        .idp("Partner Portal");
    let mut hub = OrgSpec::new("hub", "HUB")
        .group("Finance", &["grace@hub.example.com"])
        .group("ACME people", &["ada@acme.example.com"])
        .app("Expenses", Some("Finance"))
        .app("Wiki", Some("Finance"))
        .bookmark("Status Page", "https://status.hub.example.com/")
        .idp("Contractors");
    let (first, last, login) = (
        "Ada".to_owned(),
        "Lovelace".to_owned(),
        "ada@acme.example.com".to_owned(),
    );
    hub.people[0] = Person { first, last, login };
    let other = OrgSpec::new("other", "Other")
        .app("Archive", None)
        .bookmark("Home", "https://www.example.com/");
    vec![acme, hub, other]
}

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
    app_shape::create(&mut call, &body).expect("the seed's apps are valid")
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
