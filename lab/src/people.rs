//! The people of an org, found by id or by login without going through all of them.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::org::User;
use crate::shelf::Shelf;

/// People by id; reads like a shelf.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    by_id: Shelf<User>,
    /// Ids by login in lower case.
    by_login: Arc<HashMap<String, String>>,
}

impl People {
    /// Adds a person, or puts one in the place of who had the id.
    pub(crate) fn insert(&mut self, id: String, user: User) {
        self.remove(&id);
        let by_login = Arc::make_mut(&mut self.by_login);
        by_login.insert(key(user.login()), id.clone());
        self.by_id.insert(id, user);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(user) = self.by_id.remove(id) {
            Arc::make_mut(&mut self.by_login).remove(&key(user.login()));
        }
    }

    /// A person to change in place. The login must stay: [`People::insert`] changes that.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut User> {
        self.by_id.get_mut(id)
    }

    /// Who has this login, however it is written.
    pub(crate) fn with_login(&self, login: &str) -> Option<&User> {
        self.by_id.get(self.by_login.get(&key(login))?)
    }
}

impl Deref for People {
    type Target = Shelf<User>;

    fn deref(&self) -> &Self::Target {
        &self.by_id
    }
}

fn key(login: &str) -> String {
    login.to_ascii_lowercase()
}
