//! Keys in PEM, DER and certificates, what is said of their end, and two sets beside each other.

use super::tests::fixture;
use super::*;
use crate::explain::Explain;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use serde_json::{Value, json};

/// DER written by hand: an implementation apart from the one that reads.
pub(super) fn tlv(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = match u16::try_from(body.len()).unwrap() {
        short if short < 128 => vec![u8::try_from(short).unwrap()],
        long if long < 256 => vec![0x81, u8::try_from(long).unwrap()],
        long => [vec![0x82], long.to_be_bytes().to_vec()].concat(),
    };
    [vec![tag], length, body.to_vec()].concat()
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes[0] >= 0x80 { &[0] } else { &[] };
    tlv(2, &[sign, bytes].concat())
}

pub(super) fn member(key: &Value, name: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap()
}

pub(super) fn pkcs1(key: &Value) -> Vec<u8> {
    let numbers = [integer(&member(key, "n")), integer(&member(key, "e"))].concat();
    tlv(0x30, &numbers)
}

const RSA_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const EC_ID: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
pub(super) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];

fn spki(algorithm: &[u8], parameters: Vec<u8>, key: &[u8]) -> Vec<u8> {
    let algorithm = tlv(0x30, &[tlv(6, algorithm), parameters].concat());
    let bits = tlv(3, &[&[0], key].concat());
    tlv(0x30, &[algorithm, bits].concat())
}

fn rsa_spki(key: &Value) -> Vec<u8> {
    spki(RSA_ID, vec![5, 0], &pkcs1(key))
}

pub(super) fn ec_spki(curve: &[u8], key: &Value) -> Vec<u8> {
    let point = [vec![4], member(key, "x"), member(key, "y")].concat();
    spki(EC_ID, tlv(6, curve), &point)
}

fn block(label: &str, der: &[u8]) -> String {
    pem::write(label, &STANDARD.encode(der))
}

pub(super) fn code(text: &str) -> &'static str {
    match format(text) {
        Err(error) => error.code(),
        Ok(formatted) => formatted
            .refused
            .first()
            .map_or("accepted", |refused| refused.code),
    }
}

/// A certificate over P-256 with this name and these years.
fn certificate(name: &str, from: i32, to: i32) -> rcgen::Certificate {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, "ACME");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(from, 1, 2);
    params.not_after = date_time_ymd(to, 1, 2);
    params.self_signed(&KeyPair::generate().unwrap()).unwrap()
}

fn numbers(formatted: &Formatted) -> Value {
    let jwks: Value = serde_json::from_str(formatted.jwks.as_deref().unwrap()).unwrap();
    jwks["keys"][0].clone()
}

#[test]
fn public_keys_in_pem_and_der_give_the_same_jwk() {
    let (rsa, p256, p384, p521) = (
        fixture("rsa"),
        fixture("p256"),
        fixture("p384"),
        fixture("p521"),
    );
    for (key, label, der) in [
        (&rsa, "RSA PUBLIC KEY", pkcs1(&rsa)),
        (&rsa, "PUBLIC KEY", rsa_spki(&rsa)),
        (&p256, "PUBLIC KEY", ec_spki(P256, &p256)),
        (&p384, "PUBLIC KEY", ec_spki(&[0x2b, 0x81, 4, 0, 34], &p384)),
        (&p521, "PUBLIC KEY", ec_spki(&[0x2b, 0x81, 4, 0, 35], &p521)),
    ] {
        let pem = block(label, &der);
        let read = format(&pem).unwrap();
        for name in ["kty", "n", "e", "crv", "x", "y"] {
            assert_eq!(numbers(&read)[name], key[name], "{label} {name}");
        }
        assert!(read.notes[0].text.contains("converted"), "{:?}", read.notes);
        assert_eq!(format(&pem.replace('\n', "\r\n")).unwrap(), read);
        assert_eq!(format(&STANDARD.encode(&der)).unwrap(), read);
        assert_eq!(format_bytes(&der, &Options::default()).unwrap(), read);
        assert_eq!(read.keys[0].places, [KeyPlace::ServiceApp]);
    }
}

#[test]
fn keys_okta_does_not_take_are_named() {
    let p256 = fixture("p256");
    let compressed = [vec![2], member(&p256, "x")].concat();
    let point = [vec![4], member(&p256, "x"), member(&p256, "x")].concat();
    let named = |der: Vec<u8>, code: &str, word: &str| {
        let formatted = format(&block("PUBLIC KEY", &der)).unwrap();
        assert_eq!(formatted.refused[0].code, code, "{word}");
        assert!(
            formatted.refused[0].why.contains(word),
            "{:?}",
            formatted.refused
        );
    };
    named(
        spki(&[0x2b, 0x65, 0x70], vec![], &[7; 32]),
        "jwk-kty",
        "Ed25519",
    );
    named(
        spki(
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 3, 1],
            vec![],
            &[7; 32],
        ),
        "jwk-kty",
        "1.2.840.113549.1.3.1",
    );
    named(
        ec_spki(&[0x2b, 0x81, 4, 0, 10], &p256),
        "jwk-curve",
        "P-256K",
    );
    named(spki(EC_ID, tlv(0x30, &[]), &point), "jwk-curve", "explicit");
    named(
        spki(EC_ID, tlv(6, P256), &compressed),
        "jwk-compressed",
        "compressed",
    );
    named(spki(EC_ID, tlv(6, P256), &point), "jwk-off-curve", "P-256");
    named(
        spki(EC_ID, tlv(6, P256), &point[..40]),
        "jwk-off-curve",
        "P-256",
    );
    named(rsa_spki(&fixture("rsa_small")), "jwk-size", "bits");
    named(
        [rsa_spki(&fixture("rsa")), vec![0]].concat(),
        "jwk-der",
        "SPKI",
    );
    named(pkcs1(&fixture("rsa")), "jwk-der", "SPKI");
    assert_eq!(
        code(&block("CERTIFICATE", &rsa_spki(&fixture("rsa")))),
        "jwk-der"
    );
}

#[test]
fn a_certificate_gives_its_key_and_goes_to_an_identity_provider() {
    let made = certificate("key of ACME", 2026, 2036);
    let read = format(&made.pem()).unwrap();
    let report = read.keys[0].certificate.clone().unwrap();
    assert_eq!(report.subject, "O=ACME, CN=key of ACME");
    assert_eq!(report.issuer, report.subject);
    assert_eq!(
        (report.begins.as_str(), report.ends.as_str()),
        ("2026-01-02", "2036-01-02")
    );
    assert_eq!(report.fingerprint.len(), 32 * 3 - 1);
    assert_eq!(
        read.keys[0].places,
        [KeyPlace::ServiceApp, KeyPlace::IdpCertificate]
    );
    assert!(
        read.notes[0].text.contains("not checked"),
        "{:?}",
        read.notes
    );

    let base64 = STANDARD.encode(made.der());
    let idp = &read.certificates[0];
    assert_eq!(
        serde_json::from_str::<Value>(&idp.body).unwrap(),
        json!({"x5c": [base64]})
    );
    assert_eq!(format(&idp.pem).unwrap(), read);
    assert!(idp.pem.lines().all(|line| line.len() <= 64));
    for text in [
        base64.clone(),
        json!({"x5c": [base64]}).to_string(),
        json!([{"x5c": [base64]}]).to_string(),
    ] {
        let other = format(&text).unwrap();
        assert_eq!(
            (&other.jwks, &other.certificates.len()),
            (&read.jwks, &1),
            "{text}"
        );
        assert!(
            other
                .notes
                .iter()
                .any(|note| note.text.contains("not checked"))
        );
    }
    assert_eq!(format_bytes(made.der(), &Options::default()).unwrap(), read);
}

#[test]
fn a_subject_cannot_mislead_a_reader() {
    let made = certificate("a\u{202e}b\nc", 2026, 2036);
    let report = format(&made.pem()).unwrap().keys[0]
        .certificate
        .clone()
        .unwrap();
    assert_eq!(report.subject, "O=ACME, CN=a\\u{202e}b\\nc");
}

#[test]
fn a_certificate_as_okta_lists_it_is_read() {
    let formatted = format(&fixture("okta").to_string()).unwrap();
    let report = formatted.keys[0].certificate.as_ref().unwrap();
    assert!(report.ends.starts_with("20"), "{report:?}");
    assert_eq!(formatted.certificates.len(), 1);
    assert_eq!(formatted.keys[0].algorithms, ["RS256", "RS384", "RS512"]);
}

#[test]
fn an_end_is_told_from_the_day_that_is_given() {
    let pem = certificate("k", 2026, 2036).pem();
    let end = 2_082_844_800; // 2036-01-02T00:00:00Z
    let seen = |now: Option<u64>| {
        let formatted = format_with(
            &pem,
            &Options {
                now,
                ..Options::default()
            },
        )
        .unwrap();
        let warned = formatted
            .notes
            .iter()
            .any(|note| note.text.contains("rotation"));
        (formatted.keys[0].expiry, warned)
    };
    const DAY: u64 = 86_400;
    assert_eq!(seen(None), (None, false));
    assert_eq!(
        seen(Some(end - 91 * DAY)),
        (Some(Expiry::Later { days: 91 }), false)
    );
    assert_eq!(
        seen(Some(end - 90 * DAY)),
        (Some(Expiry::Soon { days: 90 }), true)
    );
    assert_eq!(seen(Some(end - 1)), (Some(Expiry::Soon { days: 0 }), true));
    assert_eq!(seen(Some(end)), (Some(Expiry::Past { days: 0 }), true));
    assert_eq!(
        seen(Some(end + 3 * DAY)),
        (Some(Expiry::Past { days: 3 }), true)
    );
    assert_eq!(Expiry::of(0, DAY).to_string(), "ended 1 day ago");

    let mut key = fixture("rsa");
    key["expiresAt"] = json!("2036-01-02T00:00:00.000Z");
    let options = Options {
        now: Some(end + 1),
        ..Options::default()
    };
    let formatted = format_with(&key.to_string(), &options).unwrap();
    assert_eq!(formatted.keys[0].expiry, Some(Expiry::Past { days: 0 }));
    key["expiresAt"] = json!("some day");
    assert_eq!(
        format_with(&key.to_string(), &options).unwrap().keys[0].expiry,
        None
    );
}

#[test]
fn damaged_pem_is_refused_at_its_line() {
    let der = rsa_spki(&fixture("rsa"));
    let good = block("PUBLIC KEY", &der);
    let lines: Vec<&str> = good.lines().collect();
    let last = lines.len();
    let body = lines[1..last - 1].join("\n");
    let place = |text: String, line: usize, word: &str| {
        let error = format(&text).unwrap_err();
        let shown = error.to_string();
        assert!(
            shown.contains(&format!("line {line} ")) && shown.contains(word),
            "{shown}"
        );
        assert!(matches!(error, JwksError::Pem { .. }));
    };
    place(lines[..last - 1].join("\n"), last - 1, "no end");
    place(format!("{good}{good}"), last + 1, "second block");
    place(format!("{good}text"), last + 1, "behind");
    place(format!("subject=x\n{good}"), 1, "before");
    place(good.replace("-----\n", "----\n"), 1, "hyphens");
    place(good.replacen('\n', "\nVersion: 1\n", 1), 2, "header");
    place(good.replacen('\n', "\n\n", 1), 2, "empty");
    place(good.replacen('\n', "\nMI!B\n", 1), 2, "no base64");
    place(
        good.replace("END PUBLIC", "END RSA PUBLIC"),
        last,
        "another label",
    );
    place(
        good.replace("PUBLIC KEY", "PGP PUBLIC KEY BLOCK"),
        1,
        "label",
    );
    place(
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----",
            &body[1..]
        ),
        1,
        "incomplete",
    );
    place(
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----".to_owned(),
        1,
        "incomplete",
    );
}

#[test]
fn two_sets_are_compared_by_what_the_keys_are() {
    let key = |name: &str, kid: &str| {
        let mut key = fixture(name);
        key["kid"] = json!(kid);
        key
    };
    let set = |keys: Vec<Value>| format(&json!({"keys": keys}).to_string()).unwrap();
    let live = set(vec![key("rsa", "a"), key("p256", "b"), key("p384", "c")]);
    let wanted = set(vec![
        key("rsa", "a"),
        key("p256", "B"),
        key("rsa_other", "c"),
    ]);
    let comparison = Comparison::of(&live, &wanted);
    let prints = fixture("thumbprints");
    let print = |name: &str| prints[name].as_str().unwrap();
    assert_eq!(comparison.both[0].thumbprint, print("rsa"));
    assert_eq!(comparison.renamed[0].thumbprint, print("p256"));
    assert_eq!(comparison.gone[0].thumbprint, print("p384"));
    assert_eq!(comparison.clashes, ["c"]);
    assert_eq!((comparison.new.len(), comparison.unread), (1, 0));
    assert_eq!(
        comparison.to_string().lines().nth(1),
        Some(
            format!(
                "same key under another id: `B`, before `b`, thumbprint `{}`",
                print("p256")
            )
            .as_str()
        )
    );
    assert!(!comparison.is_same());
    assert!(Comparison::of(&live, &live).is_same());
    let unread = set(vec![key("rsa", "a"), key("rsa_small", "b")]);
    let comparison = Comparison::of(&unread, &unread);
    assert!(!comparison.is_same() && comparison.to_string().contains("2 refused"));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0..2000_usize, with: u8) {
        let _ = format_bytes(&bytes, &Options::default());
        let _ = format(&block("CERTIFICATE", &bytes));
        let mut der = STANDARD.decode(fixture("okta")["x5c"][0].as_str().unwrap()).unwrap();
        let at = at % der.len();
        der[at] = with;
        let _ = format_bytes(&der, &Options::default());
        der.truncate(at);
        prop_assert!(format_bytes(&der, &Options::default()).is_err());
    }

    #[test]
    fn every_set_is_compared_whole(live in proptest::collection::vec(0..4_usize, 0..4), wanted in proptest::collection::vec(0..4_usize, 0..4)) {
        let names = ["rsa", "rsa_other", "p256", "p384"];
        let set = |picks: &[usize]| {
            let keys: Vec<Value> = picks.iter().map(|pick| fixture(names[*pick])).collect();
            let options = Options { kid_from_thumbprint: true, ..Options::default() };
            let empty = json!({"keys": [fixture("rsa_small")]});
            let text = if keys.is_empty() { empty } else { json!({"keys": keys}) };
            format_with(&text.to_string(), &options).unwrap()
        };
        let (live, wanted) = (set(&live), set(&wanted));
        let comparison = Comparison::of(&live, &wanted);
        let kept = comparison.both.len() + comparison.renamed.len();
        prop_assert_eq!(kept + comparison.new.len(), wanted.keys.len());
        prop_assert_eq!(kept + comparison.gone.len(), live.keys.len());
        prop_assert!(comparison.clashes.is_empty());
    }
}
