//! OAuth 2.0 of the org authorization server, and what an org sends as a client of another one.

pub(crate) mod access;
pub(crate) mod assertion;
pub(crate) mod client_auth;
mod dpop;
pub(crate) mod jose;
mod metadata;
pub(crate) mod scopes;
pub(crate) mod token;

use crate::oidc::userinfo;
use crate::okta::{Route, outward, route};
use crate::org::Org;
use crate::rights::Right;

pub(crate) const ROUTES: &[Route] = &[
    outward("POST", token::PATH, token::answer),
    outward("GET", "/oauth2/v1/userinfo", userinfo::answer),
    outward("POST", "/oauth2/v1/userinfo", userinfo::answer),
    route("GET", "/oauth2/v1/keys", Right::Public, metadata::keys),
    route(
        "GET",
        "/.well-known/openid-configuration",
        Right::Public,
        metadata::openid,
    ),
    route(
        "GET",
        "/.well-known/oauth-authorization-server",
        Right::Public,
        metadata::server,
    ),
];

/// Who issues the org's tokens.
pub(crate) fn issuer(org: &Org) -> String {
    format!("https://{}", org.host())
}

/// True when an address is this path on this host. The lab's port is the network's and not the org's, so an address
/// with a port means the same place.
fn is_address(given: &str, host: &str, path: &str) -> bool {
    url::Url::parse(given).is_ok_and(|url| {
        url.scheme() == "https"
            && url.host_str() == Some(host)
            && url.path() == path
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
    })
}
