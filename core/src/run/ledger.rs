//! The journal of a run with an index: what it says of one step is found without reading it all.

use super::journal::{Entry, Event, Journal, Outcome, Purpose};
use crate::map::{Map, sorted};
use crate::okta::{Call, Change};

/// See the module.
#[derive(Default)]
pub(super) struct Ledger {
    journal: Journal,
    /// The entries of each step, by their place in the journal.
    own: Map<String, Vec<usize>>,
    /// The last intent that names an object, by the object's id.
    meant: Map<String, usize>,
}

/// The trace of one step in the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trace<'a> {
    /// Number of its last intent to apply.
    pub seq: u64,
    /// That intent's call.
    pub call: &'a Call,
    /// That intent's changes.
    pub changes: &'a [Change],
    /// Id of the object, from the answer or from the proof.
    pub id: Option<&'a str>,
    /// Whether an answer or a proof showed that it took effect.
    pub took: bool,
}

impl From<Journal> for Ledger {
    fn from(journal: Journal) -> Ledger {
        let mut ledger = Ledger::default();
        for (at, entry) in journal.entries.iter().enumerate() {
            ledger.index(at, entry);
        }
        ledger.journal = journal;
        ledger
    }
}

impl Ledger {
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    pub fn len(&self) -> usize {
        self.journal.entries.len()
    }

    /// Appends an event and gives the entry to be stored.
    pub fn record(&mut self, at: u64, key: &str, event: Event) -> Entry {
        let entry = self.journal.record(at, key, event);
        self.index(self.len().saturating_sub(1), &entry);
        entry
    }

    fn index(&mut self, at: usize, entry: &Entry) {
        match self.own.get_mut(entry.key.as_str()) {
            Some(own) => own.push(at),
            None => drop(self.own.insert(entry.key.clone(), vec![at])),
        }
        if let Event::Intent { call, .. } = &entry.event {
            for (_, value) in call.params.iter() {
                self.meant.insert(value.clone(), at);
            }
        }
    }

    /// The entries of a step, in order.
    fn of(&self, key: &str) -> impl DoubleEndedIterator<Item = &Entry> {
        let own = self.own.get(key).into_iter().flatten();
        own.filter_map(|at| self.journal.entries.get(*at))
    }

    /// The trace of a step that was written and not undone since.
    pub fn trace(&self, key: &str) -> Option<Trace<'_>> {
        let mut trace: Option<Trace<'_>> = None;
        for entry in self.of(key) {
            match (&entry.event, &mut trace) {
                (Event::Undone, _) => trace = None,
                (
                    Event::Intent {
                        purpose: Purpose::Apply,
                        call,
                        changes,
                    },
                    None,
                ) => {
                    trace = Some(Trace {
                        seq: entry.seq,
                        call,
                        changes,
                        id: None,
                        took: false,
                    });
                }
                // Surely not done: what stands there later is somebody else's.
                (
                    Event::Outcome {
                        outcome: Outcome::Refused { .. },
                        ..
                    },
                    Some(seen),
                ) if !seen.took => {
                    trace = None;
                }
                (
                    Event::Outcome {
                        outcome: Outcome::Accepted { id },
                        ..
                    },
                    Some(trace),
                ) => {
                    trace.took = true;
                    trace.id = id.as_deref().or(trace.id);
                }
                (Event::Proof { id, .. }, Some(trace)) => {
                    trace.took = true;
                    trace.id = id.as_deref().or(trace.id);
                }
                _ => {}
            }
        }
        trace
    }

    /// Keys of the steps with a trace that took effect, latest first.
    pub fn made(&self) -> Vec<&str> {
        let trace = |key: &'_ String| self.trace(key).filter(|trace| trace.took);
        let made = self
            .own
            .keys()
            .filter_map(|key| Some((trace(key)?.seq, key.as_str())));
        let latest_last = sorted(made.collect()).into_iter();
        latest_last.rev().map(|(_, key)| key).collect()
    }

    /// The steps it tells of.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.own.keys().map(String::as_str)
    }

    /// Whether a read proved a step after its last write.
    pub fn is_proven(&self, key: &str) -> bool {
        let told = |entry: &&Entry| !matches!(entry.event, Event::Outcome { .. });
        let last = self.of(key).rev().find(told);
        last.is_some_and(|entry| matches!(entry.event, Event::Proof { .. }))
    }

    /// Whether the last thing known of a step is an intent that nothing answered or proved.
    pub fn is_open(&self, key: &str) -> bool {
        self.of(key).next_back().is_some_and(|entry| {
            matches!(
                entry.event,
                Event::Intent { .. }
                    | Event::Outcome {
                        outcome: Outcome::Unsure { .. },
                        ..
                    }
            )
        })
    }

    /// When the org last accepted a write of a step that was not taken back since, and whether a
    /// read has shown it.
    pub fn accepted(&self, key: &str) -> Option<(u64, bool)> {
        let mut accepted = None;
        for entry in self.of(key) {
            accepted = match (&entry.event, accepted) {
                (
                    Event::Outcome {
                        outcome: Outcome::Accepted { .. },
                        ..
                    },
                    _,
                ) => Some((entry.at, false)),
                (Event::Proof { .. }, Some((at, _))) => Some((at, true)),
                (
                    Event::Undone
                    | Event::Intent {
                        purpose: Purpose::Undo,
                        ..
                    },
                    _,
                ) => None,
                (_, before) => before,
            };
        }
        accepted
    }

    /// Whether a step was being taken back, and nothing has shown since that it is gone or whole.
    pub fn half_undone(&self, key: &str) -> bool {
        let mut intents = Vec::new();
        for entry in self.of(key) {
            match &entry.event {
                Event::Intent {
                    purpose: Purpose::Undo,
                    ..
                } => intents.push(entry.seq),
                Event::Outcome {
                    intent,
                    outcome: Outcome::Refused { .. },
                } => intents.retain(|own| own != intent),
                Event::Outcome { .. } => {}
                Event::Intent { .. } | Event::Proof { .. } | Event::Undone => intents.clear(),
            }
        }
        !intents.is_empty()
    }

    /// Whether a state seen now is one that this run brought about: nothing has proved this
    /// step's last write yet, or entry `from` or later intends this step or a change of this
    /// object. Anything else is somebody else's edit, and never becomes a state to undo from.
    pub fn touched(&self, from: usize, key: &str, id: Option<&str>) -> bool {
        let intends = |entry: &&Entry| matches!(entry.event, Event::Intent { .. });
        let own = self.of(key).rev().find(intends);
        let recent = own.is_some_and(|entry| entry.seq >= from as u64)
            || id.is_some_and(|id| self.meant.get(id).is_some_and(|at| *at >= from));
        let mut own = self.of(key).rev();
        let proved = own.find(|entry| !matches!(entry.event, Event::Outcome { .. }));
        recent || proved.is_some_and(|entry| intends(&entry))
    }

    /// Whether a read proved this very state of the object before.
    pub fn proved(&self, key: &str, fingerprint: &str) -> bool {
        self.of(key).any(|entry| {
            matches!(&entry.event, Event::Proof { fingerprint: seen, .. } if seen == fingerprint)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Ledger {
        let mut ledger = Ledger::default();
        let call = Call {
            op: "apps.replace".into(),
            params: [("app".to_owned(), "0oa1".to_owned())].into(),
            query_raw: None,
            body: None,
        };
        let intent = Event::Intent {
            purpose: Purpose::Apply,
            call,
            changes: vec![],
        };
        ledger.record(1, "app-acs", intent);
        let outcome = Outcome::Accepted {
            id: Some("0oa1".into()),
        };
        ledger.record(2, "app-acs", Event::Outcome { intent: 0, outcome });
        ledger
    }

    #[test]
    fn what_was_made_is_known_until_it_is_undone() {
        let mut ledger = made();
        assert_eq!(ledger.made(), ["app-acs"]);
        assert_eq!(ledger.trace("app-acs").unwrap().id, Some("0oa1"));
        assert_eq!(ledger.accepted("app-acs"), Some((2, false)));
        ledger.record(4, "app-acs", Event::Undone);
        assert!(ledger.made().is_empty());
        assert_eq!(ledger.accepted("app-acs"), None);
    }

    #[test]
    fn what_was_being_taken_back_is_half_undone() {
        let mut ledger = made();
        assert!(!ledger.half_undone("app-acs"));
        let Event::Intent { call, .. } = ledger.journal().entries[0].event.clone() else {
            panic!("an intent comes first");
        };
        let back = Event::Intent {
            purpose: Purpose::Undo,
            call,
            changes: vec![],
        };
        let seq = ledger.record(3, "app-acs", back.clone()).seq;
        assert!(ledger.half_undone("app-acs"), "nobody knows");
        let refused = |intent| Event::Outcome {
            intent,
            outcome: Outcome::Refused { why: "no".into() },
        };
        ledger.record(4, "app-acs", refused(seq));
        assert!(!ledger.half_undone("app-acs"), "surely not done");
        ledger.record(5, "app-acs", back);
        ledger.record(6, "app-acs", Event::Undone);
        assert!(!ledger.half_undone("app-acs"));
    }

    #[test]
    fn a_change_of_the_same_object_by_another_step_is_ours() {
        let ledger = made();
        assert!(ledger.touched(0, "org2org-app", Some("0oa1")));
        assert!(!ledger.touched(1, "org2org-app", Some("0oa1")), "before");
        assert!(!ledger.touched(0, "org2org-app", Some("0oa2")), "another");
    }

    /// A journal that was stored is indexed as one that was written.
    #[test]
    fn a_stored_journal_is_indexed_when_it_is_read() {
        let mut written = made();
        let mut read = Ledger::from(written.journal().clone());
        assert_eq!(read.made(), written.made());
        let event = || Event::Proof {
            id: None,
            fingerprint: "f".into(),
        };
        let entry = written.record(3, "app-acs", event());
        assert_eq!(read.record(3, "app-acs", event()), entry);
        assert!(read.proved("app-acs", "f") && !read.proved("app", "f"));
        assert_eq!(read.accepted("app-acs"), Some((2, true)));
    }
}
