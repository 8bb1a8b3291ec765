//! A paper as a value, and the three forms in which it is written.

use serde::Serialize;
use serde_json::{Value, json};

use crate::html::escaped;

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// What a reader must know first.
    pub opening: Vec<String>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// A part of a paper under its own title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// What it says.
    pub parts: Vec<Part>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Part {
    /// Items of equal rank.
    List {
        /// The items.
        items: Vec<String>,
    },
    /// Rows of as many cells as the head has.
    Table {
        /// Names of the columns.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// A paragraph.
    Text {
        /// Its words.
        text: String,
    },
}

impl Part {
    /// A paragraph.
    pub fn text(text: impl Into<String>) -> Part {
        Part::Text { text: text.into() }
    }

    /// A table with this head.
    pub fn table<const N: usize>(head: [&str; N], rows: Vec<[String; N]>) -> Part {
        Part::Table {
            head: head.map(str::to_owned).to_vec(),
            rows: rows.into_iter().map(|row| row.to_vec()).collect(),
        }
    }
}

impl Document {
    /// JSON for other programs.
    pub fn json(&self) -> Value {
        json!(self)
    }

    /// Markdown in which no text can become a mark.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", plain(&self.title));
        for text in &self.opening {
            out.push_str(&format!("\n{}\n", plain(text)));
        }
        for section in &self.sections {
            out.push_str(&format!("\n## {}\n", plain(&section.title)));
            for part in &section.parts {
                out.push('\n');
                out.push_str(&markdown(part));
            }
        }
        out
    }

    /// A document of its own: no script, nothing loaded.
    pub fn html(&self) -> String {
        let title = escaped(&self.title);
        let mut out =
            format!("{HEAD}<title>{title}</title>\n{STYLE}</head>\n<body>\n<h1>{title}</h1>\n");
        for text in &self.opening {
            out.push_str(&format!("<p>{}</p>\n", escaped(text)));
        }
        for section in &self.sections {
            out.push_str(&format!("<h2>{}</h2>\n", escaped(&section.title)));
            for part in &section.parts {
                out.push_str(&html(part));
            }
        }
        out.push_str("</body>\n</html>\n");
        out
    }
}

fn markdown(part: &Part) -> String {
    let row = |cells: &Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    match part {
        Part::List { items } => items
            .iter()
            .map(|item| format!("- {}\n", plain(item)))
            .collect(),
        Part::Table { head, rows } => {
            let rule = vec!["---"; head.len()].join(" | ");
            let rows: String = rows.iter().map(row).collect();
            format!("{}| {rule} |\n{rows}", row(head))
        }
        Part::Text { text } => format!("{}\n", plain(text)),
    }
}

// Every mark that could begin something is taken literally; a line stays a line.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "\\`*_{}[]<>#|~&!".contains(c) {
            out.push('\\');
        }
        out.push(if c == '\n' || c == '\r' { ' ' } else { c });
    }
    out
}

fn html(part: &Part) -> String {
    let cells = |tag: &str, cells: &Vec<String>| {
        let cells = cells
            .iter()
            .map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell)));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    match part {
        Part::List { items } => {
            let items = items
                .iter()
                .map(|item| format!("<li>{}</li>\n", escaped(item)));
            format!("<ul>\n{}</ul>\n", items.collect::<String>())
        }
        Part::Table { head, rows } => {
            let rows: String = rows.iter().map(|row| cells("td", row)).collect();
            format!("<table>\n{}{rows}</table>\n", cells("th", head))
        }
        Part::Text { text } => format!("<p>{}</p>\n", escaped(text)),
    }
}

const HEAD: &str = "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
";
const STYLE: &str = "<style>
body { font: 11pt/1.4 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid; padding: .2rem .4rem; text-align: left; vertical-align: top; }
tr { break-inside: avoid; }
</style>
";
