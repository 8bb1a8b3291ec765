//! Taking back what the journal proves we made, latest first, one step after the other.
//!
//! Each step is looked at afresh: what others changed since, and what a gate no longer protects,
//! stays in place and is named.

use std::collections::VecDeque;

use super::apply::{MOST_PUT_OFF, SETTLE};
use super::journal::{Event, Made, Outcome, Purpose, fingerprint};
use super::plan::Note;
use super::step::Finding;
use super::task::{Spot, State, Task};
use super::timeline::Phase;
use super::{Run, RunError, pace};
use crate::okta::Write;
use plan::gone;

mod plan;

/// Times the writes of one step are tried again after an answer that said nothing.
const MOST_TRIES: u32 = 3;

/// An undo under way.
pub(super) struct Undoing {
    queue: VecDeque<Spot>,
    job: Option<Job>,
}

struct Job {
    spot: Spot,
    stage: Stage,
    writes: VecDeque<Write>,
    /// Something was sent: from here on the object is half taken back by us.
    begun: bool,
    tries: u32,
    put_off: u32,
    until: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// A fresh look decides what to send.
    Look,
    /// The next write goes.
    Send,
    /// A write is stored, in flight, or put off.
    Sent,
    /// A read must prove that it is gone.
    Verify,
}

impl Run {
    /// Agrees to an undo plan by its id; it begins.
    pub fn consent_undo(&mut self, plan: &str, now: u64) -> Result<(), RunError> {
        self.may_write()?;
        let shown = self.plan_undo().ok_or(RunError::Busy)?;
        if shown.id != plan {
            return Err(RunError::Lapsed);
        }
        self.now = self.desk.time(self.now, now);
        let spot = |key: &str| self.spot(key).ok_or_else(|| gone(key));
        let (mut queue, mut left) = (VecDeque::new(), Vec::new());
        for found in self.undo_order().into_iter().map(spot) {
            match found {
                Ok(spot) => queue.push_back(spot),
                Err(note) => left.push(note),
            }
        }
        self.left = left;
        self.undoing = Some(Undoing { queue, job: None });
        self.phase = Phase::Undoing;
        self.plan = None;
        self.desk.doubt_orgs();
        self.advance();
        Ok(())
    }

    /// What the run made, in the order in which it is taken back: see
    /// [`super::step::Procedure::undo_first`].
    fn undo_order(&self) -> Vec<&str> {
        let made = self.ledger.made();
        let ranked: Vec<&str> = self
            .procedures
            .iter()
            .flat_map(|procedure| procedure.undo_first)
            .copied()
            .collect();
        let rank = |key: &&str| {
            let step = key.split('/').next();
            let first = ranked.iter().position(|id| Some(*id) == step);
            first.unwrap_or(ranked.len())
        };
        // Step by step: what has no rank of its own comes last, all as the journal has it.
        (0..=ranked.len())
            .flat_map(|place| made.iter().filter(move |key| rank(key) == place))
            .copied()
            .collect()
    }

    fn is_undone_first(&self, gate: &str) -> bool {
        let mut procedures = self.procedures.iter();
        procedures.any(|procedure| procedure.undo_first.contains(&gate))
    }

    /// The writes that take a step back as it was last seen, or why nothing is sent. `planned` is
    /// what stays in a plan that is being made.
    fn undo_writes(
        &self,
        task: &Task,
        begun: bool,
        planned: Option<&[Note]>,
    ) -> Result<Vec<Write>, String> {
        let undo = task.step.undo.ok_or("it cannot be undone")?;
        let answer = task.answer.as_ref().ok_or("it cannot be read now")?;
        let trace = self
            .ledger
            .trace(&task.key)
            .ok_or("the journal does not show that we made it")?;
        match &task.finding {
            Some(Finding::Unmet) => return Ok(Vec::new()),
            Some(Finding::Met(proof)) if !begun => {
                if !self.ledger.proved(&task.key, &fingerprint(&proof.object)) {
                    return Err("somebody changed it since".into());
                }
            }
            Some(_) if begun => {}
            // An undo before this one got no further; what is there now is what it left.
            Some(Finding::Blocked { .. } | Finding::Differs { .. })
                if self.ledger.half_undone(&task.key) => {}
            Some(other) => return Err(other.text()),
            None => return Err("it cannot be read any more".into()),
        }
        if let Some(key) = self.built_on_by(task, planned.unwrap_or(&self.left)) {
            return Err(format!("`{key}` stays and is built on it"));
        }
        if let Some(gate) = self.shut_gate(task, planned.is_some()) {
            let why = match self.is_undone_first(gate) {
                true => "still stands, and with it this could hurt people",
                false => "is not proven now, and without it this could hurt people",
            };
            return Err(format!("`{gate}` {why}"));
        }
        let made = Made {
            place: &task.place,
            call: trace.call,
            id: trace.id,
            changes: trace.changes,
        };
        Ok(undo(&made, answer))
    }

    /// Whether what a step changed is gone with the object that it changed: a read has shown that
    /// this is no longer there.
    fn went_with_another(&self, task: &Task) -> bool {
        let Some(gone) = task.waits_for(&self.store) else {
            return false;
        };
        let mut tasks = self.tasks.values();
        tasks.any(|other| {
            other.finding == Some(Finding::Unmet)
                && other.step.gives.iter().any(|fact| fact.id == gone.id)
                && other.place.iter().all(|at| task.place.contains(at))
        })
    }

    /// A gate that is shut and not itself being taken back; or one that had to be taken back
    /// before and stands.
    fn shut_gate(&self, task: &Task, planning: bool) -> Option<&'static str> {
        let first = self.is_undone_first(task.step.id);
        // What this run made is gone by then, where a plan is made.
        let is_made = |other: &Task| self.ledger.trace(&other.key).is_some_and(|t| t.took);
        let stands = |other: &Task| other.is_met() && !(planning && is_made(other));
        let shut = |gate: &&&'static str| match self.is_undone_first(gate) {
            true => !first && self.tasks_of(gate).any(stands),
            false => {
                let read_only = self.step(gate).is_some_and(|gate| gate.write.is_none());
                read_only && !self.tasks.all_met(gate)
            }
        };
        task.step.after.iter().find(shut).copied()
    }

    /// The tasks of a row.
    pub(super) fn tasks_of(&self, step: &str) -> impl Iterator<Item = &Task> {
        let row = self.rows().find(|(_, own)| own.id == step);
        let tasks = row.into_iter().flat_map(|(row, _)| self.tasks.of(row));
        tasks.map(|(_, task)| task)
    }

    /// Where the task with this key is found, see [`super::task::key`].
    pub(super) fn spot(&self, key: &str) -> Option<Spot> {
        let (id, ids) = key.split_once('/').unwrap_or((key, ""));
        let ((p, s), _) = self.rows().find(|(_, step)| step.id == id)?;
        let spot = (p, s, ids.to_owned());
        self.tasks.contains(&spot).then_some(spot)
    }

    /// Moves an undo on as far as possible.
    pub(super) fn take_back(&mut self) -> bool {
        let Some(mut undoing) = self.undoing.take() else {
            return false;
        };
        let mut moved = false;
        if undoing.job.is_none() {
            let Some(spot) = undoing.queue.pop_front() else {
                return true;
            };
            self.look_again(&spot, 0);
            undoing.job = Some(Job {
                spot,
                stage: Stage::Look,
                writes: VecDeque::new(),
                begun: false,
                tries: 0,
                put_off: 0,
                until: 0,
            });
            moved = true;
        }
        if let Some(job) = &mut undoing.job {
            match self.move_job(job) {
                Moved::Done => {
                    undoing.job = None;
                    moved = true;
                }
                Moved::On => moved = true,
                Moved::Waits => {}
            }
        }
        self.undoing = Some(undoing);
        moved
    }

    pub(super) fn look_again(&mut self, spot: &Spot, wait: u64) {
        let now = self.now;
        if let Some(task) = self.tasks.change(spot) {
            task.due = true;
            task.not_before = now + wait;
        }
    }

    fn move_job(&mut self, job: &mut Job) -> Moved {
        let Some(task) = self.tasks.get(&job.spot) else {
            return Moved::Done;
        };
        let reading = task.state != State::Idle || (task.due && task.is_ready(&self.store));
        match job.stage {
            _ if reading => Moved::Waits,
            Stage::Look => self.decide(job),
            Stage::Send => self.send_next(job),
            Stage::Sent => Moved::Waits,
            Stage::Verify => self.verify(job),
        }
    }

    fn decide(&mut self, job: &mut Job) -> Moved {
        let Some(task) = self.tasks.get(&job.spot) else {
            return Moved::Done;
        };
        if self.went_with_another(task) {
            return self.undone(job);
        }
        match self.undo_writes(task, job.begun, None) {
            Err(why) => self.leave(job, &why),
            Ok(writes) if writes.is_empty() => self.undone(job),
            Ok(writes) => {
                job.writes = writes.into();
                job.stage = Stage::Send;
                Moved::On
            }
        }
    }

    fn send_next(&mut self, job: &mut Job) -> Moved {
        match job.writes.front().cloned() {
            Some(write) => {
                job.begun = true;
                job.stage = Stage::Sent;
                self.store_intent(&job.spot, Purpose::Undo, write);
            }
            None => {
                job.stage = Stage::Verify;
                job.until = self.now + SETTLE;
                self.look_again(&job.spot, 0);
            }
        }
        Moved::On
    }

    /// Takes what came of a write of the undo.
    pub(super) fn undo_wrote(&mut self, spot: &Spot, outcome: &Outcome, later: bool) {
        let Some(job) = self
            .undoing
            .as_mut()
            .and_then(|undoing| undoing.job.as_mut())
        else {
            return;
        };
        let Some(task) = self.tasks.change(spot) else {
            return;
        };
        task.refused = None;
        match (outcome, later) {
            (_, true) => {
                job.put_off += 1;
                job.stage = if job.put_off < MOST_PUT_OFF {
                    Stage::Look
                } else {
                    Stage::Verify
                };
            }
            (Outcome::Unsure { .. }, false) => {
                job.tries += 1;
                job.stage = if job.tries <= MOST_TRIES {
                    Stage::Look
                } else {
                    Stage::Verify
                };
                task.not_before = self.now + pace::backoff(job.tries);
            }
            // A refused deactivation may mean "inactive already"; the read after the last write decides,
            // not the care that a fresh create needs.
            (Outcome::Accepted { .. } | Outcome::Refused { .. }, false) => {
                task.care = super::task::Care::None;
                job.writes.pop_front();
                job.stage = Stage::Send;
                task.due = false;
            }
        }
    }

    fn verify(&mut self, job: &mut Job) -> Moved {
        let Some(task) = self.tasks.get(&job.spot) else {
            return Moved::Done;
        };
        match &task.finding {
            Some(Finding::Unmet) => self.undone(job),
            _ if self.now < job.until && task.is_ready(&self.store) => {
                let wait = pace::backoff(task.reads);
                self.look_again(&job.spot, wait);
                Moved::On
            }
            _ => self.leave(job, "the org still shows it"),
        }
    }

    fn undone(&mut self, job: &Job) -> Moved {
        if let Some(task) = self.tasks.get(&job.spot) {
            let entry = self.ledger.record(self.now, &task.key, Event::Undone);
            self.note(entry);
        }
        Moved::Done
    }

    fn leave(&mut self, job: &Job, why: &str) -> Moved {
        if let Some(task) = self.tasks.get(&job.spot) {
            let note = self.stays(task, why);
            self.left.push(note);
        }
        Moved::Done
    }
}

enum Moved {
    Done,
    On,
    Waits,
}
