//! Messages in Rust: a constant for each text, and a macro for each that has holes. What is never used and what is not filled
//! is then the compiler's to refuse.

use crate::{Message, Messages, has_holes};
use std::fmt::Write;

impl Messages {
    /// The content of a module. Messages that stand in one of the static `files` may be used by the module too, but need not.
    pub fn to_rust(&self, files: &[&str]) -> String {
        let mut rust = String::new();
        for message in &self.0 {
            let Message { name, text } = message;
            let place = format!("{{{{{name}}}}}");
            let elsewhere = files.iter().any(|file| file.contains(&place));
            let allowed = if elsewhere {
                "#[allow(dead_code)] "
            } else {
                ""
            };
            // Writing to a string cannot fail.
            let _ = match has_holes(text) {
                true => writeln!(
                    rust,
                    "macro_rules! {name} {{ ($($hole:tt)*) => {{ format!({text:?}, $($hole)*) }} }}\npub(crate) use {name};"
                ),
                false => writeln!(
                    rust,
                    "{allowed}pub(crate) const {}: &str = {text:?};",
                    name.to_uppercase()
                ),
            };
        }
        rust
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_constants_and_those_with_holes_macros() {
        let messages = Messages::read("a_b = \"x\"\nc = {n} rows\nd = y\n").unwrap();
        let rust = messages.to_rust(&["<p>{{d}}</p>"]);
        let lines: Vec<&str> = rust.lines().collect();
        assert_eq!(
            lines,
            [
                r#"pub(crate) const A_B: &str = "\"x\"";"#,
                r#"macro_rules! c { ($($hole:tt)*) => { format!("{n} rows", $($hole)*) } }"#,
                "pub(crate) use c;",
                r#"#[allow(dead_code)] pub(crate) const D: &str = "y";"#,
            ]
        );
    }
}
