//! What makes an app an OAuth client: its part of credentials and settings, as the app API and the client API both
//! see it.

use serde_json::{Map, Value, json};

use super::app_body::{address, overlay};
use super::call::Call;
use super::client_keys;
use super::error::{OktaError, cut};
use crate::ids::Ids;
use crate::org::{App, ClientSecret, RoleGrant};

const METHODS: [&str; 5] = [
    "client_secret_basic",
    "client_secret_jwt",
    "client_secret_post",
    "none",
    "private_key_jwt",
];
const TYPES: [&str; 4] = ["browser", "native", "service", "web"];
const GRANTS: [&str; 10] = [
    "authorization_code",
    "client_credentials",
    "implicit",
    "interaction_code",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
];
const RESPONSES: [&str; 4] = ["code", "id_token", "none", "token"];

/// `credentials.oauthClient`. The client id is chosen once, at creation.
pub(super) fn credentials(app: &App, given: &Value) -> Result<Value, OktaError> {
    let defaults = json!({
        "autoKeyRotation": true, "client_id": app.id,
        "token_endpoint_auth_method": "client_secret_basic", "pkce_required": false,
    });
    let mut made = overlay(defaults, given, "oauthClient")?;
    if let Some(known) = app.client_id() {
        made["client_id"] = json!(known);
    }
    // Secrets are answered once and never stored among what is read.
    made.as_object_mut()
        .and_then(|fields| fields.remove("client_secret"));
    Ok(made)
}

/// `settings.oauthClient`.
pub(super) fn settings(
    app: &App,
    given: &Value,
    ids: &mut Ids,
    now: u64,
) -> Result<Value, OktaError> {
    let defaults = json!({
        "client_uri": null, "logo_uri": null, "redirect_uris": [], "response_types": ["code"],
        "grant_types": ["authorization_code"], "application_type": "web", "consent_method": "TRUSTED",
        "issuer_mode": "DYNAMIC", "idp_initiated_login": { "mode": "DISABLED", "default_scope": [] },
        "wildcard_redirect": "DISABLED", "dpop_bound_access_tokens": false, "participate_slo": false,
    });
    let mut made = overlay(defaults, given, "oauthClient")?;
    let keys = client_keys::set(ids, now, &given["jwks"], app.client_keys())?;
    let Some(fields) = made.as_object_mut() else {
        return Err(OktaError::malformed());
    };
    // Neither is answered when there is none.
    fields.remove("jwks");
    if !keys.is_empty() {
        fields.insert("jwks".to_owned(), json!({ "keys": keys }));
    }
    if fields.get("jwks_uri").is_some_and(Value::is_null) {
        fields.remove("jwks_uri");
    }
    Ok(made)
}

/// What must fit together in a client.
pub(super) fn check(app: &App) -> Result<(), OktaError> {
    if !app.is_client() {
        return Ok(());
    }
    let settings = &app.settings["oauthClient"];
    address(settings, "jwks_uri", false)?;
    one_of(settings, "application_type", &TYPES)?;
    all_of(settings, "grant_types", &GRANTS)?;
    all_of(settings, "response_types", &RESPONSES)?;
    one_of(
        &app.credentials["oauthClient"],
        "token_endpoint_auth_method",
        &METHODS,
    )?;
    if !settings["dpop_bound_access_tokens"].is_boolean() {
        return Err(OktaError::malformed());
    }
    let grants = settings["grant_types"].as_array();
    let by_user = |grants: &Vec<Value>| grants.iter().any(|grant| grant == "authorization_code");
    if settings["application_type"] == "service" && grants.is_some_and(by_user) {
        return Err(OktaError::invalid(
            "settings.oauthClient",
            "grant_types: 'authorization_code' isn't a valid grant type for an application of type 'service'",
        ));
    }
    if app.auth_method() == "private_key_jwt"
        && app.client_keys().is_empty()
        && settings["jwks_uri"].is_null()
    {
        return Err(OktaError::invalid(
            "settings.oauthClient",
            "jwks: 'jwks' or 'jwks_uri' is required when 'token_endpoint_auth_method' is 'private_key_jwt'",
        ));
    }
    Ok(())
}

fn one_of(part: &Value, name: &str, allowed: &[&str]) -> Result<(), OktaError> {
    match part[name].as_str() {
        Some(word) if allowed.contains(&word) => Ok(()),
        word => Err(OktaError::invalid(
            "settings.oauthClient",
            format!(
                "{name}: '{}' isn't supported",
                cut(word.unwrap_or_default())
            ),
        )),
    }
}

fn all_of(part: &Value, name: &str, allowed: &[&str]) -> Result<(), OktaError> {
    let words = part[name].as_array().ok_or_else(OktaError::malformed)?;
    let odd = words
        .iter()
        .find(|word| !word.as_str().is_some_and(|word| allowed.contains(&word)));
    match odd {
        None => Ok(()),
        Some(odd) => Err(OktaError::invalid(
            "settings.oauthClient",
            format!("{name}: {} isn't supported", cut(&odd.to_string())),
        )),
    }
}

/// Refuses a client id that is taken or malformed; none given means the app's own id.
pub(super) fn choose_id(
    call: &Call<'_>,
    app: &App,
    body: &Map<String, Value>,
) -> Result<(), OktaError> {
    let wanted = body
        .get("credentials")
        .and_then(|credentials| credentials.pointer("/oauthClient/client_id"));
    let Some(wanted) = wanted.filter(|id| app.is_client() && !id.is_null()) else {
        return Ok(());
    };
    let plain = |id: &&str| {
        (6..=100).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let cause = match wanted.as_str().filter(plain) {
        None => "client_id: The value has an invalid form",
        Some(id) if call.org.client(id).is_some() => {
            "client_id: An object with this field already exists in the current organization"
        }
        Some(_) => return Ok(()),
    };
    Err(OktaError::invalid("credentials.oauthClient", cause))
}

/// What a new client gets besides what was asked for: a secret, and in orgs that say so every right there is.
pub(super) fn complete(call: &mut Call<'_>, app: &mut App) {
    if !app.is_client() {
        return;
    }
    if app.auth_method().starts_with("client_secret") {
        app.secrets.push(secret(call));
    }
    if call.org.client_privileges && app.client_setting("application_type") == "service" {
        let id = super::roles::id_of("SUPER_ADMIN");
        app.roles
            .push(RoleGrant::standard(id, "SUPER_ADMIN", call.now));
    }
}

/// A fresh client secret.
pub(super) fn secret(call: &mut Call<'_>) -> ClientSecret {
    ClientSecret {
        id: call.ids.fresh("ocs"),
        value: call.ids.secret(),
        active: true,
        created: call.now,
        updated: call.now,
    }
}
