//! App instances and who has them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ClientSecret, Grant, RoleGrant, User};
use crate::keys::SigningKey;
use crate::provision::state::Provisioning;

/// An app instance with its keys and assignments.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub id: String,
    pub name: String,
    pub label: String,
    pub active: bool,
    pub created: u64,
    pub updated: u64,
    pub sign_on_mode: String,
    pub accessibility: Value,
    pub visibility: Value,
    pub credentials: Value,
    pub settings: Value,
    /// Last part of the embed link.
    pub link: String,
    /// The `exk…` id that metadata and sign-on addresses use.
    pub external_key: String,
    pub keys: Vec<SigningKey>,
    pub users: BTreeMap<String, AppUser>,
    pub groups: BTreeMap<String, AppGroup>,
    pub provisioning: Provisioning,
    /// Admin roles of an app that is an OAuth client.
    pub roles: Vec<RoleGrant>,
    pub grants: BTreeMap<String, Grant>,
    pub secrets: Vec<ClientSecret>,
}

impl App {
    /// True for apps that sign SAML assertions.
    pub(crate) fn is_saml(&self) -> bool {
        self.sign_on_mode == "SAML_2_0"
    }

    /// True for apps that are OAuth clients, of which the client API is another view.
    pub(crate) fn is_client(&self) -> bool {
        self.name.starts_with("oidc_client")
    }

    /// The client id, which is the app's id unless another was chosen at creation.
    pub(crate) fn client_id(&self) -> Option<&str> {
        self.credentials
            .pointer("/oauthClient/client_id")?
            .as_str()
            .filter(|_| self.is_client())
    }

    /// One of the client's settings (`settings.oauthClient`).
    pub(crate) fn client_setting(&self, name: &str) -> &Value {
        &self.settings["oauthClient"][name]
    }

    /// How the client proves who it is at the token endpoint.
    pub(crate) fn auth_method(&self) -> &str {
        self.credentials["oauthClient"]["token_endpoint_auth_method"]
            .as_str()
            .unwrap_or_default()
    }

    /// The client's own keys, as stored in its settings.
    pub(crate) fn client_keys(&self) -> &[Value] {
        self.client_setting("jwks")["keys"]
            .as_array()
            .map_or(&[], Vec::as_slice)
    }

    /// The key named by `credentials.signing.kid`.
    pub(crate) fn active_key(&self) -> Option<&SigningKey> {
        let kid = self.credentials.pointer("/signing/kid")?.as_str()?;
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// One of the app's own settings (`settings.app`).
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get("app")?.get(name)?.as_str()
    }
}

/// A user's assignment to an app.
#[derive(Clone, Debug)]
pub(crate) struct AppUser {
    /// `USER` or `GROUP`.
    pub scope: String,
    pub created: u64,
    pub updated: u64,
    pub user_name: String,
    /// True when the assignment gave the username, so that it does not follow the person's.
    pub named: bool,
    pub profile: Value,
    /// What of the profile the assignment itself says.
    pub own: Map<String, Value>,
}

impl AppUser {
    pub(super) fn of_group(app: &App, user: &User, group: &AppGroup) -> Self {
        let profile = app_profile(app, user);
        let user_name = user.login().to_owned();
        Self {
            scope: "GROUP".to_owned(),
            created: group.updated,
            updated: group.updated,
            user_name,
            named: false,
            profile,
            own: group.profile.as_object().cloned().unwrap_or_default(),
        }
    }
}

/// The profile that default mappings give an app user: of OpenID Connect's claims for clients.
pub(crate) fn app_profile(app: &App, user: &User) -> Value {
    if app.is_client() {
        return claims(user);
    }
    let names = ["email", "firstName", "lastName"];
    let picked = names.map(|name| (name.to_owned(), Value::from(user.attribute(name))));
    Value::Object(picked.into_iter().collect())
}

/// OpenID Connect's claims about a person. Recorded: each is there, null where the person has no such attribute, and
/// two have a default.
pub(crate) fn claims(user: &User) -> Value {
    const CLAIMS: [(&str, &str, Option<&str>); 20] = [
        ("street_address", "streetAddress", None),
        ("country", "countryCode", None),
        ("website", "profileUrl", None),
        ("zoneinfo", "timezone", Some("America/Los_Angeles")),
        ("birthdate", "", None),
        ("gender", "", None),
        ("formatted", "postalAddress", None),
        ("profile", "", None),
        ("locality", "city", None),
        ("given_name", "firstName", None),
        ("middle_name", "middleName", None),
        ("locale", "locale", Some("en_US")),
        ("picture", "", None),
        ("name", "displayName", None),
        ("nickname", "nickName", None),
        ("phone_number", "primaryPhone", None),
        ("region", "state", None),
        ("postal_code", "zipCode", None),
        ("family_name", "lastName", None),
        ("email", "email", None),
    ];
    let full = user.full_name();
    let claim = |(name, attribute, usual): (&str, &str, Option<&str>)| {
        let usual = if name == "name" {
            Some(full.as_str())
        } else {
            usual
        };
        let own = Some(user.attribute(attribute)).filter(|text| !text.is_empty());
        (
            name.to_owned(),
            own.or(usual).map_or(Value::Null, Value::from),
        )
    };
    Value::Object(CLAIMS.into_iter().map(claim).collect())
}

/// A group's assignment to an app.
#[derive(Clone, Debug)]
pub(crate) struct AppGroup {
    pub priority: u64,
    pub updated: u64,
    pub profile: Value,
}
