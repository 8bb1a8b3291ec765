//! The doctor: a healthy pair is left alone, each pitfall is found, and what could not be read is unknown.

use org2org_core::doctor::{Outcome, rules};
use org2org_tests::{Clinic, found};

#[test]
fn a_healthy_pair_is_left_alone() {
    let mut clinic = Clinic::healthy();
    let before = clinic.bench.world.dump();
    let report = clinic.examine();
    assert!(found(&report).is_empty(), "{}", report.text());
    assert!(report.unknown().is_empty(), "{}", report.text());
    assert_eq!(report.rulings.len(), rules().count());
    let good = report.count(|one| one.outcome == Outcome::Ok);
    println!("{}", report.summary());
    println!("{}", report.cost());
    println!("{:?}", clinic.sent);
    assert!(good > 60, "{}", report.summary());
    let calls: usize = report.calls.iter().sum();
    assert!(calls <= 25, "{}", report.cost());
    assert_eq!(clinic.bench.world.dump(), before);
}
