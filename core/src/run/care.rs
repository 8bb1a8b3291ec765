//! How carefully a finding is taken: soon after a write, "missing" may be too early to say.

use super::apply::SETTLE;
use super::step::Finding;
use super::task::{Care, Spot, Task};
use super::{Run, pace};

/// "Missing" counts after a doubtful write only when read this often …
pub(super) const DOUBT_READS: u32 = 3;
/// … over at least this time, in milliseconds …
pub(super) const DOUBT_SPAN: u64 = 10_000;
/// … and, where no answer came, not before the call can no longer be on its way: a gateway or an
/// org may act on it long after the connection is gone.
pub(super) const ON_ITS_WAY: u64 = 60_000;
/// Between reads after the first few of a doubt.
pub(super) const DOUBT_PAUSE: u64 = 15_000;

impl Care {
    /// For a write that nobody knows the effect of; `on_its_way` when no answer came at all.
    pub(super) fn doubt(now: u64, on_its_way: bool) -> Care {
        let span = if on_its_way { ON_ITS_WAY } else { DOUBT_SPAN };
        Care::Doubt {
            until: now + span,
            reads: 0,
        }
    }
}

impl Run {
    /// How carefully a step is read after what the journal tells of it.
    pub(super) fn care_since(&self, key: &str) -> Care {
        // A clock that was set back since has the time of the write still to come.
        let until = |(at, shown): (u64, bool)| {
            let until = at.min(self.now) + SETTLE;
            (until > self.now).then_some((until, shown))
        };
        match self.ledger.accepted(key).and_then(until) {
            _ if self.ledger.is_open(key) => Care::doubt(self.now, true),
            Some((until, shown)) => Care::Settling { until, shown },
            None => Care::None,
        }
    }

    /// A finding soon after a write may be too early: then the probe is sent again, later.
    pub(super) fn taken_with_care(&mut self, spot: &Spot, finding: Finding) -> Option<Finding> {
        let now = self.now;
        let task = self.tasks.change(spot)?;
        let again = |task: &mut Task, wait: u64| {
            task.due = true;
            task.not_before = now + wait;
            None
        };
        match (task.care, &finding) {
            (Care::Settling { until, .. }, Finding::Unmet) if now < until => {
                let wait = pace::backoff(task.reads);
                again(task, wait)
            }
            // Shown once is not shown for good: another of the org's servers may lag behind.
            (Care::Settling { until, .. }, Finding::Met(_)) if now < until => {
                task.care = Care::Settling { until, shown: true };
                Some(finding)
            }
            (Care::Settling { shown: false, .. }, Finding::Unmet) if task.step.write.is_some() => {
                task.care = Care::None;
                let why = "the org accepted the write and does not show it".to_owned();
                Some(Finding::Unknown { why })
            }
            (Care::Doubt { until, reads }, Finding::Unmet)
                if reads + 1 < DOUBT_READS || now < until =>
            {
                let reads = reads + 1;
                task.care = Care::Doubt { until, reads };
                let wait = match reads < DOUBT_READS {
                    true => DOUBT_SPAN / u64::from(DOUBT_READS - 1),
                    false => DOUBT_PAUSE.min(until.saturating_sub(now)).max(1),
                };
                again(task, wait)
            }
            (_, Finding::Unknown { .. }) => Some(finding),
            // What stands in the way says nothing about what may still arrive.
            (Care::Doubt { .. }, other) if !matches!(other, Finding::Met(_) | Finding::Unmet) => {
                Some(finding)
            }
            (_, Finding::Unmet) if task.refused.is_some() => {
                task.care = Care::None;
                let why = task.refused.take().unwrap_or_default();
                let who = format!("an admin with the right for it: {}", task.step.source);
                Some(Finding::Blocked {
                    why: format!("the org refused the write: {why}"),
                    who,
                })
            }
            _ => {
                task.care = Care::None;
                Some(finding)
            }
        }
    }
}
