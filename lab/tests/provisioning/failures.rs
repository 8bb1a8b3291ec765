//! What goes wrong, and the traces it leaves.

use org2org_lab::{Fault, FaultKind, Options};
use serde_json::{Value, json};

use crate::pair::{Pair, feature};

#[test]
fn a_wrong_mapping_of_the_initial_status_leaves_its_error() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map(
        &app,
        json!({ "initialStatus": { "expression": "user.email", "pushStatus": "DONT_PUSH" } }),
    );
    pair.assign("Sales", &app);
    let error =
        "grace@acme.example.com is an Invalid Value for initialStatus field (code notOneOf)";
    assert_eq!(
        pair.app_user(&app, "grace@acme.example.com")["syncState"],
        "ERROR"
    );
    assert!(
        pair.failures("acme")
            .iter()
            .any(|text| text.contains(error)),
        "{:?}",
        pair.failures("acme")
    );
    assert!(pair.hub_has_nobody("grace@acme.example.com"));

    // Mended and tried again, as an admin does on the Tasks page.
    pair.map(&app, json!({ "initialStatus": { "expression": "\"active_with_pass\"", "pushStatus": "DONT_PUSH" } }));
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.hub_user("grace@acme.example.com")["status"], "ACTIVE");
    assert_eq!(
        pair.app_user(&app, "grace@acme.example.com")["syncState"],
        "SYNCHRONIZED"
    );
}

#[test]
fn a_token_of_a_lesser_role_passes_and_fails_with_the_first_person() {
    let mut pair = Pair::fresh();
    let token = pair.token("hub", "APP_ADMIN");
    let app = pair.app_with_token(&token);
    pair.assign("Engineering", &app);
    let alan = pair.app_user(&app, "alan@acme.example.com");
    assert_eq!(
        (&alan["status"], &alan["syncState"]),
        (&json!("STAGED"), &json!("ERROR"))
    );
    assert_eq!(
        pair.failures("acme")[0],
        "Automatic provisioning of user Alan Turing to app Hub failed: Error while creating user \
         alan@acme.example.com: HTTP 403 Forbidden"
    );
    assert!(pair.hub_has_nobody("alan@acme.example.com"));
}

#[test]
fn a_wrong_token_is_an_authentication_failure() {
    let mut pair = Pair::fresh();
    let app = pair.app_with_token("00wrong");
    pair.assign("Engineering", &app);
    assert_eq!(
        pair.events("acme", "application.integration.authentication_failure")
            .len(),
        3
    );
    assert!(
        pair.failures("acme").iter().any(|text| text
            .ends_with("Unauthorized. Errors reported by remote server: Invalid token provided")),
        "{:?}",
        pair.failures("acme")
    );
}

#[test]
fn a_token_that_nobody_used_for_a_month_is_gone() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Engineering", &app);
    assert_eq!(
        pair.app_user(&app, "alan@acme.example.com")["status"],
        "PROVISIONED"
    );
    pair.wait(31, &["acme"]);
    pair.assign("Sales", &app);
    assert_eq!(
        pair.events("acme", "application.integration.authentication_failure")
            .len(),
        2
    );
}

#[test]
fn a_token_limited_to_a_zone_pushes_nobody_until_it_is_open_again() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let me = pair.ok("hub", "GET", "/api/v1/users/me", None);
    let tokens = pair.ok("hub", "GET", "/api/v1/api-tokens", None);
    let tokens = tokens.as_array().expect("a list").iter();
    let mut own = tokens.filter(|token| token["userId"] == me["id"]);
    let own = own.next_back();
    let id = own.expect("the admin's token")["id"].as_str();
    let path = format!("/api/v1/api-tokens/{}", id.expect("an id"));
    let limit = |pair: &mut Pair, network: Value| {
        let body = json!({ "name": "Pushes", "network": network });
        // By the console's session: the token itself may be shut out.
        pair.by_session("hub", "PUT", &path, &body)
    };
    let from = json!({ "connection": "ZONE", "include": ["nzo00000000000000001"] });
    let limited = limit(&mut pair, from);
    assert_eq!(limited["network"]["connection"], "ZONE");
    pair.assign("Engineering", &app);
    let alan = "alan@acme.example.com";
    assert_eq!(pair.app_user(&app, alan)["syncState"], "ERROR");
    let failures = pair.failures("acme");
    assert!(failures[0].contains("HTTP 403 Forbidden"), "{failures:?}");
    let shut = pair.call("hub", "GET", "/api/v1/org", None);
    assert_eq!(
        (shut.status, &shut.value()["errorCode"]),
        (403, &json!("E0000006"))
    );

    // Nobody is in a zone, so whoever is not in one gets in.
    for network in [
        json!({ "connection": "ZONE", "exclude": ["ALL_ZONES"] }),
        json!({ "connection": "ANYWHERE" }),
    ] {
        limit(&mut pair, network);
        assert_eq!(pair.call("hub", "GET", "/api/v1/org", None).status, 200);
    }
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.app_user(&app, alan)["status"], "PROVISIONED");
}

#[test]
fn a_base_url_outside_the_lab_reaches_nobody() {
    let mut pair = Pair::fresh();
    let app = pair.bare_app("nowhere");
    pair.connect(&app);
    pair.switch_on(&app);
    pair.assign("Sales", &app);
    assert_eq!(
        pair.app_user(&app, "ada@acme.example.com")["syncState"],
        "ERROR"
    );
    assert!(pair.failures("acme")[0].contains("Unknown host nowhere.okta.com"));
}

#[test]
fn a_new_username_that_is_taken_there_stops_the_profile() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    let grace = pair.id("acme", "grace@acme.example.com");
    let body = json!({ "profile": { "login": "alan@hub.example.com" } });
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/users/{grace}"),
        Some(&body),
    );
    assert_eq!(
        pair.app_user(&app, "alan@hub.example.com")["syncState"],
        "ERROR"
    );
    assert_eq!(
        pair.failures("acme"),
        [
            "Automatic profile push of user Grace Hopper to app Hub failed: Error while trying to push profile update \
          for alan@hub.example.com: login: An object with this field already exists in the current organization"
        ]
    );
    assert_eq!(pair.hub_user("grace@acme.example.com")["status"], "ACTIVE");
}

#[test]
fn the_first_sign_in_takes_the_profile_over_where_the_identity_provider_masters_it() {
    for masters in [false, true] {
        let mut pair = Pair::fresh();
        let app = pair.token_app();
        pair.map_status(&app, "active_with_pass");
        pair.federate(&app, masters);
        pair.assign("Sales", &app);
        pair.open(&app, "grace@acme.example.com");
        let grace = format!(
            "/api/v1/users/{}",
            pair.id("acme", "grace@acme.example.com")
        );
        pair.ok(
            "acme",
            "POST",
            &grace,
            Some(&json!({ "profile": { "city": "York" } })),
        );
        let state = pair.app_user(&app, "grace@acme.example.com")["syncState"].clone();
        if masters {
            assert_eq!(state, "ERROR");
            assert_eq!(
                pair.failures("acme"),
                [
                    "Automatic profile push of user Grace Hopper to app Hub failed: Error while trying to push profile \
                  update for grace@acme.example.com: Operation failed because user profile is mastered under another system."
                ]
            );
        } else {
            assert_eq!(state, "SYNCHRONIZED");
        }
    }
}

#[test]
fn two_people_with_one_username_are_not_linked_to_the_same_account() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    let path = format!("/api/v1/apps/{app}/users");
    for login in ["mary@acme.example.com", "tony@acme.example.com"] {
        let id = pair.id("acme", login);
        let body = json!({ "id": id, "credentials": { "userName": "shared@acme.example.com" } });
        pair.ok("acme", "POST", &path, Some(&body));
    }
    let states: Vec<Value> = ["mary@acme.example.com", "tony@acme.example.com"]
        .iter()
        .map(|login| pair.app_user(&app, login)["syncState"].clone())
        .collect();
    assert_eq!(states, [json!("SYNCHRONIZED"), json!("ERROR")]);
    assert_eq!(
        pair.hub_user("shared@acme.example.com")["profile"]["firstName"],
        "Mary"
    );
}

#[test]
fn somebody_deleted_there_cannot_be_changed() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Sales", &app);
    let there = format!(
        "/api/v1/users/{}",
        pair.hub_id("grace@acme.example.com")
            .as_str()
            .expect("an id")
    );
    for _ in 0..2 {
        pair.ok("hub", "DELETE", &there, None);
    }
    let here = format!(
        "/api/v1/users/{}",
        pair.id("acme", "grace@acme.example.com")
    );
    pair.ok(
        "acme",
        "POST",
        &here,
        Some(&json!({ "profile": { "city": "York" } })),
    );
    assert_eq!(
        pair.app_user(&app, "grace@acme.example.com")["syncState"],
        "ERROR"
    );
    assert!(pair.failures("acme")[0].contains("Not found: Resource not found"));
}

#[test]
fn somebody_deactivated_there_by_hand_cannot_be_changed() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Sales", &app);
    let there = pair.hub_id("grace@acme.example.com");
    let there = format!("/api/v1/users/{}", there.as_str().expect("an id"));
    pair.ok(
        "hub",
        "POST",
        &format!("{there}/lifecycle/deactivate"),
        None,
    );
    let here = format!(
        "/api/v1/users/{}",
        pair.id("acme", "grace@acme.example.com")
    );
    let body = json!({ "profile": { "city": "York" } });
    pair.ok("acme", "POST", &here, Some(&body));
    assert!(
        pair.failures("acme")[0]
            .ends_with("This operation is not allowed in the user's current status.")
    );
}

#[test]
fn somebody_who_signs_in_elsewhere_there_takes_no_password() {
    let mut pair = Pair::fresh();
    let tony = "tony@acme.example.com";
    let body = json!({
        "profile": { "firstName": "Tony", "lastName": "Hoare", "login": tony, "email": tony },
        "credentials": { "provider": { "type": "FEDERATION", "name": "FEDERATION" } },
    });
    pair.ok("hub", "POST", "/api/v1/users?provider=true", Some(&body));
    let app = pair.token_app();
    let on = json!({ "update": { "password": { "status": "ENABLED", "seed": "OKTA" } } });
    pair.ok("acme", "PUT", &feature(&app), Some(&on));
    pair.assign("Engineering", &app);
    assert_eq!(pair.app_user(&app, tony)["status"], "PROVISIONED");
    pair.sign_in("acme", tony);
    assert_eq!(pair.app_user(&app, tony)["syncState"], "ERROR");
    assert_eq!(
        pair.events("acme", "application.provision.user.push_okta_password"),
        ["FAILURE"]
    );
}

#[test]
fn what_waited_when_the_connection_was_cut_is_not_pushed_later() {
    let mut options = Options {
        rate_limit: 12,
        ..Options::default()
    };
    options.orgs[0].crowd(20);
    let mut pair = Pair::of(&options);
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Staff", &app);
    let place = format!("/api/v1/apps/{app}/connections/default/lifecycle");
    pair.ok("acme", "POST", &format!("{place}/deactivate"), None);
    let made = pair.world.dump()["hub"].clone();
    pair.now += 61_000;
    pair.world.land(pair.now);
    pair.ok("acme", "POST", &format!("{place}/activate"), None);
    pair.now += 61_000;
    pair.world.land(pair.now);
    assert_eq!(pair.world.dump()["hub"], made);
    pair.press("acme", "provision-user", &app);
    pair.now += 61_000;
    pair.world.land(pair.now);
    assert_ne!(pair.world.dump()["hub"], made);
}

#[test]
fn a_lost_answer_leaves_an_error_and_trying_again_makes_no_second_person() {
    for kind in [
        FaultKind::DropAfter,
        FaultKind::ErrorAfter(500),
        FaultKind::LateEffect(30_000),
    ] {
        let mut pair = Pair::fresh();
        let app = pair.token_app();
        pair.map_status(&app, "active_with_pass");
        pair.world.fault(
            Fault::new(kind)
                .org("hub")
                .on("POST", "/api/v1/users")
                .nth(2),
        );
        pair.assign("Sales", &app);
        let grace = pair.app_user(&app, "grace@acme.example.com");
        assert_eq!(
            (&grace["syncState"], &grace["externalId"]),
            (&json!("ERROR"), &Value::Null),
            "{kind:?}"
        );
        assert_eq!(
            pair.events("acme", "application.integration.general_failure")
                .len(),
            1
        );
        pair.world.advance(60_000);
        pair.press("acme", "retry-tasks", &app);
        assert_eq!(
            pair.app_user(&app, "grace@acme.example.com")["status"],
            "PROVISIONED",
            "{kind:?}"
        );
        assert_eq!(
            pair.effects("hub", "created user grace@acme.example.com")
                .len(),
            1,
            "{kind:?}"
        );
    }
}

#[test]
fn a_met_limit_lets_the_rest_wait_for_its_end() {
    let mut options = Options {
        rate_limit: 10,
        ..Options::default()
    };
    options.orgs[0].crowd(20);
    let mut pair = Pair::of(&options);
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Staff", &app);
    let waiting = |pair: &mut Pair| {
        let users = pair.ok("acme", "GET", &format!("/api/v1/apps/{app}/users"), None);
        let states = users.as_array().expect("a list").iter();
        states.filter(|user| user["syncState"] == "SYNCING").count()
    };
    let first = waiting(&mut pair);
    assert!(first > 0 && first < 20, "{first}");
    assert_eq!(
        pair.events("acme", "application.integration.rate_limit_exceeded"),
        ["FAILURE"]
    );
    for _ in 0..10 {
        pair.now += 61_000;
        pair.world.land(pair.now);
    }
    assert_eq!(waiting(&mut pair), 0);
    let users = pair.ok("acme", "GET", &format!("/api/v1/apps/{app}/users"), None);
    assert!(
        users
            .as_array()
            .expect("a list")
            .iter()
            .all(|user| user["externalId"].is_string())
    );
}
