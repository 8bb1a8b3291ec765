//! Pauses: what only a person can mend before anything more goes to an org.

use super::super::Side;
use super::super::timeline::Pause;
use super::{Desk, Identity};
use crate::okta::Response;
use crate::search::holds;

pub(super) const NOT_STORED: &str = "not-stored";
pub(super) const ORG_SILENT: &str = "org-silent";
pub(super) const TAB_MISSING: &str =
    "No tab shows this org's Admin Console. Open it, signed in as before, and go on.";

impl Desk {
    /// The pauses, for the timeline.
    pub(in crate::run) fn pauses(&self) -> Vec<Pause> {
        self.pauses.values().cloned().collect()
    }

    /// Whether a person must do something before anything goes to this org.
    pub(in crate::run) fn waits_for_person(&self, side: Side) -> bool {
        self.pauses
            .values()
            .any(|pause| pause.side == side || pause.code == NOT_STORED)
    }

    /// The person says that what a pause was about is mended.
    pub(super) fn resume(&mut self, ask: u64, now: u64) {
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

    pub(super) fn pause_for(&mut self, ticket: u64, code: &'static str, text: String) {
        if let Some(side) = self.requests.get(&ticket).map(|request| request.side) {
            self.pause(side, code, text);
        }
    }

    pub(super) fn pause(&mut self, side: Side, code: &'static str, text: String) {
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
}

pub(super) fn silent(why: &str) -> String {
    format!(
        "The org does not answer: {why}. See whether its Admin Console loads; go on when it does."
    )
}

/// Whether an answer says that the session has ended, or that the person must confirm who they
/// are: 401, 403 E0000005, or a page for people in place of an answer.
pub(super) fn session_trouble(response: &Response) -> Option<(&'static str, String)> {
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
        (403, _) if holds(&text.to_ascii_lowercase(), "step-up") => {
            Some(("step-up", STEP_UP.into()))
        }
        (429 | 404 | 400 | 500..=599, _) => None,
        _ if response.is_page() => Some(("session-ended", ENDED.into())),
        _ => None,
    }
}
