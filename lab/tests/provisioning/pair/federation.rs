//! SAML sign-on from the source to the hub, set up and used without pages.

use org2org_lab::Request;
use serde_json::{Value, json};

use super::Pair;

impl Pair {
    /// An identity provider in the hub for the app, which makes people just in time and may master their profiles.
    pub fn federate(&mut self, app: &str, profile_master: bool) {
        let source = self.source.clone();
        let place = format!("/api/v1/apps/{app}");
        let mut shape = self.ok(&source, "GET", &place, None);
        let keys = self.ok(&source, "GET", &format!("{place}/credentials/keys"), None);
        let key = json!({ "x5c": keys[0]["x5c"] });
        let kid =
            self.ok("hub", "POST", "/api/v1/idps/credentials/keys", Some(&key))["kid"].clone();
        let metadata = self
            .call(&source, "GET", &format!("{place}/sso/saml/metadata"), None)
            .body_text();
        let issuer = between(&metadata, "entityID=\"", "\"");
        let sso = between(&metadata, "Location=\"", "\"");
        let body = json!({
            "type": "SAML2", "name": "Source", "issuerMode": "ORG_URL",
            "protocol": {
                "type": "SAML2", "endpoints": { "sso": { "url": sso, "binding": "HTTP-POST" } },
                "credentials": { "trust": { "issuer": issuer, "kid": kid } },
            },
            "policy": {
                "provisioning": { "action": "AUTO", "profileMaster": profile_master },
                "accountLink": { "action": "AUTO" },
                "subject": { "userNameTemplate": { "template": "idpuser.subjectNameId" }, "matchType": "USERNAME" },
                "maxClockSkew": 120_000,
            },
        });
        let idp = self.ok("hub", "POST", "/api/v1/idps", Some(&body));
        shape["settings"]["app"]["acsUrl"] = idp["_links"]["acs"]["href"].clone();
        shape["settings"]["app"]["audRestriction"] = idp
            .pointer("/protocol/credentials/trust/audience")
            .cloned()
            .unwrap_or(Value::Null);
        self.ok(&source, "PUT", &place, Some(&shape));
    }

    /// A person of the source opens the app and lands in the hub.
    pub fn open(&mut self, app: &str, login: &str) {
        let (source, now) = (self.source.clone(), self.now);
        let metadata = self
            .call(
                &source,
                "GET",
                &format!("/api/v1/apps/{app}/sso/saml/metadata"),
                None,
            )
            .body_text();
        let sso = between(&metadata, "Location=\"", "\"").to_owned();
        let session = self.world.session(&source, login, now);
        let request = Request::new("GET", &sso).with("cookie", &session.cookie);
        let page = self
            .world
            .handle(&request, now)
            .response()
            .expect("an answer")
            .body_text();
        let acs = between(&page, "action=\"", "\"");
        let field = between(&page, "name=\"SAMLResponse\"", ">");
        let assertion = between(field, "value=\"", "\"");
        let request = Request::new("POST", acs).form(&[("SAMLResponse", assertion)]);
        let answer = self
            .world
            .handle(&request, now)
            .response()
            .expect("an answer");
        assert!(
            answer.header("set-cookie").is_some(),
            "{}",
            answer.body_text()
        );
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("`{start}` is not in: {text}"));
    rest.split_once(end).expect("an end").0
}
