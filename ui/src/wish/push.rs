//! How the source pushes: what proves it, what becomes of an account, which groups are kept alike.

use org2org_core::run::{InitialStatus, Method, Push, Side};
use sycamore::prelude::*;

use super::choice::{finder, line, radio, tick_box, title};
use super::form::{Accounts, CLIENT, Form, OLD_TOKEN, PUSHED};
use crate::board::Action;
use crate::text::shown;

/// The card about pushing; there while people are pushed.
pub fn push(form: Form) -> View {
    let board = form.board;
    let none = move || form.accounts.get() != Accounts::Pushed;
    let head = title(board, Side::Source, "How does it push?");
    let parts: Vec<View> = vec![
        methods(form),
        statuses(form),
        leaving(form),
        groups(form),
        old(form),
    ];
    view! {
        section(class="card", hidden=none, aria-labelledby="push-title") {
            h3(id="push-title") { (head) }
            (parts)
        }
    }
}

fn change(form: Form, change: impl FnOnce(&mut Push)) {
    form.push.update(change);
}

fn methods(form: Form) -> View {
    let [source, target] = names(form);
    let option = |method: Method, label: &str, more: String| {
        let chosen = move || form.push.with(|push| push.method == method);
        radio("method", label, more, chosen, move || {
            change(form, |push| push.method = method);
        })
    };
    let auto = [
        "Recommended. A service app in ",
        &target,
        " with the smallest role and scopes; ",
        &source,
        " makes and changes the keys, and nobody handles one.",
    ]
    .concat();
    let manual = ["The same service app, with the key that also signs SAML. It stays until you replace it, which this panel does with old and new overlapping."].concat();
    let token = ["A super admin makes it in ", &target, " and pastes it into ", &source, " by hand. It carries all rights of its owner and ends with them; this panel never sees it."].concat();
    let options = vec![
        option(
            Method::OauthAuto,
            "OAuth 2.0, keys that rotate by themselves",
            auto,
        ),
        option(
            Method::OauthManual,
            "OAuth 2.0, keys that you replace",
            manual,
        ),
        option(Method::Token, "API token", token),
    ];
    group("What proves the source to the target?", "sub", options)
}

fn statuses(form: Form) -> View {
    let options = InitialStatus::ALL.map(|status| {
        let chosen = move || form.push.with(|push| push.initial_status == status);
        let mail = match status.mails() {
            true => " Before anything is written you type how many people get one.",
            false => "",
        };
        let more = [status.consequence(), mail].concat();
        radio("initial-status", status.name(), more, chosen, move || {
            change(form, |push| push.initial_status = status);
        })
    });
    group(
        "What becomes of an account that is made or linked?",
        "sub",
        options.into(),
    )
}

fn leaving(form: Form) -> View {
    let [source, target] = names(form);
    let more = [
        "It is turned on last of all, when everybody has arrived. Off: whoever loses the app in ",
        &source,
        " keeps the account in ",
        &target,
        ".",
    ]
    .concat();
    tick_box(
        "deactivate",
        "Deactivate people who lose the app",
        more,
        move || form.push.with(|push| push.deactivate),
        move || change(form, |push| push.deactivate = !push.deactivate),
    )
}

fn groups(form: Form) -> View {
    let [_, target] = names(form);
    let board = form.board;
    #[cfg(feature = "all")]
    if form.is_away(Side::Source) {
        let label = "Groups to keep alike in the target";
        return super::choice::names(form, form.pushed, [PUSHED, label]);
    }
    let finder = finder(
        form,
        form.pushed,
        [
            "pushed",
            PUSHED,
            "Groups to keep alike in the target",
            "Type the start of a group name",
        ],
        move || board.choices.with(|choices| choices.pushed.clone()),
        move |text| board.act(Action::FindPushed(text)),
    );
    let note = ["None that gives access above: Okta does not support pushing the group that assigns the app. The name must be free in ", &target, "; a group of that name there is never taken over."].concat();
    view! { div(class="field") { (finder) p(class="soft small") { (note) } } }
}

fn old(form: Form) -> View {
    let by_token = move || form.push.with(|push| push.method == Method::Token);
    let migrates = tick_box(
        "migrates",
        "An API token is in use so far",
        "OAuth 2.0 takes its place in one call, and people go on being pushed. The token stays valid until you revoke it.".to_owned(),
        move || form.migrates.get(),
        move || form.migrates.set(!form.migrates.get_untracked()),
    );
    let name = line(
        form,
        OLD_TOKEN,
        view! { b { "Name of that token in the target" } },
        form.old_token,
    );
    let client = line(
        form,
        CLIENT,
        view! { b { "Name of the service app, or of the token, in the target" } },
        form.client_label,
    );
    view! {
        details(class="more-of") {
            summary { "Names, and a token that is in use already" }
            div(class="sheet") {
                (client)
                div(class="sheet", hidden=by_token) {
                    (migrates)
                    div(hidden=move || !form.migrates.get()) { (name) }
                }
            }
        }
    }
}

/// A question with its answers.
pub fn group(question: &'static str, class: &'static str, options: Vec<View>) -> View {
    view! {
        fieldset {
            legend(class=class) { (question) }
            div(class="choices") { (options) }
        }
    }
}

fn names(form: Form) -> [String; 2] {
    Side::BOTH.map(|side| shown(&form.board.name(side)))
}
