//! Domains of the org. The seeded orgs have no custom one.

use serde_json::json;

use super::call::Call;
use super::{Outcome, Route, route};
use crate::rights::{Area::Domains, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[route("GET", "/api/v1/domains", Right::Read(Domains), list)];

fn list(call: &mut Call<'_>) -> Outcome {
    let brand = call.href(&format!("/api/v1/brands/{}", call.org.brand));
    let body = json!({ "domains": [{
        "id": "default", "domain": call.org.host(), "certificateSourceType": "OKTA_MANAGED",
        "validationStatus": "COMPLETED", "brandId": call.org.brand,
        "_links": {
            "self": { "href": call.href("/api/v1/domains/default"), "hints": { "allow": ["GET"] } },
            "brand": { "href": brand, "hints": { "allow": ["GET", "PUT", "DELETE"] } },
        },
    }] });
    Ok(Response::json(200, &body))
}
