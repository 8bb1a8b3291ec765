//! The Push Groups tab of an app: groups by name, created or linked in the target, and what became of each.

use super::super::html::{choice, esc, field, form, hidden, press, table, tick};
use super::View;
use crate::clock::stamp;
use crate::okta::groups::{BUILT_IN, OKTA_GROUP};
use crate::org::{App, Group};
use crate::provision::state::Push;
use crate::rights::Area;

/// The tab.
pub(super) fn push_groups(view: &View<'_>, app: &App) -> String {
    if !app.provisioning.connection.enabled {
        return "<h2>Push Groups</h2><p>Group Push needs provisioning: enable API integration on the Provisioning tab first.</p>".to_owned();
    }
    let may = view.may(Area::Apps);
    let mut made = String::from("<h2>Push Groups to Okta Org2Org</h2>");
    if may {
        made += "<button type=\"button\" data-opens=\".push-menu\">Push Groups</button><div class=\"push-menu\" hidden>\
                 <button type=\"button\" data-opens=\".push-by-name\">Find groups by name</button></div>";
        made += &press(
            "refresh-app-groups",
            &[("appId", &app.id)],
            "Refresh App Groups",
        );
        made += &format!(
            "<div class=\"push-by-name\" hidden><h3>Push groups by name</h3>{}</div>",
            by_name(view, app)
        );
    }
    let rows: Vec<_> = app
        .provisioning
        .pushes
        .values()
        .map(|push| row(view, app, push, may))
        .collect();
    made + &table(
        &[
            "Group in Okta",
            "Group in Okta Org2Org",
            "Last Push",
            "Push Status",
            "",
        ],
        &rows,
    )
}

fn by_name(view: &View<'_>, app: &App) -> String {
    let pushed = |group: &&Group| {
        app.provisioning
            .pushes
            .values()
            .any(|push| push.source == group.id)
    };
    let own = view
        .org
        .groups
        .values()
        .filter(|group| [OKTA_GROUP, BUILT_IN].contains(&group.kind.as_str()));
    let free: Vec<(&str, &str)> = own
        .filter(|group| !pushed(group))
        .map(|group| (group.id.as_str(), group.name.as_str()))
        .collect();
    let mut known = vec![("", "Choose a group to link")];
    known.extend(app_groups(view, app).map(|group| (group.id.as_str(), group.name.as_str())));
    let inner = hidden("appId", &app.id)
        + &choice("groupId", "Enter a group to push", &free, "")
        + &tick("now", "Push group memberships immediately", true)
        + &choice(
            "pushAction",
            "Match result & push action",
            &[("create", "Create Group"), ("link", "Link Group")],
            "create",
        )
        + &field(
            "name",
            "Group name in Okta Org2Org (as in Okta when left empty)",
            "",
        )
        + &choice("linkTo", "Group in Okta Org2Org to link", &known, "");
    form("push-group", &inner, "Save")
}

// The target's groups, as far as they were read.
fn app_groups<'v>(view: &View<'v>, app: &App) -> impl Iterator<Item = &'v Group> {
    let app = app.id.clone();
    let of = move |group: &&Group| group.of_app.as_ref().is_some_and(|of| of.app == app);
    view.org.groups.values().filter(of)
}

fn row(view: &View<'_>, app: &App, push: &Push, may: bool) -> Vec<String> {
    let status = match (push.active, &push.error) {
        (false, _) => "Inactive".to_owned(),
        (true, Some(error)) => format!("Error: {}", esc(error)),
        (true, None) => "Active".to_owned(),
    };
    let name = view
        .org
        .groups
        .get(&push.source)
        .map_or(push.seen_name.as_str(), |group| &group.name);
    let ids = [("appId", app.id.as_str()), ("pushId", push.id.as_str())];
    let with = |name, value| [ids[0], ids[1], (name, value)];
    let mut buttons = String::new();
    if may && push.active {
        buttons += &press(
            "push-switch",
            &with("status", "INACTIVE"),
            "Deactivate group push",
        );
    } else if may {
        buttons += &press(
            "push-switch",
            &with("status", "ACTIVE"),
            "Activate group push",
        );
        buttons += &press(
            "push-unlink",
            &with("delete", "false"),
            "Unlink pushed group: leave the group in the target app",
        );
        buttons += &press(
            "push-unlink",
            &with("delete", "true"),
            "Unlink pushed group: delete the group in the target app",
        );
    }
    vec![
        esc(name),
        esc(&push.name),
        push.pushed.map_or("Never".to_owned(), stamp),
        status,
        buttons,
    ]
}
