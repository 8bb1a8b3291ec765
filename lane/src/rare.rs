//! What few blocks hold: bytes that are not printed ASCII, line ends inside quotes, signs that start cells.

use crate::piece::drop_lowest;

/// What most blocks do not hold.
#[derive(Default)]
pub(crate) struct Rare {
    /// Where text outside ASCII ends that has been found to be UTF-8.
    sound: usize,
    /// Line ends inside quotes.
    pub(crate) inner: Vec<usize>,
    /// Where a cell starts, behind its quote if it has one, with a sign.
    pub(crate) signs: Vec<usize>,
}

impl Rare {
    pub(crate) fn clear(&mut self) {
        self.sound = 0;
        self.inner.clear();
        self.signs.clear();
    }

    /// Odd bytes, line ends within cells, signs that start cells. Gives back what is in doubt.
    #[cold]
    #[inline(never)]
    pub(crate) fn note(
        &mut self,
        chunk: &[u8],
        base: usize,
        odd: u64,
        inner: u64,
        signs: u64,
    ) -> u64 {
        places(base, inner, &mut self.inner);
        places(base, signs, &mut self.signs);
        self.broken(chunk, base, odd)
    }

    /// The first of these odd bytes that may not be there: a control character, or no part of UTF-8.
    fn broken(&mut self, chunk: &[u8], base: usize, mut odd: u64) -> u64 {
        while odd != 0 {
            let bit = odd.trailing_zeros();
            let at = base + bit as usize;
            if at >= self.sound {
                match text_or_tab(chunk, at) {
                    Some(end) => self.sound = end,
                    None => return 1 << bit,
                }
            }
            odd = drop_lowest(odd);
        }
        0
    }
}

/// How much of it belongs to rows that have been judged.
pub(crate) struct Passed {
    inner: usize,
    signs: usize,
    /// Where the next of both is.
    pub(crate) next: usize,
    /// Line ends inside the quotes of the last row that was passed.
    pub(crate) lines: usize,
}

impl Passed {
    pub(crate) fn none(rare: &Rare) -> Self {
        let mut passed = Self {
            inner: 0,
            signs: 0,
            next: 0,
            lines: 0,
        };
        passed.find_next(rare);
        passed
    }

    /// Passes what belongs to a row that ends here; tells whether a cell of it starts with a risky byte.
    #[cold]
    #[inline(never)]
    pub(crate) fn pass(
        &mut self,
        chunk: &[u8],
        rare: &Rare,
        end: usize,
        risky: &[bool; 256],
    ) -> bool {
        let inner = passed(&rare.inner, self.inner, end);
        let signs = passed(&rare.signs, self.signs, end);
        self.inner += inner.len();
        self.signs += signs.len();
        self.lines = inner.iter().filter(|at| !ends_pair(chunk, **at)).count();
        self.find_next(rare);
        let byte = |at: &usize| chunk.get(*at).copied().unwrap_or_default();
        let is_risky = |at: &usize| risky.get(usize::from(byte(at))) == Some(&true);
        signs.iter().any(is_risky)
    }

    fn find_next(&mut self, rare: &Rare) {
        let next = |places: &[usize], at: usize| places.get(at).copied().unwrap_or(usize::MAX);
        self.next = next(&rare.inner, self.inner).min(next(&rare.signs, self.signs));
    }
}

/// The places from here on that are before `end`.
fn passed(places: &[usize], from: usize, end: usize) -> &[usize] {
    let rest = places.get(from..).unwrap_or_default();
    let count = rest.partition_point(|place| *place < end);
    rest.get(..count).unwrap_or_default()
}

/// Whether the byte at `place` is the second half of CR LF.
fn ends_pair(chunk: &[u8], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|before| chunk.get(before));
    chunk.get(place) == Some(&b'\n') && before == Some(&b'\r')
}

/// Where the text outside ASCII ends of which this byte is a part, or the tab that it is.
fn text_or_tab(chunk: &[u8], at: usize) -> Option<usize> {
    match chunk.get(at..).unwrap_or_default() {
        [b'\t', ..] => Some(at + 1),
        [0xc2..=0xdf, 0x80..=0xbf, 0..=0x7f, ..] => Some(at + 2),
        [0..=0x7f, ..] => None,
        _ => text(chunk, at),
    }
}

/// Text is looked at from its first byte on, and as a whole.
fn text(chunk: &[u8], at: usize) -> Option<usize> {
    let rest = chunk.get(at..).unwrap_or_default();
    let length = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
    let bytes = rest.get(..length)?;
    std::str::from_utf8(bytes).ok().map(|_| at + length)
}

fn places(base: usize, mut bits: u64, to: &mut Vec<usize>) {
    while bits != 0 {
        to.push(base + bits.trailing_zeros() as usize);
        bits = drop_lowest(bits);
    }
}
