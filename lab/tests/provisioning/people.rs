//! People arrive, change, leave and come back.

use serde_json::{Value, json};

use crate::pair::{Pair, feature};

#[test]
fn people_of_an_assigned_group_are_linked_or_made() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    let others = pair.world.dump()["other"].clone();
    pair.assign("Sales", &app);

    let ada = pair.app_user(&app, "ada@acme.example.com");
    assert_eq!(ada["status"], "PROVISIONED");
    assert_eq!(ada["syncState"], "SYNCHRONIZED");
    assert_eq!(ada["externalId"], pair.hub_id("ada@acme.example.com"));
    let grace = pair.hub_user("grace@acme.example.com");
    assert_eq!(grace["status"], "ACTIVE");
    assert_eq!(grace["profile"]["lastName"], "Hopper");
    assert_eq!(
        pair.app_user(&app, "grace@acme.example.com")["externalId"],
        grace["id"]
    );

    // All of it went over the target's own API, by the owner of the token.
    let made = pair.effects("hub", "created user grace@acme.example.com");
    assert_eq!(made, ["admin@hub.example.com POST /api/v1/users"]);
    let requests = pair.world.requests().to_vec();
    let own: Vec<_> = requests
        .iter()
        .filter(|request| request.from.is_some())
        .collect();
    assert!(own.iter().all(|request| request.org == "hub"
        && request.from.as_deref() == Some("acme")
        && request.actor == "admin@hub.example.com"));
    assert_eq!(
        pair.events("acme", "application.provision.user.push"),
        ["SUCCESS", "SUCCESS"]
    );
    assert_eq!(
        pair.events("acme", "app.user_management.push_new_user_success")
            .len(),
        2
    );
    assert_eq!(pair.events("hub", "user.lifecycle.create"), ["SUCCESS"]);
    assert_eq!(pair.world.dump()["other"], others);
    assert!(!pair.world.dump().to_string().contains("SSWS"));
    assert!(!pair.world.dump().to_string().contains(&pair.hub_token));
}

#[test]
fn changes_follow_and_leaving_deactivates() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    let grace = pair.id("acme", "grace@acme.example.com");

    let body = json!({ "profile": { "department": "Compilers" } });
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/users/{grace}"),
        Some(&body),
    );
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["profile"]["department"],
        "Compilers"
    );
    assert_eq!(
        pair.events("acme", "application.provision.user.push_profile"),
        ["SUCCESS"]
    );

    // Out of the group, out of the target.
    let sales = pair.group("acme", "Sales");
    let member = format!("/api/v1/groups/{sales}/users/{grace}");
    pair.ok("acme", "DELETE", &member, None);
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["status"],
        "DEPROVISIONED"
    );
    assert_eq!(
        pair.events("acme", "application.provision.user.deactivate"),
        ["SUCCESS"]
    );
    assert_eq!(pair.events("hub", "user.lifecycle.deactivate"), ["SUCCESS"]);

    // And back: the same person is brought back, not a second one made.
    pair.ok("acme", "PUT", &member, None);
    assert_eq!(pair.hub_user("grace@acme.example.com")["status"], "ACTIVE");
    assert_eq!(
        pair.effects("hub", "created user grace@acme.example.com")
            .len(),
        1
    );
}

#[test]
fn a_deactivated_person_is_deactivated_there_and_brought_back() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_without_pass");
    pair.assign("Sales", &app);
    let grace = format!(
        "/api/v1/users/{}",
        pair.id("acme", "grace@acme.example.com")
    );
    pair.ok(
        "acme",
        "POST",
        &format!("{grace}/lifecycle/deactivate"),
        None,
    );
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["status"],
        "DEPROVISIONED"
    );
    pair.ok("acme", "POST", &format!("{grace}/lifecycle/activate"), None);
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["status"],
        "PROVISIONED"
    );
}

#[test]
fn with_deactivation_off_nobody_loses_the_target() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Sales", &app);
    let off = json!({ "update": { "lifecycleDeactivate": { "status": "DISABLED" } } });
    let read = pair.ok("acme", "PUT", &feature(&app), Some(&off));
    // A partial update: the rest stays.
    assert_eq!(
        read["capabilities"]["create"]["lifecycleCreate"]["status"],
        "ENABLED"
    );
    assert_eq!(
        read["capabilities"]["update"]["lifecycleDeactivate"]["status"],
        "DISABLED"
    );
    let hub = pair.world.dump()["hub"].clone();
    let sales = pair.group("acme", "Sales");
    pair.ok(
        "acme",
        "DELETE",
        &format!("/api/v1/apps/{app}/groups/{sales}"),
        None,
    );
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/apps/{app}/lifecycle/deactivate"),
        None,
    );
    pair.ok("acme", "DELETE", &format!("/api/v1/apps/{app}"), None);
    assert_eq!(pair.world.dump()["hub"], hub);
}

#[test]
fn an_inactive_app_with_a_live_connection_still_deactivates() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/apps/{app}/lifecycle/deactivate"),
        None,
    );
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["status"],
        "DEPROVISIONED"
    );
}

#[test]
fn each_initial_status_gives_its_own_account() {
    // Status, whether there is a password, and what the target logs.
    let wanted = [
        ("active_with_pass", "ACTIVE", true),
        ("active_without_pass", "PROVISIONED", false),
        ("pending_with_pass", "STAGED", true),
        ("pending_without_pass", "STAGED", false),
    ];
    for (value, status, with_password) in wanted {
        let mut pair = Pair::fresh();
        let app = pair.token_app();
        pair.map_status(&app, value);
        pair.assign("Engineering", &app);
        let alan = pair.hub_user("alan@acme.example.com");
        assert_eq!(alan["status"], status, "{value}");
        assert_eq!(
            alan["credentials"].get("password").is_some(),
            with_password,
            "{value}"
        );
        let activated = pair.events("hub", "user.lifecycle.activate").len();
        assert_eq!(activated, if status == "STAGED" { 0 } else { 3 }, "{value}");
    }
}

#[test]
fn an_assignment_may_say_its_own_initial_status() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "pending_without_pass");
    let path = format!("/api/v1/apps/{app}/users");
    let mary = pair.id("acme", "mary@acme.example.com");
    let wrong = json!({ "id": mary, "profile": { "initialStatus": "mary@acme.example.com" } });
    let refused = pair.call("acme", "POST", &path, Some(&wrong));
    assert_eq!(refused.status, 400);
    assert!(
        refused.body_text().contains("(code notOneOf)"),
        "{}",
        refused.body_text()
    );
    let right = json!({ "id": mary, "profile": { "initialStatus": "active_with_pass" } });
    pair.ok("acme", "POST", &path, Some(&right));
    assert_eq!(pair.hub_user("mary@acme.example.com")["status"], "ACTIVE");
}

#[test]
fn who_was_assigned_too_early_needs_to_be_provisioned_by_hand() {
    let mut pair = Pair::fresh();
    let app = pair.bare_app("hub");
    pair.assign("Sales", &app);
    pair.connect(&app);
    pair.switch_on(&app);
    pair.map_status(&app, "active_with_pass");
    let early = pair.app_user(&app, "grace@acme.example.com");
    assert_eq!(
        (&early["status"], &early["externalId"]),
        (&json!("ACTIVE"), &Value::Null)
    );
    // A change of the person does not push them either.
    let grace = pair.id("acme", "grace@acme.example.com");
    let body = json!({ "profile": { "title": "Admiral" } });
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/users/{grace}"),
        Some(&body),
    );
    assert!(pair.hub_has_nobody("grace@acme.example.com"));

    pair.press("acme", "provision-user", &app);
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["profile"]["title"],
        "Admiral"
    );
    assert_eq!(
        pair.app_user(&app, "grace@acme.example.com")["status"],
        "PROVISIONED"
    );
}

#[test]
fn the_admin_host_as_base_url_works() {
    let mut pair = Pair::fresh();
    let app = pair.bare_app("hub-admin");
    pair.connect(&app);
    pair.switch_on(&app);
    pair.assign("Sales", &app);
    assert_eq!(
        pair.app_user(&app, "ada@acme.example.com")["status"],
        "PROVISIONED"
    );
}

#[test]
fn passwords_follow_a_sign_in_but_not_of_people_who_sign_in_elsewhere() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    let on = json!({ "update": { "password": { "status": "ENABLED", "seed": "OKTA" } } });
    pair.ok("acme", "PUT", &feature(&app), Some(&on));
    pair.assign("Sales", &app);
    let grace = "grace@acme.example.com";
    assert_eq!(pair.sign_in("hub", grace), 401, "a temporary password");
    assert_eq!(pair.sign_in("acme", grace), 303);
    assert_eq!(pair.sign_in("hub", grace), 303);
    assert_eq!(
        pair.events("acme", "application.provision.user.push_okta_password"),
        ["SUCCESS"]
    );
    assert!(pair.app_user(&app, grace)["passwordChanged"].is_string());
}

#[test]
fn who_was_suspended_there_comes_back_with_the_source() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    let here = format!(
        "/api/v1/users/{}",
        pair.id("acme", "grace@acme.example.com")
    );
    let there = format!(
        "/api/v1/users/{}",
        pair.hub_id("grace@acme.example.com")
            .as_str()
            .expect("an id")
    );
    // Suspending is not pushed.
    pair.ok("acme", "POST", &format!("{here}/lifecycle/suspend"), None);
    assert_eq!(pair.hub_user("grace@acme.example.com")["status"], "ACTIVE");
    pair.ok("hub", "POST", &format!("{there}/lifecycle/suspend"), None);
    pair.ok("acme", "POST", &format!("{here}/lifecycle/unsuspend"), None);
    assert_eq!(pair.hub_user("grace@acme.example.com")["status"], "ACTIVE");
    assert_eq!(
        pair.events("acme", "application.provision.user.reactivate"),
        ["SUCCESS"]
    );
}

#[test]
fn taking_it_back_in_the_safe_order_leaves_the_source_as_it_was() {
    let mut pair = Pair::fresh();
    let before = pair.world.dump()["acme"].to_string();
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    let sales = pair.group("acme", "Sales");
    let mapping = pair.push_group(&app, &sales, "ACME Sales");
    let hub = pair.world.dump()["hub"].clone();

    let off = json!({ "update": { "lifecycleDeactivate": { "status": "DISABLED" } } });
    pair.ok("acme", "PUT", &feature(&app), Some(&off));
    let place = format!(
        "/api/v1/apps/{app}/group-push/mappings/{}",
        mapping["id"].as_str().expect("an id")
    );
    pair.ok(
        "acme",
        "PATCH",
        &place,
        Some(&json!({ "status": "INACTIVE" })),
    );
    pair.ok(
        "acme",
        "DELETE",
        &format!("{place}?deleteTargetGroup=false"),
        None,
    );
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/apps/{app}/connections/default/lifecycle/deactivate"),
        None,
    );
    pair.ok(
        "acme",
        "DELETE",
        &format!("/api/v1/apps/{app}/groups/{sales}"),
        None,
    );
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/apps/{app}/lifecycle/deactivate"),
        None,
    );
    pair.ok("acme", "DELETE", &format!("/api/v1/apps/{app}"), None);
    assert_eq!(pair.world.dump()["acme"].to_string(), before);
    assert_eq!(pair.world.dump()["hub"], hub, "the target keeps everybody");
}
