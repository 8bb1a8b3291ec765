//! All tasks of a run, with what keeps a look at them short: which were stirred since they were
//! last looked at, and how many of each row are not met. A run over ten thousand people looks at
//! the few that an answer changes, not at all of them.

use super::step::{Finding, Step};
use super::task::{Spot, State, Task};
use crate::facts::{Fact, Place};
use crate::map::{Map, sorted};

/// See the module.
#[derive(Default)]
pub(super) struct Tasks {
    all: Map<Spot, Box<Task>>,
    stirred: Vec<Spot>,
    unmet: Map<&'static str, usize>,
}

impl Tasks {
    pub fn get(&self, spot: &Spot) -> Option<&Task> {
        self.all.get(spot).map(Box::as_ref)
    }

    /// A task to be changed; it is looked at again.
    pub fn change(&mut self, spot: &Spot) -> Option<&mut Task> {
        let task = self.all.get_mut(spot)?;
        self.stirred.push(spot.clone());
        Some(task)
    }

    /// A task to be marked, with nothing changed for which it would be looked at again.
    pub fn mark(&mut self, spot: &Spot) -> Option<&mut Task> {
        self.all.get_mut(spot).map(Box::as_mut)
    }

    /// Sets what was found of a task.
    pub fn set_finding(&mut self, spot: &Spot, finding: Option<Finding>) {
        let Some(task) = self.all.get_mut(spot) else {
            return;
        };
        let before = task.is_met();
        task.finding = finding;
        let (id, after) = (task.step.id, task.is_met());
        self.stirred.push(spot.clone());
        if before != after {
            self.unmet.change(id, |unmet| {
                *unmet = if after {
                    unmet.saturating_sub(1)
                } else {
                    *unmet + 1
                };
            });
        }
    }

    /// Whether a row is met at every place where it stands.
    pub fn all_met(&self, step: &str) -> bool {
        self.unmet.get(step).is_none_or(|unmet| *unmet == 0)
    }

    pub fn values(&self) -> impl Iterator<Item = &Task> {
        self.all.values().map(Box::as_ref)
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The tasks of one row, in order.
    pub fn of(&self, row: (usize, usize)) -> impl Iterator<Item = (&Spot, &Task)> {
        let from = (row.0, row.1, String::new());
        let tasks = self
            .all
            .iter_from(&from)
            .map(|(spot, task)| (spot, &**task));
        tasks.take_while(move |((p, s, _), _)| (*p, *s) == row)
    }

    /// The tasks of one row at which a fact kept at `place` is read.
    pub fn reading(
        &self,
        row: (usize, usize),
        step: &Step,
        fact: &Fact,
        place: &Place,
    ) -> Vec<Spot> {
        let at = |set: &str| place.iter().find(|(own, _)| *own == set);
        let sets = step.over.len() == fact.per.len();
        let same = sets && step.over.iter().zip(fact.per).all(|(a, b)| a.id == b.id);
        if same {
            let ids = step.over.iter().filter_map(|set| at(set.id));
            let ids: Vec<&str> = ids.map(|(_, member)| member.id.as_str()).collect();
            let spot = (row.0, row.1, ids.join("/"));
            return self
                .all
                .contains_key(&spot)
                .then_some(spot)
                .into_iter()
                .collect();
        }
        let apart = |own: &(&'static str, crate::facts::Member)| {
            let kept = fact.per.iter().any(|set| set.id == own.0);
            kept && at(own.0).is_some_and(|(_, member)| member.id != own.1.id)
        };
        let tasks = self
            .of(row)
            .filter(|(_, task)| !task.place.iter().any(apart));
        tasks.map(|(spot, _)| spot.clone()).collect()
    }

    /// Those that were changed, each once, in order; from now on they count as looked at.
    pub fn take_stirred(&mut self) -> Vec<Spot> {
        sorted(std::mem::take(&mut self.stirred))
    }

    /// To be looked at again although nothing changed in it.
    pub fn stir(&mut self, spots: impl IntoIterator<Item = Spot>) {
        self.stirred.extend(spots);
    }

    pub fn stir_row(&mut self, row: (usize, usize)) {
        let spots: Vec<Spot> = self.of(row).map(|(spot, _)| spot.clone()).collect();
        self.stir(spots);
    }

    pub fn stir_all(&mut self) {
        self.stirred = self.all.keys().cloned().collect();
    }

    /// A new round begins for all.
    pub fn renew(&mut self) {
        self.all.values_mut().for_each(|task| task.renew());
        self.stir_all();
    }

    /// What was found counts no more: all are read anew before anything rests on them.
    pub fn forget_findings(&mut self) {
        self.renew();
        self.all.values_mut().for_each(|task| task.finding = None);
        self.count();
    }

    fn count(&mut self) {
        self.unmet = Map::new();
        for task in self.all.values().filter(|task| !task.is_met()) {
            self.unmet.change(task.step.id, |unmet| *unmet += 1);
        }
    }

    /// Keeps the tasks that are at these spots, which are in order, or under way, and adds new
    /// ones; gives whether anything changed.
    pub fn replace(&mut self, here: &[Spot], new: Vec<(Spot, Box<Task>)>) -> bool {
        let before = self.all.len();
        self.all
            .retain(|spot, task| here.binary_search(spot).is_ok() || task.state != State::Idle);
        let changed = self.all.len() != before || !new.is_empty();
        if changed {
            self.all.merge(new);
            self.count();
            self.stir_all();
        }
        changed
    }

    pub fn contains(&self, spot: &Spot) -> bool {
        self.all.contains_key(spot)
    }
}
