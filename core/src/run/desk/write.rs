//! Answers to writes: done, surely not done, or nobody knows.

use super::super::journal::Outcome;
use super::super::pace;
use super::pause::session_trouble;
use super::{Came, Desk, Kind, Wrote, error_text};
use crate::okta::{Answer, Response, Shape, WriteOp};

impl Desk {
    /// The tickets of writes that were not sent in time; they are off the desk.
    pub(in crate::run) fn old(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.old)
    }

    pub(super) fn is_old(&self, ticket: u64, now: u64) -> bool {
        let kind = self.requests.get(&ticket).map(|request| &request.kind);
        matches!(kind, Some(Kind::Write { until, .. }) if *until < now)
    }

    pub(super) fn write_answered(
        &mut self,
        ticket: u64,
        op: &'static WriteOp,
        response: &Response,
        now: u64,
    ) -> Option<(u64, Came)> {
        let request = self.take_off(ticket)?;
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
            // The gateway gave up waiting; the org may not have.
            (None, 504) => Wrote::Silent {
                why: error_text(response),
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
}

fn unsure(why: &str) -> Wrote {
    Wrote::Answered(Outcome::Unsure {
        why: why.to_owned(),
    })
}

fn id_in(answer: &Answer, shape: &Shape) -> Option<String> {
    let Shape::Object(_) = shape else { return None };
    let id = answer.text("/id").or_else(|_| answer.text("/kid"));
    id.ok().map(str::to_owned)
}
