//! What a step's state is called, how it looks, and which step comes next.

use org2org_core::run::timeline::{StepState, StepView, Timeline};

/// The first step that somebody has to do something about.
pub fn next_step(timeline: &Timeline) -> Option<&StepView> {
    let open = |step: &&StepView| {
        !matches!(
            step.state,
            StepState::Met | StepState::Waiting | StepState::Checking | StepState::Writing
        )
    };
    timeline
        .procedures
        .iter()
        .flat_map(|one| &one.steps)
        .find(open)
}

/// Whether there are steps and all are proven.
pub fn all_met(timeline: &Timeline) -> bool {
    let mut steps = timeline
        .procedures
        .iter()
        .flat_map(|one| &one.steps)
        .peekable();
    steps.peek().is_some() && steps.all(|step| step.state == StepState::Met)
}

/// What a state is called; the word stands beside the icon.
pub fn word(state: StepState) -> &'static str {
    match state {
        StepState::Blocked => "Blocked",
        StepState::Checking => "Checking",
        StepState::Conflict => "Several found",
        StepState::Differs => "Differs",
        StepState::Met => "Done",
        StepState::Unknown => "Not known",
        StepState::Unmet => "To do",
        StepState::Waiting => "Waits",
        StepState::Writing => "Writing",
    }
}

/// The class that draws its icon.
pub fn class(state: StepState) -> &'static str {
    match state {
        StepState::Blocked => "blocked",
        StepState::Checking => "checking",
        StepState::Conflict => "conflict",
        StepState::Differs => "differs",
        StepState::Met => "met",
        StepState::Unknown => "unknown",
        StepState::Unmet => "unmet",
        StepState::Waiting => "waiting",
        StepState::Writing => "writing",
    }
}

/// The state that a group of steps shows: the one that most needs eyes.
pub fn gravest(states: impl Iterator<Item = StepState>) -> StepState {
    const ORDER: [StepState; 8] = [
        StepState::Conflict,
        StepState::Blocked,
        StepState::Differs,
        StepState::Unknown,
        StepState::Writing,
        StepState::Checking,
        StepState::Unmet,
        StepState::Waiting,
    ];
    let rank = |state: &StepState| {
        ORDER
            .iter()
            .position(|one| one == state)
            .unwrap_or(ORDER.len())
    };
    states.min_by_key(rank).unwrap_or(StepState::Met)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_shows_what_most_needs_eyes() {
        use StepState::{Blocked, Checking, Conflict, Met, Unmet};
        assert_eq!(
            gravest([Met, Unmet, Conflict, Blocked].into_iter()),
            Conflict
        );
        assert_eq!(gravest([Met, Checking, Unmet].into_iter()), Checking);
        assert_eq!(gravest([Met, Met].into_iter()), Met);
    }
}
