//! Accounts made by the API from the rows of an import file: looked for, planned, made, linked and
//! read back.
//!
//! The rows of one file, which nobody's wish names, stand outside the procedure tables; all else is
//! the engine's own: the desk sends, paces, retries and pauses, an intent is stored before its write
//! leaves, and an answer that leaves doubt is settled by reading before anything is sent again.
//! The journal names a row by its line and a keyed hash, never by the person.

mod error;
mod make;
mod order;
mod plan;
mod prove;
mod report;
mod row;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::ask::{Ask, Reply};
use super::desk::{Came, Desk};
use super::journal::{Entry, Journal};
use super::ledger::Ledger;
use super::{Org, Pair, RunError, Side};
use crate::okta::{Answer, Probe, Write};
pub use error::CreationError;
pub use order::{Order, digest, linkable};
pub use plan::CreationPlan;
use prove::{Look, Seen};
pub use report::{Report, Told};
use row::{Row, State};

/// Rows, or reads, at work at a time.
const WIDTH: usize = 6;

/// See the module.
pub struct Creation {
    /// The target, twice: nothing is asked of a source.
    pair: Pair,
    order: Order,
    keys: Vec<String>,
    rows: Vec<Row>,
    ledger: Ledger,
    desk: Desk,
    work: BTreeMap<u64, Work>,
    phase: Phase,
    /// What may begin now, and what may later.
    queue: VecDeque<(usize, Task)>,
    later: BTreeSet<(u64, usize, Task)>,
    looks: VecDeque<Look>,
    seen: Seen,
    /// When a write was last accepted or doubted.
    wrote_at: u64,
    /// Rounds of proof so far.
    rounds: u32,
    /// Refusals one after the other, and why the rest was then left.
    refusals: u32,
    gave_up: Option<String>,
    /// Why the target could not be read before the plan.
    unread: Option<String>,
    now: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Looking,
    Planned,
    Making,
    Proving,
    Over,
    Stopped,
}

/// What is done about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Task {
    Create,
    Find,
    Link,
    Look,
}

/// What a ticket on the desk is for.
#[derive(Debug, Clone)]
enum Work {
    Look(Look),
    Find(usize),
    Intent(usize, Task, u64, Write),
    Write(usize, Task, u64),
}

impl Creation {
    /// Begins to look for the rows' accounts. `journal` is what earlier runs of this file in this
    /// org left; one of another file or org is refused, as is a damaged one.
    pub fn new(
        target: Org,
        order: Order,
        journal: Journal,
        now: u64,
    ) -> Result<Creation, CreationError> {
        if let Some(why) = journal.damage() {
            return Err(CreationError::Run(RunError::Damaged { why }));
        }
        let keys = order.keys(&target);
        let known: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let own = |entry: &Entry| known.contains(entry.key.trim_start_matches("link-of-"));
        if let Some(foreign) = journal.entries.iter().find(|entry| !own(entry)) {
            return Err(CreationError::Foreign { entry: foreign.seq });
        }
        let pair = Pair {
            source: target.clone(),
            target,
        };
        let mut creation = Creation {
            pair,
            rows: keys.iter().map(|_| Row::default()).collect(),
            keys,
            order,
            ledger: Ledger::from(journal),
            desk: Desk::default(),
            work: BTreeMap::new(),
            phase: Phase::Looking,
            queue: VecDeque::new(),
            later: BTreeSet::new(),
            looks: VecDeque::new(),
            seen: Seen::default(),
            wrote_at: 0,
            rounds: 0,
            refusals: 0,
            gave_up: None,
            unread: None,
            now,
        };
        creation.desk.pace.token = true;
        creation.look_for_all(|_| true);
        creation.advance();
        Ok(creation)
    }

    /// Everything that may be done now; nothing when a person is to decide or all is over.
    pub fn asks(&self) -> Vec<Ask> {
        let rests = matches!(self.phase, Phase::Planned | Phase::Over | Phase::Stopped);
        match rests && self.work.is_empty() && self.desk.is_idle() {
            true => Vec::new(),
            false => self.desk.asks(),
        }
    }

    /// Takes what came back for an ask.
    pub fn answer(&mut self, ask: u64, reply: Reply, now: u64) {
        self.now = self.desk.time(self.now, now);
        let came = self.desk.answer(ask, reply, &self.pair, self.now);
        if let Some((ticket, came)) = came
            && let Some(work) = self.work.remove(&ticket)
        {
            match (work, came) {
                (Work::Look(look), Came::Read(answer)) => self.looked(look, answer),
                (Work::Find(row), Came::Read(answer)) => self.found(row, answer),
                (Work::Intent(row, task, seq, write), Came::Stored) => {
                    self.send(row, task, seq, &write);
                }
                (Work::Write(row, task, seq), Came::Wrote(wrote)) => {
                    self.wrote(row, task, seq, wrote);
                }
                _ => {}
            }
        }
        // Who was signed in meanwhile matters to nothing that is kept: all is read again at the end.
        self.desk.take_changed();
        self.advance();
    }

    /// Agrees to a plan by its id; its writes begin.
    pub fn consent(&mut self, plan: &str, now: u64) -> Result<(), CreationError> {
        self.now = self.desk.time(self.now, now);
        match self.plan()?.id == plan {
            true => {
                self.desk.doubt_orgs();
                self.begin_making();
                self.advance();
                Ok(())
            }
            false => Err(CreationError::Run(RunError::Lapsed)),
        }
    }

    /// Reads back what earlier runs made, and writes nothing.
    pub fn prove(&mut self, now: u64) {
        self.now = self.desk.time(self.now, now);
        if self.phase == Phase::Planned {
            self.begin_proof();
            self.advance();
        }
    }

    /// Stops: what is in flight is waited for and recorded, nothing new is sent.
    pub fn cancel(&mut self, now: u64) {
        self.now = self.desk.time(self.now, now);
        if matches!(self.phase, Phase::Over | Phase::Stopped) {
            return;
        }
        self.phase = Phase::Stopped;
        self.queue.clear();
        self.later.clear();
        self.looks.clear();
        for ticket in self.desk.drop_unsent() {
            if let Some(Work::Write(row, task, seq)) = self.work.remove(&ticket) {
                self.not_sent(row, task, seq);
            }
        }
        self.advance();
    }

    /// One line for a person who waits.
    pub fn status(&self) -> String {
        let count =
            |wanted: fn(&State) -> bool| self.rows.iter().filter(|row| wanted(&row.state)).count();
        let made = count(|state| matches!(state, State::Made { .. } | State::Proven { .. }));
        let proven = count(|state| matches!(state, State::Proven { .. }));
        let all = self.rows.len();
        match self.phase {
            Phase::Looking | Phase::Planned => {
                let left = count(|state| *state == State::Unread);
                format!("{} of {all} rows looked up", all - left)
            }
            _ => format!("{made} of {all} accounts made, {proven} proven"),
        }
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        self.ledger.journal()
    }

    fn advance(&mut self) {
        loop {
            while self.work.len() < WIDTH && self.begin_next() {}
            let quiet = self.work.is_empty() && self.queue.is_empty() && self.looks.is_empty();
            let moved = quiet && self.later.is_empty() && self.next_phase();
            if !moved {
                break;
            }
        }
        if let Some((due, ..)) = self.later.first() {
            self.desk.wake(*due);
        }
        self.desk.pump(self.now);
    }

    /// Begins one more thing, when there is one.
    fn begin_next(&mut self) -> bool {
        if let Some(look) = self.looks.pop_front() {
            self.begin_look(look);
            return true;
        }
        while let Some(&(due, row, task)) = self.later.first()
            && due <= self.now
        {
            self.later.pop_first();
            self.queue.push_back((row, task));
        }
        match self.queue.pop_front() {
            Some((row, task)) => {
                self.begin(row, task);
                true
            }
            None => false,
        }
    }

    /// Everything of this phase is over: whether another begins.
    fn next_phase(&mut self) -> bool {
        match self.phase {
            Phase::Looking => {
                self.phase = Phase::Planned;
                false
            }
            Phase::Making => {
                self.begin_proof();
                true
            }
            Phase::Proving => self.judge(),
            Phase::Planned | Phase::Over | Phase::Stopped => false,
        }
    }

    fn read(&mut self, probe: &Probe, work: Work) {
        if let (Some(op), Some(call)) = (probe.op, probe.call()) {
            let ticket = self.desk.read(Side::Target, op, call, self.now);
            self.work.insert(ticket, work);
        }
    }

    /// Has an entry stored that nothing waits for.
    fn note(&mut self, entry: Entry) {
        self.desk.store(entry);
    }
}

/// What a read of the desk gives.
type Read = Result<std::sync::Arc<Answer>, String>;

#[cfg(test)]
mod tests;
