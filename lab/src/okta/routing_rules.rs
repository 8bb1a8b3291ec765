//! Routing rules: which identity provider the org sends a person to. The order is what counts; the default rule stands
//! last. The document at hand lists none of these operations: shapes are those that Terraform's provider uses.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, policies, route};
use crate::clock::stamp;
use crate::rights::{Area::Policies, Right};
use crate::settings::Rule;
use crate::wire::Response;

const ALL: &str = "/api/v1/policies/{policyId}/rules";
const ONE: &str = "/api/v1/policies/{policyId}/rules/{ruleId}";

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/policies/{policyId}",
        Right::Read(Policies),
        policy,
    ),
    route("GET", ALL, Right::Read(Policies), list),
    route("POST", ALL, Right::Manage(Policies), add),
    route("GET", ONE, Right::Read(Policies), read),
    route("PUT", ONE, Right::Manage(Policies), replace),
    route("DELETE", ONE, Right::Manage(Policies), delete),
    route(
        "POST",
        "/api/v1/policies/{policyId}/rules/{ruleId}/lifecycle/activate",
        Right::Manage(Policies),
        |call| switch(call, true),
    ),
    route(
        "POST",
        "/api/v1/policies/{policyId}/rules/{ruleId}/lifecycle/deactivate",
        Right::Manage(Policies),
        |call| switch(call, false),
    ),
];

// Only the policy of the routing rules is here.
fn known(call: &Call<'_>) -> Result<(), OktaError> {
    let id = call.param("policyId");
    match id == call.org.settings.routing.id {
        true => Ok(()),
        false => Err(OktaError::missing(&id, "Policy")),
    }
}

fn policy(call: &mut Call<'_>) -> Outcome {
    known(call)?;
    Ok(Response::json(200, &policies::routing(call)))
}

fn shape(call: &Call<'_>, rule: &Rule, place: usize) -> Value {
    let href = call.href(&format!(
        "/api/v1/policies/{}/rules/{}",
        call.org.settings.routing.id, rule.id
    ));
    let turn = if rule.active {
        "deactivate"
    } else {
        "activate"
    };
    let is_last = rule.id == call.org.settings.routing.last;
    let mut links =
        json!({ "self": { "href": href, "hints": { "allow": ["GET", "PUT", "DELETE"] } } });
    links[turn] =
        json!({ "href": format!("{href}/lifecycle/{turn}"), "hints": { "allow": ["POST"] } });
    json!({
        "id": rule.id, "name": rule.name, "status": if rule.active { "ACTIVE" } else { "INACTIVE" },
        "priority": place + 1, "system": is_last, "type": "IDP_DISCOVERY",
        "created": stamp(rule.created), "lastUpdated": stamp(rule.updated),
        "conditions": rule.conditions, "actions": rule.actions, "_links": links,
    })
}

fn last(call: &Call<'_>) -> Rule {
    Rule {
        id: call.org.settings.routing.last.clone(),
        name: "Default Rule".to_owned(),
        active: true,
        conditions: json!({ "network": { "connection": "ANYWHERE" } }),
        actions: json!({ "idp": { "idpSelectionType": "SPECIFIC", "providers": [{ "type": "OKTA" }] } }),
        created: call.org.created,
        updated: call.org.created,
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    known(call)?;
    let mut all = call.org.settings.routing.rules.clone();
    all.push(last(call));
    let all = all.iter().enumerate();
    let all: Vec<Value> = all.map(|(at, rule)| shape(call, rule, at)).collect();
    Ok(Response::json(200, &Value::Array(all)))
}

// Its place and itself; the default rule has none of the places that can be changed.
fn find(call: &Call<'_>) -> Result<usize, OktaError> {
    known(call)?;
    let id = call.param("ruleId");
    let rules = &call.org.settings.routing.rules;
    if id == call.org.settings.routing.last {
        let cause = "rule: The default rule cannot be changed";
        return Err(OktaError::invalid("rule", cause));
    }
    let at = rules.iter().position(|rule| rule.id == id);
    at.ok_or_else(|| OktaError::missing(&id, "PolicyRule"))
}

fn answered(call: &Call<'_>, at: usize) -> Outcome {
    let rule = &call.org.settings.routing.rules[at];
    Ok(Response::json(200, &shape(call, rule, at)))
}

fn read(call: &mut Call<'_>) -> Outcome {
    known(call)?;
    if call.param("ruleId") == call.org.settings.routing.last {
        let rule = last(call);
        let place = call.org.settings.routing.rules.len();
        return Ok(Response::json(200, &shape(call, &rule, place)));
    }
    let at = find(call)?;
    answered(call, at)
}

/// What a body says of a rule: name, conditions, actions, and the place that it asks for.
struct Given {
    name: String,
    conditions: Value,
    actions: Value,
    place: Option<usize>,
}

fn given(call: &Call<'_>, own: Option<&str>) -> Result<Given, OktaError> {
    let body = call.object()?;
    let invalid = |cause: &str| Err(OktaError::invalid("rule", cause));
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() || name.chars().count() > 100 {
        return invalid("name: The field must have 1 to 100 characters");
    }
    if body.get("type").is_some_and(|kind| kind != "IDP_DISCOVERY") {
        return invalid("type: The value must be IDP_DISCOVERY");
    }
    let mut others = call.org.settings.routing.rules.iter();
    if others.any(|rule| rule.name == name && Some(rule.id.as_str()) != own) {
        return invalid("name: Policy rule name already in use");
    }
    let actions = body.get("actions").cloned().unwrap_or_default();
    let providers = actions.pointer("/idp/providers").and_then(Value::as_array);
    let Some(providers) = providers.filter(|all| !all.is_empty()) else {
        return invalid("actions.idp.providers: The field cannot be left blank");
    };
    let is_known = |provider: &Value| {
        let idp = call
            .org
            .idps
            .get(provider["id"].as_str().unwrap_or_default());
        provider["type"] == "OKTA" || idp.is_some_and(|idp| provider["type"] == idp.kind.as_str())
    };
    if !providers.iter().all(is_known) {
        return invalid("actions.idp.providers: The identity provider does not exist");
    }
    let conditions = body.get("conditions").cloned().unwrap_or_default();
    let patterns = conditions.pointer("/userIdentifier/patterns");
    let patterns = patterns.and_then(Value::as_array).into_iter().flatten();
    let kinds = ["CONTAINS", "EQUALS", "EXPRESSION", "STARTS_WITH", "SUFFIX"];
    let is_sound = |pattern: &Value| {
        let kind = pattern["matchType"].as_str().unwrap_or_default();
        kinds.contains(&kind) && pattern["value"].is_string()
    };
    if !patterns.into_iter().all(is_sound) {
        return invalid("conditions.userIdentifier.patterns: The value is invalid");
    }
    let place = body.get("priority").and_then(Value::as_u64);
    Ok(Given {
        name: name.to_owned(),
        conditions,
        actions,
        place: place.and_then(|place| usize::try_from(place.saturating_sub(1)).ok()),
    })
}

fn add(call: &mut Call<'_>) -> Outcome {
    known(call)?;
    let given = given(call, None)?;
    let rule = Rule {
        id: call.ids.fresh("0pr"),
        name: given.name,
        active: call.query("activate").as_deref() != Some("false"),
        conditions: given.conditions,
        actions: given.actions,
        created: call.now,
        updated: call.now,
    };
    let count = call.org.settings.routing.rules.len();
    let at = given.place.unwrap_or(count).min(count);
    call.created(format!("routing rule `{}`", rule.name), "rules", &rule.id);
    call.org.settings.routing.rules.insert(at, rule);
    answered(call, at)
}

fn replace(call: &mut Call<'_>) -> Outcome {
    let at = find(call)?;
    let given = given(call, Some(&call.param("ruleId")))?;
    call.updated(format!("routing rule `{}`", given.name));
    let mut rule = call.org.settings.routing.rules.remove(at);
    (rule.name, rule.conditions, rule.actions) = (given.name, given.conditions, given.actions);
    rule.updated = call.now;
    let at = given
        .place
        .unwrap_or(at)
        .min(call.org.settings.routing.rules.len());
    call.org.settings.routing.rules.insert(at, rule);
    answered(call, at)
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let at = find(call)?;
    let object = shape(call, &call.org.settings.routing.rules[at], at);
    let rule = call.org.settings.routing.rules.remove(at);
    call.deleted(
        format!("routing rule `{}`", rule.name),
        "rules",
        &rule.id,
        object,
    );
    Ok(Response::empty(204))
}

fn switch(call: &mut Call<'_>, on: bool) -> Outcome {
    let at = find(call)?;
    let now = call.now;
    let rule = &mut call.org.settings.routing.rules[at];
    let (changes, name) = (rule.active != on, rule.name.clone());
    if changes {
        (rule.active, rule.updated) = (on, now);
        let state = if on { "ACTIVE" } else { "INACTIVE" };
        call.updated(format!("routing rule `{name}` is {state}"));
    }
    Ok(Response::empty(204))
}
