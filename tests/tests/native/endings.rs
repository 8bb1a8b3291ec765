//! A token gives way to OAuth, and a connection ends, and nobody is hurt by either.

use org2org_core::run::{Aim, Method, Push, Side};
use org2org_tests::{Bench, End, difference};
use serde_json::{Value, json};

use crate::closing::after_each_answer;
use crate::people::{newcomer, status};

pub const TOKEN_NAME: &str = "Lab token of admin@hub.example.com";

pub fn push_by(bench: &mut Bench, method: Method, change: impl FnOnce(&mut Push)) {
    let mut push = Push::suggest(bench.run.pair());
    push.method = method;
    change(&mut push);
    bench.wish(|wish| wish.push = Some(push));
}

fn token(bench: &Bench) -> String {
    let sites = bench.world.sites();
    let hub = sites.iter().find(|site| site.subdomain == "hub").unwrap();
    let admin = hub
        .admins
        .iter()
        .find(|admin| admin.login == "admin@hub.example.com");
    admin.unwrap().token.clone()
}

/// A pair connected by a token that a person carried.
pub fn by_token() -> (Bench, Value) {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    push_by(&mut bench, Method::Token, |push| {
        push.client_label = TOKEN_NAME.to_owned()
    });
    bench.drive();
    bench.apply();
    let app = bench.value("org2org-app");
    let body = json!({"profile": {"authScheme": "TOKEN", "token": token(&bench)}});
    let path = format!("/api/v1/apps/{app}/connections/default?activate=true");
    bench.meanwhile(Side::Source, "POST", &path, &body);
    bench.check();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    (bench, before)
}

/// The orgs without what a push leaves behind, and what a revoked token leaves.
fn lasting(dump: &Value) -> Value {
    let mut dump = dump.clone();
    for part in ["users", "groups", "api tokens"] {
        dump["hub"][part] = Value::Null;
    }
    dump
}

#[test]
fn a_token_is_asked_of_a_person_and_never_kept() {
    let mut bench = Bench::fresh();
    push_by(&mut bench, Method::Token, |push| {
        push.client_label = TOKEN_NAME.to_owned()
    });
    bench.drive();
    let plan = bench.run.plan().unwrap().text();
    bench.apply();
    assert!(
        bench.states()["token-connection"].starts_with("Unmet"),
        "{:#?}",
        bench.states()
    );
    assert!(
        bench
            .run
            .plan()
            .unwrap()
            .text()
            .contains("Connect the app with the token — by hand"),
        "{plan}"
    );
    let (bench, _) = by_token();
    let secret = token(&bench);
    assert!(!bench.outputs().contains(&secret));
    assert!(
        !bench
            .world
            .requests()
            .iter()
            .any(|request| request.path.contains(&secret))
    );
}

#[test]
fn people_pushed_by_token_stay_when_it_is_taken_back() {
    let (mut bench, before) = by_token();
    assert_eq!(status(&mut bench, "grace@acme.example.com"), "ACTIVE");
    bench.check();
    assert!(bench.run.plan().unwrap().items.is_empty());
    // A person turned the connection on, a person turns it off.
    let app = bench.value("org2org-app");
    let off = format!("/api/v1/apps/{app}/connections/default/lifecycle/deactivate");
    bench.meanwhile(Side::Source, "POST", &off, &Value::Null);
    bench.check();
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    assert_eq!(
        difference(&lasting(&bench.world.dump()), &lasting(&before)),
        None
    );
    assert_eq!(status(&mut bench, "grace@acme.example.com"), "ACTIVE");
}

#[test]
fn oauth_takes_the_place_of_a_token() {
    for method in [Method::OauthAuto, Method::OauthManual] {
        let (mut bench, _) = by_token();
        bench.now += 60_000;
        push_by(&mut bench, method, |push| {
            push.replaces_token = Some(TOKEN_NAME.to_owned())
        });
        assert_eq!(bench.drive(), End::Rests);
        let plan = bench.run.plan().unwrap().clone();
        if method == Method::OauthAuto {
            insta::assert_snapshot!("migration-plan", plan.text());
        }
        let app = bench.value("org2org-app");
        bench.apply();
        let path = format!("/api/v1/apps/{app}/connections/default");
        let connection = bench.meanwhile(Side::Source, "GET", &path, &Value::Null);
        assert_eq!(connection["status"], "ENABLED");
        assert_eq!(connection["profile"]["authScheme"], "OAUTH2");
        // All that is left is for a person: nothing tells what else uses the token.
        let states = bench.states();
        let open: Vec<&String> = states
            .iter()
            .filter(|(_, state)| !state.starts_with("Met"))
            .map(|(key, _)| key)
            .collect();
        assert_eq!(open, ["old-token"], "{states:#?}");
        let tokens = bench.meanwhile(Side::Target, "GET", "/api/v1/api-tokens", &Value::Null);
        let old = tokens
            .as_array()
            .unwrap()
            .iter()
            .find(|token| token["name"] == TOKEN_NAME)
            .unwrap();
        let path = format!("/api/v1/api-tokens/{}", old["id"].as_str().unwrap());
        bench.meanwhile(Side::Target, "DELETE", &path, &Value::Null);
        // Somebody new arrives although the token is gone.
        newcomer(&mut bench, "new@acme.example.com");
        bench.now += 60_000;
        bench.check();
        assert_eq!(status(&mut bench, "new@acme.example.com"), "ACTIVE");
        bench.apply();
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        let writes = bench.writes();
        bench.check();
        assert!(bench.run.plan().unwrap().items.is_empty());
        assert_eq!(bench.writes(), writes);
        // The stated way back: off, and nobody hurt.
        let undo = bench.run.plan_undo().unwrap();
        assert!(
            undo.items[0].path.ends_with("/lifecycle/deactivate"),
            "{}",
            undo.text()
        );
        bench.undo();
        assert_eq!(status(&mut bench, "grace@acme.example.com"), "ACTIVE");
        let path = format!("/api/v1/apps/{app}/connections/default");
        assert_eq!(
            bench.meanwhile(Side::Source, "GET", &path, &Value::Null)["status"],
            "DISABLED"
        );
    }
}

/// All that can be connected, with people who would be deactivated on a careless way out.
pub fn connected(deactivate: bool) -> (Bench, Value) {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    push_by(&mut bench, Method::OauthAuto, |push| {
        push.deactivate = deactivate
    });
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let now = bench.now + 60_000;
    let mut bench = Bench::over(bench.world);
    bench.now = now;
    bench.wish(|wish| wish.aim = Aim::Remove);
    (bench, before)
}

/// The orgs without what the plan says stays: accounts, the group for them, and the certificate.
fn but_for_what_stays(dump: &Value) -> Value {
    let mut dump = lasting(dump);
    dump["hub"]["idp keys"] = Value::Null;
    for parts in dump["hub"]["app groups"]
        .as_object_mut()
        .unwrap()
        .values_mut()
    {
        *parts = Value::Null;
    }
    for parts in dump["hub"]["app users"]
        .as_object_mut()
        .unwrap()
        .values_mut()
    {
        *parts = Value::Null;
    }
    dump
}

#[test]
fn a_connection_ends_and_nobody_is_deactivated() {
    for deactivate in [true, false] {
        let (mut bench, before) = connected(deactivate);
        let writes = bench.writes();
        assert_eq!(bench.drive(), End::Rests);
        assert_eq!(bench.writes(), writes, "checking writes nothing");
        if deactivate {
            insta::assert_snapshot!("removal-plan", bench.run.plan().unwrap().text());
        }
        bench.agree();
        bench.drive_until(|bench| {
            let dump = bench.world.dump();
            let users = dump["hub"]["users"].as_object().unwrap();
            let hurt = users
                .values()
                .find(|user| user["status"] == "DEPROVISIONED" || user["status"] == "SUSPENDED");
            assert_eq!(hurt, None, "somebody was hurt on the way");
            false
        });
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        assert_eq!(
            difference(
                &but_for_what_stays(&bench.world.dump()),
                &but_for_what_stays(&before)
            ),
            None
        );
        let writes = bench.writes();
        bench.check();
        assert!(bench.run.plan().unwrap().items.is_empty());
        assert_eq!(bench.writes(), writes);
        assert!(bench.run.plan_undo().unwrap().items.is_empty());
    }
}

#[test]
fn an_ending_survives_being_closed_at_any_moment() {
    let fresh = || connected(true);
    after_each_answer(7, fresh, |bench, before, stop| {
        let after = but_for_what_stays(&bench.world.dump());
        assert_eq!(
            difference(&after, &but_for_what_stays(&before)),
            None,
            "stopped after answer {stop}"
        );
        assert_eq!(
            status(bench, "grace@acme.example.com"),
            "ACTIVE",
            "stopped after answer {stop}"
        );
    });
}

#[test]
fn only_what_the_wish_names_ends() {
    let (mut bench, _) = connected(true);
    bench.wish(|wish| wish.app_label = "Another".into());
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(plan.items.is_empty(), "{}", plan.text());
    assert!(
        plan.text().contains("is called `HUB (Org2Org)`"),
        "{}",
        plan.text()
    );
    bench.wish(|wish| {
        wish.app_label = "HUB (Org2Org)".into();
        wish.idp_name = "Another".into();
    });
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(plan.items.is_empty(), "{}", plan.text());
}
