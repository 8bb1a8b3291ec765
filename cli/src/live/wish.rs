//! The names of a wish, looked up in both orgs.

use org2org_core::explain::seen;
use org2org_core::okta::{Probe, apps, groups, users};
use org2org_core::run::{Member, Pair, Push, Wish};
use serde_json::Value;

use super::http::{Door, Doors};
use crate::outcome::{Exit, Outcome, Trouble};
use crate::wish::{PushFile, WishFile, unread};

/// The wish with the members that its names mean. Each name must be there exactly once; names of an org that is not open
/// are left to its own admin.
pub fn look_up(file: &WishFile, pair: &Pair, doors: &Doors) -> Outcome<Wish> {
    let (source, target) = (doors.source.as_ref(), doors.target.as_ref());
    let (mut wish, suggested) = (file.sketch()?, Wish::suggest(pair));
    wish.app_label = or(&file.app_label, suggested.app_label);
    wish.idp_name = or(&file.idp_name, suggested.idp_name);
    wish.group_name = or(&file.group_name, suggested.group_name);
    let pushes = file.push.as_ref().map_or(&[][..], |push| &push.groups);
    let org2org = match source.filter(|_| !file.groups.is_empty() || !pushes.is_empty()) {
        None => Vec::new(),
        Some(source) => source.list(&apps::named("okta_org2org"))?,
    };
    wish.groups = source_groups(source, &file.groups, &org2org)?;
    wish.users = each(
        source,
        &file.users,
        "user",
        users::with_login,
        "/profile/login",
    )?;
    wish.apps = each(target, &file.apps, "app", |_| apps::active(), "/label")?;
    wish.push = file
        .push
        .as_ref()
        .map(|file| push(file, pair, source, &org2org))
        .transpose()?;
    Ok(wish)
}

fn push(file: &PushFile, pair: &Pair, source: Option<&Door>, org2org: &[Value]) -> Outcome<Push> {
    let mut push = Push::suggest(pair);
    push.method = file.method()?.unwrap_or(push.method);
    push.initial_status = file.initial_status()?.unwrap_or(push.initial_status);
    push.client_label = or(&file.client_label, push.client_label);
    push.deactivate = file.deactivate;
    push.replaces_token = file.replaces_token.clone();
    push.groups = source_groups(source, &file.groups, org2org)?;
    Ok(push)
}

fn or(own: &Option<String>, suggested: String) -> String {
    own.clone().unwrap_or(suggested)
}

/// Groups of the source by name. What one of its Org2Org apps brought back of a group that it pushes
/// has the same name and is not meant.
fn source_groups(
    source: Option<&Door>,
    names: &[String],
    org2org: &[Value],
) -> Outcome<Vec<Member>> {
    let Some(source) = source else {
        // Left to the admin of the other org.
        return Ok(unread(names));
    };
    let pushed = |group: &Value| {
        let from = group.pointer("/source/id").filter(|id| id.is_string());
        from.is_some_and(|id| org2org.iter().any(|app| app.get("id") == Some(id)))
    };
    let each = names.iter().map(|name| {
        let mut found = source.list(&groups::starting_with(name))?;
        found.retain(|group| !pushed(group));
        one(source, name, "group", &found, "/profile/name")
    });
    each.collect()
}

/// Looks up, in the org that is open, the names that the admin of the other org left open.
pub fn close(wish: &mut Wish, doors: &Doors) -> Outcome<()> {
    let (source, target) = (doors.source.as_ref(), doors.target.as_ref());
    let org2org = match source {
        None => Vec::new(),
        Some(source) => source.list(&apps::named("okta_org2org"))?,
    };
    let of_group = |names: &[String]| source_groups(source, names, &org2org);
    let of_user =
        |names: &[String]| each(source, names, "user", users::with_login, "/profile/login");
    let of_app = |names: &[String]| each(target, names, "app", |_| apps::active(), "/label");
    filled(&mut wish.groups, of_group)?;
    filled(&mut wish.users, of_user)?;
    filled(&mut wish.apps, of_app)?;
    match &mut wish.push {
        Some(push) => filled(&mut push.groups, of_group),
        None => Ok(()),
    }
}

fn filled(
    members: &mut [Member],
    look_up: impl Fn(&[String]) -> Outcome<Vec<Member>>,
) -> Outcome<()> {
    for member in members.iter_mut().filter(|member| member.id.is_empty()) {
        if let Some(found) = look_up(std::slice::from_ref(&member.name))?.pop() {
            *member = found;
        }
    }
    Ok(())
}

fn each(
    door: Option<&Door>,
    names: &[String],
    kind: &str,
    probe: impl Fn(&str) -> Probe,
    at: &str,
) -> Outcome<Vec<Member>> {
    let Some(door) = door else {
        // Left to the admin of the other org.
        return Ok(unread(names));
    };
    names
        .iter()
        .map(|name| one(door, name, kind, &door.list(&probe(name))?, at))
        .collect()
}

/// The one of these items that is named so.
pub fn one(door: &Door, name: &str, kind: &str, items: &[Value], at: &str) -> Outcome<Member> {
    let text = |item: &Value, at: &str| {
        item.pointer(at)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let found: Vec<Member> = items
        .iter()
        .filter(|item| text(item, at) == name)
        .map(|item| Member {
            id: text(item, "/id"),
            name: name.to_owned(),
        })
        .collect();
    match <[Member; 1]>::try_from(found) {
        Ok([member]) => Ok(member),
        Err(found) => Err(Trouble {
            code: "wish-name".to_owned(),
            what: format!(
                "{}: {} {kind}s are named `{}`",
                door.base(),
                found.len(),
                seen(name)
            ),
            hint: "Write the name as the Admin Console shows it; it must be there exactly once."
                .to_owned(),
            exit: Exit::Usage,
        }),
    }
}
