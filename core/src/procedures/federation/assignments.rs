//! Who in the source has the Org2Org app.

use super::app::ORG2ORG_APP;
use crate::console;
use crate::okta::app_assignments;
use crate::procedures::shared::{GROUPS, USERS, read_person_assignment};
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// A chosen group.
pub(super) const GROUP: Step = Step {
    id: "assign-group",
    title: "Assign the group to the Org2Org app",
    why: "Only people who have the app can be signed in to the target.",
    side: Side::Source,
    page: &console::APP_ASSIGNMENTS,
    page_ids: &[
        ("name", PageId::Plain("okta_org2org")),
        ("app", PageId::Fact(&ORG2ORG_APP)),
    ],
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Assignments* and click *Assign* > *Assign to Groups*",
            Some("Assign"),
        ),
        Click::Do(
            "Click *Assign* beside the group, then *Save and Go Back*, then *Done*",
            Some("Done"),
        ),
    ],
    covers: &["FED-12", "FED-13", "FED-14", "AUTO-29", "MANUAL-24"],
    source: "Application Groups API: assign a group",
    when: always,
    over: &[&GROUPS],
    needs: &[&ORG2ORG_APP],
    gives: &[],
    after: &[
        "provisioning-off",
        "app-acs",
        "oidc-app-idp",
        "connection",
        "migrated-connection",
        "initial-status",
        "to-app",
    ],
    probe: |f| {
        Ok(app_assignments::group(
            &f.text(&ORG2ORG_APP)?,
            &f.member(&GROUPS)?.id,
        ))
    },
    read: |answer, _| Ok(Finding::met_if(!answer.is_absent(), answer.body())),
    write: Some(|f, _| {
        Ok(app_assignments::assign_group(
            &f.text(&ORG2ORG_APP)?,
            &f.member(&GROUPS)?.id,
        ))
    }),
    undo: Some(|made, _| {
        vec![app_assignments::unassign_group(
            made.param("app"),
            made.param("group"),
        )]
    }),
};

/// A person chosen one by one.
pub(in crate::procedures) const PERSON: Step = Step {
    id: "assign-person",
    title: "Assign the person to the Org2Org app",
    why: "Only people who have the app can be signed in to the target.",
    side: Side::Source,
    page: &console::APP_ASSIGNMENTS,
    page_ids: &[
        ("name", PageId::Plain("okta_org2org")),
        ("app", PageId::Fact(&ORG2ORG_APP)),
    ],
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Assignments* and click *Assign* > *Assign to People*",
            Some("Assign"),
        ),
        Click::Do(
            "Click *Assign* beside the person, then *Save and Go Back*, then *Done*",
            Some("Done"),
        ),
    ],
    covers: &["FED-12", "FED-13", "FED-14"],
    source: "Application Users API: assign a user",
    when: always,
    over: &[&USERS],
    needs: &[&ORG2ORG_APP],
    gives: &[],
    after: &[
        "provisioning-off",
        "app-acs",
        "oidc-app-idp",
        "connection",
        "migrated-connection",
        "initial-status",
        "to-app",
    ],
    probe: |f| {
        Ok(app_assignments::user(
            &f.text(&ORG2ORG_APP)?,
            &f.member(&USERS)?.id,
        ))
    },
    read: read_person_assignment,
    write: Some(|f, _| {
        Ok(app_assignments::assign_user(
            &f.text(&ORG2ORG_APP)?,
            &f.member(&USERS)?.id,
        ))
    }),
    undo: Some(|made, answer| {
        let user = answer.text("/id").unwrap_or_default();
        vec![app_assignments::unassign_user(made.param("app"), user)]
    }),
};
