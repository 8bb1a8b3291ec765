//! Users: what became of a file, and its download.

use crate::page::object_url;
use crate::shown::{Block, Kind};
use crate::text;
use crate::trouble::marked;
use crate::users::{Done, Stage};
use org2org_core::explain::seen;
use std::rc::Rc;
use sycamore::prelude::*;

/// The result area.
pub fn view(stage: Signal<Stage>) -> View {
    view! {
        (match stage.get_clone() {
            Stage::Empty => View::new(),
            Stage::Failed(trouble) => trouble.view(),
            Stage::Done(done) => done_view(&done),
        })
    }
}

fn done_view(done: &Rc<Done>) -> View {
    let risky = done.blocks.iter().any(|block| block.kind == Kind::Risk);
    let agreed = create_signal(!risky);
    let pieces: Vec<View> = done
        .blocks
        .iter()
        .map(|block| piece(block, done, agreed))
        .collect();
    view! { (pieces) }
}

fn piece(block: &Block, done: &Rc<Done>, agreed: Signal<bool>) -> View {
    let title = match block.title.is_empty() {
        true => View::new(),
        false => {
            let title = block.title.clone();
            view! { h3 { (title) } }
        }
    };
    let inner = match block.kind {
        Kind::Download => download(done, block.text.clone(), agreed),
        Kind::Good => paragraph(block, "good"),
        Kind::List => list(block),
        Kind::Note => paragraph(block, "note"),
        Kind::Preview | Kind::Table => table(block),
        Kind::Risk => risk(block, agreed),
        Kind::Sums => sums(block),
        Kind::Text => paragraph(block, ""),
    };
    view! { (title) (inner) }
}

fn paragraph(block: &Block, class: &'static str) -> View {
    let (lead, text) = (block.lead.clone(), marked(&block.text));
    match lead.is_empty() {
        true => view! { p(class=class) { (text) } },
        false => view! { p(class=class) { b { (lead) } " " (text) } },
    }
}

fn list(block: &Block) -> View {
    let text = match block.text.is_empty() {
        true => View::new(),
        false => paragraph(block, ""),
    };
    let items: Vec<View> = block
        .rows
        .iter()
        .flatten()
        .map(|item| {
            let text = marked(item);
            view! { li { (text) } }
        })
        .collect();
    view! { (text) ul { (items) } }
}

fn sums(block: &Block) -> View {
    let last = block.rows.len().saturating_sub(1);
    let rows: Vec<View> = block
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let mut cells = row.iter().cloned();
            let (name, count) = (
                cells.next().unwrap_or_default(),
                cells.next().unwrap_or_default(),
            );
            let bar = match (block.text.is_empty(), at == last) {
                (true, _) => View::new(),
                (false, true) => view! { td {} },
                // The bar says what the number beside it says.
                (false, false) => {
                    let (most, value) = (block.text.clone(), count.clone());
                    view! { td(class="bar", aria-hidden="true") { meter(min="0", max=most, value=value) } }
                }
            };
            let class = if at == last { "sum" } else { "" };
            view! { tr(class=class) { th(scope="row") { (name) } td(class="number") { (count) } (bar) } }
        })
        .collect();
    view! { table { tbody { (rows) } } }
}

/// A table that scrolls in a region of its name.
fn table(block: &Block) -> View {
    let name = block.name.clone();
    let columns: Vec<View> = block
        .columns
        .iter()
        .map(|name| {
            let name = name.clone();
            view! { th(scope="col") { (name) } }
        })
        .collect();
    let as_written = block.kind == Kind::Preview;
    let rows: Vec<View> = block
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<View> = row.iter().map(|text| cell(text, as_written)).collect();
            view! { tr { (cells) } }
        })
        .collect();
    view! {
        div(class="scroll", tabindex="0", role="region", aria-label=name) {
            table { thead { tr { (columns) } } tbody { (rows) } }
        }
    }
}

fn cell(text: &str, as_written: bool) -> View {
    if as_written {
        let text = text.to_owned();
        return view! { td { (text) } };
    }
    let class = match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => "number",
        false => "wide",
    };
    let text = marked(text);
    view! { td(class=class) { (text) } }
}

/// Cells to look at before the file may be had.
fn risk(block: &Block, agreed: Signal<bool>) -> View {
    let (note, table) = (paragraph(block, "note"), table(block));
    view! {
        (note)
        (table)
        label(class="check row") {
            input(r#type="checkbox", bind:checked=agreed)
            " " (text::USERS_RISK_AGREE)
        }
    }
}

/// The link is dead until risky cells, if there are any, were acknowledged.
fn download(done: &Rc<Done>, ending: String, agreed: Signal<bool>) -> View {
    let done = done.clone();
    view! {
        (match agreed.get() {
            true => link(&done, &ending),
            false => view! {
                p(class="row") { button(r#type="button", disabled=true) { (text::USERS_TICK_FIRST) } }
            },
        })
    }
}

fn link(done: &Done, ending: &str) -> View {
    let name = format!("{}.{ending}.csv", done.stem);
    let (url, text) = (
        object_url(&done.blob),
        text::users_download!(file = seen(&name)),
    );
    view! { p(class="row") { a(class="button", href=url, download=name) { (text) } } }
}
