use std::collections::BTreeMap;

use super::super::{Failure, Member, What};
use super::*;
use crate::okta::{Call, Response};
use crate::org::OrgUrl;
use crate::users::{CheckOptions, Existing, Newcomers, Options, Schema};
use serde_json::{Value, json};

const ROWS: usize = 9;

fn target() -> Org {
    Org {
        url: OrgUrl::parse("https://hub.okta.com").unwrap(),
        id: "00ohubhubhubhubhubh1".into(),
        name: "Hub".into(),
        actor: "00uhubhubhubhubhubh1".into(),
        login: "admin@example.com".into(),
    }
}

fn order(file: &str) -> Order {
    let mut job = Newcomers::new(
        CheckOptions {
            options: Options::default(),
            schema: Schema::default(),
            existing: Existing::default(),
            compose: str::to_owned,
        },
        None,
    );
    let mut out = Vec::new();
    job.push(file.as_bytes(), &mut out).unwrap();
    Order {
        rows: job.finish(&mut out).unwrap(),
        file: super::super::journal::sha256(file),
        groups: vec![Member {
            id: "00ggroupgroupgroup01".into(),
            name: "From ACME".into(),
        }],
        idp: Some(Member {
            id: "0oaidpidpidpidpidp01".into(),
            name: "ACME".into(),
        }),
        activate: true,
    }
}

fn file(rows: usize) -> String {
    let mut text = "login,firstName,lastName,email\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!(
            "p{row}@acme.example,Ada,Number{row},p{row}@acme.example\n"
        ));
    }
    text
}

/// What goes wrong with one write.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Limit,
    Broken {
        after: bool,
    },
    Dropped {
        after: bool,
    },
    /// Silence, and the effect half a minute later.
    Late,
    Twice,
    Session,
}

/// A target that keeps user names unique, and nothing else of Okta that these tests do not need.
#[derive(Default)]
struct Hub {
    users: BTreeMap<String, Value>,
    links: BTreeMap<String, String>,
    /// The fault of the write of this number.
    faults: BTreeMap<usize, Fault>,
    writes: usize,
    creates: Vec<String>,
    late: Vec<(u64, Arc<Call>)>,
    hidden_until: u64,
    now: u64,
}

use std::sync::Arc;

impl Hub {
    fn good(body: &Value) -> Response {
        Response {
            status: 200,
            headers: [
                ("content-type".to_owned(), "application/json".to_owned()),
                ("x-rate-limit-limit".to_owned(), "600".to_owned()),
            ]
            .into(),
            body: body.to_string(),
            redirected: false,
        }
    }

    fn bad(status: u16, code: &str) -> Response {
        let mut response = Hub::good(&json!({"errorCode": code, "errorSummary": "no"}));
        response.status = status;
        response
    }

    fn send(&mut self, call: &Arc<Call>, write: bool) -> Reply {
        let due: Vec<_> = self
            .late
            .extract_if(.., |(at, _)| *at <= self.now)
            .collect();
        for (_, call) in due {
            self.act(&call);
        }
        if !write {
            return Reply::Response(self.read(call));
        }
        self.writes += 1;
        match self.faults.get(&(self.writes - 1)).copied() {
            None => Reply::Response(self.act(call)),
            Some(Fault::Limit) => Reply::Response(Hub::bad(429, "E0000047")),
            Some(Fault::Session) => Reply::Response(Hub::bad(401, "E0000011")),
            Some(Fault::Broken { after }) => {
                if after {
                    self.act(call);
                }
                Reply::Response(Hub::bad(500, "E0000009"))
            }
            Some(Fault::Dropped { after }) => {
                if after {
                    self.act(call);
                }
                Reply::Failed(Failure::Network)
            }
            Some(Fault::Late) => {
                self.late.push((self.now + 30_000, call.clone()));
                Reply::Failed(Failure::Timeout)
            }
            Some(Fault::Twice) => {
                self.act(call);
                Reply::Response(self.act(call))
            }
        }
    }

    fn act(&mut self, call: &Call) -> Response {
        if call.op == "idps.link" {
            let id = call.params.get("user").unwrap().clone();
            let name = call.body.as_ref().unwrap()["externalId"].as_str().unwrap();
            self.links.insert(id.clone(), name.to_owned());
            return Hub::good(&json!({"id": id, "externalId": name}));
        }
        assert_eq!(call.op, "users.create");
        let mut user = call.body.clone().unwrap();
        let login = user["profile"]["login"].as_str().unwrap().to_owned();
        if self.users.contains_key(&login) {
            return Hub::bad(400, "E0000001");
        }
        user["id"] = json!(format!("00u{:017}", self.users.len()));
        user["status"] = json!("ACTIVE");
        self.users.insert(login.clone(), user.clone());
        self.creates.push(login);
        Hub::good(&user)
    }

    fn read(&self, call: &Call) -> Response {
        let search = call.params.get("search").cloned().unwrap_or_default();
        let hidden = self.now < self.hidden_until;
        let all: Vec<Value> = self.users.values().cloned().collect();
        match call.op.as_str() {
            "org.well-known" => Hub::good(&json!({"id": target().id})),
            "users.list" => {
                let named = |user: &Value| search.contains(&user["profile"]["login"].to_string());
                let found = all.into_iter().filter(|user| !hidden && named(user));
                Hub::good(&Value::Array(found.collect()))
            }
            "users.read" => Hub::good(
                &json!({"id": target().actor, "status": "ACTIVE", "profile": {"login": "a"}}),
            ),
            "users.find" => match self.users.get(call.params.get("user").unwrap()) {
                Some(user) => Hub::good(user),
                None => Hub::bad(404, "E0000007"),
            },
            "groups.people" => Hub::good(&Value::Array(all)),
            "idps.users" => {
                let link = |(id, name): (&String, &String)| json!({"id": id, "externalId": name});
                Hub::good(&Value::Array(self.links.iter().map(link).collect()))
            }
            other => panic!("{other} is not read"),
        }
    }
}

/// Drives until nothing is asked for, or until so many replies were given, with the entries stored.
fn drive(creation: &mut Creation, hub: &mut Hub, stored: &mut Vec<Entry>, most: usize) -> bool {
    for _ in 0..most {
        let asks = creation.asks();
        let first = asks
            .iter()
            .find(|ask| !matches!(ask.what, What::Wait { .. }));
        let Some(ask) = first.or_else(|| {
            asks.iter().min_by_key(|ask| match ask.what {
                What::Wait { until } => until,
                _ => 0,
            })
        }) else {
            return true;
        };
        let reply = match &ask.what {
            What::Send { call, write, .. } => {
                hub.now += 10;
                hub.send(call, *write)
            }
            What::Store(entry) => {
                stored.push((**entry).clone());
                Reply::Stored
            }
            What::Wait { until } => {
                hub.now = hub.now.max(*until);
                Reply::Waited
            }
            What::Person(_) => Reply::Done,
        };
        let now = hub.now;
        creation.answer(ask.id, reply, now);
    }
    false
}

fn start(text: &str, stored: &[Entry], hub: &Hub) -> Creation {
    let journal = Journal {
        entries: stored.to_vec(),
    };
    Creation::new(target(), order(text), journal, hub.now).unwrap()
}

const FOREVER: usize = 100_000;

fn apply(text: &str, hub: &mut Hub, stored: &mut Vec<Entry>, most: usize) -> Report {
    let mut creation = start(text, stored, hub);
    if drive(&mut creation, hub, stored, most) {
        let plan = creation.plan().unwrap();
        match plan.writes() {
            true => creation.consent(&plan.id, hub.now).unwrap(),
            false => creation.prove(hub.now),
        }
        drive(&mut creation, hub, stored, most);
    }
    let report = creation.report();
    assert_eq!(
        report.rows.len(),
        text.lines().count() - 1,
        "every row is told of"
    );
    report
}

fn whole(hub: &Hub, rows: usize) {
    assert_eq!(
        (hub.users.len(), hub.creates.len(), hub.links.len()),
        (rows, rows, rows)
    );
    for user in hub.users.values() {
        assert_eq!(user["groupIds"], json!(["00ggroupgroupgroup01"]));
        assert!(user["credentials"].get("password").is_none());
    }
}

#[test]
fn every_row_gets_an_account_a_link_and_a_proof() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    let report = apply(&file(ROWS), &mut hub, &mut stored, FOREVER);
    assert!(report.is_proven(), "{}", report.text());
    whole(&hub, ROWS);
    // Nobody who reads the journal learns who is meant.
    let journal = json!(stored).to_string();
    assert!(
        !journal.contains("acme.example") && !journal.contains("Ada"),
        "{journal}"
    );
    assert_eq!(
        report.csv().iter().filter(|byte| **byte == b'\n').count(),
        ROWS + 1
    );
    // A second run writes nothing.
    let writes = hub.writes;
    let again = apply(&file(ROWS), &mut hub, &mut stored, FOREVER);
    assert!(again.is_proven(), "{}", again.text());
    assert_eq!(hub.writes, writes);
}

#[test]
fn any_fault_at_any_write_makes_no_duplicate_and_ends_proven() {
    use Fault::{Broken, Dropped, Late, Limit, Session, Twice};
    let all = [
        Limit,
        Session,
        Late,
        Twice,
        Broken { after: false },
        Broken { after: true },
        Dropped { after: false },
        Dropped { after: true },
    ];
    for fault in all {
        for at in 0..2 * ROWS {
            let (mut hub, mut stored) = (Hub::default(), Vec::new());
            hub.faults.insert(at, fault);
            let report = apply(&file(ROWS), &mut hub, &mut stored, FOREVER);
            if fault == Twice && !report.is_proven() {
                // The second arrival of one send is refused: whose account it is, the org does not say.
                assert_eq!(report.count("exists"), 1, "{}", report.text());
                assert_eq!(hub.creates.len(), ROWS);
                continue;
            }
            assert!(report.is_proven(), "{fault:?} at {at}: {}", report.text());
            whole(&hub, ROWS);
        }
    }
}

#[test]
fn a_kill_at_any_point_is_taken_up_without_a_duplicate() {
    for most in 1..220 {
        let (mut hub, mut stored) = (Hub::default(), Vec::new());
        hub.faults.insert(3, Fault::Dropped { after: true });
        apply(&file(ROWS), &mut hub, &mut stored, most);
        let report = apply(&file(ROWS), &mut hub, &mut stored, FOREVER);
        assert!(report.is_proven(), "killed after {most}: {}", report.text());
        whole(&hub, ROWS);
    }
}

#[test]
fn a_write_answered_between_its_effect_and_the_journal_is_found_not_repeated() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    apply(&file(ROWS), &mut hub, &mut stored, FOREVER);
    // Killed when the intents were stored, and nothing after them.
    stored.truncate(1);
    let report = apply(&file(ROWS), &mut hub, &mut stored, FOREVER);
    assert_eq!(
        report.count("proven"),
        1,
        "the one that was intended: {}",
        report.text()
    );
    assert_eq!(
        report.count("exists"),
        ROWS - 1,
        "the others are nobody's we know of"
    );
    assert_eq!(hub.creates.len(), ROWS);
}

#[test]
fn accounts_of_others_are_told_before_anything_is_written_and_left_alone() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    for (login, status) in [
        ("p1@acme.example", "ACTIVE"),
        ("p2@acme.example", "DEPROVISIONED"),
    ] {
        hub.users.insert(login.into(), json!({"id": format!("00u{login:a>17.17}").replace(['@', '.'], "0"), "status": status, "profile": {"login": login}}));
    }
    let before = hub.users.clone();
    let text = format!("{}x,Ada,Short,not-an-address\n", file(4));
    let mut creation = start(&text, &stored, &hub);
    assert!(drive(&mut creation, &mut hub, &mut stored, FOREVER));
    let plan = creation.plan().unwrap();
    assert_eq!((plan.creates, plan.left_out.len(), plan.rows), (2, 3, 5));
    assert!(
        plan.text()
            .contains("line 4: an account of this user name exists: DEPROVISIONED"),
        "{}",
        plan.text()
    );
    assert!(creation.consent("another", hub.now).is_err());
    creation.consent(&plan.id, hub.now).unwrap();
    drive(&mut creation, &mut hub, &mut stored, FOREVER);
    let report = creation.report();
    let counts = ["proven", "exists", "left out"].map(|state| report.count(state));
    assert_eq!(counts, [2, 2, 1], "{}", report.text());
    for (login, user) in before {
        assert_eq!(hub.users[&login], user);
        assert!(!hub.links.contains_key(user["id"].as_str().unwrap()));
    }
}

#[test]
fn what_an_org_shows_late_is_waited_for() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    let text = file(ROWS);
    let mut creation = start(&text, &stored, &hub);
    drive(&mut creation, &mut hub, &mut stored, FOREVER);
    hub.hidden_until = hub.now + 30_000;
    creation
        .consent(&creation.plan().unwrap().id, hub.now)
        .unwrap();
    drive(&mut creation, &mut hub, &mut stored, FOREVER);
    assert!(
        creation.report().is_proven(),
        "{}",
        creation.report().text()
    );
}

#[test]
fn a_stop_records_what_is_on_its_way_and_goes_on_later() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    let text = file(ROWS);
    let mut creation = start(&text, &stored, &hub);
    drive(&mut creation, &mut hub, &mut stored, FOREVER);
    creation
        .consent(&creation.plan().unwrap().id, hub.now)
        .unwrap();
    drive(&mut creation, &mut hub, &mut stored, 20);
    creation.cancel(hub.now);
    assert!(drive(&mut creation, &mut hub, &mut stored, 100));
    assert!(hub.creates.len() < ROWS, "{}", hub.creates.len());
    let report = apply(&text, &mut hub, &mut stored, FOREVER);
    assert!(report.is_proven(), "{}", report.text());
    whole(&hub, ROWS);
}

#[test]
fn a_fifth_of_the_bucket_is_used_and_no_more() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    let report = apply(&file(400), &mut hub, &mut stored, FOREVER);
    assert!(report.is_proven(), "{}", report.text());
    // 600 a minute, of which 120: 400 accounts take at least three of them.
    assert!(hub.now > 3 * 60_000, "{} ms", hub.now);
    assert!(hub.now < 6 * 60_000, "{} ms", hub.now);
}

#[test]
fn a_journal_of_another_file_or_org_is_refused() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    apply(&file(2), &mut hub, &mut stored, FOREVER);
    let journal = || Journal {
        entries: stored.clone(),
    };
    let mut other = target();
    other.id = "00ohubhubhubhubhubh2".into();
    assert!(Creation::new(other, order(&file(2)), journal(), 0).is_err());
    assert!(Creation::new(target(), order(&file(3)), journal(), 0).is_err());
    let mut damaged = journal();
    damaged.entries.remove(0);
    assert!(Creation::new(target(), order(&file(2)), damaged, 0).is_err());
}

#[test]
fn what_is_refused_over_and_over_is_not_sent_for_everybody() {
    let (mut hub, mut stored) = (Hub::default(), Vec::new());
    let text = file(40);
    let mut creation = start(&text, &stored, &hub);
    drive(&mut creation, &mut hub, &mut stored, FOREVER);
    creation
        .consent(&creation.plan().unwrap().id, hub.now)
        .unwrap();
    // Somebody makes them all meanwhile, by other means.
    for row in 0..40 {
        let login = format!("p{row}@acme.example");
        hub.users.insert(
            login.clone(),
            json!({"id": format!("00u{row:017}"), "status": "ACTIVE", "profile": {"login": login}}),
        );
    }
    drive(&mut creation, &mut hub, &mut stored, FOREVER);
    let report = creation.report();
    assert!(hub.writes < 12, "{}", hub.writes);
    assert!(
        report.count("to do") > 20 && report.count("exists") >= 5,
        "{}",
        report.text()
    );
}
