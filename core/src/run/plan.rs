//! The plan: every write that would be sent, in order, as a value that can be shown, agreed to,
//! and compared with what is sent.

use serde::Serialize;
use serde_json::Value;

use super::journal::{Made, sha256};
use super::step::{Finding, Step};
use super::task::Task;
use super::{Org, Run, Side};
use crate::facts::{Origin, Place, Store, Value as Known, stand_in};
use crate::okta::{Answer, Change, Content, Write};

/// What would be done, and what would not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Hash over the items: consent names it, and lapses when the plan changes.
    pub id: String,
    /// Who will sign in where, in one sentence with the orgs' names.
    pub sentence: String,
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
            Content::Whole(body) => (Some(body.clone()), Vec::new()),
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
                text.replace(name, value)
            })
        };
        let value = |value: &Value| filled(value, &fill);
        let path = |(name, value): (String, String)| (name, percent(&value));
        let in_path: Vec<(String, String)> = learnt.iter().cloned().map(path).collect();
        let path = in_path
            .iter()
            .fold(agreed.path.clone(), |text, (name, value)| {
                text.replace(name, value)
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
const NOT_YET: &str = "⟨not made yet⟩";

fn percent(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

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

/// Makes plans by playing the tables forward: what a write or a look will give stands in by name.
struct Forecast<'a> {
    run: &'a Run,
    store: Store,
    plan: Plan,
    /// Steps that are done or will be.
    sure: Vec<&'a str>,
}

impl Run {
    /// The plan from what the last round of reads has shown.
    pub(super) fn forecast(&self) -> Plan {
        let (source, target) = (&self.store.pair.source, &self.store.pair.target);
        let sentence = format!(
            "People of {} ({}) will sign in to {} ({}).",
            source.name,
            source.url.host(),
            target.name,
            target.url.host()
        );
        let plan = Plan {
            id: String::new(),
            sentence,
            items: Vec::new(),
            by_hand: Vec::new(),
            warnings: Vec::new(),
            cannot_undo: Vec::new(),
        };
        let mut forecast = Forecast {
            run: self,
            store: self.store.clone(),
            plan,
            sure: Vec::new(),
        };
        forecast.play();
        forecast.plan.sealed()
    }
}

impl Plan {
    /// Names what cannot be undone and sets the id.
    pub(super) fn sealed(mut self) -> Plan {
        let lasting = self.items.iter().filter(|item| item.undo.is_empty());
        self.cannot_undo = lasting
            .map(|item| format!("{}: {}", item.org, item.title))
            .collect();
        let text = serde_json::to_string(&self.items).unwrap_or_default();
        self.id = sha256(&format!("{}\n{text}", self.sentence));
        self
    }

    /// The agreed write of a step.
    pub(super) fn item(&self, key: &str) -> Option<&PlanItem> {
        self.items.iter().find(|item| item.key == key)
    }

    /// The plan as plain text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.sentence);
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
        for lasting in &self.cannot_undo {
            text.push_str(&format!("\n! cannot be undone: {lasting}\n"));
        }
        for note in self.by_hand.iter().chain(&self.warnings) {
            text.push_str(&format!("\n! {}\n", note.text));
        }
        text
    }
}

impl<'a> Forecast<'a> {
    fn play(&mut self) {
        let tasks: Vec<&'a Task> = self.run.tasks.values().map(Box::as_ref).collect();
        let mut left: Vec<&'a Task> = tasks
            .iter()
            .filter(|task| !self.settled(task))
            .copied()
            .collect();
        self.sure.extend(
            tasks
                .iter()
                .filter(|task| task.is_met())
                .map(|task| task.key.as_str()),
        );
        loop {
            let before = left.len();
            left.retain(|task| !self.step(task));
            if left.len() == before {
                break;
            }
        }
    }

    /// Says what is to be said of a task that will not be written; such a task is settled.
    fn settled(&mut self, task: &'a Task) -> bool {
        let Some(finding) = &task.finding else {
            return false;
        };
        let text = match finding {
            Finding::Unmet if task.step.write.is_some() => return false,
            Finding::Met(proof) => {
                if let Some(note) = &proof.note {
                    self.note(task, note.clone());
                }
                return true;
            }
            Finding::Unmet => {
                let text = format!("{} — by hand", title(task.step, &task.place));
                let note = Note {
                    key: task.key.clone(),
                    side: task.step.side,
                    text,
                };
                self.plan.by_hand.push(note);
                return true;
            }
            other => other.text(),
        };
        self.note(task, format!("{}: {text}", title(task.step, &task.place)));
        true
    }

    fn note(&mut self, task: &Task, text: String) {
        let note = Note {
            key: task.key.clone(),
            side: task.step.side,
            text,
        };
        self.plan.warnings.push(note);
    }

    /// Plays one task, if it can be played now.
    fn step(&mut self, task: &'a Task) -> bool {
        let ready = {
            let facts = self.store.at(&task.place);
            task.step.needs.iter().all(|fact| facts.knows(fact))
        };
        if !ready || !self.gates_open(task.step) {
            return false;
        }
        if self.is_done_without_reading(task) {
            self.sure.push(&task.key);
            return true;
        }
        if let Some(write) = task.step.write {
            let Some(item) = self.item(task, write) else {
                return false;
            };
            self.plan.items.push(item);
        }
        for fact in task.step.gives {
            let value = Known::Text(stand_in(fact, &task.place));
            self.store
                .learn(fact, &task.place, value, Origin::Step(task.step.id));
        }
        self.sure.push(&task.key);
        true
    }

    /// Whether facts alone show that there is nothing to do.
    fn is_done_without_reading(&self, task: &Task) -> bool {
        let facts = self.store.at(&task.place);
        let nothing_to_read = (task.step.probe)(&facts).is_ok_and(|probe| probe.op.is_none());
        let finding = (task.step.read)(&Answer::empty(), &facts);
        nothing_to_read && matches!(finding, Ok(Finding::Met(_)))
    }

    fn gates_open(&self, step: &Step) -> bool {
        let known = !step
            .after
            .iter()
            .any(|gate| self.run.unexpanded.contains(gate));
        known
            && step.after.iter().all(|gate| {
                let mut tasks = self.run.tasks.values().filter(|task| task.step.id == *gate);
                tasks.all(|task| self.sure.contains(&task.key.as_str()))
            })
    }

    fn item(&self, task: &Task, write: super::step::WriteFn) -> Option<PlanItem> {
        let answer = task.answer.clone().filter(|_| task.finding.is_some());
        let made = answer.is_some();
        let answer = answer.unwrap_or_else(|| Answer::empty().into());
        let write = write(&self.store.at(&task.place), &answer).ok()?;
        let org = self.store.pair.org(task.step.side);
        let mut item = PlanItem::new(task.step, &task.place, &task.key, org, &write);
        if !made {
            item.changes
                .iter_mut()
                .for_each(|change| change.before = Value::from(NOT_YET));
        }
        Some(item)
    }
}
