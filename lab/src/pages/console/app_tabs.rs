//! The tabs of an app: General, Sign On, Assignments.

use super::super::html::{esc, field, form, hidden, link, press, table, values};
use super::View;
use super::provisioning::edited;
use crate::oidc::client::is_org2org;
use crate::okta::app_shape::embed_link;
use crate::org::App;
use crate::rights::Area;

/// General: label, the app's own address, and the embed link.
pub(super) fn general(view: &View<'_>, app: &App) -> String {
    let address = match app.name.as_str() {
        "bookmark" => Some(("url", "URL")),
        "okta_org2org" => Some(("baseUrl", "Base Url")),
        _ => None,
    };
    let mut rows = vec![("app-label", "Application label", app.label.clone())];
    rows.extend(address.map(|(name, label)| {
        (
            "app-address",
            label,
            app.setting(name).unwrap_or_default().to_owned(),
        )
    }));
    let mut inner = hidden("appId", &app.id) + &field("label", "Application label", &app.label);
    inner += &address
        .map(|(name, label)| field(name, label, app.setting(name).unwrap_or_default()))
        .unwrap_or_default();
    let edit = edited(view, "general", &form("edit-general", &inner, "Save"));
    let embed = values(&[(
        "embed-link",
        "Embed Link",
        embed_link(&view.org.host(), app),
    )]);
    format!(
        "<h2>App Settings</h2>{}{edit}<h2>App Embed Link</h2>{embed}",
        values(&rows)
    )
}

/// Sign On: the mode, the setup instructions, and where assertions go.
pub(super) fn sign_on(view: &View<'_>, app: &App) -> String {
    let mode = match app.sign_on_mode.as_str() {
        "SAML_2_0" => "SAML 2.0",
        "OPENID_CONNECT" => "OpenID Connect",
        _ => "Secure Web Authentication",
    };
    let mut made = format!("<h2>Sign on methods</h2><p id=\"sign-on-mode\">{mode}</p>");
    if app.is_saml() {
        let help = format!(
            "/app/{}/{}/setup/help/SAML_2_0/external-doc",
            app.name, app.id
        );
        made += &format!("<p>{}</p>", link(&help, "View SAML setup instructions"));
    }
    if app.name == "okta_org2org" {
        made += &advanced(view, app);
    }
    made
}

// What the target has to know, and what it is that the target made for this app.
fn advanced(view: &View<'_>, app: &App) -> String {
    let text = |name: &str| app.setting(name).unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    let fields = if is_org2org(app) {
        rows.push(("client-id", "Client ID", app.id.clone()));
        &[("idp-id", "idpId", "IdP ID")][..]
    } else {
        &[
            ("acs-url", "acsUrl", "Hub ACS URL"),
            ("audience-uri", "audRestriction", "Audience URI"),
        ]
    };
    let shown = fields
        .iter()
        .map(|(id, name, label)| (*id, *label, text(name)));
    rows.extend(shown);
    let inner: String = fields
        .iter()
        .map(|(_, name, label)| field(name, label, &text(name)))
        .collect();
    let inner = hidden("appId", &app.id) + &inner;
    format!(
        "<h2>Advanced Sign-on Settings</h2>{}{}",
        values(&rows),
        edited(view, "signon", &form("edit-sign-on", &inner, "Save"))
    )
}

/// Assignments: who has the app, and giving it to people and groups.
pub(super) fn assignments(view: &View<'_>, app: &App) -> String {
    let mut made = String::from("<h2>Assignments</h2>");
    if view.may(Area::Apps) {
        made += "<button type=\"button\" data-opens=\".assign-menu\">Assign</button><div class=\"assign-menu\" hidden>\
                 <button type=\"button\" data-opens=\".assign-people\" data-closes=\".assign-groups\">Assign to People</button>\
                 <button type=\"button\" data-opens=\".assign-groups\" data-closes=\".assign-people\">Assign to Groups</button></div>";
        made += &format!(
            "<div class=\"assign-people\" hidden><h3>Assign {} to People</h3>{}</div>",
            esc(&app.label),
            people(view, app)
        );
        made += &format!(
            "<div class=\"assign-groups\" hidden><h3>Assign {} to Groups</h3>{}</div>",
            esc(&app.label),
            groups(view, app)
        );
    }
    made + &unprovisioned(view, app) + &assigned(view, app)
}

// What the console says above the list when a push failed, or people came before provisioning was on.
fn unprovisioned(view: &View<'_>, app: &App) -> String {
    let mut made = String::new();
    let people = app.provisioning.people.values();
    if !view.may(Area::Apps) || !app.provisioning.connection.enabled {
        return made;
    }
    let (mut early, mut errors) = (false, Vec::new());
    for link in people {
        early |= link.before && link.external_id.is_none();
        errors.extend(link.error.as_deref());
    }
    errors.extend(
        app.provisioning
            .pushes
            .values()
            .filter_map(|push| push.error.as_deref()),
    );
    if early {
        made += "<p>User was assigned to this application before Provisioning was enabled and not provisioned in the \
                 downstream application. Click Provision User.</p>";
        made += &press("provision-user", &[("appId", &app.id)], "Provision User");
    }
    for error in &errors {
        made += &format!("<p role=\"alert\">{}</p>", esc(error));
    }
    if !errors.is_empty() {
        made += &press("retry-tasks", &[("appId", &app.id)], "Retry Selected");
    }
    made
}

fn people(view: &View<'_>, app: &App) -> String {
    let free = view
        .org
        .users
        .values()
        .filter(|user| !app.users.contains_key(&user.id) && user.status != "DEPROVISIONED");
    let rows: Vec<_> = free
        .map(|user| {
            let button = press(
                "assign-person",
                &[("appId", &app.id), ("userId", &user.id)],
                "Assign",
            );
            vec![esc(&user.full_name()), esc(user.login()), button]
        })
        .collect();
    table(&["Person", "Username", ""], &rows)
}

fn groups(view: &View<'_>, app: &App) -> String {
    let free = view
        .org
        .groups
        .values()
        .filter(|group| !app.groups.contains_key(&group.id));
    let rows: Vec<_> = free
        .map(|group| {
            let button = press(
                "assign-group",
                &[("appId", &app.id), ("groupId", &group.id)],
                "Assign",
            );
            vec![esc(&group.name), button]
        })
        .collect();
    table(&["Group", ""], &rows)
}

fn assigned(view: &View<'_>, app: &App) -> String {
    let may = view.may(Area::Apps);
    let remove = |action: &str, name: &str, id: &str| {
        if may {
            press(action, &[("appId", &app.id), (name, id)], "Remove")
        } else {
            String::new()
        }
    };
    let people = view.org.app_users(app);
    let people: Vec<_> = people
        .iter()
        .map(|(id, user)| {
            let own = user.scope == "USER";
            let kind = if own { "Individual" } else { "Group" };
            let button = if own {
                remove("unassign-person", "userId", id)
            } else {
                String::new()
            };
            vec![esc(&user.user_name), kind.to_owned(), button]
        })
        .collect();
    let name = |id: &String| {
        view.org
            .groups
            .get(id)
            .map(|group| group.name.clone())
            .unwrap_or_default()
    };
    let groups: Vec<_> = app
        .groups
        .keys()
        .map(|id| vec![esc(&name(id)), remove("unassign-group", "groupId", id)])
        .collect();
    format!(
        "<h3>People</h3>{}<h3>Groups</h3>{}",
        table(&["Person", "Type", ""], &people),
        table(&["Group", ""], &groups)
    )
}
