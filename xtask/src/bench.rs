//! `cargo xtask bench users`: builds the contestants, runs them, and prints their table.

use crate::options::BenchOptions;
use crate::pack;
use crate::place::{Place, run};
use crate::setup;
use crate::trouble::Outcome;

/// Native readers, then those in wasm and JavaScript, then the page in Chromium. Files and tables as JSON stay under
/// `target/bench`.
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
    )?;
    pack::build_page(place)?;
    pack::compile_for_bench(place)?;
    for script in ["bench/wasm.mjs", "bench/chromium.mjs"] {
        in_node(place, options, script)?;
    }
    Ok(())
}

fn in_node(place: &Place, options: &BenchOptions, script: &str) -> Outcome<()> {
    let mut command = place.command("node", &[script]);
    command
        .arg(place.target.join("bench"))
        .arg((options.rounds + 1).to_string());
    command.args(options.rows.iter().map(usize::to_string));
    command.env("ORG2ORG_CHROMIUM", setup::chromium(place)?);
    run(
        command,
        "no-bench",
        "Run `npm ci`; Chromium and Node 20 are needed.",
    )
}
