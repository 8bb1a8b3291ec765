//! Rounds of reads: which rows stand where, which are ready, and what their answers show.

use std::sync::Arc;

use super::journal::{Event, fingerprint};
use super::step::{Finding, Step};
use super::task::{Care, Spot, State, Task, places};
use super::timeline::Phase;
use super::{Run, Work, pace};
use crate::facts::{Fact, Missing, Origin, Value};
use crate::map::sorted;
use crate::okta::Answer;

/// "Missing" counts after a doubtful write only when read this often …
const DOUBT_READS: u32 = 3;
/// … over at least this time, in milliseconds.
const DOUBT_SPAN: u64 = 10_000;

impl Run {
    /// Moves on as far as possible without an answer from outside.
    pub(super) fn advance(&mut self) {
        loop {
            let moved =
                self.expand() | self.probe() | self.write() | self.wait() | self.take_back();
            if !moved && !self.turn() {
                break;
            }
        }
        self.desk.pump(self.now);
    }

    /// Everything is read once more.
    pub(super) fn begin_round(&mut self, phase: Phase) {
        self.phase = phase;
        self.plan = None;
        self.desk.doubt_orgs();
        self.tasks.values_mut().for_each(|task| task.renew());
    }

    /// Makes a task of each row at each place; sets may have grown or shrunk.
    fn expand(&mut self) -> bool {
        if self.expanded == Some(self.store.changes()) {
            return false;
        }
        self.expanded = Some(self.store.changes());
        let mut moved = false;
        let mut unexpanded = Vec::new();
        let mut here: Vec<Spot> = Vec::new();
        for (p, procedure) in self.procedures.clone().into_iter().enumerate() {
            for (s, step) in procedure.steps.iter().enumerate() {
                if !(step.when)(&self.store.wish) {
                    continue;
                }
                let Some(places) = places(step, &self.store) else {
                    unexpanded.push(step.id);
                    continue;
                };
                for place in places {
                    let ids: Vec<&str> = place.iter().map(|(_, m)| m.id.as_str()).collect();
                    let spot = (p, s, ids.join("/"));
                    if !self.tasks.contains_key(&spot) {
                        let mut task = Task::new(step, place);
                        if self.journal.is_open(&task.key) {
                            task.care = Care::Doubt {
                                since: self.now,
                                reads: 0,
                            };
                        }
                        self.tasks.insert(spot.clone(), Box::new(task));
                        moved = true;
                    }
                    here.push(spot);
                }
            }
        }
        let here = sorted(here);
        let before = self.tasks.len();
        self.tasks
            .retain(|spot, task| here.binary_search(spot).is_ok() || task.state != State::Idle);
        moved |= self.tasks.len() != before;
        self.unexpanded = unexpanded;
        moved
    }

    /// Sends the probes that are due and whose facts are known.
    fn probe(&mut self) -> bool {
        if self.phase == Phase::Stopped {
            return false;
        }
        let due: Vec<Spot> = self
            .tasks
            .iter()
            .filter(|(_, task)| self.can_probe(task))
            .map(|(s, _)| s.clone())
            .collect();
        let mut moved = false;
        for spot in due {
            let Some(task) = self.tasks.get(&spot) else {
                continue;
            };
            if task.not_before > self.now {
                self.desk.wake(task.not_before);
                continue;
            }
            moved = true;
            self.start_probe(spot);
        }
        moved
    }

    fn can_probe(&self, task: &Task) -> bool {
        task.due && task.state == State::Idle && task.is_ready(&self.store)
    }

    fn start_probe(&mut self, spot: Spot) {
        let Some(task) = self.tasks.get_mut(&spot) else {
            return;
        };
        task.due = false;
        task.state = State::Probing;
        let side = task.step.side;
        match (task.step.probe)(&self.store.at(&task.place)) {
            Err(missing) => self.found(&spot, Err(missing.to_string())),
            Ok(probe) => match (probe.op, probe.call()) {
                (Some(op), Some(call)) => {
                    let ticket = self.desk.read(side, op, call, self.now);
                    self.work
                        .change(ticket, |work: &mut Vec<Work>| work.push(Work::Probe(spot)));
                }
                _ => self.found(&spot, Ok(Answer::empty().into())),
            },
        }
    }

    /// Takes the answer of a probe.
    pub(super) fn found(&mut self, spot: &Spot, answer: Result<Arc<Answer>, String>) {
        let Some(task) = self.tasks.get_mut(spot) else {
            return;
        };
        task.state = State::Idle;
        task.reads += 1;
        let finding = match &answer {
            Err(why) => Finding::Unknown { why: why.clone() },
            Ok(answer) => match (task.step.read)(answer, &self.store.at(&task.place)) {
                Ok(finding) => finding,
                Err(Missing::Fact(fact)) => Finding::Unknown {
                    why: format!("`{fact}` is not known"),
                },
                Err(Missing::Unusable(why)) => Finding::Unknown { why },
            },
        };
        task.answer = answer.ok();
        let finding = match self.taken_with_care(spot, finding) {
            Some(finding) => finding,
            None => return,
        };
        self.learn(spot, &finding);
        self.prove(spot, &finding);
        if let Some(task) = self.tasks.get_mut(spot) {
            task.finding = Some(finding);
        }
    }

    /// A finding soon after a write may be too early: then the probe is sent again, later.
    fn taken_with_care(&mut self, spot: &Spot, finding: Finding) -> Option<Finding> {
        let now = self.now;
        let task = self.tasks.get_mut(spot)?;
        let again = |task: &mut Task, wait: u64| {
            task.due = true;
            task.not_before = now + wait;
            None
        };
        match (task.care, &finding) {
            (Care::Settling { until }, Finding::Unmet) if now < until => {
                let wait = pace::backoff(task.reads);
                again(task, wait)
            }
            (Care::Settling { .. }, Finding::Unmet) if task.step.write.is_some() => {
                task.care = Care::None;
                let why = "the org accepted the write and does not show it".to_owned();
                Some(Finding::Unknown { why })
            }
            (Care::Doubt { since, reads }, Finding::Unmet)
                if reads + 1 < DOUBT_READS || now < since + DOUBT_SPAN =>
            {
                task.care = Care::Doubt {
                    since,
                    reads: reads + 1,
                };
                again(task, DOUBT_SPAN / u64::from(DOUBT_READS - 1))
            }
            (_, Finding::Unknown { .. }) => Some(finding),
            (_, Finding::Unmet) if task.refused.is_some() => {
                task.care = Care::None;
                let why = task.refused.take().unwrap_or_default();
                let who = format!("an admin with the right for it: {}", task.step.source);
                Some(Finding::Blocked {
                    why: format!("the org refused the write: {why}"),
                    who,
                })
            }
            _ => {
                task.care = Care::None;
                Some(finding)
            }
        }
    }

    /// Learns what a finding gives; what it no longer gives is forgotten. Rows that read a value
    /// that changed are due again.
    fn learn(&mut self, spot: &Spot, finding: &Finding) {
        let Some(task) = self.tasks.get(spot) else {
            return;
        };
        let (step, place) = (task.step, task.place.clone());
        let given: &[(&'static Fact, Value)] = match finding {
            Finding::Met(proof) => &proof.gives,
            // A read that failed says nothing about what was known before.
            Finding::Unknown { .. } => return,
            _ => &[],
        };
        let origin = Origin::Read(step.side, probe_address(step, &self.store.at(&place)));
        let mut changed: Vec<&'static Fact> = Vec::new();
        for fact in step.gives {
            let value = given
                .iter()
                .find(|(given, _)| given.id == fact.id)
                .map(|(_, value)| value);
            if self
                .store
                .update(fact, &place, value.cloned(), origin.clone())
            {
                changed.push(fact);
            }
        }
        while let Some(fact) = changed.pop() {
            self.read_anew(fact, &origin, &mut changed);
        }
    }

    /// Rows that read this fact are due; where it is gone, so is what they had learnt through it:
    /// else what is made next would be made from an object that is no longer there.
    fn read_anew(
        &mut self,
        fact: &'static Fact,
        origin: &Origin,
        changed: &mut Vec<&'static Fact>,
    ) {
        for task in self.tasks.values_mut().filter(|t| t.reads_fact(fact)) {
            task.due = true;
            if task.is_ready(&self.store) {
                continue;
            }
            task.finding = None;
            for own in task.step.gives {
                if self.store.update(own, &task.place, None, origin.clone()) {
                    changed.push(own);
                }
            }
        }
    }

    /// Records a proof for a step that this run wrote.
    fn prove(&mut self, spot: &Spot, finding: &Finding) {
        let (Finding::Met(proof), Some(task)) = (finding, self.tasks.get(spot)) else {
            return;
        };
        if self.damage.is_some() || self.journal.trace(&task.key).is_none() {
            return;
        }
        let id = ["/id", "/kid"]
            .iter()
            .find_map(|at| proof.object.pointer(at)?.as_str());
        if !self.journal.touched(self.agreed_from, &task.key, id) {
            return;
        }
        let print = fingerprint(&proof.object);
        if self.journal.proved(&task.key, &print) {
            return;
        }
        let event = Event::Proof {
            id: id.map(str::to_owned),
            fingerprint: print,
        };
        let entry = self.journal.record(self.now, &task.key, event);
        self.note(entry);
    }

    /// Puts an entry on the desk that nothing waits for.
    pub(super) fn note(&mut self, entry: super::Entry) {
        let ticket = self.desk.store(entry);
        self.work.insert(ticket, vec![Work::Note]);
    }

    /// Turns to the next phase when nothing is left to do in this one.
    fn turn(&mut self) -> bool {
        let busy = |task: &Task| task.state != State::Idle || self.can_probe(task);
        if !self.desk.is_idle() || self.tasks.values().any(|task| busy(task)) {
            return false;
        }
        match self.phase {
            Phase::Checking | Phase::Proving => {
                self.plan = Some(self.forecast());
                self.phase = Phase::Planned;
                self.agreed = None;
                self.agreed_from = usize::MAX;
                false
            }
            Phase::Applying if !self.will_write() => {
                self.begin_round(Phase::Proving);
                true
            }
            Phase::Undoing if self.undoing.is_none() => {
                self.begin_round(Phase::Checking);
                true
            }
            _ => false,
        }
    }

    /// Whether the gates before a row are open: each row named is proven at every place.
    pub(super) fn gates_open(&self, step: &Step) -> bool {
        step.after.iter().all(|gate| {
            let mut tasks = self.tasks.values().filter(|task| task.step.id == *gate);
            !self.unexpanded.contains(gate) && tasks.all(|task| task.is_met())
        })
    }
}

fn probe_address(step: &Step, facts: &crate::facts::Facts<'_>) -> String {
    let call = (step.probe)(facts).ok().and_then(|probe| probe.call());
    call.map_or(String::new(), |call| format!("GET {}", call.address()))
}
