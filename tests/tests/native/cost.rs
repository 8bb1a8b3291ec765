//! What the plan says of calls and time, held against what applying takes in the lab on a virtual clock.

use org2org_core::run::cost::{Cost, LATENCY};
use org2org_core::run::{Aim, Method, SignOn};
use org2org_tests::{Bench, End};

use super::{endings, pushes, rotation};

/// Calls and virtual milliseconds of applying the plan that is shown.
struct Applied {
    requests: usize,
    ms: u64,
}

/// The plan's figures, and what applying it takes with every answer after [`LATENCY`].
fn applied(bench: &mut Bench, paced: bool) -> (Cost, Applied) {
    bench.latency = LATENCY;
    if !paced {
        bench.run.unpaced();
    }
    let cost = bench.run.cost().expect("a plan is there");
    let (asked, begun) = (own(bench), bench.now);
    assert_eq!(bench.apply(), End::Rests);
    let took = Applied {
        requests: own(bench) - asked,
        ms: bench.now - begun,
    };
    (cost, took)
}

/// Calls that the engine made, not an org.
fn own(bench: &Bench) -> usize {
    let log = bench.world.requests().iter();
    log.filter(|request| request.from.is_none()).count()
}

/// Wishes of each kind, read and planned, by name.
fn wishes() -> Vec<(&'static str, Bench)> {
    let mut federation = Bench::fresh();
    federation.wish(|wish| wish.routing = true);
    let mut oidc = Bench::fresh();
    oidc.wish(|wish| {
        wish.sign_on = SignOn::Oidc;
        wish.apps.clear();
    });
    let mut auto = Bench::fresh();
    pushes::wish(&mut auto, Method::OauthAuto, |_| {});
    let mut manual = Bench::fresh();
    pushes::wish(&mut manual, Method::OauthManual, |_| {});
    let mut groups = Bench::fresh();
    let pushed = ["Sales EMEA", "Sales APAC", "Sales LATAM"]
        .map(|name| pushes::group(&mut groups, name, &["ada@acme.example.com"]));
    pushes::wish(&mut groups, Method::OauthAuto, |push| {
        push.groups = pushed.to_vec();
    });
    let removal = endings::connected(true).0;
    let rotation = rotation::connected().0;
    let mut all = vec![
        ("federation and bookmarks", federation),
        ("OIDC", oidc),
        ("OAuth with automatic rotation", auto),
        ("OAuth with manual keys", manual),
        ("group push", groups),
        ("removal", removal),
        ("key rotation", rotation),
    ];
    for (_, bench) in &mut all {
        bench.drive();
        bench.check();
    }
    assert!(matches!(all[5].1.run.wish().aim, Aim::Remove));
    all
}

/// With 200 ms for each call and pacing off, applying takes what its longest chain of calls takes: rows that are ready
/// run together. The chain is not made longer than it is, either, nor the number of calls.
#[test]
fn applying_takes_as_long_as_its_longest_chain() {
    for (name, mut bench) in wishes() {
        let (cost, took) = applied(&mut bench, false);
        let ratio = took.ms as f64 / (cost.longest_chain as u64 * LATENCY) as f64;
        println!(
            "{name}: {} calls planned, {} made; chain {}, {:.1} s on the virtual clock, ratio {ratio:.2}",
            cost.requests,
            took.requests,
            cost.longest_chain,
            took.ms as f64 / 1000.0
        );
        assert!(bench.run.is_proven(), "{name}: {:#?}", bench.states());
        assert!((0.85..=1.15).contains(&ratio), "{name}: {ratio:.2}");
        assert_close(name, "calls", took.requests as u64, cost.requests as u64);
    }
}

/// The paced time, too, is what applying takes.
#[test]
fn applying_takes_the_paced_time_that_the_plan_says() {
    for (name, mut bench) in wishes() {
        let (cost, took) = applied(&mut bench, true);
        println!(
            "{name}: {:.1} s planned, {:.1} s taken at the pace of the engine, {:.1} s without",
            cost.paced_ms as f64 / 1000.0,
            took.ms as f64 / 1000.0,
            cost.unpaced_ms as f64 / 1000.0
        );
        assert!(bench.run.is_proven(), "{name}: {:#?}", bench.states());
        assert_close(name, "paced time", took.ms, cost.paced_ms);
    }
}

/// Within 15 percent of what the plan says.
fn assert_close(name: &str, what: &str, seen: u64, planned: u64) {
    let apart = seen.abs_diff(planned);
    assert!(
        apart * 100 <= planned * 15,
        "{name}: {what} {seen}, planned {planned}"
    );
}

/// What belonged to an app that is gone is not asked for again and again when the end is proven.
#[test]
fn the_end_of_a_removal_is_not_waited_for() {
    let mut bench = endings::connected(true).0;
    bench.drive();
    let asked = bench.world.requests().len();
    applied(&mut bench, false);
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let mut gone = std::collections::BTreeMap::<&str, usize>::new();
    for request in &bench.world.requests()[asked..] {
        if request.from.is_none() && request.status == Some(404) {
            *gone.entry(&request.path).or_default() += 1;
        }
    }
    let twice = gone
        .iter()
        .find(|(path, times)| **times > 1 && !path.contains("/groups/"));
    assert_eq!(twice, None);
}

/// A plan without writes costs nothing, and where no plan is there no figure is.
#[test]
fn nothing_to_write_costs_nothing() {
    let mut bench = Bench::fresh();
    assert_eq!(bench.run.cost(), None);
    bench.drive();
    bench.apply();
    bench.check();
    let cost = bench.run.cost().expect("a plan is there");
    assert_eq!(
        (cost.requests, cost.longest_chain, cost.paced_ms),
        (0, 0, 0)
    );
}

/// The figures in one line, as the plan prints them.
#[test]
fn the_figures_are_said_in_one_line() {
    let mut bench = Bench::fresh();
    bench.drive();
    let cost = bench.run.cost().expect("a plan is there");
    insta::assert_snapshot!("cost", cost.text());
}

/// The session in the guide shows the figures of its own wish.
#[test]
fn the_guide_shows_the_figures() {
    let mut bench = Bench::fresh();
    pushes::wish(&mut bench, Method::OauthAuto, |_| {});
    bench.drive();
    let line = bench.run.cost().expect("a plan is there").text();
    let guide = include_str!("../../../docs/command-line.md");
    assert!(guide.contains(&line), "{line}");
}
