//! Faults, late effects and lists that lag.

use org2org_lab::{Fault, FaultKind, Reply};
use serde_json::json;

use crate::org::{NOW, Org, bookmark};

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
    assert_eq!(with(FaultKind::RefusedAfter), (1, Reply::Refused));
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
