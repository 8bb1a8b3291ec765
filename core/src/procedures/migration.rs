//! OAuth 2.0 takes the place of an API token, while people go on being pushed.
//!
//! The service app with its keys, roles and scopes is made first, by its own table; then the
//! connection changes hands in one call. What the token was cannot be read, so it cannot be put
//! back; it stays valid until a person revokes it.

use serde_json::Value as Json;

use super::federation::ORG2ORG_APP;
use super::provisioning::{CONNECTED, ORG2ORG, push, read_connection, rotation};
use super::service_app::CLIENT;
use super::shared::wished;
use crate::console;
use crate::facts::Fact;
use crate::okta::answer::text;
use crate::okta::{api_tokens, connections};
use crate::run::step::{Click, Finding, Procedure, Side, Step, always};

static OLD_TOKEN_NAME: Fact = wished("old-token-name", "the old token's name", |f| {
    Ok(push(f)?.replaces_token.clone().unwrap_or_default())
});

/// The table.
pub static MIGRATION: Procedure = Procedure {
    id: "migration",
    title: "Let OAuth 2.0 take the place of the API token",
    when: |wish| wish.connects() && wish.migrates(),
    undo_first: &["migrated-connection"],
    effect: None,
    undo_effect: None,
    way_back: "The token that a connection had cannot be read. Undo turns the connection off and hurts nobody; to go back to a token, create one in the target and paste it into the source.",
    steps: &[MIGRATED_CONNECTION, OLD_TOKEN],
};

/// The change of hands.
const MIGRATED_CONNECTION: Step = Step {
    id: "migrated-connection",
    title: "Connect the app as the service app instead of by token",
    why: "From now on the source writes into the target as that client, with its rights only, and no longer with all rights of the token's owner.",
    side: Side::Source,
    page: &console::APP_INTEGRATION,
    page_ids: ORG2ORG,
    by_hand: &[
        Click::Do(
            "Open Applications > Applications, open the Org2Org app, go to *Provisioning* > *Integration* and click *Edit*",
            Some("Integration"),
        ),
        Click::Do(
            "Set *Authentication Scheme* to *OAUTH Auto-Rotation (recommended)*; keys that a person rotates can be set by the API only",
            Some("Authentication Scheme"),
        ),
        Click::Fill("Target Org Client ID", &CLIENT),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &[],
    source: "Application Connections API: update the default connection",
    when: always,
    over: &[],
    needs: &[&ORG2ORG_APP, &CLIENT],
    gives: &[&CONNECTED],
    after: &[
        "not-an-admin",
        "service-role",
        "service-scope",
        "group-right",
    ],
    probe: |f| Ok(connections::read(&f.text(&ORG2ORG_APP)?)),
    read: |answer, f| match (answer.text("/status")?, answer.text("/profile/authScheme")) {
        ("ENABLED", Ok("TOKEN")) => Ok(Finding::Unmet),
        _ => read_connection(answer, f),
    },
    write: Some(|f, _| {
        Ok(connections::set_oauth(
            &f.text(&ORG2ORG_APP)?,
            &f.text(&CLIENT)?,
            rotation(f)?,
        ))
    }),
    undo: Some(|made, _| vec![connections::deactivate(made.param("app"))]),
};

/// Revoked by a person: nothing shows what else uses it, and nothing brings it back.
const OLD_TOKEN: Step = Step {
    id: "old-token",
    title: "Revoke the old token",
    why: "Nobody needs it any more, and it has all rights of its owner. Only you know what else uses it, so no program revokes it.",
    side: Side::Target,
    page: &console::TOKENS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Change something small of one person in the source and see it arrive in the target",
            None,
        ),
        Click::Do(
            "Open Security > API and the *Tokens* tab, and find the token by its name",
            Some("Tokens"),
        ),
        Click::Fill("Name", &OLD_TOKEN_NAME),
        Click::Do(
            "Look at when it was last used: not after the change of hands. Then click *Revoke* beside it",
            Some("Revoke"),
        ),
    ],
    covers: &[],
    source: "API Tokens API: list tokens",
    when: always,
    over: &[],
    needs: &[&CONNECTED],
    gives: &[],
    after: &["migrated-connection", "connection-keys"],
    probe: |_| Ok(api_tokens::all()),
    read: |answer, f| {
        let name = push(f)?.replaces_token.as_deref();
        let old = |token: &Json| text(token, "/name").ok() == name;
        let there = answer.items().iter().any(old);
        Ok(Finding::met_if(!there, &Json::Null))
    },
    write: None,
    undo: None,
};
