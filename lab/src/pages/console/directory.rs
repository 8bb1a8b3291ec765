//! People and groups.

use super::super::html::{esc, field, form, hidden, link, press, table, values};
use super::{Page, Shown, View};
use crate::rights::Area;

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/admin/users",
        show: people,
    },
    Page {
        path: "/admin/user/profile/view/*",
        show: person,
    },
    Page {
        path: "/admin/groups",
        show: groups,
    },
    Page {
        path: "/admin/group/*",
        show: group,
    },
];

fn person_link(id: &str, text: &str) -> String {
    link(&format!("/admin/user/profile/view/{id}"), text)
}

fn people(view: &View<'_>) -> Option<Shown> {
    let row = |user: &crate::org::User| {
        vec![
            person_link(&user.id, &user.full_name()),
            esc(user.login()),
            esc(&user.status),
        ]
    };
    let rows: Vec<_> = view.org.users.values().map(row).collect();
    let mut main = String::from("<h1>People</h1>");
    if view.may(Area::Users) {
        let inner = field("firstName", "First name", "")
            + &field("lastName", "Last name", "")
            + &field("login", "Username", "");
        main += "<button type=\"button\" data-opens=\".add-person\">Add person</button>";
        main += &format!(
            "<div class=\"add-person\" hidden>{}</div>",
            form("add-person", &inner, "Save")
        );
    }
    Some(Shown::new(
        "People",
        main + &table(&["Person", "Primary email", "Status"], &rows),
    ))
}

fn person(view: &View<'_>) -> Option<Shown> {
    let user = view.org.users.get(&view.params[0])?;
    let rows = [
        ("person-login", "Username", user.login().to_owned()),
        ("person-status", "Status", user.status.clone()),
    ];
    let apps = view
        .org
        .apps
        .values()
        .filter(|app| view.org.may_open(app, &user.id));
    let apps: Vec<_> = apps
        .map(|app| vec![link(&super::lists::app_address(app), &app.label)])
        .collect();
    let groups = view
        .org
        .groups
        .values()
        .filter(|group| group.members.contains(&user.id));
    let groups: Vec<_> = groups
        .map(|group| vec![link(&format!("/admin/group/{}", group.id), &group.name)])
        .collect();
    let main = format!(
        "<h1>{}</h1>{}<h2>Applications</h2>{}<h2>Groups</h2>{}",
        esc(&user.full_name()),
        values(&rows),
        table(&["Application"], &apps),
        table(&["Group"], &groups)
    );
    Some(Shown::new(&user.full_name(), main))
}

fn groups(view: &View<'_>) -> Option<Shown> {
    let row = |group: &crate::org::Group| {
        vec![
            link(&format!("/admin/group/{}", group.id), &group.name),
            group.members.len().to_string(),
        ]
    };
    let rows: Vec<_> = view.org.groups.values().map(row).collect();
    let mut main = String::from("<h1>Groups</h1>");
    if view.may(Area::Groups) {
        let inner = field("name", "Name", "") + &field("description", "Description", "");
        main += "<button type=\"button\" data-opens=\".add-group\">Add group</button>";
        main += &format!(
            "<div class=\"add-group\" hidden>{}</div>",
            form("add-group", &inner, "Save")
        );
    }
    Some(Shown::new(
        "Groups",
        main + &table(&["Group name", "People"], &rows),
    ))
}

fn group(view: &View<'_>) -> Option<Shown> {
    let group = view.org.groups.get(&view.params[0])?;
    let may = view.may(Area::Members) && group.kind == "OKTA_GROUP";
    let pair = |id: &str, action: &str, text: &str| {
        press(action, &[("groupId", &group.id), ("userId", id)], text)
    };
    let members = group.members.iter().filter_map(|id| view.org.users.get(id));
    let rows: Vec<_> = members
        .map(|user| {
            let button = if may {
                pair(&user.id, "remove-member", "Remove")
            } else {
                String::new()
            };
            vec![
                person_link(&user.id, &user.full_name()),
                esc(user.login()),
                button,
            ]
        })
        .collect();
    let mut main = format!("<h1>{}</h1><h2>People</h2>", esc(&group.name));
    if may {
        let free = view
            .org
            .users
            .values()
            .filter(|user| !group.members.contains(&user.id));
        let free: Vec<_> = free
            .map(|user| {
                vec![
                    esc(&user.full_name()),
                    esc(user.login()),
                    pair(&user.id, "add-member", "Assign"),
                ]
            })
            .collect();
        main += "<button type=\"button\" data-opens=\".assign-people\">Assign people</button>";
        main += &format!(
            "<div class=\"assign-people\" hidden>{}</div>",
            table(&["Person", "Username", ""], &free)
        );
    }
    main += &table(&["Person", "Username", ""], &rows);
    let apps = view
        .org
        .apps
        .values()
        .filter(|app| app.groups.contains_key(&group.id));
    let apps: Vec<_> = apps
        .map(|app| vec![link(&super::lists::app_address(app), &app.label)])
        .collect();
    main += &format!("<h2>Applications</h2>{}", table(&["Application"], &apps));
    if may && view.may(Area::Groups) {
        main += &form(
            "delete-group",
            &hidden("groupId", &group.id),
            "Delete group",
        );
    }
    Some(Shown::new(&group.name, main))
}
