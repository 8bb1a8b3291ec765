//! The fast lane: whole rows by bit masks, as long as nothing is in doubt.
//!
//! It takes only what it is certain of: a row with a quote in an odd place, with a character that
//! may not stand there or with another number of cells stops it, and the [`super::scan::Scanner`]
//! takes that row byte by byte. What the lane takes, the scanner would read alike (tests hold the
//! two against each other).

use super::block::{BLOCK, Masks, parity};
use super::scan::{Cell, Row};

/// Reads rows of one shape: so many cells each.
pub(super) struct Lane {
    separator: u8,
    /// The last column.
    last: usize,
    /// Where each cell of the row at hand ends.
    ends: [usize; MOST_COLUMNS],
    /// Room for the cells of a row, made only for rows that are looked at.
    cells: Vec<Cell>,
}

const MOST_COLUMNS: usize = 64;

/// What the lane has taken.
#[derive(Default)]
pub struct Taken {
    /// Bytes of whole rows.
    pub(super) bytes: usize,
    /// Lines in them, as an editor counts.
    pub(super) lines: usize,
    /// Blank lines among these.
    pub(super) blank_lines: u64,
    /// Rows.
    pub(super) rows: u64,
}

/// A row of the right number of cells, with its line end.
pub(super) struct Plain<'a> {
    lane: &'a mut Lane,
    chunk: &'a [u8],
    /// Where it starts in the chunk.
    pub(super) start: usize,
    /// Where the next row starts.
    pub(super) end: usize,
    line: usize,
    /// It holds bytes outside ASCII.
    pub(super) foreign: bool,
}

impl<'a> Plain<'a> {
    /// A cell as written, quotes and all.
    #[inline]
    pub(super) fn cell(&self, at: usize) -> &'a [u8] {
        let start = match at.checked_sub(1) {
            Some(before) => self.end_of(before) + 1,
            None => self.start,
        };
        self.chunk.get(start..self.end_of(at)).unwrap_or_default()
    }

    /// Whether a cell starts with one of these bytes, behind its quote if it has one.
    #[inline]
    pub(super) fn any_starts_with(&self, starts: &[bool; 256]) -> bool {
        let is = |at: usize| {
            self.chunk
                .get(at)
                .is_some_and(|byte| starts.get(usize::from(*byte)) == Some(&true))
        };
        let first = |at: usize| is(at) || (self.chunk.get(at) == Some(&b'"') && is(at + 1));
        let others = self.lane.ends.get(..self.lane.last).unwrap_or_default();
        first(self.start) || others.iter().any(|end| first(end + 1))
    }

    /// The row as written, with its line end.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.chunk.get(self.start..self.end).unwrap_or_default()
    }

    /// As the scanner would give it.
    pub(super) fn row(&mut self) -> Row<'_> {
        self.lane.cells.clear();
        let mut start = 0;
        for end in self.lane.ends.iter().take(self.lane.last + 1) {
            let end = end - self.start;
            self.lane.cells.push(Cell { start, end });
            start = end + 1;
        }
        Row::whole(self.bytes(), &self.lane.cells, self.line)
    }

    #[inline]
    fn end_of(&self, at: usize) -> usize {
        self.lane.ends.get(at).copied().unwrap_or(self.start)
    }
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
    /// A lane for rows of so many cells; none where a blank line is a question, or for very many.
    pub(super) fn new(separator: u8, columns: usize) -> Option<Self> {
        (2..=MOST_COLUMNS).contains(&columns).then(|| Self {
            separator,
            last: columns - 1,
            ends: [0; MOST_COLUMNS],
            cells: Vec::with_capacity(columns),
        })
    }

    /// Shows `each` the whole rows at the start of `chunk`, which starts a row at `line`.
    ///
    /// Stops before the row that `each` does not want, that is in doubt, or that `chunk` does not
    /// hold whole.
    pub(super) fn run(
        &mut self,
        chunk: &[u8],
        line: usize,
        mut each: impl FnMut(&mut Plain<'_>) -> bool,
    ) -> Taken {
        let mut taken = Taken::default();
        let mut carry = Carry {
            inside: 0,
            boundary: 1,
            closed: 0,
            foreign: false,
        };
        let (mut column, mut inner_lines) = (0_usize, 0);
        let (blocks, tail) = chunk.as_chunks::<BLOCK>();
        let last = padded(tail);
        for at in 0..=blocks.len() {
            let base = at * BLOCK;
            let mut masks = Masks::of(blocks.get(at).unwrap_or(&last), self.separator);
            let Sight { inside, doubt } = carry.look(&masks);
            let sure = below_lowest(doubt);
            let mut separators = masks.separator & !inside & sure;
            let mut line_ends = masks.line_end & sure;
            loop {
                let mut cells = separators & below_lowest(line_ends);
                separators &= !cells;
                while cells != 0 {
                    if let Some(end) = self.ends.get_mut(column % MOST_COLUMNS) {
                        *end = base + cells.trailing_zeros() as usize;
                    }
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
                    if column != self.last {
                        return taken;
                    }
                    if let Some(end) = self.ends.get_mut(column % MOST_COLUMNS) {
                        *end = place;
                    }
                    let foreign = carry.foreign(&mut masks.foreign, bit);
                    let mut plain = Plain {
                        lane: self,
                        chunk,
                        start: taken.bytes,
                        end,
                        line: line + taken.lines,
                        foreign,
                    };
                    if !each(&mut plain) {
                        return taken;
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
