//! What the wish can be made of: the reads that offer choices, and how their answers are read.

use serde_json::Value;

use super::Side;
use crate::facts::Member;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, ReadOp, Response, apps, groups, org, users};

/// A read that offers choices.
pub struct Choice {
    /// In which org.
    pub side: Side,
    /// The read.
    pub probe: Probe,
    op: &'static ReadOp,
    name: &'static str,
    offer: fn(&Value) -> bool,
}

/// The reads that say who an org is, in the order that [`super::Org::read`] takes their answers.
pub fn identity() -> [Probe; 3] {
    [org::well_known(), org::read(), users::me()]
}

/// Apps of the target that a bookmark can open.
pub fn target_apps() -> Choice {
    Choice {
        side: Side::Target,
        probe: apps::active(),
        op: &apps::LIST,
        name: "/label",
        offer: |app| text(app, "/_links/appLinks/0/href").is_ok() && text(app, "/name") != Ok("okta_org2org"),
    }
}

/// Groups of the source whose name starts with `q`; all when it is empty.
pub fn source_groups(q: &str) -> Choice {
    Choice {
        side: Side::Source,
        probe: groups::starting_with(q),
        op: &groups::LIST,
        name: "/profile/name",
        offer: |group| text(group, "/type") != Ok("APP_GROUP"),
    }
}

/// People of the source whose name or user name starts with `q`.
pub fn source_people(q: &str) -> Choice {
    Choice {
        side: Side::Source,
        probe: Probe::of(&users::LIST, [("q", q), ("limit", "200")]),
        op: &users::LIST,
        name: "/profile/login",
        offer: |user| text(user, "/status") == Ok("ACTIVE"),
    }
}

/// What a page of choices offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The choices, by name.
    pub members: Vec<Member>,
    /// The server's own query of the next page, if there is one.
    pub next: Option<String>,
}

impl Choice {
    /// Reads one page of choices; an error says what was wrong with the answer.
    pub fn read(&self, response: &Response) -> Result<Offer, String> {
        if response.is_page() {
            return Err("the session of this org has ended".into());
        }
        if response.status != 200 {
            let (code, why) = response.okta_error().unwrap_or_default();
            return Err(format!("the org answers {} {code} {why}", response.status));
        }
        let answer = Answer::check(response, &self.op.shape, vec![])?;
        let member = |item: &Value| {
            let (id, name) = (text(item, "/id").ok()?, text(item, self.name).ok()?);
            (self.offer)(item).then(|| Member { id: id.to_owned(), name: name.to_owned() })
        };
        let mut members: Vec<Member> = answer.items().iter().filter_map(member).collect();
        members.sort_by(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()));
        Ok(Offer { members, next: response.next_query() })
    }
}
