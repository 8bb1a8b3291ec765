//! Quotes: what a block is in the light of what came before it.

use crate::block::Masks;

/// What is carried from one block to the next.
pub(crate) struct Carry {
    /// All bits set inside quotes.
    inside: u64,
    /// Bit 0 set where the last byte ended a cell, so that a quote may open.
    boundary: u64,
    /// Bit 0 set where the last byte opened a quote.
    opened: u64,
    /// Bit 0 set where the last byte closed a quote.
    closed: u64,
    /// Not 0 where one of these is, but for `boundary`.
    near: u64,
}

impl Default for Carry {
    /// At the start of a row.
    fn default() -> Self {
        Self {
            inside: 0,
            boundary: 1,
            opened: 0,
            closed: 0,
            near: 0,
        }
    }
}

/// What a block is.
pub(crate) struct Sight {
    /// Separators outside quotes.
    pub(crate) separators: u64,
    /// Line ends outside quotes.
    pub(crate) line_ends: u64,
    /// Line ends inside quotes.
    pub(crate) inner: u64,
    /// Signs that start cells.
    pub(crate) signs: u64,
    /// Where a quote is that should not be.
    pub(crate) doubt: u64,
}

impl Carry {
    /// Whether quotes matter to the next block.
    #[inline(always)]
    pub(crate) fn is_far(&self, masks: &Masks) -> bool {
        masks.quote.bits() | self.near == 0
    }

    /// Far from quotes, and that are most blocks of most files.
    #[inline(always)]
    pub(crate) fn look_outside(&mut self, masks: &Masks) -> Sight {
        let (separators, line_ends) = (masks.separator.bits(), masks.line_end.bits());
        let boundaries = separators | line_ends;
        let starts = boundaries << 1 | self.boundary;
        self.boundary = boundaries >> 63;
        Sight {
            separators,
            line_ends,
            inner: 0,
            signs: starts & masks.sign.bits() & !boundaries,
            doubt: 0,
        }
    }

    #[inline(always)]
    pub(crate) fn look_at_quotes(&mut self, masks: &Masks) -> Sight {
        let (quotes, separators) = (masks.quote.bits(), masks.separator.bits());
        let line_ends = masks.line_end.bits();
        let inside = parity(quotes) ^ self.inside;
        let (opens, closes) = (quotes & inside, quotes & !inside);
        let boundaries = (separators | line_ends) & !inside;
        let after_boundary = boundaries << 1 | self.boundary;
        let after_open = (opens & after_boundary) << 1 | self.opened;
        let after_close = closes << 1 | self.closed;
        let starts = after_boundary | after_open;
        let sight = Sight {
            separators: separators & !inside,
            line_ends: line_ends & !inside,
            inner: line_ends & inside,
            signs: starts & masks.sign.bits() & !boundaries & !quotes,
            // A quote opens behind a boundary, or as the second of a pair; a boundary or a quote
            // follows where one closes.
            doubt: (opens & !(after_boundary | after_close))
                | (after_close & !(boundaries | quotes)),
        };
        self.inside = 0_u64.wrapping_sub(inside >> 63);
        self.boundary = boundaries >> 63;
        self.opened = (opens & after_boundary) >> 63;
        self.closed = closes >> 63;
        self.near = self.inside | self.opened | self.closed;
        sight
    }
}

/// Bit `i` tells whether an odd number of bits is set in `bits` up to and with `i`.
#[inline(always)]
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
