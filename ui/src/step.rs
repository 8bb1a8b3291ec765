//! One step: where it stands, why it is there, how it is done by hand, and three ways to go on.

use org2org_core::run::timeline::{ClickView, StepState, StepView};
use sycamore::prelude::*;
use sycamore::web::create_client_effect;
use wasm_bindgen::JsCast;

use crate::badge::badge;
use crate::board::{Action, Board, Sheet};
use crate::live::{click, flag, text};
use crate::rows::rows;
use crate::state::{class, word};
use crate::steps::Cells;
use crate::text::{shown, with_labels};
use crate::values::copyable;

/// A step as a row of its list; in a group the member's name stands for the title.
pub fn step(board: Board, cells: &Cells, key: &str, in_group: bool) -> View {
    let Some(now) = cells.cell(key) else {
        return view! { li {} };
    };
    let (next, own) = (cells.next, key.to_owned());
    let is_next = flag(move || next.with(|next| *next == own));
    let opened = create_node_ref();
    let ours = create_signal(is_next.get_untracked());
    create_client_effect(move || {
        if let (is_next, Some(node)) = (is_next.get(), opened.try_get()) {
            take_turn(is_next, node.unchecked_ref(), ours);
        }
    });
    let (id, open) = (now.with_untracked(|step| step.id), is_next.get_untracked());
    let (head, rest) = (summary(now, in_group), body(board, now));
    view! {
        li(class="step", data-step=id, data-state=move || class(now.with(|step| step.state)),
            data-next=move || if is_next.get() { "true" } else { "false" }) {
            details(r#ref=opened, open=open) {
                (head)
                (rest)
            }
        }
    }
}

/// Opens a step when its turn comes, and closes what was opened so, unless the focus is in it.
fn take_turn(is_next: bool, details: &web_sys::Element, ours: Signal<bool>) {
    let focused = document().active_element();
    let in_use = focused.is_some_and(|focused| details.contains(Some(&focused)));
    if is_next {
        ours.set(ours.get_untracked() || !details.has_attribute("open"));
        let _ = details.set_attribute("open", "");
    } else if ours.get_untracked() && !in_use {
        ours.set(false);
        let _ = details.remove_attribute("open");
    }
}

fn summary(now: ReadSignal<StepView>, in_group: bool) -> View {
    let state = move || now.with(|step| step.state);
    let first = now.get_clone_untracked();
    let side = (!in_group).then(|| badge(first.side, &first.org));
    let member = first.member.as_deref().map(shown).unwrap_or_default();
    let (title, member) = match in_group {
        true => (member, String::new()),
        false if member.is_empty() => (shown(&first.title), member),
        false => (shown(&first.title), [" – ", &member].concat()),
    };
    let word = text(move || word(state()).to_owned());
    let detail = text(move || now.with(|step| shown(&step.detail)));
    view! {
        summary {
            span(class=move || ["icon ", class(state())].concat(), aria-hidden="true") {}
            div {
                span(class="title") { (title) }
                span(class="member") { (member) }
                div(class="meta") {
                    (side)
                    span(class=move || ["word ", class(state())].concat()) { (word) }
                }
                p(class="detail") { (detail) }
            }
        }
    }
}

fn body(board: Board, now: ReadSignal<StepView>) -> View {
    let (why, page) =
        now.with_untracked(|step| (step.why, [step.page, " in ", &shown(&step.org)].concat()));
    // A click is drawn anew when its text or value changes, and only then.
    let keys = move || {
        now.with(|step| {
            step.by_hand
                .iter()
                .enumerate()
                .map(|(index, one)| click_key(index, one))
                .collect()
        })
    };
    let clicks = rows(keys, move |key| {
        let all = now.with_untracked(|step| step.by_hand.clone());
        let found = all
            .iter()
            .enumerate()
            .find(|(index, one)| click_key(*index, one) == key);
        found.map(|(_, one)| by_hand(board, one)).into()
    });
    let actions = actions(board, now);
    view! {
        div(class="body") {
            p { (why) }
            h3(class="label") { "By hand: " (page) }
            ol(class="clicks") { (clicks) }
            (actions)
        }
    }
}

fn click_key(index: usize, one: &ClickView) -> String {
    [
        &index.to_string(),
        " ",
        &one.text,
        " ",
        one.value.as_deref().unwrap_or_default(),
    ]
    .concat()
}

fn by_hand(board: Board, one: &ClickView) -> View {
    let text = with_labels(&one.text);
    let name = one.label.unwrap_or("this value").to_owned();
    let value = one
        .value
        .clone()
        .map(|value| copyable(board, name, *create_signal(value)));
    view! { li { div { (text) (value) } } }
}

fn actions(board: Board, now: ReadSignal<StepView>) -> View {
    let lost = flag(move || now.with(|step| step.address.is_none()));
    let ours = flag(move || now.with(|step| step.can_write && step.state == StepState::Unmet));
    let of = now.with_untracked(|step| match &step.member {
        Some(member) => [&shown(&step.title), " – ", &shown(member)].concat(),
        None => shown(&step.title),
    });
    let way = ["to-plan-", &now.with_untracked(|step| step.key.clone())].concat();
    let [show, do_it, check] = ["Show me: ", "Do it: ", "Check: "].map(|verb| [verb, &of].concat());
    view! {
        div(class="row") {
            button(r#type="button", aria-label=show, disabled=move || lost.get(),
                on:click=click(move || board.act(Action::Show(now.with_untracked(|step| step.key.clone()))))) { "Show me" }
            button(r#type="button", id=way, aria-label=do_it, hidden=move || !ours.get(),
                on:click=click(move || board.sheet.set(Sheet::Plan))) { "Do it…" }
            button(r#type="button", aria-label=check,
                on:click=click(move || board.act(Action::Check))) { "Check" }
        }
        p(class="soft small", hidden=move || !lost.get()) { "The page can be opened once its address is known." }
    }
}
