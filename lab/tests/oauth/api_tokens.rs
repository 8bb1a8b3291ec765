//! API tokens: made, used, ended.

use org2org_lab::Request;
use serde_json::json;

use crate::hub::{DAY, Hub, Key, NOW, text};

#[test]
fn an_api_token_is_made_in_the_console_and_ends_with_its_owner_or_unused() {
    let mut hub = Hub::new();
    let session = hub.world.session("hub", "apps@hub.example.com", NOW);
    let form = |name: &str, xsrf: &str| {
        let mut request = Request::new("POST", "https://hub-admin.okta.com/admin/_do/create-token")
            .with("cookie", &session.cookie)
            .with("x-okta-xsrftoken", xsrf)
            .with("content-type", "application/x-www-form-urlencoded");
        request.body = format!("name={name}").into_bytes();
        request
    };
    assert_eq!(hub.send(&form("stolen", "wrong")).status, 400);
    let made = hub.send(&form("ACME%20push", &session.xsrf));
    let value = text(&made.value(), "once");
    assert_eq!((made.status, value.len()), (200, 42));
    let page = Request::new("GET", "https://hub-admin.okta.com/admin/access/api/tokens")
        .with("cookie", &session.cookie);
    let page = hub.send(&page).body_text();
    assert!(
        page.contains("ACME push") && !page.contains(&value),
        "it is told once"
    );
    let tokens = hub.get("/api/v1/api-tokens");
    let token = tokens
        .as_array()
        .into_iter()
        .flatten()
        .find(|token| token["name"] == "ACME push")
        .cloned()
        .expect("listed");
    assert_eq!(
        (
            &token["tokenWindow"],
            &token["clientName"],
            &token["network"]["connection"]
        ),
        (&json!("P30D"), &json!("Okta API"), &json!("ANYWHERE"))
    );
    let path = format!("/api/v1/api-tokens/{}", text(&token, "id"));
    let with = |hub: &mut Hub| {
        let request = Request::new("GET", "https://hub.okta.com/api/v1/apps?limit=1")
            .with("authorization", &format!("SSWS {value}"));
        let answer = hub.send(&request);
        (answer.status, text(&answer.value(), "errorCode"))
    };
    hub.now = NOW + 29 * DAY;
    assert_eq!(with(&mut hub).0, 200);
    hub.get("/api/v1/apps?limit=1");
    hub.now = NOW + 58 * DAY;
    assert_eq!(with(&mut hub).0, 200, "each call renews it");
    assert_eq!(hub.get(&path)["lastUpdated"], "2027-01-21T10:00:00.000Z");
    let mut idle = Hub {
        world: hub.world.clone(),
        admin: hub.admin.clone(),
        key: Key::fresh(),
        dpop: Key::fresh(),
        app: String::new(),
        now: NOW + 88 * DAY,
        count: 0,
    };
    assert_eq!(with(&mut idle), (401, "E0000011".to_owned()));
    let owner = text(&token, "userId");
    assert_eq!(
        hub.call(
            "POST",
            &format!("/api/v1/users/{owner}/lifecycle/deactivate"),
            None
        )
        .status,
        200
    );
    assert_eq!(with(&mut hub), (401, "E0000011".to_owned()));
    assert_eq!(
        hub.call(
            "POST",
            &format!("/api/v1/users/{owner}/lifecycle/activate"),
            None
        )
        .status,
        200
    );
    assert_eq!(with(&mut hub).0, 401, "it does not come back");
    assert_eq!(hub.call("GET", &path, None).status, 404);
    let own = hub.call("DELETE", "/api/v1/api-tokens/current", None);
    assert_eq!(own.status, 204);
    assert_eq!(hub.call("GET", "/api/v1/apps", None).status, 401);
}
