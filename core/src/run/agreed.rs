//! What was agreed to, and whose turn it is to be written.

use std::collections::VecDeque;

use super::Run;
use super::plan::{Plan, PlanItem};
use super::step::Side;
use super::task::Spot;
use crate::map::Map;

/// Writes of one kind under way in one org: what the pace lets go within ten seconds.
const MOST_UNDER_WAY: usize = 8;

/// A plan that was agreed to, with its items by key.
pub(super) struct Agreed {
    plan: Plan,
    places: Map<String, usize>,
}

impl From<Plan> for Agreed {
    fn from(plan: Plan) -> Agreed {
        let mut places = Map::new();
        let keys = plan.items.iter().map(|item| item.key.clone());
        places.merge(keys.enumerate().map(|(at, key)| (key, at)).collect());
        Agreed { plan, places }
    }
}

impl Agreed {
    pub fn item(&self, key: &str) -> Option<&PlanItem> {
        self.plan.items.get(*self.places.get(key)?)
    }

    /// Whether it holds a write of this row at any place.
    pub fn writes(&self, step: &str) -> bool {
        let of = format!("{step}/");
        let mut from = self.places.iter_from(&of);
        let member = from.next().is_some_and(|(key, _)| key.starts_with(&of));
        member || self.places.contains_key(step)
    }
}

/// Org and operation of a write.
pub(super) type Kind = (Side, &'static str);

/// The writes of one kind.
#[derive(Default)]
pub(super) struct Turns {
    /// How many are under way.
    taken: usize,
    /// The tasks that wait for one of these to end.
    waiting: VecDeque<Spot>,
}

impl Turns {
    pub fn is_free(&self) -> bool {
        self.taken < MOST_UNDER_WAY && !self.waiting.is_empty()
    }

    pub fn next(&mut self) -> Option<Spot> {
        match self.is_free() {
            true => self.waiting.pop_front(),
            false => None,
        }
    }

    /// One more is under way.
    pub fn take(&mut self) {
        self.taken += 1;
    }

    /// Nothing waits any more.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }
}

impl Run {
    /// Whether one more write of this kind may be under way; if not, the task waits for one to end:
    /// an intent is stored shortly before its write leaves, not hours.
    pub(super) fn has_turn(&mut self, kind: Kind, spot: &Spot) -> bool {
        let Some(task) = self.tasks.mark(spot) else {
            return false;
        };
        let waits = std::mem::replace(&mut task.waits, false);
        let mut has = true;
        self.turns.change(kind, |turns| {
            has = turns.taken < MOST_UNDER_WAY;
            if !has && !waits {
                turns.waiting.push_back(spot.clone());
            }
        });
        task.waits = !has;
        has
    }

    /// The write of a task, if one was under way, has ended.
    pub(super) fn end_turn(&mut self, spot: &Spot) {
        let Some(task) = self.tasks.mark(spot) else {
            return;
        };
        if let Some(op) = task.writing.take() {
            let less = |turns: &mut Turns| turns.taken = turns.taken.saturating_sub(1);
            self.turns.change((task.step.side, op), less);
        }
    }
}
