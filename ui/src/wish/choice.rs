//! Controls of the wish form: one of several, yes or no, a line of text, and lists found by search.

use org2org_core::facts::Member;
use org2org_core::run::Side;
use sycamore::prelude::*;

use super::form::Form;
use crate::badge::badge;
use crate::board::Board;
use crate::live::text as live;
use crate::rows::rows;
use crate::text::shown;

/// A question about one side, as the title of a group.
pub fn title(board: Board, side: Side, text: &str) -> View {
    let (badge, text) = (badge(side, &board.name(side)), text.to_owned());
    view! { span(class="row") { (badge) b { (text) } } }
}

/// One of several, with what it means.
pub fn radio(
    name: &'static str,
    label: &str,
    more: String,
    chosen: impl Fn() -> bool + 'static,
    choose: impl FnMut() + 'static,
) -> View {
    control(
        ["radio", name],
        label,
        more,
        Box::new(chosen),
        Box::new(choose),
    )
}

/// Yes or no, with what yes means.
pub fn tick_box(
    name: &'static str,
    label: &str,
    more: String,
    chosen: impl Fn() -> bool + 'static,
    turn: impl FnMut() + 'static,
) -> View {
    control(
        ["checkbox", name],
        label,
        more,
        Box::new(chosen),
        Box::new(turn),
    )
}

fn control(
    [kind, name]: [&'static str; 2],
    label: &str,
    more: String,
    chosen: Box<dyn Fn() -> bool>,
    mut turn: Box<dyn FnMut()>,
) -> View {
    let (label, bare) = (label.to_owned(), more.is_empty());
    let more = (!bare).then(|| view! { span(class="more") { (more) } });
    view! {
        label(class="choice") {
            input(r#type=kind, name=name, prop:checked=chosen, on:change=move |_| turn())
            span { (label) (more) }
        }
    }
}

/// A line of text that can be refused.
pub fn line(form: Form, id: &'static str, label: View, text: Signal<String>) -> View {
    let (refused, why) = form.refusal(id);
    view! {
        div(class="field") {
            label(r#for=id, class="row") { (label) }
            input(r#type="text", id=id, autocomplete="off", aria-invalid=refused,
                aria-describedby=["no-", id].concat(), bind:value=text)
            (why)
        }
    }
}

/// A search field over a list to tick; what is ticked stays listed whatever is searched next.
pub fn finder(
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

/// Names that only the admin of the other org can look up, one a line.
#[cfg(feature = "all")]
pub fn names(form: Form, chosen: Signal<Vec<Member>>, [id, label]: [&'static str; 2]) -> View {
    let lines = chosen.with_untracked(|all| {
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        names.join("\n")
    });
    let text = create_signal(lines);
    // What was looked up before keeps its id, also where its line was gone for a while.
    let known = chosen.get_clone_untracked();
    let read = move || {
        let member = |name: &str| {
            let same = known.iter().find(|one| one.name == name);
            same.cloned().unwrap_or_else(|| Member {
                id: String::new(),
                name: name.to_owned(),
            })
        };
        let mut members: Vec<Member> = Vec::new();
        text.with_untracked(|text| {
            for name in text.lines().map(str::trim).filter(|name| !name.is_empty()) {
                if members.iter().all(|one| one.name != name) {
                    members.push(member(name));
                }
            }
        });
        chosen.set(members);
    };
    let (refused, why) = form.refusal(id);
    view! {
        div(class="field") {
            label(r#for=id) { b { (label) } }
            textarea(id=id, rows="3", autocomplete="off", aria-invalid=refused,
                aria-describedby=["no-", id].concat(), bind:value=text, on:input=move |_| read())
            (why)
            p(class="soft small") { "One name a line, as their console shows it. Their admin's panel looks each up." }
        }
    }
}

/// A list to tick, and whether it is empty.
pub fn ticks(
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
    let turn = move || {
        chosen.update(|all| match all.iter().position(|one| one.id == member.id) {
            Some(at) => {
                all.remove(at);
            }
            None => all.push(member.clone()),
        })
    };
    tick_box(name, &text, String::new(), is_chosen, turn)
}

/// The words for a refused field, under it.
pub fn refusal(id: &'static str, why: impl Fn() -> Option<String> + Copy + 'static) -> View {
    let words = live(move || why().unwrap_or_default());
    let own = ["no-", id].concat();
    view! { p(class="error", id=own, hidden=move || why().is_none()) { (words) } }
}
