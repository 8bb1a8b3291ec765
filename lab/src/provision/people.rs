//! People pushed to the target: made or linked, changed, given passwords, deactivated, brought back.

use serde_json::{Map, Value, json};

use super::line::{Ask, Later, Line, PEOPLE, Trouble};
use super::profile::Rules;
use super::state::Link;
use super::work::Gone;
use crate::okta::schemas::INITIAL_STATUS;
use crate::org::User;

/// A person with the app, as one job sees them.
struct Person {
    id: String,
    user: User,
    user_name: String,
    profile: Map<String, Value>,
    rules: Rules,
}

type Pushed = Result<(), Trouble>;

/// Makes the person in the target, or links the one who has the username there.
pub(super) fn create(line: &mut Line<'_>, user: &str) -> Result<(), Later> {
    let Some(person) = person(line, user) else {
        return Ok(());
    };
    let kind = "application.provision.user.push";
    match arrive(line, &person) {
        Ok(external) => {
            let now = line.now;
            let what = format!("user {} in app: externalId {external}", person.user_name);
            held(line, user, |link| {
                link.external_id = Some(external);
                (link.before, link.changed) = (false, Some(now));
            });
            done(line, &person, kind, what);
            // Pushed groups may have waited for them.
            line.world.work.stirred.insert(line.at);
            line.log(
                "app.user_management.push_new_user_success",
                Ok(()),
                ("AppUser", &person.id),
            );
            Ok(())
        }
        Err((step, trouble)) => {
            let why = trouble.told()?;
            let (kind, doing) = match step {
                Step::Create => (kind, "creating user"),
                Step::Verify => (
                    "application.provision.user.verify_exists",
                    "verifying user exists",
                ),
            };
            let what = format!("Automatic provisioning of user {}", person.user.full_name());
            let why = format!("Error while {doing} {}: {why}", person.user_name);
            failed(line, &person, kind, &what, &why);
            Ok(())
        }
    }
}

/// Pushes the attributes that are to follow changes.
pub(super) fn update(line: &mut Line<'_>, user: &str) -> Result<(), Later> {
    let Some((person, external)) = linked(line, user) else {
        return Ok(());
    };
    let mut profile = target_profile(&person);
    profile.retain(|name, _| name == "login" || person.rules.on_update(name));
    let body = json!({ "profile": profile });
    let outcome = post(line, &format!("/api/v1/users/{external}"), Some(&body));
    let kind = "application.provision.user.push_profile";
    settle(line, &person, outcome, kind, |person| {
        let what = format!("Automatic profile push of user {}", person.user.full_name());
        let doing = format!("trying to push profile update for {}", person.user_name);
        (what, doing)
    })
}

/// Pushes the person's own password, or a new random one.
pub(super) fn password(line: &mut Line<'_>, user: &str) -> Result<(), Later> {
    let Some((person, external)) = linked(line, user) else {
        return Ok(());
    };
    let on = line.app().map(|app| app.provisioning.to_app.clone());
    let own = on.is_some_and(|on| on.own_password);
    let own_value = person.user.password.clone();
    // Who signs in elsewhere has no password to push.
    let value = match own_value.filter(|_| person.user.provider == "OKTA") {
        Some(value) if own => value,
        None if own => return waits_no_more(line, user),
        _ => temporary(line),
    };
    let body = json!({ "credentials": { "password": { "value": value } } });
    let outcome = post(line, &format!("/api/v1/users/{external}"), Some(&body));
    if outcome.is_ok() {
        let now = line.now;
        held(line, user, |link| link.password_pushed = Some(now));
    }
    let kind = if own {
        "application.provision.user.push_okta_password"
    } else {
        "application.provision.user.push_password"
    };
    settle(line, &person, outcome, kind, |person| {
        let what = format!(
            "Automatic password push of user {}",
            person.user.full_name()
        );
        let doing = format!("trying to push password for {}", person.user_name);
        (what, doing)
    })
}

/// Deactivates the counterpart of somebody who lost the app.
pub(super) fn deactivate(line: &mut Line<'_>, gone: &Gone) -> Result<(), Later> {
    let path = format!("/api/v1/users/{}/lifecycle/deactivate", gone.external_id);
    let outcome = post(line, &path, None);
    let kind = "application.provision.user.deactivate";
    let target = ("AppUser", gone.user.as_str());
    match outcome {
        Ok(()) => line.log(kind, Ok(()), target),
        Err(trouble) => {
            let why = trouble.told()?;
            let label = label(line);
            let text = format!(
                "Automatic deactivation of user {} to app {label} failed: Error while deactivating user: {why}",
                gone.name
            );
            line.log(kind, Err(&text), target);
        }
    }
    Ok(())
}

/// The person is active again in the source: also who was suspended in the target is brought back.
pub(super) fn reactivate(line: &mut Line<'_>, user: &str) -> Result<(), Later> {
    let Some((person, external)) = linked(line, user) else {
        return Ok(());
    };
    let outcome = get(line, &format!("/api/v1/users/{external}"))
        .and_then(|found| revive(line, &person, &found));
    let kind = "application.provision.user.reactivate";
    settle(line, &person, outcome, kind, |person| {
        let what = format!("Automatic reactivation of user {}", person.user.full_name());
        let doing = format!("reactivating user {}", person.user_name);
        (what, doing)
    })
}

enum Step {
    Create,
    Verify,
}

// The id of the person's counterpart, made or linked.
fn arrive(line: &mut Line<'_>, person: &Person) -> Result<String, (Step, Trouble)> {
    let create = |trouble| (Step::Create, trouble);
    let status = initial_status(person).map_err(create)?;
    let name: String = url::form_urlencoded::byte_serialize(person.user_name.as_bytes()).collect();
    let name = name.replace('+', "%20");
    match get(line, &format!("/api/v1/users/{name}")) {
        // A short name can find somebody whose username only starts alike.
        Ok(found) if is_named(&found, &person.user_name) => {
            link(line, person, &found).map_err(create)
        }
        Ok(_) => make(line, person, status).map_err(create),
        Err(trouble) if trouble.is_missing() => make(line, person, status).map_err(create),
        Err(trouble) => Err((Step::Verify, trouble)),
    }
}

fn is_named(found: &Value, user_name: &str) -> bool {
    let login = found.pointer("/profile/login").and_then(Value::as_str);
    login.is_some_and(|login| login.eq_ignore_ascii_case(user_name))
}

fn link(line: &mut Line<'_>, person: &Person, found: &Value) -> Result<String, Trouble> {
    let external = found["id"].as_str().unwrap_or_default().to_owned();
    if external.is_empty() {
        return Err(line.lost());
    }
    let app = line.app();
    let taken = app.is_some_and(|app| {
        let mut others = app.provisioning.people.iter();
        others.any(|(id, link)| {
            *id != person.id && link.external_id.as_deref() == Some(external.as_str())
        })
    });
    if taken {
        return Err(Trouble::Refused {
            status: 409,
            text: "The user is linked to another assignment of this app".to_owned(),
        });
    }
    let follows = app.is_some_and(|app| app.provisioning.to_app.profile);
    revive(line, person, found)?;
    if follows {
        let body = json!({ "profile": target_profile(person) });
        post(line, &format!("/api/v1/users/{external}"), Some(&body))?;
    }
    Ok(external)
}

// The initial status counts for whoever is linked or reactivated, too; somebody active stays as they are.
fn revive(line: &mut Line<'_>, person: &Person, found: &Value) -> Pushed {
    let status = initial_status(person)?;
    let path = format!("/api/v1/users/{}", found["id"].as_str().unwrap_or_default());
    match found["status"].as_str() {
        Some("SUSPENDED") => post(line, &format!("{path}/lifecycle/unsuspend"), None),
        Some("STAGED" | "DEPROVISIONED") if status.starts_with("active") => {
            let with_pass = status == "active_with_pass";
            let mail = if with_pass { "false" } else { "true" };
            post(
                line,
                &format!("{path}/lifecycle/activate?sendEmail={mail}"),
                None,
            )?;
            if !with_pass {
                return Ok(());
            }
            let value = temporary(line);
            let body = json!({ "credentials": { "password": { "value": value } } });
            post(line, &path, Some(&body))
        }
        _ => Ok(()),
    }
}

fn make(line: &mut Line<'_>, person: &Person, status: &str) -> Result<String, Trouble> {
    let active = status.starts_with("active");
    let mut body = json!({ "profile": target_profile(person) });
    if status.ends_with("with_pass") {
        body["credentials"] = json!({ "password": { "value": temporary(line) } });
    }
    let made = line.ask(&Ask {
        method: "POST",
        path: &format!("/api/v1/users?activate={active}"),
        body: Some(&body),
        scopes: PEOPLE,
    })?;
    let id = made["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| line.lost())
}

// Without any value people arrive staged and without password: unconfirmed.
fn initial_status(person: &Person) -> Result<&'static str, Trouble> {
    let Some(given) = person.profile.get("initialStatus").and_then(Value::as_str) else {
        return Ok("pending_without_pass");
    };
    let known = INITIAL_STATUS.iter().find(|value| **value == given);
    known.copied().ok_or_else(|| Trouble::Refused {
        status: 400,
        text: format!("{given} is an Invalid Value for initialStatus field (code notOneOf)"),
    })
}

/// The profile as the target's users have it.
fn target_profile(person: &Person) -> Map<String, Value> {
    let mut profile = person.profile.clone();
    profile.remove("initialStatus");
    profile.remove("userName");
    profile.insert("login".to_owned(), json!(person.user_name));
    profile
}

// Fits the usual password rules whatever the letters are.
fn temporary(line: &mut Line<'_>) -> String {
    format!("Tmp-1a-{}", line.world.side_ids.secret())
}

fn get(line: &mut Line<'_>, path: &str) -> Result<Value, Trouble> {
    let ask = Ask {
        method: "GET",
        path,
        body: None,
        scopes: PEOPLE,
    };
    line.ask(&ask)
}

fn post(line: &mut Line<'_>, path: &str, body: Option<&Value>) -> Pushed {
    let ask = Ask {
        method: "POST",
        path,
        body,
        scopes: PEOPLE,
    };
    line.ask(&ask).map(|_| ())
}

fn person(line: &Line<'_>, id: &str) -> Option<Person> {
    let app = line.app()?;
    app.provisioning.people.get(id).filter(|link| link.waits)?;
    let assigned = line.org().app_user(app, id)?;
    let profile = assigned.profile.as_object().cloned().unwrap_or_default();
    Some(Person {
        id: id.to_owned(),
        user: line.org().users.get(id)?.clone(),
        user_name: assigned.user_name,
        profile,
        rules: Rules::of(line.org(), app),
    })
}

fn linked(line: &Line<'_>, id: &str) -> Option<(Person, String)> {
    let person = person(line, id)?;
    let link = line.app()?.provisioning.people.get(id)?;
    Some((person, link.external_id.clone()?))
}

fn held(line: &mut Line<'_>, user: &str, change: impl FnOnce(&mut Link)) {
    let app = line.world.orgs[line.at].apps.get_mut(&line.app);
    if let Some(link) = app.and_then(|app| app.provisioning.people.get_mut(user)) {
        change(link);
    }
}

fn waits_no_more(line: &mut Line<'_>, user: &str) -> Result<(), Later> {
    held(line, user, |link| link.waits = false);
    Ok(())
}

fn label(line: &Line<'_>) -> String {
    let app = line.org().apps.get(&line.app);
    app.map(|app| app.label.clone()).unwrap_or_default()
}

fn settle(
    line: &mut Line<'_>,
    person: &Person,
    outcome: Pushed,
    kind: &str,
    words: fn(&Person) -> (String, String),
) -> Result<(), Later> {
    match outcome {
        Ok(()) => {
            let verb = kind.rsplit('.').next().unwrap_or_default();
            let what = format!("user {} in app: {verb}", person.user_name);
            done(line, person, kind, what);
        }
        Err(trouble) => {
            let why = trouble.told()?;
            let (what, doing) = words(person);
            let why = format!("Error while {doing}: {why}");
            failed(line, person, kind, &what, &why);
        }
    }
    Ok(())
}

fn done(line: &mut Line<'_>, person: &Person, kind: &str, what: String) {
    let now = line.now;
    held(line, &person.id, |link| {
        (link.waits, link.error, link.pushed) = (false, None, Some(now));
    });
    line.log(kind, Ok(()), ("AppUser", &person.id));
    line.effect(&format!("users/{}", person.id), what);
}

fn failed(line: &mut Line<'_>, person: &Person, kind: &str, what: &str, why: &str) {
    let text = format!("{what} to app {} failed: {why}", label(line));
    line.log(kind, Err(&text), ("AppUser", &person.id));
    line.effect(
        &format!("users/{}", person.id),
        format!("user {} in app: failed", person.user_name),
    );
    held(line, &person.id, |link| {
        (link.waits, link.error) = (false, Some(text));
    });
}
