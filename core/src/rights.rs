//! Least privilege: from what is in use to the smallest documented roles and scopes.
//!
//! The one table of rights: the service app's procedure gives what stands here, the doctor judges
//! by it, and the advisor tells it, with each place where Okta's documents contradict each other.
//! No right beyond the table can be expressed; `SUPER_ADMIN` is only ever recognised.

#[cfg(feature = "clients")]
pub mod operator;
mod text;

use serde::Serialize;

use crate::okta::{clients, idps};
use crate::run::{Method, Wish};

/// What is in use, as far as it decides about rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct InUse {
    /// How people are pushed, when they are.
    pub push: Option<Method>,
    /// Whether groups are pushed.
    pub groups: bool,
}

/// What holds a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// The service app that acts for the source.
    ServiceApp,
    /// The admin whose API token the connection carries.
    TokenOwner,
    /// Whoever agrees to the plan.
    Person,
}

/// The kind of a right: roles say over whom, scopes open the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A standard admin role.
    Role,
    /// A custom role over a resource set.
    CustomRole,
    /// An API scope.
    Scope,
}

/// One right, with why it is needed. Who holds it holds it in the target.
#[derive(Debug, Serialize)]
pub struct Right {
    /// Who holds it.
    pub holder: Holder,
    /// Role or scope.
    pub kind: Kind,
    /// As the API names it.
    pub id: &'static str,
    /// As the Admin Console names it.
    pub name: &'static str,
    /// What it is for.
    pub why: &'static str,
    /// Okta's document.
    pub source: &'static str,
    #[serde(skip)]
    when: fn(&InUse) -> bool,
}

/// What one document of Okta says.
#[derive(Debug, Serialize)]
pub struct Says {
    /// What it says.
    pub what: &'static str,
    /// Which document.
    pub source: &'static str,
}

/// Documents of Okta that cannot both be followed, and what is done here.
#[derive(Debug, Serialize)]
pub struct Contradiction {
    /// What they are about.
    pub about: &'static str,
    /// One and the other.
    pub says: [Says; 2],
    /// What is done here, and why.
    pub taken: &'static str,
    #[serde(skip)]
    when: fn(&InUse) -> bool,
}

const GUIDE: &str = "Okta developer guide, Secure API connections between orgs";
const HELP: &str = "Okta help, Integrate Okta Org2Org";
const STANDARD: &str = "Okta help, standard administrator roles";

/// The scope over accounts.
pub const USERS: &str = "okta.users.manage";
/// The scope over groups.
pub const GROUPS: &str = "okta.groups.manage";
/// The role over accounts.
pub const OVER_USERS: &str = "USER_ADMIN";
/// The role over who is in a group.
pub const OVER_MEMBERS: &str = "GROUP_MEMBERSHIP_ADMIN";

/// What to do about a wider role.
pub const NARROW: &str = "Give it Group Administrator and Group Membership Administrator, prove a push, then take the wider role away.";

/// Every right, those of the service app in the order in which they are given.
pub static RIGHTS: &[Right] = &[
    Right {
        holder: Holder::ServiceApp,
        kind: Kind::Role,
        id: OVER_MEMBERS,
        name: "Group Membership Administrator",
        why: "Puts people into their groups.",
        source: GUIDE,
        when: by_oauth,
    },
    Right {
        holder: Holder::ServiceApp,
        kind: Kind::Role,
        id: OVER_USERS,
        name: "Group Administrator",
        why: "Makes, changes and deactivates accounts, but no admin's.",
        source: GUIDE,
        when: by_oauth,
    },
    Right {
        holder: Holder::ServiceApp,
        kind: Kind::CustomRole,
        id: "okta.groups.create",
        name: "Create groups, over all groups",
        why: "Groups are pushed, and neither of the two roles may create one. Not needed where the groups are made in the target beforehand and linked.",
        source: STANDARD,
        when: |in_use| by_oauth(in_use) && in_use.groups,
    },
    Right {
        holder: Holder::ServiceApp,
        kind: Kind::Scope,
        id: GROUPS,
        name: GROUPS,
        why: "Opens the calls over groups to its tokens.",
        source: GUIDE,
        when: by_oauth,
    },
    Right {
        holder: Holder::ServiceApp,
        kind: Kind::Scope,
        id: USERS,
        name: USERS,
        why: "Opens the calls over accounts to its tokens.",
        source: GUIDE,
        when: by_oauth,
    },
    Right {
        holder: Holder::TokenOwner,
        kind: Kind::Role,
        id: "SUPER_ADMIN",
        name: "Super Administrator",
        why: "A token can do what its owner can, and lesser owners pass the test of the credentials and fail when people are assigned. OAuth 2.0 needs far less.",
        source: "Okta support, API token of the Org2Org connection",
        when: by_token,
    },
    Right {
        holder: Holder::Person,
        kind: Kind::Role,
        id: "SUPER_ADMIN",
        name: clients::ADD_ROLE.role,
        why: "Only this role may give roles and scopes to a client. It is the person's for the set-up and is given to nothing that stays.",
        source: "Okta API, Role Assignment Client: assign a role to a client",
        when: by_oauth,
    },
    Right {
        holder: Holder::Person,
        kind: Kind::Role,
        id: "ORG_ADMIN",
        name: idps::CREATE.role,
        why: "Makes the identity provider.",
        source: "Okta API, Identity Providers: create an identity provider",
        when: |in_use| !by_oauth(in_use),
    },
];

/// Every contradiction.
pub static CONTRADICTIONS: &[Contradiction] = &[
    Contradiction {
        about: "the role of the service app",
        says: [
            Says {
                what: "Organization Administrator",
                source: "Okta help, Integrate Okta Org2Org: automatic key rotation",
            },
            Says {
                what: "Group Administrator and Group Membership Administrator",
                source: GUIDE,
            },
        ],
        taken: "The two smaller roles: they are enough to push, and neither may touch an admin.",
        when: by_oauth,
    },
    Contradiction {
        about: "whether Group Administrator alone is enough",
        says: [
            Says {
                what: "Group Administrator",
                source: "Okta help, Integrate Okta Org2Org: manual key rotation",
            },
            Says {
                what: "Group Administrator and Group Membership Administrator",
                source: GUIDE,
            },
        ],
        taken: "Both: the second adds nothing but who is in a group.",
        when: by_oauth,
    },
    Contradiction {
        about: "whether okta.groups.manage is needed where no group is pushed",
        says: [
            Says {
                what: "only for Group Push",
                source: HELP,
            },
            Says {
                what: "it is required in any case",
                source: GUIDE,
            },
        ],
        taken: "It is granted: without it pushes may be refused, and the roles limit what it opens.",
        when: |in_use| by_oauth(in_use) && !in_use.groups,
    },
    Contradiction {
        about: "whether pushing creates a group of that name or takes the one that is there",
        says: [
            Says {
                what: "targetGroupName names a group to be created",
                source: "Okta API, Group Push Mapping: targetGroupName",
            },
            Says {
                what: "targetGroupName of a group that is there links to it",
                source: "Okta API, Group Push Mapping: create a mapping",
            },
        ],
        taken: "A group that is there and has that name stops the plan: a link would hand it to the source.",
        when: |in_use| in_use.groups,
    },
    Contradiction {
        about: "the owner of the API token",
        says: [
            Says {
                what: "a super admin; lesser owners fail when people are assigned",
                source: "Okta support, API token of the Org2Org connection",
            },
            Says {
                what: "smaller roles are enough",
                source: "Okta support, minimum permissions required for Group Push in Okta Org2Org",
            },
        ],
        taken: "Nothing less than a super admin is promised; OAuth 2.0 avoids the question.",
        when: by_token,
    },
];

fn by_oauth(in_use: &InUse) -> bool {
    in_use.push.is_some_and(|method| method != Method::Token)
}

fn by_token(in_use: &InUse) -> bool {
    in_use.push == Some(Method::Token)
}

impl InUse {
    /// What this wish puts to use. Taking a link down gives no right to anything.
    pub fn of(wish: &Wish) -> InUse {
        let push = wish.push.as_ref().filter(|_| wish.connects());
        InUse {
            push: push.map(|push| push.method),
            groups: push.is_some_and(|push| !push.groups.is_empty()),
        }
    }
}

/// What the service app gets of a kind, in the order in which it is given; custom roles left out.
pub fn given(kind: Kind) -> impl Iterator<Item = &'static Right> {
    let own = |right: &&Right| right.holder == Holder::ServiceApp;
    RIGHTS
        .iter()
        .filter(own)
        .filter(move |one| one.kind == kind)
}

/// What a standard or custom role of a client is good for, by its type in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Over accounts.
    pub users: bool,
    /// Over who is in a group.
    pub members: bool,
    /// Making groups.
    pub groups: bool,
    /// Far beyond pushing.
    pub wide: bool,
}

/// Reach of a role by its `type`. A custom role may hold anything, so it is taken to be enough.
/// Source: Okta help, standard administrator roles.
pub fn reach(role: &str) -> Reach {
    let [users, members, groups, wide] = match role {
        "SUPER_ADMIN" | "ORG_ADMIN" => [true; 4],
        OVER_USERS => [true, false, false, false],
        OVER_MEMBERS => [false, true, false, false],
        "CUSTOM" => [true, false, true, false],
        "API_ACCESS_MANAGEMENT_ADMIN" | "APP_ADMIN" | "MOBILE_ADMIN" => [false, false, false, true],
        _ => [false; 4],
    };
    Reach {
        users,
        members,
        groups,
        wide,
    }
}

/// Whether a scope goes beyond pushing. Reading is part of what managing allows.
pub fn is_wide(scope: &str) -> bool {
    let needed = |right: &Right| {
        let name = right.id.trim_end_matches(".manage");
        scope == right.id || scope.strip_suffix(".read") == Some(name)
    };
    !given(Kind::Scope).any(needed)
}

/// The advice for what is in use.
#[derive(Debug, Serialize)]
pub struct Advice {
    /// What it is for.
    pub in_use: InUse,
    /// The smallest documented rights.
    pub rights: Vec<&'static Right>,
    /// Where Okta's documents differ about them.
    pub contradictions: Vec<&'static Contradiction>,
    /// What was found to be broader than needed; empty without a look at the orgs.
    pub broader: Vec<String>,
}

impl Advice {
    /// What is needed, without a look at any org.
    pub fn of(in_use: InUse) -> Advice {
        let rights = RIGHTS.iter().filter(|one| (one.when)(&in_use));
        let both = CONTRADICTIONS.iter().filter(|one| (one.when)(&in_use));
        Advice {
            rights: rights.collect(),
            contradictions: both.collect(),
            broader: Vec::new(),
            in_use,
        }
    }
}

#[cfg(test)]
mod tests;
