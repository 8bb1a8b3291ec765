//! The provisioning connection of an app. Read only for now: federation needs to know that there is none.

use serde_json::json;

use super::call::Call;
use super::{Outcome, Route, route};
use crate::rights::{Area::Apps, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[route(
    "GET",
    "/api/v1/apps/{appId}/connections/default",
    Right::Read(Apps),
    read,
)];

fn read(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    if app.name != "okta_org2org" {
        let none = json!({ "status": "UNKNOWN", "profile": { "authScheme": "UNKNOWN" } });
        return Ok(Response::json(200, &none));
    }
    // A fresh connection has no profile, whatever the published document says.
    let base = call.href(&format!("/api/v1/apps/{}/connections/default", app.id));
    let fresh = json!({
        "authScheme": "TOKEN", "status": "DISABLED",
        "_links": {
            "self": { "href": base, "hints": { "allow": ["POST", "GET"] } },
            "activate": { "href": format!("{base}/lifecycle/activate"), "hints": { "allow": ["POST"] } },
        },
    });
    Ok(Response::json(200, &fresh))
}
