//! `cargo xtask conformance`: recordings against Okta's document.

use std::path::PathBuf;
use std::process::ExitCode;

use org2org_tests::conformance::{Document, Report, compare, explained};
use org2org_tests::exchange;

const USAGE: &str = "conformance --spec FILE… [--full] RECORDING…
    --spec FILE  Okta's document, JSON or YAML; may be given again (management and OAuth are two files)
    --full       an explanation that explains nothing is a failure too
    RECORDING    a file of exchanges or a folder of such files";

fn main() -> ExitCode {
    let (mut specs, mut recordings, mut full) = (Vec::new(), Vec::new(), false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--spec" => specs.extend(words.next().map(PathBuf::from)),
            "--full" => full = true,
            _ => recordings.push(PathBuf::from(word)),
        }
    }
    if specs.is_empty() || recordings.is_empty() {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    match run(&specs, &recordings, full) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(specs: &[PathBuf], recordings: &[PathBuf], full: bool) -> Result<bool, String> {
    let mut documents = Vec::new();
    for file in specs {
        let said = |error: &dyn std::fmt::Display| format!("`{}`: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| said(&error))?;
        documents.push(Document::read(&text).map_err(|error| said(&error))?);
    }
    let mut read = Vec::new();
    for path in recordings {
        read.extend(exchange::read(path)?);
    }
    let report = compare(&documents, &read);
    let stale = match full {
        true => report.stale(&documents),
        false => Vec::new(),
    };
    tell(&documents, &report);
    for entry in &stale {
        println!(
            "STALE {}: {}: {}: nothing needs this explanation any more",
            entry.operation, entry.at, entry.keyword
        );
    }
    let failed = report.failed + stale.len();
    let passed = report.checked - report.failed;
    println!("conformance: {passed} passed, {failed} failed");
    Ok(failed == 0 && passed > 0)
}

fn tell(documents: &[Document], report: &Report) {
    for (difference, shown) in &report.unexplained {
        println!("DIFFERS {difference}\n    first in {shown}");
    }
    for (at, entry) in explained().enumerate() {
        let Some(count) = report.used.get(&at) else {
            continue;
        };
        println!(
            "explained ({count}) {}: {}: {}: {}",
            entry.operation, entry.at, entry.keyword, entry.evidence
        );
    }
    let all: usize = documents
        .iter()
        .map(|document| document.operations.len())
        .sum();
    println!(
        "{} kinds of exchange over {} of the document's {all} operations; {} with an injected fault left out",
        report.checked,
        report.operations.len(),
        report.faulty
    );
}
