//! What must hold after every run, judged by one who sees the lab from inside: the invariants I1 to I10.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use org2org_core::procedures;
use org2org_core::run::journal::Event;
use org2org_core::run::{Entry, Side};
use org2org_tests::{Bench, difference};
use serde_json::Value;

use super::laws::things;
use super::schedules::RERUNS;

/// An invariant that does not hold, and how.
#[derive(Debug)]
pub struct Broken {
    /// Its name, as in `I1 no duplicates`.
    pub law: &'static str,
    /// What was seen instead.
    pub what: String,
}

type Held = Result<(), Broken>;

fn hold(law: &'static str, holds: bool, what: impl FnOnce() -> String) -> Held {
    match holds {
        true => Ok(()),
        false => Err(Broken { law, what: what() }),
    }
}

/// What was seen of the orgs in one schedule, with how many effects they had had by then: as long as there are no more,
/// another look would see the same.
#[derive(Default)]
pub struct Looked {
    /// The state that holds.
    dump: Option<(usize, Value)>,
    /// When a fresh look last agreed with a run that said "proven".
    proven: Option<usize>,
}

impl Looked {
    fn at(&self) -> Option<usize> {
        self.dump.as_ref().map(|(effects, _)| *effects)
    }

    fn dump(&mut self, bench: &Bench) -> &Value {
        let effects = bench.world.effects().len();
        if self.at() != Some(effects) {
            self.dump = None;
        }
        &self
            .dump
            .get_or_insert_with(|| (effects, bench.world.dump()))
            .1
    }
}

/// What was there before: as one text, which holds every id, and as its texts, most of which come back as they were.
struct Known {
    whole: String,
    texts: HashSet<String>,
}

impl Known {
    fn of(dump: &Value) -> Known {
        fn collect(value: &Value, texts: &mut HashSet<String>) {
            match value {
                Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
                Value::Object(members) => {
                    texts.extend(members.keys().cloned());
                    members.values().for_each(|member| collect(member, texts));
                }
                Value::String(text) => drop(texts.insert(text.clone())),
                _ => {}
            }
        }
        let mut texts = HashSet::new();
        collect(dump, &mut texts);
        Known {
            whole: dump.to_string(),
            texts,
        }
    }
}

/// What a run without faults did.
pub struct Oracle {
    before: Value,
    known: Known,
    things: BTreeMap<String, usize>,
    end: Value,
    /// Requests of the longest script of a schedule, when no fault comes.
    requests: usize,
}

impl Oracle {
    pub fn of_a_run_without_faults() -> Oracle {
        let mut bench = Bench::fresh();
        let before = bench.world.dump();
        let known = Known::of(&before);
        bench.drive();
        bench.apply();
        let requests = requests_of_the_longest_script();
        Oracle {
            end: plain(&bench.world.dump(), &known),
            things: things(&bench.world.dump()),
            requests,
            before,
            known,
        }
    }

    /// For a test of the tests: an end that no run reaches.
    pub fn expect_another_end(&mut self) {
        self.end = Value::Null;
    }

    /// What holds whatever happened so far, told from the state of the orgs. What is told from logs, which only
    /// grow, is judged once, at the end.
    pub fn at_any_time(&self, bench: &Bench, looked: &mut Looked) -> Held {
        let before = looked.at();
        let dump = looked.dump(bench);
        if before != Some(bench.world.effects().len()) {
            self.no_duplicates(dump)?;
            self.nothing_foreign_touched(dump)?;
        }
        self.no_lie(bench, looked)
    }

    fn logs_hold(&self, bench: &Bench) -> Held {
        self.evidence(bench)?;
        self.no_secret_at_rest(bench)?;
        self.right_org(bench)
    }

    /// What holds when the faults have ended and the run was taken up again.
    pub fn converged(&self, bench: &Bench, looked: &mut Looked) -> Held {
        self.at_any_time(bench, looked)?;
        hold("I3 convergence", bench.run.is_proven(), || {
            format!("not proven: {:#?}", bench.states())
        })?;
        let apart = difference(&plain(looked.dump(bench), &self.known), &self.end);
        hold("I3 convergence", apart.is_none(), || {
            apart.clone().unwrap_or_default()
        })?;
        self.bounded(bench)
    }

    /// I10: applying a converged plan sends no write.
    pub fn changed_nothing(&self, bench: &Bench, writes: usize) -> Held {
        hold("I10 zero-change re-run", bench.writes() == writes, || {
            let more = bench.writes() - writes;
            format!("{more} writes of a plan with nothing left to do")
        })
    }

    /// I5: both orgs are as before the first write.
    pub fn undone(&self, bench: &Bench, looked: &mut Looked) -> Held {
        let left = bench.run.left();
        let apart = difference(looked.dump(bench), &self.before);
        hold(
            "I5 undo exactness",
            left.is_empty() && apart.is_none(),
            || format!("{apart:?}, left: {left:?}"),
        )?;
        self.logs_hold(bench)
    }

    fn no_duplicates(&self, dump: &Value) -> Held {
        let seen = things(dump);
        let wanted = |name: &String| self.things.get(name).copied().unwrap_or_default();
        let twice = seen.iter().find(|(name, count)| **count > wanted(name));
        hold("I1 no duplicates", twice.is_none(), || format!("{twice:?}"))
    }

    /// Whatever was there before is there as it was; new members of what a step adds to are not its loss.
    fn nothing_foreign_touched(&self, dump: &Value) -> Held {
        let lost = lost(&self.before, dump);
        hold("I2 nothing foreign touched", lost.is_none(), || {
            lost.clone().unwrap_or_default()
        })
    }

    /// Every effect in the orgs' own log has an intent that was stored before.
    fn evidence(&self, bench: &Bench) -> Held {
        let intents: BTreeMap<(String, String), u64> = intents(bench)
            .map(|(entry, method, path)| ((method, path), entry.at))
            .rev()
            .collect();
        let effects = bench.world.effects().iter();
        let unproven = effects
            .filter(|effect| effect.path.starts_with("/api/"))
            .find(|effect| {
                let intent = intents.get(&(effect.method.clone(), effect.path.clone()));
                intent.is_none_or(|at| *at > effect.at_ms)
            });
        hold("I4 evidence", unproven.is_none(), || {
            format!("no intent before {unproven:?}")
        })?;
        hold("I4 evidence", bench.unbacked.is_empty(), || {
            format!("sent before the intent was stored: {:?}", bench.unbacked)
        })
    }

    /// "Proven" is said only when a fresh look at the orgs says the same.
    fn no_lie(&self, bench: &Bench, looked: &mut Looked) -> Held {
        let effects = bench.world.effects().len();
        if !bench.run.is_proven() || looked.proven == Some(effects) {
            return Ok(());
        }
        looked.proven = Some(effects);
        let mut world = bench.world.clone();
        world.clear_faults();
        let mut second = Bench::over(world);
        second.now = bench.now + 120_000;
        second.check();
        hold("I6 no lie", second.run.is_proven(), || {
            format!("said proven: {:#?}", second.states())
        })
    }

    fn no_secret_at_rest(&self, bench: &Bench) -> Held {
        let stored = bench.run.stored().text();
        let mut canaries = bench.secrets();
        canaries.extend(["ada@acme", "grace@acme", "-----BEGIN"].map(str::to_owned));
        let found = canaries.iter().find(|canary| stored.contains(*canary));
        hold("I7 no secret at rest", found.is_none(), || {
            format!("{found:?}")
        })
    }

    /// No more than three times the requests of the same script without faults.
    fn bounded(&self, bench: &Bench) -> Held {
        let (asked, most) = (bench.world.requests().len(), 3 * self.requests);
        hold("I8 bounded", asked <= most, || {
            format!("{asked} requests, more than {most}")
        })
    }

    /// Each request went to an org of the pair, and each write to the org in which its step stands.
    fn right_org(&self, bench: &Bench) -> Held {
        let sides: BTreeMap<&str, Side> = procedures::steps()
            .map(|step| (step.id, step.side))
            .collect();
        let meant: BTreeSet<(&str, String, String)> = intents(bench)
            .filter_map(|(entry, method, path)| {
                let step = entry.key.split('/').next().unwrap_or_default();
                let org = match sides.get(step)? {
                    Side::Source => "acme",
                    Side::Target => "hub",
                };
                Some((org, method, path))
            })
            .collect();
        let fits = |request: &&org2org_lab::Logged| {
            let host = request.host == format!("{}-admin.okta.com", request.org);
            let own = ["acme", "hub"].contains(&request.org.as_str()) && host;
            let asked = (
                request.org.as_str(),
                request.method.clone(),
                request.path.clone(),
            );
            own && (request.method == "GET" || meant.contains(&asked))
        };
        let outside = bench.world.requests().iter();
        let astray = outside
            .filter(|request| request.from.is_none())
            .find(|request| !fits(request));
        hold("I9 right org", astray.is_none(), || format!("{astray:?}"))
    }
}

fn requests_of_the_longest_script() -> usize {
    let mut bench = Bench::fresh();
    bench.drive();
    bench.apply();
    bench.apply();
    bench.reopen();
    bench.drive();
    for _ in 0..RERUNS {
        bench.check();
        bench.apply();
    }
    bench.world.requests().len()
}

/// The intents that were stored, with method and path of their calls.
fn intents(bench: &Bench) -> impl DoubleEndedIterator<Item = (&Entry, String, String)> {
    bench.stored.iter().filter_map(|entry| match &entry.event {
        Event::Intent { call, .. } => {
            let method = org2org_core::okta::write_op(&call.op)?.method.name();
            let address = call.address();
            let path = address.split('?').next().unwrap_or_default();
            Some((entry, method.to_owned(), path.to_owned()))
        }
        _ => None,
    })
}

/// The first place at which something of `before` is gone or another in `after`.
fn lost(before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before.iter().find_map(|(name, value)| {
            let seen = after.get(name).unwrap_or(&Value::Null);
            lost(value, seen).map(|below| format!("/{name}{below}"))
        }),
        _ if before == after => None,
        _ => Some(format!(": {before} became {after}")),
    }
}

/// A dump without what differs from run to run: objects made since are named by kind and name, and what else is
/// random in them is taken out.
fn plain(dump: &Value, known: &Known) -> Value {
    let mut names: Vec<(String, String)> = Vec::new();
    for org in dump.as_object().into_iter().flat_map(|orgs| orgs.values()) {
        for kind in ["apps", "groups", "idps"] {
            for (id, object) in org[kind].as_object().into_iter().flatten() {
                let name = object["label"].as_str().or(object["name"].as_str());
                names.push((id.clone(), format!("{kind} {}", name.unwrap_or_default())));
            }
        }
    }
    names.retain(|(id, _)| !known.whole.contains(id));
    renamed(dump, &names, known)
}

/// Length of an id.
const ID: usize = 20;

fn renamed(value: &Value, names: &[(String, String)], known: &Known) -> Value {
    let text = |text: &str| {
        // What was there before holds no id that is new.
        if text.len() < ID || known.texts.contains(text) {
            return text.to_owned();
        }
        let text = names
            .iter()
            .fold(text.to_owned(), |text, (id, name)| text.replace(id, name));
        without_chance(&text, &known.whole)
    };
    match value {
        Value::Array(items) => items.iter().map(|v| renamed(v, names, known)).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let sorted: BTreeMap<String, Value> = members
                .map(|(name, value)| (text(name), renamed(value, names, known)))
                .collect();
            sorted.into_iter().collect()
        }
        Value::String(own) => Value::from(text(own)),
        other => other.clone(),
    }
}

/// The text with every long word in it that was not there before replaced: ids, key ids, certificates.
fn without_chance(text: &str, known: &str) -> String {
    if text.len() < ID || known.contains(text) {
        return text.to_owned();
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    let is_id = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    if text.len() > 200 && text.chars().all(is_word) {
        return "(new)".to_owned();
    }
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if is_id(c) {
            word.push(c);
            continue;
        }
        match word.len() >= ID && !known.contains(&word) {
            true => out.push_str("(new)"),
            false => out.push_str(&word),
        }
        word.clear();
        out.push(c);
    }
    out.truncate(out.len() - 1);
    out
}
