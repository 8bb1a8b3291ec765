//! Whether people arrived, and what opens the apps to them.

use serde_json::Value as Json;

use super::{ORG2ORG, push};
use crate::console;
use crate::facts::{Fact, Facts, Missing};
use crate::json::json;
use crate::okta::answer::text;
use crate::okta::{Answer, app_assignments, groups, users};
use crate::procedures::federation::{COUNTERPART, ORG2ORG_APP, PEOPLE, SOURCE_GROUP};
use crate::run::Wish;
use crate::run::reach::Effect;
use crate::run::step::{Click, Finding, PageId, Side, Step};

/// Id of the account that a push made or linked in the target.
static ARRIVED: Fact = Fact::per("arrived", "Account in the target", &[&PEOPLE]);

/// The account, as the source knows it.
pub(in crate::procedures) const ARRIVED_ACCOUNT: Step = Step {
    id: "arrived",
    title: "Wait for the person's account",
    why: "Only the account's id, written back by the push, shows that the person arrived.",
    side: Side::Source,
    page: &console::APP_ASSIGNMENTS,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Open the Org2Org app and go to *Assignments*: where the person has an error, read it and click *Provision User*",
        Some("Provision User"),
    )],
    covers: &["AUTO-26", "MANUAL-21"],
    source: "Application Users API: read an assignment, its externalId",
    when: Wish::pushes,
    over: &[&PEOPLE],
    needs: &[&ORG2ORG_APP],
    gives: &[&ARRIVED],
    after: &["to-app", "assign-group", "assign-person"],
    probe: |f| {
        Ok(app_assignments::user(
            &f.text(&ORG2ORG_APP)?,
            &f.member(&PEOPLE)?.id,
        ))
    },
    read: read_arrival,
    write: None,
    undo: None,
};

/// The account itself.
pub(in crate::procedures) const ACCOUNT: Step = Step {
    id: "account",
    title: "Look at the account in the target",
    why: "What the source says of it is proven by the target alone.",
    side: Side::Target,
    page: &console::PEOPLE,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Directory > People and look for the person's user name",
        Some("People"),
    )],
    covers: &["AUTO-30", "MANUAL-25"],
    source: "Users API: read a user",
    when: Wish::pushes,
    over: &[&PEOPLE],
    needs: &[&ARRIVED],
    gives: &[],
    after: &[],
    probe: |f| Ok(users::read(&f.text(&ARRIVED)?)),
    read: |answer, f| {
        let met = Finding::met(&Json::Null);
        let login = answer.text("/profile/login")?;
        Ok(match login.eq_ignore_ascii_case(&f.member(&PEOPLE)?.name) {
            true => met,
            false => met.noting(format!(
                "The account's user name is {}.",
                crate::explain::seen(login)
            )),
        })
    },
    write: None,
    undo: None,
};

/// Its way to the apps, and to being linked.
pub(super) const PUSHED_MEMBER: Step = Step {
    id: "pushed-member",
    title: "Put the pushed account into the group",
    why: "The group opens the target's apps, and only its members are linked to the source's sign-in.",
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
    when: Wish::pushes,
    over: &[&PEOPLE],
    needs: &[&ARRIVED, &SOURCE_GROUP],
    gives: &[],
    after: &["not-an-admin"],
    probe: |f| Ok(groups::people(&f.text(&SOURCE_GROUP)?)),
    read: |answer, f| {
        let user = f.text(&ARRIVED)?;
        let there = answer
            .items()
            .iter()
            .any(|item| text(item, "/id") == Ok(&user));
        Ok(Finding::met_if(there, &json!({"id": user})))
    },
    write: Some(|f, _| Ok(groups::add(&f.text(&SOURCE_GROUP)?, &f.text(&ARRIVED)?))),
    undo: Some(|made, _| vec![groups::remove(made.param("group"), made.param("user"))]),
};

/// A push makes the account, or takes the one of that user name; either way the initial status
/// applies to it (Okta support: What do the Org2Org initial status options do).
pub(super) fn effect(row: &str, f: &Facts<'_>) -> Effect {
    let (true, Ok(push)) = (row == ARRIVED_ACCOUNT.id, push(f)) else {
        return Effect::Nothing;
    };
    let mails = push.initial_status.mails();
    match f.optional(&COUNTERPART) {
        Ok(None) => Effect::Creates { mails },
        Ok(Some(_)) => Effect::Links { mails },
        Err(_) => Effect::Unknown,
    }
}

fn read_arrival(answer: &Answer, _: &Facts<'_>) -> Result<Finding, Missing> {
    let id = answer.text("/externalId").unwrap_or_default();
    if !id.is_empty() {
        return Ok(Finding::met(&Json::Null).giving(&ARRIVED, id));
    }
    Ok(match answer.text("/syncState") {
        Ok("ERROR") => Finding::Blocked {
            why: "the push of this person failed".into(),
            who: "an admin of the source: read the error beside the person on *Assignments*, remove its cause, and click *Provision User*".into(),
        },
        _ => Finding::Unmet,
    })
}
