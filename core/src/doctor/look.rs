//! What a rule sees: answers when they are in, and objects that know where they were read.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use super::report::Use;
use crate::explain::seen;
use crate::map::Map;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe};
use crate::run::{Pair, Side};

/// Which read: the org, and the address in it.
pub(super) type Key = (Side, String);
/// What came of it; nothing while it is under way.
pub(super) type Came = Option<Result<Arc<Answer>, String>>;

/// What a rule says: the evidence of what is wrong, or none.
pub type Judged = Result<Vec<Evidence>, Stop>;

/// Why a rule does not judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// There is nothing here for it to judge, and why.
    DoesNotApply(String),
    /// A read had no usable answer, and why.
    Unknown(String),
    /// An answer is awaited.
    Waits,
}

impl Stop {
    /// There is nothing for the rule here.
    pub fn not_here(why: &str) -> Stop {
        Stop::DoesNotApply(why.to_owned())
    }
}

/// What was seen, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// In which org.
    pub side: Side,
    /// The read that showed it, without its query.
    pub read: String,
    /// Id of the object; empty when it has none.
    pub object: String,
    /// Where in the answer, as a JSON pointer (RFC 6901).
    pub place: String,
    /// What stood there: secrets masked, mail addresses without their first part, cut.
    pub seen: String,
}

/// One object of an answer.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    side: Side,
    address: &'a str,
    at: String,
    value: &'a Json,
}

/// See the module.
pub struct Look<'a> {
    pub(super) pair: &'a Pair,
    pub(super) now: u64,
    pub(super) whole: bool,
    pub(super) name: &'a str,
    pub(super) days: u32,
    pub(super) reads: &'a Map<Key, Came>,
    pub(super) uses: &'a [Use],
    pub(super) wants: RefCell<Vec<(Side, Probe)>>,
    pub(super) used: RefCell<Vec<Key>>,
    pub(super) partly: RefCell<Option<&'static str>>,
}

impl<'a> Look<'a> {
    /// The pair that is examined.
    pub fn pair(&self) -> &'a Pair {
        self.pair
    }

    /// The time, in milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Whether long lists are read to their end.
    pub fn whole(&self) -> bool {
        self.whole
    }

    /// Name of the person or group that is looked at; empty in an examination of the link.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// How many days back logs are read.
    pub fn days(&self) -> u32 {
        self.days
    }

    /// How much of each limit the examination used so far.
    pub fn uses(&self) -> &'a [Use] {
        self.uses
    }

    /// Says that not all there is was looked at.
    pub(super) fn only(&self, what: &'static str) {
        *self.partly.borrow_mut() = Some(what);
    }

    /// The answer to a read of the source.
    pub fn source(&self, probe: Probe) -> Result<Object<'a>, Stop> {
        Ok(self.read(Side::Source, probe)?.0)
    }

    /// The answer to a read of the target.
    pub fn target(&self, probe: Probe) -> Result<Object<'a>, Stop> {
        Ok(self.read(Side::Target, probe)?.0)
    }

    /// The object that a read gives, with the whole answer.
    pub fn read(&self, side: Side, probe: Probe) -> Result<(Object<'a>, &'a Answer), Stop> {
        let address = probe.call().map(|call| call.address()).unwrap_or_default();
        let key = (side, address);
        let Some(at) = self.reads.iter().find(|(own, _)| **own == key) else {
            self.wants.borrow_mut().push((side, probe));
            return Err(Stop::Waits);
        };
        let ((_, address), came) = at;
        match came {
            None => Err(Stop::Waits),
            Some(came) => {
                self.used.borrow_mut().push(key);
                match came {
                    Err(why) => Err(Stop::Unknown(format!(
                        "{} in the {}: {}",
                        shown(address),
                        side.name(),
                        mask_mail(why)
                    ))),
                    Ok(answer) => {
                        let object = Object {
                            side,
                            address,
                            at: String::new(),
                            value: answer.body(),
                        };
                        Ok((object, answer))
                    }
                }
            }
        }
    }
}

impl<'a> Object<'a> {
    /// The value at a pointer; null when there is none.
    pub fn value(&self, pointer: &str) -> &'a Json {
        self.value.pointer(pointer).unwrap_or(&Json::Null)
    }

    /// The text at a pointer; empty when there is none.
    pub fn text(&self, pointer: &str) -> &'a str {
        text(self.value, pointer).unwrap_or_default()
    }

    /// Whether that text stands there.
    pub fn is(&self, pointer: &str, word: &str) -> bool {
        self.text(pointer) == word
    }

    /// Whether the answer was that there is none.
    pub fn is_nothing(&self) -> bool {
        self.value.is_null()
    }

    /// Its id.
    pub fn id(&self) -> &'a str {
        self.text("/id")
    }

    /// Whether it is active.
    pub fn is_active(&self) -> bool {
        self.is("/status", "ACTIVE")
    }

    /// The objects of the array at a pointer; none when there is no array.
    pub fn list(&self, pointer: &str) -> Vec<Object<'a>> {
        let items = self.value(pointer).as_array();
        let each = items.into_iter().flatten().enumerate();
        each.map(|(index, value)| Object {
            at: format!("{}{pointer}/{index}", self.at),
            value,
            ..*self
        })
        .collect()
    }

    /// The objects of an answer that is an array.
    pub fn items(&self) -> Vec<Object<'a>> {
        self.list("")
    }

    /// The texts of the array at a pointer.
    pub fn texts(&self, pointer: &str) -> Vec<&'a str> {
        let items = self.value(pointer).as_array();
        items
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect()
    }

    /// Evidence: what stands at a pointer.
    pub fn shows(&self, pointer: &str) -> Evidence {
        let value = self.value(pointer);
        let seen = match value {
            Json::Null => "nothing".to_owned(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.says(pointer, seen)
    }

    /// Evidence: what stands at a pointer, in words.
    pub fn says(&self, pointer: &str, words: impl Display) -> Evidence {
        Evidence {
            side: self.side,
            read: shown(self.address),
            object: seen(&mask_mail(self.id())),
            place: format!("{}{pointer}", self.at),
            seen: seen(&mask_mail(&words.to_string())),
        }
    }
}

/// Nothing is wrong, or this.
pub(super) fn found_if(wrong: bool, evidence: impl FnOnce() -> Evidence) -> Judged {
    Ok(wrong.then(evidence).into_iter().collect())
}

// The query holds filters and, in searches for people, who they are.
fn shown(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    format!("GET {}", mask_mail(path))
}

/// The text with the first part of every mail address gone: who a person is, is nobody's business here.
pub(super) fn mask_mail(text: &str) -> String {
    let text = text.replace("%40", "@");
    let words = text.split_inclusive(|c: char| c.is_whitespace() || "\"'`,;()<>/=".contains(c));
    words
        .map(|word| match word.split_once('@') {
            Some((who, rest)) if !who.is_empty() => format!("…@{rest}"),
            _ => word.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::mask_mail;

    #[test]
    fn people_are_not_named() {
        for (text, shown) in [
            ("ada@acme.example.com", "…@acme.example.com"),
            ("token of `ada@x.org`, 3 left", "token of `…@x.org`, 3 left"),
            ("/users/ada%40x.org", "/users/…@x.org"),
            ("@handle and a plain word", "@handle and a plain word"),
        ] {
            assert_eq!(mask_mail(text), shown);
        }
    }
}
