//! Stories of Org2Org pushing people and groups from one simulated org to another.

mod pair;

use org2org_lab::{Fault, FaultKind, Options, OrgSpec};
use pair::Pair;
use serde_json::{Value, json};

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

#[test]
fn a_pushed_group_is_made_and_keeps_its_members() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Engineering", &app);
    let source = pair.group("acme", "Engineering");
    let mapping = pair.push_group(&app, &source, "ACME Engineering");
    assert_eq!(mapping["status"], "ACTIVE");
    let place = format!(
        "/api/v1/apps/{app}/group-push/mappings/{}",
        mapping["id"].as_str().expect("an id")
    );
    let read = pair.ok("acme", "GET", &place, None);
    assert!(
        read["lastPush"].is_string() && read.get("errorSummary").is_none(),
        "{read}"
    );
    assert_eq!(pair.hub_members("ACME Engineering").len(), 3);
    let standing = pair.ok(
        "acme",
        "GET",
        &format!(
            "/api/v1/groups/{}",
            read["targetGroupId"].as_str().expect("an id")
        ),
        None,
    );
    assert_eq!(
        (&standing["type"], &standing["source"]["id"]),
        (&json!("APP_GROUP"), &json!(app))
    );

    // Members without the app are left out until they have it.
    let ada = pair.id("acme", "ada@acme.example.com");
    pair.ok(
        "acme",
        "PUT",
        &format!("/api/v1/groups/{source}/users/{ada}"),
        None,
    );
    assert_eq!(
        pair.hub_members("ACME Engineering").len(),
        4,
        "the group gives the app as well, unsupported as that is"
    );
    let alan = pair.id("acme", "alan@acme.example.com");
    pair.ok(
        "acme",
        "DELETE",
        &format!("/api/v1/groups/{source}/users/{alan}"),
        None,
    );
    assert_eq!(pair.hub_members("ACME Engineering").len(), 3);

    let refused = pair.call(
        "acme",
        "DELETE",
        &format!("{place}?deleteTargetGroup=true"),
        None,
    );
    assert_eq!(refused.status, 400, "only inactive mappings are deleted");
    let off = json!({ "status": "INACTIVE" });
    assert_eq!(
        pair.ok("acme", "PATCH", &place, Some(&off))["status"],
        "INACTIVE"
    );
    assert_eq!(pair.call("acme", "DELETE", &place, None).status, 400);
    pair.ok(
        "acme",
        "DELETE",
        &format!("{place}?deleteTargetGroup=true"),
        None,
    );
    assert!(pair.find_group("hub", "ACME Engineering").is_none());
    assert_eq!(pair.call("acme", "GET", &place, None).status, 404);
}

#[test]
fn a_group_of_the_same_name_is_linked_and_loses_strangers() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Sales", &app);
    let there = pair.group("hub", "Finance");
    let source = pair.group("acme", "Sales");
    pair.push_group(&app, &source, "Finance");
    assert_eq!(pair.group("hub", "Finance"), there, "no second group");
    let members = pair.hub_members("Finance");
    assert_eq!(members, ["ada@acme.example.com", "grace@acme.example.com"]);
    assert_eq!(
        pair.events("acme", "application.provision.group_push.mapping.created"),
        ["SUCCESS"]
    );
}

#[test]
fn a_group_is_linked_by_its_id_once_app_groups_are_known() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Sales", &app);
    pair.press("acme", "refresh-app-groups", &app);
    let found = pair.ok("acme", "GET", "/api/v1/groups?q=ACME%20people", None);
    let of_app = found
        .as_array()
        .expect("a list")
        .iter()
        .find(|group| group["type"] == "APP_GROUP");
    let target = of_app.expect("an app group")["id"].clone();
    let body = json!({ "sourceGroupId": pair.group("acme", "Sales"), "targetGroupId": target });
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/apps/{app}/group-push/mappings"),
        Some(&body),
    );
    assert_eq!(
        pair.hub_members("ACME people"),
        ["ada@acme.example.com", "grace@acme.example.com"]
    );
    let strange = json!({ "sourceGroupId": pair.group("acme", "Engineering"), "targetGroupId": pair.group("hub", "Finance") });
    assert_eq!(
        pair.call(
            "acme",
            "POST",
            &format!("/api/v1/apps/{app}/group-push/mappings"),
            Some(&strange)
        )
        .status,
        404
    );
}

#[test]
fn a_renamed_source_group_turns_its_mapping_off() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    pair.assign("Sales", &app);
    let source = pair.group("acme", "Sales");
    let mapping = pair.push_group(&app, &source, "ACME Sales");
    pair.ok(
        "acme",
        "PUT",
        &format!("/api/v1/groups/{source}"),
        Some(&json!({ "profile": { "name": "Revenue" } })),
    );
    let place = format!(
        "/api/v1/apps/{app}/group-push/mappings/{}",
        mapping["id"].as_str().expect("an id")
    );
    assert_eq!(pair.ok("acme", "GET", &place, None)["status"], "INACTIVE");
    assert!(pair.find_group("hub", "ACME Sales").is_some());
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

#[test]
fn two_sources_push_to_one_target_without_mixing() {
    let mut options = Options::default();
    options.orgs.extend(OrgSpec::spokes(2, 6));
    let mut pair = Pair::of(&options);
    for spoke in ["spoke01", "spoke02"] {
        pair.source = spoke.to_owned();
        let app = pair.token_app();
        pair.map_status(&app, "active_with_pass");
        pair.assign("Staff", &app);
        let staff = pair.group(spoke, "Staff");
        pair.push_group(&app, &staff, &format!("{spoke} staff"));
    }
    for spoke in ["spoke01", "spoke02"] {
        let members = pair.hub_members(&format!("{spoke} staff"));
        assert_eq!(members.len(), 3);
        assert!(
            members
                .iter()
                .all(|login| login.ends_with(&format!("@{spoke}.example.com")))
        );
        assert_eq!(
            pair.events(spoke, "application.provision.user.push").len(),
            3
        );
    }
    assert_eq!(
        pair.events("acme", "application.provision.user.push").len(),
        0
    );
}

#[test]
fn a_connection_answers_as_recorded() {
    let mut pair = Pair::fresh();
    let app = pair.bare_app("hub");
    let place = format!("/api/v1/apps/{app}/connections/default");
    let fresh = pair.ok("acme", "GET", &place, None);
    assert!(fresh.get("profile").is_none() && fresh["status"] == "DISABLED");
    assert_eq!(
        pair.call("acme", "GET", &format!("{place}/jwks"), None)
            .status,
        404
    );
    assert_eq!(
        pair.call("acme", "POST", &format!("{place}/lifecycle/activate"), None)
            .status,
        204
    );
    assert_eq!(
        pair.ok("acme", "GET", &place, None)["status"],
        "DISABLED",
        "there is nothing to activate"
    );
    let features = pair.call("acme", "GET", &format!("/api/v1/apps/{app}/features"), None);
    assert_eq!(
        (features.status, features.value()["errorCode"].clone()),
        (400, json!("E0000001"))
    );

    for wrong in [
        json!({}),
        json!({ "profile": { "authScheme": "TOKEN" } }),
        json!({ "profile": { "authScheme": "OAUTH2" } }),
        json!({ "profile": { "authScheme": "OAUTH2", "clientId": "0oa", "signing": { "rotationMode": "OFTEN" } } }),
        json!({ "profile": { "authScheme": "UNKNOWN" } }),
    ] {
        assert_eq!(
            pair.call("acme", "POST", &place, Some(&wrong)).status,
            400,
            "{wrong}"
        );
    }
    let token = json!({ "baseUrl": "https://hub.okta.com", "profile": { "authScheme": "TOKEN", "token": "secret" } });
    let set = pair.ok("acme", "POST", &place, Some(&token));
    assert_eq!(
        (&set["status"], &set["profile"]),
        (&json!("DISABLED"), &json!({ "authScheme": "TOKEN" }))
    );
    assert!(set["_links"].get("activate").is_some());
    assert_eq!(
        pair.call("acme", "POST", &format!("{place}/lifecycle/activate"), None)
            .status,
        204
    );
    let on = pair.ok("acme", "GET", &place, None);
    assert_eq!(
        (&on["status"], &on["baseUrl"]),
        (&json!("ENABLED"), &json!("https://hub.okta.com"))
    );
    let shown = pair.ok("acme", "GET", &format!("/api/v1/apps/{app}"), None);
    assert_eq!(
        shown["features"],
        json!([
            "IMPORT_PROFILE_UPDATES",
            "GROUP_PUSH",
            "IMPORT_USER_SCHEMA",
            "IMPORT_NEW_USERS"
        ])
    );

    let auto = json!({ "profile": { "authScheme": "OAUTH2", "clientId": "0oaclient", "signing": { "rotationMode": "AUTO" } } });
    let set = pair.ok(
        "acme",
        "POST",
        &format!("{place}?activate=true"),
        Some(&auto),
    );
    assert_eq!(
        (&set["authScheme"], &set["clientId"]),
        (&json!("OAUTH2"), &json!("0oaclient"))
    );
    // Nobody needs to be signed in to read the keys.
    let keys = pair
        .anonymous("GET", &format!("https://acme.okta.com{place}/jwks"))
        .value();
    assert_eq!(keys["jwks"]["keys"].as_array().map(Vec::len), Some(1));

    // An app without provisioning takes everything and does nothing.
    let bookmark = json!({ "name": "bookmark", "label": "B", "settings": { "app": { "url": "https://x.example.com" } } });
    let other = pair.ok("acme", "POST", "/api/v1/apps", Some(&bookmark))["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let place = format!("/api/v1/apps/{other}/connections/default");
    let unknown = json!({ "status": "UNKNOWN", "profile": { "authScheme": "UNKNOWN" } });
    let body = json!({ "profile": { "authScheme": "UNKNOWN" } });
    assert_eq!(
        pair.ok(
            "acme",
            "POST",
            &format!("{place}?activate=true"),
            Some(&body)
        ),
        unknown
    );
    assert_eq!(
        pair.call("acme", "POST", &format!("{place}/lifecycle/activate"), None)
            .status,
        204
    );
    assert_eq!(pair.ok("acme", "GET", &place, None), unknown);
    let feature = pair.call("acme", "GET", &feature(&other), None);
    assert_eq!(
        feature.value()["errorCauses"][0]["errorSummary"],
        "Provisioning is not supported."
    );
    assert_eq!(
        pair.call(
            "acme",
            "PUT",
            &format!("/api/v1/apps/{other}/features/USER_PROVISIONING"),
            None
        )
        .value()["errorCode"],
        "E0000003"
    );
}

#[test]
fn imports_are_stored_under_the_answered_name() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let place = format!("/api/v1/apps/{app}/features/INBOUND_PROVISIONING");
    let body = json!({ "importSettings": { "username": { "usernameFormat": "CUSTOM", "userNameExpression": "appuser.userName" } },
        "importRules": { "userCreateAndMatch": { "allowPartialMatch": false } } });
    let set = pair.ok("acme", "PUT", &place, Some(&body));
    let settings = &set["capabilities"]["importSettings"];
    assert_eq!(
        settings["username"],
        json!({ "userNameFormat": "CUSTOM", "userNameExpression": "appuser.userName" })
    );
    assert_eq!(settings["schedule"]["fullImport"], Value::Null);
    assert_eq!(
        set["capabilities"]["importRules"]["userCreateAndMatch"]["exactMatchCriteria"],
        "USERNAME"
    );
    for wrong in [
        json!({ "importSettings": { "username": { "usernameFormat": "NICK" } } }),
        json!({ "importRules": { "userCreateAndMatch": { "allowPartialMatch": "no" } } }),
        json!({ "unheardOf": true }),
    ] {
        assert_eq!(
            pair.call("acme", "PUT", &place, Some(&wrong)).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn mappings_are_found_changed_and_taken_back() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let before = pair.world.dump();
    let found = pair.ok(
        "acme",
        "GET",
        &format!("/api/v1/mappings?targetId={app}"),
        None,
    );
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    let types = pair.ok("acme", "GET", "/api/v1/meta/types/user", None);
    assert_eq!(found[0]["source"]["id"], types[0]["id"]);
    let by_source = pair.ok(
        "acme",
        "GET",
        &format!("/api/v1/mappings?sourceId={app}"),
        None,
    );
    assert_eq!(by_source[0]["target"]["type"], "user");
    assert_eq!(
        pair.call("acme", "GET", "/api/v1/mappings?sourceId=0oanothing", None)
            .status,
        404
    );

    let place = format!(
        "/api/v1/mappings/{}",
        found[0]["id"].as_str().expect("an id")
    );
    let read = pair.ok("acme", "GET", &place, None);
    assert_eq!(
        read["properties"]["email"],
        json!({ "expression": "source.email", "pushStatus": "PUSH" })
    );
    assert!(read["properties"].get("initialStatus").is_none());
    let wrong = json!({ "properties": { "shoeSize": { "expression": "user.email", "pushStatus": "PUSH" } } });
    let refused = pair.call("acme", "POST", &place, Some(&wrong)).value();
    assert_eq!(
        refused["errorSummary"],
        "Api validation failed: updateMapping"
    );
    assert_eq!(
        refused["errorCauses"][0]["errorSummary"],
        "Invalid target field shoeSize"
    );
    for rule in [
        json!({ "expression": "active_with_pass", "pushStatus": "PUSH" }),
        json!({ "expression": "\"a\"", "pushStatus": "OFTEN" }),
    ] {
        let body = json!({ "properties": { "initialStatus": rule } });
        assert_eq!(
            pair.call("acme", "POST", &place, Some(&body)).status,
            400,
            "{rule}"
        );
    }
    pair.map_status(&app, "active_with_pass");
    assert_eq!(
        pair.ok("acme", "GET", &place, None)["properties"]["initialStatus"]["pushStatus"],
        "DONT_PUSH"
    );
    pair.map(
        &app,
        json!({ "initialStatus": { "expression": null, "pushStatus": null } }),
    );
    assert_eq!(pair.world.dump(), before);
}

#[test]
fn schemas_tell_the_attributes_and_guard_profiles() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let schema = pair.ok(
        "acme",
        "GET",
        &format!("/api/v1/meta/schemas/apps/{app}/default"),
        None,
    );
    let status = &schema["definitions"]["base"]["properties"]["initialStatus"];
    assert_eq!(status["enum"].as_array().map(Vec::len), Some(4));
    let users = pair.ok("acme", "GET", "/api/v1/meta/schemas/user/default", None);
    let mut required: Vec<Value> = users["definitions"]["base"]["required"]
        .as_array()
        .expect("a list")
        .clone();
    required.sort_by_key(Value::to_string);
    assert_eq!(
        required,
        [
            json!("email"),
            json!("firstName"),
            json!("lastName"),
            json!("login")
        ]
    );

    let grace = format!(
        "/api/v1/users/{}",
        pair.id("acme", "grace@acme.example.com")
    );
    let shoe = json!({ "profile": { "shoeSize": "36" } });
    assert_eq!(pair.call("acme", "POST", &grace, Some(&shoe)).status, 400);
    let more = json!({ "definitions": { "custom": { "properties": { "shoeSize": { "title": "Shoe size", "type": "string" } } } } });
    // A custom attribute has to be known in the source, in the app and in the target before it arrives.
    pair.ok(
        "acme",
        "POST",
        "/api/v1/meta/schemas/user/default",
        Some(&more),
    );
    pair.ok(
        "acme",
        "POST",
        &format!("/api/v1/meta/schemas/apps/{app}/default"),
        Some(&more),
    );
    pair.map(
        &app,
        json!({ "shoeSize": { "expression": "user.shoeSize", "pushStatus": "PUSH" } }),
    );
    pair.assign("Sales", &app);
    pair.ok("acme", "POST", &grace, Some(&shoe));
    assert!(
        pair.failures("acme")[0].ends_with("Property name 'shoeSize' is not defined in profile")
    );
    pair.ok(
        "hub",
        "POST",
        "/api/v1/meta/schemas/user/default",
        Some(&more),
    );
    pair.press("acme", "retry-tasks", &app);
    assert_eq!(
        pair.hub_user("grace@acme.example.com")["profile"]["shoeSize"],
        "36"
    );
}

#[test]
fn orgs_that_push_to_each_other_come_to_rest() {
    let mut pair = Pair::fresh();
    let there = pair.token_app();
    pair.map_status(&there, "active_with_pass");
    let acme_token = pair.token("acme", "SUPER_ADMIN");
    pair.source = "hub".to_owned();
    let back = pair.app("acme", &acme_token);
    pair.map_status(&back, "active_with_pass");
    pair.assign("Everyone", &back);
    pair.source = "acme".to_owned();
    pair.assign("Everyone", &there);
    let people = |pair: &mut Pair, org: &str| {
        let all = pair.ok(org, "GET", "/api/v1/users", None);
        all.as_array().expect("a list").len()
    };
    assert_eq!(people(&mut pair, "acme"), people(&mut pair, "hub"));
    let after = pair.world.requests().len();
    pair.ok("acme", "GET", "/api/v1/org", None);
    assert_eq!(
        pair.world.requests().len(),
        after + 1,
        "nothing is left to push"
    );
}

fn feature(app: &str) -> String {
    format!("/api/v1/apps/{app}/features/USER_PROVISIONING")
}
