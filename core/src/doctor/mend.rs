//! Which findings a plan of ours mends.
//!
//! A test makes each of these ill, applies the plan of the wish, and examines again: what is not
//! gone by then does not stand here, and what is gone does.

use super::Rule;

/// The part of a wish whose plan mends a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// The source's people are pushed to the target, by OAuth 2.0.
    Push,
    /// People sign in to the target through the source.
    SignOn,
}

impl Rule {
    /// What mends what this rule finds; none where a person has to decide or no API exists.
    pub fn mend(&self) -> Option<Mend> {
        let found = MENDS.iter().find(|(id, _)| *id == self.id);
        found.map(|(_, mend)| *mend)
    }
}

const MENDS: &[(&str, Mend)] = &[
    ("no-app-for-target", Mend::SignOn),
    ("idp-missing", Mend::SignOn),
    ("nobody-assigned", Mend::SignOn),
    ("role-missing", Mend::Push),
    ("membership-role-missing", Mend::Push),
    ("users-scope-missing", Mend::Push),
    ("groups-scope-missing", Mend::Push),
    ("connection-off", Mend::Push),
    ("push-without-provisioning", Mend::Push),
    ("create-off", Mend::Push),
    ("update-off", Mend::Push),
    ("deactivate-before-arrival", Mend::Push),
    ("initial-status-unset", Mend::Push),
];
