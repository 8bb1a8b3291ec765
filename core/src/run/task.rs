//! A row at a place: one step for one member, with where it stands.

use std::sync::Arc;

use super::step::{Finding, Step};
use crate::facts::{Fact, Place, Store};
use crate::okta::Answer;

/// Where a task is found: procedure, row, and the ids of its place. The order is that of the
/// tables.
pub(super) type Spot = (usize, usize, String);

/// What a task is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Idle,
    /// The answer of its probe.
    Probing,
    /// Its intent to be stored.
    Storing,
    /// The answer of its write.
    Writing,
}

/// How carefully the next finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// As it is.
    None,
    /// A write was accepted; until this time the org may not show it yet, or not every time.
    Settling { until: u64, shown: bool },
    /// A write may have taken effect, or may still until this time: "missing" counts only after
    /// it, when read several times over a while.
    Doubt { until: u64, reads: u32 },
}

/// See the module.
pub(super) struct Task {
    pub step: &'static Step,
    pub place: Place,
    pub key: String,
    pub state: State,
    pub finding: Option<Finding>,
    pub answer: Option<Arc<Answer>>,
    /// When the answer came.
    pub seen: u64,
    /// Its probe must be sent (again).
    pub due: bool,
    /// Not before this time.
    pub not_before: u64,
    pub reads: u32,
    pub care: Care,
    /// Writes sent whose effect nobody could tell.
    pub unsure: u32,
    /// Writes put off by the org.
    pub put_off: u32,
    /// What others wrote has been given time to show here.
    pub waited: bool,
    /// Operation of its write that is under way.
    pub writing: Option<&'static str>,
    /// Its write waits for its turn.
    pub waits: bool,
    /// Why the org refused the write.
    pub refused: Option<String>,
}

impl Task {
    pub fn new(step: &'static Step, place: Place) -> Task {
        Task {
            key: key(step, &place),

            step,
            place,
            state: State::Idle,
            finding: None,
            answer: None,
            seen: 0,
            due: true,
            not_before: 0,
            reads: 0,
            care: Care::None,
            unsure: 0,
            put_off: 0,
            waited: false,
            writing: None,
            waits: false,
            refused: None,
        }
    }

    /// A new round begins: what was seen before counts no more.
    pub fn renew(&mut self) {
        self.due = true;
        self.not_before = 0;
        self.reads = 0;
        self.refused = None;
        self.unsure = 0;
        self.put_off = 0;
        self.waited = false;
        self.waits = false;
    }

    /// Whether everything the row reads is known.
    pub fn is_ready(&self, store: &Store) -> bool {
        let facts = store.at(&self.place);
        self.step
            .needs
            .iter()
            .all(|fact| facts.knows(fact) && !facts.pending(fact))
    }

    /// The first fact it waits for.
    pub fn waits_for(&self, store: &Store) -> Option<&'static Fact> {
        let facts = store.at(&self.place);
        self.step
            .needs
            .iter()
            .find(|fact| !facts.knows(fact))
            .copied()
    }

    pub fn is_met(&self) -> bool {
        matches!(self.finding, Some(Finding::Met(_)))
    }
}

/// Whether a row reads this fact, itself or through a computed one.
pub(super) fn reads(step: &Step, fact: &Fact) -> bool {
    step.needs.iter().any(|need| depends(need, fact))
}

fn depends(need: &Fact, fact: &Fact) -> bool {
    need.id == fact.id
        || need
            .derive
            .as_ref()
            .is_some_and(|derive| derive.from.iter().any(|from| depends(from, fact)))
}

/// The key of a row at a place, e.g. `bookmark-group/0oa…/00g…`.
pub(super) fn key(step: &Step, place: &Place) -> String {
    let mut key = step.id.to_owned();
    for (_, member) in place {
        key.push('/');
        key.push_str(&member.id);
    }
    key
}

/// Every place a row stands at, or nothing while one of its sets is not known.
pub(super) fn places(step: &Step, store: &Store) -> Option<Vec<Place>> {
    let mut places: Vec<Place> = vec![Vec::new()];
    for set in step.over {
        let nowhere = Place::new();
        let members = (set.of)(&store.at(&nowhere)).ok()?;
        places = places
            .into_iter()
            .flat_map(|place| {
                members.iter().map(move |member| {
                    let mut longer = place.clone();
                    longer.push((set.id, member.clone()));
                    longer
                })
            })
            .collect();
    }
    Some(places)
}
