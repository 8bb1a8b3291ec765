//! Profile mappings: which attributes go from a user to an app user, and back.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::{OktaError, cut};
use super::paging::{Size, page};
use super::schemas::{has_app_attribute, has_user_attribute, pushed};
use super::{Outcome, Route, route};
use crate::org::{App, Idp, Org};
use crate::provision::expression::Expression;
use crate::rights::{Area::Mappings, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/mappings", Right::Read(Mappings), list),
    route(
        "GET",
        "/api/v1/mappings/{mappingId}",
        Right::Read(Mappings),
        read,
    ),
    route(
        "POST",
        "/api/v1/mappings/{mappingId}",
        Right::Manage(Mappings),
        update,
    ),
];

/// One direction between users and the users of an app or identity provider. It exists because the app does.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub id: String,
    /// The app or identity provider.
    other: String,
    name: String,
    /// True from the user to the app.
    outward: bool,
}

/// What an Org2Org app takes from its users, as it stands.
pub(crate) fn to_app(org: &Org, app: &App) -> Map<String, Value> {
    properties(org, &of_app(app, true))
}

/// True when the mapping is one of the app's.
pub(crate) fn belongs(mapping: &str, app: &App) -> bool {
    [true, false]
        .iter()
        .any(|outward| of_app(app, *outward).id == mapping)
}

// Ids follow from the app's, so that making an app takes no more ids than before.
fn of_app(app: &App, outward: bool) -> Mapping {
    Mapping {
        id: id(&app.id, if outward { 'A' } else { 'B' }),
        other: app.id.clone(),
        name: app.name.clone(),
        outward,
    }
}

fn of_idp(idp: &Idp) -> Mapping {
    let name = match idp.kind.as_str() {
        "SAML2" => "saml_idp".to_owned(),
        kind => format!("{}_idp", kind.to_ascii_lowercase()),
    };
    Mapping {
        id: id(&idp.id, 'B'),
        other: idp.id.clone(),
        name,
        outward: false,
    }
}

fn id(other: &str, direction: char) -> String {
    format!("prm{direction}{}", other.get(4..).unwrap_or_default())
}

fn all(org: &Org) -> Vec<Mapping> {
    let apps = org.apps.values().filter(|app| app.name == "okta_org2org");
    let mut found: Vec<Mapping> = apps
        .flat_map(|app| [of_app(app, true), of_app(app, false)])
        .chain(org.idps.values().map(of_idp))
        .collect();
    found.sort_by(|left, right| left.id.cmp(&right.id));
    found
}

// What an admin changed, over what comes with the app.
fn properties(org: &Org, mapping: &Mapping) -> Map<String, Value> {
    let mut made = defaults(org, mapping);
    for (name, value) in org.mappings.get(&mapping.id).into_iter().flatten() {
        if value.is_null() {
            made.remove(name);
        } else {
            made.insert(name.clone(), value.clone());
        }
    }
    made
}

fn defaults(org: &Org, mapping: &Mapping) -> Map<String, Value> {
    let rule = |name: &str, expression: String, push: &str| {
        let rule = json!({ "expression": expression, "pushStatus": push });
        (name.to_owned(), rule)
    };
    if org.idps.contains_key(&mapping.other) {
        let names = ["firstName", "lastName", "email", "mobilePhone"];
        let same = names.map(|name| rule(name, format!("source.{name}"), "DONT_PUSH"));
        let login = rule("login", "source.userName".to_owned(), "DONT_PUSH");
        return same.into_iter().chain([login]).collect();
    }
    if mapping.outward {
        return pushed()
            .map(|name| rule(name, format!("source.{name}"), "PUSH"))
            .collect();
    }
    pushed()
        .map(|name| rule(name, format!("source.{name}"), "DONT_PUSH"))
        .collect()
}

fn ends(call: &Call<'_>, mapping: &Mapping) -> (Value, Value) {
    let meta = |path: String| call.href(&format!("/api/v1/meta/{path}"));
    let org = &call.org;
    let user = json!({
        "id": org.user_type, "name": "user", "type": "user",
        "_links": {
            "self": { "href": meta(format!("types/user/{}", org.user_type)) },
            "schema": { "href": meta(format!("schemas/user/{}", org.schema)) },
        },
    });
    let other = json!({
        "id": mapping.other, "name": mapping.name, "type": "appuser",
        "_links": {
            "self": { "href": call.href(&format!("/api/v1/apps/{}", mapping.other)) },
            "schema": { "href": meta(format!("schemas/apps/{}/default", mapping.other)) },
        },
    });
    if mapping.outward {
        (user, other)
    } else {
        (other, user)
    }
}

fn shape(call: &Call<'_>, mapping: &Mapping, with_properties: bool) -> Value {
    let (source, target) = ends(call, mapping);
    let place = call.href(&format!("/api/v1/mappings/{}", mapping.id));
    let mut made = json!({
        "id": mapping.id, "source": source, "target": target, "_links": { "self": { "href": place } },
    });
    if with_properties {
        made["properties"] = Value::Object(properties(call.org, mapping));
    }
    made
}

fn list(call: &mut Call<'_>) -> Outcome {
    let (source, target) = (call.query("sourceId"), call.query("targetId"));
    for id in [&source, &target].into_iter().flatten() {
        let org = &call.org;
        let known = *id == org.user_type || org.apps.contains_key(id) || org.idps.contains_key(id);
        if !known {
            return Err(OktaError::missing(id, "ProfileMapping"));
        }
    }
    let user = call.org.user_type.clone();
    let fits = |mapping: &Mapping| {
        let (from, to) = if mapping.outward {
            (&user, &mapping.other)
        } else {
            (&mapping.other, &user)
        };
        source.as_ref().is_none_or(|id| id == from) && target.as_ref().is_none_or(|id| id == to)
    };
    let found = all(call.org);
    let items = found
        .iter()
        .filter(|mapping| fits(mapping))
        .map(|mapping| (mapping.id.clone(), shape(call, mapping, false)))
        .collect();
    let size = Size {
        usual: 20,
        most: 200,
    };
    page(call, "mappings", items, size)
}

fn named(call: &Call<'_>) -> Result<Mapping, OktaError> {
    let id = call.param("mappingId");
    let found = all(call.org).into_iter().find(|mapping| mapping.id == id);
    found.ok_or_else(|| OktaError::missing(&id, "ProfileMapping"))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let mapping = named(call)?;
    Ok(Response::json(200, &shape(call, &mapping, true)))
}

fn update(call: &mut Call<'_>) -> Outcome {
    let mapping = named(call)?;
    let body = call.object()?;
    let Some(Value::Object(given)) = body.get("properties") else {
        return Err(OktaError::malformed());
    };
    let mut next = call
        .org
        .mappings
        .get(&mapping.id)
        .cloned()
        .unwrap_or_default();
    let usual = defaults(call.org, &mapping);
    for (name, rule) in given {
        check(call, &mapping, name)?;
        let rule = read_rule(name, rule)?;
        // A rule that is the default again is no change, so that taking it back leaves nothing behind.
        if usual.get(name).unwrap_or(&Value::Null) == &rule {
            next.remove(name);
        } else {
            next.insert(name.clone(), rule);
        }
    }
    if next.is_empty() {
        call.org.mappings.remove(&mapping.id);
    } else {
        call.org.mappings.insert(mapping.id.clone(), next);
    }
    call.updated(format!("mapping {} of `{}`", mapping.id, mapping.name));
    Ok(Response::json(200, &shape(call, &mapping, true)))
}

fn check(call: &Call<'_>, mapping: &Mapping, name: &str) -> Result<(), OktaError> {
    let known = match call.org.apps.get(&mapping.other) {
        Some(app) if mapping.outward => has_app_attribute(app, name),
        _ => has_user_attribute(call.org, name),
    };
    if known {
        return Ok(());
    }
    Err(refused(format!("Invalid target field {}", cut(name))))
}

// A rule as it is kept: null for one that was removed.
fn read_rule(name: &str, rule: &Value) -> Result<Value, OktaError> {
    let expression = &rule["expression"];
    if rule.is_null() || (rule.is_object() && expression.is_null()) {
        return Ok(Value::Null);
    }
    let text = expression
        .as_str()
        .filter(|text| Expression::read(text).is_some())
        .ok_or_else(|| {
            refused(format!(
                "Invalid property mapping expression for {}",
                cut(name)
            ))
        })?;
    match rule["pushStatus"].as_str() {
        Some(push @ ("PUSH" | "DONT_PUSH")) => {
            Ok(json!({ "expression": text, "pushStatus": push }))
        }
        _ => Err(refused("pushStatus: The value must be PUSH or DONT_PUSH")),
    }
}

fn refused(cause: impl Into<String>) -> OktaError {
    OktaError::invalid("updateMapping", cause)
}
