//! The change notice: what the security teams of both orgs will see in their System Logs, by whom and when.

use super::events::event_type;
use super::{Document, Done, Matter, Part, Section, moment};
use crate::run::Side;

pub(super) fn write(matter: &Matter<'_>) -> Document {
    let writes = matter.writes();
    let opening = format!(
        "Org2Org Assistant works on the link by which people of {} sign in to {}. Every write below was shown to an admin and agreed to before it was sent. The actor in the System Log is that admin, or the owner of the API token; calls of the panel carry the header X-Okta-User-Agent-Extended: org2org-assistant, those of the command line the user agent org2org.",
        matter.source.host(),
        matter.target.host()
    );
    let mut sections: Vec<Section> = Side::BOTH
        .into_iter()
        .map(|side| org(matter, &writes, side))
        .collect();
    sections.push(Section {
        title: "What follows by itself".to_owned(),
        parts: vec![Part::List {
            items: vec![
                "In the target org, each sign-in through the source leaves user.authentication.auth_via_IDP.".to_owned(),
                "Assigning a group in the source org assigns each of its people: one line for each of them.".to_owned(),
                "Where provisioning is on, the source writes people and groups to the target; those lines name the service app or the token's owner.".to_owned(),
            ],
        }],
    });
    Document {
        title: format!(
            "Change notice: {} and {}",
            matter.source.host(),
            matter.target.host()
        ),
        opening: vec![opening],
        sections,
    }
}

fn org(matter: &Matter<'_>, writes: &[Done<'_>], side: Side) -> Section {
    let own: Vec<&Done<'_>> = writes
        .iter()
        .filter(|done| done.side() == Some(side))
        .collect();
    let title = format!("In the System Log of the {}", matter.place(side));
    let (Some(first), Some(last)) = (own.first(), own.last()) else {
        let parts = vec![Part::text("Nothing was written here.")];
        return Section { title, parts };
    };
    let window = format!(
        "Between {} and {} (UTC).",
        moment(first.at),
        moment(last.at)
    );
    let row = |done: &&Done<'_>| {
        let event = done.op.and_then(|op| event_type(op.id));
        [
            event.unwrap_or("no published event type").to_owned(),
            done.title(),
            done.request(matter),
            done.op.map_or(String::new(), |op| op.role.to_owned()),
            done.result(matter),
        ]
    };
    let rows = own.iter().map(row).collect();
    let table = Part::table(
        ["Event type", "Step", "Request", "Role it takes", "Result"],
        rows,
    );
    let mut parts = vec![Part::text(window), table];
    parts.extend(filter(&own));
    Section { title, parts }
}

/// One filter for the System Log that finds all of them.
fn filter(own: &[&Done<'_>]) -> Option<Part> {
    let mut types: Vec<&str> = own
        .iter()
        .filter_map(|done| event_type(done.op?.id))
        .collect();
    types.sort_unstable();
    types.dedup();
    if types.is_empty() {
        return None;
    }
    let types: Vec<String> = types
        .iter()
        .map(|one| format!("eventType eq \"{one}\""))
        .collect();
    Some(Part::text(format!("To find them: {}", types.join(" or "))))
}
