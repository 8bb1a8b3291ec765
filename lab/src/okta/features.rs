//! Early-access features: list, read, what they need, switch on and off.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::rights::{Area::Features, Right};
use crate::settings::Feature;
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/features", Right::Read(Features), list),
    route(
        "GET",
        "/api/v1/features/{featureId}",
        Right::Read(Features),
        read,
    ),
    route(
        "GET",
        "/api/v1/features/{featureId}/dependencies",
        Right::Read(Features),
        dependencies,
    ),
    route(
        "GET",
        "/api/v1/features/{featureId}/dependents",
        Right::Read(Features),
        dependents,
    ),
    route(
        "POST",
        "/api/v1/features/{featureId}/{lifecycle}",
        Right::Manage(Features),
        switch,
    ),
];

fn shape(call: &Call<'_>, feature: &Feature) -> Value {
    let base = call.href(&format!("/api/v1/features/{}", feature.id));
    let link = |path: &str| json!({ "href": format!("{base}{path}") });
    let allowed = |path: &str, method: &str| json!({ "href": format!("{base}{path}"), "hints": { "allow": [method] } });
    let verb = if feature.enabled { "disable" } else { "enable" };
    json!({
        "id": feature.id, "type": "self-service", "status": if feature.enabled { "ENABLED" } else { "DISABLED" },
        "name": feature.name, "description": feature.about, "stage": { "value": "EA", "state": "OPEN" },
        "_links": {
            verb: allowed(&format!("/{verb}"), "POST"), "self": allowed("", "GET"),
            "dependents": link("/dependents"), "dependencies": link("/dependencies"),
        },
    })
}

fn find(call: &Call<'_>) -> Result<Feature, OktaError> {
    let id = call.param("featureId");
    let mut all = call.org.settings.features.iter();
    let found = all.find(|feature| feature.id == id).cloned();
    found.ok_or_else(|| OktaError::missing(&id, "Feature"))
}

fn all(call: &Call<'_>, shown: impl Fn(&Feature) -> bool) -> Outcome {
    let features = call.org.settings.features.iter();
    let found = features.filter(|feature| shown(feature));
    Ok(Response::json(
        200,
        &found.map(|feature| shape(call, feature)).collect(),
    ))
}

fn list(call: &mut Call<'_>) -> Outcome {
    all(call, |_| true)
}

fn read(call: &mut Call<'_>) -> Outcome {
    let feature = find(call)?;
    Ok(Response::json(200, &shape(call, &feature)))
}

fn dependencies(call: &mut Call<'_>) -> Outcome {
    let of = find(call)?;
    all(call, |feature| of.needs == Some(feature.name))
}

fn dependents(call: &mut Call<'_>) -> Outcome {
    let of = find(call)?;
    all(call, |feature| feature.needs == Some(of.name))
}

fn switch(call: &mut Call<'_>) -> Outcome {
    let feature = find(call)?;
    let verb = call.param("lifecycle");
    let on = match verb.to_ascii_uppercase().as_str() {
        "ENABLE" => true,
        "DISABLE" => false,
        _ => return Err(OktaError::missing(&call.path, "Endpoint")),
    };
    let others: Vec<Feature> = call.org.settings.features.clone();
    let in_the_way = |other: &&Feature| {
        let bound = match on {
            true => feature.needs == Some(other.name),
            false => other.needs == Some(feature.name),
        };
        bound && other.enabled != on
    };
    let bound: Vec<&Feature> = others.iter().filter(in_the_way).collect();
    // With force the features that it needs, or that need it, are switched as well.
    if !bound.is_empty() && call.query("mode").as_deref() != Some("force") {
        let names: Vec<&str> = bound.iter().map(|other| other.name).collect();
        let cause = format!("The feature is bound to '{}'", names.join("', '"));
        return Err(OktaError::invalid("feature", cause));
    }
    for changed in bound.iter().copied().chain([&feature]) {
        set(call, changed, on);
    }
    read(call)
}

fn set(call: &mut Call<'_>, feature: &Feature, on: bool) {
    if feature.enabled == on {
        return;
    }
    let mut all = call.org.settings.features.iter_mut();
    if let Some(own) = all.find(|own| own.id == feature.id) {
        own.enabled = on;
    }
    let verb = if on { "enabled" } else { "disabled" };
    call.updated(format!("feature `{}` {verb}", feature.name));
}
