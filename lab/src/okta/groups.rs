//! Groups: list, search, create, read, rename, delete.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::app_shape;
use super::call::Call;
use super::error::OktaError;
use super::filter::Filter;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{App, Group};
use crate::rights::{Area::Groups, Right};
use crate::shelf::Told;
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/groups", Right::Read(Groups), list),
    route("POST", "/api/v1/groups", Right::Create(Groups), add),
    route("GET", "/api/v1/groups/{groupId}", Right::Read(Groups), read),
    route(
        "PUT",
        "/api/v1/groups/{groupId}",
        Right::Manage(Groups),
        put,
    ),
    route(
        "DELETE",
        "/api/v1/groups/{groupId}",
        Right::Manage(Groups),
        delete,
    ),
    route(
        "GET",
        "/api/v1/groups/{groupId}/apps",
        Right::Read(Groups),
        apps,
    ),
];

/// Kind of the groups that admins make.
pub(crate) const OKTA_GROUP: &str = "OKTA_GROUP";
/// Kind of the groups that every org has.
pub(crate) const BUILT_IN: &str = "BUILT_IN";

/// A group as the API answers it.
pub(crate) fn shape(call: &Call<'_>, group: &Group) -> Value {
    let base = call.href(&format!("/api/v1/groups/{}", group.id));
    let mut made = json!({
        "id": group.id, "created": stamp(group.created), "lastUpdated": stamp(group.updated),
        "lastMembershipUpdated": stamp(group.members_updated), "objectClass": ["okta:user_group"],
        "type": group.kind, "profile": { "name": group.name, "description": group.description },
        "_links": {
            "logo": [{ "name": "medium", "href": call.href("/assets/lab.svg"), "type": "image/png" }],
            "owners": { "href": format!("{base}/owners") }, "users": { "href": format!("{base}/users") },
            "apps": { "href": format!("{base}/apps") },
        },
    });
    if let Some(of) = &group.of_app {
        made["source"] = json!({ "id": of.app });
        made["_links"]["source"] =
            json!({ "href": call.href(&format!("/api/v1/apps/{}", of.app)) });
    }
    made
}

/// The same for a group as the org holds it.
pub(crate) fn told(call: &Call<'_>, group: &Group) -> Told {
    let shelf = &call.org.groups;
    shelf.told(&group.id, &call.host, || shape(call, group))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let text = call.query("search").or_else(|| call.query("filter"));
    let filter = text.map(|text| Filter::read(&text)).transpose()?;
    let start = call.query("q").map(|text| text.to_lowercase());
    let items: Vec<_> = call
        .org
        .groups
        .values()
        .filter(|group| {
            start
                .as_ref()
                .is_none_or(|start| group.name.to_lowercase().starts_with(start))
        })
        .filter(|group| {
            filter
                .as_ref()
                .is_none_or(|filter| filter.fits(&shape(call, group)))
        })
        .map(|group| (group.id.clone(), told(call, group)))
        .collect();
    page(
        call,
        "groups",
        items,
        Size {
            usual: 10_000,
            most: 10_000,
        },
    )
}

fn profile(
    call: &Call<'_>,
    body: &Map<String, Value>,
    known: Option<&str>,
) -> Result<(String, Value), OktaError> {
    let Some(Value::Object(profile)) = body.get("profile") else {
        return Err(OktaError::malformed());
    };
    let name = profile
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if name.is_empty() || name.chars().count() > 255 {
        return Err(OktaError::invalid(
            "name",
            "name: The field must have 1 to 255 characters",
        ));
    }
    // The groups of an app may be called like one's own.
    let taken = |group: &Group| {
        group.name == name && group.of_app.is_none() && Some(group.id.as_str()) != known
    };
    if call.org.groups.values().any(taken) {
        return Err(OktaError::invalid(
            "name",
            "name: An object with this field already exists in the current organization",
        ));
    }
    Ok((
        name.to_owned(),
        profile.get("description").cloned().unwrap_or(Value::Null),
    ))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let body = call.object()?;
    let (name, description) = profile(call, &body, None)?;
    let group = Group {
        id: call.ids.fresh("00g"),
        kind: "OKTA_GROUP".to_owned(),
        name,
        description,
        created: call.now,
        updated: call.now,
        members_updated: call.now,
        members: Default::default(),
        of_app: None,
    };
    call.created(format!("group `{}`", group.name), "groups", &group.id);
    call.event("group.lifecycle.create", "UserGroup", &group.id);
    let answer = shape(call, &group);
    call.org.groups.insert(group.id.clone(), group);
    Ok(Response::json(200, &answer))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let group = call.group()?;
    Ok(Response::told(&told(call, &group)))
}

fn own(call: &mut Call<'_>) -> Result<Arc<Group>, OktaError> {
    let group = call.group()?;
    if group.kind == "OKTA_GROUP" {
        return Ok(group);
    }
    Err(OktaError::new(403, "E0000037", "Type mismatch exception.")
        .because("Only groups of the type OKTA_GROUP can be changed."))
}

fn put(call: &mut Call<'_>) -> Outcome {
    let mut group = Arc::unwrap_or_clone(own(call)?);
    let body = call.object()?;
    (group.name, group.description) = profile(call, &body, Some(&group.id))?;
    group.updated = call.now;
    call.updated(format!("group `{}`", group.name));
    let answer = shape(call, &group);
    call.org.groups.insert(group.id.clone(), group);
    Ok(Response::json(200, &answer))
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let group = own(call)?;
    let has = |app: &App| app.groups.contains_key(&group.id);
    for app in call.org.apps.those_mut(has) {
        app.groups.remove(&group.id);
    }
    let object = shape(call, &group);
    call.org.groups.remove(&group.id);
    call.deleted(
        format!("group `{}`", group.name),
        "groups",
        &group.id,
        object,
    );
    call.event("group.lifecycle.delete", "UserGroup", &group.id);
    Ok(Response::empty(204))
}

fn apps(call: &mut Call<'_>) -> Outcome {
    let group = call.group()?;
    let assigned = call
        .org
        .apps
        .values()
        .filter(|app| app.groups.contains_key(&group.id));
    let items = assigned
        .map(|app| (app.id.clone(), app_shape::told(call, app)))
        .collect();
    page(
        call,
        &format!("groups/{}/apps", group.id),
        items,
        Size {
            usual: 20,
            most: 200,
        },
    )
}
