//! The way into the Management API: limits, caller, rights, then the operation.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fault::{FaultKind, step_up};
use crate::oidc::AUTHORIZE;
use crate::okta::call::{Actor, Call};
use crate::okta::error::OktaError;
use crate::okta::logs;
use crate::okta::{Found, Outcome, Route, Run, find};
use crate::pace;
use crate::rights::Right;
use crate::session::{Caller, caller};
use crate::wire::{Request, Response};
use crate::world::World;

/// Bodies above this are refused unread.
const MOST_BODY: usize = 1 << 20;

/// True for paths of the Management API, OAuth and `.well-known`; people's browsers go to the authorize endpoint.
pub(crate) fn is_api(path: &str) -> bool {
    let prefixes = ["/api/", "/oauth2/", "/.well-known/"];
    let page = path.starts_with(AUTHORIZE);
    !page && prefixes.iter().any(|prefix| path.starts_with(prefix))
}

/// Answers one API request at an org.
pub(crate) fn answer(world: &mut World, at: usize, request: &Request, now: u64) -> Response {
    let allowance = pace::count(world, at, request, now);
    let answer = if allowance.granted {
        run(world, at, request, now)
    } else {
        OktaError::too_many().response(&mut world.side_ids)
    };
    allowance
        .mark(answer)
        .with("date", &http_date(now))
        .with("cache-control", "no-cache, no-store")
}

fn run(world: &mut World, at: usize, request: &Request, now: u64) -> Response {
    match attempt(world, at, request, now) {
        Ok(response) => response,
        Err(error) => error.response(&mut world.side_ids),
    }
}

fn attempt(world: &mut World, at: usize, request: &Request, now: u64) -> Outcome {
    let (route, params) = match find(&request.method, &request.path) {
        Found::Operation(route, params) => (route, params),
        Found::OtherMethod => {
            let summary = "The endpoint does not support the provided HTTP method";
            return Err(OktaError::new(405, "E0000022", summary));
        }
        Found::Nothing => return Err(OktaError::missing(&request.path, "Endpoint")),
    };
    let outcome = match route.run {
        Run::Call(run) => called(world, at, (route, run), params, request, now),
        Run::Outward(run) => run(world, at, request, now),
    };
    outcome.map_err(|error| {
        if route.oauth {
            error.into_oauth()
        } else {
            error
        }
    })
}

fn called(
    world: &mut World,
    at: usize,
    (route, run): (&Route, fn(&mut Call<'_>) -> Outcome),
    params: Vec<(&'static str, String)>,
    request: &Request,
    now: u64,
) -> Outcome {
    let caller = admit(world, at, (route, &params), request, now)?;
    if route.protected && world.options.step_up && !caller.stepped_up {
        return Ok(step_up(&mut world.side_ids));
    }
    world.caller.clone_from(&caller.actor.login);
    let body = body(request)?;
    let org = &world.orgs[at].subdomain;
    let (wrong_org, wrong_actor) = (
        world.is_wrong(org, FaultKind::WrongOrg),
        world.is_wrong(org, FaultKind::AnotherActor),
    );
    let mut call = Call {
        org: &mut world.orgs[at],
        ids: &mut world.ids,
        host: request.host.clone(),
        path: request.path.clone(),
        params,
        query: request.query_pairs(),
        accept: request.header("accept").unwrap_or_default().to_owned(),
        body,
        actor: caller.actor,
        wrong_org,
        wrong_actor,
        now,
        changes: Vec::new(),
        events: Vec::new(),
    };
    let outcome = run(&mut call);
    let (changes, events) = (call.changes, call.events);
    let actor = call.actor;
    if outcome.is_ok() {
        world.note(at, &actor.login, request, changes, now);
        for (kind, target, id) in events {
            logs::note(world, at, &actor, now, kind, (target, &id));
        }
    }
    outcome
}

fn admit(
    world: &mut World,
    at: usize,
    (route, params): (&Route, &[(&str, String)]),
    request: &Request,
    now: u64,
) -> Result<Caller, OktaError> {
    if route.right == Right::Public {
        return Ok(Caller {
            actor: Actor::default(),
            stepped_up: false,
        });
    }
    let caller = caller(
        &mut world.sessions,
        &mut world.orgs[at],
        &route.needed(),
        request,
        now,
    )?;
    let org = &world.orgs[at];
    let named = |name: &str| {
        let found = params.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value)
    };
    let reached = |groups: &BTreeSet<String>| match (named("groupId"), named("userId")) {
        (Some(group), _) => groups.contains(group),
        (None, Some(user)) => groups.iter().any(|group| org.has_member(group, user)),
        (None, None) => false,
    };
    if route.right.given_by(&caller.actor) || route.right.given_within(&caller.actor, reached) {
        Ok(caller)
    } else {
        Err(OktaError::forbidden())
    }
}

fn body(request: &Request) -> Result<Value, OktaError> {
    if request.body.len() > MOST_BODY {
        return Err(OktaError::malformed().because("The body is larger than 1 MB."));
    }
    if request.body.is_empty() || request.method == "GET" {
        return Ok(Value::Null);
    }
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("application/json") {
        let summary = "Bad request. Accept and/or Content-Type headers are likely not set.";
        return Err(OktaError::new(400, "E0000021", summary));
    }
    serde_json::from_slice(&request.body).map_err(|_| OktaError::malformed())
}

/// `Mon, 23 Nov 2026 10:00:00 GMT`, the clock that a 429 is waited out by.
pub(crate) fn http_date(ms: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let stamp = crate::clock::stamp(ms);
    let day = DAYS[usize::try_from(ms / 86_400_000 % 7).unwrap_or(0)];
    let month = stamp[5..7]
        .parse::<usize>()
        .map_or("Jan", |month| MONTHS[month - 1]);
    format!(
        "{day}, {} {month} {} {} GMT",
        &stamp[8..10],
        &stamp[..4],
        &stamp[11..19]
    )
}

#[cfg(test)]
mod tests;
