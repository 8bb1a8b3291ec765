//! Makes plans by playing the tables forward.

use serde_json::Value;

use super::plan::{NOT_YET, Note, Plan, PlanItem, title};
use super::step::{Finding, Step, WriteFn};
use super::task::Task;
use super::{Aim, Reach, Run};
use crate::facts::{Origin, Store, Value as Known, stand_in};
use crate::map::Map;
use crate::okta::Answer;

/// A plan in the making: what a write or a look will give stands in by name.
struct Forecast<'a> {
    run: &'a Run,
    store: Store,
    plan: Plan,
    gates: Gates<'a>,
}

/// Which gates stand open, as tables are played forward.
pub(super) struct Gates<'a> {
    run: &'a Run,
    /// How many tasks of each row are neither done nor will be.
    unsure: Map<&'static str, usize>,
}

impl<'a> Gates<'a> {
    /// As the last round of reads has shown.
    pub(super) fn of(run: &'a Run) -> Gates<'a> {
        let mut unsure = Map::new();
        for task in run.tasks.values().filter(|task| !task.is_met()) {
            unsure.change(task.step.id, |unsure| *unsure += 1);
        }
        Gates { run, unsure }
    }

    /// Whether all that must stand before a row is done, or will be.
    pub(super) fn open(&self, step: &Step) -> bool {
        step.after.iter().all(|gate| {
            let known = !self.run.unexpanded.contains(gate);
            known && self.unsure.get(gate).is_none_or(|unsure| *unsure == 0)
        })
    }

    /// One task of a row more is done, or will be.
    pub(super) fn pass(&mut self, step: &Step) {
        let less = |unsure: &mut usize| *unsure = unsure.saturating_sub(1);
        self.unsure.change(step.id, less);
    }
}

/// Plays tasks for as long as one of them can be played.
pub(super) fn play<'a>(mut left: Vec<&'a Task>, mut step: impl FnMut(&'a Task) -> bool) {
    loop {
        let before = left.len();
        left.retain(|task| !step(task));
        if left.len() == before {
            break;
        }
    }
}

impl Run {
    /// The plan from what the last round of reads has shown.
    pub(super) fn forecast(&self) -> Plan {
        let (source, target) = (&self.store.pair.source, &self.store.pair.target);
        let wish = &self.store.wish;
        let pushes = wish.connects() && wish.pushes();
        let way = match (&wish.aim, pushes) {
            (Aim::Connect, true) => "get accounts in, and sign in to,",
            (Aim::Connect, false) => "sign in to",
            (Aim::Pilot, _) => "go on as before in",
            (Aim::Remove, _) => "no longer sign in to",
            (Aim::Rotate(_), _) => "go on as before, with a new key, in",
        };
        let sentence = format!(
            "People of {} ({}) will {way} {} ({}).",
            source.name,
            source.url.host(),
            target.name,
            target.url.host()
        );
        let plan = Plan {
            id: String::new(),
            sentence,
            reach: Reach::default(),
            reaches: String::new(),
            items: Vec::new(),
            by_hand: Vec::new(),
            warnings: Vec::new(),
            cannot_undo: Vec::new(),
        };
        let mut forecast = Forecast {
            run: self,
            store: self.store.clone(),
            plan,
            gates: Gates::of(self),
        };
        forecast.play();
        let mut plan = forecast.plan;
        plan.reach = self.reach(&plan, &self.store);
        plan.reaches = plan.reach.text(&target.name);
        let mut plan = plan.sealed();
        if pushes && !plan.items.is_empty() {
            let stay = "accounts and groups that arrive by a push stay there";
            plan.cannot_undo.push(format!("{}: {stay}", target.name));
        }
        for procedure in &self.procedures {
            let of = |item: &PlanItem| {
                let id = item.key.split('/').next();
                procedure.steps.iter().any(|step| Some(step.id) == id)
            };
            if !procedure.way_back.is_empty() && plan.items.iter().any(of) {
                plan.cannot_undo.push(procedure.way_back.to_owned());
            }
        }
        plan
    }
}

impl<'a> Forecast<'a> {
    fn play(&mut self) {
        let tasks = self.run.tasks.values();
        let left = tasks.filter(|task| !self.settled(task)).collect();
        play(left, |task| self.step(task));
    }

    /// Says what is to be said of a task that will not be written; such a task is settled.
    fn settled(&mut self, task: &'a Task) -> bool {
        let Some(finding) = &task.finding else {
            return false;
        };
        if self.run.is_told(task.step.side) {
            return true;
        }
        let text = match finding {
            Finding::Unmet if task.step.write.is_some() || self.run.will_follow(task) => {
                return false;
            }
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
        if !ready || !self.gates.open(task.step) {
            return false;
        }
        if is_done_without_reading(task, &self.store) {
            self.gates.pass(task.step);
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
        self.gates.pass(task.step);
        true
    }

    fn item(&self, task: &Task, write: WriteFn) -> Option<PlanItem> {
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

/// Whether facts alone show that there is nothing to do.
pub(super) fn is_done_without_reading(task: &Task, store: &Store) -> bool {
    let facts = store.at(&task.place);
    let nothing_to_read = (task.step.probe)(&facts).is_ok_and(|probe| probe.op.is_none());
    let finding = (task.step.read)(&Answer::empty(), &facts);
    nothing_to_read && matches!(finding, Ok(Finding::Met(_)))
}
