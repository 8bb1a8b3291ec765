//! Whether each org is still the one that was pinned, and the admin the same.

use super::super::{Pair, Side, pace};
use super::pause::{ORG_SILENT, session_trouble, silent};
use super::read::TRIES;
use super::{Desk, Kind, Request, error_text};
use crate::okta::{Answer, Member, Response, Shape, org, users};

/// Tries, some 3 s apart in all, before the person is told that an org does not answer.
pub(super) const QUIET_TRIES: u32 = 3;

/// Whether an org is known to be the pinned one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Identity {
    #[default]
    Unchecked,
    /// Both answers are awaited; how many are in.
    Checking(u8),
    /// Good enough to read.
    Good,
    /// Checked since the last write came back: good enough to write.
    Fresh,
}

impl Desk {
    /// Each org must be looked at again before anything is read or written there.
    pub(in crate::run) fn doubt_orgs(&mut self) {
        Side::BOTH.into_iter().for_each(|side| self.doubt(side));
    }

    /// The orgs were looked at a moment ago: good enough to read.
    pub(crate) fn trust_orgs(&mut self) {
        Side::BOTH
            .into_iter()
            .for_each(|side| self.org(side).identity = Identity::Good);
    }

    pub(super) fn doubt(&mut self, side: Side) {
        let org = self.org(side);
        if !matches!(org.identity, Identity::Checking(_)) {
            org.identity = Identity::Unchecked;
        }
    }

    /// Whether the org is known well enough for this request; starts the check when it is not.
    pub(super) fn knows_org(&mut self, side: Side, ticket: u64, now: u64) -> bool {
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
        let write = |r: &Request| r.side == side && matches!(r.kind, Kind::Write { .. });
        self.in_flight().any(|(_, request)| write(request))
    }

    fn check_org(&mut self, side: Side, now: u64) {
        self.org(side).identity = Identity::Checking(0);
        let me = match self.is_by_client(side) {
            // No person stands behind it: the org itself, by the client's token, answers for both.
            true => org::read(),
            false => users::me(),
        };
        for (probe, me) in [(org::well_known(), false), (me, true)] {
            if let Some(call) = probe.call() {
                let ticket = self.put(side, call, Kind::Who { me }, now);
                self.send(side, ticket, now);
            }
        }
    }

    #[cfg(feature = "clients")]
    fn is_by_client(&self, side: Side) -> bool {
        let [source, target] = self.by_client;
        match side {
            Side::Source => source,
            Side::Target => target,
        }
    }

    #[cfg(not(feature = "clients"))]
    fn is_by_client(&self, _: Side) -> bool {
        false
    }

    /// A desk between these orgs.
    pub(crate) fn over(pair: &Pair) -> Desk {
        #[cfg(not(feature = "clients"))]
        let _ = pair;
        Desk {
            #[cfg(feature = "clients")]
            by_client: [&pair.source, &pair.target].map(super::super::Org::is_by_client),
            ..Desk::default()
        }
    }

    /// A write came back: the next batch begins with a look at who the org is.
    pub(super) fn stale(&mut self, side: Side) {
        if !self.writes_in_flight(side) && self.org_ref(side).identity == Identity::Fresh {
            self.org(side).identity = Identity::Good;
        }
    }

    pub(super) fn who_answered(
        &mut self,
        ticket: u64,
        me: bool,
        response: &Response,
        pair: &Pair,
        now: u64,
    ) {
        let Some(side) = self.requests.get(&ticket).map(|request| request.side) else {
            return;
        };
        if let Some((code, text)) = session_trouble(response) {
            self.drop_who(side);
            return self.pause(side, code, text);
        }
        let me = me && !self.is_by_client(side);
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
                self.take_off(ticket);
                let org = self.org(side);
                match org.identity {
                    Identity::Checking(0) => org.identity = Identity::Checking(1),
                    _ => {
                        org.identity = Identity::Fresh;
                        org.known = now;
                    }
                }
            }
            Ok(_) => {
                self.drop_who(side);
                self.disown(side);
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

    /// Somebody else is signed in: what was read since it was known who reads, pages of lists and
    /// what is in flight included, is to be read again.
    fn disown(&mut self, side: Side) {
        let since = self.org_ref(side).known;
        self.changed.push((side, since));
        let in_flight: Vec<u64> = self.asked.values().copied().collect();
        let mine = self.requests.iter_mut();
        let reads = mine.filter(|(_, r)| r.side == side && matches!(r.kind, Kind::Read { .. }));
        for (ticket, request) in reads {
            request.disowned = in_flight.contains(ticket);
            request.pages.clear();
            request.seen_pages.clear();
            request.tries = 0;
            std::sync::Arc::make_mut(&mut request.call).query_raw = None;
        }
    }

    /// The orgs in which somebody else was found signed in, each with the time since when nobody
    /// knows who read there.
    pub(in crate::run) fn take_changed(&mut self) -> Vec<(Side, u64)> {
        std::mem::take(&mut self.changed)
    }

    /// Asks again who an org is; one that only limits calls is waited for, not called silent.
    pub(super) fn who_unclear(&mut self, ticket: u64, why: &str, wait: Option<u64>, now: u64) {
        let Some(request) = self.requests.get_mut(&ticket) else {
            return;
        };
        let until = now + wait.unwrap_or_else(|| pace::backoff(request.tries));
        request.tries += 1;
        let (side, tries) = (request.side, request.tries);
        self.put_off(ticket, until);
        if tries >= if wait.is_some() { TRIES } else { QUIET_TRIES } {
            self.drop_who(side);
            self.pause(side, ORG_SILENT, silent(why));
        }
    }

    fn drop_who(&mut self, side: Side) {
        let who = |r: &Request| r.side == side && matches!(r.kind, Kind::Who { .. });
        let asked = self.requests.iter().filter(|(_, request)| who(request));
        let tickets: Vec<u64> = asked.map(|(ticket, _)| *ticket).collect();
        for ticket in tickets {
            self.take_off(ticket);
        }
        self.org(side).identity = Identity::Unchecked;
    }
}
