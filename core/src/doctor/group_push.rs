//! Groups that the app keeps alike in the target.

use super::look::{Object, found_if};
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, app_assignments, apps, connections, group_push};

const READS: &[&ReadOp] = &[&apps::LIST, &group_push::LIST];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "group-push-failed",
        family: Family::GroupPush,
        severity: Severity::High,
        title: "The push of a group failed",
        why: "The group in the target is missing or out of date, and so is what it opens.",
        source: "Group Push Mapping API: status ERROR, errorSummary",
        remedy: "Remove the cause that is told; then deactivate and activate the push.",
        reads: READS,
        judge: |look| {
            let mut all = look.pushes()?;
            all.retain(|one| one.is("/status", "ERROR"));
            Ok(all.iter().map(|one| one.shows("/errorSummary")).collect())
        },
    },
    Rule {
        id: "group-push-inactive",
        family: Family::GroupPush,
        severity: Severity::Medium,
        title: "The push of a group is switched off",
        why: "Its members change in the source and not in the target; renaming a group may have done it.",
        source: "Group Push Mapping API: status INACTIVE",
        remedy: "Activate the push, or unlink the group and leave it in the target.",
        reads: READS,
        judge: |look| {
            let mut all = look.pushes()?;
            all.retain(|one| one.is("/status", "INACTIVE"));
            Ok(all.iter().map(|one| one.shows("/sourceGroupId")).collect())
        },
    },
    Rule {
        id: "group-never-pushed",
        family: Family::GroupPush,
        severity: Severity::Medium,
        title: "A group was never pushed",
        why: "It is set up, and the target has nothing of it.",
        source: "Group Push Mapping API: lastPush",
        remedy: "See whether its members are provisioned to the app; then push it now.",
        reads: READS,
        judge: |look| {
            let mut all = look.pushes()?;
            all.retain(|one| one.is("/status", "ACTIVE") && one.is("/lastPush", ""));
            Ok(all.iter().map(|one| one.shows("/sourceGroupId")).collect())
        },
    },
    Rule {
        id: "pushed-group-assigns",
        family: Family::GroupPush,
        severity: Severity::High,
        title: "A group that assigns the app is pushed as well",
        why: "Okta does not support it: members may be missing in the target without an error.",
        source: "Okta help: group push prerequisites",
        remedy: "Assign the app by one group and push another.",
        reads: &[
            &apps::LIST,
            &group_push::LIST,
            &app_assignments::LIST_GROUPS,
        ],
        judge: |look| {
            let assigning = look.groups()?;
            let mut all = look.pushes()?;
            let assigns = |push: &Object<'_>| {
                let group = push.text("/sourceGroupId");
                assigning.iter().any(|one| one.id() == group)
            };
            all.retain(assigns);
            Ok(all.iter().map(|one| one.shows("/sourceGroupId")).collect())
        },
    },
    Rule {
        id: "push-without-provisioning",
        family: Family::GroupPush,
        severity: Severity::High,
        title: "Groups are pushed and provisioning is off",
        why: "Nothing reaches the target.",
        source: "Okta help: group push prerequisites",
        remedy: "Switch the connection on first.",
        reads: &[&apps::LIST, &group_push::LIST, &connections::READ],
        judge: |look| {
            look.pushes()?;
            let connection = look.connection()?;
            found_if(!connection.is("/status", "ENABLED"), || {
                connection.shows("/status")
            })
        },
    },
    Rule {
        id: "two-groups-into-one",
        family: Family::GroupPush,
        severity: Severity::High,
        title: "Two groups are pushed to the same group of the target",
        why: "Each push removes the other's members.",
        source: "Group Push Mapping API: targetGroupId",
        remedy: "Unlink one of them and leave the group in the target.",
        reads: READS,
        judge: |look| {
            let all = look.pushes()?;
            let mut found = Vec::new();
            for (index, one) in all.iter().enumerate() {
                let mut before = all.iter().take(index);
                if before.any(|other| other.is("/targetGroupId", one.text("/targetGroupId"))) {
                    found.push(one.shows("/targetGroupId"));
                }
            }
            Ok(found)
        },
    },
];
