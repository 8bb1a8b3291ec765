//! What applying a plan costs: how many calls, how many of them one after the other, and how long
//! that takes at the pace which spares the orgs' limits.
//!
//! Only faces that show the figures call this, so that the others do not carry it.

mod chart;
mod clock;

use serde::Serialize;

use super::Run;
use chart::Chart;

/// Milliseconds that an answer is taken to need, where time is told.
pub const LATENCY: u64 = 200;

/// The cost of applying a plan that is agreed to at once, if nobody else works in the orgs and no
/// call fails.
///
/// The chain is the longest line of calls of which each waits for the one before: who the org is
/// and who is signed in (before every batch of writes, for safety), the write, the read that proves
/// it, what can be read only then, and at the end one more read of everything. A list counts as
/// one page. What an org needs time for by itself, a push, is waited for beyond these figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Calls in all.
    pub requests: usize,
    /// The longest chain of calls that wait for each other.
    pub longest_chain: usize,
    /// Milliseconds with [`LATENCY`] for each call, and no pacing.
    pub unpaced_ms: u64,
    /// The same at the pace of the engine.
    pub paced_ms: u64,
}

impl Cost {
    /// In one line.
    pub fn text(&self) -> String {
        format!(
            "{} calls, {} of them one after the other: {} s at {LATENCY} ms a call, {} s at the pace that spares the orgs' limits.",
            self.requests,
            self.longest_chain,
            seconds(self.unpaced_ms),
            seconds(self.paced_ms)
        )
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{}", ms / 1000, ms % 1000 / 100)
}

impl Run {
    /// What applying the plan that is shown costs; none while there is none. A plan without writes
    /// costs nothing.
    pub fn cost(&self) -> Option<Cost> {
        let plan = self.plan()?;
        if plan.items.is_empty() {
            return Some(Cost {
                requests: 0,
                longest_chain: 0,
                unpaced_ms: 0,
                paced_ms: 0,
            });
        }
        let calls = Chart::of(self, plan).calls();
        let unpaced = clock::play(&calls, None, LATENCY);
        let paced = clock::play(&calls, Some((self.desk.pace.clone(), self.now)), LATENCY);
        Some(Cost {
            requests: unpaced.requests,
            longest_chain: usize::try_from(unpaced.ms / LATENCY).unwrap_or(usize::MAX),
            unpaced_ms: unpaced.ms,
            paced_ms: paced.ms,
        })
    }
}
