//! How apps look in answers.

use serde_json::{Value, json};

use super::call::Call;
use crate::clock::stamp;
use crate::org::App;
use crate::provision::state::features;
use crate::shelf::Told;

/// An app as the API answers it, with links on the host that was called.
pub(crate) fn json(call: &Call<'_>, app: &App) -> Value {
    let base = call.href(&format!("/api/v1/apps/{}", app.id));
    let mut visibility = app.visibility.clone();
    visibility["appLinks"] = json!({ link_name(app): true });
    json!({
        "id": app.id, "orn": format!("orn:okta:idp:{}:apps:{}:{}", call.org.id, app.name, app.id),
        "name": app.name, "label": app.label, "status": if app.active { "ACTIVE" } else { "INACTIVE" },
        "lastUpdated": stamp(app.updated), "created": stamp(app.created),
        "accessibility": app.accessibility, "visibility": visibility, "features": features(app),
        "signOnMode": app.sign_on_mode, "credentials": app.credentials, "universalLogout": logout(app),
        "settings": app.settings, "_links": links(call, app, &base),
    })
}

/// The same for an app as the org holds it.
pub(crate) fn told(call: &Call<'_>, app: &App) -> Told {
    let shelf = &call.org.apps;
    shelf.told(&app.id, &call.host, || json(call, app))
}

// Universal Logout as recorded: off for custom SAML apps, absent for OIDC, unsupported elsewhere.
fn logout(app: &App) -> Value {
    if app.sign_on_mode == "OPENID_CONNECT" {
        return Value::Null;
    }
    if is_custom(app) && app.is_saml() {
        return json!({
            "status": "DISABLED", "supportType": "FULL", "identityStack": "NOT_SHARED",
            "protocol": "GLOBAL_TOKEN_REVOCATION",
        });
    }
    json!({ "status": "UNSUPPORTED" })
}

/// True for an app that was made without a catalog name.
pub(super) fn is_custom(app: &App) -> bool {
    !matches!(app.name.as_str(), "bookmark" | "okta_org2org")
        && !app.name.starts_with("oidc_client")
}

/// The embed link of an app on a host.
pub(crate) fn embed_link(host: &str, app: &App) -> String {
    format!("https://{host}/home/{}/{}/{}", app.name, app.id, app.link)
}

fn links(call: &Call<'_>, app: &App, base: &str) -> Value {
    let policy = call.href(&format!("/api/v1/policies/{}", call.org.policy));
    let mut links = json!({
        "uploadLogo": { "href": format!("{base}/logo"), "hints": { "allow": ["POST"] } },
        "appLinks": [{ "name": link_name(app), "href": embed_link(&call.host, app), "type": "text/html" }],
        "profileEnrollment": { "href": policy },
        "policies": { "href": format!("{base}/policies"), "hints": { "allow": ["PUT"] } },
        "groups": { "href": format!("{base}/groups") },
        "logo": [{ "name": "medium", "href": call.href("/assets/lab.svg"), "type": "image/png" }],
        "accessPolicy": { "href": policy },
        "users": { "href": format!("{base}/users") },
    });
    let (verb, other) = if app.active {
        ("deactivate", "lifecycle/deactivate")
    } else {
        ("activate", "lifecycle/activate")
    };
    links[verb] = json!({ "href": format!("{base}/{other}") });
    if app.is_client() {
        let own = if app.auth_method() == "private_key_jwt" {
            "jwks"
        } else {
            "secrets"
        };
        links["clientCredentials"] =
            json!([{ "name": own, "href": format!("{base}/credentials/{own}") }]);
    }
    if app.name == "okta_org2org" && app.sign_on_mode == "OPENID_CONNECT" {
        // Such an app is a client of the target, with keys and without a secret; its id is its client id.
        links["clientCredentials"] =
            json!([{ "name": "jwks", "href": format!("{base}/credentials/jwks") }]);
    }
    if app.is_saml() {
        let help = format!(
            "/app/{}/{}/setup/help/SAML_2_0/external-doc",
            app.name, app.id
        );
        links["help"] = json!({ "href": format!("https://{}{help}", call.org.admin_host()), "type": "text/html" });
        links["metadata"] =
            json!({ "href": format!("{base}/sso/saml/metadata"), "type": "application/xml" });
    }
    links
}

fn link_name(app: &App) -> String {
    match app.name.as_str() {
        "bookmark" | "okta_org2org" => "login".to_owned(),
        name => format!("{name}_link"),
    }
}
