//! Group push by name: groups of the source, kept alike in the target.

use serde_json::Value as Json;

use super::federation::{ORG2ORG_APP, pointing_here};
use super::provisioning::{CONNECTED, ORG2ORG, push};
use super::shared::several;
use crate::console;
use crate::facts::{Fact, Facts, Missing, Set, Value};
use crate::json::json;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, apps, group_push, groups};
use crate::run::Wish;
use crate::run::step::{Click, Finding, Procedure, Side, Step};

/// Id of the app that may push already, or none.
static PUSHING_APP: Fact = Fact::one("pushing-app", "");
/// The mapping of a group that is pushed already, or none.
static PUSHED: Fact = Fact::per("pushed", "", &[&PUSHED_GROUPS]);
/// The mapping of a group.
static PUSH_MAPPING: Fact = Fact::per("push-mapping", "Push mapping", &[&PUSHED_GROUPS]);
static GROUP_NAME: Fact =
    Fact::per("pushed-name", "the group's name", &[&PUSHED_GROUPS]).derived(crate::facts::Derive {
        from: &[],
        with: |f| Ok(f.member(&PUSHED_GROUPS)?.name.clone()),
    });

/// The source groups in the wish that are kept alike in the target.
static PUSHED_GROUPS: Set = Set {
    id: "pushed-groups",
    of: |f| Ok(push(f).map(|push| push.groups.clone()).unwrap_or_default()),
};

/// The table.
pub static GROUP_PUSH: Procedure = Procedure {
    id: "group-push",
    title: "Push groups from the source to the target",
    when: Wish::connects,
    undo_first: &[],
    effect: None,
    undo_effect: None,
    way_back: "",
    steps: &[
        Step {
            id: "pushing-app",
            title: "Look for an app that may push already",
            why: "Where there is none yet, no group of the target can be one that it pushed.",
            side: Side::Source,
            page: &console::APPS,
            page_ids: &[],
            by_hand: &[Click::Do(
                "Open Applications > Applications and look for an Org2Org app of this target",
                None,
            )],
            covers: &[],
            source: "Applications API: list apps by name",
            when: pushes_groups,
            over: &[],
            needs: &[],
            gives: &[&PUSHING_APP],
            after: &[],
            probe: |_| Ok(apps::named("okta_org2org")),
            read: |answer, f| {
                let app = match pointing_here(answer, f).as_slice() {
                    [app] => Value::Text(text(app, "/id")?.to_owned()),
                    // Several are a conflict of the row that needs one.
                    _ => Value::None,
                };
                Ok(Finding::met(&Json::Null).giving_value(&PUSHING_APP, app))
            },
            write: None,
            undo: None,
        },
        Step {
            id: "pushed-already",
            title: "Look whether the group is pushed already",
            why: "A group that this app made in the target is no stranger there.",
            side: Side::Source,
            page: &console::APP_PUSH_GROUPS,
            page_ids: ORG2ORG,
            by_hand: &[Click::Do(
                "Open the Org2Org app and go to *Push Groups*",
                Some("Push Groups"),
            )],
            covers: &[],
            source: "Group Push Mapping API: list mappings",
            when: pushes_groups,
            over: &[&PUSHED_GROUPS],
            needs: &[&PUSHING_APP],
            gives: &[&PUSHED],
            after: &[],
            probe: |f| {
                let group = &f.member(&PUSHED_GROUPS)?.id;
                Ok(match f.optional(&PUSHING_APP)? {
                    Some(app) => group_push::of(&app, group),
                    None => Probe::none(),
                })
            },
            read: |answer, f| {
                let group = f.member(&PUSHED_GROUPS)?;
                if f.wish()
                    .groups
                    .iter()
                    .any(|assigned| assigned.id == group.id)
                {
                    return Ok(Finding::Blocked {
                        why: format!(
                            "`{}` also assigns the app; Okta does not support pushing the group that assigns",
                            crate::explain::seen(&group.name)
                        ),
                        who:
                            "you: push another group with the same people, or assign by another one"
                                .into(),
                    });
                }
                let mapping = mappings(answer, &group.id)
                    .first()
                    .and_then(|mapping| text(mapping, "/id").ok());
                let value = mapping.map_or(Value::None, |id| Value::Text(id.to_owned()));
                Ok(Finding::met(&Json::Null).giving_value(&PUSHED, value))
            },
            write: None,
            undo: None,
        },
        Step {
            id: "name-is-free",
            title: "Make sure that the target has no such group",
            why: "A push to a name that is there links to that group and overwrites who is in it.",
            side: Side::Target,
            page: &console::GROUPS,
            page_ids: &[],
            by_hand: &[Click::Do(
                "Open Directory > Groups and search for the group's name: it must not be there",
                None,
            )],
            covers: &[],
            source: "Groups API: list groups by name",
            when: pushes_groups,
            over: &[&PUSHED_GROUPS],
            needs: &[&PUSHED],
            gives: &[],
            after: &[],
            probe: |f| {
                Ok(match f.optional(&PUSHED)? {
                    Some(_) => Probe::none(),
                    None => groups::starting_with(&f.member(&PUSHED_GROUPS)?.name),
                })
            },
            read: |answer, f| {
                let name = &f.member(&PUSHED_GROUPS)?.name;
                let taken = |group: &Json| {
                    text(group, "/profile/name").is_ok_and(|seen| seen.eq_ignore_ascii_case(name))
                };
                Ok(match answer.items().iter().any(taken) {
                    true => Finding::Blocked {
                        why: format!(
                            "{} has a group `{}` already",
                            f.pair().target.name,
                            crate::explain::seen(name)
                        ),
                        who:
                            "you: rename one of the two; pushing to it would overwrite who is in it"
                                .into(),
                    },
                    false => Finding::met(&Json::Null),
                })
            },
            write: None,
            undo: None,
        },
        Step {
            id: "push-group",
            title: "Push the group",
            why: "Its members who arrived are in the target's group of that name from now on.",
            side: Side::Source,
            page: &console::APP_PUSH_GROUPS,
            page_ids: ORG2ORG,
            by_hand: &[
                Click::Do(
                    "Open the Org2Org app, go to *Push Groups* and click *Push Groups* > *Find groups by name*",
                    Some("Push Groups"),
                ),
                Click::Fill("Find groups by name", &GROUP_NAME),
                Click::Set("Push group memberships immediately", "on"),
                Click::Do("Leave *Create Group* and click *Save*", Some("Save")),
            ],
            covers: &["TOKEN-26"],
            source: "Group Push Mapping API: create a mapping",
            when: pushes_groups,
            over: &[&PUSHED_GROUPS],
            needs: &[&ORG2ORG_APP, &CONNECTED, &PUSHED],
            gives: &[&PUSH_MAPPING],
            // A push before the client may make groups fails, and is not tried again by itself.
            after: &[
                "name-is-free",
                "pushed-already",
                "pushed-member",
                "to-app",
                "service-role",
                "service-scope",
                "group-right",
            ],
            probe: |f| {
                Ok(group_push::of(
                    &f.text(&ORG2ORG_APP)?,
                    &f.member(&PUSHED_GROUPS)?.id,
                ))
            },
            read: read_mapping,
            write: Some(|f, _| {
                let group = f.member(&PUSHED_GROUPS)?;
                Ok(group_push::create(
                    &f.text(&ORG2ORG_APP)?,
                    &group.id,
                    &group.name,
                ))
            }),
            undo: Some(|made, _| {
                let app = made.param("app");
                made.id
                    .map(|mapping| group_push::remove(app, mapping))
                    .unwrap_or_default()
            }),
        },
        Step {
            id: "group-arrived",
            title: "Look at the group in the target",
            why: "Only the target shows that the group arrived.",
            side: Side::Target,
            page: &console::GROUPS,
            page_ids: &[],
            by_hand: &[Click::Do(
                "Open Directory > Groups and search for the group's name",
                None,
            )],
            covers: &[],
            source: "Groups API: list groups by name",
            when: pushes_groups,
            over: &[&PUSHED_GROUPS],
            needs: &[&PUSH_MAPPING],
            gives: &[],
            after: &["push-group"],
            probe: |f| Ok(groups::starting_with(&f.member(&PUSHED_GROUPS)?.name)),
            read: |answer, f| {
                let name = &f.member(&PUSHED_GROUPS)?.name;
                let there = |group: &Json| text(group, "/profile/name") == Ok(name);
                Ok(Finding::met_if(
                    answer.items().iter().any(there),
                    &Json::Null,
                ))
            },
            write: None,
            undo: None,
        },
    ],
};

fn pushes_groups(wish: &Wish) -> bool {
    let some = |push: &crate::run::Push| !push.groups.is_empty();
    wish.push.as_ref().is_some_and(some)
}

fn mappings<'a>(answer: &'a Answer, group: &str) -> Vec<&'a Json> {
    let own = |mapping: &&Json| text(mapping, "/sourceGroupId") == Ok(group);
    answer.items().iter().filter(own).collect()
}

fn read_mapping(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let found = mappings(answer, &f.member(&PUSHED_GROUPS)?.id);
    match found.as_slice() {
        [] => Ok(Finding::Unmet),
        [one] if text(one, "/status")? == "ACTIVE" => {
            let id = text(one, "/id")?;
            Ok(Finding::met(&json!({"id": id})).giving(&PUSH_MAPPING, id))
        }
        [one] => {
            let why = text(one, "/errorSummary").unwrap_or("no error is told");
            Ok(Finding::Blocked {
                why: format!(
                    "the push is {}: {}",
                    text(one, "/status")?,
                    crate::explain::seen(why)
                ),
                who: "an admin of the source: remove the cause and activate the push on *Push Groups*; renaming the source group is one".into(),
            })
        }
        many => Ok(several(many, "/sourceGroupId")),
    }
}
