//! Writing: the intent first, then the call; what leaves doubt is read before it is sent again.

use super::super::apply::MOST_PUT_OFF;
use super::super::care::{DOUBT_PAUSE, DOUBT_READS, DOUBT_SPAN, ON_ITS_WAY};
use super::super::desk::Wrote;
use super::super::journal::{Event, Outcome, Purpose};
use super::super::{Side, pace};
use super::row::{Link, Row, State};
use super::{Creation, Order, Phase, Read, Task, Work};
use crate::explain::seen;
use crate::okta::answer::text;
use crate::okta::{Write, users};
use crate::users::Newcomer;

/// Sends of one row whose effect nobody could tell, before it is left to a person.
pub(super) const MOST_UNSURE: u32 = 3;
/// Refusals one after the other before the rest is left: then it is not the rows.
const MOST_REFUSALS: u32 = 5;
const STOPPED: &str = "stopped before it was sent";

impl Creation {
    pub(super) fn person(&self, row: usize) -> Option<&Newcomer> {
        self.order.rows.people.get(row)
    }

    /// Under which key the journal knows what is done about a row.
    pub(super) fn key(&self, row: usize, task: Task) -> String {
        let key = self.keys.get(row).map_or("", String::as_str);
        match task {
            Task::Link => ["link-of-", key].concat(),
            Task::Create | Task::Find | Task::Look => key.to_owned(),
        }
    }

    pub(super) fn begin_making(&mut self) {
        self.phase = Phase::Making;
        for (at, row) in self.rows.iter().enumerate() {
            match (&row.state, &row.link) {
                (State::Fresh, _) => self.queue.push_back((at, Task::Create)),
                (State::Doubt { .. }, _) => self.queue.push_back((at, Task::Find)),
                (State::Made { .. }, Link::Wanted) => self.queue.push_back((at, Task::Link)),
                _ => {}
            }
        }
    }

    pub(super) fn begin(&mut self, row: usize, task: Task) {
        if task == Task::Look {
            return self.begin_proof();
        }
        let (Some(person), Some(state)) = (self.person(row), self.rows.get(row)) else {
            return;
        };
        let write = match (task, &state.state) {
            (Task::Find, State::Doubt { .. }) => {
                return self.read(&users::find(&person.login), Work::Find(row));
            }
            (Task::Create, State::Fresh) if self.gave_up.is_none() => {
                Some(self.order.create(person))
            }
            (Task::Link, State::Made { id }) => self.order.link(person, id),
            _ => None,
        };
        if let Some(write) = write {
            self.intend(row, task, write);
        }
    }

    /// Has the intent stored; the write follows when it is.
    fn intend(&mut self, row: usize, task: Task, write: Write) {
        let mut call = write.call();
        call.body = None;
        let event = Event::Intent {
            purpose: Purpose::Apply,
            call,
            changes: Vec::new(),
        };
        let key = self.key(row, task);
        let entry = self.ledger.record(self.now, &key, event);
        let seq = entry.seq;
        let ticket = self.desk.store(entry);
        self.work
            .insert(ticket, Work::Intent(row, task, seq, write));
    }

    /// The intent is stored: the write may go, unless the person stopped the run meanwhile.
    pub(super) fn send(&mut self, row: usize, task: Task, seq: u64, write: &Write) {
        if self.phase == Phase::Stopped {
            return self.not_sent(row, task, seq);
        }
        let call = write.call();
        let ticket = self
            .desk
            .write(Side::Target, write.op, call, self.now, u64::MAX);
        self.work.insert(ticket, Work::Write(row, task, seq));
    }

    pub(super) fn not_sent(&mut self, row: usize, task: Task, seq: u64) {
        let why = STOPPED.to_owned();
        self.record_outcome(row, task, seq, Outcome::Refused { why });
    }

    fn record_outcome(&mut self, row: usize, task: Task, intent: u64, outcome: Outcome) {
        let key = self.key(row, task);
        let event = Event::Outcome { intent, outcome };
        let entry = self.ledger.record(self.now, &key, event);
        self.note(entry);
    }

    /// Takes what came of a write.
    pub(super) fn wrote(&mut self, row: usize, task: Task, seq: u64, wrote: Wrote) {
        let (outcome, later, silent) = match wrote {
            Wrote::Answered(outcome) => (outcome, None, false),
            Wrote::Later { why, at } => (Outcome::Refused { why }, Some(at), false),
            Wrote::Old => (
                Outcome::Refused {
                    why: STOPPED.to_owned(),
                },
                Some(self.now),
                false,
            ),
            Wrote::Silent { why } => (Outcome::Unsure { why }, None, true),
        };
        self.record_outcome(row, task, seq, outcome.clone());
        if let Some(at) = later {
            return self.put_off(row, task, at, &outcome);
        }
        if !matches!(outcome, Outcome::Refused { .. }) {
            self.wrote_at = self.now;
            self.refusals = 0;
        }
        match task {
            Task::Link => self.linked(row, outcome),
            _ => self.created(row, outcome, silent),
        }
    }

    fn put_off(&mut self, row: usize, task: Task, at: u64, outcome: &Outcome) {
        let now = self.now;
        let Some(own) = self.rows.get_mut(row) else {
            return;
        };
        own.put_off += 1;
        let (Outcome::Refused { why }, true) = (outcome, own.put_off >= MOST_PUT_OFF) else {
            let at = at.max(now + pace::backoff(own.put_off - 1));
            if self.phase == Phase::Making {
                self.later.insert((at, row, task));
            }
            return;
        };
        match task {
            Task::Link => own.link = Link::Refused { why: why.clone() },
            _ => own.state = State::Refused { why: why.clone() },
        }
    }

    fn created(&mut self, row: usize, outcome: Outcome, silent: bool) {
        let now = self.now;
        let Some(own) = self.rows.get_mut(row) else {
            return;
        };
        let span = if silent { ON_ITS_WAY } else { DOUBT_SPAN };
        match outcome {
            Outcome::Accepted { id: Some(id) } => return self.made(row, id),
            Outcome::Accepted { id: None } | Outcome::Unsure { .. } => {
                own.unsure += 1;
                own.state = State::Doubt {
                    until: now + span,
                    reads: 0,
                };
            }
            // "Exists already" may be our own: of a send that nobody answered, or that arrived twice.
            Outcome::Refused { why } => {
                self.refusals += 1;
                if self.refusals >= MOST_REFUSALS {
                    self.gave_up = Some(why.clone());
                }
                own.refused = Some(why);
                own.state = State::Doubt {
                    until: now,
                    reads: DOUBT_READS - 1,
                };
            }
        }
        let wait = match &own.refused {
            Some(_) => 0,
            None => DOUBT_SPAN / u64::from(DOUBT_READS - 1),
        };
        if self.phase == Phase::Making {
            self.later.insert((now + wait, row, Task::Find));
        }
    }

    /// The account is there; its link is next, where one is to be made.
    fn made(&mut self, row: usize, id: String) {
        let links = self.order.idp.is_some() && self.phase == Phase::Making;
        if let Some(own) = self.rows.get_mut(row) {
            own.refused = None;
            own.state = State::Made { id };
            if links && own.link == Link::Wanted {
                // Before further accounts: the two have buckets of their own.
                self.queue.push_front((row, Task::Link));
            }
        }
    }

    fn linked(&mut self, row: usize, outcome: Outcome) {
        if let Some(own) = self.rows.get_mut(row) {
            own.link = match outcome {
                Outcome::Refused { why } => Link::Refused { why },
                Outcome::Accepted { .. } => Link::Sent,
                Outcome::Unsure { .. } => {
                    own.link_unsure += 1;
                    Link::Sent
                }
            };
        }
    }

    /// Takes a read of a row in doubt.
    pub(super) fn found(&mut self, row: usize, answer: Read) {
        let (now, making) = (self.now, self.phase == Phase::Making);
        let (Some(person), Some(own)) = (self.order.rows.people.get(row), self.rows.get_mut(row))
        else {
            return;
        };
        let State::Doubt { until, reads } = own.state else {
            return;
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(why) => return own.state = State::Unknown { why },
        };
        if answer.is_absent() {
            let reads = reads + 1;
            if reads < DOUBT_READS || now < until {
                own.state = State::Doubt { until, reads };
                let wait = match reads < DOUBT_READS {
                    true => DOUBT_SPAN / u64::from(DOUBT_READS - 1),
                    false => DOUBT_PAUSE.min(until - now).max(1),
                };
                if making {
                    self.later.insert((now + wait, row, Task::Find));
                }
                return;
            }
            own.state = absent(own);
            if own.state == State::Fresh && making {
                self.queue.push_back((row, Task::Create));
            }
            return;
        }
        let ours = own.unsure > 0 && Order::is_like(person, answer.body());
        match (ours, answer.text("/id")) {
            (true, Ok(id)) => {
                let id = id.to_owned();
                self.wrote_at = now;
                self.made(row, id);
            }
            _ => {
                let status = text(answer.body(), "/status").unwrap_or_default();
                let why = format!(
                    "an account of this user name was made meanwhile: {}",
                    seen(status)
                );
                own.state = State::Exists { why };
            }
        }
    }
}

/// What follows when a doubtful send surely did not make an account.
fn absent(own: &Row) -> State {
    match &own.refused {
        Some(why) => State::Refused { why: why.clone() },
        None if own.unsure >= MOST_UNSURE => State::Unknown {
            why: format!("sent {MOST_UNSURE} times without an answer that says what came of it"),
        },
        None => State::Fresh,
    }
}
