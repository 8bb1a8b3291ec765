//! A map in a sorted vector.
//!
//! The standard library's tree is compiled anew for each pair of types, at several kilobytes
//! each; the engine's maps are small or filled in order, where a vector does as well.

use std::borrow::Borrow;
use std::cmp::Ordering;

use serde::{Serialize, Serializer};

/// Entries in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map<K, V> {
    entries: Vec<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map {
            entries: Vec::new(),
        }
    }
}

impl<K: Ord, V> Map<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Map {
            entries: Vec::new(),
        }
    }

    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.entries
            .binary_search_by(|(own, _)| own.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.entries.get(at).map(|(_, value)| value)
    }

    /// The value of a key, to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.entries.get_mut(at).map(|(_, value)| value)
    }

    /// Whether the key is there.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Sets a value and gives the one before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => self
                .entries
                .get_mut(at)
                .map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a value out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        Some(self.entries.remove(at).1)
    }

    /// Changes the value of a key, which is the default one when there is none yet.
    pub fn change(&mut self, key: K, change: impl FnOnce(&mut V))
    where
        V: Default,
    {
        let at = self.find(&key).unwrap_or_else(|at| {
            self.entries.insert(at, (key, V::default()));
            at
        });
        if let Some((_, value)) = self.entries.get_mut(at) {
            change(value);
        }
    }

    /// Keeps the entries that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }

    /// Takes in many entries at once; none of their keys is there yet. Of two with one key, one stays.
    pub fn merge(&mut self, more: Vec<(K, V)>) {
        self.entries.extend(more);
        let key = |at: usize| self.entries.get(at).map(|(key, _)| key);
        let places = order(self.entries.len(), &|a, b| key(a).cmp(&key(b)));
        let mut taken: Vec<Option<(K, V)>> = self.entries.drain(..).map(Some).collect();
        let ordered = places
            .into_iter()
            .filter_map(|at| taken.get_mut(at)?.take());
        self.entries = ordered.collect();
        self.entries.dedup_by(|a, b| a.0 == b.0);
    }

    /// All entries.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// All entries, to change their values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// The entries from this key on.
    pub fn iter_from<'m>(
        &'m self,
        key: &K,
    ) -> impl Iterator<Item = (&'m K, &'m V)> + use<'m, K, V> {
        let (Ok(at) | Err(at)) = self.find(key);
        self.entries
            .iter()
            .skip(at)
            .map(|(key, value)| (key, value))
    }

    /// All keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.entries.iter().map(|(key, _)| key)
    }

    /// All values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// All values, to change them.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        let mut map = Map::new();
        for (key, value) in items {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(items: [(K, V); N]) -> Self {
        items.into_iter().collect()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries.iter().map(|(key, value)| (key, value)))
    }
}

/// The items in order, each once. Every type is sorted by the one sort of positions, for the
/// same reason as above.
pub fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    let compare = |a: usize, b: usize| items.get(a).cmp(&items.get(b));
    let places = order(items.len(), &compare);
    let mut taken: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let mut sorted: Vec<T> = places
        .into_iter()
        .filter_map(|at| taken.get_mut(at)?.take())
        .collect();
    sorted.dedup();
    sorted
}

// By merging: the standard library's sort makes for ten times as much code.
fn order(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..length).collect();
    let mut width = 1;
    while width < length {
        let mut wider = Vec::with_capacity(length);
        for pair in places.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at_checked(width).unwrap_or((pair, &[]));
            while let (Some(a), Some(b)) = (left.first(), right.first()) {
                let side = match compare(*a, *b) {
                    Ordering::Greater => &mut right,
                    _ => &mut left,
                };
                wider.extend(side.split_off_first());
            }
            wider.extend(left.iter().chain(right));
        }
        places = wider;
        width *= 2;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn behaves_as_the_tree_of_the_standard_library(steps in prop::collection::vec((0..4u8, 0..12u8, any::<u16>()), 0..80)) {
            let (mut map, mut tree) = (Map::new(), BTreeMap::new());
            for (step, key, value) in steps {
                match step {
                    0 => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                    1 => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                    2 if map.get(&key).is_none() => {
                        let more: Vec<(u8, u16)> = [key, 12].into_iter().filter(|key| map.get(key).is_none()).map(|key| (key, value)).rev().collect();
                        tree.extend(more.iter().copied());
                        map.merge(more);
                    }
                    2 => {
                        map.change(key, |own: &mut u16| *own ^= value);
                        *tree.entry(key).or_default() ^= value;
                    }
                    _ => prop_assert_eq!(map.get(&key).is_some(), tree.contains_key(&key)),
                }
                prop_assert!(map.iter().eq(tree.iter()));
                prop_assert!(map.iter_from(&key).eq(tree.range(key..)));
            }
        }

        #[test]
        fn sorting_is_that_of_a_set(items in prop::collection::vec(any::<u8>(), 0..60)) {
            let set: BTreeSet<u8> = items.iter().copied().collect();
            prop_assert_eq!(sorted(items), set.into_iter().collect::<Vec<_>>());
        }
    }
}
