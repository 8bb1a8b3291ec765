//! The service app and its keys.

use serde_json::Value as Json;

use crate::console;
use crate::facts::{Derive, Fact, Facts, Missing};
use crate::json::{self, json};
use crate::okta::answer::text;
use crate::okta::{Answer, app_keys, apps, clients, connections};
use crate::procedures::federation::ORG2ORG_APP;
use crate::procedures::provisioning::{ORG2ORG, push};
use crate::procedures::shared::{differing, note, several, wished};
use crate::run::Method;
use crate::run::step::{Click, Finding, Side, Step};

/// Id of the key with which the Org2Org app signs.
static SIGNING_KID: Fact = Fact::one("signing-kid", "Key id of the app");
/// Public exponent of that key, base64url.
static KEY_E: Fact = Fact::one("key-e", "Public exponent");
/// Modulus of that key, base64url.
static KEY_N: Fact = Fact::one("key-n", "Modulus");
/// Where the target fetches the source's keys.
static KEYS_ADDRESS: Fact = Fact::one("keys-address", "Client Public Key URL").derived(Derive {
    from: &[&ORG2ORG_APP],
    with: |f| {
        Ok(connections::keys_address(
            f.source(),
            &f.text(&ORG2ORG_APP)?,
        ))
    },
});
/// Id of the service app in the target.
pub static SERVICE_APP: Fact = Fact::one("service-app", "Service app");
/// The service app as a client.
pub static CLIENT: Fact = Fact::one("client", "Client ID");
static CLIENT_LABEL: Fact = wished("client-label", "the service app's name", |f| {
    Ok(push(f)?.client_label.clone())
});

/// Which key the source signs with.
pub(super) const SIGNING_KEY: Step = Step {
    id: "signing-key",
    title: "Find the key that the app signs with",
    why: "The target must know the key with which the source proves itself.",
    side: Side::Source,
    page: &console::APP_IMPORT,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Open Applications > Applications and open the Org2Org app: its id is the last part of the address before the `#`",
        None,
    )],
    covers: &["CSV-05", "MANUAL-01", "MANUAL-02", "MANUAL-03"],
    source: "Applications API: read an app, credentials.signing.kid",
    when: |wish| wish.pushes_by(Method::OauthManual),
    over: &[],
    needs: &[&ORG2ORG_APP],
    gives: &[&SIGNING_KID],
    after: &[],
    probe: |f| Ok(apps::read(&f.text(&ORG2ORG_APP)?)),
    read: |answer, _| {
        let kid = answer.text("/credentials/signing/kid")?;
        Ok(Finding::met(&Json::Null).giving(&SIGNING_KID, kid))
    },
    write: None,
    undo: None,
};

/// The part of it that the target needs.
pub(super) const PUBLIC_KEY: Step = Step {
    id: "public-key",
    title: "Read the public part of that key",
    why: "It is all the target needs; the private part never leaves the source.",
    side: Side::Source,
    page: &console::APP_SIGN_ON,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "List the app's key credentials by the API: `GET /api/v1/apps/{the app's id}/credentials/keys`, and take the one with the key id that the app signs with",
        None,
    )],
    covers: &["MANUAL-04"],
    source: "Application Credential Keys API: list keys",
    when: |wish| wish.pushes_by(Method::OauthManual),
    over: &[],
    needs: &[&ORG2ORG_APP, &SIGNING_KID],
    gives: &[&KEY_E, &KEY_N],
    after: &[],
    probe: |f| Ok(app_keys::of(&f.text(&ORG2ORG_APP)?)),
    read: read_public_key,
    write: None,
    undo: None,
};

/// The client, with keys fetched from the source.
pub(super) const WITH_ADDRESS: Step = Step {
    id: "service-app",
    title: "Create the service app",
    why: "It is the source's account at the target: it may do nothing until it gets roles and scopes.",
    side: Side::Target,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Applications > Applications, click *Create App Integration*, choose *API Services* and click *Next*",
            Some("Create App Integration"),
        ),
        Click::Fill("App integration name", &CLIENT_LABEL),
        Click::Do(
            "Click *Save*; on *General* click *Edit* in *Client Credentials*",
            Some("Client Credentials"),
        ),
        Click::Set("Client authentication", "Public key / Private key"),
        Click::Set("Configuration", "Use a URL to fetch keys dynamically"),
        Click::Fill("URL", &KEYS_ADDRESS),
        Click::Do(
            "Click *Save*, then *Edit* in *General Settings*",
            Some("General Settings"),
        ),
        Click::Set(
            "Require Demonstrating Proof of Possession (DPoP) header in token requests",
            "on",
        ),
        Click::Do("Click *Save*", Some("Save")),
        Click::Copy("Client ID", &CLIENT),
    ],
    covers: &[
        "CSV-04", "AUTO-07", "AUTO-08", "AUTO-09", "AUTO-10", "AUTO-11", "AUTO-12", "AUTO-16",
        "AUTO-17", "AUTO-18",
    ],
    source: "Applications API: create a service app",
    when: |wish| wish.pushes_by(Method::OauthAuto),
    over: &[],
    needs: &[&KEYS_ADDRESS],
    gives: &[&SERVICE_APP, &CLIENT],
    after: &["not-an-admin"],
    probe: |_| Ok(apps::all()),
    read: |answer, f| {
        let address = f.text(&KEYS_ADDRESS)?;
        read_service_app(answer, f, &|app| {
            text(app, "/settings/oauthClient/jwks_uri")
                .is_ok_and(|seen| f.source().map_to_org_host(seen) == address)
        })
    },
    write: Some(|f, _| {
        let address = f.text(&KEYS_ADDRESS)?;
        let keys = clients::Keys::At(&address);
        Ok(clients::create_service(
            &push(f)?.client_label,
            keys,
            &note(f),
        ))
    }),
    undo: Some(|made, _| made.id.map(apps::remove).unwrap_or_default()),
};

/// The client, with the source's key kept in it.
pub(super) const WITH_KEY: Step = Step {
    id: "service-app-with-key",
    title: "Create the service app with that key",
    why: "It is the source's account at the target: it may do nothing until it gets roles and scopes.",
    side: Side::Target,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Applications > Applications, click *Create App Integration*, choose *API Services* and click *Next*",
            Some("Create App Integration"),
        ),
        Click::Fill("App integration name", &CLIENT_LABEL),
        Click::Do(
            "Click *Save*; on *General* click *Edit* in *Client Credentials*",
            Some("Client Credentials"),
        ),
        Click::Set("Client authentication", "Public key / Private key"),
        Click::Set("Configuration", "Save keys in Okta"),
        Click::Do(
            "Click *Add key* and paste the key, with these values",
            Some("Add key"),
        ),
        Click::Fill("kid", &SIGNING_KID),
        Click::Fill("e", &KEY_E),
        Click::Fill("n", &KEY_N),
        Click::Do(
            "Click *Save*, then *Edit* in *General Settings*",
            Some("General Settings"),
        ),
        Click::Set(
            "Require Demonstrating Proof of Possession (DPoP) header in token requests",
            "on",
        ),
        Click::Do("Click *Save*", Some("Save")),
        Click::Copy("Client ID", &CLIENT),
    ],
    covers: &["MANUAL-05", "MANUAL-06", "MANUAL-14"],
    source: "Applications API: create a service app",
    when: |wish| wish.pushes_by(Method::OauthManual),
    over: &[],
    needs: &[&SIGNING_KID, &KEY_E, &KEY_N],
    gives: &[&SERVICE_APP, &CLIENT],
    after: &["not-an-admin"],
    probe: |_| Ok(apps::all()),
    read: |answer, f| {
        let (kid, n) = (f.text(&SIGNING_KID)?, f.text(&KEY_N)?);
        read_service_app(answer, f, &|app| {
            let keys = json::at(app, "/settings/oauthClient/jwks/keys");
            let same = |key: &Json| text(key, "/kid") == Ok(&kid) && text(key, "/n") == Ok(&n);
            keys.and_then(Json::as_array)
                .is_some_and(|keys| keys.iter().any(same))
        })
    },
    write: Some(|f, _| {
        let key = json!({
            "kty": "RSA", "use": "sig", "status": "ACTIVE",
            "kid": f.text(&SIGNING_KID)?, "e": f.text(&KEY_E)?, "n": f.text(&KEY_N)?,
        });
        let keys = clients::Keys::Kept(json!([key]));
        Ok(clients::create_service(
            &push(f)?.client_label,
            keys,
            &note(f),
        ))
    }),
    undo: Some(|made, _| made.id.map(apps::remove).unwrap_or_default()),
};

fn read_public_key(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let kid = f.text(&SIGNING_KID)?;
    let named = |key: &&Json| text(key, "/kid") == Ok(&kid);
    let Some(key) = answer.items().iter().find(named) else {
        return Err(Missing::Unusable(
            "the key that the app signs with is not among its keys".into(),
        ));
    };
    Ok(Finding::met(&Json::Null)
        .giving(&KEY_E, text(key, "/e")?)
        .giving(&KEY_N, text(key, "/n")?))
}

/// The service app with the source's keys, whoever made it.
fn read_service_app(
    answer: &Answer,
    f: &Facts<'_>,
    ours: &dyn Fn(&Json) -> bool,
) -> Result<Finding, Missing> {
    let found: Vec<&Json> = answer.items().iter().filter(|app| ours(app)).collect();
    match found.as_slice() {
        [] => {
            let label = &push(f)?.client_label;
            let taken = |app: &Json| text(app, "/label") == Ok(label);
            Ok(match answer.items().iter().any(taken) {
                true => Finding::Blocked {
                    why: format!("an app named `{label}` is there, with other keys"),
                    who: "you: choose another name for the service app".into(),
                },
                false => Finding::Unmet,
            })
        }
        [app] => read_one_service_app(app),
        many => Ok(several(many, "/label")),
    }
}

fn read_one_service_app(app: &Json) -> Result<Finding, Missing> {
    let wanted = [
        ("/status", json!("ACTIVE")),
        ("/settings/oauthClient/application_type", json!("service")),
        (
            "/settings/oauthClient/grant_types",
            json!(["client_credentials"]),
        ),
        (
            "/credentials/oauthClient/token_endpoint_auth_method",
            json!("private_key_jwt"),
        ),
        (
            "/settings/oauthClient/dpop_bound_access_tokens",
            json!(true),
        ),
    ];
    if let Some(differs) = differing(app, &wanted) {
        return Ok(differs);
    }
    let client = text(app, "/credentials/oauthClient/client_id")?;
    Ok(Finding::met(app)
        .giving(&SERVICE_APP, text(app, "/id")?)
        .giving(&CLIENT, client))
}
