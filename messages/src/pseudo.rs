//! A language for tests: every text as long as a long translation, in letters that no plain text has, so that what comes
//! from no message and what does not fit can be seen.

use crate::{Message, Messages};

/// Plain letters and what stands for them.
const LETTERS: &[(char, char)] = &[
    ('a', 'á'),
    ('c', 'ç'),
    ('d', 'ð'),
    ('e', 'é'),
    ('i', 'í'),
    ('n', 'ñ'),
    ('o', 'ö'),
    ('r', 'ŕ'),
    ('s', 'š'),
    ('t', 'ţ'),
    ('u', 'ú'),
    ('y', 'ý'),
    ('z', 'ž'),
    ('A', 'Á'),
    ('C', 'Ç'),
    ('D', 'Ð'),
    ('E', 'É'),
    ('I', 'Í'),
    ('N', 'Ñ'),
    ('O', 'Ö'),
    ('R', 'Ŕ'),
    ('S', 'Š'),
    ('T', 'Ţ'),
    ('U', 'Ú'),
    ('Y', 'Ý'),
    ('Z', 'Ž'),
];

/// Where a text begins and ends, so that one that is cut or put together of pieces shows.
const ENDS: [char; 2] = ['⟦', '⟧'];

impl Messages {
    /// The same messages in the language for tests; holes and values stay as they are.
    #[must_use]
    pub fn pseudo(&self) -> Self {
        let other = |message: &Message| Message {
            name: message.name.clone(),
            text: other(&message.text),
        };
        Self(self.0.iter().map(other).collect())
    }
}

fn other(text: &str) -> String {
    let mut other = String::from(ENDS[0]);
    let (mut in_hole, mut in_value) = (false, false);
    for sign in text.chars() {
        match sign {
            '{' => in_hole = true,
            '}' => in_hole = false,
            '`' => in_value = !in_value,
            _ => {}
        }
        let letter = LETTERS.iter().find(|(plain, _)| *plain == sign);
        match letter {
            Some((_, letter)) if !in_hole && !in_value => other.push(*letter),
            _ => other.push(sign),
        }
    }
    // Two fifths more, as German and Finnish may need of English, in words that can be broken.
    let more = text.chars().count() * 2 / 5;
    other.extend(" ~~~~".chars().cycle().take(more));
    other.push(ENDS[1]);
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_grow_and_keep_their_holes_and_values() {
        let other = Messages::read("a = Rows of {name}: `on`").unwrap().pseudo();
        assert_eq!(other.text("a"), Some("⟦Ŕöwš öf {name}: `on` ~~~~ ~~⟧"));
    }
}
