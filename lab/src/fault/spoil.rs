//! Answers spoilt on their way.

use serde_json::{Map, Value};

use super::FaultKind;
use super::refusal::page;
use crate::wire::Response;

/// An answer spoilt on its way: what arrives in place of it.
pub(crate) fn spoil(kind: FaultKind, mut answer: Response) -> Response {
    match kind {
        FaultKind::Html200 => page(200, "Blocked", "This page was put in between."),
        FaultKind::TruncatedJson => {
            answer.body.truncate(answer.body.len() / 2);
            answer
        }
        FaultKind::NextElsewhere | FaultKind::NextLoop | FaultKind::NextMissing => {
            answer.headers = relinked(kind, answer.headers);
            answer
        }
        FaultKind::WrongContentType => retyped(answer, "text/plain"),
        FaultKind::WrongCharset => {
            let words = answer.body_text();
            answer.body = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
            retyped(answer, "application/json;charset=UTF-16")
        }
        FaultKind::HugeBody => {
            let mut body = vec![b' '; HUGE];
            body.extend(std::mem::take(&mut answer.body));
            answer.body = body;
            answer
        }
        FaultKind::ExtraField => inserted(answer, |_| {
            "\"addedSince\":{\"by\":\"a later release\"},".to_owned()
        }),
        FaultKind::DuplicateKeys => inserted(answer, |name| format!("\"{name}\":\"said twice\",")),
        FaultKind::MissingField => changed(answer, |item| {
            let first = item.keys().next().cloned();
            let known = ["id", "kid"]
                .into_iter()
                .find(|name| item.contains_key(*name));
            if let Some(name) = known.map(str::to_owned).or(first) {
                item.remove(&name);
            }
        }),
        FaultKind::WrongId => changed(answer, |item| {
            if let Some(id) = item.get_mut("id") {
                *id = Value::from("../no id");
            }
        }),
        FaultKind::WrongShape => {
            let text = answer
                .body_text()
                .replace("\"id\":", "\"ident\":")
                .replace("\"kid\":", "\"kident\":");
            answer.body = text.into_bytes();
            answer
        }
        _ => answer,
    }
}

fn relinked(kind: FaultKind, headers: Vec<(String, String)>) -> Vec<(String, String)> {
    let is_next = |name: &str, link: &str| name == "link" && link.ends_with("rel=\"next\"");
    let own = headers
        .iter()
        .find(|(name, link)| name == "link" && link.ends_with("rel=\"self\""));
    let looped = own
        .map(|(_, link)| link.replace("rel=\"self\"", "rel=\"next\""))
        .unwrap_or_default();
    let mut made: Vec<_> = headers
        .into_iter()
        .filter(|(name, link)| !is_next(name, link))
        .collect();
    match kind {
        FaultKind::NextElsewhere => {
            let link = "<https://collector.example.com/api/v1/apps?after=x>; rel=\"next\"";
            made.push(("link".to_owned(), link.to_owned()));
        }
        FaultKind::NextLoop if !looped.is_empty() => made.push(("link".to_owned(), looped)),
        _ => {}
    }
    made
}

/// The length of a body that nobody should take.
const HUGE: usize = 50 << 20;

fn retyped(mut answer: Response, kind: &str) -> Response {
    answer.headers.retain(|(name, _)| name != "content-type");
    answer.with("content-type", kind)
}

// Puts a member before the first of the first object, whose name is given. As text, for no parser keeps a name twice.
fn inserted(mut answer: Response, made: impl Fn(&str) -> String) -> Response {
    let text = answer.body_text();
    if let Some(at) = text.find("{\"") {
        let (before, after) = text.split_at(at + 1);
        let name = after[1..].split('"').next().unwrap_or_default();
        answer.body = format!("{before}{}{after}", made(name)).into_bytes();
    }
    answer
}

// Changes the object, or each object of the list.
fn changed(mut answer: Response, change: impl Fn(&mut Map<String, Value>)) -> Response {
    let mut value = answer.value();
    match &mut value {
        Value::Object(item) => change(item),
        Value::Array(items) => items
            .iter_mut()
            .filter_map(Value::as_object_mut)
            .for_each(change),
        _ => return answer,
    }
    answer.body = value.to_string().into_bytes();
    answer
}
