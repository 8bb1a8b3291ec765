//! Provisioning: the source pushes people to the target, by OAuth 2.0 or by an API token.
//!
//! The order protects people: the right to write comes before the connection, what becomes of an
//! account before the first push, and deactivation last of all. Taking back goes the other way,
//! and the connection is off before anybody is unassigned.

pub(super) mod arrival;
mod connection;
pub(super) mod settings;

use super::federation::ORG2ORG_APP;
use crate::facts::{Facts, Missing};
use crate::run::step::{Finding, PageId, Procedure};
use crate::run::{Push, Wish};
pub use connection::CONNECTED;
pub(super) use connection::{read_connection, rotation};

/// The table: each row stands with its facts in the room of what it is about.
pub static PROVISIONING: Procedure = Procedure {
    id: "provisioning",
    title: "Push people from the source to the target",
    when: Wish::connects,
    undo_first: &[
        "deactivate-users",
        "push-group",
        "to-app",
        "initial-status",
        "connection",
    ],
    effect: Some(arrival::effect),
    undo_effect: None,
    way_back: "",
    steps: &[
        connection::API_TOKEN,
        connection::TOKEN_CONNECTION,
        connection::CONNECTION,
        connection::CONNECTION_KEYS,
        settings::ATTRIBUTE_MAPPING,
        settings::INITIAL_STATUS,
        settings::STATUS_MEANS,
        settings::TO_APP,
        settings::TO_OKTA,
        arrival::ARRIVED_ACCOUNT,
        arrival::ACCOUNT,
        arrival::PUSHED_MEMBER,
        settings::DEACTIVATE_USERS,
    ],
};

/// The ids in the addresses of the Org2Org app's pages.
pub(super) const ORG2ORG: &[(&str, PageId)] = &[
    ("name", PageId::Plain("okta_org2org")),
    ("app", PageId::Fact(&ORG2ORG_APP)),
];

/// How and what is pushed; rows that ask stand only where something is.
pub(super) fn push<'a>(f: &Facts<'a>) -> Result<&'a Push, Missing> {
    f.wish().push.as_ref().ok_or(Missing::Fact("push"))
}

fn differs(wanted: &str, seen: &str) -> Finding {
    Finding::Differs {
        wanted: wanted.to_owned(),
        seen: crate::explain::seen(seen),
    }
}
