//! Who may do what, for how long a session lasts, and when a change is seen.

use org2org_lab::Request;
use serde_json::{Value, json};

use crate::org::{NOW, Org, bookmark, code};

const ROLES: [&str; 9] = [
    "SUPER_ADMIN",
    "ORG_ADMIN",
    "APP_ADMIN",
    "USER_ADMIN",
    "GROUP_MEMBERSHIP_ADMIN",
    "HELP_DESK_ADMIN",
    "API_ACCESS_MANAGEMENT_ADMIN",
    "READ_ONLY_ADMIN",
    "REPORT_ADMIN",
];

/// One operation of each kind, and who of [`ROLES`] may do it: `x` for yes.
const MATRIX: [(&str, &str, &str); 18] = [
    // S O A U M H P R L
    (
        "GET /api/v1/users?limit=1",
        "x x x x x x . x .",
        "people are read",
    ),
    (
        "GET /api/v1/groups?limit=1",
        "x x x x x x . x .",
        "groups are read",
    ),
    (
        "GET /api/v1/apps?limit=1",
        "x x x . . . x x .",
        "apps are read",
    ),
    (
        "GET /api/v1/idps?limit=1",
        "x x . . . . . x .",
        "identity providers are read",
    ),
    (
        "GET /api/v1/logs?limit=1",
        "x x x . . . . x x",
        "the System Log is read",
    ),
    (
        "GET /api/v1/mappings?limit=1",
        "x x x . . . . x .",
        "mappings are read",
    ),
    (
        "GET /api/v1/api-tokens",
        "x x . . . . . x .",
        "API tokens are read",
    ),
    ("POST /api/v1/users", "x x . x . . . . .", "people are made"),
    (
        "POST /api/v1/groups",
        "x x . . . . . . .",
        "groups are made by neither group role",
    ),
    (
        "PUT /api/v1/groups/{group}/users/{user}",
        "x x . x x . . . .",
        "members are added",
    ),
    ("POST /api/v1/apps", "x x x . . . . . .", "apps are made"),
    (
        "POST /api/v1/apps/{app}/users",
        "x x x . . . . . .",
        "apps are assigned",
    ),
    (
        "POST /api/v1/idps",
        "x x . . . . . . .",
        "identity providers are made",
    ),
    (
        "POST /oauth2/v1/clients",
        "x x x . . . x . .",
        "clients are made",
    ),
    (
        "POST /api/v1/apps/{app}/grants",
        "x . . . . . . . .",
        "scopes are granted by a super admin alone",
    ),
    (
        "POST /api/v1/users/{user}/roles",
        "x . . . . . . . .",
        "roles are given by a super admin alone",
    ),
    (
        "POST /api/v1/features/ftr/ENABLE",
        "x . . . . . . . .",
        "features are switched by a super admin alone",
    ),
    (
        "GET /api/v1/users/me",
        "x x x x x x x x x",
        "everybody may look at themselves",
    ),
];

// An admin with this role alone, made by the super admin.
fn admin(acme: &mut Org, role: &str) -> Org {
    let login = format!("{}@acme.example.com", role.to_ascii_lowercase());
    let profile = json!({ "firstName": "An", "lastName": "Admin", "login": login, "email": login });
    let body =
        json!({ "profile": profile, "credentials": { "password": { "value": "Longenough-1" } } });
    let user = acme.post("/api/v1/users?activate=true", body);
    let roles = format!(
        "/api/v1/users/{}/roles",
        user["id"].as_str().expect("an id")
    );
    let given = acme.call("POST", &roles, Some(&json!({ "type": role })));
    assert!(given.status < 300, "{role}: {}", given.body_text());
    let session = acme.world.session("acme", &login, NOW);
    Org {
        world: acme.world.clone(),
        host: "acme-admin.okta.com",
        cookie: session.cookie,
        xsrf: session.xsrf,
    }
}

#[test]
fn each_role_may_do_what_okta_says_and_no_more() {
    let mut acme = Org::acme();
    let id = |value: Value| value[0]["id"].as_str().expect("an id").to_owned();
    let user = id(acme.get("/api/v1/users?q=ada"));
    let group = id(acme.get("/api/v1/groups?q=Sales"));
    let app = id(acme.get("/api/v1/apps?limit=1"));
    let mut seen: Vec<Vec<char>> = vec![Vec::new(); MATRIX.len()];
    for role in ROLES {
        let admin = admin(&mut acme, role);
        for ((call, _, _), row) in MATRIX.iter().zip(&mut seen) {
            let (method, path) = call.split_once(' ').expect("a method and a path");
            let path = path
                .replace("{user}", &user)
                .replace("{group}", &group)
                .replace("{app}", &app);
            // An empty body is refused for what it lacks, but only after the right was found to be there.
            let mut copy = Org {
                world: admin.world.clone(),
                cookie: admin.cookie.clone(),
                xsrf: admin.xsrf.clone(),
                ..admin
            };
            let answer = copy.call(method, &path, (method == "POST").then_some(&json!({})));
            let told = answer.value();
            let no = told["errorCode"] == "E0000006" || told["error"] == "access_denied";
            let refused = answer.status == 403 && no;
            assert!(
                refused || answer.status != 403,
                "{role} {call}: {}",
                answer.body_text()
            );
            row.push(if refused { '.' } else { 'x' });
        }
    }
    for ((call, wanted, what), row) in MATRIX.iter().zip(&seen) {
        let told: Vec<String> = row.iter().map(char::to_string).collect();
        assert_eq!(
            told.join(" "),
            *wanted,
            "{call}: {what}; the roles are {ROLES:?}"
        );
    }
}

#[test]
fn an_admin_of_the_source_is_nobody_in_the_target() {
    let mut acme = Org::acme();
    acme.host = "hub-admin.okta.com";
    assert_eq!(
        code(&acme.call("GET", "/api/v1/users/me", None)),
        "E0000005"
    );
    let token = acme.world.sites()[0].admins[0].token.clone();
    let request = Request::new("GET", "https://hub.okta.com/api/v1/users/me");
    let request = request.with("authorization", &format!("SSWS {token}"));
    let answer = acme
        .world
        .handle(&request, NOW)
        .response()
        .expect("an answer");
    assert_eq!((answer.status, code(&answer).as_str()), (401, "E0000011"));
    // Not even with the same name, until somebody makes them one.
    let ada = acme.world.session("hub", "ada@acme.example.com", NOW);
    (acme.cookie, acme.xsrf) = (ada.cookie, ada.xsrf);
    assert_eq!(code(&acme.call("GET", "/api/v1/users", None)), "E0000006");
    let console = acme.request("GET", "/admin/dashboard", None);
    assert_eq!(
        acme.world
            .handle(&console, NOW)
            .response()
            .expect("an answer")
            .status,
        403
    );
}

#[test]
fn a_session_ends_after_fifteen_idle_minutes_and_twelve_hours() {
    const MINUTE: u64 = 60_000;
    let mut acme = Org::acme();
    let me = acme.request("GET", "/api/v1/users/me", None);
    let at = |acme: &mut Org, ms: u64| {
        let answer = acme
            .world
            .handle(&me, NOW + ms)
            .response()
            .expect("an answer");
        if answer.status != 200 {
            assert_eq!((answer.status, code(&answer).as_str()), (403, "E0000005"));
        }
        answer.status
    };
    // Each call starts the quarter of an hour anew.
    assert_eq!(at(&mut acme, 15 * MINUTE - 1), 200);
    assert_eq!(at(&mut acme, 30 * MINUTE - 2), 200);
    assert_eq!(at(&mut acme, 45 * MINUTE - 2), 403);
    assert_eq!(at(&mut acme, 45 * MINUTE - 1), 403, "it stays ended");
    let console = acme.request("GET", "/admin/dashboard", None);
    let answer = acme
        .world
        .handle(&console, NOW + 46 * MINUTE)
        .response()
        .expect("an answer");
    assert!(
        answer
            .header("location")
            .is_some_and(|to| to.starts_with("/login/login.htm?fromURI="))
    );

    let mut acme = Org::acme();
    for quarter in 0..72 {
        assert_eq!(at(&mut acme, quarter * 10 * MINUTE), 200, "{quarter}");
    }
    assert_eq!(at(&mut acme, 720 * MINUTE), 403, "busy or not");
}

#[test]
fn lists_lag_by_the_delay_that_is_set_and_reads_by_id_do_not() {
    let mut acme = Org::acme();
    let set = Request::new("POST", "https://acme.okta.com/_lab/options");
    let set = set.json(&json!({ "consistency_ms": 3_000 }));
    assert_eq!(
        acme.world
            .handle(&set, NOW)
            .response()
            .expect("an answer")
            .status,
        204
    );
    let group = acme.post(
        "/api/v1/groups",
        json!({ "profile": { "name": "Lagging" } }),
    );
    let group = group["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/groups/{group}");
    let list = acme.request("GET", "/api/v1/groups?q=Lagging", None);
    let count = |acme: &mut Org, ms: u64| {
        let answer = acme
            .world
            .handle(&list, NOW + ms)
            .response()
            .expect("an answer");
        answer.value().as_array().map(Vec::len)
    };
    assert_eq!(acme.call("GET", &path, None).status, 200);
    assert_eq!(
        [
            count(&mut acme, 0),
            count(&mut acme, 2_999),
            count(&mut acme, 3_000)
        ],
        [Some(0), Some(0), Some(1)]
    );

    // The same for what belongs to something else, and for what goes away.
    let sales = acme.get("/api/v1/groups?q=Sales")[0]["id"].clone();
    let app = acme.post("/api/v1/apps", bookmark("Lagging"))["id"].clone();
    let app = format!("/api/v1/apps/{}", app.as_str().expect("an id"));
    let assigned = format!("{app}/groups/{}", sales.as_str().expect("an id"));
    assert_eq!(acme.call("PUT", &assigned, None).status, 200);
    assert_eq!(
        acme.get(&format!("{app}/groups")).as_array().map(Vec::len),
        Some(0)
    );
    assert_eq!(acme.call("GET", &assigned, None).status, 200);
    let delete = acme.request("DELETE", &path, None);
    let later = NOW + 10_000;
    assert_eq!(
        acme.world
            .handle(&delete, later)
            .response()
            .expect("an answer")
            .status,
        204
    );
    assert_eq!(
        [count(&mut acme, 10_000), count(&mut acme, 13_000)],
        [Some(1), Some(0)]
    );
    let read = acme.request("GET", &path, None);
    assert_eq!(
        acme.world
            .handle(&read, later)
            .response()
            .expect("an answer")
            .status,
        404
    );
}
