//! Runs and pairs at rest, read strictly: what does not fit is named by its place in the JSON.
//!
//! Reading is written out by hand. Derived reading of these nested, tagged forms made up an
//! eighth of the extension's module, and could not say where in the text it failed.

use serde::Serialize;
use serde_json::Value;

use super::journal::{Entry, Event, Journal, Outcome, Purpose};
use super::{Aim, InitialStatus, Method, Org, Pair, Push, RunError, Wish};
use crate::explain::seen;
use crate::facts::Member;
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
        whole(text, |root| {
            Ok(StoredRun {
                version: root.member("version")?.number().map(as_version)?,
                pair: pair(&root.member("pair")?)?,
                wish: wish(&root.member("wish")?)?,
                procedures: root.member("procedures")?.each(At::text)?,
                journal: Journal {
                    entries: root.member("journal")?.each(entry)?,
                },
            })
        })
    }

    /// As JSON, for [`StoredRun::read`].
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Pair {
    /// Reads what [`Pair::text`] wrote. [`RunError::Foreign`] names the place that does not fit.
    pub fn read(text: &str) -> Result<Pair, RunError> {
        whole(text, |root| pair(&root))
    }

    /// As JSON, for [`Pair::read`].
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Why something stored does not fit: a sentence that names the place.
type Odd = String;

fn whole<T>(text: &str, read: impl FnOnce(At<'_>) -> Result<T, Odd>) -> Result<T, RunError> {
    let foreign = |why| RunError::Foreign { why };
    let value: Value = serde_json::from_str(text)
        .map_err(|error| foreign(["no JSON: ", &seen(&error.to_string())].concat()))?;
    let root = At {
        value: &value,
        path: String::new(),
    };
    read(root).map_err(foreign)
}

// A number no version has must not turn into one that this program knows.
fn as_version(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A value and its place, as a JSON pointer (RFC 6901).
struct At<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> At<'a> {
    fn odd(&self, wanted: &str) -> Odd {
        ["`", &seen(&self.path), "` is not ", wanted].concat()
    }

    fn below(&self, name: &str, value: &'a Value) -> At<'a> {
        At {
            value,
            path: [&self.path, "/", name].concat(),
        }
    }

    fn optional(&self, name: &str) -> Option<At<'a>> {
        self.value.get(name).map(|value| self.below(name, value))
    }

    fn member(&self, name: &str) -> Result<At<'a>, Odd> {
        self.optional(name)
            .ok_or_else(|| ["`", &seen(&self.path), "/", name, "` is missing"].concat())
    }

    fn text(&self) -> Result<String, Odd> {
        let text = self.value.as_str().ok_or_else(|| self.odd("a text"))?;
        Ok(text.to_owned())
    }

    fn text_or_null(&self) -> Result<Option<String>, Odd> {
        match self.value {
            Value::Null => Ok(None),
            _ => self.text().map(Some),
        }
    }

    fn number(&self) -> Result<u64, Odd> {
        self.value
            .as_u64()
            .ok_or_else(|| self.odd("a number from 0"))
    }

    fn flag(&self) -> Result<bool, Odd> {
        self.value
            .as_bool()
            .ok_or_else(|| self.odd("true or false"))
    }

    fn each<T>(&self, read: impl Fn(&At<'a>) -> Result<T, Odd>) -> Result<Vec<T>, Odd> {
        let items = self.value.as_array().ok_or_else(|| self.odd("a list"))?;
        let item =
            |(index, value): (usize, &'a Value)| read(&self.below(&index.to_string(), value));
        items.iter().enumerate().map(item).collect()
    }
}

fn pair(at: &At<'_>) -> Result<Pair, Odd> {
    Ok(Pair {
        source: org(&at.member("source")?)?,
        target: org(&at.member("target")?)?,
    })
}

fn org(at: &At<'_>) -> Result<Org, Odd> {
    let text = |name| at.member(name)?.text();
    let url = at.member("url")?;
    Ok(Org {
        url: OrgUrl::parse(&url.text()?).map_err(|_| url.odd("an Okta org"))?,
        id: text("id")?,
        name: text("name")?,
        actor: text("actor")?,
        login: String::new(),
    })
}

fn wish(at: &At<'_>) -> Result<Wish, Odd> {
    let text = |name| at.member(name)?.text();
    let members = |name| at.member(name)?.each(member);
    Ok(Wish {
        aim: at.optional("aim").map_or(Ok(Aim::Connect), |at| aim(&at))?,
        app_label: text("app_label")?,
        idp_name: text("idp_name")?,
        group_name: text("group_name")?,
        groups: members("groups")?,
        users: members("users")?,
        apps: members("apps")?,
        jit: at.member("jit")?.flag()?,
        by_file: at.optional("by_file").map_or(Ok(false), |at| at.flag())?,
        links: at.optional("links").map_or(Ok(false), |at| at.flag())?,
        push: at.optional("push").map_or(Ok(None), |at| push(&at))?,
    })
}

fn aim(at: &At<'_>) -> Result<Aim, Odd> {
    let name = at.member("name")?;
    match name.text()?.as_str() {
        "connect" => Ok(Aim::Connect),
        "remove" => Ok(Aim::Remove),
        "rotate" => Ok(Aim::Rotate(at.member("key")?.text()?)),
        _ => Err(name.odd("an aim")),
    }
}

fn push(at: &At<'_>) -> Result<Option<Push>, Odd> {
    if at.value.is_null() {
        return Ok(None);
    }
    let (method, status) = (at.member("method")?, at.member("initial_status")?);
    let (method_name, status_name) = (method.text()?, status.text()?);
    let named = |known: &&Method| known.name() == method_name;
    let worded = |known: &&InitialStatus| known.name() == status_name;
    Ok(Some(Push {
        method: *(Method::ALL.iter().find(named)).ok_or_else(|| method.odd("a method"))?,
        client_label: at.member("client_label")?.text()?,
        deactivate: at.member("deactivate")?.flag()?,
        initial_status: *(InitialStatus::ALL.iter().find(worded))
            .ok_or_else(|| status.odd("an initial status"))?,
        groups: at.member("groups")?.each(member)?,
        replaces_token: at
            .optional("replaces_token")
            .map_or(Ok(None), |at| at.text_or_null())?,
    }))
}

fn member(at: &At<'_>) -> Result<Member, Odd> {
    Ok(Member {
        id: at.member("id")?.text()?,
        name: at.member("name")?.text()?,
    })
}

fn entry(at: &At<'_>) -> Result<Entry, Odd> {
    let text = |name| at.member(name)?.text();
    Ok(Entry {
        seq: at.member("seq")?.number()?,
        at: at.member("at")?.number()?,
        key: text("key")?,
        event: event(&at.member("event")?)?,
        prev: text("prev")?,
        hash: text("hash")?,
    })
}

fn event(at: &At<'_>) -> Result<Event, Odd> {
    let kind = at.member("kind")?;
    match kind.text()?.as_str() {
        "intent" => Ok(Event::Intent {
            purpose: purpose(&at.member("purpose")?)?,
            call: call(&at.member("call")?)?,
            changes: at.member("changes")?.each(change)?,
        }),
        "outcome" => Ok(Event::Outcome {
            intent: at.member("intent")?.number()?,
            outcome: outcome(&at.member("outcome")?)?,
        }),
        "proof" => Ok(Event::Proof {
            id: at.member("id")?.text_or_null()?,
            fingerprint: at.member("fingerprint")?.text()?,
        }),
        "undone" => Ok(Event::Undone),
        _ => Err(kind.odd("a kind of event")),
    }
}

fn purpose(at: &At<'_>) -> Result<Purpose, Odd> {
    match at.text()?.as_str() {
        "apply" => Ok(Purpose::Apply),
        "undo" => Ok(Purpose::Undo),
        _ => Err(at.odd("a purpose")),
    }
}

fn outcome(at: &At<'_>) -> Result<Outcome, Odd> {
    let meaning = at.member("meaning")?;
    match meaning.text()?.as_str() {
        "accepted" => Ok(Outcome::Accepted {
            id: at.member("id")?.text_or_null()?,
        }),
        "refused" => Ok(Outcome::Refused {
            why: at.member("why")?.text()?,
        }),
        "unsure" => Ok(Outcome::Unsure {
            why: at.member("why")?.text()?,
        }),
        _ => Err(meaning.odd("a meaning")),
    }
}

fn call(at: &At<'_>) -> Result<Call, Odd> {
    let params = at.member("params")?;
    let named = params
        .value
        .as_object()
        .ok_or_else(|| params.odd("an object"))?;
    let param =
        |(name, value): (&String, &_)| Ok((name.clone(), params.below(name, value).text()?));
    Ok(Call {
        op: at.member("op")?.text()?,
        params: named.iter().map(param).collect::<Result<_, Odd>>()?,
        query_raw: at.optional("query_raw").map(|raw| raw.text()).transpose()?,
        body: at.optional("body").map(|body| body.value.clone()),
    })
}

fn change(at: &At<'_>) -> Result<Change, Odd> {
    Ok(Change {
        pointer: at.member("pointer")?.text()?,
        before: at.member("before")?.value.clone(),
        after: at.member("after")?.value.clone(),
    })
}

#[cfg(test)]
mod tests {
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
        let read = StoredRun::read(&run.text()).unwrap();
        assert_eq!(read, run);
        assert_eq!(read.journal.damage(), None);
        assert_eq!(Pair::read(&run.pair.text()).unwrap(), run.pair);
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
