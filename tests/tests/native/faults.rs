//! Law 5 by name: faults that need a story of their own. The many at random are in `schedules.rs`.

use org2org_core::run::{Reply, Side};
use org2org_lab::{Fault, FaultKind};
use org2org_tests::{Bench, End, difference};
use serde_json::json;

use super::people::newcomer;

/// What a browser's own re-send leaves behind is seen, named, and never taken for done.
#[test]
fn a_write_sent_twice_is_found() {
    for kind in [FaultKind::Resent, FaultKind::ResentDropped] {
        for nth in [1, 2] {
            let mut bench = Bench::fresh();
            bench.drive();
            bench
                .world
                .fault(Fault::new(kind).on("POST", "/api/v1/apps").nth(nth));
            bench.apply();
            let conflicts = bench
                .states()
                .values()
                .filter(|state| state.starts_with("Conflict"))
                .count();
            assert_eq!(conflicts, 1, "{kind:?}, app {nth}: {:#?}", bench.states());
            assert!(!bench.run.is_proven());
        }
    }
}

/// Another org, or another admin, behind a pinned host: nothing is written after the change.
#[test]
fn a_changed_org_gets_no_writes() {
    for kind in [FaultKind::WrongOrg, FaultKind::AnotherActor] {
        for call in 1..30 {
            let mut bench = Bench::fresh();
            bench.drive();
            bench.world.fault(Fault::new(kind).org("hub").nth(call));
            bench.apply();
            let log = bench.world.requests();
            let Some(at) = log.iter().position(|request| request.fault == Some(kind)) else {
                continue;
            };
            // Writes that were on their way when the org changed cannot be called back.
            let later = log[at + 1..]
                .iter()
                .filter(|r| r.org == "hub" && r.method != "GET")
                .count();
            assert!(
                later <= 6,
                "{kind:?} at call {call}: {later} writes after the change"
            );
            let codes: Vec<&str> = bench
                .run
                .timeline()
                .pauses
                .iter()
                .map(|pause| pause.code)
                .collect();
            assert!(
                codes.contains(&"org-changed") || bench.run.is_proven(),
                "{kind:?} at call {call}: {codes:?}"
            );
        }
    }
}

/// What changed before the first write is seen before it.
#[test]
fn another_org_or_admin_gets_not_one_write() {
    for kind in [FaultKind::WrongOrg, FaultKind::AnotherActor] {
        let mut bench = Bench::fresh();
        bench.drive();
        bench.world.fault(Fault::new(kind).org("hub"));
        assert_eq!(bench.apply(), End::GivenUp);
        let pauses = bench.run.timeline().pauses;
        assert!(
            pauses.iter().any(|pause| pause.code == "org-changed"),
            "{kind:?}: {pauses:?}"
        );
        let log = bench.world.requests().iter();
        let written = log.filter(|request| request.org == "hub" && request.method != "GET");
        assert_eq!(written.count(), 0, "{kind:?}");
    }
}

/// An org that cannot be reached is told within seconds, however long it stays away, and nothing
/// is given up meanwhile.
#[test]
fn a_silent_org_is_told_soon_and_waited_for() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench
        .world
        .fault(Fault::new(FaultKind::DropBefore).org("hub"));
    let mut asked = bench.now;
    bench.agree();
    for _ in 0..5 {
        let end = bench.drive_until(|bench| !bench.run.timeline().pauses.is_empty());
        assert_eq!(end, End::Cut);
        let pauses = bench.run.timeline().pauses;
        assert_eq!(pauses[0].code, "org-silent");
        assert!(bench.now - asked < 10_000, "{} ms", bench.now - asked);
        bench.now += 3_600_000;
        let ask = pauses[0].ask;
        bench.run.answer(ask, Reply::Done, bench.now);
        asked = bench.now;
    }
    bench.world.clear_faults();
    bench.drive();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
}

/// A read refused once may have been refused to another person: who it is is asked before the
/// step is given up.
#[test]
fn a_refused_read_is_asked_again_as_the_right_person() {
    let mut bench = Bench::fresh();
    bench.world.fault(
        Fault::new(FaultKind::NoPermission)
            .org("hub")
            .on("GET", "/api/v1/groups")
            .nth(1),
    );
    bench.drive();
    let log = bench.world.requests();
    let refused = log.iter().position(|request| request.status == Some(403));
    let then = &log[refused.expect("the fault was hit") + 1..];
    let of = |path: &str| {
        then.iter()
            .position(|one| one.org == "hub" && one.path == path)
    };
    assert!(
        of("/api/v1/users/me") < of("/api/v1/groups"),
        "who it is comes first"
    );
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
}

/// What was changed in an app that is gone is gone with it: nobody is told that it stays.
#[test]
fn what_went_with_its_app_is_not_said_to_stay() {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    let app = format!("/api/v1/apps/{}", bench.value("org2org-app"));
    let unread = Fault::new(FaultKind::ErrorBefore(500)).on("GET", &app);
    bench.world.fault(unread.org("acme"));
    bench.undo();
    let left: Vec<&str> = bench
        .run
        .left()
        .iter()
        .map(|note| note.key.as_str())
        .collect();
    assert!(left.contains(&"app-acs"), "it could not be read: {left:?}");
    bench.world.clear_faults();
    bench.check();
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    assert_eq!(difference(&bench.world.dump(), &before), None);
}

/// What cannot be looked at stays, and with it what it is built on: an undo that goes on from here finds all of it.
#[test]
fn what_stays_keeps_what_it_is_built_on() {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    let app = bench.value("bookmark-app");
    let path = format!("/api/v1/apps/{app}");
    let stuck = Fault::new(FaultKind::ErrorBefore(500)).on("DELETE", &path);
    bench.world.fault(stuck.org("acme"));
    bench.undo();
    let mut left: Vec<&str> = bench
        .run
        .left()
        .iter()
        .map(|note| note.key.split('/').next().unwrap())
        .collect();
    left.sort_unstable();
    let stays = ["bookmark", "bookmark-group", "org2org-app"];
    assert_eq!(left, stays, "and nothing else");
    bench.world.clear_faults();
    bench.check();
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    assert_eq!(difference(&bench.world.dump(), &before), None);
}

/// An effect that lands long after its connection died is waited for, not made again.
#[test]
fn an_effect_that_lands_late_is_not_made_again() {
    for kind in [
        FaultKind::LateEffect(30_000),
        FaultKind::LateEffect(59_000),
        FaultKind::SilentLateEffect(30_000),
        FaultKind::SilentLateEffect(80_000),
    ] {
        for (path, creates) in [
            ("/api/v1/apps", 2),
            ("/api/v1/idps", 1),
            ("/api/v1/groups", 1),
        ] {
            for nth in 1..=creates {
                let mut whole = Bench::fresh();
                whole.drive();
                whole.apply();
                let mut bench = Bench::fresh();
                bench.drive();
                bench
                    .world
                    .fault(Fault::new(kind).on("POST", path).nth(nth));
                bench.apply();
                assert!(
                    bench.run.is_proven(),
                    "{kind:?}, {path} {nth}: {:#?}",
                    bench.states()
                );
                assert_eq!(
                    bench.writes(),
                    whole.writes(),
                    "{kind:?}, {path} {nth}: each write once"
                );
            }
        }
    }
}

/// A plan agreed to long after the orgs were read is looked at again before anything is made.
#[test]
fn what_others_made_since_the_plan_is_not_made_again() {
    let mut bench = Bench::fresh();
    bench.drive();
    let app = json!({
        "name": "okta_org2org", "label": "Made by a colleague", "signOnMode": "SAML_2_0",
        "settings": {"app": {"baseUrl": "https://hub.okta.com"}},
    });
    bench.now += 3_600_000;
    let made = bench.meanwhile(Side::Source, "POST", "/api/v1/apps", &app);
    bench.apply();
    assert_eq!(bench.value("org2org-app"), made["id"].as_str().unwrap());
    assert_eq!(org2org_apps(&bench), 1);
}

/// While a write waits for a person, the org may change: it is looked at again before the write goes.
#[test]
fn a_write_that_waited_is_looked_at_again() {
    let mut bench = Bench::fresh();
    bench.drive();
    // Who is signed in is asked before the first write; the answer is that nobody is.
    bench.world.fault(
        Fault::new(FaultKind::SessionGoneToken)
            .org("acme")
            .on("GET", "/api/v1/users/me"),
    );
    bench.agree();
    bench.drive_until(|bench| !bench.run.timeline().pauses.is_empty());
    bench.world.clear_faults();
    bench.now += 3_600_000;
    let app = json!({
        "name": "okta_org2org", "label": "Made by a colleague", "signOnMode": "SAML_2_0",
        "settings": {"app": {"baseUrl": "https://hub.okta.com"}},
    });
    let made = bench.meanwhile(Side::Source, "POST", "/api/v1/apps", &app);
    bench.drive();
    assert_eq!(bench.value("org2org-app"), made["id"].as_str().unwrap());
    assert_eq!(org2org_apps(&bench), 1);
}

fn org2org_apps(bench: &Bench) -> usize {
    let dump = bench.world.dump();
    let apps = dump["acme"]["apps"].as_object().unwrap().values();
    apps.filter(|app| app["name"] == "okta_org2org").count()
}

/// A new object that is there at one read and gone at the next is neither made again nor held to be taken back.
#[test]
fn what_flickers_is_not_made_again() {
    for (path, creates) in [
        ("/api/v1/apps", 2),
        ("/api/v1/idps", 1),
        ("/api/v1/groups", 1),
    ] {
        for nth in 1..=creates {
            let mut bench = Bench::fresh();
            let before = bench.world.dump();
            bench.drive();
            let flips = Fault::new(FaultKind::NotFoundFlip(50_000));
            bench.world.fault(flips.on("POST", path).nth(nth));
            bench.apply();
            assert!(bench.run.is_proven(), "{path} {nth}: {:#?}", bench.states());
            let writes = bench.writes();
            for closed in [false, true] {
                if closed {
                    bench.reopen();
                    bench.drive();
                }
                bench.check();
                bench.apply();
                assert_eq!(bench.writes(), writes, "{path} {nth}, closed: {closed}");
            }
            bench.undo();
            assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
            assert_eq!(difference(&bench.world.dump(), &before), None);
        }
    }
}

/// An undo that was cut off between switching an app off and deleting it goes on the next time.
#[test]
fn what_was_half_taken_back_is_taken_back() {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    let path = format!("/api/v1/apps/{}", bench.value("bookmark-app"));
    let gone = Fault::new(FaultKind::DropBefore).on("DELETE", &path);
    // The first is that of the group that has it.
    bench.world.fault(gone.org("acme").from_call(2));
    bench.undo();
    let left = bench.run.left();
    assert!(
        left.iter().any(|note| note.key.starts_with("bookmark/")),
        "{left:?}"
    );
    bench.world.clear_faults();
    bench.reopen();
    bench.drive();
    let states = bench.states();
    assert!(
        states
            .values()
            .any(|state| state.contains("an inactive one")),
        "{states:#?}"
    );
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    assert_eq!(difference(&bench.world.dump(), &before), None);
}

/// A gate is read again before anything rests on it: who has become an admin of the target since the plan is not linked.
#[test]
fn who_became_an_admin_since_the_plan_is_not_linked() {
    let mut bench = Bench::fresh();
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(plan.items.iter().any(|item| item.key == "idp"));
    bench.now += 3_600_000;
    let login = "/api/v1/users/ada@acme.example.com";
    let ada = bench.meanwhile(Side::Target, "GET", login, &json!(null));
    let roles = format!("/api/v1/users/{}/roles", ada["id"].as_str().unwrap());
    bench.meanwhile(Side::Target, "POST", &roles, &json!({"type": "APP_ADMIN"}));
    let asked = bench.world.requests().len();
    bench.apply();
    let log = &bench.world.requests()[asked..];
    let linked = log
        .iter()
        .filter(|request| request.org == "hub" && request.method != "GET");
    assert_eq!(linked.count(), 0, "{:#?}", bench.states());
    assert!(!bench.run.is_proven());
}

/// A gate that could not be read is shut: unknown is neither done nor harmless.
#[test]
fn what_cannot_be_read_opens_no_gate() {
    let mut bench = Bench::fresh();
    let login = "/api/v1/users/ada@acme.example.com";
    let ada = bench.meanwhile(Side::Target, "GET", login, &json!(null));
    let roles = format!("/api/v1/users/{}/roles", ada["id"].as_str().unwrap());
    let unread = Fault::new(FaultKind::ErrorBefore(500)).on("GET", &roles);
    bench.world.fault(unread.org("hub"));
    bench.drive();
    let states = bench.states();
    assert!(
        states.values().any(|state| state.starts_with("Unknown")),
        "{states:#?}"
    );
    let asked = bench.world.requests().len();
    bench.apply();
    let log = &bench.world.requests()[asked..];
    let linked = log
        .iter()
        .filter(|request| request.org == "hub" && request.method != "GET");
    assert_eq!(linked.count(), 0, "{:#?}", bench.states());
    assert!(!bench.run.is_proven());
}

/// A panel that was closed while a call was on its way does not make the same again when it opens.
#[test]
fn a_run_closed_in_doubt_waits_for_what_is_on_its_way() {
    let mut bench = Bench::fresh();
    bench.drive();
    let late = Fault::new(FaultKind::SilentLateEffect(30_000));
    bench.world.fault(late.on("POST", "/api/v1/apps").nth(1));
    bench.agree();
    bench.drive_until(|bench| {
        let mut log = bench.world.requests().iter();
        log.any(|request| request.method == "POST" && request.path == "/api/v1/apps")
    });
    bench.reopen();
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    // By now whatever was on its way has arrived.
    bench.now += 60_000;
    bench.check();
    assert_eq!(org2org_apps(&bench), 1);
}

/// What is sent is what the plan said, or nothing: a filter that a newcomer has changed was agreed to by nobody.
#[test]
fn what_the_plan_did_not_say_is_not_sent() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.now += 3_600_000;
    newcomer(&mut bench, "eve@elsewhere.example.com");
    bench.apply();
    let made = |bench: &Bench| {
        let mut log = bench.world.requests().iter();
        log.any(|request| request.method == "POST" && request.path == "/api/v1/idps")
    };
    assert!(!made(&bench), "{:#?}", bench.states());
    assert!(!bench.run.is_proven());
    let plan = bench.run.plan().unwrap().text();
    assert!(plan.contains("elsewhere"), "{plan}");
    bench.apply();
    assert!(made(&bench));
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
}

/// A read is old half a minute after it, although the round that it was part of ended later.
#[test]
fn a_write_rests_on_a_fresh_read() {
    let mut bench = Bench::fresh();
    let login = "/api/v1/users/ada@acme.example.com";
    let ada = bench.meanwhile(Side::Target, "GET", login, &json!(null));
    let roles = format!("/api/v1/users/{}/roles", ada["id"].as_str().unwrap());
    // The last answer of the round takes long: by then the list of apps is twenty seconds old.
    let slow = Fault::new(FaultKind::Slow(20_000)).on("GET", &roles);
    bench.world.fault(slow.org("hub"));
    bench.drive();
    bench.world.clear_faults();
    bench.now += 25_000;
    let app = json!({
        "name": "okta_org2org", "label": "Made by a colleague", "signOnMode": "SAML_2_0",
        "settings": {"app": {"baseUrl": "https://hub.okta.com"}},
    });
    let made = bench.meanwhile(Side::Source, "POST", "/api/v1/apps", &app);
    bench.apply();
    assert_eq!(org2org_apps(&bench), 1);
    assert_eq!(bench.value("org2org-app"), made["id"].as_str().unwrap());
}

/// Whoever else signs in at any moment of a run: nothing more is written as that person, and what
/// that person was told neither counts nor ends the yes.
#[test]
fn what_another_person_was_told_ends_no_yes() {
    let mut noticed = 0;
    for call in 1..60 {
        let mut bench = Bench::fresh();
        bench.drive();
        let asked = bench.world.requests().len() + call;
        bench.agree();
        bench.drive_until(|bench| bench.world.requests().len() >= asked);
        bench.sign_in_as(Side::Target, "apps@hub.example.com");
        bench.drive_until(|bench| !bench.run.timeline().pauses.is_empty());
        let pauses = bench.run.timeline().pauses;
        noticed += usize::from(pauses.iter().any(|pause| pause.code == "org-changed"));
        bench.drive();
        assert!(
            bench.run.is_proven(),
            "call {call}: {pauses:?} {:#?}",
            bench.states()
        );
        // What was on its way cannot be called back.
        let effects = bench.world.effects().iter();
        let theirs = effects.filter(|effect| effect.actor == "apps@hub.example.com");
        assert!(theirs.count() <= 6, "call {call}");
    }
    assert!(noticed > 20, "{noticed}");
}

const HOUR: u64 = 3_600_000;
/// The longest that is waited without asking a person.
const LONGEST_WAIT: u64 = 120_000;

/// A clock that is set back in the middle makes no wait longer: a run that has something to wait for does not stand
/// still until the clock is again where it was.
#[test]
fn a_clock_set_back_makes_no_wait_longer() {
    let took = |back: Option<usize>| {
        let mut bench = Bench::fresh();
        bench.world.fault(
            Fault::new(FaultKind::RateLimited)
                .org("hub")
                .on("POST", "/api/v1/idps")
                .nth(1),
        );
        let (mut answers, began) = (0, bench.now);
        let mut rest = |bench: &mut Bench| {
            let mut end = bench.drive_until(|_| {
                answers += 1;
                Some(answers) == back
            });
            if end == End::Cut {
                bench.behind = HOUR;
                end = bench.drive();
            }
            assert_eq!(end, End::Rests);
        };
        rest(&mut bench);
        bench.agree();
        rest(&mut bench);
        assert!(bench.run.is_proven(), "{back:?}: {:#?}", bench.states());
        (bench.now - began, answers)
    };
    let (usual, answers) = took(None);
    for back in (1..=answers).step_by(7) {
        let (more, _) = took(Some(back));
        // What was waited for at that moment is waited for once more.
        assert!(
            more <= usual + LONGEST_WAIT,
            "{back}: {more} ms, and {usual} ms without"
        );
    }
}

/// Between two runs, too: a write that seems to be still to come is as old as the run that looks.
#[test]
fn a_journal_of_a_later_time_is_gone_on_from() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven());
    let app = format!("/api/v1/apps/{}", bench.value("bookmark-app"));
    bench.tried(
        Side::Source,
        "POST",
        &format!("{app}/lifecycle/deactivate"),
        &json!(null),
    );
    bench.tried(Side::Source, "DELETE", &app, &json!(null));
    bench.behind = HOUR;
    let began = bench.now;
    bench.reopen();
    assert_eq!(bench.drive(), End::Rests);
    assert!(bench.now - began < LONGEST_WAIT, "{} ms", bench.now - began);
    let states = bench.states();
    let app = states.iter().find(|(key, _)| key.starts_with("bookmark/"));
    assert!(
        app.is_some_and(|(_, state)| state == "Unmet"),
        "{states:#?}"
    );
}
