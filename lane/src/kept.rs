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
            *to = *row;
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
