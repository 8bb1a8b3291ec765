//! Service apps as apps and as clients: settings, secrets, all that is made and removed.

use org2org_lab::Request;
use serde_json::{Value, json};

use crate::hub::{Hub, Key, TOKEN, error, service, text};

#[test]
fn app_and_client_are_two_views_of_one_object() {
    let mut hub = Hub::new();
    let (old, new) = (Key::fresh().jwk("old"), Key::fresh().jwk("new"));
    let body = json!({
        "client_name": "Service", "application_type": "service", "grant_types": ["client_credentials"],
        "response_types": ["token"], "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [old] },
    });
    let made = hub.call("POST", "/oauth2/v1/clients", Some(&body));
    assert_eq!(made.status, 201, "{}", made.body_text());
    let id = text(&made.value(), "client_id");
    let app = hub.get(&format!("/api/v1/apps/{id}"));
    assert_eq!(
        (
            &app["label"],
            &app["settings"]["oauthClient"]["consent_method"]
        ),
        (&json!("Service"), &json!("REQUIRED"))
    );
    let taken = hub.call("POST", "/oauth2/v1/clients", Some(&body));
    assert_eq!(
        error(&taken),
        (
            400,
            "invalid_client_metadata".to_owned(),
            "client_name: An object with this field already exists in the current organization"
                .to_owned()
        )
    );
    // DPoP has no word in the client API, so a change there must not lose it.
    hub.app = id.clone();
    hub.set_app(|app| app["settings"]["oauthClient"]["dpop_bound_access_tokens"] = json!(true));
    let path = format!("/oauth2/v1/clients/{id}");
    let mut client = hub.get(&path);
    let read = client.clone();
    assert_eq!(
        hub.call("PUT", &path, Some(&json!({ "client_name": "Service" })))
            .status,
        400,
        "no partial update"
    );
    client
        .as_object_mut()
        .expect("an object")
        .remove("client_id_issued_at");
    client["jwks"]["keys"] = json!([old, new]);
    let answer = hub.call("PUT", &path, Some(&client));
    assert_eq!(answer.status, 200, "{}", answer.body_text());
    let app = hub.get(&format!("/api/v1/apps/{id}"));
    let kids: Vec<&Value> = app["settings"]["oauthClient"]["jwks"]["keys"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|key| &key["kid"])
        .collect();
    assert_eq!(kids, ["old", "new"]);
    assert_eq!(
        app["settings"]["oauthClient"]["dpop_bound_access_tokens"],
        true
    );
    client["jwks"]["keys"] = json!([new]);
    assert_eq!(
        hub.call("PUT", &path, Some(&client)).value()["jwks"]["keys"]
            .as_array()
            .map(Vec::len),
        Some(1),
        "the set is replaced"
    );
    assert_eq!(read["jwks"]["keys"][0]["kid"], "old");
    let listed = hub.get("/oauth2/v1/clients?q=serv");
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    assert_eq!(hub.call("DELETE", &path, None).status, 204);
    assert_eq!(
        hub.call("GET", &format!("/api/v1/apps/{id}"), None).status,
        404
    );
    assert_eq!(error(&hub.call("GET", &path, None)).0, 404);
}

#[test]
fn making_and_removing_everything_gives_the_dump_back() {
    let mut hub = Hub::new();
    let before = hub.world.dump();
    let mut with = Hub::with_app();
    assert_eq!(with.world.dump()["acme"], before["acme"]);
    assert_ne!(with.world.dump()["hub"], before["hub"]);
    let app = with.app.clone();
    let role = with.post(
        "/api/v1/iam/roles",
        json!({ "label": "R", "description": "x", "permissions": ["okta.groups.create"] }),
    );
    let set = with.post("/api/v1/iam/resource-sets", json!({ "label": "S", "description": "x", "resources": ["https://hub.okta.com/api/v1/groups"] }));
    for path in [
        format!("/api/v1/iam/roles/{}", text(&role, "id")),
        format!("/api/v1/iam/resource-sets/{}", text(&set, "id")),
    ] {
        assert_eq!(with.call("DELETE", &path, None).status, 204);
    }
    with.access_token("okta.users.manage");
    assert_eq!(
        with.call(
            "POST",
            &format!("/api/v1/apps/{app}/lifecycle/deactivate"),
            None
        )
        .status,
        200
    );
    assert_eq!(
        with.call("DELETE", &format!("/api/v1/apps/{app}"), None)
            .status,
        204
    );
    assert_eq!(with.world.dump(), before);
    with.world.reset();
    assert_eq!(with.world.dump(), before);
    assert_eq!(with.world.requests().len(), 0);
    hub.world.reset();
}

#[test]
fn settings_of_a_client_that_cannot_work_are_refused() {
    let mut hub = Hub::new();
    let key = hub.key.jwk("k1");
    let odd = [
        json!({}),
        json!({ "jwks": { "keys": [{ "kty": "oct", "k": "x" }] } }),
        json!({ "jwks": [] }),
        json!({ "jwks_uri": "no address" }),
        json!({ "jwks": { "keys": [key] }, "grant_types": ["authorization_code"] }),
        json!({ "jwks": { "keys": [key] }, "application_type": "robot" }),
        json!({ "jwks": { "keys": [key] }, "dpop_bound_access_tokens": "TRUE" }),
    ];
    for more in odd {
        let answer = hub.call("POST", "/api/v1/apps", Some(&service(&more)));
        assert_eq!(answer.status, 400, "{more}");
    }
    let mut chosen = service(&json!({ "jwks": { "keys": [key] } }));
    chosen["credentials"]["oauthClient"]["client_id"] = json!("acme-provisioning");
    let app = hub.post("/api/v1/apps", chosen.clone());
    assert_eq!(
        hub.get("/oauth2/v1/clients/acme-provisioning")["client_name"],
        "ACME provisioning"
    );
    assert_eq!(
        hub.call("POST", "/api/v1/apps", Some(&chosen)).status,
        400,
        "a client id is given once"
    );
    hub.app = text(&app, "id");
    hub.set_app(|app| app["credentials"]["oauthClient"]["client_id"] = json!("another"));
    assert_eq!(
        hub.call("GET", "/oauth2/v1/clients/acme-provisioning", None)
            .status,
        200,
        "and never changed"
    );
}

#[test]
fn a_secret_is_told_when_it_is_made() {
    let mut hub = Hub::new();
    let app = hub.post(
        "/api/v1/apps",
        json!({ "name": "oidc_client", "label": "Web", "signOnMode": "OPENID_CONNECT" }),
    );
    let id = text(&app, "id");
    let secret = text(&app["credentials"]["oauthClient"], "client_secret");
    assert!(!secret.is_empty());
    let read = hub.get(&format!("/api/v1/apps/{id}"));
    assert!(!read.to_string().contains(&secret) && !hub.world.dump().to_string().contains(&secret));
    let mut request =
        Request::new("POST", TOKEN).with("content-type", "application/x-www-form-urlencoded");
    request.body = format!(
        "grant_type=client_credentials&scope=okta.users.read&client_id={id}&client_secret={secret}"
    )
    .into_bytes();
    let answer = hub.send(&request);
    assert_eq!(
        error(&answer).2,
        "Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method."
    );
}
