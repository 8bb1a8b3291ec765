//! The figures in the README are those of the tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use org2org_core::procedures;
use org2org_core::run::step::Procedure;

/// A line of the README's table, without what only a person can do.
fn figures(procedure: &Procedure) -> String {
    let lines: BTreeSet<&str> = procedure
        .steps
        .iter()
        .flat_map(|step| step.covers)
        .copied()
        .collect();
    let clicks: usize = procedure.steps.iter().map(|step| step.by_hand.len()).sum();
    let writes = procedure
        .steps
        .iter()
        .filter(|step| step.write.is_some())
        .count();
    format!(
        "| {} | {} | {clicks} | {} | {writes} |",
        procedure.title,
        lines.len(),
        procedure.steps.len()
    )
}

#[test]
fn the_table_of_procedures_says_what_the_tables_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = fs::read_to_string(file).unwrap();
    let missing: Vec<String> = procedures::ALL
        .iter()
        .map(|procedure| figures(procedure))
        .filter(|line| !text.contains(line.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "not in the README:\n{}",
        missing.join("\n")
    );
}
