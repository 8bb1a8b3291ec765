//! The papers' part of the panel: what the journal of a run tells those who were not there.

use std::rc::Rc;

use org2org_core::report::{Document, Paper, Part};
use sycamore::prelude::*;

use crate::live::{click, part, text};
use crate::text::shown;
use crate::wish::{radio, tick_box};

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A paper, in several forms.
    Paper(Paper),
    /// The result as code.
    Terraform,
}

/// The forms of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To print, or to send.
    Html,
    /// For a program.
    Json,
    /// For a ticket or a wiki. Code has this form alone: its own.
    Text,
}

/// Everything a person can ask of this part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Put what is shown on the clipboard.
    Copy,
    /// Save it as a file.
    Save(Form),
    /// Show another paper, or the same with more or less in it.
    Show(Sort, bool),
}

/// The signals between the driver and the views.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Why nothing can be written; empty when something can.
    pub missing: Signal<&'static str>,
    /// What is shown.
    pub sort: Signal<Sort>,
    /// Whether names, values and ids of people are written out.
    pub whole: Signal<bool>,
    /// It.
    pub content: Signal<Content>,
    /// One polite line.
    pub status: Signal<String>,
    act: Signal<Rc<dyn Fn(Errand)>>,
}

/// What is written.
#[derive(Debug, Clone)]
pub enum Content {
    /// Code, as it stands in its file.
    Code(Rc<str>),
    /// A paper.
    Document(Rc<Document>),
    /// Nothing, or nothing any more.
    Nothing,
}

impl Desk {
    /// An empty one; call it inside a reactive root.
    pub fn new(act: impl Fn(Errand) + 'static) -> Desk {
        Desk {
            missing: create_signal(""),
            sort: create_signal(Sort::Paper(Paper::ChangeNotice)),
            whole: create_signal(false),
            content: create_signal(Content::Nothing),
            status: create_signal(String::new()),
            act: create_signal(Rc::new(act)),
        }
    }

    /// Tells the driver what the person asked for.
    pub fn act(self, errand: Errand) {
        let act = self.act.get_clone_untracked();
        act(errand);
    }
}

const SORTS: [(Sort, &str, &str); 4] = [
    (
        Sort::Paper(Paper::ChangeNotice),
        "Change notice",
        "What the security team sees in both System Logs, and when.",
    ),
    (
        Sort::Paper(Paper::Evidence),
        "Evidence",
        "Every change that was sent, what came of it, and the read that proves it.",
    ),
    (
        Sort::Paper(Paper::Runbook),
        "Runbook",
        "How the link is kept, checked and taken back.",
    ),
    (
        Sort::Terraform,
        "Terraform",
        "The result for the provider okta/okta, with a comment at each gap.",
    ),
];

/// The whole part.
pub fn papers(desk: Desk) -> View {
    let missing = move || !desk.missing.get().is_empty();
    let words = text(move || match desk.missing.get() {
        "" => "Written from the journal of this run alone. No org is asked.".to_owned(),
        why => why.to_owned(),
    });
    let status = text(move || desk.status.with(|text| shown(text)));
    let (choice, paper) = (choice(desk), paper(desk));
    view! {
        section(class="card", aria-labelledby="papers-title") {
            h2(id="papers-title", tabindex="-1") { "Papers" }
            p(class="soft") { (words) }
            div(class="sheet", hidden=missing) { (choice) }
        }
        section(class="card", aria-labelledby="paper-title", hidden=missing) { (paper) }
        p(role="status", class="status") { (status) }
    }
}

fn choice(desk: Desk) -> View {
    let sorts = SORTS.iter().map(|(sort, title, more)| {
        let sort = *sort;
        radio(
            "paper",
            title,
            (*more).to_owned(),
            move || desk.sort.get() == sort,
            move || desk.act(Errand::Show(sort, desk.whole.get_untracked())),
        )
    });
    let sorts: Vec<View> = sorts.collect();
    let whole = tick_box(
        "whole",
        "With names, values and ids of people",
        "Left out unless you ask. Secrets never stand in a journal.".to_owned(),
        move || desk.whole.get(),
        move || {
            desk.act(Errand::Show(
                desk.sort.get_untracked(),
                !desk.whole.get_untracked(),
            ));
        },
    );
    view! {
        fieldset {
            legend(class="sub") { "Which paper?" }
            div(class="choices") { (sorts) }
        }
        (whole)
    }
}

fn paper(desk: Desk) -> View {
    let title = text(move || {
        let sort = desk.sort.get();
        let known = SORTS.iter().find(|(one, ..)| *one == sort);
        known.map_or("", |(_, title, _)| title).to_owned()
    });
    let content = part(move || match desk.content.get_clone() {
        Content::Code(code) => {
            let code = code.to_string();
            view! { pre(class="mono") { (code) } }
        }
        Content::Document(document) => drawn(&document),
        Content::Nothing => View::new(),
    });
    let is_code = move || desk.sort.get() == Sort::Terraform;
    let own = text(move || match is_code() {
        true => "Save as .tf".to_owned(),
        false => "Save as Markdown".to_owned(),
    });
    let save = move |form| click(move || desk.act(Errand::Save(form)));
    view! {
        h3(id="paper-title") { (title) }
        div(class="row") {
            button(r#type="button", hidden=is_code, on:click=save(Form::Html)) { "Save as HTML" }
            button(r#type="button", on:click=save(Form::Text)) { (own) }
            button(r#type="button", hidden=is_code, on:click=save(Form::Json)) { "Save as JSON" }
            button(r#type="button", on:click=click(move || desk.act(Errand::Copy))) { "Copy" }
        }
        div(class="paper", tabindex="0", role="region", aria-label="What it says") { (content) }
    }
}

fn drawn(document: &Document) -> View {
    let (title, opening) = (shown(&document.title), paragraphs(&document.opening));
    let sections = document.sections.iter().map(|section| {
        let title = shown(&section.title);
        let parts: Vec<View> = section.parts.iter().map(piece).collect();
        view! { h4 { (title) } (parts) }
    });
    let sections: Vec<View> = sections.collect();
    view! { p { b { (title) } } (opening) (sections) }
}

fn piece(part: &Part) -> View {
    match part {
        Part::List { items } => {
            let items: Vec<View> = items.iter().map(|one| item(one)).collect();
            view! { ul(class="bullets") { (items) } }
        }
        Part::Table { head, rows } => {
            let head: Vec<View> = head.iter().map(|name| name_of(name)).collect();
            let rows: Vec<View> = rows.iter().map(|cells| row(cells)).collect();
            view! {
                table(class="families") {
                    thead { tr { (head) } }
                    tbody { (rows) }
                }
            }
        }
        Part::Text { text } => paragraphs(std::slice::from_ref(text)),
    }
}

fn paragraphs(texts: &[String]) -> View {
    let all = texts.iter().map(|text| {
        let text = shown(text);
        view! { p { (text) } }
    });
    all.collect::<Vec<View>>().into()
}

fn item(text: &str) -> View {
    let text = shown(text);
    view! { li { (text) } }
}

fn name_of(text: &str) -> View {
    let text = shown(text);
    view! { th(scope="col") { (text) } }
}

fn row(cells: &[String]) -> View {
    let cells = cells.iter().map(|cell| {
        let cell = shown(cell);
        view! { td { (cell) } }
    });
    let cells: Vec<View> = cells.collect();
    view! { tr { (cells) } }
}
