//! What the worker lets the page show: pieces of text, not values, so that the border needs no codec.

use js_sys::Array;
use wasm_bindgen::prelude::*;

/// How a piece is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The way to the file; its text is the ending of the name.
    Download,
    /// A box for good news.
    Good,
    /// A list.
    List,
    /// A box for what needs attention.
    Note,
    /// Rows of the file itself, in which nothing is marked.
    Preview,
    /// A table that is to be acknowledged before a download.
    Risk,
    /// Names with numbers, the last one their sum; the text is what is a full bar, or empty for no bars.
    Sums,
    /// A table.
    Table,
    /// A paragraph.
    #[default]
    Text,
}

const KINDS: &[(Kind, &str)] = &[
    (Kind::Download, "download"),
    (Kind::Good, "good"),
    (Kind::List, "list"),
    (Kind::Note, "note"),
    (Kind::Preview, "preview"),
    (Kind::Risk, "risk"),
    (Kind::Sums, "sums"),
    (Kind::Table, "table"),
    (Kind::Text, "text"),
];

/// A piece; what it does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// How it is shown.
    pub kind: Kind,
    /// Above it.
    pub title: String,
    /// The first words of its text, in bold.
    pub lead: String,
    /// Its text; backticks mark values.
    pub text: String,
    /// What a table is called.
    pub name: String,
    /// Names of a table's columns.
    pub columns: Vec<String>,
    /// Cells of a table, or items.
    pub rows: Vec<Vec<String>>,
}

impl Block {
    /// A piece of text alone.
    pub fn text(kind: Kind, lead: &str, text: impl Into<String>) -> Self {
        Self {
            kind,
            lead: lead.to_owned(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// A table of this name, with a title that says more.
    pub fn table(
        kind: Kind,
        title: String,
        name: &str,
        columns: &[&str],
        rows: Vec<Vec<String>>,
    ) -> Self {
        Self {
            kind,
            title,
            name: name.to_owned(),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            rows,
            ..Self::default()
        }
    }

    /// A list under a title.
    pub fn list(title: &str, text: &str, items: Vec<String>) -> Self {
        Self {
            kind: Kind::List,
            title: title.to_owned(),
            text: text.to_owned(),
            rows: items.into_iter().map(|item| vec![item]).collect(),
            ..Self::default()
        }
    }

    /// Across the border.
    pub fn to_js(&self) -> JsValue {
        let kind = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        let texts = [
            kind.map_or("", |(_, name)| name),
            &self.title,
            &self.lead,
            &self.text,
            &self.name,
        ];
        let block = texts_to_js(texts.into_iter());
        block.push(&texts_to_js(self.columns.iter().map(String::as_str)));
        let rows = Array::new();
        for row in &self.rows {
            rows.push(&texts_to_js(row.iter().map(String::as_str)));
        }
        block.push(&rows);
        block.into()
    }

    /// From the worker.
    pub fn from_js(value: JsValue) -> Self {
        let block: Array = value.unchecked_into();
        let text = |at| block.get(at).as_string().unwrap_or_default();
        let name = text(0);
        let kind = KINDS.iter().find(|(_, kind)| *kind == name);
        let rows: Array = block.get(6).unchecked_into();
        Self {
            kind: kind.map_or(Kind::Text, |(kind, _)| *kind),
            title: text(1),
            lead: text(2),
            text: text(3),
            name: text(4),
            columns: texts_from_js(block.get(5)),
            rows: (0..rows.length())
                .map(|at| texts_from_js(rows.get(at)))
                .collect(),
        }
    }
}

/// Texts as an array.
pub fn texts_to_js<'a>(texts: impl Iterator<Item = &'a str>) -> Array {
    let array = Array::new();
    for text in texts {
        array.push(&text.into());
    }
    array
}

/// The texts of an array; what is no text is empty.
pub fn texts_from_js(value: JsValue) -> Vec<String> {
    let array: Array = value.unchecked_into();
    let texts = (0..array.length()).map(|at| array.get(at).as_string().unwrap_or_default());
    texts.collect()
}
