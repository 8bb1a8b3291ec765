//! An assertion arrives at the target: it is checked, and whom it names is let in.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::check::{Expected, check};
use crate::keys::Certificate;
use crate::landing::{self, Arrived, Newcomer};
use crate::okta::saml::receiving_address;
use crate::org::{Idp, Org};
use crate::wire::Request;
use crate::world::World;

/// Takes a posted `SAMLResponse` for an IdP of the org. The error says what failed.
pub(crate) fn accept(
    world: &mut World,
    at: usize,
    idp: &str,
    request: &Request,
    now: u64,
) -> Result<Arrived, String> {
    let org = &mut world.orgs[at];
    let idp = org.idps.get(idp).filter(|idp| idp.kind == "SAML2").cloned();
    let idp = idp.ok_or("There is no such SAML identity provider here.")?;
    let who = checked(org, &idp, request, now);
    landing::enter(world, at, &idp, who, request, now)
}

fn checked(org: &mut Org, idp: &Idp, request: &Request, now: u64) -> Result<Newcomer, String> {
    if !idp.active {
        return Err("The identity provider is inactive.".to_owned());
    }
    let text = posted(request)?;
    let subject = check(&text, &expected(org, idp, now))?;
    org.assertions.retain(|_, until| *until > now);
    let id = subject.assertion_id.clone();
    if org.assertions.insert(id, subject.ends).is_some() {
        return Err("The assertion was used before.".to_owned());
    }
    Ok(Newcomer {
        external_id: subject.name_id,
        attributes: subject.attributes,
    })
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
