//! Foreign text made safe to look at.

use org2org_core::explain::is_hidden;
use sycamore::prelude::*;

/// Longest foreign text that a view shows whole; longer ones say how much was left out.
const LONGEST: usize = 2_000;

/// `text` with every character that shows nothing or turns its surroundings written out.
///
/// Unlike [`org2org_core::explain::seen`] nothing is masked or shortened to a line: this is for
/// names and values that the person must be able to compare and copy.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(LONGEST) {
        match c {
            '\n' | ' ' => out.push(c),
            c if is_hidden(c) => {
                out.push_str("\\u{");
                out.push_str(&hex(u32::from(c)));
                out.push('}');
            }
            c => out.push(c),
        }
    }
    let left = text.chars().count().saturating_sub(LONGEST);
    if left > 0 {
        out.push_str("… (");
        out.push_str(&left.to_string());
        out.push_str(" more characters)");
    }
    out
}

/// Text with `*labels*` of the console in bold; the stars come from our own by-hand texts.
pub fn with_labels(text: &str) -> View {
    let pieces = text.split('*').enumerate();
    let pieces: Vec<View> = pieces
        .map(|(index, piece)| {
            let piece = shown(piece);
            match index % 2 {
                1 => view! { b { (piece) } },
                _ => view! { (piece) },
            }
        })
        .collect();
    pieces.into()
}

/// "1 change", "7 changes".
pub fn count(number: usize, one: &str, several: &str) -> String {
    let mut text = number.to_string();
    text.push(' ');
    text.push_str(if number == 1 { one } else { several });
    text
}

fn hex(mut number: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit(number & 15, 16).unwrap_or('?'));
        number >>= 4;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_written_out() {
        assert_eq!(shown("a\u{202e}b\u{0}"), "a\\u{202e}b\\u{0}");
        assert_eq!(shown("Zoë <b>"), "Zoë <b>");
    }

    #[test]
    fn ten_thousand_characters_are_cut_with_a_figure() {
        let text = shown(&"x".repeat(10_000));
        assert!(text.ends_with("… (8000 more characters)"));
    }

    #[test]
    fn markup_stays_text() {
        let html = sycamore::render_to_string(|| with_labels("Press *<img src=x>* now"));
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("&lt;img"), "{html}");
    }
}
