//! Comparing dumps.

use serde_json::Value;

/// Where two dumps differ first, in a line.
pub fn difference(a: &Value, b: &Value) -> Option<String> {
    fn walk(a: &Value, b: &Value, at: String) -> Option<String> {
        match (a, b) {
            (Value::Object(a), Value::Object(b)) => {
                let names = a
                    .keys()
                    .chain(b.keys().filter(|name| !a.contains_key(*name)));
                names
                    .map(|name| {
                        (
                            name,
                            a.get(name).unwrap_or(&Value::Null),
                            b.get(name).unwrap_or(&Value::Null),
                        )
                    })
                    .find_map(|(name, a, b)| walk(a, b, format!("{at}/{name}")))
            }
            _ if a == b => None,
            _ => {
                let cut = |value: &Value| value.to_string().chars().take(200).collect::<String>();
                Some(format!("{at}: {} is not {}", cut(a), cut(b)))
            }
        }
    }
    walk(a, b, String::new())
}
