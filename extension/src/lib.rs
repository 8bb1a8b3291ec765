//! Popup, side panel and its other parts of the browser extension: drivers around core's machines.
//!
//! The panel runs the engine and talks to the relays in the two tabs; the popup looks and opens
//! the panel. Only [`browser`] names the browser's own interfaces.

#![cfg_attr(
    not(all(
        feature = "doctor",
        feature = "pairs",
        feature = "panel",
        feature = "popup",
        feature = "tools"
    )),
    allow(dead_code, reason = "what one page does not use, the other does")
)]

mod browser;
#[cfg(feature = "panel")]
mod choices;
#[cfg(feature = "doctor")]
mod doctor;
#[cfg(feature = "panel")]
mod driver;
#[cfg(any(feature = "pairs", feature = "panel"))]
mod grants;
#[cfg(all(feature = "all", feature = "panel"))]
mod handing;
#[cfg(all(test, target_arch = "wasm32"))]
mod in_browser;
mod message;
#[cfg(feature = "panel")]
mod pairing;
#[cfg(feature = "pairs")]
mod pairs;
#[cfg(feature = "panel")]
mod panel;
#[cfg(feature = "doctor")]
mod papers;
#[cfg(feature = "popup")]
mod popup;
#[cfg(any(feature = "doctor", feature = "panel", feature = "tools"))]
mod relay;
mod store;
#[cfg(feature = "tools")]
mod tools;
#[cfg(feature = "panel")]
mod watch;

#[cfg(any(feature = "doctor", feature = "pairs"))]
use std::cell::RefCell;
#[cfg(any(feature = "doctor", feature = "pairs"))]
use std::rc::Rc;

use wasm_bindgen::prelude::*;

/// What the part with all pairs tells the one that works on a pair: another is about to be taken up.
const LEAVE: &str = "pair-leaves";
/// It is stored: go on from what is stored now.
const ENTER: &str = "pair-enters";

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Starts the side panel in the element `app`.
#[cfg(feature = "panel")]
#[wasm_bindgen]
pub fn start_panel() {
    speak_of_panics();
    panel::start();
}

/// Shows the doctor in the element `doctor`, with the pair as it is now.
#[cfg(feature = "doctor")]
#[wasm_bindgen]
pub fn show_doctor() {
    speak_of_panics();
    doctor::show();
}

/// Shows all pairs that are kept, in the element `pairs`.
#[cfg(feature = "pairs")]
#[wasm_bindgen]
pub fn show_pairs() {
    speak_of_panics();
    pairs::show();
}

/// Shows the papers of the stored run in the element `papers`.
#[cfg(feature = "doctor")]
#[wasm_bindgen]
pub fn show_papers() {
    speak_of_panics();
    papers::show();
}

/// Forgets what the papers showed.
#[cfg(feature = "doctor")]
#[wasm_bindgen]
pub fn hide_papers() {
    papers::hide();
}

/// Shows beside the tools what the paired orgs have for them, in the element `offers`.
#[cfg(feature = "tools")]
#[wasm_bindgen]
pub fn show_offers() {
    speak_of_panics();
    tools::show();
}

/// Starts the popup in the element `app`.
#[cfg(feature = "popup")]
#[wasm_bindgen]
pub fn start_popup() {
    speak_of_panics();
    popup::start();
}

/// A fault of our own must not look like work that goes on: says so in the static page and notes
/// where it was. What was stored is taken up by the next opening.
fn speak_of_panics() {
    std::panic::set_hook(Box::new(|info| {
        if let Some(at) = info.location() {
            browser::note(
                &[
                    "org2org: stopped at ",
                    at.file(),
                    ":",
                    &at.line().to_string(),
                ]
                .concat(),
            );
        }
        if let Some(halted) = sycamore::web::document().get_element_by_id("halted") {
            let _ = halted.remove_attribute("hidden");
        }
    }));
}

/// Mounts a part of the panel whose views and driver know each other: `make` gets what tells the driver what the person asks
/// for, and gives the driver with its view.
#[cfg(any(feature = "doctor", feature = "pairs"))]
fn mount_driven<D: 'static, A: 'static>(
    id: &str,
    act: fn(Rc<D>, A),
    make: impl FnOnce(Box<dyn Fn(A)>) -> (D, sycamore::web::View),
) -> Rc<D> {
    let made: Rc<RefCell<Option<Rc<D>>>> = Rc::default();
    let kept = made.clone();
    mount(id, move || {
        let asked = kept.clone();
        let (driver, view) = make(Box::new(move |what| {
            let one = asked.borrow().clone();
            if let Some(one) = one {
                act(one, what);
            }
        }));
        *kept.borrow_mut() = Some(Rc::new(driver));
        view
    });
    let one = made.borrow().clone();
    one.expect("it was made while mounting")
}

/// Takes the place of the static words that stood there until now.
fn mount(id: &str, view: impl FnOnce() -> sycamore::web::View) {
    let Some(app) = sycamore::web::document().get_element_by_id(id) else {
        return;
    };
    app.set_text_content(None);
    let _ = app.set_attribute("aria-busy", "false");
    sycamore::render_to(view, &app);
}
