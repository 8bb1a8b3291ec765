//! The identity provider that is another Okta org: OpenID Connect, whose addresses Okta fills in by itself.

use serde_json::{Map, Value, json};

use super::error::{OktaError, cut};
use super::idp_shape::refused;

/// The protocol of such an IdP out of a body: it says the org and the client id there, nothing else.
pub(super) fn protocol(given: &Map<String, Value>) -> Result<Value, OktaError> {
    let given = Value::Object(given.clone());
    let kind = given["type"].as_str().unwrap_or("OIDC");
    if kind != "OIDC" {
        let cause = format!("protocol.type: '{}' is not supported", cut(kind));
        return Err(refused(cause));
    }
    let org = org(given["oktaIdpOrgUrl"].as_str().unwrap_or_default())?;
    let client = &given["credentials"]["client"];
    let id = client["client_id"].as_str().unwrap_or_default();
    if id.is_empty() || id.len() > 1024 {
        let cause = "protocol.credentials.client.client_id: The field cannot be left blank";
        return Err(refused(cause));
    }
    let method = client["token_endpoint_auth_method"].as_str();
    if method.unwrap_or("private_key_jwt") != "private_key_jwt" {
        let cause = "protocol.credentials.client.token_endpoint_auth_method: Only private_key_jwt is supported";
        return Err(refused(cause));
    }
    let scopes = match &given["scopes"] {
        Value::Array(scopes) if !scopes.is_empty() => json!(scopes),
        _ => json!(["openid", "email", "profile"]),
    };
    let endpoint = |name: &str, binding: &str| json!({ "url": format!("{org}/oauth2/v1/{name}"), "binding": binding });
    Ok(json!({
        "type": "OIDC", "oktaIdpOrgUrl": org,
        "endpoints": {
            "authorization": endpoint("authorize", "HTTP-REDIRECT"), "token": endpoint("token", "HTTP-POST"),
            "userInfo": endpoint("userinfo", "HTTP-REDIRECT"), "jwks": endpoint("keys", "HTTP-REDIRECT"),
        },
        "scopes": scopes, "issuer": { "url": org },
        "credentials": { "client": {
            "client_id": id, "token_endpoint_auth_method": "private_key_jwt", "pkce_required": true,
        } },
    }))
}

// An org's own address, without anything behind its host.
fn org(text: &str) -> Result<String, OktaError> {
    let wrong = || refused("protocol.oktaIdpOrgUrl: The value is not the URL of an Okta org");
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    let plain = url.scheme() == "https" && url.path() == "/" && url.query().is_none();
    let host = url.host_str().filter(|host| plain && host.contains('.'));
    Ok(format!("https://{}", host.ok_or_else(wrong)?))
}

/// What this kind of IdP does not take. A username filter is documented for SAML2 and OIDC only and does not stay.
pub(super) fn limit(policy: &mut Value) -> Result<(), OktaError> {
    let action = policy["provisioning"]["groups"]["action"].as_str();
    if !matches!(action, Some("ASSIGN" | "NONE")) {
        return Err(refused(
            "policy.provisioning.groups.action: Only NONE and ASSIGN are supported",
        ));
    }
    policy["subject"]["filter"] = Value::Null;
    Ok(())
}
