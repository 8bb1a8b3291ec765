//! Writing: intent first, then the call, then a read that proves it.

use super::desk::Wrote;
use super::journal::{Event, Outcome, Purpose};
use super::plan::PlanItem;
use super::step::Finding;
use super::task::{Care, Spot, State, Task};
use super::timeline::Phase;
use super::{Run, Work};
use crate::facts::{Facts, stand_in};
use crate::map::sorted;
use crate::okta::{Content, Write};

/// How long an org may take to show what it accepted, in milliseconds.
pub(super) const SETTLE: u64 = 60_000;
/// Writes of one step whose effect nobody could tell, before it is left to a person.
const MOST_UNSURE: u32 = 3;
/// Times one write is put off by limits, sessions or objects not yet visible.
pub(super) const MOST_PUT_OFF: u32 = 10;

impl Run {
    /// Begins the writes that are agreed to, wanted and safe now.
    pub(super) fn write(&mut self) -> bool {
        if self.phase != Phase::Applying {
            return false;
        }
        let ready: Vec<Spot> = self
            .tasks
            .iter()
            .filter(|(_, task)| self.can_write(task))
            .map(|(s, _)| s.clone())
            .collect();
        let mut moved = false;
        for spot in ready {
            moved |= self.intend(&spot);
        }
        moved
    }

    /// What only follows from the writes of other rows, a pushed account, gets time to show.
    pub(super) fn wait(&mut self) -> bool {
        if self.phase != Phase::Applying {
            return false;
        }
        let follows = |task: &Task| {
            let agreed = |gate: &&str| {
                let items = self.agreed.as_ref().map(|plan| plan.items.as_slice());
                let of = |item: &PlanItem| item.key.split('/').next() == Some(*gate);
                items.is_some_and(|items| items.iter().any(of))
            };
            task.step.write.is_none()
                && !task.waited
                && task.state == State::Idle
                && !task.due
                && task.finding == Some(Finding::Unmet)
                && task.step.after.iter().any(agreed)
                && self.gates_open(task.step)
        };
        let due: Vec<Spot> = self
            .tasks
            .iter()
            .filter(|(_, task)| follows(task))
            .map(|(spot, _)| spot.clone())
            .collect();
        for spot in &due {
            if let Some(task) = self.tasks.get_mut(spot) {
                task.waited = true;
                task.due = true;
                task.reads = 0;
                task.care = Care::Settling {
                    until: self.now + SETTLE,
                };
            }
        }
        !due.is_empty()
    }

    /// Whether a write is still to come without anything else happening first.
    pub(super) fn will_write(&self) -> bool {
        self.tasks.values().any(|task| self.can_write(task))
    }

    fn can_write(&self, task: &Task) -> bool {
        task.state == State::Idle
            && !task.due
            && task.care == Care::None
            && task.finding == Some(Finding::Unmet)
            && task.unsure < MOST_UNSURE
            && task.put_off < MOST_PUT_OFF
            && task.step.write.is_some()
            && self
                .agreed
                .as_ref()
                .is_some_and(|plan| plan.item(&task.key).is_some())
            && task.is_ready(&self.store)
            && self.gates_open(task.step)
    }

    /// Stores the intent of a task's write; what differs from the agreed plan is not sent.
    fn intend(&mut self, spot: &Spot) -> bool {
        let Some(task) = self.tasks.get(spot) else {
            return false;
        };
        let (Some(write), Some(answer)) = (task.step.write, &task.answer) else {
            return false;
        };
        let result = match write(&self.store.at(&task.place), answer) {
            Ok(write) if self.is_agreed(task, &write) => Ok(write),
            Ok(_) => Err(Finding::Blocked {
                why: "what would be sent now is not what the plan said".into(),
                who: "you: check again and look at the new plan".into(),
            }),
            Err(missing) => Err(Finding::Unknown {
                why: missing.to_string(),
            }),
        };
        match result {
            Ok(write) => self.store_intent(spot, Purpose::Apply, write),
            Err(finding) => {
                if let Some(task) = self.tasks.get_mut(spot) {
                    task.finding = Some(finding);
                }
            }
        }
        true
    }

    fn is_agreed(&self, task: &Task, write: &Write) -> bool {
        let org = self.store.pair.org(task.step.side);
        let item = PlanItem::new(task.step, &task.place, &task.key, org, write);
        let agreed = self.agreed.as_ref().and_then(|plan| plan.item(&task.key));
        agreed.is_some_and(|agreed| item.fulfils(agreed, &self.learnt()))
    }

    /// Each stand-in that a plan may hold, with the value learnt for it.
    fn learnt(&self) -> Vec<(String, String)> {
        let mut learnt = Vec::new();
        for task in self.tasks.values() {
            let facts: Facts<'_> = self.store.at(&task.place);
            for fact in task.step.needs.iter().chain(task.step.gives) {
                if let (false, Ok(Some(value))) = (facts.pending(fact), facts.optional(fact)) {
                    learnt.push((stand_in(fact, &task.place), value));
                }
            }
        }
        sorted(learnt)
    }

    /// Records an intent and has it stored; the write follows when it is.
    pub(super) fn store_intent(&mut self, spot: &Spot, purpose: Purpose, write: Write) {
        let Some(task) = self.tasks.get_mut(spot) else {
            return;
        };
        task.state = State::Storing;
        let mut call = write.call();
        let changes = match &write.content {
            Content::Changed { changes, .. } => {
                call.body = None;
                changes.clone()
            }
            _ => Vec::new(),
        };
        let event = Event::Intent {
            purpose,
            call,
            changes,
        };
        let entry = self.journal.record(self.now, &task.key, event);
        let seq = entry.seq;
        let ticket = self.desk.store(entry);
        self.work
            .insert(ticket, vec![Work::Intent(spot.clone(), seq, write)]);
    }

    /// The intent is stored: the write may go, unless the person stopped the run meanwhile.
    pub(super) fn send(&mut self, spot: Spot, intent: u64, write: Write) {
        let Some(task) = self.tasks.get_mut(&spot) else {
            return;
        };
        if self.phase == Phase::Stopped {
            task.state = State::Idle;
            let outcome = Outcome::Refused {
                why: "stopped before it was sent".into(),
            };
            return self.record_outcome(&spot, intent, outcome);
        }
        task.state = State::Writing;
        let side = task.step.side;
        let ticket = self.desk.write(side, write.op, write.call(), self.now);
        self.work.insert(ticket, vec![Work::Write(spot, intent)]);
    }

    /// Takes what came of a write.
    pub(super) fn wrote(&mut self, spot: &Spot, intent: u64, wrote: &Wrote) {
        let (outcome, later) = match wrote {
            Wrote::Answered(outcome) => (outcome.clone(), None),
            Wrote::Later { why, at } => (Outcome::Refused { why: why.clone() }, Some(*at)),
        };
        self.record_outcome(spot, intent, outcome.clone());
        let now = self.now;
        let Some(task) = self.tasks.get_mut(spot) else {
            return;
        };
        task.state = State::Idle;
        task.due = true;
        task.reads = 0;
        task.not_before = later.unwrap_or(now);
        match (&outcome, later) {
            (_, Some(_)) => {
                task.put_off += 1;
                if task.put_off >= MOST_PUT_OFF {
                    task.refused = refusal(&outcome);
                }
            }
            (Outcome::Accepted { .. }, None) => {
                task.care = Care::Settling {
                    until: now + SETTLE,
                }
            }
            (Outcome::Refused { .. }, None) => task.refused = refusal(&outcome),
            (Outcome::Unsure { .. }, None) => {
                task.unsure += 1;
                task.care = Care::Doubt {
                    since: now,
                    reads: 0,
                };
            }
        }
        self.undo_wrote(spot, &outcome, later.is_some());
    }

    fn record_outcome(&mut self, spot: &Spot, intent: u64, outcome: Outcome) {
        let Some(task) = self.tasks.get(spot) else {
            return;
        };
        let entry = self
            .journal
            .record(self.now, &task.key, Event::Outcome { intent, outcome });
        self.note(entry);
    }

    /// Stops everything that has not left yet.
    pub(super) fn stop(&mut self) {
        self.phase = Phase::Stopped;
        self.plan = None;
        self.agreed = None;
        self.undoing = None;
        for ticket in self.desk.drop_unsent() {
            for work in self.work.remove(&ticket).unwrap_or_default() {
                match work {
                    Work::Probe(spot) => self.put_back(&spot),
                    Work::Write(spot, intent) => {
                        self.put_back(&spot);
                        let outcome = Outcome::Refused {
                            why: "stopped before it was sent".into(),
                        };
                        self.record_outcome(&spot, intent, outcome);
                    }
                    _ => {}
                }
            }
        }
    }

    fn put_back(&mut self, spot: &Spot) {
        if let Some(task) = self.tasks.get_mut(spot) {
            task.state = State::Idle;
            task.due = true;
        }
    }
}

fn refusal(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Refused { why } => Some(why.clone()),
        _ => None,
    }
}
