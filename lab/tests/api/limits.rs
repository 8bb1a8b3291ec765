//! Rate limits: whose calls are counted where, and what a caller is told.

use org2org_lab::{Fault, FaultKind, Request, Response};
use serde_json::{Value, json};

use crate::org::{NOW, Org, code};

/// Which caller, at which time.
struct Caller {
    acme: Org,
    now: u64,
}

impl Caller {
    fn of(options: &Value) -> Self {
        let mut acme = Org::acme();
        let set = Request::new("POST", "https://acme.okta.com/_lab/options").json(options);
        let answer = acme.world.handle(&set, NOW).response().expect("an answer");
        assert_eq!(answer.status, 204, "{}", answer.body_text());
        Self { acme, now: NOW }
    }

    fn send(&mut self, request: &Request) -> Response {
        let reply = self.acme.world.handle(request, self.now);
        reply.response().expect("an answer")
    }

    fn by_session(&mut self, path: &str) -> Response {
        let request = self.acme.request("GET", path, None);
        self.send(&request)
    }

    fn by_token(&mut self, admin: usize, method: &str, path: &str) -> Response {
        let token = self.acme.world.sites()[0].admins[admin].token.clone();
        let request = Request::new(method, &format!("https://acme.okta.com{path}"));
        let request = request.with("authorization", &format!("SSWS {token}"));
        self.send(&request.json(&json!({ "profile": {} })))
    }

    fn by_nobody(&mut self, path: &str) -> Response {
        self.send(&Request::new(
            "GET",
            &format!("https://acme.okta.com{path}"),
        ))
    }
}

const USERS: &str = "/api/v1/users?limit=1";

/// Limit, remaining, and seconds from the answer's own date to the reset.
fn told(answer: &Response) -> (u64, u64, u64) {
    let number = |name: &str| -> u64 {
        let text = answer.header(name).expect("the header");
        text.parse().expect("a number")
    };
    let reset = number("x-rate-limit-reset");
    let left = number("x-rate-limit-remaining");
    assert!(answer.header("date").is_some());
    (number("x-rate-limit-limit"), left, reset - NOW / 1000)
}

fn limited(answer: &Response) -> bool {
    if answer.status == 429 {
        assert_eq!(code(answer), "E0000047");
        let summary = "API call exceeded rate limit due to too many requests.";
        assert_eq!(answer.value()["errorSummary"], summary);
        assert_eq!(told(answer).1, 0);
    }
    answer.status == 429
}

#[test]
fn an_endpoint_has_a_bucket_of_its_own_with_headers_on_every_answer() {
    let mut caller = Caller::of(&json!({ "rate_limit": 3 }));
    let known = "/.well-known/okta-organization";
    for left in [2, 1, 0] {
        assert_eq!(told(&caller.by_nobody(known)), (3, left, 60));
    }
    assert!(limited(&caller.by_nobody(known)));
    // What is refused is marked too, and another endpoint, another method and another org are other buckets.
    assert_eq!(told(&caller.by_nobody("/api/v1/apps")), (3, 2, 60));
    let hub = Request::new("GET", &format!("https://hub.okta.com{known}"));
    assert_eq!(told(&caller.send(&hub)), (3, 2, 60));
    let post = Request::new("POST", &format!("https://acme.okta.com{known}"));
    assert_eq!(told(&caller.send(&post)).1, 2);
    caller.now += 59_000;
    assert!(limited(&caller.by_nobody(known)));
    caller.now += 1_000;
    assert!(!limited(&caller.by_nobody(known)));
}

#[test]
fn the_console_has_forty_calls_in_ten_seconds_for_each_person_and_endpoint() {
    let mut caller = Caller::of(&json!({}));
    for left in (0..40).rev() {
        assert_eq!(told(&caller.by_session(USERS)), (40, left, 10));
    }
    let refused = caller.by_session(USERS);
    assert!(limited(&refused));
    assert_eq!(told(&refused), (40, 0, 10));
    // Other endpoints, other people and other credentials are not concerned, nor is the org's own bucket.
    assert_eq!(told(&caller.by_session("/api/v1/groups")).1, 39);
    assert_eq!(told(&caller.by_session("/api/v1/users/me")).1, 39);
    assert_eq!(told(&caller.by_token(0, "GET", USERS)), (300, 299, 60));
    let auditor = caller
        .acme
        .world
        .session("acme", "auditor@acme.example.com", NOW);
    let mine = std::mem::replace(&mut caller.acme.cookie, auditor.cookie);
    assert_eq!(told(&caller.by_session(USERS)), (40, 39, 10));
    caller.acme.cookie = mine;
    caller.now += 9_999;
    assert!(limited(&caller.by_session(USERS)));
    caller.now += 1;
    assert!(!limited(&caller.by_session(USERS)));
}

#[test]
fn a_token_gets_half_of_a_bucket_or_the_share_that_was_set() {
    let mut caller = Caller::of(&json!({ "rate_limit": 10 }));
    for left in (0..5).rev() {
        assert_eq!(told(&caller.by_token(0, "GET", USERS)), (5, left, 60));
    }
    assert!(limited(&caller.by_token(0, "GET", USERS)));
    // The other half is another token's, and what the first was refused did not eat of it.
    for _ in 0..5 {
        assert!(!limited(&caller.by_token(1, "GET", USERS)));
    }
    assert!(limited(&caller.by_token(1, "GET", USERS)));
    assert_eq!(
        told(&caller.by_nobody(USERS)),
        (10, 0, 60),
        "the org's bucket is empty"
    );
    assert!(!limited(&caller.by_token(0, "GET", "/api/v1/groups")));

    let tokens = caller.acme.get("/api/v1/api-tokens");
    let id = &tokens[0]["id"];
    let body = json!({ "principalId": id, "principalType": "SSWS_TOKEN", "defaultPercentage": 20 });
    let set = caller
        .acme
        .call("POST", "/api/v1/principal-rate-limits", Some(&body));
    assert_eq!(set.status, 201, "{}", set.body_text());
    caller.now += 60_000;
    let limits = [0, 1].map(|admin| told(&caller.by_token(admin, "GET", USERS)).0);
    assert!(limits == [2, 5] || limits == [5, 2], "{limits:?}");
}

#[test]
fn too_many_at_once_get_a_limit_of_nothing() {
    let mut caller = Caller::of(&json!({ "concurrency": 2 }));
    let slow = Fault::new(FaultKind::Slow(5_000)).on("GET", "/api/v1/users");
    caller.acme.world.fault(slow);
    // Two answers are under way for five seconds.
    for _ in 0..2 {
        assert_eq!(caller.by_session(USERS).status, 200);
    }
    let refused = caller.by_session("/api/v1/groups");
    assert!(limited(&refused));
    assert_eq!(told(&refused).0, 0);
    let hub = Request::new("GET", "https://hub.okta.com/.well-known/okta-organization");
    assert_eq!(
        caller.send(&hub).status,
        200,
        "another org has its own places"
    );
    caller.now += 5_000;
    assert_eq!(caller.by_session("/api/v1/groups").status, 200);
    let violated = "/api/v1/logs?filter=eventType+eq+%22core.concurrency.org.limit.violation%22";
    let events = caller.by_session(violated).value();
    assert_eq!(events.as_array().map(Vec::len), Some(1));
}
