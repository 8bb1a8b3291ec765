//! Agreeing to a plan, or to several at once: by its id, by `--yes`, or at the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use org2org_core::run::RunError;

use crate::arguments::Consent;
use crate::outcome::{Exit, Outcome, notice};

/// What is agreed to.
pub struct Joint {
    /// Id of the plan, or of all plans together.
    pub id: String,
    /// How many people get a mail, when the number must be typed.
    pub mails: Option<usize>,
}

impl Joint {
    fn is_answered_by(&self, typed: &str) -> bool {
        self.mails
            .is_none_or(|mails| typed.trim().parse() == Ok(mails))
    }
}

/// Whether the person agrees; the exit code with which the command ends when not. `again` is the command that agrees, but
/// for the plan's id.
pub fn consent(
    arguments: &Consent,
    joint: &Joint,
    again: &str,
    show: impl Fn() -> Outcome<()>,
) -> Outcome<Option<Exit>> {
    if let Some(id) = &arguments.plan {
        return match *id == joint.id {
            true => mails_agreed(arguments, joint, show),
            false => {
                show()?;
                Err(RunError::Lapsed.into())
            }
        };
    }
    if arguments.yes {
        return mails_agreed(arguments, joint, show);
    }
    show()?;
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        notice(&format!(
            "Nothing was written. To agree to this plan: {}",
            command(again, joint)
        ));
        return Ok(Some(Exit::Usage));
    }
    let agreed = match joint.mails {
        Some(_) => joint.is_answered_by(&typed(
            "Write this? Type the number of people who get a mail: ",
        )),
        None => typed("Write this? Type yes: ") == "yes",
    };
    Ok(match agreed {
        true => None,
        false => {
            notice("Nothing was written.");
            Some(Exit::Findings)
        }
    })
}

fn command(again: &str, joint: &Joint) -> String {
    let mails = match joint.mails {
        Some(_) => " --mails, and the number of people who get a mail",
        None => "",
    };
    format!("{again} --plan {}{mails}", joint.id)
}

/// A mail cannot be called back: whoever agrees without being asked names the number too.
fn mails_agreed(
    arguments: &Consent,
    joint: &Joint,
    show: impl Fn() -> Outcome<()>,
) -> Outcome<Option<Exit>> {
    if joint.is_answered_by(arguments.mails.as_deref().unwrap_or_default()) {
        return Ok(None);
    }
    show()?;
    notice(
        "Nothing was written: this plan sends mail. Give `--mails` with the number of people who get one; the plan says it.",
    );
    Ok(Some(Exit::Usage))
}

/// What the person types at the terminal; empty when nothing comes.
pub(super) fn typed(question: &str) -> String {
    eprint!("{question}");
    let _ = io::stderr().flush();
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(_) => line.trim().to_owned(),
        Err(_) => String::new(),
    }
}
