//! Users: what is wrong with an import file.

use crate::trouble::marked;
use crate::users_result::region;
use org2org_core::users::CheckAccount;
use sycamore::prelude::*;

/// Sums, columns and rows that are not as the target wants them.
pub fn view(told: &CheckAccount) -> View {
    let sums: Vec<View> = [
        ("✓ sound", told.sound),
        ("mended in the corrected copy", told.mended),
        ("refused: only a person can mend them", told.refused_rows),
        ("rows, counted twice", told.rows),
    ]
    .into_iter()
    .map(|(name, count)| {
        let count = count.to_string();
        view! { tr { th(scope="row") { (name) } td(class="number") { (count) } } }
    })
    .collect();
    let (columns, findings) = (columns(told), findings(told));
    view! {
        h3 { "Account" }
        table { tbody { (sums) } }
        (columns)
        (findings)
    }
}

fn columns(told: &CheckAccount) -> View {
    let mut texts = Vec::new();
    for name in &told.unknown_columns {
        texts.push(format!(
            "`{name}` is unknown to the target; the corrected copy is without it"
        ));
    }
    for name in &told.renamed_columns {
        texts.push(format!(
            "`{name}` is spelt as the target spells it in the corrected copy"
        ));
    }
    for (name, count) in &told.partly_empty {
        texts.push(format!(
            "`{name}` is empty in {count} of {} rows; Okta wants it filled or empty throughout",
            told.rows
        ));
    }
    if texts.is_empty() {
        return View::new();
    }
    let items: Vec<View> = texts
        .iter()
        .map(|text| {
            let text = marked(text);
            view! { li { (text) } }
        })
        .collect();
    view! { h3 { "Columns" } ul { (items) } }
}

fn findings(told: &CheckAccount) -> View {
    if told.findings.is_empty() {
        return View::new();
    }
    let rows: Vec<View> = told
        .findings
        .iter()
        .map(|finding| {
            let (line, what) = (finding.line.to_string(), marked(&finding.what.to_string()));
            view! { tr { td(class="number") { (line) } td(class="wide") { (what) } } }
        })
        .collect();
    let title = format!("Rows to look at ({})", rows.len());
    let list = region("Rows to look at", &["Line", "What"], rows);
    view! { h3 { (title) } (list) }
}
