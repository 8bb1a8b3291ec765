//! Words as written whose meaning is known: a file holds few different ones, so each is read once.

/// What words mean, as codes.
pub struct Words {
    read: fn(&[u8]) -> Option<u8>,
    slots: [Slot; SLOTS],
}

/// The last word that fell into this slot: of 32 bytes, so that its place is found by a shift.
#[derive(Clone, Copy)]
struct Slot {
    parts: Parts,
    length: u32,
    code: u8,
}

/// No word is in it yet: none is that long.
const EMPTY: Slot = Slot {
    parts: [0; PARTS],
    length: u32::MAX,
    code: 0,
};
const SLOTS: usize = 64;
const PARTS: usize = 3;
/// Longer words are read each time.
const MOST: usize = PARTS * 8;
/// A word as a slot holds it: eight bytes each, zeros behind the last.
type Parts = [u64; PARTS];

impl Words {
    /// Words of which `read` tells the code of each; nothing when a word takes a second look.
    pub fn new(read: fn(&[u8]) -> Option<u8>) -> Self {
        Self {
            read,
            slots: [EMPTY; SLOTS],
        }
    }

    /// The code of the word from `start` to `end` of `bytes`, if it was learnt before.
    #[inline(always)]
    pub(crate) fn find(&self, bytes: &[u8], start: usize, end: usize) -> Option<u8> {
        let length = end.saturating_sub(start);
        let word = bytes.get(start..)?.first_chunk()?;
        let slot = self.slots.get(place(word, length))?;
        let parts = parts(word, length)?;
        // Without a question for each part.
        let pairs = parts.iter().zip(&slot.parts);
        let differ = pairs.fold(0, |differ, (one, other)| differ | (one ^ other));
        (differ | u64::from(length as u32 ^ slot.length) == 0).then_some(slot.code)
    }

    /// The code of that word.
    pub fn learn(&mut self, bytes: &[u8], start: usize, end: usize) -> Option<u8> {
        if let Some(code) = self.find(bytes, start, end) {
            return Some(code);
        }
        let word = bytes.get(start..end)?;
        let code = (self.read)(word)?;
        let mut filled = [0; MOST];
        for (to, from) in filled.iter_mut().zip(word) {
            *to = *from;
        }
        let length = word.len();
        if let Some(parts) = parts(&filled, length)
            && let Some(slot) = self.slots.get_mut(place(&filled, length))
        {
            let length = length as u32;
            *slot = Slot {
                parts,
                length,
                code,
            };
        }
        Some(code)
    }
}

/// Words in one slot push each other out, which costs time only; those of Okta have one each.
#[inline(always)]
fn place(word: &[u8; MOST], length: usize) -> usize {
    // Neither the first byte, which may be a quote, nor a product, for which all else would have to wait.
    let [_, second, third, ..] = word;
    (length + usize::from(*second) + usize::from(*third) * 2) % SLOTS
}

/// None of a long word.
#[inline(always)]
fn parts(word: &[u8; MOST], length: usize) -> Option<Parts> {
    let [lows @ .., _] = LOWS.get(length)?;
    let (words, _) = word.as_chunks::<8>();
    let mut parts = *lows;
    for (part, word) in parts.iter_mut().zip(words) {
        *part &= u64::from_le_bytes(*word);
    }
    Some(parts)
}

/// By length: the bits of its parts that belong to a word, and nothing, so that these are found by a shift.
static LOWS: [[u64; PARTS + 1]; MOST + 1] = {
    let mut lows = [[0; PARTS + 1]; MOST + 1];
    let mut bytes = 0;
    while bytes < MOST * MOST {
        let (length, at) = (bytes / MOST + 1, bytes % MOST);
        if at < length {
            #[expect(clippy::indexing_slicing, reason = "checked when compiled")]
            {
                lows[length][at / 8] |= 0xff << (at % 8 * 8);
            }
        }
        bytes += 1;
    }
    lows
};

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
                assert_eq!(words.learn(word, 0, word.len()), sum, "{word:?}");
            }
        }
    }

    #[test]
    fn words_of_okta_push_none_out() {
        let api = "ACTIVE DEPROVISIONED LOCKED_OUT PASSWORD_EXPIRED PROVISIONED RECOVERY STAGED SUSPENDED";
        let api: Vec<&str> = api.split(' ').collect();
        let console = "Active,Deactivated,Locked out,Password expired,Pending user action,Password reset,Staged,Suspended";
        let console: Vec<&str> = console.split(',').collect();
        for family in [api, console] {
            for quote in ["", "\""] {
                let mut words = Words::new(length);
                let file: Vec<String> = family
                    .iter()
                    .map(|word| format!("{quote}{word}{quote}"))
                    .collect();
                for word in &file {
                    words.learn(word.as_bytes(), 0, word.len());
                }
                for word in &file {
                    let line = format!("{word},2026-11-27T00:00:00.000Z");
                    assert!(
                        words.find(line.as_bytes(), 0, word.len()).is_some(),
                        "{word}"
                    );
                }
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
                assert_eq!(words.learn(text, 3, end), expected, "{end}");
            }
        }
    }
}
