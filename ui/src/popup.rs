//! The popup: where this tab is, what comes next, one button.

use sycamore::prelude::*;

use crate::live::{click, part};
use crate::text::shown;

/// What the popup shows; plain data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Here {
    /// "ACME", or its host while the name is not known; empty outside Okta.
    pub org: String,
    /// Title of the page, or what kind of place this is.
    pub page: String,
    /// What that means, in a sentence.
    pub text: String,
    /// Which side of the stored pair this org is.
    pub side: Option<org2org_core::run::Side>,
    /// The pair of the stored run, e.g. "People of ACME sign in to HUB".
    pub pair: Option<String>,
    /// The next step of the stored run.
    pub next: Option<String>,
}

/// The popup; `open` is called by its one button.
pub fn popup(here: ReadSignal<Here>, open: impl Fn() + Clone + 'static) -> View {
    let drawn = part(move || place(&here.get_clone()));
    let work = part(move || stored(&here.get_clone()).into());
    view! {
        section(class="card here") {
            h2(class="label") { "This tab" }
            (drawn)
        }
        (work)
        button(r#type="button", class="main", id="open-panel", on:click=click(open)) { "Open the panel" }
    }
}

fn place(here: &Here) -> View {
    let badge = here.side.map(|side| crate::badge::badge(side, ""));
    let (org, page, text) = (shown(&here.org), shown(&here.page), shown(&here.text));
    let unnamed = org.is_empty();
    view! {
        div {
            div(class="row", hidden=unnamed) { b(class="sentence") { (org) } (badge) }
            p { (page) }
            p(class="soft small") { (text) }
        }
    }
}

fn stored(here: &Here) -> Option<View> {
    let pair = shown(here.pair.as_deref()?);
    let next = here
        .next
        .as_deref()
        .map(shown)
        .unwrap_or_else(|| "Open the panel to check the connection.".to_owned());
    Some(view! {
        section(class="card") {
            h2(class="label") { "Connection" }
            p { (pair) }
            p(class="small") { b { "Next: " } (next) }
        }
    })
}
