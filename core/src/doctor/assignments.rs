//! People who have the app and are none the better for it.

use super::look::{Object, Stop, found_if};
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, app_assignments, apps, connections, users};

const PEOPLE: &[&ReadOp] = &[
    &apps::LIST,
    &connections::READ,
    &app_assignments::LIST_USERS,
    &app_assignments::FIRST_USERS,
];
/// People named in the evidence of one rule.
const MOST_SHOWN: usize = 5;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "nobody-assigned",
        family: Family::Assignments,
        severity: Severity::Medium,
        title: "Nobody has the app",
        why: "The link stands and no one can use it.",
        source: "Application Users and Groups API",
        remedy: "Assign one pilot person first, then the groups.",
        reads: &[
            &apps::LIST,
            &app_assignments::LIST_USERS,
            &app_assignments::FIRST_USERS,
            &app_assignments::LIST_GROUPS,
        ],
        judge: |look| {
            let (app, people, groups) = (look.app()?, look.people()?, look.groups()?);
            found_if(people.is_empty() && groups.is_empty(), || {
                app.says("", "no people and no groups")
            })
        },
    },
    Rule {
        id: "groups-without-people",
        family: Family::Assignments,
        severity: Severity::Medium,
        title: "Groups have the app and nobody is in them",
        why: "Nobody can sign in, although somebody was meant to.",
        source: "Application Users and Groups API",
        remedy: "Put people into the groups, or assign other groups.",
        reads: &[
            &apps::LIST,
            &app_assignments::LIST_USERS,
            &app_assignments::FIRST_USERS,
            &app_assignments::LIST_GROUPS,
        ],
        judge: |look| {
            let (people, groups) = (look.people()?, look.groups()?);
            match groups.first() {
                None => Err(Stop::not_here("no group has the app")),
                Some(group) => found_if(people.is_empty(), || group.shows("/id")),
            }
        },
    },
    Rule {
        id: "assigned-before-provisioning",
        family: Family::Assignments,
        severity: Severity::High,
        title: "People have the app and no account in the target",
        why: "They were assigned before provisioning was on: nothing pushes them by itself any more.",
        source: "Okta support: user was assigned before provisioning was enabled; Application Users API: externalId",
        remedy: "Click Provision User on the app's Assignments tab, after the initial status is right.",
        reads: PEOPLE,
        judge: |look| {
            let people = look.pushed_people()?;
            let left = |one: &&Object<'_>| {
                one.is("/externalId", "")
                    && !one.is("/status", "STAGED")
                    && !one.is("/syncState", "ERROR")
            };
            told(people.iter().filter(left).collect(), "/status")
        },
    },
    Rule {
        id: "push-waits",
        family: Family::Assignments,
        severity: Severity::Medium,
        title: "People are waiting to be pushed",
        why: "A queue that does not empty is a push that does not work.",
        source: "Application Users API: status STAGED, no externalId",
        remedy: "Look again in some minutes; if they still wait, read the source's System Log.",
        reads: PEOPLE,
        judge: |look| {
            let people = look.pushed_people()?;
            let waits = |one: &&Object<'_>| {
                one.is("/externalId", "")
                    && one.is("/status", "STAGED")
                    && !one.is("/syncState", "ERROR")
            };
            told(people.iter().filter(waits).collect(), "/status")
        },
    },
    Rule {
        id: "push-failed",
        family: Family::Assignments,
        severity: Severity::High,
        title: "The push of people failed",
        why: "Their accounts are missing or out of date in the target.",
        source: "Application Users API: syncState ERROR",
        remedy: "Read the error beside the person on the app's Assignments tab, remove its cause, and click Provision User.",
        reads: PEOPLE,
        judge: |look| {
            let people = look.pushed_people()?;
            let failed = |one: &&Object<'_>| one.is("/syncState", "ERROR");
            told(people.iter().filter(failed).collect(), "/syncState")
        },
    },
    Rule {
        id: "out-of-sync",
        family: Family::Assignments,
        severity: Severity::Medium,
        title: "Accounts in the target are out of date",
        why: "A change of the person has not been pushed.",
        source: "Application Users API: syncState OUT_OF_SYNC",
        remedy: "Open the person's assignment and push the profile again.",
        reads: PEOPLE,
        judge: |look| {
            let people = look.pushed_people()?;
            let behind = |one: &&Object<'_>| {
                one.is("/syncState", "OUT_OF_SYNC") && !one.is("/externalId", "")
            };
            told(people.iter().filter(behind).collect(), "/syncState")
        },
    },
    Rule {
        id: "assignment-suspended",
        family: Family::Assignments,
        severity: Severity::Low,
        title: "Some people's use of the app is suspended or ended",
        why: "They look assigned and cannot sign in to the target.",
        source: "Application Users API: status",
        remedy: "Unassign them if that is meant, after turning Deactivate Users off if their accounts are to stay.",
        reads: PEOPLE,
        judge: |look| {
            let people = look.people()?;
            let ended = |one: &&Object<'_>| {
                ["SUSPENDED", "DEPROVISIONED", "INACTIVE", "REVOKED"].contains(&one.text("/status"))
            };
            told(people.iter().filter(ended).collect(), "/status")
        },
    },
    Rule {
        id: "account-gone",
        family: Family::Assignments,
        severity: Severity::High,
        title: "The account that the source knows is not in the target",
        why: "Somebody deleted it there: every later push of this person fails.",
        source: "Application Users API: externalId; Users API: read a user",
        remedy: "Unassign and assign the person again, with Deactivate Users off.",
        reads: SAMPLE,
        judge: |look| {
            let (person, account) = sample(look)?;
            Ok(match account.value("/id").is_null() {
                true => vec![person.shows("/externalId")],
                false => Vec::new(),
            })
        },
    },
    Rule {
        id: "account-not-active",
        family: Family::Assignments,
        severity: Severity::Medium,
        title: "The account of a pushed person is not active in the target",
        why: "The person cannot sign in there, whatever the source says; and a reactivation in the source lifts a suspension of the target.",
        source: "Users API: status; Org2Org supported features: reactivation",
        remedy: "Ask the target's admins why, before anything is reactivated in the source.",
        reads: SAMPLE,
        judge: |look| {
            let (_, account) = sample(look)?;
            let off = ["STAGED", "SUSPENDED", "DEPROVISIONED", "LOCKED_OUT"];
            found_if(off.contains(&account.text("/status")), || {
                account.shows("/status")
            })
        },
    },
];

const SAMPLE: &[&ReadOp] = &[
    &apps::LIST,
    &connections::READ,
    &app_assignments::LIST_USERS,
    &app_assignments::FIRST_USERS,
    &users::FIND,
];

/// One pushed person and the account in the target: one read stands for many.
fn sample<'a>(look: &super::Look<'a>) -> Result<(Object<'a>, Object<'a>), Stop> {
    let people = look.pushed_people()?.into_iter();
    let mut pushed = people.filter(|one| !one.is("/externalId", ""));
    let person = pushed
        .next()
        .ok_or_else(|| Stop::not_here("nobody was pushed yet"))?;
    let account = look.target(users::find(person.text("/externalId")))?;
    Ok((person, account))
}

fn told(found: Vec<&Object<'_>>, at: &str) -> super::Judged {
    let mut shown: Vec<_> = found
        .iter()
        .take(MOST_SHOWN)
        .map(|one| one.says(at, format!("{} of {}", one.text(at), one.id())))
        .collect();
    if let (true, Some(one)) = (found.len() > MOST_SHOWN, found.first()) {
        shown.push(one.says(at, format!("and {} more", found.len() - MOST_SHOWN)));
    }
    Ok(shown)
}
