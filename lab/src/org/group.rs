//! Groups, those that stand for a group of another org included.

use std::collections::BTreeSet;

use serde_json::Value;

use super::App;
use crate::ids::Ids;

/// A group and its members.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub id: String,
    /// `OKTA_GROUP`, `BUILT_IN` or `APP_GROUP`.
    pub kind: String,
    pub name: String,
    pub description: Value,
    pub created: u64,
    pub updated: u64,
    pub members_updated: u64,
    pub members: BTreeSet<String>,
    /// For app groups: what they stand for.
    pub of_app: Option<AppGroupSource>,
}

/// The group of a target that an app group stands for.
#[derive(Clone, Debug)]
pub(crate) struct AppGroupSource {
    pub app: String,
    /// Its id in the target, once it is known to exist there.
    pub external_id: Option<String>,
}

impl Group {
    /// An app group by the name it has in the target.
    pub(crate) fn of_app(
        ids: &mut Ids,
        app: &App,
        name: &str,
        external_id: Option<String>,
        now: u64,
    ) -> Self {
        Self {
            id: ids.fresh("00g"),
            kind: "APP_GROUP".to_owned(),
            name: name.to_owned(),
            description: Value::Null,
            created: now,
            updated: now,
            members_updated: now,
            members: BTreeSet::new(),
            of_app: Some(AppGroupSource {
                app: app.id.clone(),
                external_id,
            }),
        }
    }
}
