//! The papers of a real run: nothing secret and nobody's login in them, and a change notice that the System Log keeps.

use std::collections::BTreeSet;

use org2org_core::report::{Document, Matter, Paper, Part, write};
use org2org_core::run::Side;
use org2org_tests::Bench;
use serde_json::Value;

/// The lab writes no line when a group gets an app.
const NOT_IN_THE_LAB: [&str; 1] = ["group.application_assignment.add"];
const PAPERS: [Paper; 3] = [Paper::ChangeNotice, Paper::Evidence, Paper::Runbook];

fn applied() -> Bench {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven());
    bench
}

fn paper(bench: &Bench, paper: Paper, whole: bool) -> Document {
    let pair = bench.run.pair();
    let matter = Matter {
        source: &pair.source.url,
        target: &pair.target.url,
        journal: bench.run.journal(),
        whole,
    };
    write(paper, &matter)
}

fn forms(document: &Document) -> [String; 3] {
    [
        document.html(),
        document.markdown(),
        document.json().to_string(),
    ]
}

/// Ids of people and their names, as the lab has them.
fn people(bench: &Bench) -> Vec<String> {
    let dump = bench.world.dump();
    let users = ["acme", "hub"].map(|org| dump[org]["users"].as_object().unwrap().clone());
    let texts = users.iter().flatten().flat_map(|(id, user)| {
        let profile = |name: &str| {
            user["profile"][name]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        [
            id.clone(),
            profile("login"),
            profile("email"),
            profile("lastName"),
        ]
    });
    texts.filter(|text| text.len() > 4).collect()
}

#[test]
fn no_paper_holds_a_secret_or_names_a_person() {
    let bench = applied();
    let (secrets, people) = (bench.secrets(), people(&bench));
    assert!(secrets.len() > 3 && people.len() > 8);
    for kind in PAPERS {
        for form in forms(&paper(&bench, kind, false)) {
            for canary in secrets.iter().chain(&people) {
                assert!(!form.contains(canary.as_str()), "{kind:?} holds {canary}");
            }
        }
        for form in forms(&paper(&bench, kind, true)) {
            for canary in &secrets {
                assert!(!form.contains(canary.as_str()), "{kind:?} holds a secret");
            }
            assert!(
                !form.contains("@acme.example.com"),
                "{kind:?} names a login"
            );
        }
    }
}

#[test]
fn evidence_has_a_line_for_every_write_and_says_that_all_are_proven() {
    let mut bench = applied();
    let rows = |document: &Document| {
        let parts = document.sections.iter().flat_map(|section| &section.parts);
        let rows = parts.filter_map(|part| match part {
            Part::Table { rows, .. } => Some(rows.clone()),
            _ => None,
        });
        rows.flatten().collect::<Vec<_>>()
    };
    let sent = bench.writes();
    let told = rows(&paper(&bench, Paper::Evidence, false));
    assert_eq!(told.len(), sent);
    assert!(
        told.iter()
            .all(|row| row.iter().any(|cell| cell == "proven by a read")),
        "{told:#?}"
    );
    assert!(!rows(&paper(&bench, Paper::Runbook, false)).is_empty());
    bench.undo();
    // After undo nothing stands, and the evidence of both is there.
    assert!(rows(&paper(&bench, Paper::Runbook, false)).is_empty());
    assert_eq!(
        rows(&paper(&bench, Paper::Evidence, false)).len(),
        bench.writes()
    );
}

fn event_types(document: &Document, section: usize) -> BTreeSet<String> {
    let tables = document.sections[section].parts.iter();
    let cells = tables.filter_map(|part| match part {
        Part::Table { rows, .. } => Some(rows.iter().map(|row| row[0].clone())),
        _ => None,
    });
    cells.flatten().filter(|cell| cell.contains('.')).collect()
}

#[test]
fn the_change_notice_names_what_the_system_logs_then_hold() {
    let mut bench = applied();
    let notice = paper(&bench, Paper::ChangeNotice, false);
    for (section, side) in Side::BOTH.into_iter().enumerate() {
        let log = bench.meanwhile(side, "GET", "/api/v1/logs?limit=1000", &Value::Null);
        let seen: BTreeSet<String> = log
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["eventType"].as_str().unwrap().to_owned())
            .collect();
        let told = event_types(&notice, section);
        assert!(told.len() >= 2, "{told:?}");
        let missing = told
            .difference(&seen)
            .filter(|kind| !NOT_IN_THE_LAB.contains(&kind.as_str()));
        let missing: Vec<&String> = missing.collect();
        assert!(
            missing.is_empty(),
            "{side:?} tells of {missing:?}, the log holds {seen:?}"
        );
    }
}
