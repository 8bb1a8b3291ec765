//! 64 bytes at a time: where they hold what matters, one bit per byte.
//!
//! By the vectors that the processor has, chosen when the program starts, else by words of 8 bytes: the two are
//! held against each other by a test.

use fearless_simd::{Level, Simd, dispatch, prelude::*};

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// Where the bytes of a block are of a kind: bit `i` speaks of byte `i`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Mask([u8; BLOCK / 8]);

impl Mask {
    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        u64::from_le_bytes(self.0)
    }

    /// Sets the bits of the `at`-th of equal parts of the block.
    #[inline(always)]
    fn set<const BYTES: usize>(&mut self, at: usize, bits: u64) {
        let (parts, _) = self.0.as_chunks_mut::<BYTES>();
        if let (Some(part), Some(bits)) = (parts.get_mut(at), bits.to_le_bytes().first_chunk()) {
            *part = *bits;
        }
    }
}

impl From<u64> for Mask {
    fn from(bits: u64) -> Self {
        Self(bits.to_le_bytes())
    }
}

/// What a block holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Masks {
    pub(crate) quote: Mask,
    pub(crate) separator: Mask,
    /// Carriage returns and line feeds.
    pub(crate) line_end: Mask,
    /// Control characters, line ends among them, and bytes outside ASCII.
    pub(crate) odd: Mask,
    /// Bytes for which [`is_sign`] holds.
    pub(crate) sign: Mask,
}

/// Whether a byte is a sign or a blank before the full stop, one of `=>?@`, or no printed ASCII: few cells begin so.
pub(crate) fn is_sign(byte: u8) -> bool {
    byte.cast_signed() < SIGNS_END || matches!(byte, b'='..=b'@')
}

const SIGNS_END: i8 = 0x2e;

/// The masks of the blocks of `chunk`, the last one filled up with what means nothing; tells how many there are.
#[inline(never)]
pub(crate) fn mask(level: Level, chunk: &[u8], separator: u8, to: &mut [Masks]) -> usize {
    let (blocks, tail) = chunk.as_chunks::<BLOCK>();
    dispatch!(level, simd => {
        for (to, block) in to.iter_mut().zip(blocks) {
            to.look(simd, block, separator);
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
pub(crate) const VECTORS: bool = cfg!(any(not(target_arch = "wasm32"), target_feature = "simd128"));

impl Masks {
    #[inline(always)]
    fn look<S: Simd>(&mut self, simd: S, block: &[u8; BLOCK], separator: u8) {
        match (VECTORS, S::u8s::LEN) {
            (false, _) => self.look_by_words(block, separator),
            (true, 16) => self.look_by_vectors::<S, 2>(simd, block, separator),
            (true, 32) => self.look_by_vectors::<S, 4>(simd, block, separator),
            (true, _) => self.look_by_vectors::<S, 8>(simd, block, separator),
        }
    }

    fn look_by_words(&mut self, block: &[u8; BLOCK], separator: u8) {
        let (words, _) = block.as_chunks::<8>();
        for (at, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let bits = |high: u64| (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            let is = |byte: u8| zeros(word ^ (ONES * u64::from(byte)));
            // Below 0x20 a byte has no bit of 0x60.
            let low = zeros(word & (ONES * 0x60)) | is(0x7f);
            self.quote.set::<1>(at, bits(is(b'"')));
            self.separator.set::<1>(at, bits(is(separator)));
            self.line_end.set::<1>(at, bits(is(b'\r') | is(b'\n')));
            self.odd.set::<1>(at, bits(low | word & HIGHS));
            self.sign.set::<1>(at, bits(signs(word)));
        }
    }

    /// Each part of a mask is stored once it is known, by so many bytes as a vector makes of it: what is put together
    /// first keeps more vectors waiting than a processor has room for, in what browsers make of it above all.
    #[inline(always)]
    fn look_by_vectors<S: Simd, const BYTES: usize>(
        &mut self,
        simd: S,
        block: &[u8; BLOCK],
        separator: u8,
    ) {
        for (at, bytes) in block.chunks_exact(S::u8s::LEN).enumerate() {
            let bytes = S::u8s::from_slice(simd, bytes);
            let is = |byte: u8| bytes.simd_eq(S::u8s::splat(simd, byte));
            let set = |mask: &mut Mask, which: S::mask8s| mask.set::<BYTES>(at, which.to_bitmask());
            set(&mut self.quote, is(b'"'));
            set(&mut self.separator, is(separator));
            set(&mut self.line_end, is(b'\r') | is(b'\n'));
            // One comparison, once the highest code points are below.
            let next = bytes + S::u8s::splat(simd, 1);
            set(&mut self.odd, below(simd, next, 0x21));
            // The last of them becomes the highest of all that are below.
            let last = bytes + S::u8s::splat(simd, 0x83 - b'@');
            set(
                &mut self.sign,
                below(simd, bytes, SIGNS_END) | below(simd, last, -0x7c),
            );
        }
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

/// The highest bit of every byte for which [`is_sign`] holds.
#[inline(always)]
fn signs(word: u64) -> u64 {
    // Without its highest bit, a byte that is not below reaches that bit.
    let low = word & !HIGHS;
    let reaches = |end: u8| low + (HIGHS - ONES * u64::from(end));
    let equals = reaches(b'=') & !reaches(b'@' + 1);
    (!reaches(SIGNS_END.unsigned_abs()) | equals | word) & HIGHS
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
                        let mut words = Masks::default();
                        words.look_by_words(&block, separator);
                        for level in [Level::new(), Level::baseline()] {
                            let mut vectors = Masks::default();
                            dispatch!(level, simd => vectors.look(simd, &block, separator));
                            assert_eq!(words, vectors, "{byte} at {at} in {fill}, {level:?}");
                        }
                        let signs = block
                            .iter()
                            .rev()
                            .fold(0, |bits, byte| bits << 1 | u64::from(is_sign(*byte)));
                        assert_eq!(words.sign.bits(), signs, "{byte} at {at} in {fill}");
                    }
                }
            }
        }
    }
}
