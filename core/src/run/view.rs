//! A run as a face shows it.

use super::step::{Click, Finding, PageId, Procedure, Step};
use super::task::{State, Task};
use super::timeline::{ClickView, Phase, ProcedureView, StepState, StepView, Timeline, ValueView};
use super::{Run, task};
use crate::facts::{Fact, Facts, Missing, Origin, Place};

impl Finding {
    /// The finding in words; empty when there is nothing to add.
    pub fn text(&self) -> String {
        match self {
            Finding::Blocked { why, who } => format!("{why}. Who can help: {who}."),
            Finding::Conflict { several } => {
                format!(
                    "{} objects answer to this: {}. Decide which one stays.",
                    several.len(),
                    several.join(", ")
                )
            }
            Finding::Differs { wanted, seen } => {
                format!(
                    "wanted {wanted}; seen {seen}. It is not ours to overwrite: change it by hand."
                )
            }
            Finding::Met(proof) => proof.note.clone().unwrap_or_default(),
            Finding::Unknown { why } => format!("not known: {why}. Check again."),
            Finding::Unmet => String::new(),
        }
    }
}

impl Run {
    /// What a face shows of this run.
    pub fn timeline(&self) -> Timeline {
        Timeline {
            phase: self.phase,
            status: self.status(),
            procedures: self
                .procedures
                .iter()
                .map(|procedure| self.procedure_view(procedure))
                .collect(),
            values: self.values(),
            pauses: self.desk.pauses(),
        }
    }

    /// What the run is doing and how far it is, in one line.
    pub fn status(&self) -> String {
        if let Some(status) = self.half_status() {
            return status;
        }
        let all = self.tasks.len();
        let met = self.tasks.values().filter(|task| task.is_met()).count();
        match (self.phase, &self.plan) {
            (Phase::Applying, _) => format!("Applying: {met} of {all} steps proven"),
            (Phase::Checking, _) => "Checking both orgs; nothing is written".into(),
            (Phase::Planned, Some(plan))
                if plan.items.is_empty() && met == all && self.unexpanded.is_empty() =>
            {
                format!("All {all} steps are proven")
            }
            (Phase::Planned, Some(plan)) => {
                format!("{met} of {all} steps proven; {} to write", plan.items.len())
            }
            (Phase::Planned, None) => format!("{met} of {all} steps proven"),
            (Phase::Proving, _) => "Reading everything once more to prove it".into(),
            (Phase::Stopped, _) => "Stopped; nothing more is sent".into(),
            (Phase::Undoing, _) => "Taking back what this run made".into(),
        }
    }

    fn procedure_view(&self, procedure: &'static Procedure) -> ProcedureView {
        let mut steps = Vec::new();
        for step in procedure
            .steps
            .iter()
            .filter(|step| (step.when)(&self.store.wish))
        {
            if self.unexpanded.contains(&step.id) {
                steps.push(self.unexpanded_view(step));
            }
            let tasks = self.tasks_of(step.id);
            steps.extend(tasks.map(|task| self.step_view(task)));
        }
        let met = steps
            .iter()
            .filter(|step| step.state == StepState::Met)
            .count();
        ProcedureView {
            id: procedure.id,
            title: procedure.title,
            met,
            steps,
        }
    }

    fn unexpanded_view(&self, step: &'static Step) -> StepView {
        let place = Place::new();
        let detail = "waits until it is known for whom".to_owned();
        self.view(step, &place, StepState::Waiting, detail)
    }

    fn step_view(&self, task: &Task) -> StepView {
        let (state, detail) = self.standing(task);
        self.view(task.step, &task.place, state, detail)
    }

    fn standing(&self, task: &Task) -> (StepState, String) {
        let facts = self.store.at(&task.place);
        let held = self.desk.waits_for_person(task.step.side);
        match (&task.finding, task.state) {
            (None, State::Probing) | (_, State::Storing | State::Writing) if held => {
                (StepState::Waiting, "waits for you".into())
            }
            (_, State::Storing | State::Writing) => (StepState::Writing, String::new()),
            (None, State::Probing) => (StepState::Checking, String::new()),
            (None, _) => match task.waits_for(&self.store) {
                // No other step will give it: what it is computed from has to change.
                Some(fact) => match task
                    .step
                    .needs
                    .iter()
                    .find_map(|need| hopeless(need, &facts))
                {
                    Some(why) => (StepState::Blocked, why),
                    None => (StepState::Waiting, format!("waits for: {}", fact.title)),
                },
                None => (StepState::Checking, String::new()),
            },
            (Some(finding @ Finding::Met(_)), _) if self.is_told(task.step.side) => {
                (finding.state(), "told by the other admin".into())
            }
            (Some(finding), _) => (finding.state(), finding.text()),
        }
    }

    fn view(
        &self,
        step: &'static Step,
        place: &Place,
        state: StepState,
        detail: String,
    ) -> StepView {
        let facts = self.store.at(place);
        let org = self.store.pair.org(step.side);
        let names: Vec<&str> = place
            .iter()
            .map(|(_, member)| member.name.as_str())
            .collect();
        StepView {
            key: task::key(step, place),
            id: step.id,
            title: step.title.to_owned(),
            member: (!names.is_empty()).then(|| names.join(" · ")),
            why: step.why,
            side: step.side,
            org: org.name.clone(),
            page: step.page.title,
            // A page of the other admin's org opens for them alone.
            address: match self.is_told(step.side) {
                true => None,
                false => address(step, &facts),
            },
            by_hand: step
                .by_hand
                .iter()
                .map(|click| click.view(&facts))
                .collect(),
            covers: step.covers,
            state,
            detail,
            can_write: step.write.is_some(),
        }
    }

    fn values(&self) -> Vec<ValueView> {
        let mut values = Vec::new();
        for task in self.tasks.values() {
            let facts = self.store.at(&task.place);
            for fact in task.step.gives.iter().filter(|fact| !fact.title.is_empty()) {
                let Ok(Some(value)) = facts.optional(fact) else {
                    continue;
                };
                let member = task
                    .place
                    .iter()
                    .find(|(set, _)| fact.per.iter().any(|own| own.id == *set));
                values.push(ValueView {
                    id: fact.id,
                    title: fact.title,
                    member: member.map(|(_, member)| member.name.clone()),
                    value,
                    origin: self.origin(fact, &task.place),
                });
            }
        }
        values
    }

    fn origin(&self, fact: &'static Fact, place: &Place) -> String {
        match self.store.at(place).origin(fact) {
            Some(Origin::Read(side, call)) => {
                format!("read from {}: {call}", self.store.pair.org(*side).name)
            }
            Some(Origin::Step(step)) => format!("will come from {step}"),
            #[cfg(feature = "handoff")]
            Some(Origin::Told(side)) => {
                format!("told by the admin of {}", self.store.pair.org(*side).name)
            }
            None => "computed from the values above".into(),
        }
    }
}

impl Finding {
    fn state(&self) -> StepState {
        match self {
            Finding::Blocked { .. } => StepState::Blocked,
            Finding::Conflict { .. } => StepState::Conflict,
            Finding::Differs { .. } => StepState::Differs,
            Finding::Met(_) => StepState::Met,
            Finding::Unknown { .. } => StepState::Unknown,
            Finding::Unmet => StepState::Unmet,
        }
    }
}

/// Why a computed fact cannot be had from what is known.
fn hopeless(fact: &Fact, facts: &Facts<'_>) -> Option<String> {
    match (fact.derive.as_ref()?.with)(facts) {
        Err(Missing::Unusable(why)) => Some(why),
        _ => None,
    }
}

/// The address of a row's page, with the ids its facts know.
fn address(step: &Step, facts: &Facts<'_>) -> Option<String> {
    let org = &facts.pair().org(step.side).url;
    let mut ids: Vec<(&str, String)> = Vec::new();
    for id in step.page_ids {
        let value = match id.1 {
            PageId::Fact(fact) => facts.optional(fact).ok().flatten()?,
            PageId::Member(set) => facts.member(set).ok()?.id.clone(),
            PageId::Plain(text) => text.to_owned(),
        };
        ids.push((id.0, value));
    }
    let ids: Vec<(&str, &str)> = ids.iter().map(|(name, id)| (*name, id.as_str())).collect();
    step.page.address(org, &ids)
}

impl Click {
    /// The instruction with its value filled in.
    fn view(&self, facts: &Facts<'_>) -> ClickView {
        let known = |fact: &'static Fact| match facts.optional(fact) {
            Ok(Some(value)) => Some(value),
            _ => None,
        };
        match self {
            Click::Choose(label, fact) => ClickView {
                text: self.words(),
                value: known(fact),
                label: Some(label),
            },
            Click::Copy(label, fact) => ClickView {
                text: self.words(),
                value: known(fact),
                label: Some(label),
            },
            Click::Do(_, label) => ClickView {
                text: self.words(),
                value: None,
                label: *label,
            },
            Click::Fill(label, fact) => ClickView {
                text: self.words(),
                value: known(fact),
                label: Some(label),
            },
            Click::Set(label, _) => ClickView {
                text: self.words(),
                value: None,
                label: Some(label),
            },
        }
    }
}
