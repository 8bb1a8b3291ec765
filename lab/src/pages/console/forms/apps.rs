//! Forms of apps: adding, changing, assigning.

use serde_json::{Value, json};

use super::{Action, Desk, Fields, Next, app_page, next, segment};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("add-org2org", add_org2org),
    ("add-bookmark", add_bookmark),
    ("edit-general", edit_app),
    ("edit-sign-on", edit_app),
    ("app-activate", |desk, typed| {
        lifecycle(desk, typed, "activate")
    }),
    ("app-deactivate", |desk, typed| {
        lifecycle(desk, typed, "deactivate")
    }),
    ("app-delete", delete_app),
    ("assign-person", assign_person),
    ("unassign-person", |desk, typed| {
        assignment(desk, typed, "DELETE", "users", "userId", "Unassigned.")
    }),
    ("assign-group", |desk, typed| {
        assignment(desk, typed, "PUT", "groups", "groupId", "Assigned.")
    }),
    ("unassign-group", |desk, typed| {
        assignment(desk, typed, "DELETE", "groups", "groupId", "Unassigned.")
    }),
];

fn add_org2org(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let body = json!({
        "name": "okta_org2org", "label": typed.text("label"), "signOnMode": typed.text("mode"),
        "settings": { "app": { "baseUrl": typed.text("baseUrl") } },
    });
    let app = desk.call("POST", "/api/v1/apps", Some(&body))?;
    next(app_page(&app), "The app was added.")
}

fn add_bookmark(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let body = json!({
        "name": "bookmark", "label": typed.text("label"), "signOnMode": "BOOKMARK",
        "settings": { "app": { "url": typed.text("url"), "requestIntegration": false } },
    });
    let app = desk.call("POST", "/api/v1/apps", Some(&body))?;
    next(app_page(&app), "The app was added.")
}

fn edit_app(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    let mut app = desk.call("GET", &path, None)?;
    if let Some(label) = typed.sent("label") {
        app["label"] = json!(label);
    }
    for name in ["acsUrl", "audRestriction", "baseUrl", "idpId", "url"] {
        if let Some(text) = typed.sent(name) {
            app["settings"]["app"][name] = if text.is_empty() {
                Value::Null
            } else {
                json!(text)
            };
        }
    }
    let app = desk.call("PUT", &path, Some(&app))?;
    next(app_page(&app), "Saved.")
}

fn lifecycle(desk: &mut Desk<'_>, typed: &Fields, verb: &str) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    desk.call("POST", &format!("{path}/lifecycle/{verb}"), None)?;
    let app = desk.call("GET", &path, None)?;
    next(app_page(&app), "The status was changed.")
}

fn delete_app(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    desk.call(
        "DELETE",
        &format!("/api/v1/apps/{}", segment(typed, "appId")?),
        None,
    )?;
    next("/admin/apps/active", "The app was deleted.")
}

fn assign_person(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    let body = json!({ "id": segment(typed, "userId")?, "scope": "USER" });
    desk.call("POST", &format!("{path}/users"), Some(&body))?;
    let app = desk.call("GET", &path, None)?;
    next(app_page(&app), "Assigned.")
}

fn assignment(
    desk: &mut Desk<'_>,
    typed: &Fields,
    method: &str,
    part: &str,
    field: &str,
    message: &str,
) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    desk.call(
        method,
        &format!("{path}/{part}/{}", segment(typed, field)?),
        None,
    )?;
    let app = desk.call("GET", &path, None)?;
    next(app_page(&app), message)
}
