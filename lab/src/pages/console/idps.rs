//! Identity Providers: the list, adding one, and one with its ACS URL and Audience URI.

use super::super::html::{esc, form, hidden, link, press, table, values};
use super::idp_form::fields;
use super::{Page, Shown, View};
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
        show: add,
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
    let main = "<h1>Add an identity provider</h1><p>SAML 2.0 IdP</p>\
                <a class=\"button\" href=\"/admin/access/identity-providers/add/saml2\">Next</a>";
    Some(Shown::new("Add an identity provider", main))
}

fn add(view: &View<'_>) -> Option<Shown> {
    let main = format!(
        "<h1>Configure SAML 2.0 IdP</h1>{}",
        form("save-idp", &fields(view, None), "Finish")
    );
    Some(Shown::new("Configure SAML 2.0 IdP", main))
}

fn edit(view: &View<'_>) -> Option<Shown> {
    let idp = view.org.idps.get(&view.params[0])?;
    let audience = idp
        .text("/protocol/credentials/trust/audience")
        .unwrap_or_default()
        .to_owned();
    let summary = values(&[
        (
            "idp-acs-url",
            "Assertion Consumer Service URL",
            receiving_address(view.org, &idp.id),
        ),
        ("idp-audience-uri", "Audience URI", audience),
    ]);
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
    main += &format!("<h2>Summary</h2>{summary}");
    if view.may(Area::Idps) && idp.kind == "SAML2" {
        let inner = hidden("idpId", &idp.id) + &fields(view, Some(idp));
        main += &format!(
            "<h2>Settings</h2>{}",
            form("save-idp", &inner, "Update identity provider")
        );
    }
    Some(Shown::new(&idp.name, main))
}
