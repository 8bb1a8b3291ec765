//! One app: its tabs, and its SAML setup instructions.

use super::super::html::{esc, press, values};
use super::app_tabs::{assignments, general, sign_on};
use super::provisioning::provisioning;
use super::push_groups::push_groups;
use super::{Page, Shown, View};
use crate::okta::saml::{issuer, sign_on_address};
use crate::org::App;
use crate::provision::state::supported;
use crate::rights::Area;

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/admin/app/*/instance/*",
        show: instance,
    },
    Page {
        path: "/app/*/*/setup/help/SAML_2_0/external-doc",
        show: instructions,
    },
];

fn find<'w>(view: &View<'w>) -> Option<&'w App> {
    view.org
        .apps
        .get(&view.params[1])
        .filter(|app| app.name == view.params[0])
}

fn instance(view: &View<'_>) -> Option<Shown> {
    let app = find(view)?;
    let mut tabs = vec![("tab-general", "General", general(view, app))];
    if app.name != "bookmark" {
        tabs.push(("tab-signon", "Sign On", sign_on(view, app)));
    }
    if supported(app) {
        let html = provisioning(view, app);
        tabs.push(("tab-user-management", "Provisioning", html));
    }
    tabs.push(("tab-assignments", "Assignments", assignments(view, app)));
    if supported(app) {
        tabs.push(("tab-group-push", "Push Groups", push_groups(view, app)));
    }
    let heads: String = tabs
        .iter()
        .map(|(id, text, _)| format!("<li><a href=\"#{id}\">{text}</a></li>"))
        .collect();
    let parts: String = tabs
        .iter()
        .enumerate()
        .map(|(at, (id, _, html))| {
            let hide = if at == 0 { "" } else { " hidden" };
            format!("<section data-tab=\"{id}\"{hide}>{html}</section>")
        })
        .collect();
    let main = format!(
        "<h1>{}</h1>{}<ul class=\"tabs\">{heads}</ul>{parts}",
        esc(&app.label),
        status(view, app)
    );
    Some(Shown::new(&app.label, main))
}

fn status(view: &View<'_>, app: &App) -> String {
    let text = if app.active { "Active" } else { "Inactive" };
    let mut made = format!("<p>Status: <strong id=\"app-status\">{text}</strong></p>");
    if view.may(Area::Apps) {
        let values = [("appId", app.id.as_str())];
        made += &match app.active {
            true => press("app-deactivate", &values, "Deactivate"),
            false => {
                press("app-activate", &values, "Activate") + &press("app-delete", &values, "Delete")
            }
        };
    }
    made
}

fn instructions(view: &View<'_>) -> Option<Shown> {
    let app = find(view)?;
    let key = app.active_key().filter(|_| app.is_saml())?;
    let certificate = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
        key.certificate()
    );
    let rows = [
        ("idp-issuer", "IdP Issuer URI", issuer(app)),
        (
            "idp-sso-url",
            "IdP Single Sign-On URL",
            sign_on_address(&view.org.host(), app),
        ),
        ("idp-certificate", "IdP Signature Certificate", certificate),
    ];
    let main = format!(
        "<h1>How to Configure SAML 2.0 for {}</h1><p>In the target org, add a SAML 2.0 identity provider with these \
         values. Then copy its ACS URL and Audience URI into this app.</p>{}",
        esc(&app.label),
        values(&rows)
    );
    Some(Shown::new("SAML setup instructions", main))
}
