//! One person is pushed over a connection that is there, and what was made for that is taken back.

use org2org_core::run::{Aim, InitialStatus, Push, Reach, Side};
use org2org_tests::{Bench, End, difference};
use serde_json::{Value, json};

use crate::closing::after_each_answer;
use crate::people::{status, stranger, user};

const EVE: &str = "eve@acme.example.com";

/// Two orgs between which people are pushed, and the wish to push Eve, who is new.
fn connected(change: impl FnOnce(&mut Push)) -> Bench {
    let mut bench = Bench::fresh();
    let mut push = Push::suggest(bench.run.pair());
    change(&mut push);
    bench.wish(|wish| wish.push = Some(push));
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let now = bench.now + 3_600_000;
    let mut bench = Bench::over(bench.world);
    bench.now = now;
    let eve = stranger(&mut bench, EVE);
    bench.wish(|wish| {
        wish.aim = Aim::Pilot;
        (wish.groups, wish.apps) = (Vec::new(), Vec::new());
        wish.users = vec![eve];
    });
    bench
}

/// The orgs without the target's people.
fn lasting(bench: &Bench) -> Value {
    let mut dump = bench.world.dump();
    for part in ["users", "groups"] {
        dump["hub"][part] = Value::Null;
    }
    dump
}

fn planned(bench: &Bench) -> String {
    bench.run.plan().unwrap().text()
}

#[test]
fn one_person_arrives_and_is_taken_back() {
    for (deactivate, ends) in [(false, "ACTIVE"), (true, "DEPROVISIONED")] {
        let mut bench = connected(|push| push.deactivate = deactivate);
        let (before, writes) = (lasting(&bench), bench.writes());
        bench.drive();
        assert_eq!(bench.writes(), writes, "looking writes nothing");
        let plan = bench.run.plan().unwrap().clone();
        let reach = Reach {
            creates: 1,
            ..Reach::default()
        };
        assert_eq!(
            (plan.items.len(), plan.reach),
            (1, reach),
            "{}",
            plan.text()
        );
        if deactivate {
            insta::assert_snapshot!("pilot-plan", plan.text());
        }
        assert_eq!(bench.apply(), End::Rests);
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        assert_eq!(status(&mut bench, EVE), "ACTIVE");
        bench.check();
        assert!(
            bench.run.plan().unwrap().items.is_empty(),
            "{}",
            planned(&bench)
        );

        let undo = bench.run.plan_undo().unwrap();
        let reach = Reach {
            deactivates: usize::from(deactivate),
            ..Reach::default()
        };
        assert_eq!(
            (undo.items.len(), undo.reach),
            (1, reach),
            "{}",
            undo.text()
        );
        if deactivate {
            insta::assert_snapshot!("pilot-undo", undo.text());
        }
        bench.undo();
        assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
        assert_eq!(difference(&lasting(&bench), &before), None);
        assert_eq!(status(&mut bench, EVE), ends, "as the undo's plan had said");
    }
}

#[test]
fn whom_it_mails_is_counted_before() {
    let mut bench = connected(|push| push.initial_status = InitialStatus::ActiveWithoutPass);
    bench.drive();
    let reach = Reach {
        creates: 1,
        mails: 1,
        ..Reach::default()
    };
    assert_eq!(bench.run.plan().unwrap().reach, reach);
    bench.apply();
    assert_eq!(status(&mut bench, EVE), "PROVISIONED");
}

#[test]
fn what_no_read_shows_is_unknown() {
    let mut bench = connected(|_| {});
    let app = app(&mut bench);
    let path = format!("/api/v1/mappings?targetId={app}");
    let found = bench.meanwhile(Side::Source, "GET", &path, &Value::Null);
    let path = format!("/api/v1/mappings/{}", found[0]["id"].as_str().unwrap());
    let rule = json!({"properties": {"initialStatus": {"expression": "user.department", "pushStatus": "DONT_PUSH"}}});
    bench.meanwhile(Side::Source, "POST", &path, &rule);
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert_eq!(
        plan.reach,
        Reach {
            unknown: 1,
            ..Reach::default()
        },
        "{}",
        plan.text()
    );
    assert!(plan.text().contains("user.department"), "{}", plan.text());
}

fn app(bench: &mut Bench) -> String {
    let path = "/api/v1/apps?q=HUB";
    let apps = bench.meanwhile(Side::Source, "GET", path, &Value::Null);
    let found = apps
        .as_array()
        .unwrap()
        .iter()
        .find(|app| app["name"] == "okta_org2org");
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn what_would_push_nobody_stops_it_before_it_begins() {
    type Spoil = fn(&mut Bench);
    let off: Spoil = |bench| {
        let path = format!(
            "/api/v1/apps/{}/connections/default/lifecycle/deactivate",
            app(bench)
        );
        bench.meanwhile(Side::Source, "POST", &path, &Value::Null);
    };
    let nobody_made: Spoil = |bench| {
        let path = format!("/api/v1/apps/{}/features/USER_PROVISIONING", app(bench));
        let body = json!({"create": {"lifecycleCreate": {"status": "DISABLED"}}, "update": {"lifecycleDeactivate": {"status": "DISABLED"}, "profile": {"status": "ENABLED"}, "password": {"status": "DISABLED"}}});
        bench.meanwhile(Side::Source, "PUT", &path, &body);
    };
    let admin: Spoil = |bench| {
        let theirs =
            json!({"profile": {"login": EVE, "email": EVE, "firstName": "E", "lastName": "V"}});
        let made = bench.meanwhile(Side::Target, "POST", "/api/v1/users?activate=true", &theirs);
        let path = format!("/api/v1/users/{}/roles", made["id"].as_str().unwrap());
        bench.meanwhile(Side::Target, "POST", &path, &json!({"type": "ORG_ADMIN"}));
    };
    for (spoil, why) in [
        (off, "the connection is DISABLED"),
        (nobody_made, "*Create Users* is off"),
        (admin, "is an admin of HUB"),
    ] {
        let mut bench = connected(|_| {});
        spoil(&mut bench);
        let writes = bench.writes();
        bench.drive();
        let plan = bench.run.plan().unwrap().clone();
        assert!(plan.text().contains(why), "{why}: {}", plan.text());
        assert!(plan.items.is_empty(), "{}", plan.text());
        assert_eq!(bench.writes(), writes);
    }
}

#[test]
fn between_orgs_that_are_not_connected_nothing_is_tried() {
    let mut bench = Bench::fresh();
    let ada = user(&mut bench, Side::Source, "ada@acme.example.com");
    bench.wish(|wish| {
        wish.aim = Aim::Pilot;
        wish.groups.clear();
        wish.users = vec![org2org_core::run::Member {
            id: ada["id"].as_str().unwrap().to_owned(),
            name: "ada@acme.example.com".to_owned(),
        }];
    });
    bench.drive();
    assert!(
        planned(&bench).contains("has no Org2Org app for this target"),
        "{}",
        planned(&bench)
    );
    assert!(bench.run.plan().unwrap().items.is_empty());
}

#[test]
fn who_has_the_app_through_a_group_is_left_as_they_are() {
    let mut bench = connected(|_| {});
    let ada = user(&mut bench, Side::Source, "ada@acme.example.com");
    bench.wish(|wish| {
        wish.users[0].id = ada["id"].as_str().unwrap().to_owned();
        wish.users[0].name = "ada@acme.example.com".to_owned();
    });
    let writes = bench.writes();
    bench.drive();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    assert!(bench.run.plan().unwrap().items.is_empty());
    assert!(
        planned(&bench).contains("has the app through a group already"),
        "{}",
        planned(&bench)
    );
    assert_eq!(bench.writes(), writes);
}

#[test]
fn a_pilot_survives_being_closed_at_any_moment() {
    let fresh = || {
        let bench = connected(|_| {});
        let asked = bench.world.requests().len();
        (bench, asked)
    };
    after_each_answer(1, fresh, |bench, asked, stop| {
        let requests = bench.world.requests();
        let assigned = requests[asked..].iter().filter(|one| {
            one.method == "POST" && one.host.starts_with("acme") && one.path.ends_with("/users")
        });
        assert_eq!(assigned.count(), 1, "stopped after answer {stop}");
    });
}
