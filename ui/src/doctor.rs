//! The doctor's part of the panel: an examination of the pair, and what it found.

mod findings;

use std::rc::Rc;

use org2org_core::doctor::{Hub, Mend, Progress};
use org2org_core::run::Side;
use org2org_core::run::timeline::Pause;
use sycamore::prelude::*;

use crate::badge::{arrow, badge};
use crate::board::PairCard;
use crate::live::{click, part, text};
use crate::text::{count, shown};
use findings::results;

/// Everything a person can ask of the doctor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Examine the pair.
    Begin,
    /// End the examination after the reads that are under way.
    Cancel,
    /// Put the report on the clipboard.
    Copy(Paper),
    /// Show the plan of what mends a finding.
    Mend(Mend),
    /// Open the Admin Console of one side.
    Open(Side),
    /// The person did what the pause of this ask wanted.
    Ready(u64),
    /// Save the report as a file.
    Save(Paper),
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// For a program.
    Json,
    /// For people.
    Text,
}

/// How far the doctor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// There is no pair, and why.
    NoPair(&'static str),
    /// A pair waits to be examined.
    Ready,
    /// It is being examined.
    Reading,
    /// It was examined, to the end or until it was cancelled.
    Done {
        /// Whether a person ended it.
        cancelled: bool,
    },
}

/// The signals between the driver and the views.
#[derive(Clone, Copy)]
pub struct Ward {
    /// How far it is.
    pub stage: Signal<Stage>,
    /// The pair.
    pub pair: Signal<Option<PairCard>>,
    /// How much is judged.
    pub progress: Signal<Progress>,
    /// What keeps the examination waiting.
    pub pauses: Signal<Vec<Pause>>,
    /// The reports; the one of the pair comes last.
    pub hub: Signal<Rc<Hub>>,
    /// One polite line.
    pub status: Signal<String>,
    act: Signal<Rc<dyn Fn(Request)>>,
}

impl Ward {
    /// An empty one; call it inside a reactive root.
    pub fn new(act: impl Fn(Request) + 'static) -> Ward {
        Ward {
            stage: create_signal(Stage::NoPair("")),
            pair: create_signal(None),
            progress: create_signal(Progress::default()),
            pauses: create_signal(Vec::new()),
            hub: create_signal(Rc::default()),
            status: create_signal(String::new()),
            act: create_signal(Rc::new(act)),
        }
    }

    /// Tells the driver what the person asked for.
    pub fn act(self, request: Request) {
        let act = self.act.get_clone_untracked();
        act(request);
    }
}

/// The whole part.
pub fn doctor(ward: Ward) -> View {
    let pair = part(move || {
        ward.pair
            .get_clone()
            .as_ref()
            .map(|pair| arrow(pair, true))
            .into()
    });
    let none = move || ward.pair.with(Option::is_none);
    let (head, waiting, found) = (head(ward), pauses(ward), found(ward));
    let status = text(move || ward.status.with(|text| shown(text)));
    let busy =
        move || match ward.stage.get_clone() == Stage::Reading && ward.pauses.with(Vec::is_empty) {
            true => "status busy",
            false => "status",
        };
    view! {
        section(aria-label="The pair", hidden=none) { (pair) }
        (head)
        (waiting)
        (found)
        p(role="status", class=busy) { (status) }
    }
}

/// What it is for, the button that begins it, and how far it is. Both buttons stay in place, so that the focus does.
fn head(ward: Ward) -> View {
    let reading = move || ward.stage.get_clone() == Stage::Reading;
    let no_pair = move || matches!(ward.stage.get_clone(), Stage::NoPair(_));
    let words = text(move || {
        match ward.stage.get_clone() {
        Stage::NoPair("") => "First pair two orgs under Connection; then the doctor can look at them.".to_owned(),
        Stage::NoPair(why) => why.to_owned(),
        _ => "Looks at everything that links the two orgs, whoever set it up, and tells what is wrong, how it shows and what to do. It only reads.".to_owned(),
    }
    });
    let begin = text(move || match ward.stage.get_clone() {
        Stage::Done { .. } => "Examine again".to_owned(),
        _ => "Examine this pair".to_owned(),
    });
    let label = text(move || {
        ward.progress.with(|one| {
            [
                &one.judged.to_string(),
                " of ",
                &one.rules.to_string(),
                " rules judged, ",
                &count(one.calls, "read", "reads"),
                " made",
            ]
            .concat()
        })
    });
    view! {
        section(class="card", aria-labelledby="doctor-title") {
            h2(id="doctor-title", tabindex="-1") { "Doctor" }
            p(class="soft") { (words) }
            div(class="reading", hidden=move || !reading()) {
                progress(class="meter", aria-labelledby="doctor-progress",
                    max=move || ward.progress.with(|one| one.rules.max(1).to_string()),
                    value=move || ward.progress.with(|one| one.judged.to_string()))
                p(class="soft small", id="doctor-progress") { (label) }
            }
            div(class="row", hidden=no_pair) {
                button(r#type="button", class="main", id="examine", hidden=reading,
                    on:click=click(move || ward.act(Request::Begin))) { (begin) }
                button(r#type="button", id="stop-examining", hidden=move || !reading(),
                    on:click=click(move || ward.act(Request::Cancel))) { "Cancel" }
            }
        }
    }
}

fn pauses(ward: Ward) -> View {
    let none = move || ward.pauses.with(Vec::is_empty);
    let drawn = part(move || {
        let all = ward.pauses.get_clone();
        all.iter()
            .map(|one| pause(ward, one))
            .collect::<Vec<View>>()
            .into()
    });
    view! { div(role="alert", class="sheet", hidden=none) { (drawn) } }
}

fn pause(ward: Ward, pause: &Pause) -> View {
    let (ask, side, code) = (pause.ask, pause.side, pause.code);
    let name = ward
        .pair
        .with_untracked(|pair| pair.as_ref().map(|pair| pair.org(side).name.clone()));
    let name = name.unwrap_or_default();
    let (badge, text, open) = (
        badge(side, &name),
        shown(&pause.text),
        ["Open ", &shown(&name)].concat(),
    );
    view! {
        section(class="notice warn", data-code=code) {
            div(class="row") { (badge) b { "Waiting for you" } }
            p { (text) }
            div(class="row") {
                button(r#type="button", class="main", on:click=click(move || ward.act(Request::Ready(ask)))) { "Go on" }
                button(r#type="button", on:click=click(move || ward.act(Request::Open(side)))) { (open) }
            }
        }
    }
}

fn found(ward: Ward) -> View {
    part(move || match ward.stage.get_clone() {
        // Cloned first: no view may be made while a signal is being read.
        Stage::Done { cancelled } => results(ward, &ward.hub.get_clone_untracked(), cancelled),
        _ => View::new(),
    })
}
