//! The console: who sees what, and OpenID Connect set up with its forms alone.

use org2org_lab::Request;

use crate::ADA;
use crate::browser::{Browser, between};
use crate::by_hand::{app_of, group_of};

#[test]
fn a_read_only_admin_sees_no_forms_and_cannot_post_them() {
    let mut browser = Browser::new();
    browser.sign_in("acme-admin.okta.com", "auditor@acme.example.com", "");
    let address = app_of(&browser, "acme", "Time Sheets");
    let (_, page) = browser.open(&address);
    let text = page.body_text();
    assert!(text.contains("App Embed Link") && !text.contains("/admin/_do/"));
    let xsrf = between(&text, "id=\"_xsrfToken\" hidden>", "</span>").to_owned();
    let request = Request::new("POST", "https://acme-admin.okta.com/admin/_do/add-bookmark");
    let request = request
        .form(&[("label", "x"), ("url", "https://x.example.com/")])
        .with("x-okta-xsrftoken", &xsrf);
    assert_eq!(browser.send(request).status, 400);
    browser.cookies.clear();
    browser.sign_in("acme.okta.com", ADA, "");
    let ada = browser.cookies[0].1.clone();
    browser
        .cookies
        .push(("acme-admin.okta.com".to_owned(), ada));
    assert_eq!(
        browser
            .open("https://acme-admin.okta.com/admin/dashboard")
            .1
            .status,
        403
    );
    assert!(browser.world.effects().is_empty());
}

#[test]
fn openid_connect_is_set_up_with_the_forms_alone() {
    let mut browser = Browser::new();
    browser.sign_in("acme-admin.okta.com", "admin@acme.example.com", "");
    browser.sign_in("hub-admin.okta.com", "admin@hub.example.com", "");
    let new = "https://acme-admin.okta.com/admin/apps/add-app/okta_org2org/new";
    let typed = [
        ("label", "HUB"),
        ("baseUrl", "https://hub.okta.com"),
        ("mode", "OPENID_CONNECT"),
    ];
    let app = browser.submit(new, "add-org2org", &typed);
    assert_eq!(browser.text(&app, "sign-on-mode"), "OpenID Connect");
    let client = browser.text(&app, "client-id");
    let new = "https://hub-admin.okta.com/admin/access/identity-providers/add/okta";
    let guests = group_of(&browser, "hub", "ACME people");
    let mut typed = vec![
        ("name", "ACME"),
        ("orgUrl", "https://acme.okta.com"),
        ("clientId", &client),
        ("linkGroup", &guests),
        ("excludeAdmins", "true"),
        ("jit", "DISABLED"),
    ];
    let idp = browser.submit(new, "save-okta-idp", &typed);
    let id = browser.text(&idp, "idp-id");
    assert_eq!(
        browser.text(&idp, "idp-redirect-uri"),
        "https://hub.okta.com/oauth2/v1/authorize/callback"
    );
    browser.submit(&app, "edit-sign-on", &[("idpId", &id)]);
    assert_eq!(browser.text(&app, "idp-id"), id);
    let sales = group_of(&browser, "acme", "Sales");
    browser.submit(&app, "assign-group", &[("groupId", &sales)]);
    let made = browser.world.dump()["hub"]["idps"][&id].clone();
    assert_eq!(made["type"], "OKTA_INTEGRATION");
    assert_eq!(
        made["policy"]["accountLink"]["filter"]["users"]["excludeAdmins"],
        true
    );

    // Saving a form that nobody changed changes nothing; a name typed over is a new name.
    browser.submit(&idp, "save-okta-idp", &[]);
    assert_eq!(browser.world.dump()["hub"]["idps"][&id], made);
    typed[0] = ("name", "ACME people");
    browser.submit(&idp, "save-okta-idp", &typed[..1]);
    let renamed = browser.world.dump()["hub"]["idps"][&id].clone();
    assert_eq!(
        (&renamed["name"], &renamed["policy"]),
        (&"ACME people".into(), &made["policy"])
    );

    let tile = browser.text(&app, "embed-link");
    browser.cookies.clear();
    browser.sign_in("acme.okta.com", ADA, "");
    let (at, page) = browser.open(&tile);
    assert_eq!(
        (at.as_str(), page.status),
        ("https://hub.okta.com/app/UserHome", 200)
    );
    assert!(page.body_text().contains(ADA));
}
