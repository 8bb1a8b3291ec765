//! The project commands: `cargo xtask start | test | bench | conformance | recorded | build | package`.
//!
//! Each sets up what it needs by itself ([`setup`]), so that a fresh machine needs two commands.
//! Nothing of this ships; the packages it writes stand in `dist/`.

mod again;
mod archive;
mod bench;
mod browsers;
mod digits;
mod exchanges;
mod faces;
mod family;
mod greeting;
mod inline;
mod lean;
mod likeness;
mod manifest;
mod options;
mod pack;
mod package;
mod place;
mod sbom;
mod setup;
mod shrink;
mod sizes;
mod stages;
mod start;
mod tally;
mod test;
mod texts;
mod tools;
mod trouble;

use options::Command;
use place::Place;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let command = match options::read(&words) {
        Ok(command) => command,
        Err(trouble) => {
            eprintln!("{trouble}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    let place = Place::here();
    let ended = match command {
        Command::Bench(options) => bench::users(&place, &options),
        Command::BenchPanel { rounds, beside } => bench::panel(&place, rounds, &beside),
        Command::Build { dev } => pack::build(&place, dev),
        Command::Conformance(words) => exchanges::conformance(&place, words),
        Command::Package => package::package(&place),
        Command::Recorded(folder) => exchanges::recorded(&place, &folder),
        Command::Help => {
            println!("{}", options::USAGE);
            Ok(())
        }
        Command::Start(options) => start::start(&place, &options),
        Command::Test(options) => return test::test(&place, &options),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}
