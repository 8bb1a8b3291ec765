//! Both System Logs on one axis: joined, told what failed, and unknown where a log cannot be read.

use org2org_core::doctor::joined::{About, Event, Joined, Joint};
use org2org_core::okta::Response;
use org2org_core::run::Side::{self, Source, Target};
use org2org_tests::Clinic;
use serde_json::Value;

use super::at::*;

const ADA: &str = "ada@acme.example.com";
const ALAN: &str = "alan@acme.example.com";

fn of(joined: &Joined, side: Side) -> Vec<&Event> {
    let all = joined.events.iter();
    all.filter(|event| event.side == side).collect()
}

fn assign_engineering(c: &mut Clinic) {
    let (app, group) = (app(c), group(c, "Engineering"));
    c.call(Source, "PUT", &format!("{app}/groups/{group}"), Value::Null);
}

#[test]
fn a_push_and_what_it_did_stand_together() {
    let mut clinic = Clinic::healthy();
    assign_engineering(&mut clinic);
    clinic.bench.later(clinic.bench.now + 120_000);
    let writes = clinic.writes();
    let joined = clinic.timeline(About::Person, ALAN);
    assert_eq!(joined.joint, Some(Joint::ExternalId), "{}", joined.text());
    assert!(joined.unknown.is_empty() && joined.nothing.is_empty());
    assert!(!joined.has_failures(), "{}", joined.text());
    let made = joined
        .events
        .iter()
        .find(|event| event.side == Target && event.kind == "user.lifecycle.create")
        .unwrap_or_else(|| panic!("{}", joined.text()));
    let push = &joined.events[made.asked_by.expect("a push asked for it")];
    assert_eq!(
        (push.side, push.kind.as_str()),
        (Source, "application.provision.user.push")
    );
    let times: Vec<&str> = joined.events.iter().map(|one| one.at.as_str()).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(clinic.writes(), writes);
    assert!(!joined.text().contains("alan@"), "{}", joined.text());
    assert_eq!(joined.json()["events"][0]["raw"]["version"], "0");
    insta::assert_snapshot!("timeline", joined.text());
}

#[test]
fn a_failed_push_is_explained_beside_the_raw_event() {
    let mut clinic = Clinic::healthy();
    take_role(&mut clinic, |_| true);
    assign_engineering(&mut clinic);
    clinic.bench.later(clinic.bench.now + 120_000);
    let joined = clinic.timeline(About::Person, ALAN);
    let failed: Vec<&Event> = joined
        .events
        .iter()
        .filter(|event| event.failed.is_some())
        .collect();
    assert!(!failed.is_empty(), "{}", joined.text());
    assert_eq!(failed[0].known.expect("it is known").id, "no-right");
    assert_eq!(failed[0].raw["outcome"]["result"], "FAILURE");
    let nobody = "no account of the target has that user name";
    assert_eq!(joined.nothing, [(Target, nobody.to_owned())]);
    assert!(of(&joined, Target).is_empty());
}

#[test]
fn a_pushed_group_is_followed() {
    let mut clinic = Clinic::healthy();
    let joined = clinic.timeline(About::Group, "Sales EMEA");
    assert_eq!(joined.joint, Some(Joint::GroupName), "{}", joined.text());
    let made = of(&joined, Target);
    let made = made
        .iter()
        .find(|event| event.kind == "group.lifecycle.create");
    assert!(
        made.is_some_and(|event| event.asked_by.is_some()),
        "{}",
        joined.text()
    );
    let other = clinic.timeline(About::Group, "Engineering");
    assert_eq!(other.joint, None);
    assert_eq!(
        other.nothing,
        [(Target, "the group is not pushed".to_owned())]
    );
}

#[test]
fn a_log_that_cannot_be_read_is_unknown() {
    let mut clinic = Clinic::healthy();
    clinic.answer(
        "logs.list",
        Response {
            status: 403,
            body: r#"{"errorCode":"E0000006","errorSummary":"no"}"#.into(),
            headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
            ..Response::default()
        },
    );
    let joined = clinic.timeline(About::Person, ADA);
    let sides: Vec<Side> = joined.unknown.iter().map(|(side, _)| *side).collect();
    assert_eq!(sides, [Source, Target], "{}", joined.text());
    assert!(joined.events.is_empty());
    assert!(!joined.text().contains("No event"), "{}", joined.text());
}

#[test]
fn a_person_nobody_knows_has_no_timeline() {
    let mut clinic = Clinic::healthy();
    let joined = clinic.timeline(About::Person, "nobody@acme.example.com");
    assert_eq!(joined.nothing.len(), 2, "{}", joined.text());
    assert!(joined.events.is_empty() && joined.unknown.is_empty());
}
