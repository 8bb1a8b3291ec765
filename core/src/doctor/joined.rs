//! The System Logs of both orgs on one axis, for one person or one group.
//!
//! A person's are joined by the id that the source keeps of the account in the target, a group's by
//! its name, and each change in the target by time to the push that asked for it.

use serde_json::{Value as Json, json};

use super::look::{Look, Object, Stop, mask_mail};
use super::report::{Outcome, Report};
use super::time::{moment, stamp};
use super::{Examination, Family, Rule, Severity, Shelf, Start, known, trial};
use crate::explain::{seen, seen_sentences, seen_whole};
use crate::okta::{ReadOp, app_assignments, apps, group_push, groups, logs, users};
use crate::run::{Pair, Side};

const DAY: u64 = 86_400_000;
/// Days that Okta keeps its System Log (System Log API: 90 days).
pub const MOST_DAYS: u32 = 90;
/// A change and the push that asked for it are written by two clocks; further apart they are not taken for one.
const TOGETHER: u64 = 60_000;

/// Of whom the logs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A group of the source, by name.
    Group,
    /// A person of the source, by user name.
    Person,
}

/// By what the logs of both orgs are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// The id in the target that the source's assignment keeps.
    ExternalId,
    /// The name of a pushed group: a push mapping keeps no id of the group in the target.
    GroupName,
    /// The user name alone: the source keeps no id yet.
    UserName,
}

/// Both logs on one axis.
pub struct Joined {
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// By what they were joined; nothing when the target has no counterpart.
    pub joint: Option<Joint>,
    /// Why an org's events are missing here: the org, and the reason.
    pub unknown: Vec<(Side, String)>,
    /// Why there is nothing to show of an org.
    pub nothing: Vec<(Side, String)>,
    head: String,
    cost: String,
}

/// One event of one org.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, as the org says it (RFC 3339, UTC).
    pub at: String,
    /// In which org.
    pub side: Side,
    /// Okta's event type.
    pub kind: String,
    /// Okta's words for it.
    pub message: String,
    /// Who did it.
    pub actor: String,
    /// Why it failed, when it did.
    pub failed: Option<String>,
    /// What is known of that failure.
    pub known: Option<&'static known::Known>,
    /// The push that asked for it, as its place in the list.
    pub asked_by: Option<usize>,
    /// The event as the org gave it, secrets masked.
    pub raw: Json,
}

/// A push in the source, and what it does in the target (Okta event types).
const EFFECTS: &[(&str, &[&str])] = &[
    (
        "application.provision.user.push",
        &[
            "user.lifecycle.create",
            "user.lifecycle.activate",
            "user.account.update_profile",
        ],
    ),
    (
        "application.provision.user.push_profile",
        &["user.account.update_profile"],
    ),
    (
        "application.provision.user.push_password",
        &[
            "user.account.update_password",
            "user.account.reset_password",
        ],
    ),
    (
        "application.provision.user.push_okta_password",
        &[
            "user.account.update_password",
            "user.account.reset_password",
        ],
    ),
    (
        "application.provision.user.deactivate",
        &["user.lifecycle.deactivate"],
    ),
    (
        "application.provision.user.reactivate",
        &[
            "user.lifecycle.activate",
            "user.lifecycle.reactivate",
            "user.lifecycle.unsuspend",
        ],
    ),
    (
        "application.provision.group_push",
        &[
            "group.lifecycle.create",
            "group.user_membership",
            "group.profile",
        ],
    ),
];

/// An examination that reads both logs of one person or group, so many days back.
pub fn examine(pair: Pair, about: About, name: &str, start: Start, now: u64) -> Examination {
    let rules = match about {
        About::Group => &GROUP,
        About::Person => &PERSON,
    };
    Examination::of(
        pair,
        rules.iter().collect(),
        name,
        start,
        &Shelf::default(),
        now,
    )
}

impl Joined {
    /// What a finished examination of [`examine`] read; nothing while it is not finished.
    pub fn of(exam: &Examination, about: About) -> Option<Joined> {
        let report = exam.report()?;
        let pair = exam.pair();
        let mut joined = exam.look(|look| {
            let (since, until) = window(look);
            let mut events = Vec::new();
            for side in [Side::Source, Side::Target] {
                if let Ok(log) = log(look, about, side) {
                    events.extend(log.items().iter().map(|event| Event::of(side, event)));
                }
            }
            Joined {
                events,
                joint: counterpart(look, about).ok().map(|(_, joint)| joint),
                unknown: Vec::new(),
                nothing: Vec::new(),
                head: format!(
                    "{} -> {}, from {since} to {until}",
                    pair.source.url.host(),
                    pair.target.url.host()
                ),
                cost: report.cost(),
            }
        });
        joined.account(report);
        joined.order();
        Some(joined)
    }

    /// Whether something failed.
    pub fn has_failures(&self) -> bool {
        self.events.iter().any(|event| event.failed.is_some())
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let joint = self.joint.map_or("not joined", Joint::words);
        let mut text = format!("{}; {joint}\n", self.head);
        for (side, why) in &self.nothing {
            text.push_str(&format!("nothing  in the {}: {why}\n", side.name()));
        }
        for (side, why) in &self.unknown {
            text.push_str(&format!("unknown  in the {}: {why}\n", side.name()));
        }
        for event in &self.events {
            text.push_str(&event.text(&self.events));
        }
        if self.events.is_empty() && self.unknown.is_empty() {
            text.push_str("No event in this time.\n");
        }
        text.push_str(&format!("\nNothing was written. {}\n", self.cost));
        text
    }

    /// For a program; each event with the raw one beside it.
    pub fn json(&self) -> Json {
        let missing = |list: &[(Side, String)]| -> Vec<Json> {
            let each = list.iter();
            each.map(|(side, why)| json!({"org": side.name(), "why": why}))
                .collect()
        };
        let events: Vec<Json> = self.events.iter().map(Event::json).collect();
        json!({
            "joined": self.joint.map(Joint::words), "events": events,
            "unknown": missing(&self.unknown), "nothing": missing(&self.nothing),
        })
    }

    fn account(&mut self, report: &Report) {
        for ruling in &report.rulings {
            let side = match ruling.rule.id {
                "source-log" => Side::Source,
                _ => Side::Target,
            };
            match &ruling.outcome {
                Outcome::Unknown { why } => self.unknown.push((side, why.clone())),
                Outcome::DoesNotApply { why } => self.nothing.push((side, why.clone())),
                Outcome::Ok | Outcome::Finding { .. } => {}
            }
        }
    }

    /// By time; each change in the target is given to the nearest push that asks for such a one.
    fn order(&mut self) {
        // One way of writing a moment in both orgs, so that the text sorts as the time does.
        self.events
            .sort_by(|one, other| (&one.at, one.side).cmp(&(&other.at, other.side)));
        let asked: Vec<Option<usize>> = self.events.iter().map(|one| self.push_of(one)).collect();
        for (event, asked) in self.events.iter_mut().zip(asked) {
            event.asked_by = asked;
        }
    }

    fn push_of(&self, change: &Event) -> Option<usize> {
        let at = moment(&change.at).filter(|_| change.side == Side::Target)?;
        let fits = |push: &Event| {
            push.side == Side::Source && push.failed.is_none() && asks_for(&push.kind, &change.kind)
        };
        let pushes = self.events.iter().enumerate();
        let near = pushes
            .filter(|(_, push)| fits(push))
            .filter_map(|(place, push)| {
                let apart = moment(&push.at)?.abs_diff(at);
                (apart <= TOGETHER).then_some((apart, place))
            });
        near.min().map(|(_, place)| place)
    }
}

impl Event {
    fn of(side: Side, event: &Object<'_>) -> Event {
        let failed = match event.text("/outcome/result") {
            "FAILURE" | "DENY" => Some(event.text("/outcome/reason")),
            _ => None,
        };
        let kind = event.text("/eventType");
        Event {
            at: seen(event.text("/published")),
            side,
            kind: seen(kind),
            message: mask_mail(&seen_sentences(event.text("/displayMessage"))),
            actor: mask_mail(&seen(event.text("/actor/displayName"))),
            failed: failed.map(|why| mask_mail(&seen_sentences(why))),
            known: known::of(kind, failed),
            asked_by: None,
            raw: masked(event.value("")),
        }
    }

    fn text(&self, all: &[Event]) -> String {
        let by = match self.actor.as_str() {
            "" => String::new(),
            actor => format!(", by {actor}"),
        };
        let mut text = format!(
            "\n{}  {:<6}  {} ({}{by})\n",
            self.at,
            self.side.name(),
            self.message,
            self.kind
        );
        if let Some(push) = self.asked_by.and_then(|at| all.get(at)) {
            text.push_str(&format!("  asked for by: {} at {}\n", push.kind, push.at));
        }
        if let Some(why) = &self.failed {
            text.push_str(&format!("  FAILED: {why}\n"));
        }
        if let Some(known) = self.known {
            text.push_str(&format!(
                "  means: {}\n  remedy: {}\n  source: {}\n",
                known.means, known.remedy, known.source
            ));
        }
        text
    }

    fn json(&self) -> Json {
        let known = self.known.map(|one| {
            json!({"id": one.id, "means": one.means, "remedy": one.remedy, "source": one.source})
        });
        json!({
            "at": self.at, "org": self.side.name(), "type": self.kind, "message": self.message,
            "actor": self.actor, "failed": self.failed, "known": known,
            "asked_by": self.asked_by, "raw": self.raw,
        })
    }
}

impl Joint {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Joint::ExternalId => "joined by externalId and time",
            Joint::GroupName => "joined by the pushed group's name and time",
            Joint::UserName => "joined by user name and time: the source keeps no externalId yet",
        }
    }
}

const PERSON: [Rule; 2] = [
    Rule {
        id: "source-log",
        reads: PERSON_IN_SOURCE,
        judge: |look| log(look, About::Person, Side::Source).map(|_| Vec::new()),
        ..LOG
    },
    Rule {
        id: "target-log",
        reads: PERSON_IN_TARGET,
        judge: |look| log(look, About::Person, Side::Target).map(|_| Vec::new()),
        ..LOG
    },
];

const GROUP: [Rule; 2] = [
    Rule {
        id: "source-log",
        reads: &[&groups::LIST, &logs::LIST],
        judge: |look| log(look, About::Group, Side::Source).map(|_| Vec::new()),
        ..LOG
    },
    Rule {
        id: "target-log",
        reads: &[&apps::LIST, &groups::LIST, &group_push::LIST, &logs::LIST],
        judge: |look| log(look, About::Group, Side::Target).map(|_| Vec::new()),
        ..LOG
    },
];

/// What both readings have in common: they judge nothing.
const LOG: Rule = Rule {
    id: "",
    family: Family::Assignments,
    severity: Severity::Low,
    title: "The System Log can be read",
    why: "Without it nobody can tell what happened.",
    source: "System Log API",
    remedy: "Read with an admin, or a client with okta.logs.read, who may see reports.",
    reads: &[],
    judge: |_| Ok(Vec::new()),
};

const PERSON_IN_SOURCE: &[&ReadOp] = &[&users::LIST, &logs::LIST];
const PERSON_IN_TARGET: &[&ReadOp] = &[
    &apps::LIST,
    &users::LIST,
    &app_assignments::READ_USER,
    &logs::LIST,
];

fn log<'a>(look: &Look<'a>, about: About, side: Side) -> Result<Object<'a>, Stop> {
    let (since, until) = window(look);
    match side {
        Side::Source => {
            let own = subject(look, about)?;
            look.source(logs::about(own.id(), &since, &until))
        }
        Side::Target => {
            let (id, _) = counterpart(look, about)?;
            look.target(logs::about(id, &since, &until))
        }
    }
}

fn window(look: &Look<'_>) -> (String, String) {
    let days = u64::from(look.days().clamp(1, MOST_DAYS));
    let now = look.now();
    (stamp(now.saturating_sub(days * DAY)), stamp(now))
}

fn subject<'a>(look: &Look<'a>, about: About) -> Result<Object<'a>, Stop> {
    match about {
        About::Person => trial::person(look),
        About::Group => {
            let found = named(
                look.source(groups::starting_with(look.name()))?,
                look.name(),
            );
            found.ok_or_else(|| Stop::not_here("the source has no group of that name"))
        }
    }
}

fn named<'a>(groups: Object<'a>, name: &str) -> Option<Object<'a>> {
    let mut all = groups.items().into_iter();
    all.find(|group| group.is("/profile/name", name))
}

/// The id of the same person or group in the target.
fn counterpart<'a>(look: &Look<'a>, about: About) -> Result<(&'a str, Joint), Stop> {
    match about {
        About::Group => {
            let group = subject(look, about)?;
            let pushed = look.source(group_push::of(look.app()?.id(), group.id()))?;
            if pushed.items().is_empty() {
                return Err(Stop::not_here("the group is not pushed"));
            }
            let counterpart = named(
                look.target(groups::starting_with(look.name()))?,
                look.name(),
            );
            let none = || Stop::not_here("the target has no group of that name");
            Ok((counterpart.ok_or_else(none)?.id(), Joint::GroupName))
        }
        About::Person => match trial::assignment(look) {
            Ok(assignment) if !assignment.is("/externalId", "") => {
                Ok((assignment.text("/externalId"), Joint::ExternalId))
            }
            Ok(assignment) => {
                let account = trial::by_name(look, &assignment)?;
                Ok((account.id(), Joint::UserName))
            }
            Err(stop) => Err(stop),
        },
    }
}

fn asks_for(push: &str, change: &str) -> bool {
    let fits = |own: &str| push == own || (own.ends_with("group_push") && push.starts_with(own));
    let mut effects = EFFECTS.iter().filter(|(own, _)| fits(own));
    effects.any(|(_, changes)| changes.iter().any(|own| change.starts_with(own)))
}

fn masked(value: &Json) -> Json {
    match value {
        Json::String(text) => Json::String(seen_whole(text)),
        Json::Array(items) => items.iter().map(masked).collect(),
        Json::Object(members) => {
            let each = members.iter();
            let each = each.map(|(name, value)| (seen_whole(name), masked(value)));
            Json::Object(each.collect())
        }
        other => other.clone(),
    }
}
