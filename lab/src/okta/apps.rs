//! Apps: list, create, read, replace, delete, activate, deactivate.

use serde_json::{Value, json};

use super::app_body::{create, replace};
use super::app_shape;
use super::call::Call;
use super::error::OktaError;
use super::filter::Filter;
use super::mappings;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::org::{App, Group};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/apps", Right::Read(Apps), list),
    route("POST", "/api/v1/apps", Right::Manage(Apps), add),
    route("GET", "/api/v1/apps/{appId}", Right::Read(Apps), read),
    route("PUT", "/api/v1/apps/{appId}", Right::Manage(Apps), put),
    route(
        "DELETE",
        "/api/v1/apps/{appId}",
        Right::Manage(Apps),
        delete,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/lifecycle/activate",
        Right::Manage(Apps),
        activate,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/lifecycle/deactivate",
        Right::Manage(Apps),
        deactivate,
    ),
];

const SIZE: Size = Size {
    usual: 20,
    most: 200,
};

fn list(call: &mut Call<'_>) -> Outcome {
    let filter = call
        .query("filter")
        .map(|text| Filter::read(&text))
        .transpose()?;
    let start = call.query("q").map(|text| text.to_lowercase());
    let named = |app: &App| {
        start.as_ref().is_none_or(|start| {
            app.label.to_lowercase().starts_with(start) || app.name.starts_with(start.as_str())
        })
    };
    let shown = |app: &&App| {
        named(app)
            && filter
                .as_ref()
                .is_none_or(|filter| filter.fits_by(&|path| searchable(call, app, path)))
    };
    let items = call
        .org
        .apps
        .values()
        .filter(shown)
        .map(|app| (app.id.clone(), app_shape::told(call, app)))
        .collect();
    page(call, "apps", items, SIZE)
}

// The filter names a few things that the answer does not hold, such as who is assigned.
fn searchable(call: &Call<'_>, app: &App, path: &str) -> Option<Value> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    Some(match (name, rest) {
        ("id", "") => json!(app.id),
        ("name", "") => json!(app.name),
        ("status", "") => json!(if app.active { "ACTIVE" } else { "INACTIVE" }),
        ("label", "") => json!(app.label),
        ("credentials", "") => app.credentials.clone(),
        ("credentials", rest) => {
            let at = format!("/{}", rest.replace('.', "/"));
            app.credentials.pointer(&at)?.clone()
        }
        ("user", "id") => json!(call.org.app_users(app).into_keys().collect::<Vec<_>>()),
        ("group", "id") => json!(app.groups.keys().collect::<Vec<_>>()),
        _ => return None,
    })
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let mut app = create(call, &body)?;
    app.active = call
        .query("activate")
        .is_none_or(|text| !text.eq_ignore_ascii_case("false"));
    call.created(format!("app {} `{}`", app.name, app.label), "apps", &app.id);
    call.event("application.lifecycle.create", "AppInstance", &app.id);
    let mut answer = app_shape::json(call, &app);
    if let Some(secret) = app.secrets.first() {
        // The only answer that tells it.
        answer["credentials"]["oauthClient"]["client_secret"] = json!(secret.value);
    }
    call.org.apps.insert(app.id.clone(), app);
    Ok(Response::json(200, &answer))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    Ok(Response::told(&app_shape::told(call, &app)))
}

fn put(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let body = call.object()?;
    if !app.active {
        return Err(OktaError::new(
            400,
            "E0000024",
            "Bad request. No active instances.",
        ));
    }
    let next = replace(&app, &body, call.ids, call.now)?;
    call.updated(format!("app {} `{}`", next.name, next.label));
    call.event("application.lifecycle.update", "AppInstance", &next.id);
    let kid = |app: &App| app.credentials.pointer("/signing/kid").cloned();
    if kid(&next) != kid(&app) {
        call.event("app.keys.rotate", "AppInstance", &next.id);
    }
    let answer = app_shape::json(call, &next);
    call.org.apps.insert(next.id.clone(), next);
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    if app.active {
        return Err(OktaError::still_active("application"));
    }
    let shape = app_shape::json(call, &app);
    call.org.apps.remove(&app.id);
    // What only stood for the target goes with the app.
    let own = |group: &Group| group.of_app.as_ref().is_some_and(|of| of.app == app.id);
    call.org.groups.retain(|group| !own(group));
    call.org
        .mappings
        .retain(|id, _| !mappings::belongs(id, &app));
    call.event("application.lifecycle.delete", "AppInstance", &app.id);
    call.deleted(
        format!("app {} `{}`", app.name, app.label),
        "apps",
        &app.id,
        shape,
    );
    Ok(Response::empty(204))
}

fn activate(call: &mut Call<'_>) -> Outcome {
    switch(call, true)
}

fn deactivate(call: &mut Call<'_>) -> Outcome {
    switch(call, false)
}

fn switch(call: &mut Call<'_>, active: bool) -> Outcome {
    let app = call.app()?;
    if app.active != active {
        let now = call.now;
        if let Some(app) = call.org.apps.get_mut(&app.id) {
            (app.active, app.updated) = (active, now);
        }
        let (verb, event) = match active {
            true => ("activated", "application.lifecycle.activate"),
            false => ("deactivated", "application.lifecycle.deactivate"),
        };
        call.event(event, "AppInstance", &app.id);
        call.updated(format!("app {} `{}` {verb}", app.name, app.label));
    }
    Ok(Response::json(200, &json!({})))
}
