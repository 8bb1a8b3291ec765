//! Public keys of OAuth clients: what one may say, and what is kept of it.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use crate::clock::stamp;
use crate::ids::Ids;
use crate::org::App;

/// A whole set that replaces the one before. A key that was there keeps its id and time.
pub(super) fn set(
    ids: &mut Ids,
    now: u64,
    given: &Value,
    before: &[Value],
) -> Result<Vec<Value>, OktaError> {
    let keys = match given {
        Value::Null => return Ok(Vec::new()),
        Value::Object(fields) => fields.get("keys"),
        _ => None,
    };
    let keys = keys
        .and_then(Value::as_array)
        .ok_or_else(OktaError::malformed)?;
    let mut made: Vec<Value> = Vec::new();
    for given in keys {
        let key = one(given)?;
        fits_beside(&key, &made)?;
        made.push(key);
    }
    Ok(made
        .into_iter()
        .map(|key| kept(ids, now, key, before))
        .collect())
}

/// One more key beside those that are there.
pub(super) fn add(
    ids: &mut Ids,
    now: u64,
    given: &Value,
    before: &[Value],
) -> Result<Value, OktaError> {
    let key = one(given)?;
    fits_beside(&key, before)?;
    Ok(kept(ids, now, key, &[]))
}

fn kept(ids: &mut Ids, now: u64, mut key: Value, before: &[Value]) -> Value {
    let material = ["kid", "kty", "use", "n", "e", "crv", "x", "y"];
    let same = |old: &&Value| material.iter().all(|name| old[name] == key[name]);
    let old = before.iter().find(same);
    key["id"] = old.map_or_else(|| json!(ids.fresh("pks")), |old| old["id"].clone());
    key["created"] = old.map_or_else(|| json!(stamp(now)), |old| old["created"].clone());
    let unchanged = old.filter(|old| old["status"] == key["status"]);
    key["lastUpdated"] =
        unchanged.map_or_else(|| json!(stamp(now)), |old| old["lastUpdated"].clone());
    key
}

fn bad(cause: impl Into<String>) -> OktaError {
    OktaError::invalid("JsonWebKey", cause)
}

fn fits_beside(key: &Value, others: &[Value]) -> Result<(), OktaError> {
    if others.is_empty() {
        return Ok(());
    }
    if key["kid"].is_null() || others.iter().any(|other| other["kid"].is_null()) {
        return Err(bad(
            "Each key must have a 'kid' when there are several keys in the 'jwks'.",
        ));
    }
    if others.iter().any(|other| other["kid"] == key["kid"]) {
        return Err(bad(
            "The 'kid' values of the keys in the 'jwks' must be unique.",
        ));
    }
    Ok(())
}

const ALGORITHMS: [&str; 9] = [
    "ES256", "ES384", "ES512", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512",
];

// A key without id and times: what counts of the given fields, others are ignored.
fn one(given: &Value) -> Result<Value, OktaError> {
    let fields = given.as_object().ok_or_else(OktaError::malformed)?;
    if ["d", "p", "q", "k"]
        .iter()
        .any(|name| fields.contains_key(*name))
    {
        return Err(bad("Private keys aren't accepted in the 'jwks'."));
    }
    let mut key = json!({
        "kid": word(given, "kid")?, "kty": word(given, "kty")?, "use": word(given, "use")?,
        "status": given.get("status").cloned().unwrap_or_else(|| json!("ACTIVE")),
    });
    if !key["use"].is_null() && key["use"] != "sig" && key["use"] != "enc" {
        return Err(bad("The 'use' of a key must be 'sig' or 'enc'."));
    }
    if key["status"] != "ACTIVE" && key["status"] != "INACTIVE" {
        return Err(bad("The 'status' of a key must be 'ACTIVE' or 'INACTIVE'."));
    }
    let algorithm = word(given, "alg")?;
    if let Some(name) = algorithm.as_str() {
        if !ALGORITHMS.contains(&name) {
            return Err(bad(format!("The 'alg' '{}' isn't supported.", cut(name))));
        }
        key["alg"] = algorithm;
    }
    let parts: &[&str] = match key["kty"].as_str() {
        Some("RSA") => rsa(given)?,
        Some("EC") => elliptic(given, &mut key)?,
        _ => return Err(bad("The 'kty' of a key must be 'RSA' or 'EC'.")),
    };
    for part in parts {
        key[part] = given[part].clone();
    }
    Ok(key)
}

fn word(given: &Value, name: &str) -> Result<Value, OktaError> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(Value::Null),
        Some(Value::String(text)) if (1..=255).contains(&text.len()) => Ok(json!(text)),
        Some(_) => Err(bad(format!(
            "The '{name}' of a key must be a text of at most 255 characters."
        ))),
    }
}

fn rsa(given: &Value) -> Result<&'static [&'static str], OktaError> {
    let modulus = number(given, "n").unwrap_or_default();
    let bits = modulus.first().map_or(0, |first| {
        modulus.len() * 8 - first.leading_zeros() as usize
    });
    if bits < 2048 {
        return Err(bad(
            "RSA key length in the 'jwks' is less than '2,048' bits for the given key.",
        ));
    }
    match number(given, "e") {
        Some(exponent) if !exponent.is_empty() => Ok(&["e", "n"]),
        _ => Err(bad("The RSA key has no exponent 'e'.")),
    }
}

fn elliptic(given: &Value, key: &mut Value) -> Result<&'static [&'static str], OktaError> {
    let length = |name: &str| decoded(given, name).map_or(0, |bytes| bytes.len());
    let curve = match (length("x"), length("y")) {
        (32, 32) => "P-256",
        (48, 48) => "P-384",
        (66, 66) => "P-521",
        _ => {
            return Err(bad(
                "The EC key has no point 'x', 'y' on a supported curve.",
            ));
        }
    };
    if given["crv"].as_str().is_some_and(|given| given != curve) {
        return Err(bad("The EC key's point isn't on its curve."));
    }
    key["crv"] = json!(curve);
    Ok(&["x", "y"])
}

// A number without leading zeros.
fn number(given: &Value, name: &str) -> Option<Vec<u8>> {
    let bytes = decoded(given, name)?;
    let start = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes[start..].to_vec())
}

fn decoded(given: &Value, name: &str) -> Option<Vec<u8>> {
    // Okta's own samples carry padding here.
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&URL_SAFE, config)
        .decode(given[name].as_str()?)
        .ok()
}

/// A key as the app's key API answers it, with what may be done to it next.
pub(super) fn shape(call: &Call<'_>, app: &App, key: &Value) -> Value {
    let id = key["id"].as_str().unwrap_or_default();
    let base = call.href(&format!("/api/v1/apps/{}/credentials/jwks/{id}", app.id));
    let link = |path: &str, method: &str| json!({ "href": format!("{base}{path}"), "hints": { "allow": [method] } });
    let mut shape = key.clone();
    shape["_links"] = if key["status"] == "ACTIVE" {
        json!({ "deactivate": link("/lifecycle/deactivate", "POST") })
    } else {
        json!({ "activate": link("/lifecycle/activate", "POST"), "delete": link("", "DELETE") })
    };
    shape
}

/// A key without what moves by itself.
pub(crate) fn lasting(key: &Value) -> Value {
    let fields = key.as_object().cloned().unwrap_or_default().into_iter();
    let lasts = |name: &String| !["id", "created", "lastUpdated"].contains(&name.as_str());
    Value::Object(fields.filter(|(name, _)| lasts(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rsa_key(kid: &str) -> Value {
        let modulus = "u".repeat(341) + "g";
        json!({ "kty": "RSA", "kid": kid, "use": "sig", "e": "AQAB", "n": modulus })
    }

    fn refusal(keys: &[Value]) -> String {
        let given = json!({ "keys": keys });
        let made = set(&mut Ids::new(1), 0, &given, &[]);
        made.expect_err("refused").causes.join(" ")
    }

    #[test]
    fn a_set_replaces_the_one_before_and_keeps_what_is_the_same() {
        let mut ids = Ids::new(1);
        let first = set(
            &mut ids,
            1000,
            &json!({ "keys": [rsa_key("a"), rsa_key("b")] }),
            &[],
        );
        let first = first.expect("two good keys");
        let next = set(
            &mut ids,
            9000,
            &json!({ "keys": [rsa_key("b"), rsa_key("c")] }),
            &first,
        );
        let next = next.expect("two good keys");
        assert_eq!(next[0], first[1]);
        assert_eq!(next[1]["created"], json!(stamp(9000)));
        assert_eq!(next.len(), 2);
    }

    #[test]
    fn keys_that_cannot_work_are_refused() {
        let mut short = rsa_key("a");
        short["n"] = json!("u".repeat(200));
        assert!(refusal(&[short]).contains("less than '2,048' bits"));
        let mut nameless = rsa_key("a");
        nameless["kid"] = Value::Null;
        assert!(refusal(&[rsa_key("b"), nameless]).contains("'kid'"));
        assert!(refusal(&[rsa_key("a"), rsa_key("a")]).contains("unique"));
        let mut private = rsa_key("a");
        private["d"] = json!("secret");
        let told = refusal(&[private]);
        assert!(told.contains("Private") && !told.contains("secret"));
        // The word that Okta's own key endpoints answer is no algorithm here.
        let mut odd = rsa_key("a");
        odd["alg"] = json!("RSA");
        assert!(refusal(&[odd]).contains("'RSA'"));
        assert!(refusal(&[json!({ "kty": "EC", "x": "AA", "y": "AA" })]).contains("curve"));
    }
}
