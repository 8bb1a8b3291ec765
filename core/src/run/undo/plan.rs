//! What an undo would send, and what it would leave in place.

use super::super::plan::{Note, Plan, PlanItem, title};
use super::super::task::Task;
use super::super::{Reach, Run, Side};

impl Run {
    /// What undo would send, from what the last round of reads has shown.
    pub fn plan_undo(&self) -> Option<Plan> {
        let plan = self.plan()?;
        let mut undo = Plan {
            id: String::new(),
            sentence: format!(
                "What this run made in {} and {} is taken back.",
                self.store.pair.source.name, self.store.pair.target.name
            ),
            reach: Reach::default(),
            reaches: String::new(),
            items: Vec::new(),
            by_hand: Vec::new(),
            warnings: Vec::new(),
            cannot_undo: plan.cannot_undo.clone(),
        };
        for key in self.undo_order() {
            match self.spot(key).and_then(|spot| self.tasks.get(&spot)) {
                Some(task) => self.plan_undo_of(task, &mut undo),
                None => undo.warnings.push(gone(key)),
            }
        }
        let target = &self.store.pair.target.name;
        undo.reaches = undo.reach.text(target);
        let wish = &self.store.wish;
        let stays = match (wish.pushes(), wish.makes_accounts_at_sign_in()) {
            (true, _) => Some("Accounts and groups that were pushed to"),
            (_, true) => Some("Accounts that people's first sign-in made in"),
            _ => None,
        };
        if let Some(stays) = stays.filter(|_| undo.reach == Reach::default()) {
            undo.warnings.push(Note {
                key: "people".into(),
                side: Side::Target,
                text: format!("{stays} {target} stay there."),
            });
        }
        let mut undo = undo.sealed();
        undo.cannot_undo.clear();
        Some(undo)
    }

    fn plan_undo_of(&self, task: &Task, undo: &mut Plan) {
        let org = self.store.pair.org(task.step.side);
        match self.undo_writes(task, false, Some(&undo.warnings)) {
            Err(why) => undo.warnings.push(self.stays(task, &why)),
            Ok(writes) => {
                if !writes.is_empty() {
                    self.reach_back(task, &mut undo.reach);
                }
                let item = |w| PlanItem::taking_back(task.step, &task.place, &task.key, org, w);
                undo.items.extend(writes.iter().map(item));
            }
        }
    }

    pub(super) fn stays(&self, task: &Task, why: &str) -> Note {
        let text = format!("{}: stays as it is, {why}", title(task.step, &task.place));
        Note {
            key: task.key.clone(),
            side: task.step.side,
            text,
        }
    }
}

/// A step that is no longer among the tasks.
pub(super) fn gone(key: &str) -> Note {
    Note {
        key: key.to_owned(),
        side: Side::Source,
        text: format!("{key}: no longer among the steps; it stays as it is"),
    }
}
