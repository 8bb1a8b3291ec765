//! `org2org steps`

use crate::arguments::{StepsArguments, StepsFormat};
use crate::outcome::{Exit, Outcome, Trouble, print};
use org2org_core::explain::seen;
use org2org_core::org::OrgUrl;
use org2org_core::procedures::checklist::Own;
use org2org_core::procedures::{ALL, checklist};
use org2org_core::run::step::Procedure;

/// Prints every procedure, or the one asked for.
pub fn list(arguments: &StepsArguments) -> Outcome<Exit> {
    let procedures = match &arguments.procedure {
        None => ALL.to_vec(),
        Some(id) => vec![find(id)?],
    };
    let sheets = checklist::sheets(&procedures);
    let asked = checklist::asked(&sheets);
    let strange = |(id, _): &&(String, String)| !asked.contains(id);
    if let Some((id, _)) = arguments.value.iter().find(strange) {
        return Err(Trouble {
            code: "no-value".to_owned(),
            what: format!("no step asks for `{}`", seen(id)),
            hint: format!("Choose among: {}.", asked.join(", ")),
            exit: Exit::Usage,
        });
    }
    let org = |text: &Option<String>| text.as_deref().map(OrgUrl::parse).transpose();
    let own = Own {
        source: org(&arguments.source)?,
        target: org(&arguments.target)?,
        values: arguments.value.clone(),
        done: Vec::new(),
    };
    print(&match arguments.format {
        StepsFormat::Html => checklist::html(&sheets, &own),
        StepsFormat::Json => format!("{:#}", checklist::json(&sheets, &own)),
        StepsFormat::Markdown => checklist::markdown(&sheets, &own),
        StepsFormat::Text => checklist::text(&sheets, &own),
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
