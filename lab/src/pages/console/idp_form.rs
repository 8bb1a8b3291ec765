//! The fields of a SAML 2.0 identity provider, and the API body they stand for.

use serde_json::{Value, json};

use super::super::html::{choice, esc, field, tick};
use super::View;
use super::forms::Fields;
use crate::org::Idp;

/// The form's fields, filled from an IdP or with the console's defaults.
pub(super) fn fields(view: &View<'_>, idp: Option<&Idp>) -> String {
    let text = |pointer: &str| idp.and_then(|idp| idp.text(pointer)).unwrap_or_default();
    let flag = |pointer: &str| {
        idp.and_then(|idp| idp.policy.pointer(pointer)?.as_bool())
            .unwrap_or(false)
    };
    let or = |pointer: &str, usual: &'static str| {
        if text(pointer).is_empty() {
            usual.to_owned()
        } else {
            text(pointer).to_owned()
        }
    };
    let group = |pointer: &str| {
        let id = idp
            .and_then(|idp| idp.policy.pointer(pointer)?.as_str())
            .unwrap_or_default()
            .to_owned();
        groups(view, &id)
    };
    let skew = idp
        .and_then(|idp| idp.policy["maxClockSkew"].as_u64())
        .unwrap_or(120_000);
    let action = or("/policy/provisioning/action", "AUTO");
    let jit = [
        ("AUTO", "Create new user (JIT)"),
        ("DISABLED", "Redirect to Okta sign-in page"),
    ];
    let scope = [
        ("ANY", "Response or Assertion"),
        ("RESPONSE", "Response"),
        ("TOKEN", "Assertion"),
    ];
    [
        "<h3>General settings</h3>".to_owned(),
        field("name", "Name", idp.map_or("", |idp| &idp.name)),
        choice("usage", "IdP Usage", &[("SSO", "SSO only")], "SSO"),
        "<h3>Account matching with IdP Username</h3>".to_owned(),
        field("template", "IdP Username", &or("/policy/subject/userNameTemplate/template", "idpuser.subjectNameId")),
        field("filter", "Filter", text("/policy/subject/filter")),
        choice("match", "Match against", &[("USERNAME", "Okta Username"), ("EMAIL", "Email"), ("USERNAME_OR_EMAIL", "Okta Username or Email")], &or("/policy/subject/matchType", "USERNAME")),
        choice("link", "Account Link Policy", &[("AUTO", "Enable automatic linking"), ("DISABLED", "Disable automatic linking")], &or("/policy/accountLink/action", "AUTO")),
        format!("<label for=\"linkGroup\">Auto-Link filters</label><select id=\"linkGroup\" name=\"linkGroup\">{}</select>", group("/accountLink/filter/groups/include/0")),
        tick("excludeAdmins", "Exclude admins", flag("/accountLink/filter/users/excludeAdmins")),
        choice("jit", "If no match is found", &jit, &action),
        "<h3>JIT settings</h3>".to_owned(),
        tick("profileMaster", "Profile Source", flag("/provisioning/profileMaster")),
        format!("<label for=\"assignGroup\">Group Assignments</label><select id=\"assignGroup\" name=\"assignGroup\">{}</select>", group("/provisioning/groups/assignments/0")),
        "<h3>SAML protocol settings</h3>".to_owned(),
        field("issuer", "IdP Issuer URI", text("/protocol/credentials/trust/issuer")),
        field("sso", "IdP Single Sign-On URL", text("/protocol/endpoints/sso/url")),
        format!("<label for=\"certificate\">IdP Signature Certificate</label><textarea id=\"certificate\" name=\"certificate\">{}</textarea>", esc(&pem(view, idp))),
        choice("requestScope", "Request Signature", &[("REQUEST", "Sign SAML Authentication Requests"), ("NONE", "Do not sign")], &or("/protocol/algorithms/request/signature/scope", "REQUEST")),
        choice("responseScope", "Response Signature Verification", &scope, &or("/protocol/algorithms/response/signature/scope", "ANY")),
        field("destination", "Destination", text("/protocol/endpoints/sso/destination")),
        choice("acsType", "Okta Assertion Consumer Service URL", &[("INSTANCE", "Trust-specific"), ("ORG", "Organization (shared)")], &or("/protocol/endpoints/acs/type", "INSTANCE")),
        field("skew", "Max Clock Skew (seconds)", &(skew / 1000).to_string()),
    ]
    .concat()
}

fn groups(view: &View<'_>, chosen: &str) -> String {
    let options = view.org.groups.values().map(|group| {
        let mark = if group.id == chosen { " selected" } else { "" };
        format!(
            "<option value=\"{}\"{mark}>{}</option>",
            esc(&group.id),
            esc(&group.name)
        )
    });
    std::iter::once("<option value=\"\">None</option>".to_owned())
        .chain(options)
        .collect()
}

fn pem(view: &View<'_>, idp: Option<&Idp>) -> String {
    let key = idp.and_then(|idp| {
        view.org
            .idp_keys
            .get(idp.text("/protocol/credentials/trust/kid")?)
    });
    key.map(|key| {
        format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
            key.x5c
        )
    })
    .unwrap_or_default()
}

/// The API body for what was typed; the certificate goes in by its key id.
pub(super) fn body(typed: &Fields, kid: &str) -> Result<Value, String> {
    let text = |name: &str| typed.text(name);
    let seconds: u64 = text("skew")
        .trim()
        .parse()
        .map_err(|_| "Max Clock Skew: a number of seconds is needed.")?;
    let mut link = json!({ "users": { "excludeAdmins": text("excludeAdmins") == "true" } });
    if !text("linkGroup").is_empty() {
        link["groups"] = json!({ "include": [text("linkGroup")] });
    }
    let groups = match text("assignGroup").as_str() {
        "" => json!({ "action": "NONE" }),
        group => json!({ "action": "ASSIGN", "assignments": [group] }),
    };
    let destination = Some(text("destination"))
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| text("sso"));
    let none = json!({ "action": "NONE" });
    Ok(json!({
        "type": "SAML2", "name": text("name"), "issuerMode": "ORG_URL",
        "protocol": {
            "type": "SAML2",
            "endpoints": {
                "sso": { "url": text("sso"), "binding": "HTTP-POST", "destination": destination },
                "acs": { "binding": "HTTP-POST", "type": text("acsType") },
            },
            "algorithms": {
                "request": { "signature": { "algorithm": "SHA-256", "scope": text("requestScope") } },
                "response": { "signature": { "algorithm": "SHA-256", "scope": text("responseScope") } },
            },
            "settings": { "nameFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "honorPersistentNameId": true },
            "credentials": { "trust": { "issuer": text("issuer"), "kid": kid } },
        },
        "policy": {
            "provisioning": {
                "action": text("jit"), "profileMaster": text("profileMaster") == "true", "groups": groups,
                "conditions": { "deprovisioned": none, "suspended": none },
            },
            "accountLink": { "action": text("link"), "filter": link },
            "subject": {
                "userNameTemplate": { "template": text("template") }, "matchType": text("match"),
                "filter": Some(text("filter")).filter(|text| !text.is_empty()),
            },
            "maxClockSkew": seconds * 1000,
        },
    }))
}
