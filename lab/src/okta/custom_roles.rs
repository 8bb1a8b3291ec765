//! Admin roles of the org's own.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::CustomRole;
use crate::rights::{Area::Roles, PERMISSIONS, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/iam/roles", Right::Read(Roles), list),
    route("POST", "/api/v1/iam/roles", Right::Manage(Roles), add),
    route(
        "GET",
        "/api/v1/iam/roles/{roleIdOrLabel}",
        Right::Read(Roles),
        read,
    ),
    route(
        "DELETE",
        "/api/v1/iam/roles/{roleIdOrLabel}",
        Right::Manage(Roles),
        delete,
    ),
    route(
        "GET",
        "/api/v1/iam/roles/{roleIdOrLabel}/permissions",
        Right::Read(Roles),
        permissions,
    ),
];

fn shape(call: &Call<'_>, role: &CustomRole) -> Value {
    let base = call.href(&format!("/api/v1/iam/roles/{}", role.id));
    json!({
        "id": role.id, "label": role.label, "description": role.description, "created": stamp(role.created),
        "lastUpdated": stamp(role.updated),
        "_links": { "self": { "href": base }, "permissions": { "href": format!("{base}/permissions") } },
    })
}

fn found(call: &Call<'_>) -> Result<CustomRole, OktaError> {
    let name = call.param("roleIdOrLabel");
    let mut roles = call.org.custom_roles.values();
    let role = roles.find(|role| role.id == name || role.label == name);
    role.cloned()
        .ok_or_else(|| OktaError::missing(&name, "CustomRole"))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let roles: Vec<Value> = call
        .org
        .custom_roles
        .values()
        .map(|role| shape(call, role))
        .collect();
    Ok(Response::json(
        200,
        &json!({ "roles": roles, "_links": {} }),
    ))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Response::json(200, &shape(call, &found(call)?)))
}

fn permissions(call: &mut Call<'_>) -> Outcome {
    let role = found(call)?;
    let base = call.href(&format!("/api/v1/iam/roles/{}", role.id));
    let each = |name: &String| {
        json!({
            "label": name, "created": stamp(role.created), "lastUpdated": stamp(role.updated), "conditions": null,
            "_links": { "self": { "href": format!("{base}/permissions/{name}") }, "role": { "href": base } },
        })
    };
    let permissions: Vec<Value> = role.permissions.iter().map(each).collect();
    Ok(Response::json(200, &json!({ "permissions": permissions })))
}

/// A text that the body must give.
pub(super) fn text(body: &Map<String, Value>, name: &str) -> Result<String, OktaError> {
    match body.get(name).and_then(Value::as_str) {
        Some(text) if !text.is_empty() && text.chars().count() <= 255 => Ok(text.to_owned()),
        _ => Err(OktaError::invalid(
            name,
            format!("{name}: The field cannot be left blank"),
        )),
    }
}

/// A list of texts that the body must give, none of them twice.
pub(super) fn texts(body: &Map<String, Value>, name: &str) -> Result<BTreeSet<String>, OktaError> {
    let given = body.get(name).and_then(Value::as_array);
    let texts: Option<BTreeSet<String>> = given
        .ok_or_else(OktaError::malformed)?
        .iter()
        .map(|value| value.as_str().map(str::to_owned))
        .collect();
    texts
        .filter(|texts| !texts.is_empty())
        .ok_or_else(|| OktaError::invalid(name, format!("{name}: The field cannot be left blank")))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let (label, description) = (text(&body, "label")?, text(&body, "description")?);
    let permissions = texts(&body, "permissions")?;
    if let Some(odd) = permissions
        .iter()
        .find(|name| !PERMISSIONS.contains(&name.as_str()))
    {
        let cause = format!("permissions: '{}' isn't a permission", cut(odd));
        return Err(OktaError::invalid("permissions", cause));
    }
    if call
        .org
        .custom_roles
        .values()
        .any(|role| role.label == label)
    {
        let cause = "label: An object with this field already exists in the current organization";
        return Err(OktaError::invalid("label", cause));
    }
    let role = CustomRole {
        id: call.ids.fresh("cr0"),
        label,
        description,
        created: call.now,
        updated: call.now,
        permissions,
    };
    let answer = shape(call, &role);
    call.created(
        format!("custom role `{}`", role.label),
        "custom roles",
        &role.id,
    );
    call.org.custom_roles.insert(role.id.clone(), role);
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let role = found(call)?;
    if call.org.bindings().any(|binding| binding.role == role.id) {
        let cause = "The role is assigned; unassign it first.";
        return Err(OktaError::invalid("role", cause));
    }
    let object = shape(call, &role);
    call.org.custom_roles.remove(&role.id);
    let what = format!("custom role `{}`", role.label);
    call.deleted(what, "custom roles", &role.id, object);
    Ok(Response::empty(204))
}
