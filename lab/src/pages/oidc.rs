//! The pages of an OpenID Connect sign-in at both orgs: what browsers are sent to, and where next.

use super::html::notice;
use super::sso::{HOME, is_own, log, sent_on};
use super::{Visit, cookie, sign_in};
use crate::oidc::authorize::{Back, Refused, read};
use crate::oidc::client::target_host;
use crate::oidc::{callback as arrival, start as departure};
use crate::org::App;
use crate::wire::Response;
use crate::world::World;

/// The source's authorize endpoint.
pub(super) fn authorize(world: &mut World, visit: &Visit<'_>) -> Response {
    let asked = match read(visit.org(world), &given(visit)) {
        Ok(asked) => asked,
        Err(Refused::Here(text)) => return notice(400, "Bad Request", text),
        Err(Refused::Told(back)) => return sent_back(&back),
    };
    let Some((user, _)) = visit.person(world) else {
        return match asked.silent {
            true => sent_back(&asked.refusal(
                "login_required",
                "The client specified not to prompt, but the user is not logged in.",
            )),
            false => sign_in::first(visit),
        };
    };
    if !visit.org(world).may_open(&asked.client.app, &user.id) {
        let text = "User is not assigned to the client application.";
        return sent_back(&asked.refusal("access_denied", text));
    }
    let held = &mut world.orgs[visit.at].server.sign_ins;
    let back = asked.grant(held, &mut world.side_ids, &user, visit.now);
    log(world, visit, &user, &asked.client.app);
    sent_back(&back)
}

fn given(visit: &Visit<'_>) -> Vec<(String, String)> {
    match visit.request.method.as_str() {
        "POST" => visit.request.form_pairs(),
        _ => visit.request.query_pairs(),
    }
}

fn sent_back(back: &Back) -> Response {
    if back.posted {
        return sent_on(&back.to, &back.fields);
    }
    Response::redirect(&back.address())
}

/// The tile of an Org2Org app in this mode leads to the target, which begins the sign-in. That it goes this way, and
/// hands on where to go, is unconfirmed: no address is documented.
pub(super) fn tile(visit: &Visit<'_>, app: &App) -> Response {
    let (Some(host), Some(idp)) = (target_host(app), app.setting("idpId")) else {
        let text = "The app names no target org with an identity provider yet.";
        return notice(400, "The app is not ready for sign-in", text);
    };
    let to = ["fromURI", "RelayState"];
    let to = to
        .into_iter()
        .find_map(|name| visit.request.query_value(name));
    let mut place = format!("https://{host}/sso/idps/{idp}");
    if let Some(to) = to {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        place += &format!("?{}", query.append_pair("fromURI", &to).finish());
    }
    Response::redirect(&place)
}

/// The target begins: off to the org that the identity provider names.
pub(super) fn start(world: &mut World, visit: &Visit<'_>, idp: &str) -> Response {
    let org = visit.org(world);
    let Some(idp) = departure::provider(org, idp).cloned() else {
        let text = "There is no active identity provider of this kind here.";
        return notice(404, "Page not found", text);
    };
    let to = visit.request.query_value("fromURI");
    let to = to.filter(|to| is_own(org, to));
    let host = org.host();
    let held = &mut world.orgs[visit.at].server.sign_ins;
    match departure::start(held, &mut world.side_ids, &idp, &host, to, visit.now) {
        Some((place, state)) => {
            let kept = format!("{}={state}", departure::COOKIE);
            Response::redirect(&place).with("set-cookie", &cookie(&kept))
        }
        None => notice(
            400,
            "Sign-in failed",
            "The identity provider is not complete.",
        ),
    }
}

/// The target goes on: somebody comes back with a code.
pub(super) fn callback(world: &mut World, visit: &Visit<'_>) -> Response {
    let kept = visit.request.cookie(departure::COOKIE);
    match arrival::take(
        world,
        visit.at,
        &given(visit),
        kept,
        visit.request,
        visit.now,
    ) {
        Ok((arrived, to)) => {
            let answer = Response::redirect(&to.unwrap_or_else(|| HOME.to_owned()));
            Response {
                status: 303,
                ..answer
            }
            .with("set-cookie", &cookie(&arrived.session.cookie))
        }
        Err(text) => notice(403, "Sign-in failed", &text),
    }
}
