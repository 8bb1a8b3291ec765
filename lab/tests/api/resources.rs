//! Identity providers of another Okta org, links to people, keys, features, domains, shares of limits, the log.

use serde_json::{Value, json};

use crate::org::{Org, bookmark, code, org2org};

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn cause(answer: &org2org_lab::Response) -> String {
    text(&answer.value(), "/errorCauses/0/errorSummary").to_owned()
}

fn hub() -> Org {
    Org::of("hub-admin.okta.com", "admin@hub.example.com")
}

fn integration(org: &str) -> Value {
    json!({
        "type": "OKTA_INTEGRATION", "name": "ACME people",
        "protocol": { "type": "OIDC", "oktaIdpOrgUrl": org, "credentials": { "client": {
            "token_endpoint_auth_method": "private_key_jwt", "client_id": "placeholder" } } },
        "policy": {
            "accountLink": { "action": "DISABLED", "filter": null },
            "provisioning": { "action": "AUTO", "groups": { "action": "NONE" } }, "maxClockSkew": 120_000,
            "subject": { "userNameTemplate": { "template": "idpuser.email" }, "matchType": "USERNAME", "filter": ".*" },
        },
    })
}

#[test]
fn another_okta_org_becomes_an_identity_provider() {
    let mut hub = hub();
    let mut body = integration("https://acme.okta.com/");
    let idp = hub.post("/api/v1/idps", body.clone());
    assert_eq!(text(&idp, "/protocol/issuer/url"), "https://acme.okta.com");
    let token = text(&idp, "/protocol/endpoints/token/url");
    assert_eq!(token, "https://acme.okta.com/oauth2/v1/token");
    assert_eq!(
        idp["policy"]["subject"]["filter"],
        Value::Null,
        "it does not stay"
    );
    assert_eq!(
        hub.get("/api/v1/idps?type=OKTA_INTEGRATION")[0]["id"],
        idp["id"]
    );

    let path = format!("/api/v1/idps/{}", text(&idp, "/id"));
    body["protocol"]["credentials"]["client"]["client_id"] = json!("0oa11111111111111111");
    let replaced = hub.call("PUT", &path, Some(&body));
    assert_eq!(replaced.status, 200);
    let client = "/protocol/credentials/client/client_id";
    assert_eq!(text(&hub.get(&path), client), "0oa11111111111111111");
    assert_eq!(replaced.value()["created"], Value::Null, "as recorded");
    assert_eq!(hub.get(&path)["created"], idp["created"]);

    // It has no key of its own, a SAML one has.
    let active = format!("{path}/credentials/keys/active");
    assert_eq!(hub.call("GET", &active, None).status, 204);
    for (wrong, said) in [
        ("acme.okta.com", "oktaIdpOrgUrl"),
        ("https://acme.okta.com/oauth2", "oktaIdpOrgUrl"),
    ] {
        let mut body = integration(wrong);
        body["name"] = json!("Other");
        let answer = hub.call("POST", "/api/v1/idps", Some(&body));
        assert!(
            cause(&answer).contains(said),
            "{wrong}: {}",
            answer.body_text()
        );
    }
    let mut body = integration("https://acme.okta.com");
    (
        body["name"],
        body["policy"]["provisioning"]["groups"]["action"],
    ) = (json!("Other"), json!("SYNC"));
    let answer = hub.call("POST", "/api/v1/idps", Some(&body));
    assert!(cause(&answer).contains("NONE and ASSIGN"));
}

#[test]
fn an_org2org_app_may_sign_on_by_openid_connect() {
    let mut acme = Org::acme();
    let mut body = org2org("By OIDC");
    body["signOnMode"] = json!("OPENID_CONNECT");
    body["settings"]["app"]["idpId"] = json!("0oa11111111111111111");
    let app = acme.post("/api/v1/apps", body);
    assert_eq!(app["settings"]["app"]["idpId"], "0oa11111111111111111");
    assert_eq!(
        app["credentials"].get("oauthClient"),
        None,
        "its id is its client id"
    );
    assert_eq!(app["settings"].get("oauthClient"), None);
    assert_eq!(app["_links"]["clientCredentials"][0]["name"], "jwks");
}

#[test]
fn linking_by_api_needs_names_that_last() {
    let mut hub = hub();
    let idp = hub.get("/api/v1/idps")[0].clone();
    let path = format!("/api/v1/idps/{}", text(&idp, "/id"));
    let user = text(&hub.get("/api/v1/users/grace@hub.example.com"), "/id").to_owned();
    let link = format!("{path}/users/{user}");
    let body = json!({ "externalId": "grace" });
    let refused = hub.call("POST", &link, Some(&body));
    assert!(
        cause(&refused).contains("nameFormat"),
        "{}",
        refused.body_text()
    );

    let mut changed = idp.clone();
    changed["protocol"]["settings"] = json!({ "honorPersistentNameId": false,
        "nameFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" });
    assert_eq!(hub.call("PUT", &path, Some(&changed)).status, 200);
    let refused = hub.call("POST", &link, Some(&body));
    assert!(cause(&refused).contains("honorPersistentNameId"));

    changed["protocol"]["settings"]["honorPersistentNameId"] = json!(true);
    assert_eq!(hub.call("PUT", &path, Some(&changed)).status, 200);
    assert_eq!(hub.post(&link, body)["externalId"], "grace");
    assert_eq!(hub.get(&format!("{path}/users"))[0]["id"], user.as_str());
    let other = text(&hub.get("/api/v1/users/alan@hub.example.com"), "/id").to_owned();
    let taken = hub.call(
        "POST",
        &format!("{path}/users/{other}"),
        Some(&json!({ "externalId": "grace" })),
    );
    assert!(cause(&taken).contains("Another user"));
    assert_eq!(hub.call("DELETE", &link, None).status, 204);
    assert_eq!(hub.get(&format!("{path}/users")), json!([]));
}

#[test]
fn a_key_goes_to_another_app_and_a_trusted_one_changes_its_certificate() {
    let mut acme = Org::acme();
    let [one, two] = ["One", "Two"].map(|label| {
        let app = acme.post("/api/v1/apps", org2org(label));
        text(&app, "/id").to_owned()
    });
    let key = acme.get(&format!("/api/v1/apps/{one}/credentials/keys"))[0].clone();
    let clone = format!(
        "/api/v1/apps/{one}/credentials/keys/{}/clone?targetAid={two}",
        text(&key, "/kid")
    );
    let answer = acme.call("POST", &clone, None);
    assert_eq!((answer.status, &answer.value()), (201, &key));
    let there = acme.get(&format!("/api/v1/apps/{two}/credentials/keys"));
    assert_eq!(there[1], key);
    assert_eq!(
        acme.call("POST", &clone, None).status,
        400,
        "it is there already"
    );

    let trusted = acme.post(
        "/api/v1/idps/credentials/keys",
        json!({ "x5c": key["x5c"] }),
    );
    let path = format!("/api/v1/idps/credentials/keys/{}", text(&trusted, "/kid"));
    let next = json!({ "x5c": there[0]["x5c"] });
    let answer = acme.call("PUT", &path, Some(&next)).value();
    assert_eq!(answer["kid"], trusted["kid"]);
    assert_eq!(answer["x5t#S256"], there[0]["x5t#S256"]);
    let own = acme.get("/api/v1/idps")[0].clone();
    let keys = format!("/api/v1/idps/{}/credentials/keys", text(&own, "/id"));
    let kid = &own["protocol"]["credentials"]["signing"]["kid"];
    assert_eq!(&acme.get(&keys)[0]["kid"], kid);
    assert_eq!(acme.get(&format!("{keys}/active")), acme.get(&keys));
}

#[test]
fn a_feature_goes_with_what_it_needs() {
    let mut acme = Org::acme();
    let all = acme.get("/api/v1/features");
    let id = |name: &str| {
        let found = all
            .as_array()
            .expect("a list")
            .iter()
            .find(|one| one["name"] == name);
        text(found.expect("it is offered"), "/id").to_owned()
    };
    let (base, built) = (id("Okta Integration IdP"), id("Org2Org OIDC Sign-On Mode"));
    let switch = |id: &str, verb: &str| format!("/api/v1/features/{id}/{verb}");
    let answer = acme.call("POST", &switch(&base, "DISABLE"), None);
    assert!(cause(&answer).contains("Org2Org OIDC Sign-On Mode"));
    let forced = switch(&base, "disable?mode=force");
    assert_eq!(
        acme.call("POST", &forced, None).value()["status"],
        "DISABLED"
    );
    assert_eq!(
        acme.get(&format!("/api/v1/features/{built}"))["status"],
        "DISABLED"
    );
    assert_eq!(
        acme.call("POST", &switch(&built, "ENABLE"), None).status,
        400
    );
    assert_eq!(
        acme.call("POST", &switch(&built, "ENABLE?mode=force"), None)
            .status,
        200
    );
    assert_eq!(
        acme.get(&format!("/api/v1/features/{built}/dependencies"))[0]["id"],
        base.as_str()
    );
    assert_eq!(acme.get("/api/v1/features")[0]["status"], "ENABLED");
    let mut apps = Org::of("acme-admin.okta.com", "apps@acme.example.com");
    let forbidden = apps.call("POST", &switch(&base, "DISABLE"), None);
    assert_eq!(
        code(&forbidden),
        "E0000006",
        "only a super admin switches features"
    );
}

#[test]
fn domains_and_shares_of_limits_are_the_orgs_own() {
    let mut hub = hub();
    let before = hub.world.dump();
    let body = json!({ "domain": "login.hub.example.com", "certificateSourceType": "MANUAL" });
    let made = hub.call("POST", "/api/v1/domains", Some(&body));
    assert_eq!(
        (made.status, text(&made.value(), "/validationStatus")),
        (201, "NOT_STARTED")
    );
    assert_eq!(hub.call("POST", "/api/v1/domains", Some(&body)).status, 400);
    assert_eq!(
        hub.get("/api/v1/domains")["domains"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    assert_ne!(hub.world.dump(), before);
    let path = format!("/api/v1/domains/{}", text(&made.value(), "/id"));
    assert_eq!(hub.call("DELETE", &path, None).status, 204);
    assert_eq!(hub.world.dump(), before);

    let token = text(&hub.get("/api/v1/api-tokens"), "/0/id").to_owned();
    let mut body =
        json!({ "principalId": token, "principalType": "SSWS_TOKEN", "defaultPercentage": 25 });
    let place = "/api/v1/principal-rate-limits";
    let made = hub.call("POST", place, Some(&body)).value();
    assert_eq!(
        (
            &made["defaultPercentage"],
            &made["defaultConcurrencyPercentage"]
        ),
        (&json!(25), &json!(50))
    );
    assert_eq!(
        hub.call("POST", place, Some(&body)).status,
        400,
        "it has one"
    );
    body["defaultPercentage"] = json!(101);
    let path = format!("{place}/{}", text(&made, "/id"));
    assert_eq!(hub.call("PUT", &path, Some(&body)).status, 400);
    body["defaultPercentage"] = json!(100);
    assert_eq!(
        hub.call("PUT", &path, Some(&body)).value()["defaultPercentage"],
        100
    );
    let found = hub.get(&format!("{place}?filter=principalId+eq+%22{token}%22"));
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}

#[test]
fn an_assignment_is_changed_in_part() {
    let mut acme = Org::acme();
    let app = text(&acme.post("/api/v1/apps", org2org("X")), "/id").to_owned();
    let group = text(&acme.get("/api/v1/groups?q=Sales"), "/0/id").to_owned();
    let path = format!("/api/v1/apps/{app}/groups/{group}");
    assert_eq!(acme.call("PUT", &path, None).status, 200);
    let steps = json!([{ "op": "replace", "path": "/profile/initialStatus", "value": "pending_with_pass" },
        { "op": "replace", "path": "/priority", "value": 7 }]);
    assert_eq!(acme.call("PATCH", &path, Some(&steps)).status, 200);
    let now = acme.get(&path);
    assert_eq!(
        (&now["priority"], &now["profile"]["initialStatus"]),
        (&json!(7), &json!("pending_with_pass"))
    );
    let wrong = json!([{ "op": "replace", "path": "/id", "value": "x" }]);
    assert_eq!(acme.call("PATCH", &path, Some(&wrong)).status, 400);
    assert_eq!(acme.get(&path), now);
}

#[test]
fn a_person_is_replaced_whole_and_invited_again() {
    let mut acme = Org::acme();
    let profile = json!({ "firstName": "New", "lastName": "Person", "email": "new@acme.example.com", "login": "new@acme.example.com" });
    let mut first = profile.clone();
    first["title"] = json!("Clerk");
    let user = acme.post("/api/v1/users", json!({ "profile": first }));
    let path = format!("/api/v1/users/{}", text(&user, "/id"));
    let again = format!("{path}/lifecycle/reactivate?sendEmail=false");
    assert!(acme.call("POST", &again, None).value()["activationToken"].is_string());
    assert_eq!(acme.get(&path)["profile"]["title"], "Clerk");
    assert_eq!(
        acme.call("PUT", &path, Some(&json!({ "profile": profile })))
            .status,
        200
    );
    assert_eq!(acme.get(&path)["profile"].get("title"), None);
    let active = "/api/v1/users/grace@acme.example.com/lifecycle/reactivate";
    assert_eq!(code(&acme.call("POST", active, None)), "E0000038");
}

#[test]
fn the_log_tells_changes_and_is_polled_without_end() {
    let mut acme = Org::acme();
    let app = acme.post("/api/v1/apps", bookmark("Told"));
    let path = format!("/api/v1/apps/{}", text(&app, "/id"));
    acme.call("POST", &format!("{path}/lifecycle/deactivate"), None);
    acme.post(
        "/api/v1/groups",
        json!({ "profile": { "name": "Told as well" } }),
    );
    let kinds = |events: &Value| -> Vec<String> {
        let all = events.as_array().expect("a list").iter();
        all.map(|event| text(event, "/eventType").to_owned())
            .collect()
    };
    let next = |answer: &org2org_lab::Response| {
        let links = answer.headers.iter().filter(|(name, _)| name == "link");
        let found = links
            .map(|(_, link)| link)
            .find(|link| link.contains("rel=\"next\""));
        let address = found.and_then(|link| link.split(['<', '>']).nth(1));
        address.map(|address| {
            address
                .trim_start_matches("https://acme-admin.okta.com")
                .to_owned()
        })
    };
    let first = acme.call("GET", "/api/v1/logs?limit=2", None);
    assert_eq!(
        kinds(&first.value()),
        [
            "application.lifecycle.create",
            "application.lifecycle.deactivate"
        ]
    );
    assert_eq!(first.value()[0]["target"][0]["displayName"], "Told");
    let second = acme.call("GET", &next(&first).expect("a page more"), None);
    assert_eq!(kinds(&second.value()), ["group.lifecycle.create"]);
    // Nothing new: the page is empty, and so is the one after it, until something happens.
    let polled = acme.call("GET", &next(&second).expect("always"), None);
    assert_eq!(polled.value(), json!([]));
    let again = next(&polled).expect("always");
    acme.post("/api/v1/groups", json!({ "profile": { "name": "Later" } }));
    assert_eq!(kinds(&acme.get(&again)), ["group.lifecycle.create"]);

    let filtered = acme
        .get("/api/v1/logs?filter=eventType+eq+%22group.lifecycle.create%22&sortOrder=DESCENDING");
    assert_eq!(filtered.as_array().map(Vec::len), Some(2));
    assert_eq!(filtered[0]["target"][0]["displayName"], "Later");
    assert_eq!(
        acme.get("/api/v1/logs?q=told+group")
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let bounded = acme.call("GET", "/api/v1/logs?until=2001-01-01T00:00:00.000Z", None);
    assert_eq!(
        (bounded.value(), next(&bounded)),
        (json!([]), None),
        "what is past ends"
    );
    for wrong in ["limit=1001", "since=yesterday", "after=x", "sortOrder=up"] {
        assert_eq!(
            acme.call("GET", &format!("/api/v1/logs?{wrong}"), None)
                .status,
            400,
            "{wrong}"
        );
    }
}
