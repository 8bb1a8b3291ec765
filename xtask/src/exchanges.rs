//! What was exchanged: recording it in a test run, and holding it against Okta's document and traffic.

use crate::place::{Place, run};
use crate::trouble::{Outcome, trouble};
use std::path::PathBuf;
use std::process::Command;

/// Asks a checker to take an explanation that explains nothing for a failure.
pub const FULL: &str = "--full";

/// Names the folder that labs record to.
pub const FOLDER: &str = "ORG2ORG_RECORD";

/// The stages whose labs record. Where all of them ended well, nothing that a run exchanges is missing.
pub const SOURCES: &[&str] = &["native", "node", "journeys"];

// The checkers read files of exchanges only and pass this one by.
const WHOLE: &str = "whole-run";

/// Where a test run records.
pub fn folder(place: &Place) -> PathBuf {
    place.target.join("recordings")
}

/// True when there is something to hold against a document.
pub fn is_recorded(place: &Place) -> bool {
    std::fs::read_dir(folder(place)).is_ok_and(|files| files.count() > 0)
}

/// Notes that all of a run was recorded, so that what nothing needed there is needed no more.
pub fn mark_whole(place: &Place) -> Outcome<()> {
    std::fs::write(folder(place).join(WHOLE), "").map_err(|error| {
        let what = format!("the recordings cannot be marked as whole: {error}");
        trouble("recordings", what, "Make the target folder writable.")
    })
}

/// True when the recordings hold all of a run, not of some stages.
pub fn is_whole(place: &Place) -> bool {
    folder(place).join(WHOLE).exists()
}

/// Forgets earlier runs.
pub fn start_anew(place: &Place) -> Outcome<()> {
    match std::fs::remove_dir_all(folder(place)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(trouble(
            "recordings",
            format!("old recordings cannot be removed: {error}"),
            "Remove the folder `recordings` in the target folder.",
        )),
        _ => Ok(()),
    }
}

/// One of Okta's files beside the checkout, which not every checkout has.
pub fn beside(place: &Place, name: &str) -> Option<PathBuf> {
    let file = place.root.join("../shared/okta").join(name);
    file.exists().then_some(file)
}

/// The checker's command with these words.
pub fn checker(place: &Place, program: &str, words: &[String]) -> Command {
    let start = ["run", "--quiet", "--package=org2org-tests", "--bin"];
    let mut command = place.cargo(&start);
    command.arg(program).arg("--").args(words);
    // What the checker itself plays through a lab is no part of a run.
    command.env_remove(FOLDER);
    command
}

/// Holds recordings against documents; without a recording, what the last test run exchanged or else the native tests.
pub fn conformance(place: &Place, mut words: Vec<String>) -> Outcome<()> {
    let after_spec = |at: usize| at > 0 && words[at - 1] == "--spec";
    let given = |(at, word): (usize, &String)| !word.starts_with("--") && !after_spec(at);
    if !words.iter().enumerate().any(given) {
        if words.iter().any(|word| word == FULL) && !is_whole(place) {
            return Err(trouble(
                "not-whole",
                "the last test run left stages out or failed in them, so what it did not need may be needed",
                "Run `cargo xtask test` to its end first, or leave `--full` out.",
            ));
        }
        if !is_recorded(place) {
            let mut tests = place.cargo(&[
                "test",
                "--quiet",
                "--package=org2org-lab",
                "--package=org2org-tests",
            ]);
            tests.env(FOLDER, folder(place));
            run(tests, "not-recorded", "Mend the tests above first.")?;
        }
        words.push(folder(place).display().to_string());
    }
    let command = checker(place, "conformance", &words);
    run(
        command,
        "differs",
        "Mend the lab or the product, or explain it in tests/src/conformance/explained.",
    )
}

/// Reads and replays a folder of exchanges.
pub fn recorded(place: &Place, folder: &str) -> Outcome<()> {
    let command = checker(place, "recorded", &[folder.to_owned()]);
    run(
        command,
        "differs",
        "Mend the lab or the product, or explain it in tests/src/recorded/explained.rs.",
    )
}
