//! One API exchange as it is kept for conformance: the format of recorded traffic, without secrets.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::fault::FaultKind;
use crate::wire::{Request, Response};

/// What was asked and answered.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// Method in capitals.
    pub method: String,
    /// Path with its query, as sent.
    pub path: String,
    /// The body that was sent, read as JSON or as a form; its text where it is neither.
    pub request: Value,
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer that mean something, each with all its values.
    pub headers: BTreeMap<String, Vec<String>>,
    /// The body of the answer: JSON, or its text.
    pub response: Value,
    /// Host that was called.
    pub host: String,
    /// The tag a client gives itself (`x-okta-user-agent-extended`), which tells the product from tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The fault that hit it: such an answer is no claim about Okta.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultKind>,
}

/// Headers that are kept; cookies and authorization are not among them.
const HEADERS: [&str; 9] = [
    "content-type",
    "date",
    "dpop-nonce",
    "link",
    "location",
    "www-authenticate",
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
];

/// Members whose text is a secret, wherever they stand.
const SECRETS: [&str; 11] = [
    "access_token",
    "client_assertion",
    "client_secret",
    "code",
    "d",
    "id_token",
    "p",
    "password",
    "q",
    "refresh_token",
    "token",
];

/// Stands for a secret; long enough for every length that Okta asks of one.
const LEFT_OUT: &str = "left out of this recording";

/// Bodies above this are tests of the limit and say nothing about shapes.
const MOST_BODY: usize = 1 << 19;

impl Exchange {
    /// An exchange out of what went in and came out.
    pub(crate) fn of(request: &Request, response: &Response, fault: Option<FaultKind>) -> Self {
        let query = match request.query.as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        };
        let headers = HEADERS.into_iter().filter_map(|name| {
            let values: Vec<String> = response
                .headers
                .iter()
                .filter(|(own, _)| own.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
                .collect();
            (!values.is_empty()).then(|| (name.to_owned(), values))
        });
        Self {
            method: request.method.clone(),
            path: format!("{}{query}", request.path),
            request: without_secrets(asked(request)),
            status: response.status,
            headers: headers.collect(),
            response: without_secrets(read(&response.body)),
            host: request.host.clone(),
            client: request
                .header("x-okta-user-agent-extended")
                .map(str::to_owned),
            fault,
        }
    }
}

fn asked(request: &Request) -> Value {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return read(&request.body);
    }
    let fields = request.form_pairs().into_iter();
    Value::Object(
        fields
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    )
}

fn read(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    if body.len() > MOST_BODY {
        return Value::from("too large to keep");
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

// A secret keeps being a text, so that its place can still be checked.
fn without_secrets(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(without_secrets).collect()),
        Value::Object(fields) => {
            let kept = fields.into_iter().map(|(name, value)| {
                let value = match (SECRETS.contains(&name.as_str()), value) {
                    (true, Value::String(_)) => Value::from(LEFT_OUT),
                    (true, Value::Object(inner)) => Value::Object(hidden(inner)),
                    (_, value) => without_secrets(value),
                };
                (name, value)
            });
            Value::Object(kept.collect())
        }
        other => other,
    }
}

// `"password": {"value": "…"}`, or its hash with its salt; what stands beside them are settings of a feature.
fn hidden(fields: Map<String, Value>) -> Map<String, Value> {
    let fields = fields.into_iter().map(|(name, value)| match value {
        Value::Object(inner) => (name, Value::Object(hidden(inner))),
        Value::String(_) if ["salt", "value"].contains(&name.as_str()) => {
            (name, Value::from(LEFT_OUT))
        }
        value => (name, value),
    });
    fields.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_secret_is_kept() {
        let body = json!({
            "profile": { "authScheme": "TOKEN", "token": "s3cret" },
            "credentials": { "password": { "hash": { "algorithm": "SHA-1", "value": "s3cret" } } }, "keys": [{ "kty": "RSA", "d": "s3cret" }],
        });
        let request = Request::new("POST", "https://acme.okta.com/api/v1/x?activate=true")
            .with("authorization", "SSWS s3cret")
            .with("cookie", "sid=s3cret")
            .json(&body);
        let answer = Response::json(
            200,
            &json!({ "access_token": "s3cret", "expires_in": 3600 }),
        )
        .with("set-cookie", "sid=s3cret");
        let kept = serde_json::to_string(&Exchange::of(&request, &answer, None)).expect("JSON");
        assert!(!kept.contains("s3cret"), "{kept}");
        assert!(kept.contains("TOKEN") && kept.contains("/api/v1/x?activate=true"));
        let form = Request::new("POST", "https://acme.okta.com/oauth2/v1/token").form(&[
            ("grant_type", "client_credentials"),
            ("client_assertion", "s3cret"),
        ]);
        let kept = Exchange::of(&form, &answer, None);
        assert_eq!(kept.request["grant_type"], "client_credentials");
        assert_eq!(kept.request["client_assertion"], LEFT_OUT);
    }
}
