//! SAML: an admin sets up both consoles, then Ada signs in through a bookmark.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::ADA;
use crate::browser::{between, plain};
use crate::by_hand::{by_hand, click, post};

#[test]
fn a_bookmark_leads_to_the_target_app() {
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, ADA);
    let (at, page) = post(&mut setup, &acs, &fields);
    let text = page.body_text();
    assert_eq!(page.status, 200, "{at}: {text}");
    assert!(
        text.contains("<title>Expenses</title>") && text.contains(&format!("id=\"who\">{ADA}<")),
        "{text}"
    );
    assert!(
        at.starts_with("https://hub.okta.com/app/hub_expenses_1/"),
        "{at}"
    );
    let (_, again) = post(&mut setup, &acs, &fields);
    assert!(again.body_text().contains("used before"));
    let effects = setup.browser.world.effects();
    assert_eq!(
        effects.last().expect("effects").what,
        format!("created link of {ADA} to IdP `ACME`")
    );
}

#[test]
fn people_without_session_or_assignment_do_not_get_in() {
    let mut setup = by_hand(&[]);
    let bookmark = setup.bookmark.clone();
    let (at, page) = setup.browser.open(&bookmark);
    assert!(
        at.contains("/login/login.htm?fromURI=%2Fapp%2Fokta_org2org"),
        "{at}"
    );
    let from = plain(between(
        &page.body_text(),
        "name=\"fromURI\" value=\"",
        "\"",
    ));
    let (_, page) = setup.browser.sign_in("acme.okta.com", ADA, &from);
    assert!(
        page.body_text().contains("name=\"SAMLResponse\"")
            && page.body_text().contains("name=\"RelayState\"")
    );
    setup.browser.cookies.clear();
    let (_, page) = {
        setup
            .browser
            .sign_in("acme.okta.com", "alan@acme.example.com", "");
        setup.browser.open(&bookmark)
    };
    assert_eq!(page.status, 403);
    assert!(
        page.body_text()
            .contains("is not assigned to this application")
    );
}

#[test]
fn relay_state_never_leads_away() {
    for relay in [
        "https://evil.example.com/",
        "//evil.example.com",
        "https://hub.okta.com.evil.example.com/",
        "javascript:alert(1)",
        "https://hub.okta.com@evil.example.com/",
        "/\\evil.example.com",
        "http://hub.okta.com/",
    ] {
        let mut setup = by_hand(&[]);
        let (acs, mut fields) = click(&mut setup, ADA);
        fields.retain(|(name, _)| name != "RelayState");
        fields.push(("RelayState".to_owned(), relay.to_owned()));
        let (at, _) = post(&mut setup, &acs, &fields);
        assert_eq!(at, "https://hub.okta.com/app/UserHome", "{relay}");
    }
}

#[test]
fn tampered_and_late_responses_are_refused() {
    let refused = |change: fn(&str) -> String| {
        let mut setup = by_hand(&[]);
        let (acs, mut fields) = click(&mut setup, ADA);
        for (name, value) in &mut fields {
            if name == "SAMLResponse" {
                let text =
                    String::from_utf8(STANDARD.decode(&*value).expect("base64")).expect("text");
                *value = STANDARD.encode(change(&text));
            }
        }
        let (_, page) = post(&mut setup, &acs, &fields);
        assert_eq!(page.status, 403);
        plain(between(&page.body_text(), "id=\"notice\">", "</p>"))
    };
    assert!(refused(|text| text.replace("ada@acme", "admin@hub")).contains("signature"));
    assert!(
        refused(|text| text.replace("sp", "sq")).contains("well-formed")
            || refused(|text| text.replace("sp", "sq")).contains("SAML")
    );
    assert!(refused(|_| "<a/>".to_owned()).contains("no SAML response"));
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, ADA);
    setup.browser.now += 8 * 60_000;
    assert!(
        post(&mut setup, &acs, &fields)
            .1
            .body_text()
            .contains("expired")
    );
}

#[test]
fn the_identity_providers_rules_hold() {
    let refused = |typed: &[(&str, &str)], login: &str| {
        let mut setup = by_hand(typed);
        let (acs, fields) = click(&mut setup, login);
        let (_, page) = post(&mut setup, &acs, &fields);
        if page.status == 403 {
            plain(between(&page.body_text(), "id=\"notice\">", "</p>"))
        } else {
            String::new()
        }
    };
    assert_eq!(
        refused(&[("excludeAdmins", "true"), ("profileMaster", "true")], ADA),
        ""
    );
    let grace = "grace@acme.example.com";
    assert!(refused(&[("filter", ".*@other\\.example\\.com")], ADA).contains("filter"));
    assert_eq!(refused(&[("filter", ".*@acme\\.example\\.com")], ADA), "");
    assert!(refused(&[("link", "DISABLED")], ADA).contains("does not link"));
    assert!(refused(&[("jit", "DISABLED")], grace).contains("just-in-time"));
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, grace);
    let (_, page) = post(&mut setup, &acs, &fields);
    assert_eq!(page.status, 403, "made just in time, but without the app");
    assert!(page.body_text().contains("is not assigned"));
    let made = setup
        .browser
        .world
        .dump()
        .to_string()
        .contains("\"login\":\"grace@acme.example.com\",\"mobilePhone\"");
    assert!(
        made || setup
            .browser
            .world
            .effects()
            .iter()
            .any(|effect| effect.what.contains("just in time"))
    );
}

#[test]
fn an_inactive_end_stops_the_sign_in() {
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, ADA);
    setup.browser.cookies.clear();
    setup
        .browser
        .sign_in("hub-admin.okta.com", "admin@hub.example.com", "");
    let idp = setup.idp.clone();
    setup.browser.submit(&idp, "idp-deactivate", &[]);
    assert!(
        post(&mut setup, &acs, &fields)
            .1
            .body_text()
            .contains("inactive")
    );
    setup
        .browser
        .sign_in("acme-admin.okta.com", "admin@acme.example.com", "");
    let app = setup.app.clone();
    setup.browser.submit(&app, "app-deactivate", &[]);
    setup.browser.sign_in("acme.okta.com", ADA, "");
    let bookmark = setup.bookmark.clone();
    assert_eq!(setup.browser.open(&bookmark).1.status, 404);
}
