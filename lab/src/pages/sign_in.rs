//! Signing in with login and password, and signing out.

use super::html::{esc, page};
use super::{Visit, cookie};
use crate::org::User;
use crate::wire::Response;
use crate::world::World;

/// Answers sign-in addresses; none for others.
pub(super) fn answer(world: &mut World, visit: &Visit<'_>) -> Option<Response> {
    match (visit.request.method.as_str(), visit.request.path.as_str()) {
        ("GET", "/login/login.htm" | "/login/default") => Some(ask(world, visit, "", 200)),
        ("POST", "/login/login.htm") => Some(take(world, visit)),
        (_, "/login/signout") => {
            world.sessions.end(visit.request);
            let gone = "sid=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None";
            Some(Response::redirect("/login/login.htm").with("set-cookie", gone))
        }
        ("GET", "/") => Some(Response::redirect(&home(world, visit))),
        _ => None,
    }
}

/// To the sign-in page, and back to what was asked for.
pub(super) fn first(visit: &Visit<'_>) -> Response {
    let target = visit.target();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("fromURI", &target)
        .finish();
    Response::redirect(&format!("/login/login.htm?{query}"))
}

fn home(world: &World, visit: &Visit<'_>) -> String {
    let console = visit.request.host == visit.org(world).admin_host();
    if console {
        "/admin/dashboard".to_owned()
    } else {
        "/app/UserHome".to_owned()
    }
}

fn ask(world: &World, visit: &Visit<'_>, error: &str, status: u16) -> Response {
    let from = visit.request.query_value("fromURI").unwrap_or_default();
    let from = visit
        .request
        .form_pairs()
        .into_iter()
        .find(|(name, _)| name == "fromURI")
        .map_or(from, |(_, v)| v);
    let org = visit.org(world);
    let alert = if error.is_empty() {
        String::new()
    } else {
        format!("<p role=\"alert\">{}</p>", esc(error))
    };
    let body = format!(
        "<main><h1>Sign In</h1><p>{} · {}</p>{alert}<form method=\"post\" action=\"/login/login.htm\">\
         <input type=\"hidden\" name=\"fromURI\" value=\"{}\"><label for=\"username\">Username</label>\
         <input type=\"text\" id=\"username\" name=\"username\" autocomplete=\"username\"><label for=\"password\">Password</label>\
         <input type=\"password\" id=\"password\" name=\"password\" autocomplete=\"current-password\">\
         <button type=\"submit\" class=\"primary\">Sign in</button></form></main>",
        esc(&org.name),
        esc(&visit.request.host),
        esc(&from)
    );
    page(status, &format!("{} - Sign In", org.name), &body)
}

fn take(world: &mut World, visit: &Visit<'_>) -> Response {
    let fields = visit.request.form_pairs();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, v)| v.as_str())
            .unwrap_or_default()
    };
    let good = |user: &&User| {
        user.status == "ACTIVE" && user.password.as_deref() == Some(field("password"))
    };
    let Some(user) = visit
        .org(world)
        .user(field("username"))
        .filter(good)
        .map(|user| user.id.clone())
    else {
        return ask(world, visit, "Unable to sign in", 401);
    };
    let org = visit.org(world).id.clone();
    let session = world
        .sessions
        .start(&mut world.side_ids, &org, &user, visit.now);
    if let Some(user) = world.orgs[visit.at].users.get_mut(&user) {
        user.last_login = Some(visit.now);
    }
    world.work.stirred.insert(visit.at);
    let from = Some(field("fromURI"))
        .filter(|path| is_local(path))
        .map(str::to_owned);
    let to = from.unwrap_or_else(|| home(world, visit));
    Response {
        status: 303,
        ..Response::redirect(&to)
    }
    .with("set-cookie", &cookie(&session.cookie))
}

/// True for a path of the same host: never another host, however it is written.
pub(super) fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t'])
}
