//! The fault matrix by name: each kind of write and read of the engine against each class of faults, each point at which
//! a face may die, each change by somebody else, each way to connect. 1,372 cases, all under `--deep`, some always.
//! `ORG2ORG_LIST=1` with `--nocapture` prints their names.

mod crash;
mod foreign;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use org2org_core::okta;
use org2org_core::run::Side;
use org2org_lab::CLASSES;
use org2org_tests::Dice;

use super::endings;
use super::schedules::{agree, take_back};
use super::sweep::{Case, Place, Start, When, Whole, hold, starts};
use crash::{DEATHS, Death, POINTS, Point};
use foreign::{CHANGES, Change, MOMENTS, Moment};

/// Prints the names of all cases.
const LIST: &str = "ORG2ORG_LIST";
/// Judges the cases alone whose names begin so.
const NAMED: &str = "ORG2ORG_NAMED";
/// All cases, as the threat model counts them.
const ALL: usize = 1_372;
/// Those that run always.
const SOME: usize = 60;

/// A kind of write: its name, the start that makes it, its org and operation.
type WriteKind = (&'static str, &'static str, &'static str, &'static str);

/// The engine binds the service app to DPoP when it makes it, so the app that it reads, changes and replaces (W7) is
/// the source's.
const WRITES: [WriteKind; 14] = [
    ("W1", "federation", "hub", "idps.create"),
    ("W2", "federation", "acme", "apps.create"),
    ("W3", "key-rotation", "hub", "idps.replace"),
    ("W4", "service-app", "hub", "apps.create"),
    ("W5", "service-app", "hub", "client-roles.add"),
    ("W6", "service-app", "hub", "grants.give"),
    ("W7", "federation", "acme", "apps.replace"),
    ("W8", "provisioning", "acme", "connections.set"),
    ("W9", "provisioning", "acme", "app-features.update"),
    ("W10", "provisioning", "acme", "mappings.update"),
    ("W11", "federation", "acme", "app-groups.assign"),
    ("W12", "group-push", "acme", "group-push.create"),
    ("W13", "bookmarks", "acme", "apps.create"),
    ("W14", "key-rotation", "acme", "app-keys.generate"),
];

/// A kind of read: its name, start, org, and how its path begins and ends.
type ReadKind = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const READS: [ReadKind; 12] = [
    (
        "R1",
        "federation",
        "hub",
        "/.well-known/okta-organization",
        "",
    ),
    ("R2", "federation", "hub", "/api/v1/users/me", ""),
    ("R3", "federation", "acme", "/api/v1/apps", ""),
    ("R4", "federation", "hub", "/api/v1/idps", ""),
    ("R5", "service-app", "hub", "/api/v1/apps", ""),
    ("R6", "service-app", "hub", "/oauth2/v1/clients/", "/roles"),
    ("R7", "service-app", "hub", "/api/v1/apps/", "/grants"),
    (
        "R8",
        "provisioning",
        "acme",
        "/api/v1/apps/",
        "/connections/default",
    ),
    (
        "R9",
        "provisioning",
        "acme",
        "/api/v1/apps/",
        "/features/USER_PROVISIONING",
    ),
    ("R10", "provisioning", "acme", "/api/v1/mappings", ""),
    (
        "R11",
        "key-rotation",
        "acme",
        "/api/v1/apps/",
        "/credentials/keys",
    ),
    (
        "R12",
        "group-push",
        "acme",
        "/api/v1/apps/",
        "/group-push/mappings",
    ),
];

/// Classes that a read can meet. The others need an effect (F6, F8, F11 to F13, F19), an object just made (F17), a right
/// to write (F9, F16) or an entry to be stored (F24).
const OF_READS: [&str; 14] = [
    "F1", "F2", "F3", "F4", "F5", "F7", "F10", "F14", "F15", "F18", "F20", "F21", "F22", "F23",
];

/// Operations that take something back, with the start whose undo sends each.
const UNDOES: [WriteKind; 10] = [
    ("U1", "federation", "hub", "idps.deactivate"),
    ("U2", "federation", "hub", "idps.delete"),
    ("U3", "federation", "acme", "apps.deactivate"),
    ("U4", "federation", "acme", "apps.delete"),
    ("U5", "federation", "acme", "app-groups.unassign"),
    ("U6", "service-app", "hub", "client-roles.remove"),
    ("U7", "service-app", "hub", "grants.revoke"),
    ("U8", "provisioning", "acme", "connections.deactivate"),
    ("U9", "provisioning", "acme", "app-features.update"),
    ("U10", "group-push", "acme", "group-push.delete"),
];

/// Ways to connect, by the start that goes each.
const TOKEN: &str = "API token";
const WAYS: [(&str, &str); 4] = [
    ("OAuth with automatic rotation", "provisioning"),
    ("OAuth with manual keys", "service-app"),
    // The token itself is carried by a person; see `endings.rs`.
    (TOKEN, "migration"),
    ("federation only", "federation"),
];

/// What is held of a way to connect without faults.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// It ends proven.
    Proven,
    /// A second plan is empty and sends nothing.
    Again,
    /// All is taken back.
    Undo,
}

/// What is played in a case.
enum Play {
    Fault(Case),
    Crash(Place, Point, Death),
    Foreign(Place, Change, Moment),
    /// Without faults; by a token or not.
    Way(Way, bool),
}

struct Named {
    name: String,
    start: usize,
    play: Play,
}

/// The starts with their runs without faults.
struct Matrix {
    starts: Vec<Start>,
    wholes: Vec<Whole>,
}

#[test]
fn every_case_of_the_matrix_holds() {
    let matrix = Matrix::new();
    let all = matrix.cases();
    if std::env::var_os(LIST).is_some() {
        all.iter().for_each(|case| println!("{}", case.name));
    }
    let names: BTreeSet<&str> = all.iter().map(|case| &*case.name).collect();
    assert_eq!((all.len(), names.len()), (ALL, ALL));
    let chosen = chosen(&all);
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let begun = std::time::Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(case) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = matrix.judged(case) {
                        let mut failed = failed.lock().expect("no holder panics");
                        failed.push(format!("{}: {why}", case.name));
                    }
                }
            });
        }
    });
    println!(
        "{} of {} named cases judged in {:.1} s",
        chosen.len(),
        all.len(),
        begun.elapsed().as_secs_f64()
    );
    let failed = failed.into_inner().expect("no holder panics");
    assert!(
        failed.is_empty(),
        "{} of {} (repeat one: {NAMED}='name'):\n{}",
        failed.len(),
        chosen.len(),
        failed.join("\n")
    );
}

fn chosen(all: &[Named]) -> Vec<&Named> {
    if let Ok(name) = std::env::var(NAMED) {
        let named: Vec<&Named> = all
            .iter()
            .filter(|case| case.name.contains(&name))
            .collect();
        assert!(!named.is_empty(), "no case has `{name}` in its name");
        return named;
    }
    if super::deep() {
        return all.iter().collect();
    }
    let mut dice = Dice::new(34);
    let some: BTreeSet<usize> = (0..SOME).map(|_| dice.roll(all.len())).collect();
    some.into_iter().map(|at| &all[at]).collect()
}

impl Matrix {
    fn new() -> Matrix {
        let starts = starts();
        let wholes = starts.iter().map(Whole::of).collect();
        Matrix { starts, wholes }
    }

    fn cases(&self) -> Vec<Named> {
        let mut all = Vec::new();
        for kind in &WRITES {
            let (start, at) = self.write(kind, |whole| &whole.writes);
            for when in [When::Once, When::FromThenOn] {
                for class in CLASSES.iter().map(|class| class.id) {
                    let name = format!("{} {} {class} {when:?}", kind.0, kind.3);
                    all.push(fault(name, start, &at, class, when));
                }
            }
        }
        for kind in &READS {
            let (start, at) = self.read(kind);
            for class in OF_READS {
                let name = format!("{} {}{} {class}", kind.0, kind.3, kind.4);
                all.push(fault(name, start, &at, class, When::Once));
            }
        }
        for kind in &WRITES {
            let (start, at) = self.write(kind, |whole| &whole.writes);
            for point in POINTS {
                for death in DEATHS {
                    let name = format!("{} {} {point:?} {death:?}", kind.0, kind.3);
                    let play = Play::Crash(at.clone(), point, death);
                    all.push(Named { name, start, play });
                }
            }
        }
        for kind in &UNDOES {
            let (start, at) = self.write(kind, |whole| &whole.undo);
            for class in CLASSES.iter().map(|class| class.id) {
                let name = format!("{} {} {class} in undo", kind.0, kind.3);
                all.push(fault(name, start, &at, class, When::InUndo));
            }
        }
        for kind in &WRITES {
            let (start, at) = self.write(kind, |whole| &whole.writes);
            for change in CHANGES {
                for moment in MOMENTS {
                    let name = format!("{} {} {change:?} {moment:?}", kind.0, kind.3);
                    let play = Play::Foreign(at.clone(), change, moment);
                    all.push(Named { name, start, play });
                }
            }
        }
        for (way, start) in WAYS {
            let start = self.start(start);
            for what in [Way::Proven, Way::Again, Way::Undo] {
                let name = format!("{way}, {what:?}");
                let play = Play::Way(what, way == TOKEN);
                all.push(Named { name, start, play });
            }
        }
        all
    }

    fn start(&self, procedure: &str) -> usize {
        let mut starts = self.starts.iter();
        let at = starts.position(|start| start.procedure == procedure);
        at.unwrap_or_else(|| panic!("no start `{procedure}`"))
    }

    fn write(&self, kind: &WriteKind, of: fn(&Whole) -> &Vec<Place>) -> (usize, Place) {
        let (name, start, org, op) = *kind;
        let start = self.start(start);
        let places = of(&self.wholes[start]);
        let place = places.iter().find(|place| place.0 == org && is(op, place));
        let place = place.unwrap_or_else(|| panic!("{name}: no {org} {op} in {places:#?}"));
        (start, place.clone())
    }

    fn read(&self, kind: &ReadKind) -> (usize, Place) {
        let (name, start, org, first, last) = *kind;
        let start = self.start(start);
        let places = &self.wholes[start].reads;
        let fits = |path: &str| match last {
            "" => path == first,
            _ => path.starts_with(first) && path.ends_with(last),
        };
        let place = places.iter().find(|place| place.0 == org && fits(&place.2));
        let place = place.unwrap_or_else(|| panic!("{name}: none in {places:#?}"));
        (start, place.clone())
    }

    fn judged(&self, case: &Named) -> Result<(), String> {
        let (start, whole) = (&self.starts[case.start], &self.wholes[case.start]);
        let run = catch_unwind(AssertUnwindSafe(|| match &case.play {
            Play::Fault(fault) => fault.judged(start, whole),
            Play::Crash(at, point, death) => crash::judged(start, whole, at, *point, *death),
            Play::Foreign(at, change, moment) => foreign::judged(start, at, *change, *moment),
            Play::Way(what, token) => what.judged(start, *token),
        }));
        run.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            Err(format!("panic: {}", text.unwrap_or_default()))
        })
    }
}

fn fault(name: String, start: usize, at: &Place, class: &'static str, when: When) -> Named {
    let mut classes = CLASSES.iter();
    let own = classes.find(|own| own.id == class).expect("a class");
    let play = Play::Fault(Case {
        start,
        at: at.clone(),
        class,
        kind: own.kinds[0],
        when,
    });
    Named { name, start, play }
}

/// Whether a call is of this operation.
fn is(op: &str, (_, method, path): &Place) -> bool {
    let op = okta::write_op(op).unwrap_or_else(|| panic!("no operation `{op}`"));
    let (own, seen) = (op.path.split('/'), path.split('/'));
    let same = own.clone().count() == seen.clone().count();
    let mut parts = own.zip(seen);
    op.method.name() == method
        && same
        && parts.all(|(own, seen)| own == seen || own.starts_with('{'))
}

/// The side of an org by its subdomain.
fn side(org: &str) -> Side {
    match org {
        "hub" => Side::Target,
        _ => Side::Source,
    }
}

impl Way {
    fn judged(self, start: &Start, token: bool) -> Result<(), String> {
        let mut bench = if token {
            endings::by_token().0
        } else {
            let mut bench = start.begun();
            agree(&mut bench);
            bench
        };
        bench.check();
        let open = || format!("{:#?}", bench.states());
        hold(bench.run.is_proven(), open)?;
        let writes = bench.writes();
        match self {
            Way::Proven => Ok(()),
            Way::Again => {
                agree(&mut bench);
                hold(bench.writes() == writes, || "it writes".to_owned())
            }
            Way::Undo => {
                take_back(&mut bench);
                let left = bench.run.left();
                hold(left.is_empty() && bench.writes() > writes, || {
                    format!("left: {left:?}")
                })
            }
        }
    }
}
