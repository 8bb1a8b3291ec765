//! The Management API. One file per resource; each lists its routes, and this table lists the resources.

pub(crate) mod api_tokens;
pub(crate) mod app_body;
pub(crate) mod app_features;
pub(crate) mod app_groups;
pub(crate) mod app_jwks;
pub(crate) mod app_keys;
pub(crate) mod app_links;
pub(crate) mod app_secrets;
pub(crate) mod app_shape;
pub(crate) mod app_users;
pub(crate) mod apps;
pub(crate) mod call;
pub(crate) mod client_keys;
pub(crate) mod client_privileges;
pub(crate) mod client_roles;
pub(crate) mod client_settings;
pub(crate) mod clients;
pub(crate) mod connections;
pub(crate) mod custom_roles;
pub(crate) mod domains;
pub(crate) mod error;
pub(crate) mod features;
pub(crate) mod filter;
pub(crate) mod grants;
pub(crate) mod group_push;
pub(crate) mod groups;
pub(crate) mod iam;
pub(crate) mod id_tokens;
pub(crate) mod idp_integration;
pub(crate) mod idp_keys;
pub(crate) mod idp_shape;
pub(crate) mod idp_signing_keys;
pub(crate) mod idp_users;
pub(crate) mod idps;
pub(crate) mod logs;
pub(crate) mod mappings;
pub(crate) mod members;
pub(crate) mod org;
pub(crate) mod paging;
pub(crate) mod policies;
pub(crate) mod principal_limits;
pub(crate) mod resource_sets;
pub(crate) mod roles;
mod routing_rules;
pub(crate) mod saml;
pub(crate) mod schemas;
pub(crate) mod user_lifecycle;
pub(crate) mod user_passwords;
pub(crate) mod user_profile;
pub(crate) mod user_types;
pub(crate) mod users;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::oauth;
use crate::rights::Right;
use crate::wire::{Request, Response};
use crate::world::World;
use call::Call;
use error::OktaError;

/// What an operation answers.
pub(crate) type Outcome = Result<Response, OktaError>;

/// One operation: where it is, what it needs, what it does.
pub(crate) struct Route {
    pub method: &'static str,
    /// Path with `{name}` for each parameter.
    pub path: &'static str,
    pub right: Right,
    /// True for a protected action, which may ask for step-up.
    pub protected: bool,
    /// Scopes that a token needs, where they are not the right's own.
    pub scopes: &'static [&'static str],
    /// True when its errors have OAuth's shape.
    pub oauth: bool,
    pub run: Run,
}

/// What an operation does.
pub(crate) enum Run {
    /// It works on its own org.
    Call(fn(&mut Call<'_>) -> Outcome),
    /// It also sends requests to other orgs. The org is named by its index.
    Outward(fn(&mut World, usize, &Request, u64) -> Outcome),
}

/// An operation that any caller with the right may run.
pub(crate) const fn route(
    method: &'static str,
    path: &'static str,
    right: Right,
    run: fn(&mut Call<'_>) -> Outcome,
) -> Route {
    Route {
        method,
        path,
        right,
        protected: false,
        scopes: &[],
        oauth: false,
        run: Run::Call(run),
    }
}

/// An operation that anybody may call and that sends requests of its own.
pub(crate) const fn outward(
    method: &'static str,
    path: &'static str,
    run: fn(&mut World, usize, &Request, u64) -> Outcome,
) -> Route {
    Route {
        method,
        path,
        right: Right::Public,
        protected: false,
        scopes: &[],
        oauth: false,
        run: Run::Outward(run),
    }
}

impl Route {
    /// The same operation, as a protected action.
    pub(crate) const fn protected(mut self) -> Self {
        self.protected = true;
        self
    }

    /// The same operation with scopes that are not the right's own; a token needs all of them.
    pub(crate) const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// The same operation with errors in OAuth's shape.
    pub(crate) const fn oauth(mut self) -> Self {
        self.oauth = true;
        self
    }

    /// The scopes that a token needs.
    pub(crate) fn needed(&self) -> Vec<String> {
        match self.scopes {
            [] => self.right.scope().into_iter().collect(),
            own => own.iter().map(|scope| (*scope).to_owned()).collect(),
        }
    }
}

/// Every resource's routes. Where two paths fit, the earlier one with more fixed parts must come first.
const RESOURCES: &[&[Route]] = &[
    org::ROUTES,
    domains::ROUTES,
    features::ROUTES,
    id_tokens::ROUTES,
    policies::ROUTES,
    routing_rules::ROUTES,
    principal_limits::ROUTES,
    client_privileges::ROUTES,
    iam::ROUTES,
    custom_roles::ROUTES,
    resource_sets::ROUTES,
    logs::ROUTES,
    apps::ROUTES,
    app_keys::ROUTES,
    app_jwks::ROUTES,
    app_secrets::ROUTES,
    grants::ROUTES,
    clients::ROUTES,
    client_roles::ROUTES,
    oauth::ROUTES,
    api_tokens::ROUTES,
    app_users::ROUTES,
    app_groups::ROUTES,
    connections::ROUTES,
    app_features::ROUTES,
    group_push::ROUTES,
    mappings::ROUTES,
    schemas::ROUTES,
    user_types::ROUTES,
    saml::ROUTES,
    idp_keys::ROUTES,
    idp_signing_keys::ROUTES,
    idps::ROUTES,
    idp_users::ROUTES,
    users::ROUTES,
    user_lifecycle::ROUTES,
    user_passwords::ROUTES,
    app_links::ROUTES,
    roles::ROUTES,
    groups::ROUTES,
    members::ROUTES,
];

/// What the table says about a method and path.
pub(crate) enum Found {
    /// The operation and its path parameters.
    Operation(&'static Route, Vec<(&'static str, String)>),
    /// The path exists with other methods only.
    OtherMethod,
    /// No such path.
    Nothing,
}

/// Finds the operation for a method and path.
pub(crate) fn find(method: &str, path: &str) -> Found {
    let (length, resource) = place(path);
    // A part that a route leaves open fits too, after the routes that name it.
    let routes = [resource, ""]
        .into_iter()
        .filter_map(|resource| routes().get(&(length, resource)))
        .flatten();
    let mut other_method = false;
    for route in routes {
        let Some(params) = fit(route.path, path) else {
            continue;
        };
        if route.method == method {
            return Found::Operation(route, params);
        }
        other_method = true;
    }
    if other_method {
        Found::OtherMethod
    } else {
        Found::Nothing
    }
}

/// The routes by [`place`]: sweeps look for an operation millions of times.
fn routes() -> &'static BTreeMap<(usize, &'static str), Vec<&'static Route>> {
    static ROUTES: OnceLock<BTreeMap<(usize, &str), Vec<&Route>>> = OnceLock::new();
    ROUTES.get_or_init(|| {
        let mut routes: BTreeMap<(usize, &str), Vec<&Route>> = BTreeMap::new();
        for route in RESOURCES.iter().copied().flatten() {
            routes.entry(place(route.path)).or_default().push(route);
        }
        routes
    })
}

/// How many parts a path has, and its fourth, which names the resource (`/api/v1/apps`); empty where a template
/// leaves that open.
fn place(path: &str) -> (usize, &str) {
    let mut parts = path.split('/');
    let resource = parts.nth(3).unwrap_or_default();
    let named = if resource.starts_with('{') {
        ""
    } else {
        resource
    };
    (path.matches('/').count(), named)
}

fn fit(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut wanted = template.split('/');
    let mut seen = path.split('/');
    loop {
        match (wanted.next(), seen.next()) {
            (None, None) => return Some(params),
            (Some(part), Some(value)) => match part.strip_prefix('{') {
                Some(name) if !value.is_empty() => {
                    params.push((name.trim_end_matches('}'), decoded(value)))
                }
                None if part == value => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// Percent-decodes one path segment.
pub(crate) fn decoded(segment: &str) -> String {
    if !segment.contains(['%', '+']) {
        return segment.to_owned();
    }
    let plus_kept = segment.replace('+', "%2B");
    let pair = format!("v={plus_kept}").replace('&', "%26");
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default()
}

/// Every operation there is.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    RESOURCES.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_parts_win_over_parameters() {
        let Found::Operation(route, _) = find("GET", "/api/v1/idps/credentials/keys") else {
            panic!("no route")
        };
        assert_eq!(route.path, "/api/v1/idps/credentials/keys");
        let Found::Operation(route, _) = find("GET", "/api/v1/users/me") else {
            panic!("no route")
        };
        assert_eq!(route.path, "/api/v1/users/me");
    }

    #[test]
    fn a_known_path_with_another_method_is_told_apart() {
        assert!(matches!(find("PATCH", "/api/v1/apps"), Found::OtherMethod));
        assert!(matches!(find("GET", "/api/v1/nothing"), Found::Nothing));
    }

    #[test]
    fn scopes_are_those_of_the_published_document() {
        let place = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/okta/openapi.json"
        );
        let Ok(text) = std::fs::read_to_string(place) else {
            println!("skipped: Okta's document is not at {place}");
            return;
        };
        let document: serde_json::Value = serde_json::from_str(&text).expect("the document");
        // Parameters have other names there.
        let bare = |path: &str| {
            let parts = path.split('/');
            let parts = parts.map(|part| if part.starts_with('{') { "{}" } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        let mut compared = 0;
        for (path, methods) in document["paths"].as_object().expect("paths") {
            let same = all().filter(|route| bare(route.path) == bare(path));
            // What anybody may read here is read without credentials by another org, whatever the document says.
            for route in same.filter(|route| route.right != Right::Public) {
                let security = &methods[route.method.to_ascii_lowercase().as_str()]["security"];
                let Some(ways) = security.as_array() else {
                    continue;
                };
                let wanted: Vec<&str> = ways
                    .iter()
                    .flat_map(|way| way["oauth2"].as_array().into_iter().flatten())
                    .filter_map(serde_json::Value::as_str)
                    .collect();
                assert_eq!(route.needed(), wanted, "{} {}", route.method, route.path);
                compared += 1;
            }
        }
        assert!(compared > 50, "only {compared} operations were found");
    }

    #[test]
    fn no_two_routes_share_method_and_path() {
        let mut seen = std::collections::BTreeSet::new();
        for route in RESOURCES.iter().copied().flatten() {
            assert!(
                seen.insert((route.method, route.path)),
                "{} {}",
                route.method,
                route.path
            );
        }
    }
}
