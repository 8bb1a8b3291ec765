//! A key gives way to another, and nothing stops meanwhile.

use org2org_core::run::{Aim, Method, Push, Side};
use org2org_tests::{Bench, End};
use serde_json::{Value, json};

use crate::closing::after_each_answer;
use crate::people::{newcomer, status};

/// Two orgs connected with a key that a person keeps, and the aim to retire it.
pub fn connected() -> (Bench, String) {
    let mut bench = Bench::fresh();
    let mut push = Push::suggest(bench.run.pair());
    push.method = Method::OauthManual;
    bench.wish(|wish| wish.push = Some(push.clone()));
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let old = bench.value("signing-kid");
    let now = bench.now + 3_600_000;
    let mut bench = Bench::over(bench.world);
    bench.now = now;
    let kid = old.clone();
    bench.wish(|wish| wish.aim = Aim::Rotate(kid));
    (bench, old)
}

/// Key ids with which the source signs, that the target's client counts, and that its IdP trusts
/// (by certificate).
struct Keys {
    signs: String,
    certificate: Value,
    counted: Vec<String>,
    trusted: Vec<Value>,
}

fn keys(bench: &Bench) -> Keys {
    let dump = bench.world.dump();
    let find = |org: &str, label: &str| {
        let mut apps = dump[org]["apps"].as_object().unwrap().iter();
        let (id, app) = apps.find(|(_, app)| app["label"] == label).unwrap();
        (id.clone(), app.clone())
    };
    let (id, app) = find("acme", "HUB (Org2Org)");
    let (_, client) = find("hub", "Org2Org from ACME");
    let signs = app["credentials"]["signing"]["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    let certificate = dump["acme"]["app keys"][&id][&signs].clone();
    let counted = client["settings"]["oauthClient"]["jwks"]["keys"]
        .as_array()
        .unwrap();
    let live = counted.iter().filter(|key| key["status"] != "INACTIVE");
    let idp = dump["hub"]["idps"]
        .as_object()
        .unwrap()
        .values()
        .find(|idp| idp["name"] == "ACME (Org2Org)")
        .unwrap();
    let trust = &idp["protocol"]["credentials"]["trust"];
    let more = trust["additionalKids"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let kids = std::iter::once(trust["kid"].clone()).chain(more);
    let trusted = kids.map(|kid| dump["hub"]["idp keys"][kid.as_str().unwrap()].clone());
    Keys {
        signs,
        certificate,
        counted: live
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect(),
        trusted: trusted.collect(),
    }
}

#[test]
fn a_key_is_replaced_without_a_gap() {
    let (mut bench, old) = connected();
    let before = keys(&bench);
    assert_eq!(before.signs, old);
    assert_eq!(bench.drive(), End::Rests);
    assert_eq!(
        keys(&bench).counted,
        before.counted,
        "checking writes nothing"
    );
    insta::assert_snapshot!("rotation-plan", bench.run.plan().unwrap().text());
    bench.agree();
    let mut both = false;
    bench.drive_until(|bench| {
        let now = keys(bench);
        assert!(
            now.counted.contains(&now.signs),
            "the client counts what the source signs with"
        );
        assert!(
            now.trusted.contains(&now.certificate),
            "the IdP trusts what the source signs with"
        );
        assert!(
            now.counted.len() >= before.counted.len() && now.trusted.len() >= before.trusted.len()
        );
        both |= now.counted.len() == 2 && now.trusted.len() == 2;
        false
    });
    assert!(both, "old and new overlap");
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let after = keys(&bench);
    assert_ne!(after.signs, old);
    assert_eq!(after.counted, std::slice::from_ref(&after.signs));
    assert_eq!(after.trusted, std::slice::from_ref(&after.certificate));
    let writes = bench.writes();
    bench.check();
    assert!(bench.run.plan().unwrap().items.is_empty());
    assert_eq!(bench.writes(), writes);
    // Somebody new still arrives: the target takes what the source signs now.
    let login = "new@acme.example.com";
    newcomer(&mut bench, login);
    bench.now += 4_000_000;
    bench.check();
    assert_eq!(status(&mut bench, login), "ACTIVE");
    // The way back is stated, and nothing is taken back behind it.
    assert!(bench.run.plan_undo().unwrap().items.is_empty());
}

#[test]
fn a_rotation_survives_being_closed_at_any_moment() {
    after_each_answer(7, connected, |bench, _, stop| {
        let now = keys(bench);
        assert_eq!(
            now.counted,
            std::slice::from_ref(&now.signs),
            "stopped after answer {stop}"
        );
        assert_eq!(
            now.trusted,
            std::slice::from_ref(&now.certificate),
            "stopped after answer {stop}"
        );
    });
}

#[test]
fn a_key_that_the_app_does_not_have_is_refused() {
    let (mut bench, old) = connected();
    bench.wish(|wish| wish.aim = Aim::Rotate("no-such-key".into()));
    bench.drive();
    let states = bench.states();
    assert!(states["new-key"].starts_with("Blocked"), "{states:#?}");
    assert!(states["new-key"].contains(&old), "{states:#?}");
    assert!(bench.run.plan().unwrap().items.is_empty());
}

#[test]
fn what_has_no_key_to_rotate_is_refused_with_the_reason() {
    for (change, said) in [
        (
            json!({"profile": {"authScheme": "TOKEN", "token": "abc"}}),
            "API token",
        ),
        (
            json!({"profile": {"authScheme": "OAUTH2", "clientId": "0oa0000000000000TEST"}}),
            "none of this target",
        ),
    ] {
        let (mut bench, _) = connected();
        bench.drive();
        let app = bench.value("org2org-app");
        bench.meanwhile(
            Side::Source,
            "POST",
            &format!("/api/v1/apps/{app}/connections/default"),
            &change,
        );
        bench.check();
        assert!(bench.run.plan().unwrap().items.is_empty(), "{said}");
        assert!(
            bench.run.plan().unwrap().text().contains(said),
            "{said}: {}",
            bench.run.plan().unwrap().text()
        );
    }
}

#[test]
fn an_inactive_service_app_stops_a_rotation() {
    let (mut bench, _) = connected();
    bench.drive();
    let client = bench.value("service-app");
    bench.meanwhile(
        Side::Target,
        "POST",
        &format!("/api/v1/apps/{client}/lifecycle/deactivate"),
        &Value::Null,
    );
    bench.check();
    let plan = bench.run.plan().unwrap();
    assert!(
        plan.items.is_empty() && plan.text().contains("inactive"),
        "{}",
        plan.text()
    );
}
