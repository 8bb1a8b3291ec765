//! Users without provisioning: people of the source get accounts in the target by an import file,
//! and each account is linked to the source's identity provider.
//!
//! The accounts are made by a person with the console's own import: what a program sends is in its
//! journal, and names and addresses of people do not belong there. By SAML 2.0 a link can be made
//! by the API only where the identity provider honours persistent NameIDs and the app sends them;
//! elsewhere it comes with the person's first sign-in. By OpenID Connect the source calls people by
//! their ids, which never change: there the API can always link.

use serde_json::Value as Json;

use super::federation::{COUNTERPART, IDP, ORG2ORG_APP, PEOPLE};
use crate::console;
use crate::facts::{Fact, Facts, Missing, Value};
use crate::json::{self, json};
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, apps, idps, users};
use crate::run::reach::Effect;
use crate::run::step::{Click, Finding, PageId, Procedure, Side, Step, always};

/// That a person of the source is active; none where not.
static ACTIVE: Fact = Fact::per("active-person", "", &[&PEOPLE]);
/// The NameID format that the app sends, and the one that the IdP takes; none where a link by the
/// API would not be met at sign-in.
static SENDS_PERSISTENT: Fact = Fact::one("sends-persistent", "Persistent NameIDs of the app");
static TAKES_PERSISTENT: Fact = Fact::one("takes-persistent", "Persistent NameIDs of the IdP");

const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/// The table.
pub static BY_FILE: Procedure = Procedure {
    id: "users-by-file",
    title: "Bring people to the target by a file, without provisioning",
    when: |wish| wish.connects() && wish.by_file && !wish.pushes(),
    undo_first: &[],
    effect: Some(effect),
    undo_effect: None,
    way_back: "",
    steps: &[
        ACTIVE_PERSON,
        IMPORTED,
        APP_NAMES,
        IDP_NAMES,
        LINK,
        OIDC_LINK,
    ],
};

/// The import file is a person's; what the run itself does is to link.
fn effect(row: &str, _: &Facts<'_>) -> Effect {
    match [LINK.id, OIDC_LINK.id].contains(&row) {
        true => Effect::Links { mails: false },
        false => Effect::Nothing,
    }
}

/// Who is to get an account.
const ACTIVE_PERSON: Step = Step {
    id: "active-person",
    title: "See whether the person is active in the source",
    why: "Only active people get an account; the report says the same of everybody at once.",
    side: Side::Source,
    page: &console::REPORTS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Reports and click *Okta Password Health*; the report comes by mail and can be downloaded",
            Some("Okta Password Health"),
        ),
        Click::Do(
            "Keep the rows whose *Status* is active: `org2org users active`, or the same tool on the page",
            None,
        ),
        Click::Do(
            "Make the import file of them: `org2org users import`, or the same tool on the page",
            None,
        ),
    ],
    covers: &["CSV-01"],
    source: "Users API: read a user",
    when: always,
    over: &[&PEOPLE],
    needs: &[],
    gives: &[&ACTIVE],
    after: &[],
    probe: |f| Ok(users::read(&f.member(&PEOPLE)?.id)),
    read: |answer, _| {
        let met = Finding::met(&Json::Null);
        Ok(match answer.text("/status")? {
            "ACTIVE" => met.giving(&ACTIVE, "ACTIVE"),
            status => met.giving_value(&ACTIVE, Value::None).noting(format!(
                "{} is {status} in the source and gets no account.",
                crate::explain::seen(answer.text("/profile/login")?)
            )),
        })
    },
    write: None,
    undo: None,
};

/// The account, made by a person.
const IMPORTED: Step = Step {
    id: "imported-account",
    title: "Import the person's account",
    why: "Without an account there is nobody to sign in as. The console takes one file for everybody.",
    side: Side::Target,
    page: &console::PEOPLE,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Directory > People and click *More actions* > *Import users from CSV*",
            Some("Import users from CSV"),
        ),
        Click::Do(
            "Choose the import file and click *Upload CSV*, then *Next*",
            Some("Upload CSV"),
        ),
        Click::Set("Automatically activate new users", "on"),
        Click::Set(
            "Do not create a password and only allow login via Identity Provider",
            "on",
        ),
        Click::Do(
            "Click *Import Users*, then check again: the next plan puts the new accounts into the group for people of the source, which opens the apps",
            Some("Import Users"),
        ),
    ],
    covers: &["CSV-02"],
    source: "Users API: list users by search",
    when: always,
    over: &[&PEOPLE],
    needs: &[&COUNTERPART, &ACTIVE],
    gives: &[],
    after: &["not-an-admin"],
    probe: |_| Ok(Probe::none()),
    read: |_, f| {
        let wanted = f.optional(&ACTIVE)?.is_some();
        let done = f.optional(&COUNTERPART)?.is_some() || !wanted;
        Ok(Finding::met_if(done, &Json::Null))
    },
    write: None,
    undo: None,
};

/// What the source calls people in its assertions.
const APP_NAMES: Step = Step {
    id: "app-name-ids",
    title: "Look at what the app calls people",
    why: "A link made by the API is met at sign-in only when the NameID is a persistent one.",
    side: Side::Source,
    page: &console::APP_SIGN_ON,
    page_ids: &[
        ("name", PageId::Plain("okta_org2org")),
        ("app", PageId::Fact(&ORG2ORG_APP)),
    ],
    by_hand: &[Click::Do(
        "Read the app by the API: `GET /api/v1/apps/{the app's id}`, `settings.signOn.subjectNameIdFormat`",
        None,
    )],
    covers: &[],
    source: "Applications API: read an app, settings.signOn.subjectNameIdFormat",
    when: |wish| wish.links && wish.by_saml(),
    over: &[],
    needs: &[&ORG2ORG_APP],
    gives: &[&SENDS_PERSISTENT],
    after: &[],
    probe: |f| Ok(apps::read(&f.text(&ORG2ORG_APP)?)),
    read: |answer, _| {
        let format = answer.text("/settings/signOn/subjectNameIdFormat");
        Ok(
            Finding::met(&Json::Null)
                .giving_value(&SENDS_PERSISTENT, yes(format == Ok(PERSISTENT))),
        )
    },
    write: None,
    undo: None,
};

/// What the target takes.
const IDP_NAMES: Step = Step {
    id: "idp-name-ids",
    title: "Look at what the identity provider takes",
    why: "Only an identity provider that honours persistent NameIDs can be linked to by the API.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: &[("idp", PageId::Fact(&IDP))],
    by_hand: &[Click::Do(
        "Read the IdP by the API: `GET /api/v1/idps/{its id}`, `protocol.settings`",
        None,
    )],
    covers: &[],
    source: "Identity Providers API: read an IdP, honorPersistentNameId",
    when: |wish| wish.links && wish.by_saml(),
    over: &[],
    needs: &[&IDP],
    gives: &[&TAKES_PERSISTENT],
    after: &[],
    probe: |f| Ok(idps::read(&f.text(&IDP)?)),
    read: |answer, _| {
        let settings = json::at(answer.body(), "/protocol/settings").unwrap_or(&Json::Null);
        let honours = settings.get("honorPersistentNameId") == Some(&Json::Bool(true));
        let takes = honours && text(settings, "/nameFormat") == Ok(PERSISTENT);
        Ok(Finding::met(&Json::Null).giving_value(&TAKES_PERSISTENT, yes(takes)))
    },
    write: None,
    undo: None,
};

/// The link.
const LINK: Step = Step {
    id: "linked",
    title: "Link the account to the identity provider",
    why: "A linked account is the person's own, whatever happens to user names later.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: &[("idp", PageId::Fact(&IDP))],
    by_hand: &[
        Click::Do(
            "By sign-in: ask the person to click a tile of the target in the source once; the identity provider links the account of that user name, when it is in the group for people of the source",
            None,
        ),
        Click::Do(
            "By the API, where NameIDs are persistent: `POST /api/v1/idps/{the IdP's id}/users/{the account's id}` with the NameID as `externalId`",
            None,
        ),
    ],
    covers: &["CSV-03"],
    source: "Identity Provider Users API: link a user",
    when: |wish| wish.links && wish.by_saml(),
    over: &[&PEOPLE],
    needs: &[&IDP, &COUNTERPART, &SENDS_PERSISTENT, &TAKES_PERSISTENT],
    gives: &[],
    after: &["not-an-admin", "group-member"],
    probe: linked_people,
    read: read_link,
    write: Some(|f, _| {
        let name = &f.member(&PEOPLE)?.name;
        Ok(idps::link(&f.text(&IDP)?, &f.text(&COUNTERPART)?, name))
    }),
    undo: Some(|made, _| vec![idps::unlink(made.param("idp"), made.param("user"))]),
};

/// The link by the name that OpenID Connect gives to people.
const OIDC_LINK: Step = Step {
    id: "linked-by-subject",
    title: "Link the account to the identity provider",
    why: "A linked account is the person's own, whatever happens to user names later.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: &[("idp", PageId::Fact(&IDP))],
    by_hand: &[
        Click::Do(
            "By sign-in: ask the person to click the app in the source once; the identity provider links the account of that user name, when it is in the group for people of the source",
            None,
        ),
        Click::Do(
            "By the API: `POST /api/v1/idps/{the IdP's id}/users/{the account's id}` with the person's id in the source as `externalId`",
            None,
        ),
    ],
    covers: &["CSV-03"],
    source: "Identity Provider Users API: link a user; OpenID Connect Core 1.0, section 2: `sub`; Okta's org authorization server: `sub` is the user's id",
    when: |wish| wish.links && !wish.by_saml(),
    over: &[&PEOPLE],
    needs: &[&IDP, &COUNTERPART],
    gives: &[],
    after: &["not-an-admin", "group-member"],
    probe: linked_people,
    read: read_subject,
    write: Some(|f, _| {
        let subject = &f.member(&PEOPLE)?.id;
        Ok(idps::link(&f.text(&IDP)?, &f.text(&COUNTERPART)?, subject))
    }),
    undo: Some(|made, _| vec![idps::unlink(made.param("idp"), made.param("user"))]),
};

/// Who is linked to the identity provider; nothing is asked while the person has no account.
fn linked_people(f: &Facts<'_>) -> Result<Probe, Missing> {
    Ok(match f.optional(&COUNTERPART)? {
        Some(_) => idps::users(&f.text(&IDP)?),
        None => Probe::none(),
    })
}

fn read_subject(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let Some(user) = f.optional(&COUNTERPART)? else {
        // Another row says that there is no account yet.
        return Ok(Finding::met(&Json::Null));
    };
    let subject = &f.member(&PEOPLE)?.id;
    let link = answer
        .items()
        .iter()
        .find(|item| text(item, "/id") == Ok(&user));
    Ok(match link.map(|item| text(item, "/externalId")) {
        None => Finding::Unmet,
        Some(Ok(seen)) if seen != subject => Finding::Differs {
            wanted: format!("the link of {subject}"),
            seen: crate::explain::seen(seen),
        },
        Some(_) => Finding::met(&json!({"id": user})),
    })
}

fn yes(holds: bool) -> Value {
    match holds {
        true => Value::Text("yes".to_owned()),
        false => Value::None,
    }
}

fn read_link(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let Some(user) = f.optional(&COUNTERPART)? else {
        // Another row says that there is no account yet.
        return Ok(Finding::met(&Json::Null));
    };
    let own = |item: &&Json| text(item, "/id") == Ok(&user);
    if answer.items().iter().any(|item| own(&item)) {
        return Ok(Finding::met(&json!({"id": user})));
    }
    let lacks = match (
        f.optional(&SENDS_PERSISTENT)?,
        f.optional(&TAKES_PERSISTENT)?,
    ) {
        (Some(_), Some(_)) => return Ok(Finding::Unmet),
        (Some(_), None) => "the identity provider does not honour persistent NameIDs",
        _ => "the app does not send persistent NameIDs",
    };
    Ok(Finding::Blocked {
        why: format!("no link can be made by the API: {lacks}"),
        who: "the person: by signing in through the source once, which links the account; then check again".into(),
    })
}
