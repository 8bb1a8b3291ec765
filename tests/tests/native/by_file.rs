//! People get their accounts by a file, and are linked where that can be before they sign in.

use org2org_core::run::{Side, SignOn};
use org2org_tests::{Bench, difference};
use serde_json::{Value, json};

const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/// What the console's import of a file does for one person.
pub fn import(bench: &mut Bench, login: &str) -> String {
    let body = json!({
        "profile": {"login": login, "email": login, "firstName": "G", "lastName": "H"},
        "credentials": {"provider": {"type": "FEDERATION", "name": "FEDERATION"}},
    });
    let path = "/api/v1/users?activate=true&provider=true";
    let made = bench.meanwhile(Side::Target, "POST", path, &body);
    made["id"].as_str().unwrap().to_owned()
}

/// An object read, changed and put back by somebody else.
fn replace(bench: &mut Bench, side: Side, path: &str, at: &str, value: &str) {
    let mut object = bench.meanwhile(side, "GET", path, &Value::Null);
    let (parent, name) = at.rsplit_once('/').unwrap();
    object.pointer_mut(parent).unwrap()[name] = json!(value);
    bench.meanwhile(side, "PUT", path, &object);
}

fn open(bench: &Bench) -> Vec<String> {
    let states = bench.states().into_iter();
    states
        .filter(|(_, state)| !state.starts_with("Met"))
        .map(|(key, state)| format!("{key} {state}"))
        .collect()
}

#[test]
fn accounts_come_by_file_and_open_the_apps() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| wish.by_file = true);
    let before = bench.world.dump();
    bench.drive();
    let plan = bench.run.plan().unwrap().text();
    assert!(
        plan.contains("Import the person's account: grace@acme.example.com — by hand"),
        "{plan}"
    );
    assert!(
        !plan.contains("Import the person's account: ada@"),
        "{plan}"
    );
    bench.apply();
    assert!(
        open(&bench)
            .iter()
            .all(|one| one.starts_with("imported-account/")),
        "{:?}",
        open(&bench)
    );
    let people: Vec<String> = bench
        .run
        .plan()
        .unwrap()
        .by_hand
        .iter()
        .map(|note| note.text.clone())
        .collect();
    for note in people {
        let login = note
            .split([' ', ':'])
            .find(|word| word.contains('@'))
            .unwrap()
            .to_owned();
        import(&mut bench, &login);
    }
    let with_people = bench.world.dump();
    bench.check();
    let plan = bench.run.plan().unwrap();
    assert!(
        !plan.items.is_empty()
            && plan
                .items
                .iter()
                .all(|item| item.key.starts_with("group-member")),
        "{}",
        plan.text()
    );
    bench.apply();
    assert!(bench.run.is_proven(), "{:?}", open(&bench));
    let writes = bench.writes();
    bench.check();
    assert!(bench.run.plan().unwrap().items.is_empty());
    assert_eq!(bench.writes(), writes);
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    // All is as before but for the people whom a person brought.
    let mut after = bench.world.dump();
    let mut before = before;
    assert_eq!(after["hub"]["users"], with_people["hub"]["users"]);
    for dump in [&mut after, &mut before] {
        dump["hub"]["users"] = Value::Null;
        let everyone = dump["hub"]["groups"].as_object_mut().unwrap().values_mut();
        everyone
            .filter(|group| group["name"] == "Everyone")
            .for_each(|group| group["members"] = Value::Null);
    }
    assert_eq!(difference(&after, &before), None);
}

#[test]
fn a_person_who_is_not_active_gets_no_account() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| wish.by_file = true);
    let grace = bench.meanwhile(
        Side::Source,
        "GET",
        "/api/v1/users/grace@acme.example.com",
        &Value::Null,
    );
    let path = format!(
        "/api/v1/users/{}/lifecycle/suspend",
        grace["id"].as_str().unwrap()
    );
    bench.meanwhile(Side::Source, "POST", &path, &Value::Null);
    bench.drive();
    let plan = bench.run.plan().unwrap().text();
    assert!(
        plan.contains("grace@acme.example.com is SUSPENDED in the source and gets no account"),
        "{plan}"
    );
    assert!(
        !plan.contains("Import the person's account: grace@"),
        "{plan}"
    );
}

#[test]
fn a_link_that_the_api_cannot_make_says_why_and_comes_with_a_sign_in() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| {
        wish.by_file = true;
        wish.links = true;
    });
    bench.drive();
    bench.apply();
    let idp = bench.value("idp");
    let blocked = open(&bench)
        .into_iter()
        .find(|one| one.starts_with("linked/"))
        .unwrap();
    assert!(
        blocked.contains("the app does not send persistent NameIDs"),
        "{blocked}"
    );
    // Never tried: the target would have refused it.
    assert!(
        !bench
            .world
            .requests()
            .iter()
            .any(|request| request.method == "POST"
                && request.path.contains(&format!("{idp}/users")))
    );
    assert!(
        bench
            .run
            .plan()
            .unwrap()
            .text()
            .contains("signing in through the source once")
    );
    let app = bench.value("org2org-app");
    replace(
        &mut bench,
        Side::Source,
        &format!("/api/v1/apps/{app}"),
        "/settings/signOn/subjectNameIdFormat",
        PERSISTENT,
    );
    bench.check();
    let blocked = open(&bench)
        .into_iter()
        .find(|one| one.starts_with("linked/"))
        .unwrap();
    assert!(
        blocked.contains("does not honour persistent NameIDs"),
        "{blocked}"
    );
}

#[test]
fn an_account_is_linked_by_the_api_where_that_can_be() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| {
        wish.by_file = true;
        wish.links = true;
    });
    bench.drive();
    bench.apply();
    let (idp, app) = (bench.value("idp"), bench.value("org2org-app"));
    replace(
        &mut bench,
        Side::Source,
        &format!("/api/v1/apps/{app}"),
        "/settings/signOn/subjectNameIdFormat",
        PERSISTENT,
    );
    replace(
        &mut bench,
        Side::Target,
        &format!("/api/v1/idps/{idp}"),
        "/protocol/settings/nameFormat",
        PERSISTENT,
    );
    bench.check();
    let plan = bench.run.plan().unwrap();
    assert!(
        plan.items
            .iter()
            .all(|item| item.key.starts_with("linked/")),
        "{}",
        plan.text()
    );
    assert!(
        plan.text().contains("ada@acme.example.com"),
        "the plan shows the name that is sent"
    );
    bench.apply();
    let path = format!("/api/v1/idps/{idp}/users");
    let linked = bench.meanwhile(Side::Target, "GET", &path, &Value::Null);
    assert_eq!(linked[0]["externalId"], "ada@acme.example.com");
    // And kept nowhere.
    assert!(!bench.run.stored().text().contains("ada@acme.example.com"));
    let writes = bench.writes();
    bench.check();
    assert!(bench.run.plan().unwrap().items.is_empty());
    assert_eq!(bench.writes(), writes);
    bench.undo();
    let unlinked = |request: &&org2org_lab::Logged| {
        request.method == "DELETE" && request.path.starts_with(&path)
    };
    assert_eq!(bench.world.requests().iter().filter(unlinked).count(), 1);
}

#[test]
fn by_openid_connect_the_api_links_each_account_to_the_id_of_its_person() {
    let mut bench = Bench::fresh();
    bench.wish(|wish| {
        (wish.by_file, wish.links, wish.sign_on) = (true, true, SignOn::Oidc);
        wish.apps.clear();
    });
    let before = bench.world.dump();
    bench.drive();
    bench.apply();
    let users = format!("/api/v1/idps/{}/users", bench.value("idp"));
    let ada = bench.meanwhile(
        Side::Source,
        "GET",
        "/api/v1/users/ada@acme.example.com",
        &Value::Null,
    );
    let linked = bench.meanwhile(Side::Target, "GET", &users, &Value::Null);
    assert_eq!(linked[0]["externalId"], ada["id"]);
    assert_eq!(
        linked.as_array().unwrap().len(),
        1,
        "Grace has no account yet"
    );
    let writes = bench.writes();
    bench.check();
    assert!(bench.run.plan().unwrap().items.is_empty());
    assert_eq!(bench.writes(), writes);

    // A link to somebody else is told and left.
    let own = format!("{users}/{}", linked[0]["id"].as_str().unwrap());
    bench.meanwhile(
        Side::Target,
        "POST",
        &own,
        &json!({"externalId": "00uSomebodyElse00005d7"}),
    );
    bench.check();
    let states = bench.states();
    let state = states
        .iter()
        .find(|(key, state)| key.starts_with("linked-by-subject/") && state.starts_with("Differs"));
    assert!(state.is_some(), "{states:#?}");
    bench.meanwhile(
        Side::Target,
        "POST",
        &own,
        &json!({"externalId": ada["id"]}),
    );
    bench.check();
    bench.undo();
    assert!(bench.run.left().is_empty(), "{:?}", bench.run.left());
    assert_eq!(difference(&bench.world.dump(), &before), None);
}
