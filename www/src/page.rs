//! The page's own elements: found by id, listened to, filled with text.

use crate::text;
use std::cell::RefCell;
use sycamore::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, Document, DragEvent, Element, Event, EventTarget, File,
    HtmlAnchorElement, HtmlInputElement, HtmlTextAreaElement, Response, Window,
};

/// This window.
pub fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// This document.
pub fn document() -> Document {
    window().document().expect("a window shows a document")
}

/// An element of `index.html`.
pub fn by_id<T: JsCast>(id: &str) -> T {
    let element = document().get_element_by_id(id);
    let element = element.and_then(|element| element.dyn_into().ok());
    element.expect("index.html holds every element this module names")
}

/// Calls `listener` for as long as the page lives.
pub fn on(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(listener);
    let added = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    added.expect("adding a listener never fails");
    closure.forget();
}

/// Draws `view` into the element for as long as the page lives; signals it reads redraw it.
pub fn show(id: &str, view: impl FnOnce() -> View + 'static) {
    let element: Element = by_id(id);
    sycamore::render_in_scope(view, &element);
}

/// Marks the shown tool in the navigation, now and whenever the address changes.
pub fn mark_current_tool() {
    let mark = || {
        let hash = window().location().hash().unwrap_or_default();
        let links = document()
            .query_selector_all("nav a")
            .expect("a valid selector");
        for at in 0..links.length() {
            let Some(link) = links
                .get(at)
                .and_then(|link| link.dyn_into::<Element>().ok())
            else {
                continue;
            };
            let target = link.get_attribute("href").unwrap_or_default();
            let current = target == hash || (at == 0 && !TOOLS.contains(&hash.as_str()));
            let _ = match current {
                true => link.set_attribute("aria-current", "page"),
                false => link.remove_attribute("aria-current"),
            };
        }
    };
    mark();
    on(&window(), "hashchange", move |_| mark());
}

const TOOLS: &[&str] = &["#users", "#bookmark", "#keys", "#checklist"];

/// Calls `take` with a file chosen in the input or dropped on the box around it.
pub fn on_file(input_id: &str, drop_id: &str, take: impl Fn(File) + Clone + 'static) {
    let input: HtmlInputElement = by_id(input_id);
    // Choosing the same file again, mended meanwhile, must count as a change.
    let field = input.clone();
    on(&input, "click", move |_| field.set_value(""));
    let (chosen, field) = (take.clone(), input.clone());
    on(&input, "change", move |_| {
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            chosen(file);
        }
    });
    let area: Element = by_id(drop_id);
    for event in ["dragenter", "dragover", "dragleave", "drop"] {
        let (area, take, input) = (area.clone(), take.clone(), input.clone());
        on(&area.clone(), event, move |event| {
            event.prevent_default();
            let over = matches!(event.type_().as_str(), "dragenter" | "dragover");
            let _ = area.class_list_toggle(over);
            if event.type_() == "drop"
                && let Some(file) = dropped(&event)
            {
                // The input would go on naming another file.
                input.set_value("");
                take(file);
            }
        });
    }
    // A file dropped beside the box would replace the page.
    for event in ["dragover", "drop"] {
        on(&window(), event, |event| event.prevent_default());
    }
}

trait ToggleOver {
    fn class_list_toggle(&self, over: bool) -> Result<(), JsValue>;
}

impl ToggleOver for Element {
    fn class_list_toggle(&self, over: bool) -> Result<(), JsValue> {
        self.set_attribute("class", if over { "drop over" } else { "drop" })
    }
}

fn dropped(event: &Event) -> Option<File> {
    let event: &DragEvent = event.dyn_ref()?;
    event.data_transfer()?.files()?.get(0)
}

/// Puts text on the clipboard and says so in the element, or how to do it by hand.
pub fn copy(text: String, status_id: &'static str) {
    spawn_local(async move {
        let navigator = window().navigator();
        // Absent where the page is neither local nor served by https.
        let there = js_sys::Reflect::get(&navigator, &"clipboard".into());
        let copied = match there.is_ok_and(|clipboard| !clipboard.is_undefined()) {
            true => JsFuture::from(navigator.clipboard().write_text(&text))
                .await
                .is_ok(),
            false => false,
        };
        let status: Element = by_id(status_id);
        status.set_text_content(Some(match copied {
            true => text::COPIED,
            false => text::NOT_COPIED,
        }));
    });
}

/// Lets the browser save a text as a file of this name.
pub fn save(text: &str, name: &str, kind: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else {
        return;
    };
    let link = document().create_element("a").expect("a valid name");
    let link: HtmlAnchorElement = link.unchecked_into();
    link.set_href(&object_url(&blob));
    link.set_download(name);
    link.click();
}

/// The bytes of a file; at most 16 MB, which core's own limits are far below.
pub async fn bytes_of(file: &File) -> Option<Vec<u8>> {
    let part = file.slice_with_f64_and_f64(0.0, 16e6).ok()?;
    let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Puts one of the page's own sample files into a field, as if it had been typed.
pub fn fill_with_sample(name: &'static str, field: HtmlTextAreaElement) {
    spawn_local(async move {
        if let Some(text) = text_of(name).await {
            fill(&field, &text);
        }
    });
}

/// The text of one of the page's own files.
pub async fn text_of(name: &str) -> Option<String> {
    let answer = JsFuture::from(window().fetch_with_str(name)).await.ok()?;
    let text = answer.unchecked_into::<Response>().text().ok()?;
    JsFuture::from(text).await.ok()?.as_string()
}

/// Sets a field's text and tells its listeners.
pub fn fill(field: &HtmlTextAreaElement, text: &str) {
    field.set_value(text);
    let typed = Event::new("input").expect("a valid name");
    let _ = field.dispatch_event(&typed);
}

thread_local! {
    /// Addresses of saved files, which hold their memory until they are taken back.
    static OBJECT_URLS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// An address under which the browser saves `blob`; the one before it is taken back.
pub fn object_url(blob: &Blob) -> String {
    let url = web_sys::Url::create_object_url_with_blob(blob).unwrap_or_default();
    OBJECT_URLS.with_borrow_mut(|urls| {
        for old in urls.drain(..) {
            let _ = web_sys::Url::revoke_object_url(&old);
        }
        urls.push(url.clone());
    });
    url
}
