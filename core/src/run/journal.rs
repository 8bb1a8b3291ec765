//! The journal: what was intended, what came of it, what proved it. Entries are chained by hash.
//!
//! An intent is stored before the first byte of its write leaves. A journal that does not hold
//! together is never mended or read as empty: it allows looking, not writing.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::facts::Place;
use crate::json;
use crate::map::sorted;
use crate::okta::{Call, Change};

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its number, from 0, without gaps.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The step and member it is about.
    pub key: String,
    /// What happened.
    pub event: Event,
    /// Hash of the entry before; empty for the first.
    pub prev: String,
    /// SHA-256 over all of the above, hex.
    pub hash: String,
}

/// What an entry records.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A write is about to be sent.
    Intent {
        /// Why it is sent.
        purpose: Purpose,
        /// The call; a full replace is recorded by its changes, not by the whole object.
        call: Call,
        /// The members it changes, with their values before.
        changes: Vec<Change>,
    },
    /// What the org answered.
    Outcome {
        /// Number of the intent.
        intent: u64,
        /// The answer's meaning.
        outcome: Outcome,
    },
    /// A read proved the step.
    Proof {
        /// Id of the object that proves it.
        id: Option<String>,
        /// SHA-256 over the object without its volatile members, hex.
        fingerprint: String,
    },
    /// A read proved that what we made is gone, or set back.
    Undone,
}

/// Why a write is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To reach the step.
    Apply,
    /// To take it back.
    Undo,
}

/// What an answer to a write means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "meaning", rename_all = "kebab-case")]
pub enum Outcome {
    /// The org says it did it.
    Accepted {
        /// Id of the object it made, if it made one.
        id: Option<String>,
    },
    /// The org surely did not do it.
    Refused {
        /// What it said.
        why: String,
    },
    /// Nobody knows until the org has been read.
    Unsure {
        /// Why.
        why: String,
    },
}

/// The entries of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Journal {
    /// In order.
    pub entries: Vec<Entry>,
}

/// What the journal proves this run made: given to a row's `undo`.
pub struct Made<'a> {
    /// Where the row stands.
    pub place: &'a Place,
    /// The write that made it.
    pub call: &'a Call,
    /// Id of what was made.
    pub id: Option<&'a str>,
    /// The members it changed, with their values before.
    pub changes: &'a [Change],
}

impl Made<'_> {
    /// A path value of the write that made it; empty when the write had none of this name.
    pub fn param(&self, name: &str) -> &str {
        self.call.params.get(name).map_or("", String::as_str)
    }

    /// The value that a member had before; null where it had none.
    pub fn before(&self, pointer: &str) -> Value {
        let mut changes = self.changes.iter();
        changes
            .find(|change| change.pointer == pointer)
            .map_or(Value::Null, |change| change.before.clone())
    }
}

impl Journal {
    /// Appends an event and gives the entry to be stored.
    pub fn record(&mut self, at: u64, key: &str, event: Event) -> Entry {
        let prev = self
            .entries
            .last()
            .map_or(String::new(), |entry| entry.hash.clone());
        let seq = self.entries.len() as u64;
        let mut entry = Entry {
            seq,
            at,
            key: key.to_owned(),
            event,
            prev,
            hash: String::new(),
        };
        entry.hash = entry.digest();
        self.entries.push(entry.clone());
        entry
    }

    /// Where the chain breaks, if it does.
    pub fn damage(&self) -> Option<String> {
        let mut prev = "";
        for (index, entry) in self.entries.iter().enumerate() {
            let whole =
                entry.seq == index as u64 && entry.prev == prev && entry.hash == entry.digest();
            if !whole {
                return Some(format!(
                    "entry {index} of the journal does not follow from the one before"
                ));
            }
            prev = &entry.hash;
        }
        None
    }
}

impl Entry {
    fn digest(&self) -> String {
        let event = json::text(&self.event);
        sha256(&format!(
            "{}\n{}\n{}\n{}\n{event}",
            self.seq, self.at, self.key, self.prev
        ))
    }

    /// One line for a person, with the key of the step.
    pub fn line(&self) -> String {
        format!("{}: {}", self.key, self.words())
    }

    /// What happened, for a reader who knows the step.
    pub fn words(&self) -> String {
        match &self.event {
            Event::Intent { purpose, call, .. } => {
                let verb = match purpose {
                    Purpose::Apply => "about to send",
                    Purpose::Undo => "about to take back",
                };
                let method = crate::okta::write_op(&call.op).map_or("", |op| op.method.name());
                format!("{verb} {method} {}", call.address())
            }
            Event::Outcome {
                outcome: Outcome::Accepted { id: Some(id) },
                ..
            } => {
                format!("accepted ({id})")
            }
            Event::Outcome {
                outcome: Outcome::Accepted { id: None },
                ..
            } => "accepted".into(),
            Event::Outcome {
                outcome: Outcome::Refused { why },
                ..
            } => format!("refused, {why}"),
            Event::Outcome {
                outcome: Outcome::Unsure { why },
                ..
            } => {
                format!("no certain answer, {why}")
            }
            Event::Proof { .. } => "proven by a read".into(),
            Event::Undone => "taken back, proven by a read".into(),
        }
    }
}

/// A fingerprint of an object, to notice changes by others. Members that move by themselves, and
/// links, are left out; members are taken in the order of their names.
pub fn fingerprint(object: &Value) -> String {
    let mut text = String::new();
    canonical(object, &mut text);
    sha256(&text)
}

// An app's `features` echo its provisioning, which is set by calls of its own.
const VOLATILE: [&str; 6] = [
    "_embedded",
    "_links",
    "features",
    "lastMembershipUpdated",
    "lastUpdated",
    "statusChanged",
];

fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let names: Vec<&String> = members
                .keys()
                .filter(|name| !VOLATILE.contains(&name.as_str()))
                .collect();
            text.push('{');
            for name in sorted(names) {
                text.push_str(&json::text(name));
                canonical(members.get(name).unwrap_or(&Value::Null), text);
                text.push(',');
            }
            text.push('}');
        }
        plain => text.push_str(&json::text(plain)),
    }
}

pub(super) fn sha256(text: &str) -> String {
    sha256_of(text.as_bytes())
}

pub(super) fn sha256_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sample() -> Journal {
        let mut journal = Journal::default();
        let call = Call {
            op: "apps.create".into(),
            params: [("app".to_owned(), "0oa1".to_owned())].into(),
            query_raw: None,
            body: None,
        };
        let intent = Event::Intent {
            purpose: Purpose::Apply,
            call,
            changes: vec![],
        };
        journal.record(1, "org2org-app", intent);
        let outcome = Outcome::Accepted {
            id: Some("0oa1".into()),
        };
        journal.record(2, "org2org-app", Event::Outcome { intent: 0, outcome });
        journal.record(
            3,
            "org2org-app",
            Event::Proof {
                id: None,
                fingerprint: "f".into(),
            },
        );
        journal
    }

    #[test]
    fn any_change_to_any_entry_is_noticed() {
        let journal = sample();
        assert_eq!(journal.damage(), None);
        for index in 0..journal.entries.len() {
            let mut flipped = journal.clone();
            flipped.entries[index].at += 1;
            assert!(flipped.damage().is_some());
            let mut missing = journal.clone();
            missing.entries.remove(index);
            assert_eq!(
                missing.damage().is_some(),
                index + 1 < journal.entries.len()
            );
        }
    }

    #[test]
    fn fingerprints_ignore_order_and_volatile_members() {
        let a = json!({"a": 1, "b": {"c": [1, 2]}, "lastUpdated": "x"});
        let b = json!({"b": {"c": [1, 2], "_links": {}}, "a": 1});
        assert_eq!(fingerprint(&a), fingerprint(&b));
        assert_ne!(
            fingerprint(&a),
            fingerprint(&json!({"a": 1, "b": {"c": [2, 1]}}))
        );
    }
}
