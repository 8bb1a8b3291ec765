//! Federation by SAML 2.0: people of the source sign in to the target through the source.
//!
//! The source's app is made first, with nothing but the target's address; its metadata then
//! gives all that the target's IdP needs; what the IdP says of itself goes back into the app.
//! No value is a placeholder at any time.

use serde_json::{Value as Json, json};

use crate::console;
use crate::explain::is_hidden;
use crate::facts::{Derive, Fact, Facts, Member, Missing, Place, Set, Value};
use crate::map::sorted;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, app_assignments, apps, connections, groups, idps, users};
use crate::run::step::{Click, Finding, PageId, Procedure, Side, Step, always};

/// Id of the Org2Org app in the source.
pub static ORG2ORG_APP: Fact = Fact::one("org2org-app", "Org2Org app");
/// Where the source signs people in for this app.
pub static SSO_URL: Fact = Fact::one("sso-url", "IdP Single Sign-On URL");
/// How the source names itself in this app's assertions.
pub static ISSUER: Fact = Fact::one("issuer", "IdP Issuer URI");
/// The certificate of the app's signing key, base64 DER in one line.
pub static CERTIFICATE: Fact = Fact::one("certificate", "IdP Signature Certificate");
/// Id of the target's group for people of the source.
pub static SOURCE_GROUP: Fact = Fact::one("source-group", "Group for people of the source");
/// Id of the certificate in the target.
pub static IDP_KID: Fact = Fact::one("idp-kid", "Certificate in the target");
/// Id of the IdP in the target.
pub static IDP: Fact = Fact::one("idp", "Identity provider");
/// Where the target takes assertions of this IdP.
pub static ACS_URL: Fact = Fact::one("acs-url", "Assertion Consumer Service URL");
/// The audience that Okta chose for the IdP.
pub static AUDIENCE: Fact = Fact::one("audience", "Audience URI");
/// The people of a source group.
static GROUP_PEOPLE: Fact = Fact::per("group-people", "", &[&GROUPS]);
/// A source user chosen one by one.
static PERSON: Fact = Fact::per("person", "", &[&USERS]);
/// The account in the target with the same user name, if there is one.
static COUNTERPART: Fact = Fact::per("counterpart", "", &[&PEOPLE]);

static APP_LABEL: Fact = wished("app-label", "the label", |f| Ok(f.wish().app_label.clone()));
static TARGET_URL: Fact = wished("target-url", "the address of the target org", |f| {
    Ok(f.target().base().to_owned())
});
static IDP_NAME: Fact = wished("idp-name", "the name", |f| Ok(f.wish().idp_name.clone()));
static GROUP_NAME: Fact = wished("group-name", "the group's name", |f| {
    Ok(f.wish().group_name.clone())
});
static NO_MATCH: Fact = wished(
    "no-match",
    "what is wished for people without an account",
    |f| {
        let choice = match f.wish().jit {
            true => "Create new user (JIT)",
            false => "Redirect to Okta sign-in page",
        };
        Ok(choice.to_owned())
    },
);
static GROUP_OF_NEW: Fact = wished("group-of-new", "the group of new people", |f| {
    Ok(match f.wish().jit {
        true => f.wish().group_name.clone(),
        false => "None".to_owned(),
    })
});
static GROUP_MARK: Fact = wished(
    "group-mark",
    "the description that ties it to the source",
    |f| Ok(group_mark(f)),
);
static USERNAME_FILTER: Fact = Fact::one("username-filter", "the user names of the source")
    .derived(Derive {
        from: &[],
        with: username_filter,
    });

const fn wished(
    id: &'static str,
    title: &'static str,
    with: fn(&Facts<'_>) -> Result<String, Missing>,
) -> Fact {
    Fact::one(id, title).derived(Derive { from: &[], with })
}

/// The source groups in the wish.
pub static GROUPS: Set = Set {
    id: "groups",
    of: |f| Ok(f.wish().groups.clone()),
};
/// The source users in the wish.
pub static USERS: Set = Set {
    id: "users",
    of: |f| Ok(f.wish().users.clone()),
};
/// Everyone in the wish: the members of its groups and its users, each once, named by user name.
pub static PEOPLE: Set = Set {
    id: "people",
    of: everyone,
};

/// The table.
pub static FEDERATION: Procedure = Procedure {
    id: "federation",
    title: "Sign in to the target through the source (SAML 2.0)",
    steps: &[
        Step {
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
            when: always,
            over: &[],
            needs: &[],
            gives: &[&ORG2ORG_APP],
            after: &[],
            probe: |_| Ok(apps::named("okta_org2org")),
            read: read_app,
            write: Some(|f, _| {
                Ok(apps::create_org2org(
                    &f.wish().app_label,
                    f.target(),
                    &note(f),
                ))
            }),
            undo: Some(|made, _| made.id.map(apps::remove).unwrap_or_default()),
        },
        Step {
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
            when: always,
            over: &[],
            needs: &[&ORG2ORG_APP],
            gives: &[&SSO_URL, &ISSUER, &CERTIFICATE],
            after: &[],
            probe: |f| Ok(apps::metadata(&f.text(&ORG2ORG_APP)?)),
            read: read_metadata,
            write: None,
            undo: None,
        },
        Step {
            id: "group-people",
            title: "Look up who is in the group",
            why: "Linking is limited to the user names of these people, and admins among them are found before anything is written.",
            side: Side::Source,
            page: &console::GROUP,
            page_ids: &[("group", PageId::Member(&GROUPS))],
            by_hand: &[Click::Do(
                "Open Directory > Groups, open the group and look at *People*",
                Some("People"),
            )],
            covers: &[],
            source: "Groups API: list the users of a group",
            when: always,
            over: &[&GROUPS],
            needs: &[],
            gives: &[&GROUP_PEOPLE],
            after: &[],
            probe: |f| Ok(groups::people(&f.member(&GROUPS)?.id)),
            read: |answer, _| {
                let people = answer
                    .items()
                    .iter()
                    .map(person)
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Finding::met(&Json::Null).giving_value(&GROUP_PEOPLE, Value::Members(people)))
            },
            write: None,
            undo: None,
        },
        Step {
            id: "person",
            title: "Look up the person",
            why: "Linking is limited to the user names of the chosen people.",
            side: Side::Source,
            page: &console::PERSON,
            page_ids: &[("user", PageId::Member(&USERS))],
            by_hand: &[Click::Do(
                "Open Directory > People and open the person",
                None,
            )],
            covers: &[],
            source: "Users API: read a user",
            when: always,
            over: &[&USERS],
            needs: &[],
            gives: &[&PERSON],
            after: &[],
            probe: |f| Ok(users::read(&f.member(&USERS)?.id)),
            read: |answer, _| {
                let people = vec![person(answer.body())?];
                Ok(Finding::met(&Json::Null).giving_value(&PERSON, Value::Members(people)))
            },
            write: None,
            undo: None,
        },
        Step {
            id: "counterpart",
            title: "Look for the same user name in the target",
            why: "A person who has an account there keeps it: it is linked at the first sign-in.",
            side: Side::Target,
            page: &console::PEOPLE,
            page_ids: &[],
            by_hand: &[Click::Do(
                "Open Directory > People and search for the user name",
                None,
            )],
            covers: &[],
            source: "Users API: list users by search",
            when: always,
            over: &[&PEOPLE],
            needs: &[],
            gives: &[&COUNTERPART],
            after: &[],
            probe: |f| Ok(users::with_login(&f.member(&PEOPLE)?.name)),
            read: read_counterpart,
            write: None,
            undo: None,
        },
        Step {
            id: "not-an-admin",
            title: "Make sure this is no admin of the target",
            why: "Whoever controls the source could otherwise sign in as an admin of the target.",
            side: Side::Target,
            page: &console::PEOPLE,
            page_ids: &[],
            by_hand: &[Click::Do(
                "Open Security > Administrators and make sure that the person is not listed",
                None,
            )],
            covers: &[],
            source: "User Role Assignments API: list the roles of a user",
            when: always,
            over: &[&PEOPLE],
            needs: &[&COUNTERPART],
            gives: &[],
            after: &[],
            probe: |f| {
                Ok(f.optional(&COUNTERPART)?
                    .map_or(Probe::none(), |user| users::roles(&user)))
            },
            read: read_roles,
            write: None,
            undo: None,
        },
        Step {
            id: "source-group",
            title: "Create the group for people of the source",
            why: "Only members of this group are linked, and it opens the target's apps to them.",
            side: Side::Target,
            page: &console::GROUPS,
            page_ids: &[],
            by_hand: &[
                Click::Do(
                    "Open Directory > Groups and click *Add group*",
                    Some("Add group"),
                ),
                Click::Fill("Name", &GROUP_NAME),
                Click::Fill("Description", &GROUP_MARK),
                Click::Do("Click *Save*", Some("Save")),
            ],
            covers: &[],
            source: "Groups API: create a group",
            when: always,
            over: &[],
            needs: &[],
            gives: &[&SOURCE_GROUP],
            after: &["not-an-admin"],
            probe: |f| Ok(groups::starting_with(&f.wish().group_name)),
            read: read_group,
            write: Some(|f, _| Ok(groups::create(&f.wish().group_name, &group_mark(f)))),
            undo: Some(|made, _| {
                made.id
                    .map(|id| vec![groups::delete(id)])
                    .unwrap_or_default()
            }),
        },
        Step {
            id: "group-member",
            title: "Put the person's account into the group",
            why: "Linking an existing account is limited to members of this group.",
            side: Side::Target,
            page: &console::GROUP,
            page_ids: &[("group", PageId::Fact(&SOURCE_GROUP))],
            by_hand: &[
                Click::Do(
                    "Open the group and click *Assign people*",
                    Some("Assign people"),
                ),
                Click::Do("Click *+* beside the person's user name, then *Done*", None),
            ],
            covers: &[],
            source: "Groups API: add a user to a group",
            when: always,
            over: &[&PEOPLE],
            needs: &[&COUNTERPART, &SOURCE_GROUP],
            gives: &[],
            after: &["not-an-admin"],
            probe: |f| match f.optional(&COUNTERPART)? {
                Some(_) => Ok(groups::people(&f.text(&SOURCE_GROUP)?)),
                None => Ok(Probe::none()),
            },
            read: |answer, f| match f.optional(&COUNTERPART)? {
                // Being in the group is the proof; what else changes about the person is not ours.
                Some(user) => Ok(Finding::met_if(
                    answer
                        .items()
                        .iter()
                        .any(|item| text(item, "/id") == Ok(&user)),
                    &json!({"id": user}),
                )),
                None => Ok(Finding::met(&Json::Null)),
            },
            write: Some(|f, _| Ok(groups::add(&f.text(&SOURCE_GROUP)?, &f.text(&COUNTERPART)?))),
            undo: Some(|made, _| vec![groups::remove(made.param("group"), made.param("user"))]),
        },
        Step {
            id: "idp-certificate",
            title: "Give the target the app's certificate",
            why: "With it the target checks that an assertion really comes from the source.",
            side: Side::Target,
            page: &console::IDPS,
            page_ids: &[],
            by_hand: &[
                Click::Do(
                    "Open Security > Identity Providers, click *Add identity provider*, choose *SAML 2.0 IdP* and click *Next*",
                    Some("Add identity provider"),
                ),
                Click::Fill("IdP Signature Certificate", &CERTIFICATE),
                Click::Do(
                    "Leave this form open: the next step fills the rest of it",
                    None,
                ),
            ],
            covers: &["FED-10"],
            source: "Identity Provider Keys API: create a key",
            when: always,
            over: &[],
            needs: &[&CERTIFICATE],
            gives: &[&IDP_KID],
            after: &["not-an-admin"],
            probe: |_| Ok(idps::keys()),
            read: read_key,
            write: Some(|f, _| Ok(idps::add_key(&f.text(&CERTIFICATE)?))),
            undo: Some(|made, _| {
                made.id
                    .map(|kid| vec![idps::delete_key(kid)])
                    .unwrap_or_default()
            }),
        },
        Step {
            id: "idp",
            title: "Create the identity provider",
            why: "It is the target's side of the link: it says whom the source may sign in, and as whom.",
            side: Side::Target,
            page: &console::IDPS,
            page_ids: &[],
            by_hand: &[
                Click::Do(
                    "Go on in the form that took the certificate; *Add identity provider*, *SAML 2.0 IdP* and *Next* open it anew",
                    Some("Add identity provider"),
                ),
                Click::Fill("Name", &IDP_NAME),
                Click::Set("IdP Usage", "SSO only"),
                Click::Set("IdP Username", "idpuser.subjectNameId"),
                Click::Fill("Filter", &USERNAME_FILTER),
                Click::Set("Match against", "Okta Username"),
                Click::Set("Account Link Policy", "Enable automatic linking"),
                Click::Choose("Auto-Link filters", &GROUP_NAME),
                Click::Set("Exclude admins", "on"),
                Click::Choose("If no match is found", &NO_MATCH),
                Click::Set("Profile Source", "off"),
                Click::Choose("Group Assignments", &GROUP_OF_NEW),
                Click::Fill("IdP Issuer URI", &ISSUER),
                Click::Fill("IdP Single Sign-On URL", &SSO_URL),
                Click::Do("Click *Finish*", Some("Finish")),
            ],
            covers: &["FED-10"],
            source: "Identity Providers API: create a SAML 2.0 IdP",
            when: always,
            over: &[],
            needs: &[&ISSUER, &SSO_URL, &IDP_KID, &SOURCE_GROUP, &USERNAME_FILTER],
            gives: &[&IDP, &ACS_URL, &AUDIENCE],
            after: &["not-an-admin", "group-member"],
            probe: |_| Ok(idps::saml()),
            read: read_idp,
            write: Some(|f, _| {
                Ok(idps::create_saml(&idps::Saml {
                    name: &f.wish().idp_name,
                    issuer: &f.text(&ISSUER)?,
                    sso_url: &f.text(&SSO_URL)?,
                    kid: &f.text(&IDP_KID)?,
                    username_filter: &f.text(&USERNAME_FILTER)?,
                    group: &f.text(&SOURCE_GROUP)?,
                    jit: f.wish().jit,
                }))
            }),
            undo: Some(|made, _| made.id.map(idps::remove).unwrap_or_default()),
        },
        Step {
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
            when: always,
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
        },
        Step {
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
            when: always,
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
        },
        Step {
            id: "assign-group",
            title: "Assign the group to the Org2Org app",
            why: "Only people who have the app can be signed in to the target.",
            side: Side::Source,
            page: &console::APP_ASSIGNMENTS,
            page_ids: &[
                ("name", PageId::Plain("okta_org2org")),
                ("app", PageId::Fact(&ORG2ORG_APP)),
            ],
            by_hand: &[
                Click::Do(
                    "Open the Org2Org app, go to *Assignments* and click *Assign* > *Assign to Groups*",
                    Some("Assign"),
                ),
                Click::Do(
                    "Click *Assign* beside the group, then *Save and Go Back*, then *Done*",
                    Some("Done"),
                ),
            ],
            covers: &["FED-12", "FED-13", "FED-14"],
            source: "Application Groups API: assign a group",
            when: always,
            over: &[&GROUPS],
            needs: &[&ORG2ORG_APP],
            gives: &[],
            after: &["provisioning-off", "app-acs"],
            probe: |f| {
                Ok(app_assignments::group(
                    &f.text(&ORG2ORG_APP)?,
                    &f.member(&GROUPS)?.id,
                ))
            },
            read: |answer, _| Ok(Finding::met_if(!answer.is_absent(), answer.body())),
            write: Some(|f, _| {
                Ok(app_assignments::assign_group(
                    &f.text(&ORG2ORG_APP)?,
                    &f.member(&GROUPS)?.id,
                ))
            }),
            undo: Some(|made, _| {
                vec![app_assignments::unassign_group(
                    made.param("app"),
                    made.param("group"),
                )]
            }),
        },
        Step {
            id: "assign-person",
            title: "Assign the person to the Org2Org app",
            why: "Only people who have the app can be signed in to the target.",
            side: Side::Source,
            page: &console::APP_ASSIGNMENTS,
            page_ids: &[
                ("name", PageId::Plain("okta_org2org")),
                ("app", PageId::Fact(&ORG2ORG_APP)),
            ],
            by_hand: &[
                Click::Do(
                    "Open the Org2Org app, go to *Assignments* and click *Assign* > *Assign to People*",
                    Some("Assign"),
                ),
                Click::Do(
                    "Click *Assign* beside the person, then *Save and Go Back*, then *Done*",
                    Some("Done"),
                ),
            ],
            covers: &["FED-12", "FED-13", "FED-14"],
            source: "Application Users API: assign a user",
            when: always,
            over: &[&USERS],
            needs: &[&ORG2ORG_APP],
            gives: &[],
            after: &["provisioning-off", "app-acs"],
            probe: |f| {
                Ok(app_assignments::user(
                    &f.text(&ORG2ORG_APP)?,
                    &f.member(&USERS)?.id,
                ))
            },
            read: read_person_assignment,
            write: Some(|f, _| {
                Ok(app_assignments::assign_user(
                    &f.text(&ORG2ORG_APP)?,
                    &f.member(&USERS)?.id,
                ))
            }),
            undo: Some(|made, answer| {
                let user = answer.text("/id").unwrap_or_default();
                vec![app_assignments::unassign_user(made.param("app"), user)]
            }),
        },
    ],
};

const ACS_AT: &str = "/settings/app/acsUrl";
const AUDIENCE_AT: &str = "/settings/app/audRestriction";

/// What we write into an app's admin note, so that a person who finds it knows where it is from.
pub fn note(f: &Facts<'_>) -> String {
    let pair = f.pair();
    format!(
        "Made by Org2Org Assistant: {} ({}) to {} ({})",
        pair.source.name, pair.source.id, pair.target.name, pair.target.id
    )
}

fn group_mark(f: &Facts<'_>) -> String {
    let source = &f.pair().source;
    format!("People who sign in from {} ({})", source.name, source.id)
}

fn everyone(f: &Facts<'_>) -> Result<Vec<Member>, Missing> {
    let mut everyone: Vec<Member> = Vec::new();
    for (set, fact) in [(&GROUPS, &GROUP_PEOPLE), (&USERS, &PERSON)] {
        for member in (set.of)(f)? {
            let place: Place = vec![(set.id, member)];
            everyone.extend_from_slice(f.at_place(&place).members(fact)?);
        }
    }
    Ok(sorted(everyone))
}

fn person(user: &Json) -> Result<Member, Missing> {
    Ok(Member {
        id: text(user, "/id")?.to_owned(),
        name: text(user, "/profile/login")?.to_owned(),
    })
}

/// Longest filter that an IdP takes.
const LONGEST_FILTER: usize = 1024;

/// A regular expression that the user names of these people match: any name in one of their
/// domains, or one of the names without a domain.
fn username_filter(f: &Facts<'_>) -> Result<String, Missing> {
    let people = everyone(f)?;
    let mut domains: Vec<String> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for person in &people {
        let login = person.name.to_ascii_lowercase();
        match login.rsplit_once('@') {
            Some((_, domain)) => domains.push(literal(domain)?),
            None => names.push(literal(&login)?),
        }
    }
    let (domains, mut ways) = (sorted(domains), sorted(names));
    if !domains.is_empty() {
        ways.insert(0, format!("[^@\\s]+@(?:{})", domains.join("|")));
    }
    let filter = format!("^(?:{})$", ways.join("|"));
    match (people.is_empty(), filter.len() <= LONGEST_FILTER) {
        (true, _) => Err(Missing::Unusable(
            "nobody could sign in: choose people, or a group that has members".into(),
        )),
        (_, false) => Err(Missing::Unusable(
            "these people have too many domains for one filter (1024 characters)".into(),
        )),
        _ => Ok(filter),
    }
}

/// A part of a user name as it stands in a regular expression.
fn literal(part: &str) -> Result<String, Missing> {
    // Outside ASCII nothing has a meaning of its own in a regular expression.
    let foreign = |c: char| !c.is_ascii() && !c.is_whitespace() && !is_hidden(c);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || foreign(c);
    if part.is_empty() || !part.chars().all(plain) {
        let seen = crate::explain::seen(part);
        return Err(Missing::Unusable(format!(
            "`{seen}` in a user name cannot stand in a filter"
        )));
    }
    Ok(part.replace('.', "\\."))
}

fn several(items: &[&Json], name: &str) -> Finding {
    let named = |item: &&Json| {
        let part = |at: &str| text(item, at).map(crate::explain::seen).unwrap_or_default();
        format!("{} {}", part("/id"), part(name)).trim().to_owned()
    };
    Finding::Conflict {
        several: items.iter().map(named).collect(),
    }
}

fn read_app(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let points_here = |app: &&Json| {
        let base = text(app, "/settings/app/baseUrl").unwrap_or_default();
        f.target().map_to_org_host(base).trim_end_matches('/') == f.target().base()
    };
    let here: Vec<&Json> = answer.items().iter().filter(points_here).collect();
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
        [app] => read_one_app(app),
        many => Ok(several(many, "/label")),
    }
}

fn read_one_app(app: &Json) -> Result<Finding, Missing> {
    let (status, mode) = (
        text(app, "/status")?,
        text(app, "/signOnMode").unwrap_or("none"),
    );
    if status != "ACTIVE" || mode != "SAML_2_0" {
        let seen = format!("{status}, {mode}");
        return Ok(Finding::Differs {
            wanted: "an active app that signs in by SAML_2_0".into(),
            seen,
        });
    }
    Ok(Finding::met(app).giving(&ORG2ORG_APP, text(app, "/id")?))
}

fn read_metadata(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let unusable =
        |why: &str| Missing::Unusable(format!("the SAML metadata holds no usable {why}"));
    let document = roxmltree::Document::parse(answer.xml()).map_err(|_| unusable("XML"))?;
    let root = document.root_element();
    let issuer = root
        .attribute("entityID")
        .ok_or_else(|| unusable("entityID"))?;
    let named = |name: &'static str| {
        document
            .descendants()
            .filter(move |node| node.tag_name().name() == name)
    };
    let sso = named("SingleSignOnService")
        .filter_map(|node| Some((node.attribute("Binding")?, node.attribute("Location")?)))
        .find(|(binding, _)| binding.ends_with("HTTP-POST"))
        .map(|(_, location)| location)
        .ok_or_else(|| unusable("SingleSignOnService"))?;
    f.source()
        .owns(sso)
        .map_err(|error| Missing::Unusable(error.to_string()))?;
    let mut certificates: Vec<String> = named("X509Certificate")
        .filter_map(|node| Some(one_line(node.text()?)))
        .collect();
    certificates.dedup();
    match certificates.as_slice() {
        [certificate] => Ok(Finding::met(
            &json!({"issuer": issuer, "sso": sso, "certificate": certificate}),
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

fn one_line(text: &str) -> String {
    text.split_whitespace().collect()
}

fn read_counterpart(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let login = &f.member(&PEOPLE)?.name;
    let same = |user: &&Json| {
        text(user, "/profile/login").is_ok_and(|seen| seen.eq_ignore_ascii_case(login))
    };
    let found: Vec<&Json> = answer.items().iter().filter(same).collect();
    match (found.as_slice(), f.wish().jit) {
        // The org's own setting has no API, so only a person can look.
        ([], true) => Ok(Finding::met(&Json::Null).giving_value(&COUNTERPART, Value::None).noting(format!(
            "{} gets an account in {} at the first sign-in, provided that Just In Time Provisioning is on there (Settings > Customization).",
            crate::explain::seen(login),
            f.pair().target.name
        ))),
        ([], false) => Ok(Finding::met(&Json::Null).giving_value(&COUNTERPART, Value::None).noting(format!(
            "{} has no account in {} and gets none at the first sign-in: that sign-in will be refused.",
            crate::explain::seen(login),
            f.pair().target.name
        ))),
        ([user], _) => {
            let status = text(user, "/status")?;
            let met = Finding::met(&Json::Null).giving(&COUNTERPART, text(user, "/id")?);
            Ok(match status {
                "DEPROVISIONED" | "SUSPENDED" => met.noting(format!(
                    "The account of {} in {} is {status}: that sign-in will be refused.",
                    crate::explain::seen(login),
                    f.pair().target.name
                )),
                _ => met,
            })
        }
        (many, _) => Ok(several(many, "/profile/login")),
    }
}

fn read_roles(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    if answer.items().is_empty() {
        return Ok(Finding::met(&Json::Null));
    }
    let roles: Vec<&str> = answer
        .items()
        .iter()
        .filter_map(|role| text(role, "/type").ok())
        .collect();
    let (login, target) = (
        crate::explain::seen(&f.member(&PEOPLE)?.name),
        &f.pair().target.name,
    );
    Ok(Finding::Blocked {
        why: format!("{login} is an admin of {target} ({})", roles.join(", ")),
        who: "you: take that person out of the chosen groups, or give that admin another user name"
            .into(),
    })
}

fn read_group(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let named = |group: &&Json| text(group, "/profile/name") == Ok(&f.wish().group_name);
    let found: Vec<&Json> = answer.items().iter().filter(named).collect();
    match found.as_slice() {
        [] => Ok(Finding::Unmet),
        [group] if text(group, "/profile/description") == Ok(&group_mark(f)) => {
            // The members are other steps' business; only the group itself proves this one.
            Ok(Finding::met(group).giving(&SOURCE_GROUP, text(group, "/id")?))
        }
        [_] => Ok(Finding::Blocked {
            why: format!(
                "a group named `{}` is there and does not say that it is for this source; whoever is in it would be linked",
                f.wish().group_name
            ),
            who: format!(
                "you: choose another name, or set its description to `{}`",
                group_mark(f)
            ),
        }),
        many => Ok(several(many, "/profile/name")),
    }
}

fn read_key(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let certificate = f.text(&CERTIFICATE)?;
    let same = |key: &&Json| text(key, "/x5c/0").is_ok_and(|seen| one_line(seen) == certificate);
    let found: Vec<&Json> = answer.items().iter().filter(same).collect();
    match found.as_slice() {
        [] => Ok(Finding::Unmet),
        [key] => Ok(Finding::met(key).giving(&IDP_KID, text(key, "/kid")?)),
        many => Ok(several(many, "/kid")),
    }
}

fn read_idp(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let issuer = f.text(&ISSUER)?;
    let trusts = |idp: &&Json| text(idp, "/protocol/credentials/trust/issuer") == Ok(&issuer);
    let found: Vec<&Json> = answer.items().iter().filter(trusts).collect();
    match found.as_slice() {
        [] => {
            let name = &f.wish().idp_name;
            let taken = answer
                .items()
                .iter()
                .any(|idp| text(idp, "/name") == Ok(name));
            Ok(match taken {
                true => Finding::Blocked {
                    why: format!("an IdP named `{name}` trusts another issuer"),
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
    let provisioning = if f.wish().jit { "AUTO" } else { "DISABLED" };
    let mut wanted = vec![
        ("/status", json!("ACTIVE")),
        ("/protocol/endpoints/sso/url", json!(f.text(&SSO_URL)?)),
        ("/protocol/credentials/trust/kid", json!(f.text(&IDP_KID)?)),
        ("/policy/accountLink/action", json!("AUTO")),
        ("/policy/accountLink/filter/groups/include", json!([group])),
        (
            "/policy/accountLink/filter/users/excludeAdmins",
            json!(true),
        ),
        ("/policy/provisioning/action", json!(provisioning)),
        ("/policy/provisioning/profileMaster", json!(false)),
        ("/policy/subject/filter", json!(f.text(&USERNAME_FILTER)?)),
        ("/policy/subject/matchType", json!("USERNAME")),
    ];
    if f.wish().jit {
        // Whoever is made at a sign-in must be in the group that opens the apps.
        wanted.push(("/policy/provisioning/groups/assignments", json!([group])));
    }
    for (pointer, wanted) in wanted {
        let seen = idp.pointer(pointer).unwrap_or(&Json::Null);
        if *seen != wanted {
            let seen = crate::explain::seen(&seen.to_string());
            return Ok(Finding::Differs {
                wanted: format!("`{pointer}` {wanted}"),
                seen,
            });
        }
    }
    let acs = text(idp, "/_links/acs/href")?;
    f.target()
        .owns(acs)
        .map_err(|error| Missing::Unusable(error.to_string()))?;
    Ok(Finding::met(idp)
        .giving(&IDP, text(idp, "/id")?)
        .giving(&ACS_URL, acs)
        .giving(
            &AUDIENCE,
            text(idp, "/protocol/credentials/trust/audience")?,
        ))
}

/// An assignment of one's own; one through a group ends with the group's.
pub(super) fn read_person_assignment(answer: &Answer, _: &Facts<'_>) -> Result<Finding, Missing> {
    let own = answer.text("/scope") == Ok("USER");
    Ok(Finding::met_if(own, answer.body()))
}

fn read_app_acs(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let app = answer.body();
    let (acs, audience) = (f.text(&ACS_URL)?, f.text(&AUDIENCE)?);
    let seen = |at: &str| app.pointer(at).and_then(Json::as_str).unwrap_or_default();
    match (seen(ACS_AT), seen(AUDIENCE_AT)) {
        ("", "") => Ok(Finding::Unmet),
        (seen, restriction) if seen == acs && restriction == audience => Ok(Finding::met(app)),
        (seen, restriction) => Ok(Finding::Differs {
            wanted: format!("{acs} and {audience}"),
            seen: crate::explain::seen(&format!("{seen} and {restriction}")),
        }),
    }
}
