//! What was read while somebody else was signed in to an org counts for nothing.

use super::Run;
use super::step::Side;
use super::task::{Care, Spot, State};
use super::timeline::Phase;
use crate::facts::Origin;

impl Run {
    /// Where somebody else was found signed in, what was read since it was last known who reads is
    /// read again, and what it gave is forgotten; so is what was refused to that person. It ends no
    /// yes either: nothing that was agreed to has changed.
    pub(super) fn disown(&mut self) {
        for (side, since) in self.desk.take_changed() {
            for spot in self.told_since(side, since) {
                self.forget_told(&spot);
            }
            if self.phase == Phase::Proving && self.agreed.is_some() {
                self.phase = Phase::Applying;
                // What the round had read by then is written for as well.
                self.tasks.stir_all();
            }
        }
    }

    fn told_since(&self, side: Side, since: u64) -> Vec<Spot> {
        let rows = self.rows().filter(|(_, step)| step.side == side);
        let tasks = rows.flat_map(|(row, _)| self.tasks.of(row));
        tasks
            .filter(|(_, task)| matches!(task.state, State::Idle | State::Probing))
            .filter(|(_, task)| task.seen >= since || task.refused.is_some())
            .map(|(spot, _)| spot.clone())
            .collect()
    }

    fn forget_told(&mut self, spot: &Spot) {
        self.find(spot, None);
        let Some(task) = self.tasks.change(spot) else {
            return;
        };
        task.due = task.state == State::Idle;
        task.refused = None;
        task.care = match task.care {
            Care::Doubt { until, .. } => Care::Doubt { until, reads: 0 },
            Care::Settling { until, .. } => Care::Settling {
                until,
                shown: false,
            },
            Care::None => Care::None,
        };
        let (step, place) = (task.step, task.place.clone());
        // A fact that is gone is of no origin; the next read says its own.
        let origin = Origin::Step(step.id);
        let gone = step
            .gives
            .iter()
            .filter(|fact| self.store.update(fact, &place, None, origin.clone()));
        let gone = gone.map(|fact| (*fact, place.clone())).collect();
        self.read_anew(gone, &origin);
    }
}
