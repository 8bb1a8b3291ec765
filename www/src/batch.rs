//! Many bookmark URLs: built while typing, copied one by one, saved all at once.

use crate::page::{by_id, bytes_of, copy, fill, fill_with_sample, on, on_file, save, show};
use crate::text;
use crate::trouble::Trouble;
use org2org_core::bookmark::{Batch, Entry};
use std::rc::Rc;
use sycamore::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, File, HtmlButtonElement, HtmlTextAreaElement};

/// Listens to both lists.
pub fn start() {
    let built: Signal<Batch> = create_signal(Batch::default());
    let shown = move || batch_view(&built.get_clone());
    show("batch-status", move || view! { (shown()) });
    let (sources, links): (HtmlTextAreaElement, HtmlTextAreaElement) =
        (by_id("batch-sources"), by_id("batch-links"));
    let fields = [sources.clone(), links.clone()];
    let build = Rc::new(move || {
        by_id::<Element>("batch-copied").set_text_content(None);
        let batch = match [&fields[0], &fields[1]].map(HtmlTextAreaElement::value) {
            [sources, links] if sources.trim().is_empty() && links.trim().is_empty() => {
                // A refusal that emptied the fields stands: its lines may be told one by one.
                if built.with_untracked(|batch| batch.secret) {
                    return;
                }
                Batch::default()
            }
            [sources, links] => Batch::build(&sources, &links),
        };
        if batch.secret {
            fields.iter().for_each(|field| field.set_value(""));
        }
        for (field, list) in fields.iter().zip(["IdP single sign-on URL", "embed link"]) {
            let wrong = batch.refused.iter().any(|refused| refused.list == list);
            let _ = field.set_attribute("aria-invalid", &wrong.to_string());
        }
        for id in ["batch-csv", "batch-json"] {
            by_id::<HtmlButtonElement>(id).set_disabled(batch.bookmarks.is_empty());
        }
        built.set(batch);
    });
    for field in [&sources, &links] {
        let build = build.clone();
        on(field, "input", move |_| build());
    }
    build();
    listen_to_buttons(built, sources, links);
}

fn listen_to_buttons(
    built: Signal<Batch>,
    sources: HtmlTextAreaElement,
    links: HtmlTextAreaElement,
) {
    on(&by_id::<Element>("batch-csv"), "click", move |_| {
        save(
            &built.with(Batch::csv),
            "bookmarks.csv",
            "text/csv;charset=utf-8",
        );
    });
    on(&by_id::<Element>("batch-json"), "click", move |_| {
        save(
            &built.with(Batch::json),
            "bookmarks.json",
            "application/json",
        );
    });
    let field = links.clone();
    on_file("batch-file", "batch-drop", move |file| {
        read(file, field.clone())
    });
    on(&by_id::<Element>("batch-sample"), "click", move |_| {
        fill_with_sample("sample/sources.txt", sources.clone());
        fill_with_sample("sample/links.csv", links.clone());
    });
}

fn read(file: File, field: HtmlTextAreaElement) {
    spawn_local(async move {
        let bytes = bytes_of(&file).await.unwrap_or_default();
        fill(&field, &String::from_utf8_lossy(&bytes));
    });
}

/// As many rows as a person looks at; the files hold all.
const SHOWN: usize = 200;

fn batch_view(batch: &Batch) -> View {
    if batch.bookmarks.is_empty() && batch.refused.is_empty() {
        return View::new();
    }
    let (class, sign) = match batch.refused.is_empty() {
        true => ("good", "✓ "),
        false => ("note", "! "),
    };
    let sum = text::batch_sum!(
        urls = batch.bookmarks.len(),
        sources = batch.sources,
        apps = batch.links,
        refused = batch.refused.len()
    );
    let refusals: Vec<View> = batch
        .refused
        .iter()
        .take(SHOWN)
        .map(|refused| {
            Trouble {
                code: refused.code.to_owned(),
                what: text::batch_place!(line = refused.line, why = refused.why),
                hint: refused.hint.clone(),
            }
            .view()
        })
        .collect();
    let rows: Vec<View> = batch.bookmarks.iter().take(SHOWN).map(row_view).collect();
    let table = match batch.bookmarks.len() {
        0 => View::new(),
        count => {
            let rest = match count > SHOWN {
                true => text::batch_rest!(shown = SHOWN, count = count),
                false => String::new(),
            };
            view! {
                div(class="scroll", tabindex="0", role="region", aria-label=text::BATCH_REGION) {
                    table {
                        thead { tr {
                            th(scope="col") { (text::COLUMN_LABEL) } th(scope="col") { (text::COLUMN_FROM) } th(scope="col") { (text::COLUMN_INTO) }
                            th(scope="col") { (text::TOOL_BOOKMARK) } th(scope="col") { (text::COPY) }
                        } }
                        tbody { (rows) }
                    }
                }
                p(class="hint") { (rest) }
            }
        }
    };
    view! { p(class=class) { b { (sign) } (sum) } (refusals) (table) }
}

fn row_view(entry: &Entry) -> View {
    let Entry {
        label,
        source,
        target,
        url,
        notes,
    } = entry.clone();
    let name = text::batch_copy!(label = label, source = source);
    let copied = url.clone();
    let notes = notes.join("; ").replace('`', "");
    view! {
        tr {
            td(class="wide") { (label) } td { (source) } td { (target) }
            td(class="wide mono") { (url) " " (notes) }
            td { button(r#type="button", aria-label=name, on:click=move |_| copy(copied.clone(), "batch-copied")) { (text::COPY) } }
        }
    }
}
