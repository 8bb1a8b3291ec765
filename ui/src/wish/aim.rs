//! What is to become of the connection, and which key goes.

use org2org_core::facts::Member;
use org2org_core::run::{Aim, Side, SignOn};
use sycamore::prelude::*;

use super::choice::{finder, radio, tick_box, title};
use super::form::{Form, KEY, PILOT};
use super::push::group;
use crate::board::Action;
use crate::live::{click, text as live};
use crate::rows::rows;
use crate::text::shown;

/// What is to be done with the connection.
pub fn aim(form: Form) -> View {
    let [source, target] = Side::BOTH.map(|side| shown(&form.board.name(side)));
    let remove = ["By the way out that hurts nobody: deactivation off first, then the connection, then what was made. Accounts in ", &target, " stay."].concat();
    let pilot = [
        "Over the connection as it is, before everybody follows. An undo takes the app away again; the account in ",
        &target,
        " is not deleted.",
    ]
    .concat();
    let rotate = [
        "For keys that you replace yourself. Old and new overlap, so pushing and sign-in from ",
        &source,
        " go on.",
    ]
    .concat();
    let options = vec![
        radio(
            "aim",
            "Connect, or complete the connection",
            String::new(),
            move || form.connects(),
            move || form.aim.set(Aim::Connect),
        ),
        radio(
            "aim",
            "Push one person, to see that it works",
            pilot,
            move || form.aim.with(|aim| *aim == Aim::Pilot),
            move || form.aim.set(Aim::Pilot),
        ),
        radio(
            "aim",
            "Replace the key",
            rotate,
            move || rotates(form),
            move || {
                form.aim.set(Aim::Rotate(String::new()));
                read_keys(form);
            },
        ),
        radio(
            "aim",
            "Take the connection down",
            remove,
            move || form.aim.with(|aim| *aim == Aim::Remove),
            move || form.aim.set(Aim::Remove),
        ),
    ];
    let (group, keys) = (group("What is to be done?", "", options), keys(form));
    view! {
        section(class="card") { (group) }
        (keys)
    }
}

/// How people sign in.
pub fn sign_on(form: Form) -> View {
    let target = shown(&form.board.name(Side::Target));
    let option = |sign_on: SignOn, label: &str, more: String| {
        radio(
            "sign-on",
            label,
            more,
            move || form.sign_on.get() == sign_on,
            move || form.sign_on.set(sign_on),
        )
    };
    let oidc = [
        "An Okta Integration identity provider in ",
        &target,
        ". No documented address leads through it to an app, so there are no bookmarks.",
    ]
    .concat();
    let options = vec![
        option(
            SignOn::Saml,
            "SAML 2.0",
            "With bookmarks that open an app.".to_owned(),
        ),
        option(SignOn::Oidc, "OpenID Connect", oidc),
    ];
    let group = group("How do people sign in?", "", options);
    let home = tick_box(
        "routing",
        "Send them home when they begin at the target",
        "A routing rule there, for everybody whose user name has a domain of the chosen people."
            .to_owned(),
        move || form.routing.get(),
        move || form.routing.set(!form.routing.get_untracked()),
    );
    view! { section(class="card") { (group) (home) } }
}

/// Whom a pilot pushes.
pub fn pilot(form: Form) -> View {
    let board = form.board;
    let title = title(board, Side::Source, "Who is pushed first?");
    let users = finder(
        form,
        form.users,
        [
            "pilot",
            PILOT,
            "People",
            "Type the start of a name or login",
        ],
        move || board.choices.with(|choices| choices.users.clone()),
        move |text| board.act(Action::FindUsers(text)),
    );
    let hidden = move || form.aim.with(|aim| *aim != Aim::Pilot);
    view! {
        section(class="card", hidden=hidden) {
            fieldset(class="sheet") {
                legend { (title) }
                (users)
            }
        }
    }
}

fn rotates(form: Form) -> bool {
    form.aim.with(|aim| matches!(aim, Aim::Rotate(_)))
}

fn read_keys(form: Form) {
    let label = form
        .app_label
        .with_untracked(|label| label.trim().to_owned());
    form.board.act(Action::FindKeys(label));
}

fn keys(form: Form) -> View {
    let board = form.board;
    let list = rows(
        move || {
            board
                .choices
                .with(|choices| choices.keys.iter().map(|key| key.id.clone()).collect())
        },
        move |id| {
            let found = board
                .choices
                .with_untracked(|choices| choices.keys.iter().find(|key| key.id == id).cloned());
            found.map(|one| key(form, one)).into()
        },
    );
    let note = live(move || {
        board
            .choices
            .with(|choices| match (&choices.keys_error, choices.keys.len()) {
                (Some(why), _) => shown(why),
                (None, 0) => "Reading the keys of the app…".to_owned(),
                (None, _) => {
                    "The source makes the new key itself; its private half never leaves it."
                        .to_owned()
                }
            })
    });
    let (refused, why) = form.refusal(KEY);
    let head = title(board, Side::Source, "Which key is to go?");
    let none = move || board.choices.with(|choices| choices.keys.is_empty());
    view! {
        section(class="card", hidden=move || !rotates(form)) {
            fieldset(role="radiogroup", aria-invalid=refused, aria-describedby=["no-", KEY].concat()) {
                legend { (head) }
                p(class="soft small", role="status") { (note) }
                div(class="choices", hidden=none) { (list) }
            }
            (why)
            div(class="row") {
                button(r#type="button", class="small", on:click=click(move || read_keys(form))) { "Read the keys again" }
            }
        }
    }
}

fn key(form: Form, key: Member) -> View {
    let (id, own) = (key.id.clone(), key.id);
    let chosen = move || form.aim.with(|aim| *aim == Aim::Rotate(own.clone()));
    radio(
        "key",
        &shown(&id.clone()),
        shown(&key.name),
        chosen,
        move || form.aim.set(Aim::Rotate(id.clone())),
    )
}
