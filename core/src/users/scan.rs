//! RFC 4180, read strictly: one state per byte, and a place for every complaint.

use super::UsersError;
use crate::explain::seen;
use std::borrow::Cow;

/// Splits bytes into rows; holds one row at a time.
pub(super) struct Scanner {
    separator: u8,
    state: State,
    row: Vec<u8>,
    cells: Vec<Cell>,
    start: usize,
    /// Where the last quoted cell opened.
    quote: usize,
    /// A quote inside an unquoted cell: allowed, but worth a word.
    stray_quote: Option<usize>,
    line: usize,
    in_header: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    CellStart,
    CarriageReturn,
    InQuotes,
    /// A quote inside quotes: the end of the cell, or the first half of a doubled one.
    QuoteSeen,
    Unquoted,
}

/// What a byte meant for the row.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// The row goes on.
    Within,
    /// It ended with this byte, and waits in [`Scanner::row`].
    Ended,
    /// It ended with the byte before; this one was not taken.
    EndedBefore,
}

/// Where a cell lies in its row, quotes and all.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Cell {
    /// The cells of a row, of which is known where they end.
    pub(super) fn all(ends: &[usize]) -> Vec<Self> {
        let starts = ends.iter().map(|end| end + 1);
        let starts = std::iter::once(0).chain(starts);
        starts
            .zip(ends)
            .map(|(start, end)| Self { start, end: *end })
            .collect()
    }
}

/// A longer row means a lost quote, not data: 16 MiB.
const LONGEST_ROW: usize = 16 << 20;

impl Scanner {
    pub(super) fn new(separator: u8) -> Self {
        Self {
            separator,
            state: State::CellStart,
            row: Vec::new(),
            cells: Vec::new(),
            start: 0,
            quote: 0,
            stray_quote: None,
            line: 1,
            in_header: true,
        }
    }

    /// Takes one byte.
    pub(super) fn push(&mut self, byte: u8) -> Result<Step, UsersError> {
        if self.state == State::CarriageReturn && byte != b'\n' {
            return Ok(Step::EndedBefore);
        }
        let at = self.row.len();
        self.row.push(byte);
        if at >= LONGEST_ROW {
            return Err(self.too_long());
        }
        match self.state {
            State::CellStart if byte == b'"' => {
                self.quote = at;
                self.state = State::InQuotes;
            }
            State::InQuotes => {
                if byte == b'"' {
                    self.state = State::QuoteSeen;
                }
            }
            State::QuoteSeen if byte == b'"' => self.state = State::InQuotes,
            State::CarriageReturn => return Ok(Step::Ended),
            State::CellStart | State::QuoteSeen | State::Unquoted => {
                return self.push_outside(byte, at);
            }
        }
        Ok(Step::Within)
    }

    /// Ends the file; true when a last row without line end waits.
    pub(super) fn end(&mut self) -> Result<bool, UsersError> {
        if self.state == State::InQuotes {
            return Err(self.unclosed());
        }
        if self.row.is_empty() {
            return Ok(false);
        }
        if self.state != State::CarriageReturn {
            self.close_cell(self.row.len());
        }
        Ok(true)
    }

    pub(super) fn row(&self) -> Row<'_> {
        Row {
            bytes: &self.row,
            cells: &self.cells,
            line: self.line,
            stray_quote: self.stray_quote,
        }
    }

    /// Whether the next byte starts a row.
    pub(super) fn is_at_start(&self) -> bool {
        self.row.is_empty()
    }

    /// The line of the row at hand.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Somebody else has read whole rows of so many lines.
    pub(super) fn skip_lines(&mut self, lines: usize) {
        self.line += lines;
    }

    /// Line and column of the next byte.
    pub(super) fn here(&self) -> (usize, usize) {
        self.row().place(self.row.len())
    }

    pub(super) fn next_row(&mut self) {
        self.in_header &= self.row().is_blank();
        self.line += count_lines(&self.row);
        self.row.clear();
        self.cells.clear();
        self.start = 0;
        self.stray_quote = None;
        self.state = State::CellStart;
    }

    fn push_outside(&mut self, byte: u8, at: usize) -> Result<Step, UsersError> {
        match byte {
            b'\n' => {
                self.close_cell(at);
                return Ok(Step::Ended);
            }
            b'\r' => {
                self.close_cell(at);
                self.state = State::CarriageReturn;
            }
            _ if byte == self.separator => {
                self.close_cell(at);
                self.state = State::CellStart;
            }
            _ if self.state == State::QuoteSeen => return Err(self.after_quote(byte, at)),
            b'"' => {
                self.refuse_blank_before_quote(at)?;
                self.stray_quote.get_or_insert(at);
            }
            _ => self.state = State::Unquoted,
        }
        Ok(Step::Within)
    }

    fn close_cell(&mut self, end: usize) {
        self.cells.push(Cell {
            start: self.start,
            end,
        });
        self.start = end + 1;
    }

    fn refuse_blank_before_quote(&self, at: usize) -> Result<(), UsersError> {
        let before = self.row.get(self.start..at).unwrap_or_default();
        if before.iter().any(|byte| !matches!(byte, b' ' | b'\t')) {
            return Ok(());
        }
        let (line, column) = self.row().place(self.start);
        Err(UsersError::BlankBeforeQuote { line, column })
    }

    fn after_quote(&self, byte: u8, at: usize) -> UsersError {
        if self.in_header && matches!(byte, b';' | b'\t' | b'|') {
            return UsersError::Separator { separator: byte };
        }
        let (line, column) = self.row().place(at);
        let character = match byte {
            0..=127 => seen(&char::from(byte).to_string()),
            _ => "a letter".to_owned(),
        };
        UsersError::AfterQuote {
            line,
            column,
            character,
        }
    }

    fn unclosed(&self) -> UsersError {
        let (line, column) = self.row().place(self.quote);
        UsersError::UnclosedQuote { line, column }
    }

    fn too_long(&self) -> UsersError {
        if self.state == State::InQuotes {
            return self.unclosed();
        }
        UsersError::RowTooLong {
            line: self.line,
            most: LONGEST_ROW,
        }
    }
}

/// One row as written, with its line end.
pub struct Row<'a> {
    bytes: &'a [u8],
    cells: &'a [Cell],
    /// Line of its first byte, counted from 1.
    pub(super) line: usize,
    pub(super) stray_quote: Option<usize>,
}

impl<'a> Row<'a> {
    /// A row without a stray quote.
    pub(super) fn whole(bytes: &'a [u8], cells: &'a [Cell], line: usize) -> Self {
        Self {
            bytes,
            cells,
            line,
            stray_quote: None,
        }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.bytes, b"\n" | b"\r\n" | b"\r" | b"")
    }

    pub(super) fn has_line_end(&self) -> bool {
        matches!(self.bytes.last(), Some(b'\n' | b'\r'))
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The value of a cell, quotes taken off; empty where there is none.
    pub(super) fn cell(&self, at: usize) -> Cow<'a, str> {
        let raw = self.raw(at);
        match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(inside) if inside.contains('"') => Cow::Owned(inside.replace("\"\"", "\"")),
            Some(inside) => Cow::Borrowed(inside),
            None => Cow::Borrowed(raw),
        }
    }

    pub(super) fn cells(&self) -> Vec<String> {
        (0..self.len())
            .map(|at| self.cell(at).into_owned())
            .collect()
    }

    /// Where a cell's value starts.
    pub(super) fn cell_place(&self, at: usize) -> (usize, usize) {
        let quoted = usize::from(self.raw(at).starts_with('"'));
        self.place(self.cells.get(at).map_or(0, |cell| cell.start) + quoted)
    }

    /// Line and column of a byte, as an editor shows them: both from 1, columns in characters.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let before = self.bytes.get(..at).unwrap_or_default();
        let last = before
            .rsplit(|byte| matches!(byte, b'\n' | b'\r'))
            .next()
            .unwrap_or_default();
        let column = last.iter().filter(|byte| **byte & 0xc0 != 0x80).count() + 1;
        (self.line + count_lines(before), column)
    }

    pub(super) fn check_utf8(&self) -> Result<(), UsersError> {
        let Err(error) = std::str::from_utf8(self.bytes) else {
            return Ok(());
        };
        let at = error.valid_up_to();
        let (line, column) = self.place(at);
        let byte = self.bytes.get(at).copied().unwrap_or_default();
        Err(UsersError::NotUtf8 { line, column, byte })
    }

    fn raw(&self, at: usize) -> &'a str {
        let bytes = self
            .cells
            .get(at)
            .and_then(|cell| self.bytes.get(cell.start..cell.end));
        std::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }
}

/// Line ends as editors count them: CR LF is one, and so is each CR or LF alone.
fn count_lines(bytes: &[u8]) -> usize {
    let mut lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\r') {
        lines += usize::from(bytes.get(at + 1) != Some(&b'\n'));
    }
    lines
}
