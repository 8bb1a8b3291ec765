//! The plan: every change before it is made, by org, and the yes.

use org2org_core::json;
use org2org_core::run::{Plan, PlanItem, Reach, Side};
use sycamore::prelude::*;

use crate::badge::badge;
use crate::board::{Action, Board, What};
use crate::consent::consent;
use crate::live::{click, part, words};
use crate::text::{count, shown};
use crate::values::long;
use crate::wish::ALL;

/// The sheet of the plan.
pub fn plan(board: Board) -> View {
    let id = words(move || {
        board.plan.with(|plan| {
            plan.as_ref()
                .map(|plan| plan.id.clone())
                .unwrap_or_default()
        })
    });
    // One plan, one drawing: a plan never changes, it is replaced by another with another id.
    let drawn = part(move || {
        id.track();
        // Cloned first: no view may be made while a signal is being read.
        match board.plan.get_clone_untracked() {
            Some(plan) => sheet(board, &plan, id),
            None => none(),
        }
    });
    view! { div(class="sheet") { (drawn) } }
}

fn none() -> View {
    view! {
        section(class="card") {
            h2(tabindex="-1") { "Plan" }
            p(class="soft") { "A plan follows a full round of reads. Nothing is written before you have seen it and said yes." }
        }
    }
}

fn sheet(board: Board, plan: &Plan, id: ReadSignal<String>) -> View {
    if plan.items.is_empty() {
        return nothing(board, plan);
    }
    let undoing = board.what.get_untracked() == What::Undo;
    let title = if undoing {
        "What would be taken back"
    } else {
        "What would be written"
    };
    let (sentence, reaches) = (shown(&plan.sentence), shown(&plan.reaches));
    let stays = lines("notice warn", "Cannot be undone", plan.cannot_undo.iter());
    let notes = lines(
        "notice",
        "Please note",
        plan.warnings.iter().map(|note| &note.text),
    );
    let (source, target) = (
        group(plan, Side::Source, undoing),
        group(plan, Side::Target, undoing),
    );
    let (rest, yes) = (by_hand(plan), yes(board, plan, id, undoing));
    view! {
        section(class="card", aria-labelledby="plan-title") {
            h2(id="plan-title", tabindex="-1") { (title) }
            p(class="sentence") { (sentence) }
            p(class="reach") { (reaches) }
            (stays)
            (notes)
        }
        (source)
        (target)
        (rest)
        (yes)
    }
}

fn nothing(board: Board, plan: &Plan) -> View {
    let text = match board.what.get_untracked() {
        What::Apply if board.is_half() => "Nothing is ready to be written in your org.",
        What::Apply => "Nothing has to be written: both orgs already are as you wish.",
        What::Undo => "Nothing is left to take back.",
    };
    let notes = lines(
        "notice",
        "Please note",
        plan.warnings.iter().map(|note| &note.text),
    );
    let rest = by_hand(plan);
    view! {
        section(class="card") {
            h2(tabindex="-1") { "The plan is empty" }
            p { (text) }
            (notes)
        }
        (rest)
    }
}

fn lines<'a>(
    class: &'static str,
    title: &'static str,
    texts: impl Iterator<Item = &'a String>,
) -> Option<View> {
    let items: Vec<View> = texts
        .map(|text| {
            let text = shown(text);
            view! { li { (text) } }
        })
        .collect();
    (!items.is_empty())
        .then(|| view! { div(class=class) { h3 { (title) } ul(class="bullets") { (items) } } })
}

fn group(plan: &Plan, side: Side, undoing: bool) -> Option<View> {
    let items: Vec<&PlanItem> = plan.items.iter().filter(|item| item.side == side).collect();
    let org = items.first()?.org.clone();
    let title = ["in ", &shown(&org)].concat();
    let number = count(items.len(), "change", "changes");
    let drawn: Vec<View> = items.into_iter().map(|one| item(one, undoing)).collect();
    let badge = badge(side, "");
    Some(view! {
        section(class="card") {
            div(class="row") { (badge) h3 { (number) " " (title) } }
            ol { (drawn) }
        }
    })
}

fn item(item: &PlanItem, undoing: bool) -> View {
    let (title, path, why) = (shown(&item.title), shown(&item.path), item.why);
    // What is taken back comes again only by a new plan.
    let back = (!undoing).then(|| way_back(item)).map(|undo| {
        view! { p(class="small") { span(class="label") { "Way back: " } (undo) } }
    });
    let method = item.method;
    let rows: Vec<View> = item.changes.iter().map(change).collect();
    let table = (!rows.is_empty()).then(|| view! {
        table(class="diff") {
            thead(class="unseen") { tr { th(scope="col") { "Field" } th(scope="col") { "Before and after" } } }
            tbody { (rows) }
        }
    });
    let body = item.body.as_ref().map(|body| {
        let text = shown(&json::pretty(body));
        let text = long(["Whole request: ", &title].concat(), view! { (text) });
        view! { details(class="more-of") { summary { "The whole request" } div(class="value") { (text) } } }
    });
    view! {
        li(class="item") {
            h3 { (title) }
            p(class="request") { span(class="verb") { (method) } span { (path) } }
            p(class="soft small") { (why) }
            (table)
            (body)
            (back)
        }
    }
}

fn way_back(item: &PlanItem) -> String {
    match item.undo.is_empty() {
        true => "none, this stays".to_owned(),
        false => shown(&item.undo.join(", then ")),
    }
}

fn change(change: &org2org_core::okta::Change) -> View {
    let pointer = shown(&change.pointer);
    let after = value(&change.after);
    let before = (!change.before.is_null() && change.before != NOT_YET).then(|| {
        let before = value(&change.before);
        view! { del { span(class="unseen") { "before: " } (before) } }
    });
    view! {
        tr { th(scope="row") { (pointer) } td { (before) ins { span(class="unseen") { "after: " } (after) } } }
    }
}

fn value(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        serde_json::Value::String(text) => shown(text),
        other => shown(&json::text(other)),
    }
}

fn by_hand(plan: &Plan) -> Option<View> {
    if plan.by_hand.is_empty() {
        return None;
    }
    let items: Vec<View> = plan
        .by_hand
        .iter()
        .map(|one| {
            let (text, badge) = (shown(&one.text), badge(one.side, ""));
            view! { li(class="item") { (badge) p { (text) } } }
        })
        .collect();
    Some(view! { section(class="card") { h2 { "Left for you" } ol { (items) } } })
}

fn yes(board: Board, plan: &Plan, id: ReadSignal<String>, undoing: bool) -> View {
    let number = plan.items.len();
    let verb = if undoing { "Yes, undo " } else { "Yes, make " };
    let label = [verb, &count(number, "change", "changes")].concat();
    let given = move |id: String| {
        board.act(if undoing {
            Action::ConsentUndo(id)
        } else {
            Action::Consent(id)
        })
    };
    let (may, mails) = match ALL {
        true => asked(plan.reach),
        // Mail follows from a push, which the small edition does not offer.
        false => (Box::new(|| true) as May, None),
    };
    let consent = consent(label, id, may, given);
    view! {
        div(class="consent") {
            (mails)
            p(class="soft small") { "Sends exactly this, once; each change is then proven by reading it back." }
            div(class="row") {
                (consent)
                button(r#type="button", on:click=click(move || board.act(Action::Cancel))) { "Not now" }
            }
        }
    }
}

type May = Box<dyn Fn() -> bool>;

/// Whether the number of mails is answered, and the field that asks for it.
fn asked(reach: Reach) -> (May, Option<View>) {
    let (typed, refused) = (create_signal(String::new()), create_signal(false));
    let may = move || {
        let answered = typed.with_untracked(|typed| reach.is_answered_by(typed));
        refused.set(!answered);
        answered
    };
    let field = reach.to_type().map(|_| mails(typed, refused));
    (Box::new(may), field)
}

/// A mail cannot be called back: whoever agrees types how many people get one.
fn mails(typed: Signal<String>, refused: Signal<bool>) -> View {
    view! {
        div(class="field") {
            label(r#for="mails") { b { "How many people get a mail?" } }
            input(r#type="text", id="mails", inputmode="numeric", autocomplete="off", aria-describedby="no-mails",
                aria-invalid=move || if refused.get() { "true" } else { "false" }, bind:value=typed)
            p(class="error", id="no-mails", role="alert", hidden=move || !refused.get()) {
                "This is not the number that the plan names above. Type that number, or choose an initial status without mail."
            }
        }
    }
}

/// What core writes for a value before, where the object itself is still to be made.
const NOT_YET: &str = "⟨not made yet⟩";
