//! Rows one by one, once it is known where they end.
//!
//! Which rows are kept no processor can guess, so nothing is asked that differs from row to row: every row is
//! copied, and what follows a row that is not kept is written over it.

use crate::kept::{Kept, STRIDE};
use crate::lane::{CODES, KEPT, Shape};
use crate::piece::{Cells, Piece, drop_lowest};
use crate::rare::Passed;
use crate::words::Words;
use fearless_simd::{Level, dispatch};

/// What was found in the rows of a piece.
#[derive(Default)]
pub(crate) struct Judged {
    /// Bytes of whole rows.
    pub(crate) bytes: usize,
    /// Lines in them.
    pub(crate) lines: usize,
    /// Blank lines among these.
    pub(crate) blank_lines: u64,
    /// Line ends within cells.
    inner_lines: usize,
    /// Rows by the code of their word.
    pub(crate) codes: [u64; CODES],
    /// Kept rows with a risky cell.
    pub(crate) risky: Vec<Place>,
    /// A row takes a second look.
    pub(crate) unsure: bool,
}

/// Where a row is.
pub(crate) struct Place {
    pub(crate) start: usize,
    /// Where its line end starts.
    pub(crate) line_end: usize,
    pub(crate) end: usize,
    /// Lines before it.
    pub(crate) lines: usize,
}

/// Judges the rows of a piece of `chunk`, and copies those to `kept` that are kept. Unless `keep`, such a row takes
/// a second look.
#[inline(never)]
pub(crate) fn judge(
    level: Level,
    chunk: &[u8],
    piece: &Piece,
    shape: &Shape,
    words: &mut Words,
    kept: &mut Kept,
    keep: bool,
) -> Judged {
    let rows = Rows::new(chunk, piece, shape);
    dispatch!(level, _ => rows.judge(piece, words, kept, keep))
}

/// The rows of a piece.
#[derive(Clone, Copy)]
struct Rows<'a> {
    chunk: &'a [u8],
    cells: &'a Cells,
    /// Bytes that were looked at.
    looked: usize,
    shape: &'a Shape,
    /// Separators before the text where the word follows it, as Okta writes them.
    beside: Option<usize>,
}

/// What comes next.
struct At<'a> {
    /// Line ends that are left.
    ends: &'a [u32],
    /// Where the next row starts, and how many separators are before it.
    start: usize,
    separators: usize,
}

/// What is told of a row.
struct Row {
    end: usize,
    code: u8,
    /// The cell that must hold text does.
    has_text: bool,
}

/// What a line end ends.
enum Line {
    /// Nobody knows yet.
    Cut,
    Blank(usize),
    Row(Row),
    /// A row that takes a second look.
    Unsure,
}

impl<'a> Rows<'a> {
    fn new(chunk: &'a [u8], piece: &'a Piece, shape: &'a Shape) -> Self {
        let follows = shape.text + 1 == shape.word && shape.word + 1 < shape.columns;
        Self {
            chunk,
            cells: &piece.cells,
            looked: piece.looked,
            shape,
            beside: shape.text.checked_sub(1).filter(|_| follows),
        }
    }

    #[inline(always)]
    fn judge(self, piece: &Piece, words: &mut Words, kept: &mut Kept, keep: bool) -> Judged {
        let mut judged = Judged::default();
        let mut passed = Passed::none(&piece.rare);
        let mut at = At {
            ends: piece.ends(),
            start: 0,
            separators: 0,
        };
        loop {
            at = self.near(at, words, kept, keep, passed.next, &mut judged.codes);
            let [line_end, rest @ ..] = at.ends else {
                break;
            };
            let line_end = *line_end as usize;
            at.ends = rest;
            if line_end < at.start {
                // The line feed of a pair: its row has been taken.
                continue;
            }
            let row = match self.far(at.start, line_end, words, kept) {
                Line::Cut => break,
                Line::Blank(end) => {
                    judged.blank_lines += 1;
                    at.start = end;
                    continue;
                }
                Line::Row(row) => row,
                Line::Unsure => {
                    judged.unsure = true;
                    break;
                }
            };
            let is_kept = row.code == KEPT;
            if is_kept & !(keep & row.has_text) {
                judged.unsure = true;
                break;
            }
            count(&mut judged.codes, row.code);
            kept.keep(if is_kept { row.end - at.start } else { 0 });
            if passed.next < row.end {
                let risky = passed.pass(self.chunk, &piece.rare, row.end, self.shape.risky);
                judged.note(at.start, line_end, row.end, passed.lines, risky && is_kept);
            }
            at.start = row.end;
            at.separators = self.cells.before(line_end);
        }
        judged.bytes = at.start;
        judged.lines = judged.lines_so_far();
        judged
    }

    /// Rows as most are, as many as follow each other: short, their line ends line feeds, text and word side by side near
    /// their starts, nothing rare in them.
    ///
    /// A loop of its own, since a processor has too few registers for what other rows ask as well.
    #[inline(always)]
    fn near(
        &self,
        mut at: At<'a>,
        words: &Words,
        kept: &mut Kept,
        keep: bool,
        rare: usize,
        codes: &mut [u64; CODES],
    ) -> At<'a> {
        let Some(beside) = self.beside else {
            return at;
        };
        while let [line_end, rest @ ..] = at.ends {
            let line_end = *line_end as usize;
            let row = self.chunk.get(at.start..).and_then(<[u8]>::first_chunk);
            let Some(row): Option<&[u8; STRIDE]> = row else {
                break;
            };
            // The line feed of a pair, whose row has been taken, is before the start.
            let length = line_end.wrapping_sub(at.start);
            if row.get(length) != Some(&b'\n') {
                break;
            }
            let mut first = self.cells.window(at.start);
            for _ in 0..beside {
                first = drop_lowest(first);
            }
            let second = drop_lowest(first);
            let third = drop_lowest(second);
            let place = |bits: u64| bits.trailing_zeros() as usize;
            let Some(code) = words.find(row, place(second) + 1, place(third)) else {
                break;
            };
            kept.copy_near(row);
            let is_kept = code == KEPT;
            let has_text = has_text(row, (place(first) + 1, place(second)));
            let separators = self.cells.before(line_end);
            // Asked at once, since none of it is likely: too few cells for a word, a row to keep that may not be, another
            // number of cells, something rare.
            let other = (third == 0)
                | (is_kept & !(keep & has_text))
                | (separators != at.separators + self.shape.columns - 1)
                | (rare <= line_end);
            if other {
                break;
            }
            count(codes, code);
            kept.keep(if is_kept { length + 1 } else { 0 });
            at = At {
                ends: rest,
                start: line_end + 1,
                separators,
            };
        }
        at
    }

    /// Any row.
    #[cold]
    #[inline(never)]
    fn far(&self, start: usize, line_end: usize, words: &mut Words, kept: &mut Kept) -> Line {
        // Nothing is known of the second half of a pair that was not looked at.
        let looked = |end: &usize| *end <= self.looked;
        let Some(end) = end_of_line(self.chunk, line_end).filter(looked) else {
            return Line::Cut;
        };
        if line_end == start {
            return Line::Blank(end);
        }
        if self.cells.before(line_end) - self.cells.before(start) + 1 != self.shape.columns {
            return Line::Unsure;
        }
        let (from, to) = self.cell(self.shape.word, start, line_end);
        let Some(code) = words.learn(self.chunk, from, to) else {
            return Line::Unsure;
        };
        kept.copy(self.chunk, start, end);
        let text = self.cell(self.shape.text, start, line_end);
        let has_text = has_text(self.chunk, text);
        Line::Row(Row {
            end,
            code,
            has_text,
        })
    }

    fn cell(&self, cell: usize, start: usize, line_end: usize) -> Cell {
        let from = match cell {
            0 => start,
            cell => self.cells.nth(start, cell - 1) + 1,
        };
        let to = match cell + 1 == self.shape.columns {
            true => line_end,
            false => self.cells.nth(start, cell),
        };
        (from, to)
    }
}

/// Where a cell starts and ends.
type Cell = (usize, usize);

impl Judged {
    /// A row that was counted already has so many lines within its cells, and is risky or not.
    #[cold]
    #[inline(never)]
    fn note(&mut self, start: usize, line_end: usize, end: usize, inner: usize, risky: bool) {
        if risky {
            let lines = self.lines_so_far() - 1;
            self.risky.push(Place {
                start,
                line_end,
                end,
                lines,
            });
        }
        self.inner_lines += inner;
    }

    /// Lines of the rows that were counted.
    fn lines_so_far(&self) -> usize {
        let rows: u64 = self.codes.iter().sum();
        (rows + self.blank_lines) as usize + self.inner_lines
    }
}

#[inline(always)]
fn count(codes: &mut [u64; CODES], code: u8) {
    if let Some(count) = codes.get_mut(usize::from(code) % CODES) {
        *count += 1;
    }
}

/// Whether a cell as written certainly holds more than blanks.
#[inline(always)]
fn has_text(chunk: &[u8], (start, end): Cell) -> bool {
    let byte = |at: usize| chunk.get(at).copied().unwrap_or_default();
    let first = byte(start + usize::from(byte(start) == b'"'));
    (start < end) & first.is_ascii_graphic() & (first != b'"')
}

/// Where the line end at `place` ends; nothing where the chunk ends before that is known.
#[inline(always)]
fn end_of_line(chunk: &[u8], place: usize) -> Option<usize> {
    match chunk.get(place) {
        Some(b'\n') => Some(place + 1),
        _ => match chunk.get(place + 1)? {
            b'\n' => Some(place + 2),
            _ => Some(place + 1),
        },
    }
}
