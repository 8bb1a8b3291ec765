//! Bookmark URL: built while typing, read while typing.

use crate::page::{by_id, copy, on, show};
use crate::text;
use crate::trouble::{Trouble, marked};
use org2org_core::bookmark::{self, Bookmark, BookmarkError, Explanation, Field};
use org2org_core::jwks;
use std::rc::Rc;
use sycamore::prelude::*;
use web_sys::{Element, HtmlButtonElement, HtmlInputElement, HtmlTextAreaElement};

/// Listens to both forms.
pub fn start() {
    start_build();
    start_read();
}

fn start_build() {
    let built: Signal<Option<Result<Bookmark, BookmarkError>>> = create_signal(None);
    let secret: Signal<Option<Trouble>> = create_signal(None);
    let shown = move || match secret.get_clone() {
        Some(trouble) => trouble.view(),
        None => built.get_clone().map_or_else(View::new, built_view),
    };
    show("build-status", move || view! { (shown()) });
    let (sso, link): (HtmlInputElement, HtmlInputElement) = (by_id("sso-url"), by_id("embed-link"));
    let button: HtmlButtonElement = by_id("build-copy");
    let fields = [sso.clone(), link.clone()];
    let pressed = button.clone();
    let build = Rc::new(move || {
        by_id::<Element>("build-copied").set_text_content(None);
        secret.set(without_private(&sso).or_else(|| without_private(&link)));
        let texts = (sso.value(), link.value());
        let result = match texts.0.trim().is_empty() || texts.1.trim().is_empty() {
            true => None,
            false => Some(bookmark::build(&texts.0, &texts.1)),
        };
        let wrong = result
            .as_ref()
            .and_then(|result| result.as_ref().err())
            .map(field_of);
        for (field, element) in [(Field::SsoUrl, &sso), (Field::EmbedLink, &link)] {
            let invalid = wrong.is_some_and(|wrong| wrong.is_none_or(|wrong| wrong == field));
            let _ = element.set_attribute("aria-invalid", &invalid.to_string());
        }
        button.set_disabled(!matches!(result, Some(Ok(_))));
        built.set(result);
    });
    for field in fields {
        let build = build.clone();
        on(&field, "input", move |_| build());
    }
    // A reload keeps what was typed, so there may be something already.
    build();
    on(&pressed, "click", move |_| {
        if let Some(Ok(bookmark)) = built.get_clone() {
            copy(bookmark.url, "build-copied");
        }
    });
}

/// Clears a field that holds a private key and says so; nothing for every other text.
fn without_private(field: &HtmlInputElement) -> Option<Trouble> {
    let error = jwks::refuse_private(&field.value()).err()?;
    field.set_value("");
    Some(Trouble::from(&error))
}

/// The field an error is about; none when it is about both.
fn field_of(error: &BookmarkError) -> Option<Field> {
    match error {
        BookmarkError::AnotherOrg { field, .. }
        | BookmarkError::Extra { field, .. }
        | BookmarkError::Shape { field, .. }
        | BookmarkError::Url { field, .. } => Some(*field),
        _ => None,
    }
}

fn built_view(built: Result<Bookmark, BookmarkError>) -> View {
    let bookmark = match built {
        Ok(bookmark) => bookmark,
        Err(error) => return Trouble::from(&error).view(),
    };
    let notes: Vec<View> = bookmark
        .notes
        .iter()
        .map(|(field, note)| {
            let text = marked(&format!("{field}: {note}"));
            view! { p(class="note") { b { (text::NOTE) } " " (text) } }
        })
        .collect();
    let (sso, link) = (&bookmark.parts.sso, &bookmark.parts.link);
    let (source, app, target) = (sso.org.host(), &link.app, link.org.host());
    let way = match bookmark.encoded {
        true => text::bookmark_way_encoded!(source = source, app = app, target = target),
        false => text::bookmark_way!(source = source, app = app, target = target),
    };
    view! {
        p(class="good") { b { (text::BOOKMARK_BUILT) } span(class="hint") { (way) } }
        pre(class="url", tabindex="0", role="region", aria-label=text::BOOKMARK_REGION) { (bookmark.url) }
        (notes)
    }
}

fn start_read() {
    let text: HtmlTextAreaElement = by_id("any-url");
    let read: Signal<Option<Result<Explanation, Trouble>>> = create_signal(None);
    let shown = move || match read.get_clone() {
        None => View::new(),
        Some(Ok(explanation)) => read_view(explanation),
        Some(Err(trouble)) => trouble.view(),
    };
    show("read-status", move || view! { (shown()) });
    let field = text.clone();
    let explain = move || {
        let url = field.value();
        read.set(match jwks::refuse_private(&url) {
            // Nothing to read, but a refusal that emptied the field stands: its lines may be told one by one.
            _ if url.trim().is_empty() => read.get_clone_untracked().filter(Result::is_err),
            Ok(()) => Some(Ok(bookmark::explain(&url))),
            Err(error) => {
                field.set_value("");
                Some(Err(Trouble::from(&error)))
            }
        });
    };
    explain();
    on(&text, "input", move |_| explain());
}

fn read_view(read: Explanation) -> View {
    let title = marked(&text::read_what!(what = read.what, ends = read.ends));
    let (class, sign) = match read.doubts.is_empty() {
        true => ("good", "✓ "),
        false => ("note", "! "),
    };
    let doubts: Vec<View> = read
        .doubts
        .iter()
        .map(|doubt| {
            Trouble {
                code: doubt.code.to_owned(),
                what: doubt.text.clone(),
                hint: doubt.hint.clone(),
            }
            .view_as(text::PROBLEM)
        })
        .collect();
    let layers: Vec<View> = read
        .layers
        .iter()
        .map(|layer| {
            let (what, url) = (layer.what.to_string(), layer.url.clone());
            view! { li { (what) br() span(class="mono") { (url) } } }
        })
        .collect();
    let conditions: Vec<View> = read
        .conditions
        .iter()
        .map(|condition| {
            let text = marked(&condition.text);
            view! { li { (text) } }
        })
        .collect();
    let needs = match conditions.is_empty() {
        true => View::new(),
        false => view! { h4 { (text::READ_NEEDS) } ul { (conditions) } },
    };
    view! {
        p(class=class) { b { (sign) } (title) }
        (doubts)
        h4 { (text::READ_LAYERS) }
        ol(class="layers") { (layers) }
        (needs)
    }
}
