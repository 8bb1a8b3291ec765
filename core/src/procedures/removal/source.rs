//! What goes in the source.

use serde_json::Value as Json;

use super::look::{
    CONNECTION_ON, ENDING, ENDING_APP, ENDING_BOOKMARKS, ENDING_GROUPS, ENDING_PEOPLE, is_gone,
    is_off, of_app,
};
use crate::console;
use crate::facts::{Facts, Missing};
use crate::okta::{Probe, app_assignments, app_features, apps, connections};
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

const BOOKMARK: &[(&str, PageId)] = &[
    ("name", PageId::Plain("bookmark")),
    ("app", PageId::Member(&ENDING_BOOKMARKS)),
];
const DEACTIVATE_AT: &str = "/update/lifecycleDeactivate/status";

/// Nobody is deactivated by what follows.
pub(super) const KEEP_PEOPLE: Step = Step {
    id: "keep-people",
    title: "Turn *Deactivate Users* off",
    why: "Otherwise everyone who loses the app in the next steps is deactivated in the target.",
    side: Side::Source,
    page: &console::APP_TO_APP,
    page_ids: ENDING,
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Provisioning* > *To App* and click *Edit*",
            Some("To App"),
        ),
        Click::Set("Deactivate Users", "off"),
        Click::Do(
            "Click *Save* and look at the page anew: it must be off",
            Some("Save"),
        ),
    ],
    covers: &[],
    source: "Application Features API: update USER_PROVISIONING",
    when: always,
    over: &[],
    needs: &[&ENDING_APP, &CONNECTION_ON],
    gives: &[],
    after: &["ending-idp", "ending-service-app"],
    probe: |f| {
        Ok(
            match (f.optional(&CONNECTION_ON)?, f.optional(&ENDING_APP)?) {
                (Some(_), Some(app)) => app_features::to_app(&app),
                _ => Probe::none(),
            },
        )
    },
    read: |answer, f| {
        let seen = answer.text(&format!("/capabilities{DEACTIVATE_AT}"));
        let off = f.optional(&CONNECTION_ON)?.is_none() || seen? == "DISABLED";
        Ok(Finding::met_if(off, &Json::Null))
    },
    write: Some(|f, answer| {
        let off = [(DEACTIVATE_AT, Json::from("DISABLED"))];
        Ok(app_features::set_to_app(
            &f.text(&ENDING_APP)?,
            answer.body(),
            off,
        ))
    }),
    undo: None,
};

/// Nothing is pushed any more.
pub(super) const DISCONNECT: Step = Step {
    id: "disconnect",
    title: "Turn the connection off",
    why: "From now on nothing that happens in the source reaches people in the target; they belong to the target alone.",
    side: Side::Source,
    page: &console::APP_INTEGRATION,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Open the Org2Org app, go to *Provisioning* > *Integration*, click *Edit*, turn *Enable API integration* off and click *Save*",
        Some("Enable API integration"),
    )],
    covers: &[],
    source: "Application Connections API: deactivate the default connection",
    when: always,
    over: &[],
    needs: &[&ENDING_APP],
    gives: &[],
    after: &["keep-people"],
    probe: |f| of_app(f, connections::read),
    read: |answer, f| {
        let off = f.optional(&ENDING_APP)?.is_none() || answer.text("/status")? != "ENABLED";
        Ok(Finding::met_if(off, &Json::Null))
    },
    write: Some(|f, _| Ok(connections::deactivate(&f.text(&ENDING_APP)?))),
    undo: None,
};

/// A group loses it.
pub(super) const UNASSIGN_GROUP: Step = Step {
    id: "unassign-group",
    title: "Take the app from the group",
    why: "Its people can no longer sign in to the target through the source.",
    side: Side::Source,
    page: &console::APP_ASSIGNMENTS,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Open the Org2Org app, go to *Assignments* > *Groups* and click *x* beside the group",
        Some("Assignments"),
    )],
    covers: &[],
    source: "Application Groups API: unassign a group",
    when: always,
    over: &[&ENDING_GROUPS],
    needs: &[&ENDING_APP],
    gives: &[],
    after: &["keep-people", "disconnect"],
    probe: |f| {
        let group = &f.member(&ENDING_GROUPS)?.id;
        of_app(f, |app| app_assignments::group(app, group))
    },
    read: |answer, f| {
        let gone = f.optional(&ENDING_APP)?.is_none() || answer.is_absent();
        Ok(Finding::met_if(gone, &Json::Null))
    },
    write: Some(|f, _| {
        let group = &f.member(&ENDING_GROUPS)?.id;
        Ok(app_assignments::unassign_group(
            &f.text(&ENDING_APP)?,
            group,
        ))
    }),
    undo: None,
};

/// A person loses it.
pub(super) const UNASSIGN_PERSON: Step = Step {
    id: "unassign-person",
    title: "Take the app from the person",
    why: "The person can no longer sign in to the target through the source.",
    side: Side::Source,
    page: &console::APP_ASSIGNMENTS,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Open the Org2Org app, go to *Assignments* > *People* and click *x* beside the person",
        Some("Assignments"),
    )],
    covers: &[],
    source: "Application Users API: unassign a user",
    when: always,
    over: &[&ENDING_PEOPLE],
    needs: &[&ENDING_APP],
    gives: &[],
    after: &["keep-people", "disconnect"],
    probe: |f| {
        let user = &f.member(&ENDING_PEOPLE)?.id;
        of_app(f, |app| app_assignments::user(app, user))
    },
    read: |answer, f| {
        let own = answer.text("/scope") == Ok("USER");
        Ok(Finding::met_if(
            f.optional(&ENDING_APP)?.is_none() || !own,
            &Json::Null,
        ))
    },
    write: Some(|f, _| {
        let user = &f.member(&ENDING_PEOPLE)?.id;
        Ok(app_assignments::unassign_user(&f.text(&ENDING_APP)?, user))
    }),
    undo: None,
};

/// A bookmark of ours goes, first half.
pub(super) const BOOKMARK_OFF: Step = Step {
    id: "bookmark-off",
    title: "Deactivate the bookmark",
    why: "Its tile leads through a connection that ends.",
    side: Side::Source,
    page: &console::APP_GENERAL,
    page_ids: BOOKMARK,
    by_hand: &[Click::Do(
        "Open the bookmark app and choose *Deactivate* in its menu",
        Some("Deactivate"),
    )],
    covers: &[],
    source: "Applications API: deactivate an app",
    when: always,
    over: &[&ENDING_BOOKMARKS],
    needs: &[&ENDING_APP],
    gives: &[],
    after: &["disconnect"],
    probe: |_| Ok(apps::named("bookmark")),
    read: |answer, f| Ok(is_off(answer, &f.member(&ENDING_BOOKMARKS)?.id)),
    write: Some(|f, _| Ok(apps::deactivate(&f.member(&ENDING_BOOKMARKS)?.id))),
    undo: None,
};

/// Second half.
pub(super) const DELETE_BOOKMARK: Step = Step {
    id: "delete-bookmark",
    title: "Delete the bookmark",
    why: "It carries our note, so nobody else made it.",
    side: Side::Source,
    page: &console::APP_GENERAL,
    page_ids: BOOKMARK,
    by_hand: &[Click::Do(
        "Choose *Delete* in the bookmark app's menu",
        Some("Delete"),
    )],
    covers: &[],
    source: "Applications API: delete an app",
    when: always,
    over: &[&ENDING_BOOKMARKS],
    needs: &[&ENDING_APP],
    gives: &[],
    after: &["bookmark-off"],
    probe: |_| Ok(apps::named("bookmark")),
    read: |answer, f| Ok(is_gone(answer, &f.member(&ENDING_BOOKMARKS)?.id)),
    write: Some(|f, _| Ok(apps::delete(&f.member(&ENDING_BOOKMARKS)?.id))),
    undo: None,
};

/// The app goes, first half.
pub(super) const APP_OFF: Step = Step {
    id: "app-off",
    title: "Deactivate the Org2Org app",
    why: "Only an inactive app can be deleted; its connection is off, so nobody is deprovisioned.",
    side: Side::Source,
    page: &console::APP_GENERAL,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Open the Org2Org app and choose *Deactivate* in its menu",
        Some("Deactivate"),
    )],
    covers: &[],
    source: "Applications API: deactivate an app",
    when: always,
    over: &[],
    needs: &[&ENDING_APP],
    gives: &[],
    after: &[
        "disconnect",
        "unassign-group",
        "unassign-person",
        "delete-bookmark",
        "delete-idp",
        "delete-service-app",
    ],
    probe: |_| Ok(apps::named("okta_org2org")),
    read: |answer, f| with_app(f, |app| is_off(answer, app)),
    write: Some(|f, _| Ok(apps::deactivate(&f.text(&ENDING_APP)?))),
    undo: None,
};

/// Second half, last of all.
pub(super) const DELETE_APP: Step = Step {
    id: "delete-app",
    title: "Delete the Org2Org app",
    why: "With it the source forgets the target.",
    side: Side::Source,
    page: &console::APP_GENERAL,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Choose *Delete* in the Org2Org app's menu",
        Some("Delete"),
    )],
    covers: &[],
    source: "Applications API: delete an app",
    when: always,
    over: &[],
    needs: &[&ENDING_APP],
    gives: &[],
    after: &["app-off"],
    probe: |_| Ok(apps::named("okta_org2org")),
    read: |answer, f| with_app(f, |app| is_gone(answer, app)),
    write: Some(|f, _| Ok(apps::delete(&f.text(&ENDING_APP)?))),
    undo: None,
};

fn with_app(f: &Facts<'_>, read: impl FnOnce(&str) -> Finding) -> Result<Finding, Missing> {
    let app = f.optional(&ENDING_APP)?;
    Ok(app.map_or(Finding::met(&Json::Null), |app| read(&app)))
}
