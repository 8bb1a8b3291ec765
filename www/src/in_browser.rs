//! In a real browser: the three tools on the page's own forms, with core at work in wasm.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{DomParser, Element, Event, HtmlButtonElement, SupportedType};

use crate::job::Output;
use crate::page::{by_id, document};
use crate::{Job, start};

wasm_bindgen_test_configure!(run_in_browser);

const SSO: &str = "https://acme.okta.com/app/okta_org2org/exk1abcdefghijklmnop/sso/saml";
const LINK: &str = "https://hub.okta.com/home/expenses/0oa1abcdefghijklmnop/42";

#[wasm_bindgen_test]
fn a_bookmark_url_is_built_and_read_back() {
    open_page();
    type_into("sso-url", SSO);
    type_into("embed-link", LINK);
    let built = text_of("#build-status pre");
    assert_eq!(built, [SSO, "?RelayState=", LINK].concat());
    assert!(!by_id::<HtmlButtonElement>("build-copy").disabled());
    type_into("any-url", &built);
    assert!(shown("read-status").contains(LINK));
    assert!(!shown("read-status").contains("Problem:"));
}

#[wasm_bindgen_test]
fn a_link_with_a_query_arrives_unchanged() {
    open_page();
    let link = [LINK, "?from=a b&to=c+d"].concat();
    type_into("sso-url", SSO);
    type_into("embed-link", &link);
    let built = text_of("#build-status pre");
    let address = web_sys::Url::new(&built).expect("it is an address");
    // The browser's own reading, not core's.
    let relay = address.search_params().get("RelayState");
    assert_eq!(relay.as_deref(), Some(link.as_str()), "{built}");
}

#[wasm_bindgen_test]
fn a_look_alike_host_is_refused_at_its_field() {
    open_page();
    type_into("sso-url", &SSO.replace("okta.com", "okta.com.evil.com"));
    type_into("embed-link", LINK);
    assert!(shown("build-status").starts_with("Refused:"));
    let invalid = |id: &str| by_id::<Element>(id).get_attribute("aria-invalid");
    assert_eq!(invalid("sso-url").as_deref(), Some("true"));
    assert_eq!(invalid("embed-link").as_deref(), Some("false"));
    assert!(by_id::<HtmlButtonElement>("build-copy").disabled());
}

#[wasm_bindgen_test]
fn a_private_key_is_refused_and_cleared() {
    let secret = "c2VjcmV0LWNhbmFyeS1vZi10aGUtdGVzdA";
    let modulus = "0".repeat(342).replace('0', "q");
    for key in [
        format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n"),
        format!(
            r#"{{"keys":[{{"kty":"RSA","kid":"k","e":"AQAB","n":"{modulus}","d":"{secret}"}}]}}"#
        ),
    ] {
        open_page();
        type_into("keys-text", &key);
        assert!(shown("keys-status").starts_with("Refused:"), "{key}");
        assert_eq!(value_of("keys-text"), "", "{key}");
        let page = document().document_element().expect("a page");
        let left = page.outer_html();
        assert!(!left.contains(secret), "the key is still on the page");
        assert!(by_id::<HtmlButtonElement>("keys-copy").disabled());
    }
}

#[wasm_bindgen_test]
fn public_keys_become_a_jwks_without_what_okta_adds() {
    open_page();
    let modulus = ["q".repeat(341).as_str(), "w"].concat();
    let key = format!(
        r#"[{{"kty":"RSA","created":"2026-01-01T00:00:00.000Z","kid":"k1","use":"sig","e":"AQAB","n":"{modulus}"}}]"#
    );
    type_into("keys-text", &key);
    let jwks = js_sys::JSON::parse(&text_of("#keys-status pre")).expect("it is JSON");
    let member = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).expect("an object");
    let first = member(&member(&jwks, "keys"), "0");
    assert_eq!(member(&first, "n").as_string(), Some(modulus));
    assert_eq!(member(&first, "kid").as_string().as_deref(), Some("k1"));
    assert!(member(&first, "created").is_undefined());
}

#[wasm_bindgen_test]
fn a_report_is_filtered_alike_however_it_is_cut() {
    let report = "User,Login,Status\r\n\"Löwe, Ada\",ada@example.com,ACTIVE\r\nBob,bob@example.com,Staged\r\n\"C \"\"x\"\"\",c@example.com,Active\r\n";
    let whole = filtered(report.as_bytes(), report.len()).expect("it is a report");
    for size in 1..20 {
        assert_eq!(filtered(report.as_bytes(), size).as_ref(), Ok(&whole));
    }
    let (kept, summary) = whole;
    let lines: Vec<&str> = report.split_inclusive("\r\n").collect();
    assert_eq!(kept, [lines[0], lines[1], lines[3]].concat().as_bytes());
    assert!(summary.contains("3 rows, 2 active users kept"), "{summary}");
}

#[wasm_bindgen_test]
fn a_report_becomes_an_import_file_that_its_check_finds_sound() {
    let report = "User,Login,Status\n\"Löwe, Ada\",ada@example.com,ACTIVE\nBob Ray,bob@example.com,Staged\nE\u{301}a Fox,e\u{301}a@example.com,Active\n";
    let (file, summary) = made("import", report.as_bytes(), 9, None).expect("it is a report");
    let text = String::from_utf8(file.clone()).expect("it is UTF-8");
    assert!(
        text.contains("ada@example.com.acme") && text.contains("Löwe"),
        "{text}"
    );
    assert!(
        summary.contains("2 users in the import file") && summary.contains("Names guessed: 2."),
        "{summary}"
    );
    let there = r#"[{"status":"DEPROVISIONED","profile":{"login":"ÉA@example.com.ACME"}}]"#;
    let (_, sound) = made("check", &file, 11, None).expect("it is a file");
    assert!(
        sound.contains("2 rows, 2 sound, 0 mended, 0 refused"),
        "{sound}"
    );
    let (_, taken) = made("check", &file, 11, Some(there)).expect("it is a file");
    assert!(
        taken.contains("2 rows, 1 sound, 0 mended, 1 refused"),
        "{taken}"
    );
}

#[wasm_bindgen_test]
fn repeated_logins_block_and_other_files_are_refused_by_name() {
    let twice = "User,Login,Status\nA B,a@x.com,ACTIVE\nC D,A@X.com,ACTIVE\n";
    let (_, summary) = made("import", twice.as_bytes(), 99, None).expect("it is a report");
    assert!(
        summary.contains("Blocked: ") && !summary.contains("download\""),
        "{summary}"
    );
    let refusal = made("check", b"login\n", 9, Some("{}")).expect_err("no list of users");
    assert!(refusal.starts_with("[\"users-"), "{refusal}");
}

#[wasm_bindgen_test]
fn a_copy_to_look_at_runs_nothing() {
    let (copy, summary) =
        made("view", b"login,note\na@x.com,=1+1\n", 4, None).expect("it is a file");
    let copy = String::from_utf8(copy).expect("it is UTF-8");
    assert!(
        copy.contains("NOT FOR IMPORT") && copy.contains("'=1+1"),
        "{copy}"
    );
    assert!(summary.contains("1 formulas made text"), "{summary}");
}

#[wasm_bindgen_test]
fn long_rows_cross_every_place_of_a_block() {
    for length in 0..140 {
        let fill = "x".repeat(length);
        let active =
            format!("\"{fill}\n\"\"\",a@example.com,ACTIVE\r{fill}ü,b@example.com,Active\r\n");
        let report = format!("User,Login,Status\n{active}{fill},c@example.com,Staged\n{active}");
        let whole = filtered(report.as_bytes(), report.len()).expect("it is sound");
        let expected = format!("User,Login,Status\n{active}{active}");
        assert_eq!(
            String::from_utf8(whole.0.clone()).as_deref(),
            Ok(expected.as_str())
        );
        assert!(
            whole.1.contains("5 rows, 4 active users kept"),
            "{}",
            whole.1
        );
        assert_eq!(filtered(report.as_bytes(), 1), Ok(whole));
    }
}

#[wasm_bindgen_test]
fn a_broken_report_is_refused_with_its_place() {
    let broken = "User,Login,Status\nAda,ada@example.com,\"ACTIVE\nBob,bob@example.com,ACTIVE\n";
    let refusal = filtered(broken.as_bytes(), 7).expect_err("the quote never ends");
    assert!(
        refusal.starts_with("[\"users-") && refusal.contains("line 2"),
        "{refusal}"
    );
}

/// The forms of `index.html`, empty and listening.
fn open_page() {
    let parser = DomParser::new().expect("a browser parses");
    let page = parser
        .parse_from_string(
            include_str!(concat!(env!("OUT_DIR"), "/index.html")),
            SupportedType::TextHtml,
        )
        .expect("the page is HTML");
    let fresh = page.body().expect("the page has a body");
    let body = document().body().expect("a page has a body");
    if let Some(old) = document().get_element_by_id("stage") {
        old.remove();
    }
    let stage = document().create_element("div").expect("a valid name");
    stage.set_id("stage");
    while let Some(child) = fresh.first_child() {
        stage.append_child(&child).expect("it takes elements");
    }
    body.append_child(&stage).expect("it takes elements");
    let no_worker = Closure::once_into_js(|| JsValue::UNDEFINED);
    start(no_worker.unchecked_into());
}

fn type_into(id: &str, text: &str) {
    let field: Element = by_id(id);
    Reflect::set(&field, &"value".into(), &text.into()).expect("a field has a value");
    let typed = Event::new("input").expect("a valid name");
    field.dispatch_event(&typed).expect("it is heard");
}

fn value_of(id: &str) -> String {
    let value = Reflect::get(&by_id::<Element>(id), &"value".into());
    value
        .expect("a field has a value")
        .as_string()
        .unwrap_or_default()
}

fn shown(id: &str) -> String {
    by_id::<Element>(id).text_content().unwrap_or_default()
}

fn text_of(selector: &str) -> String {
    let found = document()
        .query_selector(selector)
        .expect("a valid selector");
    let found = found.unwrap_or_else(|| panic!("nothing is shown at {selector}"));
    found.text_content().unwrap_or_default()
}

/// Kept bytes and summary of a report that arrives in pieces of this size, or the refusal.
fn filtered(bytes: &[u8], size: usize) -> Result<(Vec<u8>, String), String> {
    made("active", bytes, size, None)
}

/// What is made of a file that arrives in pieces of this size, and its summary, or the refusal.
fn made(
    make: &str,
    bytes: &[u8],
    size: usize,
    users: Option<&str>,
) -> Result<(Vec<u8>, String), String> {
    let wanted = js_sys::Object::new();
    for (name, value) in [
        ("make", make),
        ("separator", "44"),
        ("encoding", "utf-8"),
        ("preview", "5"),
        ("suffix", ".acme"),
        ("email", "true"),
        ("group", "Everybody of ACME"),
        ("repeated", "block"),
        ("name", "report.csv"),
    ] {
        Reflect::set(&wanted, &name.into(), &value.into()).expect("it is a plain object");
    }
    let words = |value: JsValue| {
        let json = js_sys::JSON::stringify(&value).expect("it is plain data");
        String::from(json)
    };
    let users = users.map(|text| text.as_bytes().to_vec());
    let mut job = Job::new(&wanted, None, None, users).map_err(words)?;
    let out = Rc::new(RefCell::new(Vec::new()));
    let written = out.clone();
    let write = Closure::<dyn Fn(Uint8Array)>::new(move |bytes: Uint8Array| {
        written.borrow_mut().extend(bytes.to_vec());
    });
    let to = js_sys::Object::new();
    Reflect::set(&to, &"write".into(), write.as_ref()).expect("it is a plain object");
    let to: Output = to.unchecked_into();
    for piece in bytes.chunks(size) {
        job.push(piece, &to).map_err(words)?;
    }
    assert!(job.summary().is_none(), "nothing is told before the end");
    job.finish(&to).map_err(words)?;
    let summary = words(job.summary().expect("it is finished").into());
    Ok((out.take(), summary))
}
