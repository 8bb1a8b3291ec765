//! Who may call, what is refused, and how often.

use org2org_lab::Request;
use serde_json::json;

use crate::org::{NOW, Org, bookmark, code};

#[test]
fn callers_without_right_session_or_token_are_refused() {
    let mut auditor = Org::of("acme.okta.com", "auditor@acme.example.com");
    assert_eq!(auditor.call("GET", "/api/v1/apps", None).status, 200);
    assert_eq!(
        code(&auditor.call("POST", "/api/v1/apps", Some(&bookmark("x")))),
        "E0000006"
    );
    let mut person = Org::of("acme.okta.com", "ada@acme.example.com");
    assert_eq!(
        person.get("/api/v1/users/me")["profile"]["login"],
        "ada@acme.example.com"
    );
    assert_eq!(code(&person.call("GET", "/api/v1/users", None)), "E0000006");
    let mut acme = Org::acme();
    let no_xsrf = acme.request("POST", "/api/v1/apps", None);
    let no_xsrf = Request {
        headers: no_xsrf
            .headers
            .into_iter()
            .filter(|(name, _)| name == "cookie")
            .collect(),
        ..no_xsrf
    };
    assert_eq!(
        code(
            &acme
                .world
                .handle(&no_xsrf.json(&bookmark("x")), NOW)
                .response()
                .expect("an answer")
        ),
        "E0000005"
    );
    acme.host = "hub.okta.com";
    assert_eq!(
        code(&acme.call("GET", "/api/v1/users/me", None)),
        "E0000005"
    );
    acme.host = "acme.okta.com";
    let later = acme.request("GET", "/api/v1/users/me", None);
    assert_eq!(
        acme.world
            .handle(&later, NOW + 14 * 60_000)
            .response()
            .expect("an answer")
            .status,
        200
    );
    assert_eq!(
        acme.world
            .handle(&later, NOW + 30 * 60_000)
            .response()
            .expect("an answer")
            .status,
        403
    );
    let token = acme.world.sites()[0].admins[0].token.clone();
    let by_token =
        Request::new("POST", "https://acme.okta.com/api/v1/apps").json(&bookmark("By token"));
    let by_token = by_token.with("authorization", &format!("SSWS {token}"));
    assert_eq!(
        acme.world
            .handle(&by_token, NOW)
            .response()
            .expect("an answer")
            .status,
        200
    );
}

#[test]
fn bad_input_gets_an_okta_error_and_never_a_crash() {
    let mut acme = Org::acme();
    let raw = |acme: &mut Org, method: &str, path: &str, kind: &str, body: &[u8]| {
        let mut request = acme.request(method, path, None).with("content-type", kind);
        request.body = body.to_vec();
        acme.world
            .handle(&request, NOW)
            .response()
            .expect("an answer")
    };
    assert_eq!(
        code(&raw(
            &mut acme,
            "POST",
            "/api/v1/apps",
            "application/json",
            b"{\"a\":"
        )),
        "E0000003"
    );
    assert_eq!(
        code(&raw(
            &mut acme,
            "POST",
            "/api/v1/apps",
            "application/json",
            b"[1]"
        )),
        "E0000003"
    );
    assert_eq!(
        code(&raw(&mut acme, "POST", "/api/v1/apps", "text/plain", b"{}")),
        "E0000021"
    );
    assert_eq!(
        code(&raw(
            &mut acme,
            "POST",
            "/api/v1/apps",
            "application/json",
            &vec![b' '; 2 << 20]
        )),
        "E0000003"
    );
    assert_eq!(code(&acme.call("PATCH", "/api/v1/apps", None)), "E0000022");
    assert_eq!(
        code(&acme.call("GET", "/api/v1/apps/0oanothing00000000000", None)),
        "E0000007"
    );
    assert_eq!(
        code(&acme.call("GET", "/api/v1/apps?filter=nonsense", None)),
        "E0000031"
    );
    for body in [
        json!({}),
        json!({ "name": 3 }),
        json!({ "label": "x", "name": "bookmark", "settings": [] }),
        json!({ "label": "x", "name": "okta_org2org", "settings": { "app": { "baseUrl": "nope" } } }),
    ] {
        assert_eq!(
            acme.call("POST", "/api/v1/apps", Some(&body)).status,
            400,
            "{body}"
        );
        assert_eq!(
            acme.call("POST", "/api/v1/idps", Some(&body)).status,
            400,
            "{body}"
        );
        assert_eq!(
            acme.call("POST", "/api/v1/users", Some(&body)).status,
            400,
            "{body}"
        );
    }
    assert!(acme.world.effects().is_empty());
}

#[test]
fn protected_actions_ask_for_step_up() {
    let mut acme = Org::acme();
    acme.world.set_step_up(true);
    let asked = acme.call("POST", "/api/v1/idps", Some(&json!({})));
    assert_eq!(asked.status, 403);
    assert!(
        asked
            .header("www-authenticate")
            .is_some_and(|text| text.contains("insufficient_authentication_context"))
    );
    assert_eq!(acme.call("POST", "/_lab/step-up", None).status, 204);
    assert_eq!(
        acme.call("POST", "/api/v1/idps", Some(&json!({}))).status,
        400
    );
}
