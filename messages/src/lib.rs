//! The texts of an interface, one file for one language: read, put into static files and made Rust for the module.
//! Both happen when the page is built; nothing of this ships.
//!
//! A line is `name = text`. In a text, `{hole}` is filled in by whoever shows it, and backticks mark values. Lines that are
//! empty or begin with `#` are for people.

#![forbid(unsafe_code)]

mod fill;
mod pseudo;
mod rust;

pub use fill::Form;

use std::fmt;

/// The texts of one language, in the order of their file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages(Vec<Message>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Message {
    name: String,
    text: String,
}

/// What is wrong with a file of messages or with one that names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl Messages {
    /// Reads a file of messages.
    ///
    /// # Errors
    /// The first line that is no message: no `=`, a name that is not of lower-case letters, digits and `_`, a name that was
    /// there before, no text, a brace or backtick without its other half.
    pub fn read(file: &str) -> Result<Self, Wrong> {
        let mut messages: Vec<Message> = Vec::new();
        for (at, line) in file.lines().enumerate() {
            let wrong = |what: String| Wrong { line: at + 1, what };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, text) = line
                .split_once(" = ")
                .ok_or_else(|| wrong("it is not `name = text`".to_owned()))?;
            check_name(name).map_err(wrong)?;
            check_text(text).map_err(|why| wrong(format!("{name}: {why}")))?;
            if messages.iter().any(|message| message.name == name) {
                return Err(wrong(format!("{name} is there already")));
            }
            let [name, text] = [name, text].map(str::to_owned);
            messages.push(Message { name, text });
        }
        Ok(Self(messages))
    }

    fn text(&self, name: &str) -> Option<&str> {
        let message = self.0.iter().find(|message| message.name == name)?;
        Some(&message.text)
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    match begins && name.bytes().all(plain) {
        true => Ok(()),
        false => Err(format!("{name:?} is no name of a message")),
    }
}

fn check_text(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("it has no text".to_owned());
    }
    if text.matches('`').count() % 2 == 1 {
        return Err("a backtick has no other half".to_owned());
    }
    for part in text.split('{').skip(1) {
        let hole = part.split_once('}').map(|(hole, _)| hole);
        hole.map_or_else(|| Err("a brace is not closed".to_owned()), check_name)?;
    }
    match text.matches('{').count() == text.matches('}').count() {
        true => Ok(()),
        false => Err("a brace is not opened".to_owned()),
    }
}

/// Whether somebody fills something in.
fn has_holes(text: &str) -> bool {
    text.contains('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_what_is_no_message_is_named_with_its_line() {
        let read = Messages::read("# People\n\none = Of `a` {b}\n").unwrap();
        assert_eq!(read.text("one"), Some("Of `a` {b}"));
        for (file, line, what) in [
            ("one", 1, "it is not `name = text`"),
            ("\nOne = x", 2, "\"One\" is no name of a message"),
            ("1 = x", 1, "\"1\" is no name of a message"),
            ("a = x\na = y", 2, "a is there already"),
            ("a = `x", 1, "a: a backtick has no other half"),
            ("a = {x", 1, "a: a brace is not closed"),
            ("a = x}", 1, "a: a brace is not opened"),
            ("a = {X}", 1, "a: \"X\" is no name of a message"),
        ] {
            let what = what.to_owned();
            assert_eq!(Messages::read(file), Err(Wrong { line, what }), "{file}");
        }
    }
}
