//! The target's group for people of the source: only its members are linked.

use serde_json::Value as Json;

use super::people::{COUNTERPART, PEOPLE};
use crate::console;
use crate::facts::{Fact, Facts, Missing};
use crate::json::json;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, groups};
use crate::procedures::shared::{several, wished};
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// Id of the target's group for people of the source.
pub static SOURCE_GROUP: Fact = Fact::one("source-group", "Group for people of the source");
pub(in crate::procedures) static GROUP_NAME: Fact = wished("group-name", "the group's name", |f| {
    Ok(f.wish().group_name.clone())
});
static GROUP_MARK: Fact = wished(
    "group-mark",
    "the description that ties it to the source",
    |f| Ok(group_mark(f)),
);

/// The group itself.
pub(super) const CREATE: Step = Step {
    id: "source-group",
    title: "Create the group for people of the source",
    why: "Only members of this group are linked, and it opens the target's apps to them.",
    side: Side::Target,
    page: &console::GROUPS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Directory > Groups and click *Add group*",
            Some("Add group"),
        ),
        Click::Fill("Name", &GROUP_NAME),
        Click::Fill("Description", &GROUP_MARK),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &[],
    source: "Groups API: create a group",
    when: always,
    over: &[],
    needs: &[],
    gives: &[&SOURCE_GROUP],
    after: &["not-an-admin", "oidc-bookmarks"],
    probe: |f| Ok(groups::starting_with(&f.wish().group_name)),
    read: read_group,
    write: Some(|f, _| Ok(groups::create(&f.wish().group_name, &group_mark(f)))),
    undo: Some(|made, _| {
        made.id
            .map(|id| vec![groups::delete(id)])
            .unwrap_or_default()
    }),
};

/// An account that is there already, let in.
pub(super) const MEMBER: Step = Step {
    id: "group-member",
    title: "Put the person's account into the group",
    why: "Linking an existing account is limited to members of this group.",
    side: Side::Target,
    page: &console::GROUP,
    page_ids: &[("group", PageId::Fact(&SOURCE_GROUP))],
    by_hand: &[
        Click::Do(
            "Open the group and click *Assign people*",
            Some("Assign people"),
        ),
        Click::Do("Click *+* beside the person's user name, then *Done*", None),
    ],
    covers: &[],
    source: "Groups API: add a user to a group",
    when: |wish| !wish.pushes(),
    over: &[&PEOPLE],
    needs: &[&COUNTERPART, &SOURCE_GROUP],
    gives: &[],
    after: &["not-an-admin"],
    probe: |f| match f.optional(&COUNTERPART)? {
        Some(_) => Ok(groups::people(&f.text(&SOURCE_GROUP)?)),
        None => Ok(Probe::none()),
    },
    read: |answer, f| match f.optional(&COUNTERPART)? {
        // Being in the group is the proof; what else changes about the person is not ours.
        Some(user) => Ok(Finding::met_if(
            answer
                .items()
                .iter()
                .any(|item| text(item, "/id") == Ok(&user)),
            &json!({"id": user}),
        )),
        None => Ok(Finding::met(&Json::Null)),
    },
    write: Some(|f, _| Ok(groups::add(&f.text(&SOURCE_GROUP)?, &f.text(&COUNTERPART)?))),
    undo: Some(|made, _| vec![groups::remove(made.param("group"), made.param("user"))]),
};

fn group_mark(f: &Facts<'_>) -> String {
    let source = &f.pair().source;
    format!("People who sign in from {} ({})", source.name, source.id)
}

fn read_group(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let named = |group: &&Json| text(group, "/profile/name") == Ok(&f.wish().group_name);
    let found: Vec<&Json> = answer.items().iter().filter(named).collect();
    match found.as_slice() {
        [] => Ok(Finding::Unmet),
        [group] if text(group, "/profile/description") == Ok(&group_mark(f)) => {
            // The members are other steps' business; only the group itself proves this one.
            Ok(Finding::met(group).giving(&SOURCE_GROUP, text(group, "/id")?))
        }
        [_] => Ok(Finding::Blocked {
            why: format!(
                "a group named `{}` is there and does not say that it is for this source; whoever is in it would be linked",
                f.wish().group_name
            ),
            who: format!(
                "you: choose another name, or set its description to `{}`",
                group_mark(f)
            ),
        }),
        many => Ok(several(many, "/profile/name")),
    }
}
