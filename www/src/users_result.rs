//! Users: what became of a file, and its download.

use crate::job::Told;
use crate::page::object_url;
use crate::users::{Done, Stage};
use crate::{users_account, users_check};
use org2org_core::explain::seen;
use org2org_core::users::Account;
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
    match &done.summary.told {
        Told::Active(account) => {
            let none = "no row is of an active user.";
            rows_view(done, account, View::new(), ("active", none))
        }
        Told::Import(told) if told.blocked => {
            let names = users_account::names(told);
            let account = users_account::view(&told.account);
            view! {
                p(class="note") {
                    b { "Nothing to download yet: " }
                    "some rows repeat a login. Choose above what to do with them, or mend the report."
                }
                (account) (names)
            }
        }
        Told::Import(told) => {
            let none = "no row makes a user; the reasons are above.";
            let names = users_account::names(told);
            rows_view(done, &told.account, names, ("import", none))
        }
        Told::Check(told) => {
            let account = users_check::view(told);
            let copy = match (told.is_clean(), told.sound + told.mended) {
                (true, _) => view! {
                    p(class="good") { b { "Sound: " } "upload the file as it is." }
                },
                (false, 0) => nothing("no row can be used."),
                (false, _) => link(done, "corrected"),
            };
            view! { (account) (copy) }
        }
        Told::View(_) => {
            let copy = link(done, "view");
            view! {
                p { "For people and spreadsheets. Its first cell says that it is not for import." }
                (copy)
            }
        }
    }
}

fn rows_view(
    done: &Rc<Done>,
    account: &Account,
    names: View,
    (ending, none): (&'static str, &'static str),
) -> View {
    let about = users_account::view(account);
    let download = match account.kept {
        0 => nothing(none),
        _ => download(done, account, ending),
    };
    let preview = preview(done, account.kept);
    view! { (about) (names) (download) (preview) }
}

/// The link is dead until risky cells, if there are any, were acknowledged.
fn download(done: &Rc<Done>, account: &Account, ending: &'static str) -> View {
    let risky = account.formula_cells > 0;
    let agreed = create_signal(!risky);
    let ask = match risky {
        true => users_account::risk(account, agreed),
        false => View::new(),
    };
    let done = done.clone();
    view! {
        (ask)
        (match agreed.get() {
            true => link(&done, ending),
            false => view! {
                p(class="row") { button(r#type="button", disabled=true) { "Download: tick the box first" } }
            },
        })
    }
}

fn nothing(why: &'static str) -> View {
    view! { p(class="note") { b { "Nothing to download: " } (why) } }
}

fn link(done: &Done, ending: &str) -> View {
    let name = format!("{}.{ending}.csv", done.stem);
    let (url, text) = (object_url(&done.blob), format!("Download {}", seen(&name)));
    view! { p(class="row") { a(class="button", href=url, download=name) { (text) } } }
}

fn preview(done: &Rc<Done>, kept: u64) -> View {
    let summary = &done.summary;
    if summary.preview.is_empty() {
        return View::new();
    }
    let columns: Vec<String> = summary.columns.iter().map(|name| seen(name)).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows: Vec<View> = summary
        .preview
        .iter()
        .map(|row| {
            let cells: Vec<View> = row
                .iter()
                .map(|cell| {
                    let cell = seen(cell);
                    view! { td { (cell) } }
                })
                .collect();
            view! { tr { (cells) } }
        })
        .collect();
    let shown = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let title = match kept {
        kept if kept > shown => format!("First {shown} of {kept} kept rows"),
        _ => "Kept rows".to_owned(),
    };
    let list = region("Kept rows", &columns, rows);
    view! { h3 { (title) } (list) }
}

/// A table that scrolls in a region of this name.
pub fn region(name: &'static str, columns: &[&str], rows: Vec<View>) -> View {
    let columns: Vec<View> = columns
        .iter()
        .map(|name| {
            let name = (*name).to_owned();
            view! { th(scope="col") { (name) } }
        })
        .collect();
    view! {
        div(class="scroll", tabindex="0", role="region", aria-label=name) {
            table { thead { tr { (columns) } } tbody { (rows) } }
        }
    }
}

/// A title that says how many are shown of how many.
pub fn more(title: &str, all: u64, shown: usize) -> String {
    match u64::try_from(shown) {
        Ok(shown) if shown < all => format!("{title} ({shown} of {all})"),
        _ => format!("{title} ({all})"),
    }
}
