//! Rotation of a key that a person keeps: the source gets a new signing key, the target learns it
//! while the old one still counts, the source switches, and only then is the old one retired.
//!
//! The same key signs SAML assertions of the same app, so the target's IdP learns the new
//! certificate before the switch too; Okta's guide leaves that out, and sign-in would stop.

mod certificate;
mod client;
pub(super) mod source;

use crate::run::Aim;
use crate::run::step::Procedure;

/// The table: each row stands with its facts in the room of what it is about.
pub static KEY_ROTATION: Procedure = Procedure {
    id: "key-rotation",
    title: "Replace the key with which the source proves itself",
    when: |wish| matches!(wish.aim, Aim::Rotate(_)),
    undo_first: &[],
    effect: None,
    undo_effect: None,
    way_back: "Keys of an app are never deleted, and what has switched stays: to go back, rotate again and name the new key.",
    steps: &[
        source::APP,
        source::CONNECTION,
        client::APP,
        certificate::IDP,
        source::NEW_KEY,
        client::OVERLAP,
        certificate::ADD,
        certificate::TRUST_BOTH,
        source::SWITCH,
        certificate::TRUST_NEW,
        certificate::OLD,
        certificate::RETIRE,
        client::DEACTIVATE_OLD,
        client::DELETE_OLD,
    ],
};
