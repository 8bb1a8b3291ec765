//! Service apps of the hub, and connections that use them.

use serde_json::{Value, json};

use super::Pair;

/// The smallest roles that Okta's documents name together.
pub const ROLES: [&str; 2] = ["USER_ADMIN", "GROUP_MEMBERSHIP_ADMIN"];
pub const SCOPES: [&str; 2] = ["okta.users.manage", "okta.groups.manage"];

impl Pair {
    /// A service app of the hub with these keys (`jwks` or `jwks_uri`); its client id.
    pub fn service_app(&mut self, keys: Value, dpop: bool) -> String {
        let mut client = json!({
            "application_type": "service", "grant_types": ["client_credentials"], "response_types": ["token"],
            "consent_method": "TRUSTED", "dpop_bound_access_tokens": dpop,
        });
        for (name, value) in keys.as_object().expect("an object") {
            client[name] = value.clone();
        }
        let body = json!({
            "name": "oidc_client", "label": "Provisioning", "signOnMode": "OPENID_CONNECT",
            "credentials": { "oauthClient": { "token_endpoint_auth_method": "private_key_jwt" } },
            "settings": { "oauthClient": client },
        });
        let made = self.ok("hub", "POST", "/api/v1/apps", Some(&body));
        let id = made.pointer("/credentials/oauthClient/client_id");
        id.and_then(Value::as_str).expect("a client id").to_owned()
    }

    pub fn give_roles(&mut self, client: &str, roles: &[&str]) {
        for role in roles {
            let path = format!("/oauth2/v1/clients/{client}/roles");
            self.ok("hub", "POST", &path, Some(&json!({ "type": role })));
        }
    }

    pub fn grant(&mut self, client: &str, scopes: &[&str]) {
        for scope in scopes {
            let body = json!({ "scopeId": scope, "issuer": "https://hub.okta.com" });
            self.ok(
                "hub",
                "POST",
                &format!("/api/v1/apps/{client}/grants"),
                Some(&body),
            );
        }
    }

    /// Where an app's connection publishes its keys.
    pub fn key_address(&self, app: &str) -> String {
        format!(
            "https://{}.okta.com/api/v1/apps/{app}/connections/default/jwks",
            self.source
        )
    }

    /// An app that provisions with OAuth 2.0 and keys that rotate by themselves; app and client id.
    pub fn auto_app(&mut self, roles: &[&str], scopes: &[&str], dpop: bool) -> (String, String) {
        let app = self.bare_app("hub");
        let client = self.service_app(json!({ "jwks_uri": self.key_address(&app) }), dpop);
        self.give_roles(&client, roles);
        self.grant(&client, scopes);
        self.connect_by_client(&app, &client, Some("AUTO"));
        self.switch_on(&app);
        self.map_status(&app, "active_with_pass");
        (app, client)
    }

    pub fn connect_by_client(&mut self, app: &str, client: &str, mode: Option<&str>) {
        let mut profile = json!({ "authScheme": "OAUTH2", "clientId": client });
        if let Some(mode) = mode {
            profile["signing"] = json!({ "rotationMode": mode });
        }
        self.connect_with(app, &profile);
    }

    /// The public signing keys of an app, as an admin copies them.
    pub fn app_keys(&mut self, app: &str) -> Value {
        let source = self.source.clone();
        self.ok(
            &source,
            "GET",
            &format!("/api/v1/apps/{app}/credentials/keys"),
            None,
        )
    }
}
