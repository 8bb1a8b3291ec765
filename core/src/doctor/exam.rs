//! One examination of one pair: sans-I/O like the engine, and over the same desk.

use std::cell::RefCell;
use std::sync::Arc;

use super::look::{Came, Key, Look, Stop};
use super::report::{Outcome, Report, Ruling, Use};
use super::{Rule, rules};
use crate::map::Map;
use crate::okta::{Answer, Probe, Response};
use crate::rights::{Advice, InUse};
use crate::run::desk::{Came as FromDesk, Desk};
use crate::run::{Ask, Method, Pair, Reply, Side, What};

/// See the module. [`Examination::asks`] says what may be read now, [`Examination::answer`] moves
/// on; nothing but reads, waits and pauses is ever asked.
pub struct Examination {
    pair: Pair,
    rules: Vec<&'static Rule>,
    name: String,
    days: u32,
    whole: bool,
    /// When it began: end dates are compared with it.
    began: u64,
    now: u64,
    desk: Desk,
    reads: Map<Key, Came>,
    tickets: Map<u64, Key>,
    rulings: Map<usize, Ruling>,
    calls: [usize; 2],
    uses: Vec<Use>,
    report: Option<Report>,
}

/// How an examination begins.
#[derive(Debug, Clone, Copy, Default)]
pub struct Start {
    /// Every assignment is looked at, not only the first page of them.
    pub whole: bool,
    /// Who the orgs are was read a moment ago, with so many calls to the source and to the
    /// target: it is not asked again.
    pub introduced: Option<[usize; 2]>,
    /// How many days back logs are read.
    pub days: u32,
}

/// How far an examination is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rules that are judged.
    pub judged: usize,
    /// Rules that there are.
    pub rules: usize,
    /// Calls that were made to both orgs.
    pub calls: usize,
}

/// What was read of a target, for the examination of its next spoke.
#[derive(Clone, Default)]
pub struct Shelf {
    target: String,
    reads: Vec<(String, Result<Arc<Answer>, String>)>,
}

impl Shelf {
    /// Whether nothing was read yet.
    pub fn is_empty(&self) -> bool {
        self.reads.is_empty()
    }
}

impl Examination {
    /// A new examination; begins to read at once. What another spoke's examination has read of the
    /// same target is not read again.
    pub fn new(pair: Pair, start: Start, known: &Shelf, now: u64) -> Examination {
        Examination::of(pair, rules().collect(), "", start, known, now)
    }

    /// An examination by these rules, perhaps of one person or group.
    pub(super) fn of(
        pair: Pair,
        rules: Vec<&'static Rule>,
        name: &str,
        start: Start,
        known: &Shelf,
        now: u64,
    ) -> Examination {
        let mut reads = Map::new();
        if known.target == pair.target.id {
            for (address, came) in &known.reads {
                reads.insert((Side::Target, address.clone()), Some(came.clone()));
            }
        }
        let mut exam = Examination {
            desk: Desk::over(&pair),
            pair,
            rules,
            name: name.to_owned(),
            days: start.days,
            whole: start.whole,
            began: now,
            now,
            reads,
            tickets: Map::new(),
            rulings: Map::new(),
            calls: start.introduced.unwrap_or_default(),
            uses: Vec::new(),
            report: None,
        };
        if start.introduced.is_some() {
            exam.desk.trust_orgs();
        }
        exam.advance();
        exam
    }

    /// Everything the driver may do now, in any order and at the same time.
    pub fn asks(&self) -> Vec<Ask> {
        match self.report {
            Some(_) => Vec::new(),
            None => self.desk.asks(),
        }
    }

    /// Takes what came back for an ask.
    pub fn answer(&mut self, ask: u64, reply: Reply, now: u64) {
        self.now = self.desk.time(self.now, now);
        self.count(ask, &reply);
        let came = self.desk.answer(ask, reply, &self.pair, self.now);
        if let Some((ticket, FromDesk::Read(answer))) = came
            && let Some(key) = self.tickets.remove(&ticket)
        {
            self.reads.insert(key, Some(answer));
        }
        self.advance();
    }

    /// Ends it here: what is not judged yet is unknown, for this reason.
    pub fn give_up(&mut self, why: &str) {
        for (at, rule) in self.rules.clone().into_iter().enumerate() {
            if !self.rulings.contains_key(&at) {
                self.rulings.insert(
                    at,
                    ruling(rule, Err(Stop::Unknown(why.to_owned())), Vec::new()),
                );
            }
        }
        self.finish();
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress {
            judged: self.rulings.len(),
            rules: self.rules.len(),
            calls: self.calls.iter().sum(),
        }
    }

    /// The report, when every rule is judged.
    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    /// Looks once more at what was read; nothing new is asked for.
    pub(super) fn look<T>(&self, with: impl FnOnce(&Look<'_>) -> T) -> T {
        with(&self.view())
    }

    /// The smallest rights for what is in use, and what was found to be broader. None while it is
    /// not known what is in use.
    pub fn advice(&self) -> Option<Advice> {
        let report = self.report()?;
        let push = self.look(|look| match look.pushing() {
            Ok(connection) => match connection.text("/profile/authScheme") {
                "OAUTH2" => Some(Some(Method::OauthAuto)),
                _ => Some(Some(Method::Token)),
            },
            Err(Stop::DoesNotApply(_)) => Some(None),
            Err(_) => None,
        })?;
        let groups = self.look(|look| look.pushes().is_ok());
        let mut advice = Advice::of(InUse { push, groups });
        for (ruling, evidence) in report.findings() {
            if ["role-too-wide", "scope-too-wide", "super-admin-client"].contains(&ruling.rule.id) {
                let seen = evidence.iter().map(|one| one.seen.clone());
                advice.broader.extend(seen);
            }
        }
        Some(advice)
    }

    /// The pair.
    pub fn pair(&self) -> &Pair {
        &self.pair
    }

    /// What was read of the target.
    pub fn shelf(&self) -> Shelf {
        let read = self.reads.iter().filter_map(|((side, address), came)| {
            let came = came.clone().filter(|_| *side == Side::Target)?;
            Some((address.clone(), came))
        });
        Shelf {
            target: self.pair.target.id.clone(),
            reads: read.collect(),
        }
    }

    /// Sends without pacing: for measuring what the calls alone cost.
    pub fn unpaced(&mut self) {
        self.desk.pace.off = true;
    }

    fn count(&mut self, ask: u64, reply: &Reply) {
        let asks = self.desk.asks();
        let sent = asks.into_iter().find(|one| one.id == ask);
        let Some(What::Send { side, call, .. }) = sent.map(|one| one.what) else {
            return;
        };
        let [source, target] = &mut self.calls;
        match side {
            Side::Source => *source += 1,
            Side::Target => *target += 1,
        }
        if let Reply::Response(response) = reply {
            self.note_limit(side, &call.op, response);
        }
    }

    fn note_limit(&mut self, side: Side, op: &str, response: &Response) {
        let known = self
            .uses
            .iter_mut()
            .find(|one| one.side == side && one.op == op);
        match known {
            Some(known) => known.add(response),
            None => {
                let mut fresh = Use::new(side, op);
                fresh.add(response);
                self.uses.push(fresh);
            }
        }
    }

    fn advance(&mut self) {
        while self.report.is_none() {
            let mut wants = self.judge(|rule| !rule.reads.is_empty());
            wants.retain(|(side, probe)| !self.reads.contains_key(&(*side, address(probe))));
            if wants.is_empty() {
                break;
            }
            wants
                .into_iter()
                .for_each(|(side, probe)| self.ask(side, probe));
        }
        self.desk.pump(self.now);
        if self.report.is_none() && self.tickets.is_empty() {
            self.judge(|_| true);
            self.finish();
        }
    }

    fn ask(&mut self, side: Side, probe: Probe) {
        let key = (side, address(&probe));
        let (Some(op), Some(call)) = (probe.op, probe.call()) else {
            return;
        };
        if !self.reads.contains_key(&key) {
            let ticket = self.desk.read(side, op, call, self.now);
            self.reads.insert(key.clone(), None);
            self.tickets.insert(ticket, key);
        }
    }

    /// Judges the rules that are not judged yet; gives what they still want to read.
    fn judge(&mut self, wanted: impl Fn(&Rule) -> bool) -> Vec<(Side, Probe)> {
        let mut wants = Vec::new();
        for (at, rule) in self.rules.clone().into_iter().enumerate() {
            if self.rulings.contains_key(&at) || !wanted(rule) {
                continue;
            }
            let look = self.view();
            let judged = (rule.judge)(&look);
            match judged {
                Err(Stop::Waits) => wants.append(&mut look.wants.into_inner()),
                judged => {
                    let (used, partly) = (look.used.into_inner(), look.partly.into_inner());
                    let ruling = Ruling {
                        partly,
                        ..ruling(rule, judged, used)
                    };
                    self.rulings.insert(at, ruling);
                }
            }
        }
        wants
    }

    fn view(&self) -> Look<'_> {
        Look {
            pair: &self.pair,
            now: self.began,
            whole: self.whole,
            name: &self.name,
            days: self.days,
            reads: &self.reads,
            uses: &self.uses,
            wants: RefCell::default(),
            used: RefCell::default(),
            partly: RefCell::default(),
        }
    }

    fn finish(&mut self) {
        self.report = Some(Report {
            source: self.pair.source.url.host().to_owned(),
            target: self.pair.target.url.host().to_owned(),
            rulings: self.rulings.values().cloned().collect(),
            calls: self.calls,
            uses: self.uses.clone(),
        });
    }
}

fn address(probe: &Probe) -> String {
    probe.call().map(|call| call.address()).unwrap_or_default()
}

fn ruling(
    rule: &'static Rule,
    judged: Result<Vec<super::Evidence>, Stop>,
    used: Vec<Key>,
) -> Ruling {
    let outcome = match judged {
        Ok(evidence) if evidence.is_empty() => Outcome::Ok,
        Ok(evidence) => Outcome::Finding { evidence },
        Err(Stop::DoesNotApply(why)) => Outcome::DoesNotApply { why },
        Err(Stop::Unknown(why)) => Outcome::Unknown { why },
        // Nothing is under way any more, so nothing will come.
        Err(Stop::Waits) => Outcome::Unknown {
            why: "a read was never answered".to_owned(),
        },
    };
    let mut reads: Vec<Key> = Vec::new();
    for key in used {
        if !reads.contains(&key) {
            reads.push(key);
        }
    }
    Ruling {
        rule,
        outcome,
        reads,
        partly: None,
    }
}
