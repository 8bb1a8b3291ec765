use super::*;
use crate::explain::{Explain, is_hidden};
use proptest::prelude::*;

const SSO: &str = "https://acme.okta.com/app/okta_org2org/exk1a2b3c4d5e6f7g8h9/sso/saml";
const LINK: &str = "https://hub.okta.com/home/bookmark/0oa1a2b3c4d5e6f7g8h9/2557";

fn relay_state(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(name, _)| name == "RelayState");
    found.unwrap().1.into_owned()
}

#[test]
fn a_plain_link_is_joined_as_documented() {
    let bookmark = build(SSO, LINK).unwrap();
    assert_eq!(bookmark.url, format!("{SSO}?RelayState={LINK}"));
    assert!(!bookmark.encoded && bookmark.notes.is_empty());
    assert_eq!(bookmark.parts.link.app_id, "0oa1a2b3c4d5e6f7g8h9");
    assert_eq!(bookmark.parts.sso.key, "exk1a2b3c4d5e6f7g8h9");
}

#[test]
fn any_other_link_reads_back_exactly() {
    for tail in [
        "?a=1&b=2", "#x", "?q=a+b", "?q=%26", "?q=a b", "?q=ä漢", "?x;y", "?x=%", "?q=\"'<>",
        "?q=\\",
    ] {
        let link = format!("{LINK}{tail}");
        let bookmark = build(SSO, &link).unwrap();
        assert!(bookmark.encoded);
        assert_eq!(relay_state(&bookmark.url), link);
        assert_eq!(read(&bookmark.url).unwrap(), bookmark.parts);
    }
}

#[test]
fn an_admin_host_never_enters_a_bookmark() {
    let admin = LINK.replace("hub.", "hub-admin.");
    let bookmark = build(&SSO.replace("acme.", "acme-admin."), &admin).unwrap();
    assert_eq!(bookmark.url, format!("{SSO}?RelayState={LINK}"));
    assert_eq!(bookmark.notes.len(), 2);
    let error = read(&format!("{SSO}?RelayState={admin}")).unwrap_err();
    assert_eq!(error.code(), "org-admin-host");
}

#[test]
fn wrong_addresses_are_refused_with_the_field() {
    let id = |id: &str| LINK.replace("0oa1a2b3c4d5e6f7g8h9", id);
    for (sso, link, code) in [
        (LINK, SSO, "bookmark-shape"),
        (
            "https://acme.okta.com/app/okta_org2org/0oa1a2b3c4d5e6f7g8h9/sso/saml",
            LINK,
            "id-kind",
        ),
        (&format!("{SSO}?x=1"), LINK, "bookmark-extra"),
        (&format!("{SSO}/"), LINK, "bookmark-shape"),
        (SSO, &LINK.replace("hub", "acme"), "bookmark-same-org"),
        (SSO, &LINK.replace("hub", "acme-admin"), "bookmark-same-org"),
        (SSO, &id("00g1a2b3c4d5e6f7g8h9"), "id-kind"),
        (SSO, &id("0oa1a2b3"), "id-length"),
        (SSO, &format!("{LINK}/more"), "bookmark-shape"),
        (
            SSO,
            "https://targetorg.okta/home/x/0oa1a2b3c4d5e6f7g8h9/1",
            "org-unfinished",
        ),
        (
            SSO,
            "https://hub.okta.com@evil.com/home/x/0oa1/1",
            "org-user-part",
        ),
        (SSO, "javascript:alert(1)", "org-scheme"),
        (SSO, "", "org-empty"),
    ] {
        let error = build(sso, link).unwrap_err();
        assert_eq!(error.code(), code, "{sso} {link}");
        assert!(!error.hint().is_empty());
    }
    let swapped = build(LINK, SSO).unwrap_err();
    assert_eq!(swapped.hint(), "The two addresses seem to be swapped.");
}

#[test]
fn a_part_that_is_empty_or_no_id_is_no_address_of_ours() {
    let key = "exk1a2b3c4d5e6f7g8h9";
    let old = "kABCDEFGHIJKLMNOPQRS";
    let with = |key: &str| SsoUrl::parse(&SSO.replace("exk1a2b3c4d5e6f7g8h9", key));
    assert_eq!(with(old).unwrap().key, old);
    for wrong in [
        "kABCDEFGHIJKLMNOPQR",
        "kABCDEFGHIJKLMNOPQRSt",
        "kABCDEFGHIJKLMNOPQRs",
        "KABCDEFGHIJKLMNOPQRS",
        "0oa1a2b3c4d5e6f7g8h9",
        &format!(" {key}"),
        "",
    ] {
        assert!(with(wrong).is_err(), "{wrong}");
    }
    assert!(SsoUrl::parse(&SSO.replace("okta_org2org", "")).is_err());
    for (part, none) in [("bookmark", ""), ("2557", "")] {
        assert!(
            EmbedLink::parse(&LINK.replace(part, none)).is_err(),
            "{part}"
        );
    }
}

#[test]
fn several_relay_states_are_counted() {
    for count in [2, 3, 5] {
        let url = format!(
            "{SSO}?{}",
            vec![format!("RelayState={LINK}"); count].join("&")
        );
        let error = read(&url).unwrap_err();
        assert_eq!(error, BookmarkError::SeveralRelayStates { count });
    }
}

#[test]
fn a_pair_wants_its_own_orgs() {
    let org = |host: &str| OrgUrl::parse(host).unwrap();
    let (acme, hub) = (org("acme.okta.com"), org("hub.okta.com"));
    assert!(build_for(&acme, &hub, SSO, LINK).is_ok());
    let error = build_for(&hub, &acme, SSO, LINK).unwrap_err();
    assert_eq!(
        error.to_string(),
        "IdP single sign-on URL is on `acme.okta.com`, expected `hub.okta.com`"
    );
}

#[test]
fn a_bookmark_that_loses_something_is_not_read() {
    let code = |tail: &str| read(&format!("{SSO}{tail}")).unwrap_err().code();
    assert_eq!(code(""), "bookmark-no-relay-state");
    assert_eq!(
        code(&format!("?RelayState={LINK}?a=1&b=2")),
        "bookmark-stray"
    );
    assert_eq!(code(&format!("?RelayState={LINK}#x")), "bookmark-stray");
    assert_eq!(
        code(&format!("?RelayState={LINK}&RelayState=x")),
        "bookmark-several-relay-states"
    );
    assert_eq!(code("?relaystate=x"), "bookmark-no-relay-state");
    assert_eq!(code("?RelayState=/home/x"), "org-not-url");
}

#[test]
fn an_explanation_says_where_the_click_ends() {
    let text = explain(&build(SSO, LINK).unwrap().url).to_string();
    assert_eq!(
        text,
        format!(
            "This is a bookmark URL.\n\
             a bookmark URL: {SSO}?RelayState={LINK}\n\
             \x20 an embed link: {LINK}\n\
             A click ends in the app `bookmark` of `hub.okta.com`, at {LINK}.\n\
             - needs: the user is assigned to the Org2Org app in `acme.okta.com`\n\
             - needs: the Org2Org app with key `exk1a2b3c4d5e6f7g8h9` leads to `hub.okta.com`, by SAML 2.0\n\
             - needs: the user is assigned to the app `bookmark` in `hub.okta.com`, and the app is active\n"
        )
    );
}

#[test]
fn an_explanation_names_every_doubt() {
    let codes =
        |url: &str| -> Vec<&str> { explain(url).doubts.iter().map(|doubt| doubt.code).collect() };
    let twice = encode(&encode(LINK));
    assert_eq!(codes(SSO), ["bookmark-no-relay-state"]);
    assert!(codes(&format!("{SSO}?RelayState={twice}")).contains(&"bookmark-encoded-twice"));
    assert!(codes(&format!("{SSO}?RelayState=/home/x")).contains(&"bookmark-relative"));
    assert_eq!(
        codes(&format!("{SSO}?RelayState={LINK}&b=2")),
        ["bookmark-stray"]
    );
    let hop = LINK.replace("/bookmark/", "/okta_org2org/");
    assert_eq!(
        codes(&format!("{SSO}?RelayState={hop}")),
        ["bookmark-second-hop"]
    );
    assert_eq!(
        codes(&format!("{LINK}?RelayState=x")),
        ["bookmark-embed-link-start"]
    );
    assert_eq!(
        codes("https://acme-admin.okta.com/admin/dashboard"),
        ["org-admin-host"]
    );
    assert_eq!(codes("https://evil.com"), ["org-not-okta"]);
    assert_eq!(codes(LINK), [""; 0]);
}

#[test]
fn every_sort_of_address_is_recognised() {
    for (path, what) in [
        ("/sso/saml2/0oa1a2b3c4d5e6f7g8h9", What::AcsUrl),
        ("/app/UserHome", What::Dashboard),
        ("/oauth2/v1/authorize?client_id=x", What::OidcAuthorize),
        (
            "/home/okta_org2org/0oa1a2b3c4d5e6f7g8h9/51975",
            What::Org2OrgStart,
        ),
        ("/login/login.htm?fromURI=%2Fx", What::SignInPage),
        ("/api/v1/apps", What::OtherPage),
        ("", What::Dashboard),
    ] {
        assert_eq!(
            What::of(&format!("https://acme.okta.com{path}")),
            what,
            "{path}"
        );
    }
}

#[test]
fn an_explanation_shows_no_password() {
    let text = explain("https://ann:s3cret@acme.okta.com/").to_string();
    assert!(!text.contains("s3cret"), "{text}");
}

/// A custom domain keeps the paths of Okta: all but whose host it is can be said.
#[test]
fn an_explanation_follows_a_click_over_custom_domains() {
    let sso = SSO.replace("acme.okta.com", "login.acme.example");
    let link = LINK.replace("hub.okta.com", "apps.hub.example");
    for (sso, link, unsure) in [
        (SSO, link.as_str(), 1),
        (sso.as_str(), LINK, 1),
        (&sso, &link, 2),
    ] {
        let read = explain(&format!("{sso}?RelayState={link}"));
        assert_eq!(read.what, What::Bookmark);
        let host = link.split('/').nth(2).unwrap();
        assert_eq!(
            read.ends,
            format!("in the app `bookmark` of `{host}`, at {link}")
        );
        let codes: Vec<&str> = read.doubts.iter().map(|doubt| doubt.code).collect();
        assert_eq!(codes, ["org-custom-domain"], "{sso} {link}");
        let needs = |part: &str| {
            read.conditions
                .iter()
                .filter(|one| one.text.contains(part))
                .count()
        };
        assert_eq!(
            (needs("is a custom domain of"), needs("")),
            (unsure, unsure + 3)
        );
        assert_eq!(read.layers.len(), 2);
        assert_eq!(build(sso, link).unwrap_err().code(), "org-not-okta");
    }
}

#[test]
fn an_explanation_finds_on_a_custom_domain_what_it_finds_on_oktas() {
    let codes =
        |url: &str| -> Vec<&str> { explain(url).doubts.iter().map(|doubt| doubt.code).collect() };
    let sso = SSO.replace("acme.okta.com", "login.acme.example");
    for (tail, code) in [
        (String::new(), "bookmark-no-relay-state"),
        (format!("?RelayState={LINK}&b=2"), "bookmark-stray"),
        (
            format!("?RelayState={}", LINK.replace("hub.", "hub-admin.")),
            "org-admin-host",
        ),
        (
            format!(
                "?RelayState={}",
                LINK.replace("hub.okta.com", "login.acme.example")
            ),
            "bookmark-same-org",
        ),
        (
            format!(
                "?RelayState={}",
                LINK.replace("/bookmark/", "/okta_org2org/")
            ),
            "bookmark-second-hop",
        ),
    ] {
        assert_eq!(
            codes(&format!("{sso}{tail}")),
            [code, "org-custom-domain"],
            "{tail}"
        );
    }
}

/// What only resembles an org is no custom domain, whatever its path.
#[test]
fn a_foreign_site_is_not_taken_for_a_custom_domain() {
    for (url, code) in [
        (
            SSO.replace("acme.okta.com", "acme.okta.com.evil.com"),
            "org-lookalike",
        ),
        (
            SSO.replace("acme.okta.com", "acme.okta.com@evil.com"),
            "org-user-part",
        ),
        (
            SSO.replace("acme.okta.com", "xn--cme-5cd.example"),
            "org-punycode",
        ),
        (SSO.replace("acme.okta.com", "127.0.0.1"), "org-ip-address"),
        (SSO.replace("https", "http"), "org-scheme"),
        (
            SSO.replace("acme.okta.com", "login.acme.example")
                .replace("exk1", "00u1"),
            "org-not-okta",
        ),
        (
            "https://login.acme.example/app/UserHome".to_owned(),
            "org-not-okta",
        ),
        (
            "https://login.acme.example/home/okta.com/0oa1a2b3c4d5e6f7g8h9/1".to_owned(),
            "org-disguised",
        ),
        (format!("https://evil.com/?next={SSO}"), "org-disguised"),
    ] {
        let read = explain(&url);
        assert_eq!(
            (read.what, read.doubts[0].code),
            (What::Foreign, code),
            "{url}"
        );
        assert!(read.conditions.is_empty());
    }
}

/// OpenID Connect: what is documented is said, and that nothing documents a bookmark.
#[test]
fn an_explanation_knows_the_openid_connect_variant_as_far_as_it_is_known() {
    let request = "https://acme.okta.com/oauth2/v1/authorize?client_id=0oa1a2b3c4d5e6f7g8h9\
                   &redirect_uri=https%3A%2F%2Fhub.okta.com%2Foauth2%2Fv1%2Fauthorize%2Fcallback&state=x";
    let read = explain(request);
    let what: Vec<What> = read.layers.iter().map(|layer| layer.what).collect();
    assert_eq!(what, [What::OidcAuthorize, What::OtherPage]);
    assert_eq!(read.doubts[0].code, "bookmark-oidc-request");
    let start = "https://acme.okta.com/home/okta_org2org/0oa1a2b3c4d5e6f7g8h9/51975";
    assert!(explain(start).doubts.is_empty());
    let relayed = explain(&format!("{start}?RelayState={LINK}"));
    assert!(relayed.doubts[0].hint.contains("bookmarks need SAML 2.0"));
    assert_eq!(
        relayed.ends,
        "on the dashboard of the org this Org2Org app leads to"
    );
}

fn visible(text: &str) -> bool {
    !text.chars().any(|c| is_hidden(c) || c.is_whitespace())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_output_parses_back_to_the_inputs(
        name in "[a-z_0-9]{1,12}",
        id in "[0-9A-Za-z]{17}",
        link_id in "[^/?#\\\\]{1,20}".prop_filter("visible", |id| visible(id)),
        tail in "([?#][ -~äß漢🙂]{0,30}[!-~])?",
    ) {
        let link = format!("https://hub.oktapreview.com/home/{name}/0oa{id}/{link_id}{tail}");
        let bookmark = build(SSO, &link).unwrap();
        prop_assert_eq!(relay_state(&bookmark.url), link.clone());
        prop_assert_eq!(read(&bookmark.url).unwrap().link.url, link.clone());
        prop_assert_eq!(&bookmark.parts.sso.url, SSO);
        if !bookmark.encoded {
            prop_assert_eq!(bookmark.url, format!("{SSO}?RelayState={link}"));
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,80}", tail in "[?&=%#A-Za-z:/]{0,30}") {
        let _ = read(&text);
        let _ = explain(&format!("{SSO}?RelayState={tail}{text}")).to_string();
        let _ = explain(&text).to_string();
    }
}

/// On a host of Okta's the rule for bookmarks holds in an explanation too, not the looser one for custom domains.
#[test]
fn an_explanation_doubts_what_no_bookmark_is_built_of() {
    let wrong = |text: &str| text.replace("exk1", "00u1").replace("0oa1", "00u1");
    for (sso, link) in [(wrong(SSO), LINK.to_owned()), (SSO.to_owned(), wrong(LINK))] {
        let read = explain(&format!("{sso}?RelayState={link}"));
        let code = build(&sso, &link).unwrap_err().code();
        assert_eq!(read.doubts[0].code, code, "{sso} {link}");
    }
}

#[test]
fn an_explanation_knows_the_places_of_an_org() {
    let admin = explain("https://acme.okta.com/admin/dashboard");
    assert_eq!(admin.what, What::AdminPage);
    let oidc = explain("https://login.acme.example/oauth2/v1/authorize?client_id=x");
    assert_eq!(oidc.what, What::OidcAuthorize);
    let mut doubts = oidc.doubts.iter().map(|doubt| doubt.code);
    assert!(doubts.any(|code| code == "org-custom-domain"));
    let hint = SsoUrl::parse("https://acme.okta.com/app/UserHome")
        .unwrap_err()
        .hint();
    assert!(hint.contains("`/sso/saml`"), "{hint}");
}

#[test]
fn nested_addresses_are_followed_five_deep() {
    let inside = |url: String, _| {
        let carried: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
        format!("{SSO}?RelayState={carried}")
    };
    for (wrapped, layers) in [(0, 1), (3, 4), (4, 5), (6, 5)] {
        let url = (0..wrapped).fold(LINK.to_owned(), inside);
        assert_eq!(explain(&url).layers.len(), layers, "{wrapped}");
    }
}
