//! Forms of provisioning: what the console does about pushes, beside the Management API.

use serde_json::json;

use super::{Action, Desk, Fields, Next, app_page, next, segment};
use crate::provision::desk;
use crate::rights::{Area, Right};
use crate::world::World;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("edit-integration", edit_integration),
    ("provision-user", |desk, typed| {
        by_app(desk, typed, desk::provision, "The users are provisioned.")
    }),
    ("retry-tasks", |desk, typed| {
        by_app(desk, typed, desk::retry, "The tasks are tried again.")
    }),
    ("refresh-app-groups", |desk, typed| {
        by_app(desk, typed, desk::refresh, "The app groups are read anew.")
    }),
];

// Without a new token the old one stays, as far as there is one.
fn edit_integration(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let id = segment(typed, "appId")?;
    let connection = format!("/api/v1/apps/{id}/connections/default");
    let (on, token) = (typed.text("enabled") == "true", typed.text("token"));
    match (on, token.as_str()) {
        (false, _) => {
            desk.call("POST", &format!("{connection}/lifecycle/deactivate"), None)?;
        }
        (true, "") => {
            desk.call("POST", &format!("{connection}/lifecycle/activate"), None)?;
        }
        (true, token) => {
            let body = json!({ "profile": { "authScheme": "TOKEN", "token": token } });
            desk.call("POST", &format!("{connection}?activate=TRUE"), Some(&body))?;
        }
    }
    let app = desk.call("GET", &format!("/api/v1/apps/{id}"), None)?;
    next(app_page(&app), "The integration is saved.")
}

// Actions that no operation of the Management API has.
fn by_app(
    desk: &mut Desk<'_>,
    typed: &Fields,
    act: fn(&mut World, usize, &str),
    message: &str,
) -> Result<Next, String> {
    if !Right::Manage(Area::Apps).given_by(&desk.admin()?) {
        return Err("You do not have permission to perform the requested action".to_owned());
    }
    let id = segment(typed, "appId")?;
    act(desk.world, desk.visit.at, &id);
    let app = desk.call("GET", &format!("/api/v1/apps/{id}"), None)?;
    next(app_page(&app), message)
}
