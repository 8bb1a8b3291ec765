//! `org2org handoff`: each admin with their own org alone, and a signed file between them.

mod keep;

use std::io::Write;
use std::path::Path;

use org2org_core::explain::seen;
use org2org_core::facts::Value;
use org2org_core::handoff::{self, Handoff, closed, other, unseen};
use org2org_core::org::OrgUrl;
use org2org_core::procedures;
use org2org_core::run::{
    Journal, Pair, Run, RunError, STORED_VERSION, Side, StoredRun, Told, Wish,
};
use serde_json::json;

use super::consent::{Joint, consent};
use super::doors::Doors;
use super::drive::{drive, now};
use super::fleet::Live;
use super::journal::JournalFile;
use super::shown::steps;
use super::{who, wish};
use crate::arguments::{
    Format, HandedArguments, HandoffCommand, LookArguments, MakeArguments, OrgSide, Own,
};
use crate::file::{Draft, unwritable};
use crate::outcome::{Exit, Outcome, Trouble, notice, print};
use crate::wish::{Part, WishFile, read};
use keep::{Keep, opened};

/// See the module.
pub fn handoff(command: &HandoffCommand) -> Outcome<Exit> {
    match command {
        HandoffCommand::Apply(arguments) => handed(arguments, true),
        HandoffCommand::Check(arguments) => check(arguments),
        HandoffCommand::Make(arguments) => make(arguments),
        HandoffCommand::Receipt(arguments) => handed(arguments, false),
    }
}

/// One half of a link, with all that drives it.
struct Half {
    side: Side,
    live: Live,
    wish: Wish,
}

/// What a wish file wants of the one source that it does not name.
fn alone(path: &Path) -> Outcome<WishFile> {
    let mut parts = read(path)?;
    match (parts.pop(), parts.is_empty()) {
        (
            Some(Part {
                source: None, wish, ..
            }),
            true,
        ) => Ok(wish),
        _ => Err(Trouble {
            code: "wish-source".to_owned(),
            what: format!(
                "{}: a hand-off is for one source, and the wish names its own",
                shown(path)
            ),
            hint: "Leave out [[spoke]]; the orgs are given on the command line.".to_owned(),
            exit: Exit::Usage,
        }),
    }
}

fn make(arguments: &MakeArguments) -> Outcome<Exit> {
    let side = match arguments.side {
        OrgSide::Source => Side::Source,
        OrgSide::Target => Side::Target,
    };
    let urls = [
        OrgUrl::parse(&arguments.source)?,
        OrgUrl::parse(&arguments.target)?,
    ];
    let [source, target] = &urls;
    let (own, theirs) = match side {
        Side::Source => (source, target),
        Side::Target => (target, source),
    };
    let mut keep = Keep::open(&arguments.own.keep)?;
    let doors = Doors::one(
        side,
        own,
        arguments.own.token_file.as_deref(),
        &arguments.own.reach,
    )?;
    let me = who(doors.of(side)?, own)?;
    let pair = match side {
        Side::Source => Pair::new(me, unseen(theirs))?,
        Side::Target => Pair::new(unseen(theirs), me)?,
    };
    let wish = wish::look_up(&alone(&arguments.wish)?, &pair, &doors)?;
    let told = Told::nothing(other(side));
    let half = Half::open(side, pair, wish, told, doors, &arguments.own)?;
    half.hand_over(&mut keep, "", &arguments.own)
}

/// Takes a file from the other admin; writes its half where it is agreed to, and the receipt.
fn handed(arguments: &HandedArguments, apply: bool) -> Outcome<Exit> {
    let own = &arguments.own;
    let mut keep = Keep::open(&own.keep)?;
    let (text, sealed, told) = opened(&arguments.file)?;
    let key = keep.public(&own.keep)?;
    let heard = arguments.trust.as_deref();
    let trail = keep
        .trail
        .take(&text, (&sealed, &told), Some(&key), heard)?;
    let side = other(told.maker());
    let url = told.pair.org(side).url.clone();
    let doors = Doors::one(side, &url, own.token_file.as_deref(), &own.reach)?;
    let pair = told.pair_with(who(doors.of(side)?, &url)?)?;
    for warning in pair.warnings() {
        notice(&format!("note: {warning}"));
    }
    let mut wish = told.wish.clone();
    wish::close(&mut wish, side, &doors)?;
    let mut half = Half::open(side, pair, wish, told.told.clone(), doors, own)?;
    keep.trail = trail;
    keep.store(&own.keep)?;
    if apply && let Some(exit) = half.write(arguments)? {
        return Ok(exit);
    }
    let answers = keep.trail.taken.clone();
    half.hand_over(&mut keep, &answers, own)
}

impl Half {
    /// Takes up the journal and reads the org once.
    fn open(
        side: Side,
        pair: Pair,
        wish: Wish,
        told: Told,
        doors: Doors,
        own: &Own,
    ) -> Outcome<Half> {
        let fresh = StoredRun {
            version: STORED_VERSION,
            pair,
            wish: closed(&wish),
            procedures: procedures::ALL
                .iter()
                .map(|one| one.id.to_owned())
                .collect(),
            journal: Journal::default(),
        };
        let beside = || own.keep.with_extension("journal");
        let path = own.journal.clone().unwrap_or_else(beside);
        let (mut journal, stored) = JournalFile::open(path, fresh)?;
        let mut run = Run::half(stored, procedures::ALL, told, now())?;
        if let Some(why) = run.damage() {
            notice(&format!(
                "note: the journal is damaged: {why}. Reading goes on; nothing is written from it."
            ));
        }
        drive(&mut run, &doors, &mut journal)?;
        let live = Live {
            run,
            doors,
            journal,
        };
        Ok(Half { side, live, wish })
    }

    /// Writes what the plan says of this half, when it is agreed to; the exit code when not.
    fn write(&mut self, arguments: &HandedArguments) -> Outcome<Option<Exit>> {
        let live = &mut self.live;
        let plan = live.run.plan().cloned().ok_or(RunError::Busy)?;
        if plan.items.is_empty() {
            return Ok(None);
        }
        let again = format!(
            "org2org handoff apply {} --keep {} --out {}",
            shown(&arguments.file),
            shown(&arguments.own.keep),
            shown(&arguments.own.out)
        );
        let format = arguments.own.format;
        let joint = Joint {
            id: plan.id.clone(),
            mails: plan.reach.to_type(),
        };
        let show = || {
            print(&match format {
                Format::Text => format!("{}\nplan {}", plan.text().trim_end(), plan.id),
                Format::Json => format!("{:#}", json!(plan)),
            })
        };
        if let Some(exit) = consent(&arguments.consent, &joint, &again, show)? {
            return Ok(Some(exit));
        }
        live.run.consent(&plan.id, now())?;
        drive(&mut live.run, &live.doors, &mut live.journal)?;
        Ok(None)
    }

    /// Writes the file for the other admin and prints how each step stands.
    fn hand_over(&self, keep: &mut Keep, answers: &str, own: &Own) -> Outcome<Exit> {
        let handoff = Handoff::of(&self.live.run, self.side, &self.wish, answers, now());
        let file = keep.sealed(&own.keep, &handoff)?;
        let mut draft = Draft::start(&own.out, own.force)?;
        let written = draft.file().write_all(file.as_bytes());
        written.map_err(|error| unwritable(&own.out, &error))?;
        keep.trail.make(&file);
        keep.store(&own.keep)?;
        draft.finish()?;
        let digits = handoff::fingerprint(&keep.public(&own.keep)?);
        let timeline = self.live.run.timeline();
        match own.format {
            Format::Text => {
                print(&steps(&timeline))?;
                notice(&format!(
                    "Send {} to the other admin, and read them these digits by voice: {digits}",
                    shown(&own.out)
                ));
            }
            Format::Json => print(&format!(
                "{:#}",
                json!({"digits": digits, "half_proven": handoff.whole, "timeline": timeline})
            ))?,
        }
        Ok(self.live.exit())
    }
}

fn shown(path: &Path) -> String {
    seen(&path.display().to_string())
}

fn check(arguments: &LookArguments) -> Outcome<Exit> {
    let (_, sealed, handoff) = opened(&arguments.file)?;
    let digits = handoff::fingerprint(&sealed.key);
    print(&match arguments.format {
        Format::Text => in_words(&handoff, &digits),
        Format::Json => format!("{:#}", in_json(&handoff, &digits)),
    })?;
    Ok(Exit::Done)
}

fn in_json(handoff: &Handoff, digits: &str) -> serde_json::Value {
    let value = |value: &Value| match value {
        Value::Members(members) => json!(members),
        Value::None => json!(null),
        Value::Text(text) => json!(text),
    };
    let facts = handoff.told.facts.iter();
    let facts: Vec<_> = facts
        .map(|(fact, place, told)| json!({"fact": fact.id, "place": place, "value": value(told)}))
        .collect();
    json!({
        "digits": digits,
        "from": handoff.maker(),
        "pair": handoff.pair,
        "wish": handoff.wish,
        "half_proven": handoff.whole,
        "proven": handoff.told.proven,
        "facts": facts,
    })
}

fn in_words(handoff: &Handoff, digits: &str) -> String {
    let mut lines = vec![
        handoff.title(),
        format!(
            "Signed, and unchanged since. Have these digits read out to you by voice: {digits}"
        ),
        handoff.half(),
    ];
    let value = |(title, value): (&str, String)| format!("  {title}: {value}");
    lines.extend(handoff.values().into_iter().map(value));
    lines.push("These values are told by that admin; nobody here has read them.".to_owned());
    lines.join("\n")
}
