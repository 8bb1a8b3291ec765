//! Federation by OpenID Connect, beside the way by SAML 2.0.

use std::collections::BTreeMap;

use org2org_core::run::{Aim, Side, SignOn};
use org2org_lab::{PASSWORD, Request, Response};
use org2org_tests::{Bench, End, difference};
use serde_json::{Value, json};

fn bench() -> Bench {
    let mut bench = Bench::fresh();
    bench.wish(|wish| {
        wish.sign_on = SignOn::Oidc;
        wish.apps.clear();
    });
    bench
}

#[test]
fn connects_by_openid_connect_and_takes_it_back() {
    for jit in [false, true] {
        let mut bench = bench();
        bench.wish(|wish| wish.jit = jit);
        let before = bench.world.dump();
        assert_eq!(bench.drive(), End::Rests);
        assert_eq!(bench.writes(), 0);
        if !jit {
            insta::assert_snapshot!("oidc-plan", bench.run.plan().unwrap().text());
        }
        bench.apply();
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        let writes = bench.writes();
        bench.check();
        assert!(bench.run.plan().unwrap().items.is_empty());
        assert_eq!(bench.writes(), writes);
        bench.undo();
        assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
        assert_eq!(difference(&bench.world.dump(), &before), None);
    }
}

#[test]
fn bookmarks_are_refused_with_the_reason() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| wish.sign_on = SignOn::Oidc);
    bench.drive();
    let plan = bench.run.plan().unwrap();
    assert!(plan.items.is_empty(), "{}", plan.text());
    assert!(
        plan.text().contains("bookmarks have no documented address"),
        "{}",
        plan.text()
    );
}

#[test]
fn the_verdict_on_a_second_factor_follows_the_target() {
    let mut bench = bench();
    bench.drive();
    bench.apply();
    bench.check();
    assert!(
        bench
            .run
            .plan()
            .unwrap()
            .text()
            .contains("asks for a second factor again")
    );
    let path = format!("/api/v1/idps/{}", bench.value("idp"));
    let mut idp = bench.meanwhile(Side::Target, "GET", &path, &Value::Null);
    idp["policy"]["trustClaims"] = json!(true);
    bench.meanwhile(Side::Target, "PUT", &path, &idp);
    bench.check();
    let text = bench.run.plan().unwrap().text();
    assert!(
        text.contains("takes the second factor that the source saw"),
        "{text}"
    );
}

#[test]
fn another_app_of_this_target_is_told_and_left() {
    let mut bench = bench();
    let theirs = json!({"name": "okta_org2org", "label": "Theirs", "signOnMode": "SAML_2_0", "settings": {"app": {"baseUrl": "https://hub.okta.com"}}});
    bench.meanwhile(Side::Source, "POST", "/api/v1/apps", &theirs);
    bench.drive();
    let states = bench.states();
    assert!(states["oidc-app"].starts_with("Differs"), "{states:#?}");
    assert!(
        !bench
            .run
            .plan()
            .unwrap()
            .items
            .iter()
            .any(|item| item.key == "oidc-app")
    );
}

#[test]
fn a_connection_by_openid_connect_ends() {
    let mut bench = bench();
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    bench.wish(|wish| wish.aim = Aim::Remove);
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let after = bench.world.dump();
    for (org, part) in [("acme", "apps"), ("hub", "idps")] {
        assert_eq!(difference(&after[org][part], &before[org][part]), None);
    }
}

/// A person's browser: cookies by host, redirects followed.
#[derive(Default)]
struct Browser(BTreeMap<String, BTreeMap<String, String>>);

impl Browser {
    fn send(&mut self, bench: &mut Bench, request: Request) -> Response {
        let jar = self.0.entry(request.host.clone()).or_default();
        let cookies: Vec<String> = jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request.with("cookie", &cookies.join("; "));
        let answer = bench.world.handle(&request, bench.now);
        let answer = answer.response().expect("no fault is set");
        for (_, line) in answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            let pair = line.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie");
            jar.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// The last answer and the hosts on the way to it.
    fn open(&mut self, bench: &mut Bench, address: &str) -> (Response, Vec<String>) {
        let mut hosts = Vec::new();
        let mut next = url::Url::parse(address).expect("an address");
        for _ in 0..12 {
            hosts.push(next.host_str().unwrap_or_default().to_owned());
            let answer = self.send(bench, Request::new("GET", next.as_str()));
            let Some(to) = answer.header("location").map(str::to_owned) else {
                return (answer, hosts);
            };
            next = next.join(&to).expect("an address");
        }
        panic!("redirects go round: {hosts:?}");
    }

    fn sign_in(&mut self, bench: &mut Bench, host: &str, login: &str) {
        let address = format!("https://{host}/login/login.htm");
        let form = [("username", login), ("password", PASSWORD)];
        let answer = self.send(bench, Request::new("POST", &address).form(&form));
        assert_eq!(answer.status, 303, "{login} at {host}");
    }

    /// Who is signed in at a host.
    fn whom(&mut self, bench: &mut Bench, host: &str) -> Value {
        let address = format!("https://{host}/api/v1/users/me");
        let me = self.send(bench, Request::new("GET", &address)).value();
        me["profile"]["login"].clone()
    }
}

/// What the procedure made lets in whom the wish names, and nobody else.
#[test]
fn people_sign_in_through_what_was_made() {
    let ada = "ada@acme.example.com";
    for links in [false, true] {
        let mut bench = bench();
        bench.wish(|wish| (wish.by_file, wish.links) = (links, links));
        bench.drive();
        bench.apply();
        let path = format!("/api/v1/apps/{}", bench.value("org2org-app"));
        let app = bench.meanwhile(Side::Source, "GET", &path, &Value::Null);
        let tile = app["_links"]["appLinks"][0]["href"]
            .as_str()
            .expect("a tile");
        let tile = tile.replace("acme-admin", "acme");

        let mut browser = Browser::default();
        browser.sign_in(&mut bench, "acme.okta.com", ada);
        let (page, hosts) = browser.open(&mut bench, &tile);
        assert_eq!(
            (page.status, hosts.last().map(String::as_str)),
            (200, Some("hub.okta.com")),
            "{hosts:?}"
        );
        assert_eq!(browser.whom(&mut bench, "hub.okta.com"), ada);
        // The link is the one that the API made, or that this sign-in did: by the id that never changes.
        let users = format!("/api/v1/idps/{}/users", bench.value("idp"));
        let linked = bench.meanwhile(Side::Target, "GET", &users, &Value::Null);
        let own = bench.meanwhile(
            Side::Source,
            "GET",
            &format!("/api/v1/users/{ada}"),
            &Value::Null,
        );
        let linked = linked.as_array().unwrap();
        assert_eq!(linked.len(), 1, "{linked:?}");
        assert_eq!(linked[0]["externalId"], own["id"]);

        // Alan is in none of the groups: the source does not send him.
        let mut other = Browser::default();
        other.sign_in(&mut bench, "acme.okta.com", "alan@acme.example.com");
        other.open(&mut bench, &tile);
        assert_eq!(other.whom(&mut bench, "hub.okta.com"), Value::Null);
    }
}
