use std::fmt;

use serde_json::{Map, Number, Value};

/// Lists and objects within each other that are read; more would be an attack on the stack.
const DEEPEST: usize = 127;

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = (self.line.to_string(), self.column.to_string());
        f.write_str(&[self.what, " at line ", &line, " column ", &column].concat())
    }
}

impl std::error::Error for JsonError {}

/// Reads one value that makes up the whole text. Of members with one name the last counts.
/// [`JsonError`] says what was wrong, and the line and column (in bytes) behind which it was.
pub fn read(text: &str) -> Result<Value, JsonError> {
    let mut reader = Reader { text, at: 0 };
    let read = reader.value(0).and_then(|value| {
        reader.blanks();
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err("trailing characters"),
        }
    });
    read.map_err(|what| {
        let seen = text.get(..reader.at).unwrap_or(text);
        let line = seen.rsplit('\n').next().unwrap_or(seen);
        JsonError {
            what,
            line: seen.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: line.len(),
        }
    })
}

/// What is read so far; always at the border of a character when something is taken out.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Read<T> = Result<T, &'static str>;

const ENDED: &str = "the text ends too early";

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Read<u8> {
        let byte = self.peek().ok_or(ENDED)?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        self.blanks();
        match self.peek().ok_or(ENDED)? {
            b'{' | b'[' if depth == DEEPEST => Err("too many lists and objects within each other"),
            b'{' => self.object(depth + 1),
            b'[' => self.list(depth + 1),
            b'"' => self.string().map(Value::String),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Read<Value> {
        let words = [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
        ];
        let rest = self.text.get(self.at..).unwrap_or_default();
        for (word, value) in words {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.at += 1;
        Err("no value")
    }

    fn list(&mut self, depth: usize) -> Read<Value> {
        let mut items = Vec::new();
        self.at += 1;
        self.blanks();
        if !self.take(b']') {
            loop {
                items.push(self.value(depth)?);
                if self.ended(b']')? {
                    break;
                }
            }
        }
        Ok(Value::Array(items))
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        let mut members = Map::new();
        self.at += 1;
        self.blanks();
        if !self.take(b'}') {
            loop {
                self.blanks();
                if self.peek().ok_or(ENDED)? != b'"' {
                    self.at += 1;
                    return Err("no name of a member");
                }
                let name = self.string()?;
                self.blanks();
                if self.next()? != b':' {
                    return Err("no `:` behind the name of a member");
                }
                let value = self.value(depth)?;
                members.insert(name, value);
                if self.ended(b'}')? {
                    break;
                }
            }
        }
        Ok(Value::Object(members))
    }

    /// Whether a list or an object ends here; if not, a comma says that it goes on.
    fn ended(&mut self, bracket: u8) -> Read<bool> {
        self.blanks();
        match self.next()? {
            b',' => Ok(false),
            byte if byte == bracket => Ok(true),
            _ => Err("no `,` and no end"),
        }
    }

    fn string(&mut self) -> Read<String> {
        let mut read = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            while !matches!(self.peek(), Some(b'"' | b'\\' | 0..b' ') | None) {
                self.at += 1;
            }
            read.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.next()? {
                b'"' => return Ok(read),
                b'\\' => read.push(self.escaped()?),
                _ => return Err("a control character in a text"),
            }
        }
    }

    fn escaped(&mut self) -> Read<char> {
        const ODD: &str = "an escape that does not exist";
        let letter = self.next()?;
        if letter == b'/' {
            return Ok('/');
        }
        if letter != b'u' {
            let mut short = super::write::SHORT.iter();
            let found = short.find(|(_, own)| *own == char::from(letter));
            return found.map(|(byte, _)| char::from(*byte)).ok_or(ODD);
        }
        // A character outside the first plane stands as two halves (RFC 8259, section 7).
        let code = match self.four_digits()? {
            high @ 0xD800..0xDC00 => {
                if self.next()? != b'\\' || self.next()? != b'u' {
                    return Err(ODD);
                }
                match self.four_digits()? {
                    low @ 0xDC00..0xE000 => 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00),
                    _ => return Err(ODD),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or(ODD)
    }

    fn four_digits(&mut self) -> Read<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()?).to_digit(16);
            code = code * 16 + digit.ok_or("an escape without four digits")?;
        }
        Ok(code)
    }

    fn number(&mut self) -> Read<Value> {
        const ODD: &str = "no number";
        let start = self.at;
        let negative = self.take(b'-');
        let first = self.at;
        self.digits();
        let whole = self.text.get(first..self.at).unwrap_or_default();
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            return Err(ODD);
        }
        let mut decimal = Decimal::default();
        decimal.push(whole, 0);
        let mut plain = true;
        if self.take(b'.') {
            let first = self.at;
            self.digits();
            let part = self.text.get(first..self.at).unwrap_or_default();
            if part.is_empty() {
                return Err(ODD);
            }
            decimal.push(part, -1);
            plain = false;
        }
        if self.take(b'e') || self.take(b'E') {
            let small = self.take(b'-');
            if !small {
                self.take(b'+');
            }
            let first = self.at;
            self.digits();
            let part = self.text.get(first..self.at).unwrap_or_default();
            if part.is_empty() {
                return Err(ODD);
            }
            let size = part.parse().unwrap_or(i32::MAX);
            decimal.shift(if small { -size } else { size });
            plain = false;
        }
        let all = self.text.get(start..self.at).unwrap_or_default();
        let number = match (plain, negative) {
            (true, false) => all.parse::<u64>().ok().map(Number::from),
            // -0 is no whole number: its sign would be lost.
            (true, true) if whole != "0" => all.parse::<i64>().ok().map(Number::from),
            _ => None,
        };
        let sign = if negative { -1.0 } else { 1.0 };
        number
            .or_else(|| Number::from_f64(sign * decimal.value()))
            .map(Value::Number)
            .ok_or("a number out of range")
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }
}

/// A number as digits and a power of ten. As serde_json reads it: digits beyond what 64 bits hold
/// do not count, and the last bit of the result may differ from the nearest.
#[derive(Default)]
struct Decimal {
    digits: u64,
    power: i32,
}

impl Decimal {
    /// More digits; `step` is what each adds to the power where it counts.
    fn push(&mut self, text: &str, step: i32) {
        for byte in text.bytes() {
            let next = self.digits.checked_mul(10);
            match next.and_then(|digits| digits.checked_add((byte - b'0').into())) {
                Some(digits) => {
                    self.digits = digits;
                    self.power += step;
                }
                None => self.power += step + 1,
            }
        }
    }

    fn shift(&mut self, by: i32) {
        self.power = self.power.saturating_add(by);
    }

    fn value(&self) -> f64 {
        let mut value = self.digits as f64;
        let mut left = self.power.unsigned_abs().min(400);
        while left > 0 {
            // Powers of ten are exact in 64 bits up to this one.
            let step = left.min(22);
            let ten = (0..step).fold(1.0, |power, _| power * 10.0);
            value = if self.power < 0 {
                value / ten
            } else {
                value * ten
            };
            left -= step;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(text: &str) {
        let (own, theirs) = (read(text), serde_json::from_str::<Value>(text));
        match (&own, &theirs) {
            (Ok(own), Ok(theirs)) => assert!(alike(own, theirs), "{text}: {own} {theirs}"),
            (Err(_), Err(_)) => {}
            _ => panic!("{text:?}: {own:?}, serde_json {theirs:?}"),
        }
    }

    // Beyond the exact powers of ten neither reader gives the nearest number.
    fn alike(own: &Value, theirs: &Value) -> bool {
        match (own, theirs) {
            (Value::Array(own), Value::Array(theirs)) => {
                own.len() == theirs.len() && own.iter().zip(theirs).all(|(a, b)| alike(a, b))
            }
            (Value::Object(own), Value::Object(theirs)) => {
                let pairs = || own.iter().zip(theirs);
                own.len() == theirs.len()
                    && pairs().all(|((name, a), (other, b))| name == other && alike(a, b))
            }
            (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
                let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
                a.to_bits() == b.to_bits() || (a - b).abs() <= b.abs() * 1e-14
            }
            _ => own == theirs,
        }
    }

    #[test]
    fn odd_texts_are_refused_where_serde_json_refuses_them() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        for text in [
            "",
            " ",
            "nul",
            "nulls",
            "tru",
            "true false",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,]",
            "[1 2]",
            "]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\" 1}",
            "{1:2}",
            "\"",
            "\"a",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\\ud800\\n\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\n\"",
            "\"\u{1f}\"",
            "\u{feff}1",
            "é",
            "\u{a0}1",
            "01",
            "-",
            "-01",
            "+1",
            "1.",
            ".5",
            "1.e3",
            "1e",
            "1e+",
            "1e400",
            "-1e400",
            "1e99999999999",
            "NaN",
            "--1",
        ] {
            same(text);
            assert!(read(text).is_err(), "{text:?}");
        }
        same(&deep(127));
        same(&deep(128));
        assert!(read(&deep(127)).is_ok() && read(&deep(128)).is_err());
        assert!(read(&"{\"a\":".repeat(100_000)).is_err());
    }

    #[test]
    fn good_texts_are_read_as_by_serde_json() {
        for text in [
            " null ",
            "true\n",
            "\tfalse",
            "[]",
            "[ ]",
            "{}",
            "{ }",
            "[1 , 2]",
            "{\"a\" : {\"b\":[1]}}",
            "{\"a\":1,\"b\":2,\"a\":3}",
            "\"\\u0000\\u00e9\\ud83d\\ude00\\/\\\\\\\"\\b\\f\\n\\r\\t\"",
            "\"é😀\u{7f}\"",
            "0",
            "-0",
            "0.0",
            "-0.0",
            "0e9",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "1.5",
            "-2.25e-3",
            "1E+2",
            "1e-400",
            "0e400",
            "1.7976931348623157e308",
            "123456789012345678901234567890",
            "0.123456789012345678901234567890",
            "1e-99999999999",
        ] {
            same(text);
            assert!(read(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn an_error_names_its_line_and_column() {
        let said = |text| read(text).unwrap_err().to_string();
        assert_eq!(said("{\n  \"a\": x}"), "no value at line 2 column 8");
        assert_eq!(said("[1,"), "the text ends too early at line 1 column 3");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in super::super::write::tests::any_value()) {
            same(&serde_json::to_string(&value).unwrap());
            same(&serde_json::to_string_pretty(&value).unwrap());
        }

        #[test]
        fn any_text_is_read_or_refused_as_by_serde_json(text in "[\\[\\]{}:,\"\\\\ue0-9.+\\- \ntrfalsn]{0,24}") {
            same(&text);
        }

        #[test]
        fn numbers_are_those_of_serde_json(text in "-?[0-9]{1,22}(\\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?") {
            same(&text);
        }
    }
}
