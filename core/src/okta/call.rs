//! Calls as values: what to read, what to write, and how a write is shown before it is sent.

use crate::json;
use crate::map::Map;
use crate::search::replaced;

use serde::Serialize;
use serde_json::Value;

use super::{ReadOp, WriteOp};

/// Values for the `{names}` of a path and for the allowed query parameters.
pub type Params = Map<String, String>;

/// A named operation with its parameters, as the relay takes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Call {
    /// Name of the operation.
    pub op: String,
    /// Path and query values.
    pub params: Params,
    /// The server's own query of a next page, taken from its `Link` header and never rebuilt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_raw: Option<String>,
    /// The JSON body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl Call {
    /// The path with its parameters filled in, and the query, for people and for drivers
    /// without a relay.
    pub fn address(&self) -> String {
        let (template, query) = match (super::read_op(&self.op), super::write_op(&self.op)) {
            (Some(op), _) => (op.path, op.query),
            (_, Some(op)) => (op.path, op.query),
            _ => return self.op.clone(),
        };
        let path = fill(template, &self.params);
        if let Some(raw) = &self.query_raw {
            return format!("{path}?{raw}");
        }
        let mut address = path;
        let mut before = "?";
        for name in query {
            if let Some(value) = self.params.get(*name) {
                let pair = [before, name, "=", &encoded(value, "+")].concat();
                address.push_str(&pair);
                before = "&";
            }
        }
        address
    }
}

fn fill(template: &str, params: &Params) -> String {
    let mut path = template.to_owned();
    for (name, value) in params.iter() {
        path = replaced(&path, &["{", name, "}"].concat(), &path_segment(value));
    }
    path
}

/// One path segment; placeholders of a plan (`⟨org2org-app⟩`) stay readable.
fn path_segment(value: &str) -> String {
    if value.starts_with('⟨') {
        return value.to_owned();
    }
    encoded(value, "%20")
}

/// A value in the `application/x-www-form-urlencoded` form of the URL Standard, with its spaces written so. The library's
/// own writer brings a table of 768 bytes into the panel.
pub(crate) fn encoded(value: &str, space: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                text.push(char::from(byte));
            }
            b' ' => text.push_str(space),
            _ => {
                let digit = |half: u8| char::from(half + if half < 10 { b'0' } else { b'A' - 10 });
                text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    text
}

/// A read: what a row's `probe` gives.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The operation; `None` when nothing needs to be read to know the answer.
    pub op: Option<&'static ReadOp>,
    /// Path and query values.
    pub params: Params,
}

impl Probe {
    /// A read of `op` with these values.
    pub fn of<const N: usize>(op: &'static ReadOp, params: [(&str, &str); N]) -> Probe {
        Probe {
            op: Some(op),
            params: owned(params),
        }
    }

    /// No read at all: `read` is called with an empty answer.
    pub fn none() -> Probe {
        Probe {
            op: None,
            params: Params::new(),
        }
    }

    /// As the relay takes it.
    pub fn call(&self) -> Option<Call> {
        self.op.map(|op| Call {
            op: op.id.to_owned(),
            params: self.params.clone(),
            query_raw: None,
            body: None,
        })
    }
}

/// A write: what a row's `write` and `undo` give.
#[derive(Debug, Clone)]
pub struct Write {
    /// The operation.
    pub op: &'static WriteOp,
    /// Path and query values.
    pub params: Params,
    /// What is sent.
    pub content: Content,
}

/// What a write sends.
#[derive(Debug, Clone)]
pub enum Content {
    /// An object read before, with some members changed: for calls that replace the whole.
    Changed {
        /// The object as it was read; null where only the changes are sent.
        base: Value,
        /// What changes in it.
        changes: Vec<Change>,
    },
    /// Nothing.
    Nothing,
    /// This object, which names a person: shown before it is sent, and kept nowhere.
    Personal(Value),
    /// This object.
    Whole(Value),
}

/// One member that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// Its value before; null when it had none.
    pub before: Value,
    /// Its value after.
    pub after: Value,
}

impl Write {
    /// A write of `op` without a body.
    pub fn of<const N: usize>(op: &'static WriteOp, params: [(&str, &str); N]) -> Write {
        Write {
            op,
            params: owned(params),
            content: Content::Nothing,
        }
    }

    /// The same write with a body.
    pub fn with(mut self, body: Value) -> Write {
        self.content = Content::Whole(body);
        self
    }

    /// The same write with a body that names a person.
    pub fn with_personal(mut self, body: Value) -> Write {
        self.content = Content::Personal(body);
        self
    }

    /// The same write, sending `base` with the values at these pointers replaced.
    pub fn changing<const N: usize>(mut self, base: &Value, set: [(&str, Value); N]) -> Write {
        self.content = Content::Changed {
            changes: changes(base, set),
            base: base.clone(),
        };
        self
    }

    /// The same write, sending nothing but the values at these pointers: for calls that keep what
    /// they do not name. `seen` is where they stand now.
    pub fn patching<const N: usize>(mut self, seen: &Value, set: [(&str, Value); N]) -> Write {
        self.content = Content::Changed {
            changes: changes(seen, set),
            base: Value::Null,
        };
        self
    }

    /// As the relay takes it.
    pub fn call(&self) -> Call {
        let body = match &self.content {
            Content::Changed { base, changes } => Some(changed(base, changes)),
            Content::Nothing => None,
            Content::Personal(body) | Content::Whole(body) => Some(body.clone()),
        };
        Call {
            op: self.op.id.to_owned(),
            params: self.params.clone(),
            query_raw: None,
            body,
        }
    }
}

fn changes<const N: usize>(seen: &Value, set: [(&str, Value); N]) -> Vec<Change> {
    set.into_iter()
        .map(|(pointer, after)| Change {
            before: json::at(seen, pointer).cloned().unwrap_or(Value::Null),
            pointer: pointer.to_owned(),
            after,
        })
        .collect()
}

/// `base` with these values set, without what the server owns.
pub(crate) fn changed(base: &Value, changes: &[Change]) -> Value {
    let mut whole = base.clone();
    for change in changes {
        put(&mut whole, &change.pointer, change.after.clone());
    }
    // The server owns these and refuses or ignores them.
    if let Value::Object(members) = &mut whole {
        let all = std::mem::take(members);
        let own = |(name, _): &(String, Value)| name != "_links" && name != "_embedded";
        members.extend(all.into_iter().filter(own));
    }
    whole
}

/// Sets the value at a JSON pointer, making the objects on the way where there are none.
fn put(whole: &mut Value, pointer: &str, value: Value) {
    let mut at = whole;
    for name in pointer.split('/').skip(1) {
        if !at.is_object() {
            *at = Value::Object(serde_json::Map::new());
        }
        let Value::Object(members) = at else { return };
        at = members.entry(name.to_owned()).or_insert(Value::Null);
    }
    *at = value;
}

fn owned<const N: usize>(params: [(&str, &str); N]) -> Params {
    params
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::apps;
    use super::*;
    use serde_json::json;

    proptest::proptest! {
        #[test]
        fn values_are_written_as_the_library_writes_them(value in ".*") {
            let theirs: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            assert_eq!(encoded(&value, "+"), theirs);
        }
    }

    #[test]
    fn an_address_encodes_what_a_row_gives_it() {
        let probe = Probe::of(&apps::LIST, [("filter", "name eq \"okta_org2org\"")]);
        assert_eq!(
            probe.call().unwrap().address(),
            "/api/v1/apps?filter=name+eq+%22okta_org2org%22"
        );
        let probe = Probe::of(&apps::READ, [("app", "../users/me")]);
        assert_eq!(
            probe.call().unwrap().address(),
            "/api/v1/apps/..%2Fusers%2Fme"
        );
    }

    #[test]
    fn a_patch_sends_nothing_else() {
        let seen = json!({"create": {"status": "DISABLED"}, "update": {"status": "ENABLED"}});
        let write = Write::of(&apps::REPLACE, [("app", "0oa")])
            .patching(&seen, [("/create/status", json!("ENABLED"))]);
        assert_eq!(
            write.call().body.unwrap(),
            json!({"create": {"status": "ENABLED"}})
        );
        let Content::Changed { changes, .. } = write.content else {
            panic!("changes are shown");
        };
        assert_eq!(changes[0].before, json!("DISABLED"));
    }

    #[test]
    fn a_change_keeps_everything_else() {
        let base = json!({"label": "x", "settings": {"app": {"acsUrl": null, "baseUrl": "b"}}, "_links": {}});
        let write = Write::of(&apps::REPLACE, [("app", "0oa")])
            .changing(&base, [("/settings/app/acsUrl", json!("a"))]);
        assert_eq!(
            write.call().body.unwrap(),
            json!({"label": "x", "settings": {"app": {"acsUrl": "a", "baseUrl": "b"}}})
        );
    }
}
