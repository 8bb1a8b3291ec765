//! The tabs of a run: one tab stop, arrows move, as the ARIA tabs pattern has it.

use sycamore::prelude::*;
use wasm_bindgen::JsCast;

use crate::board::{Board, Sheet};
use crate::live::{click, text};

const SHEETS: [(Sheet, &str); 4] = [
    (Sheet::Steps, "Steps"),
    (Sheet::Plan, "Plan"),
    (Sheet::Values, "Values"),
    (Sheet::Journal, "Journal"),
];

/// Id of a tab's button.
pub fn tab_id(sheet: Sheet) -> &'static str {
    match sheet {
        Sheet::Steps => "tab-steps",
        Sheet::Plan => "tab-plan",
        Sheet::Values => "tab-values",
        Sheet::Journal => "tab-journal",
    }
}

/// The row of tabs.
pub fn tabs(board: Board) -> View {
    let all: Vec<View> = SHEETS
        .iter()
        .map(|(sheet, title)| tab(board, *sheet, title))
        .collect();
    view! {
        div(class="tabs", role="tablist", aria-label="This connection",
            on:keydown=move |event: web_sys::KeyboardEvent| steer(board, &event)) { (all) }
    }
}

fn tab(board: Board, sheet: Sheet, title: &'static str) -> View {
    let chosen = move || board.sheet.get() == sheet;
    let figure = text(move || figure(board, sheet));
    view! {
        button(r#type="button", role="tab", id=tab_id(sheet), aria-controls="sheet",
            aria-selected=move || if chosen() { "true" } else { "false" },
            tabindex=move || if chosen() { "0" } else { "-1" },
            on:click=click(move || board.sheet.set(sheet))) {
            (title)
            span(class="count") { (figure) }
        }
    }
}

/// What stands beside a tab's title: steps done, changes planned, entries written.
fn figure(board: Board, sheet: Sheet) -> String {
    match sheet {
        Sheet::Steps => board.timeline.with(|timeline| {
            let met: usize = timeline.procedures.iter().map(|one| one.met).sum();
            let all: usize = timeline.procedures.iter().map(|one| one.steps.len()).sum();
            if all == 0 {
                String::new()
            } else {
                [met.to_string(), all.to_string()].join("/")
            }
        }),
        Sheet::Plan => board.plan.with(|plan| match plan {
            Some(plan) if !plan.items.is_empty() => plan.items.len().to_string(),
            _ => String::new(),
        }),
        Sheet::Values => String::new(),
        Sheet::Journal => match board.journal.with(Vec::len) {
            0 => String::new(),
            number => number.to_string(),
        },
    }
}

fn steer(board: Board, event: &web_sys::KeyboardEvent) {
    let now = SHEETS
        .iter()
        .position(|(sheet, _)| *sheet == board.sheet.get_untracked());
    let Some(now) = now else { return };
    let last = SHEETS.len() - 1;
    let next = match event.key().as_str() {
        "ArrowRight" => {
            if now == last {
                0
            } else {
                now + 1
            }
        }
        "ArrowLeft" => {
            if now == 0 {
                last
            } else {
                now - 1
            }
        }
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    let Some((sheet, _)) = SHEETS.get(next) else {
        return;
    };
    event.prevent_default();
    board.sheet.set(*sheet);
    focus(tab_id(*sheet));
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) =
        element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}
