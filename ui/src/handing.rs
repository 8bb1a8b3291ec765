//! Half a link: the forms of somebody who has one org alone, and the card with which a signed file
//! goes to and fro.

use org2org_core::run::Side;
use sycamore::prelude::*;

use crate::badge::badge;
use crate::board::{Action, Board};
use crate::live::{click, flag, part, text as live, words};
use crate::text::shown;
use crate::wish::radio;

/// The field that a file is chosen in.
pub const FILE: &str = "handed-file";

/// What a person can ask for who has one org alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hand {
    /// Begin: the side that is theirs, and both addresses as typed, the source's first.
    Begin(Side, [String; 2]),
    /// Make the file for the other admin.
    Make,
    /// Go to the forms.
    Open,
    /// Put the file aside that was read.
    PutAside,
    /// Read the file that was chosen.
    Read,
    /// Take the file that was read: these digits were heard.
    Take(String),
}

/// What the forms and the card know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handing {
    /// The side that is open here; `None` before that is known.
    pub side: Option<Side>,
    /// Whether an org is being asked who it is.
    pub busy: bool,
    /// What is wrong with the two addresses.
    pub errors: [String; 2],
    /// Why the file is not taken.
    pub refusal: String,
    /// The file that was read.
    pub read: Option<ReadCard>,
    /// What is wrong with the digits.
    pub digits_error: String,
    /// How this half and the other one stand.
    pub standing: [String; 2],
    /// Whether both halves are proven.
    pub whole: bool,
    /// Name of the file that was made last, and the digits of the key that signed it.
    pub made: Option<[String; 2]>,
    /// What the last file that was taken could not be found by; empty when it is at hand.
    pub wants_again: bool,
}

/// A file whose signature is good, before it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCard {
    /// Who made it, for whom.
    pub title: String,
    /// How far their half is.
    pub half: String,
    /// What it tells: title and value.
    pub values: Vec<[String; 2]>,
    /// Name of the maker's org.
    pub maker: String,
    /// What deserves care about it; may be empty.
    pub note: String,
    /// Whether its digits are to be heard.
    pub hears: bool,
}

/// The forms, before there is a pair.
pub fn handing(board: Board) -> View {
    // Only another file draws anew: what was typed and chosen stays.
    let card = create_selector(move || board.handing.with(|one| one.read.clone()));
    let drawn = part(move || match card.get_clone() {
        Some(card) => read(board, &card),
        None => vec![introduction(), choose(board), begin(board)].into(),
    });
    view! {
        (drawn)
        div(class="row") { button(r#type="button", class="plain", on:click=click(move || board.act(Action::Repair))) { "Both orgs are mine" } }
    }
}

fn introduction() -> View {
    view! {
        section(class="card", aria-labelledby="hand-title") {
            h2(id="hand-title", tabindex="-1") { "Work with the admin of the other org" }
            p(class="soft") { "Each of you works in your own org, and a signed file carries to the other what their half needs: ids, addresses, public keys, and the user names of the people concerned. No session, token or right goes along. It goes to and fro until both halves are proven." }
        }
    }
}

fn choose(board: Board) -> View {
    let field = file_field(board);
    view! {
        section(class="card", aria-labelledby="file-title") {
            h3(id="file-title") { "A file came from them" }
            (field)
        }
    }
}

fn file_field(board: Board) -> View {
    let refusal = words(move || board.handing.with(|one| one.refusal.clone()));
    let says = live(move || shown(&refusal.get_clone()));
    view! {
        div(class="field") {
            label(r#for=FILE) { b { "Their file" } }
            input(r#type="file", id=FILE, aria-describedby="no-file",
                aria-invalid=move || if refusal.with(String::is_empty) { "false" } else { "true" },
                on:change=move |_| board.act(Action::Hand(Hand::Read)))
            p(class="error", id="no-file", role="alert", hidden=move || refusal.with(String::is_empty)) { (says) }
        }
    }
}

fn begin(board: Board) -> View {
    let side = create_signal(Side::Source);
    let addresses = [(); 2].map(|()| create_signal(String::new()));
    let own = |own: Side, label: &str| {
        radio(
            "own-side",
            label,
            String::new(),
            move || side.get() == own,
            move || side.set(own),
        )
    };
    let options = vec![
        own(Side::Source, "The one where people sign in"),
        own(Side::Target, "The one that holds the apps"),
    ];
    let fields: Vec<View> = Side::BOTH
        .into_iter()
        .zip(addresses)
        .map(|(side, text)| address(board, side, text))
        .collect();
    let busy = flag(move || board.handing.with(|one| one.busy));
    let label = live(move || match busy.get() {
        true => "Asking your org…".to_owned(),
        false => "Continue".to_owned(),
    });
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            let typed = addresses.map(|text| text.get_clone_untracked());
            board.act(Action::Hand(Hand::Begin(side.get_untracked(), typed)));
        }
    };
    view! {
        section(class="card", aria-labelledby="begin-title") {
            h3(id="begin-title") { "Or you begin" }
            form(class="sheet", novalidate=true, on:submit=go) {
                fieldset {
                    legend { "Which org is yours?" }
                    div(class="choices") { (options) }
                }
                (fields)
                div(class="row") { button(r#type="submit", class="main", id="hand-go", aria-disabled=move || if busy.get() { "true" } else { "false" }) { (label) } }
                p(class="soft small") { "The browser then asks whether this extension may work in the Admin Console of your org, and no other." }
            }
        }
    }
}

fn address(board: Board, side: Side, text: Signal<String>) -> View {
    let (id, error_id, question) = match side {
        Side::Source => ("hand-source", "no-hand-source", "Where people sign in"),
        Side::Target => ("hand-target", "no-hand-target", "Where the apps are"),
    };
    let error = words(move || {
        board.handing.with(|one| {
            let [source, target] = &one.errors;
            match side {
                Side::Source => source.clone(),
                Side::Target => target.clone(),
            }
        })
    });
    let says = live(move || shown(&error.get_clone()));
    let badge = badge(side, "");
    view! {
        div(class="field") {
            label(r#for=id, class="row") { (badge) b { (question) } }
            input(r#type="text", id=id, inputmode="url", autocomplete="off", autocapitalize="off", aria-describedby=error_id,
                aria-invalid=move || if error.with(String::is_empty) { "false" } else { "true" },
                bind:value=text)
            p(class="error", id=error_id, hidden=move || error.with(String::is_empty)) { (says) }
        }
    }
}

/// What a file says, and the question for the digits.
fn read(board: Board, card: &ReadCard) -> View {
    let digits = create_signal(String::new());
    let error = words(move || board.handing.with(|one| one.digits_error.clone()));
    let says = live(move || shown(&error.get_clone()));
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        board.act(Action::Hand(Hand::Take(digits.get_clone_untracked())));
    };
    let (title, half) = (shown(&card.title), shown(&card.half));
    let maker = shown(&card.maker);
    let label = ["The digits that the admin of ", &maker, " reads to you"].concat();
    let values: Vec<View> = card.values.iter().map(value).collect();
    let none = values.is_empty();
    let (note, known) = (shown(&card.note), !card.hears);
    let no_note = note.is_empty();
    view! {
        section(class="card", aria-labelledby="read-title") {
            h2(id="read-title", tabindex="-1") { (title) }
            p { (half) }
            p(class="notice warn", hidden=no_note) { (note) }
            details(class="more-of", hidden=none) {
                summary { "What it tells" }
                dl(class="values") { (values) }
                p(class="soft small") { "These values are told by that admin; nobody here has read them." }
            }
            form(class="sheet", novalidate=true, on:submit=go) {
                div(class="field", hidden=known) {
                    label(r#for="digits") { b { (label) } }
                    input(r#type="text", id="digits", inputmode="numeric", autocomplete="off", aria-describedby="no-digits",
                        aria-invalid=move || if error.with(String::is_empty) { "false" } else { "true" },
                        bind:value=digits)
                    p(class="error", id="no-digits", role="alert", hidden=move || error.with(String::is_empty)) { (says) }
                    p(class="soft small") { "Call them on a number that you know, not on one from a mail with the file. They see thirty digits beside the file that they made. Only the same digits show that it is theirs." }
                }
                div(class="row") {
                    button(r#type="submit", class="main") { "Take the file" }
                    button(r#type="button", class="plain", on:click=click(move || board.act(Action::Hand(Hand::PutAside)))) { "Put it aside" }
                }
            }
        }
    }
}

fn value([title, value]: &[String; 2]) -> View {
    let (title, value) = (shown(title), shown(value));
    view! { div { dt { (title) } dd { code { (value) } } } }
}

/// The card of a run over half a link; there while one is open.
pub fn hand_over(board: Board) -> View {
    let seen = create_selector(move || board.handing.with(|one| (one.side, one.read.clone())));
    let drawn = part(move || match seen.get_clone() {
        (None, _) => View::default(),
        (Some(_), Some(card)) => read(board, &card),
        (Some(side), None) => to_and_fro(board, side),
    });
    view! { (drawn) }
}

fn to_and_fro(board: Board, side: Side) -> View {
    let other = match side {
        Side::Source => Side::Target,
        Side::Target => Side::Source,
    };
    let name = shown(&board.name(other));
    let title = ["Together with the admin of ", &name].concat();
    let make = ["Make the file for ", &name].concat();
    let busy = move || match board.handing.with(|one| one.busy) {
        true => "true",
        false => "false",
    };
    let standing = |at: usize| {
        live(move || {
            let line = |all: &[String; 2]| all.get(at).cloned().unwrap_or_default();
            shown(&board.handing.with(|one| line(&one.standing)))
        })
    };
    let (mine, theirs) = (standing(0), standing(1));
    let class = move || match board.handing.with(|one| one.whole) {
        true => "card good",
        false => "card",
    };
    let made = part(move || {
        let made = board.handing.with(|one| one.made.clone());
        made.map(|[name, digits]| {
            let (saved, digits) = (["Saved as ", &shown(&name), ". Send it to them as it is."].concat(), shown(&digits));
            view! {
                div(class="field") {
                    p(role="status") { (saved) }
                    p { "Your digits, to be read to them by voice the first time: " code(class="digits") { (digits) } }
                }
            }
        })
        .into()
    });
    // What is ready to be written comes before the file that tells of it.
    let main = move || match board
        .plan
        .with(|plan| plan.as_ref().is_none_or(|plan| plan.items.is_empty()))
    {
        true => "main",
        false => "",
    };
    let again = move || board.handing.with(|one| !one.wants_again);
    let field = file_field(board);
    view! {
        section(class=class, aria-labelledby="hand-over-title") {
            h2(id="hand-over-title") { (title) }
            p { (mine) }
            p { (theirs) }
            p(class="notice", hidden=again) { "The last file that they sent is kept only until the browser closes, as it names people. Choose it once more, and what it tells is known again." }
            div(class="row") { button(r#type="button", class=main, id="make-file", aria-disabled=busy, on:click=click(move || board.act(Action::Hand(Hand::Make)))) { (make) } }
            (made)
            (field)
        }
    }
}
