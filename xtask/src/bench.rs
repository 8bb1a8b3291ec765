//! `cargo xtask bench users`: builds the contestants, runs them, and prints their table.

use crate::options::BenchOptions;
use crate::place::{Place, run};
use crate::trouble::Outcome;

/// Files and the table as JSON stay under `target/bench`.
pub fn users(place: &Place, options: &BenchOptions) -> Outcome<()> {
    let mut command = place.cargo(&[
        "run",
        "--quiet",
        "--profile",
        "speed",
        "--package",
        "org2org-bench",
        "--",
    ]);
    command
        .arg(place.target.join("bench"))
        .arg((options.rounds + 1).to_string());
    command.args(options.rows.iter().map(usize::to_string));
    run(
        command,
        "no-bench",
        "Mend what is named above; files of 5 million rows need 1.5 GB of disk.",
    )
}
