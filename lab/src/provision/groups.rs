//! Groups pushed to the target: made or linked by name, and given the same members.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::line::{Ask, GROUPS, Later, Line, Trouble};
use super::notice::{held, members};
use super::state::Push;
use crate::org::Group;

/// Pages of members that are read at most.
const MOST_PAGES: usize = 100;

/// Brings the group of a mapping up to date.
pub(super) fn push(line: &mut Line<'_>, mapping: &str) -> Result<(), Later> {
    let app = line.app();
    let found = app
        .and_then(|app| app.provisioning.pushes.get(mapping))
        .cloned();
    let Some(push) = found.filter(|push| push.active) else {
        if let Some(push) = held(line.world, line.at, &line.app, mapping) {
            push.waits = false;
        }
        return Ok(());
    };
    let outcome = bring(line, &push);
    let (now, app) = (line.now, line.app.clone());
    match outcome {
        Ok(pushed) => {
            line.log(
                "application.provision.group_push.updated",
                Ok(()),
                ("UserGroup", &push.source),
            );
            let what = format!("push of group `{}`: {} members", push.name, pushed.len());
            line.effect(&format!("group-push/mappings/{mapping}"), what);
            if let Some(push) = held(line.world, line.at, &app, mapping) {
                (push.waits, push.error) = (false, None);
                (push.pushed, push.members) = (Some(now / 1000 * 1000), Some(pushed));
            }
        }
        Err(trouble) => {
            let why = trouble.told()?;
            let text = format!(
                "Unable to update Group Push mapping target App group {}: {why}",
                push.name
            );
            line.log(
                "application.provision.group_push.mapping.update.or.delete.failed.with.error",
                Err(&text),
                ("UserGroup", &push.source),
            );
            let what = format!("push of group `{}`: failed", push.name);
            line.effect(&format!("group-push/mappings/{mapping}"), what);
            if let Some(push) = held(line.world, line.at, &app, mapping) {
                (push.waits, push.error) = (false, Some(text));
            }
        }
    }
    Ok(())
}

/// Deletes a group of the target whose mapping was deleted with it.
pub(super) fn remove(line: &mut Line<'_>, external: &str) -> Result<(), Later> {
    let outcome = ask(line, "DELETE", &format!("/api/v1/groups/{external}"), None);
    let kind = "application.provision.group_push.delete_appgroup";
    match outcome {
        Ok(_) => line.log(kind, Ok(()), ("AppGroup", external)),
        Err(trouble) => {
            let why = trouble.told()?;
            line.log(kind, Err(&why), ("AppGroup", external));
        }
    }
    Ok(())
}

/// Makes an app group of each group of the target that has none yet.
pub(super) fn refresh(line: &mut Line<'_>) -> Result<(), Later> {
    let mut path = "/api/v1/groups?limit=200".to_owned();
    for _ in 0..MOST_PAGES {
        let page = line.page(&ask_of("GET", &path, None));
        let (groups, next) = match page {
            Ok(page) => page,
            Err(trouble) => {
                let why = trouble.told()?;
                line.log_app("application.provision.group.import", Err(&why));
                return Ok(());
            }
        };
        for group in groups.as_array().into_iter().flatten() {
            take(line, group);
        }
        match next {
            Some(next) if next != path => path = next,
            _ => break,
        }
    }
    line.log_app("application.provision.group.import", Ok(()));
    Ok(())
}

fn take(line: &mut Line<'_>, group: &Value) {
    let id = group["id"].as_str();
    let name = group.pointer("/profile/name").and_then(Value::as_str);
    let (Some(id), Some(name), Some(app)) = (id, name, line.app().cloned()) else {
        return;
    };
    let known = line.org().groups.values().any(|known| {
        let of = known.of_app.as_ref().filter(|of| of.app == app.id);
        of.is_some_and(|of| of.external_id.as_deref() == Some(id))
    });
    if known || group["type"] != "OKTA_GROUP" {
        return;
    }
    let made = Group::of_app(
        &mut line.world.ids,
        &app,
        name,
        Some(id.to_owned()),
        line.now,
    );
    line.effect("groups", format!("app group `{name}`"));
    line.world.orgs[line.at]
        .groups
        .insert(made.id.clone(), made);
}

fn bring(line: &mut Line<'_>, push: &Push) -> Result<BTreeSet<String>, Trouble> {
    let known = external(line, push);
    let (external, seen) = match known {
        Some(external) => (external, push.members.clone()),
        None => find_or_make(line, push)?,
    };
    let wanted = members(line.org(), &line.app, push);
    // What is not known to be there is read: a linked group loses members that the source does not have.
    let seen = match seen {
        Some(seen) => seen,
        None => read_members(line, &external)?,
    };
    for user in wanted.difference(&seen) {
        let path = format!("/api/v1/groups/{external}/users/{user}");
        ask(line, "PUT", &path, None).map_err(|trouble| trouble.while_doing("adding member"))?;
    }
    for user in seen.difference(&wanted) {
        let path = format!("/api/v1/groups/{external}/users/{user}");
        match ask(line, "DELETE", &path, None) {
            Err(trouble) if !trouble.is_missing() => {
                return Err(trouble.while_doing("removing member"));
            }
            _ => {}
        }
    }
    Ok(wanted)
}

fn external(line: &Line<'_>, push: &Push) -> Option<String> {
    let group = line.org().groups.get(&push.target)?;
    group.of_app.as_ref()?.external_id.clone()
}

// A group of this name is linked when the target has one, and made when it has none.
fn find_or_make(
    line: &mut Line<'_>,
    push: &Push,
) -> Result<(String, Option<BTreeSet<String>>), Trouble> {
    let query: String = url::form_urlencoded::byte_serialize(push.name.as_bytes()).collect();
    let found = ask(line, "GET", &format!("/api/v1/groups?q={query}"), None)
        .map_err(|trouble| trouble.while_doing("looking for user group"))?;
    let named = |group: &&Value| {
        group["type"] == "OKTA_GROUP"
            && group.pointer("/profile/name").and_then(Value::as_str) == Some(push.name.as_str())
    };
    let found = found.as_array().into_iter().flatten().find(named).cloned();
    let (group, members, kind) = match found {
        Some(group) => (
            group,
            None,
            "application.provision.group_push.mapping.created",
        ),
        None => {
            let body = json!({ "profile": { "name": push.name } });
            let made = ask(line, "POST", "/api/v1/groups", Some(&body)).map_err(|trouble| {
                trouble.while_doing(&format!("creating user group {}", push.name))
            });
            (
                made?,
                Some(BTreeSet::new()),
                "application.provision.group_push.pushed",
            )
        }
    };
    let Some(id) = group["id"].as_str().map(str::to_owned) else {
        return Err(line.lost());
    };
    let target = line.world.orgs[line.at].groups.get_mut(&push.target);
    if let Some(of) = target.and_then(|group| group.of_app.as_mut()) {
        of.external_id = Some(id.clone());
    }
    line.log(kind, Ok(()), ("UserGroup", &push.source));
    Ok((id, members))
}

fn read_members(line: &mut Line<'_>, external: &str) -> Result<BTreeSet<String>, Trouble> {
    let mut path = format!("/api/v1/groups/{external}/users?limit=1000");
    let mut seen = BTreeSet::new();
    for _ in 0..MOST_PAGES {
        let (members, next) = line
            .page(&ask_of("GET", &path, None))
            .map_err(|trouble| trouble.while_doing("reading members"))?;
        let ids = members.as_array().into_iter().flatten();
        seen.extend(ids.filter_map(|user| user["id"].as_str().map(str::to_owned)));
        match next {
            Some(next) if next != path => path = next,
            _ => break,
        }
    }
    Ok(seen)
}

fn ask_of<'a>(method: &'a str, path: &'a str, body: Option<&'a Value>) -> Ask<'a> {
    Ask {
        method,
        path,
        body,
        scopes: GROUPS,
    }
}

fn ask(
    line: &mut Line<'_>,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Value, Trouble> {
    line.ask(&ask_of(method, path, body))
}
