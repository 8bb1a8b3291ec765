//! Writing: intent first, then the call, then a read that proves it.

use super::agreed::{Kind, Turns};
use super::desk::Wrote;
use super::journal::{Event, Outcome, Purpose};
use super::plan::PlanItem;
use super::step::Finding;
use super::task::{Care, Spot, State, Task};
use super::timeline::Phase;
use super::{Run, Work, pace};
use crate::facts::{Fact, Facts, stand_in};
use crate::map::sorted;
use crate::okta::{Content, Write};

/// How long an org may take to show what it accepted, in milliseconds.
pub(super) const SETTLE: u64 = 60_000;
/// What a write is made from must have been read so lately when it is made, in milliseconds …
pub(super) const FRESH: u64 = 30_000;
/// … and so lately when it is sent: between the two, it waits for its turn or for a person.
const OLD: u64 = 60_000;
/// Writes of one step whose effect nobody could tell, before it is left to a person.
const MOST_UNSURE: u32 = 3;
/// Times one write is put off by limits, sessions or objects not yet visible.
pub(super) const MOST_PUT_OFF: u32 = 10;
const NOT_SENT: &str = "not sent: the org was read too long before";

/// A write whose intent is being stored.
#[derive(Debug, Clone)]
pub(super) struct Intent {
    /// Number of the entry.
    pub seq: u64,
    pub write: Write,
    /// Not to be sent after this time.
    pub until: u64,
}

impl Run {
    /// Begins the writes that are agreed to, wanted and safe now.
    pub(super) fn write(&mut self, stirred: &[Spot]) -> bool {
        if self.phase != Phase::Applying {
            return false;
        }
        let mut moved = false;
        for spot in stirred {
            if self
                .tasks
                .get(spot)
                .is_some_and(|task| self.can_write(task))
            {
                moved |= self.intend(spot);
            }
        }
        moved | self.take_turns()
    }

    /// What only follows from the writes of other rows, a pushed account, gets time to show.
    pub(super) fn wait(&mut self, stirred: &[Spot]) -> bool {
        if self.phase != Phase::Applying {
            return false;
        }
        let mut moved = false;
        for spot in stirred {
            if !self.tasks.get(spot).is_some_and(|task| self.follows(task)) {
                continue;
            }
            if let Some(task) = self.tasks.change(spot) {
                task.waited = true;
                task.due = true;
                task.reads = 0;
                task.care = Care::Settling {
                    until: self.now + SETTLE,
                    shown: false,
                };
                moved = true;
            }
        }
        moved
    }

    fn follows(&self, task: &Task) -> bool {
        let agreed = |gate: &&str| self.agreed.as_ref().is_some_and(|plan| plan.writes(gate));
        task.step.write.is_none()
            && !task.waited
            && task.state == State::Idle
            && !task.due
            && task.finding == Some(Finding::Unmet)
            && task.step.after.iter().any(agreed)
            && self.gates_open(task.step)
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
            && !self.is_told(task.step.side)
            && self
                .agreed
                .as_ref()
                .is_some_and(|agreed| agreed.item(&task.key).is_some())
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
        let (side, old) = (task.step.side, self.now > task.seen + FRESH);
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
            Ok(write) if !self.has_turn((side, write.op.id), spot) => return false,
            Ok(write) if rests_on_a_read(&write) && old => {
                self.look_again(spot, 0);
            }
            Ok(write) => self.store_intent(spot, Purpose::Apply, write),
            Err(finding) => self.find(spot, Some(finding)),
        }
        true
    }

    /// Begins the writes that waited for others to end.
    fn take_turns(&mut self) -> bool {
        let free = self.turns.iter().filter(|(_, turns)| turns.is_free());
        let kinds: Vec<Kind> = free.map(|(kind, _)| *kind).collect();
        let mut moved = false;
        for kind in kinds {
            while let Some(spot) = self.turns.get_mut(&kind).and_then(Turns::next) {
                let Some(task) = self.tasks.mark(&spot) else {
                    continue;
                };
                task.waits = false;
                if self
                    .tasks
                    .get(&spot)
                    .is_some_and(|task| self.can_write(task))
                {
                    moved |= self.intend(&spot);
                }
            }
        }
        moved
    }

    fn is_agreed(&self, task: &Task, write: &Write) -> bool {
        let org = self.store.pair.org(task.step.side);
        let item = PlanItem::new(task.step, &task.place, &task.key, org, write);
        let agreed = self.agreed.as_ref().and_then(|plan| plan.item(&task.key));
        agreed.is_some_and(|agreed| {
            // A row places its own facts and no others; all that is known is looked through only
            // where a name that somebody chose looks like a stand-in.
            item.fulfils(agreed, &sorted(self.learnt_by(task)))
                || item.fulfils(agreed, &self.learnt())
        })
    }

    /// Each stand-in that a plan may hold, with the value learnt for it.
    fn learnt(&self) -> Vec<(String, String)> {
        let all = self.tasks.values().flat_map(|task| self.learnt_by(task));
        sorted(all.collect())
    }

    fn learnt_by(&self, task: &Task) -> Vec<(String, String)> {
        let facts: Facts<'_> = self.store.at(&task.place);
        let known = |fact: &&'static Fact| match facts.optional(fact) {
            Ok(Some(value)) if !facts.pending(fact) => Some((stand_in(fact, &task.place), value)),
            _ => None,
        };
        let facts = task.step.needs.iter().chain(task.step.gives);
        facts.filter_map(known).collect()
    }

    /// Records an intent and has it stored; the write follows when it is.
    pub(super) fn store_intent(&mut self, spot: &Spot, purpose: Purpose, write: Write) {
        let Some(task) = self.tasks.change(spot) else {
            return;
        };
        task.state = State::Storing;
        let mut call = write.call();
        let changes = match &write.content {
            Content::Changed { changes, .. } => {
                call.body = None;
                changes.clone()
            }
            Content::Personal(_) => {
                call.body = None;
                Vec::new()
            }
            _ => Vec::new(),
        };
        let event = Event::Intent {
            purpose,
            call,
            changes,
        };
        let entry = self.ledger.record(self.now, &task.key, event);
        let seq = entry.seq;
        let until = match purpose == Purpose::Undo || rests_on_a_read(&write) {
            true => task.seen + OLD,
            false => u64::MAX,
        };
        let ticket = self.desk.store(entry);
        task.writing = Some(write.op.id);
        let kind = (task.step.side, write.op.id);
        self.turns.change(kind, Turns::take);
        let intent = Intent { seq, write, until };
        self.work
            .insert(ticket, vec![Work::Intent(spot.clone(), intent)]);
    }

    /// The intent is stored: the write may go, unless the person stopped the run meanwhile.
    pub(super) fn send(&mut self, spot: Spot, intent: Intent) {
        let Some(task) = self.tasks.change(&spot) else {
            return;
        };
        if self.phase == Phase::Stopped {
            task.state = State::Idle;
            let outcome = Outcome::Refused {
                why: "stopped before it was sent".into(),
            };
            return self.record_outcome(&spot, intent.seq, outcome);
        }
        task.state = State::Writing;
        let (side, Intent { seq, write, until }) = (task.step.side, intent);
        let call = write.call();
        let ticket = self.desk.write(side, write.op, call, self.now, until);
        self.work.insert(ticket, vec![Work::Write(spot, seq)]);
    }

    /// Takes what came of a write.
    pub(super) fn wrote(&mut self, spot: &Spot, intent: u64, wrote: &Wrote) {
        let why = String::clone;
        let (outcome, later) = match wrote {
            Wrote::Answered(outcome) => (outcome.clone(), None),
            Wrote::Later { why: said, at } => (Outcome::Refused { why: why(said) }, Some(*at)),
            Wrote::Old => (
                Outcome::Refused {
                    why: NOT_SENT.into(),
                },
                Some(self.now),
            ),
            Wrote::Silent { why: said } => (Outcome::Unsure { why: why(said) }, None),
        };
        self.record_outcome(spot, intent, outcome.clone());
        let (now, applied) = (self.now, self.undoing.is_none());
        let Some(task) = self.tasks.change(spot) else {
            return;
        };
        task.state = State::Idle;
        task.due = true;
        task.reads = 0;
        // An object that flickers for a minute outlasts ten tries a second apart.
        let patience = now + pace::backoff(task.put_off);
        task.not_before = later.map_or(now, |at| at.max(patience));
        match (&outcome, later) {
            (_, Some(_)) if matches!(wrote, Wrote::Old) => task.not_before = now,
            (_, Some(_)) => {
                task.put_off += 1;
                if task.put_off >= MOST_PUT_OFF {
                    task.refused = refusal(&outcome);
                }
            }
            // In an undo, what is missing is what is wanted.
            (_, None) if !applied => {}
            (Outcome::Accepted { .. }, None) => {
                task.care = Care::Settling {
                    until: now + SETTLE,
                    shown: false,
                }
            }
            (Outcome::Refused { .. }, None) => task.refused = refusal(&outcome),
            (Outcome::Unsure { .. }, None) => {
                task.unsure += 1;
                task.care = Care::doubt(now, matches!(wrote, Wrote::Silent { .. }));
            }
        }
        self.undo_wrote(spot, &outcome, later.is_some());
    }

    fn record_outcome(&mut self, spot: &Spot, intent: u64, outcome: Outcome) {
        self.end_turn(spot);
        let Some(task) = self.tasks.get(spot) else {
            return;
        };
        let event = Event::Outcome { intent, outcome };
        let entry = self.ledger.record(self.now, &task.key, event);
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
        if let Some(task) = self.tasks.change(spot) {
            task.state = State::Idle;
            task.due = true;
        }
    }
}

/// Whether a write makes something or replaces it: then it must not meet an org that changed since.
/// One more assignment or membership is the same, whatever happened meanwhile.
fn rests_on_a_read(write: &Write) -> bool {
    !matches!(write.content, Content::Nothing)
}

fn refusal(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Refused { why } => Some(why.clone()),
        _ => None,
    }
}
