//! Bookmarks: a tile on the source's dashboard that opens one app of the target.

use serde_json::Value as Json;

use super::federation::{ORG2ORG_APP, SOURCE_GROUP, SSO_URL};
use super::shared::{GROUPS, USERS, note, read_person_assignment};
use crate::bookmark;
use crate::console;
use crate::facts::{Derive, Fact, Facts, Missing, Set};
use crate::json;
use crate::okta::answer::text;
use crate::okta::{Answer, app_assignments, apps};
use crate::run::Wish;
use crate::run::step::{Click, Finding, PageId, Procedure, Side, Step, always};

/// Kind of the target app, as the console's addresses name it.
static APP_KIND: Fact = Fact::per("app-kind", "", &[&APPS]);
/// The address that opens a target app inside the target.
pub static EMBED_LINK: Fact = Fact::per("embed-link", "Embed Link", &[&APPS]);
/// The address that signs a person in through the source and opens the target app.
pub static BOOKMARK_URL: Fact =
    Fact::per("bookmark-url", "Bookmark URL", &[&APPS]).derived(Derive {
        from: &[&SSO_URL, &EMBED_LINK],
        with: bookmark_url,
    });
/// Id of the bookmark app in the source.
pub static BOOKMARK_APP: Fact = Fact::per("bookmark-app", "Bookmark app", &[&APPS]);
static BOOKMARK_LABEL: Fact =
    Fact::per("bookmark-label", "the app's label", &[&APPS]).derived(Derive {
        from: &[],
        with: |f| Ok(f.member(&APPS)?.name.clone()),
    });

/// The target apps in the wish.
pub static APPS: Set = Set {
    id: "apps",
    of: |f| Ok(f.wish().apps.clone()),
};

/// The table.
pub static BOOKMARKS: Procedure = Procedure {
    id: "bookmarks",
    title: "Open target apps from the source's dashboard",
    when: Wish::connects,
    undo_first: &[],
    effect: None,
    undo_effect: None,
    way_back: "",
    steps: &[
        Step {
            id: "target-app",
            title: "Read the target app's embed link",
            why: "It is the address to which a sign-in through the source returns.",
            side: Side::Target,
            page: &console::APP_GENERAL,
            page_ids: TARGET_APP,
            by_hand: &[
                Click::Do(
                    "Create and set up the app in the target, if it is not there yet",
                    None,
                ),
                Click::Do(
                    "Open Applications > Applications, open the app and stay on *General*",
                    Some("General"),
                ),
                Click::Copy("Embed Link", &EMBED_LINK),
            ],
            covers: &["FED-15", "FED-16", "FED-17"],
            source: "Applications API: read an app, its appLinks",
            when: always,
            over: &[&APPS],
            needs: &[],
            gives: &[&EMBED_LINK, &APP_KIND],
            after: &[],
            probe: |f| Ok(apps::read(&f.member(&APPS)?.id)),
            read: read_target_app,
            write: None,
            undo: None,
        },
        Step {
            id: "target-app-group",
            title: "Open the target app to people of the source",
            why: "A sign-in that arrives at an app the person does not have ends on the dashboard.",
            side: Side::Target,
            page: &console::APP_ASSIGNMENTS,
            page_ids: TARGET_APP,
            by_hand: &[
                Click::Do(
                    "Open the app, go to *Assignments* and click *Assign* > *Assign to Groups*",
                    Some("Assign"),
                ),
                Click::Do(
                    "Click *Assign* beside the group for people of the source, then *Done*",
                    Some("Done"),
                ),
            ],
            covers: &["FED-15", "FED-16"],
            source: "Application Groups API: assign a group",
            when: always,
            over: &[&APPS],
            needs: &[&EMBED_LINK, &SOURCE_GROUP],
            gives: &[],
            after: &["not-an-admin"],
            probe: |f| {
                Ok(app_assignments::group(
                    &f.member(&APPS)?.id,
                    &f.text(&SOURCE_GROUP)?,
                ))
            },
            read: |answer, _| Ok(Finding::met_if(!answer.is_absent(), answer.body())),
            write: Some(|f, _| {
                Ok(app_assignments::assign_group(
                    &f.member(&APPS)?.id,
                    &f.text(&SOURCE_GROUP)?,
                ))
            }),
            undo: Some(|made, _| {
                vec![app_assignments::unassign_group(
                    made.param("app"),
                    made.param("group"),
                )]
            }),
        },
        Step {
            id: "bookmark",
            title: "Create the bookmark app",
            why: "It is the tile that people click: it signs them in to the target and opens the app.",
            side: Side::Source,
            page: &console::CATALOG,
            page_ids: &[],
            by_hand: &[
                Click::Do(
                    "Open Applications > Applications and click *Browse App Catalog*",
                    Some("Browse App Catalog"),
                ),
                Click::Do(
                    "Search for *Bookmark App*, choose it and click *Add Integration*",
                    Some("Bookmark App"),
                ),
                Click::Fill("Application Label", &BOOKMARK_LABEL),
                Click::Fill("URL", &BOOKMARK_URL),
                Click::Do("Click *Done*", Some("Done")),
            ],
            covers: &["FED-18", "FED-19", "FED-20", "FED-21", "FED-22"],
            source: "Applications API: create a bookmark app",
            when: always,
            over: &[&APPS],
            needs: &[&BOOKMARK_URL],
            gives: &[&BOOKMARK_APP],
            after: &["app-acs"],
            probe: |_| Ok(apps::named("bookmark")),
            read: read_bookmark,
            write: Some(|f, _| {
                Ok(apps::create_bookmark(
                    &f.text(&BOOKMARK_LABEL)?,
                    &f.text(&BOOKMARK_URL)?,
                    &note(f),
                ))
            }),
            undo: Some(|made, _| made.id.map(apps::remove).unwrap_or_default()),
        },
        Step {
            id: "bookmark-group",
            title: "Assign the group to the bookmark",
            why: "People see the tile only when the bookmark is assigned to them.",
            side: Side::Source,
            page: &console::APP_ASSIGNMENTS,
            page_ids: &[
                ("name", PageId::Plain("bookmark")),
                ("app", PageId::Fact(&BOOKMARK_APP)),
            ],
            by_hand: &[
                Click::Do(
                    "Open the bookmark app, go to *Assignments* and click *Assign* > *Assign to Groups*",
                    Some("Assign"),
                ),
                Click::Do("Click *Assign* beside the group, then *Done*", Some("Done")),
            ],
            covers: &["FED-18"],
            source: "Application Groups API: assign a group",
            when: always,
            over: &[&APPS, &GROUPS],
            needs: &[&BOOKMARK_APP, &ORG2ORG_APP],
            gives: &[],
            after: &["assign-group", "target-app-group"],
            probe: |f| {
                Ok(app_assignments::group(
                    &f.text(&BOOKMARK_APP)?,
                    &f.member(&GROUPS)?.id,
                ))
            },
            read: |answer, _| Ok(Finding::met_if(!answer.is_absent(), answer.body())),
            write: Some(|f, _| {
                Ok(app_assignments::assign_group(
                    &f.text(&BOOKMARK_APP)?,
                    &f.member(&GROUPS)?.id,
                ))
            }),
            undo: Some(|made, _| {
                vec![app_assignments::unassign_group(
                    made.param("app"),
                    made.param("group"),
                )]
            }),
        },
        Step {
            id: "bookmark-person",
            title: "Assign the person to the bookmark",
            why: "People see the tile only when the bookmark is assigned to them.",
            side: Side::Source,
            page: &console::APP_ASSIGNMENTS,
            page_ids: &[
                ("name", PageId::Plain("bookmark")),
                ("app", PageId::Fact(&BOOKMARK_APP)),
            ],
            by_hand: &[
                Click::Do(
                    "Open the bookmark app, go to *Assignments* and click *Assign* > *Assign to People*",
                    Some("Assign"),
                ),
                Click::Do(
                    "Click *Assign* beside the person, then *Save and Go Back*, then *Done*",
                    Some("Done"),
                ),
            ],
            covers: &["FED-18"],
            source: "Application Users API: assign a user",
            when: always,
            over: &[&APPS, &USERS],
            needs: &[&BOOKMARK_APP, &ORG2ORG_APP],
            gives: &[],
            after: &["assign-person", "target-app-group"],
            probe: |f| {
                Ok(app_assignments::user(
                    &f.text(&BOOKMARK_APP)?,
                    &f.member(&USERS)?.id,
                ))
            },
            read: read_person_assignment,
            write: Some(|f, _| {
                Ok(app_assignments::assign_user(
                    &f.text(&BOOKMARK_APP)?,
                    &f.member(&USERS)?.id,
                ))
            }),
            undo: Some(|made, answer| {
                let user = answer.text("/id").unwrap_or_default();
                vec![app_assignments::unassign_user(made.param("app"), user)]
            }),
        },
    ],
};

/// The ids in the addresses of a target app's pages.
const TARGET_APP: &[(&str, PageId)] = &[
    ("name", PageId::Fact(&APP_KIND)),
    ("app", PageId::Member(&APPS)),
];

fn bookmark_url(f: &Facts<'_>) -> Result<String, Missing> {
    let (sso_url, embed_link) = (f.text(&SSO_URL)?, f.text(&EMBED_LINK)?);
    bookmark::build_for(f.source(), f.target(), &sso_url, &embed_link)
        .map(|bookmark| bookmark.url)
        .map_err(|error| Missing::Unusable(error.to_string()))
}

fn read_target_app(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let app = answer.body();
    let status = text(app, "/status")?;
    if status != "ACTIVE" {
        return Ok(Finding::Blocked {
            why: format!("the app is {status}"),
            who: "an app admin of the target: activate it".into(),
        });
    }
    let links = json::at(app, "/_links/appLinks")
        .and_then(Json::as_array)
        .map_or(0, Vec::len);
    let Ok(link) = text(app, "/_links/appLinks/0/href") else {
        return Ok(Finding::Blocked {
            why: "the app has no embed link".into(),
            who: "you: choose an app that people open from their dashboard".into(),
        });
    };
    f.target()
        .owns(link)
        .map_err(|error| Missing::Unusable(error.to_string()))?;
    let met = Finding::met(&Json::Null)
        .giving(&EMBED_LINK, link)
        .giving(&APP_KIND, text(app, "/name")?);
    Ok(match links {
        1 => met,
        many => met.noting(format!("The app has {many} links; the first one is used.")),
    })
}

fn read_bookmark(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let url = f.text(&BOOKMARK_URL)?;
    let same = |app: &&Json| text(app, "/settings/app/url") == Ok(&url);
    let found: Vec<&Json> = answer.items().iter().filter(same).collect();
    match found.as_slice() {
        [] => Ok(Finding::Unmet),
        [app] if text(app, "/status")? == "ACTIVE" => {
            Ok(Finding::met(app).giving(&BOOKMARK_APP, text(app, "/id")?))
        }
        [_] => Ok(Finding::Differs {
            wanted: "an active bookmark".into(),
            seen: "an inactive one".into(),
        }),
        many => Ok(Finding::Conflict {
            several: many
                .iter()
                .filter_map(|app| text(app, "/id").ok())
                .map(str::to_owned)
                .collect(),
        }),
    }
}
