//! What should be connected: apps, people, names, and whether accounts may be made.

use org2org_core::facts::Member;
use org2org_core::run::{Side, Wish};
use sycamore::prelude::*;

use crate::badge::badge;
use crate::board::{Action, Board};
use crate::live::{part, text as live};
use crate::rows::rows;
use crate::text::{count, shown};

/// The parts of the form while it is being filled.
#[derive(Clone, Copy)]
struct Form {
    app_label: Signal<String>,
    idp_name: Signal<String>,
    group_name: Signal<String>,
    apps: Signal<Vec<Member>>,
    groups: Signal<Vec<Member>>,
    users: Signal<Vec<Member>>,
    jit: Signal<bool>,
    /// Id of the refused field, and why.
    error: Signal<Option<(&'static str, &'static str)>>,
}

/// The form.
pub fn wish(board: Board) -> View {
    // Cloned first: no view may be made while a signal is being read.
    let drawn = part(move || board.wish.get_clone().map(|wish| form(board, &wish)).into());
    view! { div(class="sheet") { (drawn) } }
}

fn form(board: Board, wish: &Wish) -> View {
    let form = Form::new(wish);
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match form.wish() {
            Ok(wish) => board.act(Action::Start(Box::new(wish))),
            Err(why) => form.error.set(Some(why)),
        }
    };
    let parts: Vec<View> = vec![
        apps(board, form),
        people(board, form),
        accounts(board, form),
        names(board, form),
    ];
    view! {
        form(class="sheet", novalidate=true, on:submit=go, aria-labelledby="wish-title") {
            h2(id="wish-title", tabindex="-1") { "What should be connected?" }
            (parts)
            section(class="card") {
                p(class="soft") { "Next, both orgs are read and every step is shown. Nothing is written yet." }
                div(class="row") { button(r#type="submit", class="main", id="start") { "Show the steps" } }
            }
        }
    }
}

fn apps(board: Board, form: Form) -> View {
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
    view! {
        section(class="card") {
            fieldset {
                legend { (title) }
                p(class="soft small") { (note) }
                div(class="choices tall", hidden=none) { (list) }
            }
        }
    }
}

fn people(board: Board, form: Form) -> View {
    let title = title(board, Side::Source, "Who should reach them?");
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
    view! {
        section(class="card") {
            fieldset(class="sheet") {
                legend { (title) }
                (groups)
                (users)
            }
        }
    }
}

/// A search field over a list to tick; what is ticked stays listed whatever is searched next.
fn finder(
    form: Form,
    chosen: Signal<Vec<Member>>,
    [name, id, label, placeholder]: [&'static str; 4],
    found: impl Fn() -> Vec<Member> + 'static,
    search: impl Fn(String) + 'static,
) -> View {
    let text = create_signal(String::new());
    let (list, none) = ticks(chosen, name, move || {
        let mut all = chosen.get_clone();
        let found = found().into_iter();
        let new: Vec<Member> = found
            .filter(|one| all.iter().all(|known| known.id != one.id))
            .collect();
        all.extend(new);
        all
    });
    let (refused, why) = form.refusal(id);
    view! {
        div(class="field") {
            label(r#for=id) { b { (label) } }
            input(r#type="search", id=id, placeholder=placeholder, autocomplete="off", aria-invalid=refused,
                aria-describedby=["no-", id].concat(), bind:value=text,
                on:input=move |_| search(text.get_clone_untracked()))
            (why)
            div(class="choices tall", hidden=none) { (list) }
        }
    }
}

/// A list to tick, and whether it is empty.
fn ticks(
    chosen: Signal<Vec<Member>>,
    name: &'static str,
    members: impl Fn() -> Vec<Member> + 'static,
) -> (View, impl Fn() -> bool + Copy) {
    let members = create_selector(members);
    let list = rows(
        move || members.with(|all| all.iter().map(|one| one.id.clone()).collect()),
        move |id| {
            let found = members.with_untracked(|all| all.iter().find(|one| one.id == id).cloned());
            found.map(|one| tick(chosen, one, name)).into()
        },
    );
    (list, move || members.with(Vec::is_empty))
}

fn tick(chosen: Signal<Vec<Member>>, member: Member, name: &'static str) -> View {
    let (text, id) = (shown(&member.name), member.id.clone());
    let is_chosen = move || chosen.with(|all| all.iter().any(|one| one.id == id));
    let turn = move |_| {
        chosen.update(|all| match all.iter().position(|one| one.id == member.id) {
            Some(at) => {
                all.remove(at);
            }
            None => all.push(member.clone()),
        })
    };
    view! {
        label(class="choice") {
            input(r#type="checkbox", name=name, prop:checked=is_chosen, on:change=turn)
            span { (text) }
        }
    }
}

fn accounts(board: Board, form: Form) -> View {
    let (source, target) = (
        shown(&board.name(Side::Source)),
        shown(&board.name(Side::Target)),
    );
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
    let option = move |value: bool, label: &'static str, more: String| {
        view! {
            label(class="choice") {
                input(r#type="radio", name="jit", prop:checked=move || form.jit.get() == value, on:change=move |_| form.jit.set(value))
                span { (label) span(class="more") { (more) } }
            }
        }
    };
    let title = title(board, Side::Target, "People without an account there?");
    let (no, yes) = (
        option(false, "Leave them out", no),
        option(true, "Make an account at the first sign-in", yes),
    );
    view! {
        section(class="card") {
            fieldset {
                legend { (title) }
                div(class="choices") {
                    (no)
                    (yes)
                }
            }
        }
    }
}

fn names(board: Board, form: Form) -> View {
    let field = |side: Side, id: &'static str, label: &'static str, text: Signal<String>| {
        let badge = badge(side, "");
        let (refused, why) = form.refusal(id);
        view! {
            div(class="field") {
                label(r#for=id, class="row") { (badge) b { (label) } }
                input(r#type="text", id=id, autocomplete="off", aria-invalid=refused,
                    aria-describedby=["no-", id].concat(), bind:value=text)
                (why)
            }
        }
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

fn title(board: Board, side: Side, text: &'static str) -> View {
    let badge = badge(side, &board.name(side));
    view! { span(class="row") { (badge) b { (text) } } }
}

impl Form {
    fn new(wish: &Wish) -> Form {
        Form {
            app_label: create_signal(wish.app_label.clone()),
            idp_name: create_signal(wish.idp_name.clone()),
            group_name: create_signal(wish.group_name.clone()),
            apps: create_signal(wish.apps.clone()),
            groups: create_signal(wish.groups.clone()),
            users: create_signal(wish.users.clone()),
            jit: create_signal(wish.jit),
            error: create_signal(None),
        }
    }

    /// Whether the field of this id was refused, and the words for it.
    fn refusal(self, id: &'static str) -> (impl Fn() -> &'static str, View) {
        let why = move || self.error.get().filter(|(field, _)| *field == id);
        let words = live(move || why().map_or("", |(_, why)| why).to_owned());
        let refused = move || if why().is_some() { "true" } else { "false" };
        let none = move || why().is_none();
        let own = ["no-", id].concat();
        (
            refused,
            view! { p(class="error", id=own, hidden=none) { (words) } },
        )
    }

    fn wish(self) -> Result<Wish, (&'static str, &'static str)> {
        let (groups, users) = (
            self.groups.get_clone_untracked(),
            self.users.get_clone_untracked(),
        );
        if groups.is_empty() && users.is_empty() {
            let why = "Choose at least one group or person of the source; without one nobody gets access.";
            return Err((GROUPS, why));
        }
        let names = [self.app_label, self.idp_name, self.group_name]
            .map(|name| name.with_untracked(|name| name.trim().to_owned()));
        let refused = names
            .iter()
            .position(|name| name.is_empty() || name.chars().count() > LONGEST_NAME);
        if let Some(field) = refused.and_then(|at| NAMES.get(at)) {
            return Err((field, "A name needs 1 to 100 characters."));
        }
        let [app_label, idp_name, group_name] = names;
        let (apps, jit) = (self.apps.get_clone_untracked(), self.jit.get_untracked());
        Ok(Wish {
            app_label,
            idp_name,
            group_name,
            groups,
            users,
            apps,
            jit,
            ..Wish::default()
        })
    }
}

/// Ids of fields that can be refused.
const GROUPS: &str = "find-groups";
const NAMES: [&str; 3] = ["app-label", "idp-name", "group-name"];

/// Okta's limit for app labels and IdP names (API reference, `label` and `name`).
const LONGEST_NAME: usize = 100;
