//! Every line of Okta's help page is covered by a row that names it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use org2org_core::procedures;

/// The help page's parts, with the number of lines of each.
const PARTS: [(&str, usize); 5] = [
    ("FED", 23),
    ("CSV", 6),
    ("AUTO", 30),
    ("MANUAL", 25),
    ("TOKEN", 26),
];

#[test]
fn every_line_of_the_help_page_has_a_row() {
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
    let bare: Vec<&String> = lines.difference(&covered).collect();
    assert!(bare.is_empty(), "lines without a row: {bare:?}");
}

#[test]
fn all_110_lines_are_covered_even_without_the_help_page() {
    let covered: BTreeSet<&str> = procedures::steps()
        .flat_map(|step| step.covers)
        .copied()
        .collect();
    let numbered = |(part, lines): (&'static str, usize)| {
        (1..=lines).map(move |line| format!("{part}-{line:02}"))
    };
    let all: Vec<String> = PARTS.into_iter().flat_map(numbered).collect();
    assert_eq!(all.len(), 110);
    let bare: Vec<&String> = all
        .iter()
        .filter(|line| !covered.contains(line.as_str()))
        .collect();
    assert!(bare.is_empty(), "lines without a row: {bare:?}");
}
