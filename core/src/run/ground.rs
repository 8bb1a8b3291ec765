//! What stands on what: a step that stays keeps the ground that its facts come from.
//!
//! Without that ground nobody could read what stays, and nothing could take it back later.

use super::Run;
use super::plan::Note;
use super::step::Step;
use super::task::Task;
use crate::facts::Fact;

impl Run {
    /// The key of a step that stays and builds on what this one gives.
    pub(super) fn built_on_by<'a>(&self, task: &Task, left: &'a [Note]) -> Option<&'a str> {
        let mut keys = left.iter().map(|note| note.key.as_str());
        keys.find(|key| self.builds_on(key, task))
    }

    fn builds_on(&self, key: &str, ground: &Task) -> bool {
        let mut parts = key.split('/');
        let Some(step) = parts.next().and_then(|id| self.step(id)) else {
            return false;
        };
        // A member that left its set does not come back to be read; what it had goes with the set's object.
        let may_return = self.unexpanded.contains(&step.id) || self.spot(key).is_some();
        let at_the_same = |(set, id): (&&crate::facts::Set, &str)| {
            let mut place = ground.place.iter();
            place.all(|(own, member)| *own != set.id || member.id == id)
        };
        let facts = self.grounds(step);
        may_return
            && step.undo.is_some()
            && step.over.iter().zip(parts).all(at_the_same)
            && ground.step.gives.iter().any(|given| facts.contains(given))
    }

    pub(super) fn step(&self, id: &str) -> Option<&'static Step> {
        let mut rows = self.rows();
        rows.find(|(_, step)| step.id == id).map(|(_, step)| step)
    }

    /// Every fact that a row reads: itself, through computed facts, and through the rows that give
    /// it those.
    fn grounds(&self, step: &Step) -> Vec<&'static Fact> {
        let mut facts = step.needs.to_vec();
        let mut at = 0;
        while let Some(fact) = facts.get(at).copied() {
            at += 1;
            let from = fact.derive.iter().flat_map(|derive| derive.from);
            let givers = self.rows().filter(|(_, step)| step.gives.contains(&fact));
            for further in from.chain(givers.flat_map(|(_, giver)| giver.needs)) {
                if !facts.contains(further) {
                    facts.push(further);
                }
            }
        }
        facts
    }
}
