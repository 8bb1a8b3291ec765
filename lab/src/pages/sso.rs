//! The two ends of a SAML sign-in: the source posts a response, the target takes it.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::html::{esc, hidden, notice, page};
use super::people::no_access;
use super::{Visit, cookie, sign_in};
use crate::okta::call::Actor;
use crate::okta::logs::{Event, write};
use crate::okta::saml::issuer;
use crate::org::{App, Org, User};
use crate::saml::accept::accept;
use crate::saml::issue::{Statement, response};
use crate::wire::Response;
use crate::world::World;

/// The source: a signed-in, assigned person is sent on with a signed response.
pub(super) fn start(world: &mut World, visit: &Visit<'_>, name: &str, key: &str) -> Response {
    let found =
        |app: &&App| app.name == name && app.external_key == key && app.active && app.is_saml();
    let Some(app) = visit.org(world).apps.values().find(found).cloned() else {
        return notice(
            404,
            "Page not found",
            "There is no active SAML app at this address.",
        );
    };
    let Some((user, _)) = visit.person(world) else {
        return sign_in::first(visit);
    };
    if !visit.org(world).may_open(&app, &user.id) {
        return no_access(&user, &app.label);
    }
    match statement(world, visit, &app, &user) {
        Ok(said) => {
            let signer = app.active_key().expect("a SAML app has a signing key");
            let text = response(&said, signer);
            log(world, visit, &user, &app);
            posting(&said.acs, &text, visit)
        }
        Err(text) => notice(400, "The app is not ready for sign-in", &text),
    }
}

fn statement(
    world: &mut World,
    visit: &Visit<'_>,
    app: &App,
    user: &User,
) -> Result<Statement, String> {
    let setting = |own: &str, custom: &str| {
        let custom = app
            .settings
            .pointer(custom)
            .and_then(|value| value.as_str());
        app.setting(own)
            .or(custom)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let acs = setting("acsUrl", "/signOn/ssoAcsUrl");
    let acs = acs.ok_or("The app has no Assertion Consumer Service URL yet.")?;
    let audience =
        setting("audRestriction", "/signOn/audience").ok_or("The app has no Audience URI yet.")?;
    let names = visit.org(world).app_users(app);
    let name_id = names
        .get(&user.id)
        .map_or(user.login(), |assigned| assigned.user_name.as_str())
        .to_owned();
    let fields = ["login", "email", "firstName", "lastName"];
    let attributes = fields.map(|field| (field.to_owned(), user.attribute(field).to_owned()));
    let mut id = || format!("id{}", world.side_ids.letters(20, b"0123456789"));
    Ok(Statement {
        response_id: id(),
        assertion_id: id(),
        issuer: issuer(app),
        acs,
        audience,
        name_id,
        attributes: attributes.to_vec(),
        now: visit.now,
    })
}

/// Notes that a person went on to an app.
pub(super) fn log(world: &mut World, visit: &Visit<'_>, user: &User, app: &App) {
    let actor = Actor {
        user: user.id.clone(),
        login: user.login().to_owned(),
        ..Actor::default()
    };
    let event = Event {
        kind: "user.authentication.sso",
        message: "User single sign on to app",
        outcome: Ok(()),
        target: ("AppInstance", &app.id),
    };
    write(
        &mut world.orgs[visit.at],
        &mut world.side_ids,
        &actor,
        visit.now,
        &event,
    );
}

fn posting(acs: &str, text: &str, visit: &Visit<'_>) -> Response {
    let given = visit.request.form_pairs();
    let posted = given
        .into_iter()
        .find(|(name, _)| name == "RelayState")
        .map(|(_, value)| value);
    let relay = posted.or_else(|| visit.request.query_value("RelayState"));
    let mut fields = vec![("SAMLResponse", STANDARD.encode(text))];
    fields.extend(relay.map(|relay| ("RelayState", relay)));
    sent_on(acs, &fields)
}

/// A page whose form the browser posts by itself.
pub(super) fn sent_on(to: &str, fields: &[(&str, String)]) -> Response {
    let fields: String = fields
        .iter()
        .map(|(name, value)| hidden(name, value))
        .collect();
    let body = format!(
        "<main><h1>Signing in…</h1><form id=\"appForm\" method=\"post\" action=\"{}\">{fields}\
         <noscript><button type=\"submit\">Continue</button></noscript></form></main>\
         <script src=\"/assets/post.js\"></script>",
        esc(to),
    );
    page(200, "Signing in…", &body)
}

/// The target: a good response starts a session and leads to its RelayState.
pub(super) fn take(world: &mut World, visit: &Visit<'_>, idp: &str) -> Response {
    if visit.request.method != "POST" {
        return notice(405, "Sign-in failed", "Assertions are posted here.");
    }
    match accept(world, visit.at, idp, visit.request, visit.now) {
        Ok(arrived) => {
            let to = destination(visit.org(world), visit);
            Response {
                status: 303,
                ..Response::redirect(&to)
            }
            .with("set-cookie", &cookie(&arrived.session.cookie))
        }
        Err(text) => notice(403, "Sign-in failed", &text),
    }
}

fn destination(org: &Org, visit: &Visit<'_>) -> String {
    let given = visit.request.form_pairs().into_iter();
    let given = given.filter(|(name, _)| name == "RelayState");
    let own = given.map(|(_, value)| value).find(|to| is_own(org, to));
    own.unwrap_or_else(|| HOME.to_owned())
}

/// Where people land who wanted nothing else.
pub(super) const HOME: &str = "/app/UserHome";

/// True for an address of this org. Anything else would make the org a way to lead people elsewhere.
pub(super) fn is_own(org: &Org, to: &str) -> bool {
    let same_host = url::Url::parse(to).is_ok_and(|address| {
        address.scheme() == "https"
            && address.host_str() == Some(&org.host())
            && address.port().is_none()
            && address.username().is_empty()
            && address.password().is_none()
    });
    same_host || sign_in::is_local(to)
}
