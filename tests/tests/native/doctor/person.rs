//! One person: the right stage is named for each fault, and nothing is written.

use org2org_core::doctor::trial::How;
use org2org_core::run::Side::{Source, Target};
use org2org_tests::Clinic;
use serde_json::{Value, json};

use super::at::*;

const ADA: &str = "ada@acme.example.com";

/// A fault, the stage that must name it, the rule that must tell it, and what makes it.
type Fault = (&'static str, &'static str, &'static str, fn(&mut Clinic));

const FAULTS: &[Fault] = &[
    ("wrong role", "connection", "role-missing", |c| {
        take_role(c, |_| true)
    }),
    ("missing scope", "connection", "users-scope-missing", |c| {
        take_scope(c, "okta.users.manage")
    }),
    ("key mismatch", "connection", "client-key-other", |c| {
        let other = generate(c);
        by_hand(c, move |keys| keys[0]["n"] = other["n"].clone());
    }),
    ("DPoP off", "connection", "dpop-off", |c| {
        change_client(
            c,
            "/settings/oauthClient/dpop_bound_access_tokens",
            json!(false),
        );
    }),
    ("suspended", "in-scope", "person-not-active", |c| {
        let path = user(c, Source);
        c.call(
            Source,
            "POST",
            &format!("{path}/lifecycle/suspend"),
            Value::Null,
        );
    }),
    ("not assigned", "in-scope", "person-not-assigned", |c| {
        let (app, group) = (app(c), group(c, "Sales"));
        c.call(
            Source,
            "DELETE",
            &format!("{app}/groups/{group}"),
            Value::Null,
        );
    }),
    ("collision", "match", "match-taken", |c| {
        c.edit("app-users.read", |one| {
            one["externalId"] = json!("00u00000000000000001")
        });
    }),
    (
        "mastered elsewhere",
        "match",
        "match-mastered-elsewhere",
        |c| {
            c.edit("users.list", |all| {
                for one in all.as_array_mut().unwrap() {
                    one["credentials"]["provider"]["type"] = json!("ACTIVE_DIRECTORY");
                }
            });
        },
    ),
    (
        "mastered by the sign-in",
        "match",
        "profile-source-twice",
        |c| {
            change_idp(c, "/policy/provisioning/profileMaster", json!(true));
        },
    ),
    ("an admin of the target", "match", "match-is-admin", |c| {
        let path = user(c, Target);
        c.call(
            Target,
            "POST",
            &format!("{path}/roles"),
            json!({"type": "HELP_DESK_ADMIN"}),
        );
    }),
    ("features off", "action", "create-off", |c| {
        set_features(
            c,
            "USER_PROVISIONING",
            json!({"create": {"lifecycleCreate": {"status": "DISABLED"}}}),
        );
    }),
    ("mapping wrong", "action", "initial-status-invalid", |c| {
        map(c, "initialStatus", json!("user.title"), json!("DONT_PUSH"));
    }),
    ("push failed", "action", "person-push-failed", |c| {
        c.edit("app-users.read", |one| one["syncState"] = json!("ERROR"));
    }),
    (
        "suspended in the target",
        "result",
        "account-unusable",
        |c| {
            let path = user(c, Target);
            c.call(
                Target,
                "POST",
                &format!("{path}/lifecycle/suspend"),
                Value::Null,
            );
        },
    ),
    (
        "target app not assigned",
        "result",
        "account-without-app",
        |c| {
            c.edit("users.app-links", |links| *links = json!([]));
        },
    ),
];

fn user(c: &mut Clinic, side: org2org_core::run::Side) -> String {
    let user = c.get(side, &format!("/api/v1/users/{ADA}"));
    format!("/api/v1/users/{}", id(&user))
}

/// The stages of one person, each as `stage word`.
fn words(c: &mut Clinic, login: &str) -> Vec<String> {
    let trial = c.test(login);
    let stages = trial.stages.iter();
    stages
        .map(|one| format!("{} {}", one.stage.id, one.how.word()))
        .collect()
}

#[test]
fn a_person_who_arrived_passes_every_stage() {
    let mut clinic = Clinic::healthy();
    let writes = clinic.writes();
    let trial = clinic.test(ADA);
    assert!(trial.ends().is_none(), "{}", trial.text());
    assert_eq!(trial.stages.len(), 5);
    assert_eq!(clinic.writes(), writes);
    assert!(!trial.text().contains("ada@"), "{}", trial.text());
    insta::assert_snapshot!("person", trial.text());
}

#[test]
fn each_fault_is_told_at_its_stage() {
    for (what, stage, rule, make) in FAULTS {
        let mut clinic = Clinic::healthy();
        make(&mut clinic);
        let writes = clinic.writes();
        let trial = clinic.test(ADA);
        let ends = trial
            .ends()
            .unwrap_or_else(|| panic!("{what} is not seen: {}", trial.text()));
        assert_eq!(
            (ends.stage.id, &ends.how),
            (*stage, &How::Failed),
            "{what}: {}",
            trial.text()
        );
        assert!(
            ends.told.iter().any(|ruling| ruling.rule.id == *rule),
            "{what}: {}",
            trial.text()
        );
        assert_eq!(clinic.writes(), writes, "{what}");
        assert!(
            !format!("{}{}", trial.text(), trial.json()).contains("ada@"),
            "{what}"
        );
    }
}

/// Somebody who got the app while provisioning was off: the push does not come by itself.
#[test]
fn assigned_before_provisioning_is_told() {
    let mut clinic = Clinic::healthy();
    switch_connection(&mut clinic, false);
    let (app, group) = (app(&mut clinic), group(&mut clinic, "Engineering"));
    clinic.call(Source, "PUT", &format!("{app}/groups/{group}"), Value::Null);
    switch_connection(&mut clinic, true);
    let trial = clinic.test("alan@acme.example.com");
    let nobody = How::Skipped("no account of the target has that user name".into());
    assert_eq!(trial.stages[2].how, nobody, "{}", trial.text());
    let ends = trial.ends().expect("it ends");
    assert_eq!(ends.stage.id, "action");
    let action = &trial.stages[3];
    assert_eq!(
        (action.stage.id, &action.how),
        ("action", &How::Failed),
        "{}",
        trial.text()
    );
    assert_eq!(action.told[0].rule.id, "person-assigned-before");
    assert_eq!(
        trial.stages[4].how,
        How::Skipped("the person was not pushed yet".into())
    );
}

#[test]
fn nobody_is_told_as_nobody() {
    let mut clinic = Clinic::healthy();
    assert_eq!(
        words(&mut clinic, "nobody@acme.example.com"),
        [
            "connection passed",
            "in-scope failed",
            "match skipped",
            "action skipped",
            "result skipped"
        ]
    );
}
