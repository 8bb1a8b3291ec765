//! JSON as text (RFC 8259): read into serde_json's values, and written.
//!
//! What serde_json accepts and writes is accepted and written here, byte for byte; the tests hold
//! the two together. Its reader and writers carry tables for fractions and the errors of streams:
//! without them the extension's module is smaller by some 9 KB after gzip.

mod read;
mod write;

use serde_json::{Map, Value};

pub use read::{JsonError, read};
pub use write::{Members, Text, ToJson, pretty, text};

/// A JSON value, written as it reads; any expression that [`Value::from`] takes stands for its value.
macro_rules! json {
    ({ $($members:tt)* }) => {{
        #[allow(unused_mut, reason = "an object may have no members")]
        let mut object = ::serde_json::Map::new();
        $crate::json::json!(@members object, $($members)*);
        ::serde_json::Value::Object(object)
    }};
    ([ $($item:expr),* $(,)? ]) => {
        ::serde_json::Value::Array(::std::vec![$(::serde_json::Value::from($item)),*])
    };
    (@members $object:ident,) => {};
    (@members $object:ident, $name:literal : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $name, $crate::json::json!({ $($inner)* }));
        $crate::json::json!(@members $object, $($($rest)*)?);
    };
    (@members $object:ident, $name:literal : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $name, $crate::json::json!([ $($inner)* ]));
        $crate::json::json!(@members $object, $($($rest)*)?);
    };
    (@members $object:ident, $name:literal : null $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $name, ::serde_json::Value::Null);
        $crate::json::json!(@members $object, $($($rest)*)?);
    };
    (@members $object:ident, $name:literal : $value:expr $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $name, ::serde_json::Value::from($value));
        $crate::json::json!(@members $object, $($($rest)*)?);
    };
    ($value:expr) => {
        ::serde_json::Value::from($value)
    };
}
pub(crate) use json;

/// The value at a JSON pointer (RFC 6901) without escapes: none of ours has one.
pub fn at<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut at = value;
    for name in pointer.split('/').skip(1) {
        at = match at {
            Value::Array(items) => items.get(name.parse::<usize>().ok()?)?,
            Value::Object(members) => members.get(name)?,
            _ => return None,
        };
    }
    Some(at)
}

pub(crate) fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}
