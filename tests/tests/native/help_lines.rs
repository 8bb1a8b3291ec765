//! Every line of Okta's help page that today's procedures serve is covered by a row that names it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use org2org_core::procedures;

/// The parts of the help page that today's procedures serve.
const SERVED: [&str; 4] = ["FED-", "AUTO-", "MANUAL-", "TOKEN-"];

#[test]
fn every_served_line_of_the_help_page_has_a_row() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/okta/help-lines.md");
    let Ok(text) = fs::read_to_string(&file) else {
        println!("skipped: the numbered help lines are not beside this project");
        return;
    };
    let lines: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split_once(' '))
        .map(|(id, _)| id.to_owned())
        .collect();
    let covered: BTreeSet<String> = procedures::steps()
        .flat_map(|step| step.covers)
        .map(|line| (*line).to_owned())
        .collect();
    let foreign: Vec<&String> = covered.difference(&lines).collect();
    assert!(
        foreign.is_empty(),
        "rows name lines that are not there: {foreign:?}"
    );
    let served = lines
        .iter()
        .filter(|line| SERVED.iter().any(|part| line.starts_with(part)));
    let bare: Vec<&String> = served.filter(|line| !covered.contains(*line)).collect();
    assert!(bare.is_empty(), "lines without a row: {bare:?}");
}

#[test]
fn the_federation_lines_are_covered_even_without_the_help_page() {
    let covered: BTreeSet<&str> = procedures::steps()
        .flat_map(|step| step.covers)
        .copied()
        .collect();
    for line in 1..=23 {
        let line = format!("FED-{line:02}");
        assert!(covered.contains(line.as_str()), "{line}");
    }
}
