//! Members of groups, seen from the group and from the user.

use serde_json::Value;

use super::call::Call;
use super::error::OktaError;
use super::paging::{Size, page};
use super::{Outcome, Route, groups, route, users};
use crate::rights::{
    Area::{Groups, Members, Users},
    Right,
};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/groups/{groupId}/users",
        Right::Read(Groups),
        list,
    ),
    route(
        "PUT",
        "/api/v1/groups/{groupId}/users/{userId}",
        Right::Manage(Members),
        add,
    ),
    route(
        "DELETE",
        "/api/v1/groups/{groupId}/users/{userId}",
        Right::Manage(Members),
        remove,
    ),
    route(
        "GET",
        "/api/v1/users/{userId}/groups",
        Right::Read(Users),
        of_user,
    ),
];

fn list(call: &mut Call<'_>) -> Outcome {
    let group = call.group()?;
    let members = group.members.iter().filter_map(|id| call.org.users.get(id));
    let items = members
        .map(|user| (user.id.clone(), users::told(call, user)))
        .collect();
    page(
        call,
        &format!("groups/{}/users", group.id),
        items,
        Size {
            usual: 1000,
            most: 1000,
        },
    )
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (group, user) = (changeable(call)?, call.user()?);
    let now = call.now;
    if let Some(group) = call
        .org
        .groups
        .get_mut(&group)
        .filter(|group| !group.members.contains(&user.id))
    {
        group.members.insert(user.id.clone());
        group.members_updated = now;
        let what = format!("{} in group `{}`", user.login(), group.name);
        let collection = format!("groups/{}/users", group.id);
        call.created(what, &collection, &user.id);
        call.event("group.user_membership.add", "User", &user.id);
    }
    Ok(Response::empty(204))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let (group, user) = (changeable(call)?, call.user()?);
    let object = users::shape(call, &user);
    let now = call.now;
    if let Some(group) = call
        .org
        .groups
        .get_mut(&group)
        .filter(|group| group.members.contains(&user.id))
    {
        group.members.remove(&user.id);
        group.members_updated = now;
        let what = format!("{} in group `{}`", user.login(), group.name);
        let collection = format!("groups/{}/users", group.id);
        call.deleted(what, &collection, &user.id, object);
        call.event("group.user_membership.remove", "User", &user.id);
    }
    Ok(Response::empty(204))
}

// The group of the path by its id. It is not copied: it may have ten thousand members.
fn changeable(call: &mut Call<'_>) -> Result<String, OktaError> {
    let id = call.param("groupId");
    let own = call
        .org
        .groups
        .get(&id)
        .map(|group| group.kind == groups::OKTA_GROUP);
    match own.filter(|_| call.settled(&id)) {
        None => Err(OktaError::missing(&id, "UserGroup")),
        Some(true) => Ok(id),
        Some(false) => {
            let refused = OktaError::new(403, "E0000037", "Type mismatch exception.");
            Err(refused.because("Members of this group follow a rule."))
        }
    }
}

fn of_user(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    let joined = call
        .org
        .groups
        .values()
        .filter(|group| group.members.contains(&user.id));
    let shapes: Vec<Value> = joined.map(|group| groups::shape(call, group)).collect();
    Ok(Response::json(200, &Value::Array(shapes)))
}
