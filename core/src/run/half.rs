//! A run over one org of a pair, where nobody has both: the rows of the other org are not read
//! but told by its admin. Compiled in with the feature `handoff` only.

#[cfg(feature = "handoff")]
mod told;

#[cfg(not(feature = "handoff"))]
use super::task::Spot;
use super::task::Task;
use super::{Run, Side};
#[cfg(feature = "handoff")]
pub use told::Told;

#[cfg(feature = "handoff")]
impl Run {
    /// Whether this org's rows are told, not read.
    pub(super) fn is_told(&self, side: Side) -> bool {
        self.told.as_ref().is_some_and(|told| told.side == side)
    }
}

#[cfg(not(feature = "handoff"))]
impl Run {
    pub(super) fn is_told(&self, _: Side) -> bool {
        false
    }

    pub(super) fn found_told(&mut self, _: &Spot) {}

    pub(super) fn half_status(&self) -> Option<String> {
        None
    }
}

impl Run {
    /// Whether a row is ready: one that is told waits for nothing.
    pub(super) fn is_ready(&self, task: &Task) -> bool {
        self.is_told(task.step.side) || task.is_ready(&self.store)
    }
}
