//! Law 5: any answer replaced by any fault gives a named state, and a re-run completes without
//! duplicates. Seeded schedules; a failing seed is printed.

use org2org_core::run::Reply;
use org2org_lab::{Fault, FaultKind};
use org2org_tests::{Bench, Dice, End, difference};

use super::laws::things;

const KINDS: &[FaultKind] = &[
    FaultKind::Concurrency,
    FaultKind::DropAfter,
    FaultKind::DropBefore,
    FaultKind::ErrorAfter(500),
    FaultKind::ErrorAfter(503),
    FaultKind::ErrorBefore(500),
    FaultKind::ErrorBefore(502),
    FaultKind::Html200,
    FaultKind::LateEffect(4_000),
    FaultKind::NoPermission,
    FaultKind::NotFoundFlip(5_000),
    FaultKind::RateLimited,
    FaultKind::RateLimitedBare,
    FaultKind::RateLimitedReset(-30),
    FaultKind::ReadOnlyMode,
    FaultKind::SessionGone,
    FaultKind::SessionGoneHtml,
    FaultKind::SessionGoneRedirect,
    FaultKind::SessionGoneToken,
    FaultKind::Slow(40_000),
    FaultKind::StaleList(5_000),
    FaultKind::StepUp,
    FaultKind::TruncatedJson,
    FaultKind::WrongShape,
];

#[test]
fn any_schedule_of_faults_ends_well() {
    let runs = if super::deep() { 10_000 } else { 150 };
    let clean = clean();
    let begun = std::time::Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    std::thread::scope(|scope| {
        for first in 1..=threads {
            let clean = &clean;
            let seeds = (first..=runs).step_by(threads as usize);
            scope.spawn(move || seeds.for_each(|seed| schedule(seed, clean)));
        }
    });
    println!(
        "{runs} fault schedules in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
}

struct Clean {
    before: serde_json::Value,
    things: std::collections::BTreeMap<String, usize>,
}

fn clean() -> Clean {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    Clean {
        before,
        things: things(&bench),
    }
}

/// Two to six faults at random calls; then the faults end and the same run is taken up again.
fn schedule(seed: u64, clean: &Clean) {
    let mut dice = Dice::new(seed);
    let mut bench = Bench::fresh();
    bench.dice = Some(Dice::new(seed ^ 0xd1ce));
    let faults = 2 + dice.roll(5);
    let mut set = Vec::new();
    for _ in 0..faults {
        let mut fault = Fault::new(KINDS[dice.roll(KINDS.len())]);
        if dice.roll(2) == 0 {
            fault = fault.on(["POST", "PUT", "GET"][dice.roll(3)], "/api/v1/");
        }
        let nth = 1 + dice.roll(40) as u32;
        fault = if dice.roll(12) == 0 {
            fault.from_call(nth)
        } else {
            fault.nth(nth)
        };
        set.push(fault.clone());
        bench.world.fault(fault);
    }
    let case = format!("seed {seed}: {set:?}");
    bench.drive();
    for _ in 0..2 {
        agree(&mut bench);
        honest(&bench, &case);
    }
    if dice.roll(2) == 0 {
        bench.reopen();
        bench.drive();
    }
    bench.world.clear_faults();
    for _ in 0..3 {
        bench.check();
        agree(&mut bench);
    }
    assert!(bench.run.is_proven(), "{case}\n{:#?}", bench.states());
    assert_eq!(things(&bench), clean.things, "{case}");
    evidence(&bench, &case);
    let writes = bench.writes();
    bench.check();
    agree(&mut bench);
    assert_eq!(
        bench.writes(),
        writes,
        "{case}: a converged plan writes nothing"
    );
    bench.undo();
    bench.check();
    assert!(
        bench.run.left().is_empty(),
        "{case}: {:?}",
        bench.run.left()
    );
    assert_eq!(
        difference(&bench.world.dump(), &clean.before),
        None,
        "{case}"
    );
}

fn agree(bench: &mut Bench) -> End {
    match bench.run.plan().map(|plan| plan.id.clone()) {
        Some(plan) => {
            bench
                .run
                .consent(&plan, bench.now)
                .expect("the plan is the one shown");
            bench.drive()
        }
        None => bench.drive(),
    }
}

/// "Proven" is said only when a fresh look at the orgs says the same.
fn honest(bench: &Bench, case: &str) {
    if bench.run.is_proven() {
        let mut world = bench.world.clone();
        world.clear_faults();
        let mut second = Bench::over(world);
        second.now = bench.now + 120_000;
        second.check();
        assert!(
            second.run.is_proven(),
            "{case}: said proven\n{:#?}",
            second.states()
        );
    }
}

/// Every effect in the orgs' own log has an intent that was stored.
fn evidence(bench: &Bench, case: &str) {
    use org2org_core::run::journal::Event;
    let effects = bench
        .world
        .effects()
        .iter()
        .filter(|effect| effect.path.starts_with("/api/"));
    for effect in effects {
        let known = bench.stored.iter().any(|entry| match &entry.event {
            Event::Intent { call, .. } => call.address() == effect.path,
            _ => false,
        });
        assert!(known, "{case}: no intent for {effect:?}");
    }
}

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

/// An org that cannot be reached is told within seconds, however long it stays away, and nothing
/// is given up meanwhile.
#[test]
fn a_silent_org_is_told_soon_and_waited_for() {
    let mut bench = Bench::fresh();
    bench.drive();
    bench
        .world
        .fault(Fault::new(FaultKind::DropBefore).org("hub"));
    let plan = bench.run.plan().unwrap().id.clone();
    let mut asked = bench.now;
    bench.run.consent(&plan, bench.now).unwrap();
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
