//! Fixtures: the pair, federation, linking and bookmarks.

use org2org_core::org::OrgUrl;
use org2org_core::run::Side::{Source, Target};
use org2org_tests::Clinic;
use serde_json::{Value, json};

use super::Case;
use super::at::*;

const ACS: &str = "/settings/app/acsUrl";
const AUDIENCE: &str = "/settings/app/audRestriction";
const SOURCE: &str = "https://acme.okta.com";
const ELSEWHERE: &str = "https://other.okta.com";

pub const CASES: &[Case] = &[
    ("no-app-for-target", |c| {
        change_app(c, "/settings/app/baseUrl", json!(ELSEWHERE))
    }),
    ("several-apps-for-target", |c| {
        new_app(c, "https://hub-admin.okta.com")
    }),
    ("app-inactive", |c| switch_app(c, false)),
    ("base-url-not-org-host", |c| {
        change_app(
            c,
            "/settings/app/baseUrl",
            json!("https://hub-admin.okta.com"),
        );
    }),
    ("two-environments", |c| {
        let mut pair = c.bench.run.pair().clone();
        pair.target.url = OrgUrl::parse("https://hub.oktapreview.com").unwrap();
        c.pair = Some(pair);
        c.edit("apps.list", |apps| {
            for app in apps.as_array_mut().unwrap() {
                if app["name"] == "okta_org2org" {
                    app["settings"]["app"]["baseUrl"] = json!("https://hub.oktapreview.com");
                }
            }
        });
    }),
    ("points-to-itself", |c| new_app(c, SOURCE)),
    ("sign-on-mode", |c| {
        change_app(c, "/signOnMode", json!("AUTO_LOGIN"))
    }),
    ("idp-missing", |c| {
        let path = idp(c);
        c.call(
            Target,
            "POST",
            &format!("{path}/lifecycle/deactivate"),
            Value::Null,
        );
        c.call(Target, "DELETE", &path, Value::Null);
    }),
    ("idp-inactive", |c| {
        let path = idp(c);
        c.call(
            Target,
            "POST",
            &format!("{path}/lifecycle/deactivate"),
            Value::Null,
        );
    }),
    ("acs-missing", |c| change_app(c, ACS, Value::Null)),
    ("acs-and-audience-swapped", |c| {
        let path = app(c);
        c.change(Source, &path, |app| {
            let (acs, audience) = (app.pointer(ACS).cloned(), app.pointer(AUDIENCE).cloned());
            put(app, ACS, audience.unwrap());
            put(app, AUDIENCE, acs.unwrap());
        });
    }),
    ("acs-differs", |c| {
        change_app(
            c,
            ACS,
            json!("https://hub.okta.com/sso/saml2/0oa00000000000000001"),
        );
    }),
    ("audience-differs", |c| {
        change_app(
            c,
            AUDIENCE,
            json!("https://www.okta.com/saml2/service-provider/spaaaaaaaaaaaaaaaaaa"),
        );
    }),
    ("acs-on-foreign-host", |c| {
        change_app(
            c,
            ACS,
            json!("https://login.hub.example.com/sso/saml2/0oa00000000000000001"),
        );
    }),
    ("issuer-differs", |c| {
        change_idp(
            c,
            "/protocol/credentials/trust/issuer",
            json!("http://www.okta.com/exkother"),
        );
    }),
    ("sso-url-differs", |c| {
        let other = "https://acme.okta.com/app/okta_org2org/exk00000000000000001/sso/saml";
        change_idp(c, "/protocol/endpoints/sso/url", json!(other));
    }),
    ("issuer-twice", |c| {
        let path = idp(c);
        let mut twin = c.get(Target, &path);
        twin["name"] = json!("ACME once more");
        c.call(Target, "POST", "/api/v1/idps", twin);
    }),
    ("sha-1", |c| {
        change_idp(
            c,
            "/protocol/algorithms/response/signature/algorithm",
            json!("SHA-1"),
        );
    }),
    ("no-clock-skew", |c| {
        change_idp(c, "/policy/maxClockSkew", json!(0))
    }),
    ("claims-on-manual-certificate", |c| {
        change_idp(c, "/policy/trustClaims", json!(true));
        let domain = json!({"domain": "id.acme.example.com", "certificateSourceType": "MANUAL"});
        c.call(Source, "POST", "/api/v1/domains", domain);
    }),
    ("oidc-unfinished", |c| {
        change_app(c, "/signOnMode", json!("OPENID_CONNECT"))
    }),
    ("oidc-other-client", |c| {
        by_oidc(c, Some("placeholder"), SOURCE)
    }),
    ("oidc-other-org", |c| by_oidc(c, None, ELSEWHERE)),
    ("oidc-into-classic", |c| {
        by_oidc(c, None, SOURCE);
        c.edit("org.well-known", |org| org["pipeline"] = json!("v1"));
    }),
    ("link-anybody", |c| {
        change_idp(c, "/policy/accountLink/filter", Value::Null);
        change_idp(c, "/policy/subject/filter", Value::Null);
    }),
    ("link-admins", |c| {
        change_idp(
            c,
            "/policy/accountLink/filter/users/excludeAdmins",
            json!(false),
        );
    }),
    ("no-username-filter", |c| {
        change_idp(c, "/policy/subject/filter", Value::Null)
    }),
    ("match-by-mail", |c| {
        change_idp(c, "/policy/subject/matchType", json!("USERNAME_OR_EMAIL"))
    }),
    ("name-from-mail", |c| {
        change_idp(
            c,
            "/policy/subject/userNameTemplate/template",
            json!("idpuser.email"),
        );
    }),
    ("sign-in-takes-over", |c| {
        change_idp(c, "/policy/provisioning/action", json!("AUTO"))
    }),
    ("profile-source-twice", |c| {
        change_idp(c, "/policy/provisioning/profileMaster", json!(true))
    }),
    ("sign-in-brings-back", |c| {
        change_idp(
            c,
            "/policy/provisioning/conditions/deprovisioned/action",
            json!("REACTIVATE"),
        );
    }),
    ("new-accounts-without-group", |c| {
        change_idp(c, "/policy/provisioning/action", json!("AUTO"))
    }),
    ("admin-of-target-pushed", |c| {
        let ada = c.get(Target, "/api/v1/users/ada@acme.example.com");
        let path = format!("/api/v1/users/{}/roles", id(&ada));
        c.call(Target, "POST", &path, json!({"type": "HELP_DESK_ADMIN"}));
    }),
    ("account-taken-twice", |c| {
        edit_people(c, |people| {
            people[1]["externalId"] = people[0]["externalId"].clone()
        });
    }),
    ("names-differ-by-case", |c| {
        edit_people(c, |people| {
            let name = people[0]["credentials"]["userName"]
                .as_str()
                .unwrap()
                .to_uppercase();
            people[1]["credentials"]["userName"] = json!(format!("{name}\u{200b}"));
        });
    }),
    ("name-taken-in-target", |c| {
        edit_people(c, |people| people[0]["externalId"] = Value::Null);
    }),
    ("bookmark-other-app", |c| {
        let url = bookmark(c);
        let (_, rest) = url.split_once("/sso/saml").unwrap();
        let url = format!("{SOURCE}/app/okta_org2org/exk00000000000000001/sso/saml{rest}");
        add_bookmark(c, &url);
    }),
    ("bookmark-without-relay-state", |c| {
        let url = bookmark(c);
        add_bookmark(c, url.split('?').next().unwrap());
    }),
    ("bookmark-embed-link-alone", |c| {
        let url = bookmark(c);
        add_bookmark(c, url.split_once("RelayState=").unwrap().1);
    }),
    ("bookmark-breaks", |c| {
        let url = bookmark(c);
        add_bookmark(c, &format!("{url}?a=1&b=2"));
    }),
    ("bookmark-other-target", |c| {
        let url = bookmark(c).replace("https://hub.okta.com/", "https://other.okta.com/");
        add_bookmark(c, &url);
    }),
    ("bookmark-app-gone", |c| {
        let url = bookmark(c);
        let app = url.rsplit('/').nth(1).unwrap();
        c.call(
            Target,
            "POST",
            &format!("/api/v1/apps/{app}/lifecycle/deactivate"),
            Value::Null,
        );
    }),
    ("bookmark-twice", |c| {
        let url = bookmark(c);
        add_bookmark(c, &url);
    }),
    ("bookmark-with-oidc", |c| by_oidc(c, None, SOURCE)),
];

fn new_app(c: &mut Clinic, base: &str) {
    let app = json!({"name": "okta_org2org", "label": "Another", "signOnMode": "SAML_2_0",
        "settings": {"app": {"baseUrl": base}}});
    c.call(Source, "POST", "/api/v1/apps", app);
}
