//! Scopes that an app was granted by an admin.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::paging::whole;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::oauth::{issuer, scopes};
use crate::org::{App, Grant};
use crate::rights::{Area::AppGrants, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/grants",
        Right::Read(AppGrants),
        list,
    ),
    route(
        "POST",
        "/api/v1/apps/{appId}/grants",
        Right::Manage(AppGrants),
        add,
    ),
    route(
        "GET",
        "/api/v1/apps/{appId}/grants/{grantId}",
        Right::Read(AppGrants),
        read,
    ),
    route(
        "DELETE",
        "/api/v1/apps/{appId}/grants/{grantId}",
        Right::Manage(AppGrants),
        revoke,
    ),
];

fn shape(call: &Call<'_>, app: &App, grant: &Grant) -> Value {
    let base = call.href(&format!("/api/v1/apps/{}", app.id));
    let client = call.href(&format!(
        "/oauth2/v1/clients/{}",
        app.client_id().unwrap_or_default()
    ));
    let mut shape = json!({
        "id": grant.id, "status": "ACTIVE", "created": stamp(grant.created),
        "createdBy": { "id": grant.by.1, "type": grant.by.0 }, "lastUpdated": stamp(grant.created),
        "issuer": grant.issuer, "clientId": app.client_id(), "scopeId": grant.scope, "source": "ADMIN",
        "_links": {
            "app": { "href": base, "title": app.label },
            "self": { "href": format!("{base}/grants/{}", grant.id), "hints": { "allow": ["GET", "DELETE"] } },
            "client": { "href": client, "title": app.label },
        },
    });
    if call.query("expand").as_deref() == Some("scope") {
        embed(&mut shape, grant);
    }
    shape
}

fn embed(shape: &mut Value, grant: &Grant) {
    shape["_embedded"] = json!({ "scope": { "id": grant.scope } });
}

fn found(call: &mut Call<'_>) -> Result<(Arc<App>, Grant), OktaError> {
    let (app, id) = (call.app()?, call.param("grantId"));
    let grant = app.grants.get(&id).cloned();
    let grant = grant.filter(|_| call.settled(&format!("{}/{id}", app.id)));
    Ok((
        app,
        grant.ok_or_else(|| OktaError::missing(&id, "OAuth2ScopeConsentGrant"))?,
    ))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let items = app.grants.values();
    let items = items
        .map(|grant| (grant.id.clone(), shape(call, &app, grant)))
        .collect();
    whole(call, &format!("apps/{}/grants", app.id), items)
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, grant) = found(call)?;
    Ok(Response::json(200, &shape(call, &app, &grant)))
}

// The published document says 201, a real org answered 200.
fn add(call: &mut Call<'_>) -> Outcome {
    let (app, body) = (call.app()?, call.object()?);
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (scope, from) = (text("scopeId").to_owned(), text("issuer").to_owned());
    let invalid = |cause: String| Err(OktaError::invalid("OAuth2ScopeConsentGrant", cause));
    if !app.is_client() {
        return invalid("The app isn't an OAuth 2.0 client.".to_owned());
    }
    if from != issuer(call.org) {
        return invalid(format!(
            "issuer: '{}' isn't the org authorization server",
            cut(&from)
        ));
    }
    if !scopes::is_known(&scope) {
        return invalid(format!(
            "scopeId: '{}' isn't a scope of this org",
            cut(&scope)
        ));
    }
    if app.grants.values().any(|grant| grant.scope == scope) {
        return invalid(format!("scopeId: '{scope}' is already granted"));
    }
    let grant = Grant {
        id: call.ids.fresh("oag"),
        scope,
        issuer: from,
        created: call.now,
        by: by(call),
    };
    let what = format!("grant of {} to app `{}`", grant.scope, app.label);
    call.created(what, &format!("apps/{}/grants", app.id), &grant.id);
    call.event(
        "app.oauth2.admin.consent.grant",
        "PublicClientApp",
        app.client_id().unwrap_or_default(),
    );
    let mut answer = shape(call, &app, &grant);
    embed(&mut answer, &grant);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.grants.insert(grant.id.clone(), grant);
    }
    Ok(Response::json(200, &answer))
}

fn by(call: &Call<'_>) -> (&'static str, String) {
    if call.actor.client.is_empty() {
        ("User", call.actor.user.clone())
    } else {
        ("App", call.actor.client.clone())
    }
}

fn revoke(call: &mut Call<'_>) -> Outcome {
    let (app, grant) = found(call)?;
    let object = shape(call, &app, &grant);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.grants.remove(&grant.id);
    }
    let what = format!("grant of {} to app `{}`", grant.scope, app.label);
    call.event(
        "app.oauth2.admin.consent.revoke",
        "PublicClientApp",
        app.client_id().unwrap_or_default(),
    );
    call.deleted(what, &format!("apps/{}/grants", app.id), &grant.id, object);
    Ok(Response::empty(204))
}
