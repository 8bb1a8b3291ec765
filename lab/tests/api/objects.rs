//! Apps, identity providers and lists: made, replaced, removed, paged.

use serde_json::{Value, json};

use crate::org::{NOW, Org, bookmark, code, org2org};

#[test]
fn apply_then_undo_gives_the_dump_back() {
    let mut acme = Org::acme();
    let before = acme.world.dump().to_string();
    let app = acme.post("/api/v1/apps", org2org("Hub"));
    let id = app["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        app["settings"]["app"],
        json!({ "acsUrl": null, "audRestriction": null, "baseUrl": "https://hub.okta.com", "idpId": null })
    );
    let groups = acme.get("/api/v1/groups?q=Sales");
    let group = groups[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        acme.call("PUT", &format!("/api/v1/apps/{id}/groups/{group}"), None)
            .status,
        200
    );
    let users = acme.get(&format!("/api/v1/apps/{id}/users"));
    assert_eq!(users.as_array().expect("a list").len(), 2);
    assert!(
        users
            .as_array()
            .expect("a list")
            .iter()
            .all(|user| user["scope"] == "GROUP")
    );
    assert_ne!(acme.world.dump().to_string(), before);
    assert_eq!(
        code(&acme.call("DELETE", &format!("/api/v1/apps/{id}"), None)),
        "E0000056"
    );
    assert_eq!(
        acme.call(
            "POST",
            &format!("/api/v1/apps/{id}/lifecycle/deactivate"),
            None
        )
        .status,
        200
    );
    let refused = acme.call("PUT", &format!("/api/v1/apps/{id}"), Some(&org2org("Hub")));
    assert_eq!(
        (refused.status, code(&refused)),
        (400, "E0000024".to_owned())
    );
    assert_eq!(
        acme.call("DELETE", &format!("/api/v1/apps/{id}"), None)
            .status,
        204
    );
    assert_eq!(acme.world.dump().to_string(), before);
    let told: Vec<&str> = acme
        .world
        .effects()
        .iter()
        .map(|effect| effect.what.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "created app okta_org2org `Hub`",
            "created group `Sales` in app `Hub`",
            "updated app okta_org2org `Hub` deactivated",
            "deleted app okta_org2org `Hub`",
        ]
    );
}

#[test]
fn a_replacement_forgets_what_it_does_not_say() {
    let mut acme = Org::acme();
    let app = acme.post("/api/v1/apps", org2org("Hub"));
    let path = format!("/api/v1/apps/{}", app["id"].as_str().expect("an id"));
    let mut full = app.clone();
    full["settings"]["app"]["acsUrl"] = json!("https://hub.okta.com/sso/saml2/0oa");
    full["settings"]["notes"]["admin"] = json!("made by us");
    let kept = acme.call("PUT", &path, Some(&full)).value();
    assert_eq!(kept["settings"], full["settings"]);
    assert_eq!(kept["credentials"], app["credentials"]);
    let forgot = acme.call("PUT", &path, Some(&org2org("Hub"))).value();
    assert_eq!(forgot["settings"]["notes"]["admin"], Value::Null);
    assert_eq!(forgot["settings"]["app"]["acsUrl"], Value::Null);
}

#[test]
fn idps_need_their_certificate_and_keys_in_use_stay() {
    let mut acme = Org::acme();
    let app = acme.post("/api/v1/apps", org2org("Hub"));
    let keys = acme.get(&format!(
        "/api/v1/apps/{}/credentials/keys",
        app["id"].as_str().expect("an id")
    ));
    let before = acme.world.dump().to_string();
    let key = acme.post(
        "/api/v1/idps/credentials/keys",
        json!({ "x5c": keys[0]["x5c"] }),
    );
    assert_eq!(key["x5t#S256"], keys[0]["x5t#S256"]);
    let twice = acme.call(
        "POST",
        "/api/v1/idps/credentials/keys",
        Some(&json!({ "x5c": keys[0]["x5c"] })),
    );
    assert_eq!(twice.status, 400);
    let mut body = json!({
        "type": "SAML2", "name": "ACME", "protocol": {
            "type": "SAML2", "endpoints": { "sso": { "url": "https://acme.okta.com/sso" } },
            "credentials": { "trust": { "issuer": "http://www.okta.com/exk", "kid": "nothing" } } },
        "policy": { "subject": { "userNameTemplate": { "template": "idpuser.subjectNameId" } } } });
    assert_eq!(
        code(&acme.call("POST", "/api/v1/idps", Some(&body))),
        "E0000001"
    );
    body["protocol"]["credentials"]["trust"]["kid"] = key["kid"].clone();
    let idp = acme.post("/api/v1/idps", body.clone());
    let audience = idp["protocol"]["credentials"]["trust"]["audience"].clone();
    let path = format!("/api/v1/idps/{}", idp["id"].as_str().expect("an id"));
    assert_eq!(
        idp["_links"]["acs"]["href"],
        format!(
            "https://acme-admin.okta.com/sso/saml2/{}",
            idp["id"].as_str().expect("an id")
        )
    );
    assert_eq!(acme.call("POST", "/api/v1/idps", Some(&body)).status, 400);
    body["name"] = json!("ACME people");
    let replaced = acme.call("PUT", &path, Some(&body)).value();
    assert_eq!(
        replaced["protocol"]["credentials"]["trust"]["audience"],
        audience
    );
    let kid = format!(
        "/api/v1/idps/credentials/keys/{}",
        key["kid"].as_str().expect("a kid")
    );
    assert_eq!(acme.call("DELETE", &kid, None).status, 400);
    assert_eq!(acme.call("DELETE", &path, None).status, 403);
    assert_eq!(
        acme.call("POST", &format!("{path}/lifecycle/deactivate"), None)
            .value()["status"],
        "INACTIVE"
    );
    assert_eq!(acme.call("DELETE", &path, None).status, 204);
    assert_eq!(acme.call("DELETE", &kid, None).status, 204);
    assert_eq!(acme.world.dump().to_string(), before);
}

#[test]
fn lists_come_in_pages_on_the_host_that_was_called() {
    let mut acme = Org::acme();
    for number in 0..5 {
        acme.post("/api/v1/apps", bookmark(&format!("Link {number}")));
    }
    let mut path = "/api/v1/apps?filter=name+eq+%22bookmark%22&limit=2".to_owned();
    let mut labels = Vec::new();
    loop {
        let answer = acme.call("GET", &path, None);
        labels.extend(
            answer
                .value()
                .as_array()
                .expect("a list")
                .iter()
                .map(|app| app["label"].as_str().expect("a label").to_owned()),
        );
        let links: Vec<&String> = answer
            .headers
            .iter()
            .filter(|(name, _)| name == "link")
            .map(|(_, link)| link)
            .collect();
        let Some(next) = links.iter().find(|link| link.ends_with("rel=\"next\"")) else {
            break;
        };
        assert!(
            next.starts_with("<https://acme-admin.okta.com/api/v1/apps?after="),
            "{next}"
        );
        path = next[1..next.find('>').expect("an end")].replace("https://acme-admin.okta.com", "");
    }
    assert_eq!(labels.len(), 6);
    assert_eq!(
        code(&acme.call("GET", "/api/v1/apps?after=junk", None)),
        "E0000029"
    );
    let metadata = acme.get("/.well-known/okta-organization");
    assert_eq!(
        metadata["_links"]["organization"]["href"],
        "https://acme-admin.okta.com"
    );
}

#[test]
fn metadata_is_xml_and_says_so() {
    let mut acme = Org::acme();
    let app = acme.post("/api/v1/apps", org2org("Hub"));
    let path = format!(
        "/api/v1/apps/{}/sso/saml/metadata",
        app["id"].as_str().expect("an id")
    );
    let json = acme
        .request("GET", &path, None)
        .with("accept", "application/json");
    assert_eq!(
        code(&acme.world.handle(&json, NOW).response().expect("an answer")),
        "E0000019"
    );
    let text = acme.call("GET", &path, None).body_text();
    let read = roxmltree::Document::parse(&text).expect("well-formed");
    let key = app["id"].as_str().expect("an id").replacen("0oa", "exk", 1);
    assert_eq!(
        read.root_element().attribute("entityID"),
        Some(format!("http://www.okta.com/{key}").as_str())
    );
    assert!(text.contains(&format!(
        "Location=\"https://acme-admin.okta.com/app/okta_org2org/{key}/sso/saml\""
    )));
}
