//! The fast lane: whole rows by bit masks, as long as nothing is in doubt.
//!
//! It takes only what it is certain of: a row with a quote in an odd place, with a character that
//! may not stand there or with another number of cells stops it, and the scanner of `core`
//! takes that row byte by byte. What the lane takes, the scanner would read alike (tests hold the
//! two against each other).

use crate::block::{BLOCK, Masks, parity};
use crate::second::{Second, Seen};
use crate::words::Words;

/// What rows look like, and what is to be done with them.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The byte between two cells.
    pub separator: u8,
    /// Cells in every row.
    pub columns: usize,
    /// The cell whose word decides, counted from 0.
    pub word: usize,
    /// The code of a word; nothing when it takes a second look.
    pub read: fn(&[u8]) -> Option<u8>,
    /// The cell that must hold text in a row that is kept.
    pub text: usize,
    /// First bytes of a cell, behind its quote if it has one, that make a kept row [`Risky`].
    pub risky: &'static [bool; 256],
    /// A kept row longer than this is [`Risky`] too.
    pub long: usize,
}

/// The code of a word whose row is kept.
pub const KEPT: u8 = 0;
/// Codes are lower than this.
pub const CODES: usize = 8;

/// Reads rows of one shape.
pub struct Lane {
    shape: Shape,
    words: Words,
    /// Where each cell of the row at hand ends.
    ends: [usize; MOST_COLUMNS],
    seen: Vec<Seen>,
    risky: Vec<Place>,
    /// Where the cells of risky rows end, within their rows.
    cells: Vec<usize>,
}

const MOST_COLUMNS: usize = 64;

/// Where a risky row is.
struct Place {
    start: usize,
    end: usize,
    line: usize,
}

/// A kept row that deserves a look.
pub struct Risky<'a> {
    /// The row as written, with its line end.
    pub bytes: &'a [u8],
    /// Where its cells end.
    pub ends: &'a [usize],
    /// Its line.
    pub line: usize,
}

/// What the lane has taken.
#[derive(Default)]
pub struct Taken {
    /// Bytes of whole rows.
    pub bytes: usize,
    /// Lines in them, as an editor counts.
    pub lines: usize,
    /// Blank lines among these.
    pub blank_lines: u64,
    /// Rows.
    pub rows: u64,
    /// Rows by the code of their word.
    pub codes: [u64; CODES],
}

/// What is carried from one block to the next.
struct Carry {
    /// All bits set inside quotes.
    inside: u64,
    /// Bit 0 set where the last byte ended a cell, so that a quote may open.
    boundary: u64,
    /// Bit 0 set where the last byte closed a quote.
    closed: u64,
    /// The row at hand holds bytes outside ASCII in an earlier block.
    foreign: bool,
}

/// What a block is, in the light of what came before.
struct Sight {
    /// Bytes inside quotes.
    inside: u64,
    /// Where a quote or a control character is that should not be.
    doubt: u64,
}

impl Lane {
    /// A lane for rows of this shape; none where a blank line is a question, or for very many cells.
    pub fn new(shape: Shape) -> Option<Self> {
        (2..=MOST_COLUMNS).contains(&shape.columns).then(|| Self {
            shape,
            words: Words::new(shape.read),
            ends: [0; MOST_COLUMNS],
            seen: Vec::new(),
            risky: Vec::new(),
            cells: Vec::new(),
        })
    }

    /// Takes whole rows at the start of `chunk`, which starts a row at `line`, counts them a second time by
    /// `second`, and appends those that are kept to `kept`.
    ///
    /// Stops before the row that is in doubt, that `chunk` does not hold whole, or, without `kept`, that is
    /// to be kept.
    pub fn run(
        &mut self,
        chunk: &[u8],
        line: usize,
        second: &mut Second,
        kept: Option<&mut Vec<u8>>,
    ) -> Taken {
        let blocks = chunk.len() / BLOCK + 1;
        if self.seen.len() < blocks {
            self.seen.resize(blocks, Seen::default());
        }
        self.risky.clear();
        self.cells.clear();
        let mut to = Kept {
            chunk,
            kept,
            start: 0,
            end: 0,
        };
        let taken = self.take(chunk, line, &mut to);
        to.copy();
        second.take(&self.seen, taken.bytes);
        taken
    }

    /// The kept rows of the last run that deserve a look, in their order; `chunk` is that of the run.
    pub fn risky<'a>(&'a self, chunk: &'a [u8]) -> impl Iterator<Item = Risky<'a>> {
        let cells = self.cells.chunks(self.shape.columns);
        self.risky.iter().zip(cells).map(|(place, ends)| Risky {
            bytes: chunk.get(place.start..place.end).unwrap_or_default(),
            ends,
            line: place.line,
        })
    }

    fn take(&mut self, chunk: &[u8], line: usize, to: &mut Kept<'_>) -> Taken {
        let mut taken = Taken::default();
        let mut carry = Carry {
            inside: 0,
            boundary: 1,
            closed: 0,
            foreign: false,
        };
        let Shape {
            separator, columns, ..
        } = self.shape;
        let last = columns - 1;
        let (mut column, mut inner_lines) = (0_usize, 0);
        let (blocks, tail) = chunk.as_chunks::<BLOCK>();
        let padded = padded(tail);
        for at in 0..=blocks.len() {
            let base = at * BLOCK;
            let block = blocks.get(at).unwrap_or(&padded);
            let mut masks = Masks::of(block, separator);
            if let Some(seen) = self.seen.get_mut(at) {
                *seen = Seen {
                    quotes: masks.quote,
                    line_ends: masks.line_end,
                };
            }
            let Sight { inside, doubt } = carry.look(&masks);
            let sure = below_lowest(doubt);
            let mut separators = masks.separator & !inside & sure;
            let mut line_ends = masks.line_end & sure;
            loop {
                let mut cells = separators & below_lowest(line_ends);
                separators &= !cells;
                while cells != 0 {
                    self.end_cell(column, base + cells.trailing_zeros() as usize);
                    column += 1;
                    cells &= cells - 1;
                }
                if line_ends == 0 {
                    break;
                }
                let bit = line_ends.trailing_zeros();
                line_ends &= line_ends - 1;
                let place = base + bit as usize;
                if place < taken.bytes {
                    // The line feed of a pair: its row has been taken.
                    continue;
                }
                if inside >> bit & 1 == 1 {
                    inner_lines += usize::from(!ends_pair(chunk, place));
                    continue;
                }
                let Some(end) = line_end(chunk, place) else {
                    return taken;
                };
                if place == taken.bytes {
                    taken.blank_lines += 1;
                } else {
                    if column != last {
                        return taken;
                    }
                    self.end_cell(column, place);
                    let foreign = carry.foreign(&mut masks.foreign, bit);
                    let row = Place {
                        start: taken.bytes,
                        end,
                        line: line + taken.lines,
                    };
                    let Some(code) = self.judge(chunk, row, foreign, to) else {
                        return taken;
                    };
                    if let Some(count) = taken.codes.get_mut(usize::from(code)) {
                        *count += 1;
                    }
                    taken.rows += 1;
                    taken.lines += inner_lines;
                    (column, inner_lines) = (0, 0);
                }
                taken.bytes = end;
                taken.lines += 1;
            }
            if doubt != 0 {
                return taken;
            }
            carry.foreign |= masks.foreign != 0;
        }
        taken
    }

    #[inline(always)]
    fn end_cell(&mut self, column: usize, end: usize) {
        if let Some(place) = self.ends.get_mut(column % MOST_COLUMNS) {
            *place = end;
        }
    }

    /// The code of the row whose ends are at hand; nothing when it takes a second look.
    #[inline(always)]
    fn judge(&mut self, chunk: &[u8], row: Place, foreign: bool, to: &mut Kept<'_>) -> Option<u8> {
        if foreign && !is_text(chunk, &row) {
            return None;
        }
        let word = self.shape.word;
        let (start, end) = (self.start_of(word, &row), self.end_of(word));
        let code = self.words.find(chunk, start, end)?;
        if code != KEPT {
            return Some(code);
        }
        let text = self.start_of(self.shape.text, &row);
        if to.kept.is_none() || !has_text(chunk, text, self.end_of(self.shape.text)) {
            return None;
        }
        to.keep(row.start, row.end);
        if row.end - row.start > self.shape.long || self.starts_risky(chunk, &row) {
            self.note(row);
        }
        Some(code)
    }

    /// Whether a cell starts with a risky byte, behind its quote if it has one.
    #[inline(always)]
    fn starts_risky(&self, chunk: &[u8], row: &Place) -> bool {
        let byte = |at: usize| chunk.get(at).copied().unwrap_or_default();
        let risky = |byte: u8| self.shape.risky.get(usize::from(byte)) == Some(&true);
        let first = |at: usize| match byte(at) {
            b'"' => risky(byte(at + 1)),
            first => risky(first),
        };
        let others = self.ends.get(..self.shape.columns - 1).unwrap_or_default();
        others
            .iter()
            .fold(first(row.start), |any, end| any | first(end + 1))
    }

    #[cold]
    #[inline(never)]
    fn note(&mut self, row: Place) {
        let ends = self.ends.iter().take(self.shape.columns);
        self.cells.extend(ends.map(|end| end - row.start));
        self.risky.push(row);
    }

    #[inline(always)]
    fn start_of(&self, cell: usize, row: &Place) -> usize {
        match cell {
            0 => row.start,
            cell => self.end_of(cell - 1) + 1,
        }
    }

    #[inline(always)]
    fn end_of(&self, cell: usize) -> usize {
        self.ends.get(cell % MOST_COLUMNS).copied().unwrap_or(0)
    }
}

#[cold]
fn is_text(chunk: &[u8], row: &Place) -> bool {
    let bytes = chunk.get(row.start..row.end).unwrap_or_default();
    std::str::from_utf8(bytes).is_ok()
}

/// Whether a cell as written certainly holds more than blanks.
#[inline(always)]
fn has_text(chunk: &[u8], start: usize, end: usize) -> bool {
    match chunk.get(start..end) {
        Some([b'"', first, ..]) => first.is_ascii_graphic() && *first != b'"',
        Some([first, ..]) => first.is_ascii_graphic(),
        _ => false,
    }
}

/// Kept rows that touch each other are copied at once.
struct Kept<'a> {
    chunk: &'a [u8],
    kept: Option<&'a mut Vec<u8>>,
    start: usize,
    end: usize,
}

impl Kept<'_> {
    #[inline(always)]
    fn keep(&mut self, start: usize, end: usize) {
        if start != self.end {
            self.copy();
            self.start = start;
        }
        self.end = end;
    }

    #[inline(always)]
    fn copy(&mut self) {
        if let (Some(kept), Some(rows)) = (&mut self.kept, self.chunk.get(self.start..self.end)) {
            kept.extend_from_slice(rows);
        }
    }
}

impl Carry {
    #[inline(always)]
    fn look(&mut self, masks: &Masks) -> Sight {
        let outside_ends = masks.separator | masks.line_end;
        if masks.quote == 0 {
            // Without quotes, and that is most blocks, a block is all inside or all outside.
            let boundaries = outside_ends & !self.inside;
            let sight = Sight {
                inside: self.inside,
                doubt: (self.closed & !boundaries) | masks.control,
            };
            (self.boundary, self.closed) = (boundaries >> 63, 0);
            return sight;
        }
        let inside = parity(masks.quote) ^ self.inside;
        let (opens, closes) = (masks.quote & inside, masks.quote & !inside);
        let boundaries = outside_ends & !inside;
        let after_boundary = boundaries << 1 | self.boundary;
        let after_close = closes << 1 | self.closed;
        // A quote opens behind a boundary, or as the second of a pair; a boundary or a quote
        // follows where one closes.
        let doubt = masks.control
            | (opens & !(after_boundary | after_close))
            | (after_close & !(boundaries | masks.quote));
        self.inside = if inside >> 63 == 1 { !0 } else { 0 };
        (self.boundary, self.closed) = (boundaries >> 63, closes >> 63);
        Sight { inside, doubt }
    }

    /// Whether the row that ends at `bit` holds bytes outside ASCII.
    #[inline(always)]
    fn foreign(&mut self, bits: &mut u64, bit: u32) -> bool {
        let foreign = self.foreign;
        self.foreign = false;
        if *bits == 0 {
            return foreign;
        }
        let own = *bits & ((1 << bit) - 1);
        *bits &= !own;
        foreign | (own != 0)
    }
}

/// Where the line end at `place` ends; nothing where the chunk ends before that is known.
#[inline(always)]
fn line_end(chunk: &[u8], place: usize) -> Option<usize> {
    match (chunk.get(place), chunk.get(place + 1)) {
        (Some(b'\n'), _) => Some(place + 1),
        (_, Some(b'\n')) => Some(place + 2),
        (_, Some(_)) => Some(place + 1),
        (_, None) => None,
    }
}

/// Whether the byte at `place` is the second half of CR LF.
fn ends_pair(chunk: &[u8], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|before| chunk.get(before));
    chunk.get(place) == Some(&b'\n') && before == Some(&b'\r')
}

/// The bits below the lowest one set; all where none is set.
#[inline(always)]
fn below_lowest(bits: u64) -> u64 {
    bits.wrapping_sub(1) & !bits
}

/// The rest of a chunk as a block; what fills it up means nothing.
fn padded(tail: &[u8]) -> [u8; BLOCK] {
    let mut block = [b'.'; BLOCK];
    for (to, from) in block.iter_mut().zip(tail) {
        *to = *from;
    }
    block
}
