//! Several sources and one target, and orgs that are both.

use org2org_lab::{Options, OrgSpec};
use serde_json::json;

use crate::pair::Pair;

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
fn two_sources_with_one_username_share_an_account_there() {
    let mut options = Options::default();
    options.orgs.extend(OrgSpec::spokes(1, 1));
    let mut pair = Pair::of(&options);
    let app = pair.token_app();
    pair.map_status(&app, "active_with_pass");
    pair.assign("Sales", &app);
    pair.source = "spoke01".to_owned();
    let other = pair.token_app();
    let id = pair.id("spoke01", "ada.0@spoke01.example.com");
    let body = json!({ "id": id, "credentials": { "userName": "grace@acme.example.com" } });
    pair.ok(
        "spoke01",
        "POST",
        &format!("/api/v1/apps/{other}/users"),
        Some(&body),
    );
    // The second source finds the username and takes the account for its own: nothing in Okta says no.
    let grace = pair.hub_user("grace@acme.example.com");
    assert_eq!(grace["profile"]["firstName"], "Ada");
    assert_eq!(
        pair.app_user(&other, "ada.0@spoke01.example.com")["externalId"],
        grace["id"]
    );
    pair.source = "acme".to_owned();
    assert_eq!(
        pair.app_user(&app, "grace@acme.example.com")["externalId"],
        grace["id"]
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
