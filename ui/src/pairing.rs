//! Choosing the two orgs, and saying once more which is which.

use org2org_core::run::Side;
use sycamore::prelude::*;

use crate::badge::{arrow, badge};
use crate::board::{Action, Board, PairCard, Pairing};
use crate::live::{click, flag, part, text as live, words};
use crate::rows::rows;
use crate::text::shown;

/// Two addresses, each asked for by what happens there.
pub fn pairing(board: Board) -> View {
    let source = create_signal(board.pairing.with_untracked(|form| form.source.clone()));
    let target = create_signal(board.pairing.with_untracked(|form| form.target.clone()));
    // The driver fills the fields when it sees orgs in open tabs; what was typed stays.
    create_effect(move || {
        let (from, to) = board
            .pairing
            .with(|form| (form.source.clone(), form.target.clone()));
        if !from.is_empty() {
            source.set(from);
        }
        if !to.is_empty() {
            target.set(to);
        }
    });
    let busy = flag(move || board.pairing.with(|form| form.busy));
    let label = live(move || {
        if busy.get() {
            "Asking both orgs…".to_owned()
        } else {
            "Continue".to_owned()
        }
    });
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            board.act(Action::Pair {
                source: source.get_clone_untracked(),
                target: target.get_clone_untracked(),
            });
        }
    };
    let swap = click(move || {
        let (from, to) = (source.get_clone_untracked(), target.get_clone_untracked());
        source.set(to);
        target.set(from);
    });
    let (from, to) = (
        field(board, Side::Source, source),
        field(board, Side::Target, target),
    );
    #[cfg(feature = "all")]
    let alone = alone(board);
    #[cfg(not(feature = "all"))]
    let alone = ();
    view! {
        section(class="card", aria-labelledby="pair-title") {
            h2(id="pair-title", tabindex="-1") { "Connect two Okta orgs" }
            p(class="soft") { "Sign in to both Admin Consoles in this browser. Copy each address from its tab, or pick it. Only one is yours? See Pairs." }
            form(class="sheet", novalidate=true, on:submit=go) {
                (from)
                (to)
                div(class="row") {
                    button(r#type="submit", class="main", id="pair-go", aria-disabled=move || if busy.get() { "true" } else { "false" }) { (label) }
                    button(r#type="button", on:click=swap) { "Swap the two" }
                }
                p(class="soft small") { "The browser then asks whether this extension may work in these two Admin Consoles, and no others." }
            }
            (alone)
        }
    }
}

/// The way on for somebody who has one of the two alone.
#[cfg(feature = "all")]
fn alone(board: Board) -> View {
    let go = click(move || board.act(Action::Hand(crate::handing::Hand::Open)));
    view! { div(class="row") { button(r#type="button", class="plain", id="alone", on:click=go) { "Only one of the two is mine…" } } }
}

fn field(board: Board, side: Side, text: Signal<String>) -> View {
    let (id, question, error_id, example) = match side {
        Side::Source => (
            "source-org",
            "Where do people sign in?",
            "source-error",
            "acme-admin.okta.com",
        ),
        Side::Target => (
            "target-org",
            "Where are the apps they need?",
            "target-error",
            "hub-admin.okta.com",
        ),
    };
    let error = words(move || {
        board
            .pairing
            .with(|form| error_of(form, side).clone().unwrap_or_default())
    });
    let says = live(move || error.get_clone());
    let none = move || board.pairing.with(|form| form.open.is_empty());
    let pick = move |host: &str| {
        let (label, own, host) = (shown(host), host.to_owned(), host.to_owned());
        view! { button(r#type="button", class="small", aria-pressed=move || if text.with(|text| *text == own) { "true" } else { "false" },
        on:click=click(move || text.set(host.clone()))) { (label) } }
    };
    let open = rows(move || board.pairing.with(|form| form.open.clone()), pick);
    let badge = badge(side, "");
    view! {
        div(class="field") {
            label(r#for=id, class="row") { (badge) b { (question) } }
            input(r#type="text", id=id, inputmode="url", autocomplete="off", autocapitalize="off",
                placeholder=example, aria-describedby=error_id,
                aria-invalid=move || if error.with(String::is_empty) { "false" } else { "true" },
                bind:value=text)
            p(class="error", id=error_id, hidden=move || error.with(String::is_empty)) { (says) }
            div(class="row", hidden=none) {
                span(class="soft small") { "Open now:" }
                (open)
            }
        }
    }
}

fn error_of(form: &Pairing, side: Side) -> &Option<String> {
    match side {
        Side::Source => &form.source_error,
        Side::Target => &form.target_error,
    }
}

/// Both orgs with all that identifies them, and the question that catches a swap.
pub fn confirming(board: Board) -> View {
    // Cloned first: no view may be made while a signal is being read.
    let drawn = part(move || {
        board
            .pair
            .get_clone()
            .map(|pair| question(board, &pair))
            .into()
    });
    view! { div(class="sheet") { (drawn) } }
}

fn question(board: Board, pair: &PairCard) -> View {
    let chosen = create_signal(String::new());
    let sentence = [
        "People of ",
        &shown(&pair.source.name),
        " will sign in to ",
        &shown(&pair.target.name),
        ".",
    ]
    .concat();
    let warnings: Vec<View> = pair
        .warnings
        .iter()
        .map(|text| {
            let text = shown(text);
            view! { p(class="notice warn") { (text) } }
        })
        .collect();
    let options: Vec<View> = [&pair.source.host, &pair.target.host]
        .map(|host| option(chosen, host.clone()))
        .into();
    let error = words(move || {
        board
            .confirm
            .with(|confirm| confirm.error.clone().unwrap_or_default())
    });
    let says = live(move || error.get_clone());
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        board.act(Action::Confirm(chosen.get_clone_untracked()));
    };
    let arrow = arrow(pair, false);
    view! {
        section(class="card", aria-labelledby="confirm-title") {
            h2(id="confirm-title", tabindex="-1") { (sentence) }
            (arrow)
            (warnings)
            form(class="sheet", novalidate=true, on:submit=go) {
                fieldset(role="radiogroup", aria-describedby="confirm-error",
                    aria-invalid=move || if error.with(String::is_empty) { "false" } else { "true" }) {
                    legend { "To be sure: in which org are the apps?" }
                    div(class="choices") { (options) }
                }
                p(class="error", id="confirm-error", role="alert", hidden=move || error.with(String::is_empty)) { (says) }
                div(class="row") {
                    button(r#type="submit", class="main") { "Pair these orgs" }
                    button(r#type="button", on:click=click(move || board.act(Action::Swap))) { "Swap the two" }
                    button(r#type="button", class="plain", on:click=click(move || board.act(Action::Repair))) { "Choose others" }
                }
            }
        }
    }
}

fn option(chosen: Signal<String>, host: String) -> View {
    let (text, value) = (shown(&host), host.clone());
    view! {
        label(class="choice") {
            input(r#type="radio", name="apps-in", value=value, on:change=move |_| chosen.set(host.clone()))
            span(class="mono") { (text) }
        }
    }
}
