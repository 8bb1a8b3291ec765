//! The timeline: procedures, their steps, and groups of steps that differ only in whom they are for.

use std::cell::RefCell;
use std::rc::Rc;

use org2org_core::run::timeline::{Phase, ProcedureView, StepState, StepView};
use sycamore::prelude::*;

use crate::badge::badge;
use crate::board::{Action, Board, Sheet};
use crate::live::{click, flag, text, words};
use crate::rows::rows;
use crate::state::{all_met, class, gravest, next_step};
use crate::step::step;
use crate::text::{count, shown};

/// More steps of one kind than this are folded into a group.
const GROUP_FROM: usize = 4;

/// One signal per drawn step, so that a change in one redraws that one only.
#[derive(Clone)]
pub struct Cells {
    board: Board,
    /// Key of the next step; empty when there is none.
    pub next: ReadSignal<String>,
    drawn: Rc<RefCell<Vec<Cell>>>,
}

impl Cells {
    fn new(board: Board) -> Cells {
        // The turn passes on when a round is over, not with every answer on the way; while changes
        // are being sent it is nobody's.
        let last = create_signal(String::new());
        let next = words(move || {
            let next = board.timeline.with(|timeline| match timeline.phase {
                Phase::Checking => None,
                Phase::Planned | Phase::Stopped => {
                    Some(next_step(timeline).map_or(String::new(), |step| step.key.clone()))
                }
                Phase::Applying | Phase::Proving | Phase::Undoing => Some(String::new()),
            });
            if let Some(next) = next {
                last.set_silent(next);
            }
            last.get_clone_untracked()
        });
        let cells = Cells {
            board,
            next,
            drawn: Rc::default(),
        };
        let drawn = cells.drawn.clone();
        create_effect(move || {
            // Collected first: no signal may be set while another is being read.
            let changed = board.timeline.with(|timeline| {
                let steps = timeline.procedures.iter().flat_map(|one| &one.steps);
                differing(&drawn.borrow(), steps)
            });
            for (cell, step) in changed {
                cell.set(step);
            }
        });
        cells
    }

    /// The signal of a step, made in the scope of the row that draws it.
    pub fn cell(&self, key: &str) -> Option<ReadSignal<StepView>> {
        let found = self.board.timeline.with_untracked(|timeline| {
            timeline
                .procedures
                .iter()
                .flat_map(|one| &one.steps)
                .find(|step| step.key == key)
                .cloned()
        });
        let cell = create_signal(found?);
        self.drawn.borrow_mut().push((key.to_owned(), cell));
        let (drawn, key) = (self.drawn.clone(), key.to_owned());
        on_cleanup(move || {
            drawn.borrow_mut().retain(|(drawn, _)| *drawn != key);
        });
        Some(*cell)
    }
}

type Cell = (String, Signal<StepView>);

/// The drawn steps that look different now. Rows are drawn in the order of the steps, so each
/// search begins behind the last find.
fn differing<'a>(
    drawn: &[Cell],
    steps: impl Iterator<Item = &'a StepView>,
) -> Vec<(Signal<StepView>, StepView)> {
    let (mut changed, mut from) = (Vec::new(), 0);
    for step in steps {
        let order = (from..drawn.len()).chain(0..from);
        let Some((at, cell)) = order
            .filter_map(|at| drawn.get(at).map(|cell| (at, cell)))
            .find(|(_, (key, _))| *key == step.key)
        else {
            continue;
        };
        from = at + 1;
        if cell.1.with_untracked(|old| old != step) {
            changed.push((cell.1, step.clone()));
        }
    }
    changed
}

/// The sheet of steps.
pub fn steps(board: Board) -> View {
    let cells = Cells::new(board);
    let keys = move || {
        board.timeline.with(|timeline| {
            timeline
                .procedures
                .iter()
                .filter(|one| !one.steps.is_empty())
                .map(|one| one.id.to_owned())
                .collect()
        })
    };
    let all = rows(keys, move |id| procedure(board, &cells, id));
    vec![ahead(board), all].into()
}

/// The card above the steps: the one thing to do now for the whole connection.
fn ahead(board: Board) -> View {
    let busy = flag(move || {
        board.timeline.with(|timeline| {
            matches!(
                timeline.phase,
                Phase::Applying | Phase::Proving | Phase::Undoing
            )
        })
    });
    let changes = move || {
        board
            .plan
            .with(|plan| plan.as_ref().map(|plan| plan.items.len()))
    };
    let ready = flag(move || !busy.get() && changes().is_some_and(|number| number > 0));
    let held = flag(move || board.timeline.with(|timeline| !timeline.pauses.is_empty()));
    let text = text(move || {
        match (busy.get(), changes(), board.timeline.with(all_met)) {
            _ if held.get() => {
                "Part of this waits for you, as said above. The rest goes on.".to_owned()
            }
            (true, ..) => "Changes are being sent and proven one by one.".to_owned(),
            (_, _, true) => match board.is_half() {
                true => "Your half is in place, proven by reading your org; the other half is told by its admin.",
                false => "Everything is in place, proven by reading both orgs.",
            }
            .to_owned(),
            (_, Some(number), _) if number > 0 => [
                &count(number, "change is", "changes are"),
                " ready. None is sent before you say yes.",
            ]
            .concat(),
            (_, Some(_), _) => match board.is_half() {
                true => "Nothing is ready to be written. What is left waits for the other admin's file, or needs your hands; each step says which.",
                false => "What is left needs your hands; each step says where.",
            }
            .to_owned(),
            _ => match board.is_half() {
                true => "Reading your org. Nothing is written.",
                false => "Reading both orgs. Nothing is written.",
            }
            .to_owned(),
        }
    });
    view! {
        section(class="card", aria-label="Now") {
            h2(class="sentence", tabindex="-1") { (text) }
            div(class="row") {
                button(r#type="button", class="main", id="to-plan", hidden=move || !ready.get(), on:click=click(move || board.sheet.set(Sheet::Plan))) { "Show the plan" }
                button(r#type="button", hidden=move || !busy.get(), on:click=click(move || board.act(Action::Cancel))) { "Stop" }
                button(r#type="button", id="check", hidden=move || busy.get(), on:click=click(move || board.act(Action::Check))) { "Check again" }
                button(r#type="button", class="plain", hidden=move || busy.get(), on:click=click(move || board.act(Action::Rewish))) { "Change what is connected" }
            }
        }
    }
}

fn procedure(board: Board, cells: &Cells, id: &str) -> View {
    let own = id.to_owned();
    let with = move |read: &dyn Fn(&ProcedureView) -> Vec<String>| {
        board.timeline.with(|timeline| {
            timeline
                .procedures
                .iter()
                .find(|one| one.id == own)
                .map(read)
                .unwrap_or_default()
        })
    };
    let (met, all, keys) = (with.clone(), with.clone(), with.clone());
    let met = words(move || met(&|one| vec![one.met.to_string()]).concat());
    let all = words(move || all(&|one| vec![one.steps.len().to_string()]).concat());
    let title = untrack(|| with(&|one| vec![one.title.to_owned()]).concat());
    let named = title.clone();
    let figures = text(move || [&met.get_clone(), " of ", &all.get_clone(), " done"].concat());
    let cells = cells.clone();
    let list = rows(
        move || keys(&folded),
        move |key| match key.strip_prefix(GROUP) {
            Some(id) => group(board, &cells, id),
            None => step(board, &cells, key, false),
        },
    );
    view! {
        section(class="procedure", aria-label=named) {
            header {
                div(class="row apart") {
                    h2 { (title) }
                    span(class="soft small") { (figures) }
                }
                progress(class="meter", aria-hidden="true", max=move || all.get_clone(), value=move || met.get_clone())
            }
            ol(class="steps") { (list) }
        }
    }
}

/// Stands before the id of a row whose steps are folded; no step's key begins so.
const GROUP: &str = "* ";

/// The keys of the rows of a procedure, long runs of one row folded into one key.
fn folded(procedure: &ProcedureView) -> Vec<String> {
    let runs = procedure.steps.chunk_by(|a, b| a.id == b.id);
    let mut keys = Vec::new();
    for run in runs {
        match run {
            [first, ..] if run.len() >= GROUP_FROM => keys.push([GROUP, first.id].concat()),
            _ => keys.extend(run.iter().map(|step| step.key.clone())),
        }
    }
    keys
}

fn group(board: Board, cells: &Cells, id: &str) -> View {
    let members = of_row(board, id, |step| step.key.clone());
    let first = of_row(board, id, |step| {
        [step.title.as_str(), "\n", &step.org].concat()
    });
    let (title, org) = untrack(|| {
        first()
            .first()
            .and_then(|text| text.split_once('\n').map(|(a, b)| (shown(a), b.to_owned())))
    })
    .unwrap_or_default();
    let side = board.timeline.with_untracked(|timeline| {
        timeline
            .procedures
            .iter()
            .flat_map(|one| &one.steps)
            .find(|step| step.id == id)
            .map(|step| step.side)
    });
    let badge = side.map(|side| badge(side, &org));
    let (own, row) = (id.to_owned(), id.to_owned());
    let state = words(move || class(standing(board, &own).0).to_owned());
    let own = id.to_owned();
    let figures = text(move || {
        let (_, met, all) = standing(board, &own);
        [
            met.to_string(),
            " of ".to_owned(),
            all.to_string(),
            " done".to_owned(),
        ]
        .concat()
    });
    let cells = cells.clone();
    let list = rows(members, move |key| step(board, &cells, key, true));
    view! {
        li(class="step group", data-step=row, data-state=move || state.get_clone()) {
            details {
                summary {
                    span(class=move || ["icon ", &state.get_clone()].concat(), aria-hidden="true") {}
                    div {
                        span(class="title") { (title) }
                        div(class="meta") { (badge) span(class=move || ["word ", &state.get_clone()].concat()) { (figures) } }
                    }
                }
                ol(class="members") { (list) }
            }
        }
    }
}

fn of_row(
    board: Board,
    id: &str,
    read: fn(&StepView) -> String,
) -> impl Fn() -> Vec<String> + use<> {
    let id = id.to_owned();
    move || {
        board.timeline.with(|timeline| {
            let steps = timeline.procedures.iter().flat_map(|one| &one.steps);
            steps.filter(|step| step.id == id).map(read).collect()
        })
    }
}

/// The state a group shows, and how many of how many are done.
fn standing(board: Board, id: &str) -> (StepState, usize, usize) {
    board.timeline.with(|timeline| {
        let steps: Vec<StepState> = timeline
            .procedures
            .iter()
            .flat_map(|one| &one.steps)
            .filter(|step| step.id == id)
            .map(|step| step.state)
            .collect();
        let met = steps
            .iter()
            .filter(|state| **state == StepState::Met)
            .count();
        (gravest(steps.iter().copied()), met, steps.len())
    })
}
