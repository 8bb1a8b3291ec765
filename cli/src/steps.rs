//! `org2org steps`

use crate::arguments::{ListFormat, StepsArguments};
use crate::outcome::{Exit, Outcome, Trouble, print};
use org2org_core::explain::seen;
use org2org_core::procedures::{ALL, checklist};
use org2org_core::run::step::Procedure;

/// Prints every procedure, or the one asked for.
pub fn list(arguments: &StepsArguments) -> Outcome<Exit> {
    let procedures = match &arguments.procedure {
        None => ALL.to_vec(),
        Some(id) => vec![find(id)?],
    };
    print(&match arguments.format {
        ListFormat::Text => checklist::text(&procedures),
        ListFormat::Json => format!("{:#}", checklist::json(&procedures)),
        ListFormat::Markdown => checklist::markdown(&procedures),
    })?;
    Ok(Exit::Done)
}

fn find(id: &str) -> Outcome<&'static Procedure> {
    let found = ALL.iter().find(|procedure| procedure.id == id);
    found.copied().ok_or_else(|| Trouble {
        code: "no-procedure".to_owned(),
        what: format!("there is no procedure `{}`", seen(id)),
        hint: format!("Choose one of: {}.", ids().join(", ")),
        exit: Exit::Usage,
    })
}

fn ids() -> Vec<&'static str> {
    ALL.iter().map(|procedure| procedure.id).collect()
}
