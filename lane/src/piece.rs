//! A piece of a file, all of it looked at by masks before any row is judged.
//!
//! What takes a second look is rare, and noted by place: so nothing here asks what a byte is for, and the
//! processor guesses right nearly always.

use crate::block::{BLOCK, Masks, VECTORS, mask};
use crate::rare::Rare;
use crate::sight::{Carry, Sight};
use fearless_simd::{Level, dispatch};

/// Most blocks of a piece: with what is told of them they stay in the processor's nearest memory.
pub(crate) const BLOCKS: usize = 128;
/// No row of a piece is longer.
pub const LONGEST: usize = BLOCKS * BLOCK;
/// Most line ends of a piece.
const ENDS: usize = 512;

/// What a piece holds.
pub(crate) struct Piece {
    pub(crate) masks: Box<[Masks; BLOCKS]>,
    pub(crate) cells: Box<Cells>,
    /// Line ends outside quotes, and how many there are.
    ends: Box<[u32; ENDS]>,
    count: usize,
    /// Bytes that were looked at.
    pub(crate) looked: usize,
    pub(crate) rare: Rare,
}

/// Separators outside quotes: those of each block, and how many there are in earlier blocks; behind the last one
/// more than ever are.
pub(crate) struct Cells([(u64, usize); BLOCKS + 1]);

impl Piece {
    pub(crate) fn new() -> Self {
        Self {
            masks: Box::new([Masks::default(); BLOCKS]),
            cells: Box::new(Cells([(0, usize::MAX); BLOCKS + 1])),
            ends: Box::new([0; ENDS]),
            count: 0,
            looked: 0,
            rare: Rare::default(),
        }
    }

    /// Looks at up to so many blocks of `chunk`, which starts a row; false where something in doubt stopped it.
    pub(crate) fn look(
        &mut self,
        level: Level,
        chunk: &[u8],
        blocks: usize,
        separator: u8,
    ) -> bool {
        // Before all else, and stored: else the compiler would take the vectors apart to reason about them.
        let masked = mask(
            level,
            chunk,
            separator,
            self.masks.get_mut(..blocks).unwrap_or_default(),
        );
        self.looked = masked * BLOCK;
        let masks = self.masks.get(..masked).unwrap_or_default();
        let (rare, cells) = (&mut self.rare, &mut self.cells);
        rare.clear();
        let (count, sure) = walk(level, chunk, masks, cells, &mut self.ends, rare);
        self.count = count;
        sure
    }

    /// Line ends outside quotes, in their order.
    #[inline(always)]
    pub(crate) fn ends(&self) -> &[u32] {
        self.ends.get(..self.count).unwrap_or_default()
    }
}

/// Tells how many line ends there are, and whether nothing in doubt stopped it.
#[inline(never)]
fn walk(
    level: Level,
    chunk: &[u8],
    masks: &[Masks],
    cells: &mut Cells,
    ends: &mut [u32; ENDS],
    rare: &mut Rare,
) -> (usize, bool) {
    dispatch!(level, _ => walk_blocks(chunk, masks, cells, ends, rare))
}

#[inline(always)]
fn walk_blocks(
    chunk: &[u8],
    masks: &[Masks],
    cells: &mut Cells,
    ends: &mut [u32; ENDS],
    rare: &mut Rare,
) -> (usize, bool) {
    let mut carry = Carry::default();
    let mut walk = Walk {
        chunk,
        cells,
        ends,
        rare,
        blocks: 0,
        separators: 0,
        count: 0,
        sure: true,
    };
    let mut next = masks.first();
    // A loop for each of two ways, since a processor has too few registers for both at once; one for both where the masks
    // alone take longer than that, and size counts.
    while next.is_some() {
        if VECTORS {
            next = walk.on(masks, next, &mut carry, |carry, seen| {
                let is_far = carry.is_far(seen);
                is_far.then(|| carry.look_outside(seen))
            });
        }
        next = walk.on(masks, next, &mut carry, |carry, seen| {
            match carry.is_far(seen) {
                true if VECTORS => None,
                true => Some(carry.look_outside(seen)),
                false => Some(carry.look_at_quotes(seen)),
            }
        });
    }
    if let Some(last) = walk.cells.0.get_mut(walk.blocks) {
        *last = (0, usize::MAX);
    }
    (walk.count, walk.sure)
}

/// What was seen on the way.
struct Walk<'a> {
    chunk: &'a [u8],
    cells: &'a mut Cells,
    ends: &'a mut [u32; ENDS],
    rare: &'a mut Rare,
    /// Blocks, and separators in them.
    blocks: usize,
    separators: usize,
    /// Line ends.
    count: usize,
    /// Nothing was in doubt.
    sure: bool,
}

impl Walk<'_> {
    /// From the block that is next up to one at which `look` does not look, which is given back.
    #[inline(always)]
    fn on<'a>(
        &mut self,
        masks: &'a [Masks],
        mut next: Option<&'a Masks>,
        carry: &mut Carry,
        look: impl Fn(&mut Carry, &Masks) -> Option<Sight>,
    ) -> Option<&'a Masks> {
        while let Some(seen) = next
            && let Some(sight) = look(carry, seen)
        {
            let goes_on = self.take(seen, &sight);
            next = masks.get(self.blocks).filter(|_| goes_on);
        }
        next
    }

    /// Notes what a block is; tells whether to go on.
    #[inline(always)]
    fn take(&mut self, seen: &Masks, sight: &Sight) -> bool {
        if let Some(to) = self.cells.0.get_mut(self.blocks) {
            *to = (sight.separators, self.separators);
        }
        self.separators += sight.separators.count_ones() as usize;
        let odd = seen.odd.bits() & !seen.line_end.bits();
        let base = self.blocks * BLOCK;
        self.blocks += 1;
        // Two at once without a question: few blocks hold more.
        let (first, second) = (sight.line_ends, drop_lowest(sight.line_ends));
        push(self.ends, self.count, base, first);
        push(self.ends, self.count + 1, base, second);
        if (odd | sight.doubt | sight.inner | sight.signs | drop_lowest(second)) == 0 {
            self.count += first.count_ones() as usize;
            return true;
        }
        let broken = self
            .rare
            .note(self.chunk, base, odd, sight.inner, sight.signs);
        let doubt = sight.doubt | broken;
        self.count = push_all(self.ends, self.count, base, first & below_lowest(doubt));
        self.sure = doubt == 0;
        self.sure && self.count <= ENDS - BLOCK
    }
}

#[inline(always)]
fn push(ends: &mut [u32; ENDS], at: usize, base: usize, bits: u64) {
    if let Some(to) = ends.get_mut(at % ENDS) {
        *to = base as u32 + bits.trailing_zeros();
    }
}

/// Any number of them.
#[cold]
#[inline(never)]
fn push_all(ends: &mut [u32; ENDS], mut count: usize, base: usize, mut bits: u64) -> usize {
    while bits != 0 {
        push(ends, count, base, bits);
        count += 1;
        bits = drop_lowest(bits);
    }
    count
}

impl Cells {
    /// How many separators are before this place.
    #[inline(always)]
    pub(crate) fn before(&self, place: usize) -> usize {
        let (bits, before) = self.block(place / BLOCK);
        before + (bits & ((1 << (place % BLOCK)) - 1)).count_ones() as usize
    }

    /// The separators among the 64 bytes from here on.
    #[inline(always)]
    pub(crate) fn window(&self, from: usize) -> u64 {
        let (first, next) = (self.block(from / BLOCK).0, self.block(from / BLOCK + 1).0);
        // In two steps, since a shift by all 64 bits is none.
        let shift = from % BLOCK;
        first >> shift | next << 1 << (BLOCK - 1 - shift)
    }

    /// The separator with so many others between it and `from`.
    pub(crate) fn nth(&self, from: usize, nth: usize) -> usize {
        let nth = nth + self.before(from);
        let mut block = from / BLOCK;
        while self.block(block + 1).1 <= nth {
            block += 1;
        }
        let (bits, before) = self.block(block);
        let bits = (before..nth).fold(bits, |bits, _| drop_lowest(bits));
        block * BLOCK + bits.trailing_zeros() as usize
    }

    #[inline(always)]
    fn block(&self, block: usize) -> (u64, usize) {
        self.0.get(block).copied().unwrap_or((0, usize::MAX))
    }
}

#[inline(always)]
pub(crate) fn drop_lowest(bits: u64) -> u64 {
    bits & bits.wrapping_sub(1)
}

/// The bits below the lowest one set; all where none is set.
fn below_lowest(bits: u64) -> u64 {
    bits.wrapping_sub(1) & !bits
}
