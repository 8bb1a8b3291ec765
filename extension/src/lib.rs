//! Popup and side panel of the browser extension: a driver around core's engine.
//!
//! The panel runs the engine and talks to the relays in the two tabs; the popup looks and opens
//! the panel. Only [`browser`] names the browser's own interfaces.

mod browser;
mod choices;
mod driver;
mod message;
mod pairing;
mod panel;
mod popup;
mod relay;
mod store;
mod watch;

use wasm_bindgen::prelude::*;

/// Starts the side panel in the element `app`.
#[wasm_bindgen]
pub fn start_panel() {
    panel::start();
}

/// Starts the popup in the element `app`.
#[wasm_bindgen]
pub fn start_popup() {
    popup::start();
}

/// Takes the place of the static words that stood there until now.
fn mount(view: impl FnOnce() -> sycamore::web::View) {
    let Some(app) = sycamore::web::document().get_element_by_id("app") else { return };
    app.set_text_content(None);
    let _ = app.set_attribute("aria-busy", "false");
    sycamore::render_to(view, &app);
}
