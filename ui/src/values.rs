//! The values that travel between the orgs, each with where it came from.

use org2org_core::run::timeline::ValueView;
use sycamore::prelude::*;

use crate::board::{Action, Board};
use crate::text::shown;

/// The sheet of values.
pub fn values(board: Board) -> View {
    let list = create_selector(move || board.timeline.with(|timeline| timeline.values.clone()));
    view! {
        section(class="card", aria-labelledby="values-title") {
            h2(id="values-title") { "Values" }
            p(class="soft") {
                (move || if list.with(Vec::is_empty) {
                    "Nothing is known yet. Values are read from the orgs, never from the text of a page."
                } else {
                    "Read from the orgs, never from the text of a page."
                })
            }
            dl(class="values") {
                Keyed(list=list, view=move |value: ValueView| row(board, list, &value), key=key)
            }
        }
    }
}

fn key(value: &ValueView) -> (String, Option<String>) {
    (value.id.to_owned(), value.member.clone())
}

fn row(board: Board, list: ReadSignal<Vec<ValueView>>, first: &ValueView) -> View {
    let (wanted, first) = (key(first), first.clone());
    let value = create_selector(move || {
        list.with(|list| list.iter().find(|one| key(one) == wanted).cloned())
            .unwrap_or_else(|| first.clone())
    });
    let title = value.with_untracked(|value| match &value.member {
        Some(member) => [value.title, " – ", &shown(member)].concat(),
        None => value.title.to_owned(),
    });
    let named = title.clone();
    let copyable = copyable(board, named, move || {
        value.with(|value| value.value.clone())
    });
    view! {
        div {
            dt { (title) }
            dd {
                (copyable)
                p(class="origin") { (move || value.with(|value| shown(&value.origin))) }
            }
        }
    }
}

/// A value with a button that copies it exactly, hidden characters and all.
pub fn copyable(board: Board, name: String, text: impl Fn() -> String + Clone + 'static) -> View {
    let visible = text.clone();
    let label = ["Copy ", &name].concat();
    view! {
        div(class="value") {
            code { (move || shown(&visible())) }
            button(r#type="button", class="small", aria-label=label,
                on:click=move |_| board.act(Action::Copy(text()))) { "Copy" }
        }
    }
}
