//! 64 bytes at a time: where they hold what matters, one bit per byte.
//!
//! By vectors of 16 bytes where the processor has them, else by words of 8 bytes: the two are held against each
//! other by a test.

use wide::{i8x16, u8x16};

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// Bit `i` of a mask speaks of byte `i`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Masks {
    pub(crate) quote: u64,
    pub(crate) separator: u64,
    /// Carriage returns and line feeds.
    pub(crate) line_end: u64,
    /// Control characters other than tab and line ends.
    pub(crate) control: u64,
    /// Bytes outside ASCII.
    pub(crate) foreign: u64,
}

/// Whether bytes are compared 16 at a time; wasm without SIMD would do that one by one.
const VECTORS: bool = cfg!(any(not(target_arch = "wasm32"), target_feature = "simd128"));

impl Masks {
    #[inline(always)]
    pub(crate) fn of(block: &[u8; BLOCK], separator: u8) -> Self {
        match VECTORS {
            true => Self::by_vectors(block, separator),
            false => Self::by_words(block, separator),
        }
    }

    fn by_words(block: &[u8; BLOCK], separator: u8) -> Self {
        let mut masks = Self::default();
        let (words, _) = block.as_chunks::<8>();
        for (at, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let bits =
                |high: u64| (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56 << (at * 8);
            let is = |byte: u8| zeros(word ^ (ONES * u64::from(byte)));
            let line_end = is(b'\r') | is(b'\n');
            // Below 0x20 a byte has no bit of 0x60.
            let low = zeros(word & (ONES * 0x60)) | is(0x7f);
            let foreign = word & HIGHS;
            masks.quote |= bits(is(b'"'));
            masks.separator |= bits(is(separator));
            masks.line_end |= bits(line_end);
            masks.foreign |= bits(foreign);
            masks.control |= bits(low & !line_end & !foreign & !is(b'\t'));
        }
        masks
    }

    #[inline(always)]
    fn by_vectors(block: &[u8; BLOCK], separator: u8) -> Self {
        let mut masks = Self::default();
        let mut any_odd = u8x16::splat(0);
        let (lanes, _) = block.as_chunks::<16>();
        for (at, lane) in lanes.iter().enumerate() {
            let bytes = u8x16::new(*lane);
            let line_end = is(bytes, b'\r') | is(bytes, b'\n');
            any_odd |= odd(bytes) & !line_end;
            masks.quote |= bits(is(bytes, b'"'), at);
            masks.separator |= bits(is(bytes, separator), at);
            masks.line_end |= bits(line_end, at);
        }
        if any_odd.any() {
            (masks.control, masks.foreign) = odd_bits(block);
            masks.control &= !masks.line_end;
        }
        masks
    }
}

/// Control characters but tab, and bytes outside ASCII. Most blocks hold neither, so this is made apart.
#[cold]
fn odd_bits(block: &[u8; BLOCK]) -> (u64, u64) {
    let (mut control, mut foreign) = (0, 0);
    let (lanes, _) = block.as_chunks::<16>();
    for (at, lane) in lanes.iter().enumerate() {
        let bytes = u8x16::new(*lane);
        foreign |= bits(bytes, at);
        control |= bits(odd(bytes) & !bytes & !is(bytes, b'\t'), at);
    }
    (control & !foreign, foreign)
}

/// Control characters, delete, and bytes outside ASCII: one comparison, once the highest code points are below.
#[inline(always)]
fn odd(bytes: u8x16) -> u8x16 {
    let next: i8x16 = (bytes + u8x16::splat(1)).cast_signed();
    next.simd_lt(i8x16::splat(0x21)).cast_unsigned()
}

#[inline(always)]
fn is(bytes: u8x16, byte: u8) -> u8x16 {
    bytes.simd_eq(u8x16::splat(byte))
}

#[inline(always)]
fn bits(lane: u8x16, at: usize) -> u64 {
    u64::from(lane.to_bitmask()) << (at * 16)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;

/// The highest bit of every byte that is zero.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    !(((word & !HIGHS) + !HIGHS) | word) & HIGHS
}

/// Bit `i` tells whether an odd number of bits is set in `bits` up to and with `i`.
pub(crate) fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_and_words_see_the_same_in_every_byte_at_every_place() {
        for byte in 0..=255 {
            for at in 0..BLOCK {
                for fill in [b'x', b'"', b',', b'\n', 0, 0x7f, 0xff] {
                    let mut block = [fill; BLOCK];
                    block[at] = byte;
                    for separator in [b',', b';', b'\t', b'|'] {
                        let words = Masks::by_words(&block, separator);
                        let vectors = Masks::by_vectors(&block, separator);
                        assert_eq!(words, vectors, "{byte} at {at} in {fill}");
                    }
                }
            }
        }
    }
}
