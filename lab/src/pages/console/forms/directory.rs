//! Forms of people and groups.

use serde_json::json;

use super::{Action, Desk, Fields, Next, next, segment, text_of};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("add-group", add_group),
    ("delete-group", delete_group),
    ("add-member", |desk, typed| {
        member(desk, typed, "PUT", "Assigned.")
    }),
    ("remove-member", |desk, typed| {
        member(desk, typed, "DELETE", "Removed.")
    }),
    ("add-person", add_person),
];

fn add_group(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let profile = json!({ "name": typed.text("name"), "description": typed.text("description") });
    let group = desk.call(
        "POST",
        "/api/v1/groups",
        Some(&json!({ "profile": profile })),
    )?;
    next(
        format!("/admin/group/{}", text_of(&group, "id")),
        "The group was added.",
    )
}

fn delete_group(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    desk.call(
        "DELETE",
        &format!("/api/v1/groups/{}", segment(typed, "groupId")?),
        None,
    )?;
    next("/admin/groups", "The group was deleted.")
}

fn member(
    desk: &mut Desk<'_>,
    typed: &Fields,
    method: &str,
    message: &str,
) -> Result<Next, String> {
    let group = segment(typed, "groupId")?;
    desk.call(
        method,
        &format!("/api/v1/groups/{group}/users/{}", segment(typed, "userId")?),
        None,
    )?;
    next(format!("/admin/group/{group}"), message)
}

fn add_person(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let login = typed.text("login");
    let profile = json!({
        "firstName": typed.text("firstName"), "lastName": typed.text("lastName"), "login": login, "email": login,
    });
    let user = desk.call(
        "POST",
        "/api/v1/users",
        Some(&json!({ "profile": profile })),
    )?;
    next(
        format!("/admin/user/profile/view/{}", text_of(&user, "id")),
        "The person was added.",
    )
}
