use serde_json::Value;

use crate::map::Map;

/// What can be written as JSON.
pub trait ToJson {
    /// Writes it as the next value.
    fn write(&self, to: &mut Text);
}

/// Without blanks, as `serde_json::to_string`.
pub fn text(value: &dyn ToJson) -> String {
    Text::default().written(value)
}

/// With a line per member and item, as `serde_json::to_string_pretty`.
pub fn pretty(value: &dyn ToJson) -> String {
    let text = Text {
        pretty: true,
        ..Text::default()
    };
    text.written(value)
}

/// A JSON text in the making.
#[derive(Default)]
pub struct Text {
    written: String,
    pretty: bool,
    /// How many objects and lists are open.
    depth: usize,
    /// Whether the innermost of them holds something.
    filled: bool,
}

impl Text {
    /// Begins an object (`{`) or a list (`[`).
    pub fn open(&mut self, bracket: char) -> &mut Text {
        self.written.push(bracket);
        self.depth += 1;
        self.filled = false;
        self
    }

    /// Ends it (`}` or `]`).
    pub fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if self.filled {
            self.line();
        }
        self.written.push(bracket);
        self.filled = true;
    }

    /// A member of an object.
    pub fn member(&mut self, name: &str, value: &dyn ToJson) -> &mut Text {
        self.next();
        self.string(name);
        self.written.push_str(if self.pretty { ": " } else { ":" });
        value.write(self);
        self.filled = true;
        self
    }

    /// An item of a list.
    pub fn item(&mut self, value: &dyn ToJson) {
        self.next();
        value.write(self);
        self.filled = true;
    }

    fn written(mut self, value: &dyn ToJson) -> String {
        value.write(&mut self);
        self.written
    }

    fn next(&mut self) {
        if self.filled {
            self.written.push(',');
        }
        self.line();
    }

    fn line(&mut self) {
        if self.pretty {
            self.written.push('\n');
            (0..self.depth).for_each(|_| self.written.push_str("  "));
        }
    }

    // RFC 8259, section 7: quotes, backslashes and control characters are escaped, nothing else.
    fn string(&mut self, text: &str) {
        self.written.push('"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(is_escaped) {
            self.written.push_str(rest.get(..at).unwrap_or_default());
            let byte = rest.as_bytes().get(at).copied().unwrap_or_default();
            let short = SHORT.iter().find(|(own, _)| *own == byte);
            match short {
                Some((_, letter)) => self.written.extend(['\\', *letter]),
                None => {
                    let digit = |four: u8| char::from_digit(four.into(), 16).unwrap_or('0');
                    self.written.push_str("\\u00");
                    self.written.extend([digit(byte >> 4), digit(byte & 15)]);
                }
            }
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        self.written.push_str(rest);
        self.written.push('"');
    }
}

fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Bytes with an escape of two characters, and its letter.
pub(super) const SHORT: [(u8, char); 7] = [
    (b'"', '"'),
    (b'\\', '\\'),
    (0x08, 'b'),
    (0x0c, 'f'),
    (b'\n', 'n'),
    (b'\r', 'r'),
    (b'\t', 't'),
];

impl ToJson for Value {
    fn write(&self, to: &mut Text) {
        match self {
            Value::Array(items) => items.write(to),
            Value::Bool(value) => value.write(to),
            Value::Null => to.written.push_str("null"),
            Value::Number(number) => to.written.push_str(&number.to_string()),
            Value::Object(members) => {
                to.open('{');
                for (name, value) in members {
                    to.member(name, value);
                }
                to.close('}');
            }
            Value::String(text) => to.string(text),
        }
    }
}

/// An object of these members.
pub struct Members<'a>(pub &'a [(&'a str, &'a dyn ToJson)]);

impl ToJson for Members<'_> {
    fn write(&self, to: &mut Text) {
        to.open('{');
        for (name, value) in self.0 {
            to.member(name, *value);
        }
        to.close('}');
    }
}

impl ToJson for Map<String, String> {
    fn write(&self, to: &mut Text) {
        to.open('{');
        for (name, value) in self.iter() {
            to.member(name, value);
        }
        to.close('}');
    }
}

impl<T: ToJson> ToJson for [T] {
    fn write(&self, to: &mut Text) {
        to.open('[');
        self.iter().for_each(|item| to.item(item));
        to.close(']');
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, to: &mut Text) {
        self.as_slice().write(to);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write(&self, to: &mut Text) {
        match self {
            Some(value) => value.write(to),
            None => to.written.push_str("null"),
        }
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn write(&self, to: &mut Text) {
        (**self).write(to);
    }
}

impl ToJson for str {
    fn write(&self, to: &mut Text) {
        to.string(self);
    }
}

impl ToJson for String {
    fn write(&self, to: &mut Text) {
        to.string(self);
    }
}

impl ToJson for bool {
    fn write(&self, to: &mut Text) {
        to.written.push_str(if *self { "true" } else { "false" });
    }
}

impl ToJson for u64 {
    fn write(&self, to: &mut Text) {
        to.written.push_str(&self.to_string());
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
            "[\\x00-\\x20\"\\\\\\x7f]*".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            let members = prop::collection::vec((".{0,6}", inner.clone()), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_are_written_as_by_serde_json(value in any_value()) {
            prop_assert_eq!(text(&value), serde_json::to_string(&value).unwrap());
            prop_assert_eq!(pretty(&value), serde_json::to_string_pretty(&value).unwrap());
        }
    }
}
