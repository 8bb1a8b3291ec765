//! What an admin does about somebody's password and factors: expire, reset, unlock.

use serde_json::json;

use super::call::Call;
use super::error::OktaError;
use super::user_lifecycle::not_now;
use super::users::shape;
use super::{Outcome, Route, route};
use crate::org::User;
use crate::rights::{Area::Users, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/expire_password",
        Right::Manage(Users),
        expire,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/expire_password_with_temp_password",
        Right::Manage(Users),
        expire_with_temporary,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/reset_factors",
        Right::Manage(Users),
        reset_factors,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/reset_password",
        Right::Manage(Users),
        reset_password,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/lifecycle/unlock",
        Right::Manage(Users),
        unlock,
    ),
];

// Only who has a password of this org can lose it.
fn with_password(call: &mut Call<'_>) -> Result<User, OktaError> {
    let user = call.user()?;
    let live = ["ACTIVE", "PASSWORD_EXPIRED", "RECOVERY"].contains(&user.status.as_str());
    if live && user.password.is_some() {
        return Ok(user);
    }
    Err(not_now())
}

fn store(call: &mut Call<'_>, mut user: User, status: &str, event: &'static str) -> User {
    (user.status, user.updated) = (status.to_owned(), call.now);
    call.updated(format!("user {} is {status}", user.login()));
    call.event(event, "User", &user.id);
    call.org.users.insert(user.id.clone(), user.clone());
    user
}

fn expire(call: &mut Call<'_>) -> Outcome {
    let user = with_password(call)?;
    let user = store(
        call,
        user,
        "PASSWORD_EXPIRED",
        "user.account.expire_password",
    );
    Ok(Response::json(200, &shape(call, &user)))
}

fn expire_with_temporary(call: &mut Call<'_>) -> Outcome {
    let mut user = with_password(call)?;
    let temporary = format!("Lab-{}-1a", call.ids.secret());
    user.password = Some(temporary.clone());
    store(
        call,
        user,
        "PASSWORD_EXPIRED",
        "user.account.expire_password",
    );
    Ok(Response::json(200, &json!({ "tempPassword": temporary })))
}

// The link is in a mail unless the answer is to hold it.
fn reset_password(call: &mut Call<'_>) -> Outcome {
    let user = with_password(call)?;
    store(call, user, "RECOVERY", "user.account.reset_password");
    if call.query("sendEmail").as_deref() != Some("false") {
        return Ok(Response::json(200, &json!({})));
    }
    let link = format!(
        "https://{}/reset_password/{}",
        call.org.host(),
        call.ids.secret()
    );
    Ok(Response::json(200, &json!({ "resetPasswordUrl": link })))
}

// Nobody here has a factor besides the password.
fn reset_factors(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    if !["ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED"].contains(&user.status.as_str()) {
        return Err(not_now());
    }
    call.event("user.mfa.factor.reset_all", "User", &user.id);
    Ok(Response::json(200, &json!({})))
}

fn unlock(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    if user.status != "LOCKED_OUT" {
        let summary = "Unlock is not allowed for this user.";
        return Err(OktaError::new(403, "E0000032", summary));
    }
    store(call, user, "ACTIVE", "user.account.unlock");
    Ok(Response::json(200, &json!({})))
}
