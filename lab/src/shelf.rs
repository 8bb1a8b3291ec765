//! Objects of one kind by id, shared between copies of a world until one of them changes, each with the JSON that it
//! was last answered as: sweeps copy thousands of worlds and ask them mostly about what nobody touched.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Shelf<T> {
    kept: BTreeMap<String, Kept<T>>,
}

#[derive(Clone, Debug)]
struct Kept<T> {
    object: Arc<T>,
    told: Arc<OnceLock<(String, Told)>>,
}

/// The JSON text that an object is answered as.
#[derive(Clone, Debug)]
pub(crate) struct Told(Arc<str>);

impl Told {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl From<Value> for Told {
    fn from(value: Value) -> Self {
        Self(value.to_string().into())
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        let kept = BTreeMap::new();
        Self { kept }
    }
}

impl<T: Clone> Shelf<T> {
    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.kept.get(id).map(|kept| &*kept.object)
    }

    /// The object without copying it.
    pub(crate) fn shared(&self, id: &str) -> Option<Arc<T>> {
        self.kept.get(id).map(|kept| kept.object.clone())
    }

    /// The object to change it: what it was answered as counts no more.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.kept.get_mut(id).map(Kept::change)
    }

    /// The objects that are to change, and no others: what stays as it is stays shared.
    pub(crate) fn those_mut(&mut self, which: impl Fn(&T) -> bool) -> impl Iterator<Item = &mut T> {
        let those = self
            .kept
            .values_mut()
            .filter(move |kept| which(&kept.object));
        those.map(Kept::change)
    }

    pub(crate) fn insert(&mut self, id: String, object: impl Into<Arc<T>>) {
        let object = object.into();
        let told = Arc::default();
        self.kept.insert(id, Kept { object, told });
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<T>> {
        self.kept.remove(id).map(|kept| kept.object)
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.kept.retain(|_, kept| keep(&kept.object));
    }

    pub(crate) fn contains_key(&self, id: &str) -> bool {
        self.kept.contains_key(id)
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.kept.iter().map(|(id, kept)| (id, &*kept.object))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.kept.values().map(|kept| &*kept.object)
    }

    /// What the object of this id is answered as on this host; `make` must depend on nothing that changes but the
    /// object. Kept for the first host that asks, as good as always the one that a caller stays on.
    pub(crate) fn told(&self, id: &str, host: &str, make: impl FnOnce() -> Value) -> Told {
        let Some(kept) = self.kept.get(id) else {
            return make().into();
        };
        match kept.told.get() {
            Some((known, told)) if known == host => told.clone(),
            Some(_) => make().into(),
            None => {
                let told = Told::from(make());
                let _ = kept.told.set((host.to_owned(), told.clone()));
                told
            }
        }
    }
}

impl<T: Clone> Kept<T> {
    fn change(&mut self) -> &mut T {
        self.told = Arc::default();
        Arc::make_mut(&mut self.object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(shelf: &Shelf<u32>, host: &str) -> String {
        let shape = || Value::from(format!("{} on {host}", shelf.get("a").expect("is there")));
        shelf.told("a", host, shape).text().to_owned()
    }

    #[test]
    fn what_changes_is_told_anew_and_in_one_copy_only() {
        let mut shelf = Shelf::default();
        shelf.insert("a".to_owned(), 1);
        assert_eq!(told(&shelf, "acme.okta.com"), "\"1 on acme.okta.com\"");
        let before = shelf.clone();
        *shelf.get_mut("a").expect("is there") = 2;
        assert_eq!(told(&shelf, "acme.okta.com"), "\"2 on acme.okta.com\"");
        shelf.those_mut(|number| *number == 3).for_each(|_| ());
        shelf
            .those_mut(|number| *number == 2)
            .for_each(|number| *number = 3);
        assert_eq!(told(&shelf, "acme.okta.com"), "\"3 on acme.okta.com\"");
        shelf.insert("a".to_owned(), 4);
        assert_eq!(told(&shelf, "acme.okta.com"), "\"4 on acme.okta.com\"");
        assert_eq!(told(&before, "acme.okta.com"), "\"1 on acme.okta.com\"");
    }

    #[test]
    fn each_host_hears_its_own_links() {
        let mut shelf = Shelf::default();
        shelf.insert("a".to_owned(), 1);
        for host in ["acme.okta.com", "acme-admin.okta.com", "acme.okta.com"] {
            assert_eq!(told(&shelf, host), format!("\"1 on {host}\""));
        }
    }
}
