//! `cargo xtask recorded`: recorded traffic of real orgs, read by the product and played to the lab.

use std::path::PathBuf;
use std::process::ExitCode;

use org2org_tests::exchange;
use org2org_tests::recorded::{EXPLAINED, check};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("recorded DIR\n    DIR  a folder of files `{{\"exchanges\": […]}}`");
        return ExitCode::from(2);
    };
    let recordings = match exchange::read(&folder) {
        Ok(recordings) if recordings.is_empty() => {
            eprintln!("`{}` holds no recording", folder.display());
            return ExitCode::from(2);
        }
        Ok(recordings) => recordings,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let report = check(&recordings);
    for line in &report.failed {
        println!("DIFFERS {line}");
    }
    for (at, count) in &report.used {
        let entry = &EXPLAINED[*at];
        println!(
            "explained ({count}) {}: {}: {}: {}",
            entry.recording, entry.call, entry.what, entry.evidence
        );
    }
    println!(
        "recorded: {} passed, {} failed",
        report.passed,
        report.failed.len()
    );
    match report.failed.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
