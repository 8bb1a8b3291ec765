//! Addresses: a million links through the bookmark and back, and the web platform's own corpus.

use crate::deep;
use org2org_core::bookmark::{build, explain, read};
use org2org_core::org::Place;
use org2org_tests::Dice;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use url::Url;

const SSO: &str = "https://acme.okta.com/app/okta_org2org/exk1a2b3c4d5e6f7g8h9/sso/saml";

#[test]
fn generated_links_come_back_byte_for_byte() {
    let mut dice = Dice::new(7);
    for at in 0..if deep() { 1_000_000 } else { 20_000 } {
        let link = link(&mut dice);
        let bookmark = build(SSO, &link).unwrap_or_else(|error| panic!("{at}: {link}: {error}"));
        let url = Url::parse(&bookmark.url).expect("a browser reads it");
        let relayed: Vec<String> = url
            .query_pairs()
            .filter(|(name, _)| name == "RelayState")
            .map(|(_, value)| value.into_owned())
            .collect();
        assert_eq!(relayed, [link.as_str()], "{at}");
        assert_eq!(
            read(&bookmark.url).as_ref(),
            Ok(&bookmark.parts),
            "{at}: {link}"
        );
    }
}

const FAMILIES: &[&str] = &[
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
];
const TAIL: &[&str] = &[
    "a",
    "Z",
    "0",
    "=",
    "&",
    "+",
    "%",
    "%26",
    "%2",
    " x",
    "#",
    "?",
    "/",
    ";",
    ",",
    "\"",
    "'",
    "<",
    "ä",
    "漢",
    "🙂",
    "RelayState=",
    "\\",
];

/// An embed link of a real shape, three of four with a query or fragment of anything that can be typed.
fn link(dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut word = |length: usize, among: usize| -> String {
        (0..length)
            .map(|_| char::from(LETTERS[dice.roll(among)]))
            .collect()
    };
    let (name, id, link_id) = (word(8, 10), word(17, 62), word(6, 62));
    let family = FAMILIES[dice.roll(FAMILIES.len())];
    let mut link = format!("https://hub.{family}/home/app{name}/0oa{id}/{link_id}");
    if dice.roll(4) > 0 {
        link.push_str(["?", "#", "?a=1&b="][dice.roll(3)]);
        for _ in 0..dice.roll(8) {
            link.push_str(TAIL[dice.roll(TAIL.len())]);
        }
        link.push('x');
    }
    link
}

/// Whatever the corpus writes: where core sees an org, a browser goes to that org's very host.
#[test]
fn no_address_of_the_web_platform_corpus_reads_as_another_host() {
    let cases: Vec<Value> =
        serde_json::from_slice(&std::fs::read(corpus()).expect("it can be read"))
            .expect("it is JSON");
    let inputs: Vec<&str> = cases
        .iter()
        .filter_map(|case| case.get("input")?.as_str())
        .collect();
    assert!(inputs.len() > 800, "the corpus has {} cases", inputs.len());
    let (mut orgs, mut refused) = (0, 0);
    for input in inputs {
        for host in [
            "example.com",
            "example.org",
            "example.net",
            "host",
            "a",
            "foo",
            "bar",
            "",
        ] {
            let text = match host {
                "" => input.to_owned(),
                host => input
                    .replacen(host, "hub.okta.com", 1)
                    .replacen("http:", "https:", 1),
            };
            let shown = explain(&text).to_string();
            assert!(shown.starts_with("This is "), "{text}");
            let nested: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            assert!(
                !explain(&format!("{SSO}?RelayState={nested}"))
                    .to_string()
                    .is_empty()
            );
            let Ok(place) = Place::read(&text) else {
                refused += 1;
                continue;
            };
            orgs += 1;
            let url = Url::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let host = if place.admin {
                place.org.admin_host()
            } else {
                place.org.host()
            };
            assert_eq!(
                (url.scheme(), url.host_str(), url.port()),
                ("https", Some(host), None),
                "{text}"
            );
            assert_eq!((url.username(), url.password()), ("", None), "{text}");
        }
    }
    assert!(
        orgs > 30 && refused > 5_000,
        "{orgs} read as an org, {refused} refused"
    );
}

/// The corpus comes with the sources of the crate `url`, which is our own dependency.
fn corpus() -> PathBuf {
    let told = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&told.stdout).expect("cargo tells its packages");
    let packages = metadata["packages"].as_array().expect("a list");
    let own = packages
        .iter()
        .find(|package| package["name"] == "url")
        .expect("a dependency");
    let manifest = PathBuf::from(own["manifest_path"].as_str().expect("a path"));
    manifest.with_file_name("tests").join("urltestdata.json")
}
