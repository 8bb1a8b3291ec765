//! The papers' part of the panel: what the journal of a run tells those who were not there.

use org2org_core::report::Paper;
use sycamore::prelude::*;

use crate::live::{click, text};
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
    /// The text of it.
    pub text: Signal<String>,
    /// One polite line.
    pub status: Signal<String>,
    act: Signal<std::rc::Rc<dyn Fn(Errand)>>,
}

impl Desk {
    /// An empty one; call it inside a reactive root.
    pub fn new(act: impl Fn(Errand) + 'static) -> Desk {
        Desk {
            missing: create_signal(""),
            sort: create_signal(Sort::Paper(Paper::ChangeNotice)),
            whole: create_signal(false),
            text: create_signal(String::new()),
            status: create_signal(String::new()),
            act: create_signal(std::rc::Rc::new(act)),
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
    let written = text(move || desk.text.get_clone());
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
        pre(class="paper mono", tabindex="0", role="region", aria-label="The paper as text") { (written) }
    }
}
