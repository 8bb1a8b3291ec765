//! The target's side of provisioning: the keys that the service app counts.

use serde_json::Value as Json;

use super::source::{NEW_E, NEW_KID, NEW_N, ROTATING_CLIENT, retired};
use crate::console;
use crate::facts::{Fact, Facts, Missing, Value};
use crate::json::{self, json};
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, apps, clients};
use crate::procedures::service_app::SERVICE_APP;
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// Id of the old key in the service app; none where it is gone.
static OLD_KEY: Fact = Fact::one("old-client-key", "Old key in the service app");

const SERVICE_APP_PAGE: &[(&str, PageId)] = &[
    ("name", PageId::Plain("oidc_client")),
    ("app", PageId::Fact(&SERVICE_APP)),
];

/// The service app itself.
pub(super) const APP: Step = Step {
    id: "rotating-service-app",
    title: "Find the service app of the connection",
    why: "It must know the new key before the source signs with it.",
    side: Side::Target,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Applications > Applications and open the service app with the connection's client id",
        None,
    )],
    covers: &[],
    source: "Applications API: list apps",
    when: always,
    over: &[],
    needs: &[&ROTATING_CLIENT],
    gives: &[&SERVICE_APP, &OLD_KEY],
    after: &[],
    probe: |_| Ok(apps::all()),
    read: read_app,
    write: None,
    undo: None,
};

/// Old and new count.
pub(super) const OVERLAP: Step = Step {
    id: "key-overlap",
    title: "Add the new key beside the old one",
    why: "From now on the target takes either, so nothing stops at the switch.",
    side: Side::Target,
    page: &console::APP_GENERAL,
    page_ids: SERVICE_APP_PAGE,
    by_hand: &[
        Click::Do(
            "Open the service app, stay on *General* and click *Edit* in *Client Credentials*",
            Some("Client Credentials"),
        ),
        Click::Do(
            "Click *Add key* and paste the new key, with these values; leave the old one",
            Some("Add key"),
        ),
        Click::Fill("kid", &NEW_KID),
        Click::Fill("e", &NEW_E),
        Click::Fill("n", &NEW_N),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &[],
    source: "Application JSON Web Keys API: add a key",
    when: always,
    over: &[],
    needs: &[&SERVICE_APP, &NEW_KID, &NEW_E, &NEW_N],
    gives: &[],
    after: &["rotating-connection"],
    probe: |f| Ok(apps::read(&f.text(&SERVICE_APP)?)),
    read: |answer, f| {
        let (kid, n) = (f.text(&NEW_KID)?, f.text(&NEW_N)?);
        Ok(match key(answer.body(), &kid) {
            None => Finding::Unmet,
            Some(key) if text(key, "/n") != Ok(&n) => Finding::Differs {
                wanted: format!("the source's key `{kid}`"),
                seen: "another key of that id".into(),
            },
            Some(key) if !is_live(key) => Finding::Differs {
                wanted: format!("`{kid}` active"),
                seen: "inactive".into(),
            },
            Some(_) => Finding::met(&json!({"kid": kid})),
        })
    },
    write: Some(|f, _| {
        let key = json!({
            "kty": "RSA", "use": "sig", "status": "ACTIVE",
            "kid": f.text(&NEW_KID)?, "e": f.text(&NEW_E)?, "n": f.text(&NEW_N)?,
        });
        Ok(clients::add_key(&f.text(&SERVICE_APP)?, key))
    }),
    undo: None,
};

/// The old one no longer counts.
pub(super) const DEACTIVATE_OLD: Step = Step {
    id: "deactivate-old-key",
    title: "Deactivate the old key",
    why: "Whoever holds it can no longer act as the source; until it is deleted it can be activated again.",
    side: Side::Target,
    page: &console::APP_GENERAL,
    page_ids: SERVICE_APP_PAGE,
    by_hand: &[Click::Do(
        "In *Client Credentials* choose *Deactivate* in the old key's menu",
        Some("Client Credentials"),
    )],
    covers: &[],
    source: "Application JSON Web Keys API: deactivate a key",
    when: always,
    over: &[],
    needs: &[&SERVICE_APP, &OLD_KEY],
    gives: &[],
    after: &["switch-key", "trust-new"],
    probe: probe_old,
    read: |answer, f| {
        let live = key(answer.body(), retired(f)?).is_some_and(is_live);
        Ok(Finding::met_if(!live, &Json::Null))
    },
    write: Some(|f, _| {
        Ok(clients::deactivate_key(
            &f.text(&SERVICE_APP)?,
            &f.text(&OLD_KEY)?,
        ))
    }),
    undo: None,
};

/// And is gone.
pub(super) const DELETE_OLD: Step = Step {
    id: "delete-old-key",
    title: "Delete the old key",
    why: "A key that is not there cannot be activated by mistake.",
    side: Side::Target,
    page: &console::APP_GENERAL,
    page_ids: SERVICE_APP_PAGE,
    by_hand: &[Click::Do(
        "In *Client Credentials* choose *Delete* in the old key's menu",
        Some("Client Credentials"),
    )],
    covers: &[],
    source: "Application JSON Web Keys API: delete a key",
    when: always,
    over: &[],
    needs: &[&SERVICE_APP, &OLD_KEY],
    gives: &[],
    after: &["deactivate-old-key"],
    probe: probe_old,
    read: |answer, f| {
        let there = key(answer.body(), retired(f)?).is_some();
        Ok(Finding::met_if(!there, &Json::Null))
    },
    write: Some(|f, _| {
        Ok(clients::delete_key(
            &f.text(&SERVICE_APP)?,
            &f.text(&OLD_KEY)?,
        ))
    }),
    undo: None,
};

const KEYS_AT: &str = "/settings/oauthClient/jwks/keys";

fn key<'a>(app: &'a Json, kid: &str) -> Option<&'a Json> {
    let keys = json::at(app, KEYS_AT).and_then(Json::as_array)?;
    keys.iter().find(|key| text(key, "/kid") == Ok(kid))
}

fn is_live(key: &Json) -> bool {
    text(key, "/status") != Ok("INACTIVE")
}

fn probe_old(f: &Facts<'_>) -> Result<Probe, Missing> {
    let app = f.text(&SERVICE_APP)?;
    Ok(f.optional(&OLD_KEY)?
        .map_or(Probe::none(), |_| apps::read(&app)))
}

fn read_app(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let client = f.text(&ROTATING_CLIENT)?;
    let own = |app: &&Json| text(app, "/credentials/oauthClient/client_id") == Ok(&client);
    let Some(app) = answer.items().iter().find(own) else {
        return Ok(Finding::Blocked {
            why: format!("the connection's client `{client}` is none of this target"),
            who: "an app admin of the source: correct the client id on *Provisioning* > *Integration*".into(),
        });
    };
    if text(app, "/status")? != "ACTIVE" {
        return Ok(Finding::Blocked {
            why: "the service app is inactive: nothing is pushed".into(),
            who: "an app admin of the target: activate it".into(),
        });
    }
    if json::at(app, KEYS_AT).is_none() {
        return Ok(Finding::Blocked {
            why: "the service app fetches its keys from an address and keeps none".into(),
            who: "nobody, where that address is the source's: it tells the new key by itself"
                .into(),
        });
    }
    let old = key(app, retired(f)?)
        .map(|key| text(key, "/id"))
        .transpose()?;
    let old = old.map_or(Value::None, |id| Value::Text(id.to_owned()));
    Ok(Finding::met(&Json::Null)
        .giving(&SERVICE_APP, text(app, "/id")?)
        .giving_value(&OLD_KEY, old))
}
