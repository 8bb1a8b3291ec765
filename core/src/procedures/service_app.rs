//! The target's client for one source: a service app with keys, roles and scopes, and no more
//! than it needs.

mod client;
mod rights;

use crate::run::Wish;
use crate::run::step::Procedure;
pub use client::{CLIENT, SERVICE_APP};

/// The table: each row stands with its facts in the room of what it is about.
pub static SERVICE_APPS: Procedure = Procedure {
    id: "service-app",
    title: "Let the source in as a client of the target (OAuth 2.0)",
    when: Wish::connects,
    undo_first: &[],
    effect: None,
    undo_effect: None,
    way_back: "",
    steps: &[
        client::SIGNING_KEY,
        client::PUBLIC_KEY,
        client::WITH_ADDRESS,
        client::WITH_KEY,
        rights::SERVICE_ROLE,
        rights::GROUP_ROLE,
        rights::ALL_GROUPS,
        rights::GROUP_RIGHT,
        rights::SERVICE_SCOPE,
    ],
};
