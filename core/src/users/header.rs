//! The first row: which column holds what, and which files are no Password Health report.

use super::job::{Job, Work};
use super::reader::Count;
use super::scan::Row;
use super::{Options, UsersError};
use crate::explain::seen;

/// The columns of a report.
pub(super) struct Header {
    names: Vec<String>,
    pub(super) login: usize,
    pub(super) status: usize,
}

const LOGIN: &str = "Login";
const STATUS: &str = "Status";

impl Header {
    pub(super) fn read(row: &Row<'_>) -> Result<Self, UsersError> {
        let names = row.cells();
        if let Some(separator) = other_separator(row, &names) {
            return Err(UsersError::Separator { separator });
        }
        refuse_repeated(&names)?;
        match (find(&names, LOGIN), find(&names, STATUS)) {
            (Some(login), Some(status)) => Ok(Self {
                names,
                login,
                status,
            }),
            (login, status) => Err(UsersError::MissingColumn {
                line: row.line,
                missing: missing(login, status),
                found: seen(&names.join(", ")),
            }),
        }
    }

    /// Where the column of this name is.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        find(&self.names, name)
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn name(&self, at: usize) -> String {
        self.names
            .get(at)
            .map(|name| seen(name))
            .unwrap_or_default()
    }
}

/// The names in a header that is no report's; none twice.
pub(super) fn sound_names(row: &Row<'_>) -> Result<Vec<String>, UsersError> {
    let names = row.cells();
    refuse_repeated(&names)?;
    Ok(names)
}

/// The names in the first row of a file, of which nothing else is read.
pub(super) fn first_row(bytes: &[u8]) -> Result<Vec<String>, UsersError> {
    let mut job = Job::start(&Options::default(), FirstRow::default());
    job.push(bytes, &mut Vec::new())?;
    job.finish(&mut Vec::new())
}

#[derive(Default)]
struct FirstRow {
    names: Option<Vec<String>>,
}

impl Work for FirstRow {
    type Account = Vec<String>;

    fn row(&mut self, row: &Row<'_>, _: &mut Vec<u8>) -> Result<(), UsersError> {
        if self.names.is_none() {
            self.names = Some(sound_names(row)?);
        }
        Ok(())
    }

    fn close(&mut self, _: &Count) -> Result<Vec<String>, UsersError> {
        Ok(self.names.take().unwrap_or_default())
    }
}

fn missing(login: Option<usize>, status: Option<usize>) -> String {
    [(LOGIN, login), (STATUS, status)]
        .iter()
        .filter(|(_, at)| at.is_none())
        .map(|(name, _)| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(" and ")
}

fn find(names: &[String], wanted: &str) -> Option<usize> {
    names.iter().position(|name| flat(name) == flat(wanted))
}

/// Reports differ in case, blanks and underscores of their column names.
pub(super) fn flat(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, ' ' | '_' | '\u{a0}'))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn refuse_repeated(names: &[String]) -> Result<(), UsersError> {
    for (second, name) in names.iter().enumerate() {
        let before = names.get(..second).unwrap_or_default();
        let first = before.iter().position(|seen| flat(seen) == flat(name));
        if let (Some(first), false) = (first, flat(name).is_empty()) {
            return Err(UsersError::RepeatedColumn {
                name: seen(name),
                first: first + 1,
                second: second + 1,
            });
        }
    }
    Ok(())
}

/// The separator that would make sense of a first row in which the expected one does not.
fn other_separator(row: &Row<'_>, names: &[String]) -> Option<u8> {
    if find(names, LOGIN).is_some() && find(names, STATUS).is_some() {
        return None;
    }
    let text = std::str::from_utf8(row.bytes()).unwrap_or_default();
    [b',', b';', b'\t', b'|'].into_iter().find(|separator| {
        let names: Vec<String> = text
            .trim_end()
            .split(char::from(*separator))
            .map(|name| name.trim_matches('"').to_owned())
            .collect();
        find(&names, LOGIN).is_some() && find(&names, STATUS).is_some()
    })
}
