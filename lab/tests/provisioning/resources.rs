//! The operations that steer provisioning, as Okta answers them.

use serde_json::{Value, json};

use crate::pair::{Pair, feature};

#[test]
fn a_connection_answers_as_recorded() {
    let mut pair = Pair::fresh();
    let app = pair.bare_app("hub");
    let place = format!("/api/v1/apps/{app}/connections/default");
    let fresh = pair.ok("acme", "GET", &place, None);
    assert!(fresh.get("profile").is_none() && fresh["status"] == "DISABLED");
    assert_eq!(
        pair.call("acme", "GET", &format!("{place}/jwks"), None)
            .status,
        404
    );
    assert_eq!(
        pair.call("acme", "POST", &format!("{place}/lifecycle/activate"), None)
            .status,
        204
    );
    assert_eq!(
        pair.ok("acme", "GET", &place, None)["status"],
        "DISABLED",
        "there is nothing to activate"
    );
    let features = pair.call("acme", "GET", &format!("/api/v1/apps/{app}/features"), None);
    assert_eq!(
        (features.status, features.value()["errorCode"].clone()),
        (400, json!("E0000001"))
    );

    for wrong in [
        json!({}),
        json!({ "profile": { "authScheme": "TOKEN" } }),
        json!({ "profile": { "authScheme": "OAUTH2" } }),
        json!({ "profile": { "authScheme": "OAUTH2", "clientId": "0oa", "signing": { "rotationMode": "OFTEN" } } }),
        json!({ "profile": { "authScheme": "UNKNOWN" } }),
    ] {
        assert_eq!(
            pair.call("acme", "POST", &place, Some(&wrong)).status,
            400,
            "{wrong}"
        );
    }
    let token = json!({ "baseUrl": "https://hub.okta.com", "profile": { "authScheme": "TOKEN", "token": "secret" } });
    let set = pair.ok("acme", "POST", &place, Some(&token));
    assert_eq!(
        (&set["status"], &set["profile"]),
        (&json!("DISABLED"), &json!({ "authScheme": "TOKEN" }))
    );
    assert!(set["_links"].get("activate").is_some());
    assert_eq!(
        pair.call("acme", "POST", &format!("{place}/lifecycle/activate"), None)
            .status,
        204
    );
    let on = pair.ok("acme", "GET", &place, None);
    assert_eq!(
        (&on["status"], &on["baseUrl"]),
        (&json!("ENABLED"), &json!("https://hub.okta.com"))
    );
    let shown = pair.ok("acme", "GET", &format!("/api/v1/apps/{app}"), None);
    assert_eq!(
        shown["features"],
        json!([
            "IMPORT_PROFILE_UPDATES",
            "GROUP_PUSH",
            "IMPORT_USER_SCHEMA",
            "IMPORT_NEW_USERS"
        ])
    );

    let auto = json!({ "profile": { "authScheme": "OAUTH2", "clientId": "0oaclient", "signing": { "rotationMode": "AUTO" } } });
    let set = pair.ok(
        "acme",
        "POST",
        &format!("{place}?activate=true"),
        Some(&auto),
    );
    assert_eq!(
        (&set["authScheme"], &set["clientId"]),
        (&json!("OAUTH2"), &json!("0oaclient"))
    );
    // Nobody needs to be signed in to read the keys.
    let keys = pair
        .anonymous("GET", &format!("https://acme.okta.com{place}/jwks"))
        .value();
    assert_eq!(keys["jwks"]["keys"].as_array().map(Vec::len), Some(1));

    // An app without provisioning takes everything and does nothing.
    let bookmark = json!({ "name": "bookmark", "label": "B", "settings": { "app": { "url": "https://x.example.com" } } });
    let other = pair.ok("acme", "POST", "/api/v1/apps", Some(&bookmark))["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let place = format!("/api/v1/apps/{other}/connections/default");
    let unknown = json!({ "status": "UNKNOWN", "profile": { "authScheme": "UNKNOWN" } });
    let body = json!({ "profile": { "authScheme": "UNKNOWN" } });
    assert_eq!(
        pair.ok(
            "acme",
            "POST",
            &format!("{place}?activate=true"),
            Some(&body)
        ),
        unknown
    );
    assert_eq!(
        pair.call("acme", "POST", &format!("{place}/lifecycle/activate"), None)
            .status,
        204
    );
    assert_eq!(pair.ok("acme", "GET", &place, None), unknown);
    let feature = pair.call("acme", "GET", &feature(&other), None);
    assert_eq!(
        feature.value()["errorCauses"][0]["errorSummary"],
        "Provisioning is not supported."
    );
    assert_eq!(
        pair.call(
            "acme",
            "PUT",
            &format!("/api/v1/apps/{other}/features/USER_PROVISIONING"),
            None
        )
        .value()["errorCode"],
        "E0000003"
    );
}

#[test]
fn imports_are_stored_under_the_answered_name() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let place = format!("/api/v1/apps/{app}/features/INBOUND_PROVISIONING");
    let body = json!({ "importSettings": { "username": { "usernameFormat": "CUSTOM", "userNameExpression": "appuser.userName" } },
        "importRules": { "userCreateAndMatch": { "allowPartialMatch": false } } });
    let set = pair.ok("acme", "PUT", &place, Some(&body));
    let settings = &set["capabilities"]["importSettings"];
    assert_eq!(
        settings["username"],
        json!({ "userNameFormat": "CUSTOM", "userNameExpression": "appuser.userName" })
    );
    assert_eq!(settings["schedule"]["fullImport"], Value::Null);
    assert_eq!(
        set["capabilities"]["importRules"]["userCreateAndMatch"]["exactMatchCriteria"],
        "USERNAME"
    );
    for wrong in [
        json!({ "importSettings": { "username": { "usernameFormat": "NICK" } } }),
        json!({ "importRules": { "userCreateAndMatch": { "allowPartialMatch": "no" } } }),
        json!({ "unheardOf": true }),
    ] {
        assert_eq!(
            pair.call("acme", "PUT", &place, Some(&wrong)).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn mappings_are_found_changed_and_taken_back() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let before = pair.world.dump();
    let found = pair.ok(
        "acme",
        "GET",
        &format!("/api/v1/mappings?targetId={app}"),
        None,
    );
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    let types = pair.ok("acme", "GET", "/api/v1/meta/types/user", None);
    assert_eq!(found[0]["source"]["id"], types[0]["id"]);
    let by_source = pair.ok(
        "acme",
        "GET",
        &format!("/api/v1/mappings?sourceId={app}"),
        None,
    );
    assert_eq!(by_source[0]["target"]["type"], "user");
    assert_eq!(
        pair.call("acme", "GET", "/api/v1/mappings?sourceId=0oanothing", None)
            .status,
        404
    );

    let place = format!(
        "/api/v1/mappings/{}",
        found[0]["id"].as_str().expect("an id")
    );
    let read = pair.ok("acme", "GET", &place, None);
    assert_eq!(
        read["properties"]["email"],
        json!({ "expression": "source.email", "pushStatus": "PUSH" })
    );
    assert!(read["properties"].get("initialStatus").is_none());
    let wrong = json!({ "properties": { "shoeSize": { "expression": "user.email", "pushStatus": "PUSH" } } });
    let refused = pair.call("acme", "POST", &place, Some(&wrong)).value();
    assert_eq!(
        refused["errorSummary"],
        "Api validation failed: updateMapping"
    );
    assert_eq!(
        refused["errorCauses"][0]["errorSummary"],
        "Invalid target field shoeSize"
    );
    for rule in [
        json!({ "expression": "active_with_pass", "pushStatus": "PUSH" }),
        json!({ "expression": "\"a\"", "pushStatus": "OFTEN" }),
    ] {
        let body = json!({ "properties": { "initialStatus": rule } });
        assert_eq!(
            pair.call("acme", "POST", &place, Some(&body)).status,
            400,
            "{rule}"
        );
    }
    pair.map_status(&app, "active_with_pass");
    assert_eq!(
        pair.ok("acme", "GET", &place, None)["properties"]["initialStatus"]["pushStatus"],
        "DONT_PUSH"
    );
    pair.map(
        &app,
        json!({ "initialStatus": { "expression": null, "pushStatus": null } }),
    );
    assert_eq!(pair.world.dump(), before);
}

#[test]
fn schemas_tell_the_attributes_and_guard_profiles() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let schema = pair.ok(
        "acme",
        "GET",
        &format!("/api/v1/meta/schemas/apps/{app}/default"),
        None,
    );
    let status = &schema["definitions"]["base"]["properties"]["initialStatus"];
    assert_eq!(status["enum"].as_array().map(Vec::len), Some(4));
    let users = pair.ok("acme", "GET", "/api/v1/meta/schemas/user/default", None);
    let mut required: Vec<Value> = users["definitions"]["base"]["required"]
        .as_array()
        .expect("a list")
        .clone();
    required.sort_by_key(Value::to_string);
    assert_eq!(
        required,
        [
            json!("email"),
            json!("firstName"),
            json!("lastName"),
            json!("login")
        ]
    );

    let grace = format!(
        "/api/v1/users/{}",
        pair.id("acme", "grace@acme.example.com")
    );
    let shoe = json!({ "profile": { "shoeSize": "36" } });
    assert_eq!(pair.call("acme", "POST", &grace, Some(&shoe)).status, 400);
    let more = json!({ "definitions": { "custom": { "properties": { "shoeSize": { "title": "Shoe size", "type": "string" } } } } });
    // A custom attribute has to be known in the source, in the app and in the target before it arrives.
    pair.ok(
        "acme",
        "POST",
        "/api/v1/meta/schemas/user/default",
        Some(&more),
    );
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/meta/schemas/apps/{app}/default"),
        Some(&more),
    );
    pair.map(
        &app,
        json!({ "shoeSize": { "expression": "user.shoeSize", "pushStatus": "PUSH" } }),
    );
    pair.assign("Sales", &app);
    pair.ok("acme", "POST", &grace, Some(&shoe));
    assert!(
        pair.failures("acme")[0].ends_with("Property name 'shoeSize' is not defined in profile")
    );
    pair.ok(
        "hub",
        "POST",
        "/api/v1/meta/schemas/user/default",
        Some(&more),
    );
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["profile"]["shoeSize"],
        "36"
    );
}
