//! The stages that look at what was packed as a browser does.

use crate::manifest::Browser;
use crate::pack;
use crate::place::is_root;
use crate::setup;
use crate::stages::{Bench, Ended, built_lab, many, stream};
use crate::tally::Tally;
use crate::trouble::Outcome;
use std::path::PathBuf;

/// Firefox's own linter over its package: whatever it says is a failure, a notice too.
pub fn web_ext(bench: &Bench) -> Outcome<Ended> {
    let place = bench.place;
    setup::npm_packages(place)?;
    let program = place.root.join("node_modules/.bin/web-ext");
    let words = [
        "lint",
        "--no-config-discovery",
        "--no-input",
        "--output",
        "json",
        "--source-dir",
    ];
    let mut command = place.command(program, &words);
    command.arg(place.dist(Browser::Firefox.folder()));
    let mut said = String::new();
    stream(bench, command, |line| said.push_str(line))?;
    let silent =
        serde_json::from_str(&said).is_ok_and(|report: serde_json::Value| report["count"] == 0);
    Ok(Ended {
        tally: Tally::one(silent),
        note: if silent {
            String::new()
        } else {
            "mend what the linter says above".to_owned()
        },
    })
}

/// The browser stories.
pub fn journeys(bench: &Bench) -> Outcome<Ended> {
    let place = bench.place;
    setup::npm_packages(place)?;
    let chromium = setup::chromium(place)?;
    // Its few stories are left out, and say so, where it cannot be had.
    let firefox = setup::firefox(place).unwrap_or_else(|trouble| {
        eprintln!("{trouble}");
        PathBuf::new()
    });
    let lab = built_lab(place)?;
    let pseudo = pack::build_pseudo(place)?;
    let mut command = place.command("node", &["tests/browser/run.mjs"]);
    let filter = bench
        .options
        .only
        .as_deref()
        .and_then(|only| only.strip_prefix("journeys/"));
    command.args(filter).env("ORG2ORG_CHROMIUM", chromium);
    command.env("ORG2ORG_FIREFOX", firefox);
    command.env("ORG2ORG_LAB", lab);
    command.env("ORG2ORG_PSEUDO", pseudo);
    command.env("ORG2ORG_ROOT_USER", if is_root() { "1" } else { "" });
    many(bench, command)
}

/// What Google's Lighthouse makes of the page; by itself, since a story beside it would cost it seconds.
pub fn lighthouse(bench: &Bench) -> Outcome<Ended> {
    let place = bench.place;
    setup::npm_packages(place)?;
    let chromium = setup::chromium(place)?;
    let mut command = place.command("node", &["tests/browser/lighthouse.mjs"]);
    command.env("ORG2ORG_CHROMIUM", chromium);
    many(bench, command)
}
