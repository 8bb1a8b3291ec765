//! Report to active users: rows are left out, never changed, and all counted.

use super::account::Account;
use super::formula::MAY_BE_FORMULA;
use super::header::Header;
use super::job::{Job, Work};
use super::lane::{Lane, Plain, Taken};
use super::ledger::{EXCEL_CELL, Ledger};
use super::reader::Count;
use super::scan::Row;
use super::status::Words;
use super::{Options, Status, UsersError};

/// The active users of a whole file in memory, with the account of every row.
///
/// # Errors
/// As [`Filter::push`].
///
/// ```
/// let (kept, account) = org2org_core::users::active(b"Login,Status\na@example.com,ACTIVE\nb@example.com,Staged\n")?;
/// assert_eq!(kept, b"Login,Status\na@example.com,ACTIVE\n");
/// assert_eq!((account.rows, account.kept), (2, 1));
/// # Ok::<(), org2org_core::users::UsersError>(())
/// ```
pub fn active(bytes: &[u8]) -> Result<(Vec<u8>, Account), UsersError> {
    let mut filter = Filter::new(Options::default());
    let mut kept = Vec::new();
    filter.push(bytes, &mut kept)?;
    let account = filter.finish(&mut kept)?;
    Ok((kept, account))
}

/// Reads a report in chunks and writes the header and the rows of active users, byte for byte.
pub type Filter = Job<Active>;

impl Filter {
    /// A filter at the start of a file.
    pub fn new(options: Options) -> Self {
        let work = Active {
            options: options.clone(),
            header: None,
            lane: None,
            words: Words::default(),
            ledger: Ledger::default(),
            preview: Vec::new(),
        };
        Self::start(&options, work)
    }

    /// The first kept rows as cells, as many as [`Options::preview`] asks for.
    pub fn preview(&self) -> &[Vec<String>] {
        &self.work.preview
    }

    /// The column names, once they are read.
    pub fn columns(&self) -> &[String] {
        self.work.header.as_ref().map_or(&[], Header::names)
    }
}

/// The work of a [`Filter`].
pub struct Active {
    options: Options,
    header: Option<Header>,
    lane: Option<Lane>,
    words: Words,
    ledger: Ledger,
    preview: Vec<Vec<String>>,
}

impl Work for Active {
    type Account = Account;

    fn begin(&mut self, mark: &[u8], kept: &mut Vec<u8>) {
        kept.extend_from_slice(mark);
    }

    fn row(&mut self, row: &Row<'_>, kept: &mut Vec<u8>) -> Result<(), UsersError> {
        let Some(header) = &self.header else {
            let header = Header::read(row)?;
            self.lane = self.options.lane(header.names().len());
            self.header = Some(header);
            self.ledger.name_separator(self.options.separator);
            kept.extend_from_slice(row.bytes());
            return Ok(());
        };
        if self.ledger.judge(header, row) {
            kept.extend_from_slice(row.bytes());
            if self.preview.len() < self.options.preview {
                self.preview.push(row.cells());
            }
        }
        Ok(())
    }

    fn quick(&mut self, chunk: &[u8], line: usize, kept: &mut Vec<u8>) -> Taken {
        let Self {
            options,
            header: Some(header),
            lane: Some(lane),
            words,
            ledger,
            preview,
        } = self
        else {
            return Taken::default();
        };
        let mut run = Run::new(chunk, kept);
        let (mut count, mut left_out) = (0, [0; Status::COUNT]);
        let taken = lane.run(chunk, line, |plain| {
            let Some(status) = sure_status(plain, header, words) else {
                return false;
            };
            if status != Status::Active {
                if let Some(count) = left_out.get_mut(status as usize) {
                    *count += 1;
                }
                return true;
            }
            count += 1;
            run.keep(plain.start, plain.end);
            let wanted = preview.len() < options.preview;
            if wanted
                || plain.any_starts_with(&MAY_BE_FORMULA)
                || plain.end - plain.start > EXCEL_CELL
            {
                let row = plain.row();
                ledger.look_at(header, &row);
                if wanted {
                    preview.push(row.cells());
                }
            }
            true
        });
        run.copy();
        ledger.add(count, &left_out);
        taken
    }

    fn close(&mut self, count: &Count) -> Result<Account, UsersError> {
        self.ledger.close(count)
    }
}

/// The status of a row that can be judged without a second look.
#[inline]
pub(super) fn sure_status(plain: &Plain<'_>, header: &Header, words: &mut Words) -> Option<Status> {
    if plain.foreign && std::str::from_utf8(plain.bytes()).is_err() {
        return None;
    }
    let status = words.find(plain.cell(header.status))?;
    let login = plain.cell(header.login);
    (status != Status::Active || has_text(login)).then_some(status)
}

/// Whether a cell as written certainly holds more than blanks.
fn has_text(cell: &[u8]) -> bool {
    match cell {
        [b'"', first, ..] => first.is_ascii_graphic() && *first != b'"',
        [first, ..] => first.is_ascii_graphic(),
        [] => false,
    }
}

/// Kept rows that touch each other are copied at once.
struct Run<'a> {
    chunk: &'a [u8],
    kept: &'a mut Vec<u8>,
    start: usize,
    end: usize,
}

impl<'a> Run<'a> {
    fn new(chunk: &'a [u8], kept: &'a mut Vec<u8>) -> Self {
        Self {
            chunk,
            kept,
            start: 0,
            end: 0,
        }
    }

    #[inline]
    fn keep(&mut self, start: usize, end: usize) {
        if start != self.end {
            self.copy();
            self.start = start;
        }
        self.end = end;
    }

    #[inline]
    fn copy(&mut self) {
        if let Some(rows) = self.chunk.get(self.start..self.end) {
            self.kept.extend_from_slice(rows);
        }
        self.start = self.end;
    }
}
