//! A copy for people and spreadsheets: safe to open, and marked as no file to import.

use super::formula::is_formula;
use super::job::{Job, Work};
use super::reader::Count;
use super::scan::Row;
use super::write::quoted;
use super::{Options, UsersError};
use serde::{Deserialize, Serialize};

/// Reads any CSV file in chunks and writes a copy in which nothing runs.
pub type ViewCopy = Job<Viewing>;

impl ViewCopy {
    /// A copy at the start of a file.
    pub fn new(options: &Options) -> Self {
        Self::start(options, Viewing::default())
    }
}

/// What the copy holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewAccount {
    /// Rows, without the header.
    pub rows: u64,
    /// Cells that would have run as formulas.
    pub neutralised: u64,
}

impl std::fmt::Display for ViewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rows, neutralised } = self;
        writeln!(
            f,
            "{rows} rows to look at, not to import; {neutralised} cells would have run as formulas"
        )
    }
}

/// The work of a [`ViewCopy`].
#[derive(Default)]
pub struct Viewing {
    header_seen: bool,
    rows: u64,
    neutralised: u64,
}

/// The first cell of the header says it, since names of files get lost.
const MARK: &str = "NOT FOR IMPORT";

impl Work for Viewing {
    type Account = ViewAccount;

    fn begin(&mut self, _: &[u8], out: &mut Vec<u8>) {
        // Without it, Excel takes UTF-8 for something else.
        out.extend_from_slice(b"\xef\xbb\xbf");
    }

    fn row(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), UsersError> {
        match self.header_seen {
            true => self.rows += 1,
            false => quoted(out, "", MARK),
        }
        if self.header_seen {
            quoted(out, "", "");
        }
        self.header_seen = true;
        for at in 0..row.len() {
            let cell = row.cell(at);
            // A blank control character, such as NUL, stops no spreadsheet either.
            let shown = cell.trim_start_matches(|c: char| c.is_control());
            let runs = is_formula(&cell) || is_formula(shown);
            self.neutralised += u64::from(runs);
            out.push(b',');
            quoted(out, if runs { "'" } else { "" }, &cell);
        }
        out.extend_from_slice(b"\r\n");
        Ok(())
    }

    fn close(&mut self, count: &Count) -> Result<ViewAccount, UsersError> {
        if self.rows != count.rows || count.second != count.rows {
            return Err(UsersError::Miscounted {
                rows: count.rows,
                sum: self.rows,
                second: count.second,
            });
        }
        Ok(ViewAccount {
            rows: self.rows,
            neutralised: self.neutralised,
        })
    }
}
