//! Who sees what in the console.

use org2org_lab::Request;

use crate::ADA;
use crate::browser::{Browser, between};
use crate::by_hand::app_of;

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
