//! What custom roles are given over, and to whom.

use serde_json::{Value, json};

use super::call::Call;
use super::custom_roles::{text, texts};
use super::error::{OktaError, cut};
use super::roles::binding;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{Binding, Org, Resource, ResourceSet, RoleGrant};
use crate::rights::{Area::Roles, Right};
use crate::wire::Response;

const ONE: &str = "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}";
const BINDINGS: &str = "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/bindings";

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/iam/resource-sets", Right::Read(Roles), list),
    route(
        "POST",
        "/api/v1/iam/resource-sets",
        Right::Manage(Roles),
        add,
    ),
    route("GET", ONE, Right::Read(Roles), read),
    route("DELETE", ONE, Right::Manage(Roles), delete),
    route(
        "GET",
        "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/resources",
        Right::Read(Roles),
        resources,
    ),
    route("GET", BINDINGS, Right::Read(Roles), bindings),
    route("POST", BINDINGS, Right::Manage(Roles), bind),
];

fn base(call: &Call<'_>, set: &ResourceSet) -> String {
    call.href(&format!("/api/v1/iam/resource-sets/{}", set.id))
}

fn shape(call: &Call<'_>, set: &ResourceSet) -> Value {
    let base = base(call, set);
    json!({
        "id": set.id, "label": set.label, "description": set.description, "created": stamp(set.created),
        "lastUpdated": stamp(set.updated),
        "_links": {
            "self": { "href": base }, "resources": { "href": format!("{base}/resources") },
            "bindings": { "href": format!("{base}/bindings") },
        },
    })
}

fn found(call: &Call<'_>) -> Result<ResourceSet, OktaError> {
    let name = call.param("resourceSetIdOrLabel");
    let mut sets = call.org.resource_sets.values();
    let set = sets.find(|set| set.id == name || set.label == name);
    set.cloned()
        .ok_or_else(|| OktaError::missing(&name, "ResourceSet"))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let sets: Vec<Value> = call
        .org
        .resource_sets
        .values()
        .map(|set| shape(call, set))
        .collect();
    let body = json!({ "resource-sets": sets, "_links": {} });
    Ok(Response::json(200, &body))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Response::json(200, &shape(call, &found(call)?)))
}

fn resources(call: &mut Call<'_>) -> Outcome {
    let set = found(call)?;
    let base = base(call, &set);
    let each = |(id, resource): (&String, &Resource)| {
        let address = orn(call.org, &resource.name).map_or_else(
            || resource.name.clone(),
            |orn| address(call.org, &orn).unwrap_or(orn),
        );
        json!({
            "id": id, "orn": orn(call.org, &resource.name).unwrap_or_else(|| resource.name.clone()),
            "created": stamp(resource.created), "lastUpdated": stamp(resource.created),
            "_links": { "self": { "href": address }, "resource": { "href": format!("{base}/resources/{id}") } },
        })
    };
    let resources: Vec<Value> = set.resources.iter().map(each).collect();
    let body = json!({ "resources": resources, "_links": { "resource-set": { "href": base } } });
    Ok(Response::json(200, &body))
}

// Where a kind of resource lives in Okta Resource Names.
const PLACES: [(&str, &str); 3] = [
    ("apps", "idp"),
    ("groups", "directory"),
    ("users", "directory"),
];

/// The Okta Resource Name of a REST address of this org; none for other addresses.
fn orn(org: &Org, name: &str) -> Option<String> {
    if name.starts_with("orn:") {
        return Some(name.to_owned());
    }
    let rest = name.strip_prefix(&format!("https://{}/api/v1/", org.host()))?;
    let (kind, rest) = rest
        .split_once('/')
        .map_or((rest, None), |(kind, id)| (kind, Some(id)));
    let (_, place) = PLACES.iter().find(|(known, _)| *known == kind)?;
    let tail = rest.map_or(String::new(), |id| format!(":{id}"));
    Some(format!("orn:okta:{place}:{}:{kind}{tail}", org.id))
}

fn address(org: &Org, orn: &str) -> Option<String> {
    let rest = PLACES.iter().find_map(|(kind, place)| {
        let start = format!("orn:okta:{place}:{}:{kind}", org.id);
        orn.strip_prefix(&start)
            .map(|tail| format!("{kind}{}", tail.replacen(':', "/", 1)))
    })?;
    Some(format!("https://{}/api/v1/{rest}", org.host()))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let (label, description) = (text(&body, "label")?, text(&body, "description")?);
    let names = texts(&body, "resources")?;
    let known =
        |name: &&String| orn(call.org, name).is_some_and(|orn| address(call.org, &orn).is_some());
    if let Some(odd) = names.iter().find(|name| !known(name)) {
        let cause = format!("resources: '{}' isn't a resource of this org", cut(odd));
        return Err(OktaError::invalid("resources", cause));
    }
    if call
        .org
        .resource_sets
        .values()
        .any(|set| set.label == label)
    {
        let cause = "label: An object with this field already exists in the current organization";
        return Err(OktaError::invalid("label", cause));
    }
    let created = call.now;
    let resources = names
        .into_iter()
        .map(|name| (call.ids.fresh("ire"), Resource { name, created }))
        .collect();
    let set = ResourceSet {
        id: call.ids.fresh("iam"),
        label,
        description,
        created,
        updated: created,
        resources,
    };
    let answer = shape(call, &set);
    call.created(
        format!("resource set `{}`", set.label),
        "resource sets",
        &set.id,
    );
    call.org.resource_sets.insert(set.id.clone(), set);
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let set = found(call)?;
    if call
        .org
        .bindings()
        .any(|binding| binding.resource_set == set.id)
    {
        let cause = "The resource set is used by a role assignment; unassign it first.";
        return Err(OktaError::invalid("resource-set", cause));
    }
    let object = shape(call, &set);
    call.org.resource_sets.remove(&set.id);
    call.deleted(
        format!("resource set `{}`", set.label),
        "resource sets",
        &set.id,
        object,
    );
    Ok(Response::empty(204))
}

fn bindings(call: &mut Call<'_>) -> Outcome {
    let set = found(call)?;
    let base = base(call, &set);
    let mut bound: Vec<&str> = call
        .org
        .bindings()
        .filter(|binding| binding.resource_set == set.id)
        .map(|binding| binding.role.as_str())
        .collect();
    bound.sort_unstable();
    bound.dedup();
    let each = |role: &&str| {
        let own = format!("{base}/bindings/{role}");
        json!({
            "id": role,
            "_links": { "self": { "href": own }, "members": { "href": format!("{own}/members") } },
        })
    };
    let roles: Vec<Value> = bound.iter().map(each).collect();
    let links =
        json!({ "self": { "href": format!("{base}/bindings") }, "resource-set": { "href": base } });
    Ok(Response::json(
        200,
        &json!({ "roles": roles, "_links": links }),
    ))
}

fn bind(call: &mut Call<'_>) -> Outcome {
    let (set, body) = (found(call)?, call.object()?);
    let bound = binding(call, &text(&body, "role")?, &set.id)?;
    let members = texts(&body, "members")?;
    let odd = members.iter().find(|name| member(call.org, name).is_none());
    if let Some(odd) = odd {
        let cause = format!("members: '{}' is no member of this org", cut(odd));
        return Err(OktaError::invalid("members", cause));
    }
    for name in &members {
        let id = call.ids.fresh("irb");
        give(call, name, &bound, id);
    }
    let base = base(call, &set);
    let links = json!({
        "self": { "href": format!("{base}/bindings/{}", bound.role) },
        "bindings": { "href": format!("{base}/bindings") }, "resource-set": { "href": base },
    });
    Ok(Response::json(200, &json!({ "_links": links })))
}

/// A user or a client, named by its address.
enum Member {
    Client(String),
    User(String),
}

fn member(org: &Org, name: &str) -> Option<Member> {
    let path = name.strip_prefix(&format!("https://{}", org.host()))?;
    if let Some(id) = path.strip_prefix("/oauth2/v1/clients/") {
        return org.client(id).map(|app| Member::Client(app.id.clone()));
    }
    let id = path.strip_prefix("/api/v1/users/")?;
    org.users
        .contains_key(id)
        .then(|| Member::User(id.to_owned()))
}

fn give(call: &mut Call<'_>, name: &str, bound: &Binding, id: String) {
    let role = RoleGrant {
        custom: Some(bound.clone()),
        ..RoleGrant::standard(id.clone(), "CUSTOM", call.now)
    };
    let (held, what) = match member(call.org, name) {
        Some(Member::Client(app)) => match call.org.apps.get_mut(&app) {
            Some(app) => (&mut app.roles, format!("app `{}`", app.label)),
            None => return,
        },
        Some(Member::User(user)) => match call.org.users.get_mut(&user) {
            Some(user) => {
                let login = user.login().to_owned();
                (&mut user.roles, login)
            }
            None => return,
        },
        None => return,
    };
    if held.iter().any(|held| held.custom.as_ref() == Some(bound)) {
        return;
    }
    held.push(role);
    call.created(format!("role CUSTOM of {what}"), "bindings", &id);
}
