//! What a body sent for an app may say, and what its defaults are.

use serde_json::{Map, Value, json};

use super::app_shape::is_custom;
use super::call::Call;
use super::client_settings;
use super::error::{OktaError, cut};
use crate::ids::Ids;
use crate::keys::SigningKey;
use crate::org::App;

/// A new app from a body, with Okta's defaults; `created` and ids come from the call.
pub(crate) fn create(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<App, OktaError> {
    let label = label(body)?;
    let (name, mode) = kind(call, body, &label)?;
    let id = call.ids.fresh("0oa");
    let keys = keys(call.ids, &call.org.subdomain, &name, &mode, call.now);
    let mut app = App {
        link: link(call.ids, &name),
        external_key: format!("exk{}", &id[3..]),
        name,
        id,
        label,
        keys,
        active: true,
        created: call.now,
        updated: call.now,
        sign_on_mode: mode,
        accessibility: Value::Null,
        visibility: Value::Null,
        credentials: Value::Null,
        settings: Value::Null,
        users: Default::default(),
        groups: Default::default(),
        provisioning: Default::default(),
        roles: Vec::new(),
        grants: Default::default(),
        secrets: Vec::new(),
    };
    client_settings::choose_id(call, &app, body)?;
    fill(&mut app, body, call.ids, call.now)?;
    client_settings::complete(call, &mut app);
    Ok(app)
}

/// A full replacement: what the body does not say goes back to its default. Only `settings` as a whole and the
/// signing key may be left out, as Okta's own guide does when it rotates keys.
pub(crate) fn replace(
    app: &App,
    body: &Map<String, Value>,
    ids: &mut Ids,
    now: u64,
) -> Result<App, OktaError> {
    let mut next = app.clone();
    next.label = label(body)?;
    if let Some(name) = body
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| *name != app.name)
    {
        return Err(OktaError::invalid(
            "name",
            format!("name: '{}' cannot replace '{}'", cut(name), app.name),
        ));
    }
    if let Some(mode) = body.get("signOnMode").and_then(Value::as_str) {
        next.sign_on_mode = mode_of(&app.name, Some(mode))?;
    }
    let mut body = body.clone();
    if !body.contains_key("settings") {
        body.insert("settings".to_owned(), app.settings.clone());
    }
    fill(&mut next, &body, ids, now)?;
    next.updated = now;
    Ok(next)
}

fn fill(
    app: &mut App,
    body: &Map<String, Value>,
    ids: &mut Ids,
    now: u64,
) -> Result<(), OktaError> {
    let part = |name: &str| body.get(name).cloned().unwrap_or(Value::Null);
    app.accessibility = overlay(
        json!({ "selfService": false, "errorRedirectUrl": null, "loginRedirectUrl": null }),
        &part("accessibility"),
        "accessibility",
    )?;
    let hidden = app.name == "oidc_client";
    app.visibility = overlay(
        json!({ "autoLaunch": false, "autoSubmitToolbar": false, "hide": { "iOS": hidden, "web": hidden } }),
        &part("visibility"),
        "visibility",
    )?;
    // Every answer names the app's own links anew, so a client that writes back what it read changes nothing.
    if let Some(visibility) = app.visibility.as_object_mut() {
        visibility.remove("appLinks");
    }
    app.credentials = credentials(app, &part("credentials"))?;
    app.settings = settings(app, &part("settings"), ids, now)?;
    client_settings::check(app)?;
    Ok(())
}

fn credentials(app: &App, given: &Value) -> Result<Value, OktaError> {
    let template = json!({ "template": "${source.login}", "type": "BUILT_IN" });
    let mut made = json!({ "userNameTemplate": overlay(template, &given["userNameTemplate"], "userNameTemplate")? });
    let wanted = given.pointer("/signing/kid").and_then(Value::as_str);
    if let Some(kid) = wanted.filter(|kid| !app.keys.iter().any(|key| key.kid == **kid)) {
        let cause = format!(
            "credentials.signing.kid: '{}' is no key of this app",
            cut(kid)
        );
        return Err(OktaError::invalid("credentials", cause));
    }
    let current = app
        .active_key()
        .or(app.keys.first())
        .map(|key| key.kid.as_str());
    made["signing"] = wanted
        .or(current)
        .map_or(json!({}), |kid| json!({ "kid": kid }));
    if app.is_client() {
        made["oauthClient"] = client_settings::credentials(app, &given["oauthClient"])?;
    }
    Ok(made)
}

fn settings(app: &App, given: &Value, ids: &mut Ids, now: u64) -> Result<Value, OktaError> {
    if !given.is_null() && !given.is_object() {
        return Err(OktaError::malformed());
    }
    let mut made = json!({
        "app": own_settings(app, &given["app"])?,
        "notifications": { "vpn": { "network": { "connection": "DISABLED" }, "message": null, "helpUrl": null } },
        "manualProvisioning": false, "implicitAssignment": false, "emOptInStatus": "NONE",
        "notes": overlay(json!({ "admin": null, "enduser": null }), &given["notes"], "notes")?,
    });
    if app.is_saml() {
        made["signOn"] = overlay(sign_on_defaults(app), &given["signOn"], "signOn")?;
        if is_custom(app) {
            without_overrides(&mut made["signOn"]);
            receiver(&mut made["signOn"])?;
        }
    }
    if app.is_client() {
        made["oauthClient"] = client_settings::settings(app, &given["oauthClient"], ids, now)?;
    }
    Ok(made)
}

// Catalog apps fix the protocol and allow overrides; custom apps state all of it.
fn sign_on_defaults(app: &App) -> Value {
    if !is_custom(app) {
        return json!({
            "defaultRelayState": null, "ssoAcsUrlOverride": null, "audienceOverride": null,
            "recipientOverride": null, "destinationOverride": null, "attributeStatements": [],
        });
    }
    json!({
        "defaultRelayState": "", "ssoAcsUrl": null, "idpIssuer": "http://www.okta.com/${org.externalKey}",
        "audience": null, "recipient": null, "destination": null, "subjectNameIdTemplate": "${user.userName}",
        "subjectNameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "responseSigned": true,
        "assertionSigned": true, "signatureAlgorithm": "RSA_SHA256", "digestAlgorithm": "SHA256",
        "honorForceAuthn": true,
        "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "spIssuer": null, "requestCompressed": false, "attributeStatements": [], "inlineHooks": [],
        "assertionEncryption": { "enabled": false }, "allowMultipleAcsEndpoints": false, "acsEndpoints": [],
        "samlSignedRequestEnabled": false, "slo": { "enabled": false },
    })
}

// Clients send the overrides of catalog apps along, empty; a custom app has none to answer.
fn without_overrides(sign_on: &mut Value) {
    if let Some(fields) = sign_on.as_object_mut() {
        let empty = |value: &Value| value.is_null() || value == "";
        fields.retain(|name, value| !(name.ends_with("Override") && empty(value)));
    }
}

// A custom app says where its assertions go; recipient and destination follow the address unless they are given.
fn receiver(sign_on: &mut Value) -> Result<(), OktaError> {
    for name in ["ssoAcsUrl", "audience"] {
        if sign_on[name].as_str().unwrap_or_default().is_empty() {
            let cause = format!("settings.signOn.{name}: The field cannot be left blank");
            return Err(OktaError::invalid("settings", cause));
        }
    }
    for name in ["recipient", "destination"] {
        if sign_on[name].is_null() {
            sign_on[name] = sign_on["ssoAcsUrl"].clone();
        }
    }
    Ok(())
}

fn own_settings(app: &App, given: &Value) -> Result<Value, OktaError> {
    match app.name.as_str() {
        "bookmark" => {
            address(given, "url", true)?;
            overlay(
                json!({ "requestIntegration": false, "url": null }),
                given,
                "app",
            )
        }
        "okta_org2org" => {
            address(given, "baseUrl", app.sign_on_mode != "OPENID_CONNECT")?;
            address(given, "acsUrl", false)?;
            let fields =
                json!({ "acsUrl": null, "audRestriction": null, "baseUrl": null, "idpId": null });
            let mut made = overlay(fields, given, "app")?;
            // The security token is stored and never answered.
            made.as_object_mut()
                .and_then(|fields| fields.remove("token"));
            Ok(made)
        }
        _ => overlay(json!({}), given, "app"),
    }
}

pub(super) fn address(given: &Value, field: &str, required: bool) -> Result<(), OktaError> {
    let text = match &given[field] {
        Value::Null if !required => return Ok(()),
        Value::String(text) => text.as_str(),
        _ => "",
    };
    if text.is_empty() {
        return Err(OktaError::invalid(
            "settings",
            format!("{field}: The field cannot be left blank"),
        ));
    }
    let parsed = url::Url::parse(text)
        .ok()
        .filter(|url| ["http", "https"].contains(&url.scheme()));
    match parsed.filter(|url| url.has_host() && text.len() <= 2048) {
        Some(_) => Ok(()),
        None => Err(OktaError::invalid(
            "settings",
            format!("{field}: The value is not a valid URL"),
        )),
    }
}

// Given fields over defaults, one level deep below objects; a wrong type at the top is a malformed body.
pub(super) fn overlay(mut defaults: Value, given: &Value, part: &str) -> Result<Value, OktaError> {
    match given {
        Value::Null => return Ok(defaults),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (&mut defaults[name.as_str()], value) {
                    (Value::Object(inner), Value::Object(more)) => inner.extend(more.clone()),
                    (slot, value) => *slot = value.clone(),
                }
            }
        }
        _ => return Err(OktaError::malformed().because(format!("{part}: an object is expected"))),
    }
    Ok(defaults)
}

fn label(body: &Map<String, Value>) -> Result<String, OktaError> {
    let label = body
        .get("label")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match label.chars().count() {
        0 => Err(OktaError::invalid(
            "label",
            "label: The field cannot be left blank",
        )),
        1..=100 => Ok(label.to_owned()),
        _ => Err(OktaError::invalid(
            "label",
            "label: The field is too long; at most 100 characters",
        )),
    }
}

fn kind(
    call: &Call<'_>,
    body: &Map<String, Value>,
    label: &str,
) -> Result<(String, String), OktaError> {
    let mode = body.get("signOnMode").and_then(Value::as_str);
    match body.get("name").and_then(Value::as_str) {
        Some(name @ ("bookmark" | "okta_org2org" | "oidc_client")) => {
            Ok((name.to_owned(), mode_of(name, mode)?))
        }
        Some(name) => Err(OktaError::invalid(
            "name",
            format!("name: The app '{}' isn't in the catalog", cut(name)),
        )),
        None => {
            let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
            let stem = format!("{}_{}", call.org.subdomain, plain.to_ascii_lowercase());
            let taken = call
                .org
                .apps
                .values()
                .filter(|app| app.name.starts_with(&stem))
                .count();
            Ok((format!("{stem}_{}", taken + 1), mode_of("", mode)?))
        }
    }
}

fn mode_of(name: &str, mode: Option<&str>) -> Result<String, OktaError> {
    let allowed: &[&str] = match name {
        "bookmark" => &["BOOKMARK"],
        "okta_org2org" => &["SAML_2_0", "AUTO_LOGIN", "OPENID_CONNECT"],
        "oidc_client" => &["OPENID_CONNECT"],
        _ => &MODES,
    };
    match mode {
        None if name.is_empty() => Err(OktaError::invalid(
            "signOnMode",
            "signOnMode: The field cannot be left blank",
        )),
        None => Ok(allowed[0].to_owned()),
        Some(mode) if allowed.contains(&mode) => Ok(mode.to_owned()),
        Some(mode) => Err(OktaError::invalid(
            "signOnMode",
            format!("signOnMode: '{}' isn't supported by this app", cut(mode)),
        )),
    }
}

fn keys(ids: &mut Ids, subdomain: &str, name: &str, mode: &str, now: u64) -> Vec<SigningKey> {
    if name == "bookmark" || mode == "BOOKMARK" {
        return Vec::new();
    }
    vec![SigningKey::new(ids, subdomain, now, 10)]
}

fn link(ids: &mut Ids, name: &str) -> String {
    match name {
        "bookmark" => "2557".to_owned(),
        "okta_org2org" => "51975".to_owned(),
        _ => ids.fresh("aln"),
    }
}

const MODES: [&str; 9] = [
    "AUTO_LOGIN",
    "BASIC_AUTH",
    "BOOKMARK",
    "BROWSER_PLUGIN",
    "OPENID_CONNECT",
    "SAML_1_1",
    "SAML_2_0",
    "SECURE_PASSWORD_STORE",
    "WS_FEDERATION",
];
