use super::*;
use crate::explain::Explain;
use proptest::prelude::*;
use serde_json::{Value, json};

pub(super) fn fixture(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("fixtures.json")).unwrap();
    all[name].clone()
}

pub(super) fn with(mut key: Value, member: &str, value: Value) -> Value {
    key[member] = value;
    key
}

pub(super) fn accepted(value: &Value) -> Formatted {
    let formatted = format(&value.to_string()).unwrap();
    assert_eq!(formatted.refused, vec![], "{value}");
    formatted
}

fn refusal(value: &Value) -> &'static str {
    let formatted = format(&value.to_string()).unwrap();
    assert_eq!(
        formatted.count,
        formatted.keys.len() + formatted.refused.len()
    );
    formatted
        .refused
        .first()
        .unwrap_or_else(|| panic!("accepted {value}"))
        .code
}

pub(super) fn error(text: &str) -> JwksError {
    format(text).unwrap_err()
}

#[test]
fn key_credentials_become_a_jwks() {
    let key = fixture("okta");
    let formatted = accepted(&json!([key]));
    let jwks: Value = serde_json::from_str(formatted.jwks.as_deref().unwrap()).unwrap();
    let members: Vec<&String> = jwks["keys"][0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["kty", "kid", "use", "n", "e", "x5c", "x5t#S256"]);
    let report = &formatted.keys[0];
    assert_eq!(
        (report.kty, report.size, report.usage),
        ("RSA", 2048, "sig")
    );
    assert_eq!(report.expires.as_deref(), Some("2036-01-02T03:04:05.000Z"));
    let notes: Vec<&str> = formatted
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!(
        notes,
        [
            "a bare list of keys was wrapped as `{\"keys\": …}`",
            "left out: `created`, `lastUpdated`, `expiresAt`"
        ]
    );
}

#[test]
fn every_accepted_form_gives_the_same_keys() {
    let key = fixture("rsa");
    let expected = accepted(&json!({"keys": [key]})).jwks;
    for form in [
        json!([key]),
        json!({"jwks": {"keys": [key]}}),
        key.clone(),
        json!({"jwks": key}),
    ] {
        assert_eq!(accepted(&form).jwks, expected);
    }
    let again = format(expected.as_deref().unwrap()).unwrap();
    assert_eq!(
        (again.jwks, again.notes),
        (expected, vec![]),
        "formatting twice changes nothing"
    );
}

#[test]
fn thumbprints_agree_with_another_implementation() {
    for name in ["rsa", "p256", "p384", "p521", "okta"] {
        let report = &accepted(&fixture(name)).keys[0];
        assert_eq!(
            json!(report.thumbprint),
            fixture("thumbprints")[name],
            "{name}"
        );
    }
}

#[test]
fn only_what_okta_takes_is_accepted() {
    let (rsa, p256) = (fixture("rsa"), fixture("p256"));
    let x = fixture("p384")["x"].clone();
    let other = fixture("rsa_other")["n"].clone();
    for (key, code) in [
        (fixture("rsa_small"), "jwk-size"),
        (fixture("p256k"), "jwk-curve"),
        (fixture("ed25519"), "jwk-kty"),
        (json!(null), "jwk-not-object"),
        (json!([]), "jwk-not-object"),
        (json!({"kty": 1}), "jwk-member"),
        (json!({"kty": "RSA"}), "jwk-member"),
        (with(rsa.clone(), "e", json!("AQ")), "jwk-exponent"),
        (with(rsa.clone(), "e", json!("Ag")), "jwk-exponent"),
        (with(rsa.clone(), "e", json!("AQAB==")), "jwk-base64"),
        (with(rsa.clone(), "e", json!("AAEAAQ")), "jwk-base64"),
        (with(rsa.clone(), "n", json!("a+b/")), "jwk-base64"),
        (with(rsa.clone(), "alg", json!("none")), "jwk-alg"),
        (with(rsa.clone(), "alg", json!("HS256")), "jwk-alg"),
        (with(rsa.clone(), "alg", json!("ES256")), "jwk-alg"),
        (with(p256.clone(), "alg", json!("RSA")), "jwk-alg"),
        (with(p256.clone(), "alg", json!("ES384")), "jwk-alg"),
        (with(rsa.clone(), "use", json!("enc")), "jwk-use"),
        (with(rsa.clone(), "key_ops", json!(["sign"])), "jwk-key-ops"),
        (
            with(rsa.clone(), "key_ops", json!(["verify", "verify"])),
            "jwk-key-ops",
        ),
        (with(rsa.clone(), "kid", json!(7)), "jwk-member"),
        (with(rsa.clone(), "kid", json!("")), "jwk-kid"),
        (with(rsa.clone(), "kid", json!("a\u{7}")), "jwk-kid"),
        (
            with(rsa.clone(), "kid", json!("k".repeat(10_000))),
            "jwk-kid",
        ),
        (with(p256.clone(), "x", x), "jwk-coordinate-length"),
        (with(p256.clone(), "y", p256["x"].clone()), "jwk-off-curve"),
        (with(fixture("okta"), "n", other), "jwk-certificate"),
        (
            with(fixture("okta"), "x5c", json!(["AAAA"])),
            "jwk-certificate",
        ),
        (
            with(fixture("okta"), "x5t#S256", json!("AAAA")),
            "jwk-base64",
        ),
        (
            with(fixture("okta"), "x5t#S256", json!("A".repeat(43))),
            "jwk-certificate",
        ),
    ] {
        assert_eq!(refusal(&json!({"keys": [key]})), code, "{key}");
    }
    let twice = with(rsa, "kid", json!("a"))
        .to_string()
        .replacen('{', "{\"kid\":\"b\",", 1);
    assert_eq!(
        format(&twice).unwrap().refused[0].code,
        "jwk-repeated-member"
    );
    assert_eq!(accepted(&fixture("p521")).keys[0].size, 521);
}

#[test]
fn small_faults_are_mended_openly() {
    let key = with(fixture("rsa"), "alg", json!("RSA"));
    let formatted = accepted(&json!({"keys": [with(key, "status", json!("INACTIVE"))]}));
    let notes: Vec<&str> = formatted
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert_eq!(
        notes,
        [
            "`alg` `RSA` was left out: it is no algorithm of RFC 7518",
            "`use` was missing and is `sig` now",
            "left out: `status`",
            "this key is INACTIVE in its org; keep it only when that is meant"
        ]
    );
    assert!(!formatted.jwks.unwrap().contains("alg"));
}

#[test]
fn several_keys_need_their_own_kid() {
    let (a, b) = (fixture("rsa"), fixture("rsa_other"));
    let formatted = format(&json!([a, b]).to_string()).unwrap();
    assert_eq!((formatted.jwks, formatted.refused.len()), (None, 2));
    assert!(
        formatted.refused[0]
            .hint
            .contains(fixture("thumbprints")["rsa"].as_str().unwrap())
    );

    let options = Options {
        kid_from_thumbprint: true,
        ..Options::default()
    };
    let formatted = format_with(&json!([a, b]).to_string(), &options).unwrap();
    assert_eq!(json!(formatted.keys[0].kid), fixture("thumbprints")["rsa"]);

    let named = |key: &Value, kid: &str| with(key.clone(), "kid", json!(kid));
    let clash = format(&json!([named(&a, "k"), named(&b, "k"), fixture("p256")]).to_string());
    let codes: Vec<&str> = clash
        .unwrap()
        .refused
        .iter()
        .map(|refusal| refusal.code)
        .collect();
    assert_eq!(codes, ["jwk-kid-twice", "jwk-kid-twice", "jwk-kid-missing"]);

    let same = format(&json!([named(&a, "k"), named(&a, "l")]).to_string()).unwrap();
    assert_eq!((same.keys.len(), same.refused[0].code), (1, "jwk-same-key"));
}

#[test]
fn a_live_key_is_named() {
    let live = vec![fixture("thumbprints")["rsa"].as_str().unwrap().to_owned()];
    let options = Options {
        live,
        ..Options::default()
    };
    let formatted = format_with(&fixture("rsa").to_string(), &options).unwrap();
    assert!(formatted.keys[0].live);
    assert!(
        formatted
            .notes
            .iter()
            .any(|note| note.text.contains("already in use"))
    );
}

#[test]
fn other_texts_are_recognised() {
    for (text, code) in [
        ("", "jwks-empty"),
        (" \n", "jwks-empty"),
        ("<!DOCTYPE html><title>Sign In", "jwks-markup"),
        ("-----BEGIN CERTIFICATE-----\nMIIB", "jwks-pem"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB", "jwks-pem"),
        ("{\"keys\":{}}", "jwks-not-keys"),
        ("{\"keys\":null}", "jwks-not-keys"),
        ("{\"jwks\":[]}", "jwks-not-keys"),
        ("{}", "jwks-not-keys"),
        ("7", "jwks-not-keys"),
        ("\"x\"", "jwks-not-keys"),
        ("[]", "jwks-no-keys"),
        ("{\"keys\":[]}", "jwks-no-keys"),
        ("{\"keys\":[", "jwks-truncated"),
        (
            &format!("[{}]", vec!["{}"; 1000].join(",")),
            "jwks-too-many-keys",
        ),
        (&" ".repeat(5_000_000), "jwks-too-long"),
        (&"[".repeat(200), "jwks-json"),
    ] {
        let error = error(text);
        assert_eq!(error.code(), code, "{:?}", seen(text));
        assert!(!error.hint().is_empty());
    }
    let bytes = |bytes: &[u8]| format_bytes(bytes, &Options::default()).unwrap_err().code();
    assert_eq!(bytes(&[0xff, 0xfe, b'{', 0]), "jwks-not-utf8");
    assert_eq!(bytes(&[0x30, 0x82, 1, 1, 0x30, 0x82, 0xff]), "jwks-binary");
}

#[test]
fn broken_json_shows_the_character() {
    let text = |text: &str| error(text).to_string();
    assert!(text("\u{feff}[]").starts_with("no JSON at line 1 column 1, `\\u{feff}`"));
    assert!(text("{\n  // keys\n}").starts_with("no JSON at line 2 column 3, `/`"));
    assert!(text("{\"keys\": [1,]}").starts_with("no JSON at line 1 column 13, `]`"));
    assert!(text("{'keys': []}").starts_with("no JSON at line 1 column 2, `'`"));
    assert!(text("{“keys”: []}").starts_with("no JSON at line 1 column 2, `“`"));
    assert!(
        text("{\"ä\": x}").starts_with("no JSON at line 1 column 7, `x`"),
        "{}",
        text("{\"ä\": x}")
    );
    assert!(text("{keys: []}").starts_with("no JSON at line 1 column 2, `k`"));
}

/// Bytes that would betray an echo, in the shape of key material.
pub(super) const CANARY: &str = "Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ";

#[test]
fn private_keys_are_refused_and_never_repeated() {
    let der = |head: &[u8]| {
        let bytes = [head, b"CANARYCANARYCANARYCANARYCANARYCANARY"].concat();
        STANDARD.encode(bytes)
    };
    let jwk = |member: &str| with(fixture("rsa"), member, json!(CANARY)).to_string();
    let mut texts: Vec<String> = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]
        .iter()
        .flat_map(|member| {
            let text = jwk(member);
            let nested = format!("{{\"keys\":[{{\"a\":{text}}}]}}");
            let broken = text.trim_end_matches('}').to_owned();
            [text, nested, broken]
        })
        .collect();
    texts.extend(
        ["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA ", ""]
            .iter()
            .map(|kind| format!("-----BEGIN {kind}PRIVATE KEY-----\n{CANARY}\n")),
    );
    texts.extend([
        format!("-----begin private key-----\n{CANARY}"),
        format!("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{CANARY}"),
        format!("-----BEGIN PGP PRIVATE KEY BLOCK-----\n{CANARY}"),
        format!("PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 14\n{CANARY}"),
        format!("b3BlbnNzaC1rZXktdjEAAAAA{CANARY}"),
        format!("<RSAKeyValue><Modulus>AA</Modulus><D>{CANARY}</D></RSAKeyValue>"),
        format!("{{kty: 'RSA', d: '{CANARY}'}}"),
        format!("{{“d”: “{CANARY}”}}"),
        json!({"kty": "oct", "k": CANARY}).to_string(),
        json!({"pem": format!("-----BEGIN PRIVATE KEY-----\n{CANARY}")}).to_string(),
        der(&[0x30, 0x82, 0x04, 0xa4, 0x02, 0x01, 0x00, 0x02, 0x82]),
        der(&[0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20]),
        der(&[0x30, 0x82, 0x04, 0xa4, 0x02, 0x01, 0x03, 0x30]),
        der(&[
            0x30, 0x82, 0x05, 0x0e, 0x30, 0x40, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
            0x01, 0x05, 0x0d,
        ]),
    ]);
    assert!(texts.len() > 40);
    for text in texts {
        let error = format(&text).expect_err(&text);
        assert!(error.is_secret(), "{text}: {error}");
        let shown = format!("{error} {error:?} {}", error.hint());
        assert!(
            !shown.contains("CANARY") && !shown.contains("Q0FO"),
            "{shown}"
        );
    }
    let wide: Vec<u8> = format!("-----BEGIN PRIVATE KEY-----{CANARY}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let wide = [vec![0xff, 0xfe], wide].concat();
    assert!(
        format_bytes(&wide, &Options::default())
            .unwrap_err()
            .is_secret()
    );
    let binary = [0x30, 0x82, 0x04, 0xa4, 0x02, 0x01, 0x00, 0xff];
    assert!(
        format_bytes(&binary, &Options::default())
            .unwrap_err()
            .is_secret()
    );
}

proptest! {
    #[test]
    fn no_text_panics_and_every_key_is_accounted_for(
        text in "[\\[\\]{}\",:a-z0-9 ]{0,60}",
        keys in proptest::collection::vec(0..6_usize, 1..6),
    ) {
        let _ = format(&text);
        let names = ["rsa", "rsa_small", "p256", "p256k", "okta", "thumbprints"];
        let list: Vec<Value> = keys.iter().map(|at| fixture(names[*at])).collect();
        let formatted = format(&json!({"keys": list}).to_string()).unwrap();
        prop_assert_eq!(formatted.count, keys.len());
        prop_assert_eq!(formatted.keys.len() + formatted.refused.len(), keys.len());
        prop_assert_eq!(formatted.jwks.is_none(), formatted.keys.is_empty());
    }
}

#[test]
fn each_place_of_a_key_is_named_as_the_console_names_it() {
    assert!(KeyPlace::ServiceApp.title().ends_with("> Public keys"));
    assert!(
        KeyPlace::IdpCertificate
            .title()
            .ends_with("> IdP Signature Certificate")
    );
}

#[test]
fn what_is_refused_is_named_by_its_path_in_the_text() {
    let bad = json!({"kty": "oct", "kid": "a"});
    for (text, path) in [
        (json!([bad]), "$[0]"),
        (json!({"keys": [bad]}), "$.keys[0]"),
        (json!({"jwks": {"keys": [bad]}}), "$.jwks.keys[0]"),
    ] {
        let formatted = format(&text.to_string()).unwrap();
        assert_eq!(formatted.refused[0].path, path);
    }
    for (text, path) in [
        (json!({"keys": 5}), "$.keys"),
        (json!({"jwks": {"keys": 5}}), "$.jwks.keys"),
        (json!({"jwks": 5}), "$.jwks"),
    ] {
        let error = error(&text.to_string());
        assert!(
            matches!(&error, JwksError::NotKeys { path: own, .. } if *own == path),
            "{error:?}"
        );
    }
}

#[test]
fn as_much_as_is_allowed_is_taken_and_one_more_is_not() {
    let keys = |count: usize| vec![json!({"kty": "oct"}); count];
    let full = format(&json!({"keys": keys(MOST_KEYS)}).to_string()).unwrap();
    assert_eq!(full.count, MOST_KEYS);
    let count = MOST_KEYS + 1;
    let over = error(&json!({"keys": keys(count)}).to_string());
    assert_eq!(
        over,
        JwksError::TooManyKeys {
            count,
            most: MOST_KEYS
        }
    );
    let blank = |bytes: usize| " ".repeat(bytes);
    assert_eq!(error(&blank(MOST_BYTES)), JwksError::Empty);
    let over = error(&blank(MOST_BYTES + 1));
    assert!(matches!(over, JwksError::TooLong { .. }), "{over:?}");
}
