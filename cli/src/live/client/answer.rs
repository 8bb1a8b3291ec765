//! What the token endpoint answers.

use std::collections::BTreeSet;
use std::time::Duration;

use org2org_core::explain::{seen, seen_sentences};
use serde_json::Value;

use crate::outcome::{Exit, Trouble};

/// The largest answer that is read.
const MOST_BYTES: u64 = 64 * 1024;

/// An access token.
pub struct Granted {
    pub token: String,
    pub scopes: BTreeSet<String>,
    pub lifetime: Duration,
}

/// What an answer means.
pub enum Told {
    /// A token.
    Granted(Granted),
    /// The proof must carry this nonce.
    Nonce(String),
    /// The times in what was signed are wrong by the org's clock, which showed this (seconds since 1970).
    Clock(i64),
    /// None of the scopes is given to this client.
    NoScope(String),
    /// Anything else, in the org's words.
    Refused(String),
}

/// Reads an answer; what cannot be understood is told as why.
pub fn told(mut answer: ureq::http::Response<ureq::Body>) -> Result<Told, String> {
    let header = |name: &str| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
    let (nonce, date) = (header("dpop-nonce"), header("date"));
    let status = answer.status().as_u16();
    let body = answer
        .body_mut()
        .with_config()
        .limit(MOST_BYTES)
        .lossy_utf8(true)
        .read_to_string();
    let body: Value = serde_json::from_str(&body.unwrap_or_default()).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if status == 200 {
        return granted(&body).map(Told::Granted);
    }
    // Where the client is unknown, Okta answers in the shape of its other API.
    let (error, said) = match text("error") {
        "" => (text("errorCode"), text("errorSummary")),
        error => (error, text("error_description")),
    };
    let why = format!(
        "it answers {status} {}: {}",
        seen(error),
        seen_sentences(said)
    );
    Ok(match (error, nonce, date.as_deref().and_then(clock)) {
        ("use_dpop_nonce", Some(nonce), _) => Told::Nonce(nonce),
        ("consent_required" | "invalid_scope", ..) => Told::NoScope(why),
        ("invalid_client" | "invalid_dpop_proof", _, Some(org)) if is_about_time(said) => {
            Told::Clock(org)
        }
        _ => Told::Refused(why),
    })
}

fn is_about_time(said: &str) -> bool {
    [
        "expired",
        "issued in the future",
        "too far into the future",
        "'iat'",
    ]
    .iter()
    .any(|word| said.contains(word))
}

fn granted(body: &Value) -> Result<Granted, String> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_graphic();
    let token = text("access_token");
    if token.is_empty() || !token.bytes().all(plain) {
        return Err("it answers 200 without a token".to_owned());
    }
    if text("token_type") != "DPoP" {
        return Err(
            "it gives a token that whoever finds it could use: no proof goes with it".to_owned(),
        );
    }
    let lifetime = body.get("expires_in").and_then(Value::as_u64);
    Ok(Granted {
        token: token.to_owned(),
        scopes: text("scope")
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect(),
        lifetime: Duration::from_secs(
            lifetime.ok_or("it does not say for how long its token is good")?,
        ),
    })
}

// RFC 9110, section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn clock(date: &str) -> Option<i64> {
    org2org_core::run::http_date(date).and_then(|seconds| i64::try_from(seconds).ok())
}

/// The org gives no token.
pub fn refused(base: &str, id: &str, why: &str) -> Trouble {
    Trouble {
        code: "client-refused".to_owned(),
        what: format!("{base}, client {}: {why}", seen(id)),
        hint: "Check the client id, that the client is active and an API service with public key and DPoP, that its key is the one in the file, and its Okta API Scopes; `org2org advise` names the scopes.".to_owned(),
        exit: Exit::Findings,
    }
}
