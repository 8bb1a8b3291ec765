//! Entries on their way into the driver's store, one after the other.

use std::sync::Arc;

use super::super::Side;
use super::super::ask::Reply;
use super::super::journal::Entry;
use super::super::timeline::Pause;
use super::pause::NOT_STORED;
use super::{Came, Desk};
use crate::explain::seen;

impl Desk {
    /// Puts an entry on the desk to be stored. Entries are stored one after the other: a chain
    /// with a gap would be worth nothing.
    pub fn store(&mut self, entry: Entry) -> u64 {
        let ticket = self.ticket();
        if self.stores.is_empty() {
            self.storing = self.ticket();
        }
        self.stores.push_back((ticket, Arc::new(entry)));
        ticket
    }

    pub(super) fn store_answered(&mut self, reply: Reply) -> Option<(u64, Came)> {
        match reply {
            Reply::Stored => {
                let (ticket, _) = self.stores.pop_front()?;
                self.storing = if self.stores.is_empty() {
                    0
                } else {
                    self.ticket()
                };
                Some((ticket, Came::Stored))
            }
            Reply::NotStored(why) => {
                self.storing = 0;
                let ask = self.ticket();
                let text = format!(
                    "The journal cannot be stored: {}. Nothing is sent without it. Make room in the browser's storage, then go on.",
                    seen(&why)
                );
                let pause = Pause {
                    ask,
                    side: Side::Source,
                    code: NOT_STORED,
                    text,
                };
                self.pauses.insert(ask, pause);
                None
            }
            _ => None,
        }
    }
}
