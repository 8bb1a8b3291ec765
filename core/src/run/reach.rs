//! What a plan does to people's accounts in the target, in figures: the blast radius.

use serde::Serialize;

use super::step::{Finding, Procedure};
use super::task::Task;
use super::{Plan, Run};
use crate::facts::Store;

/// How many accounts in the target a plan reaches, and how.
///
/// Taking down and taking back turn deactivation off, and read it back, before anyone loses the
/// app. Only the end of a pilot leaves it as it is, and says whom it deactivates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// Accounts that are made.
    pub creates: usize,
    /// Accounts that are there already and become the source's.
    pub links: usize,
    /// People who get a mail.
    pub mails: usize,
    /// Accounts that are deactivated.
    pub deactivates: usize,
    /// People who are reached in a way that no read has shown.
    pub unknown: usize,
    /// Whether people who lose the app later are deactivated.
    pub deactivates_later: bool,
}

/// What one row does to an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Effect {
    /// An account is made.
    Creates {
        /// Whether its person gets a mail.
        mails: bool,
    },
    /// An account that is there becomes the source's.
    Links {
        /// Whether its person gets a mail.
        mails: bool,
    },
    /// The account is deactivated.
    Deactivates,
    /// Nothing.
    #[default]
    Nothing,
    /// One of these; no read has shown which.
    Unknown,
}

impl Reach {
    /// In one line, for the target of this name.
    pub fn text(&self, target: &str) -> String {
        let Reach {
            creates,
            links,
            mails,
            deactivates,
            unknown,
            ..
        } = self;
        let mut text = match (creates, links, unknown, deactivates) {
            (0, 0, 0, 0) => [
                "In ",
                target,
                " no account is created, linked, mailed or deactivated",
            ]
            .concat(),
            _ => [
                "In ",
                target,
                ": creates ",
                &counted(*creates, " account", " accounts"),
                ", links ",
                &links.to_string(),
                ", mails ",
                &counted(*mails, " person", " people"),
                ", deactivates ",
                &deactivates.to_string(),
            ]
            .concat(),
        };
        if *unknown > 0 {
            text.push_str("; of ");
            text.push_str(&counted(*unknown, " person", " people"));
            text.push_str(" more it is not known which");
        }
        if self.deactivates_later {
            text.push_str("; from then on, whoever loses the app is deactivated there");
        }
        text.push('.');
        text
    }

    /// The number of people who get a mail, when the person who agrees must type it: a mail
    /// cannot be called back.
    pub fn to_type(&self) -> Option<usize> {
        Some(self.mails).filter(|mails| *mails > 0)
    }

    /// Whether what was typed answers [`Reach::to_type`].
    pub fn is_answered_by(&self, typed: &str) -> bool {
        self.to_type()
            .is_none_or(|mails| typed.trim().parse() == Ok(mails))
    }

    fn add(&mut self, effect: Effect) {
        let mails = match effect {
            Effect::Creates { mails } => {
                self.creates += 1;
                mails
            }
            Effect::Links { mails } => {
                self.links += 1;
                mails
            }
            Effect::Deactivates => {
                self.deactivates += 1;
                false
            }
            Effect::Nothing => false,
            Effect::Unknown => {
                self.unknown += 1;
                false
            }
        };
        self.mails += usize::from(mails);
    }
}

impl Run {
    /// What this plan reaches: by its own writes, and by what follows from them.
    pub(super) fn reach(&self, plan: &Plan, store: &Store) -> Reach {
        let wish = &store.wish;
        let push = wish.push.as_ref().filter(|_| wish.connects());
        let mut reach = Reach {
            deactivates_later: push.is_some_and(|push| push.deactivate),
            ..Reach::default()
        };
        let spots = plan.items.iter().filter_map(|item| self.spot(&item.key));
        let written = spots.filter_map(|spot| self.tasks.get(&spot));
        let following = self.tasks.values().filter(|task| self.will_be_met(task));
        for task in written.chain(following) {
            if let Some(effect) = self.procedure_of(task).and_then(|one| one.effect) {
                reach.add(effect(task.step.id, &store.at(&task.place)));
            }
        }
        reach
    }

    /// What taking this task back reaches.
    pub(super) fn reach_back(&self, task: &Task, reach: &mut Reach) {
        if let Some(effect) = self.procedure_of(task).and_then(|one| one.undo_effect) {
            reach.add(effect(task.step.id, &self.store.at(&task.place)));
        }
    }

    fn procedure_of(&self, task: &Task) -> Option<&'static Procedure> {
        let holds =
            |one: &&&'static Procedure| one.steps.iter().any(|step| step.id == task.step.id);
        self.procedures.iter().find(holds).copied()
    }

    /// Whether a row without a write of its own is due to what other rows will write.
    pub(super) fn will_follow(&self, task: &Task) -> bool {
        task.step.after.iter().any(|gate| {
            let written = self.step(gate).is_some_and(|gate| gate.write.is_some());
            written && !self.tasks.all_met(gate)
        })
    }

    /// Whether a row without a write of its own will be met by what others write.
    fn will_be_met(&self, task: &Task) -> bool {
        let open = matches!(task.finding, None | Some(Finding::Unmet));
        open && task.step.write.is_none() && self.will_follow(task)
    }
}

fn counted(number: usize, one: &str, several: &str) -> String {
    [
        &*number.to_string(),
        if number == 1 { one } else { several },
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_reaches_nobody_says_so() {
        let text = Reach::default().text("Hub");
        assert_eq!(
            text,
            "In Hub no account is created, linked, mailed or deactivated."
        );
    }

    #[test]
    fn figures_add_up_and_unknown_is_a_figure_of_its_own() {
        let mut reach = Reach::default();
        for effect in [
            Effect::Creates { mails: true },
            Effect::Links { mails: true },
            Effect::Links { mails: false },
            Effect::Nothing,
            Effect::Unknown,
        ] {
            reach.add(effect);
        }
        reach.deactivates_later = true;
        assert_eq!(
            reach.text("Hub"),
            "In Hub: creates 1 account, links 2, mails 2 people, deactivates 0; of 1 person more it is not known which; from then on, whoever loses the app is deactivated there."
        );
    }

    #[test]
    fn mail_is_agreed_to_by_its_number_only() {
        let none = Reach::default();
        assert_eq!(none.to_type(), None);
        assert!(none.is_answered_by(""));
        let some = Reach {
            mails: 12,
            ..Reach::default()
        };
        assert_eq!(some.to_type(), Some(12));
        for (typed, answers) in [
            ("12", true),
            (" 12 ", true),
            ("", false),
            ("1", false),
            ("120", false),
            ("yes", false),
            ("-12", false),
            ("12.0", false),
        ] {
            assert_eq!(some.is_answered_by(typed), answers, "{typed:?}");
        }
    }
}
