//! An error on its way to the page.

use crate::shown::{texts_from_js, texts_to_js};
use crate::text;
use org2org_core::explain::Explain;
use sycamore::prelude::*;
use wasm_bindgen::JsValue;

/// What went wrong, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// Stable name.
    pub code: String,
    /// What is wrong, where, and what was seen.
    pub what: String,
    /// What to do next.
    pub hint: String,
}

impl<E: Explain> From<&E> for Trouble {
    fn from(error: &E) -> Self {
        Self {
            code: error.code().to_owned(),
            what: error.to_string(),
            hint: error.hint(),
        }
    }
}

impl Trouble {
    /// Across the border to the page.
    pub fn to_js(&self) -> JsValue {
        texts_to_js([self.code.as_str(), &self.what, &self.hint].into_iter()).into()
    }

    /// From the worker.
    pub fn from_js(value: JsValue) -> Self {
        let mut texts = texts_from_js(value).into_iter();
        let mut next = || texts.next().unwrap_or_default();
        Self {
            code: next(),
            what: next(),
            hint: next(),
        }
    }

    /// The error as a box.
    pub fn view(self) -> View {
        self.view_as(text::REFUSED)
    }

    /// As [`Trouble::view`], for something that was read but does not work.
    pub fn view_as(self, label: &'static str) -> View {
        let code = format!(" ({})", self.code);
        let (what, hint) = (marked(&self.what), marked(&self.hint));
        view! {
            p(class="trouble") {
                b { (label) } " " (what)
                span(class="code") { (code) }
                span(class="hint") { (hint) }
            }
        }
    }
}

/// Text of core, in which backticks mark values: those become `code` elements.
pub fn marked(text: &str) -> View {
    let parts: Vec<View> = text
        .split('`')
        .enumerate()
        .map(|(at, part)| {
            let part = part.to_owned();
            match at % 2 {
                0 => part.into(),
                _ => view! { code { (part) } },
            }
        })
        .collect();
    parts.into()
}
