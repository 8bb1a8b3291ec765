//! What roles let a service app do.

use serde_json::{Value, json};

use crate::hub::{Hub, service, text};

#[test]
fn scopes_without_a_role_open_nothing() {
    let mut hub = Hub::with_app();
    let token = hub.access_token("okta.users.manage okta.groups.manage");
    let path = format!("/oauth2/v1/clients/{}/roles", hub.app);
    assert_eq!(hub.assign("USER_ADMIN").status, 409);
    assert_eq!(
        text(&hub.assign("USER_ADMIN").value(), "errorCode"),
        "E0000090"
    );
    let refused = hub.as_app(
        &token,
        "POST",
        "/api/v1/groups",
        Some(&json!({ "profile": { "name": "Pushed" } })),
    );
    assert_eq!(refused.status, 403, "neither group role creates groups");
    let roles = hub.get(&path);
    assert_eq!(roles.as_array().expect("a list").len(), 2);
    for role in roles.as_array().expect("a list") {
        let one = format!("{path}/{}", text(role, "id"));
        assert_eq!(hub.get(&one), *role);
        assert_eq!(hub.call("DELETE", &one, None).status, 204);
        assert_eq!(hub.call("GET", &one, None).status, 404);
    }
    let empty = hub.as_app(&token, "GET", "/api/v1/users?limit=1", None);
    assert_eq!(
        (empty.status, text(&empty.value(), "errorCode").as_str()),
        (403, "E0000006")
    );
}

#[test]
fn a_custom_role_over_all_groups_lets_a_service_app_create_groups() {
    let mut hub = Hub::with_app();
    let role = hub.post("/api/v1/iam/roles", json!({ "label": "Group creator", "description": "For push", "permissions": ["okta.groups.create"] }));
    let one = hub.get("/api/v1/groups?q=Finance")[0]["id"].clone();
    let few = hub.post("/api/v1/iam/resource-sets", json!({ "label": "One group", "description": "x",
        "resources": [format!("https://hub.okta.com/api/v1/groups/{}", one.as_str().unwrap_or_default())] }));
    let all = hub.post(
        "/api/v1/iam/resource-sets",
        json!({ "label": "All groups", "description": "x",
        "resources": ["https://hub.okta.com/api/v1/groups"] }),
    );
    let token = hub.access_token("okta.groups.manage");
    let create = |hub: &mut Hub, name: &str| {
        hub.as_app(
            &token,
            "POST",
            "/api/v1/groups",
            Some(&json!({ "profile": { "name": name } })),
        )
        .status
    };
    let assigned =
        |set: &Value| json!({ "type": "CUSTOM", "role": role["id"], "resource-set": set["id"] });
    let path = format!("/oauth2/v1/clients/{}/roles", hub.app);
    hub.post(&path, assigned(&few));
    assert_eq!(create(&mut hub, "Too narrow"), 403);
    let made = hub.call("POST", &path, Some(&assigned(&all)));
    assert_eq!(made.status, 201);
    let made = made.value();
    assert_eq!(
        (
            &made["type"],
            &made["label"],
            &made["role"],
            &made["resource-set"]
        ),
        (
            &json!("CUSTOM"),
            &json!("Group creator"),
            &role["id"],
            &all["id"]
        )
    );
    assert_eq!(hub.call("POST", &path, Some(&assigned(&all))).status, 409);
    assert_eq!(create(&mut hub, "Pushed"), 200);
    let bindings = hub.get(&format!(
        "/api/v1/iam/resource-sets/{}/bindings",
        text(&all, "id")
    ));
    assert_eq!(bindings["roles"][0]["id"], role["id"]);
    assert_eq!(
        hub.get("/api/v1/iam/roles/Group%20creator/permissions")["permissions"][0]["label"],
        "okta.groups.create"
    );
    let in_use = hub.call(
        "DELETE",
        &format!("/api/v1/iam/roles/{}", text(&role, "id")),
        None,
    );
    assert_eq!(in_use.status, 400);
    assert_eq!(
        hub.call("DELETE", &format!("{path}/{}", text(&made, "id")), None)
            .status,
        204
    );
    assert_eq!(create(&mut hub, "Again"), 403);
}

#[test]
fn a_binding_gives_the_same_role_as_an_assignment() {
    let mut hub = Hub::with_app();
    let role = hub.post(
        "/api/v1/iam/roles",
        json!({ "label": "Reader", "description": "x", "permissions": ["okta.groups.read"] }),
    );
    let set = hub.post(
        "/api/v1/iam/resource-sets",
        json!({ "label": "Groups", "description": "x",
        "resources": [format!("orn:okta:directory:{}:groups", hub.world.sites()[1].id)] }),
    );
    let client = format!("https://hub.okta.com/oauth2/v1/clients/{}", hub.app);
    hub.post(
        &format!("/api/v1/iam/resource-sets/{}/bindings", text(&set, "id")),
        json!({ "role": role["id"], "members": [client] }),
    );
    let roles = hub.get(&format!("/oauth2/v1/clients/{}/roles", hub.app));
    assert_eq!(roles[2]["type"], "CUSTOM");
    let resources = hub.get(&format!(
        "/api/v1/iam/resource-sets/{}/resources",
        text(&set, "id")
    ));
    assert_eq!(
        resources["resources"][0]["_links"]["self"]["href"],
        "https://hub.okta.com/api/v1/groups"
    );
}

#[test]
fn a_role_limited_to_a_group_reaches_no_other() {
    let mut hub = Hub::with_app();
    let path = format!("/oauth2/v1/clients/{}/roles", hub.app);
    let roles = hub.get(&path);
    let id = |kind: &str| {
        roles
            .as_array()
            .into_iter()
            .flatten()
            .find(|role| role["type"] == kind)
            .map(|role| text(role, "id"))
            .expect("a role")
    };
    let (users, members) = (id("USER_ADMIN"), id("GROUP_MEMBERSHIP_ADMIN"));
    assert_eq!(
        hub.call("DELETE", &format!("{path}/{users}"), None).status,
        204
    );
    let group =
        |hub: &mut Hub, name: &str| text(&hub.get(&format!("/api/v1/groups?q={name}"))[0], "id");
    let (inside, outside) = (group(&mut hub, "ACME%20people"), group(&mut hub, "Finance"));
    let ada = text(&hub.get("/api/v1/users/ada@acme.example.com"), "id");
    let token = hub.access_token("okta.groups.manage");
    let put = |hub: &mut Hub, group: &str| {
        hub.as_app(
            &token,
            "PUT",
            &format!("/api/v1/groups/{group}/users/{ada}"),
            None,
        )
        .status
    };
    assert_eq!(put(&mut hub, &outside), 204);
    assert_eq!(
        hub.call(
            "PUT",
            &format!("{path}/{members}/targets/groups/{inside}"),
            None
        )
        .status,
        204
    );
    assert_eq!(
        (put(&mut hub, &inside), put(&mut hub, &outside)),
        (204, 403)
    );
    assert_eq!(
        hub.get(&format!("{path}/{members}/targets/groups"))[0]["id"],
        json!(inside)
    );
    assert_eq!(
        hub.call(
            "DELETE",
            &format!("{path}/{members}/targets/groups/{inside}"),
            None
        )
        .status,
        400,
        "the last one stays"
    );
}

#[test]
fn only_a_super_admin_gives_roles_scopes_and_ends_foreign_tokens() {
    let mut hub = Hub::with_app();
    let site = hub
        .world
        .sites()
        .into_iter()
        .find(|site| site.subdomain == "hub")
        .expect("the hub");
    let apps = site
        .admins
        .iter()
        .find(|admin| admin.role == "APP_ADMIN")
        .expect("an app admin");
    let (super_admin, app) = (
        std::mem::replace(&mut hub.admin, apps.token.clone()),
        hub.app.clone(),
    );
    let grants = format!("/api/v1/apps/{app}/grants");
    let refused = [
        hub.assign("APP_ADMIN"),
        hub.call(
            "POST",
            &grants,
            Some(&json!({ "scopeId": "okta.apps.read", "issuer": "https://hub.okta.com" })),
        ),
        hub.call("POST", "/api/v1/iam/roles", Some(&json!({}))),
    ];
    assert!(refused.iter().all(|answer| answer.status == 403));
    assert_eq!(hub.call("GET", &grants, None).status, 200);
    hub.admin = super_admin;
    let tokens = hub.get("/api/v1/api-tokens");
    assert_eq!(tokens.as_array().map(Vec::len), Some(3));
    let user = text(&hub.get("/api/v1/users/apps@hub.example.com"), "id");
    let roles = format!("/api/v1/users/{user}/roles");
    let given = hub.call("POST", &roles, Some(&json!({ "type": "READ_ONLY_ADMIN" })));
    assert_eq!(
        (given.status, &given.value()["assignmentType"]),
        (201, &json!("USER"))
    );
    assert_eq!(
        hub.call("POST", &roles, Some(&json!({ "type": "READ_ONLY_ADMIN" })))
            .status,
        409
    );
    assert_eq!(
        hub.call(
            "DELETE",
            &format!("{roles}/{}", text(&given.value(), "id")),
            None
        )
        .status,
        204
    );
    assert_eq!(
        hub.call("POST", &roles, Some(&json!({ "type": "KING" })))
            .status,
        400
    );
}

#[test]
fn older_orgs_make_new_service_apps_super_admins() {
    let mut hub = Hub::new();
    let path = "/api/v1/org/settings/clientPrivilegesSetting";
    assert_eq!(hub.get(path), json!({ "clientPrivilegesSetting": false }));
    assert_eq!(
        hub.call(
            "PUT",
            path,
            Some(&json!({ "clientPrivilegesSetting": true }))
        )
        .status,
        200
    );
    let key = hub.key.jwk("k1");
    let app = hub.post(
        "/api/v1/apps",
        service(&json!({ "jwks": { "keys": [key] } })),
    );
    let roles = hub.get(&format!("/oauth2/v1/clients/{}/roles", text(&app, "id")));
    assert_eq!(roles[0]["type"], "SUPER_ADMIN");
}
