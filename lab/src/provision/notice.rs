//! Sees what changed in a source, and makes jobs of it.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{Link, Push, Seen, ToApp};
use super::trace;
use super::work::{Gone, What};
use crate::org::{AppUser, Org, User};
use crate::world::World;

/// Looks at every app of the org whose connection is enabled.
pub(super) fn look(world: &mut World, at: usize, now: u64) {
    let apps = world.orgs[at].apps.values();
    let apps: Vec<String> = apps
        .filter(|app| app.provisioning.connection.enabled)
        .map(|app| app.id.clone())
        .collect();
    for app in apps {
        people(world, at, &app);
        groups(world, at, &app, now);
    }
}

/// Remembers who has the app at the moment its connection is enabled: they were assigned too early to be pushed,
/// and what changed meanwhile is not caught up.
pub(crate) fn enrol(org: &mut Org, app: &str) {
    let Some(found) = org.apps.get(app) else {
        return;
    };
    let current = org.app_users(found);
    let mut links = found.provisioning.people.clone();
    links.retain(|id, _| current.contains_key(id));
    for (id, assigned) in &current {
        let Some(user) = org.users.get(id) else {
            continue;
        };
        let link = links.entry(id.clone()).or_insert_with(|| Link {
            before: true,
            ..Link::default()
        });
        link.seen = seen(user, assigned);
        // What waited when the connection was cut does not wait any more.
        link.waits = false;
        link.before |= link.external_id.is_none();
    }
    if let Some(found) = org.apps.get_mut(app) {
        for push in found.provisioning.pushes.values_mut() {
            push.waits = false;
        }
        found.provisioning.people = links;
    }
}

/// True for people whose account is ready to be pushed; staged and suspended ones wait.
pub(super) fn is_ready(status: &str) -> bool {
    !["STAGED", "SUSPENDED", "DEPROVISIONED"].contains(&status)
}

fn seen(user: &User, assigned: &AppUser) -> Seen {
    Seen {
        status: user.status.clone(),
        profile: format!("{} {}", assigned.user_name, assigned.profile),
        password: user.password.clone(),
        signed_in: user.last_login,
    }
}

fn people(world: &mut World, at: usize, app: &str) {
    let org = &mut world.orgs[at];
    let Some(found) = org.apps.get_mut(app) else {
        return;
    };
    let mut links = std::mem::take(&mut found.provisioning.people);
    let on = found.provisioning.to_app.clone();
    let current = org.apps.get(app).map(|app| org.app_users(app));
    let current = current.unwrap_or_default();
    let mut jobs = went(org, &mut links, &current, &on);
    for (id, assigned) in &current {
        let Some(user) = org.users.get(id) else {
            continue;
        };
        let seen = seen(user, assigned);
        match links.get_mut(id) {
            Some(link) if link.seen == seen => {}
            Some(link) => jobs.extend(changed(link, seen, id, &on)),
            None => {
                let waits = on.create && is_ready(&user.status);
                jobs.extend(waits.then(|| What::Create(id.clone())));
                let before = !on.create;
                let link = Link {
                    before,
                    waits,
                    seen,
                    ..Link::default()
                };
                links.insert(id.clone(), link);
            }
        }
    }
    if let Some(found) = org.apps.get_mut(app) {
        found.provisioning.people = links;
    }
    for job in jobs {
        world.work.add(at, app, job);
    }
}

fn went(
    org: &Org,
    links: &mut BTreeMap<String, Link>,
    current: &BTreeMap<String, AppUser>,
    on: &ToApp,
) -> Vec<What> {
    let gone: Vec<String> = links
        .keys()
        .filter(|id| !current.contains_key(*id))
        .cloned()
        .collect();
    let mut jobs = Vec::new();
    for id in gone {
        let external = links.remove(&id).and_then(|link| link.external_id);
        let name = org.users.get(&id).map(User::full_name).unwrap_or_default();
        if let Some(external_id) = external.filter(|_| on.deactivate) {
            jobs.push(What::Deactivate(Gone {
                user: id,
                name,
                external_id,
            }));
        }
    }
    jobs
}

fn changed(link: &mut Link, seen: Seen, id: &str, on: &ToApp) -> Vec<What> {
    let was = std::mem::replace(&mut link.seen, seen);
    let now = &link.seen;
    let id = || id.to_owned();
    if link.external_id.is_none() {
        let first = on.create && !link.before && !link.waits && link.error.is_none();
        if first && is_ready(&now.status) {
            link.waits = true;
            return vec![What::Create(id())];
        }
        return Vec::new();
    }
    let mut jobs = Vec::new();
    if on.deactivate && was.status == "SUSPENDED" && is_ready(&now.status) {
        jobs.push(What::Reactivate(id()));
    }
    if on.profile && was.profile != now.profile {
        jobs.push(What::Update(id()));
    }
    let other = was.password != now.password;
    let due = if on.own_password {
        other || was.signed_in != now.signed_in
    } else {
        other && on.renew
    };
    if on.password && due {
        jobs.push(What::Password(id()));
    }
    link.waits |= !jobs.is_empty();
    jobs
}

fn groups(world: &mut World, at: usize, app: &str, now: u64) {
    let Some(found) = world.orgs[at].apps.get(app) else {
        return;
    };
    let dropped = found.provisioning.dropped.clone();
    let pushes: Vec<Push> = found.provisioning.pushes.values().cloned().collect();
    for external in dropped {
        world.work.add(at, app, What::DropGroup(external));
    }
    if let Some(found) = world.orgs[at].apps.get_mut(app) {
        found.provisioning.dropped.clear();
    }
    for push in pushes.into_iter().filter(|push| push.active) {
        let name = world.orgs[at]
            .groups
            .get(&push.source)
            .map(|group| &group.name);
        if name != Some(&push.seen_name) {
            stop(world, at, app, &push, now);
        } else if !push.waits
            && push.error.is_none()
            && push.members != Some(members(&world.orgs[at], app, &push))
        {
            if let Some(held) = held(world, at, app, &push.id) {
                held.waits = true;
            }
            world.work.add(at, app, What::Group(push.id));
        }
    }
}

/// Whom the target's group should have, by their ids there: members who have the app and were pushed.
pub(super) fn members(org: &Org, app: &str, push: &Push) -> BTreeSet<String> {
    let (Some(group), Some(app)) = (org.groups.get(&push.source), org.apps.get(app)) else {
        return BTreeSet::new();
    };
    let pushed = group.members.iter().filter_map(|id| {
        let ready = org.users.get(id).is_some_and(|user| is_ready(&user.status));
        app.provisioning
            .people
            .get(id)?
            .external_id
            .clone()
            .filter(|_| ready)
    });
    pushed.collect()
}

pub(super) fn held<'w>(
    world: &'w mut World,
    at: usize,
    app: &str,
    push: &str,
) -> Option<&'w mut Push> {
    world.orgs[at]
        .apps
        .get_mut(app)?
        .provisioning
        .pushes
        .get_mut(push)
}

// A source group that was renamed or deleted turns its mapping off. The target's group stays.
fn stop(world: &mut World, at: usize, app: &str, push: &Push, now: u64) {
    let name = world.orgs[at]
        .groups
        .get(&push.source)
        .map(|group| group.name.clone());
    if let Some(held) = held(world, at, app, &push.id) {
        held.active = false;
        held.updated = now / 1000 * 1000;
        held.seen_name = name.unwrap_or_else(|| held.seen_name.clone());
    }
    let kind = "application.provision.group_push.mapping.deactivated.source.group.renamed";
    trace::log(world, at, now, kind, Ok(()), ("UserGroup", &push.source));
    trace::effect(
        world,
        at,
        now,
        &push.id,
        format!("push of group `{}` is INACTIVE", push.seen_name),
    );
}
