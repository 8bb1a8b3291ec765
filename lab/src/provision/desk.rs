//! What an admin of the source does in the console about pushes: provision people who came too early, try again,
//! read the target's groups.

use super::line::{Ask, Line, PEOPLE, Trouble};
use super::notice::is_ready;
use super::state::Way;
use super::work::What;
use crate::keys::SigningKey;
use crate::world::World;

/// *Provision User*: pushes everybody with the app who has no counterpart, those assigned before provisioning was
/// on included.
pub(crate) fn provision(world: &mut World, at: usize, app: &str) {
    let mut jobs = Vec::new();
    let org = &mut world.orgs[at];
    let Some(found) = org.apps.get_mut(app).filter(|app| {
        let held = &app.provisioning;
        held.connection.enabled && held.to_app.create
    }) else {
        return;
    };
    for (id, link) in &mut found.provisioning.people {
        let ready = org.users.get(id).is_some_and(|user| is_ready(&user.status));
        if link.external_id.is_none() && !link.waits && ready {
            (link.before, link.waits, link.error) = (false, true, None);
            jobs.push(What::Create(id.clone()));
        }
    }
    for job in jobs {
        world.work.add(at, app, job);
    }
}

/// *Test API Credentials*: asks the target for one person with these credentials, or those that are set. It leaves no
/// trace in the source, and says nothing about what else they may do.
pub(crate) fn test(
    world: &mut World,
    at: usize,
    app: &str,
    way: Option<Way>,
    now: u64,
) -> Result<(), String> {
    let none = "The app has no credentials to test yet.";
    let known = world.orgs[at]
        .apps
        .get(app)
        .ok_or("There is no such app.")?;
    let mut tried = known.provisioning.connection.clone();
    tried.way = Some(way.or(tried.way.take()).ok_or(none)?);
    (tried.enabled, tried.access) = (true, None);
    if tried.keys.is_empty() {
        let subdomain = world.orgs[at].subdomain.clone();
        tried.keys = vec![SigningKey::new(&mut world.side_ids, &subdomain, now, 10)];
    }
    let line = Line::new(world, at, app, now);
    let asked = line.trying(tried).ask(&Ask {
        method: "GET",
        path: "/api/v1/users?limit=1",
        body: None,
        scopes: PEOPLE,
    });
    match asked.map_err(Trouble::told) {
        Ok(_) => Ok(()),
        Err(Ok(text)) => Err(format!("Error authenticating: {text}")),
        Err(Err(_)) => Err("Error authenticating: Rate limit exceeded".to_owned()),
    }
}

/// *Refresh App Groups*: learns which groups the target has, so that one can be linked by its id.
pub(crate) fn refresh(world: &mut World, at: usize, app: &str) {
    world.work.add(at, app, What::Refresh);
}

/// *Retry Selected* on the Tasks page, for all of an app's failed pushes.
pub(crate) fn retry(world: &mut World, at: usize, app: &str) {
    let mut jobs = Vec::new();
    let Some(found) = world.orgs[at].apps.get_mut(app) else {
        return;
    };
    for (id, link) in &mut found.provisioning.people {
        if link.error.take().is_some() {
            link.waits = true;
            let id = id.clone();
            jobs.push(match link.external_id {
                Some(_) => What::Update(id),
                None => What::Create(id),
            });
        }
    }
    for push in found.provisioning.pushes.values_mut() {
        push.error = None;
    }
    for job in jobs {
        world.work.add(at, app, job);
    }
    world.work.stirred.insert(at);
}
