//! `org2org users create`: accounts out of a file, by the API of one org.

use std::io::{self, IsTerminal};
use std::path::Path;

use org2org_core::explain::seen;
use org2org_core::okta::{groups, idps};
use org2org_core::org::OrgUrl;
use org2org_core::run::creation::{Creation, CreationPlan, Order, Report, linkable};
use org2org_core::run::{Member, Side};
use serde_json::json;

use super::consent::typed;
use super::doors::Doors;
use super::drive::{drive, now};
use super::http::Door;
use super::journal::JournalFile;
use super::who;
use super::wish::one;
use crate::arguments::{CreateArguments, RowsFormat};
use crate::outcome::{Exit, Outcome, Trouble, notice, print, print_with};
use crate::users::gather;

/// Makes the accounts when the plan is agreed to, and reads each back.
pub fn create(arguments: &CreateArguments) -> Outcome<Exit> {
    if arguments.input.file == Path::new("-") {
        return Err(Trouble {
            code: "usage".to_owned(),
            what: "the rows are to come from standard input".to_owned(),
            hint: "Give a file: a run that was interrupted needs it again.".to_owned(),
            exit: Exit::Usage,
        });
    }
    let url = OrgUrl::parse(&arguments.target)?;
    let (rows, file) = gather(
        &arguments.input,
        &arguments.wanted,
        arguments.external_id.clone(),
    )?;
    let token = arguments.target_token_file.as_deref();
    let doors = Doors::one(Side::Target, &url, token, &arguments.reach)?;
    let door = doors.of(Side::Target)?.clone();
    let order = Order {
        rows,
        file,
        groups: groups_named(&door, &arguments.group)?,
        idp: provider(&door, arguments)?,
        activate: !arguments.staged,
    };
    let path = arguments
        .journal
        .clone()
        .unwrap_or_else(|| arguments.input.file.with_extension("journal"));
    let (mut journal, entries) = JournalFile::alone(path)?;
    let mut creation = Creation::new(who(&door, &url)?, order, entries, now())?;
    let doors = Doors {
        source: Some(door.clone()),
        target: Some(door),
    };
    drive(&mut creation, &doors, &mut journal)?;
    let plan = creation.plan()?;
    let writes = plan.writes();
    if writes {
        if let Some(exit) = consent(arguments, &plan, &creation.report())? {
            return Ok(exit);
        }
        creation.consent(&plan.id, now())?;
    } else {
        notice(&plan.text());
        creation.prove(now());
    }
    let driven = drive(&mut creation, &doors, &mut journal);
    let report = creation.report();
    // What is known by then is told also when the run was stopped.
    show(&report, arguments.format)?;
    driven?;
    Ok(exit(&report))
}

fn groups_named(door: &Door, names: &[String]) -> Outcome<Vec<Member>> {
    let each = names.iter().map(|name| {
        let found = door.list(&groups::starting_with(name))?;
        one(door, name, "group", &found, "/profile/name")
    });
    each.collect()
}

/// The identity provider to link to; none, with the reason told, where it takes no links.
fn provider(door: &Door, arguments: &CreateArguments) -> Outcome<Option<Member>> {
    let Some(name) = &arguments.idp else {
        return Ok(None);
    };
    let all = door.list(&idps::all())?;
    let idp = one(door, name, "identity provider", &all, "/name")?;
    let whole = all
        .iter()
        .find(|item| item.get("id").and_then(serde_json::Value::as_str) == Some(idp.id.as_str()));
    let named = arguments.external_id.is_some();
    match whole.map(|whole| linkable(whole, named)) {
        Some(Err(why)) => {
            notice(&format!(
                "note: no links are made to the identity provider {}: {why}.",
                seen(name)
            ));
            Ok(None)
        }
        _ => Ok(Some(idp)),
    }
}

/// The exit code with which the command ends when the person does not agree.
fn consent(
    arguments: &CreateArguments,
    plan: &CreationPlan,
    report: &Report,
) -> Outcome<Option<Exit>> {
    if arguments.yes || arguments.plan.as_ref() == Some(&plan.id) {
        notice(&plan.text());
        return Ok(None);
    }
    match arguments.format {
        RowsFormat::Text => print(&format!("{}plan {}", plan.text(), plan.id))?,
        RowsFormat::Csv => {
            notice(&format!("{}plan {}", plan.text(), plan.id));
            show(report, RowsFormat::Csv)?;
        }
        RowsFormat::Json => print(&format!("{:#}", json!({"plan": plan, "rows": report})))?,
    }
    if arguments.plan.is_some() {
        return Err(org2org_core::run::RunError::Lapsed.into());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        notice(&format!(
            "Nothing was written. To agree to this plan, add --plan {} to the same command.",
            plan.id
        ));
        return Ok(Some(Exit::Usage));
    }
    Ok(match typed("Make these accounts? Type yes: ") == "yes" {
        true => None,
        false => {
            notice("Nothing was written.");
            Some(Exit::Findings)
        }
    })
}

fn show(report: &Report, format: RowsFormat) -> Outcome<()> {
    match format {
        RowsFormat::Text => print(&report.text()),
        RowsFormat::Csv => print_with(|out| out.write_all(&report.csv())),
        RowsFormat::Json => print(&format!("{:#}", json!(report))),
    }
}

/// Unknown rows come first: what is not known is neither done nor failed.
fn exit(report: &Report) -> Exit {
    match (report.is_unsure(), report.is_proven()) {
        (true, _) => Exit::Unknown,
        (_, true) => Exit::Done,
        _ => Exit::Findings,
    }
}
