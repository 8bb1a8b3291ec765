//! The source's side: which key it signs with.

use serde_json::Value as Json;

use crate::console;
use crate::facts::{Fact, Facts, Missing, Value};
use crate::json::json;
use crate::okta::answer::text;
use crate::okta::{Answer, app_keys, apps, connections};
use crate::procedures::federation::{ORG2ORG_APP, pointing_here};
use crate::procedures::provisioning::ORG2ORG;
use crate::procedures::shared::several;
use crate::run::Aim;
use crate::run::step::{Click, Finding, Side, Step, always};

/// Id of the key that the app signed with when the run began, or signs with now.
static SIGNING_NOW: Fact = Fact::one("signing-now", "Key id of the app");
/// The audience of the target's IdP, as the app has it; none where it signs nobody in by SAML.
pub(super) static APP_AUDIENCE: Fact = Fact::one("app-audience", "Audience URI");
/// The client as which the app connects.
pub(super) static ROTATING_CLIENT: Fact = Fact::one("rotating-client", "Target Org Client ID");
/// The new key.
pub(super) static NEW_KID: Fact = Fact::one("new-kid", "Key id of the new key");
pub(super) static NEW_E: Fact = Fact::one("new-e", "Public exponent of the new key");
pub(super) static NEW_N: Fact = Fact::one("new-n", "Modulus of the new key");
pub(super) static NEW_CERTIFICATE: Fact =
    Fact::one("new-certificate", "Certificate of the new key");
/// The certificate of the key that is retired, base64 DER in one line.
pub(super) static OLD_CERTIFICATE: Fact =
    Fact::one("old-certificate", "Certificate of the old key");

/// How long a new key's certificate is good for: Okta's own first key of an app has ten years.
const YEARS: u8 = 10;
const SIGNING_AT: &str = "/credentials/signing/kid";

/// The app whose key is replaced.
pub(in crate::procedures) const APP: Step = Step {
    id: "rotating-app",
    title: "Find the Org2Org app whose key is replaced",
    why: "Its signing key proves the source to the target, in provisioning and in SAML sign-in.",
    side: Side::Source,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Applications > Applications and look for the Org2Org app of this target",
        None,
    )],
    covers: &[],
    source: "Applications API: list apps by name",
    when: always,
    over: &[],
    needs: &[],
    gives: &[&ORG2ORG_APP, &SIGNING_NOW, &APP_AUDIENCE],
    after: &[],
    probe: |_| Ok(apps::named("okta_org2org")),
    read: read_app,
    write: None,
    undo: None,
};

/// How it connects.
pub(in crate::procedures) const CONNECTION: Step = Step {
    id: "rotating-connection",
    title: "Make sure that a person keeps the connection's keys",
    why: "Keys that rotate by themselves need no one, and a token has none.",
    side: Side::Source,
    page: &console::APP_INTEGRATION,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Open the Org2Org app and go to *Provisioning* > *Integration*",
        Some("Integration"),
    )],
    covers: &[],
    source: "Application Connections API: read the default connection",
    when: always,
    over: &[],
    needs: &[&ORG2ORG_APP],
    gives: &[&ROTATING_CLIENT],
    after: &[],
    probe: |f| Ok(connections::read(&f.text(&ORG2ORG_APP)?)),
    read: read_connection,
    write: None,
    undo: None,
};

/// The key that takes over.
pub(super) const NEW_KEY: Step = Step {
    id: "new-key",
    title: "Make the new key",
    why: "The app has it from now on and goes on signing with the old one.",
    side: Side::Source,
    page: &console::APP_SIGN_ON,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Make it by the API: `POST /api/v1/apps/{the app's id}/credentials/keys/generate?validityYears=10`",
        None,
    )],
    covers: &[],
    source: "Application Credential Keys API: generate a key",
    when: always,
    over: &[],
    needs: &[&ORG2ORG_APP, &SIGNING_NOW],
    gives: &[&NEW_KID, &NEW_E, &NEW_N, &NEW_CERTIFICATE, &OLD_CERTIFICATE],
    after: &[
        "rotating-connection",
        "rotating-service-app",
        "rotating-idp",
    ],
    probe: |f| Ok(app_keys::of(&f.text(&ORG2ORG_APP)?)),
    read: read_new_key,
    write: Some(|f, _| Ok(app_keys::generate(&f.text(&ORG2ORG_APP)?, YEARS))),
    undo: None,
};

/// The switch.
pub(super) const SWITCH: Step = Step {
    id: "switch-key",
    title: "Let the app sign with the new key",
    why: "The target knows both keys by now, for provisioning and for sign-in.",
    side: Side::Source,
    page: &console::APP_SIGN_ON,
    page_ids: ORG2ORG,
    by_hand: &[Click::Do(
        "Replace the app by the API (`PUT /api/v1/apps/{the app's id}`) with `credentials.signing.kid` set to the new key's id",
        None,
    )],
    covers: &[],
    source: "Applications API: replace an app, credentials.signing.kid",
    when: always,
    over: &[],
    needs: &[&ORG2ORG_APP, &NEW_KID],
    gives: &[],
    after: &["key-overlap", "trust-both"],
    probe: |f| Ok(apps::read(&f.text(&ORG2ORG_APP)?)),
    read: |answer, f| {
        let (seen, new) = (answer.text(SIGNING_AT)?, f.text(&NEW_KID)?);
        Ok(match seen {
            seen if seen == new => Finding::met(&json!({"kid": seen})),
            seen if seen == retired(f)? => Finding::Unmet,
            other => Finding::Differs {
                wanted: new,
                seen: crate::explain::seen(other),
            },
        })
    },
    write: Some(|f, app| {
        let id = f.text(&ORG2ORG_APP)?;
        Ok(crate::okta::Write::of(&apps::REPLACE, [("app", &id)])
            .changing(app.body(), [(SIGNING_AT, json!(f.text(&NEW_KID)?))]))
    }),
    undo: None,
};

/// Id of the key that the wish retires.
pub(super) fn retired<'a>(f: &Facts<'a>) -> Result<&'a str, Missing> {
    match &f.wish().aim {
        Aim::Rotate(kid) => Ok(kid),
        _ => Err(Missing::Fact("key-to-retire")),
    }
}

fn read_app(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let app = match pointing_here(answer, f).as_slice() {
        [app] => *app,
        [] => {
            return Ok(Finding::Blocked {
                why: "no Org2Org app of the source points to this target".into(),
                who: "you: connect the two orgs first".into(),
            });
        }
        many => return Ok(several(many, "/label")),
    };
    if text(app, "/status")? != "ACTIVE" {
        return Ok(Finding::Blocked {
            why: "the Org2Org app is inactive; an inactive app cannot be changed".into(),
            who: "an app admin of the source: activate it, or remove the connection".into(),
        });
    }
    let by_saml = text(app, "/signOnMode") == Ok("SAML_2_0");
    let audience = text(app, "/settings/app/audRestriction").ok();
    let audience = match audience.filter(|_| by_saml) {
        Some(audience) => Value::Text(audience.to_owned()),
        None => Value::None,
    };
    Ok(Finding::met(&Json::Null)
        .giving(&ORG2ORG_APP, text(app, "/id")?)
        .giving(&SIGNING_NOW, text(app, SIGNING_AT)?)
        .giving_value(&APP_AUDIENCE, audience))
}

fn read_connection(answer: &Answer, _: &Facts<'_>) -> Result<Finding, Missing> {
    let seen = |at: &str| answer.text(at).unwrap_or_default();
    let (scheme, mode) = (
        seen("/profile/authScheme"),
        seen("/profile/signing/rotationMode"),
    );
    Ok(match (answer.text("/status")?, scheme, mode) {
        ("ENABLED", "OAUTH2", "AUTO") => Finding::Blocked {
            why: "the connection's keys rotate by themselves".into(),
            who: "nobody: there is nothing to do".into(),
        },
        ("ENABLED", "OAUTH2", _) => {
            Finding::met(&Json::Null).giving(&ROTATING_CLIENT, answer.text("/profile/clientId")?)
        }
        ("ENABLED", _, _) => Finding::Blocked {
            why: "the connection uses an API token, which has no key".into(),
            who: "you: let OAuth 2.0 take its place first".into(),
        },
        _ => Finding::Blocked {
            why: "provisioning is off: no key is in use".into(),
            who: "you: set provisioning up first".into(),
        },
    })
}

/// The new key is the one that the app signs with once it is not the old one; until then the only
/// one that is younger than the old one.
fn read_new_key(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let (retired, signing) = (retired(f)?, f.text(&SIGNING_NOW)?);
    let named = |kid: &str| {
        let mut keys = answer.items().iter();
        keys.find(|key| text(key, "/kid") == Ok(kid))
    };
    let Some(old) = named(retired) else {
        return Ok(Finding::Blocked {
            why: format!("`{}` is no key of the app", crate::explain::seen(retired)),
            who: format!("you: name the key to retire; the app signs with `{signing}`"),
        });
    };
    let made = text(old, "/created")?;
    let younger = |key: &&Json| text(key, "/created").is_ok_and(|created| created > made);
    let found: Vec<&Json> = match named(&signing).filter(|_| signing != retired) {
        Some(key) => vec![key],
        None => answer.items().iter().filter(younger).collect(),
    };
    match found.as_slice() {
        [] => Ok(Finding::Unmet),
        [key] if !younger(key) => Ok(Finding::Blocked {
            why: format!("the app signs with `{signing}`, which is older than the key to retire"),
            who: "you: name the key that the app signs with".into(),
        }),
        [key] => Ok(Finding::met(&json!({"kid": text(key, "/kid")?}))
            .giving(&NEW_KID, text(key, "/kid")?)
            .giving(&NEW_E, text(key, "/e")?)
            .giving(&NEW_N, text(key, "/n")?)
            .giving(&NEW_CERTIFICATE, certificate(key)?)
            .giving(&OLD_CERTIFICATE, certificate(old)?)),
        many => Ok(several(many, "/kid")),
    }
}

fn certificate(key: &Json) -> Result<String, Missing> {
    Ok(text(key, "/x5c/0")?.split_whitespace().collect())
}
