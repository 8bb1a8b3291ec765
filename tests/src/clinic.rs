//! The doctor over the lab in virtual time: a healthy pair, what makes it ill, and what is found.

use std::collections::{BTreeSet, VecDeque};
use std::sync::OnceLock;

use org2org_core::doctor::joined::{self, About, Joined};
use org2org_core::doctor::trial::{self, Trial};
use org2org_core::doctor::{Examination, Outcome, Report, Shelf, Start};
use org2org_core::okta::Response;
use org2org_core::run::{Member, Pair, Push, Reply, Side, What};
use org2org_lab::World;
use serde_json::{Value, json};

use crate::{Bench, End};

/// How long after everything was set up the doctor comes.
const HOUR: u64 = 3_600_000;

type Edit = Box<dyn Fn(&mut Value)>;

/// A pair and the doctor.
pub struct Clinic {
    /// The pair, and somebody who changes it.
    pub bench: Bench,
    /// Answers that say something else than the lab does: by operation.
    edits: Vec<(&'static str, Edit)>,
    /// Answers that are no answer at all: by operation.
    broken: Vec<(String, Response)>,
    /// Headers that every answer has.
    headers: Vec<(&'static str, &'static str)>,
    /// Operations that were sent, in order.
    pub sent: Vec<String>,
    /// The pair, where it is not the lab's own.
    pub pair: Option<Pair>,
    /// How long each call is on its way, in milliseconds.
    pub latency: u64,
}

fn healthy_world() -> &'static (World, u64) {
    static WORLD: OnceLock<(World, u64)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut bench = Bench::fresh();
        let group = json!({"profile": {"name": "Sales EMEA"}});
        let made = bench.meanwhile(Side::Source, "POST", "/api/v1/groups", &group);
        let id = made["id"].as_str().expect("an id").to_owned();
        let ada = "/api/v1/users/ada@acme.example.com";
        let ada = bench.meanwhile(Side::Source, "GET", ada, &Value::Null);
        let path = format!(
            "/api/v1/groups/{id}/users/{}",
            ada["id"].as_str().expect("an id")
        );
        bench.meanwhile(Side::Source, "PUT", &path, &Value::Null);
        let mut push = Push::suggest(bench.run.pair());
        push.groups = vec![Member {
            id,
            name: "Sales EMEA".into(),
        }];
        bench.wish(|wish| wish.push = Some(push));
        assert_eq!(bench.drive(), End::Rests);
        assert_eq!(bench.apply(), End::Rests);
        assert!(bench.run.is_proven(), "{:#?}", bench.states());
        (bench.world, bench.now)
    })
}

impl Clinic {
    /// The pair of the first journey with push by OAuth 2.0 and one pushed group, all of it proven.
    pub fn healthy() -> Clinic {
        let (world, now) = healthy_world();
        Clinic::over(world.clone(), now + HOUR)
    }

    /// Orgs in any state.
    pub fn over(world: World, now: u64) -> Clinic {
        Clinic::of(Bench::over(world), now)
    }

    /// Any pair of the lab's orgs, at a later time.
    pub fn of(mut bench: Bench, now: u64) -> Clinic {
        bench.later(now);
        Clinic {
            bench,
            edits: Vec::new(),
            broken: Vec::new(),
            headers: Vec::new(),
            sent: Vec::new(),
            pair: None,
            latency: 0,
        }
    }

    /// A call that somebody makes in an org.
    pub fn call(&mut self, side: Side, method: &str, path: &str, body: Value) -> Value {
        self.bench.meanwhile(side, method, path, &body)
    }

    /// What an org answers to a read.
    pub fn get(&mut self, side: Side, path: &str) -> Value {
        self.call(side, "GET", path, Value::Null)
    }

    /// Reads an object, changes it, and puts it back whole.
    pub fn change(&mut self, side: Side, path: &str, change: impl FnOnce(&mut Value)) -> Value {
        let mut object = self.get(side, path);
        change(&mut object);
        self.call(side, "PUT", path, object)
    }

    /// From now on the answers of an operation say something else.
    pub fn edit(&mut self, op: &'static str, change: impl Fn(&mut Value) + 'static) {
        self.edits.push((op, Box::new(change)));
    }

    /// From now on an operation has this answer.
    pub fn answer(&mut self, op: &str, response: Response) {
        self.broken.push((op.to_owned(), response));
    }

    /// From now on every answer has this header.
    pub fn header(&mut self, name: &'static str, value: &'static str) {
        self.headers.push((name, value));
    }

    /// Calls by anybody but the orgs themselves that were no reads.
    pub fn writes(&self) -> usize {
        let all = self.bench.world.requests().iter();
        all.filter(|one| one.method != "GET" && one.from.is_none())
            .count()
    }

    /// What the doctor finds.
    pub fn examine(&mut self) -> Report {
        let exam = self.examination(&Shelf::default());
        exam.report().expect("it is over").clone()
    }

    /// A whole examination.
    pub fn examination(&mut self, known: &Shelf) -> Examination {
        let exam = Examination::new(self.pair(), Start::default(), known, self.bench.now);
        self.drive(exam)
    }

    /// Where one person's way ends.
    pub fn test(&mut self, login: &str) -> Trial {
        let exam = trial::examine(self.pair(), login, Start::default(), self.bench.now);
        Trial::of(self.drive(exam).report().expect("it is over"))
    }

    /// What both System Logs say of a person or group, a week back.
    pub fn timeline(&mut self, about: About, name: &str) -> Joined {
        let start = Start {
            days: 7,
            ..Start::default()
        };
        let exam = joined::examine(self.pair(), about, name, start, self.bench.now);
        Joined::of(&self.drive(exam), about).expect("it is over")
    }

    fn pair(&self) -> Pair {
        let own = self.bench.run.pair();
        self.pair.clone().unwrap_or_else(|| own.clone())
    }

    /// Drives an examination to its report.
    pub fn drive(&mut self, mut exam: Examination) -> Examination {
        let mut begun: BTreeSet<u64> = BTreeSet::new();
        let mut on_the_way: VecDeque<(u64, u64, Reply)> = VecDeque::new();
        while exam.report().is_none() {
            let asks = exam.asks();
            for ask in &asks {
                if let What::Send { side, call, write } = &ask.what
                    && begun.insert(ask.id)
                {
                    assert!(!write, "the doctor writes: {}", call.address());
                    self.sent.push(call.op.clone());
                    let (reply, late) = self.bench.send(*side, call, false);
                    let due = self.bench.now + late + self.latency;
                    on_the_way.push_back((due, ask.id, self.told(&call.op, reply)));
                }
            }
            let waits = asks.iter().filter_map(|ask| match ask.what {
                What::Wait { until } => Some((until, ask.id)),
                _ => None,
            });
            let wait = waits.min();
            let arrives = on_the_way.front().map(|(due, ..)| *due);
            if let Some((due, id, reply)) =
                on_the_way.pop_front_if(|(due, ..)| wait.is_none_or(|(until, _)| *due <= until))
            {
                self.bench.now = self.bench.now.max(due);
                exam.answer(id, reply, self.bench.now);
                continue;
            }
            let pause = asks.iter().find_map(|ask| match &ask.what {
                What::Person(pause) => Some(pause.text.clone()),
                _ => None,
            });
            if let (Some(why), None) = (pause, arrives) {
                exam.give_up(&why);
                continue;
            }
            let (until, id) = wait.expect("an examination never rests before its report");
            self.bench.now = self.bench.now.max(until);
            exam.answer(id, Reply::Waited, self.bench.now);
        }
        exam
    }

    fn told(&self, op: &str, reply: Reply) -> Reply {
        let Reply::Response(mut response) = reply else {
            return reply;
        };
        if let Some((_, other)) = self.broken.iter().find(|(own, _)| own == op) {
            return Reply::Response(other.clone());
        }
        for (name, value) in &self.headers {
            response
                .headers
                .insert((*name).to_owned(), (*value).to_owned());
        }
        for (_, edit) in self.edits.iter().filter(|(own, _)| *own == op) {
            let mut body: Value = serde_json::from_str(&response.body).expect("JSON is edited");
            edit(&mut body);
            response.body = body.to_string();
        }
        Reply::Response(response)
    }
}

/// Ids of the rules that found something.
pub fn found(report: &Report) -> Vec<&'static str> {
    let findings = report.findings();
    findings.iter().map(|(ruling, _)| ruling.rule.id).collect()
}

/// What a rule says of a pair.
pub fn outcome<'r>(report: &'r Report, rule: &str) -> &'r Outcome {
    let ruling = report.rulings.iter().find(|one| one.rule.id == rule);
    &ruling
        .unwrap_or_else(|| panic!("`{rule}` is a rule"))
        .outcome
}
