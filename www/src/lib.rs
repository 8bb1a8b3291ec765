//! The static page with the CSV, bookmark URL and JWKS tools.
//!
//! `index.html` holds every form and paints alone; this module listens to the forms and shows
//! results as text nodes. Reports are read in a worker, by a module of its own (feature `worker`, in
//! two builds: with SIMD and without). Deliberately absent: any address but the page's own, any storage, any HTML made from data.

#![forbid(unsafe_code)]

#[cfg(feature = "page")]
mod batch;
#[cfg(feature = "page")]
mod bookmark;
#[cfg(all(test, target_arch = "wasm32"))]
mod in_browser;
mod job;
#[cfg(feature = "page")]
mod keys;
#[cfg(feature = "page")]
mod keys_result;
#[cfg(feature = "page")]
mod page;
mod trouble;
#[cfg(feature = "page")]
mod users;
#[cfg(feature = "page")]
mod users_account;
#[cfg(feature = "page")]
mod users_check;
#[cfg(feature = "page")]
mod users_result;

#[cfg(feature = "worker")]
pub use job::Job;

#[cfg(feature = "page")]
use sycamore::prelude::create_root;
#[cfg(feature = "page")]
use wasm_bindgen::prelude::*;

/// Brings the three tools to life; `open_worker` starts the worker that filters reports.
#[cfg(feature = "page")]
#[wasm_bindgen]
pub fn start(open_worker: js_sys::Function) {
    page::mark_current_tool();
    // One root for all: signals cannot be read across roots.
    let _ = create_root(|| {
        users::start(open_worker);
        bookmark::start();
        batch::start();
        keys::start();
    });
}

/// The name of this build: other files, other name.
#[cfg(feature = "page")]
#[wasm_bindgen]
pub fn build() -> String {
    env!("ORG2ORG_BUILD").to_owned()
}
