//! The desk between the engine and its driver: calls in flight, paging, pace, retries of reads,
//! pauses, and the check that each org is still the one that was pinned.
//!
//! The engine puts calls on the desk and gets results; it never sees a page, a 429 or a pause.

mod identity;
mod pause;
mod read;
mod write;

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

use super::ask::{Ask, Failure, Reply, What};
use super::journal::{Entry, Outcome};
use super::memory::Memory;
use super::pace::Pace;
use super::timeline::Pause;
use super::{Pair, Side};
use crate::explain::seen;
use crate::map::Map;
use crate::okta::{Answer, Call, ReadOp, Response, WriteOp};
use identity::{Identity, QUIET_TRIES};
use pause::{NOT_STORED, ORG_SILENT, TAB_MISSING, silent};
use write::unsure;

/// Calls in flight per org.
const LANES: usize = 6;

/// What comes back from the desk, with the ticket the engine got for it.
#[derive(Debug)]
pub(super) enum Came {
    /// A read: a checked answer, or why there is none.
    Read(Result<Arc<Answer>, String>),
    /// An entry is stored.
    Stored,
    /// A write.
    Wrote(Wrote),
}

/// What came of a write.
#[derive(Debug)]
pub(super) enum Wrote {
    /// For the journal, and final for this attempt.
    Answered(Outcome),
    /// Surely not done, and worth another try after this time: limit, session, not yet visible.
    Later { why: String, at: u64 },
}

#[derive(Debug, Clone)]
enum Kind {
    Read { op: &'static ReadOp },
    Write { op: &'static WriteOp },
    Who { me: bool },
}

#[derive(Debug, Clone)]
struct Request {
    side: Side,
    call: Arc<Call>,
    kind: Kind,
    pages: Vec<Value>,
    seen_pages: Vec<String>,
    not_before: u64,
    first: u64,
    tries: u32,
    ask: Option<u64>,
}

#[derive(Debug, Clone, Default)]
struct Org {
    identity: Identity,
    paused: Option<u64>,
    narrow: bool,
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(super) struct Desk {
    next: u64,
    requests: Map<u64, Box<Request>>,
    memory: Memory,
    stores: VecDeque<(u64, Arc<Entry>)>,
    /// The ask under which the first entry is being stored; 0 while a person mends the storage.
    storing: u64,
    waits: Map<u64, u64>,
    pauses: Map<u64, Pause>,
    orgs: [Org; 2],
    pub pace: Pace,
}

impl Desk {
    fn ticket(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn org(&mut self, side: Side) -> &mut Org {
        let [source, target] = &mut self.orgs;
        match side {
            Side::Source => source,
            Side::Target => target,
        }
    }

    fn org_ref(&self, side: Side) -> &Org {
        let [source, target] = &self.orgs;
        match side {
            Side::Source => source,
            Side::Target => target,
        }
    }

    /// Puts a read on the desk; the same read already waiting is shared.
    pub fn read(&mut self, side: Side, op: &'static ReadOp, call: Call, now: u64) -> u64 {
        let same =
            |r: &Request| r.side == side && *r.call == call && matches!(r.kind, Kind::Read { .. });
        if let Some((ticket, _)) = self.requests.iter().find(|(_, r)| same(r)) {
            return *ticket;
        }
        self.put(side, call, Kind::Read { op }, now)
    }

    /// Puts a write on the desk.
    pub fn write(&mut self, side: Side, op: &'static WriteOp, call: Call, now: u64) -> u64 {
        self.put(side, call, Kind::Write { op }, now)
    }

    fn put(&mut self, side: Side, call: Call, kind: Kind, now: u64) -> u64 {
        let ticket = self.ticket();
        let request = Request {
            side,
            call: Arc::new(call),
            kind,
            pages: Vec::new(),
            seen_pages: Vec::new(),
            not_before: now,
            first: now,
            tries: 0,
            ask: None,
        };
        self.requests.insert(ticket, Box::new(request));
        ticket
    }

    /// Puts an entry on the desk to be stored. Entries are stored one after the other: a chain
    /// with a gap would be worth nothing.
    pub fn store(&mut self, entry: Entry) -> u64 {
        let ticket = self.ticket();
        if self.stores.is_empty() {
            self.storing = self.ticket();
        }
        self.stores.push_back((ticket, Arc::new(entry)));
        ticket
    }

    /// Sees to it that the engine is called again at this time.
    pub fn wake(&mut self, at: u64) {
        if !self.waits.contains_key(&at) {
            let ticket = self.ticket();
            self.waits.insert(at, ticket);
        }
    }

    /// Drops what has not been sent; gives the tickets dropped.
    pub fn drop_unsent(&mut self) -> Vec<u64> {
        let unsent: Vec<u64> = self
            .requests
            .iter()
            .filter(|(_, r)| r.ask.is_none())
            .map(|(ticket, _)| *ticket)
            .collect();
        for ticket in &unsent {
            let gone = self.requests.remove(ticket);
            if let Some(who) = gone.filter(|gone| matches!(gone.kind, Kind::Who { .. })) {
                self.org(who.side).identity = Identity::Unchecked;
            }
        }
        unsent
    }

    /// Everything the driver may do now.
    pub fn asks(&self) -> Vec<Ask> {
        let sends = self.requests.values().filter_map(|request| {
            let what = What::Send {
                side: request.side,
                call: request.call.clone(),
                write: matches!(request.kind, Kind::Write { .. }),
            };
            request.ask.map(|id| Ask { id, what })
        });
        let first = self.stores.front().filter(|_| self.storing > 0);
        let stores = first.map(|(_, e)| Ask {
            id: self.storing,
            what: What::Store(e.clone()),
        });
        let waits = self.waits.iter().map(|(at, id)| Ask {
            id: *id,
            what: What::Wait { until: *at },
        });
        let people = self.pauses.iter().map(|(id, p)| Ask {
            id: *id,
            what: What::Person(p.clone()),
        });
        stores
            .into_iter()
            .chain(sends)
            .chain(waits)
            .chain(people)
            .collect()
    }

    /// Sends what may be sent now.
    pub fn pump(&mut self, now: u64) {
        self.waits.retain(|at, _| *at > now);
        let queued: Vec<u64> = self
            .requests
            .iter()
            .filter(|(_, r)| r.ask.is_none())
            .map(|(ticket, _)| *ticket)
            .collect();
        for ticket in queued {
            self.send(ticket, now);
        }
    }

    fn send(&mut self, ticket: u64, now: u64) {
        let Some(request) = self.requests.get(&ticket) else {
            return;
        };
        let (side, op, not_before) = (request.side, request.call.op.clone(), request.not_before);
        if self.org_ref(side).paused.is_some() || !self.knows_org(side, ticket, now) {
            return;
        }
        if not_before > now {
            return self.wake(not_before);
        }
        let in_flight = self
            .requests
            .values()
            .filter(|r| r.side == side && r.ask.is_some())
            .count();
        if in_flight >= if self.org_ref(side).narrow { 1 } else { LANES } {
            return;
        }
        if let Err(free) = self.pace.admit(side, &op, now) {
            return self.wake(free);
        }
        self.pace.sent(side, &op, now);
        let ask = self.ticket();
        if let Some(request) = self.requests.get_mut(&ticket) {
            request.ask = Some(ask);
        }
    }

    /// Takes what came back for an ask; gives the result for the engine, if there is one.
    pub fn answer(&mut self, ask: u64, reply: Reply, pair: &Pair, now: u64) -> Option<(u64, Came)> {
        if ask == self.storing {
            return self.store_answered(reply);
        }
        if self.pauses.contains_key(&ask) {
            if matches!(reply, Reply::Done) {
                self.resume(ask, now);
            }
            return None;
        }
        let ticket = *self.requests.iter().find(|(_, r)| r.ask == Some(ask))?.0;
        match reply {
            Reply::Response(response) => self.responded(ticket, response, pair, now),
            Reply::Failed(failure) => self.failed(ticket, failure, now),
            _ => None,
        }
    }

    fn store_answered(&mut self, reply: Reply) -> Option<(u64, Came)> {
        match reply {
            Reply::Stored => {
                let (ticket, _) = self.stores.pop_front()?;
                self.storing = if self.stores.is_empty() {
                    0
                } else {
                    self.ticket()
                };
                Some((ticket, Came::Stored))
            }
            Reply::NotStored(why) => {
                self.storing = 0;
                let ask = self.ticket();
                let text = format!(
                    "The journal cannot be stored: {}. Nothing is sent without it. Make room in the browser's storage, then go on.",
                    seen(&why)
                );
                let pause = Pause {
                    ask,
                    side: Side::Source,
                    code: NOT_STORED,
                    text,
                };
                self.pauses.insert(ask, pause);
                None
            }
            _ => None,
        }
    }

    fn responded(
        &mut self,
        ticket: u64,
        response: Response,
        pair: &Pair,
        now: u64,
    ) -> Option<(u64, Came)> {
        let request = self.requests.get_mut(&ticket)?;
        request.ask = None;
        let (side, op) = (request.side, request.call.op.clone());
        self.pace.learn(side, &op, &response);
        if response.status == 429 {
            self.org(side).narrow = response.header("x-rate-limit-limit") == Some("0");
        }
        match self.requests.get(&ticket)?.kind.clone() {
            Kind::Read { op } => self.read_answered(ticket, op, response, pair, now),
            Kind::Write { op } => self.write_answered(ticket, op, &response, now),
            Kind::Who { me } => {
                self.who_answered(ticket, me, &response, pair, now);
                None
            }
        }
    }

    fn failed(&mut self, ticket: u64, failure: Failure, now: u64) -> Option<(u64, Came)> {
        let request = self.requests.get_mut(&ticket)?;
        request.ask = None;
        let (side, tries) = (request.side, request.tries);
        if failure == Failure::TabGone {
            self.pause(side, "tab-missing", TAB_MISSING.into());
        }
        match self.requests.get(&ticket)?.kind {
            Kind::Read { .. } if failure == Failure::TabGone => None,
            Kind::Read { .. } => {
                if tries + 1 == QUIET_TRIES {
                    self.pause(side, ORG_SILENT, silent(failure.text()));
                }
                self.retry(ticket, failure.text().into(), None, now)
            }
            Kind::Who { .. } => {
                self.who_unclear(ticket, failure.text(), None, now);
                None
            }
            Kind::Write { .. } => {
                self.requests.remove(&ticket);
                self.stale(side);
                let wrote = match failure {
                    Failure::NotSent => Wrote::Later {
                        why: failure.text().into(),
                        at: now,
                    },
                    _ => unsure(failure.text()),
                };
                Some((ticket, Came::Wrote(wrote)))
            }
        }
    }

    /// Whether nothing is asked of the driver but to wait for a person or the clock.
    pub fn is_idle(&self) -> bool {
        self.requests.is_empty() && self.stores.is_empty()
    }
}

fn error_text(response: &Response) -> String {
    match response.okta_error() {
        Some((code, text)) => format!("{} {code} {text}", response.status),
        None => format!("status {}", response.status),
    }
}
