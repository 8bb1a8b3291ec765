//! JSON that keeps the order of members and their repetition, and errors that point at a character.

use super::JwksError;
use super::error::place_after;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value; members as written, twice when written twice.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Array(Vec<Json>),
    Bool,
    Null,
    Number,
    Object(Vec<(String, Json)>),
    Text(String),
}

impl Json {
    pub(super) fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members
                .iter()
                .find_map(|(seen, value)| (seen == name).then_some(value)),
            _ => None,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Array(_) => "a list",
            Self::Bool => "true or false",
            Self::Null => "null",
            Self::Number => "a number",
            Self::Object(_) => "an object",
            Self::Text(_) => "a text",
        }
    }
}

/// Reads a whole text.
pub(super) fn read(text: &str) -> Result<Json, JwksError> {
    serde_json::from_str(text).map_err(|error| locate(text, &error))
}

/// serde_json counts bytes, and the end of a line as column 0 of the next; editors count characters.
fn locate(text: &str, error: &serde_json::Error) -> JwksError {
    let lines = text.split_inclusive('\n').map(str::len);
    let start: usize = lines.take(error.line().saturating_sub(1)).sum();
    let mut byte = (start + error.column()).saturating_sub(1);
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let (before, after) = text.split_at(byte);
    let (line, column) = place_after(before);
    if error.is_eof() {
        return JwksError::Truncated { line, column };
    }
    // The text of serde_json ends with its own place, which counts bytes.
    let message = error.to_string();
    let why = message.split(" at line ").next().unwrap_or_default();
    JwksError::Json {
        line,
        column,
        character: after.chars().next(),
        why: why.to_owned(),
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            members.push(entry);
        }
        Ok(Json::Object(members))
    }
}
