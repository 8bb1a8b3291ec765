//! 64 bytes at a time: where they hold what matters, one bit per byte.
//!
//! By the vectors that the processor has, chosen when the program starts, else by words of 8 bytes: the two are
//! held against each other by a test.

use fearless_simd::{Level, Simd, dispatch, prelude::*};

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// Bit `i` of a mask speaks of byte `i`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Masks {
    pub(crate) quote: u64,
    pub(crate) separator: u64,
    /// Carriage returns and line feeds.
    pub(crate) line_end: u64,
    /// Control characters, line ends among them, and bytes outside ASCII.
    pub(crate) odd: u64,
    /// Bytes for which [`is_sign`] holds.
    pub(crate) sign: u64,
}

/// Whether a byte is a sign or a blank before the full stop, `=`, `@`, or no printed ASCII: few cells begin so.
pub(crate) fn is_sign(byte: u8) -> bool {
    byte.cast_signed() < SIGNS_END || byte == b'=' || byte == b'@'
}

const SIGNS_END: i8 = 0x2e;

/// The masks of the blocks of `chunk`, the last one filled up with what means nothing; tells how many there are.
#[inline(never)]
pub(crate) fn mask(level: Level, chunk: &[u8], separator: u8, to: &mut [Masks]) -> usize {
    let (blocks, tail) = chunk.as_chunks::<BLOCK>();
    dispatch!(level, simd => {
        for (to, block) in to.iter_mut().zip(blocks) {
            *to = Masks::of(simd, block, separator);
        }
    });
    let count = to.len().min(blocks.len());
    match to.get_mut(count..).unwrap_or_default() {
        [] => count,
        _ if tail.is_empty() => count,
        // By the same loop, so that its body is there once.
        rest => count + mask(level, &padded(tail), separator, rest),
    }
}

fn padded(tail: &[u8]) -> [u8; BLOCK] {
    let mut block = [b'.'; BLOCK];
    for (to, from) in block.iter_mut().zip(tail) {
        *to = *from;
    }
    block
}

/// Whether bytes are compared by vectors; wasm without SIMD would do that one by one.
const VECTORS: bool = cfg!(any(not(target_arch = "wasm32"), target_feature = "simd128"));

impl Masks {
    #[inline(always)]
    pub(crate) fn of<S: Simd>(simd: S, block: &[u8; BLOCK], separator: u8) -> Self {
        match VECTORS {
            true => Self::by_vectors(simd, block, separator),
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
            // Below 0x20 a byte has no bit of 0x60.
            let low = zeros(word & (ONES * 0x60)) | is(0x7f);
            masks.quote |= bits(is(b'"'));
            masks.separator |= bits(is(separator));
            masks.line_end |= bits(is(b'\r') | is(b'\n'));
            masks.odd |= bits(low | word & HIGHS);
            masks.sign |= bits(below_signs_end(word) | is(b'=') | is(b'@'));
        }
        masks
    }

    #[inline(always)]
    fn by_vectors<S: Simd>(simd: S, block: &[u8; BLOCK], separator: u8) -> Self {
        let mut masks = Self::default();
        for (at, bytes) in block.chunks_exact(S::u8s::LEN).enumerate() {
            let bytes = S::u8s::from_slice(simd, bytes);
            let is = |byte: u8| bytes.simd_eq(S::u8s::splat(simd, byte));
            let bits = |which: S::mask8s| which.to_bitmask() << (at * S::u8s::LEN);
            masks.quote |= bits(is(b'"'));
            masks.separator |= bits(is(separator));
            masks.line_end |= bits(is(b'\r') | is(b'\n'));
            // One comparison, once the highest code points are below.
            let next = bytes + S::u8s::splat(simd, 1);
            masks.odd |= bits(below(simd, next, 0x21));
            masks.sign |= bits(below(simd, bytes, SIGNS_END) | is(b'=') | is(b'@'));
        }
        masks
    }
}

/// Which bytes are below `end`, those outside ASCII among them.
#[inline(always)]
fn below<S: Simd>(simd: S, bytes: S::u8s, end: i8) -> S::mask8s {
    let signed: S::i8s = bytes.bitcast();
    signed.simd_lt(S::i8s::splat(simd, end))
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;

/// The highest bit of every byte that is zero.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    !(((word & !HIGHS) + !HIGHS) | word) & HIGHS
}

/// The highest bit of every byte that is outside ASCII or below [`SIGNS_END`].
#[inline(always)]
fn below_signs_end(word: u64) -> u64 {
    // Without its highest bit, a byte that is not below reaches that bit.
    let end = ONES * u64::from(SIGNS_END.unsigned_abs());
    (!((word & !HIGHS) + (HIGHS - end)) | word) & HIGHS
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
                        for level in [Level::new(), Level::baseline()] {
                            let vectors = dispatch!(level, simd => Masks::by_vectors(simd, &block, separator));
                            assert_eq!(words, vectors, "{byte} at {at} in {fill}, {level:?}");
                        }
                        let signs = block
                            .iter()
                            .rev()
                            .fold(0, |bits, byte| bits << 1 | u64::from(is_sign(*byte)));
                        assert_eq!(words.sign, signs, "{byte} at {at} in {fill}");
                    }
                }
            }
        }
    }
}
