//! `cargo xtask bench`: builds the contestants, runs them, and prints their table.

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
    let mut words = vec![
        place.target.join("bench").display().to_string(),
        (options.rounds + 1).to_string(),
    ];
    words.extend(options.rows.iter().map(usize::to_string));
    for script in ["bench/wasm.mjs", "bench/chromium.mjs"] {
        in_node(place, script, &words)?;
    }
    Ok(())
}

/// The panel beside an empty page, and beside another extension's page where one is named.
pub fn panel(place: &Place, rounds: usize, beside: &[String]) -> Outcome<()> {
    pack::build(place, false)?;
    let words = [&[rounds.to_string()], beside].concat();
    in_node(place, "bench/panel.mjs", &words)
}

fn in_node(place: &Place, script: &str, words: &[String]) -> Outcome<()> {
    let mut command = place.command("node", &[script]);
    command.args(words);
    command.env("ORG2ORG_CHROMIUM", setup::chromium(place)?);
    run(
        command,
        "no-bench",
        "Run `npm ci`; Chromium and Node 20 are needed.",
    )
}
