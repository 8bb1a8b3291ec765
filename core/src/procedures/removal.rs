//! The end of a connection, by the way out that hurts nobody.
//!
//! Unassigning deactivates people in the target while *Deactivate Users* is on, and an inactive
//! app goes on doing so while its connection is on. So: deactivation off and read back, then the
//! connection, then the assignments, then what the target holds, and the app last of all: it
//! tells what belongs to it until the end.

mod look;
mod source;
mod target;

use crate::run::Aim;
use crate::run::step::Procedure;

/// The table: each row stands with its facts in the room of what it is about.
pub static REMOVAL: Procedure = Procedure {
    id: "removal",
    title: "Remove the connection at the end of its life",
    when: |wish| wish.aim == Aim::Remove,
    undo_first: &[],
    effect: None,
    undo_effect: None,
    way_back: "What is deleted cannot be restored: to connect again, plan and apply the wish anew; accounts that stayed are found again by their user names.",
    steps: &[
        look::APP,
        look::CONNECTION,
        look::GROUPS,
        look::PEOPLE,
        look::BOOKMARKS,
        target::IDP,
        target::ROUTING,
        target::CLIENT,
        source::KEEP_PEOPLE,
        source::DISCONNECT,
        source::UNASSIGN_GROUP,
        source::UNASSIGN_PERSON,
        source::BOOKMARK_OFF,
        source::DELETE_BOOKMARK,
        target::DELETE_RULE,
        target::IDP_OFF,
        target::DELETE_IDP,
        target::CLIENT_OFF,
        target::DELETE_CLIENT,
        source::APP_OFF,
        source::DELETE_APP,
    ],
};
