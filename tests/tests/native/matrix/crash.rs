//! A face dies at each point of a write, and another takes the run up.

use org2org_core::okta;
use org2org_core::procedures;
use org2org_core::run::journal::Event;
use org2org_core::run::{Entry, Side, What};
use org2org_lab::{Fault, FaultKind};
use org2org_tests::Bench;

use super::super::schedules::{RERUNS, agree};
use super::super::sweep::{Case, Place, Start, When, Whole, counts, hold};
use super::foreign::sent;
use super::side;

/// How far a write had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    BeforeIntent,
    AfterIntent,
    Sent,
    EffectBeforeAnswer,
    AnswerBeforeJournal,
    JournalBeforeVerify,
}

pub const POINTS: [Point; 6] = [
    Point::BeforeIntent,
    Point::AfterIntent,
    Point::Sent,
    Point::EffectBeforeAnswer,
    Point::AnswerBeforeJournal,
    Point::JournalBeforeVerify,
];

/// What dies: the page alone, which opens again at once, or the whole browser, whose person comes back after minutes
/// and signs in anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    Worker,
    Browser,
}

pub const DEATHS: [Death; 2] = [Death::Worker, Death::Browser];

/// Dies there, takes the run up, and holds the end against that of a run without a death.
pub fn judged(
    start: &Start,
    whole: &Whole,
    at: &Place,
    point: Point,
    death: Death,
) -> Result<(), String> {
    let mut bench = start.begun();
    let plan = bench.run.plan().expect("a plan is there").id.clone();
    let now = bench.now;
    bench.run.consent(&plan, now).expect("the plan is shown");
    if point == Point::Sent {
        let lost = Fault::new(FaultKind::DropBefore).org(&at.0);
        bench.world.fault(lost.on(&at.1, &at.2).nth(1));
    }
    if !reached(&bench, at, point) {
        bench.drive_until(|bench| reached(bench, at, point));
    }
    hold(reached(&bench, at, point), || {
        "the write is not reached".to_owned()
    })?;
    if matches!(point, Point::Sent | Point::EffectBeforeAnswer) {
        bench.begin();
    }
    bench.world.clear_faults();
    if death == Death::Browser {
        let later = bench.now + 300_000;
        bench.later(later);
    }
    bench.reopen();
    bench.drive();
    for _ in 0..RERUNS {
        bench.check();
        if counts(&bench) == whole.end {
            break;
        }
        agree(&mut bench);
    }
    let case = Case {
        start: 0,
        at: at.clone(),
        class: "crash",
        kind: FaultKind::DropBefore,
        when: When::Once,
    };
    case.always_holds(&bench, start, whole)?;
    hold(counts(&bench) == whole.end, || {
        format!("ends otherwise: {:#?}", bench.states())
    })
}

fn reached(bench: &Bench, at: &Place, point: Point) -> bool {
    let intent = bench.stored.iter().find(|entry| is_intent(entry, at));
    let asked = |fits: &dyn Fn(&Entry) -> bool| {
        let asks = bench.run.asks();
        asks.iter()
            .any(|ask| matches!(&ask.what, What::Store(entry) if fits(entry)))
    };
    let outcome = |entry: &Entry| match (&entry.event, intent) {
        (Event::Outcome { intent, .. }, Some(own)) => *intent == own.seq,
        _ => false,
    };
    match point {
        Point::BeforeIntent => asked(&|entry| is_intent(entry, at)),
        Point::AfterIntent => intent.is_some(),
        Point::Sent | Point::EffectBeforeAnswer => sent(bench, at).is_some(),
        Point::AnswerBeforeJournal => asked(&outcome),
        Point::JournalBeforeVerify => bench.stored.iter().any(outcome),
    }
}

/// Whether an entry is the intent of this write.
fn is_intent(entry: &Entry, (org, method, path): &Place) -> bool {
    let Event::Intent { call, .. } = &entry.event else {
        return false;
    };
    let own = okta::write_op(&call.op).map(|op| op.method.name());
    let address = call.address();
    let called = address.split('?').next().unwrap_or_default();
    own == Some(method) && called == path && row_side(&entry.key) == Some(side(org))
}

fn row_side(key: &str) -> Option<Side> {
    let id = key.split('/').next()?;
    let mut rows = procedures::ALL.iter().flat_map(|table| table.steps);
    rows.find(|row| row.id == id).map(|row| row.side)
}
