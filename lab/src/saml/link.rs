//! Which person of the target an accepted assertion stands for: linked, matched, or made just in time.

use serde_json::{Map, Value, json};

use super::check::Subject;
use crate::ids::Ids;
use crate::okta::call::Change;
use crate::org::{Idp, IdpUser, Org, User};

/// The person, and what finding them changed.
#[derive(Debug)]
pub(crate) struct Landed {
    pub user: String,
    pub changes: Vec<Change>,
}

/// Finds, links or makes the person, by the IdP's rules. The error says which rule refused.
pub(crate) fn land(
    org: &mut Org,
    ids: &mut Ids,
    idp: &Idp,
    subject: &Subject,
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
        .find(|(_, link)| link.external_id == subject.name_id)
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

fn username(idp: &Idp, subject: &Subject) -> Result<String, String> {
    let template = idp
        .text("/policy/subject/userNameTemplate/template")
        .unwrap_or_default();
    let plain = template.trim_start_matches("${").trim_end_matches('}');
    let attribute = plain
        .strip_prefix("idpuser.")
        .or_else(|| plain.strip_prefix("saml."));
    let found = match attribute {
        Some("subjectNameId") => Some(subject.name_id.clone()),
        Some(name) => subject
            .attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone()),
        None => None,
    };
    found
        .filter(|name| !name.is_empty())
        .ok_or_else(|| format!("The assertion gives no username for `{template}`."))
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
    subject: &Subject,
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
    subject: &Subject,
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
        let value = given(field)
            .ok_or_else(|| format!("The assertion lacks `{field}`, which a new person needs."))?;
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
    subject: &Subject,
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
        external_id: subject.name_id.clone(),
        created,
        updated: now,
        profile: Value::Object(profile),
    };
    if held.links.insert(user.to_owned(), fresh).is_none() {
        let what = format!("link of {} to IdP `{}`", subject.name_id, idp.name);
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
