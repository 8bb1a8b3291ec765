//! Okta's Management API as values: one operation per entry, one file per resource.
//!
//! An operation is named, e.g. `apps.list`; the relay in the tab expands the name from a table
//! made out of this one, so nothing that asks for a call can choose a host, path or method.
//! Reading and writing are two types: what takes a [`Probe`] cannot change an org.

pub mod answer;
pub mod api_tokens;
pub mod app_assignments;
pub mod app_features;
pub mod app_keys;
pub mod apps;
pub mod call;
pub mod clients;
pub mod connections;
pub mod domains;
pub mod grants;
pub mod group_push;
pub mod groups;
pub mod iam;
pub mod idps;
pub mod logs;
pub mod mappings;
pub mod org;
pub mod policies;
pub mod users;

pub use answer::{Answer, Given, Response};
pub(crate) use call::encoded;
pub use call::{Call, Change, Content, Probe, Write};

use serde_json::{Map, Value, json};

/// The one of these items that has this name at this JSON pointer, as a member; else how many have.
pub fn one_named<'a>(
    items: impl IntoIterator<Item = &'a Value>,
    pointer: &str,
    name: &str,
) -> Result<crate::facts::Member, usize> {
    let text = |item: &Value, pointer: &str| {
        let text = crate::json::at(item, pointer).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let named = |item: &&Value| text(item, pointer).as_deref() == Some(name);
    let mut found = items.into_iter().filter(named);
    match (found.next(), found.count()) {
        (Some(one), 0) => Ok(crate::facts::Member {
            id: text(one, "/id").unwrap_or_default(),
            name: name.to_owned(),
        }),
        (None, _) => Err(0),
        (Some(_), more) => Err(more + 1),
    }
}

/// A call that only reads: always GET.
#[derive(Debug)]
pub struct ReadOp {
    /// Stable name, e.g. `apps.list`.
    pub id: &'static str,
    /// Path template, e.g. `/api/v1/apps/{app}`.
    pub path: &'static str,
    /// Query parameters that a caller may set.
    pub query: &'static [&'static str],
    /// What a good answer looks like.
    pub shape: Shape,
    /// Whether 404 says "there is none" (assignments) instead of "something is wrong".
    pub absent: bool,
    /// OAuth scopes that allow it, all of them needed; empty when none is.
    pub scope: &'static str,
}

/// A call that changes an org.
#[derive(Debug)]
pub struct WriteOp {
    /// Stable name, e.g. `apps.create`.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template.
    pub path: &'static str,
    /// Query parameters that a caller may set.
    pub query: &'static [&'static str],
    /// What a good answer looks like.
    pub shape: Shape,
    /// OAuth scopes that allow it, all of them needed.
    pub scope: &'static str,
    /// Admin role that allows it, in the words of the Admin Console.
    pub role: &'static str,
}

/// The method of a [`WriteOp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// DELETE.
    Delete,
    /// PATCH.
    Patch,
    /// POST.
    Post,
    /// PUT.
    Put,
}

impl Method {
    /// As it stands in a request line.
    pub fn name(self) -> &'static str {
        match self {
            Method::Delete => "DELETE",
            Method::Patch => "PATCH",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }
}

/// What a good answer must contain before anything in it is believed: 200 alone is no success.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// No body, or one that does not matter (204, or 200 with an empty body).
    Empty,
    /// An array of objects, each with these members; pages are joined.
    List(&'static [Member]),
    /// The first page of such an array; the pages after it are not asked for.
    Page(&'static [Member]),
    /// One object with these members.
    Object(&'static [Member]),
    /// An XML document with this root element.
    Xml(&'static str),
}

/// One member that a good answer must have.
#[derive(Debug, Clone, Copy)]
pub enum Member {
    /// A 20-character Okta id with this prefix, e.g. `0oa`.
    Id(&'static str, &'static str),
    /// An array.
    List(&'static str),
    /// An object.
    Map(&'static str),
    /// A string that is not empty.
    Text(&'static str),
}

/// One file of operations.
pub struct Resource {
    /// Its reads.
    pub reads: &'static [&'static ReadOp],
    /// Its writes.
    pub writes: &'static [&'static WriteOp],
}

/// Every operation the product uses. A new resource adds one line.
pub const RESOURCES: &[&Resource] = &[
    &api_tokens::RESOURCE,
    &app_assignments::RESOURCE,
    &app_features::RESOURCE,
    &app_keys::RESOURCE,
    &apps::RESOURCE,
    &clients::RESOURCE,
    &connections::RESOURCE,
    &domains::RESOURCE,
    &grants::RESOURCE,
    &group_push::RESOURCE,
    &groups::RESOURCE,
    &iam::RESOURCE,
    &idps::RESOURCE,
    &logs::RESOURCE,
    &mappings::RESOURCE,
    &org::RESOURCE,
    &policies::RESOURCE,
    &users::RESOURCE,
];

/// Operations of the command line alone: the relay's table is without them, and what a browser runs
/// does not know them at all.
pub const BY_TOKEN: &[&Resource] = match cfg!(target_arch = "wasm32") {
    true => &[],
    false => &[&users::BY_TOKEN],
};

/// The reading operation of this name.
pub fn read_op(id: &str) -> Option<&'static ReadOp> {
    RESOURCES
        .iter()
        .flat_map(|resource| resource.reads)
        .find(|op| op.id == id)
        .copied()
}

/// The writing operation of this name.
pub fn write_op(id: &str) -> Option<&'static WriteOp> {
    let all = RESOURCES.iter().chain(BY_TOKEN);
    all.flat_map(|resource| resource.writes)
        .find(|op| op.id == id)
        .copied()
}

/// The table that the relay expands calls from: name → method, path, query, accept.
pub fn operations_json() -> String {
    let mut table = Map::new();
    for op in RESOURCES.iter().flat_map(|resource| resource.reads) {
        table.insert(
            op.id.to_owned(),
            json!({"method": "GET", "path": op.path, "query": op.query, "accept": accept(&op.shape)}),
        );
    }
    for op in RESOURCES.iter().flat_map(|resource| resource.writes) {
        table.insert(
            op.id.to_owned(),
            json!({"method": op.method.name(), "path": op.path, "query": op.query, "accept": accept(&op.shape)}),
        );
    }
    Value::Object(table).to_string()
}

// The app's SAML metadata answers 400 E0000019 to a JSON Accept header.
fn accept(shape: &Shape) -> &'static str {
    match shape {
        Shape::Xml(_) => "application/xml",
        _ => "application/json",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_paths_rooted() {
        let reads = RESOURCES
            .iter()
            .flat_map(|r| r.reads)
            .map(|op| (op.id, op.path));
        let writes = RESOURCES
            .iter()
            .chain(BY_TOKEN)
            .flat_map(|r| r.writes)
            .map(|op| (op.id, op.path));
        let mut seen = BTreeSet::new();
        for (id, path) in reads.chain(writes) {
            assert!(seen.insert(id), "{id} stands twice");
            let roots = ["/api/v1/", "/oauth2/v1/", "/.well-known/"];
            assert!(roots.iter().any(|root| path.starts_with(root)), "{path}");
        }
    }

    #[test]
    fn the_relay_table_holds_every_operation() {
        let table: Value = serde_json::from_str(&operations_json()).unwrap();
        let count: usize = RESOURCES
            .iter()
            .map(|r| r.reads.len() + r.writes.len())
            .sum();
        assert_eq!(table.as_object().unwrap().len(), count);
        assert_eq!(table["apps.metadata"]["accept"], "application/xml");
        assert!(
            table.get("users.create").is_none(),
            "no relay makes accounts"
        );
    }
}
