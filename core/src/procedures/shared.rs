//! What several tables have in common: the sets of the wish, the facts that are wishes, what we
//! write into notes, how an assignment is read.

use serde_json::Value as Json;

use crate::facts::{Derive, Fact, Facts, Missing, Set};
use crate::json;
use crate::okta::Answer;
use crate::okta::answer::text;
use crate::run::step::Finding;

/// The source groups in the wish; a pilot is about single people.
pub static GROUPS: Set = Set {
    id: "groups",
    of: |f| {
        Ok(match f.wish().pilots() {
            true => Vec::new(),
            false => f.wish().groups.clone(),
        })
    },
};
/// The source users in the wish.
pub static USERS: Set = Set {
    id: "users",
    of: |f| Ok(f.wish().users.clone()),
};

/// A fact that is a wish: known from the start, shown where a person must type it.
pub(super) const fn wished(
    id: &'static str,
    title: &'static str,
    with: fn(&Facts<'_>) -> Result<String, Missing>,
) -> Fact {
    Fact::one(id, title).derived(Derive { from: &[], with })
}

/// What we write into an app's admin note, so that a person who finds it knows where it is from.
pub fn note(f: &Facts<'_>) -> String {
    let pair = f.pair();
    format!(
        "Made by Org2Org Assistant: {} ({}) to {} ({})",
        pair.source.name, pair.source.id, pair.target.name, pair.target.id
    )
}

/// Several objects where one is wanted, each by its id and its name at this pointer.
pub(super) fn several(items: &[&Json], name: &str) -> Finding {
    let named = |item: &&Json| {
        let part = |at: &str| text(item, at).map(crate::explain::seen).unwrap_or_default();
        format!("{} {}", part("/id"), part(name)).trim().to_owned()
    };
    Finding::Conflict {
        several: items.iter().map(named).collect(),
    }
}

/// The first of these members, by JSON pointer, that an object does not have as wanted.
pub(super) fn differing(object: &Json, wanted: &[(&str, Json)]) -> Option<Finding> {
    let seen = |at: &str| json::at(object, at).unwrap_or(&Json::Null);
    let (at, wanted) = wanted.iter().find(|(at, wanted)| seen(at) != wanted)?;
    Some(Finding::Differs {
        wanted: ["`", at, "` ", &json::text(wanted)].concat(),
        seen: crate::explain::seen(&json::text(seen(at))),
    })
}

/// An assignment of one's own; one through a group ends with the group's.
pub(super) fn read_person_assignment(answer: &Answer, _: &Facts<'_>) -> Result<Finding, Missing> {
    let own = answer.text("/scope") == Ok("USER");
    // A push writes its own marks on the assignment, and they are no change by somebody else.
    let kept = ["/credentials", "/id", "/scope"]
        .map(|at| json::at(answer.body(), at).cloned().unwrap_or(Json::Null));
    Ok(Finding::met_if(own, &Json::Array(kept.to_vec())))
}
