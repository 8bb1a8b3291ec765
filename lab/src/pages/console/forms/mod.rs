//! What the console's forms do: each becomes calls of the Management API, by the same admin.

mod api_tokens;
mod apps;
mod directory;
mod idps;
mod provisioning;

use serde_json::{Value, json};

use super::super::Visit;
use crate::api;
use crate::okta::call::Actor;
use crate::okta::decoded;
use crate::session::caller;
use crate::wire::{Request, Response};
use crate::world::World;

/// Where to go next, what to say there, and what to show once and never again.
struct Next {
    go: String,
    message: String,
    once: Option<String>,
}

type Action = fn(&mut Desk<'_>, &Fields) -> Result<Next, String>;

const ACTIONS: &[&[(&str, Action)]] = &[
    apps::ACTIONS,
    provisioning::ACTIONS,
    idps::ACTIONS,
    directory::ACTIONS,
    api_tokens::ACTIONS,
];

/// What was typed into a form.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field's text, trimmed as the console does; empty when it was not sent.
    pub(super) fn text(&self, name: &str) -> String {
        let found = self.0.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    }

    fn sent(&self, name: &str) -> Option<String> {
        self.0
            .iter()
            .any(|(key, _)| key == name)
            .then(|| self.text(name))
    }
}

/// The org and the admin that a form acts for.
struct Desk<'a> {
    world: &'a mut World,
    visit: &'a Visit<'a>,
}

impl Desk<'_> {
    // Who sent the form, with the page's XSRF token: for actions that no operation of the Management API has.
    fn admin(&mut self) -> Result<Actor, String> {
        let (world, visit) = (&mut *self.world, self.visit);
        let org = &mut world.orgs[visit.at];
        caller(&mut world.sessions, org, &[], visit.request, visit.now)
            .map(|caller| caller.actor)
            .map_err(|error| error.summary)
    }

    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let mut request = Request::new(
            method,
            &format!("https://{}{path}", self.visit.request.host),
        );
        for name in ["cookie", "x-okta-xsrftoken"] {
            if let Some(value) = self.visit.request.header(name) {
                request = request.with(name, value);
            }
        }
        let request = body.map_or(request.clone(), |body| request.json(body));
        let answer = api::answer(self.world, self.visit.at, &request, self.visit.now);
        let value = answer.value();
        if answer.status < 300 {
            return Ok(value);
        }
        let causes = value["errorCauses"].as_array().into_iter().flatten();
        let causes: Vec<&str> = causes
            .filter_map(|cause| cause["errorSummary"].as_str())
            .collect();
        let summary = value["errorSummary"].as_str().unwrap_or("The call failed.");
        Err(if causes.is_empty() {
            summary.to_owned()
        } else {
            causes.join(" ")
        })
    }
}

/// Takes a posted form; the answer is JSON for the page's script.
pub(super) fn take(world: &mut World, visit: &Visit<'_>, action: &str) -> Response {
    let found = ACTIONS
        .iter()
        .copied()
        .flatten()
        .find(|(name, _)| *name == action);
    let Some((_, act)) = found.filter(|_| visit.request.method == "POST") else {
        return Response::json(404, &json!({ "error": "There is no such form." }));
    };
    let typed = Fields(visit.request.form_pairs());
    match act(&mut Desk { world, visit }, &typed) {
        Ok(next) => {
            let told = json!({ "go": next.go, "message": next.message, "once": next.once });
            Response::json(200, &told)
        }
        Err(text) => Response::json(400, &json!({ "error": text })),
    }
}

fn next(go: impl Into<String>, message: &str) -> Result<Next, String> {
    Ok(Next {
        go: go.into(),
        message: message.to_owned(),
        once: None,
    })
}

fn text_of(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn app_page(app: &Value) -> String {
    format!(
        "/admin/app/{}/instance/{}/",
        text_of(app, "name"),
        text_of(app, "id")
    )
}

fn segment(typed: &Fields, name: &str) -> Result<String, String> {
    let id = decoded(&typed.text(name));
    let plain = !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain {
        Ok(id)
    } else {
        Err(format!("`{name}` is no id."))
    }
}
