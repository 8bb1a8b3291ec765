//! Routing rules: which identity provider a person is sent to who types a user name.
//!
//! Okta reference: Policies API, policies of type `IDP_DISCOVERY`. An org has one, with a default
//! rule at its end that nobody can change; the first rule that fits decides.

use serde_json::Value;

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};
use crate::json::json;

const RULE: &[Member] = &[
    Member::Text("/id"),
    Member::Text("/name"),
    Member::Text("/status"),
];
const ROLE: &str = "Super Administrator or Organization Administrator";

/// Policies of a type.
pub static LIST: ReadOp = ReadOp {
    id: "policies.list",
    path: "/api/v1/policies",
    query: &["type"],
    shape: Shape::List(&[Member::Text("/id"), Member::Text("/type")]),
    absent: false,
    scope: "okta.policies.read",
};

/// The rules of a policy, the first one first.
pub static RULES: ReadOp = ReadOp {
    id: "policies.rules",
    path: "/api/v1/policies/{policy}/rules",
    query: &[],
    shape: Shape::List(RULE),
    absent: false,
    scope: "okta.policies.read",
};

/// Adds a rule; it is active at once and stands behind all but the default one.
pub static ADD_RULE: WriteOp = WriteOp {
    id: "policies.add-rule",
    method: Method::Post,
    path: "/api/v1/policies/{policy}/rules",
    query: &[],
    shape: Shape::Object(RULE),
    scope: "okta.policies.manage",
    role: ROLE,
};

/// Deactivates a rule: it sends nobody any more.
pub static DEACTIVATE_RULE: WriteOp = WriteOp {
    id: "policies.deactivate-rule",
    method: Method::Post,
    path: "/api/v1/policies/{policy}/rules/{rule}/lifecycle/deactivate",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.policies.manage",
    role: ROLE,
};

/// Deletes a rule.
pub static DELETE_RULE: WriteOp = WriteOp {
    id: "policies.delete-rule",
    method: Method::Delete,
    path: "/api/v1/policies/{policy}/rules/{rule}",
    query: &[],
    shape: Shape::Empty,
    scope: "okta.policies.manage",
    role: ROLE,
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST, &RULES],
    writes: &[&ADD_RULE, &DEACTIVATE_RULE, &DELETE_RULE],
};

/// The policy that holds the routing rules.
pub fn discovery() -> Probe {
    Probe::of(&LIST, [("type", "IDP_DISCOVERY")])
}

/// Its rules.
pub fn rules(policy: &str) -> Probe {
    Probe::of(&RULES, [("policy", policy)])
}

/// Sends people whose user name ends with one of these domains to this identity provider.
pub fn add_rule(policy: &str, name: &str, idp: (&str, &str), domains: &[String]) -> Write {
    let (kind, id) = idp;
    let ends = |domain: &String| json!({"matchType": "SUFFIX", "value": domain.as_str()});
    let patterns: Vec<Value> = domains.iter().map(ends).collect();
    let provider = json!({"type": kind, "id": id});
    Write::of(&ADD_RULE, [("policy", policy)]).with(json!({
        "type": "IDP_DISCOVERY",
        "name": name,
        "conditions": {
            "network": {"connection": "ANYWHERE"},
            "userIdentifier": {"type": "IDENTIFIER", "patterns": patterns},
        },
        "actions": {"idp": {
            "idpSelectionType": "SPECIFIC",
            "providers": vec![provider],
        }},
    }))
}

/// Deletes this rule.
pub fn delete_rule(policy: &str, rule: &str) -> Write {
    Write::of(&DELETE_RULE, [("policy", policy), ("rule", rule)])
}

/// The two writes that take this rule away; between them nobody is sent anywhere by half a rule.
pub fn remove_rule(policy: &str, rule: &str) -> Vec<Write> {
    vec![
        Write::of(&DEACTIVATE_RULE, [("policy", policy), ("rule", rule)]),
        delete_rule(policy, rule),
    ]
}
