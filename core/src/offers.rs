//! What the two orgs of a pair have for the tools: values that a person would else copy by hand.
//!
//! Each comes out of a checked answer and is held to the rule of the field it is for; what does
//! not fit there is not offered.

use serde_json::Value;

use crate::bookmark::{EmbedLink, SsoUrl};
use crate::json;
use crate::okta::Answer;
use crate::okta::answer::text;
use crate::org::OrgUrl;

/// The field of a tool that a value fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Key credentials, as JSON.
    Keys,
    /// The embed link of one app.
    Link,
    /// A table of embed links, a label beside each.
    Links,
    /// The IdP single sign-on URL.
    SignOn,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where it fits.
    pub slot: Slot,
    /// What a person calls the app it is of.
    pub of: String,
    /// The value.
    pub value: String,
}

/// Id and label of each active Org2Org app that signs on to this target by SAML 2.0.
pub fn org2org_apps(apps: &Answer, target: &OrgUrl) -> Vec<(String, String)> {
    let leads_there = |app: &&Value| {
        let base = text(app, "/settings/app/baseUrl").unwrap_or_default();
        is(app, "/name", "okta_org2org")
            && is(app, "/status", "ACTIVE")
            && is(app, "/signOnMode", "SAML_2_0")
            && OrgUrl::parse(base).is_ok_and(|org| org == *target)
    };
    let named = |app| Some((text(app, "/id").ok()?.to_owned(), label(app)));
    let all = apps.items().iter().filter(leads_there);
    all.filter_map(named).collect()
}

/// The sign-on URL that the metadata of an app of this source names.
pub fn sign_on(metadata: &Answer, source: &OrgUrl, of: &str) -> Option<Offer> {
    let elements = crate::xml::elements(metadata.xml()).ok()?;
    let services = elements
        .iter()
        .filter(|one| one.name == "SingleSignOnService");
    let mut locations = services.filter_map(|one| one.attribute("Location"));
    let location = locations.find(|url| SsoUrl::parse(url).is_ok_and(|sso| sso.org == *source))?;
    Some(Offer {
        slot: Slot::SignOn,
        of: of.to_owned(),
        value: location.to_owned(),
    })
}

/// The key credentials of an app, as the API lists them.
pub fn keys(credentials: &Answer, of: &str) -> Offer {
    Offer {
        slot: Slot::Keys,
        of: of.to_owned(),
        value: json::pretty(credentials.body()),
    }
}

/// The embed links of the target's active apps, by label, and all of them as one table.
pub fn links(apps: &Answer, target: &OrgUrl) -> Vec<Offer> {
    let mut links: Vec<Offer> = apps
        .items()
        .iter()
        .filter(|app| is(app, "/status", "ACTIVE"))
        .flat_map(|app| links_of(app, target))
        .collect();
    links.sort_by_cached_key(|link| link.of.to_lowercase());
    if links.len() > 1 {
        let line = |link: &Offer| [&link.of, "\t", &link.value, "\n"].concat();
        links.push(Offer {
            slot: Slot::Links,
            of: links.len().to_string(),
            value: links.iter().map(line).collect(),
        });
    }
    links
}

fn links_of(app: &Value, target: &OrgUrl) -> Vec<Offer> {
    let all = json::at(app, "/_links/appLinks").and_then(Value::as_array);
    let addresses = all
        .into_iter()
        .flatten()
        .filter_map(|link| text(link, "/href").ok());
    // A link to yet another org is nobody's target app.
    let fits = |url: &&str| {
        EmbedLink::parse(url).is_ok_and(|link| link.org == *target && link.app != "okta_org2org")
    };
    let offer = |url: &str| Offer {
        slot: Slot::Link,
        of: label(app),
        value: url.to_owned(),
    };
    addresses.filter(fits).map(offer).collect()
}

/// A label on one line: it becomes a cell of a table.
fn label(app: &Value) -> String {
    let label = text(app, "/label").unwrap_or_default();
    label.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is(app: &Value, pointer: &str, word: &str) -> bool {
    text(app, pointer) == Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bookmark::Batch;
    use crate::okta::{Response, Shape};
    use serde_json::json;

    fn org(host: &str) -> OrgUrl {
        OrgUrl::parse(host).unwrap()
    }

    fn answer(shape: Shape, kind: &str, body: String) -> Answer {
        let headers = [("content-type".to_owned(), kind.to_owned())];
        let response = Response {
            status: 200,
            headers: headers.into_iter().collect(),
            body,
            redirected: false,
        };
        Answer::check(&response, &shape, vec![]).unwrap()
    }

    fn list(body: Value) -> Answer {
        answer(Shape::List(&[]), "application/json", body.to_string())
    }

    fn app(id: &str, label: &str, name: &str, host: &str) -> Value {
        let href = format!("https://{host}/home/{name}/{id}/42");
        json!({"id": id, "name": name, "label": label, "status": "ACTIVE", "signOnMode": "SAML_2_0",
            "settings": {"app": {"baseUrl": "https://hub.okta.com"}}, "_links": {"appLinks": [{"href": href}]}})
    }

    const ONE: &str = "0oa1a2b3c4d5e6f7g8h9";
    const TWO: &str = "0oa2a2b3c4d5e6f7g8h9";

    #[test]
    fn the_apps_of_the_target_fill_the_table_of_many_bookmarks() {
        let mut off = app(ONE, "Off", "wiki", "hub.okta.com");
        off["status"] = json!("INACTIVE");
        let apps = list(json!([
            app(TWO, "Wiki\tof\n all", "wiki", "hub.okta.com"),
            app(ONE, "Expenses", "expenses", "hub.okta.com"),
            app(ONE, "Elsewhere", "expenses", "other.okta.com"),
            app(ONE, "Admin host", "expenses", "hub-admin.okta.com.evil.com"),
            app(ONE, "Third org", "okta_org2org", "hub.okta.com"),
            off,
            json!({"id": ONE, "label": "No links", "status": "ACTIVE"}),
        ]));
        let links = links(&apps, &org("hub.okta.com"));
        let names: Vec<&str> = links.iter().map(|link| link.of.as_str()).collect();
        assert_eq!(names, ["Expenses", "Wiki of all", "2"]);
        assert_eq!(links[2].slot, Slot::Links);
        let sso = format!(
            "https://acme.okta.com/app/okta_org2org/exk{}/sso/saml",
            &ONE[3..]
        );
        let batch = Batch::build(&sso, &links[2].value);
        let labels: Vec<&str> = batch
            .bookmarks
            .iter()
            .map(|one| one.label.as_str())
            .collect();
        assert_eq!(
            (labels, batch.refused.len()),
            (vec!["Expenses", "Wiki of all"], 0)
        );
    }

    #[test]
    fn only_an_app_that_leads_to_the_target_by_saml_is_the_pairs() {
        let change = |pointer: &str, value: Value| {
            let mut one = app(ONE, "x", "okta_org2org", "acme.okta.com");
            *one.pointer_mut(pointer).unwrap() = value;
            one
        };
        let apps = list(json!([
            change("/name", json!("bookmark")),
            change("/status", json!("INACTIVE")),
            change("/signOnMode", json!("OPENID_CONNECT")),
            change("/settings/app/baseUrl", json!("https://other.okta.com")),
            change("/settings/app/baseUrl", Value::Null),
            app(TWO, "Hub", "okta_org2org", "acme.okta.com"),
        ]));
        let found = org2org_apps(&apps, &org("hub.okta.com"));
        assert_eq!(found, [(TWO.to_owned(), "Hub".to_owned())]);
    }

    #[test]
    fn a_sign_on_url_of_another_org_is_not_offered() {
        let metadata = |host: &str| {
            let url = format!("https://{host}/app/okta_org2org/exk{}/sso/saml", &ONE[3..]);
            let xml = format!(
                "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"x\">\
                 <md:SingleSignOnService Binding=\"b\" Location=\"{url}\"/></md:EntityDescriptor>"
            );
            (
                answer(Shape::Xml("EntityDescriptor"), "application/xml", xml),
                url,
            )
        };
        let source = org("acme.okta.com");
        let (own, url) = metadata("acme.okta.com");
        assert_eq!(sign_on(&own, &source, "Hub").unwrap().value, url);
        for host in ["other.okta.com", "login.acme.example"] {
            assert_eq!(sign_on(&metadata(host).0, &source, "Hub"), None, "{host}");
        }
    }

    #[test]
    fn keys_are_offered_as_the_api_lists_them() {
        let listed = list(json!([{"kid": "a", "kty": "RSA"}]));
        let offer = keys(&listed, "Hub");
        assert_eq!(
            serde_json::from_str::<Value>(&offer.value).unwrap(),
            *listed.body()
        );
    }
}
