//! Plays calls on an imagined clock, by the rules of the desk: who an org is comes before a batch of
//! writes, the same read is asked once, and the pace decides when.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::super::Side;
use super::super::desk::LANES;
use super::super::pace::Pace;
use super::chart::{Node, Sent};
use crate::okta::{org, users};

/// How long it took, and how many calls went.
pub(super) struct Played {
    pub ms: u64,
    pub requests: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Identity {
    Unchecked,
    Checking(u8),
    Good,
    Fresh,
}

/// What comes at a time.
#[derive(Clone, Copy)]
enum Event {
    Answer(usize),
    Who(Side),
    Wake,
}

struct Org {
    identity: Identity,
    in_flight: usize,
    writes: usize,
    /// What waits to be sent, by operation.
    ready: BTreeMap<String, VecDeque<usize>>,
    /// Reads on the desk, by address, with those that share them.
    reads: HashMap<String, Vec<usize>>,
}

struct Clock<'a> {
    nodes: &'a [Node],
    pace: Option<Pace>,
    latency: u64,
    now: u64,
    waits_for: Vec<usize>,
    before: Vec<Vec<usize>>,
    events: BTreeMap<u64, Vec<Event>>,
    wakes: BTreeSet<u64>,
    orgs: [Org; 2],
    requests: usize,
}

/// Plays the calls with this pace from this time on, or without any.
pub(super) fn play(nodes: &[Node], pace: Option<(Pace, u64)>, latency: u64) -> Played {
    let begun = pace.as_ref().map_or(0, |(_, now)| *now);
    let org = || Org {
        identity: Identity::Unchecked,
        in_flight: 0,
        writes: 0,
        ready: BTreeMap::new(),
        reads: HashMap::new(),
    };
    let mut before = vec![Vec::new(); nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        for earlier in &node.after {
            if let Some(later) = before.get_mut(*earlier) {
                later.push(at);
            }
        }
    }
    let mut clock = Clock {
        nodes,
        pace: pace.map(|(pace, _)| pace),
        latency,
        now: begun,
        waits_for: nodes.iter().map(|node| node.after.len()).collect(),
        before,
        events: BTreeMap::new(),
        wakes: BTreeSet::new(),
        orgs: [org(), org()],
        requests: 0,
    };
    let first = |(at, node): (usize, &Node)| node.after.is_empty().then_some(at);
    let first: Vec<usize> = nodes.iter().enumerate().filter_map(first).collect();
    let mut end = begun;
    first.into_iter().for_each(|node| clock.begin(node));
    loop {
        Side::BOTH.into_iter().for_each(|side| clock.pump(side));
        let Some((at, events)) = clock.events.pop_first() else {
            break;
        };
        clock.now = at;
        for event in events {
            match event {
                Event::Answer(node) => clock.answered(node),
                Event::Who(side) => clock.known(side),
                Event::Wake => continue,
            }
            end = at;
        }
        clock.wakes.remove(&at);
    }
    Played {
        ms: end - begun,
        requests: clock.requests,
    }
}

impl Clock<'_> {
    fn org(&mut self, side: Side) -> &mut Org {
        let [source, target] = &mut self.orgs;
        match side {
            Side::Source => source,
            Side::Target => target,
        }
    }

    /// A node all of whose predecessors are over.
    fn begin(&mut self, node: usize) {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            let Some(node) = self.nodes.get(at) else {
                continue;
            };
            if node.begins_round {
                let doubt = |org: &mut Org| org.identity = Identity::Unchecked;
                self.orgs.iter_mut().for_each(doubt);
            }
            match &node.call {
                Some(sent) => self.put(at, sent),
                None => open.extend(self.over(at)),
            }
        }
    }

    fn put(&mut self, at: usize, sent: &Sent) {
        let org = self.org(sent.side);
        if !sent.write {
            if let Some(shared) = org.reads.get_mut(&sent.address) {
                return shared.push(at);
            }
            org.reads.insert(sent.address.clone(), Vec::new());
        }
        org.ready.entry(sent.op.clone()).or_default().push_back(at);
    }

    /// The nodes that only waited for this one.
    fn over(&mut self, at: usize) -> Vec<usize> {
        let later = self.before.get_mut(at).map(std::mem::take);
        let mut free = Vec::new();
        for node in later.unwrap_or_default() {
            if let Some(waits_for) = self.waits_for.get_mut(node) {
                *waits_for -= 1;
                if *waits_for == 0 {
                    free.push(node);
                }
            }
        }
        free
    }

    fn answered(&mut self, at: usize) {
        let Some(sent) = self.nodes.get(at).and_then(|node| node.call.as_ref()) else {
            return;
        };
        let org = self.org(sent.side);
        org.in_flight -= 1;
        let mut over = vec![at];
        if sent.write {
            org.writes -= 1;
            if org.writes == 0 && org.identity == Identity::Fresh {
                org.identity = Identity::Good;
            }
        } else {
            over.extend(org.reads.remove(&sent.address).unwrap_or_default());
        }
        for node in over {
            for free in self.over(node) {
                self.begin(free);
            }
        }
    }

    fn known(&mut self, side: Side) {
        let org = self.org(side);
        org.in_flight -= 1;
        org.identity = match org.identity {
            Identity::Checking(0) => Identity::Checking(1),
            _ => Identity::Fresh,
        };
    }

    /// Sends what may be sent to an org now.
    fn pump(&mut self, side: Side) {
        let ops: Vec<String> = self.org(side).ready.keys().cloned().collect();
        for op in ops {
            while let Some(at) = self.next(side, &op) {
                let write = self.nodes.get(at).and_then(|node| node.call.as_ref());
                let write = write.is_some_and(|sent| sent.write);
                if !self.knows(side, write) {
                    break;
                }
                let lanes = self.pace.as_ref().map_or(usize::MAX, |_| LANES);
                if self.org(side).in_flight >= lanes {
                    return;
                }
                let free = self.free_at(side, &op);
                if free > self.now {
                    self.wake(free);
                    break;
                }
                self.org(side).writes += usize::from(write);
                self.take(side, &op);
                self.send(side, &op, self.now, Event::Answer(at));
            }
        }
    }

    fn next(&mut self, side: Side, op: &str) -> Option<usize> {
        self.org(side).ready.get(op)?.front().copied()
    }

    fn take(&mut self, side: Side, op: &str) {
        let ready = &mut self.org(side).ready;
        if let Some(waiting) = ready.get_mut(op) {
            waiting.pop_front();
            if waiting.is_empty() {
                ready.remove(op);
            }
        }
    }

    fn knows(&mut self, side: Side, write: bool) -> bool {
        match self.org(side).identity {
            Identity::Fresh => true,
            Identity::Good if !write => true,
            Identity::Checking(_) => false,
            Identity::Good | Identity::Unchecked => {
                self.org(side).identity = Identity::Checking(0);
                for probe in [org::well_known(), users::me()] {
                    if let Some(call) = probe.call() {
                        let at = self.free_at(side, &call.op).max(self.now);
                        self.send(side, &call.op, at, Event::Who(side));
                    }
                }
                false
            }
        }
    }

    fn free_at(&self, side: Side, op: &str) -> u64 {
        let admitted = self
            .pace
            .as_ref()
            .map(|pace| pace.admit(side, op, self.now));
        admitted.and_then(Result::err).unwrap_or(0)
    }

    fn send(&mut self, side: Side, op: &str, at: u64, event: Event) {
        if let Some(pace) = &mut self.pace {
            pace.sent(side, op, at);
        }
        self.requests += 1;
        self.org(side).in_flight += 1;
        let answered = self.events.entry(at + self.latency).or_default();
        answered.push(event);
    }

    fn wake(&mut self, at: u64) {
        if self.wakes.insert(at) {
            self.events.entry(at).or_default().push(Event::Wake);
        }
    }
}
