//! What every tool on a CSV file does alike: chunks in, bytes and an account out, and nothing after
//! an error.

use super::reader::{Count, Reader, Sink};
use super::scan::Row;
use super::{Options, UsersError};
use org2org_lane::{Second, Taken};

/// A tool at work on a file, which is pushed through it in chunks of any size.
///
/// After an error nothing written so far may be used: a file is taken whole or not at all.
pub struct Job<W> {
    reader: Option<Reader>,
    pub(super) work: W,
    failed: Option<UsersError>,
}

/// What a tool does with rows.
pub trait Work {
    /// What it tells when the file has ended.
    type Account;

    /// The file begins with this byte order mark, or with none.
    fn begin(&mut self, _mark: &[u8], _out: &mut Vec<u8>) {}

    /// One row that is not blank; the first is the header.
    ///
    /// # Errors
    /// [`UsersError`] when the file cannot be used.
    fn row(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), UsersError>;

    /// Takes whole rows at the start of `chunk` by a quicker way, if there is one, and has them counted a second time.
    fn quick(
        &mut self,
        _chunk: &[u8],
        _line: usize,
        _second: &mut Second,
        _out: &mut Vec<u8>,
    ) -> Taken {
        Taken::default()
    }

    /// The account, when it adds up.
    ///
    /// # Errors
    /// [`UsersError::Miscounted`] when it does not.
    fn close(&mut self, count: &Count) -> Result<Self::Account, UsersError>;
}

impl<W: Work> Job<W> {
    pub(super) fn start(options: &Options, work: W) -> Self {
        Self {
            reader: Some(Reader::new(options)),
            work,
            failed: None,
        }
    }

    /// Takes the next bytes of the file and appends to `out` what is certain by now.
    ///
    /// # Errors
    /// [`UsersError`], from then on the same one for every call.
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> Result<(), UsersError> {
        self.refuse_after_failure()?;
        let work = &mut self.work;
        let done = match &mut self.reader {
            Some(reader) => reader.push(chunk, &mut To { work, out }),
            None => Ok(()),
        };
        self.remember(done)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`UsersError`] when the file is empty, stops inside a quoted cell, or the rows do not add up.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<W::Account, UsersError> {
        self.refuse_after_failure()?;
        let reader = self.reader.take().ok_or(UsersError::Empty)?;
        let work = &mut self.work;
        let count = reader.finish(&mut To { work, out });
        let count = self.remember(count)?;
        let account = self.work.close(&count);
        self.remember(account)
    }

    /// Data rows read so far, for a progress display.
    pub fn rows(&self) -> u64 {
        self.reader.as_ref().map_or(0, Reader::rows)
    }

    fn refuse_after_failure(&self) -> Result<(), UsersError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn remember<T>(&mut self, done: Result<T, UsersError>) -> Result<T, UsersError> {
        self.failed = done.as_ref().err().cloned();
        done
    }
}

/// A tool with the place it writes to.
struct To<'a, W> {
    work: &'a mut W,
    out: &'a mut Vec<u8>,
}

impl<W: Work> Sink for To<'_, W> {
    fn begin(&mut self, mark: &[u8]) {
        self.work.begin(mark, self.out);
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), UsersError> {
        self.work.row(row, self.out)
    }

    fn quick(&mut self, chunk: &[u8], line: usize, second: &mut Second) -> Taken {
        self.work.quick(chunk, line, second, self.out)
    }
}
