//! Findings that are said to be mended by a plan are: what was ill is well after it, by writes that the plan showed.

use std::collections::BTreeSet;

use org2org_core::doctor::{Mend, rules};
use org2org_core::run::Push;
use org2org_tests::{Bench, Clinic, found};

use super::cases;

/// Mended in the lab, and left to a person all the same: whoever emptied the groups meant something.
const LEFT: &[&str] = &["groups-without-people"];

#[test]
fn a_plan_mends_what_it_is_offered_for() {
    let mut mended = BTreeSet::from(["no-app-for-target"]);
    for (rule, make) in cases() {
        let mut clinic = Clinic::healthy();
        let push = Push::suggest(clinic.bench.run.pair());
        clinic.bench.wish(|wish| wish.push = Some(push));
        make(&mut clinic);
        clinic.bench.drive();
        let writes = clinic.bench.run.plan().map_or(0, |plan| plan.items.len());
        if writes == 0 {
            continue;
        }
        clinic.bench.apply();
        if !found(&clinic.examine()).contains(rule) && !LEFT.contains(rule) {
            mended.insert(rule);
        }
    }
    let said: BTreeSet<&str> = rules()
        .filter(|rule| rule.mend().is_some())
        .map(|rule| rule.id)
        .collect();
    assert_eq!(mended, said);
    println!("{} findings are mended by a plan", said.len());
}

#[test]
fn two_orgs_without_a_link_are_mended_by_signing_in() {
    let mut clinic = Clinic::of(Bench::fresh(), 0);
    let missing = "no-app-for-target";
    assert!(found(&clinic.examine()).contains(&missing));
    let rule = rules().find(|rule| rule.id == missing).unwrap();
    assert_eq!(rule.mend(), Some(Mend::SignOn));
    clinic.bench.drive();
    clinic.bench.apply();
    assert!(!found(&clinic.examine()).contains(&missing));
}
