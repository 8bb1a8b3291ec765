//! A source and a target, called by their super admins' tokens, for the stories.

mod federation;
pub mod oauth;

use org2org_lab::{Options, Request, Response, World};
use serde_json::{Value, json};

/// When the stories begin.
const NOW: u64 = 1_795_514_400_000;

/// Some orgs of which one is the source now; the target is `hub`.
pub struct Pair {
    pub world: World,
    pub source: String,
    pub hub_token: String,
    pub now: u64,
}

impl Pair {
    pub fn fresh() -> Self {
        Self::of(&Options::default())
    }

    pub fn of(options: &Options) -> Self {
        let world = World::new(options);
        let mut pair = Self {
            world,
            source: "acme".to_owned(),
            hub_token: String::new(),
            now: NOW,
        };
        pair.hub_token = pair.token("hub", "SUPER_ADMIN");
        pair
    }

    /// The API token of an org's admin with this role.
    pub fn token(&self, org: &str, role: &str) -> String {
        let site = self
            .world
            .sites()
            .into_iter()
            .find(|site| site.subdomain == org);
        let admins = site.expect("the org exists").admins.into_iter();
        let mut with_role = admins.filter(|admin| admin.role == role);
        with_role.next().expect("the org has such an admin").token
    }

    pub fn call(&mut self, org: &str, method: &str, path: &str, body: Option<&Value>) -> Response {
        let token = self.token(org, "SUPER_ADMIN");
        let request = Request::new(method, &format!("https://{org}.okta.com{path}"))
            .with("authorization", &format!("SSWS {token}"));
        let request = body.map_or(request.clone(), |body| request.json(body));
        let reply = self.world.handle(&request, self.now);
        reply.response().expect("an answer")
    }

    pub fn ok(&mut self, org: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.call(org, method, path, body);
        assert!(
            answer.status < 300,
            "{org} {method} {path}: {} {}",
            answer.status,
            answer.body_text()
        );
        answer.value()
    }

    /// Days go by; in these orgs somebody uses the tests' API token now and then, so that it does not end.
    pub fn wait(&mut self, days: u64, orgs: &[&str]) {
        for _ in 0..days {
            self.now += 86_400_000;
            for org in orgs {
                self.ok(org, "GET", "/api/v1/org", None);
            }
        }
    }

    pub fn anonymous(&mut self, method: &str, address: &str) -> Response {
        let reply = self.world.handle(&Request::new(method, address), self.now);
        reply.response().expect("an answer")
    }

    /// A button of the console on an app's page.
    pub fn press(&mut self, org: &str, action: &str, app: &str) {
        let now = self.now;
        let session = self
            .world
            .session(org, &format!("admin@{org}.example.com"), now);
        let request = Request::new(
            "POST",
            &format!("https://{org}-admin.okta.com/admin/_do/{action}"),
        )
        .with("cookie", &session.cookie)
        .with("x-okta-xsrftoken", &session.xsrf)
        .form(&[("appId", app)]);
        let answer = self
            .world
            .handle(&request, now)
            .response()
            .expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.body_text());
    }

    /// A call of the super admin's browser.
    pub fn by_session(&mut self, org: &str, method: &str, path: &str, body: &Value) -> Value {
        let login = format!("admin@{org}.example.com");
        let session = self.world.session(org, &login, self.now);
        let request = Request::new(method, &format!("https://{org}-admin.okta.com{path}"))
            .with("cookie", &session.cookie)
            .with("x-okta-xsrftoken", &session.xsrf)
            .json(body);
        let reply = self.world.handle(&request, self.now);
        let answer = reply.response().expect("an answer");
        assert!(answer.status < 300, "{path}: {}", answer.body_text());
        answer.value()
    }

    /// Status of signing in with the lab's password.
    pub fn sign_in(&mut self, org: &str, login: &str) -> u16 {
        let request = Request::new("POST", &format!("https://{org}.okta.com/login/login.htm"))
            .form(&[("username", login), ("password", org2org_lab::PASSWORD)]);
        let reply = self.world.handle(&request, self.now);
        reply.response().expect("an answer").status
    }

    /// An Org2Org app of the source without connection.
    pub fn bare_app(&mut self, host: &str) -> String {
        let source = self.source.clone();
        let body = json!({ "name": "okta_org2org", "label": "Hub", "signOnMode": "SAML_2_0",
            "settings": { "app": { "baseUrl": format!("https://{host}.okta.com") } } });
        let made = self.ok(&source, "POST", "/api/v1/apps", Some(&body));
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Connects an app by the hub's super admin's token.
    pub fn connect(&mut self, app: &str) {
        let token = self.hub_token.clone();
        self.connect_with(app, &json!({ "authScheme": "TOKEN", "token": token }));
    }

    pub fn connect_with(&mut self, app: &str, profile: &Value) {
        let source = self.source.clone();
        let path = format!("/api/v1/apps/{app}/connections/default?activate=true");
        let body = json!({ "profile": profile });
        let set = self.ok(&source, "POST", &path, Some(&body));
        assert_eq!(set["status"], "ENABLED");
    }

    /// Creating, updating and deactivating people.
    pub fn switch_on(&mut self, app: &str) {
        let source = self.source.clone();
        let body = json!({ "create": { "lifecycleCreate": { "status": "ENABLED" } },
            "update": { "profile": { "status": "ENABLED" }, "lifecycleDeactivate": { "status": "ENABLED" } } });
        let path = format!("/api/v1/apps/{app}/features/USER_PROVISIONING");
        self.ok(&source, "PUT", &path, Some(&body));
    }

    /// An app that provisions to the hub with its super admin's token.
    pub fn token_app(&mut self) -> String {
        let token = self.hub_token.clone();
        self.app("hub", &token)
    }

    pub fn app_with_token(&mut self, token: &str) -> String {
        self.app("hub", token)
    }

    pub fn app(&mut self, target: &str, token: &str) -> String {
        let app = self.bare_app(target);
        self.connect_with(&app, &json!({ "authScheme": "TOKEN", "token": token }));
        self.switch_on(&app);
        app
    }

    /// Sets rules of the mapping from users to the app.
    pub fn map(&mut self, app: &str, properties: Value) {
        let source = self.source.clone();
        let found = self.ok(
            &source,
            "GET",
            &format!("/api/v1/mappings?targetId={app}"),
            None,
        );
        let path = format!(
            "/api/v1/mappings/{}",
            found[0]["id"].as_str().expect("an id")
        );
        self.ok(
            &source,
            "POST",
            &path,
            Some(&json!({ "properties": properties })),
        );
    }

    /// The same initial status for everybody.
    pub fn map_status(&mut self, app: &str, value: &str) {
        let expression = format!("\"{value}\"");
        self.map(
            app,
            json!({ "initialStatus": { "expression": expression, "pushStatus": "DONT_PUSH" } }),
        );
    }

    /// Assigns a group of the source.
    pub fn assign(&mut self, group: &str, app: &str) {
        let source = self.source.clone();
        let group = self.group(&source, group);
        self.ok(
            &source,
            "PUT",
            &format!("/api/v1/apps/{app}/groups/{group}"),
            None,
        );
    }

    pub fn push_group(&mut self, app: &str, group: &str, name: &str) -> Value {
        let source = self.source.clone();
        let body = json!({ "sourceGroupId": group, "targetGroupName": name, "status": "ACTIVE" });
        let path = format!("/api/v1/apps/{app}/group-push/mappings");
        self.ok(&source, "POST", &path, Some(&body))
    }

    pub fn find_group(&mut self, org: &str, name: &str) -> Option<String> {
        let all = self.ok(org, "GET", "/api/v1/groups", None);
        let mut all = all.as_array().expect("a list").iter();
        let found =
            all.find(|group| group["profile"]["name"] == name && group["type"] != "APP_GROUP");
        found.map(|group| group["id"].as_str().expect("an id").to_owned())
    }

    pub fn group(&mut self, org: &str, name: &str) -> String {
        self.find_group(org, name).expect("the group exists")
    }

    /// Logins of a hub group's members, in order.
    pub fn hub_members(&mut self, group: &str) -> Vec<String> {
        let group = self.group("hub", group);
        let all = self.ok("hub", "GET", &format!("/api/v1/groups/{group}/users"), None);
        let all = all.as_array().expect("a list").iter();
        let mut logins: Vec<String> = all
            .map(|user| {
                user["profile"]["login"]
                    .as_str()
                    .expect("a login")
                    .to_owned()
            })
            .collect();
        logins.sort();
        logins
    }

    pub fn id(&mut self, org: &str, login: &str) -> String {
        let user = self.ok(org, "GET", &format!("/api/v1/users/{login}"), None);
        user["id"].as_str().expect("an id").to_owned()
    }

    pub fn hub_user(&mut self, login: &str) -> Value {
        self.ok("hub", "GET", &format!("/api/v1/users/{login}"), None)
    }

    pub fn hub_id(&mut self, login: &str) -> Value {
        self.hub_user(login)["id"].clone()
    }

    pub fn hub_has_nobody(&mut self, login: &str) -> bool {
        self.call("hub", "GET", &format!("/api/v1/users/{login}"), None)
            .status
            == 404
    }

    pub fn app_user(&mut self, app: &str, login: &str) -> Value {
        let source = self.source.clone();
        let id = self.id(&source, login);
        self.ok(
            &source,
            "GET",
            &format!("/api/v1/apps/{app}/users/{id}"),
            None,
        )
    }

    /// `actor method path` of an org's effects with this text.
    pub fn effects(&self, org: &str, what: &str) -> Vec<String> {
        let found = self.world.effects().iter();
        let found = found.filter(|effect| effect.org == org && effect.what == what);
        found
            .map(|effect| format!("{} {} {}", effect.actor, effect.method, effect.path))
            .collect()
    }

    fn log(&mut self, org: &str) -> Vec<Value> {
        let all = self.ok(org, "GET", "/api/v1/logs?limit=1000", None);
        all.as_array().expect("a list").clone()
    }

    /// Outcomes of an org's log entries of one type.
    pub fn events(&mut self, org: &str, kind: &str) -> Vec<String> {
        let log = self.log(org).into_iter();
        log.filter(|event| event["eventType"] == kind)
            .map(|event| {
                event["outcome"]["result"]
                    .as_str()
                    .expect("a word")
                    .to_owned()
            })
            .collect()
    }

    /// Reasons of failed pushes in an org's log.
    pub fn failures(&mut self, org: &str) -> Vec<String> {
        let log = self.log(org).into_iter();
        log.filter(|event| {
            let kind = event["eventType"].as_str().unwrap_or_default();
            event["outcome"]["result"] == "FAILURE" && kind.starts_with("application.provision.")
        })
        .map(|event| {
            event["outcome"]["reason"]
                .as_str()
                .expect("a reason")
                .to_owned()
        })
        .collect()
    }
}

/// Where an app's pushed features are.
pub fn feature(app: &str) -> String {
    format!("/api/v1/apps/{app}/features/USER_PROVISIONING")
}
