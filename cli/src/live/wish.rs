//! The names of a wish, looked up in both orgs.

use org2org_core::explain::seen;
use org2org_core::handoff::{Kind, open_in};
use org2org_core::okta::{apps, one_named};
use org2org_core::run::{Member, Pair, Push, Side, Wish};
use serde_json::Value;

use super::doors::Doors;
use super::http::Door;
use crate::outcome::{Exit, Outcome, Trouble};
use crate::wish::WishFile;

/// The wish with the members that its names mean. Each name must be there exactly once; names of an org that is not open
/// are left to its own admin.
pub fn look_up(file: &WishFile, pair: &Pair, doors: &Doors) -> Outcome<Wish> {
    let (mut wish, suggested) = (file.sketch()?, Wish::suggest(pair));
    wish.app_label = or(&file.app_label, suggested.app_label);
    wish.idp_name = or(&file.idp_name, suggested.idp_name);
    wish.group_name = or(&file.group_name, suggested.group_name);
    if let (Some(push), Some(file)) = (&mut wish.push, &file.push) {
        push.client_label = or(&file.client_label, Push::suggest(pair).client_label);
    }
    for side in Side::BOTH {
        if doors.has(side) {
            close(&mut wish, side, doors)?;
        }
    }
    Ok(wish)
}

fn or(own: &Option<String>, suggested: String) -> String {
    own.clone().unwrap_or(suggested)
}

/// Looks up, in the org of this side, the names that are still open.
pub fn close(wish: &mut Wish, side: Side, doors: &Doors) -> Outcome<()> {
    let door = doors.of(side)?;
    let open = open_in(wish, side);
    let org2org = match open.iter().any(|(kind, _)| *kind == Kind::Group) {
        true => door.list(&apps::named("okta_org2org"))?,
        false => Vec::new(),
    };
    let mut of_apps = None;
    for (kind, member) in open {
        let items = match (kind, of_apps.take()) {
            // One list tells of every app.
            (Kind::App, Some(known)) => known,
            _ => door.list(&kind.probe(&member.name))?,
        };
        let found = kind.find(&member.name, &items, &org2org);
        *member = found.map_err(|count| not_one(door, &member.name, kind.word(), count))?;
        of_apps = (kind == Kind::App).then_some(items);
    }
    Ok(())
}

/// The one of these items that is named so.
pub fn one(door: &Door, name: &str, kind: &str, items: &[Value], at: &str) -> Outcome<Member> {
    one_named(items, at, name).map_err(|count| not_one(door, name, kind, count))
}

fn not_one(door: &Door, name: &str, kind: &str, count: usize) -> Trouble {
    Trouble {
        code: "wish-name".to_owned(),
        what: format!(
            "{}: {count} {kind}s are named `{}`",
            door.base(),
            seen(name)
        ),
        hint: "Write the name as the Admin Console shows it; it must be there exactly once."
            .to_owned(),
        exit: Exit::Usage,
    }
}
