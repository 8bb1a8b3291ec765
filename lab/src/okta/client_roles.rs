//! Admin roles of a service app, and the groups that one may be limited to.

use serde_json::Value;

use super::call::Call;
use super::error::OktaError;
use super::roles::{Assignee, found, id_of, listed, shape, single, wanted};
use super::{Outcome, Route, groups, route};
use crate::org::{App, RoleGrant};
use crate::rights::{Area::Roles, Right};
use crate::wire::Response;

const TARGETS: &str = "/oauth2/v1/clients/{clientId}/roles/{roleAssignmentId}/targets/groups";
const TARGET: &str =
    "/oauth2/v1/clients/{clientId}/roles/{roleAssignmentId}/targets/groups/{groupId}";

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/oauth2/v1/clients/{clientId}/roles",
        Right::Read(Roles),
        list,
    ),
    route(
        "POST",
        "/oauth2/v1/clients/{clientId}/roles",
        Right::Manage(Roles),
        add,
    ),
    route(
        "GET",
        "/oauth2/v1/clients/{clientId}/roles/{roleAssignmentId}",
        Right::Read(Roles),
        read,
    ),
    route(
        "DELETE",
        "/oauth2/v1/clients/{clientId}/roles/{roleAssignmentId}",
        Right::Manage(Roles),
        remove,
    ),
    route("GET", TARGETS, Right::Read(Roles), targets),
    route("PUT", TARGET, Right::Manage(Roles), add_target),
    route("DELETE", TARGET, Right::Manage(Roles), remove_target),
];

fn client(call: &mut Call<'_>) -> Result<(App, Assignee), OktaError> {
    let app = call.client()?;
    let path = format!("/oauth2/v1/clients/{}", app.client_id().unwrap_or_default());
    let kind = "CLIENT";
    Ok((app, Assignee { kind, path }))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let (app, of) = client(call)?;
    listed(call, &of, &app.roles)
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (app, of) = client(call)?;
    single(call, &of, &app.roles)
}

// The published document says 200, a real org answered 201.
fn add(call: &mut Call<'_>) -> Outcome {
    let (app, of) = client(call)?;
    let role = wanted(call, &app.roles, |_, kind| id_of(kind))?;
    let answer = shape(call, &of, &role);
    let what = format!("role {} of app `{}`", role.kind, app.label);
    call.created(what, &format!("clients/{}/roles", app.id), &role.id);
    call.event(
        "app.oauth2.client.privilege.grant",
        "PublicClientApp",
        app.client_id().unwrap_or_default(),
    );
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.roles.push(role);
    }
    Ok(Response::json(201, &answer))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let (app, of) = client(call)?;
    let role = found(call, &app.roles)?;
    let object = shape(call, &of, &role);
    if let Some(app) = call.org.apps.get_mut(&app.id) {
        app.roles.retain(|held| held.id != role.id);
    }
    let what = format!("role {} of app `{}`", role.kind, app.label);
    call.deleted(what, &format!("clients/{}/roles", app.id), &role.id, object);
    call.event(
        "app.oauth2.client.privilege.revoke",
        "PublicClientApp",
        app.client_id().unwrap_or_default(),
    );
    Ok(Response::empty(204))
}

fn targets(call: &mut Call<'_>) -> Outcome {
    let (app, _) = client(call)?;
    let role = found(call, &app.roles)?;
    let limits = role.groups.iter().filter_map(|id| call.org.groups.get(id));
    let shapes: Vec<Value> = limits.map(|group| groups::shape(call, group)).collect();
    Ok(Response::json(200, &Value::Array(shapes)))
}

const LIMITABLE: [&str; 3] = ["GROUP_MEMBERSHIP_ADMIN", "HELP_DESK_ADMIN", "USER_ADMIN"];

fn add_target(call: &mut Call<'_>) -> Outcome {
    let group = call.group()?.id.clone();
    change_target(call, |role| role.groups.insert(group))
}

fn remove_target(call: &mut Call<'_>) -> Outcome {
    let group = call.group()?.id.clone();
    let (app, _) = client(call)?;
    let role = found(call, &app.roles)?;
    if role.groups.len() == 1 && role.groups.contains(&group) {
        // Without its last group the role would reach all of them.
        return Err(OktaError::invalid(
            "targets",
            "The last target can't be removed; remove the role instead.",
        ));
    }
    change_target(call, |role| role.groups.remove(&group))
}

fn change_target(call: &mut Call<'_>, change: impl FnOnce(&mut RoleGrant) -> bool) -> Outcome {
    let (app, _) = client(call)?;
    let role = found(call, &app.roles)?;
    if !LIMITABLE.contains(&role.kind.as_str()) {
        let cause = "The role can't be limited to groups.";
        return Err(OktaError::invalid("targets", cause));
    }
    let mut held = call.org.apps.get_mut(&app.id).into_iter();
    let held = held.find_map(|app| app.roles.iter_mut().find(|held| held.id == role.id));
    if held.is_some_and(change) {
        call.updated(format!(
            "targets of role {} of app `{}`",
            role.kind, app.label
        ));
    }
    Ok(Response::empty(204))
}
