//! 64 bytes at a time: where they hold what matters, one bit per byte.

use wide::{i8x16, u8x16};

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// Bit `i` of a mask speaks of byte `i`.
#[derive(Clone, Copy, Default)]
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

impl Masks {
    #[inline(always)]
    pub(crate) fn of(block: &[u8; BLOCK], separator: u8) -> Self {
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

/// Bit `i` tells whether an odd number of bits is set in `bits` up to and with `i`.
pub(crate) fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
