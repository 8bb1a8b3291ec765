//! What people sign in by, and the client that pushes: apps, identity providers, certificates.

use serde_json::Value;

use super::super::Done;
use super::super::hcl::{Block, Hcl};
use super::Ground;
use super::resources::{Told, body, own, resource, text, watched};
use crate::json;

pub(super) fn app(ground: &Ground<'_>, done: &Done<'_>, object: &Value) -> Told {
    let body = body()
        .maybe("label", Hcl::text_at(object, "/label"))
        .maybe("admin_note", Hcl::text_at(object, "/settings/notes/admin"));
    let name = text(object, "/name").unwrap_or_default();
    match (name, text(object, "/signOnMode").unwrap_or_default()) {
        ("bookmark", _) => {
            let body = body.maybe("url", Hcl::text_at(object, "/settings/app/url"));
            resource("okta_app_bookmark", own(done), body)
        }
        ("oidc_client", _) => service_app(ground, done, object, body),
        (_, "SAML_2_0") => {
            let settings = json::at(object, "/settings/app").map(Value::to_string);
            let body = body
                .maybe("preconfigured_app", Hcl::text_at(object, "/name"))
                .maybe("app_settings_json", settings.map(Hcl::Text));
            resource("okta_app_saml", own(done), body)
        }
        _ => Told::Gap(
            "the provider makes no app of the integration network that signs on by OpenID Connect",
        ),
    }
}

fn service_app(ground: &Ground<'_>, done: &Done<'_>, object: &Value, body: Block) -> Told {
    let client = |name: &str| format!("/settings/oauthClient/{name}");
    let credentials = |name: &str| format!("/credentials/oauthClient/{name}");
    let body = body
        .maybe("type", Hcl::text_at(object, &client("application_type")))
        .maybe("grant_types", Hcl::texts_at(object, &client("grant_types")))
        .maybe(
            "response_types",
            Hcl::texts_at(object, &client("response_types")),
        )
        .maybe(
            "consent_method",
            Hcl::text_at(object, &client("consent_method")),
        )
        .maybe("jwks_uri", Hcl::text_at(object, &client("jwks_uri")))
        .maybe(
            "token_endpoint_auth_method",
            Hcl::text_at(object, &credentials("token_endpoint_auth_method")),
        )
        .maybe(
            "pkce_required",
            Hcl::flag_at(object, &credentials("pkce_required")),
        )
        .maybe(
            "auto_key_rotation",
            Hcl::flag_at(object, &credentials("autoKeyRotation")),
        )
        .set("omit_secret", Hcl::Flag(true));
    let first = json::at(object, &client("jwks/keys")).and_then(Value::as_array);
    let added = ground.alike("client-keys.add", "app", done.made().unwrap_or_default());
    let keys = first
        .into_iter()
        .flatten()
        .chain(added.filter_map(|done| done.body));
    let body = keys.fold(body, |body, key| body.with(public_key(key)));
    let bound = json::at(object, &client("dpop_bound_access_tokens")).and_then(Value::as_bool);
    match bound {
        Some(true) => watched(
            "okta_app_oauth",
            done,
            body,
            vec!["tokens are bound to the sender's key (DPoP)"],
        ),
        _ => resource("okta_app_oauth", own(done), body),
    }
}

// Of a key only what the provider takes, all of it public.
fn public_key(key: &Value) -> Block {
    ["kty", "kid", "e", "n", "x", "y"]
        .into_iter()
        .fold(Block::new("jwks", &[]), |block, name| {
            block.maybe(name, Hcl::text_at(key, &format!("/{name}")))
        })
}

pub(super) fn idp(ground: &Ground<'_>, done: &Done<'_>, object: &Value) -> Told {
    if text(object, "/type") != Some("SAML2") {
        return Told::Gap("the provider knows no IdP of the type OKTA_INTEGRATION");
    }
    let link = "/policy/accountLink";
    let provisioning = "/policy/provisioning";
    let protocol = "/protocol";
    let groups =
        json::at(object, &format!("{link}/filter/groups/include")).and_then(Value::as_array);
    let groups = groups.map(|ids| {
        let ids = ids.iter().filter_map(Value::as_str);
        Hcl::List(ids.map(|id| ground.id(id)).collect())
    });
    let at = |root: &str, rest: &str| Hcl::text_at(object, &format!("{root}{rest}"));
    let body = body()
        .maybe("name", at("", "/name"))
        .maybe("issuer", at(protocol, "/credentials/trust/issuer"))
        .maybe(
            "kid",
            ground.id_at(object, "/protocol/credentials/trust/kid"),
        )
        .maybe("sso_url", at(protocol, "/endpoints/sso/url"))
        .maybe("sso_binding", at(protocol, "/endpoints/sso/binding"))
        .maybe(
            "sso_destination",
            at(protocol, "/endpoints/sso/destination"),
        )
        .maybe("acs_type", at(protocol, "/endpoints/acs/type"))
        .maybe("name_format", at(protocol, "/settings/nameFormat"))
        .maybe(
            "request_signature_algorithm",
            at(protocol, "/algorithms/request/signature/algorithm"),
        )
        .maybe(
            "request_signature_scope",
            at(protocol, "/algorithms/request/signature/scope"),
        )
        .maybe(
            "response_signature_algorithm",
            at(protocol, "/algorithms/response/signature/algorithm"),
        )
        .maybe(
            "response_signature_scope",
            at(protocol, "/algorithms/response/signature/scope"),
        )
        .maybe("account_link_action", at(link, "/action"))
        .maybe("account_link_group_include", groups)
        .maybe("provisioning_action", at(provisioning, "/action"))
        .maybe(
            "profile_master",
            Hcl::flag_at(object, "/policy/provisioning/profileMaster"),
        )
        .maybe("groups_action", at(provisioning, "/groups/action"))
        .maybe(
            "deprovisioned_action",
            at(provisioning, "/conditions/deprovisioned/action"),
        )
        .maybe(
            "suspended_action",
            at(provisioning, "/conditions/suspended/action"),
        )
        .maybe(
            "username_template",
            at("/policy/subject", "/userNameTemplate/template"),
        )
        .maybe("subject_filter", at("/policy/subject", "/filter"))
        .maybe("subject_match_type", at("/policy/subject", "/matchType"));
    let gap = "administrators are kept out of account linking (excludeAdmins)";
    watched("okta_idp_saml", done, body, vec![gap])
}

pub(super) fn certificate(done: &Done<'_>, object: &Value) -> Told {
    let body = body().maybe("x5c", Hcl::texts_at(object, "/x5c"));
    resource("okta_idp_saml_key", own(done), body)
}
