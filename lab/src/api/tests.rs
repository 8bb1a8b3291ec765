//! Every operation with odd paths, queries and bodies.

use serde_json::{Value, json};

use crate::org::Org;
use crate::{Options, Request, Session, World, okta};

const NOW: u64 = 1_795_514_400_000;

fn ids(world: &World) -> Vec<(&'static str, String)> {
    let org = &world.orgs[0];
    let client = org.apps.values().find(|app| app.is_client());
    let app = client.expect("a client was made");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let first = |keys: Vec<&String>| keys.last().map(|key| (*key).clone()).unwrap_or_default();
    vec![
        (
            "{appId}",
            first(org.apps.values().map(|it| &it.id).collect()),
        ),
        (
            "{idpId}",
            first(org.idps.values().map(|it| &it.id).collect()),
        ),
        (
            "{groupId}",
            first(org.groups.values().map(|it| &it.id).collect()),
        ),
        (
            "{userId}",
            first(org.users.values().map(|it| &it.id).collect()),
        ),
        (
            "{kid}",
            first(org.idp_keys.values().map(|it| &it.kid).collect()),
        ),
        ("{featureName}", "USER_PROVISIONING".to_owned()),
        ("{schemaId}", "default".to_owned()),
        ("{pushId}", first_push(org)),
        ("{mappingId}", first_mapping(org)),
        ("{clientId}", app.id.clone()),
        ("{keyId}", text(&app.client_keys()[0]["id"])),
        ("{secretId}", app.secrets[0].id.clone()),
        ("{grantId}", first(app.grants.keys().collect())),
        ("{roleAssignmentId}", app.roles[0].id.clone()),
        ("{apiTokenId}", org.tokens[1].id.clone()),
        ("{roleIdOrLabel}", first(org.custom_roles.keys().collect())),
        (
            "{resourceSetIdOrLabel}",
            first(org.resource_sets.keys().collect()),
        ),
    ]
}

fn first_push(org: &Org) -> String {
    let mut pushes = org
        .apps
        .values()
        .flat_map(|app| app.provisioning.pushes.keys());
    pushes.next().cloned().unwrap_or_default()
}

fn first_mapping(org: &Org) -> String {
    let mut apps = org.apps.values().filter(|app| app.name == "okta_org2org");
    let found = apps.next().map(|app| format!("prmA{}", &app.id[4..]));
    found.unwrap_or_default()
}

// An app with everything on, so that each operation of provisioning gets past its first check.
fn provisioned(world: &mut World) {
    let token = world.sites()[0].admins[0].token.clone();
    let mut call = |method: &str, path: &str, body: Value| {
        let request = Request::new(method, &format!("https://acme.okta.com{path}"))
            .with("authorization", &format!("SSWS {token}"))
            .json(&body);
        let answer = world.handle(&request, NOW).response().expect("an answer");
        assert!(answer.status < 300, "{}", answer.body_text());
        answer.value()
    };
    let body = json!({ "name": "okta_org2org", "label": "Hub", "settings": { "app": { "baseUrl": "https://hub.okta.com" } } });
    let app = call("POST", "/api/v1/apps", body)["id"].clone();
    let app = format!("/api/v1/apps/{}", app.as_str().expect("an id"));
    let body = json!({ "profile": { "authScheme": "TOKEN", "token": "x" } });
    call(
        "POST",
        &format!("{app}/connections/default?activate=true"),
        body,
    );
    let group = call(
        "POST",
        "/api/v1/groups",
        json!({ "profile": { "name": "Pushed" } }),
    );
    let body = json!({ "sourceGroupId": group["id"], "targetGroupName": "Pushed" });
    call("POST", &format!("{app}/group-push/mappings"), body);
}

// A client with a key, a secret, a scope and a custom role, so that each path has something at its end.
fn service_app(world: &mut World, session: &Session) {
    let mut post = |path: &str, body: Value| {
        let request = Request::new("POST", &format!("https://acme.okta.com{path}"))
            .with("cookie", &session.cookie)
            .with("x-okta-xsrftoken", &session.xsrf)
            .json(&body);
        let answer = world.handle(&request, NOW).response().expect("an answer");
        assert!(answer.status < 300, "{path}: {}", answer.body_text());
        answer.value()
    };
    let coordinate = "A".repeat(43);
    let key = json!({ "kty": "EC", "x": coordinate, "y": coordinate });
    let app = post(
        "/api/v1/apps",
        json!({ "label": "Service", "name": "oidc_client", "settings": { "oauthClient": { "jwks": { "keys": [key] } } } }),
    );
    let id = app["id"].as_str().unwrap_or_default();
    post(
        &format!("/api/v1/apps/{id}/grants"),
        json!({ "scopeId": "okta.users.read", "issuer": "https://acme.okta.com" }),
    );
    let role = post(
        "/api/v1/iam/roles",
        json!({ "label": "R", "description": "x", "permissions": ["okta.users.read"] }),
    );
    let set = post(
        "/api/v1/iam/resource-sets",
        json!({ "label": "S", "description": "x", "resources": ["https://acme.okta.com/api/v1/users"] }),
    );
    post(
        &format!("/oauth2/v1/clients/{id}/roles"),
        json!({ "type": "CUSTOM", "role": role["id"], "resource-set": set["id"] }),
    );
}

fn bodies() -> Vec<Vec<u8>> {
    let odd = [
        Value::Null,
        json!([]),
        json!("text"),
        json!(-1),
        json!({}),
        json!({ "id": 7 }),
        json!({ "profile": [] }),
        json!({ "profile": { "name": 3, "login": null } }),
        json!({ "settings": 1, "label": "x", "name": "bookmark" }),
        json!({ "label": "x", "signOnMode": "SAML_2_0", "visibility": "no", "credentials": [1] }),
        json!({ "label": "x", "signOnMode": "SAML_2_0", "visibility": { "hide": 1 }, "credentials": { "signing": 3, "userNameTemplate": 2 } }),
        json!({ "label": "x", "name": "okta_org2org", "settings": { "app": [], "notes": 3 } }),
        json!({ "type": "SAML2", "name": "x", "protocol": [], "policy": 3 }),
        json!({ "type": "SAML2", "name": "x", "protocol": { "credentials": { "trust": { "additionalKids": [1, 2] } } }, "policy": {} }),
        json!({ "type": "OIDC", "name": "x", "protocol": {}, "policy": { "provisioning": 3, "subject": { "filter": "(((", "userNameTemplate": { "template": "123456789" } } } }),
        json!({ "x5c": [""] }),
        json!({ "x5c": ["AAAA", 3] }),
        json!({ "priority": -1, "profile": "x" }),
        json!({ "profile": { "authScheme": "OAUTH2", "clientId": "x", "signing": 3, "initialStatus": 1 } }),
        json!({ "profile": { "authScheme": "TOKEN", "token": "x" }, "baseUrl": [] }),
        json!({ "create": 1, "update": { "password": { "seed": {} } } }),
        json!({ "importSettings": { "schedule": { "fullImport": {} } }, "importRules": null }),
        json!({ "properties": { "email": 3, "initialStatus": { "expression": "((((", "pushStatus": 1 } } }),
        json!({ "definitions": { "custom": { "properties": { "x": 1, "_": null } } } }),
        json!({ "sourceGroupId": 1, "targetGroupId": "x", "targetGroupName": "y", "status": "ERROR" }),
        json!({ "label": "x", "name": "oidc_client", "credentials": { "oauthClient": { "client_id": 3, "token_endpoint_auth_method": [] } } }),
        json!({ "label": "x", "name": "oidc_client", "settings": { "oauthClient": { "jwks": { "keys": [{ "kty": "RSA", "n": "\u{fc}", "e": [] }] }, "grant_types": {} } } }),
        json!({ "client_name": "x", "jwks": { "keys": 3 }, "grant_types": "x", "redirect_uris": null }),
        json!({ "kty": "EC", "kid": "", "x": "AA", "y": 3, "use": "sig" }),
        json!({ "scopeId": "okta.users.read", "issuer": 3 }),
        json!({ "type": "CUSTOM", "role": [], "resource-set": "iam" }),
        json!({ "label": "x", "description": "x", "permissions": ["okta.users.read", 3], "resources": ["orn:", "https://acme.okta.com/api/v1/"] }),
        json!({ "role": "x", "members": ["https://acme.okta.com", "https://acme.okta.com/api/v1/users/"] }),
        json!({ "clientPrivilegesSetting": "yes" }),
        json!({ "scope": 3, "id": "00u", "credentials": "x" }),
        json!({ "groupIds": [3, "x"], "profile": { "login": "a@b", "email": "a@b", "firstName": "<", "lastName": "\u{202e}" } }),
    ];
    let mut all: Vec<Vec<u8>> = odd
        .iter()
        .map(|value| value.to_string().into_bytes())
        .collect();
    all.push(b"{\"a\":".to_vec());
    all.push(vec![0xff, 0xfe]);
    all.push("[".repeat(5000).into_bytes());
    all
}

#[test]
fn no_input_breaks_an_operation() {
    let mut world = World::new(&Options {
        rate_limit: u32::MAX,
        ..Options::default()
    });
    let session = world.session("acme", "admin@acme.example.com", NOW);
    service_app(&mut world, &session);
    provisioned(&mut world);
    let ids = ids(&world);
    let queries = [
        "",
        "limit=0",
        "limit=x&after=%ff",
        "filter=%22",
        "q=%F0%9F%92%A9&limit=1",
        "search=profile.login+eq+%22%5C%22%22",
        "kid=x&validityYears=99",
    ];
    for (method, template) in okta::all().map(|route| (route.method, route.path)) {
        // The app of the other paths is an Org2Org app.
        let of_client = ["/grants", "/credentials/jwks", "/credentials/secrets"];
        let template = if of_client.iter().any(|part| template.contains(part)) {
            template.replace("{appId}", "{clientId}")
        } else {
            template.to_owned()
        };
        let known = ids
            .iter()
            .fold(template.clone(), |path, (name, id)| path.replace(name, id));
        let junk = ids.iter().fold(template, |path, (name, _)| {
            path.replace(name, "%00%2f..%F0")
        });
        for (path, query) in [known, junk]
            .iter()
            .flat_map(|path| queries.map(|query| (path, query)))
        {
            for body in bodies() {
                let mut request =
                    Request::new(method, &format!("https://acme.okta.com{path}?{query}"));
                request = request
                    .with("cookie", &session.cookie)
                    .with("x-okta-xsrftoken", &session.xsrf);
                request.body = body;
                let request = request.with("content-type", "application/json");
                // Each on its own copy, so that what one deletes is there for the next.
                let answer = if method == "GET" {
                    world.handle(&request, NOW)
                } else {
                    world.clone().handle(&request, NOW)
                };
                let status = answer.response().expect("an answer").status;
                assert!(
                    status < 500 || status == 501,
                    "{method} {path}?{query}: {status}"
                );
                // A body and a query meet no common code: each is varied with the other left alone.
                if method == "GET" || !query.is_empty() {
                    break;
                }
            }
        }
    }
}
