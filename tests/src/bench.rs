//! A driver in virtual time: the engine on one side, the lab on the other.

use std::collections::{BTreeMap, BTreeSet};

use org2org_core::okta::{self, Call, Response};
use org2org_core::org::OrgUrl;
use org2org_core::procedures;
use org2org_core::run::journal::Event;
use org2org_core::run::{
    Ask, Entry, Failure, Member, Org, Pair, Reply, Run, Side, StoredRun, What, Wish,
    timeline::Phase,
};
use org2org_lab::{Options, Request, Session, World};
use serde_json::Value;

use crate::Dice;

/// When every bench begins: a moment in November 2026, in milliseconds since 1970.
pub const T0: u64 = 1_795_000_000_000;
/// Asks answered before a run counts as endless.
const MOST_ASKS: usize = 20_000;
/// Times a person answers before giving up.
const MOST_PEOPLE: usize = 12;

/// How driving a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The engine waits for a plan to be agreed to, or for nothing at all.
    Rests,
    /// It waits for a person, and the person has given up.
    GivenUp,
    /// The driver was told to stop here.
    Cut,
}

/// Where two dumps differ first, in a line.
pub fn difference(a: &Value, b: &Value) -> Option<String> {
    fn walk(a: &Value, b: &Value) -> Option<String> {
        match (a, b) {
            (Value::Object(a), Value::Object(b)) => {
                let names = a
                    .keys()
                    .chain(b.keys().filter(|name| !a.contains_key(*name)));
                names
                    .map(|name| {
                        (
                            name,
                            a.get(name).unwrap_or(&Value::Null),
                            b.get(name).unwrap_or(&Value::Null),
                        )
                    })
                    .find_map(|(name, a, b)| walk(a, b).map(|below| format!("/{name}{below}")))
            }
            _ if a == b => None,
            _ => {
                let cut = |value: &Value| value.to_string().chars().take(200).collect::<String>();
                Some(format!(": {} is not {}", cut(a), cut(b)))
            }
        }
    }
    walk(a, b)
}

/// The engine and the lab, and all that a driver keeps.
pub struct Bench {
    /// The orgs.
    pub world: World,
    /// The engine.
    pub run: Run,
    /// Virtual time.
    pub now: u64,
    /// What a driver has stored.
    pub stored: Vec<Entry>,
    /// Writes that left before their intent was stored, by address.
    pub unbacked: Vec<String>,
    /// Head of the stored run.
    head: StoredRun,
    /// Subdomain of the source.
    source: String,
    sessions: BTreeMap<Side, Session>,
    people: usize,
    answers: usize,
    /// Chance in the order of answers; first come, first served without.
    pub dice: Option<Dice>,
    /// Storing fails while this is set.
    pub storage_broken: bool,
    /// Milliseconds that every answer takes; answers then come in the order of their times.
    pub latency: u64,
    /// Milliseconds by which the driver's clock has been set back.
    pub behind: u64,
    in_flight: Vec<(u64, u64, Reply)>,
    started: BTreeSet<u64>,
}

/// The source that a bench is about when nothing else is said.
const ACME: &str = "acme";

/// Subdomain of the org on this side.
fn subdomain(side: Side, source: &str) -> &str {
    match side {
        Side::Source => source,
        Side::Target => "hub",
    }
}

impl Bench {
    /// The lab's pair with the wish of the first journey: group Sales, bookmark to Expenses.
    pub fn fresh() -> Bench {
        Bench::over(World::new(&Options::default()))
    }

    /// The same over orgs in any state.
    pub fn over(world: World) -> Bench {
        Bench::of(world, ACME, "Sales", T0)
    }

    /// Any source of the lab and its hub, with a wish for this group of it and a bookmark to Expenses.
    pub fn of(mut world: World, source: &str, group: &str, now: u64) -> Bench {
        let sessions: BTreeMap<Side, Session> = Side::BOTH
            .into_iter()
            .map(|side| (side, sign_in(&mut world, subdomain(side, source), now)))
            .collect();
        let pair = pair(&mut world, &sessions, source, now);
        let wish = wish(&mut world, &sessions, &pair, group, now);
        let run = Run::new(pair, wish, procedures::ALL, now);
        let head = run.stored();
        Bench {
            world,
            run,
            now,
            stored: Vec::new(),
            unbacked: Vec::new(),
            head,
            source: source.to_owned(),
            sessions,
            people: 0,
            answers: 0,
            dice: None,
            storage_broken: false,
            latency: 0,
            behind: 0,
            in_flight: Vec::new(),
            started: BTreeSet::new(),
        }
    }

    /// The same orgs at a later time, the admins signed in anew.
    pub fn later(&mut self, now: u64) {
        self.now = now;
        for side in Side::BOTH {
            let session = sign_in(&mut self.world, subdomain(side, &self.source), now);
            self.sessions.insert(side, session);
        }
    }

    /// A run with another wish over the same orgs; what was stored before is forgotten.
    pub fn wish(&mut self, change: impl FnOnce(&mut Wish)) {
        let mut wish = self.run.wish().clone();
        change(&mut wish);
        self.run = Run::new(self.run.pair().clone(), wish, procedures::ALL, self.now);
        self.head = self.run.stored();
        self.stored.clear();
        self.in_flight.clear();
        self.started.clear();
        self.people = 0;
    }

    /// Drives until the engine rests.
    pub fn drive(&mut self) -> End {
        self.drive_until(|_| false)
    }

    /// Drives until the engine rests or `cut` says stop; asked after every answer.
    pub fn drive_until(&mut self, mut cut: impl FnMut(&Bench) -> bool) -> End {
        for _ in 0..MOST_ASKS {
            let asks = self.run.asks();
            self.start(&asks);
            let Some(end) = self.step(&asks) else {
                if cut(self) {
                    return End::Cut;
                }
                continue;
            };
            return end;
        }
        panic!("endless: {:?}", self.run.timeline().status);
    }

    /// Sends what the engine asks for now, and waits for no answer.
    pub fn begin(&mut self) {
        let asks = self.run.asks();
        self.start(&asks);
    }

    /// A call that somebody else tries in an org, whatever the org says to it; gives what it said.
    pub fn tried(&mut self, side: Side, method: &str, path: &str, body: &Value) -> Value {
        let said = self.by_another(side, method, path, body);
        let said = said.map(|response| response.body_text());
        serde_json::from_str(&said.unwrap_or_default()).unwrap_or(Value::Null)
    }

    // With the same rights, and a session of its own; none where a fault leaves no answer.
    fn by_another(
        &mut self,
        side: Side,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Option<org2org_lab::Response> {
        let session = sign_in(&mut self.world, subdomain(side, &self.source), self.now);
        let address = format!("{}{path}", self.run.pair().org(side).url.admin_base());
        let request = Request::new(method, &address)
            .with("cookie", &session.cookie)
            .with("x-okta-xsrftoken", &session.xsrf)
            .json(body);
        self.world.handle(&request, self.now).response()
    }

    /// Does what was asked and not begun yet: a call's effect happens when it is sent.
    fn start(&mut self, asks: &[Ask]) {
        for ask in asks {
            if let What::Send { side, call, write } = &ask.what
                && self.started.insert(ask.id)
            {
                let (reply, late) = self.send(*side, call, *write);
                self.in_flight
                    .push((self.now + self.latency + late, ask.id, reply));
            }
        }
    }

    fn step(&mut self, asks: &[Ask]) -> Option<End> {
        if let Some(ask) = asks.iter().find(|ask| matches!(ask.what, What::Store(_))) {
            self.store(ask);
            return None;
        }
        let waits = asks.iter().filter_map(|ask| match ask.what {
            What::Wait { until } => Some((until + self.behind, ask.id)),
            _ => None,
        });
        let wait = waits.min();
        if !self.in_flight.is_empty() && !wait.is_some_and(|(until, _)| self.is_before_all(until)) {
            let ready = self.next_in_flight();
            let (at, id, reply) = self.in_flight.remove(ready);
            self.now = self.now.max(at);
            self.answer(id, reply);
            return None;
        }
        if let Some((until, id)) = wait {
            self.now = self.now.max(until);
            self.answer(id, Reply::Waited);
            return None;
        }
        match asks.first() {
            Some(Ask {
                id,
                what: What::Person(pause),
            }) if self.people < MOST_PEOPLE => {
                self.people += 1;
                self.now += 5_000;
                self.storage_broken = false;
                let session = sign_in(
                    &mut self.world,
                    subdomain(pause.side, &self.source),
                    self.now,
                );
                self.sessions.insert(pause.side, session);
                self.answer(*id, Reply::Done);
                None
            }
            Some(_) => Some(End::GivenUp),
            None => Some(End::Rests),
        }
    }

    fn next_in_flight(&mut self) -> usize {
        match &mut self.dice {
            Some(dice) => dice.roll(self.in_flight.len()),
            None if self.latency > 0 => {
                let times = self.in_flight.iter().enumerate();
                let first = times.min_by_key(|(place, (at, _, _))| (*at, *place));
                first.map_or(0, |(place, _)| place)
            }
            None => 0,
        }
    }

    /// Whether this time is before that of every answer under way, where these take time.
    fn is_before_all(&self, until: u64) -> bool {
        self.latency > 0 && self.in_flight.iter().all(|(at, _, _)| until < *at)
    }

    fn answer(&mut self, id: u64, reply: Reply) {
        self.answers += 1;
        self.run.answer(id, reply, self.told());
    }

    /// The time by the driver's clock.
    fn told(&self) -> u64 {
        self.now - self.behind
    }

    fn store(&mut self, ask: &Ask) {
        let What::Store(entry) = &ask.what else {
            return;
        };
        if self.storage_broken {
            return self.answer(ask.id, Reply::NotStored("no room".into()));
        }
        self.stored.push(Entry::clone(entry));
        self.answer(ask.id, Reply::Stored);
    }

    fn is_intended(&self, call: &Call) -> bool {
        let mut latest_first = self.stored.iter().rev();
        latest_first.any(|entry| match &entry.event {
            Event::Intent { call: own, .. } => own.op == call.op && own.params == call.params,
            _ => false,
        })
    }

    pub(crate) fn send(&mut self, side: Side, call: &Call, write: bool) -> (Reply, u64) {
        let method = okta::write_op(&call.op).map_or("GET", |op| op.method.name());
        assert_eq!(write, method != "GET", "{}", call.op);
        if write && !self.is_intended(call) {
            self.unbacked.push(call.address());
        }
        let org = &self.run.pair().org(side).url;
        let request = request(org, method, call, &self.sessions[&side]);
        match self.world.handle(&request, self.now) {
            org2org_lab::Reply::Answer(response) => (Reply::Response(read(&response)), 0),
            org2org_lab::Reply::Delayed { response, by_ms } if by_ms < 30_000 => {
                (Reply::Response(read(&response)), by_ms)
            }
            org2org_lab::Reply::Delayed { .. } => (Reply::Failed(Failure::Timeout), 30_000),
            org2org_lab::Reply::Dropped | org2org_lab::Reply::Refused => {
                (Reply::Failed(Failure::Network), 0)
            }
        }
    }

    /// Checks both orgs anew and drives until the plan is there.
    pub fn check(&mut self) -> End {
        self.people = 0;
        self.run.check(self.told());
        self.drive()
    }

    /// Agrees to the plan that is there.
    pub fn agree(&mut self) {
        let plan = self.run.plan().expect("a plan is there").id.clone();
        self.run
            .consent(&plan, self.told())
            .expect("the plan is the one shown");
    }

    /// Agrees to the plan that is there and drives until the engine rests.
    pub fn apply(&mut self) -> End {
        self.agree();
        self.drive()
    }

    /// Takes back what the run made.
    pub fn undo(&mut self) -> End {
        let plan = self.run.plan_undo().expect("the orgs have been read").id;
        self.run
            .consent_undo(&plan, self.told())
            .expect("the plan is the one shown");
        self.drive()
    }

    /// The face is closed and opened again: only what was stored is left.
    pub fn reopen(&mut self) {
        let mut stored = self.head.clone();
        stored.journal.entries = self.stored.clone();
        let stored = StoredRun::read(&stored.text()).expect("it reads back");
        self.in_flight.clear();
        self.started.clear();
        self.people = 0;
        self.run = Run::resume(stored, procedures::ALL, self.told()).expect("it was stored by us");
        assert_eq!(self.run.phase(), Phase::Checking);
    }

    /// Somebody else signs in to an org in the browser that the run goes through, until a person is
    /// asked for who signs in as before.
    pub fn sign_in_as(&mut self, side: Side, login: &str) {
        let org = subdomain(side, &self.source);
        let session = self.world.session(org, login, self.now);
        self.sessions.insert(side, session);
    }

    /// A call that somebody else makes in an org with the same rights, outside of the engine.
    pub fn meanwhile(&mut self, side: Side, method: &str, path: &str, body: &Value) -> Value {
        let response = self.by_another(side, method, path, body);
        let response = response.expect("no fault is set");
        assert!(
            response.status < 300,
            "{method} {path}: {}",
            response.body_text()
        );
        serde_json::from_str(&response.body_text()).unwrap_or(Value::Null)
    }

    /// The value that a step has learnt, by the fact's id.
    pub fn value(&self, fact: &str) -> String {
        let timeline = self.run.timeline();
        let value = timeline.values.iter().find(|value| value.id == fact);
        value
            .unwrap_or_else(|| panic!("`{fact}` is not known"))
            .value
            .clone()
    }

    /// Writes that reached the orgs so far.
    pub fn writes(&self) -> usize {
        self.world
            .requests()
            .iter()
            .filter(|request| request.method != "GET")
            .count()
    }

    /// State of each step, by key.
    pub fn states(&self) -> BTreeMap<String, String> {
        let timeline = self.run.timeline();
        let steps = timeline
            .procedures
            .iter()
            .flat_map(|procedure| &procedure.steps);
        steps
            .map(|step| {
                (
                    step.key.clone(),
                    format!("{:?} {}", step.state, step.detail)
                        .trim()
                        .to_owned(),
                )
            })
            .collect()
    }

    /// Every text that a face could show or keep of this run.
    pub fn outputs(&self) -> String {
        let plan = self.run.plan().map(|plan| plan.text()).unwrap_or_default();
        let stored = self.run.stored().text();
        let timeline = serde_json::to_string(&self.run.timeline()).unwrap_or_default();
        let lines: Vec<String> = self.run.journal().entries.iter().map(Entry::line).collect();
        [plan, stored, timeline, lines.join("\n")].join("\n")
    }

    /// The sessions, whose secrets must appear in no output.
    pub fn secrets(&self) -> Vec<String> {
        self.sessions
            .values()
            .flat_map(|session| [session.cookie.clone(), session.xsrf.clone()])
            .collect()
    }
}

fn sign_in(world: &mut World, org: &str, now: u64) -> Session {
    world.session(org, &format!("admin@{org}.example.com"), now)
}

fn request(org: &OrgUrl, method: &str, call: &Call, session: &Session) -> Request {
    let address = format!("{}{}", org.admin_base(), call.address());
    let accept = okta::read_op(&call.op).map_or("application/json", |op| match op.shape {
        okta::Shape::Xml(_) => "application/xml",
        _ => "application/json",
    });
    let mut request = Request::new(method, &address)
        .with("cookie", &session.cookie)
        .with("x-okta-user-agent-extended", "org2org-assistant")
        .with("accept", accept);
    if method != "GET" {
        request = request.with("x-okta-xsrftoken", &session.xsrf);
    }
    match &call.body {
        Some(body) => request.json(body),
        None => request,
    }
}

fn read(response: &org2org_lab::Response) -> Response {
    let header = |name: &str| {
        let all: Vec<&str> = response
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!all.is_empty()).then(|| (name.to_owned(), all.join(", ")))
    };
    let names = [
        "content-type",
        "date",
        "link",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ];
    Response {
        // A redirect is opaque to the relay.
        status: if (300..400).contains(&response.status) {
            0
        } else {
            response.status
        },
        headers: names.into_iter().filter_map(header).collect(),
        body: response.body_text(),
        redirected: (300..400).contains(&response.status),
    }
}

fn pair(world: &mut World, sessions: &BTreeMap<Side, Session>, source: &str, now: u64) -> Pair {
    let mut org = |side: Side| {
        let url = OrgUrl::parse(&format!("https://{}.okta.com", subdomain(side, source)))
            .expect("a host of the lab");
        let answers = [
            okta::org::well_known(),
            okta::org::read(),
            okta::users::me(),
        ]
        .map(|probe| {
            get(
                world,
                &url,
                &sessions[&side],
                &probe.call().expect("a read"),
                now,
            )
        });
        Org::read(&url, [&answers[0], &answers[1], &answers[2]]).expect("the lab says who it is")
    };
    Pair::new(org(Side::Source), org(Side::Target)).expect("two orgs")
}

fn get(world: &mut World, org: &OrgUrl, session: &Session, call: &Call, now: u64) -> Response {
    let reply = world.handle(&request(org, "GET", call, session), now);
    read(&reply.response().expect("no fault is set"))
}

fn wish(
    world: &mut World,
    sessions: &BTreeMap<Side, Session>,
    pair: &Pair,
    group: &str,
    now: u64,
) -> Wish {
    let mut wish = Wish::suggest(pair);
    let mut find = |side: Side, probe: okta::Probe, at: &str, name: &str| {
        let call = probe.call().expect("a read");
        let response = get(world, &pair.org(side).url, &sessions[&side], &call, now);
        let items: Vec<Value> = serde_json::from_str(&response.body).expect("a list");
        let item = items
            .iter()
            .find(|item| item.pointer(at).and_then(Value::as_str) == Some(name));
        let id = item.unwrap_or_else(|| panic!("{name} is in the lab"))["id"]
            .as_str()
            .expect("an id");
        Member {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    };
    wish.groups = vec![find(
        Side::Source,
        okta::groups::starting_with(group),
        "/profile/name",
        group,
    )];
    wish.apps = vec![find(
        Side::Target,
        okta::apps::active(),
        "/label",
        "Expenses",
    )];
    wish
}
