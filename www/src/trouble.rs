//! An error on its way to the page.

use org2org_core::explain::Explain;
use serde::{Deserialize, Serialize};
#[cfg(feature = "page")]
use sycamore::prelude::*;

/// What went wrong, as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Across the border to the page; text always becomes JSON.
    #[cfg(feature = "worker")]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(feature = "page")]
impl Trouble {
    /// From the worker; what is not of this shape is shown as it came.
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Self {
            code: "worker".to_owned(),
            what: org2org_core::explain::seen(text),
            hint: "Reload the page and try again.".to_owned(),
        })
    }

    /// The error as a box.
    pub fn view(self) -> View {
        self.view_as("Refused: ")
    }

    /// As [`Trouble::view`], for something that was read but does not work.
    pub fn view_as(self, label: &'static str) -> View {
        let code = format!(" ({})", self.code);
        let (what, hint) = (marked(&self.what), marked(&self.hint));
        view! {
            p(class="trouble") {
                b { (label) } (what)
                span(class="code") { (code) }
                span(class="hint") { (hint) }
            }
        }
    }
}

/// Text of core, in which backticks mark values: those become `code` elements.
#[cfg(feature = "page")]
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
