//! The scopes of the org authorization server that a service app may be granted.

/// Resources with both `okta.RESOURCE.read` and `okta.RESOURCE.manage`.
const RESOURCES: [&str; 40] = [
    "agentPools",
    "apiTokens",
    "appGrants",
    "apps",
    "authenticators",
    "authorizationServers",
    "behaviors",
    "brands",
    "captchas",
    "certificateAuthorities",
    "clients",
    "devices",
    "deviceAssurance",
    "domains",
    "emailDomains",
    "eventHooks",
    "factors",
    "features",
    "groups",
    "idps",
    "inlineHooks",
    "linkedObjects",
    "logStreams",
    "networkZones",
    "oauthIntegrations",
    "orgs",
    "policies",
    "principalRateLimits",
    "profileMappings",
    "rateLimits",
    "realms",
    "reports",
    "riskProviders",
    "roles",
    "schemas",
    "sessions",
    "templates",
    "trustedOrigins",
    "userTypes",
    "users",
];

/// True for a scope that an app can be granted at all.
pub(crate) fn is_known(scope: &str) -> bool {
    if matches!(scope, "okta.clients.register" | "okta.logs.read") {
        return true;
    }
    let parts: Vec<&str> = scope.split('.').collect();
    matches!(parts[..], ["okta", resource, "read" | "manage"] if RESOURCES.contains(&resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_have_three_parts_and_a_known_resource() {
        assert!(is_known("okta.users.manage") && is_known("okta.clients.register"));
        for other in [
            "openid",
            "okta.users",
            "okta.users.write",
            "okta.logs.manage",
            "okta.x.read",
        ] {
            assert!(!is_known(other), "{other}");
        }
    }
}
