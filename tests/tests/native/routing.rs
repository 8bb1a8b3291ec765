//! A routing rule, when it is wished: who begins at the target is sent home to sign in.

use org2org_core::run::{Aim, Side, SignOn};
use org2org_tests::{Bench, difference};
use serde_json::{Value, json};

fn bench(sign_on: SignOn) -> Bench {
    let mut bench = Bench::fresh();
    bench.wish(|wish| {
        (wish.sign_on, wish.routing) = (sign_on, true);
        wish.apps.clear();
    });
    bench
}

fn policy(bench: &mut Bench) -> String {
    let path = "/api/v1/policies?type=IDP_DISCOVERY";
    let found = bench.meanwhile(Side::Target, "GET", path, &Value::Null);
    format!(
        "/api/v1/policies/{}/rules",
        found[0]["id"].as_str().unwrap()
    )
}

/// A rule that somebody else made.
fn theirs(bench: &mut Bench, conditions: Value) -> Value {
    let path = policy(bench);
    let body = json!({
        "type": "IDP_DISCOVERY", "name": "Theirs", "conditions": conditions,
        "actions": {"idp": {"providers": [{"type": "OKTA"}]}},
    });
    bench.meanwhile(Side::Target, "POST", &path, &body)
}

#[test]
fn a_rule_sends_the_domains_of_the_source_home_and_goes_again() {
    for (sign_on, kind) in [(SignOn::Saml, "SAML2"), (SignOn::Oidc, "OKTA_INTEGRATION")] {
        let mut bench = bench(sign_on);
        let before = bench.world.dump();
        bench.drive();
        let plan = bench.run.plan().unwrap();
        assert!(!plan.text().contains("would be dead"), "{}", plan.text());
        bench.apply();
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        let path = policy(&mut bench);
        let rules = bench.meanwhile(Side::Target, "GET", &path, &Value::Null);
        let names: Vec<&Value> = rules
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| &rule["name"])
            .collect();
        assert_eq!(names, ["ACME (Org2Org)", "Default Rule"]);
        let (rule, idp) = (&rules[0], bench.value("idp"));
        assert_eq!(rule["status"], "ACTIVE");
        assert_eq!(
            rule["actions"]["idp"]["providers"],
            json!([{"type": kind, "id": idp}])
        );
        let patterns = &rule["conditions"]["userIdentifier"]["patterns"];
        assert_eq!(
            *patterns,
            json!([{"matchType": "SUFFIX", "value": "acme.example.com"}])
        );
        // Last of all: nobody is sent to a source that does not let them in yet.
        let log = bench.world.effects();
        assert!(
            log.last().is_some_and(|last| last.path == path),
            "{:?}",
            log.last()
        );
        bench.undo();
        assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
        assert_eq!(difference(&bench.world.dump(), &before), None);
    }
}

#[test]
fn a_rule_above_that_takes_the_same_people_is_told_before() {
    let anybody = json!({"network": {"connection": "ANYWHERE"}});
    let domain = json!({"userIdentifier": {"patterns": [{"matchType": "SUFFIX", "value": "acme.example.com"}]}});
    let all_platforms = json!({"platform": {"include": [{"type": "ANY", "os": {"type": "ANY"}}]}, "app": {"include": []}});
    let other = json!({"userIdentifier": {"patterns": [{"matchType": "SUFFIX", "value": "other.example.com"}]}});
    let zone = json!({"network": {"connection": "ZONE", "include": ["nzo1"]}});
    let app = json!({"app": {"include": [{"type": "APP", "id": "0oa1"}]}});
    let phones = json!({"platform": {"include": [{"type": "MOBILE", "os": {"type": "IOS"}}]}});
    let cases = [
        (anybody, true),
        (domain, true),
        (all_platforms, true),
        (other, false),
        (zone, false),
        (app, false),
        (phones, false),
    ];
    for (conditions, dead) in cases {
        let mut bench = bench(SignOn::Saml);
        let rule = theirs(&mut bench, conditions.clone());
        let told = |bench: &Bench| {
            let text = bench.run.plan().unwrap().text();
            text.contains("would be dead: `Theirs` above takes the same people")
        };
        bench.drive();
        assert_eq!(told(&bench), dead, "{conditions}");
        // An inactive rule takes nobody.
        let path = policy(&mut bench);
        let off = format!(
            "{path}/{}/lifecycle/deactivate",
            rule["id"].as_str().unwrap()
        );
        bench.meanwhile(Side::Target, "POST", &off, &Value::Null);
        bench.check();
        assert!(!told(&bench), "{conditions}");
    }
}

#[test]
fn a_rule_that_somebody_changed_is_told_and_left() {
    let mut bench = bench(SignOn::Saml);
    bench.drive();
    bench.apply();
    let path = policy(&mut bench);
    let mut rule = bench.meanwhile(Side::Target, "GET", &path, &Value::Null)[0].clone();
    rule["conditions"]["userIdentifier"]["patterns"][0]["value"] = json!("elsewhere.example.com");
    let own = format!("{path}/{}", rule["id"].as_str().unwrap());
    bench.meanwhile(Side::Target, "PUT", &own, &rule);
    bench.check();
    assert!(
        bench.states()["routing-rule"].starts_with("Differs"),
        "{:#?}",
        bench.states()
    );
    assert!(bench.run.plan().unwrap().items.is_empty());
    bench.undo();
    let rules = bench.meanwhile(Side::Target, "GET", &path, &Value::Null);
    assert_eq!(
        rules[0]["id"], rule["id"],
        "what others changed since stays"
    );
}

#[test]
fn a_rule_of_others_with_the_name_is_not_taken_over() {
    let mut bench = bench(SignOn::Saml);
    let path = policy(&mut bench);
    let body =
        json!({"name": "ACME (Org2Org)", "actions": {"idp": {"providers": [{"type": "OKTA"}]}}});
    bench.meanwhile(Side::Target, "POST", &path, &body);
    bench.drive();
    bench.apply();
    let state = &bench.states()["routing-rule"];
    assert!(state.starts_with("Blocked a routing rule named"), "{state}");
}

#[test]
fn the_rule_ends_with_its_connection_and_before_its_identity_provider() {
    for sign_on in [SignOn::Saml, SignOn::Oidc] {
        let mut bench = bench(sign_on);
        let before = bench.world.dump();
        bench.drive();
        bench.apply();
        bench.wish(|wish| (wish.aim, wish.routing) = (Aim::Remove, false));
        bench.drive();
        let asked = bench.world.requests().len();
        bench.apply();
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        let gone: Vec<&str> = bench.world.requests()[asked..]
            .iter()
            .filter(|request| request.org == "hub" && request.method != "GET")
            .map(|request| request.path.split('/').nth(3).unwrap())
            .collect();
        assert_eq!(gone, ["policies", "idps", "idps"]);
        let after = bench.world.dump();
        assert_eq!(
            difference(
                &after["hub"]["routing rules"],
                &before["hub"]["routing rules"]
            ),
            None
        );
        assert_eq!(
            difference(&after["hub"]["idps"], &before["hub"]["idps"]),
            None
        );
    }
}

#[test]
fn a_rule_of_others_stops_the_end_of_its_identity_provider() {
    let mut bench = bench(SignOn::Saml);
    bench.drive();
    bench.apply();
    let path = policy(&mut bench);
    let mut rule = bench.meanwhile(Side::Target, "GET", &path, &Value::Null)[0].clone();
    rule["name"] = json!("Theirs");
    let own = format!("{path}/{}", rule["id"].as_str().unwrap());
    bench.meanwhile(Side::Target, "PUT", &own, &rule);
    bench.wish(|wish| wish.aim = Aim::Remove);
    bench.drive();
    bench.apply();
    let states = bench.states();
    assert!(
        states["delete-routing-rule"].contains("`Theirs` sends people to this identity provider"),
        "{states:#?}"
    );
    let idp = bench.world.dump()["hub"]["idps"].clone();
    assert!(
        idp.as_object()
            .unwrap()
            .values()
            .any(|idp| idp["name"] == "ACME (Org2Org)" && idp["status"] == "ACTIVE"),
        "{idp}"
    );
}
