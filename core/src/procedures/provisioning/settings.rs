//! What the source pushes, and what becomes of an account.

use serde_json::Value as Json;

use super::connection::CONNECTED;
use super::{ORG2ORG, differs, push};
use crate::console;
use crate::facts::{Fact, Facts, Missing};
use crate::json::{self, json};
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, app_features, mappings};
use crate::procedures::federation::ORG2ORG_APP;
use crate::procedures::shared::{several, wished};
use crate::run::Wish;
use crate::run::step::{Click, Finding, Side, Step};

/// Id of the mapping from a user to the app's user.
pub(in crate::procedures) static MAPPING: Fact =
    Fact::one("attribute-mapping", "Attribute mapping");
static INITIAL_STATUS_WORD: Fact = wished("initial-status", "the initial status", |f| {
    Ok(push(f)?.initial_status.name().to_owned())
});

/// Where the rule for the initial status stands.
pub(in crate::procedures) const ATTRIBUTE_MAPPING: Step = Step {
    id: "attribute-mapping",
    title: "Find the app's attribute mapping",
    why: "It says what each pushed account is made of.",
    side: Side::Source,
    page: &console::APP_TO_APP,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Open the Org2Org app, go to *Provisioning* and find *Okta Org2Org Attribute Mappings*",
        Some("Okta Org2Org Attribute Mappings"),
    )],
    covers: &[
        "AUTO-21",
        "AUTO-22",
        "AUTO-23",
        "MANUAL-16",
        "MANUAL-17",
        "MANUAL-18",
    ],
    source: "Profile Mappings API: list mappings by target",
    when: Wish::pushes,
    over: &[],
    needs: &[&ORG2ORG_APP, &CONNECTED],
    gives: &[&MAPPING],
    after: &[],
    probe: |f| Ok(mappings::into_app(&f.text(&ORG2ORG_APP)?)),
    read: |answer, _| match answer.items() {
        [one] => Ok(Finding::met(&Json::Null).giving(&MAPPING, text(one, "/id")?)),
        [] => Ok(Finding::Unmet),
        many => Ok(several(&many.iter().collect::<Vec<_>>(), "/target/name")),
    },
    write: None,
    undo: None,
};

/// Okta's `initialStatus`.
pub(super) const INITIAL_STATUS: Step = Step {
    id: "initial-status",
    title: "Say what becomes of a pushed account",
    why: "Status, mail and password of every account follow from it, when it is made, linked or reactivated.",
    side: Side::Source,
    page: &console::APP_TO_APP,
    page_ids: ORG2ORG,
    by_hand: &[
        Click::Do(
            "In *Okta Org2Org Attribute Mappings* click *Edit* beside *initialStatus*",
            Some("initialStatus"),
        ),
        Click::Set("Attribute value", "Same value for all users"),
        Click::Choose("Initial status", &INITIAL_STATUS_WORD),
        Click::Set("Apply on", "Create"),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &["AUTO-24", "AUTO-25", "MANUAL-19", "MANUAL-20", "TOKEN-25"],
    source: "Profile Mappings API: update a mapping",
    when: Wish::pushes,
    over: &[],
    needs: &[&MAPPING],
    gives: &[],
    after: &[],
    probe: |f| Ok(mappings::read(&f.text(&MAPPING)?)),
    read: read_initial_status,
    write: Some(|f, answer| {
        let rule = json!({"expression": literal(f)?, "pushStatus": "DONT_PUSH"});
        Ok(mappings::set(
            &f.text(&MAPPING)?,
            answer.body(),
            INITIAL_STATUS_AT,
            rule,
        ))
    }),
    undo: Some(|made, answer| {
        let before = made.before(INITIAL_STATUS_AT);
        vec![mappings::set(
            made.param("mapping"),
            answer.body(),
            INITIAL_STATUS_AT,
            match before {
                Json::Null => json!({"expression": null, "pushStatus": null}),
                rule => rule,
            },
        )]
    }),
};

/// What the chosen status does, told in the plan.
pub(super) const STATUS_MEANS: Step = Step {
    id: "status-means",
    title: "Know what becomes of a pushed account",
    why: "It happens to every person who is pushed, and to every account that is linked.",
    side: Side::Target,
    page: &console::PEOPLE,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Read what the chosen initial status does, and choose another one if that is not wanted",
        None,
    )],
    covers: &[],
    source: "Okta support: What do the Org2Org initial status options do",
    when: Wish::pushes,
    over: &[],
    needs: &[],
    gives: &[],
    after: &[],
    probe: |_| Ok(Probe::none()),
    read: |_, f| Ok(Finding::met(&Json::Null).noting(push(f)?.initial_status.consequence())),
    write: None,
    undo: None,
};

/// Creating and updating.
pub(super) const TO_APP: Step = Step {
    id: "to-app",
    title: "Create and update people",
    why: "People who get the app get an account in the target, and its profile follows theirs.",
    side: Side::Source,
    page: &console::APP_TO_APP,
    page_ids: ORG2ORG,
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Provisioning* > *To App* and click *Edit*",
            Some("To App"),
        ),
        Click::Set("Create Users", "on"),
        Click::Set("Update User Attributes", "on"),
        Click::Do(
            "Leave *Deactivate Users* off for now: it comes last, when everybody has arrived",
            None,
        ),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &[
        "AUTO-27",
        "AUTO-28",
        "MANUAL-22",
        "MANUAL-23",
        "TOKEN-16",
        "TOKEN-17",
        "TOKEN-18",
        "TOKEN-19",
        "TOKEN-20",
    ],
    source: "Application Features API: update USER_PROVISIONING",
    when: Wish::pushes,
    over: &[],
    needs: &[&ORG2ORG_APP, &CONNECTED],
    gives: &[],
    after: &["initial-status", "connection-keys"],
    probe: |f| Ok(app_features::to_app(&f.text(&ORG2ORG_APP)?)),
    read: |answer, _| Ok(enabled(answer, &[CREATE_AT, UPDATE_AT])),
    write: Some(|f, answer| {
        let on = [(CREATE_AT, json!("ENABLED")), (UPDATE_AT, json!("ENABLED"))];
        Ok(app_features::set_to_app(
            &f.text(&ORG2ORG_APP)?,
            answer.body(),
            on,
        ))
    }),
    undo: Some(|made, answer| {
        let before = [CREATE_AT, UPDATE_AT].map(|at| (at, made.before(at)));
        vec![app_features::set_to_app(
            made.param("app"),
            answer.body(),
            before,
        )]
    }),
};

/// The other direction, which stays off.
pub(super) const TO_OKTA: Step = Step {
    id: "to-okta",
    title: "Make sure that nothing is imported back",
    why: "An import would bring the target's people into the source.",
    side: Side::Source,
    page: &console::APP_PROVISIONING,
    page_ids: ORG2ORG,
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Provisioning* > *To Okta* and click *Edit* in *General*",
            Some("To Okta"),
        ),
        Click::Set("Schedule import", "Never"),
        Click::Do(
            "Leave *User Creation & Matching* without automatic confirmation, and *Allow Okta Org2Org to source Okta users* off; *Import Safeguard* may stay as it is",
            Some("User Creation & Matching"),
        ),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &["TOKEN-21", "TOKEN-22", "TOKEN-23", "TOKEN-24"],
    source: "Application Features API: read INBOUND_PROVISIONING",
    when: Wish::pushes,
    over: &[],
    needs: &[&ORG2ORG_APP, &CONNECTED],
    gives: &[],
    after: &[],
    probe: |f| Ok(app_features::to_okta(&f.text(&ORG2ORG_APP)?)),
    read: read_to_okta,
    write: None,
    undo: None,
};

/// Deactivating, last of all.
pub(super) const DEACTIVATE_USERS: Step = Step {
    id: "deactivate-users",
    title: "Deactivate people who leave",
    why: "From now on whoever loses the app in the source is deactivated in the target; it comes last, when everybody has arrived.",
    side: Side::Source,
    page: &console::APP_TO_APP,
    page_ids: ORG2ORG,
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Provisioning* > *To App* and click *Edit*",
            Some("To App"),
        ),
        Click::Set("Deactivate Users", "on"),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &["AUTO-28", "MANUAL-23"],
    source: "Application Features API: update USER_PROVISIONING",
    when: |wish| wish.push.as_ref().is_some_and(|push| push.deactivate),
    over: &[],
    needs: &[&ORG2ORG_APP, &CONNECTED],
    gives: &[],
    after: &["to-app", "pushed-member", "push-group"],
    probe: |f| Ok(app_features::to_app(&f.text(&ORG2ORG_APP)?)),
    read: |answer, _| Ok(enabled(answer, &[DEACTIVATE_AT])),
    write: Some(|f, answer| {
        Ok(app_features::set_to_app(
            &f.text(&ORG2ORG_APP)?,
            answer.body(),
            [(DEACTIVATE_AT, json!("ENABLED"))],
        ))
    }),
    undo: Some(|made, answer| {
        vec![app_features::set_to_app(
            made.param("app"),
            answer.body(),
            [(DEACTIVATE_AT, made.before(DEACTIVATE_AT))],
        )]
    }),
};

pub(in crate::procedures) const INITIAL_STATUS_AT: &str = "/properties/initialStatus";
/// What the mapping of a new app says: the user's own attribute of that name, which is empty.
const UNTOUCHED: &str = "user.initialStatus";

pub(in crate::procedures) const CREATE_AT: &str = "/create/lifecycleCreate/status";
const UPDATE_AT: &str = "/update/profile/status";
pub(in crate::procedures) const DEACTIVATE_AT: &str = "/update/lifecycleDeactivate/status";

fn literal(f: &Facts<'_>) -> Result<String, Missing> {
    Ok(format!("\"{}\"", push(f)?.initial_status.name()))
}

fn read_initial_status(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let wanted = literal(f)?;
    let rule = json::at(answer.body(), INITIAL_STATUS_AT);
    let seen = rule.and_then(|rule| text(rule, "/expression").ok());
    Ok(match seen {
        None | Some(UNTOUCHED) => Finding::Unmet,
        Some(seen) if seen == wanted => Finding::met(&json!({"expression": seen})),
        Some(seen) => differs(&wanted, seen),
    })
}

fn enabled(answer: &Answer, wanted: &[&str]) -> Finding {
    let on = |at: &&str| answer.text(&format!("/capabilities{at}")) == Ok("ENABLED");
    Finding::met_if(wanted.iter().all(on), &json!({"enabled": wanted}))
}

fn read_to_okta(answer: &Answer, _: &Facts<'_>) -> Result<Finding, Missing> {
    let at = |at: &str| json::at(answer.body(), &format!("/capabilities{at}"));
    let schedule = at("/importSettings/schedule/status").and_then(Json::as_str);
    let confirms = [
        "autoConfirmExactMatch",
        "autoConfirmPartialMatch",
        "autoConfirmNewUsers",
    ]
    .iter()
    .any(|name| at(&format!("/importRules/userCreateAndMatch/{name}")) == Some(&Json::Bool(true)));
    Ok(match (schedule, confirms) {
        (Some("ENABLED"), _) => differs("no scheduled import", "a schedule"),
        (_, true) => differs("imports that a person confirms", "automatic confirmation"),
        _ => Finding::met(&Json::Null),
    })
}
