//! What an org has beside people and apps: domains, early-access features, shares of rate limits, routing rules. Plain data.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ids::Ids;

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub domains: BTreeMap<String, Domain>,
    pub features: Vec<Feature>,
    pub limits: BTreeMap<String, Limit>,
    pub routing: Routing,
}

/// The policy that says which identity provider people are sent to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routing {
    pub id: String,
    /// Id of the rule that stands last and that nobody can change.
    pub last: String,
    /// The others, the first one first.
    pub rules: Vec<Rule>,
}

/// A routing rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub id: String,
    pub name: String,
    pub active: bool,
    pub conditions: Value,
    pub actions: Value,
    pub created: u64,
    pub updated: u64,
}

/// A custom domain.
#[derive(Clone, Debug)]
pub(crate) struct Domain {
    pub id: String,
    pub name: String,
    /// `MANUAL` or `OKTA_MANAGED`.
    pub certificate: String,
    pub brand: String,
    /// What the owner must publish to prove the domain.
    pub proof: String,
}

/// An early-access feature that an admin may switch.
#[derive(Clone, Debug)]
pub(crate) struct Feature {
    pub id: String,
    pub name: &'static str,
    pub about: &'static str,
    /// Name of the feature that must be on first.
    pub needs: Option<&'static str>,
    pub enabled: bool,
}

/// How much of a rate limit a token or service app may use.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub id: String,
    pub principal: String,
    /// `OAUTH_CLIENT` or `SSWS_TOKEN`.
    pub kind: String,
    pub percent: u64,
    pub concurrency: u64,
    pub by: String,
    pub created: u64,
    pub updated: u64,
}

const OFFERED: [(&str, &str, Option<&str>, bool); 4] = [
    (
        "Okta Integration IdP",
        "Lets another Okta org be an identity provider by OpenID Connect.",
        None,
        true,
    ),
    (
        "Org2Org OIDC Sign-On Mode",
        "Lets Org2Org apps sign people in by OpenID Connect.",
        Some("Okta Integration IdP"),
        true,
    ),
    (
        "Org2Org Incremental Imports",
        "Imports only what changed since the last import.",
        None,
        false,
    ),
    (
        "Use the default user profile for Org2Org",
        "Maps Org2Org apps to the default user profile.",
        None,
        false,
    ),
];

impl Settings {
    /// What a new org has.
    pub(crate) fn fresh(ids: &mut Ids) -> Self {
        let features = OFFERED.map(|(name, about, needs, enabled)| Feature {
            id: ids.fresh("ftr"),
            name,
            about,
            needs,
            enabled,
        });
        Self {
            features: features.into(),
            routing: Routing {
                id: ids.fresh("00p"),
                last: ids.fresh("0pr"),
                rules: Vec::new(),
            },
            ..Self::default()
        }
    }
}
