//! The org host: a person's dashboard, embed links, apps with a page, and SAML at both ends.

use serde_json::Value;

use super::html::{esc, link, notice, page};
use super::{Visit, oidc, sign_in, sso};
use crate::oidc::client::is_org2org;
use crate::okta::app_shape::embed_link;
use crate::org::{App, User};
use crate::wire::Response;
use crate::world::World;

/// Answers an address of the org host; none when there is no such page.
pub(super) fn answer(world: &mut World, visit: &Visit<'_>) -> Option<Response> {
    let parts: Vec<&str> = visit.request.path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["sso", "saml2", idp] => Some(sso::take(world, visit, idp)),
        ["app", name, key, "sso", "saml"] => Some(sso::start(world, visit, name, key)),
        ["oauth2", "v1", "authorize"] => Some(oidc::authorize(world, visit)),
        ["oauth2", "v1", "authorize", "callback"] => Some(oidc::callback(world, visit)),
        ["sso", "idps", idp] => Some(oidc::start(world, visit, idp)),
        ["app", "UserHome"] => Some(signed_in(world, visit, dashboard)),
        ["home", name, id, last] => Some(signed_in(world, visit, |world, visit, user| {
            open(world, visit, user, name, id, last)
        })),
        ["app", name, id, "page"] => Some(signed_in(world, visit, |world, visit, user| {
            app_page(world, visit, user, name, id)
        })),
        _ => None,
    }
}

fn signed_in(
    world: &mut World,
    visit: &Visit<'_>,
    then: impl FnOnce(&World, &Visit<'_>, &User) -> Option<Response>,
) -> Response {
    match visit.person(world) {
        Some((user, _)) => then(world, visit, &user)
            .unwrap_or_else(|| notice(404, "Page not found", "There is no such app.")),
        None => sign_in::first(visit),
    }
}

/// The page for an app that the person does not have.
pub(super) fn no_access(user: &User, label: &str) -> Response {
    let text = format!(
        "User {} is not assigned to this application: {label}. Contact your administrator.",
        user.login()
    );
    notice(403, "Access denied", &text)
}

fn dashboard(world: &World, visit: &Visit<'_>, user: &User) -> Option<Response> {
    let org = visit.org(world);
    let shown = |app: &&App| {
        let hidden = app.visibility.pointer("/hide/web") == Some(&Value::Bool(true));
        app.active && !hidden && org.may_open(app, &user.id)
    };
    let tile = |app: &App| {
        // A bookmark tile is a plain link to its address.
        let address = app
            .setting("url")
            .filter(|_| app.name == "bookmark")
            .map(str::to_owned);
        format!(
            "<li>{}</li>",
            link(
                &address.unwrap_or_else(|| embed_link(&org.host(), app)),
                &app.label
            )
        )
    };
    let tiles: String = org.apps.values().filter(shown).map(tile).collect();
    let body = format!(
        "<header><strong>{}</strong><span class=\"who\">{}</span><a href=\"/login/signout\">Sign out</a></header>\
         <main><h1>My Apps</h1><ul class=\"tiles\">{tiles}</ul></main>",
        esc(&org.name),
        esc(user.login())
    );
    Some(page(200, &format!("{} - My Apps", org.name), &body))
}

fn open(
    world: &World,
    visit: &Visit<'_>,
    user: &User,
    name: &str,
    id: &str,
    last: &str,
) -> Option<Response> {
    let org = visit.org(world);
    let app = org
        .apps
        .get(id)
        .filter(|app| app.name == name && app.link == last && app.active)?;
    if !org.may_open(app, &user.id) {
        return Some(no_access(user, &app.label));
    }
    Some(match app.name.as_str() {
        "bookmark" => Response::redirect(app.setting("url")?),
        "okta_org2org" if is_org2org(app) => oidc::tile(visit, app),
        "okta_org2org" => Response::redirect(&format!("/app/{name}/{}/sso/saml", app.external_key)),
        _ => Response::redirect(&format!("/app/{name}/{id}/page")),
    })
}

// The lab's own stand-in for the application behind a tile.
fn app_page(
    world: &World,
    visit: &Visit<'_>,
    user: &User,
    name: &str,
    id: &str,
) -> Option<Response> {
    let org = visit.org(world);
    let app = org
        .apps
        .get(id)
        .filter(|app| app.name == name && app.active)?;
    if !org.may_open(app, &user.id) {
        return Some(no_access(user, &app.label));
    }
    let body = format!(
        "<main><h1>{}</h1><p>Signed in as <strong id=\"who\">{}</strong> at {}.</p></main>",
        esc(&app.label),
        esc(user.login()),
        esc(&org.name)
    );
    Some(page(200, &app.label, &body))
}
