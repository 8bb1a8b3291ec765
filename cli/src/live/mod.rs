//! `org2org plan`, `apply`, `check`, `undo`, `doctor`, `test-user`, `timeline` and `users create`: real orgs, outside of a browser.

mod accounts;
mod client;
mod consent;
mod credentials;
mod doctor;
mod doors;
mod drive;
mod fleet;
mod handoff;
mod http;
mod journal;
mod may;
mod shown;
mod stop;
mod wish;

use org2org_core::explain::seen;
use org2org_core::okta::{org, users};
use org2org_core::org::OrgUrl;
use org2org_core::run::waves::{joint_id, mails};
use org2org_core::run::{Org, Plan};

use crate::arguments::{ConsentArguments, LiveArguments};
use crate::outcome::{Exit, Outcome, notice, report};
pub use accounts::create;
use consent::{Joint, consent};
pub use credentials::Credentials;
pub use doctor::{doctor, test_user, timeline};
use drive::{drive, now};
use fleet::{Fleet, Live};
pub use handoff::handoff;
use http::Door;
pub use journal::beside;
use may::may;

/// Prints the plan. Exit 1 when there is something to do.
pub fn plan(arguments: &LiveArguments) -> Outcome<Exit> {
    let fleet = open(arguments)?;
    let plans = fleet.plans(|live| live.run.plan().cloned());
    shown::plans(&fleet, &plans, arguments.format)?;
    if let Err(trouble) = may(&fleet, &plans) {
        report(&trouble);
    }
    Ok(fleet.exit(Live::exit))
}

/// Prints how each step stands. Exit 1 when one is not proven.
pub fn check(arguments: &LiveArguments) -> Outcome<Exit> {
    let fleet = open(arguments)?;
    shown::states(&fleet, arguments.format)?;
    Ok(fleet.exit(Live::exit))
}

/// Writes what the plan says, when it is agreed to.
pub fn apply(arguments: &ConsentArguments) -> Outcome<Exit> {
    let mut fleet = open(&arguments.live)?;
    let plans = fleet.plans(|live| live.run.plan().cloned());
    if !has_work(&plans) {
        shown::plans(&fleet, &plans, arguments.live.format)?;
        return Ok(fleet.exit(Live::exit));
    }
    if let Some(exit) = agreed(arguments, &fleet, &plans, "apply")? {
        return Ok(exit);
    }
    fleet.in_waves(
        arguments.pilots_first,
        Live::exit,
        |at, live| match plan_of(&plans, at) {
            Some(plan) => {
                live.run.consent(&plan.id, now())?;
                drive(&mut live.run, &live.doors, &mut live.journal)
            }
            None => Ok(()),
        },
    )?;
    shown::states(&fleet, arguments.live.format)?;
    Ok(fleet.exit(Live::exit))
}

/// Takes back what the journal shows that earlier runs made.
pub fn undo(arguments: &ConsentArguments) -> Outcome<Exit> {
    let mut fleet = open(&arguments.live)?;
    let plans = fleet.plans(|live| live.run.plan_undo());
    if !has_work(&plans) {
        shown::plans(&fleet, &plans, arguments.live.format)?;
        return Ok(fleet.exit(|_| Exit::Done));
    }
    if let Some(exit) = agreed(arguments, &fleet, &plans, "undo")? {
        return Ok(exit);
    }
    let ends = |live: &Live| match live.run.left().is_empty() {
        true => Exit::Done,
        false => Exit::Findings,
    };
    fleet.in_waves(arguments.pilots_first, ends, |at, live| {
        let Some(plan) = plan_of(&plans, at) else {
            return Ok(());
        };
        live.run.consent_undo(&plan.id, now())?;
        drive(&mut live.run, &live.doors, &mut live.journal)?;
        live.run.left().iter().for_each(|note| notice(&note.text));
        Ok(())
    })?;
    shown::left(&fleet, arguments.live.format)?;
    Ok(fleet.exit(ends))
}

fn open(arguments: &LiveArguments) -> Outcome<Fleet> {
    let journal = arguments.journal.as_deref();
    Fleet::open(&arguments.wish, &arguments.orgs, journal)
}

/// The plan of each source, where it could be planned.
type Plans = Vec<Option<Plan>>;

fn has_work(plans: &Plans) -> bool {
    plans.iter().flatten().any(|plan| !plan.items.is_empty())
}

// Agreeing to nothing would still doubt what was just read.
fn plan_of(plans: &Plans, at: usize) -> Option<&Plan> {
    let plan = plans.get(at).and_then(Option::as_ref);
    plan.filter(|plan| !plan.items.is_empty())
}

/// The command that agrees to a plan, but for the plan's id.
fn again(arguments: &ConsentArguments, verb: &str) -> String {
    let live = &arguments.live;
    let wish = seen(&live.wish.display().to_string());
    let mut text = format!("org2org {verb} --wish {wish}");
    for source in &live.orgs.source {
        text.push_str(&format!(" --source {source}"));
    }
    text.push_str(&format!(" --target {}", live.orgs.target));
    for [url, id, file] in live.orgs.clients.all() {
        text.push_str(&format!(" --client {url} {id} {}", seen(file)));
    }
    text
}

fn agreed(
    arguments: &ConsentArguments,
    fleet: &Fleet,
    plans: &Plans,
    verb: &str,
) -> Outcome<Option<Exit>> {
    may(fleet, plans)?;
    let named = fleet.named(plans);
    let joint = Joint {
        id: joint_id(&named),
        mails: mails(&named),
    };
    let show = || shown::plans(fleet, plans, arguments.live.format);
    consent(&arguments.consent, &joint, &again(arguments, verb), show)
}

/// Asks an org who it is, and who asks.
fn who(door: &Door, url: &OrgUrl) -> Outcome<Org> {
    let known = door.read(&org::well_known())?;
    if let Some(client) = door.client() {
        // Its token is for nobody else: the org gave it to who signed with the client's key.
        door.lacks(&[org::READ.scope])?;
        let whole = door.read(&org::read())?;
        return Ok(Org::of_client(url, [&known, &whole], client)?);
    }
    let (whole, me) = (door.read(&org::read())?, door.read(&users::me())?);
    Ok(Org::read(url, [&known, &whole, &me])?)
}
