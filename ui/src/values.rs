//! The values that travel between the orgs, each with where it came from.

use org2org_core::run::timeline::ValueView;
use sycamore::prelude::*;

use crate::board::{Action, Board};
use crate::live::{click, text, words};
use crate::rows::rows;
use crate::text::shown;

/// The sheet of values.
pub fn values(board: Board) -> View {
    let keys = move || {
        board
            .timeline
            .with(|timeline| timeline.values.iter().map(key).collect())
    };
    let note = text(move || {
        let more = "Read from the orgs, never from the text of a page.";
        let none = board.timeline.with(|timeline| timeline.values.is_empty());
        if none {
            ["Nothing is known yet. ", more].concat()
        } else {
            more.to_owned()
        }
    });
    let list = rows(keys, move |key| row(board, key));
    view! {
        section(class="card", aria-labelledby="values-title") {
            h2(id="values-title", tabindex="-1") { "Values" }
            p(class="soft") { (note) }
            dl(class="values") { (list) }
        }
    }
}

fn key(value: &ValueView) -> String {
    [value.id, "/", value.member.as_deref().unwrap_or_default()].concat()
}

fn row(board: Board, wanted: &str) -> View {
    let read = |part: fn(&ValueView) -> String| {
        let wanted = wanted.to_owned();
        words(move || {
            board.timeline.with(|timeline| {
                timeline
                    .values
                    .iter()
                    .find(|one| key(one) == wanted)
                    .map(part)
                    .unwrap_or_default()
            })
        })
    };
    let title = read(|value| match &value.member {
        Some(member) => [value.title, " – ", &shown(member)].concat(),
        None => value.title.to_owned(),
    })
    .get_clone_untracked();
    let (value, origin) = (
        read(|value| value.value.clone()),
        read(|value| shown(&value.origin)),
    );
    let named = title.clone();
    let (copyable, origin) = (
        copyable(board, named, value),
        text(move || origin.get_clone()),
    );
    view! {
        div {
            dt { (title) }
            dd {
                (copyable)
                p(class="origin") { (origin) }
            }
        }
    }
}

/// A value with a button that copies it exactly, hidden characters and all.
pub fn copyable(board: Board, name: String, value: ReadSignal<String>) -> View {
    let visible = text(move || value.with(|value| shown(value)));
    let label = ["Copy ", &name].concat();
    let visible = match value.with_untracked(String::len) > SHORT {
        true => long(name, visible),
        false => view! { code { (visible) } },
    };
    view! {
        div(class="value") {
            (visible)
            button(r#type="button", class="small", aria-label=label,
                on:click=click(move || board.act(Action::Copy(value.get_clone_untracked())))) { "Copy" }
        }
    }
}

/// A text in a box that scrolls, by keyboard too.
pub fn long(name: String, text: View) -> View {
    view! { code(class="long", tabindex="0", role="region", aria-label=name) { (text) } }
}

/// Longest value that is shown without a box to scroll, in bytes.
const SHORT: usize = 200;
