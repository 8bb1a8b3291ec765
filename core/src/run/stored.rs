//! Runs and pairs at rest, read strictly: what does not fit is named by its place in the JSON.
//!
//! Reading is written out by hand. Derived reading of these nested, tagged forms made up an
//! eighth of the extension's module, and could not say where in the text it failed.

use std::cell::RefCell;

use serde::Serialize;
use serde_json::Value;

use super::journal::{Entry, Event, Journal, Outcome, Purpose};
use super::{Aim, InitialStatus, Method, Org, Pair, Push, RunError, SignOn, Wish};
use crate::explain::seen;
use crate::facts::Member;
use crate::json;
use crate::okta::{Call, Change};
use crate::org::OrgUrl;

/// Version of [`StoredRun`].
pub const STORED_VERSION: u32 = 1;

/// A run at rest: what a face keeps. Holds no secret and no personal data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoredRun {
    /// Version of this form.
    pub version: u32,
    /// The pair.
    pub pair: Pair,
    /// The wish; users are named by their ids.
    pub wish: Wish,
    /// Ids of the procedures.
    pub procedures: Vec<String>,
    /// The journal.
    pub journal: Journal,
}

impl StoredRun {
    /// Reads what [`StoredRun::text`] wrote. [`RunError::Foreign`] names the place that does not
    /// fit. The journal may hold damage of its own: [`Journal::damage`] finds it.
    pub fn read(text: &str) -> Result<StoredRun, RunError> {
        whole(text, run)
    }

    /// As JSON, for [`StoredRun::read`].
    pub fn text(&self) -> String {
        json::text(self)
    }
}

impl Pair {
    /// Reads what [`Pair::text`] wrote. [`RunError::Foreign`] names the place that does not fit.
    pub fn read(text: &str) -> Result<Pair, RunError> {
        whole(text, pair)
    }

    /// As JSON, for [`Pair::read`].
    pub fn text(&self) -> String {
        json::text(self)
    }
}

impl Wish {
    /// Reads what [`Wish::text`] wrote. [`RunError::Foreign`] names the place that does not fit.
    pub fn read(text: &str) -> Result<Wish, RunError> {
        whole(text, |at| Some(wish(at)))
    }

    /// As JSON, for [`Wish::read`]. Names people where the wish does.
    pub fn text(&self) -> String {
        json::text(self)
    }
}

impl Journal {
    /// Reads a journal by itself: a JSON list of entries. [`RunError::Foreign`] names the place that does not fit;
    /// damage is for [`Journal::damage`] to find.
    pub fn read(text: &str) -> Result<Journal, RunError> {
        whole(&["{\"journal\":", text, "}"].concat(), |at| {
            Some(Journal {
                entries: at.list("journal", entry),
            })
        })
    }
}

pub(crate) fn whole<T>(text: &str, read: fn(&At<'_>) -> Option<T>) -> Result<T, RunError> {
    let foreign = |why| RunError::Foreign { why };
    let value = json::read(text)
        .map_err(|error| foreign(["no JSON: ", &seen(&error.to_string())].concat()))?;
    let odd = RefCell::default();
    let root = At {
        value: &value,
        name: "",
        above: None,
        odd: &odd,
    };
    let found = read(&root);
    match (odd.into_inner(), found) {
        (None, Some(found)) => Ok(found),
        (why, _) => Err(foreign(why.unwrap_or_default())),
    }
}

/// A value and its place. What does not fit is noted, the first of it, and read as empty: code
/// without a way out at each member is less than half as long. [`whole`] looks at the note.
pub(crate) struct At<'a> {
    pub(crate) value: &'a Value,
    name: &'a str,
    above: Option<&'a At<'a>>,
    /// Why something does not fit: a sentence that names the place.
    odd: &'a RefCell<Option<String>>,
}

impl At<'_> {
    /// The place as a JSON pointer (RFC 6901).
    fn path(&self) -> String {
        match self.above {
            Some(above) => [&above.path(), "/", self.name].concat(),
            None => String::new(),
        }
    }

    pub(crate) fn note(&self, what: &str) {
        let mut odd = self.odd.borrow_mut();
        if odd.is_none() {
            *odd = Some(["`", &seen(&self.path()), "` is ", what].concat());
        }
    }

    fn below<'b>(&'b self, name: &'b str, value: &'b Value) -> At<'b> {
        At {
            value,
            name,
            above: Some(self),
            odd: self.odd,
        }
    }

    fn optional<'b>(&'b self, name: &'b str) -> Option<At<'b>> {
        self.value.get(name).map(|value| self.below(name, value))
    }

    pub(crate) fn member<'b>(&'b self, name: &'b str) -> At<'b> {
        let found = self.optional(name);
        found.unwrap_or_else(|| {
            let missing = self.below(name, &Value::Null);
            missing.note("missing");
            missing
        })
    }

    pub(crate) fn own_text(&self) -> &str {
        self.value.as_str().unwrap_or_else(|| {
            self.note("not a text");
            ""
        })
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.member(name).own_text().to_owned()
    }

    fn own_text_or_null(&self) -> Option<String> {
        (!self.value.is_null()).then(|| self.own_text().to_owned())
    }

    fn text_or_null(&self, name: &str) -> Option<String> {
        self.member(name).own_text_or_null()
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        let at = self.member(name);
        at.value.as_u64().unwrap_or_else(|| {
            at.note("not a number from 0");
            0
        })
    }

    fn own_flag(&self) -> bool {
        self.value.as_bool().unwrap_or_else(|| {
            self.note("not true or false");
            false
        })
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.member(name).own_flag()
    }

    fn flag_or_off(&self, name: &str) -> bool {
        self.optional(name).is_some_and(|at| at.own_flag())
    }

    /// The place among these words of what stands here; `what` says what they are.
    pub(crate) fn one_of(&self, name: &str, words: &[&str], what: &str) -> usize {
        let at = self.member(name);
        let text = at.own_text();
        let found = words.iter().position(|word| *word == text);
        found.unwrap_or_else(|| {
            at.note(what);
            words.len()
        })
    }

    fn each(&self, name: &str, read: &mut dyn FnMut(&At<'_>)) {
        let at = self.member(name);
        match at.value.as_array() {
            Some(items) => {
                for (index, value) in items.iter().enumerate() {
                    read(&at.below(&index.to_string(), value));
                }
            }
            None => at.note("not a list"),
        }
    }

    pub(crate) fn list<T>(&self, name: &str, read: fn(&At<'_>) -> T) -> Vec<T> {
        let mut list = Vec::new();
        self.each(name, &mut |at| list.push(read(at)));
        list
    }
}

fn run(at: &At<'_>) -> Option<StoredRun> {
    Some(StoredRun {
        version: as_version(at.number("version")),
        pair: pair(&at.member("pair"))?,
        wish: wish(&at.member("wish")),
        procedures: at.list("procedures", |at| at.own_text().to_owned()),
        journal: Journal {
            entries: at.list("journal", entry),
        },
    })
}

// A number no version has must not turn into one that this program knows.
fn as_version(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// None only where something was noted: no address stands for an org that cannot be read.
pub(crate) fn pair(at: &At<'_>) -> Option<Pair> {
    Some(Pair {
        source: org(&at.member("source"))?,
        target: org(&at.member("target"))?,
    })
}

fn org(at: &At<'_>) -> Option<Org> {
    let url = at.member("url");
    let Ok(parsed) = OrgUrl::parse(url.own_text()) else {
        url.note("not an Okta org");
        return None;
    };
    Some(Org {
        url: parsed,
        id: at.text("id"),
        name: at.text("name"),
        actor: at.text("actor"),
        login: String::new(),
    })
}

pub(crate) fn wish(at: &At<'_>) -> Wish {
    Wish {
        aim: at.optional("aim").map_or(Aim::Connect, |at| aim(&at)),
        sign_on: at.optional("sign_on").map_or(SignOn::Saml, |_| sign_on(at)),
        app_label: at.text("app_label"),
        idp_name: at.text("idp_name"),
        group_name: at.text("group_name"),
        groups: at.list("groups", member),
        users: at.list("users", member),
        apps: at.list("apps", member),
        jit: at.flag("jit"),
        by_file: at.flag_or_off("by_file"),
        links: at.flag_or_off("links"),
        routing: at.flag_or_off("routing"),
        push: at.optional("push").and_then(|at| push(&at)),
    }
}

fn sign_on(at: &At<'_>) -> SignOn {
    match at.one_of("sign_on", &["oidc", "saml"], "not a way to sign in") {
        0 => SignOn::Oidc,
        _ => SignOn::Saml,
    }
}

fn aim(at: &At<'_>) -> Aim {
    match at.one_of(
        "name",
        &["connect", "pilot", "remove", "rotate"],
        "not an aim",
    ) {
        0 => Aim::Connect,
        1 => Aim::Pilot,
        2 => Aim::Remove,
        _ => Aim::Rotate(at.text("key")),
    }
}

fn push(at: &At<'_>) -> Option<Push> {
    if at.value.is_null() {
        return None;
    }
    let methods = Method::ALL.map(Method::name);
    let statuses = InitialStatus::ALL.map(InitialStatus::name);
    Some(Push {
        method: *Method::ALL.get(at.one_of("method", &methods, "not a method"))?,
        client_label: at.text("client_label"),
        deactivate: at.flag("deactivate"),
        initial_status: *InitialStatus::ALL.get(at.one_of(
            "initial_status",
            &statuses,
            "not an initial status",
        ))?,
        groups: at.list("groups", member),
        replaces_token: at
            .optional("replaces_token")
            .and_then(|at| at.own_text_or_null()),
    })
}

pub(crate) fn member(at: &At<'_>) -> Member {
    Member {
        id: at.text("id"),
        name: at.text("name"),
    }
}

fn entry(at: &At<'_>) -> Entry {
    Entry {
        seq: at.number("seq"),
        at: at.number("at"),
        key: at.text("key"),
        event: event(&at.member("event")),
        prev: at.text("prev"),
        hash: at.text("hash"),
    }
}

fn event(at: &At<'_>) -> Event {
    let kinds = ["intent", "outcome", "proof", "undone"];
    match at.one_of("kind", &kinds, "not a kind of event") {
        0 => Event::Intent {
            purpose: match at.one_of("purpose", &["apply", "undo"], "not a purpose") {
                0 => Purpose::Apply,
                _ => Purpose::Undo,
            },
            call: call(&at.member("call")),
            changes: at.list("changes", change),
        },
        1 => Event::Outcome {
            intent: at.number("intent"),
            outcome: outcome(&at.member("outcome")),
        },
        2 => Event::Proof {
            id: at.text_or_null("id"),
            fingerprint: at.text("fingerprint"),
        },
        _ => Event::Undone,
    }
}

fn outcome(at: &At<'_>) -> Outcome {
    let meanings = ["accepted", "refused", "unsure"];
    match at.one_of("meaning", &meanings, "not a meaning") {
        0 => Outcome::Accepted {
            id: at.text_or_null("id"),
        },
        1 => Outcome::Refused {
            why: at.text("why"),
        },
        _ => Outcome::Unsure {
            why: at.text("why"),
        },
    }
}

fn call(at: &At<'_>) -> Call {
    let params = at.member("params");
    if !params.value.is_object() {
        params.note("not an object");
    }
    let named = params.value.as_object().into_iter().flatten();
    Call {
        op: at.text("op"),
        params: named
            .map(|(name, _)| (name.clone(), params.text(name)))
            .collect(),
        query_raw: at
            .optional("query_raw")
            .map(|raw| raw.own_text().to_owned()),
        body: at.optional("body").map(|body| body.value.clone()),
    }
}

fn change(at: &At<'_>) -> Change {
    let any = |name| at.member(name).value.clone();
    Change {
        pointer: at.text("pointer"),
        before: any("before"),
        after: any("after"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Side;
    use super::*;
    use serde_json::json;

    fn sample() -> StoredRun {
        let org = |host: &str, id: &str| Org {
            url: OrgUrl::parse(host).unwrap(),
            id: id.into(),
            name: "<b>".into(),
            actor: "00u1".into(),
            login: String::new(),
        };
        let pair = Pair {
            source: org("https://acme.okta.com", "00o1"),
            target: org("https://hub.okta.com", "00o2"),
        };
        let mut journal = Journal::default();
        let params = [("app".to_owned(), "0oa1".to_owned())];
        let call = |query: Option<&str>, body| Call {
            op: "apps.create".into(),
            params: params.clone().into(),
            query_raw: query.map(str::to_owned),
            body,
        };
        let change = Change {
            pointer: "/a".into(),
            before: Value::Null,
            after: json!([1, { "b": "c" }]),
        };
        let events = [
            Event::Intent {
                purpose: Purpose::Apply,
                call: call(None, Some(json!({ "z": 1, "a": 2 }))),
                changes: vec![change],
            },
            Event::Outcome {
                intent: 0,
                outcome: Outcome::Accepted { id: None },
            },
            Event::Outcome {
                intent: 0,
                outcome: Outcome::Refused { why: "no".into() },
            },
            Event::Outcome {
                intent: 0,
                outcome: Outcome::Unsure { why: String::new() },
            },
            Event::Proof {
                id: Some("0oa1".into()),
                fingerprint: "f".into(),
            },
            Event::Intent {
                purpose: Purpose::Undo,
                call: call(Some("after=1"), None),
                changes: vec![],
            },
            Event::Undone,
        ];
        for event in events {
            journal.record(7, "org2org-app", event);
        }
        let mut wish = Wish::suggest(&pair);
        wish.push = Some(Push::suggest(&pair));
        wish.aim = Aim::Rotate("kid".into());
        wish.groups = vec![Member {
            id: "00g1".into(),
            name: "Sales".into(),
        }];
        StoredRun {
            version: STORED_VERSION,
            pair,
            wish,
            procedures: vec!["federation".into()],
            journal,
        }
    }

    #[test]
    fn what_was_written_reads_back() {
        let run = sample();
        assert_eq!(run.text(), serde_json::to_string(&run).unwrap());
        let read = StoredRun::read(&run.text()).unwrap();
        assert_eq!(read, run);
        assert_eq!(read.journal.damage(), None);
        assert_eq!(Pair::read(&run.pair.text()).unwrap(), run.pair);
        assert_eq!(Wish::read(&run.wish.text()).unwrap(), run.wish);
    }

    /// What [`crate::json`] writes of each form is what its derived serialisation says.
    #[test]
    fn every_form_is_written_as_it_is_derived() {
        fn same(own: &(impl json::ToJson + Serialize)) {
            assert_eq!(json::text(own), serde_json::to_string(own).unwrap());
        }
        let mut run = sample();
        same(&Pair::text(&run.pair).as_str());
        for aim in [
            Aim::Connect,
            Aim::Pilot,
            Aim::Remove,
            Aim::Rotate("\u{1}\"".into()),
        ] {
            same(&aim);
        }
        [SignOn::Oidc, SignOn::Saml].iter().for_each(same);
        Method::ALL.iter().for_each(same);
        InitialStatus::ALL.iter().for_each(same);
        Side::BOTH.iter().for_each(same);
        run.wish.push = None;
        same(&run);
    }

    /// Each member taken away, and each given another type, is noticed and named.
    #[test]
    fn what_does_not_fit_is_named_by_its_place() {
        let whole: Value = serde_json::from_str(&sample().text()).unwrap();
        let mut places = Vec::new();
        places_in(&whole, "", &mut places);
        assert!(places.len() > 60);
        for place in &places {
            let (parent, name) = place.rsplit_once('/').unwrap();
            let free = place.contains("/after/") || place.contains("/body/");
            let optional = [
                "aim",
                "body",
                "by_file",
                "links",
                "push",
                "query_raw",
                "replaces_token",
                "routing",
                "sign_on",
            ]
            .contains(&name)
                || parent.ends_with("/params");
            let mut cut = whole.clone();
            let holder = cut.pointer_mut(parent).unwrap();
            let cut_off = holder.as_object_mut().map(|members| members.remove(name));
            if cut_off.is_some() && !free && !optional {
                assert_named(&cut, place);
            }
            let mut odd = whole.clone();
            *odd.pointer_mut(place).unwrap() = json!(-1.5);
            let anything = free || ["before", "after", "body"].contains(&name);
            if !anything {
                assert_named(&odd, place);
            }
        }
    }

    fn assert_named(value: &Value, place: &str) {
        let error = StoredRun::read(&value.to_string())
            .expect_err(place)
            .to_string();
        assert!(error.contains(place), "{place}: {error}");
    }

    fn places_in(value: &Value, at: &str, places: &mut Vec<String>) {
        let members = value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value));
        let items = value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value));
        for (name, value) in members.chain(items) {
            let place = format!("{at}/{name}");
            places_in(value, &place, places);
            places.push(place);
        }
    }

    #[test]
    fn other_texts_are_no_run() {
        for text in [
            "",
            "{",
            "null",
            "[]",
            "{}",
            "7",
            "\"run\"",
            "{\"version\":1}",
        ] {
            assert!(StoredRun::read(text).is_err(), "{text}");
            assert!(Pair::read(text).is_err(), "{text}");
        }
    }
}
