//! Writes what was exchanged to a file, one JSON line each, when the environment or a flag asks for it.
//!
//! Beside the sockets this is the lab's only output of its own. It is for conformance: exchanges that differ in
//! nothing but names, ids and times are written once, so that 100,000 fault schedules leave a small file.

use std::collections::HashSet;
use std::fs::{File, OpenOptions, create_dir_all};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use serde_json::Value;

use crate::exchange::Exchange;
use crate::fault::FaultKind;
use crate::okta::{Found, find};
use crate::wire::{Request, Response};

/// Names a folder: each process of a test run writes a file of its own there.
const FOLDER: &str = "ORG2ORG_RECORD";

struct Recording {
    file: File,
    /// Hashes of exchanges seen, byte for byte and by shape.
    seen: HashSet<u64>,
}

static TO_FILE: OnceLock<Option<Mutex<Recording>>> = OnceLock::new();

/// Records every API exchange of this process in a file.
///
/// # Errors
/// When the file cannot be opened, or this process records already.
pub fn record(file: &Path) -> io::Result<()> {
    let opened = OpenOptions::new().create(true).append(true).open(file)?;
    let recording = Recording {
        file: opened,
        seen: HashSet::new(),
    };
    TO_FILE
        .set(Some(Mutex::new(recording)))
        .map_err(|_| io::Error::other("this process records already"))
}

/// Keeps an exchange when somebody asked for it.
pub(crate) fn keep(request: &Request, response: &Response, fault: Option<FaultKind>) {
    let Some(recording) = TO_FILE.get_or_init(from_environment) else {
        return;
    };
    let mut recording = recording.lock().expect("no holder panics");
    if !recording
        .seen
        .insert(bytes_of(request, response, fault.is_some()))
    {
        return;
    }
    let exchange = Exchange::of(request, response, fault);
    if recording.seen.insert(shape_of(request, &exchange)) {
        let line = serde_json::to_string(&exchange).expect("an exchange has a text");
        let written = writeln!(recording.file, "{line}");
        written.expect("the recording can be written");
    }
}

fn from_environment() -> Option<Mutex<Recording>> {
    let folder = std::env::var_os(FOLDER)?;
    create_dir_all(&folder).expect("the folder for recordings can be made");
    let file = Path::new(&folder).join(format!("{}.jsonl", std::process::id()));
    let file = OpenOptions::new().create(true).append(true).open(file);
    Some(Mutex::new(Recording {
        file: file.expect("the recording can be opened"),
        seen: HashSet::new(),
    }))
}

fn bytes_of(request: &Request, response: &Response, faulty: bool) -> u64 {
    let mut hash = DefaultHasher::new();
    (
        &request.method,
        &request.path,
        &request.query,
        &request.body,
    )
        .hash(&mut hash);
    (response.status, &response.body, faulty).hash(&mut hash);
    hash.finish()
}

fn shape_of(request: &Request, exchange: &Exchange) -> u64 {
    let mut hash = DefaultHasher::new();
    let place = match find(&request.method, &request.path) {
        Found::Operation(route, _) => route.path,
        Found::OtherMethod | Found::Nothing => &request.path,
    };
    let names: Vec<String> = request
        .query_pairs()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    (&exchange.method, place, names, exchange.status).hash(&mut hash);
    (&exchange.client, exchange.fault.is_some()).hash(&mut hash);
    shape(&exchange.request, &mut hash);
    shape(&exchange.response, &mut hash);
    hash.finish()
}

// Words in capitals are members of enumerations and count as they are; other texts by whether they are empty.
fn shape(value: &Value, hash: &mut DefaultHasher) {
    match value {
        Value::Array(items) => {
            let mut kinds: Vec<u64> = items.iter().map(alone).collect();
            kinds.sort_unstable();
            kinds.dedup();
            ("[", kinds).hash(hash);
        }
        Value::Object(fields) => {
            "{".hash(hash);
            for (name, value) in fields {
                name.hash(hash);
                shape(value, hash);
            }
            "}".hash(hash);
        }
        Value::String(text) if is_word(text) => text.hash(hash),
        Value::String(text) => ("text", text.is_empty(), text.len() > 100).hash(hash),
        Value::Number(_) => "number".hash(hash),
        other => other.to_string().hash(hash),
    }
}

fn alone(value: &Value) -> u64 {
    let mut hash = DefaultHasher::new();
    shape(value, &mut hash);
    hash.finish()
}

fn is_word(text: &str) -> bool {
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    text.len() > 2 && text.len() < 40 && text.bytes().all(capital)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(id: &str, status: &str) -> u64 {
        let request = Request::new("GET", &format!("https://acme.okta.com/api/v1/apps/{id}"));
        let answer = Response::json(200, &json!({ "id": id, "status": status }));
        shape_of(&request, &Exchange::of(&request, &answer, None))
    }

    #[test]
    fn what_differs_in_names_only_is_kept_once() {
        assert_eq!(
            kept("0oa11111111111111111", "ACTIVE"),
            kept("0oa2", "ACTIVE")
        );
        assert_ne!(kept("0oa1", "ACTIVE"), kept("0oa1", "INACTIVE"));
    }
}
