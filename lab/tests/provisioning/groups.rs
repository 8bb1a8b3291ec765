//! Groups of the source kept alike in the target.

use serde_json::json;

use crate::pair::Pair;

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
