//! Which admin role may do what. Source: Okta's standard administrator roles, as far as these operations need them.

/// A part of the Management API that roles are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    Apps,
    Domains,
    Groups,
    Idps,
    Logs,
    Mappings,
    Members,
    Org,
    Roles,
    Schemas,
    Users,
}

/// What a caller needs for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Nobody needs to be signed in.
    Public,
    /// Any signed-in person, about themselves.
    Own,
    Read(Area),
    Manage(Area),
}

impl Right {
    /// True when one of the roles gives this right.
    pub(crate) fn given_by(self, roles: &[String]) -> bool {
        match self {
            Self::Public | Self::Own => true,
            Self::Read(area) => roles.iter().any(|role| reads(role, area)),
            Self::Manage(area) => roles.iter().any(|role| manages(role, area)),
        }
    }
}

fn reads(role: &str, area: Area) -> bool {
    match role {
        "SUPER_ADMIN" | "ORG_ADMIN" | "READ_ONLY_ADMIN" => true,
        "APP_ADMIN" => matches!(
            area,
            Area::Apps
                | Area::Users
                | Area::Groups
                | Area::Mappings
                | Area::Members
                | Area::Logs
                | Area::Org
                | Area::Schemas
        ),
        "USER_ADMIN" | "GROUP_MEMBERSHIP_ADMIN" | "HELP_DESK_ADMIN" => {
            matches!(area, Area::Users | Area::Groups | Area::Members | Area::Org)
        }
        "REPORT_ADMIN" => area == Area::Logs,
        _ => false,
    }
}

fn manages(role: &str, area: Area) -> bool {
    match role {
        "SUPER_ADMIN" => true,
        "ORG_ADMIN" => area != Area::Roles,
        "APP_ADMIN" => matches!(area, Area::Apps | Area::Mappings),
        // Groups themselves are neither group role's to create or delete.
        "USER_ADMIN" => matches!(area, Area::Users | Area::Members),
        "GROUP_MEMBERSHIP_ADMIN" => area == Area::Members,
        _ => false,
    }
}

/// What the console calls a role.
pub(crate) fn label(role: &str) -> &'static str {
    match role {
        "SUPER_ADMIN" => "Super Administrator",
        "ORG_ADMIN" => "Organizational Administrator",
        "APP_ADMIN" => "Application Administrator",
        "USER_ADMIN" => "Group Administrator",
        "GROUP_MEMBERSHIP_ADMIN" => "Group Membership Administrator",
        "HELP_DESK_ADMIN" => "Help Desk Administrator",
        "READ_ONLY_ADMIN" => "Read-only Administrator",
        "REPORT_ADMIN" => "Report Administrator",
        "API_ACCESS_MANAGEMENT_ADMIN" => "API Access Management Administrator",
        "MOBILE_ADMIN" => "Mobile Administrator",
        _ => "Custom Role",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_administrator_cannot_create_groups() {
        let roles = ["USER_ADMIN".to_owned(), "GROUP_MEMBERSHIP_ADMIN".to_owned()];
        assert!(!Right::Manage(Area::Groups).given_by(&roles));
        assert!(Right::Manage(Area::Members).given_by(&roles));
        assert!(!Right::Read(Area::Apps).given_by(&roles));
    }
}
