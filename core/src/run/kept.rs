//! Pairs that are put away while another is worked on: of each the very texts that were stored, so that hashes and the mark
//! of its journal stay valid. A list that cannot be read is an error; an item that cannot be read stays as it is.

use serde_json::Value;

use super::journal::{Event, Journal};
use super::ledger::Ledger;
use super::{Pair, StoredRun};
use crate::explain::seen;
use crate::json::{self, Text, ToJson};

/// What is stored of one pair, text by text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// The pair.
    pub pair: Option<String>,
    /// Its run.
    pub run: Option<String>,
    /// How long the run's journal was.
    pub mark: Option<String>,
    /// Title of the next step, as last seen.
    pub next: Option<String>,
    /// What is kept of a hand-off, where another admin has the other org.
    pub half: Option<String>,
}

/// One item of the list.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// Something that nobody of us wrote so.
    Odd(Value),
    /// A pair.
    Texts(Texts),
}

const NAMES: [&str; 5] = ["pair", "run", "mark", "next", "half"];

impl Texts {
    /// The two orgs, where they can be read: those of the run, since it is what goes on.
    pub fn joined(&self) -> Option<Pair> {
        match (&self.run, &self.pair) {
            (Some(run), _) => StoredRun::read(run).ok().map(|run| run.pair),
            (None, Some(pair)) => Pair::read(pair).ok(),
            (None, None) => None,
        }
    }

    /// Whether there is nothing to put away.
    pub fn is_empty(&self) -> bool {
        let Texts {
            pair, run, mark, ..
        } = self;
        pair.is_none() && run.is_none() && mark.is_none() && self.half.is_none()
    }

    fn all(&self) -> [&Option<String>; 5] {
        [&self.pair, &self.run, &self.mark, &self.next, &self.half]
    }
}

impl Kept {
    /// The two orgs, where they can be read.
    pub fn joined(&self) -> Option<Pair> {
        match self {
            Kept::Odd(_) => None,
            Kept::Texts(texts) => texts.joined(),
        }
    }

    fn of(value: Value) -> Kept {
        let Value::Object(members) = &value else {
            return Kept::Odd(value);
        };
        let known =
            |(name, text): (&String, &Value)| NAMES.contains(&name.as_str()) && text.is_string();
        if members.is_empty() || !members.iter().all(known) {
            return Kept::Odd(value);
        }
        let text = |name| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let [pair, run, mark, next, half] = NAMES.map(text);
        Kept::Texts(Texts {
            pair,
            run,
            mark,
            next,
            half,
        })
    }
}

/// Reads what [`text`] wrote; no text is an empty list. The error says why it is no list.
pub fn read(text: Option<&str>) -> Result<Vec<Kept>, String> {
    match text.map(json::read) {
        None => Ok(Vec::new()),
        Some(Ok(Value::Array(items))) => Ok(items.into_iter().map(Kept::of).collect()),
        Some(Ok(_)) => Err("it is no list".to_owned()),
        Some(Err(error)) => Err(["it is no JSON: ", &seen(&error.to_string())].concat()),
    }
}

/// The list as JSON, for [`read`].
pub fn text(kept: &[Kept]) -> String {
    json::text(&kept)
}

/// Puts the pair at hand away and takes up the one at this place, whose place the other takes; without a place none is taken
/// up. `None` when there is no pair at this place.
pub fn exchange(
    mut kept: Vec<Kept>,
    hand: Texts,
    place: Option<usize>,
) -> Option<(Vec<Kept>, Texts)> {
    let (at, taken) = match place {
        None => (kept.len(), Texts::default()),
        Some(place) => match kept.get(place)? {
            Kept::Odd(_) => return None,
            Kept::Texts(texts) => (place, texts.clone()),
        },
    };
    if place.is_some() {
        kept.remove(at);
    }
    if !hand.is_empty() {
        kept.insert(at, Kept::Texts(hand));
    }
    Some((kept, taken))
}

impl ToJson for Kept {
    fn write(&self, to: &mut Text) {
        match self {
            Kept::Odd(value) => value.write(to),
            Kept::Texts(texts) => {
                to.open('{');
                for (name, text) in NAMES.iter().zip(texts.all()) {
                    if let Some(text) = text {
                        to.member(name, text);
                    }
                }
                to.close('}');
            }
        }
    }
}

/// What a stored journal says of a run without asking any org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether the journal does not hold together: the numbers then say nothing.
    pub damaged: bool,
    /// Steps that this run wrote and did not take back since.
    pub made: usize,
    /// Those of them that a read proved since their last write.
    pub proven: usize,
    /// Steps whose last write has no known outcome.
    pub open: usize,
    /// Whether something was taken back.
    pub undone: bool,
}

impl Standing {
    /// Reads it off a journal.
    pub fn of(journal: &Journal) -> Standing {
        let ledger = Ledger::from(journal.clone());
        let made = ledger.made();
        let undone = |event: &Event| matches!(event, Event::Undone);
        Standing {
            damaged: journal.damage().is_some(),
            made: made.len(),
            proven: made.iter().filter(|key| ledger.is_proven(key)).count(),
            open: ledger.keys().filter(|key| ledger.is_open(key)).count(),
            undone: journal.entries.iter().any(|entry| undone(&entry.event)),
        }
    }

    /// In a sentence.
    pub fn words(&self) -> String {
        let changes = |number: usize| match number {
            1 => "1 change".to_owned(),
            number => [&number.to_string(), " changes"].concat(),
        };
        if self.damaged {
            return "Its journal is damaged: it can be read, and nothing is written or undone from it.".to_owned();
        }
        let unknown = [
            "of ",
            &changes(self.open),
            " it is not known whether it took effect.",
        ]
        .concat();
        let made = match (self.made, self.proven) {
            (0, _) if self.open > 0 => return ["O", unknown.get(1..).unwrap_or_default()].concat(),
            (0, _) if self.undone => "Everything it made was taken back".to_owned(),
            (0, _) => "Nothing was written yet".to_owned(),
            (made, proven) if made == proven => [&changes(made), " made, each proven"].concat(),
            (made, proven) => [&changes(made), " made, ", &proven.to_string(), " proven"].concat(),
        };
        match self.open {
            0 => [&made, "."].concat(),
            _ => [&made, "; ", &unknown].concat(),
        }
    }

    /// Whether forgetting the journal loses something that undo, or the next look, rests on.
    pub fn is_needed(&self) -> bool {
        self.damaged || self.made + self.open > 0
    }
}

#[cfg(test)]
mod tests;
