//! What an OAuth client needs that runs the command line in place of a person.

use serde::Serialize;

use crate::okta::{RESOURCES, WriteOp};
use crate::run::{Aim, Method, Plan, PlanItem, Side, Wish};

/// The role that no client is given here.
const SUPER_ADMIN: &str = "Super Administrator";

/// A part of the API that the wish opens on one side.
struct Opened {
    side: Side,
    /// As it stands in the names of its scopes.
    resource: &'static str,
    /// Whether it is opened at all, for reading.
    read: fn(&Wish) -> bool,
    /// Whether something of it is written.
    written: fn(&Wish) -> bool,
}

const ALWAYS: fn(&Wish) -> bool = |_| true;
const NEVER: fn(&Wish) -> bool = |_| false;

fn connects(wish: &Wish) -> bool {
    wish.connects()
}

fn connects_by_oauth(wish: &Wish) -> bool {
    wish.connects() && wish.pushes_by_oauth()
}

fn brings_by_file(wish: &Wish) -> bool {
    wish.connects() && wish.by_file && !wish.pushes()
}

fn links(wish: &Wish) -> bool {
    brings_by_file(wish) && wish.links
}

fn names_groups(wish: &Wish) -> bool {
    wish.connects() && !wish.groups.is_empty() || pushes_groups(wish)
}

fn names_people(wish: &Wish) -> bool {
    (wish.connects() || wish.pilots()) && !wish.users.is_empty() || brings_by_file(wish)
}

fn pushes_groups(wish: &Wish) -> bool {
    let groups = |push: &crate::run::Push| !push.groups.is_empty();
    wish.connects() && wish.push.as_ref().is_some_and(groups)
}

const fn opened(
    side: Side,
    resource: &'static str,
    read: fn(&Wish) -> bool,
    written: fn(&Wish) -> bool,
) -> Opened {
    Opened {
        side,
        resource,
        read,
        written,
    }
}

// The laws hold this table against what the procedures really call.
static OPENED: &[Opened] = &[
    opened(Side::Source, "apps", ALWAYS, ALWAYS),
    opened(Side::Source, "domains", connects, NEVER),
    opened(Side::Source, "groups", names_groups, pushes_groups),
    opened(Side::Source, "orgs", ALWAYS, NEVER),
    opened(
        Side::Source,
        "profileMappings",
        |wish| connects_by_oauth(wish) || wish.pilots(),
        connects_by_oauth,
    ),
    opened(Side::Source, "users", names_people, NEVER),
    opened(Side::Target, "apiTokens", moves_a_token, |wish| {
        wish.connects() && wish.migrates()
    }),
    opened(
        Side::Target,
        "appGrants",
        connects_by_oauth,
        connects_by_oauth,
    ),
    opened(Side::Target, "apps", opens_apps, opens_apps),
    opened(Side::Target, "groups", connects, connects),
    opened(Side::Target, "idps", |wish| !wish.pilots(), ALWAYS),
    opened(Side::Target, "orgs", ALWAYS, NEVER),
    opened(Side::Target, "policies", routes, routes),
    opened(
        Side::Target,
        "roles",
        |wish| wish.connects() || wish.pilots(),
        connects_by_oauth,
    ),
    opened(Side::Target, "users", |wish| !rotates(wish), links),
];

fn rotates(wish: &Wish) -> bool {
    matches!(wish.aim, Aim::Rotate(_))
}

fn opens_apps(wish: &Wish) -> bool {
    rotates(wish) || wish.aim == Aim::Remove || !wish.apps.is_empty() || wish.pushes_by_oauth()
}

fn routes(wish: &Wish) -> bool {
    wish.aim == Aim::Remove || wish.connects() && wish.routing
}

fn moves_a_token(wish: &Wish) -> bool {
    wish.connects() && (wish.pushes_by(Method::Token) || wish.migrates())
}

/// The smallest scopes with which a client on this side checks a wish, or applies and undoes it.
/// Managing includes reading.
pub fn scopes(wish: &Wish, side: Side, writes: bool) -> Vec<String> {
    let own = OPENED.iter().filter(|one| one.side == side);
    let own = own.filter(|one| (one.read)(wish));
    own.map(|one| {
        let verb = if writes && (one.written)(wish) {
            "manage"
        } else {
            "read"
        };
        format!("okta.{}.{verb}", one.resource)
    })
    .collect()
}

/// What a client needs on one side, for the advice.
#[derive(Debug, Serialize)]
pub struct Client {
    /// In which org.
    pub side: Side,
    /// For `plan` and `check`.
    pub to_check: Vec<String>,
    /// For `apply` and `undo`.
    pub to_apply: Vec<String>,
    /// Whether some of it is for a super admin only, which no client is to be.
    pub needs_a_person: bool,
}

/// What a client needs on each side that runs the command line in place of a person.
pub fn clients(wish: &Wish) -> [Client; 2] {
    Side::BOTH.map(|side| Client {
        side,
        to_check: scopes(wish, side, false),
        to_apply: scopes(wish, side, true),
        needs_a_person: side == Side::Target && connects_by_oauth(wish),
    })
}

/// The same as text.
pub fn text(clients: &[Client; 2]) -> String {
    let mut text = "  an OAuth client in place of a token (--client), with the role Organization Administrator:\n".to_owned();
    for client in clients {
        let side = client.side.name();
        text.push_str(&format!(
            "    {side}, to plan and check: {}\n    {side}, to apply and undo: {}\n",
            client.to_check.join(" "),
            client.to_apply.join(" ")
        ));
        if client.needs_a_person {
            text.push_str(&format!(
                "    {side}: roles and scopes of the service app are a super admin's to give, so a client cannot set this up\n"
            ));
        }
    }
    text
}

/// What a plan asks of the client of one org.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The scopes of its writes.
    pub scopes: Vec<&'static str>,
    /// Titles of the writes that Okta allows a super admin only.
    pub by_super_admin: Vec<String>,
}

/// What the writes of a plan ask of the client that acts on this side.
pub fn asked(plan: &Plan, side: Side) -> Asked {
    let mut asked = Asked::default();
    for item in plan.items.iter().filter(|item| item.side == side) {
        let Some(op) = operation(item) else { continue };
        if op.role == SUPER_ADMIN {
            asked.by_super_admin.push(item.title.clone());
        }
        for scope in op.scope.split_ascii_whitespace() {
            if !asked.scopes.contains(&scope) {
                asked.scopes.push(scope);
            }
        }
    }
    asked
}

fn operation(item: &PlanItem) -> Option<&'static WriteOp> {
    let path = item.path.split('?').next().unwrap_or_default();
    let all = RESOURCES.iter().flat_map(|resource| resource.writes);
    all.filter(|op| op.method.name() == item.method && fits(op.path, path))
        .min_by_key(|op| op.path.matches('{').count())
        .copied()
}

/// Whether a path is one of a template's, e.g. `/api/v1/apps/0oa1` of `/api/v1/apps/{app}`.
fn fits(template: &str, path: &str) -> bool {
    let (mut asked, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (asked.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(own)) if part.starts_with('{') || part == own => {}
            _ => return false,
        }
    }
}
