//! The native command: results on standard output, everything else on standard error.
//!
//! Exit codes: 0 done, 1 findings (something was refused), 2 usage, 3 unknown (a file could not be
//! read or written). Deliberately absent: anything that decides; that is in `org2org-core`.

#![forbid(unsafe_code)]

mod arguments;
mod bookmark;
mod file;
mod jwks;
mod live;
mod manual;
mod outcome;
mod papers;
mod progress;
mod steps;
mod users;
mod wish;

use arguments::{Arguments, BookmarkCommand, Command, JwksCommand, UsersCommand};
use clap::Parser;
use outcome::{Exit, Outcome, report};
use std::process::ExitCode;

fn main() -> ExitCode {
    let exit = match run(Arguments::parse().command) {
        Ok(exit) => exit,
        Err(trouble) => report(&trouble),
    };
    ExitCode::from(exit as u8)
}

fn run(command: Command) -> Outcome<Exit> {
    match command {
        Command::Bookmark(BookmarkCommand::Build(arguments)) => bookmark::build(&arguments),
        Command::Bookmark(BookmarkCommand::BuildAll(arguments)) => bookmark::build_all(&arguments),
        Command::Bookmark(BookmarkCommand::Explain(arguments)) => bookmark::explain(&arguments),
        Command::Jwks(JwksCommand::Compare(arguments)) => jwks::compare(&arguments),
        Command::Jwks(JwksCommand::Format(arguments)) => jwks::format(&arguments),
        Command::Advise(arguments) => manual::advise(&arguments),
        Command::Plan(arguments) => live::plan(&arguments),
        Command::Apply(arguments) => live::apply(&arguments),
        Command::Check(arguments) => live::check(&arguments),
        Command::Undo(arguments) => live::undo(&arguments),
        Command::Doctor(arguments) => live::doctor(&arguments),
        Command::TestUser(arguments) => live::test_user(&arguments),
        Command::Timeline(arguments) => live::timeline(&arguments),
        Command::Lifecycle(arguments) => manual::lifecycle(&arguments),
        Command::Handoff(command) => live::handoff(&command),
        Command::Man => manual::page(),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Report(arguments) => papers::report(&arguments),
        Command::Steps(arguments) => steps::list(&arguments),
        Command::Users(UsersCommand::Active(arguments)) => users::active(&arguments),
        Command::Users(UsersCommand::Check(arguments)) => users::check(&arguments),
        Command::Users(UsersCommand::Create(arguments)) => live::create(&arguments),
        Command::Users(UsersCommand::Import(arguments)) => users::import(&arguments),
        Command::Users(UsersCommand::View(arguments)) => users::view(&arguments),
    }
}
