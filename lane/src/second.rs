//! A second opinion on the number of rows: it never looks at cells, and counts quotes.
//!
//! In rows that the lane has taken, a line end with an even number of quotes before it ends a row, unless the
//! line is blank. Of all other bytes it goes from quote to quote, one by one. With the lane it shares only the
//! comparison of bytes, with the scanner of `core` nothing.

use crate::block::Masks;
use fearless_simd::{Level, dispatch};

/// Counts rows.
pub struct Second {
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

impl Second {
    /// At the start of a file.
    pub fn new(separator: u8) -> Self {
        Self {
            separator,
            inside: false,
            before: Before::LineEnd,
            rows: 0,
        }
    }

    /// Bytes of which anything may be expected.
    pub fn push(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.push_byte(*byte));
    }

    /// All rows, the header and a last row without line end among them.
    pub fn finish(self) -> u64 {
        self.rows + u64::from(self.inside || self.before != Before::LineEnd)
    }

    /// The first `bytes` of these blocks, in which every quote is an odd or an even one.
    #[inline(never)]
    pub(crate) fn take(&mut self, level: Level, blocks: &[Masks], bytes: usize) {
        dispatch!(level, _ => self.take_blocks(blocks, bytes));
    }

    #[inline(always)]
    fn take_blocks(&mut self, blocks: &[Masks], bytes: usize) {
        let mut before = u64::from(!self.inside && self.before == Before::LineEnd);
        let whole = bytes / 64;
        for seen in blocks.iter().take(whole) {
            before = self.take_block(seen.quote.bits(), seen.line_end.bits(), before);
        }
        let rest = (1_u64 << (bytes % 64)) - 1;
        if let Some(seen) = blocks.get(whole).filter(|_| rest != 0) {
            let (quotes, line_ends) = (seen.quote.bits() & rest, seen.line_end.bits() & rest);
            self.take_block(quotes, line_ends, before);
            before = line_ends >> (bytes % 64 - 1) & 1;
        }
        self.before = match before {
            0 => Before::Text,
            _ => Before::LineEnd,
        };
    }

    /// Gives back whether the last byte was a line end.
    #[inline(always)]
    fn take_block(&mut self, quotes: u64, line_ends: u64, before: u64) -> u64 {
        // Not the second half of CR LF, nor the end of a blank line.
        let ends = line_ends & !(line_ends << 1 | before);
        let mut inside = 0_u64.wrapping_sub(u64::from(self.inside));
        if quotes != 0 {
            inside ^= odd_so_far(quotes);
        }
        self.rows += u64::from((ends & !inside).count_ones());
        self.inside = inside >> 63 == 1;
        line_ends >> 63
    }

    fn push_byte(&mut self, byte: u8) {
        if self.inside {
            self.inside = byte != b'"';
            self.before = Before::ClosingQuote;
        } else if byte == b'"' && self.before != Before::Text {
            self.inside = true;
        } else {
            let kind = self.kind(byte);
            self.rows += u64::from(kind == Before::LineEnd && self.before != Before::LineEnd);
            self.before = kind;
        }
    }

    fn kind(&self, byte: u8) -> Before {
        match byte {
            b'\r' | b'\n' => Before::LineEnd,
            byte if byte == self.separator => Before::Separator,
            _ => Before::Text,
        }
    }
}

/// Bit `i` tells whether an odd number of bits is set up to and with `i`: within each byte first, then over bytes.
#[inline(always)]
fn odd_so_far(bits: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let twos = bits ^ (bits << 1 & (ONES * 0xfe));
    let fours = twos ^ (twos << 2 & (ONES * 0xfc));
    let bytes = fours ^ (fours << 4 & (ONES * 0xf0));
    let before = (bytes >> 7 & ONES).wrapping_mul(ONES) << 8;
    bytes ^ (before & ONES).wrapping_mul(0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8]) -> Vec<Masks> {
        let bit = |at: usize, is: bool| u64::from(is) << at;
        bytes
            .chunks(64)
            .map(|block| {
                let all = |is: fn(u8) -> bool| {
                    let bits = block
                        .iter()
                        .enumerate()
                        .map(|(at, byte)| bit(at, is(*byte)));
                    bits.fold(0, |all, one| all | one)
                };
                Masks {
                    quote: all(|byte| byte == b'"').into(),
                    line_end: all(|byte| matches!(byte, b'\n' | b'\r')).into(),
                    ..Masks::default()
                }
            })
            .collect()
    }

    #[test]
    fn blocks_and_bytes_are_counted_alike_wherever_they_are_parted() {
        let rows = "a,b\r\n\"x\n\ny\",\"\"\"\"\n\n\r\n\"\",c\r\rd,\"e\r\nf\"\n".repeat(7);
        let text = format!("{rows}last,\"");
        let text = text.as_bytes();
        let mut slow = Second::new(b',');
        slow.push(text);
        let expected = slow.finish();
        for at in 0..text.len() {
            let (first, rest) = text.split_at(at);
            let mut second = Second::new(b',');
            second.take(Level::new(), &seen(first), first.len());
            let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
            if !first.last().is_none_or(ends) || second.inside {
                // The lane stops behind rows, and there alone.
                continue;
            }
            second.push(rest);
            assert_eq!(second.finish(), expected, "{at}");
        }
    }
}
