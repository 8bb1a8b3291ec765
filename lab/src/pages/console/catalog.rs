//! Browse App Catalog, and the forms that add an app from it.

use super::super::html::{esc, field, form, link};
use super::{Page, Shown, View};
use crate::rights::Area;

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/admin/apps/add-app",
        show: catalog,
    },
    Page {
        path: "/admin/apps/add-app/*",
        show: entry,
    },
    Page {
        path: "/admin/apps/add-app/*/new",
        show: new,
    },
];

const ENTRIES: [(&str, &str, &str); 2] = [
    (
        "okta_org2org",
        "Okta Org2Org",
        "Connects this org to another Okta org, as its source of people.",
    ),
    (
        "bookmark",
        "Bookmark App",
        "Puts a link on the dashboard of the people who have it.",
    ),
];

fn catalog(view: &View<'_>) -> Option<Shown> {
    let found = ENTRIES.iter().filter(|(_, title, _)| view.fits(title));
    let items: String = found
        .map(|(name, title, about)| {
            format!(
                "<li>{}<p>{about}</p></li>",
                link(&format!("/admin/apps/add-app/{name}"), title)
            )
        })
        .collect();
    let main = format!(
        "<h1>Browse App Integration Catalog</h1><form method=\"get\" action=\"/admin/apps/add-app\">\
         <label for=\"search\">Search</label><input type=\"search\" id=\"search\" name=\"search\" value=\"{}\">\
         <button type=\"submit\">Search</button></form><ul>{items}</ul>",
        esc(&view.search)
    );
    Some(Shown::new("Browse App Integration Catalog", main))
}

fn entry(view: &View<'_>) -> Option<Shown> {
    let (name, title, about) = ENTRIES.iter().find(|(name, ..)| *name == view.params[0])?;
    let add = if view.may(Area::Apps) {
        format!("<a class=\"button\" href=\"/admin/apps/add-app/{name}/new\">Add Integration</a>")
    } else {
        "<p>Your role cannot add integrations.</p>".to_owned()
    };
    Some(Shown::new(
        title,
        format!("<h1>{title}</h1><p>{about}</p>{add}"),
    ))
}

fn new(view: &View<'_>) -> Option<Shown> {
    let (name, title, _) = ENTRIES.iter().find(|(name, ..)| *name == view.params[0])?;
    let inner = match *name {
        "bookmark" => format!(
            "<h2>General Settings</h2>{}{}",
            field("label", "Application label", title),
            field("url", "URL", "")
        ),
        _ => org2org(title),
    };
    let action = if *name == "bookmark" {
        "add-bookmark"
    } else {
        "add-org2org"
    };
    Some(Shown::new(
        &format!("Add {title}"),
        format!("<h1>Add {title}</h1>{}", form(action, &inner, "Done")),
    ))
}

fn org2org(title: &str) -> String {
    format!(
        "<section class=\"step-one\"><h2>General Settings</h2>{}{}\
         <button type=\"button\" data-opens=\".step-two\" data-closes=\".step-one\">Next</button></section>\
         <section class=\"step-two\" hidden><h2>Sign-On Options</h2>\
         <label class=\"choice\"><input type=\"radio\" name=\"mode\" value=\"SAML_2_0\" checked> SAML 2.0</label>\
         <label class=\"choice\"><input type=\"radio\" name=\"mode\" value=\"OPENID_CONNECT\"> OpenID Connect</label>\
         <label class=\"choice\"><input type=\"radio\" name=\"mode\" value=\"AUTO_LOGIN\"> Secure Web Authentication</label>\
         <p>View Setup Instructions are on the Sign On tab once the app is there.</p>\
         <button type=\"button\" data-opens=\".step-one\" data-closes=\".step-two\">Previous</button></section>",
        field("label", "Application Label", title),
        field("baseUrl", "Base Url", "")
    )
}
