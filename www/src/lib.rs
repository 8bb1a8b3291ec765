//! The static page with the CSV, bookmark URL and JWKS tools.
//!
//! `index.html` holds every form and paints alone; this module listens to the forms and shows
//! results as text nodes. Files of users are read in a worker, by the same module: it is made in two
//! builds, with SIMD and without, of which a browser loads one. Deliberately absent: any address but the page's own, any HTML made from data, and any storage but that of ticks and values of checklists.

#![forbid(unsafe_code)]

mod batch;
mod bookmark;
mod checklist;
#[cfg(all(test, target_arch = "wasm32"))]
mod in_browser;
mod job;
mod keys;
mod keys_result;
mod page;
mod shown;
mod text;
mod trouble;
mod users;
mod users_account;
mod users_check;
mod users_result;

pub use job::Job;

use sycamore::prelude::create_root;
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Brings the tools to life; `open_worker` starts the worker that filters reports.
#[wasm_bindgen]
pub fn start(open_worker: js_sys::Function) {
    page::mark_current_tool();
    // One root for all: signals cannot be read across roots.
    let _ = create_root(|| {
        users::start(open_worker);
        bookmark::start();
        batch::start();
        keys::start();
        checklist::start();
    });
}

/// The name of this build: other files, other name.
#[wasm_bindgen]
pub fn build() -> String {
    env!("ORG2ORG_BUILD").to_owned()
}
