//! What mends a finding: rows of a plan, and the part of a wish whose plan has them.

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
    /// The part of a wish that mends what this rule finds, whoever set it up; none where a person has to decide or no API
    /// exists.
    pub fn mend(&self) -> Option<Mend> {
        self.mending().and_then(|(.., mend)| *mend)
    }

    /// Rows that mend it where they stand in a plan. A row never overwrites what somebody else set: then it is in no plan,
    /// and a person mends it.
    pub(super) fn mending_rows(&self) -> &'static [&'static str] {
        self.mending().map_or(&[], |(_, rows, _)| *rows)
    }

    fn mending(&self) -> Option<&'static Mending> {
        MENDINGS.iter().find(|(id, ..)| *id == self.id)
    }
}

type Mending = (&'static str, &'static [&'static str], Option<Mend>);

// A test makes each finding with a part of a wish ill, applies the plan of that wish, and examines again: what is not gone
// by then has none, and what is gone has one.
const MENDINGS: &[Mending] = &[
    (
        "no-app-for-target",
        &["org2org-app", "oidc-app"],
        Some(Mend::SignOn),
    ),
    ("idp-missing", &["idp", "oidc-idp"], Some(Mend::SignOn)),
    ("acs-missing", &["app-acs"], None),
    ("acs-differs", &["app-acs"], None),
    ("audience-differs", &["app-acs"], None),
    ("oidc-unfinished", &["oidc-app-idp"], None),
    ("oidc-other-client", &["oidc-app-idp"], None),
    (
        "certificate-differs",
        &["idp-certificate", "trust-both", "trust-new"],
        None,
    ),
    (
        "client-missing",
        &["service-app", "service-app-with-key"],
        None,
    ),
    ("role-missing", &["service-role"], Some(Mend::Push)),
    (
        "membership-role-missing",
        &["service-role"],
        Some(Mend::Push),
    ),
    ("no-right-to-make-groups", &["group-right"], None),
    ("users-scope-missing", &["service-scope"], Some(Mend::Push)),
    ("groups-scope-missing", &["service-scope"], Some(Mend::Push)),
    (
        "connection-off",
        &["connection", "token-connection"],
        Some(Mend::Push),
    ),
    (
        "connection-by-token",
        &["migrated-connection", "connection"],
        None,
    ),
    ("connection-without-keys", &["connection"], None),
    ("create-off", &["to-app"], Some(Mend::Push)),
    ("update-off", &["to-app"], Some(Mend::Push)),
    ("deactivate-before-arrival", &["to-app"], Some(Mend::Push)),
    (
        "initial-status-unset",
        &["initial-status"],
        Some(Mend::Push),
    ),
    ("initial-status-invalid", &["initial-status"], None),
    (
        "nobody-assigned",
        &["assign-group", "assign-person"],
        Some(Mend::SignOn),
    ),
    (
        "old-client-keys",
        &["deactivate-old-key", "delete-old-key"],
        None,
    ),
    (
        "rotation-left-open",
        &["switch-key", "trust-new", "deactivate-old-key"],
        None,
    ),
    ("push-without-provisioning", &[], Some(Mend::Push)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::rules;
    use crate::procedures;

    #[test]
    fn the_table_names_rules_and_rows_that_there_are() {
        let rule = |id: &str| rules().any(|rule| rule.id == id);
        let steps: Vec<&str> = procedures::ALL
            .iter()
            .flat_map(|one| one.steps.iter().map(|step| step.id))
            .collect();
        for (id, mending, _) in MENDINGS {
            assert!(rule(id), "{id}");
            for step in *mending {
                assert!(steps.contains(step), "{id}: {step}");
            }
        }
    }
}
