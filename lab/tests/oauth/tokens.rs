//! How a service app gets a token: assertions, keys, scopes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use jsonwebtoken::jwk::ThumbprintHash;
use org2org_lab::{Fault, FaultKind, Request};
use serde_json::{Value, json};

use crate::hub::{Hub, Key, NOW, TOKEN, error, person, text};

#[test]
fn a_service_app_with_a_proof_creates_people() {
    let mut hub = Hub::with_app();
    let answer = hub.token("okta.users.manage okta.groups.manage");
    let body = answer.value();
    assert_eq!(
        (&body["token_type"], &body["expires_in"], &body["scope"]),
        (
            &json!("DPoP"),
            &json!(3600),
            &json!("okta.users.manage okta.groups.manage")
        )
    );
    assert!(answer.header("dpop-nonce").is_some());
    let token = text(&body, "access_token");
    let made = hub.as_app(
        &token,
        "POST",
        "/api/v1/users?activate=true",
        Some(&person("new@acme.example.com")),
    );
    assert_eq!(made.status, 200, "{}", made.body_text());
    let id = text(&made.value(), "id");
    assert_eq!(
        hub.as_app(&token, "GET", &format!("/api/v1/users/{id}"), None)
            .status,
        200
    );
    let effect = hub.world.effects().last().expect("an effect");
    assert_eq!(
        (effect.actor.as_str(), effect.what.as_str()),
        (hub.app.as_str(), "created user new@acme.example.com")
    );
    // Nobody is signed in, so there is no "me".
    assert_eq!(
        hub.as_app(&token, "GET", "/api/v1/users/me", None).status,
        404
    );
    let log = hub.get("/api/v1/logs?filter=eventType+eq+%22app.oauth2.token.grant.access_token%22");
    let told: Vec<&Value> = log
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| &event["outcome"]["result"])
        .collect();
    assert_eq!(told, ["FAILURE", "SUCCESS"]);
}

#[test]
fn every_flaw_of_an_assertion_is_refused_in_oktas_words() {
    let mut hub = Hub::with_app();
    let other = Key::fresh();
    let mut flaws: Vec<(String, &str)> = Vec::new();
    let mut flawed = |hub: &mut Hub, name: &str, value: Value, told: &'static str| {
        let mut claims = hub.claims();
        claims[name] = value;
        flaws.push((hub.key.assertion("k1", &claims), told));
    };
    let seconds = NOW / 1000;
    flawed(
        &mut hub,
        "aud",
        json!("https://acme.okta.com/oauth2/v1/token"),
        "The audience claim for client_assertion must be the endpoint invoked for the request.",
    );
    flawed(
        &mut hub,
        "aud",
        json!("https://hub.okta.com"),
        "The audience claim for client_assertion must be the endpoint invoked for the request.",
    );
    flawed(
        &mut hub,
        "exp",
        json!(seconds),
        "The client_assertion token is expired.",
    );
    flawed(
        &mut hub,
        "exp",
        json!(seconds + 3601),
        "The client_assertion token has an expiration too far into the future.",
    );
    flawed(
        &mut hub,
        "exp",
        Value::Null,
        "The client_assertion token must contain an expiration.",
    );
    flawed(
        &mut hub,
        "iat",
        json!(seconds + 600),
        "The client_assertion token was issued in the future.",
    );
    flawed(
        &mut hub,
        "iss",
        json!("0oasomebodyelse00005d7"),
        "The 'iss' and 'sub' claims of client_assertion must be the client_id.",
    );
    let claims = hub.claims();
    flaws.push((
        other.assertion("k1", &claims),
        "The client_assertion signature is invalid.",
    ));
    flaws.push((
        hub.key.assertion("k2", &claims),
        "The client_assertion JWT kid is invalid.",
    ));
    flaws.push((
        "no.jwt".to_owned(),
        "The parsing of the client_assertion failed.",
    ));
    let unsigned = [json!({ "alg": "none", "kid": "k1" }), claims]
        .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    flaws.push((
        format!("{}.{}.", unsigned[0], unsigned[1]),
        "The client_assertion signature is invalid.",
    ));
    for (assertion, told) in flaws {
        let answer = hub.ask(&assertion, None, "okta.users.manage");
        assert_eq!(
            error(&answer),
            (401, "invalid_client".to_owned(), told.to_owned())
        );
    }
    assert!(
        !hub.world
            .effects()
            .iter()
            .any(|effect| effect.actor == hub.app)
    );
}

#[test]
fn an_assertion_is_good_once_even_when_only_the_nonce_was_missing() {
    let mut hub = Hub::with_app();
    let assertion = hub.fresh_assertion();
    let claims = hub.proof_claims("POST", TOKEN);
    let proof = hub.dpop.proof(&claims);
    let first = hub.ask(&assertion, Some(&proof), "okta.users.manage");
    assert_eq!(
        error(&first),
        (
            400,
            "use_dpop_nonce".to_owned(),
            "Authorization server requires nonce in DPoP proof.".to_owned()
        )
    );
    let mut claims = hub.proof_claims("POST", TOKEN);
    claims["nonce"] = json!(first.header("dpop-nonce"));
    let proof = hub.dpop.proof(&claims);
    let again = hub.ask(&assertion, Some(&proof), "okta.users.manage");
    assert_eq!(
        error(&again).2,
        "The client_assertion token has already been used."
    );
    let assertion = hub.fresh_assertion();
    assert_eq!(
        hub.ask(&assertion, Some(&proof), "okta.users.manage")
            .status,
        200,
        "the proof was never taken"
    );
}

#[test]
fn the_token_says_what_it_is_for() {
    let mut hub = Hub::with_app();
    let token = hub.access_token("okta.users.manage");
    let part = token.split('.').nth(1).expect("three parts");
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON");
    assert_eq!(
        (&claims["cid"], &claims["sub"]),
        (&json!(hub.app), &json!(hub.app))
    );
    assert_eq!(
        (&claims["iss"], &claims["scp"]),
        (
            &json!("https://hub.okta.com"),
            &json!(["okta.users.manage"])
        )
    );
    let thumbprint = hub
        .dpop
        .public
        .thumbprint(ThumbprintHash::SHA256)
        .expect("a thumbprint");
    assert_eq!(claims["cnf"]["jkt"], json!(thumbprint));
    // Nobody else's token opens this org, and an hour later this one does not either.
    let acme = Request::new("GET", "https://acme.okta.com/api/v1/users")
        .with("authorization", &format!("DPoP {token}"));
    assert_eq!(hub.send(&acme).status, 401);
    hub.now = NOW + 3_600_000;
    assert_eq!(hub.as_app(&token, "GET", "/api/v1/users", None).status, 401);
}

#[test]
fn scopes_are_those_granted_and_no_more() {
    let mut hub = Hub::with_app();
    let refusals = [
        ("", "invalid_scope"),
        ("openid", "invalid_scope"),
        ("okta.users.destroy", "invalid_scope"),
        ("okta.apps.read", "consent_required"),
    ];
    for (scope, told) in refusals {
        assert_eq!(error(&hub.token(scope)).1, told, "{scope}");
    }
    let granted = hub.token("okta.apps.manage okta.users.manage");
    assert_eq!(granted.value()["scope"], "okta.users.manage");
    let token = text(&granted.value(), "access_token");
    assert_eq!(
        hub.as_app(&token, "GET", "/api/v1/users?limit=1", None)
            .status,
        200,
        "managing reads"
    );
    let refused = hub.as_app(&token, "GET", "/api/v1/groups", None);
    assert_eq!(
        (refused.status, text(&refused.value(), "errorCode").as_str()),
        (403, "E0000006")
    );
    let challenge = refused.header("www-authenticate").expect("a challenge");
    assert!(
        challenge.contains("error=\"insufficient_scope\"")
            && challenge.contains("scope=\"okta.groups.read\"")
    );
    // A revoked grant ends with the next token, as the scopes of a token are its own.
    let path = format!("/api/v1/apps/{}/grants", hub.app);
    let grants = hub.get(&path);
    for grant in grants.as_array().expect("a list") {
        assert_eq!(
            hub.call("DELETE", &format!("{path}/{}", text(grant, "id")), None)
                .status,
            204
        );
    }
    assert_eq!(
        hub.as_app(&token, "GET", "/api/v1/users?limit=1", None)
            .status,
        200
    );
    assert_eq!(error(&hub.token("okta.users.manage")).1, "consent_required");
}

#[test]
fn keys_are_fetched_from_another_org_of_the_lab_and_from_nowhere_else() {
    let mut hub = Hub::with_app();
    let reach = |hub: &mut Hub, uri: &str| {
        hub.set_app(|app| app["settings"]["oauthClient"]["jwks_uri"] = json!(uri));
        let assertion = hub.fresh_assertion();
        error(&hub.ask(&assertion, None, "okta.users.manage")).2
    };
    // The other org's own keys are published there, and the app's key is not among them.
    assert_eq!(
        reach(&mut hub, "https://acme.okta.com/oauth2/v1/keys"),
        "The client_assertion JWT kid is invalid."
    );
    let fetched = hub
        .world
        .requests()
        .iter()
        .rfind(|request| request.host == "acme.okta.com")
        .expect("a request");
    assert_eq!(
        (
            fetched.method.as_str(),
            fetched.path.as_str(),
            fetched.status
        ),
        ("GET", "/oauth2/v1/keys", Some(200))
    );
    let failed = "The JSON Web Key Set couldn't be retrieved from the client's 'jwks_uri'.";
    for uri in [
        "https://www.example.com/keys",
        "http://acme.okta.com/oauth2/v1/keys",
        "https://acme.okta.com/_lab/sites",
        "https://acme.okta.com/api/v1/apps",
    ] {
        assert_eq!(reach(&mut hub, uri), failed, "{uri}");
    }
    hub.world.fault(
        Fault::new(FaultKind::DropBefore)
            .org("acme")
            .on("GET", "/oauth2/v1/keys"),
    );
    assert_eq!(
        reach(&mut hub, "https://acme.okta.com/oauth2/v1/keys"),
        failed
    );
}

#[test]
fn a_deactivated_key_or_app_signs_in_no_more() {
    let mut hub = Hub::with_app();
    let token = hub.access_token("okta.users.manage");
    let path = format!("/api/v1/apps/{}/credentials/jwks", hub.app);
    let second = Key::fresh();
    let added = hub.call("POST", &path, Some(&second.jwk("k2")));
    assert_eq!(added.status, 201, "{}", added.body_text());
    let keys = hub.get(&path);
    let first = format!("{path}/{}", text(&keys["keys"][0], "id"));
    assert_eq!(
        hub.call("DELETE", &first, None).status,
        400,
        "an active key stays"
    );
    assert_eq!(
        hub.call("POST", &format!("{first}/lifecycle/deactivate"), None)
            .value()["status"],
        "INACTIVE"
    );
    // The client API shows no status, so what it writes must not wake the key.
    let client = format!("/oauth2/v1/clients/{}", hub.app);
    let mut seen = hub.get(&client);
    seen.as_object_mut()
        .expect("an object")
        .remove("client_id_issued_at");
    assert_eq!(hub.call("PUT", &client, Some(&seen)).status, 200);
    let assertion = hub.fresh_assertion();
    assert_eq!(
        error(&hub.ask(&assertion, None, "okta.users.manage")).2,
        "The client_assertion JWT kid is invalid."
    );
    assert_eq!(
        hub.call("POST", &format!("{first}/lifecycle/activate"), None)
            .status,
        200
    );
    hub.access_token("okta.users.manage");
    assert_eq!(
        hub.call(
            "POST",
            &format!("/api/v1/apps/{}/lifecycle/deactivate", hub.app),
            None
        )
        .status,
        200
    );
    let assertion = hub.fresh_assertion();
    let refused = hub.ask(&assertion, None, "okta.users.manage");
    assert_eq!(
        text(&refused.value(), "errorSummary"),
        "Invalid value for 'client_id' parameter."
    );
    assert_eq!(hub.as_app(&token, "GET", "/api/v1/users", None).status, 401);
}
