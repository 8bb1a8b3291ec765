//! People and groups really arrive, by each method, and what was made is taken back.

use org2org_core::run::{InitialStatus, Member, Method, Push, Reach, Side};
use org2org_lab::{Fault, FaultKind};
use org2org_tests::{Bench, End, difference};
use serde_json::{Value, json};

use crate::closing::after_each_answer;
use crate::people::user;

pub fn wish(bench: &mut Bench, method: Method, change: impl FnOnce(&mut Push)) {
    let mut push = Push::suggest(bench.run.pair());
    push.method = method;
    change(&mut push);
    bench.wish(|wish| wish.push = Some(push));
}

/// A group of the source with these people, made by somebody else.
pub fn group(bench: &mut Bench, name: &str, logins: &[&str]) -> Member {
    let group = json!({"profile": {"name": name}});
    let made = bench.meanwhile(Side::Source, "POST", "/api/v1/groups", &group);
    let id = made["id"].as_str().unwrap().to_owned();
    for login in logins {
        let user = user(bench, Side::Source, login);
        let path = format!("/api/v1/groups/{id}/users/{}", user["id"].as_str().unwrap());
        bench.meanwhile(Side::Source, "PUT", &path, &Value::Null);
    }
    Member {
        id,
        name: name.to_owned(),
    }
}

/// The orgs without what a push leaves behind: accounts, who is in built-in groups, and groups.
fn lasting(dump: &Value) -> Value {
    let mut dump = dump.clone();
    for part in ["users", "groups"] {
        dump["hub"][part] = Value::Null;
    }
    dump
}

#[test]
fn people_arrive_by_oauth() {
    for method in [Method::OauthAuto, Method::OauthManual] {
        for deactivate in [false, true] {
            let mut bench = Bench::fresh();
            wish(&mut bench, method, |push| push.deactivate = deactivate);
            let before = bench.world.dump();
            assert_eq!(bench.drive(), End::Rests);
            assert_eq!(bench.writes(), 0);
            let plan = bench.run.plan().unwrap().clone();
            assert!(plan.by_hand.is_empty(), "{}", plan.text());
            assert_eq!(bench.apply(), End::Rests);
            assert!(bench.run.is_proven(), "{:#?}", bench.states());
            assert_eq!(
                user(&mut bench, Side::Target, "grace@acme.example.com")["status"],
                "ACTIVE"
            );
            let writes = bench.writes();
            bench.check();
            assert!(bench.run.plan().unwrap().items.is_empty());
            assert_eq!(bench.writes(), writes);
            bench.undo();
            assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
            assert_eq!(
                difference(&lasting(&bench.world.dump()), &lasting(&before)),
                None
            );
            // Nobody was hurt on the way out.
            assert_eq!(
                user(&mut bench, Side::Target, "grace@acme.example.com")["status"],
                "ACTIVE"
            );
        }
    }
}

#[test]
fn groups_arrive_with_their_people() {
    let mut bench = Bench::fresh();
    let pushed = group(&mut bench, "Sales EMEA", &["ada@acme.example.com"]);
    wish(&mut bench, Method::OauthAuto, |push| {
        push.groups = vec![pushed]
    });
    let before = bench.world.dump();
    bench.drive();
    insta::assert_snapshot!("push-plan", bench.run.plan().unwrap().text());
    assert_eq!(bench.apply(), End::Rests);
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let found = bench.meanwhile(
        Side::Target,
        "GET",
        "/api/v1/groups?q=Sales%20EMEA",
        &Value::Null,
    );
    let path = format!("/api/v1/groups/{}/users", found[0]["id"].as_str().unwrap());
    let people = bench.meanwhile(Side::Target, "GET", &path, &Value::Null);
    assert_eq!(people[0]["profile"]["login"], "ada@acme.example.com");
    bench.check();
    assert!(bench.run.plan().unwrap().items.is_empty());
    insta::assert_snapshot!("push-undo", bench.run.plan_undo().unwrap().text());
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    assert_eq!(
        difference(&lasting(&bench.world.dump()), &lasting(&before)),
        None
    );
}

#[test]
fn a_group_of_the_target_is_not_taken_over() {
    let mut bench = Bench::fresh();
    let theirs = bench.meanwhile(
        Side::Target,
        "GET",
        "/api/v1/groups?q=Finance",
        &Value::Null,
    );
    assert_eq!(theirs[0]["profile"]["name"], "Finance");
    let pushed = group(&mut bench, "Finance", &["ada@acme.example.com"]);
    wish(&mut bench, Method::OauthAuto, |push| {
        push.groups = vec![pushed]
    });
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(
        !plan
            .items
            .iter()
            .any(|item| item.key.starts_with("push-group")),
        "{}",
        plan.text()
    );
    assert!(
        plan.text().contains("has a group `Finance` already"),
        "{}",
        plan.text()
    );
}

#[test]
fn the_group_that_assigns_is_not_pushed() {
    let mut bench = Bench::fresh();
    let assigned = bench.run.wish().groups[0].clone();
    wish(&mut bench, Method::OauthAuto, |push| {
        push.groups = vec![assigned]
    });
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(
        plan.text().contains("also assigns the app"),
        "{}",
        plan.text()
    );
    assert!(
        !plan
            .items
            .iter()
            .any(|item| item.key.starts_with("push-group"))
    );
}

#[test]
fn each_initial_status_is_told_before_and_seen_after() {
    let seen = [
        (InitialStatus::ActiveWithPass, "ACTIVE"),
        (InitialStatus::ActiveWithoutPass, "PROVISIONED"),
        (InitialStatus::PendingWithPass, "STAGED"),
        (InitialStatus::PendingWithoutPass, "STAGED"),
    ];
    for (chosen, status) in seen {
        let mut bench = Bench::fresh();
        wish(&mut bench, Method::OauthAuto, |push| {
            push.initial_status = chosen
        });
        bench.drive();
        let plan = bench.run.plan().unwrap();
        assert!(
            plan.text().contains(chosen.consequence()),
            "{}",
            plan.text()
        );
        bench.apply();
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        assert_eq!(
            user(&mut bench, Side::Target, "grace@acme.example.com")["status"],
            status
        );
    }
}

/// What the plan says of accounts is what then happens: counted in the target before and after.
#[test]
fn the_reach_of_a_push_is_what_happens() {
    for status in InitialStatus::ALL {
        let mut bench = Bench::fresh();
        wish(&mut bench, Method::OauthAuto, |push| {
            push.initial_status = status
        });
        let people = bench.run.wish().groups.clone();
        bench.drive();
        let path = format!("/api/v1/groups/{}/users", people[0].id);
        let chosen = bench.meanwhile(Side::Source, "GET", &path, &Value::Null);
        let chosen = chosen.as_array().unwrap().len();
        let before = accounts(&bench);
        let plan = bench.run.plan().unwrap().clone();
        bench.apply();
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        let reach = plan.reach;
        assert!(reach.creates > 0 && reach.links > 0, "{reach:?}");
        assert_eq!(accounts(&bench) - before, reach.creates, "{reach:?}");
        assert_eq!(reach.creates + reach.links, chosen, "{reach:?}");
        assert_eq!(reach.unknown, 0);
        let mails = if status.mails() { chosen } else { 0 };
        assert_eq!(reach.mails, mails);
        assert!(plan.text().contains(&plan.reaches), "{}", plan.text());
        // Everybody has arrived: nothing is left to reach, and taking back reaches nobody.
        assert_eq!(bench.run.plan().unwrap().reach, Reach::default());
        assert_eq!(bench.run.plan_undo().unwrap().reach, Reach::default());
    }
}

#[test]
fn a_plan_without_a_push_reaches_no_account() {
    let mut bench = Bench::fresh();
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(!plan.items.is_empty());
    assert_eq!(plan.reach, Reach::default());
    let line = plan.text().lines().nth(1).unwrap().to_owned();
    assert!(line.contains("no account is created"), "{line}");
}

fn accounts(bench: &Bench) -> usize {
    bench.world.dump()["hub"]["users"]
        .as_object()
        .map_or(0, |users| users.len())
}

#[test]
fn a_stored_wish_comes_back() {
    let mut bench = Bench::fresh();
    let pushed = group(&mut bench, "Finance", &[]);
    wish(&mut bench, Method::Token, |push| {
        push.groups = vec![pushed];
        push.initial_status = InitialStatus::PendingWithoutPass;
    });
    bench.wish(|wish| wish.routing = true);
    let stored = bench.run.stored();
    let read = org2org_core::run::StoredRun::read(&stored.text()).unwrap();
    assert_eq!(read.wish, stored.wish);
}

#[test]
fn a_push_survives_being_closed_at_any_moment() {
    let fresh = || {
        let mut bench = Bench::fresh();
        wish(&mut bench, Method::OauthAuto, |push| push.deactivate = true);
        (bench, ())
    };
    after_each_answer(17, fresh, |bench, (), stop| {
        let dump = bench.world.dump();
        let apps = dump["hub"]["apps"].as_object().unwrap();
        let clients = apps
            .values()
            .filter(|app| app["label"] == "Org2Org from ACME")
            .count();
        assert_eq!(clients, 1, "stopped after answer {stop}");
        bench.undo();
        assert!(
            bench.run.left().is_empty(),
            "stopped after answer {stop}: {:?}",
            bench.run.left()
        );
    });
}

#[test]
fn no_plan_asks_for_more_than_pushing_needs() {
    for method in Method::ALL {
        for groups in [false, true] {
            let mut bench = Bench::fresh();
            let pushed = group(&mut bench, "Sales EMEA", &["ada@acme.example.com"]);
            wish(&mut bench, method, |push| {
                if groups {
                    push.groups = vec![pushed];
                }
            });
            bench.drive();
            let plan = bench.run.plan().unwrap();
            assert!(!plan.text().contains("SUPER_ADMIN") && !plan.text().contains("ORG_ADMIN"));
            let mut given: Vec<String> = Vec::new();
            for item in &plan.items {
                let Some(body) = &item.body else { continue };
                given.extend(body["scopeId"].as_str().map(str::to_owned));
                let role = item
                    .path
                    .ends_with("/roles")
                    .then(|| body["type"].as_str())
                    .flatten();
                given.extend(role.map(str::to_owned));
            }
            given.sort();
            let mut wanted: Vec<&str> = match method {
                Method::Token => vec![],
                _ => vec![
                    "GROUP_MEMBERSHIP_ADMIN",
                    "USER_ADMIN",
                    "okta.groups.manage",
                    "okta.users.manage",
                ],
            };
            if groups && method != Method::Token {
                wanted.insert(0, "CUSTOM");
            }
            assert_eq!(given, wanted, "{}", plan.text());
        }
    }
}

/// What somebody else set up is told, not overwritten.
#[test]
fn what_others_set_up_stays() {
    let mut bench = Bench::fresh();
    wish(&mut bench, Method::OauthAuto, |_| {});
    bench.drive();
    bench.apply();
    let app = bench.value("org2org-app");
    let mapping = bench.value("attribute-mapping");
    let theirs = json!({"properties": {"initialStatus": {"expression": "\"pending_with_pass\"", "pushStatus": "DONT_PUSH"}}});
    bench.meanwhile(
        Side::Source,
        "POST",
        &format!("/api/v1/mappings/{mapping}"),
        &theirs,
    );
    let theirs = json!({"profile": {"authScheme": "OAUTH2", "clientId": "0oa0000000000000TEST", "signing": {"rotationMode": "AUTO"}}});
    let path = format!("/api/v1/apps/{app}/connections/default?activate=true");
    bench.meanwhile(Side::Source, "POST", &path, &theirs);
    bench.check();
    let states = bench.states();
    assert!(states["connection"].starts_with("Differs"), "{states:#?}");
    assert!(bench.run.plan().unwrap().items.is_empty());
    // The way back goes through the connection: with somebody else's in place nobody is unassigned.
    bench.undo();
    let left: Vec<&str> = bench
        .run
        .left()
        .iter()
        .map(|note| note.key.as_str())
        .collect();
    assert!(left.contains(&"connection"), "{left:?}");
}

#[test]
fn a_person_whom_the_target_refuses_is_told_and_the_rest_goes_on() {
    let mut bench = Bench::fresh();
    wish(&mut bench, Method::OauthAuto, |_| {});
    bench.drive();
    // The client loses a role behind our back: scopes alone move nobody.
    let plan = bench.run.plan().unwrap().id.clone();
    bench.run.consent(&plan, bench.now).unwrap();
    let mut done = false;
    bench.drive_until(|bench| {
        let states = bench.states();
        done = states
            .get("to-app")
            .is_some_and(|state| state.starts_with("Met"));
        done
    });
    assert!(done);
    let client = bench.value("client");
    let roles = bench.meanwhile(
        Side::Target,
        "GET",
        &format!("/oauth2/v1/clients/{client}/roles"),
        &Value::Null,
    );
    for role in roles.as_array().unwrap() {
        let path = format!(
            "/oauth2/v1/clients/{client}/roles/{}",
            role["id"].as_str().unwrap()
        );
        bench.meanwhile(Side::Target, "DELETE", &path, &Value::Null);
    }
    assert_eq!(bench.drive(), End::Rests);
    assert!(!bench.run.is_proven());
    let states = bench.states();
    let arrivals: Vec<&String> = states
        .iter()
        .filter(|(key, _)| key.starts_with("arrived/"))
        .map(|(_, state)| state)
        .collect();
    assert!(
        arrivals.iter().all(|state| !state.starts_with("Met")),
        "{states:#?}"
    );
    let plan = bench.run.plan().unwrap();
    assert!(
        plan.items
            .iter()
            .any(|item| item.key.starts_with("service-role")),
        "{}",
        plan.text()
    );
}

#[test]
fn a_person_assigned_alone_is_taken_back_after_the_push_marked_the_assignment() {
    let mut bench = Bench::fresh();
    let grace = user(&mut bench, Side::Source, "grace@acme.example.com");
    wish(&mut bench, Method::OauthAuto, |_| {});
    bench.wish(|wish| {
        wish.groups.clear();
        wish.users.push(Member {
            id: grace["id"].as_str().unwrap().to_owned(),
            name: "grace@acme.example.com".to_owned(),
        });
    });
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    bench.undo();
    assert_eq!(
        difference(&lasting(&before), &lasting(&bench.world.dump())),
        None
    );
}

/// A push that was switched off by an undo and could not be deleted is deleted by the next.
#[test]
fn a_push_half_taken_back_is_taken_back_by_the_next_undo() {
    let mut bench = Bench::fresh();
    let pushed = group(&mut bench, "Sales EMEA", &["ada@acme.example.com"]);
    wish(&mut bench, Method::OauthAuto, |push| {
        push.groups = vec![pushed];
    });
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let refused = Fault::new(FaultKind::NoPermission).org("acme");
    let app = bench.value("org2org-app");
    let pushes = format!("/api/v1/apps/{app}/group-push/mappings/");
    bench.world.fault(refused.on("DELETE", &pushes).nth(1));
    bench.check();
    bench.undo();
    assert!(!bench.run.left().is_empty());
    bench.world.clear_faults();
    bench.check();
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
}
