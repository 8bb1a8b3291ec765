//! The loop around the engine, with threads for calls and a file for the journal.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use org2org_core::run::creation::Creation;
use org2org_core::run::{Ask, Failure, Reply, Run, What};

use super::doors::Doors;
use super::journal::JournalFile;
use super::stop::Watch;
use crate::outcome::{Exit, Outcome, Trouble, notice};
use crate::progress::Line;

/// How often an org that fell silent is asked again, and after how long, before it is given up.
const MOST_SILENCES: u32 = 6;
const SILENCE: Duration = Duration::from_secs(10);
/// How often a waiting line says how long it still waits.
const TICK: Duration = Duration::from_secs(1);

/// The code of what a person stopped.
pub const STOPPED: &str = "stopped";

/// What wakes the loop.
pub(super) enum Came {
    /// An answer to an ask.
    Reply(u64, Reply),
    /// Ctrl-C.
    Stop,
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

/// What asks for calls and takes what came of them.
pub trait Driven {
    /// What may be done now.
    fn asks(&self) -> Vec<Ask>;
    /// Takes what came back for an ask.
    fn answer(&mut self, ask: u64, reply: Reply, now: u64);
    /// Sends nothing new.
    fn cancel(&mut self, now: u64);
    /// One line for a person who waits.
    fn status(&self) -> String;
}

macro_rules! driven {
    ($one:ty) => {
        impl Driven for $one {
            fn asks(&self) -> Vec<Ask> {
                <$one>::asks(self)
            }

            fn answer(&mut self, ask: u64, reply: Reply, now: u64) {
                <$one>::answer(self, ask, reply, now);
            }

            fn cancel(&mut self, now: u64) {
                <$one>::cancel(self, now);
            }

            fn status(&self) -> String {
                <$one>::status(self)
            }
        }
    };
}
driven!(Creation);
driven!(Run);

/// Drives until the engine rests. When it needs a person, everything in flight is waited for and
/// recorded first.
pub fn drive(run: &mut impl Driven, doors: &Doors, journal: &mut JournalFile) -> Outcome<()> {
    let (done, came) = mpsc::channel::<Came>();
    let _watch = Watch::begin(done.clone());
    let mut line = Line::start();
    let mut begun: BTreeSet<u64> = BTreeSet::new();
    let mut silences = 0;
    let mut stop: Option<Trouble> = None;
    loop {
        let asks = run.asks();
        if asks.is_empty() {
            return stop.map_or(Ok(()), Err);
        }
        if let Some(reply) = store(&asks, journal) {
            run.answer(reply.0, reply.1, now());
            continue;
        }
        let mut until = None;
        let mut person = None;
        for ask in &asks {
            match &ask.what {
                What::Send { side, call, .. } if begun.insert(ask.id) => {
                    let (door, call, done) =
                        (doors.of(*side).ok().cloned(), call.clone(), done.clone());
                    let id = ask.id;
                    thread::spawn(move || {
                        let closed = Reply::Failed(Failure::NotSent);
                        done.send(Came::Reply(
                            id,
                            door.map_or(closed, |door| door.send(&call)),
                        ))
                    });
                }
                What::Wait { until: at } => {
                    until = Some(
                        until.map_or((*at, ask.id), |first: (u64, u64)| first.min((*at, ask.id))),
                    );
                }
                What::Person(pause) => person = Some((ask.id, pause.clone())),
                _ => {}
            }
        }
        let in_flight = asks.iter().any(|ask| matches!(ask.what, What::Send { .. }));
        if let (Some((id, pause)), false) = (&person, in_flight) {
            if pause.code == "org-silent" && silences < MOST_SILENCES {
                silences += 1;
                line.clear();
                notice(&format!("{} Trying again.", pause.text));
                thread::sleep(SILENCE);
                run.answer(*id, Reply::Done, now());
                continue;
            }
            stop = Some(Trouble {
                code: pause.code.to_owned(),
                what: pause.text.clone(),
                hint: "What was done is in the journal; run the command again to go on.".to_owned(),
                exit: Exit::Unknown,
            });
            run.cancel(now());
            if run
                .asks()
                .iter()
                .any(|ask| matches!(ask.what, What::Person(_)))
            {
                return stop.map_or(Ok(()), Err);
            }
            continue;
        }
        line.tell(|| told(run, until.filter(|_| !in_flight)));
        let next = match (until, in_flight) {
            (Some((at, id)), _) => next_before(&came, at, Came::Reply(id, Reply::Waited)),
            (None, true) => match came.recv() {
                Ok(next) => next,
                Err(_) => continue,
            },
            (None, false) => continue,
        };
        match next {
            Came::Reply(id, reply) => run.answer(id, reply, now()),
            Came::Stop => {
                line.clear();
                notice(
                    "Stopping: what is on its way is waited for. Press Ctrl-C again to end at once.",
                );
                stop = Some(stopped());
                run.cancel(now());
            }
        }
    }
}

/// What comes next, or the end of a wait. That is said before its time, too: an engine takes note of
/// a clock that was set back when it is told the time, and asks for what is left of the wait.
pub fn next_before<T>(came: &mpsc::Receiver<T>, at: u64, waited: T) -> T {
    let left = Duration::from_millis(at.saturating_sub(now()));
    came.recv_timeout(left.min(TICK)).unwrap_or(waited)
}

fn told(run: &impl Driven, waits: Option<(u64, u64)>) -> String {
    let left = waits.map(|(until, _)| until.saturating_sub(now()).div_ceil(1000));
    match left.filter(|seconds| *seconds > 1) {
        Some(seconds) => format!("{}; waits {seconds} s for the orgs' limits", run.status()),
        None => run.status(),
    }
}

fn stopped() -> Trouble {
    Trouble {
        code: STOPPED.to_owned(),
        what: "stopped as you asked; nothing more is sent".to_owned(),
        hint: "What was done is in the journal; run the command again to go on.".to_owned(),
        exit: Exit::Unknown,
    }
}

fn store(asks: &[Ask], journal: &mut JournalFile) -> Option<(u64, Reply)> {
    asks.iter().find_map(|ask| match &ask.what {
        What::Store(entry) => Some((
            ask.id,
            journal
                .store(entry)
                .map_or_else(Reply::NotStored, |()| Reply::Stored),
        )),
        _ => None,
    })
}
