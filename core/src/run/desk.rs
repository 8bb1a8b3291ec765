//! The desk between the engine and its driver: calls in flight, paging, pace, retries of reads,
//! pauses, and the check that each org is still the one that was pinned.
//!
//! The engine puts calls on the desk and gets results; it never sees a page, a 429 or a pause.

mod identity;
mod memory;
mod pause;
mod read;
mod store;
mod write;

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

use super::ask::{Ask, Failure, Reply, What};
use super::journal::{Entry, Outcome};
use super::pace::Pace;
use super::timeline::Pause;
use super::{Pair, Side};
use crate::map::Map;
use crate::okta::{Answer, Call, ReadOp, Response, WriteOp};
use identity::{Identity, QUIET_TRIES};
use memory::{Memory, key};
use pause::{ORG_SILENT, TAB_MISSING, silent};

/// Calls in flight per org.
pub(crate) const LANES: usize = 6;
/// The same where pacing is off: as many as any step of a table needs.
const WIDE: usize = 64;

/// What comes back from the desk, with the ticket the engine got for it.
#[derive(Debug)]
pub(crate) enum Came {
    /// A read: a checked answer, or why there is none.
    Read(Result<Arc<Answer>, String>),
    /// An entry is stored.
    Stored,
    /// A write.
    Wrote(Wrote),
}

/// What came of a write.
#[derive(Debug)]
pub(crate) enum Wrote {
    /// For the journal, and final for this attempt.
    Answered(Outcome),
    /// Surely not done, and worth another try after this time: limit, session, not yet visible.
    Later { why: String, at: u64 },
    /// Not sent: what it was made from was read too long ago when its turn came.
    Old,
    /// No answer: it may be done, and may still be on its way.
    Silent { why: String },
}

#[derive(Debug, Clone)]
enum Kind {
    Read {
        op: &'static ReadOp,
    },
    /// Not to be sent after `until`.
    Write {
        op: &'static WriteOp,
        until: u64,
    },
    Who {
        me: bool,
    },
}

#[derive(Debug, Clone)]
struct Request {
    side: Side,
    call: Arc<Call>,
    kind: Kind,
    pages: Vec<Value>,
    seen_pages: Vec<String>,
    first: u64,
    tries: u32,
    /// Sent while somebody else was signed in: its answer counts for nothing.
    disowned: bool,
}

#[derive(Debug, Clone, Default)]
struct Org {
    identity: Identity,
    /// When it was last known who reads and writes here.
    known: u64,
    paused: Option<u64>,
    narrow: bool,
    /// Tickets of the requests that are not in flight, and the time before which each stays.
    unsent: Map<u64, u64>,
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    next: u64,
    requests: Map<u64, Box<Request>>,
    /// The ask under which a request is in flight, and its ticket.
    asked: Map<u64, u64>,
    /// The last read put on the desk for each [`key`] of a call, by its ticket.
    reads: Map<u64, u64>,
    memory: Memory,
    stores: VecDeque<(u64, Arc<Entry>)>,
    /// The ask under which the first entry is being stored; 0 while a person mends the storage.
    storing: u64,
    waits: Map<u64, u64>,
    /// Writes whose turn came too late.
    old: Vec<u64>,
    /// Orgs in which somebody else was found signed in, and since when nobody knows who it was.
    changed: Vec<(Side, u64)>,
    pauses: Map<u64, Pause>,
    orgs: [Org; 2],
    /// By how much time here is ahead of the driver's clock.
    ahead: u64,
    /// Whether an OAuth client acts there, and no person.
    #[cfg(feature = "clients")]
    by_client: [bool; 2],
    pub pace: Pace,
}

impl Desk {
    fn ticket(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The time that counts here, after the latest there was and at what the driver's clock tells.
    /// Where that clock was set back it goes on from where it was: otherwise each wait would last as
    /// much longer.
    // Every way into an engine begins with it.
    #[inline(never)]
    pub fn time(&mut self, latest: u64, told: u64) -> u64 {
        self.ahead = self.ahead.max(latest.saturating_sub(told));
        told.saturating_add(self.ahead)
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
        let key = key(side, &call);
        if let Some(ticket) = self.reads.get(&key) {
            let waiting = self.requests.get(ticket);
            if waiting.is_some_and(|r| r.side == side && *r.call == call) {
                return *ticket;
            }
        }
        let ticket = self.put(side, call, Kind::Read { op }, now);
        self.reads.insert(key, ticket);
        ticket
    }

    /// Puts a write on the desk, to be sent until then or not at all.
    pub fn write(
        &mut self,
        side: Side,
        op: &'static WriteOp,
        call: Call,
        now: u64,
        until: u64,
    ) -> u64 {
        self.put(side, call, Kind::Write { op, until }, now)
    }

    fn put(&mut self, side: Side, call: Call, kind: Kind, now: u64) -> u64 {
        let ticket = self.ticket();
        let request = Request {
            side,
            call: Arc::new(call),
            kind,
            pages: Vec::new(),
            seen_pages: Vec::new(),
            first: now,
            tries: 0,
            disowned: false,
        };
        self.requests.insert(ticket, Box::new(request));
        self.org(side).unsent.insert(ticket, now);
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
        let orgs = self.orgs.iter();
        let unsent: Vec<u64> = orgs.flat_map(|org| org.unsent.keys()).copied().collect();
        for ticket in &unsent {
            let gone = self.take_off(*ticket);
            if let Some(who) = gone.filter(|gone| matches!(gone.kind, Kind::Who { .. })) {
                self.org(who.side).identity = Identity::Unchecked;
            }
        }
        unsent
    }

    /// Everything the driver may do now.
    pub fn asks(&self) -> Vec<Ask> {
        let mut asks = Vec::new();
        if let (Some((_, entry)), 1..) = (self.stores.front(), self.storing) {
            let (id, what) = (self.storing, What::Store(entry.clone()));
            asks.push(Ask { id, what });
        }
        for (id, request) in self.in_flight() {
            let what = What::Send {
                side: request.side,
                call: request.call.clone(),
                write: matches!(request.kind, Kind::Write { .. }),
            };
            asks.push(Ask { id, what });
        }
        for (at, id) in self.waits.iter() {
            let until = at.saturating_sub(self.ahead);
            let what = What::Wait { until };
            asks.push(Ask { id: *id, what });
        }
        for (id, pause) in self.pauses.iter() {
            let what = What::Person(pause.clone());
            asks.push(Ask { id: *id, what });
        }
        asks
    }

    /// Sends what may be sent now.
    pub fn pump(&mut self, now: u64) {
        for side in Side::BOTH {
            let mut from = 0;
            while let Some(ticket) = self.next_unsent(side, from) {
                self.send(side, ticket, now);
                from = ticket + 1;
            }
        }
    }

    /// The next request that waits for this org, while one more may be in flight there.
    fn next_unsent(&self, side: Side, from: u64) -> Option<u64> {
        let org = self.org_ref(side);
        let lanes = match (org.narrow, self.pace.off) {
            (true, _) => 1,
            (false, true) => WIDE,
            (false, false) => LANES,
        };
        let taken = self.in_flight().filter(|(_, r)| r.side == side).count();
        let mut unsent = org.unsent.iter_from(&from).map(|(ticket, _)| *ticket);
        unsent.next().filter(|_| taken < lanes)
    }

    /// What is in flight, with the ask that each is in flight for.
    fn in_flight(&self) -> impl Iterator<Item = (u64, &Request)> {
        let request = |(ask, ticket): (&u64, &u64)| Some((*ask, &**self.requests.get(ticket)?));
        self.asked.iter().filter_map(request)
    }

    fn send(&mut self, side: Side, ticket: u64, now: u64) {
        if self.org_ref(side).paused.is_some() || !self.knows_org(side, ticket, now) {
            return;
        }
        if self.is_old(ticket, now) {
            self.take_off(ticket);
            return self.old.push(ticket);
        }
        let until = self.org_ref(side).unsent.get(&ticket).copied();
        if let Some(until) = until.filter(|until| *until > now) {
            return self.wake(until);
        }
        let Some(op) = self.requests.get(&ticket).map(|r| r.call.op.clone()) else {
            return;
        };
        if let Err(free) = self.pace.admit(side, &op, now) {
            return self.wake(free);
        }
        self.pace.sent(side, &op, now);
        let ask = self.ticket();
        self.org(side).unsent.remove(&ticket);
        self.asked.insert(ask, ticket);
    }

    /// Takes a request off the desk.
    fn take_off(&mut self, ticket: u64) -> Option<Box<Request>> {
        let request = self.requests.remove(&ticket)?;
        self.org(request.side).unsent.remove(&ticket);
        Some(request)
    }

    /// Keeps a request from being sent before this time.
    fn put_off(&mut self, ticket: u64, until: u64) {
        if let Some(side) = self.requests.get(&ticket).map(|request| request.side) {
            self.org(side).unsent.insert(ticket, until);
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
        if matches!(reply, Reply::Waited) {
            // Where it is still too early it is asked for anew: a driver does not begin an ask twice.
            self.waits.retain(|_, id| *id != ask);
        }
        if !matches!(reply, Reply::Response(_) | Reply::Failed(_)) {
            return None;
        }
        let ticket = self.asked.remove(&ask)?;
        // What the answer does not settle goes again.
        self.put_off(ticket, now);
        match reply {
            Reply::Response(response) => self.responded(ticket, response, pair, now),
            Reply::Failed(failure) => self.failed(ticket, failure, now),
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
        let request = self.requests.get(&ticket)?;
        let (side, op) = (request.side, request.call.op.clone());
        self.pace.learn(side, &op, &response);
        if response.status == 429 {
            self.org(side).narrow = response.header("x-rate-limit-limit") == Some("0");
        }
        let request = self.requests.get_mut(&ticket)?;
        if std::mem::take(&mut request.disowned) {
            return None;
        }
        match request.kind.clone() {
            Kind::Read { op } => self.read_answered(ticket, op, response, pair, now),
            Kind::Write { op, .. } => self.write_answered(ticket, op, &response, now),
            Kind::Who { me } => {
                self.who_answered(ticket, me, &response, pair, now);
                None
            }
        }
    }

    fn failed(&mut self, ticket: u64, failure: Failure, now: u64) -> Option<(u64, Came)> {
        let request = self.requests.get(&ticket)?;
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
                self.take_off(ticket);
                self.stale(side);
                let wrote = match failure {
                    Failure::NotSent => Wrote::Later {
                        why: failure.text().into(),
                        at: now,
                    },
                    _ => Wrote::Silent {
                        why: failure.text().into(),
                    },
                };
                Some((ticket, Came::Wrote(wrote)))
            }
        }
    }

    /// Whether nothing is asked of the driver but to wait for a person or the clock.
    pub fn is_idle(&self) -> bool {
        self.requests.is_empty() && self.stores.is_empty() && self.old.is_empty()
    }
}

fn error_text(response: &Response) -> String {
    match response.okta_error() {
        Some((code, text)) => format!("{} {code} {text}", response.status),
        None => format!("status {}", response.status),
    }
}

#[cfg(test)]
mod tests;
