//! How the source proves itself to the target: a token, or a client with keys.

use serde_json::Value as Json;

use super::{ORG2ORG, differs, push};
use crate::console;
use crate::facts::{Fact, Facts, Missing};
use crate::json::{self, json};
use crate::okta::answer::text;
use crate::okta::{Answer, api_tokens, connections};
use crate::procedures::federation::ORG2ORG_APP;
use crate::procedures::service_app::CLIENT;
use crate::procedures::shared::{several, wished};
use crate::run::Method;
use crate::run::step::{Click, Finding, Side, Step};

/// Id of the API token in the target.
static TOKEN: Fact = Fact::one("token", "API token");
/// That the connection is on, and how it proves itself.
pub static CONNECTED: Fact = Fact::one("connected", "Connection");
static TOKEN_NAME: Fact = wished("token-name", "the token's name", |f| {
    Ok(push(f)?.client_label.clone())
});

/// Made by a person: no API can.
pub(super) const API_TOKEN: Step = Step {
    id: "api-token",
    title: "Create the API token",
    why: "The source shows it to the target at every push. No API can make it, and it is shown once: carry it straight into the source's form.",
    side: Side::Target,
    page: &console::TOKENS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Sign in as a super admin who stays: the token ends with its owner. Open Security > API and the *Tokens* tab",
            Some("Tokens"),
        ),
        Click::Do("Click *Create token*", Some("Create token")),
        Click::Fill("Name", &TOKEN_NAME),
        Click::Do(
            "Click *Create token*, copy the value, and paste it into *Security token* of the source's form before you close this one",
            Some("Create token"),
        ),
        Click::Do("Click *OK, got it*", Some("OK, got it")),
    ],
    covers: &[
        "CSV-06", "TOKEN-01", "TOKEN-02", "TOKEN-03", "TOKEN-04", "TOKEN-05", "TOKEN-06",
    ],
    source: "API Tokens API: list tokens",
    when: |wish| wish.pushes_by(Method::Token),
    over: &[],
    needs: &[],
    gives: &[&TOKEN],
    after: &["not-an-admin"],
    probe: |_| Ok(api_tokens::all()),
    read: read_token,
    write: None,
    undo: None,
};

/// The connection by token.
pub(super) const TOKEN_CONNECTION: Step = Step {
    id: "token-connection",
    title: "Connect the app with the token",
    why: "With it the source may write into the target.",
    side: Side::Source,
    page: &console::APP_INTEGRATION,
    page_ids: ORG2ORG,
    by_hand: &[
        Click::Do(
            "Open Applications > Applications, open the Org2Org app, go to *Provisioning* and click *Configure API Integration*",
            Some("Configure API Integration"),
        ),
        Click::Set("Enable API integration", "on"),
        Click::Do(
            "Paste the token into *Security token*",
            Some("Security token"),
        ),
        Click::Do(
            "Turn *Prefer Username Over Email* on where user names of the source are no e-mail addresses",
            Some("Prefer Username Over Email"),
        ),
        Click::Do(
            "Leave *Import Groups* on if groups are to be linked later; otherwise it may be off",
            Some("Import Groups"),
        ),
        Click::Do(
            "*Test API Credentials* shows that the target answers; it does not show that the token may make users",
            Some("Test API Credentials"),
        ),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &[
        "TOKEN-07", "TOKEN-08", "TOKEN-09", "TOKEN-10", "TOKEN-11", "TOKEN-12", "TOKEN-13",
        "TOKEN-14", "TOKEN-15",
    ],
    source: "Application Connections API: read the default connection",
    when: |wish| wish.pushes_by(Method::Token),
    over: &[],
    needs: &[&ORG2ORG_APP, &TOKEN],
    gives: &[&CONNECTED],
    after: &["not-an-admin"],
    probe: |f| Ok(connections::read(&f.text(&ORG2ORG_APP)?)),
    read: |answer, _| match (answer.text("/status")?, scheme(answer)) {
        ("ENABLED", "TOKEN") => Ok(Finding::met(answer.body()).giving(&CONNECTED, "API token")),
        ("ENABLED", other) => Ok(differs("an API token", other)),
        _ => Ok(Finding::Unmet),
    },
    write: None,
    undo: None,
};

/// The connection by OAuth 2.0.
pub(super) const CONNECTION: Step = Step {
    id: "connection",
    title: "Connect the app as the service app",
    why: "From now on the source may write into the target, as that client and with its rights only.",
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
        Click::Do(
            "*Test API Credentials* shows that the target answers; it does not show that the client may make users",
            Some("Test API Credentials"),
        ),
    ],
    covers: &[
        "AUTO-01",
        "AUTO-02",
        "AUTO-03",
        "AUTO-04",
        "AUTO-05",
        "AUTO-19",
        "AUTO-20",
        "MANUAL-13",
        "MANUAL-15",
    ],
    source: "Application Connections API: update the default connection",
    when: |wish| wish.pushes_by_oauth() && !wish.migrates(),
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
    read: read_connection,
    write: Some(|f, _| {
        Ok(connections::set_oauth(
            &f.text(&ORG2ORG_APP)?,
            &f.text(&CLIENT)?,
            rotation(f)?,
        ))
    }),
    undo: Some(|made, _| vec![connections::deactivate(made.param("app"))]),
};

/// What the target fetches.
pub(super) const CONNECTION_KEYS: Step = Step {
    id: "connection-keys",
    title: "Look at the keys of the connection",
    why: "The target fetches them from this address; without one every push is refused.",
    side: Side::Source,
    page: &console::APP_INTEGRATION,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Open *Provisioning* > *Integration* and open the *Client Public Key URL* in a new tab: it must show a key",
        Some("Client Public Key URL"),
    )],
    covers: &["AUTO-06"],
    source: "Application Connections API: read the keys of the default connection",
    when: |wish| wish.pushes_by(Method::OauthAuto),
    over: &[],
    needs: &[&ORG2ORG_APP, &CONNECTED],
    gives: &[],
    after: &["connection", "migrated-connection"],
    probe: |f| Ok(connections::keys(&f.text(&ORG2ORG_APP)?)),
    read: read_keys,
    write: None,
    undo: None,
};

/// Who rotates the keys that the wish wants, in the words of the API.
pub(in crate::procedures) fn rotation(f: &Facts<'_>) -> Result<&'static str, Missing> {
    Ok(match push(f)?.method {
        Method::OauthAuto => "AUTO",
        Method::OauthManual | Method::Token => "MANUAL",
    })
}

fn scheme(answer: &Answer) -> &str {
    answer.text("/profile/authScheme").unwrap_or("UNKNOWN")
}

fn read_token(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let name = &push(f)?.client_label;
    let named: Vec<&Json> = answer
        .items()
        .iter()
        .filter(|token| text(token, "/name") == Ok(name))
        .collect();
    match named.as_slice() {
        [] => Ok(Finding::Unmet),
        [token] => {
            Ok(Finding::met(&json!({"id": text(token, "/id")?}))
                .giving(&TOKEN, text(token, "/id")?))
        }
        many => Ok(several(many, "/name")),
    }
}

/// The connection, compared with what the wish wants of it.
pub(in crate::procedures) fn read_connection(
    answer: &Answer,
    f: &Facts<'_>,
) -> Result<Finding, Missing> {
    let (client, rotation) = (f.text(&CLIENT)?, rotation(f)?);
    let status = answer.text("/status")?;
    if status != "ENABLED" {
        return Ok(Finding::Unmet);
    }
    let seen = [
        scheme(answer),
        answer.text("/profile/clientId").unwrap_or("no client"),
        // Okta's guide: without a mode it is the one by hand.
        answer
            .text("/profile/signing/rotationMode")
            .unwrap_or("MANUAL"),
    ];
    Ok(match seen == ["OAUTH2", &client, rotation] {
        true => Finding::met(&json!({"client": client, "rotation": rotation}))
            .giving(&CONNECTED, "OAuth 2.0"),
        false => differs(&format!("OAUTH2 {client} {rotation}"), &seen.join(" ")),
    })
}

// Okta's example wraps the set, a reader of key sets expects it plain: both are taken.
fn read_keys(answer: &Answer, _: &Facts<'_>) -> Result<Finding, Missing> {
    let keys = json::at(answer.body(), "/jwks/keys")
        .or(json::at(answer.body(), "/keys"))
        .and_then(Json::as_array);
    let signs = |key: &&Json| text(key, "/kty") == Ok("RSA") && text(key, "/kid").is_ok();
    let usable = keys.map_or(0, |keys| keys.iter().filter(signs).count());
    Ok(Finding::met_if(usable > 0, &Json::Null))
}
