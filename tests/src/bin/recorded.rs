//! `cargo xtask recorded`: recorded traffic of real orgs, read by the product and played to the lab.

use std::path::PathBuf;
use std::process::ExitCode;

use org2org_tests::exchange;
use org2org_tests::recorded::{EXPLAINED, check};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let full = words.iter().any(|word| word == "--full");
    let folder = words.iter().find(|word| !word.starts_with("--"));
    let Some(folder) = folder.map(PathBuf::from) else {
        eprintln!("recorded [--full] DIR\n    DIR     a folder of files `{{\"exchanges\": […]}}`");
        eprintln!("    --full  an explanation that explains nothing is a failure too");
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
    let stale = if full { report.stale() } else { Vec::new() };
    for entry in &stale {
        println!("STALE {}: {}: {}", entry.recording, entry.call, entry.what);
    }
    let failed = report.failed.len() + stale.len();
    println!("recorded: {} passed, {failed} failed", report.passed);
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
