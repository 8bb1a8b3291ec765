//! Law 5 by name: any answer replaced by any fault, over every procedure. Each call that a run without faults makes is
//! hit by each kind of each class, once and from then on; each write of its undo, once. A part of the cases runs always,
//! one of each class in each procedure at least; all of them under `--deep`.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use org2org_core::run::{Method, Push, SignOn, Wish};
use org2org_lab::{CLASSES, Fault, FaultKind, World};
use org2org_tests::{Bench, Dice, difference};
use serde_json::Value;

use super::laws::things;
use super::schedules::{RERUNS, agree, take_back};
use super::{by_file, endings, pushes, rotation};

/// Judges this case alone, or those from one to another: `1-500`.
const CASES: &str = "ORG2ORG_CASES";

/// A pair of orgs, a wish, and whether undo gives them back as they were.
pub(super) struct Start {
    pub procedure: &'static str,
    pub world: World,
    wish: Wish,
    pub now: u64,
    exact: bool,
}

/// What a run without faults from there asks and reaches.
pub(super) struct Whole {
    pub writes: Vec<Place>,
    pub reads: Vec<Place>,
    pub undo: Vec<Place>,
    pub end: Counts,
    things: BTreeMap<String, usize>,
    before: Value,
}

/// Org, method and path of a call.
pub(super) type Place = (String, String, String);
/// Rows in each state, by row and the state's first word.
pub(super) type Counts = BTreeMap<(String, String), usize>;

/// One call and what becomes of it.
pub(super) struct Case {
    pub start: usize,
    pub at: Place,
    pub class: &'static str,
    pub kind: FaultKind,
    pub when: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Once,
    FromThenOn,
    InUndo,
}

#[test]
fn any_answer_may_be_any_fault() {
    let starts = starts();
    let wholes: Vec<Whole> = starts.iter().map(Whole::of).collect();
    let all = cases(&wholes);
    let chosen = chosen(&all);
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(at) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let case = &all[*at];
                    let (start, whole) = (&starts[case.start], &wholes[case.start]);
                    if let Err(why) = case.judged(start, whole) {
                        let told = format!("case {at}, {}: {why}", case.name(start));
                        failed.lock().expect("no holder panics").push(told);
                    }
                }
            });
        }
    });
    for (at, start) in starts.iter().enumerate() {
        let of = |when| {
            let own = all.iter().filter(|case| case.start == at);
            own.filter(|case| case.when == when).count()
        };
        println!(
            "{}: {} cases once, {} from then on, {} in undo",
            start.procedure,
            of(When::Once),
            of(When::FromThenOn),
            of(When::InUndo)
        );
    }
    println!("{} of {} fault cases judged", chosen.len(), all.len());
    let failed = failed.into_inner().expect("no holder panics");
    assert!(
        failed.is_empty(),
        "{} of {} (repeat one: {CASES}=number):\n{}",
        failed.len(),
        chosen.len(),
        failed.join("\n")
    );
}

pub(super) fn starts() -> Vec<Start> {
    let wished = |change: fn(&mut Wish)| {
        let mut bench = Bench::fresh();
        bench.wish(change);
        bench
    };
    let pushing = |method| {
        let mut bench = Bench::fresh();
        pushes::wish(&mut bench, method, |_| {});
        bench
    };
    let federation = wished(|wish| {
        wish.apps.clear();
        wish.routing = true;
    });
    let oidc = wished(|wish| {
        wish.apps.clear();
        wish.sign_on = SignOn::Oidc;
    });
    let mut bookmarks = Bench::fresh();
    let apps = bookmarks.run.wish().apps.clone();
    bookmarks.wish(|wish| wish.apps.clear());
    finish(&mut bookmarks);
    bookmarks.wish(|wish| wish.apps = apps);
    let mut file = wished(|wish| {
        wish.apps.clear();
        (wish.by_file, wish.links, wish.sign_on) = (true, true, SignOn::Oidc);
    });
    by_file::import(&mut file, "grace@acme.example.com");
    let mut migration = endings::by_token().0;
    endings::push_by(&mut migration, Method::OauthAuto, |push| {
        push.replaces_token = Some(endings::TOKEN_NAME.to_owned());
    });
    let mut groups = Bench::fresh();
    let pushed = pushes::group(&mut groups, "Sales EMEA", &["ada@acme.example.com"]);
    finish_pushing(&mut groups);
    pushes::wish(&mut groups, Method::OauthAuto, |push: &mut Push| {
        push.groups = vec![pushed];
    });
    vec![
        Start::of("federation", federation, true),
        Start::of("federation-oidc", oidc, true),
        Start::of("bookmarks", bookmarks, true),
        Start::of("users-by-file", file, true),
        Start::of("service-app", pushing(Method::OauthManual), false),
        Start::of("provisioning", pushing(Method::OauthAuto), false),
        Start::of("migration", migration, false),
        Start::of("group-push", groups, false),
        Start::of("key-rotation", rotation::connected().0, false),
        Start::of("removal", endings::connected(true).0, false),
    ]
}

fn finish(bench: &mut Bench) {
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
}

fn finish_pushing(bench: &mut Bench) {
    pushes::wish(bench, Method::OauthAuto, |_| {});
    finish(bench);
}

impl Start {
    fn of(procedure: &'static str, bench: Bench, exact: bool) -> Start {
        Start {
            procedure,
            wish: bench.run.wish().clone(),
            now: bench.now + 3_600_000,
            world: bench.world,
            exact,
        }
    }

    /// A run from here whose orgs have been read.
    pub fn begun(&self) -> Bench {
        let mut bench = self.over(self.world.clone(), self.now);
        bench.drive();
        bench
    }

    pub fn over(&self, world: World, now: u64) -> Bench {
        let mut bench = Bench::over(world);
        bench.later(now);
        bench.wish(|wish| wish.clone_from(&self.wish));
        bench
    }
}

impl Whole {
    /// Whether a run ends so. Rows over the members of an object that a removal took away are forgotten with it, or, where a
    /// fault came in between, still told as met: both are true.
    fn ends(&self, seen: &Counts) -> bool {
        let known = |row: &String| self.end.keys().any(|(own, _)| own == row);
        let stands = |((row, word), _): &(&(String, String), &usize)| known(row) || word != "Met";
        seen.iter().filter(stands).eq(self.end.iter())
    }

    pub fn of(start: &Start) -> Whole {
        let mut bench = start.begun();
        let before = bench.world.dump();
        let asked = bench.world.requests().len();
        agree(&mut bench);
        let calls = places(&bench, asked);
        let (writes, reads) = calls
            .into_iter()
            .partition(|(_, method, _)| method != "GET");
        let (end, things) = (counts(&bench), things(&bench.world.dump()));
        // What only a person can do stays open.
        let open = end
            .keys()
            .find(|(row, word)| word != "Met" && row != "old-token");
        assert_eq!(open, None, "{}: {:#?}", start.procedure, bench.states());
        let asked = bench.world.requests().len();
        bench.check();
        take_back(&mut bench);
        let undo = places(&bench, asked);
        Whole {
            writes,
            reads,
            undo: undo
                .into_iter()
                .filter(|(_, method, _)| method != "GET")
                .collect(),
            end,
            things,
            before,
        }
    }
}

/// What the engine asked since then, each place once.
fn places(bench: &Bench, since: usize) -> Vec<Place> {
    let own = bench.world.requests()[since..].iter();
    let own = own.filter(|request| request.from.is_none());
    let all: BTreeSet<Place> = own
        .map(|request| {
            (
                request.org.clone(),
                request.method.clone(),
                request.path.clone(),
            )
        })
        .collect();
    all.into_iter().collect()
}

pub(super) fn counts(bench: &Bench) -> Counts {
    let mut counts = Counts::new();
    for (key, state) in bench.states() {
        let word = |text: &str, end: char| text.split(end).next().unwrap_or_default().to_owned();
        *counts
            .entry((word(&key, '/'), word(&state, ' ')))
            .or_default() += 1;
    }
    counts
}

fn cases(wholes: &[Whole]) -> Vec<Case> {
    let mut all = Vec::new();
    for (start, whole) in wholes.iter().enumerate() {
        let blocks = [
            (&whole.writes, When::Once),
            (&whole.writes, When::FromThenOn),
            (&whole.reads, When::Once),
            (&whole.undo, When::InUndo),
        ];
        for (places, when) in blocks {
            for at in places {
                for class in CLASSES {
                    all.extend(class.kinds.iter().map(|kind| Case {
                        start,
                        at: at.clone(),
                        class: class.id,
                        kind: *kind,
                        when,
                    }));
                }
            }
        }
    }
    all
}

fn chosen(all: &[Case]) -> Vec<usize> {
    let number = |text: &str| text.parse::<usize>().expect("a case is a number");
    match (std::env::var(CASES), super::deep()) {
        (Ok(cases), _) => {
            let (first, last) = cases.split_once('-').unwrap_or((&cases, &cases));
            (number(first)..=number(last).min(all.len() - 1)).collect()
        }
        (Err(_), true) => (0..all.len()).collect(),
        (Err(_), false) => some(all),
    }
}

/// One case of each class in each procedure.
fn some(all: &[Case]) -> Vec<usize> {
    let mut groups: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (at, case) in all.iter().enumerate() {
        groups.entry((case.start, case.class)).or_default().push(at);
    }
    let mut dice = Dice::new(5);
    let one = |group: &Vec<usize>| group[dice.roll(group.len())];
    groups.values().map(one).collect()
}

impl Case {
    fn name(&self, start: &Start) -> String {
        let (org, method, path) = &self.at;
        let procedure = start.procedure;
        format!(
            "{procedure}, {org} {method} {path}, {} {:?} {:?}",
            self.class, self.kind, self.when
        )
    }

    pub fn judged(&self, start: &Start, whole: &Whole) -> Result<(), String> {
        let run = catch_unwind(AssertUnwindSafe(|| self.run(start, whole)));
        run.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            Err(format!("panic: {}", text.unwrap_or_default()))
        })
    }

    fn run(&self, start: &Start, whole: &Whole) -> Result<(), String> {
        let mut bench = start.begun();
        if self.when == When::InUndo {
            agree(&mut bench);
            bench.check();
            self.set(&mut bench);
            take_back(&mut bench);
        } else {
            self.set(&mut bench);
            agree(&mut bench);
        }
        self.always_holds(&bench, start, whole)?;
        bench.world.clear_faults();
        match self.when {
            When::InUndo => self.taken_back(&mut bench, start, whole),
            _ => self.converged(&mut bench, start, whole),
        }
    }

    fn set(&self, bench: &mut Bench) {
        if self.kind == FaultKind::NotStored {
            bench.storage_broken = true;
            return;
        }
        let (org, method, path) = &self.at;
        let fault = Fault::new(self.kind).org(org).on(method, path);
        bench.world.fault(match self.when {
            When::FromThenOn => fault,
            _ => fault.nth(1),
        });
    }

    // What is sent twice is there twice: found, and left to a person.
    fn is_sent_twice(&self) -> bool {
        matches!(self.kind, FaultKind::Resent | FaultKind::ResentDropped)
    }

    pub fn always_holds(&self, bench: &Bench, start: &Start, whole: &Whole) -> Result<(), String> {
        hold(bench.unbacked.is_empty(), || {
            format!("sent before the intent was stored: {:?}", bench.unbacked)
        })?;
        let seen = things(&bench.world.dump());
        let wanted = |name: &String| whole.things.get(name).copied().unwrap_or_default();
        let had = things(&start.world.dump());
        let had = |name: &String| had.get(name).copied().unwrap_or_default();
        let twice = seen
            .iter()
            .find(|(name, count)| **count > wanted(name).max(had(name)));
        if let Some((name, count)) = twice {
            hold(self.is_sent_twice(), || {
                format!("{name} is there {count} times")
            })?;
            hold(!bench.run.is_proven(), || {
                format!("{name} is there {count} times, and all is said to be proven")
            })?;
        }
        if !bench.run.is_proven() {
            return Ok(());
        }
        let mut world = bench.world.clone();
        world.clear_faults();
        let mut second = start.over(world, bench.now + 120_000);
        second.drive();
        hold(second.run.is_proven(), || {
            format!("said proven: {:#?}", second.states())
        })
    }

    pub fn converged(&self, bench: &mut Bench, start: &Start, whole: &Whole) -> Result<(), String> {
        for _ in 0..RERUNS {
            bench.check();
            if whole.ends(&counts(bench)) {
                break;
            }
            agree(bench);
        }
        self.always_holds(bench, start, whole)?;
        let seen = counts(bench);
        let otherwise = self.is_sent_twice() || hit_an_org(bench);
        hold(otherwise || whole.ends(&seen), || {
            let states = bench.states();
            let odd = |(key, _): &(&String, &String)| {
                let row = key.split('/').next().unwrap_or_default();
                seen.iter().any(|((own, word), count)| {
                    own == row && whole.end.get(&(own.clone(), word.clone())) != Some(count)
                })
            };
            let missing = whole
                .end
                .iter()
                .filter(|(key, count)| seen.get(key) != Some(count));
            format!(
                "ends otherwise: {:?}, expected {:?}",
                states.iter().filter(odd).collect::<Vec<_>>(),
                missing.collect::<Vec<_>>()
            )
        })
    }

    fn taken_back(&self, bench: &mut Bench, start: &Start, whole: &Whole) -> Result<(), String> {
        for _ in 0..RERUNS {
            bench.check();
            take_back(bench);
        }
        let left = bench.run.left();
        hold(left.is_empty(), || format!("left: {left:?}"))?;
        let apart = difference(&bench.world.dump(), &whole.before);
        hold(!start.exact || apart.is_none(), || format!("{apart:?}"))
    }
}

/// Whether a call that an org made by itself was hit: a push that failed so is tried again by a person alone.
fn hit_an_org(bench: &Bench) -> bool {
    let mut log = bench.world.requests().iter();
    log.any(|request| request.fault.is_some() && request.from.is_some())
}

pub(super) fn hold(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    match holds {
        true => Ok(()),
        false => Err(why()),
    }
}
