//! A second opinion on the number of rows: it never looks at cells, and goes from quote to quote.
//!
//! What is between two quoted stretches lies outside quotes, and a line end there ends a row, unless
//! the line is blank. Shares no code with the lane and the scanner.

use wide::u8x16;

/// Counts rows.
pub(super) struct Second {
    separator: u8,
    /// Whether the last byte was inside quotes.
    inside: bool,
    /// What the last byte was, outside quotes.
    before: Before,
    rows: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Before {
    ClosingQuote,
    LineEnd,
    Separator,
    Text,
}

const BLOCK: usize = 64;

impl Second {
    pub(super) fn new(separator: u8) -> Self {
        Self {
            separator,
            inside: false,
            before: Before::LineEnd,
            rows: 0,
        }
    }

    pub(super) fn push(&mut self, chunk: &[u8]) {
        let (blocks, rest) = chunk.as_chunks::<BLOCK>();
        blocks.iter().for_each(|block| self.push_block(block));
        rest.iter().for_each(|byte| self.push_byte(*byte));
    }

    /// All rows, the header and a last row without line end among them.
    pub(super) fn finish(self) -> u64 {
        self.rows + u64::from(self.inside || self.before != Before::LineEnd)
    }

    #[inline(always)]
    fn push_block(&mut self, block: &[u8; BLOCK]) {
        let (mut quotes, line_ends) = quotes_and_line_ends(block);
        if quotes == 0 && self.inside {
            return;
        }
        let was_line_end = u64::from(!self.inside && self.before == Before::LineEnd);
        // The line ends that are not the end of a blank line, or the second half of one.
        let row_ends = line_ends & !(line_ends << 1 | was_line_end);
        if quotes == 0 {
            self.count(row_ends);
            self.before = self.kind(block.last());
            return;
        }
        let (mut outside, mut since, mut closed) = (0, 0, None);
        while quotes != 0 {
            let at = quotes.trailing_zeros() as usize;
            quotes &= quotes - 1;
            if self.inside {
                (self.inside, since, closed) = (false, at + 1, Some(at));
            } else if self.opens(block, at, closed) {
                self.inside = true;
                outside |= from(since) & !from(at);
            }
        }
        if !self.inside {
            outside |= from(since);
            self.before = match closed {
                Some(63) => Before::ClosingQuote,
                _ => self.kind(block.last()),
            };
        }
        self.count(row_ends & outside);
    }

    /// Few bits are set: one at a time is quicker than counting without the processor's help.
    #[inline(always)]
    fn count(&mut self, mut row_ends: u64) {
        while row_ends != 0 {
            self.rows += 1;
            row_ends &= row_ends - 1;
        }
    }

    /// Whether a quote outside quotes opens a cell, or a closed cell again; if not, it is text.
    fn opens(&self, block: &[u8; BLOCK], at: usize, closed: Option<usize>) -> bool {
        match at.checked_sub(1) {
            None => self.before != Before::Text,
            before if before == closed => true,
            Some(before) => self.kind(block.get(before)) != Before::Text,
        }
    }

    fn push_byte(&mut self, byte: u8) {
        if self.inside {
            self.inside = byte != b'"';
            self.before = Before::ClosingQuote;
        } else if byte == b'"' && self.before != Before::Text {
            self.inside = true;
        } else {
            let kind = self.kind(Some(&byte));
            self.rows += u64::from(kind == Before::LineEnd && self.before != Before::LineEnd);
            self.before = kind;
        }
    }

    fn kind(&self, byte: Option<&u8>) -> Before {
        match byte {
            Some(b'\r' | b'\n') => Before::LineEnd,
            Some(byte) if *byte == self.separator => Before::Separator,
            _ => Before::Text,
        }
    }
}

/// All bits from this one on.
fn from(bit: usize) -> u64 {
    u64::MAX.checked_shl(bit as u32).unwrap_or(0)
}

#[inline(always)]
fn quotes_and_line_ends(block: &[u8; BLOCK]) -> (u64, u64) {
    let (mut quotes, mut line_ends) = (0, 0);
    let (lanes, _) = block.as_chunks::<16>();
    for (at, lane) in lanes.iter().enumerate() {
        let bytes = u8x16::new(*lane);
        let is = |byte| bytes.simd_eq(u8x16::splat(byte));
        let bits = |mask: u8x16| u64::from(mask.to_bitmask()) << (at * 16);
        quotes |= bits(is(b'"'));
        line_ends |= bits(is(b'\n') | is(b'\r'));
    }
    (quotes, line_ends)
}
