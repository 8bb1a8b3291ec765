//! How much of a rate limit a service app may use.

use org2org_lab::{Request, Response};
use serde_json::json;

use crate::hub::Hub;

#[test]
fn a_service_app_gets_half_of_a_bucket() {
    let mut hub = Hub::with_app();
    let token = hub.access_token("okta.users.manage okta.groups.manage");
    let set = Request::new("POST", "https://hub.okta.com/_lab/options");
    hub.send(&set.json(&json!({ "rate_limit": 8 })));
    let limit = |answer: &Response| answer.header("x-rate-limit-limit").map(str::to_owned);
    for _ in 0..4 {
        let answer = hub.as_app(&token, "GET", "/api/v1/users?limit=1", None);
        assert_eq!((answer.status, limit(&answer).as_deref()), (200, Some("4")));
    }
    let refused = hub.as_app(&token, "GET", "/api/v1/users?limit=1", None);
    assert_eq!(
        (refused.status, limit(&refused).as_deref()),
        (429, Some("4"))
    );
    // A token that nobody issued counts for no client.
    let forged = format!("{token}x");
    let answer = hub.as_app(&forged, "GET", "/api/v1/groups?limit=1", None);
    assert_eq!(answer.status, 401);
    let answer = hub.as_app(&token, "GET", "/api/v1/groups?limit=1", None);
    assert_eq!(answer.header("x-rate-limit-remaining"), Some("3"));
}
