//! What the org authorization server publishes about itself: keys and addresses.

use serde_json::{Value, json};

use super::{issuer, jose, token};
use crate::keys::SigningKey;
use crate::okta::Outcome;
use crate::okta::call::Call;
use crate::okta::error::OktaError;
use crate::wire::Response;

/// The keys that verify the org's tokens, and with `client_id` those of the app as well.
pub(super) fn keys(call: &mut Call<'_>) -> Outcome {
    let mut keys = vec![published(&call.org.server.key)];
    if let Some(id) = call.query("client_id") {
        let app = call.org.client(&id).ok_or_else(|| unknown(&id))?;
        keys.extend(app.keys.iter().map(published));
    }
    Ok(Response::json(200, &json!({ "keys": keys })))
}

fn published(key: &SigningKey) -> Value {
    let full = key.json();
    json!({
        "kty": "RSA", "alg": "RS256", "kid": key.kid, "use": "sig", "e": full["e"], "n": full["n"],
    })
}

fn unknown(id: &str) -> OktaError {
    let summary = "Invalid value for 'client_id' parameter.";
    OktaError::new(400, "invalid_client", summary).because(crate::okta::error::cut(id))
}

/// RFC 8414 metadata.
pub(super) fn server(call: &mut Call<'_>) -> Outcome {
    if let Some(id) = call.query("client_id") {
        call.org.client(&id).ok_or_else(|| unknown(&id))?;
    }
    Ok(Response::json(200, &shared(call)))
}

/// OpenID Connect metadata.
pub(super) fn openid(call: &mut Call<'_>) -> Outcome {
    let mut answer = server(call)?.value();
    answer["id_token_signing_alg_values_supported"] = json!(["RS256"]);
    answer["userinfo_endpoint"] = json!(call.href("/oauth2/v1/userinfo"));
    Ok(Response::json(200, &answer))
}

fn shared(call: &Call<'_>) -> Value {
    let algorithms = jose::ALGORITHMS;
    json!({
        "issuer": issuer(call.org),
        "authorization_endpoint": call.href("/oauth2/v1/authorize"),
        "token_endpoint": call.href(token::PATH),
        "registration_endpoint": call.href("/oauth2/v1/clients"),
        "jwks_uri": call.href("/oauth2/v1/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
        "claims_supported": [
            "iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "idp", "nonce", "name", "nickname",
            "preferred_username", "given_name", "middle_name", "family_name", "email", "email_verified", "profile",
            "zoneinfo", "locale", "phone_number", "updated_at", "at_hash",
        ],
        "code_challenge_methods_supported": ["S256"],
        "request_parameter_supported": true,
        "request_object_signing_alg_values_supported": algorithms,
        "dpop_signing_alg_values_supported": algorithms,
    })
}
