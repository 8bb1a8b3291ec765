//! Federation by OpenID Connect: an Okta Integration IdP in the target, beside the way by SAML 2.0.
//!
//! The source's app is made first, with nothing but the target's address; its id is the client id
//! that the target's IdP needs; what the IdP is called goes back into the app. No value is a
//! placeholder at any time, and there is no certificate that could end.
//!
//! An Okta Integration IdP keeps no filter of user names (Identity Providers API: `subject.filter`
//! is for SAML2 and OIDC), so linking is limited to the source's own group alone, admins excluded.

use serde_json::Value as Json;

use super::federation::{
    APP_LABEL, GROUP_NAME, GROUP_OF_NEW, IDP, IDP_NAME, NO_MATCH, ORG2ORG_APP, SOURCE_GROUP,
    SOURCE_URL, TARGET_URL, read_app_of,
};
use super::provisioning::ORG2ORG;
use super::shared::{differing, note, several};
use crate::console;
use crate::facts::{Facts, Missing};
use crate::json::json;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, Write, apps, idps};
use crate::run::step::{Click, Finding, Procedure, Side, Step, always};

/// The table; who is meant, their group, the assignments, a routing rule and the second factor stand in that of
/// SAML 2.0.
pub static FEDERATION_OIDC: Procedure = Procedure {
    id: "federation-oidc",
    title: "Sign in to the target through the source (OpenID Connect)",
    when: |wish| wish.connects() && !wish.by_saml(),
    undo_first: &[],
    effect: None,
    undo_effect: None,
    way_back: "",
    steps: &[NO_BOOKMARKS, APP, IDP_ROW, APP_IDP],
};

/// Bookmarks have no documented address here.
const NO_BOOKMARKS: Step = Step {
    id: "oidc-bookmarks",
    title: "Do without bookmarks, or take SAML 2.0",
    why: "Okta documents no address that signs in by OpenID Connect and opens one app of the target.",
    side: Side::Source,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Take the apps out of the wish, or choose SAML 2.0 as the way to sign in",
        None,
    )],
    covers: &[],
    source: "Okta help: Integrate Okta Org2Org with Okta, Configure federation between orgs",
    when: |wish| !wish.apps.is_empty(),
    over: &[],
    needs: &[],
    gives: &[],
    after: &[],
    probe: |_| Ok(Probe::none()),
    read: |_, _| {
        Ok(Finding::Blocked {
            why: "bookmarks have no documented address where people sign in by OpenID Connect"
                .into(),
            who: "you: take the apps out of the wish, or choose SAML 2.0".into(),
        })
    },
    write: None,
    undo: None,
};

/// The source's side.
const APP: Step = Step {
    id: "oidc-app",
    title: "Create the Org2Org app that signs in by OpenID Connect",
    why: "It is the source's side of the link: it signs people in to the target.",
    side: Side::Source,
    page: &console::CATALOG,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Applications > Applications, click *Browse App Catalog*, search for *Org2Org*, choose *Okta Org2Org* and click *Add Integration*",
            Some("Browse App Catalog"),
        ),
        Click::Fill("Application Label", &APP_LABEL),
        Click::Fill("Base Url", &TARGET_URL),
        Click::Do(
            "Click *Next*, choose *OpenID Connect* as sign-on option and click *Done*",
            Some("OpenID Connect"),
        ),
    ],
    covers: &["FED-06"],
    source: "Applications API: create an Org2Org app",
    when: always,
    over: &[],
    needs: &[],
    gives: &[&ORG2ORG_APP],
    after: &["oidc-bookmarks"],
    probe: |_| Ok(apps::named("okta_org2org")),
    read: |answer, f| read_app_of(answer, f, "OPENID_CONNECT"),
    write: Some(|f, _| {
        Ok(apps::create_org2org_oidc(
            &f.wish().app_label,
            f.target(),
            &note(f),
        ))
    }),
    undo: Some(|made, _| made.id.map(apps::remove).unwrap_or_default()),
};

/// The target's side.
const IDP_ROW: Step = Step {
    id: "oidc-idp",
    title: "Create the Okta Integration identity provider",
    why: "It is the target's side of the link: it says whom the source may sign in, and as whom.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Security > Identity Providers, click *Add identity provider*, choose *Okta Integration IdP* and click *Next*",
            Some("Add identity provider"),
        ),
        Click::Fill("Name", &IDP_NAME),
        Click::Fill("Okta IdP Org URL", &SOURCE_URL),
        Click::Fill("Client ID", &ORG2ORG_APP),
        Click::Set("IdP username", "idpuser.email"),
        Click::Set("Match against", "Okta Username"),
        Click::Set("Account link policy", "Enable automatic linking"),
        Click::Choose("Auto-link filters", &GROUP_NAME),
        Click::Set("Exclude admins", "on"),
        Click::Choose("If no match is found", &NO_MATCH),
        Click::Choose("Group Assignments", &GROUP_OF_NEW),
        Click::Do("Click *Finish*", Some("Finish")),
    ],
    covers: &["FED-10"],
    source: "Identity Providers API: create an Okta Integration IdP",
    when: always,
    over: &[],
    needs: &[&ORG2ORG_APP, &SOURCE_GROUP],
    gives: &[&IDP],
    after: &["not-an-admin", "group-member"],
    probe: |_| Ok(idps::all()),
    read: read_idp,
    write: Some(|f, _| {
        Ok(idps::create_integration(&idps::Integration {
            name: &f.wish().idp_name,
            org_url: f.source().base(),
            client: &f.text(&ORG2ORG_APP)?,
            group: &f.text(&SOURCE_GROUP)?,
            jit: f.wish().makes_accounts_at_sign_in(),
        }))
    }),
    undo: Some(|made, _| made.id.map(idps::remove).unwrap_or_default()),
};

/// What the app must know of the IdP.
const APP_IDP: Step = Step {
    id: "oidc-app-idp",
    title: "Tell the app which identity provider takes people",
    why: "Without it the source does not know where in the target a sign-in goes.",
    side: Side::Source,
    page: &console::APP_SIGN_ON,
    page_ids: ORG2ORG,
    by_hand: &[
        Click::Do(
            "Open the Org2Org app, go to *Sign On* and click *Edit*",
            Some("Edit"),
        ),
        Click::Fill("IdP ID", &IDP),
        Click::Do("Click *Save*", Some("Save")),
    ],
    covers: &["FED-10"],
    source: "Applications API: replace an app, settings.app.idpId",
    when: always,
    over: &[],
    needs: &[&ORG2ORG_APP, &IDP],
    gives: &[],
    after: &[],
    probe: |f| Ok(apps::read(&f.text(&ORG2ORG_APP)?)),
    read: |answer, f| {
        let wanted = f.text(&IDP)?;
        Ok(match answer.text(IDP_AT).unwrap_or_default() {
            "" => Finding::Unmet,
            seen if seen == wanted => Finding::met(answer.body()),
            seen => Finding::Differs {
                wanted,
                seen: crate::explain::seen(seen),
            },
        })
    },
    write: Some(|f, app| {
        let id = f.text(&ORG2ORG_APP)?;
        Ok(Write::of(&apps::REPLACE, [("app", &id)])
            .changing(app.body(), [(IDP_AT, json!(f.text(&IDP)?))]))
    }),
    undo: Some(|made, app| {
        let before = [(IDP_AT, made.before(IDP_AT))];
        vec![Write::of(&apps::REPLACE, [("app", made.param("app"))]).changing(app.body(), before)]
    }),
};

const IDP_AT: &str = "/settings/app/idpId";

fn read_idp(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let client = f.text(&ORG2ORG_APP)?;
    let knows = |idp: &&Json| {
        text(idp, "/type") == Ok("OKTA_INTEGRATION")
            && text(idp, "/protocol/credentials/client/client_id") == Ok(&client)
    };
    let found: Vec<&Json> = answer.items().iter().filter(knows).collect();
    match found.as_slice() {
        [] => {
            let name = &f.wish().idp_name;
            let mut idps = answer.items().iter();
            Ok(match idps.any(|idp| text(idp, "/name") == Ok(name)) {
                true => Finding::Blocked {
                    why: format!("an IdP named `{name}` is there for something else"),
                    who: "you: choose another name".into(),
                },
                false => Finding::Unmet,
            })
        }
        [idp] => read_one_idp(idp, f),
        many => Ok(several(many, "/name")),
    }
}

fn read_one_idp(idp: &Json, f: &Facts<'_>) -> Result<Finding, Missing> {
    let group = f.text(&SOURCE_GROUP)?;
    let jit = f.wish().makes_accounts_at_sign_in();
    let mut wanted = vec![
        ("/status", json!("ACTIVE")),
        ("/protocol/oktaIdpOrgUrl", json!(f.source().base())),
        ("/policy/accountLink/action", json!("AUTO")),
        (
            "/policy/accountLink/filter/groups/include",
            json!([group.as_str()]),
        ),
        (
            "/policy/accountLink/filter/users/excludeAdmins",
            json!(true),
        ),
        (
            "/policy/provisioning/action",
            json!(if jit { "AUTO" } else { "DISABLED" }),
        ),
        ("/policy/provisioning/profileMaster", json!(false)),
        ("/policy/subject/matchType", json!("USERNAME")),
    ];
    if jit {
        wanted.push(("/policy/provisioning/groups/assignments", json!([group])));
    }
    if let Some(differs) = differing(idp, &wanted) {
        return Ok(differs);
    }
    Ok(Finding::met(idp).giving(&IDP, text(idp, "/id")?))
}
