//! XML text.

/// A text for use in element content and attribute values, escaped as canonical XML would write it.
pub(crate) fn escape(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '"' => made.push_str("&quot;"),
            '\r' | '\n' | '\t' => made.push(' '),
            // XML 1.0 has no way to write other control characters.
            control if control.is_control() => made.push('\u{fffd}'),
            other => made.push(other),
        }
    }
    made
}
