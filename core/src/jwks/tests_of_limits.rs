//! What stands just within each limit and just beyond it.

use super::tests::{CANARY, accepted, error, fixture, with};
use super::tests_of_forms::{P256, code, ec_spki, member, pkcs1, tlv};
use super::*;
use crate::explain::Explain;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

fn number(bytes: &[u8]) -> Value {
    json!(URL_SAFE_NO_PAD.encode(bytes))
}

fn certified(mut key: Value, ders: &[Vec<u8>]) -> Value {
    key["x5c"] = ders.iter().map(|der| STANDARD.encode(der)).collect();
    key
}

fn notes(formatted: &Formatted) -> String {
    let texts = formatted.notes.iter().map(|note| note.text.as_str());
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_broken_byte_or_character_is_placed_as_an_editor_counts() {
    for (bytes, shown) in [
        (&b"{\n\n \xc3\xa4\xff"[..], "not UTF-8 at line 3 column 3"),
        (
            &[0xff, 0xfe, b'{', 0],
            "not UTF-8 at line 1 column 1; it looks like UTF-16",
        ),
        (
            &[0xfe, 0xff, 0, b'{'],
            "not UTF-8 at line 1 column 1; it looks like UTF-16",
        ),
    ] {
        let error = format_bytes(bytes, &Options::default()).unwrap_err();
        assert_eq!(error.to_string(), shown);
    }
    for (text, place) in [
        ("[\n\"\\u12ä+\"]", "no JSON at line 2 column 6, `ä`: "),
        ("[\n\"ä\n/\"]", "no JSON at line 2 column 3, `\\n`: "),
        ("[\"\r\n\"]", "no JSON at line 1 column 3, `\\r`: "),
        ("[\n\"ä", "the text ends too early, at line 2 column 2"),
    ] {
        let shown = error(text).to_string();
        assert!(shown.starts_with(place), "{shown}");
    }
}

#[test]
fn what_is_no_key_is_called_by_its_kind() {
    for (value, kind) in [
        (json!(null), "null"),
        (json!(true), "true or false"),
        (json!(1.5), "a number"),
        (json!("x"), "a text"),
        (json!([]), "a list"),
    ] {
        let formatted = format(&json!([value]).to_string()).unwrap();
        assert_eq!(
            formatted.refused[0].why,
            format!("expected a key, seen {kind}")
        );
    }
    assert_eq!(
        error("{}").to_string(),
        "no keys at `$`: an object is no list of keys and no key"
    );
}

#[test]
fn an_rsa_key_is_judged_by_its_numbers() {
    let rsa = fixture("rsa");
    let modulus = |first: &[u8], bytes: usize, last: u8| {
        let middle = vec![0; bytes - first.len() - 1];
        with(
            rsa.clone(),
            "n",
            number(&[first, &middle, &[last]].concat()),
        )
    };
    for (key, bits) in [
        (modulus(&[0x80], 256, 1), 2048),
        (modulus(&[0x01], 257, 0xff), 2049),
        (modulus(&[0xff], 2048, 3), 16_384),
    ] {
        assert_eq!(accepted(&key).keys[0].size, bits);
    }
    for (key, why) in [
        (modulus(&[0x7f], 256, 1), "has 2047 bits"),
        (modulus(&[0x01], 2049, 1), "has 16385 bits"),
        (modulus(&[0x80], 256, 0), "`n` is an even number"),
        (modulus(&[0x80], 256, 0x10), "`n` is an even number"),
        (
            with(rsa.clone(), "e", number(&[1, 0, 0, 0, 1])),
            "`e` must be an odd number",
        ),
    ] {
        let formatted = format(&key.to_string()).unwrap();
        assert!(
            formatted.refused[0].why.contains(why),
            "{:?}",
            formatted.refused
        );
    }
    accepted(&with(rsa.clone(), "e", number(&[0xff; 4])));
}

#[test]
fn a_coordinate_beyond_the_field_is_no_second_name_of_a_point() {
    let point = json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAU",
        "y": "RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w",
    });
    let beyond = json!("_____wAAAAEAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAQ");
    accepted(&point);
    assert_eq!(code(&with(point, "x", beyond).to_string()), "jwk-off-curve");
}

#[test]
fn members_are_taken_up_to_their_limits() {
    let rsa = fixture("rsa");
    accepted(&with(rsa.clone(), "key_ops", json!(["verify"])));
    accepted(&with(rsa.clone(), "kid", json!("ä".repeat(255))));
    let long = with(rsa.clone(), "kid", json!("k".repeat(256)));
    assert_eq!(code(&long.to_string()), "jwk-kid");
    let named = with(rsa.clone(), "alg", json!("RS384"));
    assert_eq!(accepted(&named).keys[0].algorithms, ["RS384"]);
    for (member, value, warned) in [
        ("status", "INACTIVE", true),
        ("status", "ACTIVE", false),
        ("kid", "INACTIVE", false),
    ] {
        let notes = notes(&accepted(&with(rsa.clone(), member, json!(value))));
        assert_eq!(notes.contains("is INACTIVE"), warned, "{notes}");
    }
}

#[test]
fn a_member_is_private_only_by_its_whole_name_and_a_long_value() {
    for (text, code) in [
        ("{d: 'abcdefghijklmnop'}", "jwks-private"),
        ("{d: 'abcdefghijklmno'}", "jwks-json"),
        ("{kid: 'abcdefghijklmnop'}", "jwks-json"),
        ("{old_k: 'abcdefghijklmnop'}", "jwks-json"),
        ("{oth: [{r: 1}]}", "jwks-private"),
        ("{oth: 1}", "jwks-json"),
        ("{k: [1]}", "jwks-json"),
    ] {
        assert_eq!(error(text).code(), code, "{text}");
    }
}

#[test]
fn a_private_key_inside_a_text_of_json_is_refused() {
    let head = [0x30, 0x82, 4, 0xa4, 2, 1, 0, 2, 0x82, 1, 1, 0];
    let base64 = STANDARD.encode([&head[..], CANARY.as_bytes()].concat());
    let (start, end) = base64.split_at(5);
    let broken = format!("{start} \n{end}");
    for text in [
        broken.clone(),
        json!([base64]).to_string(),
        json!([{"key": broken}]).to_string(),
        "{\"key\": \"-----BEGIN PRIVATE\\u0020KEY-----\"}".to_owned(),
        json!({"key": json!({"d": CANARY}).to_string()}).to_string(),
    ] {
        assert_eq!(error(&text).code(), "jwks-private", "{text}");
        assert!(refuse_private(&text).is_err(), "{text}");
    }
    for text in ["{}", "[\"M\"]", "[\"{}\"]", "[\"a private key\"]"] {
        assert_eq!(refuse_private(text), Ok(()), "{text}");
    }
}

#[test]
fn a_chain_has_one_to_ten_certificates_and_nothing_else() {
    let okta = fixture("okta");
    let der = STANDARD.decode(okta["x5c"][0].as_str().unwrap()).unwrap();
    accepted(&certified(okta.clone(), &vec![der.clone(); 10]));
    for (chain, why) in [
        (vec![], "1 to 10"),
        (vec![der.clone(); 11], "1 to 10"),
        (vec![[der, vec![0]].concat()], "other than base64 DER"),
        (vec![pkcs1(&okta)], "other than base64 DER"),
    ] {
        let formatted = format(&certified(okta.clone(), &chain).to_string()).unwrap();
        assert!(
            formatted.refused[0].why.contains(why),
            "{:?}",
            formatted.refused
        );
    }
}

#[test]
fn a_certificate_of_fewer_than_256_bytes_is_read() {
    let p256 = fixture("p256");
    let algorithm = tlv(0x30, &tlv(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
    let times = [tlv(0x17, b"260102000000Z"), tlv(0x17, b"360102000000Z")].concat();
    let (name, serial, signature) = (tlv(0x30, &[]), tlv(2, &[1]), tlv(3, &[0, 7]));
    let signed = [
        &serial,
        &algorithm,
        &name,
        &tlv(0x30, &times),
        &name,
        &ec_spki(P256, &p256),
    ];
    let signed = tlv(0x30, &signed.map(Vec::as_slice).concat());
    let der = tlv(0x30, &[signed, algorithm, signature].concat());
    assert_eq!(der[1], 0x81);
    for key in [p256.clone(), json!({})] {
        let formatted = accepted(&certified(key, std::slice::from_ref(&der)));
        let report = formatted.keys[0].certificate.as_ref().unwrap();
        assert_eq!(
            (report.subject.as_str(), report.ends.as_str()),
            ("no name", "2036-01-02")
        );
    }
    let point = [member(&p256, "x"), member(&p256, "y")].concat();
    let hollow = tlv(0x30, &tlv(0x30, &[point, vec![0; 64]].concat()));
    let formatted = accepted(&certified(p256, &[hollow]));
    assert!(notes(&formatted).contains("only the key was looked at"));
    assert_eq!(formatted.certificates, vec![]);
}

#[test]
fn refused_keys_are_told_in_the_order_of_the_text_and_by_their_own_id() {
    let bad = |kid: Value| json!({"kty": "oct", "kid": kid});
    let mut keys = vec![fixture("p256"), bad(json!("a\u{202e}")), bad(json!(7))];
    keys.resize(11, bad(json!("b")));
    let refused = format(&json!(keys).to_string()).unwrap().refused;
    let paths: Vec<&str> = refused.iter().map(|key| key.path.as_str()).collect();
    let expected: Vec<String> = (0..11).map(|at| format!("$[{at}]")).collect();
    assert_eq!(paths, expected);
    let kids: Vec<Option<&str>> = refused.iter().map(|key| key.kid.as_deref()).collect();
    assert_eq!(kids[..4], [None, Some("a\\u{202e}"), None, Some("b")]);
}

#[test]
fn an_id_that_is_kept_or_given_or_lost_is_told_as_that() {
    let set = |name: &str, kid: Value| accepted(&with(fixture(name), "kid", kid));
    let (named, unnamed) = (set("rsa", json!("a")), set("rsa", json!(null)));
    let other = set("p256", json!("b"));
    for (live, wanted, told) in [
        (&named, &named, &["live in both: `a`"][..]),
        (&unnamed, &unnamed, &["live in both: no id"]),
        (
            &unnamed,
            &named,
            &["same key under another id: `a`, before no id"],
        ),
        (
            &named,
            &unnamed,
            &["same key under another id: no id, before `a`"],
        ),
        (&named, &other, &["new: `b`", "gone: `a`"]),
    ] {
        let shown = Comparison::of(live, wanted).to_string();
        let ids: Vec<&str> = shown
            .lines()
            .filter_map(|line| line.split_once(", thumbprint `"))
            .map(|(id, _)| id)
            .collect();
        assert_eq!(ids, told);
    }
}
