//! What the paired orgs have for the tools of the page, each value by a button that fills it in.

use std::rc::Rc;

use org2org_core::offers::{Offer, Slot};
use sycamore::prelude::*;

use crate::board::PairCard;
use crate::live::{click, part, text};
use crate::text::shown;

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Fill this value in.
    Fill(Offer),
    /// Read the two orgs.
    Read,
}

/// The signals between the driver and the view.
#[derive(Clone, Copy)]
pub struct Offering {
    /// The pair; none where nothing is paired.
    pub pair: Signal<Option<PairCard>>,
    /// What was read.
    pub offers: Signal<Rc<Vec<Offer>>>,
    /// One polite line.
    pub status: Signal<String>,
    /// Whether the orgs are being read.
    pub reading: Signal<bool>,
    act: Signal<Rc<dyn Fn(Wanted)>>,
}

impl Offering {
    /// Nothing read; `act` is called with what the person asks for.
    pub fn new(act: impl Fn(Wanted) + 'static) -> Offering {
        Offering {
            pair: create_signal(None),
            offers: create_signal(Rc::default()),
            status: create_signal(String::new()),
            reading: create_signal(false),
            act: create_signal(Rc::new(act)),
        }
    }

    fn ask(self, wanted: Wanted) {
        let act = self.act.get_clone_untracked();
        act(wanted);
    }
}

/// The offers.
pub fn offers(offering: Offering) -> View {
    let drawn = part(move || match offering.pair.get_clone() {
        None => view! {
            p { "No two orgs are paired in this browser. Pair them in the panel, and their values are offered here." }
        },
        Some(pair) => paired(offering, &pair),
    });
    let status = text(move || offering.status.get_clone());
    view! {
        h2(id="offers-title") { "From your two orgs" }
        (drawn)
        p(role="status", id="offers-status") { (status) }
    }
}

fn paired(offering: Offering, pair: &PairCard) -> View {
    let line = [
        "People of ",
        &shown(&pair.source.name),
        " sign in to ",
        &shown(&pair.target.name),
        ". Reading changes nothing.",
    ]
    .concat();
    let reading = move || offering.reading.get();
    let list = part(move || list(offering));
    view! {
        p { (line) }
        div(class="row") {
            button(r#type="button", id="offers-read", disabled=reading, on:click=click(move || offering.ask(Wanted::Read))) {
                "Read their values"
            }
        }
        (list)
    }
}

fn list(offering: Offering) -> View {
    let offers = offering.offers.get_clone();
    let buttons: Vec<View> = offers
        .iter()
        .filter(|offer| offer.slot != Slot::Link)
        .map(|offer| {
            let (words, offer) = (words(offer), offer.clone());
            let fill = click(move || offering.ask(Wanted::Fill(offer.clone())));
            view! { li { button(r#type="button", on:click=fill) { (words) } } }
        })
        .collect();
    let links: Vec<Offer> = offers
        .iter()
        .filter(|offer| offer.slot == Slot::Link)
        .cloned()
        .collect();
    let choice = choice(offering, links);
    view! {
        ul { (buttons) }
        (choice)
    }
}

/// An org may have hundreds of apps: they are chosen from, not listed.
fn choice(offering: Offering, links: Vec<Offer>) -> View {
    if links.is_empty() {
        return View::new();
    }
    let options: Vec<View> = links
        .iter()
        .enumerate()
        .map(|(at, link)| {
            let (at, label) = (at.to_string(), shown(&link.of));
            view! { option(value=at) { (label) } }
        })
        .collect();
    let chosen = create_signal("0".to_owned());
    let fill = click(move || {
        let at = chosen.with_untracked(|at| at.parse::<usize>().unwrap_or_default());
        if let Some(link) = links.get(at) {
            offering.ask(Wanted::Fill(link.clone()));
        }
    });
    view! {
        label(r#for="offers-app") { "Apps of the target"
            select(id="offers-app", bind:value=chosen) { (options) } }
        div(class="row") { button(r#type="button", on:click=fill) { "Fill in the embed link" } }
    }
}

fn words(offer: &Offer) -> String {
    let of = shown(&offer.of);
    match offer.slot {
        Slot::Keys => ["Fill in the keys of ", &of].concat(),
        Slot::Link => ["Fill in the embed link of ", &of].concat(),
        Slot::Links => ["Fill in all ", &of, " embed links"].concat(),
        Slot::SignOn => ["Fill in the sign-on URL of ", &of].concat(),
    }
}
