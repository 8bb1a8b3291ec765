//! OpenID Connect: the target sends Ada to the source, which vouches for her, and she ends in the target app.

use org2org_lab::{Request, Response};
use serde_json::{Value, json};

use crate::ADA;
use crate::browser::{Browser, between, plain};

/// Both orgs set up by API: an Org2Org app in the OIDC mode, and the identity provider that it belongs to.
struct Setup {
    browser: Browser,
    app: Value,
    idp: Value,
    /// Embed link of the target app.
    target: String,
}

impl Setup {
    fn new() -> Self {
        let mut setup = Self {
            browser: Browser::new(),
            app: Value::Null,
            idp: Value::Null,
            target: String::new(),
        };
        // The app and the IdP each name the other: one of them starts with a placeholder.
        setup.idp = setup.call(1, "POST", "/api/v1/idps", Some(provider("placeholder")));
        let app = json!({
            "name": "okta_org2org", "label": "Hub", "signOnMode": "OPENID_CONNECT",
            "settings": { "app": { "baseUrl": "https://hub.okta.com", "idpId": setup.idp["id"] } },
        });
        setup.app = setup.call(0, "POST", "/api/v1/apps", Some(app));
        setup.trust(|_| {});
        setup.assign(ADA);
        let apps = setup.call(1, "GET", "/api/v1/apps?q=Expenses", None);
        let groups = setup.call(1, "GET", "/api/v1/groups?q=ACME%20people", None);
        let place = format!(
            "/api/v1/apps/{}/groups/{}",
            text(&apps[0], "id"),
            text(&groups[0], "id")
        );
        setup.call(1, "PUT", &place, None);
        setup.target = text(&apps[0]["_links"]["appLinks"][0], "href").to_owned();
        setup
    }

    /// A call of the super admin at acme (0) or hub (1).
    fn call(&mut self, org: usize, method: &str, path: &str, body: Option<Value>) -> Value {
        let site = self.browser.world.sites()[org].clone();
        let request = Request::new(method, &format!("https://{}{path}", site.host))
            .with("authorization", &format!("SSWS {}", site.admins[0].token));
        let request = body.map_or(request.clone(), |body| request.json(&body));
        let answer = self.browser.world.handle(&request, self.browser.now);
        let answer = answer.response().expect("an answer");
        assert!(answer.status < 300, "{path}: {}", answer.body_text());
        answer.value()
    }

    /// Lets the IdP name the app as its client, with its policy changed.
    fn trust(&mut self, change: impl FnOnce(&mut Value)) {
        let mut body = provider(text(&self.app, "id"));
        change(&mut body["policy"]);
        let path = format!("/api/v1/idps/{}", text(&self.idp, "id"));
        self.idp = self.call(1, "PUT", &path, Some(body));
    }

    fn assign(&mut self, login: &str) {
        let user = self.call(0, "GET", &format!("/api/v1/users/{login}"), None);
        let body =
            json!({ "id": user["id"], "scope": "USER", "credentials": { "userName": login } });
        let path = format!("/api/v1/apps/{}/users", text(&self.app, "id"));
        self.call(0, "POST", &path, Some(body));
    }

    /// Signs in at acme and opens the tile, on the way to this place.
    fn enter(&mut self, login: &str, to: &str) -> (String, Response) {
        self.browser.sign_in("acme.okta.com", login, "");
        let tile = text(&self.app["_links"]["appLinks"][0], "href").to_owned();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("fromURI", to)
            .finish();
        self.browser.open(&format!("{tile}?{query}"))
    }

    fn refused(&mut self, login: &str) -> String {
        let target = self.target.clone();
        let (at, page) = self.enter(login, &target);
        assert_eq!(page.status, 403, "{at}");
        plain(between(&page.body_text(), "id=\"notice\">", "</p>"))
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn provider(client: &str) -> Value {
    json!({
        "type": "OKTA_INTEGRATION", "name": "Acme",
        "protocol": {
            "type": "OIDC", "oktaIdpOrgUrl": "https://acme.okta.com",
            "credentials": { "client": { "token_endpoint_auth_method": "private_key_jwt", "client_id": client } },
        },
        "policy": {
            "accountLink": { "action": "AUTO", "filter": null },
            "provisioning": { "action": "AUTO", "groups": { "action": "NONE" } }, "maxClockSkew": 120_000,
            "subject": { "userNameTemplate": { "template": "idpuser.email" }, "matchType": "USERNAME" },
        },
    })
}

#[test]
fn a_tile_leads_to_the_exact_target_app() {
    let mut setup = Setup::new();
    let target = setup.target.clone();
    let (at, page) = setup.enter(ADA, &target);
    let told = page.body_text();
    assert_eq!(page.status, 200, "{at}: {told}");
    assert!(
        at.starts_with("https://hub.okta.com/app/hub_expenses_1/"),
        "{at}"
    );
    assert!(told.contains(&format!("id=\"who\">{ADA}<")), "{told}");
    let effects = setup.browser.world.effects();
    let link = effects.last().expect("effects");
    assert!(
        link.what.starts_with("created link of 00u"),
        "{}",
        link.what
    );
    // Without a place, and again with the link that is there now.
    let (at, _) = setup.enter(ADA, "");
    assert_eq!(at, "https://hub.okta.com/app/UserHome");
    let idp = text(&setup.idp, "id").to_owned();
    let links = setup.call(1, "GET", &format!("/api/v1/idps/{idp}/users"), None);
    let ada = setup.call(0, "GET", &format!("/api/v1/users/{ADA}"), None);
    assert_eq!(
        (links.as_array().map(Vec::len), &links[0]["externalId"]),
        (Some(1), &ada["id"])
    );
    let events = "/api/v1/logs?filter=eventType+eq+%22user.authentication.auth_via_IDP%22";
    let events = setup.call(1, "GET", events, None);
    let results = events.as_array().expect("events").iter();
    assert!(
        results
            .map(|event| &event["outcome"]["result"])
            .all(|result| result == "SUCCESS")
    );
    assert_eq!(events.as_array().map(Vec::len), Some(2));
}

#[test]
fn whoever_is_not_signed_in_is_asked_first_and_then_goes_on() {
    let mut setup = Setup::new();
    let start = format!(
        "https://hub.okta.com/sso/idps/{}?fromURI=",
        text(&setup.idp, "id")
    );
    let target = setup.target.replace(':', "%3A");
    let (at, page) = setup.browser.open(&format!("{start}{target}"));
    assert!(
        at.starts_with("https://acme.okta.com/login/login.htm?fromURI=%2Foauth2%2Fv1%2Fauthorize"),
        "{at}"
    );
    let from = plain(between(
        &page.body_text(),
        "name=\"fromURI\" value=\"",
        "\"",
    ));
    let (at, _) = setup.browser.sign_in("acme.okta.com", ADA, &from);
    assert!(
        at.starts_with("https://hub.okta.com/app/hub_expenses_1/"),
        "{at}"
    );
}

#[test]
fn the_way_back_never_leads_away() {
    for to in [
        "https://evil.example.com/",
        "//evil.example.com",
        "https://hub.okta.com.evil.example.com/",
        "https://hub.okta.com@evil.example.com/",
        "javascript:alert(1)",
        "/\\evil.example.com",
        "http://hub.okta.com/",
    ] {
        let mut setup = Setup::new();
        let (at, _) = setup.enter(ADA, to);
        assert_eq!(at, "https://hub.okta.com/app/UserHome", "{to}");
    }
}

#[test]
fn people_are_made_and_linked_by_the_providers_rules() {
    let grace = "grace@acme.example.com";
    let mut setup = Setup::new();
    setup.assign(grace);
    setup.trust(|policy| policy["provisioning"]["action"] = json!("DISABLED"));
    assert!(setup.refused(grace).contains("just-in-time"));
    setup.trust(|policy| policy["accountLink"]["action"] = json!("DISABLED"));
    assert!(setup.refused(ADA).contains("does not link"));
    let staff = setup.call(1, "GET", "/api/v1/groups?q=Staff", None);
    let other = staff[0]["id"].clone();
    let other = if other.is_null() {
        json!("00gnobody000000000000")
    } else {
        other
    };
    setup.trust(|policy| {
        policy["accountLink"]["filter"] = json!({ "groups": { "include": [other] } })
    });
    assert!(setup.refused(ADA).contains("none of the groups"));

    let ada = setup.call(1, "GET", &format!("/api/v1/users/{ADA}"), None)["id"].clone();
    let roles = format!("/api/v1/users/{}/roles", ada.as_str().expect("an id"));
    let role = setup.call(
        1,
        "POST",
        &roles,
        Some(json!({ "type": "READ_ONLY_ADMIN" })),
    );
    setup.trust(|policy| {
        policy["accountLink"]["filter"] = json!({ "users": { "excludeAdmins": true } })
    });
    assert!(setup.refused(ADA).contains("Admins are excluded"));
    setup.call(1, "DELETE", &format!("{roles}/{}", text(&role, "id")), None);
    let target = setup.target.clone();
    assert_eq!(setup.enter(ADA, &target).1.status, 200);

    let groups = setup.call(1, "GET", "/api/v1/groups?q=ACME%20people", None);
    setup.trust(|policy| {
        policy["provisioning"]["groups"] =
            json!({ "action": "ASSIGN", "assignments": [groups[0]["id"]] })
    });
    let (at, page) = setup.enter(grace, &target);
    assert_eq!(
        page.status, 200,
        "made, put into the group, in the app: {at}"
    );
    let made = setup.call(1, "GET", &format!("/api/v1/users/{grace}"), None);
    assert_eq!(made["credentials"]["provider"]["type"], "FEDERATION");
    assert_eq!(made["profile"]["firstName"], "Grace");
}

#[test]
fn what_does_not_fit_lets_nobody_in() {
    let mut setup = Setup::new();
    let alan = "alan@acme.example.com";
    assert!(
        setup
            .refused(alan)
            .contains("not assigned to this application")
    );
    let start = format!("https://hub.okta.com/sso/idps/{}", text(&setup.idp, "id"));
    let (at, page) = setup.browser.open(&start);
    assert!(
        at.starts_with("https://hub.okta.com/oauth2/v1/authorize/callback?error=access_denied"),
        "{at}"
    );
    assert!(page.body_text().contains("not assigned to the client"));

    // The callback belongs to the browser that began, and is good once.
    setup.browser.sign_in("acme.okta.com", ADA, "");
    let back = |setup: &mut Setup| {
        let away = setup.browser.send(Request::new("GET", &start));
        let to = away.header("location").expect("a way").to_owned();
        let sent = setup.browser.send(Request::new("GET", &to));
        sent.header("location").expect("a way back").to_owned()
    };
    let said = |answer: &Response| {
        assert_eq!(answer.status, 403);
        plain(between(&answer.body_text(), "id=\"notice\">", "</p>"))
    };
    let address = back(&mut setup);
    assert!(
        address.starts_with("https://hub.okta.com/oauth2/v1/authorize/callback?code="),
        "{address}"
    );
    let stranger = setup
        .browser
        .world
        .handle(&Request::new("GET", &address), setup.browser.now);
    assert!(said(&stranger.response().expect("an answer")).contains("not begun in this browser"));
    let cookie = setup
        .browser
        .cookies
        .iter()
        .find(|(host, _)| host == "hub.okta.com")
        .cloned()
        .expect("a cookie");
    assert_eq!(
        setup.browser.send(Request::new("GET", &address)).status,
        303
    );
    let again = Request::new("GET", &address).with("cookie", &cookie.1);
    let again = setup
        .browser
        .world
        .handle(&again, setup.browser.now)
        .response();
    assert!(said(&again.expect("an answer")).contains("finished before"));

    // A code lives for a minute, a sign-in for ten.
    let address = back(&mut setup);
    setup.browser.now += 60_000;
    assert!(
        said(&setup.browser.send(Request::new("GET", &address))).contains("invalid or has expired")
    );
    let address = back(&mut setup);
    setup.browser.now += 10 * 60_000;
    assert!(said(&setup.browser.send(Request::new("GET", &address))).contains("has expired"));
}

#[test]
fn ends_that_are_not_ready_say_so() {
    let mut setup = Setup::new();
    let saml = format!("https://acme.okta.com/app/okta_org2org/{}/sso/saml", "exk");
    assert_eq!(
        setup.browser.open(&saml).1.status,
        404,
        "such an app signs no assertions"
    );
    let id = text(&setup.app, "id").to_owned();
    setup.call(
        0,
        "POST",
        &format!("/api/v1/apps/{id}/lifecycle/deactivate"),
        None,
    );
    setup.browser.sign_in("acme.okta.com", ADA, "");
    let start = format!("https://hub.okta.com/sso/idps/{}", text(&setup.idp, "id"));
    let (at, page) = setup.browser.open(&start);
    assert!(
        at.starts_with("https://acme.okta.com/oauth2/v1/authorize?"),
        "nobody is sent anywhere: {at}"
    );
    assert!(page.status == 400 && page.body_text().contains("client_id"));
    let path = format!(
        "/api/v1/idps/{}/lifecycle/deactivate",
        text(&setup.idp, "id")
    );
    setup.call(1, "POST", &path, None);
    assert_eq!(setup.browser.open(&start).1.status, 404);

    let bare = json!({
        "name": "okta_org2org", "label": "Bare", "signOnMode": "OPENID_CONNECT",
        "settings": { "app": { "baseUrl": "https://hub.okta.com" } },
    });
    setup.app = setup.call(0, "POST", "/api/v1/apps", Some(bare));
    setup.assign(ADA);
    let (_, page) = setup.enter(ADA, "");
    assert!(
        page.status == 400
            && page
                .body_text()
                .contains("no target org with an identity provider")
    );
}
