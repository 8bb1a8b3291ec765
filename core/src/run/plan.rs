//! The plan: every write that would be sent, in order, as a value that can be shown, agreed to,
//! and compared with what is sent.

use serde::Serialize;
use serde_json::Value;

use super::journal::{Made, sha256};
use super::step::Step;
use super::{Org, Reach, Side};
use crate::facts::{Place, stand_in};
use crate::json;
use crate::okta::{Answer, Change, Content, Write, encoded};
use crate::search::replaced;

/// What would be done, and what would not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Hash over the items: consent names it, and lapses when the plan changes.
    pub id: String,
    /// Who will sign in where, in one sentence with the orgs' names.
    pub sentence: String,
    /// What that does to people's accounts in the target.
    pub reach: Reach,
    /// The same in one line.
    pub reaches: String,
    /// The writes, in the order in which they become possible.
    pub items: Vec<PlanItem>,
    /// What only a person can do, before the rest can go on.
    pub by_hand: Vec<Note>,
    /// What a person should know before agreeing.
    pub warnings: Vec<Note>,
    /// Writes that undo cannot take back.
    pub cannot_undo: Vec<String>,
}

/// One write.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanItem {
    /// Step and member.
    pub key: String,
    /// Title of the step, with the member's name.
    pub title: String,
    /// In which org.
    pub side: Side,
    /// Name of that org.
    pub org: String,
    /// HTTP method.
    pub method: &'static str,
    /// Path and query, with stand-ins (`⟨org2org-app⟩`) for values still to be learnt.
    pub path: String,
    /// The body, when the write sends a new object.
    pub body: Option<Value>,
    /// The members that change, when the write replaces an object.
    pub changes: Vec<Change>,
    /// Why.
    pub why: &'static str,
    /// The writes that take it back; empty when nothing can.
    pub undo: Vec<String>,
}

/// Something said about a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Step and member.
    pub key: String,
    /// In which org.
    pub side: Side,
    /// What is said.
    pub text: String,
}

impl PlanItem {
    pub(super) fn new(step: &Step, place: &Place, key: &str, org: &Org, write: &Write) -> PlanItem {
        let (body, changes) = match &write.content {
            Content::Changed { changes, .. } => (None, changes.clone()),
            Content::Nothing => (None, Vec::new()),
            Content::Personal(body) | Content::Whole(body) => (Some(body.clone()), Vec::new()),
        };
        PlanItem {
            key: key.to_owned(),
            title: title(step, place),
            side: step.side,
            org: org.name.clone(),
            method: write.op.method.name(),
            path: write.call().address(),
            body,
            changes,
            why: step.why,
            undo: taken_back_by(step, place, write),
        }
    }

    /// A write that takes a step back: nothing takes it back in turn but applying again.
    pub(super) fn taking_back(
        step: &Step,
        place: &Place,
        key: &str,
        org: &Org,
        write: &Write,
    ) -> PlanItem {
        let item = PlanItem::new(step, place, key, org, write);
        PlanItem {
            title: format!("Take back: {}", item.title),
            undo: Vec::new(),
            ..item
        }
    }

    /// Whether this is `agreed` with nothing but the stand-ins filled in.
    pub(super) fn fulfils(&self, agreed: &PlanItem, learnt: &[(String, String)]) -> bool {
        let fill = |text: &str| {
            learnt.iter().fold(text.to_owned(), |text, (name, value)| {
                replaced(&text, name, value)
            })
        };
        let value = |value: &Value| filled(value, &fill);
        let path = |(name, value): (String, String)| (name, encoded(&value, "%20"));
        let in_path: Vec<(String, String)> = learnt.iter().cloned().map(path).collect();
        let path = in_path
            .iter()
            .fold(agreed.path.clone(), |text, (name, value)| {
                replaced(&text, name, value)
            });
        let changes = agreed.changes.len() == self.changes.len()
            && agreed
                .changes
                .iter()
                .zip(&self.changes)
                .all(|(agreed, own)| {
                    agreed.pointer == own.pointer
                        && value(&agreed.after) == own.after
                        && (agreed.before == own.before || agreed.before == NOT_YET)
                });
        self.method == agreed.method
            && self.side == agreed.side
            && self.path == path
            && self.body == agreed.body.as_ref().map(value)
            && changes
    }
}

/// Stands for the value before, where the object itself is still to be made.
pub(super) const NOT_YET: &str = "⟨not made yet⟩";

fn filled(value: &Value, fill: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| filled(item, fill)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), filled(member, fill)))
            .collect(),
        Value::String(text) => Value::from(fill(text)),
        plain => plain.clone(),
    }
}

/// The writes that would take this write back, for showing.
fn taken_back_by(step: &Step, place: &Place, write: &Write) -> Vec<String> {
    let Some(undo) = step.undo else {
        return Vec::new();
    };
    let id = step.gives.first().map(|fact| stand_in(fact, place));
    let changes: &[Change] = match &write.content {
        Content::Changed { changes, .. } => changes,
        _ => &[],
    };
    let call = write.call();
    let made = Made {
        place,
        call: &call,
        id: id.as_deref(),
        changes,
    };
    undo(&made, &Answer::empty())
        .iter()
        .map(|write| format!("{} {}", write.op.method.name(), write.call().address()))
        .collect()
}

/// Title of a step with the names of its members.
pub(super) fn title(step: &Step, place: &Place) -> String {
    let names: Vec<&str> = place
        .iter()
        .map(|(_, member)| member.name.as_str())
        .collect();
    match names.is_empty() {
        true => step.title.to_owned(),
        false => format!("{}: {}", step.title, names.join(" · ")),
    }
}

impl Plan {
    /// Names what cannot be undone and sets the id.
    pub(super) fn sealed(mut self) -> Plan {
        let lasting = self.items.iter().filter(|item| item.undo.is_empty());
        self.cannot_undo = lasting
            .map(|item| format!("{}: {}", item.org, item.title))
            .collect();
        let text = json::text(&self.items);
        self.id = sha256(&[&*self.sentence, "\n", &self.reaches, "\n", &text].concat());
        self
    }

    /// The plan as plain text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.sentence);
        if !self.items.is_empty() {
            text.push_str(&format!("{}\n", self.reaches));
        }
        for lasting in &self.cannot_undo {
            text.push_str(&format!("! cannot be undone: {lasting}\n"));
        }
        for item in &self.items {
            text.push_str(&format!(
                "\n{} · {}\n  {} {}\n",
                item.org, item.title, item.method, item.path
            ));
            if let Some(body) = &item.body {
                text.push_str(&format!("  {body}\n"));
            }
            for change in &item.changes {
                text.push_str(&format!(
                    "  {}: {} → {}\n",
                    change.pointer, change.before, change.after
                ));
            }
            if !item.undo.is_empty() {
                text.push_str(&format!(
                    "  undo: {}
",
                    item.undo.join(", then ")
                ));
            }
        }
        for note in self.by_hand.iter().chain(&self.warnings) {
            text.push_str(&format!("\n! {}\n", note.text));
        }
        text
    }
}
