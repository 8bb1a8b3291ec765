//! Forms of provisioning and group push. What has an operation in the Management API goes through it.

use serde_json::{Value, json};

use super::{Action, Desk, Fields, Next, app_page, next, segment, text_of};
use crate::provision::desk;
use crate::provision::state::{ByConsole, Way};
use crate::rights::{Area, Right};
use crate::world::World;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("provision-user", |desk, typed| {
        by_app(desk, typed, desk::provision, "The users are provisioned.")
    }),
    ("retry-tasks", |desk, typed| {
        by_app(desk, typed, desk::retry, "The tasks are tried again.")
    }),
    ("refresh-app-groups", |desk, typed| {
        by_app(desk, typed, desk::refresh, "The app groups are read anew.")
    }),
    ("save-integration", save_integration),
    ("test-credentials", test_credentials),
    ("save-to-app", save_to_app),
    ("save-initial-status", save_initial_status),
    ("save-to-okta", save_to_okta),
    ("save-sourcing", |desk, typed| {
        let on = typed.text("sourcing") == "true";
        by_console(desk, typed, |own| own.sourcing = on)
    }),
    ("save-safeguard", save_safeguard),
    ("push-group", push_group),
    ("push-switch", push_switch),
    ("push-unlink", push_unlink),
];

fn place(typed: &Fields) -> Result<String, String> {
    Ok(format!("/api/v1/apps/{}", segment(typed, "appId")?))
}

fn back(desk: &mut Desk<'_>, typed: &Fields, message: &str) -> Result<Next, String> {
    let app = desk.call("GET", &place(typed)?, None)?;
    next(app_page(&app), message)
}

fn ticked(typed: &Fields, name: &str) -> bool {
    typed.text(name) == "true"
}

fn word(on: bool) -> &'static str {
    if on { "ENABLED" } else { "DISABLED" }
}

// Actions that no operation of the Management API has.
fn by_app(
    desk: &mut Desk<'_>,
    typed: &Fields,
    act: fn(&mut World, usize, &str),
    message: &str,
) -> Result<Next, String> {
    let id = allowed(desk, typed)?;
    act(desk.world, desk.visit.at, &id);
    back(desk, typed, message)
}

// The app, when the admin may change apps.
fn allowed(desk: &mut Desk<'_>, typed: &Fields) -> Result<String, String> {
    if !Right::Manage(Area::Apps).given_by(&desk.admin()?) {
        return Err("You do not have permission to perform the requested action".to_owned());
    }
    segment(typed, "appId")
}

// Settings that only the console has.
fn by_console(
    desk: &mut Desk<'_>,
    typed: &Fields,
    change: impl FnOnce(&mut ByConsole),
) -> Result<Next, String> {
    let id = allowed(desk, typed)?;
    if let Some(app) = desk.world.orgs[desk.visit.at].apps.get_mut(&id) {
        change(&mut app.provisioning.by_console);
    }
    back(desk, typed, "Saved.")
}

fn save_integration(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let place = place(typed)?;
    let connection = format!("{place}/connections/default");
    if !ticked(typed, "enabled") {
        desk.call("POST", &format!("{connection}/lifecycle/deactivate"), None)?;
        return back(desk, typed, "Saved.");
    }
    // A token that is there stays when none is typed.
    let known = desk.call("GET", &connection, None)?;
    let kept = typed.text("scheme") == "TOKEN"
        && typed.text("token").is_empty()
        && known["profile"]["authScheme"] == "TOKEN";
    if kept {
        desk.call("POST", &format!("{connection}/lifecycle/activate"), None)?;
    } else {
        let body = json!({ "profile": profile(typed) });
        desk.call("POST", &format!("{connection}?activate=true"), Some(&body))?;
    }
    let prefer = ticked(typed, "preferUsername");
    let mut app = desk.call("GET", &place, None)?;
    if (app["settings"]["app"]["preferUsernameOverEmail"] == true) != prefer {
        app["settings"]["app"]["preferUsernameOverEmail"] = json!(prefer);
        desk.call("PUT", &place, Some(&app))?;
    }
    let groups = ticked(typed, "importGroups");
    by_console(desk, typed, |own| own.import_groups = groups)
}

fn profile(typed: &Fields) -> Value {
    match typed.text("scheme").as_str() {
        "TOKEN" => json!({ "authScheme": "TOKEN", "token": typed.text("token") }),
        scheme => {
            let mode = if scheme == "OAUTH_AUTO" {
                "AUTO"
            } else {
                "MANUAL"
            };
            json!({
                "authScheme": "OAUTH2", "clientId": typed.text("clientId"), "signing": { "rotationMode": mode },
            })
        }
    }
}

// It says that the target let the source in, and nothing about rights: Okta's articles warn of that.
fn test_credentials(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let id = allowed(desk, typed)?;
    let (token, client_id) = (typed.text("token"), typed.text("clientId"));
    let scheme = typed.text("scheme");
    let way = match scheme.as_str() {
        "TOKEN" if token.is_empty() => None,
        "TOKEN" => Some(Way::Token(token)),
        _ if client_id.is_empty() => {
            return Err("Target Org Client ID: The field cannot be left blank".to_owned());
        }
        _ => Some(Way::OAuth {
            client_id,
            auto: scheme == "OAUTH_AUTO",
        }),
    };
    desk::test(desk.world, desk.visit.at, &id, way, desk.visit.now)?;
    back(desk, typed, "Okta Org2Org was verified successfully!")
}

fn save_to_app(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let status = |name: &str| json!({ "status": word(ticked(typed, name)) });
    let change = if ticked(typed, "renew") {
        "CHANGE"
    } else {
        "KEEP_EXISTING"
    };
    let password = json!({
        "status": word(ticked(typed, "password")), "seed": typed.text("passwordKind"), "change": change,
    });
    let body = json!({
        "create": { "lifecycleCreate": status("create") },
        "update": { "profile": status("update"), "lifecycleDeactivate": status("deactivate"), "password": password },
    });
    let path = format!("{}/features/USER_PROVISIONING", place(typed)?);
    desk.call("PUT", &path, Some(&body))?;
    back(desk, typed, "Saved.")
}

fn save_initial_status(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let list = format!("/api/v1/mappings?targetId={}", segment(typed, "appId")?);
    let found = desk.call("GET", &list, None)?;
    let rule = match typed.text("initialStatus").as_str() {
        "" => json!({ "expression": null, "pushStatus": null }),
        word => json!({ "expression": format!("\"{word}\""), "pushStatus": typed.text("applyOn") }),
    };
    let body = json!({ "properties": { "initialStatus": rule } });
    let path = format!("/api/v1/mappings/{}", text_of(&found[0], "id"));
    desk.call("POST", &path, Some(&body))?;
    back(desk, typed, "Saved.")
}

fn save_to_okta(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let body = json!({
        "importSettings": {
            "username": { "usernameFormat": typed.text("usernameFormat") },
            "schedule": { "status": typed.text("schedule") },
        },
        "importRules": { "userCreateAndMatch": {
            "exactMatchCriteria": typed.text("exactMatch"), "allowPartialMatch": ticked(typed, "partial"),
            "autoConfirmExactMatch": ticked(typed, "confirmExact"),
            "autoConfirmPartialMatch": ticked(typed, "confirmPartial"),
            "autoConfirmNewUsers": ticked(typed, "confirmNew"), "autoActivateNewUsers": ticked(typed, "activateNew"),
        } },
    });
    let path = format!("{}/features/INBOUND_PROVISIONING", place(typed)?);
    desk.call("PUT", &path, Some(&body))?;
    back(desk, typed, "Saved.")
}

fn save_safeguard(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let share = |name: &str| -> Result<u64, String> {
        let given = typed.text(name).parse().ok().filter(|share| *share <= 100);
        given.ok_or_else(|| "Unassignment safeguard: a number from 0 to 100 is needed.".to_owned())
    };
    let (app, org) = (share("appSafeguard")?, share("orgSafeguard")?);
    by_console(desk, typed, |own| {
        (own.app_safeguard, own.org_safeguard) = (app, org)
    })
}

fn push_group(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let group = segment(typed, "groupId")?;
    let mut body = json!({ "sourceGroupId": group });
    // Without *immediately* nothing is pushed before somebody activates it. Unconfirmed.
    body["status"] = json!(if ticked(typed, "now") {
        "ACTIVE"
    } else {
        "INACTIVE"
    });
    if typed.text("pushAction") == "link" {
        body["targetGroupId"] = json!(segment(typed, "linkTo")?);
    } else {
        let named = typed.text("name");
        let known = desk.call("GET", &format!("/api/v1/groups/{group}"), None)?;
        let same = text_of(&known["profile"], "name");
        body["targetGroupName"] = json!(if named.is_empty() { same } else { named });
    }
    desk.call(
        "POST",
        &format!("{}/group-push/mappings", place(typed)?),
        Some(&body),
    )?;
    back(desk, typed, "The group is pushed.")
}

fn push_switch(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let body = json!({ "status": typed.text("status") });
    let path = format!(
        "{}/group-push/mappings/{}",
        place(typed)?,
        segment(typed, "pushId")?
    );
    desk.call("PATCH", &path, Some(&body))?;
    back(desk, typed, "The push was changed.")
}

fn push_unlink(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let push = segment(typed, "pushId")?;
    let gone = ticked(typed, "delete");
    let path = format!(
        "{}/group-push/mappings/{push}?deleteTargetGroup={gone}",
        place(typed)?
    );
    desk.call("DELETE", &path, None)?;
    back(desk, typed, "The group was unlinked.")
}
