//! Domains of the org: its own, and custom ones that nobody here can prove.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::rights::{Area::Domains, Right};
use crate::settings::Domain;
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/domains", Right::Read(Domains), list),
    route("POST", "/api/v1/domains", Right::Manage(Domains), add),
    route(
        "GET",
        "/api/v1/domains/{domainId}",
        Right::Read(Domains),
        read,
    ),
    route(
        "DELETE",
        "/api/v1/domains/{domainId}",
        Right::Manage(Domains),
        delete,
    ),
];

fn brand(call: &Call<'_>, id: &str) -> Value {
    let place = call.href(&format!("/api/v1/brands/{id}"));
    json!({ "href": place, "hints": { "allow": ["GET", "PUT", "DELETE"] } })
}

fn own(call: &Call<'_>) -> Value {
    json!({
        "id": "default", "domain": call.org.host(), "certificateSourceType": "OKTA_MANAGED",
        "validationStatus": "COMPLETED", "brandId": call.org.brand,
        "_links": {
            "self": { "href": call.href("/api/v1/domains/default"), "hints": { "allow": ["GET"] } },
            "brand": brand(call, &call.org.brand),
        },
    })
}

fn listed(call: &Call<'_>, domain: &Domain) -> Value {
    let place = call.href(&format!("/api/v1/domains/{}", domain.id));
    json!({
        "id": domain.id, "domain": domain.name, "certificateSourceType": domain.certificate,
        "validationStatus": "NOT_STARTED", "brandId": domain.brand,
        "_links": {
            "self": { "href": place, "hints": { "allow": ["GET", "DELETE"] } },
            "brand": brand(call, &domain.brand),
        },
    })
}

// By itself a domain also tells what its owner must publish.
fn whole(call: &Call<'_>, domain: &Domain) -> Value {
    let mut made = listed(call, domain);
    let place = call.href(&format!("/api/v1/domains/{}", domain.id));
    let leads_to = format!("{}.customdomains.{}", call.org.subdomain, call.org.family);
    let proof = format!("_oktaverification.{}", domain.name);
    made["dnsRecords"] = json!([
        { "recordType": "TXT", "fqdn": proof, "values": [domain.proof] },
        { "recordType": "CNAME", "fqdn": domain.name, "values": [leads_to] },
    ]);
    made["_links"]["self"]["hints"] = json!({ "allow": ["GET", "DELETE", "PUT"] });
    made["_links"]["verify"] =
        json!({ "href": format!("{place}/verify"), "hints": { "allow": ["POST"] } });
    made
}

fn list(call: &mut Call<'_>) -> Outcome {
    let custom = call.org.settings.domains.values();
    let mut all: Vec<Value> = custom.map(|domain| listed(call, domain)).collect();
    all.push(own(call));
    Ok(Response::json(200, &json!({ "domains": all })))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, certificate) = (text("domain").to_owned(), text("certificateSourceType"));
    if !name.contains('.') || name.len() > 255 {
        let cause = "domain: The value is not a valid domain name";
        return Err(OktaError::invalid("domain", cause));
    }
    if !["MANUAL", "OKTA_MANAGED"].contains(&certificate) {
        let cause = "certificateSourceType: The value must be MANUAL or OKTA_MANAGED";
        return Err(OktaError::invalid("domain", cause));
    }
    let mut others = call.org.settings.domains.values();
    if name == call.org.host() || others.any(|other| other.name == name) {
        let cause = "domain: An object with this field already exists in the current organization";
        return Err(OktaError::invalid("domain", cause));
    }
    let domain = Domain {
        id: call.ids.fresh("OcD"),
        name,
        certificate: certificate.to_owned(),
        brand: call.ids.fresh("bnd"),
        proof: call.ids.letters(32, b"0123456789abcdef"),
    };
    call.created(format!("domain {}", domain.name), "domains", &domain.id);
    let answer = whole(call, &domain);
    call.org.settings.domains.insert(domain.id.clone(), domain);
    Ok(Response::json(201, &answer))
}

fn find(call: &Call<'_>) -> Result<Domain, OktaError> {
    let id = call.param("domainId");
    let found = call.org.settings.domains.get(&id).cloned();
    found.ok_or_else(|| OktaError::missing(&id, "Domain"))
}

fn read(call: &mut Call<'_>) -> Outcome {
    if call.param("domainId") == "default" {
        return Ok(Response::json(200, &own(call)));
    }
    let domain = find(call)?;
    Ok(Response::json(200, &whole(call, &domain)))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let domain = find(call)?;
    let object = listed(call, &domain);
    call.org.settings.domains.remove(&domain.id);
    let what = format!("domain {}", domain.name);
    call.deleted(what, "domains", &domain.id, object);
    Ok(Response::empty(204))
}
