//! The control addresses under `/_lab/`, on any host: what tests and `cargo xtask start` use.

use serde_json::{Value, json};

use crate::fault::{self, CLASSES, Fault};
use crate::pages::cookie;
use crate::prompt::Prompt;
use crate::wire::{Request, Response};
use crate::world::World;

/// Where the control addresses are.
pub(crate) const PREFIX: &str = "/_lab/";

/// Where a client under test may keep its notes, so that a test can let the keeping fail.
pub(crate) const STORE: &str = "/_lab/store";

/// Answers a control request; none when the path is not under `/_lab/`.
pub(crate) fn answer(world: &mut World, request: &Request, now: u64) -> Option<Response> {
    let what = request.path.strip_prefix(PREFIX)?;
    Some(match (request.method.as_str(), what) {
        ("GET", "dump") => pretty(&world.dump()),
        ("GET", "effects") => pretty(&json!(world.effects())),
        ("GET", "requests") => pretty(&json!(world.requests())),
        ("GET", "sent") => pretty(&json!(world.sent().collect::<Vec<_>>())),
        ("GET", "sites") => pretty(&json!(world.sites())),
        ("GET", "fault") => pretty(&json!(world.faults())),
        ("POST", "fault") => add_fault(world, request),
        ("DELETE", "fault") => done(|| world.clear_faults()),
        ("GET", "fault-classes") => pretty(&json!(CLASSES)),
        ("POST", "answers") => prompt(world, request),
        ("DELETE", "answers") => done(|| world.prompts.clear()),
        ("GET", "store") => pretty(&json!(world.stored)),
        ("POST", "store") => store(world, request),
        ("POST", "reset") => done(|| world.reset()),
        ("POST", "options") => options(world, request),
        ("GET", "time") => pretty(&json!({ "now_ms": now })),
        ("POST", "time") => time(world, request, now),
        ("GET", "session") => session(world, request, now),
        ("GET" | "POST", "sign-out") => sign_out(world, request),
        ("GET" | "POST", "step-up") => step_up(world, request, now),
        _ => Response::json(
            404,
            &json!({ "error": "no such control address; see the lab's README" }),
        ),
    })
}

fn pretty(value: &Value) -> Response {
    let text = serde_json::to_string_pretty(value).expect("a value has a text");
    Response::text(200, "application/json", text).with("cache-control", "no-store")
}

fn done(act: impl FnOnce()) -> Response {
    act();
    Response::empty(204)
}

fn refused(text: &str) -> Response {
    Response::json(400, &json!({ "error": text }))
}

fn add_fault(world: &mut World, request: &Request) -> Response {
    match serde_json::from_slice::<Fault>(&request.body) {
        Ok(fault) => done(|| world.fault(fault)),
        Err(error) => refused(&format!("the body is no fault: {error}")),
    }
}

fn prompt(world: &mut World, request: &Request) -> Response {
    match serde_json::from_slice::<Prompt>(&request.body) {
        Ok(prompt) => done(|| {
            world.prompts.retain(|known| !prompt.replaces(known));
            world.prompts.push(prompt);
        }),
        Err(error) => refused(&format!("the body is no answer: {error}")),
    }
}

fn store(world: &mut World, request: &Request) -> Response {
    let org = world.site_of(&request.host);
    let org = org.map_or(String::new(), |at| world.orgs[at].subdomain.clone());
    if fault::hit(&mut world.faults, &org, &request.method, STORE).is_some() {
        return Response::json(507, &json!({ "error": "the store is full" }));
    }
    match serde_json::from_slice(&request.body) {
        Ok(note) => done(|| world.stored.push(note)),
        Err(error) => refused(&format!("the note is no JSON: {error}")),
    }
}

fn options(world: &mut World, request: &Request) -> Response {
    let Ok(Value::Object(given)) = serde_json::from_slice(&request.body) else {
        return refused("the body is no JSON object");
    };
    for (name, value) in &given {
        match (name.as_str(), value.as_u64(), value.as_bool()) {
            ("consistency_ms", Some(ms), _) => world.set_consistency(ms),
            ("rate_limit", Some(limit), _) => {
                world.options.rate_limit = u32::try_from(limit).unwrap_or(u32::MAX)
            }
            ("console_limit", Some(limit), _) => {
                world.options.console_limit = u32::try_from(limit).unwrap_or(u32::MAX)
            }
            ("patience_ms", Some(ms), _) => world.options.patience_ms = ms,
            ("concurrency", Some(most), _) => {
                world.options.concurrency = usize::try_from(most).unwrap_or(usize::MAX)
            }
            ("step_up", _, Some(asked)) => world.set_step_up(asked),
            _ => {
                return refused(&format!(
                    "`{name}` is no option, or its value has the wrong type"
                ));
            }
        }
    }
    Response::empty(204)
}

fn time(world: &mut World, request: &Request, now: u64) -> Response {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    let Some(ms) = body["advance_ms"].as_u64() else {
        return refused("`advance_ms` is missing");
    };
    world.advance(ms);
    world.land(now + ms);
    pretty(&json!({ "now_ms": now + ms }))
}

fn session(world: &mut World, request: &Request, now: u64) -> Response {
    let Some(at) = world.site_of(&request.host) else {
        return refused("ask on a host of an org: the session is for that host");
    };
    let org = &world.orgs[at];
    let login = request
        .query_value("login")
        .unwrap_or_else(|| format!("admin@{}.example.com", org.subdomain));
    let Some(user) = org.user(&login).map(|user| user.id.clone()) else {
        return refused("nobody has this login here");
    };
    let org = org.id.clone();
    let session = world.sessions.start(&mut world.side_ids, &org, &user, now);
    let then = request
        .query_value("then")
        .filter(|path| path.starts_with('/') && !path.starts_with("//"));
    let answer = Response::redirect(&then.unwrap_or_else(|| "/".to_owned()));
    answer.with("set-cookie", &cookie(&session.cookie))
}

fn sign_out(world: &mut World, request: &Request) -> Response {
    world.sessions.end(request);
    Response::empty(204).with(
        "set-cookie",
        "sid=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None",
    )
}

fn step_up(world: &mut World, request: &Request, now: u64) -> Response {
    let org = world
        .site_of(&request.host)
        .map(|at| world.orgs[at].id.clone())
        .unwrap_or_default();
    match world.sessions.of(request, &org, now) {
        Some(held) => done(|| held.stepped_up = true),
        None => refused("there is no session on this host"),
    }
}
