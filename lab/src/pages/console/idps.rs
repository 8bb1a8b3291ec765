//! Identity Providers: the list, adding one, and one with its ACS URL and Audience URI.

use super::super::html::{esc, form, hidden, link, press, table, values};
use super::idp_form::{okta_integration, saml};
use super::{Page, Shown, View};
use crate::oidc::callback_address;
use crate::okta::saml::receiving_address;
use crate::org::Idp;
use crate::rights::Area;

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/admin/access/identity-providers",
        show: list,
    },
    Page {
        path: "/admin/access/identity-providers/add",
        show: kinds,
    },
    Page {
        path: "/admin/access/identity-providers/add/saml2",
        show: add_saml,
    },
    Page {
        path: "/admin/access/identity-providers/add/okta",
        show: add_okta_integration,
    },
    Page {
        path: "/admin/access/identity-providers/edit/*",
        show: edit,
    },
];

fn list(view: &View<'_>) -> Option<Shown> {
    let row = |idp: &Idp| {
        let status = if idp.active { "Active" } else { "Inactive" };
        vec![
            link(
                &format!("/admin/access/identity-providers/edit/{}", idp.id),
                &idp.name,
            ),
            esc(&idp.kind),
            status.to_owned(),
        ]
    };
    let rows: Vec<_> = view.org.idps.values().map(row).collect();
    let add = match view.may(Area::Idps) {
        true => {
            "<a class=\"button\" href=\"/admin/access/identity-providers/add\">Add identity provider</a>"
        }
        false => "",
    };
    let main = format!(
        "<h1>Identity Providers</h1>{add}{}",
        table(&["Name", "Type", "Status"], &rows)
    );
    Some(Shown::new("Identity Providers", main))
}

fn kinds(_: &View<'_>) -> Option<Shown> {
    let kind = |leads: &str, title: &str, mark: &str| {
        format!(
            "<label class=\"choice\"><input type=\"radio\" name=\"kind\" data-leads=\"{leads}\"{mark}> {title}</label>"
        )
    };
    let saml = "/admin/access/identity-providers/add/saml2";
    let main = format!(
        "<h1>Add an identity provider</h1>{}{}<a class=\"button\" id=\"next\" href=\"{saml}\">Next</a>",
        kind(saml, "SAML 2.0 IdP", " checked"),
        kind(
            "/admin/access/identity-providers/add/okta",
            "Okta Integration IdP",
            ""
        ),
    );
    Some(Shown::new("Add an identity provider", main))
}

fn add_saml(view: &View<'_>) -> Option<Shown> {
    let title = "Configure SAML 2.0 IdP";
    let form = form("save-idp", &saml(view, None), "Finish");
    Some(Shown::new(title, format!("<h1>{title}</h1>{form}")))
}

fn add_okta_integration(view: &View<'_>) -> Option<Shown> {
    let title = "Configure Okta Integration IdP";
    let form = form("save-okta-idp", &okta_integration(view, None), "Finish");
    Some(Shown::new(title, format!("<h1>{title}</h1>{form}")))
}

fn edit(view: &View<'_>) -> Option<Shown> {
    let idp = view.org.idps.get(&view.params[0])?;
    let status = if idp.active { "Active" } else { "Inactive" };
    let mut main = format!(
        "<h1>{}</h1><p>Status: <strong id=\"idp-status\">{status}</strong></p>",
        esc(&idp.name)
    );
    if view.may(Area::Idps) {
        let id = [("idpId", idp.id.as_str())];
        main += &match idp.active {
            true => press("idp-deactivate", &id, "Deactivate"),
            false => press("idp-activate", &id, "Activate") + &press("idp-delete", &id, "Delete"),
        };
    }
    main += &format!("<h2>Summary</h2>{}", summary(view, idp));
    let settings = match idp.kind.as_str() {
        "SAML2" => Some(("save-idp", saml(view, Some(idp)))),
        "OKTA_INTEGRATION" => Some(("save-okta-idp", okta_integration(view, Some(idp)))),
        _ => None,
    };
    if let Some((action, fields)) = settings.filter(|_| view.may(Area::Idps)) {
        let inner = hidden("idpId", &idp.id) + &fields;
        let form = form(action, &inner, "Update identity provider");
        main += &format!("<h2>Settings</h2>{form}");
    }
    Some(Shown::new(&idp.name, main))
}

// What the other side needs to know of this IdP.
fn summary(view: &View<'_>, idp: &Idp) -> String {
    if idp.kind == "OKTA_INTEGRATION" {
        return values(&[
            ("idp-id", "IdP ID", idp.id.clone()),
            (
                "idp-redirect-uri",
                "Redirect URI",
                callback_address(&view.org.host()),
            ),
        ]);
    }
    let audience = idp.text("/protocol/credentials/trust/audience");
    values(&[
        (
            "idp-acs-url",
            "Assertion Consumer Service URL",
            receiving_address(view.org, &idp.id),
        ),
        (
            "idp-audience-uri",
            "Audience URI",
            audience.unwrap_or_default().to_owned(),
        ),
    ])
}
