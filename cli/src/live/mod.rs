//! `org2org plan`, `apply`, `check`, `undo`, `doctor`, `test-user`, `timeline` and `users create`: real orgs, outside of a browser.

mod accounts;
mod doctor;
mod drive;
mod http;
mod journal;
mod stop;
mod wish;

use std::io::{self, BufRead, IsTerminal, Write};

use org2org_core::explain::seen;
use org2org_core::org::OrgUrl;
use org2org_core::procedures;
use org2org_core::run::timeline::{StepState, Timeline};
use org2org_core::run::{Org, Pair, Plan, Run, RunError};
use serde_json::json;

use crate::arguments::{ConsentArguments, Format, LiveArguments};
use crate::outcome::{Exit, Outcome, notice, print};
pub use accounts::create;
pub use doctor::{doctor, test_user, timeline};
use drive::{drive, now};
use http::{Door, Doors};
use journal::JournalFile;

/// A run with all that drives it.
struct Live {
    run: Run,
    doors: Doors,
    journal: JournalFile,
}

/// Prints the plan. Exit 1 when there is something to do.
pub fn plan(arguments: &LiveArguments) -> Outcome<Exit> {
    let live = open(arguments)?;
    let plan = planned(&live.run)?;
    show(&plan, arguments.format)?;
    Ok(exit(&live.run))
}

/// Prints how each step stands. Exit 1 when one is not proven.
pub fn check(arguments: &LiveArguments) -> Outcome<Exit> {
    let live = open(arguments)?;
    let timeline = live.run.timeline();
    print(&match arguments.format {
        Format::Text => states(&timeline),
        Format::Json => format!("{:#}", json!(timeline)),
    })?;
    Ok(exit(&live.run))
}

/// Writes what the plan says, when it is agreed to.
pub fn apply(arguments: &ConsentArguments) -> Outcome<Exit> {
    let mut live = open(&arguments.live)?;
    let plan = planned(&live.run)?;
    if plan.items.is_empty() {
        show(&plan, arguments.live.format)?;
        return Ok(exit(&live.run));
    }
    if let Some(exit) = consent(arguments, &plan, "apply")? {
        return Ok(exit);
    }
    live.run.consent(&plan.id, now())?;
    drive(&mut live.run, &live.doors, &mut live.journal)?;
    finish(&live.run, arguments.live.format)
}

/// Takes back what the journal shows that earlier runs made.
pub fn undo(arguments: &ConsentArguments) -> Outcome<Exit> {
    let mut live = open(&arguments.live)?;
    let plan = live.run.plan_undo().ok_or(RunError::Busy)?;
    if plan.items.is_empty() {
        show(&plan, arguments.live.format)?;
        return Ok(Exit::Done);
    }
    if let Some(exit) = consent(arguments, &plan, "undo")? {
        return Ok(exit);
    }
    live.run.consent_undo(&plan.id, now())?;
    drive(&mut live.run, &live.doors, &mut live.journal)?;
    for note in live.run.left() {
        notice(&note.text);
    }
    print(&match arguments.live.format {
        Format::Text => states(&live.run.timeline()),
        Format::Json => format!("{:#}", json!({"left": live.run.left()})),
    })?;
    Ok(match live.run.left().is_empty() {
        true => Exit::Done,
        false => Exit::Findings,
    })
}

/// Opens both orgs, takes up the journal and reads everything once.
fn open(arguments: &LiveArguments) -> Outcome<Live> {
    let (source, target) = (
        OrgUrl::parse(&arguments.source)?,
        OrgUrl::parse(&arguments.target)?,
    );
    let doors = Doors::open(arguments, &source, &target)?;
    let pair = Pair::new(who(&doors.source, &source)?, who(&doors.target, &target)?)?;
    for warning in pair.warnings() {
        notice(&format!("note: {warning}"));
    }
    let wish = wish::read(&arguments.wish, &pair, &doors)?;
    let fresh = Run::new(pair, wish, procedures::ALL, now());
    let path = arguments
        .journal
        .clone()
        .unwrap_or_else(|| arguments.wish.with_extension("journal"));
    let (mut journal, stored) = JournalFile::open(path, fresh.stored())?;
    let mut run = match stored.journal.entries.is_empty() {
        true => fresh,
        false => Run::resume(stored, procedures::ALL, now())?,
    };
    if let Some(why) = run.damage() {
        notice(&format!(
            "note: the journal is damaged: {why}. Reading goes on; nothing is written or undone from it."
        ));
    }
    drive(&mut run, &doors, &mut journal)?;
    Ok(Live {
        run,
        doors,
        journal,
    })
}

fn who(door: &Door, url: &OrgUrl) -> Outcome<Org> {
    use org2org_core::okta::{org, users};
    let mut answers = Vec::new();
    for probe in [org::well_known(), org::read(), users::me()] {
        answers.push(door.read(&probe)?);
    }
    match answers.as_slice() {
        [known, org, me] => Ok(Org::read(url, [known, org, me])?),
        _ => Err(RunError::Busy.into()),
    }
}

fn planned(run: &Run) -> Outcome<Plan> {
    Ok(run.plan().cloned().ok_or(RunError::Busy)?)
}

fn show(plan: &Plan, format: Format) -> Outcome<()> {
    print(&match format {
        Format::Text if plan.items.is_empty() => {
            format!("{}\nNothing has to be written.", plan.text().trim_end())
        }
        Format::Text => format!("{}\nplan {}", plan.text().trim_end(), plan.id),
        Format::Json => format!("{:#}", json!(plan)),
    })
}

/// Whether the person agrees; the exit code with which the command ends when not.
fn consent(arguments: &ConsentArguments, plan: &Plan, verb: &str) -> Outcome<Option<Exit>> {
    if let Some(id) = &arguments.plan {
        return match *id == plan.id {
            true => mails_agreed(arguments, plan),
            false => {
                show(plan, arguments.live.format)?;
                Err(RunError::Lapsed.into())
            }
        };
    }
    if arguments.yes {
        return mails_agreed(arguments, plan);
    }
    show(plan, arguments.live.format)?;
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        notice(&format!(
            "Nothing was written. To agree to this plan: org2org {verb} --wish {} --source {} --target {} --plan {}{}",
            seen(&arguments.live.wish.display().to_string()),
            arguments.live.source,
            arguments.live.target,
            plan.id,
            plan.reach
                .to_type()
                .map_or("", |_| " --mails, and the number of people who get a mail")
        ));
        return Ok(Some(Exit::Usage));
    }
    let agreed = match plan.reach.to_type() {
        Some(_) => plan.reach.is_answered_by(&typed(
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

/// A mail cannot be called back: whoever agrees without being asked names the number too.
fn mails_agreed(arguments: &ConsentArguments, plan: &Plan) -> Outcome<Option<Exit>> {
    let typed = arguments.mails.as_deref().unwrap_or_default();
    if plan.reach.is_answered_by(typed) {
        return Ok(None);
    }
    show(plan, arguments.live.format)?;
    notice(
        "Nothing was written: this plan sends mail. Give `--mails` with the number of people who get one; the plan says it.",
    );
    Ok(Some(Exit::Usage))
}

/// What the person types at the terminal; empty when nothing comes.
fn typed(question: &str) -> String {
    eprint!("{question}");
    let _ = io::stderr().flush();
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(_) => line.trim().to_owned(),
        Err(_) => String::new(),
    }
}

fn finish(run: &Run, format: Format) -> Outcome<Exit> {
    print(&match format {
        Format::Text => states(&run.timeline()),
        Format::Json => format!("{:#}", json!(run.timeline())),
    })?;
    Ok(exit(run))
}

/// Unknown steps come first: what is not known is neither done nor failed.
fn exit(run: &Run) -> Exit {
    let timeline = run.timeline();
    let mut steps = timeline.procedures.iter().flat_map(|one| &one.steps);
    match (
        steps.any(|step| step.state == StepState::Unknown),
        run.is_proven(),
    ) {
        (true, _) => Exit::Unknown,
        (_, true) => Exit::Done,
        _ => Exit::Findings,
    }
}

fn states(timeline: &Timeline) -> String {
    let mut text = String::new();
    for procedure in timeline
        .procedures
        .iter()
        .filter(|one| !one.steps.is_empty())
    {
        text.push_str(&format!(
            "{} ({} of {} proven)\n",
            procedure.title,
            procedure.met,
            procedure.steps.len()
        ));
        for step in &procedure.steps {
            let member = step.member.as_ref().map(|name| format!(": {name}"));
            let detail = match step.detail.is_empty() {
                true => String::new(),
                false => format!(" – {}", step.detail),
            };
            text.push_str(&format!(
                "  {:<8} {} · {}{}{detail}\n",
                word(step.state),
                step.org,
                step.title,
                member.unwrap_or_default()
            ));
        }
    }
    text
}

fn word(state: StepState) -> &'static str {
    match state {
        StepState::Blocked => "blocked",
        StepState::Checking | StepState::Writing => "…",
        StepState::Conflict => "conflict",
        StepState::Differs => "differs",
        StepState::Met => "proven",
        StepState::Unknown => "unknown",
        StepState::Unmet => "to do",
        StepState::Waiting => "waits",
    }
}
