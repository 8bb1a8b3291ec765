//! Report to active users: rows are left out, never changed, and all counted.

use super::account::Account;
use super::header::Header;
use super::job::{Job, Work};
use super::ledger::Ledger;
use super::reader::Count;
use super::scan::{Cell, Row};
use super::{Options, UsersError};
use org2org_lane::{Lane, Second, Taken};

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
            self.lane = self.options.lane(&header);
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

    /// Rows that are kept take the slow way until there are enough for the preview.
    fn quick(
        &mut self,
        chunk: &[u8],
        line: usize,
        second: &mut Second,
        kept: &mut Vec<u8>,
    ) -> Taken {
        let (Some(header), Some(lane)) = (&self.header, &mut self.lane) else {
            return Taken::default();
        };
        let kept = (self.preview.len() >= self.options.preview).then_some(kept);
        let taken = lane.run(chunk, line, second, kept);
        self.ledger.add(&taken.codes);
        for risky in lane.risky(chunk) {
            let cells = Cell::all(risky.ends);
            let row = Row::whole(risky.bytes, &cells, risky.line);
            self.ledger.look_at(header, &row);
        }
        taken
    }

    fn close(&mut self, count: &Count) -> Result<Account, UsersError> {
        self.ledger.close(count)
    }
}
