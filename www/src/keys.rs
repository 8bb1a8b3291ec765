//! Keys: any public form to a JWKS while typing; a private key is refused before it is shown, and cleared.

use crate::keys_result::{comparison_view, result_view};
use crate::page::{by_id, bytes_of, copy, fill_with_sample, on, on_file, save, show};
use crate::text;
use crate::trouble::Trouble;
use org2org_core::jwks::{self, Formatted, JwksError, Options};
use std::cell::Cell;
use std::rc::Rc;
use sycamore::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    ClipboardEvent, Element, Event, File, HtmlButtonElement, HtmlInputElement, HtmlTextAreaElement,
};

/// Nothing yet, an account, or why the text is refused.
type Shown = Option<Result<Formatted, Trouble>>;

/// Listens to the form.
pub fn start() {
    let wanted = Rc::new(Field {
        text: by_id("keys-text"),
        result: create_signal(None),
        cleared: Cell::new(false),
    });
    let live = Rc::new(Field {
        text: by_id("keys-live"),
        result: create_signal(None),
        cleared: Cell::new(false),
    });
    show_results(wanted.result, live.result);
    wanted.clone().listen();
    live.clone().listen();
    listen_to_buttons(&wanted, &live);
    wanted.format();
    live.format();
}

fn show_results(wanted: Signal<Shown>, live: Signal<Shown>) {
    show(
        "keys-status",
        move || view! { (wanted.get_clone().map_or_else(View::new, result_view)) },
    );
    let compared = move || match (live.get_clone(), wanted.get_clone()) {
        (Some(Err(trouble)), _) => trouble.view(),
        (Some(Ok(live)), Some(Ok(wanted))) => comparison_view(&live, &wanted),
        _ => View::new(),
    };
    show("keys-live-status", move || view! { (compared()) });
}

fn listen_to_buttons(wanted: &Rc<Field>, live: &Rc<Field>) {
    let result = wanted.result;
    let field = wanted.clone();
    on_button("keys-kid", "change", move || field.format());
    let field = wanted.clone();
    on_file("keys-file", "keys-drop", move |file| {
        field.clone().read(file)
    });
    on_button("keys-copy", "click", move || {
        if let Some(jwks) = formatted(result).and_then(|read| read.jwks) {
            copy(jwks, "keys-copied");
        }
    });
    on_button("keys-save", "click", move || {
        if let Some(jwks) = formatted(result).and_then(|read| read.jwks) {
            save(&jwks, "jwks.json", "application/json");
        }
    });
    on_button("keys-pem", "click", move || {
        if let Some(pem) = only_certificate(result) {
            save(&pem, "certificate.pem", "application/x-pem-file");
        }
    });
    let fields = [wanted.clone(), live.clone()];
    on_button("keys-clear", "click", move || {
        for field in &fields {
            field.text.set_value("");
            field.take(None);
        }
    });
    let fields = [wanted.text.clone(), live.text.clone()];
    on_button("keys-sample", "click", move || {
        for (name, field) in SAMPLES.iter().zip(&fields) {
            fill_with_sample(name, field.clone());
        }
    });
}

/// For the keys, and for those in use.
const SAMPLES: [&str; 2] = ["sample/keys.json", "sample/keys-live.json"];

fn on_button(id: &str, event: &str, mut pressed: impl FnMut() + 'static) {
    on(&by_id::<Element>(id), event, move |_| pressed());
}

/// A text of keys, and what was read in it.
struct Field {
    text: HtmlTextAreaElement,
    result: Signal<Shown>,
    /// Whether the field is empty because a secret was refused.
    cleared: Cell<bool>,
}

impl Field {
    fn listen(self: Rc<Self>) {
        let field = self.clone();
        on(&self.text, "input", move |_| field.format());
        let field = self.clone();
        on(&self.text, "paste", move |event| {
            field.look_before_pasting(&event)
        });
    }

    fn format(&self) {
        let text = self.text.value();
        // A text of several lines may be told line by line: what follows the refused one is no other text.
        if text.is_empty() && self.cleared.get() {
            return;
        }
        self.take((!text.trim().is_empty()).then(|| jwks::format_with(&text, &options())));
    }

    /// A private key that never enters the field cannot be brought back by undo.
    fn look_before_pasting(&self, event: &Event) {
        let data = event
            .dyn_ref::<ClipboardEvent>()
            .and_then(ClipboardEvent::clipboard_data);
        let text = data
            .and_then(|data| data.get_data("text").ok())
            .unwrap_or_default();
        if let Err(error) = jwks::format(&text)
            && error.is_secret()
        {
            event.prevent_default();
            self.take(Some(Err(error)));
        }
    }

    fn read(self: Rc<Self>, file: File) {
        spawn_local(async move {
            let bytes = bytes_of(&file).await;
            self.text.set_value("");
            let Some(bytes) = bytes else {
                return self.show(Some(Err(Trouble {
                    code: "file".to_owned(),
                    what: text::FILE_UNREADABLE.to_owned(),
                    hint: text::FILE_UNREADABLE_HINT.to_owned(),
                })));
            };
            let formatted = jwks::format_bytes(&bytes, &options());
            // What is binary has no place in a text field.
            if formatted.is_ok() {
                let text = String::from_utf8(bytes).unwrap_or_default();
                self.text.set_value(&text);
            }
            self.take(Some(formatted));
        });
    }

    fn take(&self, result: Option<Result<Formatted, JwksError>>) {
        let secret = matches!(&result, Some(Err(error)) if error.is_secret());
        self.cleared.set(secret);
        if secret {
            self.text.set_value("");
            by_id::<HtmlInputElement>("keys-file").set_value("");
        }
        self.show(result.map(|result| result.map_err(|error| Trouble::from(&error))));
    }

    fn show(&self, result: Shown) {
        let invalid = matches!(result, Some(Err(_)));
        let _ = self
            .text
            .set_attribute("aria-invalid", &invalid.to_string());
        self.result.set(result);
        if self.text.id() == "keys-text" {
            offer(self.result);
        }
    }
}

fn offer(result: Signal<Shown>) {
    let none = formatted(result).and_then(|read| read.jwks).is_none();
    by_id::<HtmlButtonElement>("keys-copy").set_disabled(none);
    by_id::<HtmlButtonElement>("keys-save").set_disabled(none);
    by_id::<HtmlButtonElement>("keys-pem").set_disabled(only_certificate(result).is_none());
    by_id::<Element>("keys-copied").set_text_content(None);
}

fn options() -> Options {
    Options {
        kid_from_thumbprint: by_id::<HtmlInputElement>("keys-kid").checked(),
        now: Some((js_sys::Date::now() / 1000.0) as u64),
        ..Options::default()
    }
}

fn formatted(result: Signal<Shown>) -> Option<Formatted> {
    result.get_clone()?.ok()
}

/// An identity provider takes one: which of several is meant cannot be guessed.
fn only_certificate(result: Signal<Shown>) -> Option<String> {
    match formatted(result)?.certificates.as_slice() {
        [one] => Some(one.pem.clone()),
        _ => None,
    }
}
