//! Users: the account of a report as tables, and where each name of an import came from.

use crate::trouble::marked;
use crate::users_result::{more, region};
use org2org_core::explain::seen;
use org2org_core::users::{Account, Guess, ImportAccount, NAME_RULE};
use sycamore::prelude::*;

/// Everything about the rows.
pub fn view(account: &Account) -> View {
    let (sums, refused, notes) = (sums(account), refused(account), notes(account));
    view! { (sums) (refused) (notes) }
}

/// What only an import has to tell.
pub fn names(told: &ImportAccount) -> View {
    let group = match &told.group {
        Some(group) => {
            let text = marked(&format!(
                "An import file carries no groups: put everybody into `{}` after the import.",
                seen(group)
            ));
            view! { p(class="note") { b { "Next: " } (text) } }
        }
        None => View::new(),
    };
    let joined = match told.joined {
        0 => View::new(),
        joined => {
            let text = format!("Names from the second file: {joined}.");
            view! { p { (text) } }
        }
    };
    if told.guessed == 0 {
        return view! { (group) (joined) };
    }
    let guessed = format!("Names guessed: {}. ", told.guessed);
    let rule = marked(NAME_RULE);
    let doubts: Vec<View> = told.doubts.iter().map(doubt).collect();
    let list = match doubts.is_empty() {
        true => View::new(),
        false => {
            let title = more("Names to look at", told.doubtful, doubts.len());
            let columns = &["Line", "First name", "Last name", "Why"];
            let list = region("Names to look at", columns, doubts);
            view! { h3 { (title) } (list) }
        }
    };
    view! { (group) (joined) p(class="note") { b { (guessed) } (rule) } (list) }
}

fn doubt(guess: &Guess) -> View {
    let (line, why) = (guess.line.to_string(), guess.why.to_string());
    let (first, last) = (guess.first.clone(), guess.last.clone());
    view! { tr { td(class="number") { (line) } td { (first) } td { (last) } td { (why) } } }
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
    let list = region("Refused rows", &["Line", "Reason"], rows);
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
        (list)
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

/// Cells to look at before the file may be had.
pub fn risk(account: &Account, agreed: Signal<bool>) -> View {
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
    let list = region(
        "Cells a spreadsheet would run",
        &["Line", "Column", "In", "Starts with"],
        cells,
    );
    view! {
        h3 { (title) }
        p(class="note") {
            b { "Do not open the file in a spreadsheet. " }
            "Okta takes these cells as text, and they are unchanged; a spreadsheet may run them."
        }
        (list)
        label(class="check row") {
            input(r#type="checkbox", bind:checked=agreed)
            " I have seen these cells and will import the file without opening it elsewhere."
        }
    }
}

fn rows_of(count: u64) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}
