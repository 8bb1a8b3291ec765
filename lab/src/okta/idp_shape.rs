//! How identity providers look in answers, and what a body sent for one must say.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::idp_integration;
use crate::clock::stamp;
use crate::keys::SigningKey;
use crate::org::Idp;
use crate::shelf::Told;

const KINDS: [&str; 4] = ["OIDC", "OKTA_INTEGRATION", "SAML2", "X509"];
const FORMATS: [&str; 4] = [
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

/// An IdP as the API answers it, with links on the host that was called.
pub(crate) fn json(call: &Call<'_>, idp: &Idp) -> Value {
    let base = call.href(&format!("/api/v1/idps/{}", idp.id));
    let allow = |method: &str| json!({ "allow": [method] });
    let mut links = json!({
        "metadata": { "href": format!("{base}/metadata.xml"), "type": "application/xml", "hints": allow("GET") },
        "acs": { "href": call.href(&format!("/sso/saml2/{}", idp.id)), "type": "application/xml", "hints": allow("POST") },
        "users": { "href": format!("{base}/users"), "hints": allow("GET") },
    });
    if idp.kind != "SAML2" {
        let callback = call.href("/oauth2/v1/authorize/callback");
        links = json!({
            "clientRedirectUri": { "href": callback, "hints": allow("POST") }, "users": links["users"],
        });
    }
    let verb = if idp.active { "deactivate" } else { "activate" };
    links[verb] = json!({ "href": format!("{base}/lifecycle/{verb}"), "hints": allow("POST") });
    json!({
        "id": idp.id, "name": idp.name, "status": if idp.active { "ACTIVE" } else { "INACTIVE" },
        "created": stamp(idp.created), "lastUpdated": stamp(idp.updated), "protocol": idp.protocol,
        "policy": idp.policy, "type": idp.kind, "_links": links,
    })
}

/// The same for an IdP as the org holds it.
pub(crate) fn told(call: &Call<'_>, idp: &Idp) -> Told {
    let shelf = &call.org.idps;
    shelf.told(&idp.id, &call.host, || json(call, idp))
}

/// A new IdP from a body; `known` is the one that a full replacement starts from, whose audience stays.
pub(crate) fn build(
    call: &mut Call<'_>,
    body: &Map<String, Value>,
    known: Option<&Idp>,
) -> Result<Idp, OktaError> {
    let kind = body.get("type").and_then(Value::as_str).unwrap_or_default();
    if !KINDS.contains(&kind) {
        return Err(refused(format!("type: '{}' is not supported", cut(kind))));
    }
    if known.is_some_and(|known| known.kind != kind) {
        return Err(refused(
            "type: The type of an identity provider can't be changed",
        ));
    }
    let name = name(call, body, known)?;
    let mut signing = known.and_then(|idp| idp.signing.clone());
    let protocol = match kind {
        "SAML2" => saml(call, &body_part(body, "protocol")?, known, &mut signing)?,
        "OKTA_INTEGRATION" => idp_integration::protocol(&body_part(body, "protocol")?)?,
        _ => Value::Object(body_part(body, "protocol")?),
    };
    let mut policy = policy(&body_part(body, "policy")?)?;
    if kind == "OKTA_INTEGRATION" {
        idp_integration::limit(&mut policy)?;
    }
    let (id, created) = match known {
        Some(idp) => (idp.id.clone(), idp.created),
        None => (call.ids.fresh("0oa"), call.now),
    };
    let issuer_mode = issuer_mode(body, known)?;
    Ok(Idp {
        id,
        name,
        kind: kind.to_owned(),
        active: known.is_none_or(|idp| idp.active),
        created,
        updated: call.now,
        issuer_mode,
        protocol,
        policy,
        signing,
        links: known.map(|idp| idp.links.clone()).unwrap_or_default(),
    })
}

// Taken and never answered, in all recorded traffic; so a replacement that does not say it leaves it as it is.
fn issuer_mode(body: &Map<String, Value>, known: Option<&Idp>) -> Result<Value, OktaError> {
    match body.get("issuerMode") {
        None | Some(Value::Null) => {
            Ok(known.map_or(json!("DYNAMIC"), |idp| idp.issuer_mode.clone()))
        }
        Some(Value::String(mode))
            if ["ORG_URL", "CUSTOM_URL", "DYNAMIC"].contains(&mode.as_str()) =>
        {
            Ok(json!(mode))
        }
        Some(_) => Err(refused(
            "issuerMode: The value must be ORG_URL, CUSTOM_URL or DYNAMIC",
        )),
    }
}

pub(super) fn refused(cause: impl Into<String>) -> OktaError {
    OktaError::invalid("identityProvider", cause)
}

fn body_part(body: &Map<String, Value>, part: &str) -> Result<Map<String, Value>, OktaError> {
    match body.get(part) {
        Some(Value::Object(fields)) => Ok(fields.clone()),
        None | Some(Value::Null) => Err(refused(format!("{part}: The field cannot be left blank"))),
        Some(_) => Err(OktaError::malformed()),
    }
}

fn name(
    call: &Call<'_>,
    body: &Map<String, Value>,
    known: Option<&Idp>,
) -> Result<String, OktaError> {
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(refused("name: The field must have 1 to 100 characters"));
    }
    let other = |idp: &&Idp| idp.name == name && known.is_none_or(|known| known.id != idp.id);
    if call.org.idps.values().any(|idp| other(&idp)) {
        return Err(refused(
            "name: An object with this field already exists in the current organization",
        ));
    }
    Ok(name.to_owned())
}

fn saml(
    call: &mut Call<'_>,
    given: &Map<String, Value>,
    known: Option<&Idp>,
    signing: &mut Option<SigningKey>,
) -> Result<Value, OktaError> {
    let given = Value::Object(given.clone());
    let text = |pointer: &str| given.pointer(pointer).and_then(Value::as_str);
    let choice = |pointer: &str, usual: &str, allowed: &[&str]| match text(pointer) {
        None => Ok(usual.to_owned()),
        Some(value) if allowed.contains(&value) => Ok(value.to_owned()),
        Some(value) => Err(refused(format!(
            "{}: '{}' is not supported",
            &pointer[1..],
            cut(value)
        ))),
    };
    let sso = text("/endpoints/sso/url").unwrap_or_default();
    if url::Url::parse(sso)
        .ok()
        .is_none_or(|url| !["http", "https"].contains(&url.scheme()))
    {
        return Err(refused(
            "protocol.endpoints.sso.url: The value is not a valid URL",
        ));
    }
    let scope = choice(
        "/algorithms/request/signature/scope",
        "REQUEST",
        &["REQUEST", "NONE"],
    )?;
    Ok(json!({
        "type": "SAML2",
        "endpoints": {
            "sso": {
                "url": sso, "binding": choice("/endpoints/sso/binding", "HTTP-POST", &["HTTP-POST", "HTTP-REDIRECT"])?,
                "destination": text("/endpoints/sso/destination").unwrap_or(sso),
            },
            "acs": {
                "binding": choice("/endpoints/acs/binding", "HTTP-POST", &["HTTP-POST"])?,
                "type": choice("/endpoints/acs/type", "INSTANCE", &["INSTANCE", "ORG"])?,
            },
        },
        "algorithms": {
            "request": { "signature": {
                "algorithm": choice("/algorithms/request/signature/algorithm", "SHA-256", &["SHA-256", "SHA-1"])?,
                "scope": scope,
            } },
            "response": { "signature": {
                "algorithm": choice("/algorithms/response/signature/algorithm", "SHA-256", &["SHA-256", "SHA-1"])?,
                "scope": choice("/algorithms/response/signature/scope", "ANY", &["ANY", "RESPONSE", "TOKEN"])?,
            } },
        },
        "settings": settings(&given["settings"], choice("/settings/nameFormat", FORMATS[1], &FORMATS)?),
        "credentials": credentials(call, &given["credentials"], known, signing)?,
    }))
}

fn settings(given: &Value, format: String) -> Value {
    let persistent = given["honorPersistentNameId"].as_bool().unwrap_or(true);
    let mut made = json!({ "nameFormat": format, "honorPersistentNameId": persistent });
    for name in ["participateSlo", "sendApplicationContext"] {
        if let Some(flag) = given[name].as_bool() {
            made[name] = json!(flag);
        }
    }
    made
}

fn credentials(
    call: &mut Call<'_>,
    given: &Value,
    known: Option<&Idp>,
    signing: &mut Option<SigningKey>,
) -> Result<Value, OktaError> {
    let trust = &given["trust"];
    let issuer = trust["issuer"].as_str().unwrap_or_default();
    if issuer.is_empty() || issuer.len() > 1024 {
        return Err(refused(
            "protocol.credentials.trust.issuer: The field must have 1 to 1024 characters",
        ));
    }
    let kid = trust["kid"].as_str().unwrap_or_default();
    let more = trust["additionalKids"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if more.len() > 1 {
        return Err(refused(
            "protocol.credentials.trust.additionalKids: At most one additional key",
        ));
    }
    for kid in more
        .iter()
        .map(|kid| kid.as_str().unwrap_or_default())
        .chain([kid])
    {
        if !call.org.idp_keys.contains_key(kid) {
            return Err(refused(format!(
                "protocol.credentials.trust.kid: Key '{}' does not exist",
                cut(kid)
            )));
        }
    }
    let audience = known
        .and_then(|idp| idp.text("/protocol/credentials/trust/audience"))
        .map(str::to_owned);
    let audience = audience.unwrap_or_else(|| {
        format!(
            "https://www.okta.com/saml2/service-provider/{}",
            call.ids.service_provider()
        )
    });
    let key =
        signing.get_or_insert_with(|| SigningKey::new(call.ids, &call.org.subdomain, call.now, 10));
    let mut made = json!({
        "trust": { "issuer": issuer, "audience": audience, "kid": kid, "revocation": null, "revocationCacheLifetime": 0 },
        "signing": { "kid": key.kid },
    });
    if !more.is_empty() {
        made["trust"]["additionalKids"] = Value::Array(more);
    }
    Ok(made)
}

fn policy(given: &Map<String, Value>) -> Result<Value, OktaError> {
    let given = Value::Object(given.clone());
    let skew = given["maxClockSkew"].as_i64().unwrap_or(0);
    if skew < 0 {
        return Err(refused(
            "policy.maxClockSkew: The value must not be negative",
        ));
    }
    Ok(json!({
        "provisioning": provisioning(&given["provisioning"])?,
        "accountLink": account_link(&given["accountLink"])?,
        "subject": subject(&given["subject"])?,
        "maxClockSkew": skew,
        "trustClaims": given["trustClaims"].as_bool().unwrap_or(false),
        "transformedUsernameMatchingEnabled": false,
    }))
}

fn action(given: &Value, place: &str, usual: &str, allowed: &[&str]) -> Result<String, OktaError> {
    match &given["action"] {
        Value::Null => Ok(usual.to_owned()),
        Value::String(text) if allowed.contains(&text.as_str()) => Ok(text.clone()),
        other => Err(refused(format!(
            "policy.{place}.action: {} is not supported",
            cut(&other.to_string())
        ))),
    }
}

fn provisioning(given: &Value) -> Result<Value, OktaError> {
    let groups = &given["groups"];
    let mut kept = json!({ "action": action(groups, "provisioning.groups", "NONE", &["NONE", "ASSIGN", "APPEND", "SYNC"])? });
    for name in ["assignments", "filter", "sourceAttributeName"] {
        if !groups[name].is_null() {
            kept[name] = groups[name].clone();
        }
    }
    let conditions = &given["conditions"];
    Ok(json!({
        "action": action(given, "provisioning", "AUTO", &["AUTO", "CALLOUT", "DISABLED"])?,
        "profileMaster": given["profileMaster"].as_bool().unwrap_or(false),
        "groups": kept,
        "conditions": {
            "deprovisioned": { "action": action(&conditions["deprovisioned"], "conditions.deprovisioned", "NONE", &["NONE", "REACTIVATE"])? },
            "suspended": { "action": action(&conditions["suspended"], "conditions.suspended", "NONE", &["NONE", "UNSUSPEND"])? },
        },
    }))
}

fn account_link(given: &Value) -> Result<Value, OktaError> {
    let action = action(
        given,
        "accountLink",
        "AUTO",
        &["AUTO", "CALLOUT", "DISABLED"],
    )?;
    let filter = match &given["filter"] {
        Value::Object(_) | Value::Null => given["filter"].clone(),
        _ => return Err(OktaError::malformed()),
    };
    Ok(json!({ "filter": filter, "action": action }))
}

fn subject(given: &Value) -> Result<Value, OktaError> {
    let template = given
        .pointer("/userNameTemplate/template")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !(9..=1024).contains(&template.len()) {
        return Err(refused(
            "policy.subject.userNameTemplate.template: The field must have 9 to 1024 characters",
        ));
    }
    let kind = given["matchType"].as_str().unwrap_or("USERNAME");
    if !["USERNAME", "EMAIL", "USERNAME_OR_EMAIL", "CUSTOM_ATTRIBUTE"].contains(&kind) {
        return Err(refused(format!(
            "policy.subject.matchType: '{}' is not supported",
            cut(kind)
        )));
    }
    let filter = given["filter"].as_str().filter(|filter| !filter.is_empty());
    if filter.is_some_and(|filter| filter.len() > 1024 || regex_lite::Regex::new(filter).is_err()) {
        return Err(refused(
            "policy.subject.filter: The value is not a valid regular expression",
        ));
    }
    Ok(json!({
        "userNameTemplate": { "template": template }, "filter": filter, "matchType": kind,
        "matchAttribute": given["matchAttribute"].as_str(),
    }))
}
