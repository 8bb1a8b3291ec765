//! The timeline: what is done, what is next, and three ways to go on with each step.

use org2org_core::run::timeline::{ClickView, Phase, ProcedureView, StepState, StepView, Timeline};
use sycamore::prelude::*;
use sycamore::web::create_client_effect;
use wasm_bindgen::JsCast;

use crate::badge::badge;
use crate::board::{Action, Board, Sheet};
use crate::tabs::{focus, tab_id};
use crate::text::{count, shown, with_labels};
use crate::values::copyable;

/// The sheet of steps.
pub fn steps(board: Board) -> View {
    let procedures = create_selector(move || {
        board.timeline.with(|timeline| {
            timeline
                .procedures
                .iter()
                .map(|one| one.id)
                .collect::<Vec<_>>()
        })
    });
    let next = create_selector(move || {
        board
            .timeline
            .with(|timeline| next_step(timeline).map(|step| step.key.clone()))
    });
    let ahead = ahead(board);
    view! {
        (ahead)
        Keyed(list=procedures, view=move |id: &'static str| procedure(board, id, next), key=|id: &&'static str| *id)
    }
}

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

fn class(state: StepState) -> &'static str {
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

/// The card above the steps: the one thing to do now for the whole connection.
fn ahead(board: Board) -> View {
    let changes = create_selector(move || {
        board
            .plan
            .with(|plan| plan.as_ref().map(|plan| plan.items.len()))
    });
    let phase = create_selector(move || board.timeline.with(|timeline| timeline.phase));
    let busy = move || {
        matches!(
            phase.get(),
            Phase::Applying | Phase::Proving | Phase::Undoing
        )
    };
    let all_met = create_selector(move || board.timeline.with(done));
    let text = move || match (busy(), changes.get(), all_met.get()) {
        (true, ..) => "Changes are being sent and proven one by one.".to_owned(),
        (_, _, true) => "Everything is in place, proven by reading both orgs.".to_owned(),
        (_, Some(number), _) if number > 0 => [
            &count(number, "change is", "changes are"),
            " ready. Nothing has been written.",
        ]
        .concat(),
        (_, Some(_), _) => "What is left needs your hands; each step says where.".to_owned(),
        _ => "Reading both orgs. Nothing is written.".to_owned(),
    };
    let ready = move || !busy() && changes.get().is_some_and(|number| number > 0);
    view! {
        section(class="card", aria-label="Now") {
            p(class="sentence") { (text) }
            div(class="row") {
                button(r#type="button", class="main", hidden=move || !ready(), on:click=move |_| to_plan(board)) { "Show the plan" }
                button(r#type="button", hidden=move || !busy(), on:click=move |_| board.act(Action::Cancel)) { "Stop" }
                button(r#type="button", hidden=busy, on:click=move |_| board.act(Action::Check)) { "Check again" }
            }
        }
    }
}

fn done(timeline: &Timeline) -> bool {
    let mut steps = timeline
        .procedures
        .iter()
        .flat_map(|one| &one.steps)
        .peekable();
    steps.peek().is_some() && steps.all(|step| step.state == StepState::Met)
}

fn to_plan(board: Board) {
    board.sheet.set(Sheet::Plan);
    focus(tab_id(Sheet::Plan));
}

fn procedure(board: Board, id: &'static str, next: ReadSignal<Option<String>>) -> View {
    let with = move |read: fn(&ProcedureView) -> (usize, usize)| {
        board.timeline.with(|timeline| {
            timeline
                .procedures
                .iter()
                .find(|one| one.id == id)
                .map(read)
                .unwrap_or_default()
        })
    };
    let figures = create_selector(move || with(|one| (one.met, one.steps.len())));
    let keys = create_selector(move || {
        board.timeline.with(|timeline| {
            let one = timeline.procedures.iter().find(|one| one.id == id);
            one.map(|one| {
                one.steps
                    .iter()
                    .map(|step| step.key.clone())
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
        })
    });
    let title = board.timeline.with_untracked(|timeline| {
        timeline
            .procedures
            .iter()
            .find(|one| one.id == id)
            .map_or("", |one| one.title)
    });
    view! {
        section(class="procedure", aria-label=title) {
            header {
                div(class="row apart") {
                    h2 { (title) }
                    span(class="soft small") { (move || {
                        let (met, all) = figures.get();
                        [met.to_string(), " of ".to_owned(), all.to_string(), " done".to_owned()].concat()
                    }) }
                }
                progress(class="meter", aria-hidden="true",
                    max=move || figures.get().1.to_string(), value=move || figures.get().0.to_string())
            }
            ol(class="steps") {
                Keyed(list=keys, view=move |key: String| step(board, key, next), key=|key: &String| key.clone())
            }
        }
    }
}

fn find(timeline: &Timeline, key: &str) -> Option<StepView> {
    timeline
        .procedures
        .iter()
        .flat_map(|one| &one.steps)
        .find(|step| step.key == key)
        .cloned()
}

fn step(board: Board, key: String, next: ReadSignal<Option<String>>) -> View {
    let Some(first) = board
        .timeline
        .with_untracked(|timeline| find(timeline, &key))
    else {
        return view! { li {} };
    };
    let (wanted, before) = (key.clone(), first.clone());
    let now = create_selector(move || {
        board
            .timeline
            .with(|timeline| find(timeline, &wanted))
            .unwrap_or_else(|| before.clone())
    });
    let is_next = create_selector(move || next.with(|next| next.as_deref() == Some(key.as_str())));
    let opened = create_node_ref();
    // Opened when its turn comes, never closed by us: the person may be reading it.
    create_client_effect(move || {
        if is_next.get()
            && let Some(node) = opened.try_get()
        {
            let element: &web_sys::Element = node.unchecked_ref();
            let _ = element.set_attribute("open", "");
        }
    });
    let (head, rest) = (summary(now), body(board, now));
    view! {
        li(class="step", data-step=first.id, data-state=move || class(now.with(|step| step.state)),
            data-next=move || if is_next.get() { "true" } else { "false" }) {
            details(r#ref=opened, open=is_next.get_untracked()) {
                (head)
                (rest)
            }
        }
    }
}

fn summary(now: ReadSignal<StepView>) -> View {
    let state = move || now.with(|step| step.state);
    let first = now.get_clone_untracked();
    let side = badge(first.side, &first.org);
    view! {
        summary {
            span(class=move || ["icon ", class(state())].concat(), aria-hidden="true") {}
            div {
                span(class="title") { (move || now.with(|step| shown(&step.title))) }
                span(class="member") { (move || now.with(|step| match &step.member {
                    Some(member) => [" – ", &shown(member)].concat(),
                    None => String::new(),
                })) }
                div(class="meta") {
                    (side)
                    span(class=move || ["word ", class(state())].concat()) { (move || word(state())) }
                }
                p(class="detail") { (move || now.with(|step| shown(&step.detail))) }
            }
        }
    }
}

fn body(board: Board, now: ReadSignal<StepView>) -> View {
    let clicks = create_selector(move || now.with(|step| step.by_hand.clone()));
    let page = now.with_untracked(|step| [step.page, " in ", &shown(&step.org)].concat());
    let why = now.with_untracked(|step| step.why);
    let actions = actions(board, now);
    view! {
        div(class="body") {
            p { (why) }
            h3(class="label") { "By hand: " (page) }
            ol(class="clicks") {
                Indexed(list=clicks, view=move |one: ClickView| click(board, &one))
            }
            (actions)
        }
    }
}

fn click(board: Board, one: &ClickView) -> View {
    let text = with_labels(&one.text);
    let name = one.label.unwrap_or("this value").to_owned();
    let value = one
        .value
        .clone()
        .map(|value| copyable(board, name, move || value.clone()));
    view! { li { div { (text) (value) } } }
}

fn actions(board: Board, now: ReadSignal<StepView>) -> View {
    let no_address = move || now.with(|step| step.address.is_none());
    let by_us = move || now.with(|step| step.can_write && matches!(step.state, StepState::Unmet));
    let named = move |verb: &'static str| {
        move || {
            now.with(|step| {
                let member = step.member.as_deref().map(shown).unwrap_or_default();
                [verb, ": ", &step.title, " ", &member].concat()
            })
        }
    };
    view! {
        div(class="row") {
            button(r#type="button", aria-label=named("Show me"), disabled=no_address,
                on:click=move |_| board.act(Action::Show(now.with_untracked(|step| step.key.clone())))) { "Show me" }
            button(r#type="button", aria-label=named("Do it"), hidden=move || !by_us(),
                on:click=move |_| to_plan(board)) { "Do it…" }
            button(r#type="button", aria-label=named("Check"),
                on:click=move |_| board.act(Action::Check)) { "Check" }
        }
        p(class="soft small", hidden=move || !no_address()) { "The page can be opened once the steps before it have given its address." }
    }
}
