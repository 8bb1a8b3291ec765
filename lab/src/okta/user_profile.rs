//! What a person's profile and password may be.

use serde_json::{Map, Value};

use super::call::Call;
use super::error::{OktaError, cut};
use super::schemas::has_user_attribute;
use crate::org::{Org, User};

/// A profile as it is after these changes, or what is wrong with it.
pub(super) fn profile(
    org: &Org,
    given: Option<&Value>,
    mut known: Map<String, Value>,
) -> Result<Map<String, Value>, OktaError> {
    let Some(Value::Object(given)) = given else {
        return Err(OktaError::malformed());
    };
    if let Some(name) = given.keys().find(|name| !has_user_attribute(org, name)) {
        let cause = format!("Property name '{}' is not defined in profile", cut(name));
        return Err(OktaError::invalid("profile", cause));
    }
    known.extend(given.clone());
    // Unset attributes are not answered, but these two always are.
    known.retain(|_, value| !value.is_null());
    for name in ["mobilePhone", "secondEmail"] {
        known.entry(name).or_insert(Value::Null);
    }
    for name in ["firstName", "lastName", "email", "login"] {
        let text = known.get(name).and_then(Value::as_str).unwrap_or_default();
        if text.is_empty() {
            return Err(OktaError::invalid(
                name,
                format!("{name}: The field cannot be left blank"),
            ));
        }
        let whole = text.contains('@') && (5..=100).contains(&text.chars().count());
        if ["email", "login"].contains(&name) && !whole {
            return Err(OktaError::invalid(
                name,
                format!("{name}: Must be in the form of an email address"),
            ));
        }
    }
    Ok(known)
}

/// Changes a person's profile, in part or whole.
pub(super) fn change_profile(
    call: &mut Call<'_>,
    user: &mut User,
    given: &Value,
    whole: bool,
) -> Result<(), OktaError> {
    if user.master.is_some() {
        let summary = "Operation failed because user profile is mastered under another system.";
        return Err(OktaError::new(403, "E0000023", summary));
    }
    let known = if whole {
        Map::new()
    } else {
        user.profile.clone()
    };
    let next = profile(call.org, Some(given), known)?;
    let login = next
        .get("login")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let taken = |other: &User| other.id != user.id;
    if call.org.users.with_login(login).is_some_and(taken) {
        return Err(OktaError::invalid(
            "login",
            "login: An object with this field already exists in the current organization",
        ));
    }
    call.updated(format!("user {}", user.login()));
    call.event("user.account.update_profile", "User", &user.id);
    user.profile = next;
    Ok(())
}

/// Sets a password.
///
/// Somebody who signs in elsewhere has no password here. A new password ends the wait for one.
pub(super) fn change_password(
    call: &mut Call<'_>,
    user: &mut User,
    given: &Value,
) -> Result<(), OktaError> {
    let Some(value) = given.pointer("/password/value") else {
        return Ok(());
    };
    let value = value.as_str().ok_or_else(OktaError::malformed)?;
    if user.provider != "OKTA" {
        let refused = OktaError::new(403, "E0000014", "Update of credentials failed.");
        return Err(refused.because("The user signs in with another identity provider."));
    }
    if !is_strong(value, user.login()) {
        return Err(weak());
    }
    user.password = Some(value.to_owned());
    if ["PASSWORD_EXPIRED", "PROVISIONED", "RECOVERY"].contains(&user.status.as_str()) {
        user.status = "ACTIVE".to_owned();
    }
    call.updated(format!("password of user {}", user.login()));
    call.event("user.account.update_password", "User", &user.id);
    Ok(())
}

/// What Okta's default password policy asks for.
pub(super) fn is_strong(password: &str, login: &str) -> bool {
    let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
    let name = login.split('@').next().unwrap_or_default().to_lowercase();
    password.chars().count() >= 8
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_digit)
        && (name.len() < 4 || !password.to_lowercase().contains(&name))
}

pub(super) fn weak() -> OktaError {
    OktaError::invalid(
        "password",
        "password: Password requirements were not met. Password requirements: at least 8 characters, a lowercase \
         letter, an uppercase letter, a number, no parts of your username.",
    )
}
