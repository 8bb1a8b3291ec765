//! A text in a text, byte by byte.
//!
//! What is searched here is short. The standard library's search pays off in long texts only, is
//! compiled anew at each use, and brings Unicode tables for messages that never come: some 6 KB of
//! the extension's module after gzip. One use brings all of that back, `contains` of a character too.

/// Where `word` begins in `text` for the first time.
pub fn find(text: &str, word: &str) -> Option<usize> {
    let last = text.len().checked_sub(word.len())?;
    (0..=last).find(|at| text.as_bytes().get(*at..at + word.len()) == Some(word.as_bytes()))
}

/// Whether `word` stands anywhere in `text`.
pub fn holds(text: &str, word: &str) -> bool {
    find(text, word).is_some()
}

/// What stands before and behind the first `word`.
pub fn around<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, word)?;
    Some((text.get(..at)?, text.get(at + word.len()..)?))
}

/// The text with `other` for each `word`, from the left; an empty `word` stands nowhere.
pub fn replaced(text: &str, word: &str, other: &str) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, behind)) = around(rest, word).filter(|_| !word.is_empty()) {
        whole.push_str(before);
        whole.push_str(other);
        rest = behind;
    }
    whole + rest
}

/// What stands before a place in a text and from it on; all before it where it is no place
/// between two characters.
pub fn halves(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn searches_as_the_standard_library(text in "[aé:]{0,12}", word in "[aé:]{1,3}", other in "[aé:]{0,2}") {
            prop_assert_eq!(find(&text, &word), text.find(&word));
            prop_assert_eq!(holds(&text, &word), text.contains(&word));
            prop_assert_eq!(around(&text, &word), text.split_once(&word));
            prop_assert_eq!(replaced(&text, &word, &other), text.replace(&word, &other));
        }

        #[test]
        fn both_halves_are_the_whole(text in "[aé]{0,4}", at in 0..12_usize) {
            let (before, behind) = halves(&text, at);
            prop_assert_eq!([before, behind].concat(), text);
        }
    }
}
