//! Papers about a run, out of its journal alone: what was done and what proves it, what the security team will see, and how
//! the link is kept. Pure: the journal and the tables in, a [`Document`] out, which is written as HTML, Markdown or JSON.
//!
//! Values are left out unless they are asked for: names and values of objects, what stood there before, ids of people. No
//! paper can name a login: the journal holds none.

mod change_notice;
mod document;
mod events;
mod evidence;
mod hcl;
mod runbook;
mod terraform;

pub use document::{Document, Part, Section};

use crate::calendar;
use crate::explain::seen_whole;
use crate::okta::call::Params;
use crate::okta::{Change, WriteOp, write_op};
use crate::org::OrgUrl;
use crate::procedures;
use crate::run::journal::{Event, Journal, Outcome, Purpose};
use crate::run::{Side, Step};

/// Which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// What the security team will see, and when.
    ChangeNotice,
    /// What was sent, what came of it, what proves it.
    Evidence,
    /// How the link is kept, checked and taken back.
    Runbook,
}

/// What a paper is made of.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// The org where people sign in.
    pub source: &'a OrgUrl,
    /// The org that holds the apps.
    pub target: &'a OrgUrl,
    /// The journal; a damaged one is told as such, in every paper.
    pub journal: &'a Journal,
    /// Whether names, values and ids of people are written out. Secrets never are.
    pub whole: bool,
}

/// Writes one paper.
pub fn write(paper: Paper, matter: &Matter<'_>) -> Document {
    let mut document = match paper {
        Paper::ChangeNotice => change_notice::write(matter),
        Paper::Evidence => evidence::write(matter),
        Paper::Runbook => runbook::write(matter),
    };
    if let Some(damage) = matter.journal.damage() {
        let warning = format!("This journal is damaged, so nothing here is proof: {damage}.");
        document.opening.insert(0, warning);
    }
    document
}

/// The result as a file of Terraform's language, for the provider okta/okta; what it has no words for, and what no read proves,
/// is told in comments. People are named when the matter is whole. A damaged journal gives comments alone.
pub fn terraform(matter: &Matter<'_>) -> String {
    match matter.journal.damage() {
        None => terraform::write(matter),
        Some(damage) => hcl::comment(&format!(
            "This journal is damaged, so nothing is written from it: {damage}."
        )),
    }
}

/// What was made and nobody took back: the last write of each key.
fn standing<'a>(writes: &'a [Done<'a>]) -> impl Iterator<Item = &'a Done<'a>> {
    writes.iter().enumerate().filter_map(|(index, done)| {
        let later = writes.get(index + 1..).unwrap_or_default();
        let stands = done.purpose == Purpose::Apply
            && !matches!(done.proof, Some(Proved::Gone))
            && !later.iter().any(|other| other.key == done.key);
        stands.then_some(done)
    })
}

/// One write of the journal with all that became of it.
struct Done<'a> {
    /// Number of its intent.
    seq: u64,
    /// When it was about to be sent, in milliseconds since 1970.
    at: u64,
    step: Option<&'static Step>,
    key: &'a str,
    purpose: Purpose,
    op: Option<&'static WriteOp>,
    address: String,
    params: &'a Params,
    changes: &'a [Change],
    body: Option<&'a serde_json::Value>,
    outcome: Option<&'a Outcome>,
    /// The fingerprint that a read found, or that it is gone again.
    proof: Option<Proved<'a>>,
}

#[derive(Clone, Copy)]
enum Proved<'a> {
    Gone,
    There(&'a str),
}

impl Matter<'_> {
    /// Every write, in the order of its intent.
    fn writes(&self) -> Vec<Done<'_>> {
        let mut writes: Vec<Done<'_>> = Vec::new();
        for entry in &self.journal.entries {
            let own = |done: &&mut Done<'_>| done.key == entry.key;
            match &entry.event {
                Event::Intent {
                    purpose,
                    call,
                    changes,
                } => writes.push(Done {
                    seq: entry.seq,
                    at: entry.at,
                    step: step(&entry.key),
                    key: &entry.key,
                    purpose: *purpose,
                    op: write_op(&call.op),
                    address: call.address(),
                    params: &call.params,
                    changes,
                    body: call.body.as_ref(),
                    outcome: None,
                    proof: None,
                }),
                Event::Outcome { intent, outcome } => {
                    if let Some(done) = writes.iter_mut().find(|done| done.seq == *intent) {
                        done.outcome = Some(outcome);
                    }
                }
                Event::Proof { fingerprint, .. } => {
                    if let Some(done) = writes.iter_mut().rev().find(own) {
                        done.proof = Some(Proved::There(fingerprint));
                    }
                }
                Event::Undone => {
                    if let Some(done) = writes.iter_mut().rev().find(own) {
                        done.proof = Some(Proved::Gone);
                    }
                }
            }
        }
        writes
    }

    fn org(&self, side: Side) -> &OrgUrl {
        match side {
            Side::Source => self.source,
            Side::Target => self.target,
        }
    }

    /// "source org, acme.okta.com".
    fn place(&self, side: Side) -> String {
        format!("{} org, {}", side.name(), self.org(side).host())
    }

    /// An address or key; ids of people are left out of it unless all is asked for.
    fn shown(&self, text: &str) -> String {
        match self.whole {
            true => seen_whole(text),
            false => without_people(&seen_whole(text)),
        }
    }

    /// The members that a write sets: with their values, or their names alone.
    fn contents(&self, done: &Done<'_>) -> Vec<String> {
        let value = |value: &serde_json::Value| seen_whole(&value.to_string());
        if let (true, Some(body)) = (self.whole, done.body) {
            return vec![value(body)];
        }
        let changes = done.changes.iter();
        let changes = changes.map(|change| match self.whole {
            true => format!(
                "{}: {} → {}",
                seen_whole(&change.pointer),
                value(&change.before),
                value(&change.after)
            ),
            false => seen_whole(&change.pointer),
        });
        let members = done
            .body
            .and_then(serde_json::Value::as_object)
            .into_iter()
            .flatten();
        let members = members.map(|(name, _)| format!("/{}", seen_whole(name)));
        changes.chain(members).collect()
    }
}

impl Done<'_> {
    fn side(&self) -> Option<Side> {
        self.step.map(|step| step.side)
    }

    fn title(&self) -> String {
        let title = self
            .step
            .map_or("A step that this version does not know", |step| step.title);
        match self.purpose {
            Purpose::Apply => title.to_owned(),
            Purpose::Undo => format!("Take back: {title}"),
        }
    }

    fn request(&self, matter: &Matter<'_>) -> String {
        let method = self.op.map_or("", |op| op.method.name());
        format!("{method} {}", matter.shown(&self.address))
    }

    /// What came of it: an answer that is not certain is never told as done or failed.
    fn result(&self, matter: &Matter<'_>) -> String {
        match (self.proof, self.outcome) {
            (Some(Proved::There(_)), _) => "proven by a read".to_owned(),
            (Some(Proved::Gone), _) => "taken back, proven by a read".to_owned(),
            (None, Some(Outcome::Accepted { .. })) => "accepted, not proven yet".to_owned(),
            (None, Some(Outcome::Refused { why })) => format!("refused: {}", matter.shown(why)),
            (None, Some(Outcome::Unsure { why })) => format!("unknown: {}", matter.shown(why)),
            (None, None) => "unknown: no answer is recorded".to_owned(),
        }
    }

    /// A path value of it; empty where it has none of this name.
    fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    fn made(&self) -> Option<&str> {
        match self.outcome {
            Some(Outcome::Accepted { id }) => id.as_deref(),
            _ => None,
        }
    }
}

/// The row that a key of the journal is about.
fn step(key: &str) -> Option<&'static Step> {
    let id = key.split('/').next().unwrap_or_default();
    procedures::steps().find(|step| step.id == id)
}

/// A text without the ids of people, which Okta begins with `00u`.
fn without_people(text: &str) -> String {
    let id = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("00u") {
        let (before, found) = rest.split_at(at);
        let end = found.find(|c| !id(c)).unwrap_or(found.len());
        let begins = !before.ends_with(id);
        let (word, after) = found.split_at(end);
        out.push_str(before);
        out.push_str(if begins && word.len() >= 12 {
            "⟨person⟩"
        } else {
            word
        });
        rest = after;
    }
    out + rest
}

/// A moment in UTC, as RFC 3339 writes it to the second.
fn moment(at: u64) -> String {
    let (days, seconds) = (at / 86_400_000, at / 1000 % 86_400);
    let (year, month, day) = calendar::date(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests;
