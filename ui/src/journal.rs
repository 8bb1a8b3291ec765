//! What was done, in the order in which it was done.

use sycamore::prelude::*;

use crate::board::{Action, Board, Change};
use crate::text::shown;

/// The sheet of the journal, with the way back.
pub fn journal(board: Board) -> View {
    let empty = move || board.journal.with(Vec::is_empty);
    view! {
        section(class="card", aria-labelledby="journal-title") {
            div(class="row apart") {
                h2(id="journal-title") { "Journal" }
                button(r#type="button", class="small", disabled=empty,
                    on:click=move |_| board.act(Action::Export)) { "Save as file" }
            }
            p(class="soft") {
                (move || if empty() {
                    "Nothing was written. Each change is noted here before it is sent."
                } else {
                    "Each change was noted before it was sent. No names of people are kept."
                })
            }
            ol(class="journal") {
                Keyed(list=board.journal, view=line, key=|change: &Change| change.number)
            }
        }
        section(class="card", hidden=empty, aria-labelledby="undo-title") {
            h2(id="undo-title") { "Take it back" }
            p(class="soft") { "Removes only what this journal proves was made here and nobody changed since. You see the plan first." }
            div(class="row") {
                button(r#type="button", on:click=move |_| board.act(Action::PlanUndo)) { "Show what would be undone" }
            }
        }
    }
}

fn line(change: Change) -> View {
    let number = change.number.to_string();
    let text = shown(&change.line);
    view! { li { span(class="soft") { (number) } span { (text) } } }
}
