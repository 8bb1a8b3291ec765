//! Who is taken for whom: account linking, and accounts made or taken over at sign-in.

use super::look::{Object, Stop, found_if};
use super::{Family, Rule, Severity};
use crate::explain::is_hidden;
use crate::okta::{ReadOp, app_assignments, app_features, apps, connections, iam, idps, users};

const LINK: &str = "/policy/accountLink/action";
const ADMINS: &str = "/policy/accountLink/filter/users/excludeAdmins";
const GROUPS: &str = "/policy/accountLink/filter/groups/include";
const FILTER: &str = "/policy/subject/filter";
const JIT: &str = "/policy/provisioning/action";
const IDP: &[&ReadOp] = &[&apps::LIST, &apps::METADATA, &idps::LIST];
const IDP_AND_PUSH: &[&ReadOp] = &[
    &apps::LIST,
    &apps::METADATA,
    &idps::LIST,
    &connections::READ,
    &app_features::LIST,
];
/// Unpushed people who are looked for in the target: each costs a read.
const MOST_LOOKED_FOR: usize = 5;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "link-anybody",
        family: Family::Linking,
        severity: Severity::Critical,
        title: "Accounts are linked by name alone, whoever they belong to",
        why: "Whoever makes a matching user name in the source signs in as that person in the target.",
        source: "Identity Providers API: policy.accountLink.filter, policy.subject.filter",
        remedy: "Limit linking to the source's own group in the target, and user names to the source's domain.",
        reads: IDP,
        judge: |look| {
            let idp = linking(look.idp()?)?;
            let open = idp.texts(GROUPS).is_empty() && idp.is(FILTER, "");
            found_if(open, || idp.shows("/policy/accountLink"))
        },
    },
    Rule {
        id: "link-admins",
        family: Family::Linking,
        severity: Severity::Critical,
        title: "Admins of the target can be linked",
        why: "Whoever may name users in the source can become an admin of the target.",
        source: "Identity Providers API: accountLink.filter.users.excludeAdmins, false unless set",
        remedy: "Turn Exclude admins on in the identity provider.",
        reads: IDP,
        judge: |look| {
            let idp = linking(look.idp()?)?;
            found_if(idp.value(ADMINS) != true, || idp.shows(ADMINS))
        },
    },
    Rule {
        id: "no-username-filter",
        family: Family::Linking,
        severity: Severity::Medium,
        title: "Any user name may come through this identity provider",
        why: "With several sources in one target, one of them can send the names of another's people.",
        source: "Identity Providers API: policy.subject.filter (SAML 2.0 and OpenID Connect IdPs only)",
        remedy: "Set Filter to an expression that only the source's user names match.",
        reads: IDP,
        judge: |look| {
            let idp = look.saml_idp()?;
            found_if(idp.is(FILTER, ""), || idp.shows(FILTER))
        },
    },
    Rule {
        id: "match-by-mail",
        family: Family::Linking,
        severity: Severity::Medium,
        title: "Accounts are matched by mail address",
        why: "Mail addresses need not be unique, and people of the source may be able to change their own.",
        source: "Identity Providers API: policy.subject.matchType",
        remedy: "Set Match against to Okta Username.",
        reads: IDP,
        judge: |look| {
            let idp = linking(look.idp()?)?;
            let at = "/policy/subject/matchType";
            let mail = ["EMAIL", "USERNAME_OR_EMAIL"].contains(&idp.text(at));
            found_if(mail, || idp.shows(at))
        },
    },
    Rule {
        id: "name-from-mail",
        family: Family::Linking,
        severity: Severity::Medium,
        title: "The user name is taken from the mail address",
        why: "A person whose user name is not their mail address is not found, or somebody else is.",
        source: "Identity Providers API: policy.subject.userNameTemplate",
        remedy: "Set IdP Username to idpuser.subjectNameId.",
        reads: IDP,
        judge: |look| {
            let idp = look.saml_idp()?;
            let at = "/policy/subject/userNameTemplate/template";
            found_if(idp.text(at).to_ascii_lowercase().contains("email"), || {
                idp.shows(at)
            })
        },
    },
    Rule {
        id: "sign-in-takes-over",
        family: Family::Linking,
        severity: Severity::High,
        title: "A sign-in makes accounts while people are pushed",
        why: "The first sign-in takes the account over, and later pushes of it fail as mastered under another system.",
        source: "Okta support: API provisioning and SAML just-in-time; Identity Providers API: policy.provisioning.action",
        remedy: "Set \"If no match is found\" to redirect to the sign-in page.",
        reads: IDP_AND_PUSH,
        judge: |look| {
            let idp = look.idp()?;
            let to_app = look.to_app()?;
            let both = idp.is(JIT, "AUTO") && pushes(&to_app);
            Ok(match both {
                true => vec![idp.shows(JIT), to_app.shows(UPDATE)],
                false => Vec::new(),
            })
        },
    },
    Rule {
        id: "profile-source-twice",
        family: Family::Linking,
        severity: Severity::High,
        title: "The identity provider is the profile source while profiles are pushed",
        why: "Two systems own the same profile: pushes fail once a person has signed in.",
        source: "Identity Providers API: policy.provisioning.profileMaster",
        remedy: "Turn Profile Source off in the identity provider.",
        reads: IDP_AND_PUSH,
        judge: |look| {
            let idp = look.idp()?;
            let to_app = look.to_app()?;
            let at = "/policy/provisioning/profileMaster";
            let both = idp.value(at) == true && pushes(&to_app);
            found_if(both, || idp.shows(at))
        },
    },
    Rule {
        id: "sign-in-brings-back",
        family: Family::Linking,
        severity: Severity::High,
        title: "A sign-in brings back accounts that were switched off",
        why: "Whoever was deactivated or suspended in the target comes back by signing in through the source.",
        source: "Identity Providers API: policy.provisioning.conditions",
        remedy: "Turn reactivation and unsuspension off in the identity provider's settings for new accounts.",
        reads: IDP,
        judge: |look| {
            let idp = look.idp()?;
            let places = [
                (
                    "/policy/provisioning/conditions/deprovisioned/action",
                    "REACTIVATE",
                ),
                (
                    "/policy/provisioning/conditions/suspended/action",
                    "UNSUSPEND",
                ),
            ];
            let found = places.into_iter().filter(|(at, word)| idp.is(at, word));
            Ok(found.map(|(at, _)| idp.shows(at)).collect())
        },
    },
    Rule {
        id: "new-accounts-without-group",
        family: Family::Linking,
        severity: Severity::Low,
        title: "A sign-in makes accounts that are in no group",
        why: "New people arrive and see no app, and the bookmarks end on an error.",
        source: "Identity Providers API: policy.provisioning.groups",
        remedy: "Assign new people to the source's group in the target.",
        reads: IDP,
        judge: |look| {
            let idp = look.idp()?;
            if !idp.is(JIT, "AUTO") {
                return Err(Stop::not_here("a sign-in makes no accounts"));
            }
            let at = "/policy/provisioning/groups/action";
            found_if(idp.is(at, "NONE") || idp.is(at, ""), || idp.shows(at))
        },
    },
    Rule {
        id: "admin-of-target-pushed",
        family: Family::Linking,
        severity: Severity::Critical,
        title: "A pushed person is an admin of the target",
        why: "The source sets that admin's profile and password, and can deactivate them.",
        source: "Application Users API: externalId; Role Assignments API: users with roles",
        remedy: "Give the admin an account of their own in the target, and unassign the person here after turning Deactivate Users off.",
        reads: &[
            &apps::LIST,
            &connections::READ,
            &app_assignments::LIST_USERS,
            &app_assignments::FIRST_USERS,
            &iam::ADMINS,
        ],
        judge: |look| {
            let people = look.pushed_people()?;
            let answer = look.target(iam::admins())?;
            if !answer.is("/_links/next/href", "") {
                return Err(Stop::Unknown(
                    "the target has more admins than one read shows".to_owned(),
                ));
            }
            let admins = answer.list("/value");
            let is_admin = |person: &&Object<'_>| {
                let account = person.text("/externalId");
                admins.iter().any(|admin| admin.id() == account)
            };
            let found = people.iter().filter(is_admin);
            Ok(found.map(|person| person.shows("/externalId")).collect())
        },
    },
    Rule {
        id: "account-taken-twice",
        family: Family::Linking,
        severity: Severity::Critical,
        title: "Two people of the source share one account of the target",
        why: "Each change of one is written over the other, and either can be switched off by the other's leaving.",
        source: "Application Users API: externalId",
        remedy: "Find out whose account it is; give the other person another user name in the app and provision them anew.",
        reads: PEOPLE,
        judge: |look| {
            let people = look.pushed_people()?;
            let mut found = Vec::new();
            for (index, person) in people.iter().enumerate() {
                let account = person.text("/externalId");
                let before = people.iter().take(index);
                if !account.is_empty()
                    && before.into_iter().any(|one| one.is("/externalId", account))
                {
                    found.push(person.shows("/externalId"));
                }
            }
            Ok(found)
        },
    },
    Rule {
        id: "names-differ-by-case",
        family: Family::Linking,
        severity: Severity::Medium,
        title: "Two people have user names that differ in case or in hidden characters only",
        why: "The target takes them for the same person.",
        source: "Users API: user names are compared without case",
        remedy: "Give one of them another user name.",
        reads: PEOPLE,
        judge: |look| {
            let people = look.people()?;
            let plain = |person: &Object<'_>| {
                let name = person.text("/credentials/userName");
                let shown: String = name.chars().filter(|c| !is_hidden(*c)).collect();
                shown.to_lowercase()
            };
            let mut names: Vec<(String, &Object<'_>)> = people
                .iter()
                .map(|person| (plain(person), person))
                .collect();
            names.sort_by(|(a, _), (b, _)| a.cmp(b));
            let pairs = names.iter().zip(names.iter().skip(1));
            let same = pairs.filter(|((a, _), (b, _))| a == b && !a.is_empty());
            Ok(same.map(|(_, (_, person))| person.shows("/id")).collect())
        },
    },
    Rule {
        id: "name-taken-in-target",
        family: Family::Linking,
        severity: Severity::High,
        title: "A person who is not pushed yet has a user name that is taken in the target",
        why: "The push takes that account over, whoever's it is, even when it is switched off.",
        source: "Users API: search by profile.login",
        remedy: "Make sure that both are the same person before you click Provision User; otherwise choose another user name.",
        reads: &[
            &apps::LIST,
            &connections::READ,
            &app_assignments::LIST_USERS,
            &app_assignments::FIRST_USERS,
            &users::LIST,
        ],
        judge: |look| {
            let mut people = look.pushed_people()?;
            people.retain(|person| person.is("/externalId", ""));
            let mut found = Vec::new();
            for person in people.iter().take(MOST_LOOKED_FOR) {
                let name = person.text("/credentials/userName");
                let taken = look.target(users::with_login(name))?.items();
                found.extend(taken.first().map(|account| account.shows("/id")));
            }
            Ok(found)
        },
    },
];

const UPDATE: &str = "/capabilities/update/profile/status";
const PEOPLE: &[&ReadOp] = &[
    &apps::LIST,
    &connections::READ,
    &app_assignments::LIST_USERS,
    &app_assignments::FIRST_USERS,
];

fn pushes(to_app: &Object<'_>) -> bool {
    to_app.is(UPDATE, "ENABLED")
        || to_app.is("/capabilities/create/lifecycleCreate/status", "ENABLED")
}

/// The identity provider, when it links accounts by itself.
fn linking(idp: Object<'_>) -> Result<Object<'_>, Stop> {
    match idp.is(LINK, "AUTO") {
        true => Ok(idp),
        false => Err(Stop::not_here("accounts are not linked at sign-in")),
    }
}
