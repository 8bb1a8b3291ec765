//! Many bookmarks at once: each source org's sign-on URL with each target app's embed link.
//!
//! A list is what people have: addresses one per line, or a table copied from a spreadsheet or
//! saved as CSV, in which one cell of a line is the address and the first other cell its label.

use super::{Bookmark, BookmarkError, EmbedLink, Field, Parts, SsoUrl, joined, refuse_same_org};
use crate::explain::{Explain, is_hidden};
use crate::jwks::refuse_private;
use serde::Serialize;

/// Every line of two lists, accounted for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// One for each source and each app, by source first.
    pub bookmarks: Vec<Entry>,
    /// The lines that were left out, and the pairs that cannot be.
    pub refused: Vec<Refused>,
    /// Lines with a sign-on URL.
    pub sources: usize,
    /// Lines with an embed link.
    pub links: usize,
    /// Whether a list held a private key: nothing was read, and the place it came from must be cleared.
    pub secret: bool,
}

/// A bookmark with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What the person called the app, or its name in the catalogue.
    pub label: String,
    /// Host of the source org.
    pub source: String,
    /// Host of the target org.
    pub target: String,
    /// The address for the bookmark app.
    pub url: String,
    /// What was openly put right.
    pub notes: Vec<String>,
}

/// A line, or a pair of lines, that gives no bookmark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Which list it stands in.
    pub list: &'static str,
    /// Its line, from 1.
    pub line: usize,
    /// Stable name of the reason.
    pub code: &'static str,
    /// The reason.
    pub why: String,
    /// What to do.
    pub hint: String,
}

impl Batch {
    /// Builds all that the two lists allow; never fails.
    pub fn build(sources: &str, links: &str) -> Self {
        let mut batch = Self::default();
        for (field, text) in [(Field::SsoUrl, sources), (Field::EmbedLink, links)] {
            if let Err(error) = refuse_private(text) {
                batch.refuse(field, 1, &error);
                batch.secret = true;
            }
        }
        if batch.secret {
            return batch;
        }
        let sources = batch.read(Field::SsoUrl, sources, SsoUrl::parse, |sso| sso.url.clone());
        let links = batch.read(Field::EmbedLink, links, EmbedLink::parse, |link| {
            link.url.clone()
        });
        (batch.sources, batch.links) = (sources.len(), links.len());
        if sources.len().saturating_mul(links.len()) > MOST {
            let error = BookmarkError::TooMany {
                count: sources.len().saturating_mul(links.len()),
                most: MOST,
            };
            batch.refuse(Field::EmbedLink, 1, &error);
            return batch;
        }
        for (_, _, sso) in &sources {
            for (line, label, link) in &links {
                match refuse_same_org(&sso.org, &link.org) {
                    Err(error) => batch.refuse(Field::EmbedLink, *line, &error),
                    Ok(()) => batch.bookmarks.push(entry(label, sso, link)),
                }
            }
        }
        batch
    }

    /// A file of all, for people and programs: a label that a spreadsheet would run is made text.
    pub fn csv(&self) -> String {
        let mut out = "label,source,target,url\r\n".to_owned();
        for entry in &self.bookmarks {
            let cells = [&entry.label, &entry.source, &entry.target, &entry.url];
            let cells = cells.map(|cell| quoted(cell));
            out.push_str(&cells.join(","));
            out.push_str("\r\n");
        }
        out
    }

    /// A file of all, each as a bookmark app is created: `POST /api/v1/apps`.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(&self.bookmarks).unwrap_or_default()
    }

    fn read<T>(
        &mut self,
        field: Field,
        text: &str,
        parse: impl Fn(&str) -> Result<T, BookmarkError>,
        address: impl Fn(&T) -> String,
    ) -> Vec<(usize, Option<String>, T)> {
        let mut read: Vec<(usize, Option<String>, T)> = Vec::new();
        let filled = |(line, _): &(&str, usize)| !line.trim().is_empty();
        let lines: Vec<(&str, usize)> = text.lines().zip(1..).filter(filled).collect();
        let several = lines.len() > 1;
        for (at, (line, number)) in lines.into_iter().enumerate() {
            let cells = cells(line);
            let found = cells.iter().position(|cell| cell.contains("://"));
            // The first line of a table names its columns.
            if at == 0 && several && found.is_none() && !line.contains('.') {
                continue;
            }
            let (written, label) = match found {
                Some(found) => {
                    let others = cells.iter().enumerate().filter(|(at, _)| *at != found);
                    let label = others
                        .map(|(_, cell)| cell.trim())
                        .find(|cell| !cell.is_empty());
                    (cells.get(found).map_or(line, String::as_str), label)
                }
                None => (line, None),
            };
            match parse(written) {
                Err(error) => self.refuse(field, number, &error),
                Ok(value) => {
                    let url = address(&value);
                    match read.iter().find(|(_, _, seen)| address(seen) == url) {
                        Some((first, _, _)) => {
                            let error = BookmarkError::Twice {
                                field,
                                first: *first,
                            };
                            self.refuse(field, number, &error);
                        }
                        None => read.push((number, label.map(clean), value)),
                    }
                }
            }
        }
        read
    }

    fn refuse(&mut self, field: Field, line: usize, error: &impl Explain) {
        self.refused.push(Refused {
            list: field.name(),
            line,
            code: error.code(),
            why: error.to_string(),
            hint: error.hint(),
        });
    }
}

/// More bookmarks than any source org has apps for.
const MOST: usize = 10_000;

fn entry(label: &Option<String>, sso: &SsoUrl, link: &EmbedLink) -> Entry {
    let Bookmark {
        url, parts, notes, ..
    } = joined(Parts {
        sso: sso.clone(),
        link: link.clone(),
    });
    Entry {
        label: label.clone().unwrap_or_else(|| parts.link.app.clone()),
        source: parts.sso.org.host().to_owned(),
        target: parts.link.org.host().to_owned(),
        url,
        notes: notes
            .iter()
            .map(|(field, note)| format!("{field}: {note}"))
            .collect(),
    }
}

/// A label shows what it is: nothing in it is invisible or turns the text around it.
fn clean(label: &str) -> String {
    label.chars().filter(|c| !is_hidden(*c)).collect()
}

/// The cells of a line: at tabs where there are any, else at commas or semicolons outside quotes
/// (RFC 4180).
fn cells(line: &str) -> Vec<String> {
    let line = line.trim_matches(['\u{feff}', ' ', '\r']);
    let separator = separator(line);
    let (mut cells, mut cell, mut inside) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if inside && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if inside || cell.is_empty() => inside = !inside,
            c if c == separator && !inside && !in_query(&cell) => {
                cells.push(std::mem::take(&mut cell));
            }
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

/// A tab if there is one, else the first comma or semicolon outside quotes.
fn separator(line: &str) -> char {
    if line.contains('\t') {
        return '\t';
    }
    let mut inside = false;
    let found = line.chars().find(|c| {
        inside ^= *c == '"';
        !inside && matches!(c, ',' | ';')
    });
    found.unwrap_or(',')
}

/// A query that nobody quoted runs to the end of its line: it may hold what separates cells.
fn in_query(cell: &str) -> bool {
    cell.contains("://") && cell.contains(['?', '#']) && !cell.contains('\t')
}

/// In quotes, and with an apostrophe before what spreadsheets take for a formula.
fn quoted(cell: &str) -> String {
    let risky = cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let before = if risky { "'" } else { "" };
    format!("\"{before}{}\"", cell.replace('"', "\"\""))
}
