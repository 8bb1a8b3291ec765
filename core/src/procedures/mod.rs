//! The procedures, one table per file.
//!
//! Deliberately absent: any code about one step outside its row.

pub mod bookmarks;
pub mod by_file;
pub mod checklist;
pub mod federation;
pub mod federation_oidc;
pub mod group_push;
pub mod key_rotation;
pub mod migration;
pub mod pilot;
pub mod provisioning;
pub mod removal;
pub mod service_app;
mod shared;

use crate::run::step::{Procedure, Step};

/// Every procedure, in the order of Okta's help page. A new one adds one line.
pub const ALL: &[&Procedure] = &[
    &federation::FEDERATION,
    &federation_oidc::FEDERATION_OIDC,
    &bookmarks::BOOKMARKS,
    &by_file::BY_FILE,
    &service_app::SERVICE_APPS,
    &provisioning::PROVISIONING,
    &pilot::PILOT,
    &migration::MIGRATION,
    &group_push::GROUP_PUSH,
    &key_rotation::KEY_ROTATION,
    &removal::REMOVAL,
];

/// Every row of every procedure.
pub fn steps() -> impl Iterator<Item = &'static Step> {
    ALL.iter().flat_map(|procedure| procedure.steps)
}
