//! `org2org advise`, `lifecycle`, `man` and `completions`: what can be told without any org.

use clap::CommandFactory;
use org2org_core::lifecycle::{self, Settings};
use org2org_core::rights::{Advice, operator};
use serde_json::{Value, json};

use crate::arguments::{
    AdviseArguments, Arguments, CompletionsArguments, Format, LifecycleArguments, ListFormat,
};
use crate::outcome::{Exit, Outcome, print, print_with};
use crate::wish;

/// Prints the smallest rights for each source of a wish, and where Okta's documents differ.
pub fn advise(arguments: &AdviseArguments) -> Outcome<Exit> {
    let mut all = Vec::new();
    for part in wish::read(&arguments.wish)? {
        let advice = Advice::of(part.wish.in_use()?);
        let clients = operator::clients(&part.wish.sketch()?);
        let source = part.source.map(|source| source.host().to_owned());
        all.push((source, advice, clients));
    }
    print(&match arguments.format {
        Format::Text => all
            .iter()
            .map(|(source, advice, clients)| {
                let text = format!("{}{}", advice.text(), operator::text(clients));
                match source {
                    Some(source) => format!("== {source}\n{text}\n"),
                    None => text,
                }
            })
            .collect::<String>(),
        Format::Json => match all.as_slice() {
            [(None, advice, clients)] => format!("{:#}", told(advice, clients)),
            _ => {
                let each = all.iter();
                let each = each.map(|(source, advice, clients)| {
                    json!({"source": source, "advice": told(advice, clients)})
                });
                format!("{:#}", json!({"spokes": each.collect::<Vec<_>>()}))
            }
        },
    })?;
    Ok(Exit::Done)
}

fn told(advice: &Advice, clients: &[operator::Client; 2]) -> Value {
    let mut value = json!(advice);
    if let Value::Object(members) = &mut value {
        members.insert("clients".to_owned(), json!(clients));
    }
    value
}

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
