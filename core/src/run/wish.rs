//! What the person wants: every choice of the procedures in one typed value with safe defaults.

use serde::Serialize;

use super::Pair;
use crate::facts::Member;

/// The choices. Users are kept by id; their names are read from the org when they are needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// Label of the Org2Org app in the source.
    pub app_label: String,
    /// Name of the IdP in the target.
    pub idp_name: String,
    /// Name of the target's group for people of the source.
    pub group_name: String,
    /// Source groups that get the Org2Org app and the bookmarks.
    pub groups: Vec<Member>,
    /// Source users that get them one by one.
    pub users: Vec<Member>,
    /// Target apps that get a bookmark in the source.
    pub apps: Vec<Member>,
    /// Whether people without an account in the target get one at their first sign-in.
    pub jit: bool,
}

impl Wish {
    /// The defaults for a pair: names from the orgs, nobody and nothing chosen, no new accounts.
    pub fn suggest(pair: &Pair) -> Wish {
        let (source, target) = (&pair.source.name, &pair.target.name);
        Wish {
            app_label: format!("{target} (Org2Org)"),
            idp_name: format!("{source} (Org2Org)"),
            group_name: format!("People of {source}"),
            groups: Vec::new(),
            users: Vec::new(),
            apps: Vec::new(),
            jit: false,
        }
    }
}
