//! Where things are in the healthy pair, and the usual ways to change them.

use org2org_core::run::Side::{self, Source, Target};
use org2org_tests::Clinic;
use serde_json::{Value, json};

fn one(c: &mut Clinic, side: Side, list: &str, is: impl Fn(&Value) -> bool) -> Value {
    let all = c.get(side, list);
    let mut found = all.as_array().expect("a list").iter().filter(|one| is(one));
    let first = found.next().expect("it is there").clone();
    assert!(found.next().is_none(), "several in {list}");
    first
}

pub fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

pub fn app(c: &mut Clinic) -> String {
    let app = one(c, Source, "/api/v1/apps?limit=200", |one| {
        one["name"] == "okta_org2org"
    });
    format!("/api/v1/apps/{}", id(&app))
}

pub fn client(c: &mut Clinic) -> String {
    let app = one(c, Target, "/api/v1/apps?limit=200", |one| {
        one["label"] == "Org2Org from ACME"
    });
    format!("/api/v1/apps/{}", id(&app))
}

/// The client as the OAuth endpoints name it.
pub fn roles(c: &mut Clinic) -> String {
    let path = client(c);
    let app = c.get(Target, &path);
    let client = app["credentials"]["oauthClient"]["client_id"]
        .as_str()
        .expect("a client id");
    format!("/oauth2/v1/clients/{client}/roles")
}

pub fn idp(c: &mut Clinic) -> String {
    let idp = one(c, Target, "/api/v1/idps?limit=200", |one| {
        one["name"] == "ACME (Org2Org)"
    });
    format!("/api/v1/idps/{}", id(&idp))
}

pub fn mapping(c: &mut Clinic) -> String {
    let app = app(c).rsplit('/').next().expect("an id").to_owned();
    let all = c.get(Source, &format!("/api/v1/mappings?targetId={app}"));
    format!("/api/v1/mappings/{}", id(&all[0]))
}

/// The address of the bookmark that is there.
pub fn bookmark(c: &mut Clinic) -> String {
    let app = one(c, Source, "/api/v1/apps?limit=200", |one| {
        one["settings"]["app"]["url"]
            .as_str()
            .is_some_and(|url| url.contains("RelayState"))
    });
    app["settings"]["app"]["url"]
        .as_str()
        .expect("an address")
        .to_owned()
}

pub fn add_bookmark(c: &mut Clinic, url: &str) {
    let app = json!({"name": "bookmark", "label": "Another", "signOnMode": "BOOKMARK",
        "settings": {"app": {"url": url}}});
    c.call(Source, "POST", "/api/v1/apps", app);
}

pub fn change_app(c: &mut Clinic, pointer: &str, value: Value) {
    let path = app(c);
    c.change(Source, &path, |app| put(app, pointer, value));
}

pub fn change_idp(c: &mut Clinic, pointer: &str, value: Value) {
    let path = idp(c);
    c.change(Target, &path, |idp| put(idp, pointer, value));
}

pub fn change_client(c: &mut Clinic, pointer: &str, value: Value) {
    let path = client(c);
    c.change(Target, &path, |app| put(app, pointer, value));
}

pub fn put(object: &mut Value, pointer: &str, value: Value) {
    let (above, name) = pointer.rsplit_once('/').expect("a pointer");
    object.pointer_mut(above).expect("an object")[name] = value;
}

pub fn switch_app(c: &mut Clinic, on: bool) {
    let path = app(c);
    let verb = if on { "activate" } else { "deactivate" };
    c.call(
        Source,
        "POST",
        &format!("{path}/lifecycle/{verb}"),
        Value::Null,
    );
}

pub fn connect(c: &mut Clinic, body: Value) {
    let path = app(c);
    let path = format!("{path}/connections/default?activate=true");
    c.call(Source, "POST", &path, body);
}

pub fn switch_connection(c: &mut Clinic, on: bool) {
    let path = app(c);
    let verb = if on { "activate" } else { "deactivate" };
    let path = format!("{path}/connections/default/lifecycle/{verb}");
    c.call(Source, "POST", &path, Value::Null);
}

/// The connection with keys that a person rotates; the target has the key of the app, as `make` leaves it.
pub fn by_hand(c: &mut Clinic, make: impl FnOnce(&mut Vec<Value>)) {
    let app = app(c);
    let kid = c.get(Source, &app)["credentials"]["signing"]["kid"].clone();
    let keys = c.get(Source, &format!("{app}/credentials/keys"));
    let mut keys: Vec<Value> = keys
        .as_array()
        .expect("keys")
        .iter()
        .filter(|key| key["kid"] == kid)
        .map(|key| json!({"kty": "RSA", "use": "sig", "status": "ACTIVE", "kid": key["kid"], "e": key["e"], "n": key["n"]}))
        .collect();
    make(&mut keys);
    let client = client(c);
    let client_id = c.get(Target, &client)["credentials"]["oauthClient"]["client_id"].clone();
    c.change(Target, &client, |app| {
        app["settings"]["oauthClient"]["jwks_uri"] = Value::Null;
        app["settings"]["oauthClient"]["jwks"] = json!({"keys": keys});
    });
    connect(
        c,
        json!({"profile": {"authScheme": "OAUTH2", "clientId": client_id, "signing": {"rotationMode": "MANUAL"}}}),
    );
}

/// Another key of the app, with which it does not sign.
pub fn generate(c: &mut Clinic) -> Value {
    let app = app(c);
    c.call(
        Source,
        "POST",
        &format!("{app}/credentials/keys/generate?validityYears=2"),
        Value::Null,
    )
}

/// The connection with a token that has Org2Org in its name and belongs to this admin.
pub fn by_token(c: &mut Clinic, owner: &str) -> String {
    connect(
        c,
        json!({"profile": {"authScheme": "TOKEN", "token": "00example"}}),
    );
    name_token(c, owner)
}

pub fn name_token(c: &mut Clinic, owner: &str) -> String {
    let token = one(c, Target, "/api/v1/api-tokens", |one| {
        one["name"]
            .as_str()
            .is_some_and(|name| name.contains(owner))
    });
    let path = format!("/api/v1/api-tokens/{}", id(&token));
    c.change(Target, &path, |token| {
        token["name"] = json!("Org2Org from ACME")
    });
    path
}

/// The app signs in by OpenID Connect, to an IdP with this client at this org.
pub fn by_oidc(c: &mut Clinic, client: Option<&str>, org: &str) {
    let path = app(c);
    let own = path.rsplit('/').next().expect("an id").to_owned();
    let idp = json!({
        "type": "OKTA_INTEGRATION", "name": "ACME by OpenID Connect",
        "protocol": {"type": "OIDC", "oktaIdpOrgUrl": org,
            "credentials": {"client": {"client_id": client.unwrap_or(&own)}}},
        "policy": {"accountLink": {"action": "DISABLED"},
            "provisioning": {"action": "DISABLED", "groups": {"action": "NONE"}},
            "subject": {"userNameTemplate": {"template": "idpuser.email"}, "matchType": "USERNAME"}},
    });
    let idp = c.call(Target, "POST", "/api/v1/idps", idp);
    c.change(Source, &path, |app| {
        app["signOnMode"] = json!("OPENID_CONNECT");
        app["settings"]["app"]["idpId"] = idp["id"].clone();
    });
}

/// What the first page of people says, changed.
pub fn edit_people(c: &mut Clinic, change: impl Fn(&mut Vec<Value>) + 'static) {
    c.edit("app-users.first", move |people| {
        change(people.as_array_mut().expect("a list"))
    });
}

/// What the list of pushes says, changed.
pub fn edit_pushes(c: &mut Clinic, change: impl Fn(&mut Vec<Value>) + 'static) {
    c.edit("group-push.list", move |pushes| {
        change(pushes.as_array_mut().expect("a list"))
    });
}

/// What the lists of apps say of the service app, changed.
pub fn edit_client(c: &mut Clinic, change: impl Fn(&mut Value) + 'static) {
    c.edit("apps.list", move |apps| {
        let all = apps.as_array_mut().expect("a list").iter_mut();
        all.filter(|app| app["label"] == "Org2Org from ACME")
            .for_each(&change);
    });
}

pub fn set_features(c: &mut Clinic, feature: &str, body: Value) {
    let app = app(c);
    c.call(Source, "PUT", &format!("{app}/features/{feature}"), body);
}

pub fn map(c: &mut Clinic, name: &str, expression: Value, push: Value) {
    let path = mapping(c);
    let body = json!({"properties": {name: {"expression": expression, "pushStatus": push}}});
    c.call(Source, "POST", &path, body);
}

pub fn group(c: &mut Clinic, name: &str) -> String {
    let group = one(c, Source, "/api/v1/groups?limit=200", |one| {
        one["profile"]["name"] == name && one["type"] == "OKTA_GROUP"
    });
    id(&group)
}

pub fn take_role(c: &mut Clinic, is: impl Fn(&str) -> bool) {
    let path = roles(c);
    let all = c.get(Target, &path);
    for role in all.as_array().expect("roles") {
        if is(role["type"].as_str().expect("a kind")) {
            c.call(
                Target,
                "DELETE",
                &format!("{path}/{}", id(role)),
                Value::Null,
            );
        }
    }
}

pub fn take_scope(c: &mut Clinic, scope: &str) {
    let client = client(c);
    let all = c.get(Target, &format!("{client}/grants"));
    for grant in all.as_array().expect("grants") {
        if grant["scopeId"] == scope {
            c.call(
                Target,
                "DELETE",
                &format!("{client}/grants/{}", id(grant)),
                Value::Null,
            );
        }
    }
}
