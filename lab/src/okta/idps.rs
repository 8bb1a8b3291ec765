//! Identity providers: list, create, read, replace, delete, activate, deactivate.

use std::sync::Arc;

use serde_json::Value;

use super::call::Call;
use super::error::OktaError;
use super::idp_shape::{self, build};
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::org::Idp;
use crate::rights::{Area::Idps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/idps", Right::Read(Idps), list),
    route("POST", "/api/v1/idps", Right::Manage(Idps), add).protected(),
    route("GET", "/api/v1/idps/{idpId}", Right::Read(Idps), read),
    route("PUT", "/api/v1/idps/{idpId}", Right::Manage(Idps), put).protected(),
    route(
        "DELETE",
        "/api/v1/idps/{idpId}",
        Right::Manage(Idps),
        delete,
    ),
    route(
        "POST",
        "/api/v1/idps/{idpId}/lifecycle/activate",
        Right::Manage(Idps),
        activate,
    ),
    route(
        "POST",
        "/api/v1/idps/{idpId}/lifecycle/deactivate",
        Right::Manage(Idps),
        deactivate,
    ),
];

const SIZE: Size = Size {
    usual: 20,
    most: 200,
};

fn list(call: &mut Call<'_>) -> Outcome {
    let start = call.query("q").map(|text| text.to_lowercase());
    let kind = call.query("type");
    let shown = |idp: &&Idp| {
        start
            .as_ref()
            .is_none_or(|start| idp.name.to_lowercase().starts_with(start))
            && kind.as_ref().is_none_or(|kind| idp.kind == *kind)
    };
    let idps = call.org.idps.values().filter(shown);
    let items = idps
        .map(|idp| (idp.id.clone(), idp_shape::told(call, idp)))
        .collect();
    page(call, "idps", items, SIZE)
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let idp = build(call, &body, None)?;
    call.created(format!("IdP {} `{}`", idp.kind, idp.name), "idps", &idp.id);
    call.event("system.idp.lifecycle.create", "IdentityProvider", &idp.id);
    let answer = idp_shape::json(call, &idp);
    call.org.idps.insert(idp.id.clone(), idp);
    Ok(Response::json(200, &answer))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let idp = call.idp()?;
    Ok(Response::told(&idp_shape::told(call, &idp)))
}

fn put(call: &mut Call<'_>) -> Outcome {
    let known = call.idp()?;
    let body = call.object()?;
    let idp = build(call, &body, Some(&known))?;
    call.updated(format!("IdP {} `{}`", idp.kind, idp.name));
    call.event("system.idp.lifecycle.update", "IdentityProvider", &idp.id);
    let mut answer = idp_shape::json(call, &idp);
    // Recorded: the answer to a replacement does not know when the IdP was made.
    answer["created"] = Value::Null;
    call.org.idps.insert(idp.id.clone(), idp);
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let idp = call.idp()?;
    if idp.active {
        return Err(OktaError::still_active("identity provider"));
    }
    let shape = idp_shape::json(call, &idp);
    call.org.idps.remove(&idp.id);
    call.event("system.idp.lifecycle.delete", "IdentityProvider", &idp.id);
    call.deleted(
        format!("IdP {} `{}`", idp.kind, idp.name),
        "idps",
        &idp.id,
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
    let mut idp = Arc::unwrap_or_clone(call.idp()?);
    if idp.active != active {
        (idp.active, idp.updated) = (active, call.now);
        let verb = if active { "activated" } else { "deactivated" };
        let event = match active {
            true => "system.idp.lifecycle.activate",
            false => "system.idp.lifecycle.deactivate",
        };
        call.event(event, "IdentityProvider", &idp.id);
        call.updated(format!("IdP {} `{}` {verb}", idp.kind, idp.name));
        call.org.idps.insert(idp.id.clone(), idp.clone());
    }
    Ok(Response::json(200, &idp_shape::json(call, &idp)))
}
