//! Which share of a rate limit a token or service app may use: list, create, read, replace.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::OktaError;
use super::filter::Filter;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::pace::USUAL_SHARE;
use crate::rights::{Area::PrincipalLimits, Right};
use crate::settings::Limit;
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/principal-rate-limits",
        Right::Read(PrincipalLimits),
        list,
    ),
    route(
        "POST",
        "/api/v1/principal-rate-limits",
        Right::Manage(PrincipalLimits),
        add,
    ),
    route(
        "GET",
        "/api/v1/principal-rate-limits/{limitId}",
        Right::Read(PrincipalLimits),
        read,
    ),
    route(
        "PUT",
        "/api/v1/principal-rate-limits/{limitId}",
        Right::Manage(PrincipalLimits),
        put,
    ),
];

const SIZE: Size = Size {
    usual: 200,
    most: 200,
};

fn shape(call: &Call<'_>, limit: &Limit) -> Value {
    json!({
        "id": limit.id, "orgId": call.org.id, "principalId": limit.principal, "principalType": limit.kind,
        "defaultPercentage": limit.percent, "defaultConcurrencyPercentage": limit.concurrency,
        "createdDate": stamp(limit.created), "createdBy": limit.by, "lastUpdate": stamp(limit.updated),
        "lastUpdatedBy": limit.by,
    })
}

fn list(call: &mut Call<'_>) -> Outcome {
    let filter = call.query("filter").map(|text| Filter::read(&text));
    let filter = filter.transpose()?;
    let all = call.org.settings.limits.values();
    let items = all
        .map(|limit| (limit.id.clone(), shape(call, limit)))
        .filter(|(_, item)| filter.as_ref().is_none_or(|filter| filter.fits(item)))
        .collect();
    page(call, "principal limits", items, SIZE)
}

fn find(call: &Call<'_>) -> Result<Limit, OktaError> {
    let id = call.param("limitId");
    let found = call.org.settings.limits.get(&id).cloned();
    found.ok_or_else(|| OktaError::missing(&id, "PrincipalRateLimit"))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let limit = find(call)?;
    Ok(Response::json(200, &shape(call, &limit)))
}

fn refused(cause: &str) -> OktaError {
    OktaError::invalid("principalRateLimit", cause)
}

fn share(body: &Map<String, Value>, name: &str) -> Result<u64, OktaError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(USUAL_SHARE),
        Some(given) => given
            .as_u64()
            .filter(|share| *share <= 100)
            .ok_or_else(|| refused(&format!("{name}: The value must be between 0 and 100"))),
    }
}

fn named(call: &Call<'_>, body: &Map<String, Value>) -> Result<(String, String), OktaError> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, kind) = (text("principalId"), text("principalType"));
    let known = match kind {
        "OAUTH_CLIENT" => call.org.apps.get(id).is_some_and(|app| app.is_client()),
        "SSWS_TOKEN" => call.org.tokens.iter().any(|token| token.id == id),
        _ => return Err(refused("principalType: The value is not supported")),
    };
    match known {
        true => Ok((id.to_owned(), kind.to_owned())),
        false => Err(OktaError::missing(id, "Principal")),
    }
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let (principal, kind) = named(call, &body)?;
    let mut others = call.org.settings.limits.values();
    if others.any(|other| other.principal == principal) {
        return Err(refused("principalId: The principal has a limit already"));
    }
    let limit = Limit {
        percent: share(&body, "defaultPercentage")?,
        concurrency: share(&body, "defaultConcurrencyPercentage")?,
        id: call.ids.fresh("abm"),
        principal,
        kind,
        by: call.actor.user.clone(),
        created: call.now,
        updated: call.now,
    };
    call.created(
        format!("rate limit of {}", limit.principal),
        "principal limits",
        &limit.id,
    );
    let answer = shape(call, &limit);
    call.org.settings.limits.insert(limit.id.clone(), limit);
    Ok(Response::json(201, &answer))
}

fn put(call: &mut Call<'_>) -> Outcome {
    let mut limit = find(call)?;
    let body = call.object()?;
    if named(call, &body)? != (limit.principal.clone(), limit.kind.clone()) {
        return Err(refused("principalId: The principal can't be changed"));
    }
    limit.percent = share(&body, "defaultPercentage")?;
    limit.concurrency = share(&body, "defaultConcurrencyPercentage")?;
    (limit.by, limit.updated) = (call.actor.user.clone(), call.now);
    call.updated(format!("rate limit of {}", limit.principal));
    let answer = shape(call, &limit);
    call.org.settings.limits.insert(limit.id.clone(), limit);
    Ok(Response::json(200, &answer))
}
