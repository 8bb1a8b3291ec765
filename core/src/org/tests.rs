use super::*;
use crate::explain::{Explain, is_hidden};
use proptest::prelude::*;

fn code(text: &str) -> &'static str {
    OrgUrl::parse(text).unwrap_err().code()
}

#[test]
fn an_org_knows_all_its_names() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    assert_eq!(org.host(), "acme.okta.com");
    assert_eq!(org.admin_host(), "acme-admin.okta.com");
    assert_eq!(org.base(), "https://acme.okta.com");
    assert_eq!(org.admin_base(), "https://acme-admin.okta.com");
    assert_eq!(org.subdomain(), "acme");
    assert_eq!(
        serde_json::to_string(&org).unwrap(),
        "\"https://acme.okta.com\""
    );
    assert_eq!(
        serde_json::from_str::<OrgUrl>("\"https://acme.okta.com\"").unwrap(),
        org
    );
    assert!(serde_json::from_str::<OrgUrl>("\"https://evil.com\"").is_err());
}

#[test]
fn every_family_is_known() {
    for family in FAMILIES {
        let org = OrgUrl::from_host(&format!("trial-1234567-admin.{}", family.suffix())).unwrap();
        assert_eq!(org.family(), *family);
        assert_eq!(org.host(), format!("trial-1234567.{}", family.suffix()));
        assert_eq!(family.is_preview(), family.suffix() == "oktapreview.com");
    }
}

#[test]
fn mending_is_open() {
    let (org, notes) = OrgUrl::parse_noting(" ACME-admin.okta.com/admin/apps?x=1 ").unwrap();
    assert_eq!(org.base(), "https://acme.okta.com");
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes.join("\n"),
        "`https://` was missing and is added\n\
         `acme-admin.okta.com` is the admin host of `acme.okta.com`; `acme.okta.com` is used\n\
         `/admin/apps?x=1` after the host is left out"
    );
    assert_eq!(
        OrgUrl::parse_noting("https://acme.okta.com:443/")
            .unwrap()
            .1,
        vec![]
    );
}

#[test]
fn every_refusal_has_its_own_reason() {
    for (text, expected) in [
        ("https://acme.okta.com.evil.com/", "org-lookalike"),
        ("https://okta.com.evil.com/", "org-lookalike"),
        ("https://evilokta.com/", "org-lookalike"),
        ("https://acme.okta.community/", "org-lookalike"),
        ("https://acme.okta.com@evil.com/", "org-user-part"),
        ("https://acme.okta.com:x@evil.com/", "org-user-part"),
        ("ann:pw@acme.okta.com", "org-user-part"),
        ("https://evil.com\\@acme.okta.com/", "org-backslash"),
        ("https://evil.com#acme.okta.com", "org-disguised"),
        ("https://evil.com/acme.okta.com", "org-disguised"),
        ("https://evil.com?https://acme.okta.com", "org-disguised"),
        ("https://\u{430}cme.okta.com", "org-not-ascii"),
        ("https://acme。okta.com", "org-not-ascii"),
        ("https://acme.o\u{212a}ta.com", "org-not-ascii"),
        ("https://xn--cme-5cd.okta.com", "org-punycode"),
        ("https://acme.okta.com./", "org-trailing-dot"),
        ("https://acme.okta.com.", "org-trailing-dot"),
        ("\u{feff}https://acme.okta.com", "org-hidden-character"),
        ("https://ac\u{200b}me.okta.com", "org-hidden-character"),
        ("https://acme.okta.com/\u{202e}moc", "org-hidden-character"),
        ("https://ac\nme.okta.com", "org-hidden-character"),
        ("http://acme.okta.com", "org-scheme"),
        ("javascript:alert(1)", "org-scheme"),
        ("data:text/html,acme.okta.com", "org-scheme"),
        ("ftp://acme.okta.com", "org-scheme"),
        ("https://acme.okta.com:8443", "org-port"),
        ("acme.okta.com:8443", "org-port"),
        ("https://0x7f.1/", "org-ip-address"),
        ("https://[::1]/", "org-ip-address"),
        ("https://127.0.0.1", "org-ip-address"),
        (
            "https://targetorg.okta/home/bookmark/0oa1/2557",
            "org-unfinished",
        ),
        ("acme", "org-unfinished"),
        ("https://login.acme.com", "org-not-okta"),
        ("https://login.okta.com", "org-reserved"),
        ("https://www.okta.com", "org-reserved"),
        ("https://developer-admin.okta.com", "org-reserved"),
        ("https://okta.com", "org-no-subdomain"),
        ("https://a.acme.okta.com", "org-sublabels"),
        ("https://.okta.com", "org-label"),
        ("https://-acme.okta.com", "org-label"),
        ("https://-admin.okta.com", "org-label"),
        ("https://acme-admin-admin.okta.com", "org-label"),
        ("https://ac_me.okta.com", "org-label"),
        ("https://acme%2eokta.com", "org-rewritten"),
        ("https://acme.okta.com%00.evil.com", "org-not-url"),
        ("https:acme.okta.com", "org-not-url"),
        ("https:///acme.okta.com", "org-not-url"),
        ("https://ac me.okta.com", "org-not-url"),
        ("https://", "org-not-url"),
        ("", "org-empty"),
        (" \t\n", "org-empty"),
    ] {
        assert_eq!(code(text), expected, "{text:?}");
        assert!(!OrgUrl::parse(text).unwrap_err().hint().is_empty());
    }
    assert_eq!(
        code(&format!("https://{}.okta.com", "a".repeat(64))),
        "org-label"
    );
}

#[test]
fn messages_name_the_part_that_is_wrong() {
    let text = |text| OrgUrl::parse(text).unwrap_err().to_string();
    assert_eq!(
        text("https://\u{430}cme.okta.com"),
        "host `\u{430}cme.okta.com` has `\u{430}` at column 1, outside ASCII; it really is `xn--cme-5cd.okta.com`"
    );
    assert_eq!(
        text("\u{feff}https://acme.okta.com"),
        "invisible character U+FEFF at column 1"
    );
    assert_eq!(
        text("https://acme.okta.com.evil.com"),
        "host `acme.okta.com.evil.com` only looks like Okta: it ends in `evil.com`"
    );
    assert_eq!(
        text("https://ann:s3cret@acme.okta.com"),
        "user part `ann:[masked]@` before the real host `acme.okta.com`"
    );
    assert_eq!(
        text("https://targetorg.okta/home"),
        "host `targetorg.okta` is not an Okta domain; did you mean `targetorg.okta.com`?"
    );
    assert_eq!(
        text("https://evil.com#acme.okta.com"),
        "host is `evil.com`; the Okta name stands behind the `#`, which is no part of the host"
    );
}

#[test]
fn an_org_owns_only_its_own_host() {
    let acme = OrgUrl::parse("acme.okta.com").unwrap();
    assert_eq!(acme.owns("https://acme.okta.com/app/x?y#z"), Ok(()));
    for (url, expected) in [
        ("https://hub.okta.com/app", "org-another-host"),
        ("https://acme-admin.okta.com/app", "org-admin-host"),
        ("http://acme.okta.com/", "org-scheme"),
        ("acme.okta.com", "org-scheme"),
        ("https://acme.okta.com@evil.com/", "org-user-part"),
        ("https://acme.okta.com.evil.com/", "org-another-host"),
    ] {
        assert_eq!(acme.owns(url).unwrap_err().code(), expected, "{url}");
    }
}

#[test]
fn links_of_the_admin_host_are_mapped() {
    let acme = OrgUrl::parse("acme.okta.com").unwrap();
    for (from, to) in [
        (
            "https://acme-admin.okta.com/api/v1/apps",
            "https://acme.okta.com/api/v1/apps",
        ),
        ("https://acme-admin.okta.com", "https://acme.okta.com"),
        (
            "https://acme-admin.okta.com.evil.com/",
            "https://acme-admin.okta.com.evil.com/",
        ),
        (
            "https://hub-admin.okta.com/x",
            "https://hub-admin.okta.com/x",
        ),
    ] {
        assert_eq!(acme.map_to_org_host(from), to);
    }
}

#[test]
fn a_bare_host_is_only_a_host() {
    assert!(OrgUrl::from_host("acme-admin.okta.com").is_ok());
    for text in [
        "https://acme.okta.com",
        "acme.okta.com/",
        " acme.okta.com",
        "acme.okta.com:443",
    ] {
        assert_eq!(
            OrgUrl::from_host(text).unwrap_err().code(),
            "org-not-url",
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_where_a_browser_goes(text in "(https://)?[a-z%@:\\.\\-#/0-9]{0,12}(\\.okta\\.com)?[@:/#a-z.]{0,12}") {
        if let Ok((org, _)) = OrgUrl::parse_noting(&text) {
            let written = if text.starts_with("https://") { text } else { format!("https://{text}") };
            let host = url::Url::parse(&written).unwrap().host_str().unwrap().to_owned();
            prop_assert!(host == org.host() || host == org.admin_host());
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        if let Err(error) = OrgUrl::parse(&text) {
            prop_assert!(!error.to_string().chars().any(is_hidden));
        }
    }
}
