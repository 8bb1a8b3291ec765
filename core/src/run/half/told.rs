//! What the admin of the other org tells, in a file that [`crate::handoff`] checks.

use super::super::step::{Finding, Procedure, Proof};
use super::super::task::{Spot, Task};
use super::super::timeline::Phase;
use super::super::{Run, RunError, Side, StoredRun};
use crate::facts::{Fact, Origin, Value};
use crate::map::Map;

/// What the admin of the other org tells of their half.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Their org.
    pub side: Side,
    /// Keys of the rows that they have proven.
    pub proven: Vec<String>,
    /// Values that these rows gave: fact, the ids of its place, value.
    pub facts: Vec<(&'static Fact, String, Value)>,
}

impl Told {
    /// What is told by an admin of this side who was not heard yet.
    pub fn nothing(side: Side) -> Told {
        Told {
            side,
            proven: Vec::new(),
            facts: Vec::new(),
        }
    }
}

/// What stands at a row of the other org before its admin has told of it.
const NOT_TOLD: &str = "the other admin has not told of it yet";

impl Run {
    /// A run that reads and writes only the org that is not told of: one begun now, or one that
    /// was stored, with its journal.
    pub fn half(
        stored: StoredRun,
        known: &[&'static Procedure],
        told: Told,
        now: u64,
    ) -> Result<Run, RunError> {
        let mut run = Run::taken_up(stored, known, now)?;
        run.told = Some(told);
        run.advance();
        Ok(run)
    }

    /// What is told of a row takes the place of its probe.
    pub(in crate::run) fn found_told(&mut self, spot: &Spot) {
        let Some(finding) = self.telling(spot) else {
            return;
        };
        if let Some(task) = self.tasks.change(spot) {
            task.reads += 1;
            task.seen = self.now;
        }
        self.learn(spot, &finding);
        self.find(spot, Some(finding));
    }

    fn telling(&self, spot: &Spot) -> Option<Finding> {
        let (task, told) = (self.tasks.get(spot)?, self.told.as_ref()?);
        let place = |fact: &Fact| crate::facts::place_key(fact, &task.place);
        let gives = told.facts.iter().filter(|(fact, at, _)| {
            task.step.gives.iter().any(|own| own.id == fact.id) && place(fact) == *at
        });
        Some(match told.proven.contains(&task.key) {
            true => Finding::Met(Proof {
                gives: gives
                    .map(|(fact, _, value)| (*fact, value.clone()))
                    .collect(),
                ..Proof::default()
            }),
            false => Finding::Unknown {
                why: NOT_TOLD.to_owned(),
            },
        })
    }

    /// One line about a run over half a link; what is told is not called proven.
    pub(in crate::run) fn half_status(&self) -> Option<String> {
        let side = self.told.as_ref()?.side;
        let (theirs, mine): (Vec<&Task>, Vec<&Task>) =
            self.tasks.values().partition(|task| task.step.side == side);
        let met = |tasks: &[&Task]| tasks.iter().filter(|task| task.is_met()).count();
        let proven = format!("{} of {} steps of your half proven", met(&mine), mine.len());
        Some(match (self.phase, &self.plan) {
            (Phase::Applying, _) => format!("Applying: {proven}"),
            (Phase::Checking, _) => "Checking your org; nothing is written".into(),
            (Phase::Planned, Some(plan)) => {
                let rests = plan.items.is_empty() && self.unexpanded.is_empty();
                match rests && met(&mine) == mine.len() {
                    true => format!(
                        "Your half is proven, {} steps; {} of {} are told by the other admin",
                        mine.len(),
                        met(&theirs),
                        theirs.len()
                    ),
                    false => format!("{proven}; {} to write", plan.items.len()),
                }
            }
            (Phase::Planned, None) => proven,
            _ => return None,
        })
    }

    /// What this run can tell of one org: keys of its proven rows, and what they gave.
    pub fn tell(&self, side: Side, may: fn(&Fact) -> bool) -> Told {
        let mine = || {
            self.tasks
                .values()
                .filter(move |task| task.step.side == side)
        };
        let mut facts = Map::new();
        for task in mine().filter(|task| task.is_met()) {
            for fact in task.step.gives.iter().filter(|fact| may(fact)) {
                let key = crate::facts::place_key(fact, &task.place);
                let known = self.store.all(fact).find(|(at, _)| *at == key);
                if let Some((_, known)) = known.filter(|(_, known)| is_read(&known.origin)) {
                    facts.insert((fact.id, key), (*fact, known.value.clone()));
                }
            }
        }
        Told {
            side,
            proven: mine()
                .filter(|task| task.is_met())
                .map(|task| task.key.clone())
                .collect(),
            facts: facts
                .iter()
                .map(|((_, at), (fact, value))| (*fact, at.clone(), value.clone()))
                .collect(),
        }
    }

    /// Whether every row of one org is proven.
    pub fn is_half_proven(&self, side: Side) -> bool {
        let rows = self.rows().filter(|(_, step)| step.side == side);
        let known = rows
            .into_iter()
            .all(|(_, step)| !self.unexpanded.contains(&step.id));
        let mut mine = self.tasks.values().filter(|task| task.step.side == side);
        known && mine.all(Task::is_met)
    }
}

/// A value that is only planned, or told by the other admin, is not ours to tell.
fn is_read(origin: &Origin) -> bool {
    matches!(origin, Origin::Read(..))
}
