//! Federation by OpenID Connect, beside the way by SAML 2.0.

use org2org_core::run::{Aim, Side, SignOn};
use org2org_tests::{Bench, End, difference};
use serde_json::{Value, json};

fn bench() -> Bench {
    let mut bench = Bench::fresh();
    bench.wish(|wish| {
        wish.sign_on = SignOn::Oidc;
        wish.apps.clear();
    });
    bench
}

#[test]
fn connects_by_openid_connect_and_takes_it_back() {
    for jit in [false, true] {
        let mut bench = bench();
        bench.wish(|wish| wish.jit = jit);
        let before = bench.world.dump();
        assert_eq!(bench.drive(), End::Rests);
        assert_eq!(bench.writes(), 0);
        if !jit {
            insta::assert_snapshot!("oidc-plan", bench.run.plan().unwrap().text());
        }
        bench.apply();
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        let writes = bench.writes();
        bench.check();
        assert!(bench.run.plan().unwrap().items.is_empty());
        assert_eq!(bench.writes(), writes);
        bench.undo();
        assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
        assert_eq!(difference(&bench.world.dump(), &before), None);
    }
}

#[test]
fn bookmarks_are_refused_with_the_reason() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| wish.sign_on = SignOn::Oidc);
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(plan.items.is_empty(), "{}", plan.text());
    assert!(
        plan.text().contains("bookmarks have no documented address"),
        "{}",
        plan.text()
    );
}

#[test]
fn the_verdict_on_a_second_factor_follows_the_target() {
    let mut bench = bench();
    bench.drive();
    bench.apply();
    bench.check();
    assert!(
        bench
            .run
            .plan()
            .unwrap()
            .text()
            .contains("asks for a second factor again")
    );
    let path = format!("/api/v1/idps/{}", bench.value("idp"));
    let mut idp = bench.meanwhile(Side::Target, "GET", &path, &Value::Null);
    idp["policy"]["trustClaims"] = json!(true);
    bench.meanwhile(Side::Target, "PUT", &path, &idp);
    bench.check();
    let text = bench.run.plan().unwrap().text();
    assert!(
        text.contains("takes the second factor that the source saw"),
        "{text}"
    );
}

#[test]
fn another_app_of_this_target_is_told_and_left() {
    let mut bench = bench();
    let theirs = json!({"name": "okta_org2org", "label": "Theirs", "signOnMode": "SAML_2_0", "settings": {"app": {"baseUrl": "https://hub.okta.com"}}});
    bench.meanwhile(Side::Source, "POST", "/api/v1/apps", &theirs);
    bench.drive();
    let states = bench.states();
    assert!(states["oidc-app"].starts_with("Differs"), "{states:#?}");
    assert!(
        !bench
            .run
            .plan()
            .unwrap()
            .items
            .iter()
            .any(|item| item.key == "oidc-app")
    );
}

#[test]
fn a_connection_by_openid_connect_ends() {
    let mut bench = bench();
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    bench.wish(|wish| wish.aim = Aim::Remove);
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let after = bench.world.dump();
    for (org, part) in [("acme", "apps"), ("hub", "idps")] {
        assert_eq!(difference(&after[org][part], &before[org][part]), None);
    }
}
