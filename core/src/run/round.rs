//! Rounds of reads: which rows stand where, which are ready, and what their answers show.

use std::sync::Arc;

use super::journal::{Event, fingerprint};
use super::step::{Finding, Step};
use super::task::{Spot, State, Task, places, reads};
use super::timeline::Phase;
use super::{Run, Work};
use crate::facts::{Fact, Missing, Origin, Place, Value};
use crate::json;
use crate::map::sorted;
use crate::okta::Answer;

impl Run {
    /// Moves on as far as possible without an answer from outside.
    pub(super) fn advance(&mut self) {
        loop {
            let moved = self.expand(false) | self.look() | self.take_back();
            if moved || self.turn() {
                continue;
            }
            self.desk.pump(self.now);
            if !self.take_old() {
                break;
            }
        }
    }

    /// Looks at the tasks that were stirred: what can be read is read, what is agreed to is written.
    fn look(&mut self) -> bool {
        let stirred = self.tasks.take_stirred();
        self.probe(&stirred) | self.write(&stirred) | self.wait(&stirred)
    }

    /// Looks again at what was not sent in time.
    fn take_old(&mut self) -> bool {
        let old = self.desk.old();
        for ticket in &old {
            for work in self.work.remove(ticket).unwrap_or_default() {
                if let Work::Write(spot, intent) = work {
                    self.wrote(&spot, intent, &super::desk::Wrote::Old);
                }
            }
        }
        !old.is_empty()
    }

    /// Everything is read once more.
    pub(super) fn begin_round(&mut self, phase: Phase) {
        self.phase = phase;
        self.plan = None;
        self.desk.doubt_orgs();
        self.turns.values_mut().for_each(|turns| turns.clear());
        self.tasks.renew();
    }

    /// Makes a task of each row at each place; sets may have grown or shrunk. Most sets are made
    /// from members, so a change of these is followed at once, and any other when `thorough`.
    fn expand(&mut self, thorough: bool) -> bool {
        let known = (self.store.member_changes(), self.store.changes());
        let same = |(members, all): (u64, u64)| members == known.0 && (!thorough || all == known.1);
        if self.expanded.is_some_and(same) {
            return false;
        }
        self.expanded = Some(known);
        let mut new = Vec::new();
        let mut unexpanded = Vec::new();
        let mut here: Vec<Spot> = Vec::new();
        for (p, procedure) in self.procedures.clone().into_iter().enumerate() {
            let wanted = (procedure.when)(&self.store.wish);
            for (s, step) in procedure.steps.iter().enumerate() {
                if !wanted || !(step.when)(&self.store.wish) {
                    continue;
                }
                let Some(places) = places(step, &self.store) else {
                    unexpanded.push(step.id);
                    continue;
                };
                for place in places {
                    let ids: Vec<&str> = place.iter().map(|(_, m)| m.id.as_str()).collect();
                    let spot = (p, s, ids.join("/"));
                    if !self.tasks.contains(&spot) {
                        let mut task = Task::new(step, place);
                        task.care = self.care_since(&task.key);
                        new.push((spot.clone(), Box::new(task)));
                    }
                    here.push(spot);
                }
            }
        }
        if self.unexpanded != unexpanded {
            self.unexpanded = unexpanded;
            self.tasks.stir_all();
        }
        self.tasks.replace(&sorted(here), new)
    }

    /// Sends the probes that are due and whose facts are known.
    fn probe(&mut self, stirred: &[Spot]) -> bool {
        if self.phase == Phase::Stopped {
            return false;
        }
        let mut moved = false;
        for spot in stirred {
            let Some(task) = self.tasks.get(spot).filter(|task| self.can_probe(task)) else {
                continue;
            };
            if task.not_before > self.now {
                self.desk.wake(task.not_before);
                self.tasks.stir([spot.clone()]);
                continue;
            }
            moved = true;
            self.start_probe(spot.clone());
        }
        moved
    }

    fn can_probe(&self, task: &Task) -> bool {
        task.due && task.state == State::Idle && self.is_ready(task)
    }

    fn start_probe(&mut self, spot: Spot) {
        let Some(task) = self.tasks.change(&spot) else {
            return;
        };
        task.due = false;
        let side = task.step.side;
        if self.is_told(side) {
            return self.found_told(&spot);
        }
        let Some(task) = self.tasks.change(&spot) else {
            return;
        };
        task.state = State::Probing;
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
        let Some(task) = self.tasks.change(spot) else {
            return;
        };
        task.state = State::Idle;
        task.reads += 1;
        task.seen = self.now;
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
        self.find(spot, Some(finding));
    }

    /// Sets what was found of a task. Rows that it is a gate of are looked at again when it opens.
    pub(super) fn find(&mut self, spot: &Spot, finding: Option<Finding>) {
        let Some(gate) = self.tasks.get(spot).map(|task| task.step.id) else {
            return;
        };
        let before = self.tasks.all_met(gate);
        self.tasks.set_finding(spot, finding);
        if !before && self.tasks.all_met(gate) {
            for (row, step) in self.rows() {
                if step.after.contains(&gate) {
                    self.tasks.stir_row(row);
                }
            }
        }
    }

    /// The rows with their places in the tables.
    pub(super) fn rows(&self) -> impl Iterator<Item = ((usize, usize), &'static Step)> + use<> {
        let procedures = self.procedures.clone().into_iter().enumerate();
        procedures.flat_map(|(p, procedure)| {
            let steps = procedure.steps.iter().enumerate();
            steps.map(move |(s, step)| ((p, s), step))
        })
    }

    /// Learns what a finding gives; what it no longer gives is forgotten. Rows that read a value
    /// that changed are due again.
    pub(super) fn learn(&mut self, spot: &Spot, finding: &Finding) {
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
        let origin = self.origin_of(step, &place);
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
        self.read_anew(
            changed
                .into_iter()
                .map(|fact| (fact, place.clone()))
                .collect(),
            &origin,
        );
    }

    #[cfg(feature = "handoff")]
    fn origin_of(&self, step: &'static Step, place: &Place) -> Origin {
        match self.is_told(step.side) {
            true => Origin::Told(step.side),
            false => Origin::Read(step.side, probe_address(step, &self.store.at(place))),
        }
    }

    #[cfg(not(feature = "handoff"))]
    fn origin_of(&self, step: &'static Step, place: &Place) -> Origin {
        Origin::Read(step.side, probe_address(step, &self.store.at(place)))
    }

    /// Rows that read these facts, each kept at a place, are due; where one is gone, so is what
    /// they had learnt through it: else what is made next would be made from an object that is no
    /// longer there.
    pub(super) fn read_anew(&mut self, mut changed: Vec<(&'static Fact, Place)>, origin: &Origin) {
        while let Some((fact, at)) = changed.pop() {
            for (row, step) in self.rows().filter(|(_, step)| reads(step, fact)) {
                for spot in self.tasks.reading(row, step, fact, &at) {
                    changed.extend(self.forget_unready(&spot, origin));
                }
            }
        }
    }

    /// Makes a task due; gives what it had learnt and is forgotten, because it cannot be read now.
    fn forget_unready(&mut self, spot: &Spot, origin: &Origin) -> Vec<(&'static Fact, Place)> {
        let mut gone = Vec::new();
        let Some(task) = self.tasks.change(spot) else {
            return gone;
        };
        task.due = true;
        if task.state == State::Probing {
            self.hurry(spot);
        }
        let Some(task) = self.tasks.get(spot) else {
            return gone;
        };
        if self.is_ready(task) {
            return gone;
        }
        let (step, place) = (task.step, task.place.clone());
        self.find(spot, None);
        for own in step.gives {
            if self.store.update(own, &place, None, origin.clone()) {
                gone.push((*own, place.clone()));
            }
        }
        gone
    }

    /// Ends the tries of a read that nobody rests on any more.
    fn hurry(&mut self, spot: &Spot) {
        let old = |work: &Work| match work {
            Work::Probe(spot) => self.tasks.get(spot).is_none_or(|task| task.due),
            _ => false,
        };
        let own = |work: &Work| matches!(work, Work::Probe(own) if own == spot);
        let mut all = self.work.iter();
        let mine = all.find(|(_, work)| work.iter().any(own) && work.iter().all(old));
        if let Some(ticket) = mine.map(|(ticket, _)| *ticket) {
            self.desk.hurry(ticket);
        }
    }

    /// Records a proof for a step that this run wrote.
    fn prove(&mut self, spot: &Spot, finding: &Finding) {
        let (Finding::Met(proof), Some(task)) = (finding, self.tasks.get(spot)) else {
            return;
        };
        if self.damage.is_some() || self.ledger.trace(&task.key).is_none() {
            return;
        }
        let id = ["/id", "/kid"]
            .iter()
            .find_map(|at| json::at(&proof.object, at)?.as_str());
        if !self.ledger.touched(self.agreed_from, &task.key, id) {
            return;
        }
        let print = fingerprint(&proof.object);
        if self.ledger.proved(&task.key, &print) {
            return;
        }
        let event = Event::Proof {
            id: id.map(str::to_owned),
            fingerprint: print,
        };
        let entry = self.ledger.record(self.now, &task.key, event);
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
        if !self.desk.is_idle() || self.tasks.values().any(busy) {
            return false;
        }
        if self.expand(true) {
            return true;
        }
        match self.phase {
            Phase::Checking | Phase::Proving => {
                self.plan = Some(self.forecast());
                self.phase = Phase::Planned;
                self.read_at = self.now;
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
        let open = |gate: &&str| !self.unexpanded.contains(gate) && self.tasks.all_met(gate);
        step.after.iter().all(open)
    }
}

fn probe_address(step: &Step, facts: &crate::facts::Facts<'_>) -> String {
    let call = (step.probe)(facts).ok().and_then(|probe| probe.call());
    call.map_or(String::new(), |call| format!("GET {}", call.address()))
}
