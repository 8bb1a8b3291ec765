//! The fast lane: whole rows by bit masks, as long as nothing is in doubt.
//!
//! It takes only what it is certain of: a row with a quote in an odd place, with a character that
//! may not stand there or with another number of cells stops it, and the scanner of `core`
//! takes that row byte by byte. What the lane takes, the scanner would read alike (tests hold the
//! two against each other).

use crate::block::{BLOCK, is_sign};
use crate::judge::{Judged, Place, judge};
use crate::kept::Kept;
use crate::piece::{BLOCKS, Piece};
use crate::second::Second;
use crate::words::Words;
use fearless_simd::Level;

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
    /// First bytes of a cell, behind its quote if it has one, that make a kept row [`Risky`]: signs, blanks,
    /// and bytes outside ASCII.
    pub risky: &'static [bool; 256],
}

/// The code of a word whose row is kept.
pub const KEPT: u8 = 0;
/// Codes are lower than this.
pub const CODES: usize = 8;

/// Reads rows of one shape.
pub struct Lane {
    shape: Shape,
    words: Words,
    level: Level,
    piece: Piece,
    /// Blocks to look at before rows are judged: fewer after a row that was in doubt.
    reach: usize,
    kept: Kept,
    risky: Vec<RiskyPlace>,
    /// Where the cells of risky rows end, within their rows.
    cells: Vec<usize>,
}

const MOST_COLUMNS: usize = 64;
const LEAST_REACH: usize = 8;

/// Where a risky row is.
struct RiskyPlace {
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

impl Lane {
    /// A lane for rows of this shape; none where a blank line is a question, or for very many cells.
    pub fn new(shape: Shape) -> Option<Self> {
        let is_seen = |(byte, risky): (u8, &bool)| !risky || is_sign(byte);
        let all_seen = (0..=u8::MAX).zip(shape.risky).all(is_seen);
        ((2..=MOST_COLUMNS).contains(&shape.columns) && all_seen).then(|| Self {
            shape,
            words: Words::new(shape.read),
            level: Level::new(),
            piece: Piece::new(),
            reach: BLOCKS,
            kept: Kept::new(),
            risky: Vec::new(),
            cells: Vec::new(),
        })
    }

    /// Takes whole rows at the start of `chunk`, which starts a row at `line`, counts them a second time by
    /// `second`, and appends those that are kept to `kept`.
    ///
    /// Stops before the row that is in doubt, that is longer than [`LONGEST`](crate::LONGEST), that `chunk` does not hold
    /// whole, or, without `kept`, that is to be kept.
    pub fn run(
        &mut self,
        chunk: &[u8],
        line: usize,
        second: &mut Second,
        mut kept: Option<&mut Vec<u8>>,
    ) -> Taken {
        self.risky.clear();
        self.cells.clear();
        let mut taken = Taken::default();
        while self.take_piece(chunk, line, second, kept.as_deref_mut(), &mut taken) {}
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

    /// One piece; tells whether there may be more to take.
    fn take_piece(
        &mut self,
        chunk: &[u8],
        line: usize,
        second: &mut Second,
        kept: Option<&mut Vec<u8>>,
        taken: &mut Taken,
    ) -> bool {
        let rest = chunk.get(taken.bytes..).unwrap_or_default();
        let (level, separator) = (self.level, self.shape.separator);
        let sure = self.piece.look(level, rest, self.reach, separator);
        let (piece, shape, words) = (&self.piece, &self.shape, &mut self.words);
        let judged = judge(
            level,
            rest,
            piece,
            shape,
            words,
            &mut self.kept,
            kept.is_some(),
        );
        if let Some(kept) = kept {
            self.kept.hand_over(kept);
        }
        second.take(level, self.piece.masks.as_slice(), judged.bytes);
        for row in &judged.risky {
            self.note(row, taken.bytes, line + taken.lines);
        }
        taken.add(&judged);
        self.reach_on(rest.len(), judged.bytes, sure && !judged.unsure)
    }

    /// Looks less far after a row in doubt, and farther again later; tells whether there may be more to take.
    fn reach_on(&mut self, there: usize, took: usize, sure: bool) -> bool {
        let reach = self.reach;
        self.reach = match sure {
            true => (2 * reach).min(BLOCKS),
            false => (2 * took / BLOCK).clamp(LEAST_REACH, BLOCKS),
        };
        sure && reach * BLOCK <= there && (took > 0 || reach < BLOCKS)
    }

    #[cold]
    #[inline(never)]
    fn note(&mut self, row: &Place, from: usize, line: usize) {
        let cells = &self.piece.cells;
        let separators = (0..self.shape.columns - 1).map(|nth| cells.nth(row.start, nth));
        let ends = separators.chain([row.line_end]);
        self.cells.extend(ends.map(|end| end - row.start));
        self.risky.push(RiskyPlace {
            start: from + row.start,
            end: from + row.end,
            line: line + row.lines,
        });
    }
}

impl Taken {
    fn add(&mut self, judged: &Judged) {
        self.bytes += judged.bytes;
        self.lines += judged.lines;
        self.blank_lines += judged.blank_lines;
        self.rows += judged.codes.iter().sum::<u64>();
        for (count, more) in self.codes.iter_mut().zip(judged.codes) {
            *count += more;
        }
    }
}
