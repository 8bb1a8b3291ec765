//! What an admin does, from one end to the other.

use org2org_core::run::{Member, Side};
use org2org_tests::{Bench, End, difference};
use serde_json::json;

use super::laws::things;

#[test]
fn connects_two_fresh_orgs_and_takes_it_back() {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    assert_eq!(bench.drive(), End::Rests);
    insta::assert_snapshot!("plan", bench.run.plan().unwrap().text());
    assert_eq!(bench.apply(), End::Rests);
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let lines: Vec<String> = bench
        .run
        .journal()
        .entries
        .iter()
        .map(|entry| entry.line())
        .collect();
    insta::assert_snapshot!("journal", lines.join("\n"));
    insta::assert_snapshot!("undo", bench.run.plan_undo().unwrap().text());
    bench.undo();
    assert_eq!(difference(&bench.world.dump(), &before), None);
}

#[test]
fn changes_of_a_person_do_not_stand_in_the_way_of_undo() {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    let ada = bench.meanwhile(
        Side::Target,
        "GET",
        "/api/v1/users/ada@acme.example.com",
        &json!(null),
    );
    let path = format!("/api/v1/users/{}", ada["id"].as_str().unwrap());
    let renamed = json!({"profile": {"firstName": "Augusta"}});
    bench.meanwhile(Side::Target, "POST", &path, &renamed);
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    let after = bench.world.dump();
    assert_eq!(
        difference(&after["hub"]["groups"], &before["hub"]["groups"]),
        None
    );
}

#[test]
fn an_admin_of_the_target_among_the_people_stops_the_plan() {
    let mut bench = Bench::fresh();
    let admin = bench.meanwhile(Side::Target, "GET", "/api/v1/users/me", &json!(null));
    let login = admin["profile"]["login"].as_str().unwrap();
    crate::people::newcomer(&mut bench, login);
    bench.drive();
    let plan = bench.run.plan().unwrap();
    let target = plan
        .items
        .iter()
        .filter(|item| item.side == Side::Target)
        .count();
    assert_eq!(
        target,
        0,
        "nothing is written in the target: {}",
        plan.text()
    );
    assert!(
        plan.warnings
            .iter()
            .any(|note| note.text.contains("is an admin of HUB")),
        "{}",
        plan.text()
    );
    assert!(
        !plan
            .items
            .iter()
            .any(|item| item.key.starts_with("assign-"))
    );
}

#[test]
fn a_group_of_others_is_never_taken_over() {
    let mut bench = Bench::fresh();
    let name = bench.run.wish().group_name.clone();
    let group = json!({"profile": {"name": name, "description": "Finance approvers"}});
    bench.meanwhile(Side::Target, "POST", "/api/v1/groups", &group);
    bench.drive();
    let states = bench.states();
    assert!(states["source-group"].starts_with("Blocked"), "{states:#?}");
    assert!(
        !bench
            .run
            .plan()
            .unwrap()
            .items
            .iter()
            .any(|item| item.key == "idp")
    );
}

#[test]
fn an_org2org_app_that_is_there_is_used_not_doubled() {
    let mut bench = Bench::fresh();
    let app = json!({
        "name": "okta_org2org", "label": "Made by hand", "signOnMode": "SAML_2_0",
        "settings": {"app": {"baseUrl": "https://hub.okta.com"}},
    });
    let made = bench.meanwhile(Side::Source, "POST", "/api/v1/apps", &app);
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    assert_eq!(bench.value("org2org-app"), made["id"].as_str().unwrap());
    bench.undo();
    assert_eq!(
        difference(&bench.world.dump(), &before),
        None,
        "the app of others stays"
    );
}

#[test]
fn two_apps_for_one_target_are_for_a_person_to_decide() {
    let mut bench = Bench::fresh();
    for label in ["One", "Two"] {
        let app = json!({
            "name": "okta_org2org", "label": label, "signOnMode": "SAML_2_0",
            "settings": {"app": {"baseUrl": "https://hub-admin.okta.com"}},
        });
        bench.meanwhile(Side::Source, "POST", "/api/v1/apps", &app);
    }
    bench.drive();
    assert!(
        bench.states()["org2org-app"].starts_with("Conflict 2 objects"),
        "{:#?}",
        bench.states()
    );
}

#[test]
fn what_others_changed_since_is_left_in_place() {
    let edits: [(&str, Side, &str); 3] = [
        ("org2org-app", Side::Source, "apps"),
        ("bookmark-app", Side::Source, "apps"),
        ("source-group", Side::Target, "groups"),
    ];
    for (fact, side, kind) in edits {
        let mut bench = Bench::fresh();
        bench.drive();
        bench.apply();
        let path = format!("/api/v1/{kind}/{}", bench.value(fact));
        let mut object = bench.meanwhile(side, "GET", &path, &json!(null));
        match kind {
            "apps" => object["label"] = json!("Renamed by a colleague"),
            _ => object["profile"]["name"] = json!("Renamed by a colleague"),
        }
        bench.meanwhile(side, "PUT", &path, &object);
        bench.check();
        bench.undo();
        let kept = things(&bench.world.dump())
            .into_iter()
            .any(|(name, _)| name.contains("Renamed by a colleague"));
        assert!(kept, "{fact}: {:#?}", things(&bench.world.dump()));
    }
}

#[test]
fn provisioning_switched_on_since_keeps_assignments() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.apply();
    let app = bench.value("org2org-app");
    let path = format!("/api/v1/apps/{app}/connections/default?activate=true");
    let connection = json!({"profile": {"authScheme": "TOKEN", "token": "00example"}});
    let session = std::panic::AssertUnwindSafe(&mut bench);
    let on = std::panic::catch_unwind(move || {
        let bench = session;
        bench.0.meanwhile(Side::Source, "POST", &path, &connection);
    });
    if on.is_err() {
        println!("skipped: the lab has no provisioning connection yet");
        return;
    }
    bench.check();
    bench.undo();
    let left: Vec<&str> = bench
        .run
        .left()
        .iter()
        .map(|note| note.key.as_str())
        .collect();
    assert!(
        left.iter().any(|key| key.starts_with("assign-group/")),
        "{left:?}"
    );
}

#[test]
fn nobody_chosen_writes_nothing_that_links() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| wish.groups.clear());
    assert_eq!(bench.drive(), End::Rests);
    let plan = bench.run.plan().unwrap();
    assert!(
        !plan.items.iter().any(|item| item.key == "idp"),
        "{}",
        plan.text()
    );
    assert!(
        bench.states()["idp"].starts_with("Blocked nobody could sign in"),
        "{:#?}",
        bench.states()
    );
}

#[test]
fn names_of_any_kind_are_only_names() {
    let mut bench = Bench::fresh();
    let hostile = "<img src=x onerror=alert(1)> ⟨idp⟩ \u{202e}\" & ${x}";
    bench.wish(|wish| {
        wish.app_label = hostile.into();
        wish.idp_name = format!("{hostile} idp");
        wish.group_name = format!("{hostile} group");
    });
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    // A label that looks like a stand-in cannot be told from one: it is not sent, and says so.
    let states = bench.states();
    let stuck: Vec<&String> = states
        .values()
        .filter(|state| state.starts_with("Blocked"))
        .collect();
    assert!(
        bench.run.is_proven()
            || stuck
                .iter()
                .all(|state| state.contains("not what the plan said")),
        "{states:#?}"
    );
    bench.check();
    bench.undo();
    assert_eq!(difference(&bench.world.dump(), &before), None);
}

/// Groups without a single member leave nobody to sign in: the step says so and what to do.
#[test]
fn empty_groups_are_named_as_the_obstacle() {
    let mut bench = Bench::fresh();
    let body = json!({ "profile": { "name": "Empty" } });
    let made = bench.meanwhile(Side::Source, "POST", "/api/v1/groups", &body);
    let id = made["id"].as_str().unwrap().to_owned();
    bench.wish(|wish| {
        wish.groups = vec![Member {
            id,
            name: "Empty".into(),
        }]
    });
    bench.drive();
    let state = &bench.states()["idp"];
    assert!(
        state.starts_with("Blocked nobody could sign in: choose people"),
        "{state}"
    );
}
