//! Admin roles of a user; how a role assignment looks and is made is shared with clients.

use serde_json::{Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{Binding, RoleGrant, User};
use crate::rights::{Area::Roles, Right, label};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/users/{userId}/roles",
        Right::Read(Roles),
        list,
    ),
    route(
        "POST",
        "/api/v1/users/{userId}/roles",
        Right::Manage(Roles),
        add,
    ),
    route(
        "GET",
        "/api/v1/users/{userId}/roles/{roleAssignmentId}",
        Right::Read(Roles),
        read,
    ),
    route(
        "DELETE",
        "/api/v1/users/{userId}/roles/{roleAssignmentId}",
        Right::Manage(Roles),
        remove,
    ),
];

/// Whom a role is given to.
pub(super) struct Assignee {
    /// `USER` or `CLIENT`.
    pub kind: &'static str,
    /// Its own path.
    pub path: String,
}

/// A role assignment as the API answers it.
pub(super) fn shape(call: &Call<'_>, of: &Assignee, role: &RoleGrant) -> Value {
    let mut shape = json!({
        "id": role.id, "label": label(&role.kind), "type": role.kind, "status": "ACTIVE",
        "created": stamp(role.created), "lastUpdated": stamp(role.created), "assignmentType": of.kind,
        "_links": { "assignee": { "href": call.href(&of.path) } },
    });
    if let Some(custom) = &role.custom {
        let known = call.org.custom_roles.get(&custom.role);
        shape["label"] = json!(known.map(|role| role.label.as_str()));
        shape["role"] = json!(custom.role);
        shape["resource-set"] = json!(custom.resource_set);
        let base = call.href("/api/v1/iam");
        let (role_href, set) = (
            format!("{base}/roles/{}", custom.role),
            format!("{base}/resource-sets/{}", custom.resource_set),
        );
        shape["_links"]["role"] = json!({ "href": role_href });
        shape["_links"]["resource-set"] = json!({ "href": set });
        shape["_links"]["permissions"] = json!({ "href": format!("{role_href}/permissions") });
        let member = format!("{set}/bindings/{}/members/{}", custom.role, role.id);
        shape["_links"]["member"] = json!({ "href": member });
    }
    shape
}

/// The id of a standard role's assignment to a client: the role's own name in base 32, as recorded.
pub(super) fn id_of(kind: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut made = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in kind.bytes() {
        (held, bits) = (held << 8 | u32::from(byte), bits + 8);
        while bits >= 5 {
            bits -= 5;
            made.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        made.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    made
}

/// The role that the body asks for, unless the holder has it already.
pub(super) fn wanted(
    call: &mut Call<'_>,
    held: &[RoleGrant],
    fresh_id: fn(&mut Call<'_>, &str) -> String,
) -> Result<RoleGrant, OktaError> {
    let body = call.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = text("type");
    let custom = if kind == "CUSTOM" {
        Some(binding(call, text("role"), text("resource-set"))?)
    } else if label(kind).is_some() {
        None
    } else {
        return Err(OktaError::invalid(
            "type",
            format!("type: '{}' isn't a role that can be assigned", cut(kind)),
        ));
    };
    if held
        .iter()
        .any(|role| role.kind == kind && role.custom == custom)
    {
        return Err(OktaError::new(
            409,
            "E0000090",
            "The role specified is already assigned to the user.",
        ));
    }
    let id = if custom.is_some() {
        call.ids.fresh("irb")
    } else {
        fresh_id(call, kind)
    };
    Ok(RoleGrant {
        custom,
        ..RoleGrant::standard(id, kind, call.now)
    })
}

/// A custom role over a resource set, both by id.
pub(super) fn binding(call: &Call<'_>, role: &str, set: &str) -> Result<Binding, OktaError> {
    if !call.org.custom_roles.contains_key(role) {
        return Err(OktaError::missing(role, "CustomRole"));
    }
    if !call.org.resource_sets.contains_key(set) {
        return Err(OktaError::missing(set, "ResourceSet"));
    }
    Ok(Binding {
        role: role.to_owned(),
        resource_set: set.to_owned(),
    })
}

/// The assignment of the path among those held.
pub(super) fn found(call: &Call<'_>, held: &[RoleGrant]) -> Result<RoleGrant, OktaError> {
    let id = call.param("roleAssignmentId");
    let role = held.iter().find(|role| role.id == id).cloned();
    role.ok_or_else(|| OktaError::missing(&id, "RoleAssignment"))
}

/// The assignments held, as a list answers them.
pub(super) fn listed(call: &Call<'_>, of: &Assignee, held: &[RoleGrant]) -> Outcome {
    let roles: Vec<Value> = held.iter().map(|role| shape(call, of, role)).collect();
    Ok(Response::json(200, &Value::Array(roles)))
}

/// The assignment of the path, as a read answers it.
pub(super) fn single(call: &Call<'_>, of: &Assignee, held: &[RoleGrant]) -> Outcome {
    let role = found(call, held)?;
    Ok(Response::json(200, &shape(call, of, &role)))
}

fn user(call: &mut Call<'_>) -> Result<(User, Assignee), OktaError> {
    let user = call.user()?;
    let path = format!("/api/v1/users/{}", user.id);
    Ok((user, Assignee { kind: "USER", path }))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let (user, of) = user(call)?;
    listed(call, &of, &user.roles)
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (user, of) = user(call)?;
    single(call, &of, &user.roles)
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (user, of) = user(call)?;
    let role = wanted(call, &user.roles, |call, _| call.ids.fresh("ra1"))?;
    let answer = shape(call, &of, &role);
    let what = format!("role {} of {}", role.kind, user.login());
    call.created(what, &format!("users/{}/roles", user.id), &role.id);
    call.event("user.account.privilege.grant", "User", &user.id);
    if let Some(user) = call.org.users.get_mut(&user.id) {
        user.roles.push(role);
    }
    Ok(Response::json(201, &answer))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let (user, of) = user(call)?;
    let role = found(call, &user.roles)?;
    let object = shape(call, &of, &role);
    let last = |role: &RoleGrant| role.kind == "SUPER_ADMIN";
    let supers = call
        .org
        .users
        .values()
        .filter(|user| user.status == "ACTIVE" && user.roles.iter().any(last))
        .count();
    if last(&role) && supers < 2 {
        // An org without super admin could not be repaired by anybody.
        return Err(OktaError::forbidden().because("The last super admin keeps the role."));
    }
    if let Some(user) = call.org.users.get_mut(&user.id) {
        user.roles.retain(|held| held.id != role.id);
    }
    let what = format!("role {} of {}", role.kind, user.login());
    call.deleted(what, &format!("users/{}/roles", user.id), &role.id, object);
    call.event("user.account.privilege.revoke", "User", &user.id);
    Ok(Response::empty(204))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_standard_assignments_are_the_recorded_ones() {
        assert_eq!(id_of("HELP_DESK_ADMIN"), "JBCUYUC7IRCVGS27IFCE2SKO");
        assert_eq!(id_of("APP_ADMIN"), "IFIFAX2BIRGUSTQ");
    }
}
