//! The part of Okta's expression language that profile mappings use here: texts, attributes, joining, choosing.

use serde_json::{Map, Value};

/// An expression that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// `user.department`, `source.department`, `appuser.department`.
    Attribute(String),
    /// `condition ? yes : no`, where the condition compares two values.
    Choice(Box<[Expression; 4]>, bool),
    /// `"a" + user.b`, also `String.append(a, b)`.
    Joined(Vec<Expression>),
    Text(String),
}

impl Expression {
    /// Reads an expression; none when it is none, or uses what the lab does not know.
    pub(crate) fn read(text: &str) -> Option<Self> {
        // Nested brackets cost stack.
        let words = words(text).filter(|_| text.len() <= MOST_TEXT)?;
        let mut rest = words.as_slice();
        let read = choice(&mut rest)?;
        rest.is_empty().then_some(read)
    }

    /// Its value for a person; empty where an attribute is not set.
    pub(crate) fn value(&self, profile: &Map<String, Value>) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Attribute(name) => match profile.get(name) {
                Some(Value::String(text)) => text.clone(),
                None | Some(Value::Null) => String::new(),
                Some(other) => other.to_string(),
            },
            Self::Joined(parts) => parts.iter().map(|part| part.value(profile)).collect(),
            Self::Choice(parts, equal) => {
                let [left, right, yes, no] = parts.as_ref();
                let holds = (left.value(profile) == right.value(profile)) == *equal;
                if holds { yes } else { no }.value(profile)
            }
        }
    }
}

const MOST_TEXT: usize = 1024;

#[derive(Debug, PartialEq)]
enum Word {
    Name(String),
    Sign(&'static str),
    Text(String),
}

const SIGNS: [&str; 8] = ["==", "!=", "?", ":", "+", "(", ")", ","];

fn words(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let cut = if let Some(after) = rest.strip_prefix(['"', '\'']) {
            let quote = rest.chars().next()?;
            let end = after.find(quote)?;
            words.push(Word::Text(after.get(..end)?.to_owned()));
            end + 2
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            words.push(Word::Sign(sign));
            sign.len()
        } else {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'));
            let end = end.unwrap_or(rest.len());
            words.push(Word::Name(
                rest.get(..end).filter(|name| !name.is_empty())?.to_owned(),
            ));
            end
        };
        rest = rest.get(cut..)?.trim_start();
    }
    Some(words)
}

fn sign(rest: &mut &[Word], wanted: &str) -> Option<()> {
    let [Word::Sign(seen), more @ ..] = *rest else {
        return None;
    };
    (*seen == wanted).then(|| *rest = more)
}

fn choice(rest: &mut &[Word]) -> Option<Expression> {
    let left = joined(rest)?;
    let equal = match rest.first() {
        Some(Word::Sign("==")) => true,
        Some(Word::Sign("!=")) => false,
        _ => return Some(left),
    };
    *rest = rest.get(1..)?;
    let right = joined(rest)?;
    sign(rest, "?")?;
    let yes = choice(rest)?;
    sign(rest, ":")?;
    let no = choice(rest)?;
    Some(Expression::Choice(Box::new([left, right, yes, no]), equal))
}

fn joined(rest: &mut &[Word]) -> Option<Expression> {
    let first = single(rest)?;
    let mut parts = vec![first];
    while sign(rest, "+").is_some() {
        parts.push(single(rest)?);
    }
    Some(match parts.len() {
        1 => parts.remove(0),
        _ => Expression::Joined(parts),
    })
}

fn single(rest: &mut &[Word]) -> Option<Expression> {
    let [word, more @ ..] = *rest else {
        return None;
    };
    *rest = more;
    match word {
        Word::Text(text) => Some(Expression::Text(text.clone())),
        Word::Sign("(") => {
            let inner = choice(rest)?;
            sign(rest, ")").map(|()| inner)
        }
        Word::Sign(_) => None,
        Word::Name(name) if name == "String.append" => {
            sign(rest, "(")?;
            let mut parts = vec![choice(rest)?];
            while sign(rest, ",").is_some() {
                parts.push(choice(rest)?);
            }
            sign(rest, ")").map(|()| Expression::Joined(parts))
        }
        Word::Name(name) => {
            let (of, attribute) = name.split_once('.')?;
            let known = ["user", "source", "appuser"].contains(&of)
                && !attribute.is_empty()
                && !attribute.contains('.');
            known.then(|| Expression::Attribute(attribute.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        let profile = serde_json::json!({ "city": "Paris", "login": "ada", "level": 3 });
        Expression::read(text).map(|read| read.value(profile.as_object().expect("an object")))
    }

    #[test]
    fn what_mappings_use_is_read() {
        let good = [
            ("\"active_with_pass\"", "active_with_pass"),
            ("user.city", "Paris"),
            ("source.level", "3"),
            ("user.nothing", ""),
            ("user.login + '@' + user.city", "ada@Paris"),
            ("String.append(user.login, \".x\")", "ada.x"),
            ("user.city == \"Paris\" ? 'a' : 'b'", "a"),
            (
                "user.city != \"Paris\" ? 'a' : (user.login == 'ada' ? 'c' : 'd')",
                "c",
            ),
        ];
        for (text, wanted) in good {
            assert_eq!(value(text).as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "",
            "city",
            "\"open",
            "user.a +",
            "1 < 2",
            "other.city",
            "user.a.b",
            "(user.a",
            "é",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
