//! The whole panel.

use sycamore::prelude::*;

use crate::badge::arrow;
use crate::board::{Action, Board, Level, Notice, Screen, Sheet};
use crate::journal::journal;
use crate::live::{click, part, text};
use crate::pairing::{confirming, pairing};
use crate::pauses::pauses;
use crate::plan::plan;
use crate::rows::rows;
use crate::steps::steps;
use crate::tabs::{tab_id, tabs};
use crate::text::shown;
use crate::values::values;
use crate::wish::wish;

/// The panel: status, notices, and what the screen asks for.
pub fn app(board: Board) -> View {
    let drawn = part(move || match board.screen.get() {
        Screen::Opening => {
            view! { section(class="card") { p(class="soft") { "Looking for a connection begun before…" } } }
        }
        Screen::Pairing => pairing(board),
        Screen::Confirming => confirming(board),
        #[cfg(feature = "all")]
        Screen::Handing => crate::handing::handing(board),
        Screen::Wishing => vec![pair(board), wish(board), forget(board)].into(),
        Screen::Running => running(board),
        Screen::Elsewhere => elsewhere(board),
        Screen::Damaged => damaged(board),
    });
    let (notices, status) = (notices(board), status(board));
    view! { (notices) (drawn) (status) }
}

fn status(board: Board) -> View {
    use org2org_core::run::timeline::Phase;
    // Held: what was agreed to waits for somebody, and goes on by itself.
    let class = move || {
        let running = board.screen.get() == Screen::Running;
        board.timeline.with(|timeline| match timeline.phase {
            Phase::Planned | Phase::Stopped => "status",
            _ if !running => "status",
            _ if timeline.pauses.is_empty() => "status busy",
            Phase::Checking => "status",
            _ => "status held",
        })
    };
    let words = text(move || board.status.with(|text| shown(text)));
    view! { p(role="status", class=class) { (words) } }
}

fn notices(board: Board) -> View {
    let none = move || board.notices.with(Vec::is_empty);
    let key = |one: &Notice| [one.code, " ", &one.text].concat();
    let keys = move || board.notices.with(|all| all.iter().map(key).collect());
    let list = rows(keys, move |wanted| {
        let found = board
            .notices
            .with_untracked(|all| all.iter().find(|one| key(one) == wanted).cloned());
        found.map(|one| notice(board, one)).into()
    });
    view! { div(class="sheet", aria-live="assertive", hidden=none) { (list) } }
}

fn notice(board: Board, one: Notice) -> View {
    let class = match one.level {
        Level::Bad => "notice bad",
        Level::Good => "notice good",
        Level::Note => "notice",
        Level::Warn => "notice warn",
    };
    let (text, hint) = (shown(&one.text), shown(&one.hint));
    let no_hint = hint.is_empty();
    let remedy = one.remedy.map(|(label, action)| {
        view! {
            button(r#type="button", on:click=click(move || board.act(action.clone()))) { (label) }
        }
    });
    let code = one.code;
    view! {
        section(class=class, data-code=code) {
            p { b { (text) } }
            p(hidden=no_hint) { (hint) }
            div(class="row") {
                (remedy)
                button(r#type="button", class="plain", on:click=click(move || board.hush(code))) { "Dismiss" }
            }
        }
    }
}

fn pair(board: Board) -> View {
    let drawn = part(move || {
        board
            .pair
            .get_clone()
            .as_ref()
            .map(|pair| arrow(pair, true))
            .into()
    });
    let none = move || board.pair.with(Option::is_none);
    view! { section(aria-label="The pair", hidden=none) { (drawn) } }
}

fn running(board: Board) -> View {
    let sheet = part(move || match board.sheet.get() {
        Sheet::Steps => steps(board),
        Sheet::Plan => plan(board),
        Sheet::Values => values(board),
        Sheet::Journal => journal(board),
    });
    let forget = forget(board);
    let above: Vec<View> = vec![
        pair(board),
        pauses(board),
        #[cfg(feature = "all")]
        crate::handing::hand_over(board),
        tabs(board),
    ];
    view! {
        (above)
        div(class="sheet", id="sheet", role="tabpanel", tabindex="-1",
            aria-labelledby=move || tab_id(board.sheet.get())) { (sheet) }
        (forget)
    }
}

/// The way out, asked for twice. What keeps comes first: the focus goes there.
fn forget(board: Board) -> View {
    let sure = create_signal(false);
    view! {
        details(class="more-of") {
            summary { "Forget this pair" }
            section(class="card", aria-label="Forget this pair") {
                p(class="soft small") { "Forgetting clears what is stored of this pair, its journal included, and returns the permission for its orgs. Nothing in the orgs changes, but nothing can be undone from here any more. Other pairs stay under Pairs." }
                div(class="row") {
                    button(r#type="button", hidden=move || sure.get(), on:click=click(move || sure.set(true))) { "Forget…" }
                    button(r#type="button", hidden=move || !sure.get(), on:click=click(move || sure.set(false))) { "Keep it" }
                    button(r#type="button", class="bad", hidden=move || !sure.get(), on:click=click(move || board.act(Action::Forget))) { "Forget, journal included" }
                }
            }
        }
    }
}

fn elsewhere(board: Board) -> View {
    let pair = pair(board);
    view! {
        (pair)
        section(class="card") {
            h2(tabindex="-1") { "Another window works on this pair" }
            p { "Two windows writing to the same orgs could get in each other's way. Close the other panel, then go on here." }
            div(class="row") { button(r#type="button", class="main", on:click=click(move || board.act(Action::TakeOver))) { "Try again" } }
        }
    }
}

fn damaged(board: Board) -> View {
    let (pair, forget) = (pair(board), forget(board));
    view! {
        (pair)
        section(class="notice bad", role="alert") {
            h2(tabindex="-1") { "What was stored is damaged" }
            p { "The journal does not hold together, so nothing will be written or undone from it. It has not been deleted." }
            p { "Save it as a file, compare it with the orgs, then forget the pair to begin anew; what is already in the orgs is found again by reading." }
            div(class="row") { button(r#type="button", class="main", on:click=click(move || board.act(Action::Export))) { "Save what is stored" } }
        }
        (forget)
    }
}
