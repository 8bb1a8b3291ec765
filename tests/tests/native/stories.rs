//! What an admin does, from one end to the other.

use org2org_tests::{Bench, End, difference};

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
