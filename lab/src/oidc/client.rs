//! Which apps may send people here to sign in, and what is known of them.

use serde_json::Value;

use super::callback_address;
use crate::org::{App, Org};

/// An app that signs people in by OpenID Connect.
#[derive(Clone)]
pub(crate) struct Client {
    pub app: App,
    pub id: String,
    /// Addresses that codes may go to.
    pub redirects: Vec<String>,
    /// True when the request must come with a PKCE challenge.
    pub pkce: bool,
    /// Where its keys are; none for those it registered.
    pub keys_at: Option<String>,
    /// How it proves who it is.
    pub auth: String,
}

/// The active client of this id.
pub(crate) fn client(org: &Org, id: &str) -> Option<Client> {
    let org2org = org.apps.get(id).filter(|app| is_org2org(app));
    let found = org2org.and_then(target).or_else(|| of_its_own(org, id));
    found.filter(|client| client.app.active)
}

/// True for Org2Org apps in the OpenID Connect mode.
pub(crate) fn is_org2org(app: &App) -> bool {
    app.name == "okta_org2org" && app.sign_on_mode == "OPENID_CONNECT"
}

// Such an app has no settings of a client. Its id is the client id, codes go to the target that its base URL names,
// and that org signs with its own keys: where they are read is unconfirmed.
fn target(app: &App) -> Option<Client> {
    let host = target_host(app)?;
    Some(Client {
        id: app.id.clone(),
        redirects: vec![callback_address(&host)],
        pkce: true,
        keys_at: Some(format!("https://{host}/oauth2/v1/keys")),
        auth: "private_key_jwt".to_owned(),
        app: app.clone(),
    })
}

/// The org host of the target that an Org2Org app names; its base URL may name the admin host.
pub(crate) fn target_host(app: &App) -> Option<String> {
    let url = url::Url::parse(app.setting("baseUrl")?).ok()?;
    let host = url.host_str().filter(|_| url.scheme() == "https")?;
    let (first, rest) = host.split_once('.')?;
    let first = first.strip_suffix("-admin").unwrap_or(first);
    Some(format!("{first}.{rest}"))
}

fn of_its_own(org: &Org, id: &str) -> Option<Client> {
    let app = org.client(id)?;
    let texts = |name: &str| -> Vec<String> {
        let all = app.client_setting(name).as_array().into_iter().flatten();
        all.filter_map(|text| text.as_str().map(str::to_owned))
            .collect()
    };
    let by_person = texts("grant_types")
        .iter()
        .any(|grant| grant == "authorization_code");
    let pkce = &app.credentials["oauthClient"]["pkce_required"];
    by_person.then(|| Client {
        id: id.to_owned(),
        redirects: texts("redirect_uris"),
        pkce: pkce == &Value::Bool(true) || app.auth_method() == "none",
        keys_at: app.client_setting("jwks_uri").as_str().map(str::to_owned),
        auth: app.auth_method().to_owned(),
        app: app.clone(),
    })
}
