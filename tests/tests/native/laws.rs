//! The laws that hold for every row of every table.

use std::collections::{BTreeMap, BTreeSet};

use org2org_core::procedures;
use org2org_core::run::{RunError, SignOn, Wish, timeline::Phase};
use org2org_tests::{Bench, End, difference};

/// Law 8: ids are unique; every row has a page, its by-hand text and a source.
#[test]
fn rows_are_whole() {
    let mut ids = BTreeSet::new();
    let all: BTreeSet<&str> = procedures::steps().map(|step| step.id).collect();
    let stated: BTreeSet<&str> = procedures::ALL
        .iter()
        .filter(|procedure| !procedure.way_back.is_empty())
        .flat_map(|procedure| procedure.steps)
        .map(|step| step.id)
        .collect();
    for step in procedures::steps() {
        assert!(ids.insert(step.id), "`{}` stands twice", step.id);
        let plain = step
            .id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(plain, "`{}` is not kebab-case", step.id);
        for text in [step.title, step.why, step.page.title, step.source] {
            assert!(!text.is_empty(), "`{}`", step.id);
        }
        assert!(
            !step.by_hand.is_empty(),
            "`{}` says nothing to a person",
            step.id
        );
        assert!(
            step.write.is_none() || step.undo.is_some() || stated.contains(step.id),
            "`{}` cannot be taken back, and its procedure states no way back",
            step.id
        );
        assert!(
            step.after.iter().all(|gate| all.contains(gate)),
            "`{}` waits for no row",
            step.id
        );
    }
}

/// Laws 1, 2, 4 and 6: checking writes nothing, applying sends exactly the plan, a second apply
/// writes nothing, and undo gives both orgs back.
#[test]
fn the_plan_is_what_is_sent() {
    for variant in variants() {
        let mut bench = Bench::fresh();
        bench.wish(variant);
        let before = bench.world.dump();
        assert_eq!(bench.drive(), End::Rests);
        assert_eq!(bench.writes(), 0);
        let plan = bench.run.plan().unwrap().clone();
        let asked = bench.world.requests().len();
        assert_eq!(bench.apply(), End::Rests);
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        assert_eq!(sent(&bench, asked), planned(&plan.items), "{}", plan.text());
        let writes = bench.writes();
        bench.check();
        assert!(bench.run.plan().unwrap().items.is_empty());
        bench.apply();
        assert_eq!(bench.writes(), writes);
        bench.undo();
        assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
        assert_eq!(difference(&bench.world.dump(), &before), None);
        // Nothing of the first time may be left in what is sent the second time.
        assert_eq!(bench.apply(), End::Rests);
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        bench.undo();
        assert_eq!(difference(&bench.world.dump(), &before), None);
    }
}

fn variants() -> Vec<fn(&mut Wish)> {
    vec![
        |_| {},
        |wish| wish.jit = true,
        |wish| wish.apps.clear(),
        |wish| wish.routing = true,
        |wish| {
            wish.sign_on = SignOn::Oidc;
            wish.apps.clear();
            wish.routing = true;
        },
        |wish| {
            // The same people, one by one.
            wish.groups.clear();
            wish.users = vec![ada()];
        },
        |wish| wish.users = vec![ada()],
    ]
}

fn ada() -> org2org_core::run::Member {
    let bench = Bench::fresh();
    let dump = bench.world.dump();
    let orgs = dump["orgs"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| dump.as_object().unwrap().values().cloned().collect());
    let acme = orgs
        .iter()
        .find(|org| org["subdomain"] == "acme")
        .expect("acme is in the dump");
    let users = acme["users"].as_object().unwrap();
    let (id, _) = users
        .iter()
        .find(|(_, user)| user["profile"]["login"] == "ada@acme.example.com")
        .expect("ada is in acme");
    org2org_core::run::Member {
        id: id.clone(),
        name: "ada@acme.example.com".into(),
    }
}

/// Method and path of each write sent since request number `from`, ids taken out.
fn sent(bench: &Bench, from: usize) -> BTreeMap<String, usize> {
    let writes = bench.world.requests()[from..]
        .iter()
        .filter(|request| request.method != "GET");
    count(writes.map(|request| format!("{} {}", request.method, request.path)))
}

fn planned(items: &[org2org_core::run::PlanItem]) -> BTreeMap<String, usize> {
    count(
        items
            .iter()
            .map(|item| format!("{} {}", item.method, item.path)),
    )
}

fn count(calls: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for call in calls {
        let plain: Vec<&str> = call
            .split('/')
            .map(|part| {
                if part.len() == 20 || part.starts_with('⟨') {
                    "*"
                } else {
                    part
                }
            })
            .collect();
        *count.entry(plain.join("/")).or_default() += 1;
    }
    count
}

/// Law 3: stop after any answer, keep what was stored, take it up again: same end.
#[test]
fn a_run_survives_being_closed_at_any_moment() {
    let mut whole = Bench::fresh();
    let before = whole.world.dump();
    whole.drive();
    let mut answers = 0;
    let plan = whole.run.plan().unwrap().id.clone();
    whole.run.consent(&plan, whole.now).unwrap();
    whole.drive_until(|_| {
        answers += 1;
        false
    });
    let step = if super::deep() { 1 } else { 5 };
    for stop in (1..=answers).step_by(step) {
        let mut bench = Bench::fresh();
        bench.drive();
        bench.agree();
        let mut seen = 0;
        bench.drive_until(|_| {
            seen += 1;
            seen == stop
        });
        bench.reopen();
        assert_eq!(bench.drive(), End::Rests, "stopped after answer {stop}");
        bench.apply();
        assert!(
            bench.run.is_proven(),
            "stopped after answer {stop}: {:#?}",
            bench.states()
        );
        assert_eq!(
            things(&bench.world.dump()),
            things(&whole.world.dump()),
            "stopped after answer {stop}"
        );
        bench.undo();
        let left = bench.run.left();
        assert_eq!(
            difference(&bench.world.dump(), &before),
            None,
            "stopped after answer {stop}: {left:?}"
        );
    }
}

/// Names of all apps, IdPs and groups, with how often each is there.
pub fn things(dump: &serde_json::Value) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    collect(dump, "", &mut names);
    names
}

fn collect(value: &serde_json::Value, kind: &str, names: &mut BTreeMap<String, usize>) {
    let Some(members) = value.as_object() else {
        value
            .as_array()
            .into_iter()
            .flatten()
            .for_each(|item| collect(item, kind, names));
        return;
    };
    for (name, member) in members {
        let label = member
            .get("label")
            .or(member.get("name"))
            .and_then(|name| name.as_str());
        match (["apps", "idps", "groups"].contains(&kind), label) {
            (true, Some(label)) => *names.entry(format!("{kind} {label}")).or_default() += 1,
            _ => collect(member, name, names),
        }
    }
}

/// Law 7: no secret in plan, journal, timeline or stored run.
#[test]
fn no_secret_leaves_the_session() {
    let mut bench = Bench::fresh();
    bench.drive();
    let mut outputs = bench.outputs();
    bench.apply();
    outputs.push_str(&bench.outputs());
    for secret in bench.secrets() {
        assert!(secret.len() > 8);
        assert!(!outputs.contains(&secret));
    }
    let stored = bench.run.stored().text();
    for login in ["ada@acme", "grace@acme"] {
        assert!(!stored.contains(login), "a user name is at rest");
    }
}

/// Cancel stops between calls: what was in flight is recorded, nothing new leaves.
#[test]
fn cancel_sends_nothing_more() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.agree();
    let mut seen = 0;
    bench.drive_until(|_| {
        seen += 1;
        seen == 9
    });
    let now = bench.now;
    bench.run.cancel(now);
    let in_flight = bench.run.asks().len();
    let writes = bench.writes();
    bench.drive();
    assert_eq!(bench.run.phase(), Phase::Stopped);
    assert!(bench.writes() <= writes + in_flight);
    bench.check();
    bench.apply();
    assert!(bench.run.is_proven());
}

/// Nothing is sent while the journal cannot be stored.
#[test]
fn no_evidence_no_effect() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.storage_broken = true;
    bench.agree();
    let end = bench.drive_until(|bench| !bench.run.timeline().pauses.is_empty());
    assert_eq!(end, End::Cut);
    assert_eq!(bench.writes(), 0);
    bench.drive();
    assert!(
        bench.run.is_proven(),
        "the person made room, and it went on"
    );
}

/// A journal that was touched lets nothing be written.
#[test]
fn a_damaged_journal_only_reads() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.apply();
    bench.stored[3].at += 1;
    bench.reopen();
    bench.drive();
    assert!(bench.run.is_proven(), "reading still works");
    assert!(bench.run.damage().is_some());
    let plan = bench.run.plan_undo().unwrap().id;
    assert!(bench.run.consent_undo(&plan, bench.now).is_err());
}

/// A yes holds for the plan that was shown, and for no other.
#[test]
fn only_the_plan_that_was_shown_is_agreed_to() {
    let mut bench = Bench::fresh();
    bench.drive();
    let now = bench.now;
    assert_eq!(bench.run.consent("another", now), Err(RunError::Lapsed));
    bench.drive();
    assert_eq!(bench.writes(), 0);
    bench.apply();
    let writes = bench.writes();
    let now = bench.now;
    assert_eq!(
        bench.run.consent_undo("another", now),
        Err(RunError::Lapsed)
    );
    bench.drive();
    assert_eq!(bench.writes(), writes);
}
