//! What the console's forms do: each becomes calls of the Management API, by the same admin.

use serde_json::{Value, json};

use super::super::Visit;
use super::{idp_form, tokens};
use crate::api;
use crate::okta::call::Actor;
use crate::okta::{api_tokens, decoded};
use crate::provision::desk;
use crate::rights::{Area, Right};
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

const ACTIONS: &[(&str, Action)] = &[
    ("add-org2org", add_org2org),
    ("add-bookmark", add_bookmark),
    ("edit-general", edit_app),
    ("edit-sign-on", edit_app),
    ("app-activate", |desk, typed| {
        lifecycle(desk, typed, "activate")
    }),
    ("app-deactivate", |desk, typed| {
        lifecycle(desk, typed, "deactivate")
    }),
    ("app-delete", delete_app),
    ("assign-person", assign_person),
    ("unassign-person", |desk, typed| {
        assignment(desk, typed, "DELETE", "users", "userId", "Unassigned.")
    }),
    ("assign-group", |desk, typed| {
        assignment(desk, typed, "PUT", "groups", "groupId", "Assigned.")
    }),
    ("unassign-group", |desk, typed| {
        assignment(desk, typed, "DELETE", "groups", "groupId", "Unassigned.")
    }),
    ("provision-user", |desk, typed| {
        by_app(desk, typed, desk::provision, "The users are provisioned.")
    }),
    ("retry-tasks", |desk, typed| {
        by_app(desk, typed, desk::retry, "The tasks are tried again.")
    }),
    ("refresh-app-groups", |desk, typed| {
        by_app(desk, typed, desk::refresh, "The app groups are read anew.")
    }),
    ("save-idp", save_idp),
    ("idp-activate", |desk, typed| {
        idp_lifecycle(desk, typed, "activate")
    }),
    ("idp-deactivate", |desk, typed| {
        idp_lifecycle(desk, typed, "deactivate")
    }),
    ("idp-delete", delete_idp),
    ("add-group", add_group),
    ("delete-group", delete_group),
    ("add-member", |desk, typed| {
        member(desk, typed, "PUT", "Assigned.")
    }),
    ("remove-member", |desk, typed| {
        member(desk, typed, "DELETE", "Removed.")
    }),
    ("add-person", add_person),
    ("create-token", create_token),
    ("revoke-token", revoke_token),
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
    let found = ACTIONS.iter().find(|(name, _)| *name == action);
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

fn add_org2org(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let body = json!({
        "name": "okta_org2org", "label": typed.text("label"), "signOnMode": typed.text("mode"),
        "settings": { "app": { "baseUrl": typed.text("baseUrl") } },
    });
    let app = desk.call("POST", "/api/v1/apps", Some(&body))?;
    next(app_page(&app), "The app was added.")
}

fn add_bookmark(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let body = json!({
        "name": "bookmark", "label": typed.text("label"), "signOnMode": "BOOKMARK",
        "settings": { "app": { "url": typed.text("url"), "requestIntegration": false } },
    });
    let app = desk.call("POST", "/api/v1/apps", Some(&body))?;
    next(app_page(&app), "The app was added.")
}

fn edit_app(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    let mut app = desk.call("GET", &path, None)?;
    if let Some(label) = typed.sent("label") {
        app["label"] = json!(label);
    }
    for name in ["acsUrl", "audRestriction", "baseUrl", "url"] {
        if let Some(text) = typed.sent(name) {
            app["settings"]["app"][name] = if text.is_empty() {
                Value::Null
            } else {
                json!(text)
            };
        }
    }
    let app = desk.call("PUT", &path, Some(&app))?;
    next(app_page(&app), "Saved.")
}

fn lifecycle(desk: &mut Desk<'_>, typed: &Fields, verb: &str) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    desk.call("POST", &format!("{path}/lifecycle/{verb}"), None)?;
    let app = desk.call("GET", &path, None)?;
    next(app_page(&app), "The status was changed.")
}

fn delete_app(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    desk.call(
        "DELETE",
        &format!("/api/v1/apps/{}", segment(typed, "appId")?),
        None,
    )?;
    next("/admin/apps/active", "The app was deleted.")
}

fn assign_person(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    let body = json!({ "id": segment(typed, "userId")?, "scope": "USER" });
    desk.call("POST", &format!("{path}/users"), Some(&body))?;
    let app = desk.call("GET", &path, None)?;
    next(app_page(&app), "Assigned.")
}

fn assignment(
    desk: &mut Desk<'_>,
    typed: &Fields,
    method: &str,
    part: &str,
    field: &str,
    message: &str,
) -> Result<Next, String> {
    let path = format!("/api/v1/apps/{}", segment(typed, "appId")?);
    desk.call(
        method,
        &format!("{path}/{part}/{}", segment(typed, field)?),
        None,
    )?;
    let app = desk.call("GET", &path, None)?;
    next(app_page(&app), message)
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

fn save_idp(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let kid = trusted(desk, &typed.text("certificate"))?;
    let body = idp_form::body(typed, &kid)?;
    let idp = match typed.sent("idpId") {
        Some(_) => desk.call(
            "PUT",
            &format!("/api/v1/idps/{}", segment(typed, "idpId")?),
            Some(&body),
        )?,
        None => desk.call("POST", "/api/v1/idps", Some(&body))?,
    };
    next(
        format!(
            "/admin/access/identity-providers/edit/{}",
            text_of(&idp, "id")
        ),
        "Saved.",
    )
}

// Looked for anywhere: copied from a page, a certificate may come on one line.
const ARMOUR: [&str; 2] = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];

// The key of a pasted certificate: the one that is there already, or a new one.
fn trusted(desk: &mut Desk<'_>, pasted: &str) -> Result<String, String> {
    let x5c: String = ARMOUR
        .iter()
        .fold(pasted.to_owned(), |text, line| text.replace(line, ""))
        .split_ascii_whitespace()
        .collect();
    if x5c.is_empty() {
        return Err("IdP Signature Certificate: The field cannot be left blank".to_owned());
    }
    let keys = desk.call("GET", "/api/v1/idps/credentials/keys?limit=200", None)?;
    let same = |key: &&Value| {
        let known = key["x5c"][0].as_str().unwrap_or_default();
        known.split_ascii_whitespace().collect::<String>() == x5c
    };
    if let Some(key) = keys.as_array().into_iter().flatten().find(same) {
        return Ok(text_of(key, "kid"));
    }
    let key = desk.call(
        "POST",
        "/api/v1/idps/credentials/keys",
        Some(&json!({ "x5c": [x5c] })),
    )?;
    Ok(text_of(&key, "kid"))
}

fn idp_lifecycle(desk: &mut Desk<'_>, typed: &Fields, verb: &str) -> Result<Next, String> {
    let id = segment(typed, "idpId")?;
    desk.call("POST", &format!("/api/v1/idps/{id}/lifecycle/{verb}"), None)?;
    next(
        format!("/admin/access/identity-providers/edit/{id}"),
        "The status was changed.",
    )
}

fn delete_idp(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    desk.call(
        "DELETE",
        &format!("/api/v1/idps/{}", segment(typed, "idpId")?),
        None,
    )?;
    next(
        "/admin/access/identity-providers",
        "The identity provider was deleted.",
    )
}

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

// No operation of the Management API makes a token.
fn create_token(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let owner = desk.admin()?;
    let name = typed.text("name");
    if name.is_empty() || name.chars().count() > 255 {
        return Err("The token needs a name of at most 255 characters.".to_owned());
    }
    let value = api_tokens::create(desk.world, desk.visit.at, &owner, &name, desk.visit.now);
    let next = next(tokens::PATH, "Token created successfully.")?;
    Ok(Next {
        once: Some(value),
        ..next
    })
}

fn revoke_token(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let id = segment(typed, "apiTokenId")?;
    desk.call("DELETE", &format!("/api/v1/api-tokens/{id}"), None)?;
    next(tokens::PATH, "The token was revoked.")
}
