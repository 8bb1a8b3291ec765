//! Chunks of bytes to rows: encoding, byte order mark, blank lines and the second count, for every tool.

use super::encoding::{self, Decoder, Encoding};
use super::scan::{Row, Scanner, Step};
use super::{Options, UsersError};
use org2org_lane::{Second, Taken};

/// Takes rows as they come.
pub(super) trait Sink {
    /// The file begins with this byte order mark, or with none.
    fn begin(&mut self, _mark: &[u8]) {}

    /// One row that is not blank, its bytes UTF-8.
    fn row(&mut self, row: &Row<'_>) -> Result<(), UsersError>;

    /// Takes whole rows at the start of `chunk` by a quicker way, if there is one, and has them counted a second time.
    fn quick(&mut self, _chunk: &[u8], _line: usize, _second: &mut Second) -> Taken {
        Taken::default()
    }
}

/// A file that is being read.
pub(super) struct Reader {
    encoding: Encoding,
    /// The first bytes, until there are enough to tell what kind of file this is.
    head: Option<Vec<u8>>,
    decoder: Decoder,
    scanner: Scanner,
    second: Second,
    rows: u64,
    blank_lines: u64,
}

/// What a file held, told by the two counts.
pub struct Count {
    /// Data rows by this reader.
    pub(super) rows: u64,
    /// Data rows by the second counter.
    pub(super) second: u64,
    pub(super) blank_lines: u64,
}

/// Small enough that what is read is still in the processor's nearest memory but one when it is copied; not smaller, since
/// the row that each end cuts is read byte by byte.
const PIECE: usize = 256 << 10;

impl Reader {
    pub(super) fn new(options: &Options) -> Self {
        let separator = options.separator.unwrap_or(b',');
        Self {
            encoding: options.encoding,
            head: Some(Vec::new()),
            decoder: Decoder::new(options.encoding),
            scanner: Scanner::new(separator),
            second: Second::new(separator),
            rows: 0,
            blank_lines: 0,
        }
    }

    /// Data rows so far.
    pub(super) fn rows(&self) -> u64 {
        self.rows.saturating_sub(1)
    }

    pub(super) fn push(&mut self, chunk: &[u8], sink: &mut impl Sink) -> Result<(), UsersError> {
        let Some(mut head) = self.head.take() else {
            return self.decode(chunk, sink);
        };
        head.extend_from_slice(chunk);
        if head.len() < encoding::HEAD {
            self.head = Some(head);
            return Ok(());
        }
        self.begin(&head, sink)
    }

    pub(super) fn finish(mut self, sink: &mut impl Sink) -> Result<Count, UsersError> {
        if let Some(head) = self.head.take() {
            if head.is_empty() {
                return Err(UsersError::Empty);
            }
            self.begin(&head, sink)?;
        }
        if self.decoder.finish().is_err() {
            return Err(self.undecodable());
        }
        if self.scanner.end()? {
            self.row(sink)?;
        }
        if self.rows == 0 {
            return Err(UsersError::OnlyBlank {
                lines: self.blank_lines,
            });
        }
        Ok(Count {
            rows: self.rows.saturating_sub(1),
            second: self.second.finish().saturating_sub(1),
            blank_lines: self.blank_lines,
        })
    }

    fn begin(&mut self, head: &[u8], sink: &mut impl Sink) -> Result<(), UsersError> {
        let mark = encoding::open(head, self.encoding)?;
        let (mark, text) = head.split_at_checked(mark).unwrap_or((&[], head));
        match self.encoding {
            Encoding::Utf8 => sink.begin(mark),
            // What is converted becomes UTF-8 without a mark.
            _ => sink.begin(&[]),
        }
        self.decode(text, sink)
    }

    fn decode(&mut self, bytes: &[u8], sink: &mut impl Sink) -> Result<(), UsersError> {
        let pieces = bytes.chunks(PIECE);
        if self.encoding == Encoding::Utf8 {
            return pieces
                .into_iter()
                .try_for_each(|piece| self.read(piece, sink));
        }
        let mut text = String::new();
        for piece in pieces {
            text.clear();
            let decoded = self.decoder.push(piece, &mut text);
            self.read(text.as_bytes(), sink)?;
            decoded.map_err(|_| self.undecodable())?;
        }
        Ok(())
    }

    fn undecodable(&self) -> UsersError {
        let (line, column) = self.scanner.here();
        UsersError::NotDecodable {
            line,
            column,
            encoding: self.encoding.label(),
        }
    }

    fn read(&mut self, mut bytes: &[u8], sink: &mut impl Sink) -> Result<(), UsersError> {
        while !bytes.is_empty() {
            if self.rows > 0 && self.scanner.is_at_start() {
                let taken = sink.quick(bytes, self.scanner.line(), &mut self.second);
                self.scanner.skip_lines(taken.lines);
                self.rows += taken.rows;
                self.blank_lines += taken.blank_lines;
                bytes = bytes.get(taken.bytes..).unwrap_or_default();
            }
            let rest = self.read_row(bytes, sink)?;
            let read = bytes.len() - rest.len();
            self.second.push(bytes.get(..read).unwrap_or_default());
            bytes = rest;
        }
        Ok(())
    }

    /// Takes bytes up to the end of a row, or all; gives back the rest.
    fn read_row<'a>(
        &mut self,
        bytes: &'a [u8],
        sink: &mut impl Sink,
    ) -> Result<&'a [u8], UsersError> {
        for (at, byte) in bytes.iter().enumerate() {
            let taken = match self.scanner.push(*byte)? {
                Step::Within => continue,
                Step::Ended => at + 1,
                Step::EndedBefore => at,
            };
            self.row(sink)?;
            return Ok(bytes.get(taken..).unwrap_or_default());
        }
        Ok(&[])
    }

    fn row(&mut self, sink: &mut impl Sink) -> Result<(), UsersError> {
        let row = self.scanner.row();
        if row.is_blank() {
            self.blank_lines += 1;
        } else {
            row.check_utf8()?;
            self.rows += 1;
            sink.row(&row)?;
        }
        self.scanner.next_row();
        Ok(())
    }
}
