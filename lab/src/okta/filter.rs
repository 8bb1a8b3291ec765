//! The filter language of list operations: `name eq "x" and status eq "ACTIVE"`.

use serde_json::Value;

use super::error::OktaError;

/// A filter that was read.
#[derive(Debug, PartialEq)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Test {
        path: String,
        operator: String,
        wanted: Option<String>,
    },
}

impl Filter {
    /// Reads a filter. Errors are Okta's `E0000031`.
    pub(crate) fn read(text: &str) -> Result<Self, OktaError> {
        let words = words(text).ok_or_else(|| refused(text))?;
        let mut rest = words.as_slice();
        let filter = any(&mut rest).filter(|_| rest.is_empty());
        filter.ok_or_else(|| refused(text))
    }

    /// True when the object fits. Texts compare without case, as Okta's do.
    pub(crate) fn fits(&self, object: &Value) -> bool {
        self.fits_by(&|path| reached(object, path))
    }

    /// The same for an object of which only the attributes that are tested get made.
    pub(crate) fn fits_by(&self, attribute: &dyn Fn(&str) -> Option<Value>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.fits_by(attribute)),
            Self::Any(parts) => parts.iter().any(|part| part.fits_by(attribute)),
            Self::Test {
                path,
                operator,
                wanted,
            } => {
                let seen = attribute(path).filter(|value| !value.is_null());
                fits(seen.as_ref(), operator, wanted.as_deref())
            }
        }
    }

    /// True when any part tests this attribute.
    pub(crate) fn names(&self, attribute: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.names(attribute)),
            Self::Test { path, .. } => path == attribute,
        }
    }
}

// A path goes through every item of a list, as in `target.id`.
fn reached(value: &Value, path: &str) -> Option<Value> {
    if let Value::Array(items) = value {
        let found: Vec<Value> = items
            .iter()
            .filter_map(|item| reached(item, path))
            .collect();
        return Some(Value::Array(found)).filter(|_| !items.is_empty());
    }
    match path.split_once('.') {
        None => value.get(path).cloned(),
        Some((name, rest)) => reached(value.get(name)?, rest),
    }
}

fn refused(text: &str) -> OktaError {
    let shown: String = text.chars().take(80).collect();
    OktaError::new(400, "E0000031", "Invalid search criteria.")
        .because(format!("Invalid filter: {shown}"))
}

fn fits(seen: Option<&Value>, operator: &str, wanted: Option<&str>) -> bool {
    let Some(seen) = seen else {
        return operator == "ne";
    };
    if let Value::Array(items) = seen {
        return items.iter().any(|item| fits(Some(item), operator, wanted));
    }
    let seen = match seen {
        Value::String(text) => text.to_lowercase(),
        other => other.to_string(),
    };
    let wanted = wanted.unwrap_or_default().to_lowercase();
    match operator {
        "pr" => true,
        "eq" => seen == wanted,
        "ne" => seen != wanted,
        "sw" => seen.starts_with(&wanted),
        "co" => seen.contains(&wanted),
        "gt" => seen > wanted,
        "ge" => seen >= wanted,
        "lt" => seen < wanted,
        _ => seen <= wanted,
    }
}

// Words are bare or quoted; quoted ones keep their quote as a mark.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => quoted_end(rest)?,
            '(' | ')' => 1,
            _ => rest.find([' ', '(', ')']).unwrap_or(rest.len()),
        };
        words.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    Some(words)
}

fn quoted_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn any(words: &mut &[String]) -> Option<Filter> {
    let mut parts = vec![all(words)?];
    while take(words, "or") {
        parts.push(all(words)?);
    }
    Some(if parts.len() == 1 {
        parts.remove(0)
    } else {
        Filter::Any(parts)
    })
}

fn all(words: &mut &[String]) -> Option<Filter> {
    let mut parts = vec![test(words)?];
    while take(words, "and") {
        parts.push(test(words)?);
    }
    Some(if parts.len() == 1 {
        parts.remove(0)
    } else {
        Filter::All(parts)
    })
}

fn test(words: &mut &[String]) -> Option<Filter> {
    if take(words, "(") {
        let inner = any(words)?;
        return take(words, ")").then_some(inner);
    }
    let (path, operator) = (next(words)?, next(words)?.to_ascii_lowercase());
    if path.starts_with('"')
        || !["eq", "ne", "sw", "co", "pr", "gt", "ge", "lt", "le"].contains(&&*operator)
    {
        return None;
    }
    let wanted = match operator.as_str() {
        "pr" => None,
        _ => Some(literal(&next(words)?)?),
    };
    Some(Filter::Test {
        path,
        operator,
        wanted,
    })
}

fn literal(word: &str) -> Option<String> {
    match word {
        "true" | "false" => Some(word.to_owned()),
        _ if word.starts_with('"') => serde_json::from_str(word).ok(),
        _ => word.parse::<i64>().ok().map(|_| word.to_owned()),
    }
}

fn take(words: &mut &[String], wanted: &str) -> bool {
    let found = words
        .first()
        .is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    if found {
        *words = &words[1..];
    }
    found
}

fn next(words: &mut &[String]) -> Option<String> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    Some(first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn filters_read_and_fit() {
        let app = json!({ "name": "okta_org2org", "status": "ACTIVE", "settings": { "app": { "n": 3 } } });
        let fits = |text: &str| Filter::read(text).expect("reads").fits(&app);
        assert!(fits(r#"name eq "okta_org2org""#));
        assert!(fits(
            r#"name eq "x" or (status eq "active" and settings.app.n eq 3)"#
        ));
        assert!(!fits(r#"name eq "okta_org2org" and status eq "INACTIVE""#));
        assert!(fits("name pr") && !fits("label pr"));
        assert!(fits(r#"name sw "okta_""#));
    }

    #[test]
    fn broken_filters_are_refused() {
        for text in [
            "",
            "name",
            "name eq",
            "name is \"x\"",
            "name eq \"x",
            "(name eq \"x\"",
            "name eq \"x\" and",
        ] {
            assert!(Filter::read(text).is_err(), "{text}");
        }
    }
}
