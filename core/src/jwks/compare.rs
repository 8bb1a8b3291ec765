//! Two sets of keys beside each other: what is live, and what shall be.

use super::{Formatted, KeyReport};
use serde::Serialize;
use std::fmt;

/// Every key of two sets, once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Live and wanted, under the same id.
    pub both: Vec<Compared>,
    /// Live and wanted, under another id: a reader that looks for the old id does not find it.
    pub renamed: Vec<Compared>,
    /// Wanted only.
    pub new: Vec<Compared>,
    /// Live only: what is still signed with it is refused afterwards.
    pub gone: Vec<Compared>,
    /// Ids that stand for one key in the live set and for another in the wanted one.
    pub clashes: Vec<String>,
    /// Keys that were refused in either set, which nothing is known about.
    pub unread: usize,
}

/// A key in a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// RFC 7638, what makes a key the same key.
    pub thumbprint: String,
    /// Its id in the live set.
    pub live: Option<String>,
    /// Its id in the wanted set.
    pub wanted: Option<String>,
}

impl Comparison {
    /// Compares by thumbprint; the order is that of the sets.
    pub fn of(live: &Formatted, wanted: &Formatted) -> Self {
        let mut comparison = Self {
            unread: live.refused.len() + wanted.refused.len(),
            ..Self::default()
        };
        for key in &wanted.keys {
            let before = same(&live.keys, key);
            let compared = Compared {
                thumbprint: key.thumbprint.clone(),
                live: before.and_then(|before| before.kid.clone()),
                wanted: key.kid.clone(),
            };
            match before {
                None => comparison.new.push(compared),
                Some(before) if before.kid == key.kid => comparison.both.push(compared),
                Some(_) => comparison.renamed.push(compared),
            }
        }
        for key in live
            .keys
            .iter()
            .filter(|key| same(&wanted.keys, key).is_none())
        {
            comparison.gone.push(Compared {
                thumbprint: key.thumbprint.clone(),
                live: key.kid.clone(),
                wanted: None,
            });
        }
        let other = |key: &&KeyReport| {
            let kid = |seen: &&KeyReport| seen.kid.is_some() && seen.kid == key.kid;
            live.keys
                .iter()
                .any(|seen| kid(&seen) && seen.thumbprint != key.thumbprint)
        };
        let kids = wanted.keys.iter().filter(other);
        comparison.clashes = kids.filter_map(|key| key.kid.clone()).collect();
        comparison
    }

    /// Whether both sets are the same, as far as every key could be read.
    pub fn is_same(&self) -> bool {
        *self
            == Self {
                both: self.both.clone(),
                ..Self::default()
            }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = |what: &str, id: &str, key: &Compared| {
            writeln!(f, "{what}: {id}, thumbprint `{}`", key.thumbprint)
        };
        for key in &self.both {
            told("live in both", &shown(&key.wanted), key)?;
        }
        for key in &self.renamed {
            let ids = format!("{}, before {}", shown(&key.wanted), shown(&key.live));
            told("same key under another id", &ids, key)?;
        }
        for key in &self.new {
            told("new", &shown(&key.wanted), key)?;
        }
        for key in &self.gone {
            told("gone", &shown(&key.live), key)?;
        }
        for kid in &self.clashes {
            writeln!(f, "! the id `{kid}` stands for another key than before")?;
        }
        match self.unread {
            0 => Ok(()),
            count => writeln!(f, "! {count} refused, and so not compared"),
        }
    }
}

fn shown(kid: &Option<String>) -> String {
    kid.as_deref()
        .map_or("no id".to_owned(), |kid| format!("`{kid}`"))
}

fn same<'a>(keys: &'a [KeyReport], key: &KeyReport) -> Option<&'a KeyReport> {
    keys.iter().find(|seen| seen.thumbprint == key.thumbprint)
}
