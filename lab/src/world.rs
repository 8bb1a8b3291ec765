//! All orgs together: what a request does, what is remembered of it, and what tests may set and see.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::carrier::Carrier;
use crate::control;
use crate::dump;
use crate::fault::{Armed, Fault, FaultKind};
use crate::ids::Ids;
use crate::org::Org;
use crate::pace::{CONSOLE_LIMIT, Pace};
use crate::prompt::Prompt;
use crate::provision::{self, work::Work};
use crate::record::{Admin, Effect, Logged, Sent, Site};
use crate::seed::{self, OrgSpec};
use crate::session::{Session, Sessions};
use crate::wire::{Reply, Request};

/// How a world starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Same seed, same ids.
    pub seed: u64,
    /// The orgs; by default source `acme`, target `hub` and bystander `other`.
    pub orgs: Vec<OrgSpec>,
    /// Calls per minute and endpoint.
    pub rate_limit: u32,
    /// Calls of one person in the console to one endpoint in 10 s.
    pub console_limit: u32,
    /// Calls that an org answers at the same time.
    pub concurrency: usize,
    /// For how long lists miss what was made and still show what was deleted.
    pub consistency_ms: u64,
    /// For how long an org waits for an answer of another.
    pub patience_ms: u64,
    /// True when protected actions ask an admin session for step-up.
    pub step_up: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            orgs: seed::pair(),
            rate_limit: 600,
            console_limit: CONSOLE_LIMIT,
            concurrency: 75,
            consistency_ms: 0,
            patience_ms: 10_000,
            step_up: false,
        }
    }
}

/// Simulated orgs as one value: clone it to try a branch.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) options: Options,
    pub(crate) orgs: Vec<Org>,
    pub(crate) ids: Ids,
    /// Ids that reads make (of errors, of sessions) come from their own source, so that reading changes no later id.
    pub(crate) side_ids: Ids,
    pub(crate) sessions: Sessions,
    pub(crate) pace: Pace,
    pub(crate) faults: Vec<Armed>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) requests: Vec<Logged>,
    pub(crate) sent: VecDeque<Sent>,
    pub(crate) late: Vec<(u64, Request)>,
    pub(crate) wrong: Vec<(String, FaultKind)>,
    /// Answers that somebody else than an org gives.
    pub(crate) prompts: Vec<Prompt>,
    /// Notes of clients under test.
    pub(crate) stored: Vec<Value>,
    /// Takes what orgs send each other out of the process; none hands it over inside.
    pub(crate) carrier: Option<Arc<dyn Carrier>>,
    /// What orgs still have to push to each other.
    pub(crate) work: Work,
    /// Who made the request under way, once that is known.
    pub(crate) caller: String,
    pub(crate) ahead_ms: u64,
}

impl World {
    /// Fresh orgs. The first world of a process also makes the RSA keys that all worlds share.
    pub fn new(options: &Options) -> Self {
        // Tests start tens of thousands of equal worlds; a copy of the last one is cheaper than a new seed.
        static LAST: Mutex<Option<World>> = Mutex::new(None);
        let mut last = LAST.lock().expect("no holder panics");
        match &*last {
            Some(world) if world.options == *options => world.clone(),
            _ => last.insert(Self::seeded(options)).clone(),
        }
    }

    fn seeded(options: &Options) -> Self {
        let mut ids = Ids::new(options.seed);
        let orgs = options
            .orgs
            .iter()
            .map(|spec| seed::org(spec, &mut ids))
            .collect();
        Self::of(options, orgs, ids)
    }

    pub(crate) fn of(options: &Options, orgs: Vec<Org>, ids: Ids) -> Self {
        Self {
            options: options.clone(),
            orgs,
            ids,
            side_ids: Ids::new(options.seed ^ 0x5eed),
            sessions: Sessions::default(),
            pace: Pace::default(),
            faults: Vec::new(),
            effects: Vec::new(),
            requests: Vec::new(),
            sent: VecDeque::new(),
            late: Vec::new(),
            wrong: Vec::new(),
            prompts: Vec::new(),
            stored: Vec::new(),
            carrier: None,
            work: Work::default(),
            caller: String::new(),
            ahead_ms: 0,
        }
    }

    /// Takes one request at a time given in milliseconds since 1970, and says what the network brings back.
    pub fn handle(&mut self, request: &Request, now_ms: u64) -> Reply {
        let now = now_ms + self.ahead_ms;
        self.land(now);
        if let Some(answer) = control::answer(self, request, now) {
            return Reply::Answer(answer);
        }
        let reply = self.exchange(request, None, now);
        provision::settle(self, now);
        reply
    }

    /// Lets effects land that were due by now. [`World::handle`] does the same first.
    pub fn land(&mut self, now_ms: u64) {
        provision::settle(self, now_ms);
        while let Some(at) = self.late.iter().position(|(due, _)| *due <= now_ms) {
            let (due, request) = self.late.remove(at);
            self.answer(&request, due);
            provision::settle(self, due);
        }
    }

    /// The index of the org that has this host, org host and admin host alike.
    pub(crate) fn site_of(&self, host: &str) -> Option<usize> {
        self.orgs
            .iter()
            .position(|org| host == org.host() || host == org.admin_host())
    }

    /// True when this fault was set and its turn has come at the org.
    pub(crate) fn is_wrong(&self, org: &str, kind: FaultKind) -> bool {
        self.wrong
            .iter()
            .any(|(at, seen)| at == org && *seen == kind)
    }

    /// All state that counts, in canonical form: what moves by itself is left out.
    pub fn dump(&self) -> Value {
        let orgs = self
            .orgs
            .iter()
            .map(|org| (org.subdomain.clone(), dump::org(org)));
        dump::sorted(Value::Object(orgs.collect()))
    }

    /// Every change of state since the start or the last reset.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Every request of the Management API since the start or the last reset.
    pub fn requests(&self) -> &[Logged] {
        &self.requests
    }

    /// The last requests that the orgs sent by themselves, to each other.
    pub fn sent(&self) -> impl Iterator<Item = &Sent> {
        self.sent.iter()
    }

    /// Back to the start: state, sessions, faults and logs.
    pub fn reset(&mut self) {
        let carrier = self.carrier.take();
        *self = Self::new(&self.options.clone());
        self.carrier = carrier;
    }

    /// Sets a fault. Faults stay until [`World::clear_faults`].
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(Armed { fault, seen: 0 });
    }

    /// The faults that are set.
    pub fn faults(&self) -> Vec<Fault> {
        self.faults
            .iter()
            .map(|armed| armed.fault.clone())
            .collect()
    }

    /// Removes all faults, also those that changed whom an org claims to be.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
        self.wrong.clear();
    }

    /// Sets for how long lists lag behind changes from now on.
    pub fn set_consistency(&mut self, ms: u64) {
        self.options.consistency_ms = ms;
    }

    /// Switches step-up for protected actions.
    pub fn set_step_up(&mut self, asked: bool) {
        self.options.step_up = asked;
    }

    /// Moves the clock of all orgs ahead of the times that requests bring.
    pub fn advance(&mut self, ms: u64) {
        self.ahead_ms += ms;
    }

    /// Signs a person in at an org, both by name.
    ///
    /// # Panics
    /// When the org or the person does not exist: a test asked for somebody who was never seeded.
    pub fn session(&mut self, org: &str, login: &str, now_ms: u64) -> Session {
        let org = self
            .orgs
            .iter()
            .find(|found| found.subdomain == org)
            .expect("the org exists");
        let user = org.user(login).expect("the person exists");
        let (org, user) = (org.id.clone(), user.id.clone());
        self.sessions
            .start(&mut self.side_ids, &org, &user, now_ms + self.ahead_ms)
    }

    /// The orgs with hosts, admins and tokens.
    pub fn sites(&self) -> Vec<Site> {
        let admins = |org: &Org| {
            let owned = org
                .tokens
                .iter()
                .filter_map(|token| Some((org.users.get(&token.owner)?, token)));
            owned
                .map(|(user, token)| Admin {
                    login: user.login().to_owned(),
                    role: user
                        .roles
                        .first()
                        .map(|role| role.kind.clone())
                        .unwrap_or_default(),
                    token: token.value.clone(),
                })
                .collect()
        };
        let site = |org: &Org| Site {
            subdomain: org.subdomain.clone(),
            name: org.name.clone(),
            id: org.id.clone(),
            host: org.host(),
            admin_host: org.admin_host(),
            admins: admins(org),
        };
        self.orgs.iter().map(site).collect()
    }

    /// How the world was started.
    pub fn options(&self) -> &Options {
        &self.options
    }
}
