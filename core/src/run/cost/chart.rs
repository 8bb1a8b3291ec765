//! The calls of applying a plan, each with those that it waits for: the tables played forward.

use super::super::forecast::{Gates, is_done_without_reading, play};
use super::super::step::{Finding, Side};
use super::super::task::Task;
use super::super::{Plan, Run};
use crate::facts::{Fact, Origin, Store, Value, place_key, stand_in};
use crate::map::Map;
use crate::okta::Call;

/// One call, or a point that several calls lead to.
pub(super) struct Node {
    /// None where nothing is sent.
    pub call: Option<Sent>,
    /// The nodes before it.
    pub after: Vec<usize>,
    /// From here on everything is read once more, after a look at who the orgs are.
    pub begins_round: bool,
}

/// A call, as far as its pace and its sharing go.
pub(super) struct Sent {
    pub side: Side,
    pub op: String,
    pub address: String,
    pub write: bool,
}

/// See the module.
pub(super) struct Chart<'a> {
    run: &'a Run,
    planned: Map<String, ()>,
    store: Store,
    nodes: Vec<Node>,
    /// The node after which a fact is known, by the fact and the place it is kept at.
    givers: Map<(&'static str, String), usize>,
    /// The nodes after which each row is proven, by row.
    proofs: Map<&'static str, Vec<usize>>,
    /// The point at which all of a row is proven.
    points: Map<&'static str, usize>,
    gates: Gates<'a>,
}

impl<'a> Chart<'a> {
    /// The chart of the plan that the run shows.
    pub fn of(run: &'a Run, plan: &'a Plan) -> Chart<'a> {
        let mut planned = Map::new();
        planned.merge(plan.items.iter().map(|i| (i.key.clone(), ())).collect());
        let mut chart = Chart {
            run,
            planned,
            store: run.store.clone(),
            nodes: Vec::new(),
            givers: Map::new(),
            proofs: Map::new(),
            points: Map::new(),
            gates: Gates::of(run),
        };
        chart.play();
        chart.read_all();
        chart
    }

    /// The calls, each after those that it waits for.
    pub fn calls(self) -> Vec<Node> {
        self.nodes
    }

    fn play(&mut self) {
        let tasks = self.run.tasks.values();
        let left = tasks.filter(|task| self.is_open(task)).collect();
        play(left, |task| self.step(task));
    }

    fn is_open(&self, task: &Task) -> bool {
        match &task.finding {
            None => true,
            Some(Finding::Unmet) => task.step.write.is_some() || self.run.will_follow(task),
            Some(_) => false,
        }
    }

    /// Plays one task, if it can be played now: read where it could not be read before, written
    /// when the gates are open, and read again.
    fn step(&mut self, task: &'a Task) -> bool {
        let step = task.step;
        let ready = {
            let facts = self.store.at(&task.place);
            step.needs.iter().all(|fact| facts.knows(fact))
        };
        let written = self.planned.contains_key(&task.key);
        if !ready || !self.gates.open(step) || (step.write.is_some() && !written) {
            let nothing = ready && is_done_without_reading(task, &self.store);
            if !nothing {
                return false;
            }
        }
        let mut last = self.needs_of(task);
        if !is_done_without_reading(task, &self.store) {
            if task.finding.is_none() {
                last = self.read(task, last);
            }
            if written || !step.after.is_empty() {
                let gates: Vec<usize> = step.after.iter().map(|gate| self.gate(gate)).collect();
                last.extend(gates);
                if written {
                    last = self.write(task, last);
                }
                last = self.read(task, last);
            }
        }
        let proven = self.point(last);
        for fact in step.gives {
            let value = Value::Text(stand_in(fact, &task.place));
            self.store
                .learn(fact, &task.place, value, Origin::Step(step.id));
            let key = (fact.id, place_key(fact, &task.place));
            self.givers.insert(key, proven);
        }
        self.proofs.change(step.id, |all| all.push(proven));
        self.gates.pass(step);
        true
    }

    /// The point at which a row is proven at every place.
    fn gate(&mut self, row: &&'static str) -> usize {
        if let Some(point) = self.points.get(row) {
            return *point;
        }
        let proofs = self.proofs.get(row).cloned().unwrap_or_default();
        let point = self.point(proofs);
        self.points.insert(row, point);
        point
    }

    /// The nodes after which all that a task reads is known.
    fn needs_of(&self, task: &Task) -> Vec<usize> {
        let mut facts: Vec<&'static Fact> = task.step.needs.to_vec();
        let mut nodes = Vec::new();
        while let Some(fact) = facts.pop() {
            facts.extend(fact.derive.iter().flat_map(|derive| derive.from));
            let key = (fact.id, place_key(fact, &task.place));
            nodes.extend(self.givers.get(&key));
        }
        nodes
    }

    fn read(&mut self, task: &Task, after: Vec<usize>) -> Vec<usize> {
        let facts = self.store.at(&task.place);
        match (task.step.probe)(&facts)
            .ok()
            .and_then(|probe| probe.call())
        {
            Some(call) => vec![self.call(task, &call, false, after)],
            None => after,
        }
    }

    fn write(&mut self, task: &Task, after: Vec<usize>) -> Vec<usize> {
        let facts = self.store.at(&task.place);
        let answer = task.answer.clone().filter(|_| task.finding.is_some());
        let answer = answer.unwrap_or_else(|| crate::okta::Answer::empty().into());
        let write = task
            .step
            .write
            .and_then(|write| write(&facts, &answer).ok());
        match write {
            Some(write) => vec![self.call(task, &write.call(), true, after)],
            None => after,
        }
    }

    fn call(&mut self, task: &Task, call: &Call, write: bool, after: Vec<usize>) -> usize {
        self.nodes.push(Node {
            call: Some(Sent {
                side: task.step.side,
                op: call.op.clone(),
                address: call.address(),
                write,
            }),
            after,
            begins_round: false,
        });
        self.nodes.len() - 1
    }

    fn point(&mut self, after: Vec<usize>) -> usize {
        self.nodes.push(Node {
            call: None,
            after,
            begins_round: false,
        });
        self.nodes.len() - 1
    }

    /// When all is written, everything that can be read then is read once more.
    fn read_all(&mut self) {
        let all: Vec<usize> = (0..self.nodes.len()).collect();
        let point = self.point(all);
        if let Some(node) = self.nodes.get_mut(point) {
            node.begins_round = true;
        }
        for task in self.run.tasks.values() {
            let facts = self.store.at(&task.place);
            if task.step.needs.iter().all(|fact| facts.knows(fact)) {
                self.read(task, vec![point]);
            }
        }
    }
}
