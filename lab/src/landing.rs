//! Somebody arrives at a target from an identity provider: which person that is (linked, matched, or made just in
//! time), and their session.

use serde_json::{Map, Value, json};

use crate::ids::Ids;
use crate::okta::call::{Actor, Change};
use crate::okta::logs::{Event, write};
use crate::org::{Idp, IdpUser, Org, User};
use crate::session::{self, Session};
use crate::wire::Request;
use crate::world::World;

/// Whom an identity provider vouches for.
#[derive(Clone, Debug)]
pub(crate) struct Newcomer {
    /// What the provider calls the person for good.
    pub external_id: String,
    pub attributes: Vec<(String, String)>,
}

/// Somebody who was let in.
pub(crate) struct Arrived {
    pub session: Session,
}

/// Lets somebody in, or says why not; the System Log hears of both.
pub(crate) fn enter(
    world: &mut World,
    at: usize,
    idp: &Idp,
    who: Result<Newcomer, String>,
    request: &Request,
    now: u64,
) -> Result<Arrived, String> {
    let result = who.and_then(|who| seat(world, at, idp, &who, request, now));
    let (actor, outcome) = match &result {
        Ok((_, actor)) => (actor.clone(), Ok(())),
        Err(reason) => (Actor::default(), Err(reason.as_str())),
    };
    let event = Event {
        kind: "user.authentication.auth_via_IDP",
        message: "Authenticate user via IDP",
        outcome,
        target: ("IdentityProvider", &idp.id),
    };
    write(
        &mut world.orgs[at],
        &mut world.side_ids,
        &actor,
        now,
        &event,
    );
    result.map(|(session, _)| Arrived { session })
}

fn seat(
    world: &mut World,
    at: usize,
    idp: &Idp,
    who: &Newcomer,
    request: &Request,
    now: u64,
) -> Result<(Session, Actor), String> {
    let org = &mut world.orgs[at];
    let landed = land(org, &mut world.ids, idp, who, now)?;
    let actor = session::actor(org, &landed.user).ok_or("The person is not active.")?;
    if let Some(user) = org.users.get_mut(&landed.user) {
        user.last_login = Some(now);
    }
    let org = org.id.clone();
    world.note(at, &actor.login, request, landed.changes, now);
    let session = world
        .sessions
        .start(&mut world.side_ids, &org, &landed.user, now);
    Ok((session, actor))
}

/// The person, and what finding them changed.
struct Landed {
    user: String,
    changes: Vec<Change>,
}

/// Finds, links or makes the person, by the IdP's rules. The error says which rule refused.
fn land(
    org: &mut Org,
    ids: &mut Ids,
    idp: &Idp,
    subject: &Newcomer,
    now: u64,
) -> Result<Landed, String> {
    let name = username(idp, subject)?;
    if let Some(filter) = idp.text("/policy/subject/filter") {
        // Okta's filter must fit the whole username.
        let fits = regex_lite::Regex::new(&format!("^(?:{filter})$"))
            .is_ok_and(|filter| filter.is_match(&name));
        if !fits {
            return Err(format!(
                "The username `{name}` does not pass the identity provider's filter."
            ));
        }
    }
    let linked = idp
        .links
        .iter()
        .find(|(_, link)| link.external_id == subject.external_id)
        .map(|(id, _)| id.clone());
    let matched = linked.clone().or_else(|| matching(org, idp, &name));
    let mut changes = Vec::new();
    let user = match matched {
        Some(user) => {
            if linked.is_none() {
                allow_link(org, idp, &user)?;
            }
            revive(org, idp, &user, &mut changes)?;
            take_over(org, idp, &user, subject, now, &mut changes);
            user
        }
        None => make(org, ids, idp, subject, &name, now, &mut changes)?,
    };
    link(org, idp, &user, subject, now, &mut changes);
    assign(org, idp, &user, &mut changes);
    Ok(Landed { user, changes })
}

fn username(idp: &Idp, subject: &Newcomer) -> Result<String, String> {
    let template = idp
        .text("/policy/subject/userNameTemplate/template")
        .unwrap_or_default();
    let plain = template.trim_start_matches("${").trim_end_matches('}');
    let attribute = plain
        .strip_prefix("idpuser.")
        .or_else(|| plain.strip_prefix("saml."));
    let found = match attribute {
        Some("subjectNameId") => Some(subject.external_id.clone()),
        Some(name) => subject
            .attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone()),
        None => None,
    };
    found
        .filter(|name| !name.is_empty())
        .ok_or_else(|| format!("The identity provider gives no username for `{template}`."))
}

fn matching(org: &Org, idp: &Idp, name: &str) -> Option<String> {
    let attribute = idp
        .text("/policy/subject/matchAttribute")
        .unwrap_or("login");
    let names: &[&str] = match idp.text("/policy/subject/matchType") {
        Some("EMAIL") => &["email"],
        Some("USERNAME_OR_EMAIL") => &["login", "email"],
        Some("CUSTOM_ATTRIBUTE") => &[attribute],
        _ => &["login"],
    };
    let fits = |user: &&User| {
        names
            .iter()
            .any(|field| user.attribute(field).eq_ignore_ascii_case(name))
    };
    let mut found = org.users.values().filter(|user| fits(user));
    found
        .next()
        .filter(|_| found.next().is_none())
        .map(|user| user.id.clone())
}

fn allow_link(org: &Org, idp: &Idp, user: &str) -> Result<(), String> {
    if idp.text("/policy/accountLink/action") != Some("AUTO") {
        return Err(
            "The person exists, and this identity provider does not link accounts.".to_owned(),
        );
    }
    let filter = idp
        .policy
        .pointer("/accountLink/filter")
        .cloned()
        .unwrap_or_default();
    let listed = |pointer: &str| {
        filter
            .pointer(pointer)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let groups = listed("/groups/include");
    let member = |id: &Value| {
        id.as_str()
            .and_then(|id| org.groups.get(id))
            .is_some_and(|group| group.members.contains(user))
    };
    if !groups.is_empty() && !groups.iter().any(member) {
        return Err("The person is in none of the groups whose accounts may be linked.".to_owned());
    }
    if listed("/users/exclude").iter().any(|id| id == user) {
        return Err("The person is excluded from account linking.".to_owned());
    }
    let admin = org
        .users
        .get(user)
        .is_some_and(|user| !user.roles.is_empty());
    if admin && filter.pointer("/users/excludeAdmins") == Some(&Value::Bool(true)) {
        return Err("Admins are excluded from account linking.".to_owned());
    }
    Ok(())
}

fn revive(org: &mut Org, idp: &Idp, user: &str, changes: &mut Vec<Change>) -> Result<(), String> {
    let Some(user) = org.users.get_mut(user) else {
        return Err("The linked person is gone.".to_owned());
    };
    let wanted = match user.status.as_str() {
        "ACTIVE" => return Ok(()),
        "SUSPENDED" => (
            "/policy/provisioning/conditions/suspended/action",
            "UNSUSPEND",
        ),
        "DEPROVISIONED" => (
            "/policy/provisioning/conditions/deprovisioned/action",
            "REACTIVATE",
        ),
        _ => ("", ""),
    };
    if idp.text(wanted.0) != Some(wanted.1) {
        return Err(format!("The person's status is {}.", user.status));
    }
    user.status = "ACTIVE".to_owned();
    changes.push(Change::Updated {
        what: format!("user {} is ACTIVE", user.login()),
    });
    Ok(())
}

// With Profile Source on, each sign-in overwrites the profile and the IdP becomes its source.
fn take_over(
    org: &mut Org,
    idp: &Idp,
    user: &str,
    subject: &Newcomer,
    now: u64,
    changes: &mut Vec<Change>,
) {
    if !masters(idp) {
        return;
    }
    let Some(user) = org.users.get_mut(user) else {
        return;
    };
    let known = user.profile.clone();
    user.master = Some(idp.id.clone());
    for (name, value) in &subject.attributes {
        if ["email", "firstName", "lastName"].contains(&name.as_str()) {
            user.profile.insert(name.clone(), json!(value));
        }
    }
    if user.profile != known || user.provider != "FEDERATION" {
        user.provider = "FEDERATION".to_owned();
        user.updated = now;
        changes.push(Change::Updated {
            what: format!("user {} by IdP `{}`", user.login(), idp.name),
        });
    }
}

fn masters(idp: &Idp) -> bool {
    idp.policy.pointer("/provisioning/profileMaster") == Some(&Value::Bool(true))
}

fn make(
    org: &mut Org,
    ids: &mut Ids,
    idp: &Idp,
    subject: &Newcomer,
    name: &str,
    now: u64,
    changes: &mut Vec<Change>,
) -> Result<String, String> {
    if idp.text("/policy/provisioning/action") != Some("AUTO") {
        return Err(format!(
            "Nobody here is `{name}`, and just-in-time provisioning is off."
        ));
    }
    let given = |field: &str| {
        subject
            .attributes
            .iter()
            .find(|(key, _)| key == field)
            .map(|(_, value)| value.as_str())
    };
    let mut profile = Map::new();
    profile.insert("login".to_owned(), json!(name));
    profile.insert("email".to_owned(), json!(given("email").unwrap_or(name)));
    for field in ["firstName", "lastName"] {
        let value = given(field).ok_or_else(|| {
            format!("The identity provider gives no `{field}`, which a new person needs.")
        })?;
        profile.insert(field.to_owned(), json!(value));
    }
    let id = ids.fresh("00u");
    let user = User {
        id: id.clone(),
        status: "ACTIVE".to_owned(),
        created: now,
        updated: now,
        last_login: None,
        profile,
        password: None,
        provider: "FEDERATION".to_owned(),
        master: masters(idp).then(|| idp.id.clone()),
        roles: Vec::new(),
    };
    for group in org.groups.those_mut(|group| group.kind == "BUILT_IN") {
        group.members.insert(id.clone());
    }
    org.users.insert(id.clone(), user);
    changes.push(Change::Created {
        what: format!("user {name} just in time"),
        collection: "users".to_owned(),
        key: id.clone(),
    });
    Ok(id)
}

fn link(
    org: &mut Org,
    idp: &Idp,
    user: &str,
    subject: &Newcomer,
    now: u64,
    changes: &mut Vec<Change>,
) {
    let profile = subject
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    let Some(held) = org.idps.get_mut(&idp.id) else {
        return;
    };
    let created = held.links.get(user).map_or(now, |link| link.created);
    let fresh = IdpUser {
        external_id: subject.external_id.clone(),
        created,
        updated: now,
        profile: Value::Object(profile),
    };
    if held.links.insert(user.to_owned(), fresh).is_none() {
        let what = format!("link of {} to IdP `{}`", subject.external_id, idp.name);
        changes.push(Change::Created {
            what,
            collection: format!("idps/{}/users", idp.id),
            key: user.to_owned(),
        });
    }
}

fn assign(org: &mut Org, idp: &Idp, user: &str, changes: &mut Vec<Change>) {
    let groups = &idp.policy["provisioning"]["groups"];
    let jit = idp.text("/policy/provisioning/action") == Some("AUTO");
    if !jit || groups["action"] != "ASSIGN" {
        return;
    }
    for id in groups["assignments"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if let Some(group) = org
            .groups
            .get_mut(id)
            .filter(|group| !group.members.contains(user))
        {
            group.members.insert(user.to_owned());
            let what = format!("{user} in group `{}`", group.name);
            changes.push(Change::Created {
                what,
                collection: format!("groups/{id}/users"),
                key: user.to_owned(),
            });
        }
    }
}
