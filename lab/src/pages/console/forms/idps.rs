//! Forms of identity providers.

use serde_json::{Value, json};

use super::super::idp_form;
use super::{Action, Desk, Fields, Next, next, segment, text_of};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("save-idp", save_saml),
    ("save-okta-idp", save_okta_integration),
    ("idp-activate", |desk, typed| {
        idp_lifecycle(desk, typed, "activate")
    }),
    ("idp-deactivate", |desk, typed| {
        idp_lifecycle(desk, typed, "deactivate")
    }),
    ("idp-delete", delete_idp),
];

fn save_saml(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    let kid = trusted(desk, &typed.text("certificate"))?;
    save(desk, typed, &idp_form::saml_body(typed, &kid)?)
}

fn save_okta_integration(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    save(desk, typed, &idp_form::okta_integration_body(typed)?)
}

fn save(desk: &mut Desk<'_>, typed: &Fields, body: &Value) -> Result<Next, String> {
    let idp = match typed.sent("idpId") {
        Some(_) => desk.call(
            "PUT",
            &format!("/api/v1/idps/{}", segment(typed, "idpId")?),
            Some(body),
        )?,
        None => desk.call("POST", "/api/v1/idps", Some(body))?,
    };
    next(
        format!(
            "/admin/access/identity-providers/edit/{}",
            text_of(&idp, "id")
        ),
        "Saved.",
    )
}

// Looked for anywhere: copied from a page, a certificate may come on one line.
const ARMOUR: [&str; 2] = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];

// The key of a pasted certificate: the one that is there already, or a new one.
fn trusted(desk: &mut Desk<'_>, pasted: &str) -> Result<String, String> {
    let x5c: String = ARMOUR
        .iter()
        .fold(pasted.to_owned(), |text, line| text.replace(line, ""))
        .split_ascii_whitespace()
        .collect();
    if x5c.is_empty() {
        return Err("IdP Signature Certificate: The field cannot be left blank".to_owned());
    }
    let keys = desk.call("GET", "/api/v1/idps/credentials/keys?limit=200", None)?;
    let same = |key: &&Value| {
        let known = key["x5c"][0].as_str().unwrap_or_default();
        known.split_ascii_whitespace().collect::<String>() == x5c
    };
    if let Some(key) = keys.as_array().into_iter().flatten().find(same) {
        return Ok(text_of(key, "kid"));
    }
    let key = desk.call(
        "POST",
        "/api/v1/idps/credentials/keys",
        Some(&json!({ "x5c": [x5c] })),
    )?;
    Ok(text_of(&key, "kid"))
}

fn idp_lifecycle(desk: &mut Desk<'_>, typed: &Fields, verb: &str) -> Result<Next, String> {
    let id = segment(typed, "idpId")?;
    desk.call("POST", &format!("/api/v1/idps/{id}/lifecycle/{verb}"), None)?;
    next(
        format!("/admin/access/identity-providers/edit/{id}"),
        "The status was changed.",
    )
}

fn delete_idp(desk: &mut Desk<'_>, typed: &Fields) -> Result<Next, String> {
    desk.call(
        "DELETE",
        &format!("/api/v1/idps/{}", segment(typed, "idpId")?),
        None,
    )?;
    next(
        "/admin/access/identity-providers",
        "The identity provider was deleted.",
    )
}
