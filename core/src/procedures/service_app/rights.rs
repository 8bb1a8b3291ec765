//! What the service app may do: the rights of [`crate::rights`], given.

use super::client::{CLIENT, SERVICE_APP};
use crate::console;
use crate::facts::{Fact, Facts, Member, Missing, Set};
use crate::json::json;
use crate::okta::answer::text;
use crate::okta::{Answer, clients, grants, iam};
use crate::procedures::provisioning::push;
use crate::procedures::shared::{note, wished};
use crate::rights::{self, Kind};
use crate::run::Wish;
use crate::run::step::{Click, Finding, PageId, Side, Step};

static ROLE_GIVEN: Fact = Fact::per("role-given", "", &[&ROLES]);
static SCOPE_GIVEN: Fact = Fact::per("scope-given", "", &[&SCOPES]);
static GROUP_ROLE_ID: Fact = Fact::one("group-role", "Custom role");
static ALL_GROUPS_ID: Fact = Fact::one("all-groups", "Resource set");
static GROUP_RIGHT_ID: Fact = Fact::one("group-right", "");
static GROUP_ROLE_LABEL: Fact = wished("group-role-label", "the role's name", group_role_label);
static ALL_GROUPS_LABEL: Fact = wished(
    "all-groups-label",
    "the resource set's name",
    all_groups_label,
);

/// The standard admin roles the client gets.
static ROLES: Set = Set {
    id: "roles",
    of: |_| Ok(members(Kind::Role)),
};
/// The API scopes the client gets.
static SCOPES: Set = Set {
    id: "scopes",
    of: |_| Ok(members(Kind::Scope)),
};

fn members(kind: Kind) -> Vec<Member> {
    let member = |right: &rights::Right| Member {
        id: right.id.to_owned(),
        name: right.name.to_owned(),
    };
    rights::given(kind).map(member).collect()
}

const SERVICE: &[(&str, PageId)] = &[
    ("name", PageId::Plain("oidc_client")),
    ("app", PageId::Fact(&SERVICE_APP)),
];

/// A standard admin role.
pub(super) const SERVICE_ROLE: Step = Step {
    id: "service-role",
    title: "Give the service app the role",
    why: "Scopes open the API, roles say over whom: without a role every push is refused, or answered as if nobody were there.",
    side: Side::Target,
    page: &console::APP_GENERAL,
    page_ids: SERVICE,
    by_hand: &[
        Click::Do(
            "Open the service app, go to *Admin roles* and click *Edit assignments*",
            Some("Admin roles"),
        ),
        Click::Do(
            "Click *+ Add assignment* and choose the role named above; Okta's page for automatic rotation says Organization Administrator, which is more than pushing needs",
            Some("Add assignment"),
        ),
        Click::Do("Click *Save Changes*", Some("Save Changes")),
    ],
    covers: &["AUTO-13", "AUTO-14", "MANUAL-07", "MANUAL-08", "MANUAL-09"],
    source: "Role Assignment Client API: assign a role to a client",
    when: Wish::pushes_by_oauth,
    over: &[&ROLES],
    needs: &[&CLIENT],
    gives: &[&ROLE_GIVEN],
    after: &[],
    probe: |f| Ok(clients::roles(&f.text(&CLIENT)?)),
    read: |answer, f| {
        let kind = &f.member(&ROLES)?.id;
        held(answer, "/type", kind, &ROLE_GIVEN)
    },
    write: Some(|f, _| Ok(clients::add_role(&f.text(&CLIENT)?, &f.member(&ROLES)?.id))),
    undo: Some(|made, _| {
        let id = made
            .id
            .map(|id| clients::remove_role(made.param("client"), id));
        id.into_iter().collect()
    }),
};

/// A role that the standard ones lack.
pub(super) const GROUP_ROLE: Step = Step {
    id: "group-role",
    title: "Create a role that may make groups",
    why: "No standard role short of Organization Administrator may create the groups that are pushed.",
    side: Side::Target,
    page: &console::DASHBOARD,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Security > Administrators, go to *Roles* and click *Create new role*",
            Some("Create new role"),
        ),
        Click::Fill("Role name", &GROUP_ROLE_LABEL),
        Click::Set("Create groups", "on"),
        Click::Do("Click *Save role*", Some("Save role")),
    ],
    covers: &[],
    source: "Roles API: create a custom role",
    when: makes_groups,
    over: &[],
    needs: &[],
    gives: &[&GROUP_ROLE_ID],
    after: &["not-an-admin"],
    probe: |f| Ok(iam::role(&group_role_label(f)?)),
    read: |answer, _| labelled(answer, &GROUP_ROLE_ID),
    write: Some(|f, _| Ok(iam::create_group_role(&group_role_label(f)?, &note(f)))),
    undo: Some(|made, _| made.id.map(iam::delete_role).into_iter().collect()),
};

/// What that role is given over.
pub(super) const ALL_GROUPS: Step = Step {
    id: "all-groups",
    title: "Create the resource set of all groups",
    why: "A custom role is given over something: here over the org's groups.",
    side: Side::Target,
    page: &console::DASHBOARD,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Security > Administrators, go to *Resources* and click *Create new resource set*",
            Some("Create new resource set"),
        ),
        Click::Fill("Name", &ALL_GROUPS_LABEL),
        Click::Do("Add the resource *All groups* and click *Create*", None),
    ],
    covers: &[],
    source: "Resource Sets API: create a resource set",
    when: makes_groups,
    over: &[],
    needs: &[],
    gives: &[&ALL_GROUPS_ID],
    after: &["not-an-admin"],
    probe: |f| Ok(iam::resource_set(&all_groups_label(f)?)),
    read: |answer, _| labelled(answer, &ALL_GROUPS_ID),
    write: Some(|f, _| {
        Ok(iam::create_all_groups(
            &all_groups_label(f)?,
            &note(f),
            f.target(),
        ))
    }),
    undo: Some(|made, _| made.id.map(iam::delete_resource_set).into_iter().collect()),
};

/// That role for the client.
pub(super) const GROUP_RIGHT: Step = Step {
    id: "group-right",
    title: "Give the service app the right to make groups",
    why: "Otherwise people arrive and their groups do not.",
    side: Side::Target,
    page: &console::APP_GENERAL,
    page_ids: SERVICE,
    by_hand: &[
        Click::Do(
            "Open the service app, go to *Admin roles* and click *Edit assignments*",
            Some("Admin roles"),
        ),
        Click::Do(
            "Click *+ Add assignment*, choose the role and the resource set just made, and click *Save Changes*",
            Some("Add assignment"),
        ),
    ],
    covers: &[],
    source: "Role Assignment Client API: assign a custom role to a client",
    when: makes_groups,
    over: &[],
    needs: &[&CLIENT, &GROUP_ROLE_ID, &ALL_GROUPS_ID],
    gives: &[&GROUP_RIGHT_ID],
    after: &[],
    probe: |f| Ok(clients::roles(&f.text(&CLIENT)?)),
    read: |answer, f| {
        let label = group_role_label(f)?;
        held(answer, "/label", &label, &GROUP_RIGHT_ID)
    },
    write: Some(|f, _| {
        Ok(clients::add_custom_role(
            &f.text(&CLIENT)?,
            &f.text(&GROUP_ROLE_ID)?,
            &f.text(&ALL_GROUPS_ID)?,
        ))
    }),
    undo: Some(|made, _| {
        let id = made
            .id
            .map(|id| clients::remove_role(made.param("client"), id));
        id.into_iter().collect()
    }),
};

/// An API scope.
pub(super) const SERVICE_SCOPE: Step = Step {
    id: "service-scope",
    title: "Grant the service app the scope",
    why: "A token carries only what is granted here.",
    side: Side::Target,
    page: &console::APP_GENERAL,
    page_ids: SERVICE,
    by_hand: &[Click::Do(
        "Open the service app, go to *Okta API Scopes* and click *Grant* beside the scope named above",
        Some("Okta API Scopes"),
    )],
    covers: &["AUTO-15", "MANUAL-10", "MANUAL-11", "MANUAL-12"],
    source: "Application Grants API: grant a scope",
    when: Wish::pushes_by_oauth,
    over: &[&SCOPES],
    needs: &[&SERVICE_APP],
    gives: &[&SCOPE_GIVEN],
    after: &[],
    probe: |f| Ok(grants::of(&f.text(&SERVICE_APP)?)),
    read: |answer, f| {
        let scope = &f.member(&SCOPES)?.id;
        held(answer, "/scopeId", scope, &SCOPE_GIVEN)
    },
    write: Some(|f, _| {
        Ok(grants::give(
            &f.text(&SERVICE_APP)?,
            &f.member(&SCOPES)?.id,
            f.target(),
        ))
    }),
    undo: Some(|made, _| {
        let id = made.id.map(|id| grants::revoke(made.param("app"), id));
        id.into_iter().collect()
    }),
};

fn makes_groups(wish: &Wish) -> bool {
    let pushes = |push: &crate::run::Push| !push.groups.is_empty();
    wish.pushes_by_oauth() && wish.push.as_ref().is_some_and(pushes)
}

fn group_role_label(f: &Facts<'_>) -> Result<String, Missing> {
    Ok(format!("{}: create groups", push(f)?.client_label))
}

fn all_groups_label(f: &Facts<'_>) -> Result<String, Missing> {
    Ok(format!("{}: all groups", push(f)?.client_label))
}

/// Something that a client holds: an assignment or a grant, known by one of its members.
fn held(answer: &Answer, at: &str, name: &str, fact: &'static Fact) -> Result<Finding, Missing> {
    let mut items = answer.items().iter();
    match items.find(|item| text(item, at) == Ok(name)) {
        Some(item) => {
            let id = text(item, "/id")?;
            Ok(Finding::met(&json!({"id": id})).giving(fact, id))
        }
        None => Ok(Finding::Unmet),
    }
}

fn labelled(answer: &Answer, fact: &'static Fact) -> Result<Finding, Missing> {
    match answer.is_absent() {
        true => Ok(Finding::Unmet),
        false => {
            let id = answer.text("/id")?;
            Ok(Finding::met(&json!({"id": id})).giving(fact, id))
        }
    }
}
