//! Whether two answers are alike: the same members, types, nulls and words of enumerations.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// One place where the lab's answer is not like the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlike {
    /// JSON pointer; indexes of lists are `*`.
    pub at: String,
    /// What is there instead of what.
    pub what: String,
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

/// Compares a recorded value with the lab's; `ids` are recorded ids with the lab's for the same objects.
pub fn unlike(recorded: &Value, lab: &Value, ids: &BTreeMap<String, String>) -> Vec<Unlike> {
    let mut found = Vec::new();
    values(recorded, lab, ids, "", &mut found);
    found.dedup();
    found
}

fn values(
    recorded: &Value,
    lab: &Value,
    ids: &BTreeMap<String, String>,
    at: &str,
    found: &mut Vec<Unlike>,
) {
    match (recorded, lab) {
        (Value::Object(recorded), Value::Object(lab)) if is_free(at) => {
            if let (Some(recorded), Some(lab)) = (recorded.values().next(), lab.values().next()) {
                values(recorded, lab, ids, &format!("{at}/*"), found);
            }
        }
        (Value::Object(recorded), Value::Object(lab)) => members(recorded, lab, ids, at, found),
        (Value::Array(recorded), Value::Array(lab)) => items(recorded, lab, ids, at, found),
        (Value::String(recorded), Value::String(lab)) if is_word(recorded) && recorded != lab => {
            found.push(place(at, format!("`{lab}`, not `{recorded}`")));
        }
        _ if kind(recorded) == kind(lab) => {}
        _ => found.push(place(at, format!("{}, not {}", kind(lab), kind(recorded)))),
    }
}

fn members(
    recorded: &Map<String, Value>,
    lab: &Map<String, Value>,
    ids: &BTreeMap<String, String>,
    at: &str,
    found: &mut Vec<Unlike>,
) {
    for (name, value) in recorded {
        let here = format!("{at}/{name}");
        match lab.get(name) {
            Some(own) => values(value, own, ids, &here, found),
            None => found.push(place(&here, "missing")),
        }
    }
    for name in lab.keys().filter(|name| !recorded.contains_key(*name)) {
        found.push(place(&format!("{at}/{name}"), "extra"));
    }
}

// Items are paired by the object they show; those of other objects were never made again.
fn items(
    recorded: &[Value],
    lab: &[Value],
    ids: &BTreeMap<String, String>,
    at: &str,
    found: &mut Vec<Unlike>,
) {
    let here = format!("{at}/*");
    if let Some(words) = texts(recorded) {
        // Lists of plain texts, such as allowed methods, are sets; names among them are the org's own.
        let own = texts(lab).unwrap_or_default();
        let missing = words
            .iter()
            .find(|word| is_word(word) && !own.contains(word));
        if let Some(missing) = missing {
            found.push(place(&here, format!("no `{missing}`")));
        } else if own.is_empty() && !words.is_empty() {
            found.push(place(at, "an empty list"));
        }
        return;
    }
    for (number, item) in recorded.iter().enumerate() {
        let id = item.get("id").or_else(|| item.get("kid"));
        match id.and_then(Value::as_str) {
            Some(id) => {
                let own = ids.get(id).map_or(id, String::as_str);
                let same = |item: &&Value| {
                    item.get("id").or_else(|| item.get("kid")) == Some(&Value::from(own))
                };
                match (lab.iter().find(same), ids.contains_key(id)) {
                    (Some(own), _) => values(item, own, ids, &here, found),
                    (None, true) => found.push(place(&here, "an object of this run is missing")),
                    (None, false) => {}
                }
            }
            None => match lab.get(number).or(lab.first()) {
                Some(own) => values(item, own, ids, &here, found),
                None => found.push(place(at, "an empty list")),
            },
        }
    }
    if recorded.is_empty() && !lab.is_empty() {
        found.push(place(at, "not an empty list"));
    }
}

fn texts(items: &[Value]) -> Option<Vec<&str>> {
    let all: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    all.filter(|all| !all.is_empty())
}

// Maps whose keys are names of the org's own.
fn is_free(at: &str) -> bool {
    at.ends_with("/appLinks")
}

fn place(at: &str, what: impl Into<String>) -> Unlike {
    Unlike {
        at: at.to_owned(),
        what: what.into(),
    }
}

fn is_word(text: &str) -> bool {
    // What was taken out of a recording before it was published says nothing.
    if text == "REDACTED" {
        return false;
    }
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit();
    (3..40).contains(&text.len())
        && text.contains(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(capital)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
        Value::Number(_) => "a number",
        Value::Object(_) => "an object",
        Value::String(_) => "a text",
    }
}

/// Element and attribute names of an XML document, in order.
pub fn outline(xml: &str) -> Result<Vec<String>, String> {
    let document = roxmltree::Document::parse(xml).map_err(|error| format!("no XML: {error}"))?;
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    let names = elements.map(|element| {
        let mut names: Vec<&str> = element.attributes().map(|own| own.name()).collect();
        names.sort_unstable();
        format!("{} {}", element.tag_name().name(), names.join(" "))
    });
    Ok(names.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_types_nulls_and_words_count_and_names_do_not() {
        let recorded = json!({ "id": "a", "label": "X", "status": "ACTIVE", "note": null, "list": [{ "id": "b", "n": 1 }] });
        let lab = json!({ "id": "z", "label": "Y", "status": "INACTIVE", "note": "", "more": 1, "list": [{ "id": "c", "n": "1" }] });
        let ids = BTreeMap::from([("b".to_owned(), "c".to_owned())]);
        let said: Vec<String> = unlike(&recorded, &lab, &ids)
            .iter()
            .map(Unlike::to_string)
            .collect();
        assert_eq!(
            said,
            [
                "/status: `INACTIVE`, not `ACTIVE`",
                "/note: a text, not null",
                "/list/*/n: a text, not a number",
                "/more: extra"
            ]
        );
    }
}
