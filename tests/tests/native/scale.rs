//! A run over thousands of people: how many calls it makes, and that the engine's own work grows with their number.

use std::collections::BTreeSet;
use std::time::Instant;

use org2org_core::console;
use org2org_core::facts::{Fact, Missing, Set};
use org2org_core::map::Map;
use org2org_core::okta::{Call, Response, app_assignments, users};
use org2org_core::org::OrgUrl;
use org2org_core::run::journal::Event;
use org2org_core::run::step::{Finding, Procedure, Step, always};
use org2org_core::run::{Member, Org, Pair, Reply, Run, Side, What, Wish};
use serde_json::{Value, json};

const APP: &str = "0oaapp00000000000000";

static PEOPLE: Set = Set {
    id: "people",
    of: |f| Ok(f.wish().users.clone()),
};
static STATUS: Fact = Fact::per("status", "", &[&PEOPLE]);

/// Each person is looked up; each then gets an app, when all have been found.
static TABLE: Procedure = Procedure {
    id: "many",
    title: "Many people",
    when: always,
    undo_first: &[],
    effect: None,
    undo_effect: None,
    way_back: "",
    steps: &[
        Step {
            id: "look",
            title: "Look the person up",
            gives: &[&STATUS],
            probe: |f| Ok(users::read(&f.member(&PEOPLE)?.id)),
            read: |answer, _| {
                Ok(Finding::met(&Value::Null).giving(&STATUS, answer.text("/status")?))
            },
            ..ROW
        },
        Step {
            id: "assign",
            title: "Assign the person",
            needs: &[&STATUS],
            after: &["look"],
            probe: |f| Ok(app_assignments::user(APP, &f.member(&PEOPLE)?.id)),
            read: |answer, _| Ok(Finding::met_if(!answer.is_absent(), answer.body())),
            write: Some(|f, _| Ok(app_assignments::assign_user(APP, &f.member(&PEOPLE)?.id))),
            undo: Some(|made, _| {
                let user = made
                    .place
                    .first()
                    .map_or("", |(_, member)| member.id.as_str());
                vec![app_assignments::unassign_user(APP, user)]
            }),
            ..ROW
        },
    ],
};
const ROW: Step = Step {
    id: "",
    title: "",
    why: "A test asks for it.",
    side: Side::Source,
    page: &console::PEOPLE,
    page_ids: &[],
    by_hand: &[],
    covers: &[],
    source: "a test",
    when: always,
    over: &[&PEOPLE],
    needs: &[],
    gives: &[],
    after: &[],
    probe: |_| Err(Missing::Fact("")),
    read: |_, _| Ok(Finding::Unmet),
    write: None,
    undo: None,
};

/// An org that knows everybody and keeps who has the app.
#[derive(Default)]
struct Assigned {
    has: BTreeSet<String>,
    /// The writes whose intents are stored, by operation and body.
    intended: BTreeSet<String>,
    calls: usize,
    /// Reads about one person.
    reads: usize,
    writes: usize,
}

impl Assigned {
    fn answer(&mut self, pair: &Pair, side: Side, call: &Call) -> Response {
        self.calls += 1;
        let read = org2org_core::okta::write_op(&call.op).is_none();
        let stored = self.intended.contains(&name(call));
        assert!(read || stored, "sent before its intent was stored");
        let org = pair.org(side);
        let user = call.params.get("user").cloned().unwrap_or_default();
        let person = |id: &str| json!({"id": id, "status": "ACTIVE", "profile": {"login": id}, "scope": "USER"});
        self.reads += usize::from(user.len() == 20 && user.starts_with("00u0"));
        match call.op.as_str() {
            "app-users.read" if !self.has.contains(&user) => {
                let error = json!({"errorCode": "E0000007", "errorSummary": "Not found"});
                respond(404, &error.to_string())
            }
            "app-users.assign" => {
                self.writes += 1;
                let body = call.body.as_ref().expect("it names the person");
                let id = body["id"].as_str().expect("by id");
                assert!(self.has.insert(id.to_owned()), "each once");
                respond(200, &person(id).to_string())
            }
            "app-users.unassign" => {
                self.writes += 1;
                self.reads -= 1;
                assert!(self.has.remove(&user), "each once");
                respond(204, "")
            }
            _ if user == "me" => respond(200, &person(&org.actor).to_string()),
            _ if user.is_empty() => respond(200, &json!({"id": org.id}).to_string()),
            _ => respond(200, &person(&user).to_string()),
        }
    }
}

fn name(call: &Call) -> String {
    format!("{} {:?} {:?}", call.op, call.params, call.body)
}

fn respond(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Map::from([("content-type".to_owned(), "application/json".to_owned())]),
        body: body.to_owned(),
        ..Response::default()
    }
}

fn pair() -> Pair {
    let org = |name: &str, letter: char| Org {
        url: OrgUrl::parse(&format!("https://{name}.okta.com")).unwrap(),
        id: format!("00o{}", letter.to_string().repeat(17)),
        name: name.into(),
        actor: format!("00u{}", letter.to_string().repeat(17)),
        login: "admin@example.com".into(),
    };
    Pair::new(org("acme", 'a'), org("hub", 'b')).unwrap()
}

/// Answers everything at once, until nothing is asked.
fn drive(run: &mut Run, org: &mut Assigned, pair: &Pair) {
    let mut now = 1_000;
    loop {
        let asks = run.asks();
        if asks.is_empty() {
            return;
        }
        for ask in asks {
            let reply = match ask.what {
                What::Send { side, call, .. } => Reply::Response(org.answer(pair, side, &call)),
                What::Store(entry) => {
                    if let Event::Intent { call, .. } = &entry.event {
                        org.intended.insert(name(call));
                    }
                    Reply::Stored
                }
                What::Wait { until } => {
                    now = now.max(until);
                    Reply::Waited
                }
                What::Person(pause) => panic!("{}", pause.text),
            };
            run.answer(ask.id, reply, now);
        }
    }
}

/// Reads of people and writes of a whole life: check, apply, prove, undo, check again.
fn life(many: usize) -> (usize, usize) {
    let begun = Instant::now();
    let (pair, mut org) = (pair(), Assigned::default());
    let mut wish = Wish::suggest(&pair);
    let person = |number| Member {
        id: format!("00u{number:017}"),
        name: format!("Person {}", number / 2),
    };
    wish.users = (0..many).map(person).collect();
    let mut run = Run::new(pair.clone(), wish, &[&TABLE], 1_000);
    run.unpaced();
    let mut told = Vec::new();
    let mut lap = |what: &str, begun: &Instant| {
        told.push(format!("{what} {:.2} s", begun.elapsed().as_secs_f64()));
    };
    drive(&mut run, &mut org, &pair);
    lap("planned", &begun);
    let plan = run.plan().expect("all was read").clone();
    assert_eq!(plan.items.len(), many);
    run.consent(&plan.id, 1_000).unwrap();
    drive(&mut run, &mut org, &pair);
    lap("applied", &begun);
    assert!(run.is_proven());
    assert_eq!(org.has.len(), many);
    let undo = run.plan_undo().expect("all was read");
    assert_eq!(undo.items.len(), many);
    run.consent_undo(&undo.id, 1_000).unwrap();
    drive(&mut run, &mut org, &pair);
    lap("undone", &begun);
    assert!(run.left().is_empty());
    assert!(org.has.is_empty());
    println!("{many} people: {} calls, {}", org.calls, told.join(", "));
    (org.reads, org.writes)
}

/// What one answer shows of one person makes nobody else be read again.
#[test]
fn calls_grow_with_the_number_of_people() {
    let many = if super::deep() { 1_000 } else { 100 };
    let (few_reads, few_writes) = life(many);
    let (reads, writes) = life(10 * many);
    assert_eq!(writes, 10 * few_writes);
    assert_eq!(reads, 10 * few_reads);
    // Checked, shown after the write, proven, looked at before and after it is taken back, checked.
    assert_eq!(few_reads, (3 + 6) * many);
}
