//! What should be connected: apps, people, names, how accounts come, and what else may be done.
//!
//! The panel comes in two editions. The small one connects by SAML and bookmarks; where a choice
//! needs more, [`Action::More`] takes what is filled in over to the other.

mod aim;
mod choice;
mod form;
mod push;

use org2org_core::run::{Side, SignOn, Wish};
use sycamore::prelude::*;

use crate::badge::badge;
use crate::board::{Action, Board};
use crate::live::{click, part, text as live};
use crate::text::{count, shown};
use choice::{finder, line, ticks, title};
pub(crate) use choice::{radio, tick_box};
use form::{Accounts, Form, GROUPS, NAMES};

/// Whether this is the edition with every procedure.
pub const ALL: bool = cfg!(feature = "all");

/// The form.
pub fn wish(board: Board) -> View {
    // Cloned first: no view may be made while a signal is being read.
    let drawn = part(move || board.wish.get_clone().map(|wish| form(board, &wish)).into());
    view! { div(class="sheet") { (drawn) } }
}

fn form(board: Board, wish: &Wish) -> View {
    let form = Form::new(board, wish);
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match form.wish() {
            // Only the other edition can.
            Ok(wish) if !ALL && wish.pushes() => board.act(Action::More(Box::new(wish))),
            Ok(wish) => {
                form.error.set(None);
                board.act(Action::Start(Box::new(wish)));
            }
            Err(why) => form.error.set(Some(why)),
        }
    };
    let parts: Vec<View> = match ALL {
        true => {
            let connecting: Vec<View> = vec![
                aim::sign_on(form),
                apps(form),
                people(form),
                accounts(form),
                push::push(form),
            ];
            let hidden = move || !form.connects();
            // A hand-off sets up only.
            let aims: Vec<View> = match board.is_half() {
                true => Vec::new(),
                false => vec![aim::aim(form), aim::pilot(form)],
            };
            vec![
                aims.into(),
                view! { div(class="sheet", hidden=hidden) { (connecting) } },
                names(form),
            ]
        }
        false => vec![
            apps(form),
            people(form),
            accounts(form),
            names(form),
            more(form),
        ],
    };
    let next = match board.is_half() {
        true => "Next, your org is read and every step is shown. Nothing is written yet.",
        false => "Next, both orgs are read and every step is shown. Nothing is written yet.",
    };
    view! {
        form(class="sheet", novalidate=true, on:submit=go, aria-labelledby="wish-title") {
            h2(id="wish-title", tabindex="-1") { "What should be connected?" }
            (parts)
            section(class="card") {
                p(class="soft") { (next) }
                div(class="row") { button(r#type="submit", class="main", id="start") { "Show the steps" } }
            }
        }
    }
}

fn apps(form: Form) -> View {
    let board = form.board;
    #[cfg(feature = "all")]
    if form.is_away(Side::Target) {
        return apps_there(form);
    }
    let (list, none) = ticks(form.apps, "apps", move || {
        board.choices.with(|choices| choices.apps.clone())
    });
    let note = live(move || {
        board.choices.with(|choices| match (&choices.error, choices.apps_read, choices.apps.len()) {
        (Some(error), ..) => shown(error),
        (None, false, _) => "Reading the apps of the target…".to_owned(),
        (None, true, 0) => "The target has no app that a bookmark could open. People can still be connected.".to_owned(),
        (None, true, number) => [&count(number, "app", "apps"), " can be opened by a bookmark."].concat(),
    })
    });
    let title = title(board, Side::Target, "Which apps should people reach?");
    let card = view! {
        section(class="card") {
            fieldset {
                legend { (title) }
                p(class="soft small") { (note) }
                div(class="choices tall", hidden=none) { (list) }
            }
        }
    };
    match ALL {
        true => {
            let hidden = move || form.sign_on.get() == SignOn::Oidc;
            view! { div(hidden=hidden) { (card) } }
        }
        false => card,
    }
}

#[cfg(feature = "all")]
fn apps_there(form: Form) -> View {
    let title = title(form.board, Side::Target, "Which apps should people reach?");
    let names = choice::names(form, form.apps, ["app-names", "Apps, by their labels"]);
    let hidden = move || form.sign_on.get() == SignOn::Oidc;
    view! {
        section(class="card", hidden=hidden) {
            fieldset(class="sheet") {
                legend { (title) }
                (names)
            }
        }
    }
}

fn people(form: Form) -> View {
    let title = title(form.board, Side::Source, "Who should reach them?");
    #[cfg(feature = "all")]
    let fields = match form.is_away(Side::Source) {
        true => people_by_name(form),
        false => people_found(form),
    };
    #[cfg(not(feature = "all"))]
    let fields = people_found(form);
    view! {
        section(class="card") {
            fieldset(class="sheet") {
                legend { (title) }
                (fields)
            }
        }
    }
}

#[cfg(feature = "all")]
fn people_by_name(form: Form) -> View {
    let groups = choice::names(form, form.groups, [GROUPS, "Groups"]);
    let users = choice::names(
        form,
        form.users,
        ["user-names", "Single people, by user name"],
    );
    vec![groups, users].into()
}

fn people_found(form: Form) -> View {
    let board = form.board;
    let groups = finder(
        form,
        form.groups,
        ["groups", GROUPS, "Groups", "Type the start of a group name"],
        move || board.choices.with(|choices| choices.groups.clone()),
        move |text| board.act(Action::FindGroups(text)),
    );
    let users = finder(
        form,
        form.users,
        [
            "users",
            "find-users",
            "Single people",
            "Type the start of a name or login",
        ],
        move || board.choices.with(|choices| choices.users.clone()),
        move |text| board.act(Action::FindUsers(text)),
    );
    vec![groups, users].into()
}

fn accounts(form: Form) -> View {
    let board = form.board;
    let [source, target] = Side::BOTH.map(|side| shown(&board.name(side)));
    let no = [
        "Only people who already have an account in ",
        &target,
        " can sign in. Others see an error.",
    ]
    .concat();
    let yes = [
        &*["Anyone of ", &source].concat(),
        " who is given access gets an account in ",
        &target,
        " at the first sign-in. Removing the access later does not remove the account.",
    ]
    .concat();
    let option = |value: Accounts, label: &str, more: String| {
        let chosen = move || form.accounts.get() == value;
        radio("accounts", label, more, chosen, move || {
            form.accounts.set(value)
        })
    };
    let mut options = vec![
        option(Accounts::None, "Leave them out", no),
        option(
            Accounts::JustInTime,
            "Make an account at the first sign-in",
            yes,
        ),
    ];
    if ALL {
        options.push(option(
            Accounts::Pushed,
            "Push accounts from the source",
            pushed(&source, &target),
        ));
        options.push(option(
            Accounts::ByFile,
            "Import them from a file",
            "You upload it in the console; each account is then found by its user name.".to_owned(),
        ));
    }
    let title = title(board, Side::Target, "People without an account there?");
    let rest = match ALL {
        true => links(form),
        false => to_push(form, pushed(&source, &target)),
    };
    view! {
        section(class="card") {
            fieldset {
                legend { (title) }
                div(class="choices") { (options) }
            }
            (rest)
        }
    }
}

fn pushed(source: &str, target: &str) -> String {
    [
        source,
        " makes or links an account in ",
        target,
        " for everybody who is given access, before anyone signs in, and keeps it up to date.",
    ]
    .concat()
}

/// Pushing is chosen and described in the other edition: a button, as choosing it loads that.
fn to_push(form: Form, more: String) -> View {
    let go = click(move || {
        form.accounts.set(Accounts::Pushed);
        form.board.act(Action::More(Box::new(form.draft())));
    });
    view! {
        div(class="field") {
            div(class="row") { button(r#type="button", id="push", on:click=go) { "Push accounts from the source…" } }
            p(class="soft small") { (more) }
        }
    }
}

fn links(form: Form) -> View {
    let links = tick_box(
        "links",
        "Link the accounts before anyone signs in",
        "By SAML this needs persistent NameIDs on both sides; where they are missing, the first sign-in links.".to_owned(),
        move || form.links.get(),
        move || form.links.set(!form.links.get_untracked()),
    );
    view! { div(hidden=move || form.accounts.get() != Accounts::ByFile) { (links) } }
}

fn names(form: Form) -> View {
    let board = form.board;
    let field = |side: Side, id: &'static str, label: &'static str, text: Signal<String>| {
        let badge = badge(side, "");
        line(form, id, view! { (badge) b { (label) } }, text)
    };
    let (app, idp, group) = (
        field(
            Side::Source,
            NAMES[0],
            "Name of the Org2Org app",
            form.app_label,
        ),
        field(
            Side::Target,
            NAMES[1],
            "Name of the identity provider",
            form.idp_name,
        ),
        field(
            Side::Target,
            NAMES[2],
            "Group for these people",
            form.group_name,
        ),
    );
    let summary = [
        "Names in ",
        &shown(&board.name(Side::Source)),
        " and ",
        &shown(&board.name(Side::Target)),
    ]
    .concat();
    view! {
        details(class="card") {
            summary { b { (summary) } }
            div(class="sheet") { (app) (idp) (group) }
        }
    }
}

/// The way to the other edition.
fn more(form: Form) -> View {
    let go = click(move || form.board.act(Action::More(Box::new(form.draft()))));
    view! {
        section(class="card") {
            p(class="soft") { "Also here: OpenID Connect, accounts by an import file, groups kept alike, a new key, taking the connection down." }
            div(class="row") { button(r#type="button", id="more", on:click=go) { "Show all choices" } }
        }
    }
}
