//! Password Health report to active users: rows are left out, never changed, and all counted.
//!
//! Okta's report comes as CSV (RFC 4180). Bytes are pushed in chunks of any size, so a file of any
//! length needs the memory of one row. What stands in a kept row is byte for byte what was read.

mod account;
mod error;
mod header;
mod scan;
mod second;
mod status;

pub use account::{Account, Formula, Reason, Refused, Warning};
pub use error::UsersError;
pub use status::Status;

use account::Ledger;
use header::Header;
use scan::Scanner;
use second::Second;

/// How a report is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Another separator than the comma, named by a person. Okta's import wants commas.
    pub separator: Option<u8>,
    /// How many kept rows [`Filter::preview`] holds.
    pub preview: usize,
}

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

/// Reads a report in chunks and writes the header and the rows of active users.
///
/// After an error nothing written so far may be used: a file is taken whole or not at all.
pub struct Filter {
    options: Options,
    /// The first bytes, until there are enough to tell what kind of file this is.
    head: Option<Vec<u8>>,
    scanner: Scanner,
    second: Second,
    header: Option<Header>,
    ledger: Ledger,
    preview: Vec<Vec<String>>,
    failed: Option<UsersError>,
}

impl Filter {
    /// A filter at the start of a file.
    pub fn new(options: Options) -> Self {
        let separator = options.separator.unwrap_or(b',');
        Self {
            options,
            head: Some(Vec::new()),
            scanner: Scanner::new(separator),
            second: Second::new(separator),
            header: None,
            ledger: Ledger::default(),
            preview: Vec::new(),
            failed: None,
        }
    }

    /// Takes the next bytes of the file and appends to `kept` what is certain by now.
    ///
    /// # Errors
    /// [`UsersError`], from then on the same one for every call.
    pub fn push(&mut self, chunk: &[u8], kept: &mut Vec<u8>) -> Result<(), UsersError> {
        self.once(|filter| filter.read(chunk, kept))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`UsersError`] when the file is empty, stops inside a quoted cell, or the rows do not add up.
    pub fn finish(&mut self, kept: &mut Vec<u8>) -> Result<Account, UsersError> {
        self.once(|filter| filter.end(kept))
    }

    /// The first kept rows as cells, as many as [`Options::preview`] asks for.
    pub fn preview(&self) -> &[Vec<String>] {
        &self.preview
    }

    /// The column names, once they are read.
    pub fn columns(&self) -> &[String] {
        self.header.as_ref().map_or(&[], Header::names)
    }

    /// Data rows read so far, for a progress display.
    pub fn rows(&self) -> u64 {
        self.ledger.rows()
    }

    fn once<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, UsersError>,
    ) -> Result<T, UsersError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let done = work(self);
        self.failed = done.as_ref().err().cloned();
        done
    }

    fn read(&mut self, chunk: &[u8], kept: &mut Vec<u8>) -> Result<(), UsersError> {
        let Some(mut head) = self.head.take() else {
            return self.scan(chunk, kept);
        };
        head.extend_from_slice(chunk);
        if head.len() < HEAD {
            self.head = Some(head);
            return Ok(());
        }
        self.begin(&head, kept)
    }

    fn begin(&mut self, head: &[u8], kept: &mut Vec<u8>) -> Result<(), UsersError> {
        refuse_other_files(head)?;
        let text = head.strip_prefix(BOM).unwrap_or(head);
        if text.len() < head.len() {
            kept.extend_from_slice(BOM);
        }
        self.scan(text, kept)
    }

    fn scan(&mut self, bytes: &[u8], kept: &mut Vec<u8>) -> Result<(), UsersError> {
        self.second.push(bytes);
        for byte in bytes {
            if self.scanner.push(*byte)? {
                self.row(kept)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, kept: &mut Vec<u8>) -> Result<Account, UsersError> {
        if let Some(head) = self.head.take() {
            if head.is_empty() {
                return Err(UsersError::Empty);
            }
            self.begin(&head, kept)?;
        }
        if self.scanner.end()? {
            self.row(kept)?;
        }
        if self.header.is_none() {
            let lines = self.ledger.blank_lines();
            return Err(UsersError::OnlyBlank { lines });
        }
        self.ledger.close(self.second.finish())
    }

    fn row(&mut self, kept: &mut Vec<u8>) -> Result<(), UsersError> {
        let row = self.scanner.row();
        if row.is_blank() {
            self.ledger.blank_line();
        } else if let Some(header) = &self.header {
            row.check_utf8()?;
            if self.ledger.judge(header, &row) {
                kept.extend_from_slice(row.bytes());
                if self.preview.len() < self.options.preview {
                    self.preview.push(row.cells());
                }
            }
        } else {
            row.check_utf8()?;
            self.header = Some(Header::read(&row)?);
            self.ledger.name_separator(self.options.separator);
            kept.extend_from_slice(row.bytes());
        }
        self.scanner.next_row();
        Ok(())
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";
/// Enough to recognise every signature below.
const HEAD: usize = 8;

/// First bytes of files that are no CSV, and of encodings other than UTF-8.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"<!DOC", "a web page, perhaps a sign-in page"),
    (b"<html", "a web page, perhaps a sign-in page"),
    (b"<?xml", "an XML document"),
];

fn refuse_other_files(head: &[u8]) -> Result<(), UsersError> {
    let encoding = match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] => Some("UTF-16, little endian"),
        [0xfe, 0xff, ..] => Some("UTF-16, big endian"),
        [1..=127, 0, 1..=127, 0, ..] => Some("UTF-16, little endian, without byte order mark"),
        [0, 1..=127, 0, 1..=127, ..] => Some("UTF-16, big endian, without byte order mark"),
        _ => None,
    };
    if let Some(encoding) = encoding {
        return Err(UsersError::Encoding { encoding });
    }
    match SIGNATURES.iter().find(|(start, _)| head.starts_with(start)) {
        Some((_, kind)) => Err(UsersError::NotCsv { kind }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
