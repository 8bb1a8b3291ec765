//! Fixtures: features, mappings, assignments and group push.

use org2org_core::run::Side::{Source, Target};
use org2org_tests::Clinic;
use serde_json::{Value, json};

use super::Case;
use super::at::*;

pub const CASES: &[Case] = &[
    ("create-off", |c| {
        to_app(
            c,
            json!({"create": {"lifecycleCreate": {"status": "DISABLED"}}}),
        )
    }),
    ("update-off", |c| {
        to_app(c, json!({"update": {"profile": {"status": "DISABLED"}}}))
    }),
    ("deactivate-before-arrival", |c| {
        to_app(
            c,
            json!({
                "create": {"lifecycleCreate": {"status": "DISABLED"}},
                "update": {"lifecycleDeactivate": {"status": "ENABLED"}},
            }),
        );
    }),
    ("unassigning-deactivates", |c| {
        to_app(
            c,
            json!({"update": {"lifecycleDeactivate": {"status": "ENABLED"}}}),
        );
    }),
    ("password-to-federated", |c| {
        to_app(c, json!({"update": {"password": {"status": "ENABLED"}}}))
    }),
    ("import-scheduled", |c| {
        let schedule = json!({"status": "ENABLED", "fullImport": {"expression": "00 21 * * *", "timezone": "UTC"}});
        to_okta(c, json!({"importSettings": {"schedule": schedule}}));
    }),
    ("import-makes-people", |c| {
        to_okta(
            c,
            json!({"importRules": {"userCreateAndMatch": {"autoConfirmNewUsers": true}}}),
        );
    }),
    ("import-guesses-people", |c| {
        to_okta(
            c,
            json!({"importRules": {"userCreateAndMatch": {"autoConfirmPartialMatch": true}}}),
        );
    }),
    ("import-name-of-the-app", |c| {
        let username =
            json!({"usernameFormat": "CUSTOM", "userNameExpression": "okta_org2org.userName"});
        to_okta(c, json!({"importSettings": {"username": username}}));
    }),
    ("initial-status-unset", |c| {
        map(c, "initialStatus", Value::Null, Value::Null)
    }),
    ("initial-status-invalid", |c| {
        map(c, "initialStatus", json!("user.title"), json!("DONT_PUSH"))
    }),
    ("initial-status-pending", |c| {
        map(
            c,
            "initialStatus",
            json!("\"pending_with_pass\""),
            json!("DONT_PUSH"),
        );
    }),
    ("initial-status-mails", |c| {
        map(
            c,
            "initialStatus",
            json!("\"active_without_pass\""),
            json!("DONT_PUSH"),
        );
    }),
    ("initial-status-on-update", |c| {
        map(
            c,
            "initialStatus",
            json!("\"active_with_pass\""),
            json!("PUSH"),
        );
    }),
    ("required-attribute-unmapped", |c| {
        map(c, "firstName", Value::Null, Value::Null)
    }),
    ("several-mappings", |c| {
        c.edit("mappings.list", |all| {
            let mut second = all[0].clone();
            second["id"] = json!("prm00000000000000001");
            all.as_array_mut().unwrap().push(second);
        });
    }),
    ("user-name-not-login", |c| {
        let template = json!({"template": "${source.email}", "type": "BUILT_IN"});
        change_app(c, "/credentials/userNameTemplate", template);
    }),
    ("group-sets-initial-status", |c| {
        let (app, group) = (app(c), group(c, "Sales"));
        let body = json!({"profile": {"initialStatus": "pending_with_pass"}});
        c.call(Source, "PUT", &format!("{app}/groups/{group}"), body);
    }),
    ("nobody-assigned", |c| unassign(c)),
    ("groups-without-people", |c| {
        unassign(c);
        let made = c.call(
            Source,
            "POST",
            "/api/v1/groups",
            json!({"profile": {"name": "Nobody"}}),
        );
        let app = app(c);
        c.call(
            Source,
            "PUT",
            &format!("{app}/groups/{}", id(&made)),
            Value::Null,
        );
    }),
    ("assigned-before-provisioning", |c| {
        switch_connection(c, false);
        let (app, group) = (app(c), group(c, "Engineering"));
        c.call(Source, "PUT", &format!("{app}/groups/{group}"), Value::Null);
        switch_connection(c, true);
    }),
    ("push-waits", |c| {
        edit_people(c, |people| {
            people[0]["externalId"] = Value::Null;
            people[0]["status"] = json!("STAGED");
        });
    }),
    ("push-failed", |c| {
        edit_people(c, |people| people[0]["syncState"] = json!("ERROR"))
    }),
    ("out-of-sync", |c| {
        edit_people(c, |people| people[0]["syncState"] = json!("OUT_OF_SYNC"))
    }),
    ("assignment-suspended", |c| {
        edit_people(c, |people| people[0]["status"] = json!("SUSPENDED"))
    }),
    ("account-gone", |c| {
        for account in accounts(c) {
            c.call(Target, "DELETE", &account, Value::Null);
            c.call(Target, "DELETE", &account, Value::Null);
        }
    }),
    ("account-not-active", |c| {
        for account in accounts(c) {
            c.call(
                Target,
                "POST",
                &format!("{account}/lifecycle/suspend"),
                Value::Null,
            );
        }
    }),
    ("group-push-failed", |c| {
        edit_pushes(c, |pushes| {
            pushes[0]["status"] = json!("ERROR");
            pushes[0]["errorSummary"] = json!("Unable to update Group Push mapping target: 403");
        });
    }),
    ("group-push-inactive", |c| {
        let app = app(c);
        let all = c.get(Source, &format!("{app}/group-push/mappings"));
        let path = format!("{app}/group-push/mappings/{}", id(&all[0]));
        c.call(Source, "PATCH", &path, json!({"status": "INACTIVE"}));
    }),
    ("group-never-pushed", |c| {
        edit_pushes(c, |pushes| {
            drop(pushes[0].as_object_mut().unwrap().remove("lastPush"))
        });
    }),
    ("pushed-group-assigns", |c| {
        let (app, group) = (app(c), group(c, "Sales EMEA"));
        c.call(Source, "PUT", &format!("{app}/groups/{group}"), Value::Null);
    }),
    ("push-without-provisioning", |c| switch_connection(c, false)),
    ("two-groups-into-one", |c| {
        edit_pushes(c, |pushes| {
            let mut second = pushes[0].clone();
            second["sourceGroupId"] = json!("00g00000000000000001");
            pushes.push(second);
        });
    }),
];

fn to_app(c: &mut Clinic, body: Value) {
    set_features(c, "USER_PROVISIONING", body);
}

fn to_okta(c: &mut Clinic, body: Value) {
    set_features(c, "INBOUND_PROVISIONING", body);
}

fn unassign(c: &mut Clinic) {
    let (app, group) = (app(c), group(c, "Sales"));
    c.call(
        Source,
        "DELETE",
        &format!("{app}/groups/{group}"),
        Value::Null,
    );
}

/// The accounts of the pushed people in the target.
fn accounts(c: &mut Clinic) -> Vec<String> {
    ["ada", "grace"]
        .map(|name| {
            let user = c.get(Target, &format!("/api/v1/users/{name}@acme.example.com"));
            format!("/api/v1/users/{}", id(&user))
        })
        .to_vec()
}
