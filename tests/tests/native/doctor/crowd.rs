//! Many spokes of one hub: what the doctor costs, in calls, in shares of limits and in time.

use org2org_core::doctor::{Examination, Hub, Shelf, Start};
use org2org_core::run::Push;
use org2org_lab::{Options, OrgSpec, World};
use org2org_tests::{Bench, Clinic, End, T0};

/// Milliseconds that a call is on its way.
const LATENCY: u64 = 200;
const HOUR: u64 = 3_600_000;

/// Spokes, and people that they share.
fn size() -> (usize, usize) {
    match std::env::var_os("ORG2ORG_DEEP") {
        Some(_) => (50, 10_000),
        None => (4, 80),
    }
}

fn set_up(spokes: usize, people: usize) -> (World, u64) {
    let mut options = Options::default();
    options.orgs.extend(OrgSpec::spokes(spokes, people));
    let mut world = World::new(&options);
    let mut now = T0;
    for at in 1..=spokes {
        // Each spoke a while after the one before it: nobody sets up fifty in one minute.
        let mut bench = Bench::of(world, &format!("spoke{at:02}"), "Staff", now + HOUR);
        let push = Push::suggest(bench.run.pair());
        bench.wish(|wish| wish.push = Some(push));
        assert_eq!(bench.drive(), End::Rests);
        assert_eq!(bench.apply(), End::Rests, "spoke {at}");
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        (world, now) = (bench.world, bench.now);
    }
    (world, now)
}

#[test]
fn calls_grow_with_the_spokes_and_not_with_their_people() {
    let (spokes, people) = size();
    let (mut world, set_up_at) = set_up(spokes, people);
    for unpaced in [false, true] {
        let (mut hub, mut shelf) = (Hub::default(), Shelf::default());
        let began = set_up_at + HOUR;
        let mut now = began;
        let mut calls = Vec::new();
        let mut most = 0;
        for at in 1..=spokes {
            let bench = Bench::of(world, &format!("spoke{at:02}"), "Staff", now);
            let mut clinic = Clinic::of(bench, now);
            clinic.latency = LATENCY;
            let pair = clinic.bench.run.pair().clone();
            let mut exam = Examination::new(pair, Start::default(), &shelf, now);
            if unpaced {
                exam.unpaced();
            }
            let exam = clinic.drive(exam);
            let report = exam.report().expect("it is over");
            assert!(report.findings().is_empty(), "{}", report.text());
            assert!(report.unknown().is_empty(), "{}", report.text());
            let each: usize = report.calls.iter().sum();
            assert!(each <= 25, "{}", report.cost());
            most = most.max(
                report
                    .uses
                    .iter()
                    .filter_map(|one| one.share())
                    .max()
                    .unwrap_or(0),
            );
            calls.push(each);
            hub.add(&exam);
            (shelf, world, now) = (exam.shelf(), clinic.bench.world, clinic.bench.now);
        }
        assert!(hub.shared().is_empty(), "{}", hub.text());
        // The hub is read once: all later spokes cost the same.
        let (first, rest) = calls.split_first().expect("a spoke");
        assert!(
            rest.iter()
                .all(|one| one <= first && Some(one) == rest.first()),
            "{calls:?}"
        );
        println!(
            "{spokes} spokes, {people} people: {} reads ({first} for the first spoke, {} for each other), at most {}.{} % of a limit in one spoke, {} s at {LATENCY} ms a call{}",
            calls.iter().sum::<usize>(),
            rest.first().copied().unwrap_or_default(),
            most / 10,
            most % 10,
            (now - began).div_ceil(1000),
            if unpaced { " without pacing" } else { "" }
        );
    }
}
