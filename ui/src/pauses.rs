//! What keeps a run waiting for a person.

use org2org_core::run::timeline::Pause;
use sycamore::prelude::*;

use crate::badge::badge;
use crate::board::{Action, Board};
use crate::live::click;
use crate::rows::rows;
use crate::text::shown;

/// The pauses, each with the way on.
pub fn pauses(board: Board) -> View {
    let none = move || board.timeline.with(|timeline| timeline.pauses.is_empty());
    let keys = move || {
        board.timeline.with(|timeline| {
            timeline
                .pauses
                .iter()
                .map(|pause| pause.ask.to_string())
                .collect()
        })
    };
    let list = rows(keys, move |key| {
        let all = board
            .timeline
            .with_untracked(|timeline| timeline.pauses.clone());
        all.iter()
            .find(|pause| pause.ask.to_string() == key)
            .map(|pause| one(board, pause))
            .into()
    });
    view! {
        div(role="alert", class="sheet", hidden=none) { (list) }
    }
}

fn one(board: Board, pause: &Pause) -> View {
    let (ask, side) = (pause.ask, pause.side);
    let name = board.name(side);
    let code = pause.code;
    // The storage is the browser's: no org is to blame and none helps.
    let of_org = code != "not-stored";
    let text = shown(&pause.text);
    let badge = of_org.then(|| badge(side, &name));
    let open = of_org.then(|| {
        let label = ["Open ", &shown(&name)].concat();
        view! { button(r#type="button", on:click=click(move || board.act(Action::Open(side)))) { (label) } }
    });
    view! {
        section(class="notice warn", data-code=code) {
            div(class="row") { (badge) b { "Waiting for you" } }
            p { (text) }
            div(class="row") {
                button(r#type="button", class="main", on:click=click(move || board.act(Action::Ready(ask)))) { "Go on" }
                (open)
            }
        }
    }
}
