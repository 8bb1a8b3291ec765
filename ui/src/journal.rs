//! What was done, in the order in which it was done.

use sycamore::prelude::*;

use crate::board::{Action, Board, Change};
use crate::live::{click, text};
use crate::rows::rows;
use crate::text::shown;

/// The sheet of the journal, with the way back.
pub fn journal(board: Board) -> View {
    let empty = move || board.journal.with(Vec::is_empty);
    let note = text(move || match empty() {
        true => "Nothing was written. Each change is noted here before it is sent.".to_owned(),
        false => {
            "Each change was noted before it was sent. No names of people are kept.".to_owned()
        }
    });
    let keys = move || board.journal.with(|all| all.iter().map(key).collect());
    let lines = rows(keys, move |wanted| line(board, wanted));
    view! {
        section(class="card", aria-labelledby="journal-title") {
            div(class="row apart") {
                h2(id="journal-title", tabindex="-1") { "Journal" }
                button(r#type="button", class="small", disabled=empty,
                    on:click=click(move || board.act(Action::Export))) { "Save as file" }
            }
            p(class="soft") { (note) }
            ol(class="journal") { (lines) }
        }
        section(class="card", hidden=empty, aria-labelledby="undo-title") {
            h2(id="undo-title") { "Take it back" }
            p(class="soft") { "Removes only what this journal proves was made here and nobody changed since. You see the plan first." }
            div(class="row") {
                button(r#type="button", id="to-undo", on:click=click(move || board.act(Action::PlanUndo))) { "Show what would be undone" }
            }
        }
    }
}

fn key(one: &Change) -> String {
    [&one.number.to_string(), " ", &one.title].concat()
}

fn line(board: Board, wanted: &str) -> View {
    let found = board
        .journal
        .with_untracked(|all| all.iter().find(|one| key(one) == wanted).cloned());
    let Some(one) = found else {
        return view! { li {} };
    };
    let (number, title, text) = (one.number.to_string(), shown(&one.title), shown(&one.text));
    let time = one.time;
    view! { li { span(class="soft") { (number) } div { p { b { (title) } } p(class="mono") { (text) } p(class="soft") { (time) } } } }
}
