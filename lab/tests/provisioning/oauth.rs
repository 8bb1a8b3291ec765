//! Provisioning with a service app of the target: keys, roles, scopes, DPoP, and what goes wrong.

use crate::pair::Pair;
use crate::pair::oauth::{ROLES, SCOPES};
use org2org_lab::{Fault, FaultKind};
use serde_json::{Value, json};

const GRACE: &str = "grace@acme.example.com";

#[test]
fn the_service_app_makes_people_and_keys_rotate_by_themselves() {
    let mut pair = Pair::fresh();
    let (app, client) = pair.auto_app(&ROLES, &SCOPES, true);
    pair.assign("Sales", &app);
    assert_eq!(pair.hub_user(GRACE)["status"], "ACTIVE");
    assert_eq!(
        pair.effects("hub", &format!("created user {GRACE}")),
        [format!("{client} POST /api/v1/users")]
    );
    let grants = pair.events("hub", "app.oauth2.token.grant.access_token");
    assert_eq!(grants.last().map(String::as_str), Some("SUCCESS"));
    let tokens = |pair: &Pair| {
        let all = pair.world.requests().iter();
        all.filter(|request| request.path == "/oauth2/v1/token" && request.status == Some(200))
            .count()
    };
    assert_eq!(tokens(&pair), 1, "one token serves them all");

    let keys = |pair: &mut Pair| {
        let answer = pair.anonymous("GET", &pair.key_address(&app));
        let keys = answer.value()["jwks"]["keys"]
            .as_array()
            .expect("a list")
            .clone();
        keys.iter()
            .map(|key| key["kid"].clone())
            .collect::<Vec<_>>()
    };
    let first = keys(&mut pair);
    pair.wait(91, &["acme", "hub"]);
    let grace = pair.id("acme", GRACE);
    let body = json!({ "profile": { "city": "York" } });
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/users/{grace}"),
        Some(&body),
    );
    assert_eq!(pair.hub_user(GRACE)["profile"]["city"], "York");
    let second = keys(&mut pair);
    assert_eq!(
        (first.len(), second.len(), second.contains(&first[0])),
        (1, 2, true)
    );
    assert_eq!(tokens(&pair), 2);
    assert_eq!(pair.events("acme", "app.keys.rotate"), ["SUCCESS"]);
}

#[test]
fn without_dpop_the_token_is_a_plain_one() {
    let mut pair = Pair::fresh();
    let (app, _) = pair.auto_app(&ROLES, &SCOPES, false);
    pair.assign("Sales", &app);
    assert_eq!(pair.app_user(&app, GRACE)["status"], "PROVISIONED");
}

#[test]
fn own_keys_work_until_the_app_signs_with_one_that_the_target_does_not_know() {
    let mut pair = Pair::fresh();
    let app = pair.bare_app("hub");
    let keys = pair.app_keys(&app);
    let client = pair.service_app(json!({ "jwks": { "keys": bare(&keys) } }), true);
    pair.give_roles(&client, &ROLES);
    pair.grant(&client, &SCOPES);
    pair.connect_by_client(&app, &client, None);
    pair.switch_on(&app);
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    assert_eq!(pair.app_user(&app, GRACE)["status"], "PROVISIONED");

    let place = format!("/api/v1/apps/{app}");
    let path = format!("{place}/credentials/keys/generate?validityYears=2");
    let fresh = pair.ok("acme", "POST", &path, None);
    let body = json!({ "name": "okta_org2org", "label": "Hub", "credentials": { "signing": { "kid": fresh["kid"] } } });
    pair.ok("acme", "PUT", &place, Some(&body));
    pair.now += 3_600_000;
    change(&mut pair, "York");
    assert_eq!(pair.app_user(&app, GRACE)["syncState"], "ERROR");
    assert_eq!(
        pair.events("acme", "application.integration.authentication_failure"),
        ["FAILURE"]
    );
    assert_ne!(pair.hub_user(GRACE)["profile"]["city"], "York");

    // Old and new beside each other, and it goes on.
    let keys = pair.app_keys(&app);
    assert_eq!(keys.as_array().map(Vec::len), Some(2));
    let service = format!("/api/v1/apps/{client}");
    let mut shape = pair.ok("hub", "GET", &service, None);
    shape["settings"]["oauthClient"]["jwks"] = json!({ "keys": bare(&keys) });
    pair.ok("hub", "PUT", &service, Some(&shape));
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.hub_user(GRACE)["profile"]["city"], "York");
}

#[test]
fn own_keys_and_the_connections_address_do_not_fit() {
    let mut pair = Pair::fresh();
    let (app, client) = pair.auto_app(&ROLES, &SCOPES, true);
    pair.connect_by_client(&app, &client, Some("MANUAL"));
    pair.assign("Sales", &app);
    assert_eq!(pair.app_user(&app, GRACE)["syncState"], "ERROR");
    assert!(
        pair.failures("acme")[0].contains("invalid_client"),
        "{:?}",
        pair.failures("acme")
    );
}

#[test]
fn scopes_without_a_role_are_refused() {
    let mut pair = Pair::fresh();
    let (app, client) = pair.auto_app(&[], &SCOPES, true);
    pair.assign("Sales", &app);
    let failures = pair.failures("acme");
    assert!(failures[0].ends_with("HTTP 403 Forbidden"), "{failures:?}");
    assert!(pair.hub_has_nobody(GRACE));
    pair.give_roles(&client, &ROLES);
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.app_user(&app, GRACE)["status"], "PROVISIONED");
}

#[test]
fn roles_without_scopes_get_no_token() {
    let mut pair = Pair::fresh();
    let (app, client) = pair.auto_app(&ROLES, &[], true);
    pair.assign("Sales", &app);
    assert_eq!(pair.app_user(&app, GRACE)["syncState"], "ERROR");
    assert!(
        pair.events("hub", "app.oauth2.token.grant.access_token")
            .contains(&"FAILURE".to_owned())
    );
    assert_eq!(
        pair.events("acme", "application.integration.authentication_failure")
            .len(),
        2
    );
    pair.grant(&client, &SCOPES);
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.app_user(&app, GRACE)["status"], "PROVISIONED");
}

#[test]
fn groups_need_their_scope_and_people_do_not() {
    let mut pair = Pair::fresh();
    let (app, client) = pair.auto_app(&["ORG_ADMIN"], &["okta.users.manage"], true);
    pair.assign("Sales", &app);
    assert_eq!(pair.app_user(&app, GRACE)["status"], "PROVISIONED");
    let sales = pair.group("acme", "Sales");
    let mapping = pair.push_group(&app, &sales, "ACME Sales");
    let place = format!(
        "/api/v1/apps/{app}/group-push/mappings/{}",
        text(&mapping["id"])
    );
    assert_eq!(pair.ok("acme", "GET", &place, None)["status"], "ERROR");
    pair.grant(&client, &["okta.groups.manage"]);
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.ok("acme", "GET", &place, None)["status"], "ACTIVE");
    assert_eq!(pair.hub_members("ACME Sales").len(), 2);
}

#[test]
fn the_least_roles_push_into_a_group_that_is_there_but_make_none() {
    let mut pair = Pair::fresh();
    let (app, _) = pair.auto_app(&ROLES, &SCOPES, true);
    pair.assign("Sales", &app);
    let sales = pair.group("acme", "Sales");
    let mapping = pair.push_group(&app, &sales, "ACME Sales");
    let place = format!(
        "/api/v1/apps/{app}/group-push/mappings/{}",
        text(&mapping["id"])
    );
    let read = pair.ok("acme", "GET", &place, None);
    assert_eq!(read["status"], "ERROR");
    assert_eq!(
        read["errorSummary"],
        "Unable to update Group Push mapping target App group ACME Sales: Error while creating user group ACME Sales: \
         HTTP 403 Forbidden"
    );
    assert!(pair.find_group("hub", "ACME Sales").is_none());
    let kind = "application.provision.group_push.mapping.update.or.delete.failed.with.error";
    assert_eq!(pair.events("acme", kind), ["FAILURE"]);

    // An empty group made beforehand is linked instead.
    let body = json!({ "profile": { "name": "ACME Sales" } });
    pair.ok("hub", "POST", "/api/v1/groups", Some(&body));
    pair.ok(
        "acme",
        "PATCH",
        &place,
        Some(&json!({ "status": "ACTIVE" })),
    );
    assert_eq!(pair.ok("acme", "GET", &place, None)["status"], "ACTIVE");
    assert_eq!(pair.hub_members("ACME Sales").len(), 2);
}

#[test]
fn a_custom_role_that_may_create_groups_makes_them() {
    let mut pair = Pair::fresh();
    let (app, client) = pair.auto_app(&ROLES, &SCOPES, true);
    let body = json!({ "label": "Group creator", "description": "x", "permissions": ["okta.groups.create"] });
    let role = pair.ok("hub", "POST", "/api/v1/iam/roles", Some(&body));
    let hub = pair
        .world
        .sites()
        .into_iter()
        .find(|site| site.subdomain == "hub");
    let groups = format!("orn:okta:directory:{}:groups", hub.expect("the hub").id);
    let body = json!({ "label": "All groups", "description": "x", "resources": [groups] });
    let set = pair.ok("hub", "POST", "/api/v1/iam/resource-sets", Some(&body));
    let body = json!({ "type": "CUSTOM", "role": role["id"], "resource-set": set["id"] });
    pair.ok(
        "hub",
        "POST",
        &format!("/oauth2/v1/clients/{client}/roles"),
        Some(&body),
    );
    pair.assign("Sales", &app);
    let sales = pair.group("acme", "Sales");
    pair.push_group(&app, &sales, "ACME Sales");
    assert_eq!(pair.hub_members("ACME Sales").len(), 2);
}

#[test]
fn a_client_id_of_nobody_and_an_inactive_service_app_are_no_clients() {
    let mut pair = Pair::fresh();
    let (app, client) = pair.auto_app(&ROLES, &SCOPES, true);
    pair.ok(
        "hub",
        "POST",
        &format!("/api/v1/apps/{client}/lifecycle/deactivate"),
        None,
    );
    pair.assign("Sales", &app);
    assert!(
        pair.failures("acme")[0].contains("invalid_client"),
        "{:?}",
        pair.failures("acme")
    );
    pair.connect_by_client(&app, "0oaofnobodyatall5d7", Some("AUTO"));
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.app_user(&app, GRACE)["syncState"], "ERROR");
    assert!(pair.hub_has_nobody(GRACE));
}

#[test]
fn a_token_connection_moves_to_oauth_without_losing_anybody() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    let before = pair.app_user(&app, GRACE)["externalId"].clone();
    let client = pair.service_app(json!({ "jwks_uri": pair.key_address(&app) }), true);
    pair.give_roles(&client, &ROLES);
    pair.grant(&client, &SCOPES);
    pair.connect_by_client(&app, &client, Some("AUTO"));
    change(&mut pair, "York");
    assert_eq!(pair.app_user(&app, GRACE)["externalId"], before);
    assert_eq!(
        pair.effects("hub", &format!("updated user {GRACE}")).last(),
        Some(&format!("{client} POST /api/v1/users/{}", text(&before)))
    );
}

#[test]
fn a_token_endpoint_that_fails_is_told_and_tried_again() {
    let mut pair = Pair::fresh();
    let (app, _) = pair.auto_app(&ROLES, &SCOPES, true);
    pair.world.fault(
        Fault::new(FaultKind::ErrorBefore(503))
            .org("hub")
            .on("POST", "/oauth2/v1/token"),
    );
    pair.assign("Sales", &app);
    assert_eq!(pair.app_user(&app, GRACE)["syncState"], "ERROR");
    assert_eq!(
        pair.events("acme", "application.integration.general_failure")
            .len(),
        2
    );
    pair.world.clear_faults();
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(pair.app_user(&app, GRACE)["syncState"], "SYNCHRONIZED");
}

fn change(pair: &mut Pair, city: &str) {
    let grace = pair.id("acme", GRACE);
    let body = json!({ "profile": { "city": city } });
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/users/{grace}"),
        Some(&body),
    );
}

// Keys as the target takes them: without the certificate and its times.
fn bare(keys: &Value) -> Vec<Value> {
    let keys = keys.as_array().expect("a list").iter();
    keys.map(|key| {
        json!({ "kty": key["kty"], "kid": key["kid"], "use": "sig", "e": key["e"], "n": key["n"], "status": "ACTIVE" })
    })
    .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
