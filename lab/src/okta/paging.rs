//! Lists in pages, with opaque cursors in `Link` headers, and what eventual consistency does to lists.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use url::form_urlencoded;

use super::call::Call;
use super::error::OktaError;
use crate::shelf::Told;
use crate::wire::Response;

/// How long a page is when nothing is asked, and at most.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub usual: usize,
    pub most: usize,
}

/// One page of a list whose items are in key order.
pub(crate) fn page<T: Into<Told>>(
    call: &mut Call<'_>,
    collection: &str,
    items: Vec<(String, T)>,
    size: Size,
) -> Result<Response, OktaError> {
    let items = items.into_iter().map(|(key, item)| (key, item.into()));
    page_of(call, collection, items.collect(), size)
}

fn page_of(
    call: &mut Call<'_>,
    collection: &str,
    items: Vec<(String, Told)>,
    size: Size,
) -> Result<Response, OktaError> {
    let limit = limit(call, size)?;
    let after = match call.query("after") {
        Some(cursor) => Some(read(&cursor).ok_or_else(bad_cursor)?),
        None => None,
    };
    let items = as_seen(call, collection, items);
    let start = after.map_or(0, |key| items.partition_point(|(item, _)| *item <= key));
    let shown = &items[start..items.len().min(start + limit)];
    let last = shown.last().map(|(key, _)| key.clone());
    let more = items.len() > start + shown.len();
    let mut response = Response::text(200, "application/json", array(shown))
        .with("link", &link(call, None, limit, "self"));
    if let (true, Some(last)) = (more, last) {
        response = response.with("link", &link(call, Some(&last), limit, "next"));
    }
    Ok(response)
}

/// A list that comes whole, without pages; eventual consistency touches it all the same.
pub(crate) fn whole<T: Into<Told>>(
    call: &mut Call<'_>,
    collection: &str,
    items: Vec<(String, T)>,
) -> Result<Response, OktaError> {
    let items = items.into_iter().map(|(key, item)| (key, item.into()));
    let items = as_seen(call, collection, items.collect());
    Ok(Response::text(200, "application/json", array(&items)))
}

fn array(items: &[(String, Told)]) -> String {
    let texts: Vec<&str> = items.iter().map(|(_, item)| item.text()).collect();
    format!("[{}]", texts.join(","))
}

fn limit(call: &Call<'_>, size: Size) -> Result<usize, OktaError> {
    match call.query("limit") {
        None => Ok(size.usual),
        Some(text) => match text.parse::<i64>() {
            Ok(-1) => Ok(size.usual),
            Ok(count @ 1..) => Ok(usize::try_from(count).unwrap_or(size.most).min(size.most)),
            _ => Err(OktaError::invalid(
                "limit",
                "limit: The field must be a positive number.",
            )),
        },
    }
}

fn bad_cursor() -> OktaError {
    OktaError::new(400, "E0000029", "Invalid paging request.").because("Invalid cursor.")
}

fn link(call: &Call<'_>, after: Option<&str>, limit: usize, relation: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    match (after, call.query("after")) {
        (Some(key), _) => query.append_pair("after", &cursor(key)),
        (None, Some(given)) => query.append_pair("after", &given),
        (None, None) => &mut query,
    };
    let others = call
        .query
        .iter()
        .filter(|(key, _)| key != "after" && key != "limit");
    query
        .extend_pairs(others)
        .append_pair("limit", &limit.to_string());
    format!(
        "<{}?{}>; rel=\"{relation}\"",
        call.href(&call.path),
        query.finish()
    )
}

fn cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("p1|{key}"))
}

fn read(cursor: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("p1|").map(str::to_owned)
}

fn as_seen(
    call: &mut Call<'_>,
    collection: &str,
    items: Vec<(String, Told)>,
) -> Vec<(String, Told)> {
    let now = call.now;
    let lag = &mut call.org.lag;
    if lag.hidden.is_empty() && lag.ghosts.is_empty() {
        return items;
    }
    lag.hidden.retain(|_, until| now < *until);
    lag.ghosts.retain(|(.., until)| now < *until);
    let mut seen: Vec<_> = items
        .into_iter()
        .filter(|(key, _)| !lag.hidden.contains_key(&format!("{collection}/{key}")))
        .collect();
    let ghosts = lag.ghosts.iter().filter(|(of, ..)| of == collection);
    seen.extend(ghosts.map(|(_, key, object, _)| (key.clone(), object.clone().into())));
    seen.sort_by(|(left, _), (right, _)| left.cmp(right));
    seen
}
