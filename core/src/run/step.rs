//! A step is a row: one outcome in one org, with all that is known about reaching and proving it.

use serde::Serialize;
use serde_json::Value as Json;

use super::Wish;
use super::journal::Made;
use super::reach::Effect;
use crate::console::Page;
use crate::facts::{Fact, Facts, Missing, Set, Value};
use crate::okta::{Answer, Probe, Write};

/// The only axis: where people are, and where the apps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The org that people sign in to (spoke).
    Source,
    /// The org that holds the apps (hub).
    Target,
}

impl Side {
    /// Both, source first.
    pub const BOTH: [Side; 2] = [Side::Source, Side::Target];

    /// "source" or "target".
    pub fn name(self) -> &'static str {
        match self {
            Side::Source => "source",
            Side::Target => "target",
        }
    }
}

/// A procedure of Okta's documentation.
pub struct Procedure {
    /// Stable id.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// Whether the wish wants it.
    pub when: fn(&Wish) -> bool,
    /// Its rows.
    pub steps: &'static [Step],
    /// Rows that are taken back before all others, in this order: while they stand, taking back
    /// the rest would hurt people. Elsewhere undo goes from the latest to the first.
    pub undo_first: &'static [&'static str],
    /// What its rows do to people's accounts in the target; none where they do nothing.
    pub effect: Option<EffectFn>,
    /// What taking its rows back does to them.
    pub undo_effect: Option<EffectFn>,
    /// How a person goes back where undo alone does not lead there; empty where it does.
    pub way_back: &'static str,
}

/// What the row of this id does to the account of the person at this place.
pub type EffectFn = fn(&str, &Facts<'_>) -> Effect;

/// A row. Order is never written down: a row is ready when its `needs` are known and the rows
/// in `after` are proven.
pub struct Step {
    /// Stable id, kebab-case, unique over all procedures.
    pub id: &'static str,
    /// A command.
    pub title: &'static str,
    /// One sentence that a tired admin understands.
    pub why: &'static str,
    /// In which org.
    pub side: Side,
    /// Where in the Admin Console a person does it.
    pub page: &'static Page,
    /// Where the ids in that page's address come from.
    pub page_ids: &'static [(&'static str, PageId)],
    /// What a person does there, in order.
    pub by_hand: &'static [Click],
    /// Help-page lines it covers.
    pub covers: &'static [&'static str],
    /// Okta reference for the call and its proof.
    pub source: &'static str,
    /// Whether the wish wants it.
    pub when: fn(&Wish) -> bool,
    /// The sets it is repeated over; a row over two sets stands at each pair.
    pub over: &'static [&'static Set],
    /// Facts it reads.
    pub needs: &'static [&'static Fact],
    /// Facts it learns.
    pub gives: &'static [&'static Fact],
    /// Safety gates: rows that must be proven first, for every member, before this one writes
    /// or is undone; going early would hurt people.
    pub after: &'static [&'static str],
    /// The read that shows whether it is done.
    pub probe: fn(&Facts<'_>) -> Result<Probe, Missing>,
    /// What the answer says.
    pub read: fn(&Answer, &Facts<'_>) -> Result<Finding, Missing>,
    /// The one write that reaches it from [`Finding::Unmet`], given the answer of the probe.
    pub write: Option<WriteFn>,
    /// The writes that take it back, given what the journal proves we made and what a fresh
    /// probe answered.
    pub undo: Option<UndoFn>,
}

/// See [`Step::write`].
pub type WriteFn = fn(&Facts<'_>, &Answer) -> Result<Write, Missing>;
/// See [`Step::undo`].
pub type UndoFn = fn(&Made<'_>, &Answer) -> Vec<Write>;

/// Where an id in the address of a page comes from.
pub enum PageId {
    /// A fact.
    Fact(&'static Fact),
    /// The member of this set.
    Member(&'static Set),
    /// Always the same.
    Plain(&'static str),
}

/// One instruction of a by-hand text.
pub enum Click {
    /// Choose what this fact says in the field with this label.
    Choose(&'static str, &'static Fact),
    /// Copy the value of the field with this label; the panel knows it as this fact.
    Copy(&'static str, &'static Fact),
    /// Do this; the label, if any, is that of the control to point at.
    Do(&'static str, Option<&'static str>),
    /// Fill the field with this label with this fact.
    Fill(&'static str, &'static Fact),
    /// Choose this in the field with this label.
    Set(&'static str, &'static str),
}

/// What a read shows of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// Something stands in the way that only a person can remove.
    Blocked {
        /// What.
        why: String,
        /// Who can remove it, and how.
        who: String,
    },
    /// Several objects answer to the same key.
    Conflict {
        /// Their ids and names.
        several: Vec<String>,
    },
    /// There, but not as wished.
    Differs {
        /// As wished.
        wanted: String,
        /// As seen.
        seen: String,
    },
    /// Done.
    Met(Proof),
    /// Not known.
    Unknown {
        /// Why not.
        why: String,
    },
    /// Missing.
    Unmet,
}

/// What shows that a step is done.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Proof {
    /// What is learnt.
    pub gives: Vec<(&'static Fact, Value)>,
    /// The object that proves it, to notice later changes by others.
    pub object: Json,
    /// Something a person should know although the step is done.
    pub note: Option<String>,
}

// By the id: a fact holds functions, which have no identity of their own.
impl PartialEq for Fact {
    fn eq(&self, other: &Fact) -> bool {
        self.id == other.id
    }
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

impl Finding {
    /// Done, proven by this object.
    pub fn met(object: &Json) -> Finding {
        Finding::Met(Proof {
            object: object.clone(),
            ..Proof::default()
        })
    }

    /// Done or not, with nothing more to say.
    pub fn met_if(done: bool, object: &Json) -> Finding {
        match done {
            true => Finding::met(object),
            false => Finding::Unmet,
        }
    }

    /// Learns a text from the proof.
    pub fn giving(mut self, fact: &'static Fact, text: impl Into<String>) -> Finding {
        if let Finding::Met(proof) = &mut self {
            proof.gives.push((fact, Value::Text(text.into())));
        }
        self
    }

    /// Learns a value from the proof.
    pub fn giving_value(mut self, fact: &'static Fact, value: Value) -> Finding {
        if let Finding::Met(proof) = &mut self {
            proof.gives.push((fact, value));
        }
        self
    }

    /// Adds something a person should know.
    pub fn noting(mut self, text: impl Into<String>) -> Finding {
        if let Finding::Met(proof) = &mut self {
            proof.note = Some(text.into());
        }
        self
    }
}

/// A row without conditions.
pub fn always(_: &Wish) -> bool {
    true
}
