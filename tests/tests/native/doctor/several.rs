//! Several spokes of one hub: what is read once, who stands where, and what they share by mistake.

use org2org_core::doctor::{Family, Hub, Kind, Shelf};
use org2org_tests::{Clinic, found};
use serde_json::json;

use super::at::*;

#[test]
fn what_was_read_of_the_hub_is_not_read_again() {
    let mut clinic = Clinic::healthy();
    let first = clinic.examination(&Shelf::default());
    let once = first.report().unwrap().calls;
    let second = clinic.examination(&first.shelf());
    let report = second.report().unwrap();
    assert!(found(report).is_empty(), "{}", report.text());
    assert_eq!(report.calls[0], once[0]);
    assert!(
        report.calls[1] < once[1],
        "{:?} after {once:?}",
        report.calls
    );
    let mut other = Clinic::healthy();
    let mut pair = other.bench.run.pair().clone();
    pair.target.id = "00o00000000000000001".into();
    other.pair = Some(pair);
    other.answer("org.well-known", Default::default());
    let third = other.examination(&first.shelf());
    let known = third.report().unwrap().unknown().len();
    assert!(
        known > 50,
        "another hub's answers are not taken over: {known}"
    );
}

#[test]
fn what_spokes_share_is_told() {
    let mut clinic = Clinic::healthy();
    let mut hub = Hub::default();
    hub.add(&clinic.examination(&Shelf::default()));
    assert!(hub.shared().is_empty() && !hub.is_ill() && !hub.is_unsure());
    // The same spoke under another name: everything of its own is there twice.
    let mut pair = clinic.bench.run.pair().clone();
    pair.source.url = org2org_core::org::OrgUrl::parse("https://acme-two.okta.com").unwrap();
    clinic.pair = Some(pair);
    hub.add(&clinic.examination(&Shelf::default()));
    let shared = hub.shared();
    let kinds: Vec<Kind> = shared.iter().map(|one| one.kind).collect();
    for kind in [
        Kind::Client,
        Kind::KeysAddress,
        Kind::Issuer,
        Kind::UserName,
    ] {
        assert!(kinds.contains(&kind), "{kind:?} of {kinds:?}");
    }
    for one in &shared {
        assert_eq!(one.spokes, ["acme.okta.com", "acme-two.okta.com"]);
        assert!(!one.value.contains("ada@"), "{}", one.value);
    }
    assert!(hub.is_ill());
    let text = hub.text();
    assert_eq!(
        text.lines().next().unwrap().split("  ").next(),
        Some("source")
    );
    for family in Family::ALL {
        assert!(text.contains(family.title()));
    }
    let whole = hub.json();
    assert_eq!(whole["matrix"].as_array().unwrap().len(), 2);
    assert_eq!(
        whole["matrix"][0]["families"]["keys and certificates"],
        "ok"
    );
    assert!(hub.markdown().contains("\n|---|"));
}

/// Only the first page of people is read, however many there are, and the report says so.
#[test]
fn a_crowd_costs_no_more_reads() {
    let mut clinic = Clinic::healthy();
    edit_people(&mut clinic, |people| {
        let one = people[0].clone();
        for at in 0..600 {
            let mut more = one.clone();
            more["id"] = json!(format!("00u{at:017}"));
            more["externalId"] = json!(format!("00u{at:015}zz"));
            more["credentials"]["userName"] = json!(format!("{at}@acme.example.com"));
            people.push(more);
        }
    });
    let report = clinic.examine();
    assert!(
        report.cost().contains("only the first 500 assignments"),
        "{}",
        report.cost()
    );
    let calls: usize = report.calls.iter().sum();
    assert!(calls <= 25, "{}", report.cost());
}
