//! The wish as a file: names that people know, looked up in both orgs.

use std::fs;
use std::path::Path;

use org2org_core::explain::{seen, seen_sentences};
use org2org_core::okta::{Probe, apps, groups, users};
use org2org_core::run::{Aim, InitialStatus, Member, Method, Pair, Push, SignOn, Wish};
use serde::Deserialize;
use serde_json::Value;

use super::http::{Door, Doors};
use crate::outcome::{Exit, Outcome, Trouble};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WishFile {
    aim: Option<String>,
    retire_key: Option<String>,
    sign_on: Option<String>,
    app_label: Option<String>,
    idp_name: Option<String>,
    group_name: Option<String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    users: Vec<String>,
    #[serde(default)]
    apps: Vec<String>,
    #[serde(default)]
    new_accounts_at_sign_in: bool,
    #[serde(default)]
    accounts_by_file: bool,
    #[serde(default)]
    link_accounts: bool,
    #[serde(default)]
    routing_rule: bool,
    push: Option<PushFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushFile {
    method: Option<String>,
    client_label: Option<String>,
    #[serde(default)]
    deactivate: bool,
    initial_status: Option<String>,
    #[serde(default)]
    groups: Vec<String>,
    replaces_token: Option<String>,
}

/// Reads a wish and looks its names up. Each name must be there exactly once.
pub fn read(path: &Path, pair: &Pair, doors: &Doors) -> Outcome<Wish> {
    let text = fs::read_to_string(path).map_err(|error| {
        Trouble::file(
            format!("{}: {error}", seen(&path.display().to_string())),
            "Give the file that holds the wish.",
        )
    })?;
    let file: WishFile = toml::from_str(&text).map_err(|error| unreadable(path, &text, &error))?;
    let (source, target) = (&doors.source, &doors.target);
    let mut wish = Wish::suggest(pair);
    wish.aim = aim(file.aim.as_deref(), file.retire_key)?;
    wish.sign_on = sign_on(file.sign_on.as_deref())?;
    wish.app_label = file.app_label.unwrap_or(wish.app_label);
    wish.idp_name = file.idp_name.unwrap_or(wish.idp_name);
    wish.group_name = file.group_name.unwrap_or(wish.group_name);
    wish.jit = file.new_accounts_at_sign_in;
    wish.by_file = file.accounts_by_file;
    wish.links = file.link_accounts;
    wish.routing = file.routing_rule;
    let pushes = file.push.as_ref().map_or(&[][..], |push| &push.groups);
    let org2org = match file.groups.is_empty() && pushes.is_empty() {
        true => Vec::new(),
        false => source.list(&apps::named("okta_org2org"))?,
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
        .map(|file| push(file, pair, source, &org2org))
        .transpose()?;
    Ok(wish)
}

fn sign_on(name: Option<&str>) -> Outcome<SignOn> {
    match name.unwrap_or("saml") {
        "oidc" => Ok(SignOn::Oidc),
        "saml" => Ok(SignOn::Saml),
        other => Err(Trouble {
            code: "wish".to_owned(),
            what: format!("`sign_on` is `{}`", seen(other)),
            hint: "Choose one of: saml, oidc.".to_owned(),
            exit: Exit::Usage,
        }),
    }
}

fn aim(name: Option<&str>, key: Option<String>) -> Outcome<Aim> {
    let wrong = |what: String, hint: &str| Trouble {
        code: "wish".to_owned(),
        what,
        hint: hint.to_owned(),
        exit: Exit::Usage,
    };
    match (name.unwrap_or("connect"), key) {
        ("connect", None) => Ok(Aim::Connect),
        ("remove", None) => Ok(Aim::Remove),
        ("rotate-key", Some(key)) => Ok(Aim::Rotate(key)),
        ("rotate-key", None) => Err(wrong(
            "`aim` is `rotate-key` and `retire_key` is missing".to_owned(),
            "Name the key that is to go; with a name that the app does not have, `plan` tells the one it signs with.",
        )),
        ("connect" | "remove", Some(_)) => Err(wrong(
            "`retire_key` goes with `aim = \"rotate-key\"` only".to_owned(),
            "Leave it out, or change the aim.",
        )),
        (other, _) => Err(wrong(
            format!("`aim` is `{}`", seen(other)),
            "Choose one of: connect, rotate-key, remove.",
        )),
    }
}

fn push(file: PushFile, pair: &Pair, source: &Door, org2org: &[Value]) -> Outcome<Push> {
    let mut push = Push::suggest(pair);
    if let Some(name) = &file.method {
        let all = Method::ALL;
        push.method = chosen("method", name, &all, |one| one.name())?;
    }
    if let Some(name) = &file.initial_status {
        let all = InitialStatus::ALL;
        push.initial_status = chosen("initial_status", name, &all, |one| one.name())?;
    }
    push.client_label = file.client_label.unwrap_or(push.client_label);
    push.deactivate = file.deactivate;
    push.replaces_token = file.replaces_token;
    push.groups = source_groups(source, &file.groups, org2org)?;
    Ok(push)
}

fn chosen<T: Copy>(
    member: &str,
    name: &str,
    all: &[T],
    named: fn(&T) -> &'static str,
) -> Outcome<T> {
    let found = all.iter().find(|one| named(one) == name);
    found.copied().ok_or_else(|| Trouble {
        code: "wish".to_owned(),
        what: format!("`push.{member}` is `{}`", seen(name)),
        hint: format!(
            "Choose one of: {}.",
            all.iter().map(named).collect::<Vec<_>>().join(", ")
        ),
        exit: Exit::Usage,
    })
}

/// Groups of the source by name. What one of its Org2Org apps brought back of a group that it pushes
/// has the same name and is not meant.
fn source_groups(source: &Door, names: &[String], org2org: &[Value]) -> Outcome<Vec<Member>> {
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

fn each(
    door: &Door,
    names: &[String],
    kind: &str,
    probe: impl Fn(&str) -> Probe,
    at: &str,
) -> Outcome<Vec<Member>> {
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

/// The crate's own words would show the line as it is: perhaps the file of a token was given by mistake.
fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> Trouble {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count();
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    Trouble {
        code: "wish".to_owned(),
        what: format!(
            "{}, line {}, column {}: {}; it reads `{}`",
            seen(&path.display().to_string()),
            line + 1,
            column + 1,
            seen_sentences(error.message()),
            seen(text.lines().nth(line).unwrap_or_default())
        ),
        hint: "`docs/wish.toml` shows every member.".to_owned(),
        exit: Exit::Usage,
    }
}
