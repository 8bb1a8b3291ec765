//! First and last names: a guess from one text, or a second file joined by login.

use super::header::flat;
use super::job::{Job, Work};
use super::reader::Count;
use super::scan::Row;
use super::{Options, UsersError};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;

/// The rule, in a sentence to show wherever it is applied.
pub const RULE: &str = "A guess: `Last, First` is split at the comma; else the last word is the last name, \
     with small words such as `van` or `de` before it, and the rest is the first name.";

/// What the rule makes of a display name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// Why a person should look at it; nothing where two words or one comma leave little doubt.
    pub doubt: Option<Doubt>,
}

/// Why a split deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// More than two words.
    MoreWords,
    /// A small word such as `van` decided.
    Particle,
    /// A title or an addition such as `Dr.` or `Jr.`.
    Title,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MoreWords => "more than two words",
            Self::Particle => "a small word belongs to the last name",
            Self::Title => "a title or an addition",
        })
    }
}

/// Splits a display name; nothing where there is only one word, or more than one comma.
pub fn split(display: &str) -> Option<Split> {
    let mut parts = display.split(',');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(last), Some(first), None) => whole(first, last, comma_doubt(first)),
        (Some(words), None, _) => split_words(&words.split_whitespace().collect::<Vec<_>>()),
        _ => None,
    }
}

fn split_words(words: &[&str]) -> Option<Split> {
    let at_least_one_before = words.get(1..).unwrap_or_default();
    let particle = at_least_one_before
        .iter()
        .position(|word| PARTICLES.contains(&word.to_lowercase().as_str()))
        .map(|at| at + 1)
        .filter(|at| at + 1 < words.len());
    let from = particle.unwrap_or(words.len().checked_sub(1)?);
    let (first, last) = words.split_at_checked(from)?;
    let doubt = match particle {
        _ if words.iter().any(|word| is_title(word)) => Some(Doubt::Title),
        Some(_) => Some(Doubt::Particle),
        None if words.len() > 2 => Some(Doubt::MoreWords),
        None => None,
    };
    whole(&first.join(" "), &last.join(" "), doubt)
}

fn whole(first: &str, last: &str, doubt: Option<Doubt>) -> Option<Split> {
    let (first, last) = (first.trim().to_owned(), last.trim().to_owned());
    (!first.is_empty() && !last.is_empty()).then_some(Split { first, last, doubt })
}

fn comma_doubt(first: &str) -> Option<Doubt> {
    first
        .split_whitespace()
        .any(is_title)
        .then_some(Doubt::Title)
}

fn is_title(word: &str) -> bool {
    TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

const PARTICLES: &[&str] = &[
    "al", "af", "av", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "el", "ibn", "la", "le", "san", "st", "st.", "ten", "ter", "van", "von", "zu", "zum", "zur",
];
const TITLES: &[&str] = &[
    "dr", "prof", "mr", "mrs", "ms", "sir", "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq",
    "dipl",
];

/// What a better source knows of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// E-mail address; empty when the source has none.
    pub email: String,
}

/// Names by login, from a second file: `login`, `firstName`, `lastName` and, if it has them, `email`.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: HashMap<String, Person>,
}

impl Names {
    /// Reads the second file whole.
    ///
    /// # Errors
    /// [`UsersError`] as for a report; a missing column is named.
    pub fn read(bytes: &[u8], options: &Options) -> Result<Self, UsersError> {
        let mut job = Job::start(options, Reading::default());
        job.push(bytes, &mut Vec::new())?;
        job.finish(&mut Vec::new())
    }

    /// How many people it knows.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether it knows nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The person of a login; case does not matter.
    pub fn find(&self, login: &str) -> Option<&Person> {
        self.people.get(&login.trim().to_lowercase())
    }
}

#[derive(Default)]
struct Reading {
    columns: Option<[Option<usize>; 4]>,
    names: Names,
}

const COLUMNS: [&str; 4] = ["login", "firstName", "lastName", "email"];

impl Work for Reading {
    type Account = Names;

    fn row(&mut self, row: &Row<'_>, _: &mut Vec<u8>) -> Result<(), UsersError> {
        let Some(columns) = self.columns else {
            let names = row.cells();
            let find = |wanted: &str| names.iter().position(|own| flat(own) == flat(wanted));
            let columns = COLUMNS.map(find);
            let missing = COLUMNS
                .iter()
                .zip(columns)
                .take(3)
                .find(|(_, at)| at.is_none());
            if let Some((missing, _)) = missing {
                return Err(UsersError::MissingColumn {
                    line: row.line,
                    missing: format!("`{missing}`"),
                    found: crate::explain::seen(&names.join(", ")),
                });
            }
            self.columns = Some(columns);
            return Ok(());
        };
        let [login, first, last, email] =
            columns.map(|at| at.map_or(String::new(), |at| row.cell(at).trim().to_owned()));
        self.names
            .people
            .insert(login.to_lowercase(), Person { first, last, email });
        Ok(())
    }

    fn close(&mut self, _: &Count) -> Result<Names, UsersError> {
        Ok(std::mem::take(&mut self.names))
    }
}
