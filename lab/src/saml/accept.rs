//! An assertion arrives at the target: check, find the person, start the session.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::check::{Expected, check};
use super::link::land;
use crate::keys::Certificate;
use crate::okta::call::Actor;
use crate::okta::logs::{Event, write};
use crate::okta::saml::receiving_address;
use crate::org::{Idp, Org};
use crate::session::Session;
use crate::wire::Request;
use crate::world::World;

/// Takes a posted `SAMLResponse` for an IdP of the org. The error says what failed.
pub(crate) fn accept(
    world: &mut World,
    at: usize,
    idp: &str,
    request: &Request,
    now: u64,
) -> Result<Session, String> {
    let result = attempt(world, at, idp, request, now);
    let (actor, outcome) = match &result {
        Ok((_, actor)) => (actor.clone(), Ok(())),
        Err(reason) => (Actor::default(), Err(reason.as_str())),
    };
    let event = Event {
        kind: "user.authentication.auth_via_IDP",
        message: "Authenticate user via IDP",
        outcome,
        target: ("IdentityProvider", idp),
    };
    write(
        &mut world.orgs[at],
        &mut world.side_ids,
        &actor,
        now,
        &event,
    );
    result.map(|(session, _)| session)
}

fn attempt(
    world: &mut World,
    at: usize,
    idp: &str,
    request: &Request,
    now: u64,
) -> Result<(Session, Actor), String> {
    let org = &mut world.orgs[at];
    let idp = org.idps.get(idp).filter(|idp| idp.kind == "SAML2").cloned();
    let idp = idp.ok_or("There is no such SAML identity provider here.")?;
    if !idp.active {
        return Err("The identity provider is inactive.".to_owned());
    }
    let text = posted(request)?;
    let subject = check(&text, &expected(org, &idp, now))?;
    org.assertions.retain(|_, until| *until > now);
    if org
        .assertions
        .insert(subject.assertion_id.clone(), subject.ends)
        .is_some()
    {
        return Err("The assertion was used before.".to_owned());
    }
    let landed = land(org, &mut world.ids, &idp, &subject, now)?;
    let actor = crate::session::actor(org, &landed.user).ok_or("The person is not active.")?;
    if let Some(user) = org.users.get_mut(&landed.user) {
        user.last_login = Some(now);
    }
    let org = org.id.clone();
    world.note(at, &actor.login, request, landed.changes, now);
    Ok((
        world
            .sessions
            .start(&mut world.side_ids, &org, &landed.user, now),
        actor,
    ))
}

fn posted(request: &Request) -> Result<String, String> {
    let value = request
        .form_pairs()
        .into_iter()
        .find(|(name, _)| name == "SAMLResponse")
        .map(|(_, value)| value);
    let value: String = value
        .ok_or("The form has no SAMLResponse.")?
        .split_ascii_whitespace()
        .collect();
    let bytes = STANDARD
        .decode(value)
        .map_err(|_| "The SAMLResponse is not base64.")?;
    String::from_utf8(bytes).map_err(|_| "The SAMLResponse is not UTF-8.".to_owned())
}

fn expected<'a>(org: &Org, idp: &'a Idp, now: u64) -> Expected<'a> {
    let trust = &idp.protocol["credentials"]["trust"];
    let more = trust["additionalKids"].as_array().into_iter().flatten();
    let kids = std::iter::once(&trust["kid"])
        .chain(more)
        .filter_map(|kid| kid.as_str());
    let keys = kids.filter_map(|kid| Certificate::read(&org.idp_keys.get(kid)?.x5c).ok());
    Expected {
        certificates: keys.collect(),
        issuer: trust["issuer"].as_str().unwrap_or_default(),
        audience: trust["audience"].as_str().unwrap_or_default(),
        acs: receiving_address(org, &idp.id),
        scope: idp
            .text("/protocol/algorithms/response/signature/scope")
            .unwrap_or("ANY"),
        skew_ms: idp.policy["maxClockSkew"].as_u64().unwrap_or(0),
        now,
    }
}
