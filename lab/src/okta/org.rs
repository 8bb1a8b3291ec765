//! The org itself: its public identity and its settings.

use serde_json::json;

use super::call::Call;
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::rights::{Area::Org, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/.well-known/okta-organization",
        Right::Public,
        identity,
    ),
    route("GET", "/api/v1/org", Right::Read(Org), read),
];

/// The id that an org answers while it is made to claim that it is another.
pub(crate) const OTHER_ORG: &str = "00oanotherorg00005d7";

fn identity(call: &mut Call<'_>) -> Outcome {
    let id = if call.wrong_org {
        OTHER_ORG
    } else {
        &call.org.id
    };
    let body = json!({
        "id": id, "cell": "lab1", "_links": { "organization": { "href": call.href("") } }, "pipeline": "idx",
        "settings": {
            "analyticsCollectionEnabled": false, "bugReportingEnabled": true, "omEnabled": false,
            "pssoEnabled": false, "desktopMFAEnabled": false, "itpEnabled": false,
        },
    });
    Ok(Response::json(200, &body))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let id = if call.wrong_org {
        OTHER_ORG
    } else {
        &call.org.id
    };
    let site = format!("https://www.{}.example.com", call.org.subdomain);
    let body = json!({
        "id": id, "subdomain": call.org.subdomain, "companyName": call.org.name, "status": "ACTIVE",
        "address1": null, "address2": null, "city": null, "state": null, "country": null, "postalCode": null,
        "website": site, "phoneNumber": "+1-555-0100", "supportPhoneNumber": "+1-555-0101",
        "endUserSupportHelpURL": format!("{site}/help"),
        "created": stamp(call.org.created), "lastUpdated": stamp(call.org.created), "expiresAt": null,
        "_links": { "contacts": { "href": call.href("/api/v1/org/contacts") } },
    });
    Ok(Response::json(200, &body))
}
