//! Users: the account of a report, and its download.

use crate::page::object_url;
use crate::trouble::marked;
use crate::users::{Done, Stage};
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
    let account = &done.summary.account;
    let (sums, refused, notes) = (sums(account), refused(account), notes(account));
    let (download, preview) = (download(done), preview(done));
    view! { (sums) (refused) (notes) (download) (preview) }
}

fn sums(account: &Account) -> View {
    let mut rows = vec![("✓ kept: Active".to_owned(), account.kept)];
    rows.extend(
        account
            .left_out
            .iter()
            .map(|(status, count)| (format!("left out: {}", status.label()), *count)),
    );
    rows.push(("refused".to_owned(), account.refused_rows));
    let most = account.rows.max(1).to_string();
    let rows: Vec<View> = rows
        .into_iter()
        .map(|(name, count)| {
            let (count, most) = (count.to_string(), most.clone());
            let value = count.clone();
            // The bar says what the number beside it says.
            view! {
                tr {
                    th(scope="row") { (name) }
                    td(class="number") { (count) }
                    td(class="bar", aria-hidden="true") { meter(min="0", max=most, value=value) }
                }
            }
        })
        .collect();
    let all = account.rows.to_string();
    view! {
        h3 { "Account" }
        table {
            tbody {
                (rows)
                tr(class="sum") { th(scope="row") { "rows, counted twice" } td(class="number") { (all) } td {} }
            }
        }
    }
}

fn refused(account: &Account) -> View {
    if account.refused_rows == 0 {
        return View::new();
    }
    let rows: Vec<View> = account
        .refused
        .iter()
        .map(|refused| {
            let (line, reason) = (
                refused.line.to_string(),
                marked(&refused.reason.to_string()),
            );
            view! { tr { td(class="number") { (line) } td(class="wide") { (reason) } } }
        })
        .collect();
    let title = more("Refused rows", account.refused_rows, rows.len());
    let words: Vec<View> = account
        .unknown_statuses
        .iter()
        .map(|(word, count)| {
            let text = marked(&format!("`{word}`: {}", rows_of(*count)));
            view! { li { (text) } }
        })
        .collect();
    let unknown = match words.is_empty() {
        true => View::new(),
        false => view! { p { "Status words nobody knows:" } ul { (words) } },
    };
    view! {
        h3 { (title) }
        p { "They are in no output. Mend these lines, or add these users by hand." }
        (unknown)
        div(class="scroll", tabindex="0", role="region", aria-label="Refused rows") {
            table {
                thead { tr { th(scope="col") { "Line" } th(scope="col") { "Reason" } } }
                tbody { (rows) }
            }
        }
    }
}

fn notes(account: &Account) -> View {
    let mut texts: Vec<String> = account
        .warnings
        .iter()
        .map(|note| format!("Line {}, column {}: {}", note.line, note.column, note.text))
        .collect();
    if account.blank_lines > 0 {
        texts.push(match account.blank_lines {
            1 => "1 blank line was passed over".to_owned(),
            lines => format!("{lines} blank lines were passed over"),
        });
    }
    if texts.is_empty() {
        return View::new();
    }
    let items: Vec<View> = texts
        .into_iter()
        .map(|text| view! { li { (text) } })
        .collect();
    view! { h3 { "Worth a look" } ul { (items) } }
}

/// The link is dead until risky cells, if there are any, were acknowledged.
fn download(done: &Rc<Done>) -> View {
    let account = &done.summary.account;
    if account.kept == 0 {
        return view! { p(class="note") { b { "Nothing to download: " } "no row is of an active user." } };
    }
    let risky = account.formula_cells > 0;
    let agreed = create_signal(!risky);
    let ask = match risky {
        true => risk(account, agreed),
        false => View::new(),
    };
    let (url, name) = (
        object_url(&done.blob),
        format!("{}.okta-import.csv", done.stem),
    );
    view! {
        (ask)
        p(class="row") {
            (match agreed.get() {
                true => {
                    let (url, name) = (url.clone(), name.clone());
                    let text = format!("Download {}", seen(&name));
                    view! { a(class="button", href=url, download=name) { (text) } }
                }
                false => view! {
                    button(r#type="button", disabled=true) { "Download: tick the box first" }
                },
            })
        }
    }
}

fn risk(account: &Account, agreed: Signal<bool>) -> View {
    let cells: Vec<View> = account
        .formulas
        .iter()
        .map(|cell| {
            let (line, column) = (cell.line.to_string(), cell.column.to_string());
            let (header, start) = (cell.header.clone(), cell.start.clone());
            view! {
                tr {
                    td(class="number") { (line) } td(class="number") { (column) }
                    td { (header) } td(class="mono") { (start) }
                }
            }
        })
        .collect();
    let title = more(
        "Cells a spreadsheet would run",
        account.formula_cells,
        cells.len(),
    );
    view! {
        h3 { (title) }
        p(class="note") {
            b { "Do not open the file in a spreadsheet. " }
            "Okta takes these cells as text, and they are unchanged; a spreadsheet may run them."
        }
        div(class="scroll", tabindex="0", role="region", aria-label="Cells a spreadsheet would run") {
            table {
                thead { tr { th(scope="col") { "Line" } th(scope="col") { "Column" } th(scope="col") { "In" } th(scope="col") { "Starts with" } } }
                tbody { (cells) }
            }
        }
        label(class="check row") {
            input(r#type="checkbox", bind:checked=agreed)
            " I have seen these cells and will import the file without opening it elsewhere."
        }
    }
}

fn preview(done: &Rc<Done>) -> View {
    let summary = &done.summary;
    if summary.preview.is_empty() {
        return View::new();
    }
    let columns: Vec<View> = summary
        .columns
        .iter()
        .map(|name| {
            let name = seen(name);
            view! { th(scope="col") { (name) } }
        })
        .collect();
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
    let title = match summary.account.kept {
        kept if kept > 50 => format!("First {} of {kept} kept rows", rows.len()),
        _ => "Kept rows".to_owned(),
    };
    view! {
        h3 { (title) }
        div(class="scroll", tabindex="0", role="region", aria-label="Kept rows") {
            table { thead { tr { (columns) } } tbody { (rows) } }
        }
    }
}

fn more(title: &str, all: u64, shown: usize) -> String {
    match u64::try_from(shown) {
        Ok(shown) if shown < all => format!("{title} ({shown} of {all})"),
        _ => format!("{title} ({all})"),
    }
}

fn rows_of(count: u64) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}
