//! `org2org lifecycle`, `man` and `completions`: what can be told without any org.

use clap::CommandFactory;
use org2org_core::lifecycle::{self, Settings};

use crate::arguments::{Arguments, CompletionsArguments, LifecycleArguments, ListFormat};
use crate::outcome::{Exit, Outcome, print, print_with};

/// Prints what happens to a person's account.
pub fn lifecycle(arguments: &LifecycleArguments) -> Outcome<Exit> {
    let settings = Settings {
        push: arguments.push,
        deactivate: arguments.deactivate,
        jit: arguments.new_accounts_at_sign_in,
    };
    print(&match arguments.format {
        ListFormat::Text => lifecycle::text(&settings),
        ListFormat::Json => format!("{:#}", lifecycle::to_json(&settings)),
        ListFormat::Markdown => lifecycle::markdown(&settings),
    })?;
    Ok(Exit::Done)
}

/// Prints the manual page: the command, then each of its words.
pub fn page() -> Outcome<Exit> {
    let mut command = Arguments::command();
    // Gives each word below it its whole name, e.g. `org2org-doctor`.
    command.build();
    let mut page = Vec::new();
    // Writing to memory does not fail.
    if each(&command, &mut page).is_err() {
        return Ok(Exit::Unknown);
    }
    print_with(|out| out.write_all(&page))?;
    Ok(Exit::Done)
}

fn each(command: &clap::Command, out: &mut Vec<u8>) -> std::io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(out)?;
    let words = command.get_subcommands();
    words
        .filter(|word| word.get_name() != "help")
        .try_for_each(|word| each(word, out))
}

/// Prints the completions of a shell.
pub fn completions(arguments: &CompletionsArguments) -> Outcome<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "org2org",
        &mut text,
    );
    print_with(|out| out.write_all(&text))?;
    Ok(Exit::Done)
}
