//! In a real browser: what a page, another extension or a broken browser can hand us is dropped without a throw.
//!
//! The values are made in JavaScript: cycles, getters that throw and half characters do not exist in Rust.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use org2org_core::org::OrgUrl;
use org2org_core::run::kept;
use org2org_core::run::{Journal, Org, Pair, Run, StoredRun, Wish};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::browser;
use crate::message::{self, Dropped, Report, Sent, report};
use crate::store::{self, OFFERED, Stored, Whole};

wasm_bindgen_test_configure!(run_in_browser);

const OWN: &str = "abcdefghijklmnopabcdefghijklmnop";

#[wasm_bindgen(inline_js = r#"
const OWN = "abcdefghijklmnopabcdefghijklmnop";
const kept = new Map();
let listener = null;
let storage = "good";
let answer = undefined;

// Only what these tests reach of the browser's extension API.
export function pretend() {
  kept.clear();
  storage = "good";
  globalThis.chrome = {
    runtime: { id: OWN, onMessage: { addListener: (heard) => { listener = heard; } } },
    tabs: { sendMessage: async () => { if (answer instanceof Error) throw answer; return answer; } },
    storage: { local: {
      async get(keys) {
        if (storage === "unreadable") throw new Error("Corruption: block checksum mismatch");
        return Object.fromEntries(keys.filter((key) => kept.has(key)).map((key) => [key, kept.get(key)]));
      },
      async set(items) {
        if (storage === "full") throw new Error("QUOTA_BYTES quota exceeded");
        if (storage !== "forgetful") for (const [key, value] of Object.entries(items)) kept.set(key, value);
      },
    } },
  };
}
export function behave(how) { storage = how; }
export function put(key, json) { kept.set(key, JSON.parse(json)); }
export function answer_with(value) { answer = value; }

// Hands a message to the listener as the browser does; what it throws, it throws here.
export function deliver(message, sender) { return listener(message, sender); }

export function good_sender() {
  return { id: OWN, tab: { id: 7 }, frameId: 0, url: "https://acme-admin.okta.com/admin/x" };
}

// [what it is, message], none of which is a report. The letters are those of the catalogue of bad input.
export function odd_messages() {
  const cyclic = { type: "changed" };
  cyclic.self = cyclic;
  const throwing = { get type() { throw new Error("read me not"); } };
  const inherited = Object.create({ type: "changed" });
  return [
    ["M1 unknown type", { type: "write" }],
    ["M1 a call of our own", { type: "call", nonce: "1", origin: "https://acme-admin.okta.com", call: { op: "apps.create" } }],
    ["M2 no type", {}],
    ["M2 no address", { type: "place" }],
    ["M3 more than asked", { type: "changed", more: 1 }],
    ["M4 type is a number", { type: 1 }],
    ["M4 type is a list", { type: ["changed"] }],
    ["M4 address is an object", { type: "place", href: { toString: () => "https://acme-admin.okta.com/" } }],
    ["M5 null", null], ["M5 undefined", undefined], ["M5 list", ["changed"]], ["M5 text", "changed"], ["M5 number", NaN],
    ["M5 big number", 1n], ["M5 function", () => "changed"], ["M5 symbol", Symbol("changed")], ["M5 date", new Date(0)],
    ["M6 prototype", JSON.parse('{"__proto__":{"type":"changed"}}')],
    ["M6 constructor", { type: "changed", constructor: { name: "Object" } }],
    ["M6 inherited", inherited],
    ["M7 cycle", cyclic],
    ["M7 eight megabytes", { type: "x".repeat(8_000_000) }],
    ["M7 deep", (() => { let deep = {}; for (let at = 0; at < 5_000; at += 1) deep = { deep }; return deep; })()],
    ["M10 asks for a write", { type: "consent", plan: "1" }],
    ["M19 half a character", { type: "place", href: "https://acme-admin.okta.com/\ud800" }],
    ["M19 half a character as type", { type: "\udfff" }],
    ["M20 bytes", new TextEncoder().encode('{"type":"changed"}')],
    ["M20 buffer", new ArrayBuffer(8)], ["M20 map", new Map([["type", "changed"]])],
    ["a getter that throws", throwing],
    ["a proxy that throws", new Proxy({}, { ownKeys() { throw new Error("no"); }, get() { throw new Error("no"); } })],
  ];
}

// [what it is, sender], none of which is a page of ours.
export function odd_senders() {
  const good = good_sender();
  return [
    ["M11 a frame", { ...good, frameId: 3 }],
    ["M11 no frame", { ...good, frameId: undefined }],
    ["M12 another org", { ...good, url: "https://hub-admin.okta.com/admin" }],
    ["M12 a look-alike", { ...good, url: "https://acme-admin.okta.com.evil.com/" }],
    ["M12 an org's own host", { ...good, url: "https://acme.okta.com/app/UserHome" }],
    ["M13 another extension", { ...good, id: "ponmlkjihgfedcbaponmlkjihgfedcba" }],
    ["M13 a list as id", { ...good, id: [good.id] }],
    ["M14 no address", { ...good, url: undefined }],
    ["M18 an orphan", { ...good, id: undefined }],
    ["no tab", { ...good, tab: undefined }], ["a tab without number", { ...good, tab: {} }], ["a tab of text", { ...good, tab: "7" }],
    ["nothing", undefined], ["null", null], ["text", "sender"],
    ["a getter that throws", { get id() { throw new Error("no"); } }],
  ];
}

// [what it is, answer to a call with the nonce "n1"], none of which answers it.
export function odd_answers() {
  const good = { nonce: "n1", origin: "https://acme-admin.okta.com", status: 200, headers: {}, body: "[]", redirected: false };
  const cyclic = { ...good };
  cyclic.headers = { date: cyclic };
  return [
    ["M5 nothing", undefined], ["M5 null", null], ["M5 text", "[]"],
    ["M2 no body", { ...good, body: undefined }], ["M3 more than asked", { ...good, more: 1 }],
    ["M4 a body that is read", { ...good, body: [] }], ["M4 a status of text", { ...good, status: "200" }], ["M4 no status", { ...good, status: Infinity }],
    ["M6 a prototype as header", { ...good, headers: JSON.parse('{"__proto__":"x"}') }],
    ["M7 cycle", cyclic],
    ["M8 of another call", { ...good, nonce: "n0" }], ["M9 without nonce", { ...good, nonce: undefined }],
    ["M12 of another org", { ...good, origin: "https://hub-admin.okta.com" }],
    ["M20 bytes as body", { ...good, body: new Uint8Array(2) }],
    ["a header that is none of ours", { ...good, headers: { "set-cookie": "sid=1" } }],
  ];
}
"#)]
extern "C" {
    fn pretend();
    fn behave(how: &str);
    fn put(key: &str, json: &str);
    fn answer_with(value: &JsValue);
    #[wasm_bindgen(catch)]
    fn deliver(message: &JsValue, sender: &JsValue) -> Result<JsValue, JsValue>;
    fn good_sender() -> JsValue;
    fn odd_messages() -> Array;
    fn odd_senders() -> Array;
    fn odd_answers() -> Array;
}

/// What was heard, message by message.
type Heard = Rc<RefCell<Vec<Result<Report, Dropped>>>>;

fn listening() -> Heard {
    pretend();
    let heard = Heard::default();
    let ours = heard.clone();
    browser::on_message(move |text, sender| ours.borrow_mut().push(report(&text, &sender, OWN)));
    heard
}

fn pairs(list: &Array) -> Vec<(String, JsValue)> {
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        (pair.get(0).as_string().unwrap_or_default(), pair.get(1))
    };
    list.iter().map(pair).collect()
}

fn changed() -> JsValue {
    js_sys::JSON::parse(r#"{"type":"changed"}"#).expect("it is JSON")
}

fn acme() -> OrgUrl {
    OrgUrl::parse("https://acme.okta.com").expect("it is an org")
}

/// The last message was dropped, and the next good one is still heard.
fn dropped(heard: &Heard, what: &str, message: &JsValue, sender: &JsValue) {
    heard.borrow_mut().clear();
    let returned = deliver(message, sender);
    assert_eq!(returned, Ok(JsValue::UNDEFINED), "{what}");
    deliver(&changed(), &good_sender()).expect("a good message is heard");
    let heard = heard.borrow();
    assert!(heard[0].is_err(), "{what} was believed: {:?}", heard[0]);
    let good = Report::Changed {
        tab: 7,
        org: acme(),
    };
    assert_eq!(heard[1..], [Ok(good)], "{what}");
}

#[wasm_bindgen_test]
fn odd_messages_are_dropped_without_a_throw() {
    let heard = listening();
    for (what, message) in pairs(&odd_messages()) {
        dropped(&heard, &what, &message, &good_sender());
    }
}

#[wasm_bindgen_test]
fn odd_senders_are_dropped_without_a_throw() {
    let heard = listening();
    let place = r#"{"type":"place","href":"https://acme-admin.okta.com/admin/users"}"#;
    let place = js_sys::JSON::parse(place).expect("it is JSON");
    deliver(&place, &good_sender()).expect("a good message is heard");
    assert!(matches!(heard.borrow()[..], [Ok(Report::Place { .. })]));
    for (what, sender) in pairs(&odd_senders()) {
        dropped(&heard, &what, &place, &sender);
    }
}

#[wasm_bindgen_test]
fn ten_thousand_odd_messages_leave_the_listener_alive() {
    let heard = listening();
    let odd: Vec<_> = pairs(&odd_messages())
        .into_iter()
        .filter(|(what, _)| !what.starts_with("M7"))
        .collect();
    for (what, message) in odd.iter().cycle().take(10_000) {
        deliver(message, &good_sender()).unwrap_or_else(|_| panic!("{what} threw"));
    }
    assert!(heard.borrow().iter().all(Result::is_err));
    dropped(&heard, "M16 a flood", &JsValue::NULL, &good_sender());
}

#[wasm_bindgen_test]
async fn odd_answers_are_taken_for_none() {
    pretend();
    for (what, answer) in pairs(&odd_answers()) {
        answer_with(&answer);
        let text = browser::send(7, "{}").await.expect("the tab answered");
        assert!(message::sent(&text, "n1", &acme()).is_err(), "{what}");
    }
    // M15: the tab closed while it worked.
    answer_with(&js_sys::Error::new(
        "The message port closed before a response was received.",
    ));
    let why = browser::send(7, "{}").await.expect_err("nobody answered");
    assert!(why.contains("message port closed"), "{why}");
    let good = r#"{"nonce":"n1","origin":"https://acme-admin.okta.com","status":200,"headers":{},"body":"[]","redirected":false}"#;
    answer_with(&js_sys::JSON::parse(good).expect("it is JSON"));
    let text = browser::send(7, "{}").await.expect("the tab answered");
    assert!(matches!(
        message::sent(&text, "n1", &acme()),
        Ok(Sent::Answered(_))
    ));
}

fn run() -> StoredRun {
    let org = |name: &str, id: &str| Org {
        url: OrgUrl::parse(&format!("https://{name}.okta.com")).expect("it is an org"),
        id: id.to_owned(),
        name: name.to_owned(),
        actor: "00u1".to_owned(),
        login: "ada@acme.example.com".to_owned(),
    };
    let pair = Pair::new(org("acme", "00o1"), org("hub", "00o2")).expect("two orgs");
    let wish = Wish::suggest(&pair);
    StoredRun {
        version: 1,
        pair,
        wish,
        procedures: vec!["federation".to_owned()],
        journal: Journal::default(),
    }
}

#[wasm_bindgen_test]
async fn a_run_is_kept_and_found_again() {
    pretend();
    assert!(matches!(store::load().await, Stored::Nothing));
    store::keep_run(&run()).await.expect("it is kept");
    let Stored::Run(found) = store::load().await else {
        panic!("the run was not found");
    };
    assert_eq!(
        serde_json::to_string(&*found).ok(),
        serde_json::to_string(&run()).ok()
    );
    assert!(Run::resume(*found, OFFERED, 0).is_ok_and(|run| run.damage().is_none()));
}

#[wasm_bindgen_test]
async fn a_storage_that_fails_is_never_taken_for_empty_or_for_kept() {
    pretend();
    store::keep_run(&run()).await.expect("it is kept");
    behave("unreadable");
    assert!(matches!(store::load().await, Stored::Damaged), "S12");
    for (how, word) in [("full", "quota"), ("forgetful", "did not keep")] {
        pretend();
        behave(how);
        let why = store::keep_run(&run()).await.expect_err(how);
        assert!(why.contains(word), "{how}: {why}");
    }
}

#[wasm_bindgen_test]
async fn pairs_are_moved_at_once_or_not_at_all() {
    pretend();
    store::keep_run(&run()).await.expect("it is kept");
    let before = Whole::load().await.expect("it is there");
    let (kept, hand) = kept::exchange(vec![], before.hand.clone(), None).expect("it is put away");
    let moved = Whole {
        hand,
        shelf: Some(kept::text(&kept)),
    };
    for how in ["full", "forgetful"] {
        behave(how);
        moved.keep().await.expect_err(how);
        behave("good");
        let left = Whole::load().await.expect("it is there");
        assert_eq!(
            (left.hand, left.shelf),
            (before.hand.clone(), None),
            "{how}"
        );
    }
    moved.keep().await.expect("it is kept");
    assert!(matches!(store::load().await, Stored::Nothing));
    assert_eq!(store::next().await, None);
    assert_eq!(store::has_put_away().await, Ok(true));
    let joined = kept.first().and_then(kept::Kept::joined);
    assert!(joined.is_some_and(|pair| pair.joins_same_orgs(&run().pair)));

    let back = Whole::load().await.expect("it is there");
    let kept = kept::read(back.shelf.as_deref()).expect("it is a list");
    let (kept, hand) = kept::exchange(kept, back.hand, Some(0)).expect("it comes back");
    assert_eq!(hand, before.hand, "byte by byte");
    let shelf = Some(kept::text(&kept));
    Whole { hand, shelf }.keep().await.expect("it is kept");
    assert!(matches!(store::load().await, Stored::Run(_)));
    assert_eq!(store::has_put_away().await, Ok(false));
}

#[wasm_bindgen_test]
async fn values_that_are_no_texts_of_ours_are_damage() {
    for json in [
        "{}",
        "[]",
        "0",
        "true",
        "null",
        "\"\"",
        "\"{}\"",
        r#"{"version":1}"#,
        r#""{\"version\":1,\"pair\"""#,
    ] {
        for key in ["pair", "run", "mark"] {
            pretend();
            put(key, json);
            assert!(
                matches!(store::load().await, Stored::Damaged),
                "{key} {json}"
            );
        }
    }
}
