//! An org with a signed-in admin, and bodies to send.

use org2org_lab::{Options, Reply, Request, Response, World};
use serde_json::{Value, json};

pub const NOW: u64 = 1_795_514_400_000;

/// An org as one admin's browser calls it.
pub struct Org {
    pub world: World,
    pub host: &'static str,
    pub cookie: String,
    pub xsrf: String,
}

impl Org {
    pub fn of(host: &'static str, login: &str) -> Self {
        let mut world = World::new(&Options::default());
        let org = host.split(['-', '.']).next().expect("a host has labels");
        let session = world.session(org, login, NOW);
        Self {
            world,
            host,
            cookie: session.cookie,
            xsrf: session.xsrf,
        }
    }

    pub fn acme() -> Self {
        Self::of("acme-admin.okta.com", "admin@acme.example.com")
    }

    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Request {
        let request = Request::new(method, &format!("https://{}{path}", self.host))
            .with("cookie", &self.cookie);
        let request = if method == "GET" {
            request
        } else {
            request.with("X-Okta-XsrfToken", &self.xsrf)
        };
        body.map_or(request.clone(), |body| request.json(body))
    }

    pub fn reply(&mut self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let request = self.request(method, path, body);
        self.world.handle(&request, NOW)
    }

    pub fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        self.reply(method, path, body)
            .response()
            .expect("an answer")
    }

    pub fn get(&mut self, path: &str) -> Value {
        let answer = self.call("GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body_text());
        answer.value()
    }

    pub fn post(&mut self, path: &str, body: Value) -> Value {
        let answer = self.call("POST", path, Some(&body));
        assert_eq!(answer.status, 200, "{path}: {}", answer.body_text());
        answer.value()
    }
}

pub fn org2org(label: &str) -> Value {
    json!({ "name": "okta_org2org", "label": label, "signOnMode": "SAML_2_0",
        "settings": { "app": { "baseUrl": "https://hub.okta.com" } } })
}

pub fn bookmark(label: &str) -> Value {
    json!({ "name": "bookmark", "label": label, "signOnMode": "BOOKMARK",
        "settings": { "app": { "url": "https://hub.okta.com/home/x", "requestIntegration": false } } })
}

pub fn code(answer: &Response) -> String {
    answer.value()["errorCode"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}
