//! The account of a file: every row kept, left out or refused, and what deserves a look.

use super::header::Header;
use super::reader::Count;
use super::scan::Row;
use super::schema::Flaw;
use super::{Status, UsersError};
use crate::explain::seen;
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
const MOST_LISTED: usize = 1000;
const MOST_WORDS: usize = 100;
/// The longest cell Excel opens without cutting it.
pub(super) const EXCEL_CELL: usize = 32_767;

/// Judges rows and counts them.
#[derive(Default)]
pub(super) struct Ledger {
    account: Account,
}

impl Ledger {
    pub(super) fn name_separator(&mut self, separator: Option<u8>) {
        if let Some(separator) = separator.filter(|separator| *separator != b',') {
            let shown = seen(&char::from(separator).to_string());
            let text =
                format!("the output keeps the separator `{shown}`; Okta's import wants commas");
            self.warn((1, 1), text);
        }
    }

    /// Counts rows that the fast lane has judged: those kept, and by status those left out.
    pub(super) fn add(&mut self, kept: u64, left_out: &[u64; Status::COUNT]) {
        self.account.kept += kept;
        for (status, count) in Status::ALL.into_iter().zip(left_out) {
            if *count > 0 {
                *self.account.left_out.entry(status).or_default() += count;
            }
        }
    }

    /// Whether the row is kept; counts it either way.
    pub(super) fn judge(&mut self, header: &Header, row: &Row<'_>) -> bool {
        match status_of(header, row) {
            Ok(Status::Active) => {
                self.account.kept += 1;
                self.look_at(header, row);
                true
            }
            Ok(status) => {
                *self.account.left_out.entry(status).or_default() += 1;
                false
            }
            Err(reason) => {
                self.refuse(row.line, reason);
                false
            }
        }
    }

    /// A row counted as kept could not be used after all.
    pub(super) fn refuse_kept(&mut self, line: usize, reason: Reason) {
        self.account.kept = self.account.kept.saturating_sub(1);
        self.refuse(line, reason);
    }

    /// The account, when it adds up and both counts agree.
    pub(super) fn close(&mut self, count: &Count) -> Result<Account, UsersError> {
        let mut account = std::mem::take(&mut self.account);
        let left_out: u64 = account.left_out.values().sum();
        let sum = account.kept + left_out + account.refused_rows;
        if sum != count.rows || count.second != count.rows {
            return Err(UsersError::Miscounted {
                rows: count.rows,
                sum,
                second: count.second,
            });
        }
        (account.rows, account.blank_lines) = (count.rows, count.blank_lines);
        Ok(account)
    }

    fn refuse(&mut self, line: usize, reason: Reason) {
        self.account.refused_rows += 1;
        if let Reason::UnknownStatus { seen } = &reason {
            let words = &mut self.account.unknown_statuses;
            if words.len() < MOST_WORDS || words.contains_key(seen) {
                *words.entry(seen.clone()).or_default() += 1;
            }
        }
        if self.account.refused.len() < MOST_LISTED {
            self.account.refused.push(Refused { line, reason });
        }
    }

    /// Notes what deserves a look in a kept row.
    pub(super) fn look_at(&mut self, header: &Header, row: &Row<'_>) {
        if let Some(at) = row.stray_quote {
            self.warn(
                row.place(at),
                "a quote inside a cell without quotes".to_owned(),
            );
        }
        if !row.has_line_end() {
            let text = "the last row has no line end: check that it is whole";
            self.warn((row.line, 1), text.to_owned());
        }
        for at in 0..row.len() {
            let cell = row.cell(at);
            if is_formula(&cell) {
                self.formula(header, row, at, &cell);
            }
            if cell.len() > EXCEL_CELL && cell.chars().count() > EXCEL_CELL {
                let text = format!("`{}` is longer than Excel's limit", header.name(at));
                self.warn(row.cell_place(at), text);
            }
        }
    }

    fn formula(&mut self, header: &Header, row: &Row<'_>, at: usize, cell: &str) {
        self.account.formula_cells += 1;
        if self.account.formulas.len() < MOST_LISTED {
            let (line, column) = row.cell_place(at);
            self.account.formulas.push(Formula {
                line,
                column,
                header: header.name(at),
                start: seen(&cell.chars().take(20).collect::<String>()),
            });
        }
    }

    fn warn(&mut self, (line, column): (usize, usize), text: String) {
        if self.account.warnings.len() < MOST_LISTED {
            self.account.warnings.push(Warning { line, column, text });
        }
    }
}

fn status_of(header: &Header, row: &Row<'_>) -> Result<Status, Reason> {
    let columns = header.names().len();
    let cells = row.len();
    if cells > columns {
        return Err(Reason::LongRow { cells, columns });
    }
    if cells < columns {
        let missing = header.names().get(cells..).unwrap_or_default().join(", ");
        return Err(Reason::ShortRow {
            cells,
            columns,
            missing: seen(&missing),
            cut: !row.has_line_end(),
        });
    }
    refuse_control(row)?;
    let cell = row.cell(header.status);
    if cell.trim().is_empty() {
        return Err(Reason::EmptyStatus);
    }
    let status = Status::parse(&cell).ok_or_else(|| Reason::UnknownStatus { seen: seen(&cell) })?;
    if status == Status::Active && row.cell(header.login).trim().is_empty() {
        return Err(Reason::EmptyLogin);
    }
    Ok(status)
}

fn refuse_control(row: &Row<'_>) -> Result<(), Reason> {
    let control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r');
    match row.bytes().iter().position(control) {
        Some(at) => Err(Reason::ControlCharacter {
            column: row.place(at).1,
            character: format!("U+{:04X}", row.bytes().get(at).copied().unwrap_or_default()),
        }),
        None => Ok(()),
    }
}

/// First bytes of what [`is_formula`] may take for one: signs, blanks, and those that begin a
/// full-width sign or a blank outside ASCII.
pub(super) static MAY_BE_FORMULA: [bool; 256] = {
    let mut starts = [false; 256];
    let bytes = b"=+-@ \t\r\n\x0b\x0c\xc2\xe1\xe2\xe3\xef";
    let mut at = 0;
    while at < bytes.len() {
        #[expect(clippy::indexing_slicing, reason = "checked when compiled")]
        {
            starts[bytes[at] as usize] = true;
        }
        at += 1;
    }
    starts
};

/// Blanks do not stop a spreadsheet: it looks at the first character behind them.
pub(super) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r', '\n'])
        || cell
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}
