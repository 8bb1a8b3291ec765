//! Who may do what: what an admin role gives, what a custom role's permission gives, and which OAuth scope it needs.
//! Source: Okta's standard administrator roles, permissions and scopes, as far as these operations need them.

use std::collections::BTreeSet;

use crate::okta::call::Actor;

/// A part of the Management API that roles are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    ApiTokens,
    AppGrants,
    Apps,
    Clients,
    Domains,
    Features,
    Groups,
    Idps,
    Logs,
    Mappings,
    Members,
    Org,
    Policies,
    PrincipalLimits,
    Roles,
    Schemas,
    Users,
}

impl Area {
    /// The resource in the names of its scopes, `okta.RESOURCE.read` and `okta.RESOURCE.manage`.
    const fn resource(self) -> &'static str {
        match self {
            Self::ApiTokens => "apiTokens",
            Self::AppGrants => "appGrants",
            Self::Apps => "apps",
            Self::Clients => "clients",
            Self::Domains => "domains",
            Self::Features => "features",
            Self::Groups | Self::Members => "groups",
            Self::Idps => "idps",
            Self::Logs => "logs",
            Self::Mappings => "profileMappings",
            Self::Org => "orgs",
            Self::Policies => "policies",
            Self::PrincipalLimits => "principalRateLimits",
            Self::Roles => "roles",
            Self::Schemas => "schemas",
            Self::Users => "users",
        }
    }
}

/// What a caller needs for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Nobody needs to be signed in.
    Public,
    /// Any signed-in person, about themselves.
    Own,
    Read(Area),
    /// To make a new one, which custom roles may give by itself.
    Create(Area),
    Manage(Area),
}

impl Right {
    /// True when the caller's roles give this right.
    pub(crate) fn given_by(self, actor: &Actor) -> bool {
        let by_role = |role: &String| match self {
            Self::Public | Self::Own => true,
            Self::Read(area) => reads(role, area),
            Self::Create(area) | Self::Manage(area) => manages(role, area),
        };
        matches!(self, Self::Public | Self::Own)
            || actor.roles.iter().any(by_role)
            || actor.permissions.iter().any(|name| permits(name, self))
    }

    /// True when a role that is limited to groups gives this right over something in one of them.
    pub(crate) fn given_within(
        self,
        actor: &Actor,
        reached: impl Fn(&BTreeSet<String>) -> bool,
    ) -> bool {
        actor.limited.iter().any(|(role, groups)| match self {
            // Lists are not narrowed: the lab shows a limited admin everything and lets them change little.
            Self::Read(area) => reads(role, area),
            Self::Manage(area) => manages(role, area) && reached(groups),
            Self::Create(_) | Self::Own | Self::Public => false,
        })
    }

    /// The scope that a token needs for it, unless the operation names others.
    pub(crate) fn scope(self) -> Option<String> {
        match self {
            Self::Public => None,
            Self::Own => Some("okta.users.read".to_owned()),
            Self::Read(area) => Some(format!("okta.{}.read", area.resource())),
            Self::Create(area) | Self::Manage(area) => {
                Some(format!("okta.{}.manage", area.resource()))
            }
        }
    }
}

/// True when a token's scopes hold the wanted one. Managing includes reading.
pub(crate) fn in_scopes(scopes: &[String], wanted: &str) -> bool {
    let managing = wanted
        .strip_suffix(".read")
        .map(|stem| format!("{stem}.manage"));
    scopes
        .iter()
        .any(|scope| scope == wanted || Some(scope) == managing.as_ref())
}

fn reads(role: &str, area: Area) -> bool {
    match role {
        "SUPER_ADMIN" | "ORG_ADMIN" | "READ_ONLY_ADMIN" => true,
        "APP_ADMIN" => matches!(
            area,
            Area::Apps
                | Area::AppGrants
                | Area::Clients
                | Area::Groups
                | Area::Logs
                | Area::Mappings
                | Area::Members
                | Area::Org
                | Area::Schemas
                | Area::Users
        ),
        "USER_ADMIN" | "GROUP_MEMBERSHIP_ADMIN" | "HELP_DESK_ADMIN" => {
            matches!(area, Area::Users | Area::Groups | Area::Members | Area::Org)
        }
        "API_ACCESS_MANAGEMENT_ADMIN" => {
            matches!(area, Area::Apps | Area::AppGrants | Area::Clients)
        }
        "REPORT_ADMIN" => area == Area::Logs,
        _ => false,
    }
}

fn manages(role: &str, area: Area) -> bool {
    match role {
        "SUPER_ADMIN" => true,
        // Only a super admin lets apps and tokens into the org, and switches its features.
        "ORG_ADMIN" => !matches!(
            area,
            Area::Roles
                | Area::AppGrants
                | Area::ApiTokens
                | Area::Features
                | Area::PrincipalLimits
        ),
        "APP_ADMIN" => matches!(area, Area::Apps | Area::Clients | Area::Mappings),
        "API_ACCESS_MANAGEMENT_ADMIN" => area == Area::Clients,
        // Groups themselves are neither group role's to create or delete.
        "USER_ADMIN" => matches!(area, Area::Users | Area::Members),
        "GROUP_MEMBERSHIP_ADMIN" => area == Area::Members,
        _ => false,
    }
}

/// The permissions that a custom role may hold, as far as these operations know them.
pub(crate) const PERMISSIONS: [&str; 19] = [
    "okta.apps.assignment.manage",
    "okta.apps.manage",
    "okta.apps.read",
    "okta.groups.appAssignment.manage",
    "okta.groups.create",
    "okta.groups.manage",
    "okta.groups.members.manage",
    "okta.groups.read",
    "okta.iam.read",
    "okta.identityProviders.manage",
    "okta.identityProviders.read",
    "okta.profilesources.import.run",
    "okta.users.create",
    "okta.users.credentials.manage",
    "okta.users.groupMembership.manage",
    "okta.users.lifecycle.manage",
    "okta.users.manage",
    "okta.users.read",
    "okta.users.userprofile.manage",
];

fn permits(permission: &str, right: Right) -> bool {
    use Area::{Apps, Groups, Members, Org, Users};
    match right {
        Right::Public | Right::Own => true,
        Right::Read(Org) => true,
        Right::Read(Groups | Members) => permission.starts_with("okta.groups."),
        Right::Read(Users) => permission.starts_with("okta.users."),
        Right::Read(Apps) => permission.starts_with("okta.apps."),
        Right::Create(Groups) => {
            matches!(permission, "okta.groups.create" | "okta.groups.manage")
        }
        Right::Manage(Groups) => permission == "okta.groups.manage",
        Right::Manage(Members) => {
            matches!(
                permission,
                "okta.groups.members.manage" | "okta.groups.manage"
            )
        }
        Right::Create(Users) => matches!(permission, "okta.users.create" | "okta.users.manage"),
        Right::Manage(Users) => permission == "okta.users.manage",
        Right::Create(Apps) | Right::Manage(Apps) => permission == "okta.apps.manage",
        _ => false,
    }
}

/// The standard roles that can be given, with what the console calls them.
pub(crate) const STANDARD: [(&str, &str); 9] = [
    (
        "API_ACCESS_MANAGEMENT_ADMIN",
        "API Access Management Administrator",
    ),
    ("APP_ADMIN", "Application Administrator"),
    ("GROUP_MEMBERSHIP_ADMIN", "Group Membership Administrator"),
    ("HELP_DESK_ADMIN", "Help Desk Administrator"),
    ("ORG_ADMIN", "Organizational Administrator"),
    ("READ_ONLY_ADMIN", "Read-only Administrator"),
    ("REPORT_ADMIN", "Report Administrator"),
    ("SUPER_ADMIN", "Super Administrator"),
    ("USER_ADMIN", "Group Administrator"),
];

/// What the console calls a standard role; none for other words.
pub(crate) fn label(role: &str) -> Option<&'static str> {
    let found = STANDARD.iter().find(|(kind, _)| *kind == role);
    found.map(|(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_roles(roles: &[&str]) -> Actor {
        Actor {
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            ..Actor::default()
        }
    }

    #[test]
    fn a_group_administrator_cannot_create_groups() {
        let mut actor = with_roles(&["USER_ADMIN", "GROUP_MEMBERSHIP_ADMIN"]);
        assert!(!Right::Create(Area::Groups).given_by(&actor));
        assert!(Right::Manage(Area::Members).given_by(&actor));
        assert!(!Right::Read(Area::Apps).given_by(&actor));
        actor.permissions = vec!["okta.groups.create".to_owned()];
        assert!(Right::Create(Area::Groups).given_by(&actor));
        assert!(
            !Right::Manage(Area::Groups).given_by(&actor),
            "creating is not deleting"
        );
    }

    #[test]
    fn only_a_super_admin_grants_scopes_and_roles() {
        for (role, _) in STANDARD {
            for area in [Area::AppGrants, Area::Roles, Area::ApiTokens] {
                let may = Right::Manage(area).given_by(&with_roles(&[role]));
                assert_eq!(may, role == "SUPER_ADMIN", "{role} {area:?}");
            }
        }
    }

    #[test]
    fn a_managing_scope_reads_too_but_not_the_other_way() {
        let held = |scope: &str| vec![scope.to_owned()];
        assert!(in_scopes(&held("okta.users.manage"), "okta.users.read"));
        assert!(!in_scopes(&held("okta.users.read"), "okta.users.manage"));
        assert!(!in_scopes(&held("okta.usersmanage"), "okta.users.read"));
    }
}
