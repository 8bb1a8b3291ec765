//! Forms of API tokens.

use super::super::tokens;
use super::{Action, Desk, Fields, Next, next, segment};
use crate::okta::api_tokens;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("create-token", create_token),
    ("revoke-token", revoke_token),
];

// No operation of the Management API makes a token.
fn create_token(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let owner = desk.admin()?;
    let name = typed.text("name");
    if name.is_empty() || name.chars().count() > 255 {
        return Err("The token needs a name of at most 255 characters.".to_owned());
    }
    let value = api_tokens::create(desk.world, desk.visit.at, &owner, &name, desk.visit.now);
    let next = next(tokens::PATH, "Token created successfully.")?;
    Ok(Next {
        once: Some(value),
        ..next
    })
}

fn revoke_token(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let id = segment(typed, "apiTokenId")?;
    desk.call("DELETE", &format!("/api/v1/api-tokens/{id}"), None)?;
    next(tokens::PATH, "The token was revoked.")
}
