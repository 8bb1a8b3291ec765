//! One person over a connection that is there, before everybody follows: what is assigned is taken
//! back by an undo, and what becomes of the account then is said before anything is sent.

use serde_json::Value as Json;

use super::federation::{COUNTERPART, ORG2ORG_APP, assignments, people, pointing_here};
use super::key_rotation::source;
use super::provisioning::settings::{self, CREATE_AT, DEACTIVATE_AT, INITIAL_STATUS_AT, MAPPING};
use super::provisioning::{ORG2ORG, arrival};
use super::shared::{read_person_assignment, several};
use crate::console;
use crate::facts::{Fact, Facts, Missing, Value};
use crate::json;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, app_features, mappings};
use crate::run::reach::Effect;
use crate::run::step::{Click, Finding, Procedure, Side, Step, always};
use crate::run::{InitialStatus, Wish};

/// What the mapping says of the initial status.
static STATUS: Fact = Fact::one("pilot-status", "Initial status");
/// Whether who loses the app is deactivated.
static DEACTIVATES: Fact = Fact::one("pilot-deactivates", "Deactivate Users");

/// The table. Who is meant and what arrives stand with their facts in the rooms of federation and provisioning.
pub static PILOT: Procedure = Procedure {
    id: "pilot",
    title: "Push one person, to see that it works",
    when: Wish::pilots,
    undo_first: &[],
    effect: Some(effect),
    undo_effect: Some(undo_effect),
    way_back: "The account that arrives is not deleted: an undo takes the app from the person again, which deactivates the account where Deactivate Users is on and leaves it as it is where it is off.",
    steps: &[
        APP,
        CONNECTION,
        SETTINGS,
        FIND_MAPPING,
        INITIAL,
        Step {
            id: "pilot-person",
            covers: &[],
            ..people::ONE
        },
        Step {
            id: "pilot-counterpart",
            covers: &[],
            ..people::ACCOUNT
        },
        Step {
            id: "pilot-not-an-admin",
            covers: &[],
            ..people::NOT_AN_ADMIN
        },
        ASSIGNED,
        Step {
            id: "pilot-arrived",
            covers: &[],
            after: &["pilot-assigned"],
            ..arrival::ARRIVED_ACCOUNT
        },
        Step {
            id: "pilot-account",
            covers: &[],
            ..arrival::ACCOUNT
        },
    ],
};

const APP: Step = Step {
    id: "pilot-app",
    title: "Find the Org2Org app",
    why: "Whoever has it is pushed.",
    gives: &[&ORG2ORG_APP],
    read: read_app,
    ..source::APP
};

const CONNECTION: Step = Step {
    id: "pilot-connection",
    title: "Make sure that the connection is on",
    why: "Who gets the app while it is off is not pushed, not even later.",
    gives: &[],
    read: |answer, _| {
        Ok(match answer.text("/status")? {
            "ENABLED" => Finding::met(&Json::Null),
            status => blocked(
                format!("the connection is {}", crate::explain::seen(status)),
                "you: set up or switch on provisioning first",
            ),
        })
    },
    ..source::CONNECTION
};

const SETTINGS: Step = Step {
    id: "pilot-settings",
    title: "Look at what the app pushes",
    why: "It says whether an account is made, and what becomes of it when the app is taken away.",
    side: Side::Source,
    page: &console::APP_TO_APP,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Open the Org2Org app, go to *Provisioning* > *To App* and look at *Create Users* and *Deactivate Users*",
        Some("To App"),
    )],
    covers: &[],
    source: "Application Features API: read USER_PROVISIONING",
    when: always,
    over: &[],
    needs: &[&ORG2ORG_APP],
    gives: &[&DEACTIVATES],
    after: &["pilot-connection"],
    probe: |f| Ok(app_features::to_app(&f.text(&ORG2ORG_APP)?)),
    read: read_settings,
    write: None,
    undo: None,
};

const FIND_MAPPING: Step = Step {
    id: "pilot-mapping",
    why: "It says what the account is made of.",
    covers: &[],
    when: always,
    needs: &[&ORG2ORG_APP],
    after: &["pilot-connection"],
    read: |answer, _| match answer.items() {
        [one] => Ok(Finding::met(&Json::Null).giving(&MAPPING, text(one, "/id")?)),
        [] => Ok(Finding::met(&Json::Null).giving_value(&MAPPING, Value::None)),
        many => Ok(several(&many.iter().collect::<Vec<_>>(), "/target/name")),
    },
    ..settings::ATTRIBUTE_MAPPING
};

const INITIAL: Step = Step {
    id: "pilot-status",
    title: "Know what becomes of the account",
    why: "Status, mail and password follow from the initial status, for an account that is linked too.",
    side: Side::Source,
    page: &console::APP_TO_APP,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "In *Okta Org2Org Attribute Mappings* look at *initialStatus*",
        Some("initialStatus"),
    )],
    covers: &[],
    source: "Okta support: What do the Org2Org initial status options do",
    when: always,
    over: &[],
    needs: &[&MAPPING],
    gives: &[&STATUS],
    after: &[],
    probe: |f| {
        Ok(f.optional(&MAPPING)?
            .map_or(Probe::none(), |id| mappings::read(&id)))
    },
    read: read_status,
    write: None,
    undo: None,
};

const ASSIGNED: Step = Step {
    id: "pilot-assigned",
    why: "That is what pushes people.",
    covers: &[],
    after: &[
        "pilot-connection",
        "pilot-settings",
        "pilot-status",
        "pilot-not-an-admin",
    ],
    read: read_assigned,
    ..assignments::PERSON
};

fn blocked(why: String, who: &str) -> Finding {
    Finding::Blocked {
        why,
        who: who.into(),
    }
}

fn read_app(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    Ok(match pointing_here(answer, f).as_slice() {
        [] => blocked(
            format!(
                "{} has no Org2Org app for this target",
                f.pair().source.name
            ),
            "you: connect the two orgs first",
        ),
        [app] => Finding::met(&Json::Null).giving(&ORG2ORG_APP, text(app, "/id")?),
        many => several(many, "/label"),
    })
}

fn read_settings(answer: &Answer, _: &Facts<'_>) -> Result<Finding, Missing> {
    let on = |at: &str| answer.text(&format!("/capabilities{at}")) == Ok("ENABLED");
    Ok(match on(CREATE_AT) {
        true => Finding::met(&Json::Null).giving_value(
            &DEACTIVATES,
            match on(DEACTIVATE_AT) {
                true => Value::Text("on".to_owned()),
                false => Value::None,
            },
        ),
        false => blocked(
            "*Create Users* is off, so nobody gets an account".to_owned(),
            "you: switch it on first, under *Provisioning* > *To App*",
        ),
    })
}

fn read_status(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let none = || Finding::met(&Json::Null).giving_value(&STATUS, Value::None);
    if f.optional(&MAPPING)?.is_none() {
        return Ok(none().noting("No mapping says what becomes of an account."));
    }
    let rule = json::at(answer.body(), INITIAL_STATUS_AT);
    let expression = rule.and_then(|rule| text(rule, "/expression").ok());
    Ok(match (expression.and_then(literal), expression) {
        (Some(status), _) => Finding::met(&Json::Null)
            .giving(&STATUS, status.name())
            .noting(status.consequence()),
        (None, Some(expression)) => none().noting(format!(
            "An expression says what becomes of an account: {}",
            crate::explain::seen(expression)
        )),
        (None, None) => none().noting(
            "No initial status is set; Okta does not document what becomes of an account then.",
        ),
    })
}

fn literal(expression: &str) -> Option<InitialStatus> {
    InitialStatus::named(expression.strip_prefix('"')?.strip_suffix('"')?)
}

fn read_assigned(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    if answer.is_absent() {
        return Ok(Finding::Unmet);
    }
    match answer.text("/scope") {
        Ok("GROUP") => Ok(Finding::met(&Json::Null).noting(
            "The person has the app through a group already: nothing is to be assigned, and nothing to be taken back.",
        )),
        _ => read_person_assignment(answer, f),
    }
}

/// A push makes the account, or takes the one of that user name, as the app is set now.
fn effect(row: &str, f: &Facts<'_>) -> Effect {
    if row != "pilot-arrived" {
        return Effect::Nothing;
    }
    let status = f.optional(&STATUS).ok().flatten();
    let status = status.and_then(|word| InitialStatus::named(&word));
    let Some(mails) = status.map(InitialStatus::mails) else {
        return Effect::Unknown;
    };
    match f.optional(&COUNTERPART) {
        Ok(None) => Effect::Creates { mails },
        Ok(Some(_)) => Effect::Links { mails },
        Err(_) => Effect::Unknown,
    }
}

/// Who loses the app is deactivated where that is on.
fn undo_effect(row: &str, f: &Facts<'_>) -> Effect {
    match (row == ASSIGNED.id, f.optional(&DEACTIVATES)) {
        (false, _) | (true, Ok(None)) => Effect::Nothing,
        (true, Ok(Some(_))) => Effect::Deactivates,
        (true, Err(_)) => Effect::Unknown,
    }
}
