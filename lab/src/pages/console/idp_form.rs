//! The fields of an identity provider, SAML 2.0 or another Okta org, and the API body they stand for.

use serde_json::{Value, json};

use super::super::html::{choice, esc, field, hidden, tick};
use super::View;
use super::forms::Fields;
use crate::org::Idp;

/// What a form is filled from: an IdP, or the console's defaults where there is none.
struct Filled<'a> {
    view: &'a View<'a>,
    idp: Option<&'a Idp>,
}

/// The form's fields of a SAML 2.0 IdP.
pub(super) fn saml(view: &View<'_>, idp: Option<&Idp>) -> String {
    let filled = Filled { view, idp };
    let scope = [
        ("ANY", "Response or Assertion"),
        ("RESPONSE", "Response"),
        ("TOKEN", "Assertion"),
    ];
    [
        filled.general(),
        choice("usage", "IdP Usage", &[("SSO", "SSO only")], "SSO"),
        filled.matching("idpuser.subjectNameId"),
        filled.jit(),
        "<h3>SAML protocol settings</h3>".to_owned(),
        field("issuer", "IdP Issuer URI", filled.text("/protocol/credentials/trust/issuer")),
        field("sso", "IdP Single Sign-On URL", filled.text("/protocol/endpoints/sso/url")),
        format!("<label for=\"certificate\">IdP Signature Certificate</label><textarea id=\"certificate\" name=\"certificate\">{}</textarea>", esc(&pem(view, idp))),
        choice("requestScope", "Request Signature", &[("REQUEST", "Sign SAML Authentication Requests"), ("NONE", "Do not sign")], filled.or("/protocol/algorithms/request/signature/scope", "REQUEST")),
        choice("responseScope", "Response Signature Verification", &scope, filled.or("/protocol/algorithms/response/signature/scope", "ANY")),
        field("destination", "Destination", filled.text("/protocol/endpoints/sso/destination")),
        choice("acsType", "Okta Assertion Consumer Service URL", &[("INSTANCE", "Trust-specific"), ("ORG", "Organization (shared)")], filled.or("/protocol/endpoints/acs/type", "INSTANCE")),
        field("skew", "Max Clock Skew (seconds)", &filled.skew().to_string()),
    ]
    .concat()
}

/// The form's fields of an IdP that is another Okta org. It has no field for the clock skew, which stays as it is.
pub(super) fn okta_integration(view: &View<'_>, idp: Option<&Idp>) -> String {
    let filled = Filled { view, idp };
    let client = filled.text("/protocol/credentials/client/client_id");
    [
        filled.general(),
        field(
            "orgUrl",
            "Okta IdP Org URL",
            filled.text("/protocol/oktaIdpOrgUrl"),
        ),
        field("clientId", "Client ID", client),
        hidden("skew", &filled.skew().to_string()),
        filled.matching("idpuser.email"),
        filled.jit(),
    ]
    .concat()
}

impl Filled<'_> {
    fn text(&self, pointer: &str) -> &str {
        let found = self.idp.and_then(|idp| idp.text(pointer));
        found.unwrap_or_default()
    }

    fn or<'t>(&'t self, pointer: &str, usual: &'t str) -> &'t str {
        let found = self.text(pointer);
        if found.is_empty() { usual } else { found }
    }

    fn flag(&self, pointer: &str) -> bool {
        let found = self
            .idp
            .and_then(|idp| idp.policy.pointer(pointer)?.as_bool());
        found.unwrap_or(false)
    }

    fn skew(&self) -> u64 {
        let found = self.idp.and_then(|idp| idp.policy["maxClockSkew"].as_u64());
        found.unwrap_or(120_000) / 1000
    }

    fn group(&self, id: &str, label: &str, pointer: &str) -> String {
        let chosen = self
            .idp
            .and_then(|idp| idp.policy.pointer(pointer)?.as_str());
        let options = groups(self.view, chosen.unwrap_or_default());
        format!(
            "<label for=\"{id}\">{label}</label><select id=\"{id}\" name=\"{id}\">{options}</select>"
        )
    }

    fn general(&self) -> String {
        let name = self.idp.map_or("", |idp| &idp.name);
        format!("<h3>General settings</h3>{}", field("name", "Name", name))
    }

    fn matching(&self, template: &str) -> String {
        let against = [
            ("USERNAME", "Okta Username"),
            ("EMAIL", "Email"),
            ("USERNAME_OR_EMAIL", "Okta Username or Email"),
        ];
        let linking = [
            ("AUTO", "Enable automatic linking"),
            ("DISABLED", "Disable automatic linking"),
        ];
        let unmatched = [
            ("AUTO", "Create new user (JIT)"),
            ("DISABLED", "Redirect to Okta sign-in page"),
        ];
        [
            "<h3>Account matching with IdP Username</h3>".to_owned(),
            field(
                "template",
                "IdP Username",
                self.or("/policy/subject/userNameTemplate/template", template),
            ),
            field("filter", "Filter", self.text("/policy/subject/filter")),
            choice(
                "match",
                "Match against",
                &against,
                self.or("/policy/subject/matchType", "USERNAME"),
            ),
            choice(
                "link",
                "Account Link Policy",
                &linking,
                self.or("/policy/accountLink/action", "AUTO"),
            ),
            self.group(
                "linkGroup",
                "Auto-Link filters",
                "/accountLink/filter/groups/include/0",
            ),
            tick(
                "excludeAdmins",
                "Exclude admins",
                self.flag("/accountLink/filter/users/excludeAdmins"),
            ),
            choice(
                "jit",
                "If no match is found",
                &unmatched,
                self.or("/policy/provisioning/action", "AUTO"),
            ),
        ]
        .concat()
    }

    fn jit(&self) -> String {
        [
            "<h3>JIT settings</h3>".to_owned(),
            tick(
                "profileMaster",
                "Profile Source",
                self.flag("/provisioning/profileMaster"),
            ),
            self.group(
                "assignGroup",
                "Group Assignments",
                "/provisioning/groups/assignments/0",
            ),
        ]
        .concat()
    }
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

/// The API body for what was typed about a SAML 2.0 IdP; the certificate goes in by its key id.
pub(super) fn saml_body(typed: &Fields, kid: &str) -> Result<Value, String> {
    let text = |name: &str| typed.text(name);
    let destination = Some(text("destination"))
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| text("sso"));
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
        "policy": policy(typed)?,
    }))
}

/// The API body for what was typed about an IdP that is another Okta org.
pub(super) fn okta_integration_body(typed: &Fields) -> Result<Value, String> {
    let client = json!({ "client_id": typed.text("clientId"), "token_endpoint_auth_method": "private_key_jwt" });
    Ok(json!({
        "type": "OKTA_INTEGRATION", "name": typed.text("name"), "issuerMode": "ORG_URL",
        "protocol": { "type": "OIDC", "oktaIdpOrgUrl": typed.text("orgUrl"), "credentials": { "client": client } },
        "policy": policy(typed)?,
    }))
}

fn policy(typed: &Fields) -> Result<Value, String> {
    let text = |name: &str| typed.text(name);
    let seconds: u64 = text("skew")
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
    let none = json!({ "action": "NONE" });
    Ok(json!({
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
    }))
}
