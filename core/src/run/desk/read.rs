//! Answers to reads: pages, patience, and what is given up.

use std::sync::Arc;

use super::super::{Pair, pace};
use super::pause::session_trouble;
use super::{Came, Desk, error_text};
use crate::okta::{Answer, ReadOp, Response, Shape};

/// A read that keeps failing is given up after this, in milliseconds.
const PATIENCE: u64 = 60_000;
/// Tries of one read within [`PATIENCE`].
pub(super) const TRIES: u32 = 8;

impl Desk {
    pub(super) fn read_answered(
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
        self.take_off(ticket);
        Some((ticket, Came::Read(answer)))
    }

    /// What a read rests on has changed meanwhile: it is not tried again, for what it asked about
    /// may be gone for good.
    pub(in crate::run) fn hurry(&mut self, ticket: u64) {
        if let Some(request) = self.requests.get_mut(&ticket) {
            request.tries = TRIES;
            let side = request.side;
            if let Some(until) = self.org(side).unsent.get_mut(&ticket) {
                *until = 0;
            }
        }
    }

    /// Tries a read again later, or gives it up.
    pub(super) fn retry(
        &mut self,
        ticket: u64,
        why: String,
        wait: Option<u64>,
        now: u64,
    ) -> Option<(u64, Came)> {
        let request = self.requests.get_mut(&ticket)?;
        if request.tries == 0 {
            request.first = now;
        }
        let spent = now.saturating_sub(request.first) >= PATIENCE && wait.is_none();
        if spent || request.tries >= TRIES {
            return self.finish_read(ticket, Err(why));
        }
        let until = now + wait.unwrap_or_else(|| pace::backoff(request.tries));
        request.tries += 1;
        self.put_off(ticket, until);
        None
    }
}
