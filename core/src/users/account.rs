//! The account of a file: every row kept, left out or refused, and what deserves a look.

use super::Status;
use super::schema::Flaw;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What became of every data row. `kept`, `left_out` and `refused_rows` add up to `rows`, which a
/// second parser has counted too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Data rows, without the header and blank lines.
    pub rows: u64,
    /// Rows of active users.
    pub kept: u64,
    /// Rows of users with another status.
    pub left_out: BTreeMap<Status, u64>,
    /// Rows that could not be judged.
    pub refused_rows: u64,
    /// The first 1000 of them.
    pub refused: Vec<Refused>,
    /// Status words nobody knows, with the number of their rows; at most 100 different ones.
    pub unknown_statuses: BTreeMap<String, u64>,
    /// Blank lines, which are no rows and are not written.
    pub blank_lines: u64,
    /// Cells in kept rows that a spreadsheet would run as a formula.
    pub formula_cells: u64,
    /// The first 1000 of them.
    pub formulas: Vec<Formula>,
    /// Everything else that deserves a look; the first 1000.
    pub warnings: Vec<Warning>,
}

/// A row that could not be judged, and so is in no output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Line on which it starts.
    pub line: usize,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// Why a row could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    /// A control character, which Okta cannot import.
    ControlCharacter {
        /// Its column.
        column: usize,
        /// Its name.
        character: String,
    },
    /// A login that an earlier row has too, in another case or Unicode form perhaps.
    DuplicateLogin {
        /// Line of that row.
        first: usize,
    },
    /// An active user without login.
    EmptyLogin,
    /// No status.
    EmptyStatus,
    /// More cells than columns.
    LongRow {
        /// Cells in the row.
        cells: usize,
        /// Columns in the header.
        columns: usize,
    },
    /// Fewer cells than columns.
    ShortRow {
        /// Cells in the row.
        cells: usize,
        /// Columns in the header.
        columns: usize,
        /// Names of the columns without a cell, safe to show.
        missing: String,
        /// Whether the file stops here without a line end.
        cut: bool,
    },
    /// A display name that the rule cannot split.
    UnclearName {
        /// The name, safe to show.
        seen: String,
    },
    /// A value that the target would not take.
    Unfit {
        /// Its attribute.
        attribute: String,
        /// What is wrong.
        #[serde(flatten)]
        flaw: Flaw,
    },
    /// A status word nobody knows.
    UnknownStatus {
        /// The word, safe to show.
        seen: String,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ControlCharacter { column, character } => {
                write!(f, "control character {character} at column {column}")
            }
            Self::DuplicateLogin { first } => write!(f, "the login of line {first} again"),
            Self::EmptyLogin => f.write_str("no login"),
            Self::EmptyStatus => f.write_str("no status"),
            Self::LongRow { cells, columns } => {
                write!(
                    f,
                    "{cells} cells, header has {columns}; a comma without quotes?"
                )
            }
            Self::ShortRow {
                cells,
                columns,
                missing,
                cut,
            } => {
                write!(f, "{cells} cells, header has {columns}; missing: {missing}")?;
                f.write_str(if *cut { "; the file stops here" } else { "" })
            }
            Self::UnclearName { seen } => {
                write!(f, "no first and last name can be told from `{seen}`")
            }
            Self::Unfit { attribute, flaw } => write!(f, "`{attribute}` {flaw}"),
            Self::UnknownStatus { seen } => write!(f, "unknown status `{seen}`"),
        }
    }
}

/// A cell that a spreadsheet would run: harmless in Okta, not to be opened elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula {
    /// Line of the cell.
    pub line: usize,
    /// Column of the cell's first character.
    pub column: usize,
    /// Name of the column it is in.
    pub header: String,
    /// The first 20 characters.
    pub start: String,
}

/// Something that was accepted as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Line of it.
    pub line: usize,
    /// Column of it.
    pub column: usize,
    /// What it is.
    pub text: String,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left_out: u64 = self.left_out.values().sum();
        writeln!(
            f,
            "{} rows: {} active kept, {left_out} left out, {} refused",
            self.rows, self.kept, self.refused_rows
        )?;
        for (status, count) in &self.left_out {
            writeln!(f, "  left out, {}: {count}", status.label())?;
        }
        for refused in &self.refused {
            writeln!(f, "  refused, line {}: {}", refused.line, refused.reason)?;
        }
        rest(f, self.refused_rows, self.refused.len(), "refused rows")?;
        for (word, count) in &self.unknown_statuses {
            let rows = if *count == 1 { "row" } else { "rows" };
            writeln!(f, "  unknown status `{word}`: {count} {rows}")?;
        }
        for warning in &self.warnings {
            let Warning { line, column, text } = warning;
            writeln!(f, "  note, line {line} column {column}: {text}")?;
        }
        if self.formula_cells > 0 {
            writeln!(
                f,
                "  {} cells would run as formulas in a spreadsheet: import the file, do not open it",
                self.formula_cells
            )?;
        }
        for Formula {
            line,
            column,
            header,
            start,
        } in self.formulas.iter().take(FORMULAS_SHOWN)
        {
            writeln!(f, "    line {line} column {column} ({header}): {start}")?;
        }
        rest(
            f,
            self.formula_cells,
            self.formulas.len().min(FORMULAS_SHOWN),
            "such cells",
        )
    }
}

fn rest(f: &mut fmt::Formatter<'_>, all: u64, shown: usize, what: &str) -> fmt::Result {
    match all.checked_sub(to_count(shown)) {
        Some(more) if more > 0 => writeln!(f, "  and {more} more {what}"),
        _ => Ok(()),
    }
}

fn to_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

const FORMULAS_SHOWN: usize = 20;
