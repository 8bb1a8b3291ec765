//! Words as written whose meaning is known: a file holds few different ones, so each is read once.

/// What words mean, as codes.
pub struct Words {
    read: fn(&[u8]) -> Option<u8>,
    slots: [Slot; SLOTS],
}

/// The last word that fell into this slot.
#[derive(Clone, Default)]
struct Slot {
    key: Key,
    word: Vec<u8>,
    code: Option<u8>,
}

/// Length, first and last eight bytes: all there is of a word of at most sixteen.
#[derive(Clone, Copy, Default, PartialEq)]
struct Key {
    length: usize,
    first: u64,
    last: u64,
}

const SLOTS: usize = 64;
const HALF: usize = 8;

impl Words {
    /// Words of which `read` tells the code of each; nothing when a word takes a second look.
    pub fn new(read: fn(&[u8]) -> Option<u8>) -> Self {
        Self {
            read,
            slots: std::array::from_fn(|_| Slot::default()),
        }
    }

    /// The code of the word from `start` to `end` of `bytes`.
    #[inline(always)]
    pub fn find(&mut self, bytes: &[u8], start: usize, end: usize) -> Option<u8> {
        let key = Key::of(bytes, start, end);
        let slot = self.slots.get(key.slot())?;
        if slot.key != key {
            return self.learn(bytes, start, end, key);
        }
        if key.length > 2 * HALF && bytes.get(start..end) != Some(&slot.word) {
            return self.learn(bytes, start, end, key);
        }
        slot.code
    }

    #[cold]
    #[inline(never)]
    fn learn(&mut self, bytes: &[u8], start: usize, end: usize, key: Key) -> Option<u8> {
        let word = bytes.get(start..end).unwrap_or_default();
        let code = (self.read)(word);
        if let Some(slot) = self.slots.get_mut(key.slot()) {
            (slot.key, slot.code) = (key, code);
            slot.word = word.to_vec();
        }
        code
    }
}

impl Key {
    #[inline(always)]
    fn of(bytes: &[u8], start: usize, end: usize) -> Self {
        let length = end.saturating_sub(start);
        match length <= HALF {
            true => Self {
                length,
                first: eight(bytes, start) & low(length),
                last: 0,
            },
            false => Self {
                length,
                first: eight(bytes, start),
                last: eight(bytes, end - HALF),
            },
        }
    }

    /// Words in one slot push each other out, which costs time only; those of Okta have one each.
    #[inline(always)]
    fn slot(&self) -> usize {
        // Neither the first byte nor the last, which may be quotes.
        let letter = |at: u32| (self.first >> (8 * at) & 0xff) as usize;
        (self.length + letter(1) + letter(2) * 2) % SLOTS
    }
}

/// The lowest bytes of a number.
#[inline(always)]
fn low(bytes: usize) -> u64 {
    match bytes {
        0 => 0,
        bytes => u64::MAX >> (8 * (HALF - bytes)),
    }
}

/// Eight bytes from here on, the first one lowest; zeros where there are no more.
#[inline(always)]
fn eight(bytes: &[u8], start: usize) -> u64 {
    match bytes.get(start..).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => rest(bytes, start),
    }
}

#[cold]
#[inline(never)]
fn rest(bytes: &[u8], start: usize) -> u64 {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(word: &[u8]) -> Option<u8> {
        (!word.is_empty()).then_some(word.len() as u8)
    }

    #[test]
    fn words_that_share_much_are_told_apart() {
        let mut words = Words::new(|word| word.iter().copied().reduce(u8::wrapping_add));
        let long = |middle: u8| [&[b'x'; 12][..], &[middle], &[b'y'; 12]].concat();
        let cases: Vec<Vec<u8>> = (0..40)
            .map(|length| vec![b'a'; length])
            .chain([long(1), long(2), b"ab\0".to_vec(), b"ab".to_vec()])
            .collect();
        for _ in 0..2 {
            for word in &cases {
                let sum = word.iter().copied().reduce(u8::wrapping_add);
                assert_eq!(words.find(word, 0, word.len()), sum, "{word:?}");
            }
        }
    }

    #[test]
    fn what_stands_around_a_word_does_not_matter() {
        let mut words = Words::new(length);
        for end in 3..12 {
            let text = b"xxxyyyyyyyyyzzz";
            for text in [&text[..], &text[..end]] {
                let expected = Some((end - 3) as u8).filter(|length| *length > 0);
                assert_eq!(words.find(text, 3, end), expected, "{end}");
            }
        }
    }
}
