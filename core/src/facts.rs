//! What is known: typed keys, values, and where each value came from.
//!
//! Rows name the facts they need and give; the order of work is derived from that. A value that
//! a planned write will give stands in by name (`⟨org2org-app⟩`) until it is learnt.

use crate::map::Map;

use crate::okta::answer::NotGiven;
use crate::org::OrgUrl;
use crate::run::{Pair, Side, Wish};

/// A key for something that can be known.
pub struct Fact {
    /// Stable id, kebab-case.
    pub id: &'static str,
    /// What people call it; Okta's own label where there is one.
    pub title: &'static str,
    /// The sets by whose members it is kept; empty when there is one value.
    pub per: &'static [&'static Set],
    /// How it follows from other facts, when it does.
    pub derive: Option<Derive>,
}

/// How a computed value follows from others.
pub struct Derive {
    /// The facts it is computed from, apart from the wish and the pair.
    pub from: &'static [&'static Fact],
    /// The computation.
    pub with: fn(&Facts<'_>) -> Result<String, Missing>,
}

impl Fact {
    /// A fact with one value.
    pub const fn one(id: &'static str, title: &'static str) -> Fact {
        Fact {
            id,
            title,
            per: &[],
            derive: None,
        }
    }

    /// A fact with a value for each member of these sets.
    pub const fn per(id: &'static str, title: &'static str, per: &'static [&'static Set]) -> Fact {
        Fact {
            id,
            title,
            per,
            derive: None,
        }
    }

    /// The same fact, computed.
    pub const fn derived(mut self, derive: Derive) -> Fact {
        self.derive = Some(derive);
        self
    }
}

/// A set that rows are repeated over.
pub struct Set {
    /// Stable id.
    pub id: &'static str,
    /// Its members, in a stable order.
    pub of: fn(&Facts<'_>) -> Result<Vec<Member>, Missing>,
}

/// One member of a set: an app, a group, a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Member {
    /// Its Okta id.
    pub id: String,
    /// What people call it: a label, a group name, a user name.
    pub name: String,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Several members.
    Members(Vec<Member>),
    /// Known to be none.
    None,
    /// A text.
    Text(String),
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Read from this org by this call.
    Read(Side, String),
    /// Will be given by this step once it is written.
    Step(&'static str),
    /// Told by the admin of this org, in a hand-off file.
    #[cfg(feature = "handoff")]
    Told(Side),
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The value.
    pub value: Value,
    /// Where it came from.
    pub origin: Origin,
}

/// A value that a row needs and that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Not learnt yet.
    #[error("waits for `{0}`")]
    Fact(&'static str),
    /// There, but unusable.
    #[error("{0}")]
    Unusable(String),
}

impl From<NotGiven> for Missing {
    fn from(error: NotGiven) -> Missing {
        Missing::Unusable(error.to_string())
    }
}

/// The members that a repeated row stands at: set id and member.
pub type Place = Vec<(&'static str, Member)>;

/// All that is known in one run.
#[derive(Debug, Clone)]
pub struct Store {
    /// The two orgs.
    pub pair: Pair,
    /// What the person wants.
    pub wish: Wish,
    known: Map<(&'static str, String), Known>,
    changes: u64,
    members: u64,
}

impl Store {
    /// Nothing known but the orgs and the wish.
    pub fn new(pair: Pair, wish: Wish) -> Store {
        Store {
            pair,
            wish,
            known: Map::new(),
            changes: 0,
            members: 0,
        }
    }

    /// Learns a value at a place.
    pub fn learn(&mut self, fact: &'static Fact, place: &Place, value: Value, origin: Origin) {
        self.known
            .insert((fact.id, place_key(fact, place)), Known { value, origin });
    }

    /// Learns a value at a place, or forgets it; gives whether that changed anything.
    pub fn update(
        &mut self,
        fact: &'static Fact,
        place: &Place,
        value: Option<Value>,
        origin: Origin,
    ) -> bool {
        let key = (fact.id, place_key(fact, place));
        let before = self.known.get(&key).map(|known| &known.value);
        if before == value.as_ref() {
            return false;
        }
        self.changes += 1;
        let members = |value: Option<&Value>| matches!(value, Some(Value::Members(_)));
        if members(before) || members(value.as_ref()) {
            self.members += 1;
        }
        match value {
            Some(value) => self.known.insert(key, Known { value, origin }),
            None => self.known.remove(&key),
        };
        true
    }

    /// How often something learnt or forgotten has changed what is known.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How many of these changes were of members: most sets are made from members alone.
    pub fn member_changes(&self) -> u64 {
        self.members
    }

    /// What is known of a fact: member key and value, in order.
    pub fn all(&self, fact: &'static Fact) -> impl Iterator<Item = (&str, &Known)> {
        self.known
            .iter_from(&(fact.id, String::new()))
            .take_while(move |((id, _), _)| *id == fact.id)
            .map(|((_, place), known)| (place.as_str(), known))
    }

    /// The view of a row that stands at `place`.
    pub fn at<'a>(&'a self, place: &'a Place) -> Facts<'a> {
        Facts { store: self, place }
    }
}

/// Where of a place a fact is kept: the ids of the members that it is told apart by.
pub(crate) fn place_key(fact: &Fact, place: &Place) -> String {
    let ids: Vec<&str> = fact
        .per
        .iter()
        .filter_map(|set| place.iter().find(|(id, _)| *id == set.id))
        .map(|(_, member)| member.id.as_str())
        .collect();
    ids.join("/")
}

/// What a row sees: everything known, from the place where the row stands.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    store: &'a Store,
    place: &'a Place,
}

impl<'a> Facts<'a> {
    /// The same knowledge, seen from another place.
    pub fn at_place<'b>(&self, place: &'b Place) -> Facts<'b>
    where
        'a: 'b,
    {
        Facts {
            store: self.store,
            place,
        }
    }

    /// The wish.
    pub fn wish(&self) -> &'a Wish {
        &self.store.wish
    }

    /// The pair.
    pub fn pair(&self) -> &'a Pair {
        &self.store.pair
    }

    /// Address of the source org.
    pub fn source(&self) -> &'a OrgUrl {
        &self.store.pair.source.url
    }

    /// Address of the target org.
    pub fn target(&self) -> &'a OrgUrl {
        &self.store.pair.target.url
    }

    /// The member of a set at which the row stands.
    pub fn member(&self, set: &Set) -> Result<&'a Member, Missing> {
        let found = self.place.iter().find(|(id, _)| *id == set.id);
        found.map(|(_, member)| member).ok_or(Missing::Fact(set.id))
    }

    /// A text.
    pub fn text(&self, fact: &'static Fact) -> Result<String, Missing> {
        self.optional(fact)?.ok_or(Missing::Fact(fact.id))
    }

    /// A text, or known to be none.
    pub fn optional(&self, fact: &'static Fact) -> Result<Option<String>, Missing> {
        if let Some(derive) = &fact.derive {
            return match self.pending(fact) {
                true => Ok(Some(stand_in(fact, self.place))),
                false => (derive.with)(self).map(Some),
            };
        }
        match &self.known(fact)?.value {
            Value::Text(text) => Ok(Some(text.clone())),
            Value::None => Ok(None),
            Value::Members(_) => Err(Missing::Fact(fact.id)),
        }
    }

    /// The members that a fact at the row's place holds.
    pub fn members(&self, fact: &'static Fact) -> Result<&'a [Member], Missing> {
        match &self.known(fact)?.value {
            Value::Members(members) => Ok(members),
            _ => Err(Missing::Fact(fact.id)),
        }
    }

    /// Whether a fact is known at the row's place, as a value or as a stand-in.
    pub fn knows(&self, fact: &'static Fact) -> bool {
        match &fact.derive {
            Some(derive) => {
                let inputs = derive.from.iter().all(|from| self.knows(from));
                inputs && (self.pending(fact) || (derive.with)(self).is_ok())
            }
            None => self.known(fact).is_ok(),
        }
    }

    /// Whether only a stand-in is known.
    pub fn pending(&self, fact: &'static Fact) -> bool {
        match &fact.derive {
            Some(derive) => derive.from.iter().any(|from| self.pending(from)),
            None => self
                .known(fact)
                .is_ok_and(|known| matches!(known.origin, Origin::Step(_))),
        }
    }

    /// Where a value came from; none when it is computed or not known.
    pub fn origin(&self, fact: &'static Fact) -> Option<&'a Origin> {
        self.known(fact).ok().map(|known| &known.origin)
    }

    fn known(&self, fact: &'static Fact) -> Result<&'a Known, Missing> {
        let key = (fact.id, place_key(fact, self.place));
        self.store.known.get(&key).ok_or(Missing::Fact(fact.id))
    }
}

/// The name that stands in for a value not yet learnt, e.g. `⟨embed-link of Wiki⟩`.
pub fn stand_in(fact: &Fact, place: &Place) -> String {
    let names: Vec<&str> = fact
        .per
        .iter()
        .filter_map(|set| place.iter().find(|(id, _)| *id == set.id))
        .map(|(_, member)| member.name.as_str())
        .collect();
    match names.is_empty() {
        true => format!("⟨{}⟩", fact.id),
        false => format!("⟨{} of {}⟩", fact.id, names.join(", ")),
    }
}
