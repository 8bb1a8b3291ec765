//! The doctor: a healthy pair is left alone, each pitfall is found, and what could not be read is unknown.

mod at;
mod crowd;
mod joined;
mod machine;
mod mends;
mod people;
mod person;
mod pitfalls;
mod several;
mod sign_on;
mod wished;

use std::collections::BTreeSet;

use org2org_core::doctor::{Family, Outcome, Report, rules};
use org2org_core::okta::Response;
use org2org_tests::{Clinic, found, outcome};

/// A rule, and what makes the healthy pair ill so that it finds it.
type Case = (&'static str, fn(&mut Clinic));

fn cases() -> impl Iterator<Item = &'static Case> {
    sign_on::CASES
        .iter()
        .chain(machine::CASES)
        .chain(people::CASES)
}

#[test]
fn a_healthy_pair_is_left_alone() {
    let mut clinic = Clinic::healthy();
    let before = clinic.bench.world.dump();
    let report = clinic.examine();
    assert!(found(&report).is_empty(), "{}", report.text());
    assert!(report.unknown().is_empty(), "{}", report.text());
    assert_eq!(report.rulings.len(), rules().count());
    println!("{}\n{}", report.summary(), report.cost());
    let calls: usize = report.calls.iter().sum();
    assert!(calls <= 25, "{}", report.cost());
    assert_eq!(calls, clinic.sent.len());
    assert_eq!(clinic.bench.world.dump(), before);
}

/// Every rule has a fixture that it finds; the fixture alone makes the difference, since the healthy pair has none.
#[test]
fn every_pitfall_is_found() {
    let mut missed = Vec::new();
    for (rule, make) in cases() {
        let mut clinic = Clinic::healthy();
        make(&mut clinic);
        let report = clinic.examine();
        if !found(&report).contains(rule) {
            missed.push(format!(
                "{rule}: {:?}, found {:?}",
                outcome(&report, rule),
                found(&report)
            ));
        }
        people_are_not_named(&report);
        declared_alone_is_read(&report);
    }
    assert!(missed.is_empty(), "{missed:#?}");
    let covered: BTreeSet<&str> = cases().map(|(rule, _)| *rule).collect();
    let all: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    assert_eq!(covered, all);
    println!("{} rules, each with its fixture", all.len());
}

fn people_are_not_named(report: &Report) {
    let told = format!("{}{}{:#}", report.text(), report.markdown(), report.json());
    for name in ["ada@", "grace@", "admin@", "auditor@", "00example"] {
        assert!(!told.contains(name), "`{name}` is told: {told}");
    }
}

#[test]
fn a_finding_says_what_was_seen_where_and_what_to_do() {
    let mut clinic = Clinic::healthy();
    for rule in ["link-admins", "dpop-off", "push-failed"] {
        let (_, make) = cases().find(|(own, _)| *own == rule).unwrap();
        make(&mut clinic);
    }
    let report = clinic.examine();
    insta::assert_snapshot!("doctor-text", report.text());
    insta::assert_snapshot!("doctor-markdown", report.markdown());
}

#[test]
fn rules_are_whole() {
    let mut ids = BTreeSet::new();
    for rule in rules() {
        assert!(ids.insert(rule.id), "`{}` stands twice", rule.id);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(
            rule.id.chars().all(plain),
            "`{}` is not kebab-case",
            rule.id
        );
        for text in [rule.title, rule.why, rule.source, rule.remedy] {
            assert!(!text.is_empty(), "`{}`", rule.id);
        }
        assert!(
            rule.why.ends_with('.') && rule.remedy.ends_with('.'),
            "`{}`",
            rule.id
        );
        assert!(!rule.title.ends_with('.'), "`{}`", rule.id);
    }
    for family in Family::ALL {
        assert!(
            rules().any(|rule| rule.family == family),
            "{}",
            family.title()
        );
    }
    assert!(ids.len() >= 45, "{}", ids.len());
}

/// A rule reads nothing but what it declares: what it needs rights for can be told beforehand.
fn declared_alone_is_read(report: &Report) {
    for ruling in &report.rulings {
        for (_, address) in &ruling.reads {
            let path = address.split('?').next().unwrap();
            let declared = ruling.rule.reads.iter().any(|op| fits(op.path, path));
            assert!(declared, "`{}` reads {path}", ruling.rule.id);
        }
    }
}

/// Whether a path is one of a template's, e.g. `/api/v1/apps/0oa1` of `/api/v1/apps/{app}`.
pub fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut seen) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), seen.next()) {
            (None, None) => return true,
            (Some(part), Some(value)) if part.starts_with('{') || part == value => {}
            _ => return false,
        }
    }
}

/// The answers that are none: a refusal, an error, and texts that are not what was asked for.
fn no_answers() -> Vec<(&'static str, Response)> {
    let response = |status: u16, kind: &str, body: &str| Response {
        status,
        headers: [("content-type".to_owned(), kind.to_owned())]
            .into_iter()
            .collect(),
        body: body.to_owned(),
        redirected: false,
    };
    let json = "application/json";
    let refusal =
        r#"{"errorCode":"E0000006","errorSummary":"You do not have permission","errorCauses":[]}"#;
    vec![
        ("403", response(403, json, refusal)),
        (
            "500",
            response(
                500,
                json,
                r#"{"errorCode":"E0000009","errorSummary":"Internal Server Error","errorCauses":[]}"#,
            ),
        ),
        ("half an answer", response(200, json, r#"[{"id":"#)),
        ("another shape", response(200, json, r#"{"ident":"x"}"#)),
        ("a page", response(200, "text/html", "<html>")),
        ("no JSON", response(200, "text/plain", "{}")),
    ]
}

/// Whatever a read answers instead: each rule that needs it says unknown, none says that all is well, and nothing but
/// reads is sent.
#[test]
fn what_cannot_be_read_is_unknown() {
    let mut healthy = Clinic::healthy();
    let report = healthy.examine();
    let mut ops: Vec<String> = healthy.sent.clone();
    ops.sort();
    ops.dedup();
    // Who the orgs are is not judged by a rule: without it nothing is read at all.
    ops.retain(|op| !["org.well-known", "users.read"].contains(&op.as_str()));
    let mut judged = 0;
    for op in &ops {
        let path = org2org_core::okta::read_op(op).unwrap().path;
        for (what, answer) in no_answers() {
            let mut clinic = Clinic::healthy();
            clinic.answer(op, answer.clone());
            let writes = clinic.writes();
            let ill = clinic.examine();
            for ruling in &report.rulings {
                let needs = ruling.reads.iter().any(|(_, address)| {
                    let own = address.split('?').next().unwrap();
                    fits(path, own) && is_op(op, address)
                });
                let now = outcome(&ill, ruling.rule.id);
                if needs {
                    assert!(
                        matches!(now, Outcome::Unknown { .. }),
                        "{op} answers {what}: `{}` says {now:?}",
                        ruling.rule.id
                    );
                    judged += 1;
                }
            }
            assert_eq!(clinic.writes(), writes, "{op} answers {what}");
        }
    }
    println!(
        "{} reads, {} answers each, {judged} rulings: all unknown",
        ops.len(),
        no_answers().len()
    );
    assert!(judged > 500, "{judged}");
}

/// Two operations may share a path; the query tells them apart.
fn is_op(op: &str, address: &str) -> bool {
    match op {
        "users.list" => address.contains("search="),
        _ => !address.contains("search="),
    }
}

/// The same when somebody must sign in first: the report comes, and says so.
#[test]
fn an_ended_session_leaves_everything_unknown() {
    let mut clinic = Clinic::healthy();
    clinic.answer(
        "users.read",
        Response {
            status: 401,
            ..Response::default()
        },
    );
    let report = clinic.examine();
    assert!(found(&report).is_empty());
    assert_eq!(
        report.count(|one| one.outcome == Outcome::Ok),
        0,
        "{}",
        report.text()
    );
    let unknown = report.unknown();
    assert!(
        unknown
            .iter()
            .any(|(_, why)| why.contains("session has ended")),
        "{}",
        report.text()
    );
}
