//! The desk between the engine and its driver: calls in flight, paging, pace, retries of reads,
//! pauses, and the check that each org is still the one that was pinned.
//!
//! The engine puts calls on the desk and gets results; it never sees a page, a 429 or a pause.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::map::Map;

use serde_json::Value;

use super::ask::{Ask, Failure, Reply, What};
use super::journal::{Entry, Outcome};
use super::memory::Memory;
use super::pace::{self, Pace};
use super::timeline::Pause;
use super::{Pair, Side};
use crate::explain::seen;
use crate::okta::{Answer, Call, Member, ReadOp, Response, Shape, WriteOp, org, users};

/// Calls in flight per org.
const LANES: usize = 6;
/// A read that keeps failing is given up after this, in milliseconds.
const PATIENCE: u64 = 60_000;
/// Tries of one read within [`PATIENCE`].
const TRIES: u32 = 8;
/// Tries, some 3 s apart in all, before the person is told that an org does not answer.
const QUIET_TRIES: u32 = 3;

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

/// Whether an org is known to be the pinned one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Identity {
    #[default]
    Unchecked,
    /// Both answers are awaited; how many are in.
    Checking(u8),
    /// Good enough to read.
    Good,
    /// Checked since the last write came back: good enough to write.
    Fresh,
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

    /// Each org must be looked at again before anything is read or written there.
    pub fn doubt_orgs(&mut self) {
        Side::BOTH.into_iter().for_each(|side| self.doubt(side));
    }

    fn doubt(&mut self, side: Side) {
        let org = self.org(side);
        if !matches!(org.identity, Identity::Checking(_)) {
            org.identity = Identity::Unchecked;
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

    /// The pauses, for the timeline.
    pub fn pauses(&self) -> Vec<Pause> {
        self.pauses.values().cloned().collect()
    }

    /// Whether a person must do something before anything goes to this org.
    pub fn waits_for_person(&self, side: Side) -> bool {
        self.pauses
            .values()
            .any(|pause| pause.side == side || pause.code == NOT_STORED)
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

    /// Whether the org is known well enough for this request; starts the check when it is not.
    fn knows_org(&mut self, side: Side, ticket: u64, now: u64) -> bool {
        let write = match self.requests.get(&ticket).map(|request| &request.kind) {
            Some(Kind::Who { .. }) => return true,
            Some(Kind::Write { .. }) => true,
            _ => false,
        };
        match self.org_ref(side).identity {
            Identity::Fresh => true,
            Identity::Good if !write => true,
            Identity::Checking(_) => false,
            Identity::Good | Identity::Unchecked => {
                self.check_org(side, now);
                false
            }
        }
    }

    fn writes_in_flight(&self, side: Side) -> bool {
        let write =
            |r: &Request| r.side == side && matches!(r.kind, Kind::Write { .. }) && r.ask.is_some();
        self.requests.values().any(|request| write(request))
    }

    fn check_org(&mut self, side: Side, now: u64) {
        self.org(side).identity = Identity::Checking(0);
        for (probe, me) in [(org::well_known(), false), (users::me(), true)] {
            if let Some(call) = probe.call() {
                let ticket = self.put(side, call, Kind::Who { me }, now);
                self.send(ticket, now);
            }
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

    /// The person says that what a pause was about is mended.
    fn resume(&mut self, ask: u64, now: u64) {
        let Some(pause) = self.pauses.remove(&ask) else {
            return;
        };
        if pause.code == NOT_STORED {
            self.storing = self.ticket();
            return;
        }
        let org = self.org(pause.side);
        org.paused = None;
        org.identity = Identity::Unchecked;
        // Nobody's patience wore out while nothing was tried.
        let waited = self.requests.values_mut();
        waited
            .filter(|r| r.side == pause.side)
            .for_each(|r| r.first = now);
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

    fn read_answered(
        &mut self,
        ticket: u64,
        op: &'static ReadOp,
        response: Response,
        pair: &Pair,
        now: u64,
    ) -> Option<(u64, Came)> {
        if let Some((code, text)) = session_trouble(&response) {
            self.pause_for(ticket, code, text);
            return None;
        }
        let request = self.requests.get_mut(&ticket)?;
        let side = request.side;
        if op.absent && response.status == 404 {
            return self.finish_read(ticket, Ok(Answer::absent().into()));
        }
        if response.status == 403 {
            if request.tries == 0 {
                // Perhaps somebody else is signed in meanwhile: who it is comes before the reason.
                request.tries = 1;
                self.doubt(side);
                return None;
            }
            let why = error_text(&response);
            return self.finish_read(ticket, Err(format!("the org refuses this read: {why}")));
        }
        if response.status != 200 {
            let wait =
                (response.status == 429).then(|| pace::wait_after_limit(&response, request.tries));
            return self.retry(ticket, error_text(&response), wait, now);
        }
        let next = response.next_query();
        // A list of several pages is asked for by another call each time, and read anew.
        let one_page = request.pages.is_empty() && next.is_none();
        if one_page && let Some(answer) = self.memory.same(side, &request.call, &response) {
            return self.finish_read(ticket, Ok(answer));
        }
        match Answer::check(&response, &op.shape, request.pages.clone()) {
            Err(why) => self.retry(ticket, why, None, now),
            Ok(answer) => match (op.shape, next) {
                (Shape::List(_), Some(next)) => self.next_page(ticket, &answer, next, now),
                _ => {
                    let answer = Arc::new(answer.on_org_host(&pair.org(side).url));
                    if one_page {
                        let call = request.call.clone();
                        self.memory.keep(side, call, response, answer.clone());
                    }
                    self.finish_read(ticket, Ok(answer))
                }
            },
        }
    }

    /// Asks for the page after this one; a page that was there before ends in an error, because
    /// a list that runs in circles shows nothing.
    fn next_page(
        &mut self,
        ticket: u64,
        answer: &Answer,
        next: String,
        now: u64,
    ) -> Option<(u64, Came)> {
        let request = self.requests.get_mut(&ticket)?;
        if request.seen_pages.contains(&next) {
            return self.finish_read(ticket, Err("the pages of this list run in circles".into()));
        }
        request.pages = answer.items().to_vec();
        request.seen_pages.push(next.clone());
        Arc::make_mut(&mut request.call).query_raw = Some(next);
        request.tries = 0;
        request.first = now;
        None
    }

    fn finish_read(
        &mut self,
        ticket: u64,
        answer: Result<Arc<Answer>, String>,
    ) -> Option<(u64, Came)> {
        self.requests.remove(&ticket);
        Some((ticket, Came::Read(answer)))
    }

    /// Tries a read again later, or gives it up.
    fn retry(
        &mut self,
        ticket: u64,
        why: String,
        wait: Option<u64>,
        now: u64,
    ) -> Option<(u64, Came)> {
        let request = self.requests.get_mut(&ticket)?;
        request.ask = None;
        if request.tries == 0 {
            request.first = now;
        }
        let spent = now.saturating_sub(request.first) >= PATIENCE && wait.is_none();
        if spent || request.tries >= TRIES {
            return self.finish_read(ticket, Err(why));
        }
        request.not_before = now + wait.unwrap_or_else(|| pace::backoff(request.tries));
        request.tries += 1;
        None
    }

    fn write_answered(
        &mut self,
        ticket: u64,
        op: &'static WriteOp,
        response: &Response,
        now: u64,
    ) -> Option<(u64, Came)> {
        let request = self.requests.remove(&ticket)?;
        self.stale(request.side);
        let session = session_trouble(response);
        if let Some((code, text)) = session.clone() {
            self.pause(request.side, code, text);
        }
        let wrote = match (session, response.status) {
            // A login page may stand in front of an org that did act.
            (Some(_), 200..=399 | 0) => unsure("the org answered with a page for people"),
            (Some(_), _) => Wrote::Later {
                why: "the session ended".into(),
                at: now,
            },
            (None, 200..=299) => match Answer::check(response, &op.shape, vec![]) {
                Ok(answer) => Wrote::Answered(Outcome::Accepted {
                    id: id_in(&answer, &op.shape),
                }),
                Err(why) => unsure(&why),
            },
            (None, 429) => Wrote::Later {
                why: "the org is limiting calls".into(),
                at: now + pace::wait_after_limit(response, 1),
            },
            (None, 404) => Wrote::Later {
                why: error_text(response),
                at: now + pace::backoff(1),
            },
            (None, 400..=499) => {
                let why = format!("{}; it needs {}", error_text(response), op.role);
                let plain = error_text(response);
                let text = if response.status == 403 { why } else { plain };
                Wrote::Answered(Outcome::Refused { why: text })
            }
            _ => unsure(&error_text(response)),
        };
        Some((ticket, Came::Wrote(wrote)))
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

    /// A write came back: the next batch begins with a look at who the org is.
    fn stale(&mut self, side: Side) {
        if !self.writes_in_flight(side) && self.org_ref(side).identity == Identity::Fresh {
            self.org(side).identity = Identity::Good;
        }
    }

    fn who_answered(&mut self, ticket: u64, me: bool, response: &Response, pair: &Pair, now: u64) {
        let Some(side) = self.requests.get(&ticket).map(|request| request.side) else {
            return;
        };
        if let Some((code, text)) = session_trouble(response) {
            self.drop_who(side);
            return self.pause(side, code, text);
        }
        let shape = Shape::Object(if me {
            &[Member::Id("/id", "00u")]
        } else {
            &[Member::Id("/id", "00o")]
        });
        let answer = match response.status {
            200 => Answer::check(response, &shape, vec![]),
            _ => Err(error_text(response)),
        };
        let pinned = pair.org(side);
        let expected = if me { &pinned.actor } else { &pinned.id };
        match answer {
            Err(why) => {
                let limited = response.status == 429;
                let wait = limited.then(|| pace::wait_after_limit(response, 1));
                self.who_unclear(ticket, &why, wait, now);
            }
            Ok(answer) if answer.text("/id").is_ok_and(|id| id == expected) => {
                self.requests.remove(&ticket);
                self.org(side).identity = match self.org(side).identity {
                    Identity::Checking(0) => Identity::Checking(1),
                    _ => Identity::Fresh,
                };
            }
            Ok(_) => {
                self.drop_who(side);
                let what = if me {
                    "Another person is signed in to"
                } else {
                    "Another org answers for"
                };
                self.pause(
                    side,
                    "org-changed",
                    format!(
                        "{what} {}. Nothing is sent until it is the one you paired.",
                        pinned.url.host()
                    ),
                );
            }
        }
    }

    /// Asks again who an org is; one that only limits calls is waited for, not called silent.
    fn who_unclear(&mut self, ticket: u64, why: &str, wait: Option<u64>, now: u64) {
        let Some(request) = self.requests.get_mut(&ticket) else {
            return;
        };
        request.ask = None;
        request.not_before = now + wait.unwrap_or_else(|| pace::backoff(request.tries));
        request.tries += 1;
        let (side, tries) = (request.side, request.tries);
        if tries >= if wait.is_some() { TRIES } else { QUIET_TRIES } {
            self.drop_who(side);
            self.pause(side, ORG_SILENT, silent(why));
        }
    }

    fn drop_who(&mut self, side: Side) {
        self.requests
            .retain(|_, r| r.side != side || !matches!(r.kind, Kind::Who { .. }));
        self.org(side).identity = Identity::Unchecked;
    }

    fn pause_for(&mut self, ticket: u64, code: &'static str, text: String) {
        if let Some(request) = self.requests.get_mut(&ticket) {
            request.ask = None;
            let side = request.side;
            self.pause(side, code, text);
        }
    }

    fn pause(&mut self, side: Side, code: &'static str, text: String) {
        if self.org_ref(side).paused.is_some() {
            return;
        }
        let ask = self.ticket();
        self.org(side).paused = Some(ask);
        self.pauses.insert(
            ask,
            Pause {
                ask,
                side,
                code,
                text,
            },
        );
    }

    /// Whether nothing is asked of the driver but to wait for a person or the clock.
    pub fn is_idle(&self) -> bool {
        self.requests.is_empty() && self.stores.is_empty()
    }
}

const NOT_STORED: &str = "not-stored";
const ORG_SILENT: &str = "org-silent";
const TAB_MISSING: &str =
    "No tab shows this org's Admin Console. Open it, signed in as before, and go on.";

fn silent(why: &str) -> String {
    format!(
        "The org does not answer: {why}. See whether its Admin Console loads; go on when it does."
    )
}

fn unsure(why: &str) -> Wrote {
    Wrote::Answered(Outcome::Unsure {
        why: why.to_owned(),
    })
}

fn error_text(response: &Response) -> String {
    match response.okta_error() {
        Some((code, text)) => format!("{} {code} {text}", response.status),
        None => format!("status {}", response.status),
    }
}

/// Whether an answer says that the session has ended, or that the person must confirm who they
/// are: 401, 403 E0000005, or a page for people in place of an answer.
fn session_trouble(response: &Response) -> Option<(&'static str, String)> {
    const ENDED: &str =
        "The session has ended. Sign in to this org's Admin Console again and go on.";
    const STEP_UP: &str = "The org wants to be sure it is you (a protected action). Confirm in the Admin Console and go on.";
    // Only a refusal says more than its status does; a good answer is long and read elsewhere.
    let refusal = (response.status == 403).then(|| response.okta_error());
    let (code, text) = refusal.flatten().unwrap_or_default();
    match (response.status, code.as_str()) {
        (401, _) | (403, "E0000005") => Some(("session-ended", ENDED.into())),
        // Which code a refused protected action carries for a console session is not published;
        // its words are all there is to go by.
        (403, _) if text.to_ascii_lowercase().contains("step-up") => {
            Some(("step-up", STEP_UP.into()))
        }
        (429 | 404 | 400 | 500..=599, _) => None,
        _ if response.is_page() => Some(("session-ended", ENDED.into())),
        _ => None,
    }
}

fn id_in(answer: &Answer, shape: &Shape) -> Option<String> {
    let Shape::Object(_) = shape else { return None };
    let id = answer.text("/id").or_else(|_| answer.text("/kid"));
    id.ok().map(str::to_owned)
}
