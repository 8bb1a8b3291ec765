//! Keys: JSON to a JWKS while typing; a private key is refused before it is shown, and cleared.

use crate::page::{by_id, copy, object_url, on, on_file, show};
use crate::trouble::{Trouble, marked};
use org2org_core::jwks::{self, Formatted, JwksError, Options};
use std::rc::Rc;
use sycamore::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, ClipboardEvent, Element, Event, File, HtmlAnchorElement,
    HtmlButtonElement, HtmlInputElement, HtmlTextAreaElement,
};

/// Nothing yet, an account, or why the text is refused.
type Shown = Option<Result<Formatted, Trouble>>;

/// Listens to the form.
pub fn start() {
    let result: Signal<Shown> = create_signal(None);
    show(
        "keys-status",
        move || view! { (result.get_clone().map_or_else(View::new, result_view)) },
    );
    let tool = Rc::new(Tool {
        text: by_id("keys-text"),
        result,
    });
    tool.clone().listen();
    tool.format();
}

struct Tool {
    text: HtmlTextAreaElement,
    result: Signal<Shown>,
}

impl Tool {
    fn listen(self: Rc<Self>) {
        let tool = self.clone();
        on(&self.text, "input", move |_| tool.format());
        let tool = self.clone();
        on(&self.text, "paste", move |event| {
            tool.look_before_pasting(&event)
        });
        let tool = self.clone();
        on(&by_id::<Element>("keys-kid"), "change", move |_| {
            tool.format()
        });
        let tool = self.clone();
        on_file("keys-file", "keys-drop", move |file| {
            tool.clone().read(file)
        });
        let result = self.result;
        on(&by_id::<Element>("keys-copy"), "click", move |_| {
            if let Some(jwks) = jwks_of(result) {
                copy(jwks, "keys-copied");
            }
        });
        on(&by_id::<Element>("keys-save"), "click", move |_| {
            if let Some(jwks) = jwks_of(result) {
                save(&jwks);
            }
        });
    }

    fn format(&self) {
        let text = self.text.value();
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
            // Core names its own limit; this one only keeps the browser from reading a film.
            let part = file
                .slice_with_f64_and_f64(0.0, 16e6)
                .unwrap_or_else(|_| file.clone().into());
            let bytes = JsFuture::from(part.array_buffer()).await;
            let bytes = bytes.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
            self.text.set_value("");
            match bytes {
                Err(_) => self.show(Some(Err(Trouble {
                    code: "file".to_owned(),
                    what: "the file cannot be read".to_owned(),
                    hint: "Check that it is still there, then choose it again.".to_owned(),
                }))),
                Ok(bytes) => {
                    let formatted = jwks::format_bytes(&bytes, &options());
                    if formatted.is_ok() {
                        self.text.set_value(&String::from_utf8_lossy(&bytes));
                    }
                    self.take(Some(formatted));
                }
            }
        });
    }

    fn take(&self, result: Option<Result<Formatted, JwksError>>) {
        if matches!(&result, Some(Err(error)) if error.is_secret()) {
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
        let none = jwks_of(self.result).is_none();
        by_id::<HtmlButtonElement>("keys-copy").set_disabled(none);
        by_id::<HtmlButtonElement>("keys-save").set_disabled(none);
        by_id::<Element>("keys-copied").set_text_content(None);
    }
}

fn options() -> Options {
    Options {
        kid_from_thumbprint: by_id::<HtmlInputElement>("keys-kid").checked(),
        live: Vec::new(),
    }
}

fn jwks_of(result: Signal<Shown>) -> Option<String> {
    result.get_clone()?.ok()?.jwks
}

fn save(jwks: &str) {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let parts = js_sys::Array::of1(&jwks.into());
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &kind) else {
        return;
    };
    let link = crate::page::document().create_element("a");
    let link: HtmlAnchorElement = link.expect("a valid name").unchecked_into();
    link.set_href(&object_url(&blob));
    link.set_download("jwks.json");
    link.click();
}

fn result_view(result: Result<Formatted, Trouble>) -> View {
    let formatted = match result {
        Ok(formatted) => formatted,
        Err(trouble) => return trouble.view(),
    };
    let (kept, refused) = (formatted.keys.len(), formatted.refused.len());
    let sum = format!(
        "{} keys: {kept} accepted, {refused} refused.",
        formatted.count
    );
    let (class, sign) = match (kept, refused) {
        (_, 0) => ("good", "✓ "),
        _ => ("note", "! "),
    };
    let refusals: Vec<View> = formatted
        .refused
        .iter()
        .map(|refusal| {
            Trouble {
                code: refusal.code.to_owned(),
                what: format!("{}: {}", refusal.path, refusal.why),
                hint: refusal.hint.clone(),
            }
            .view()
        })
        .collect();
    let notes: Vec<View> = formatted
        .notes
        .iter()
        .map(|note| {
            let text = marked(format!("{} {}", note.path, note.text).trim());
            view! { li { (text) } }
        })
        .collect();
    let notes = match notes.is_empty() {
        true => View::new(),
        false => view! { h3 { "Changed openly" } ul { (notes) } },
    };
    let jwks = match formatted.jwks.clone() {
        Some(jwks) => {
            view! { h3 { "JWKS" } pre(tabindex="0", role="region", aria-label="JWKS") { (jwks) } }
        }
        None => View::new(),
    };
    let keys = keys_view(&formatted);
    view! { p(class=class) { b { (sign) } (sum) } (refusals) (keys) (notes) (jwks) }
}

fn keys_view(formatted: &Formatted) -> View {
    if formatted.keys.is_empty() {
        return View::new();
    }
    let rows: Vec<View> = formatted
        .keys
        .iter()
        .map(|key| {
            let kid = key.kid.clone().unwrap_or_else(|| "none".to_owned());
            let kind = format!("{} {}", key.kty, key.size);
            let (print, expires) = (key.thumbprint.clone(), key.expires.clone().unwrap_or_default());
            view! {
                tr { td(class="wide mono") { (kid) } td { (kind) } td(class="wide mono") { (print) } td { (expires) } }
            }
        })
        .collect();
    view! {
        div(class="scroll", tabindex="0", role="region", aria-label="Accepted keys") {
            table {
                thead { tr {
                    th(scope="col") { "Key id" } th(scope="col") { "Kind" }
                    th(scope="col") { "Thumbprint (RFC 7638)" } th(scope="col") { "Expires" }
                } }
                tbody { (rows) }
            }
        }
    }
}
