//! Who is meant, who of them has an account in the target, and that none is an admin there.

use serde_json::Value as Json;

use crate::console;
use crate::facts::{Fact, Facts, Member, Missing, Place, Set, Value};
use crate::map::sorted;
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, groups, users};
use crate::procedures::shared::{GROUPS, USERS, several};
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// The people of a source group.
static GROUP_PEOPLE: Fact = Fact::per("group-people", "", &[&GROUPS]);
/// A source user chosen one by one.
static PERSON: Fact = Fact::per("person", "", &[&USERS]);
/// The account in the target with the same user name, if there is one.
pub(in crate::procedures) static COUNTERPART: Fact = Fact::per("counterpart", "", &[&PEOPLE]);
/// Everyone in the wish: the members of its groups and its users, each once, named by user name.
pub static PEOPLE: Set = Set {
    id: "people",
    of: everyone,
};

/// Who is in a chosen group.
pub(super) const OF_GROUP: Step = Step {
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
};

/// A person chosen one by one.
pub(in crate::procedures) const ONE: Step = Step {
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
};

/// The account that a person has in the target already.
pub(in crate::procedures) const ACCOUNT: Step = Step {
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
};

/// The gate before anyone can be linked.
pub(in crate::procedures) const NOT_AN_ADMIN: Step = Step {
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
};

pub(super) fn everyone(f: &Facts<'_>) -> Result<Vec<Member>, Missing> {
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

fn read_counterpart(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let login = &f.member(&PEOPLE)?.name;
    let same = |user: &&Json| {
        text(user, "/profile/login").is_ok_and(|seen| seen.eq_ignore_ascii_case(login))
    };
    let found: Vec<&Json> = answer.items().iter().filter(same).collect();
    match (found.as_slice(), f.wish().makes_accounts_at_sign_in()) {
        ([], _) if f.wish().pushes() => {
            Ok(Finding::met(&Json::Null).giving_value(&COUNTERPART, Value::None))
        }
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
