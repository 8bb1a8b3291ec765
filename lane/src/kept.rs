//! Rows that are kept, on their way out.

use crate::piece::LONGEST;

/// The kept rows of a piece.
pub(crate) struct Kept {
    bytes: Box<[u8; LONGEST + STRIDE]>,
    length: usize,
}

/// Bytes that are copied at once, whether a row is that long or not: a question less for the processor to guess
/// at than a copy of just what is kept.
pub(crate) const STRIDE: usize = 192;

impl Kept {
    pub(crate) fn new() -> Self {
        Self {
            bytes: Box::new([0; LONGEST + STRIDE]),
            length: 0,
        }
    }

    /// Copies a row, not yet kept, and what follows it.
    #[inline(always)]
    pub(crate) fn copy_near(&mut self, row: &[u8; STRIDE]) {
        let rest = self.bytes.get_mut(self.length..);
        if let Some(to) = rest.and_then(<[u8]>::first_chunk_mut) {
            copy(row, to);
        }
    }

    /// Copies any row, not yet kept.
    pub(crate) fn copy(&mut self, chunk: &[u8], start: usize, end: usize) {
        let to = self.bytes.get_mut(self.length..self.length + (end - start));
        if let (Some(from), Some(to)) = (chunk.get(start..end), to) {
            to.copy_from_slice(from);
        }
    }

    /// Keeps so many bytes of what was copied last.
    #[inline(always)]
    pub(crate) fn keep(&mut self, bytes: usize) {
        self.length += bytes;
    }

    pub(crate) fn hand_over(&mut self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.bytes.get(..self.length).unwrap_or_default());
        self.length = 0;
    }
}

/// By words that are named one by one: a copy of so many bytes as a whole, or in a loop, becomes one instruction of
/// wasm, and for that one browsers leave the module.
#[inline(always)]
fn copy(from: &[u8; STRIDE], to: &mut [u8; STRIDE]) {
    if cfg!(not(target_arch = "wasm32")) {
        *to = *from;
        return;
    }
    let (from, _) = from.as_chunks::<64>();
    let (to, _) = to.as_chunks_mut::<64>();
    if let ([a, b, c], [x, y, z]) = (from, to) {
        copy_block(a, x);
        copy_block(b, y);
        copy_block(c, z);
    }
}

#[inline(always)]
fn copy_block(from: &[u8; 64], to: &mut [u8; 64]) {
    let (from, _) = from.as_chunks::<8>();
    let (to, _) = to.as_chunks_mut::<8>();
    if let ([a, b, c, d, e, f, g, h], [s, t, u, v, w, x, y, z]) = (from, to) {
        let words = [a, b, c, d, e, f, g, h].map(|word| u64::from_le_bytes(*word));
        let [a, b, c, d, e, f, g, h] = words.map(u64::to_le_bytes);
        (*s, *t, *u, *v, *w, *x, *y, *z) = (a, b, c, d, e, f, g, h);
    }
}
