//! What keeps a run waiting for a person.

use org2org_core::run::timeline::Pause;
use sycamore::prelude::*;

use crate::badge::badge;
use crate::board::{Action, Board};
use crate::text::shown;

/// The pauses, each with the way on.
pub fn pauses(board: Board) -> View {
    let list = create_selector(move || board.timeline.with(|timeline| timeline.pauses.clone()));
    view! {
        div(role="alert", class="sheet", hidden=move || list.with(Vec::is_empty)) {
            Keyed(list=list, view=move |pause: Pause| one(board, &pause), key=|pause: &Pause| pause.ask)
        }
    }
}

fn one(board: Board, pause: &Pause) -> View {
    let (ask, side) = (pause.ask, pause.side);
    let name = board.name(side);
    let open = ["Open ", &shown(&name)].concat();
    let (text, badge) = (shown(&pause.text), badge(side, &name));
    let code = pause.code;
    view! {
        section(class="notice warn", data-code=code) {
            div(class="row") { (badge) b { "Waiting for you" } }
            p { (text) }
            div(class="row") {
                button(r#type="button", class="main", on:click=move |_| board.act(Action::Ready(ask))) { "Go on" }
                button(r#type="button", on:click=move |_| board.act(Action::Open(side))) { (open) }
            }
        }
    }
}
