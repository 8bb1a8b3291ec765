//! Stories over the Management API of the lab, without sockets.

mod resources;

use org2org_lab::{Fault, FaultKind, Options, Reply, Request, Response, World};
use serde_json::{Value, json};

const NOW: u64 = 1_795_514_400_000;

struct Org {
    world: World,
    host: &'static str,
    cookie: String,
    xsrf: String,
}

impl Org {
    fn of(host: &'static str, login: &str) -> Self {
        let mut world = World::new(&Options::default());
        let org = host.split(['-', '.']).next().expect("a host has labels");
        let session = world.session(org, login, NOW);
        Self {
            world,
            host,
            cookie: session.cookie,
            xsrf: session.xsrf,
        }
    }

    fn acme() -> Self {
        Self::of("acme-admin.okta.com", "admin@acme.example.com")
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Request {
        let request = Request::new(method, &format!("https://{}{path}", self.host))
            .with("cookie", &self.cookie);
        let request = if method == "GET" {
            request
        } else {
            request.with("X-Okta-XsrfToken", &self.xsrf)
        };
        body.map_or(request.clone(), |body| request.json(body))
    }

    fn reply(&mut self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let request = self.request(method, path, body);
        self.world.handle(&request, NOW)
    }

    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        self.reply(method, path, body)
            .response()
            .expect("an answer")
    }

    fn get(&mut self, path: &str) -> Value {
        let answer = self.call("GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body_text());
        answer.value()
    }

    fn post(&mut self, path: &str, body: Value) -> Value {
        let answer = self.call("POST", path, Some(&body));
        assert_eq!(answer.status, 200, "{path}: {}", answer.body_text());
        answer.value()
    }
}

fn org2org(label: &str) -> Value {
    json!({ "name": "okta_org2org", "label": label, "signOnMode": "SAML_2_0",
        "settings": { "app": { "baseUrl": "https://hub.okta.com" } } })
}

fn bookmark(label: &str) -> Value {
    json!({ "name": "bookmark", "label": label, "signOnMode": "BOOKMARK",
        "settings": { "app": { "url": "https://hub.okta.com/home/x", "requestIntegration": false } } })
}

fn code(answer: &Response) -> String {
    answer.value()["errorCode"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

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
fn callers_without_right_session_or_token_are_refused() {
    let mut auditor = Org::of("acme.okta.com", "auditor@acme.example.com");
    assert_eq!(auditor.call("GET", "/api/v1/apps", None).status, 200);
    assert_eq!(
        code(&auditor.call("POST", "/api/v1/apps", Some(&bookmark("x")))),
        "E0000006"
    );
    let mut person = Org::of("acme.okta.com", "ada@acme.example.com");
    assert_eq!(
        person.get("/api/v1/users/me")["profile"]["login"],
        "ada@acme.example.com"
    );
    assert_eq!(code(&person.call("GET", "/api/v1/users", None)), "E0000006");
    let mut acme = Org::acme();
    let no_xsrf = acme.request("POST", "/api/v1/apps", None);
    let no_xsrf = Request {
        headers: no_xsrf
            .headers
            .into_iter()
            .filter(|(name, _)| name == "cookie")
            .collect(),
        ..no_xsrf
    };
    assert_eq!(
        code(
            &acme
                .world
                .handle(&no_xsrf.json(&bookmark("x")), NOW)
                .response()
                .expect("an answer")
        ),
        "E0000005"
    );
    acme.host = "hub.okta.com";
    assert_eq!(
        code(&acme.call("GET", "/api/v1/users/me", None)),
        "E0000005"
    );
    acme.host = "acme.okta.com";
    let later = acme.request("GET", "/api/v1/users/me", None);
    assert_eq!(
        acme.world
            .handle(&later, NOW + 14 * 60_000)
            .response()
            .expect("an answer")
            .status,
        200
    );
    assert_eq!(
        acme.world
            .handle(&later, NOW + 30 * 60_000)
            .response()
            .expect("an answer")
            .status,
        403
    );
    let token = acme.world.sites()[0].admins[0].token.clone();
    let by_token =
        Request::new("POST", "https://acme.okta.com/api/v1/apps").json(&bookmark("By token"));
    let by_token = by_token.with("authorization", &format!("SSWS {token}"));
    assert_eq!(
        acme.world
            .handle(&by_token, NOW)
            .response()
            .expect("an answer")
            .status,
        200
    );
}

#[test]
fn bad_input_gets_an_okta_error_and_never_a_crash() {
    let mut acme = Org::acme();
    let raw = |acme: &mut Org, method: &str, path: &str, kind: &str, body: &[u8]| {
        let mut request = acme.request(method, path, None).with("content-type", kind);
        request.body = body.to_vec();
        acme.world
            .handle(&request, NOW)
            .response()
            .expect("an answer")
    };
    assert_eq!(
        code(&raw(
            &mut acme,
            "POST",
            "/api/v1/apps",
            "application/json",
            b"{\"a\":"
        )),
        "E0000003"
    );
    assert_eq!(
        code(&raw(
            &mut acme,
            "POST",
            "/api/v1/apps",
            "application/json",
            b"[1]"
        )),
        "E0000003"
    );
    assert_eq!(
        code(&raw(&mut acme, "POST", "/api/v1/apps", "text/plain", b"{}")),
        "E0000021"
    );
    assert_eq!(
        code(&raw(
            &mut acme,
            "POST",
            "/api/v1/apps",
            "application/json",
            &vec![b' '; 2 << 20]
        )),
        "E0000003"
    );
    assert_eq!(code(&acme.call("PATCH", "/api/v1/apps", None)), "E0000022");
    assert_eq!(
        code(&acme.call("GET", "/api/v1/apps/0oanothing00000000000", None)),
        "E0000007"
    );
    assert_eq!(
        code(&acme.call("GET", "/api/v1/apps?filter=nonsense", None)),
        "E0000031"
    );
    for body in [
        json!({}),
        json!({ "name": 3 }),
        json!({ "label": "x", "name": "bookmark", "settings": [] }),
        json!({ "label": "x", "name": "okta_org2org", "settings": { "app": { "baseUrl": "nope" } } }),
    ] {
        assert_eq!(
            acme.call("POST", "/api/v1/apps", Some(&body)).status,
            400,
            "{body}"
        );
        assert_eq!(
            acme.call("POST", "/api/v1/idps", Some(&body)).status,
            400,
            "{body}"
        );
        assert_eq!(
            acme.call("POST", "/api/v1/users", Some(&body)).status,
            400,
            "{body}"
        );
    }
    assert!(acme.world.effects().is_empty());
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

#[test]
fn faults_hit_the_calls_they_are_set_for() {
    let with = |kind: FaultKind| {
        let mut acme = Org::acme();
        acme.world
            .fault(Fault::new(kind).on("POST", "/api/v1/apps").nth(1));
        let reply = acme.reply("POST", "/api/v1/apps", Some(&bookmark("One")));
        (acme.world.effects().len(), reply)
    };
    let status = |kind| with(kind).1.response().map(|answer| answer.status);
    assert_eq!(with(FaultKind::ErrorBefore(500)).0, 0);
    assert_eq!(status(FaultKind::ErrorBefore(502)), Some(502));
    assert_eq!(with(FaultKind::ErrorAfter(500)).0, 1);
    assert_eq!(with(FaultKind::DropBefore), (0, Reply::Dropped));
    assert_eq!(with(FaultKind::DropAfter), (1, Reply::Dropped));
    assert_eq!(with(FaultKind::Resent).0, 2);
    assert_eq!(with(FaultKind::ResentDropped), (2, Reply::Dropped));
    assert_eq!(status(FaultKind::RateLimited), Some(429));
    assert_eq!(status(FaultKind::ReadOnlyMode), Some(503));
    assert_eq!(status(FaultKind::SessionGone), Some(403));
    assert_eq!(status(FaultKind::SessionGoneRedirect), Some(302));
    assert_eq!(with(FaultKind::Html200).0, 0);
    let wrong = with(FaultKind::WrongShape)
        .1
        .response()
        .expect("an answer")
        .value();
    assert!(wrong["id"].is_null() && wrong["ident"].is_string());
    assert!(
        with(FaultKind::TruncatedJson)
            .1
            .response()
            .expect("an answer")
            .value()
            .is_null()
    );
}

#[test]
fn links_to_the_next_page_can_lie() {
    let next = |kind: FaultKind| {
        let mut acme = Org::acme();
        acme.world
            .fault(Fault::new(kind).on("GET", "/api/v1/apps").nth(1));
        let answer = acme.call("GET", "/api/v1/apps?limit=1", None);
        let link = answer
            .headers
            .into_iter()
            .find(|(name, link)| name == "link" && link.contains("rel=\"next\""));
        link.map(|(_, link)| link).unwrap_or_default()
    };
    assert!(next(FaultKind::Slow(1)).contains("after="));
    assert_eq!(next(FaultKind::NextMissing), "");
    assert!(next(FaultKind::NextElsewhere).contains("collector.example.com"));
    assert!(next(FaultKind::NextLoop).ends_with("/api/v1/apps?limit=1>; rel=\"next\""));
}

#[test]
fn who_an_org_claims_to_be_can_change() {
    let mut acme = Org::acme();
    let org = acme.get("/.well-known/okta-organization")["id"].clone();
    let me = acme.get("/api/v1/users/me")["id"].clone();
    acme.world.fault(
        Fault::new(FaultKind::WrongOrg)
            .on("GET", "/.well-known/")
            .nth(1),
    );
    acme.world.fault(
        Fault::new(FaultKind::AnotherActor)
            .on("GET", "/api/v1/users/me")
            .nth(2),
    );
    assert_eq!(acme.get("/api/v1/users/me")["id"], me);
    for _ in 0..2 {
        let seen = acme.get("/.well-known/okta-organization")["id"].clone();
        assert!(
            seen != org && seen.as_str().is_some_and(|id| id.len() == 20),
            "{seen}"
        );
        let seen = acme.get("/api/v1/users/me")["id"].clone();
        assert!(
            seen != me && seen.as_str().is_some_and(|id| id.len() == 20),
            "{seen}"
        );
    }
    acme.world.clear_faults();
    assert_eq!(acme.get("/.well-known/okta-organization")["id"], org);
}

#[test]
fn protected_actions_ask_for_step_up() {
    let mut acme = Org::acme();
    acme.world.set_step_up(true);
    let asked = acme.call("POST", "/api/v1/idps", Some(&json!({})));
    assert_eq!(asked.status, 403);
    assert!(
        asked
            .header("www-authenticate")
            .is_some_and(|text| text.contains("insufficient_authentication_context"))
    );
    assert_eq!(acme.call("POST", "/_lab/step-up", None).status, 204);
    assert_eq!(
        acme.call("POST", "/api/v1/idps", Some(&json!({}))).status,
        400
    );
}

#[test]
fn a_fault_reads_from_the_json_of_the_readme() {
    let mut acme = Org::acme();
    let fault = json!({ "org": "acme", "method": "POST", "path": "/api/v1/apps", "calls": { "nth": 2 }, "kind": { "error_after": 500 } });
    assert_eq!(acme.call("POST", "/_lab/fault", Some(&fault)).status, 204);
    assert_eq!(
        acme.call(
            "POST",
            "/_lab/fault",
            Some(&json!({ "kind": "drop_after", "calls": "every" }))
        )
        .status,
        204
    );
    assert_eq!(
        acme.world.faults()[0],
        Fault::new(FaultKind::ErrorAfter(500))
            .org("acme")
            .on("POST", "/api/v1/apps")
            .nth(2)
    );
    assert_eq!(
        acme.call("POST", "/_lab/fault", Some(&json!({ "kind": "nothing" })))
            .status,
        400
    );
    assert_eq!(acme.call("DELETE", "/_lab/fault", None).status, 204);
    assert!(acme.world.faults().is_empty());
}

#[test]
fn time_shifts_what_is_seen() {
    let mut acme = Org::acme();
    acme.world.fault(
        Fault::new(FaultKind::LateEffect(5_000))
            .on("POST", "/api/v1/apps")
            .nth(1),
    );
    acme.world.fault(
        Fault::new(FaultKind::NotFoundFlip(5_000))
            .on("POST", "/api/v1/apps")
            .nth(1),
    );
    assert_eq!(
        acme.reply("POST", "/api/v1/apps", Some(&bookmark("Late"))),
        Reply::Dropped
    );
    let list = acme.request("GET", "/api/v1/apps?q=Late", None);
    let seen = |acme: &mut Org, at: u64| {
        acme.world
            .handle(&list, at)
            .response()
            .expect("an answer")
            .value()
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(seen(&mut acme, NOW), Some(0));
    assert_eq!(seen(&mut acme, NOW + 6_000), Some(1));

    acme.world.clear_faults();
    acme.world.fault(
        Fault::new(FaultKind::NotFoundFlip(5_000))
            .on("POST", "/api/v1/apps")
            .nth(1),
    );
    let app = acme.post("/api/v1/apps", bookmark("Flip"));
    let path = format!("/api/v1/apps/{}", app["id"].as_str().expect("an id"));
    let read = |acme: &mut Org| acme.call("GET", &path, None).status;
    assert_eq!(
        [read(&mut acme), read(&mut acme), read(&mut acme)],
        [404, 200, 404]
    );

    acme.world.clear_faults();
    acme.world.set_consistency(3_000);
    acme.post("/api/v1/apps", bookmark("Late too"));
    let list = acme.request("GET", "/api/v1/apps?q=Late+too", None);
    let seen = |acme: &mut Org, at: u64| {
        acme.world
            .handle(&list, at)
            .response()
            .expect("an answer")
            .value()
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(
        (seen(&mut acme, NOW + 1), seen(&mut acme, NOW + 4_000)),
        (Some(0), Some(1))
    );
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let (one, two) = (
        World::new(&Options::default()),
        World::new(&Options::default()),
    );
    assert_eq!(one.dump(), two.dump());
    assert_eq!(one.sites(), two.sites());
    let mut moved = one.clone();
    moved.session("acme", "admin@acme.example.com", NOW);
    assert_eq!(moved.dump(), one.dump());
    let other = World::new(&Options {
        seed: 2,
        ..Options::default()
    });
    assert_ne!(other.dump(), one.dump());
}

#[test]
fn limits_count_and_reset() {
    let mut acme = Org::acme();
    let mut world = World::new(&Options {
        rate_limit: 3,
        ..Options::default()
    });
    let session = world.session("acme", "admin@acme.example.com", NOW);
    std::mem::swap(&mut acme.world, &mut world);
    (acme.cookie, acme.xsrf) = (session.cookie, session.xsrf);
    for left in ["2", "1", "0"] {
        assert_eq!(
            acme.call("GET", "/api/v1/apps", None)
                .header("x-rate-limit-remaining"),
            Some(left)
        );
    }
    assert_eq!(code(&acme.call("GET", "/api/v1/apps", None)), "E0000047");
    assert_eq!(acme.call("GET", "/api/v1/groups", None).status, 200);
    let later = acme.request("GET", "/api/v1/apps", None);
    assert_eq!(
        acme.world
            .handle(&later, NOW + 61_000)
            .response()
            .expect("an answer")
            .status,
        200
    );
}
