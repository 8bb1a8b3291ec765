//! The part of the panel with all pairs that are kept: the one at hand and those that were put away.

use std::rc::Rc;

use sycamore::prelude::*;

use crate::badge::arrow;
use crate::board::PairCard;
use crate::live::{click, flag, part, text};
use crate::text::shown;

/// Everything a person can ask of this part. A place is that in the list of those put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Put the pair at hand away and begin with two other orgs.
    Another,
    /// Put the pair at hand away and begin with one org, another admin having the other.
    Alone,
    /// Forget one that was put away.
    Forget(usize),
    /// Forget the list that cannot be read.
    ForgetAll,
    /// Put the pair at hand away and open this one.
    Open(usize),
    /// Save all that was put away as a file.
    Save,
}

/// One pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairRow {
    /// Its place among those put away; `None` for the one at hand.
    pub place: Option<usize>,
    /// The two orgs, where they can be read.
    pub pair: Option<PairCard>,
    /// Whether it can be opened.
    pub opens: bool,
    /// How far its run came, as last seen.
    pub state: String,
    /// Title of its next step, as last seen; may be empty.
    pub next: String,
    /// What forgetting it would lose.
    pub loses: &'static str,
}

/// The signals between the driver and the views.
#[derive(Clone, Copy)]
pub struct Rack {
    /// The pairs, the one at hand first.
    pub rows: Signal<Vec<PairRow>>,
    /// Why those put away cannot be listed; empty when they can.
    pub damage: Signal<String>,
    /// Why what was asked for was not done; empty when it was.
    pub refusal: Signal<String>,
    /// One polite line.
    pub status: Signal<String>,
    act: Signal<Rc<dyn Fn(Turn)>>,
}

impl Rack {
    /// An empty one; call it inside a reactive root.
    pub fn new(act: impl Fn(Turn) + 'static) -> Rack {
        Rack {
            rows: create_signal(Vec::new()),
            damage: create_signal(String::new()),
            refusal: create_signal(String::new()),
            status: create_signal(String::new()),
            act: create_signal(Rc::new(act)),
        }
    }

    /// Tells the driver what the person asked for.
    pub fn act(self, turn: Turn) {
        let act = self.act.get_clone_untracked();
        act(turn);
    }
}

/// The whole part.
pub fn pairs(rack: Rack) -> View {
    let rows = part(move || {
        let all = rack.rows.get_clone();
        all.iter()
            .map(|one| row(rack, one))
            .collect::<Vec<View>>()
            .into()
    });
    let refused = flag(move || rack.refusal.with(String::is_empty));
    let refusal = text(move || rack.refusal.with(|text| shown(text)));
    let status = text(move || rack.status.with(|text| shown(text)));
    let none_away = move || {
        let away = |rows: &Vec<PairRow>| rows.iter().any(|one| one.place.is_some());
        !rack.rows.with(away)
    };
    let damage = damage(rack);
    view! {
        section(class="card", aria-labelledby="pairs-title") {
            h2(id="pairs-title", tabindex="-1") { "Pairs" }
            p(class="soft") { "Each pair is kept in this browser with its run, journal and undo while you work on another. Where it stands is what was last seen: no org is asked until you open it." }
            div(class="row") {
                button(r#type="button", class="main", id="another", on:click=click(move || rack.act(Turn::Another))) { "Connect another pair" }
                button(r#type="button", on:click=click(move || rack.act(Turn::Alone))) { "Work with the admin of the other org" }
                button(r#type="button", hidden=none_away, on:click=click(move || rack.act(Turn::Save))) { "Save those put away as a file" }
            }
            p(class="error", role="alert", hidden=move || refused.get()) { (refusal) }
        }
        (damage)
        div(class="sheet") { (rows) }
        p(role="status", class="status") { (status) }
    }
}

fn damage(rack: Rack) -> View {
    let whole = flag(move || rack.damage.with(String::is_empty));
    let why = text(move || rack.damage.with(|text| shown(text)));
    let way_out = sure(
        "Forget what was put away…".to_owned(),
        "Forget it, journals included".to_owned(),
        move || rack.act(Turn::ForgetAll),
    );
    view! {
        section(class="notice bad", role="alert", hidden=move || whole.get()) {
            h3 { "What was put away cannot be read" }
            p { (why) }
            p { "It has not been changed or deleted, and no pair is put away or opened until this is settled. The pair at hand works on. Save it as a file first; forgetting it loses the journals in it, and with them every undo." }
            div(class="row") {
                button(r#type="button", on:click=click(move || rack.act(Turn::Save))) { "Save it as a file" }
            }
            (way_out)
        }
    }
}

fn row(rack: Rack, one: &PairRow) -> View {
    let name = name(one);
    let now = match one.place {
        None => ", open now",
        Some(_) => "",
    };
    let label = [&name, now].concat();
    let orgs = one.pair.as_ref().map(|pair| arrow(pair, true));
    let unknown = one
        .pair
        .is_none()
        .then(|| view! { p { b { "Two orgs that cannot be read" } } });
    let (state, next) = (shown(&one.state), shown(&one.next));
    let no_next = next.is_empty();
    let buttons = match one.place {
        None => view! { p(class="label") { "Open now" } },
        Some(place) => choices(rack, one, place, &name),
    };
    view! {
        section(class="card", aria-label=label) {
            (orgs)
            (unknown)
            div {
                p { (state) }
                p(class="soft small", hidden=no_next) { "Next, as last seen: " (next) }
            }
            (buttons)
        }
    }
}

fn choices(rack: Rack, one: &PairRow, place: usize, name: &str) -> View {
    let (open, cannot) = (["Open ", name].concat(), !one.opens);
    let loses = one.loses;
    let forget = sure(
        "Forget…".to_owned(),
        ["Forget ", name].concat(),
        move || rack.act(Turn::Forget(place)),
    );
    view! {
        div(class="row") {
            button(r#type="button", aria-label=open, hidden=cannot, on:click=click(move || rack.act(Turn::Open(place)))) { "Open" }
        }
        details(class="more-of") {
            summary { "Forget this pair" }
            p(class="soft small") { (loses) }
            (forget)
        }
    }
}

/// What loses something, asked for twice. What keeps comes first: the focus goes there.
fn sure(ask: String, go: String, act: impl Fn() + 'static) -> View {
    let sure = create_signal(false);
    view! {
        div(class="row") {
            button(r#type="button", hidden=move || sure.get(), on:click=click(move || sure.set(true))) { (ask) }
            button(r#type="button", hidden=move || !sure.get(), on:click=click(move || sure.set(false))) { "Keep it" }
            button(r#type="button", class="bad", hidden=move || !sure.get(), on:click=click(act)) { (go) }
        }
    }
}

fn name(one: &PairRow) -> String {
    match &one.pair {
        Some(pair) => [&shown(&pair.source.name), " to ", &shown(&pair.target.name)].concat(),
        None => "the pair that cannot be read".to_owned(),
    }
}
