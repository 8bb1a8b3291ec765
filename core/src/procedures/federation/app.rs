//! The source's side of the link: the Org2Org app.

use serde_json::Value as Json;

use super::idp::{ACS_URL, AUDIENCE};
use crate::console;
use crate::facts::{Fact, Facts, Missing};
use crate::json::{self, json};
use crate::okta::answer::text;
use crate::okta::{Answer, apps, connections};
use crate::procedures::shared::{note, several, wished};
use crate::run::Wish;
use crate::run::step::{Click, Finding, PageId, Side, Step};

/// Id of the Org2Org app in the source.
pub static ORG2ORG_APP: Fact = Fact::one("org2org-app", "Org2Org app");
/// Where the source signs people in for this app.
pub static SSO_URL: Fact = Fact::one("sso-url", "IdP Single Sign-On URL");
/// How the source names itself in this app's assertions.
pub static ISSUER: Fact = Fact::one("issuer", "IdP Issuer URI");
/// The certificate of the app's signing key, base64 DER in one line.
pub static CERTIFICATE: Fact = Fact::one("certificate", "IdP Signature Certificate");
pub(in crate::procedures) static APP_LABEL: Fact =
    wished("app-label", "the label", |f| Ok(f.wish().app_label.clone()));
pub(in crate::procedures) static TARGET_URL: Fact =
    wished("target-url", "the address of the target org", |f| {
        Ok(f.target().base().to_owned())
    });

pub(in crate::procedures) static SOURCE_URL: Fact =
    wished("source-url", "the address of the source org", |f| {
        Ok(f.source().base().to_owned())
    });

/// The Org2Org app itself.
pub(super) const CREATE: Step = Step {
    id: "org2org-app",
    title: "Create the Org2Org app",
    why: "It is the source's side of the link: it signs people in to the target.",
    side: Side::Source,
    page: &console::CATALOG,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Applications > Applications and click *Browse App Catalog*",
            Some("Browse App Catalog"),
        ),
        Click::Do(
            "Search for *Org2Org*, choose *Okta Org2Org* and click *Add Integration*",
            Some("Okta Org2Org"),
        ),
        Click::Fill("Application Label", &APP_LABEL),
        Click::Fill("Base Url", &TARGET_URL),
        Click::Do(
            "Click *Next*, choose *SAML 2.0* as sign-on option and click *Done*",
            Some("SAML 2.0"),
        ),
    ],
    covers: &[
        "FED-01", "FED-02", "FED-03", "FED-04", "FED-05", "FED-06", "FED-07",
    ],
    source: "Applications API: create an Org2Org app",
    when: Wish::by_saml,
    over: &[],
    needs: &[],
    gives: &[&ORG2ORG_APP],
    after: &[],
    probe: |_| Ok(apps::named("okta_org2org")),
    read: |answer, f| read_app_of(answer, f, "SAML_2_0"),
    write: Some(|f, _| {
        Ok(apps::create_org2org(
            &f.wish().app_label,
            f.target(),
            &note(f),
        ))
    }),
    undo: Some(|made, _| made.id.map(apps::remove).unwrap_or_default()),
};

/// What the target must know of the app.
pub(super) const SIGN_ON_DETAILS: Step = Step {
    id: "sign-on-details",
    title: "Read the app's sign-on details",
    why: "The target's IdP needs the source's issuer, sign-on address and certificate.",
    side: Side::Source,
    page: &console::APP_SIGN_ON,
    page_ids: &[
        ("name", PageId::Plain("okta_org2org")),
        ("app", PageId::Fact(&ORG2ORG_APP)),
    ],
    by_hand: &[
        Click::Do(
            "Open Applications > Applications, open the Org2Org app and go to *Sign On*",
            Some("Sign On"),
        ),
        Click::Do(
            "Click *View SAML setup instructions*",
            Some("View SAML setup instructions"),
        ),
        Click::Copy("IdP Issuer URI", &ISSUER),
        Click::Copy("IdP Single Sign-On URL", &SSO_URL),
        Click::Copy("IdP Signature Certificate", &CERTIFICATE),
    ],
    covers: &["FED-08", "FED-09", "FED-11"],
    source: "Applications SSO API: SAML metadata of an app",
    when: Wish::by_saml,
    over: &[],
    needs: &[&ORG2ORG_APP],
    gives: &[&SSO_URL, &ISSUER, &CERTIFICATE],
    after: &[],
    probe: |f| Ok(apps::metadata(&f.text(&ORG2ORG_APP)?)),
    read: read_metadata,
    write: None,
    undo: None,
};

/// What the app must know of the target's IdP.
pub(super) const ACS: Step = Step {
    id: "app-acs",
    title: "Tell the app where the target takes people",
    why: "Without the IdP's address and audience the source does not know where to send its assertion.",
    side: Side::Source,
    page: &console::APP_SIGN_ON,
    page_ids: &[
        ("name", PageId::Plain("okta_org2org")),
        ("app", PageId::Fact(&ORG2ORG_APP)),
    ],
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Sign On* and click *Edit*",
            Some("Edit"),
        ),
        Click::Fill("Hub ACS URL", &ACS_URL),
        Click::Fill("Audience URI", &AUDIENCE),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &["FED-10"],
    source: "Applications API: replace an app",
    when: Wish::by_saml,
    over: &[],
    needs: &[&ORG2ORG_APP, &ACS_URL, &AUDIENCE],
    gives: &[],
    after: &[],
    probe: |f| Ok(apps::read(&f.text(&ORG2ORG_APP)?)),
    read: read_app_acs,
    write: Some(|f, app| {
        let id = f.text(&ORG2ORG_APP)?;
        Ok(
            crate::okta::Write::of(&apps::REPLACE, [("app", &id)]).changing(
                app.body(),
                [
                    (ACS_AT, json!(f.text(&ACS_URL)?)),
                    (AUDIENCE_AT, json!(f.text(&AUDIENCE)?)),
                ],
            ),
        )
    }),
    undo: Some(|made, app| {
        let before = |at: &str| {
            let change = made.changes.iter().find(|change| change.pointer == at);
            change.map_or(Json::Null, |change| change.before.clone())
        };
        vec![
            crate::okta::Write::of(&apps::REPLACE, [("app", made.param("app"))]).changing(
                app.body(),
                [(ACS_AT, before(ACS_AT)), (AUDIENCE_AT, before(AUDIENCE_AT))],
            ),
        ]
    }),
};

/// The gate before anyone is assigned.
pub(super) const PROVISIONING_OFF: Step = Step {
    id: "provisioning-off",
    title: "Make sure that provisioning is off",
    why: "Assigning and unassigning people is harmless only while the app pushes nothing to the target; provisioning is set up afterwards, in its own order.",
    side: Side::Source,
    page: &console::APP_INTEGRATION,
    page_ids: &[
        ("name", PageId::Plain("okta_org2org")),
        ("app", PageId::Fact(&ORG2ORG_APP)),
    ],
    by_hand: &[Click::Do(
        "Open the Org2Org app and go to *Provisioning*: it must not be on. To push users later, set it up by OAuth 2.0 (preferred) or an API token",
        Some("Provisioning"),
    )],
    covers: &["FED-23"],
    source: "Application Connections API: read the default connection",
    when: |wish| !wish.pushes(),
    over: &[],
    needs: &[&ORG2ORG_APP],
    gives: &[],
    after: &[],
    probe: |f| Ok(connections::read(&f.text(&ORG2ORG_APP)?)),
    read: |answer, _| match answer.text("/status")? {
        "ENABLED" => Ok(Finding::Differs {
            wanted: "no connection".into(),
            seen: "an enabled connection".into(),
        }),
        _ => Ok(Finding::met(&Json::Null)),
    },
    write: None,
    undo: None,
};

const ACS_AT: &str = "/settings/app/acsUrl";
const AUDIENCE_AT: &str = "/settings/app/audRestriction";

/// The Org2Org apps of the source that point to this target.
pub(in crate::procedures) fn pointing_here<'a>(answer: &'a Answer, f: &Facts<'_>) -> Vec<&'a Json> {
    let points_here = |app: &&Json| {
        let base = text(app, "/settings/app/baseUrl").unwrap_or_default();
        f.target().map_to_org_host(base).trim_end_matches('/') == f.target().base()
    };
    answer.items().iter().filter(points_here).collect()
}

/// The app of this target, which must sign in by `mode`.
pub(in crate::procedures) fn read_app_of(
    answer: &Answer,
    f: &Facts<'_>,
    mode: &str,
) -> Result<Finding, Missing> {
    let here = pointing_here(answer, f);
    match here.as_slice() {
        [] => {
            let label = &f.wish().app_label;
            let taken = answer
                .items()
                .iter()
                .any(|app| text(app, "/label") == Ok(label));
            Ok(match taken {
                true => Finding::Blocked {
                    why: format!("an Org2Org app with the label `{label}` points to another org"),
                    who: "you: choose another label".into(),
                },
                false => Finding::Unmet,
            })
        }
        [app] => read_one_app(app, mode),
        many => Ok(several(many, "/label")),
    }
}

fn read_one_app(app: &Json, wanted: &str) -> Result<Finding, Missing> {
    let (status, mode) = (
        text(app, "/status")?,
        text(app, "/signOnMode").unwrap_or("none"),
    );
    if status != "ACTIVE" || mode != wanted {
        let seen = format!("{status}, {mode}");
        return Ok(Finding::Differs {
            wanted: format!("an active app that signs in by {wanted}"),
            seen,
        });
    }
    Ok(Finding::met(app).giving(&ORG2ORG_APP, text(app, "/id")?))
}

fn read_metadata(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let unusable =
        |why: &str| Missing::Unusable(format!("the SAML metadata holds no usable {why}"));
    let elements = crate::xml::elements(answer.xml()).map_err(|_| unusable("XML"))?;
    let issuer = elements
        .first()
        .and_then(|root| root.attribute("entityID"))
        .ok_or_else(|| unusable("entityID"))?;
    let named = |name: &'static str| elements.iter().filter(move |one| one.name == name);
    let sso = named("SingleSignOnService")
        .filter_map(|one| Some((one.attribute("Binding")?, one.attribute("Location")?)))
        .find(|(binding, _)| binding.ends_with("HTTP-POST"))
        .map(|(_, location)| location)
        .ok_or_else(|| unusable("SingleSignOnService"))?;
    f.source()
        .owns(sso)
        .map_err(|error| Missing::Unusable(error.to_string()))?;
    let mut certificates: Vec<String> = named("X509Certificate")
        .map(|one| one_line(&one.text))
        .filter(|certificate| !certificate.is_empty())
        .collect();
    certificates.dedup();
    match certificates.as_slice() {
        [certificate] => Ok(Finding::met(
            &json!({"issuer": issuer, "sso": sso, "certificate": certificate.as_str()}),
        )
        .giving(&SSO_URL, sso)
        .giving(&ISSUER, issuer)
        .giving(&CERTIFICATE, certificate)),
        [] => Err(unusable("certificate")),
        many => Ok(Finding::Conflict {
            several: vec![format!("{} signing certificates", many.len())],
        }),
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect()
}

fn read_app_acs(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let app = answer.body();
    let (acs, audience) = (f.text(&ACS_URL)?, f.text(&AUDIENCE)?);
    let seen = |at: &str| json::at(app, at).and_then(Json::as_str).unwrap_or_default();
    match (seen(ACS_AT), seen(AUDIENCE_AT)) {
        ("", "") => Ok(Finding::Unmet),
        (seen, restriction) if seen == acs && restriction == audience => Ok(Finding::met(app)),
        (seen, restriction) => Ok(Finding::Differs {
            wanted: format!("{acs} and {audience}"),
            seen: crate::explain::seen(&format!("{seen} and {restriction}")),
        }),
    }
}
