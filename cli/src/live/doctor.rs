//! `org2org doctor`, `test-user` and `timeline`: examinations of a link, of one person's way, and of what happened.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use org2org_core::doctor::joined::{self, About, Joined};
use org2org_core::doctor::trial::{self, How, Trial};
use org2org_core::doctor::{Examination, Hub, Shelf, Start, Wished};
use org2org_core::explain::seen;
use org2org_core::org::OrgUrl;
use org2org_core::rights::Advice;
use org2org_core::run::{Org, Pair, Plan, Reply, RunError, Side, What};
use serde_json::{Value, json};

use super::doors::doors;
use super::drive::{next_before, now};
use super::fleet::Fleet;
use super::http::Door;
use super::who;
use crate::arguments::{
    DoctorArguments, Format, ListFormat, TestUserArguments, TimelineArguments, Two,
};
use crate::outcome::{Exit, Outcome, Trouble, print, report};

/// Calls that tell who an org is: of a client it tells nothing more than the token does.
fn introduction(org: &Org) -> usize {
    if org.is_by_client() { 2 } else { 3 }
}

/// Prints what is wrong. Exit 1 when something is, 3 when something is not known.
pub fn doctor(arguments: &DoctorArguments) -> Outcome<Exit> {
    let mut ward = Ward::default();
    let several = match &arguments.wish {
        Some(wish) => ward.by_wish(wish, arguments)?,
        None => ward.by_orgs(arguments)?,
    };
    ward.show(several, arguments)?;
    Ok(ward.exit())
}

/// What was examined, and what is to be told of it.
#[derive(Default)]
struct Ward {
    hub: Hub,
    shelf: Shelf,
    unsure: bool,
    advice: Vec<(String, Advice)>,
    wished: Vec<(String, Wished, Option<Plan>)>,
}

impl Ward {
    /// Examines the orgs that are given. Gives whether there are several.
    fn by_orgs(&mut self, arguments: &DoctorArguments) -> Outcome<bool> {
        let target = OrgUrl::parse(&arguments.orgs.target)?;
        let mut sources: Vec<OrgUrl> = Vec::new();
        for source in &arguments.orgs.source {
            let source = OrgUrl::parse(source)?;
            if sources.contains(&source) {
                return Err(twice(&source));
            }
            sources.push(source);
        }
        let mut orgs: Vec<(&OrgUrl, Side)> =
            sources.iter().map(|org| (org, Side::Source)).collect();
        orgs.push((&target, Side::Target));
        let mut ways = doors(&orgs, &arguments.orgs.credentials(), &arguments.orgs.reach)?;
        let Some(into_target) = ways.pop() else {
            return Ok(false);
        };
        let hub = who(&into_target, &target)?;
        for (source, way) in sources.iter().zip(&ways) {
            let pair = who(way, source).and_then(|org| Ok(Pair::new(org, hub.clone())?));
            match pair {
                Ok(pair) => drop(self.examine(pair, way, &into_target, arguments.whole)),
                // One spoke that cannot be examined does not stop the others.
                Err(trouble) if sources.len() > 1 => {
                    report(&trouble);
                    self.unsure = true;
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(sources.len() > 1)
    }

    /// Examines the orgs of a wish, and compares with what it asks.
    fn by_wish(&mut self, wish: &Path, arguments: &DoctorArguments) -> Outcome<bool> {
        let fleet = Fleet::open(wish, &arguments.orgs, None)?;
        for spoke in &fleet.spokes {
            let Ok(live) = &spoke.live else {
                self.unsure = true;
                continue;
            };
            let (source, target) = (live.doors.of(Side::Source)?, live.doors.of(Side::Target)?);
            let exam = self.examine(live.run.pair().clone(), source, target, arguments.whole);
            let (Some(report), Some(plan)) = (exam.report(), live.run.plan()) else {
                self.unsure = true;
                continue;
            };
            let wished = Wished::of(report, live.run.wish(), &live.run.timeline(), plan);
            let plan = Some(plan.clone()).filter(|plan| arguments.plan && !plan.items.is_empty());
            let host = spoke.source.host().to_owned();
            self.wished.push((host, wished, plan));
        }
        Ok(fleet.spokes.len() > 1)
    }

    fn examine(&mut self, pair: Pair, source: &Door, target: &Door, whole: bool) -> Examination {
        let introduced = if self.shelf.is_empty() {
            introduction(&pair.target)
        } else {
            0
        };
        let start = Start {
            whole,
            introduced: Some([introduction(&pair.source), introduced]),
            ..Start::default()
        };
        let host = pair.source.url.host().to_owned();
        let mut exam = Examination::new(pair, start, &self.shelf, now());
        drive(&mut exam, |side| match side {
            Side::Source => source,
            Side::Target => target,
        });
        self.hub.add(&exam);
        self.shelf = exam.shelf();
        self.advice
            .extend(exam.advice().map(|advice| (host, advice)));
        exam
    }

    fn show(&self, several: bool, arguments: &DoctorArguments) -> Outcome<()> {
        let one = self.hub.reports().next().filter(|_| !several);
        let command = |source: &str| plan_command(arguments, source);
        let mut notes = String::new();
        for (source, advice) in &self.advice {
            let head = if several {
                format!("== {source}\n")
            } else {
                String::new()
            };
            notes.push_str(&format!("\n{head}{}", advice.text()));
        }
        for (source, wished, plan) in &self.wished {
            let head = if several {
                format!("== {source}\n")
            } else {
                String::new()
            };
            notes.push_str(&format!("\n{head}{}", wished.text(&command(source))));
            if let Some(plan) = plan {
                notes.push_str(&format!("\n{}\nplan {}\n", plan.text().trim_end(), plan.id));
            }
        }
        let text = |text: String| format!("{}\n{notes}", text.trim_end());
        let marked = |text: String| format!("{}\n\n```text{notes}```\n", text.trim_end());
        let json = |value: Value| format!("{:#}", self.json(value, several, &command));
        print(&match (arguments.format, one) {
            (ListFormat::Text, Some(one)) => text(one.text()),
            (ListFormat::Text, None) => text(self.hub.text()),
            (ListFormat::Json, Some(one)) => json(one.json()),
            (ListFormat::Json, None) => json(self.hub.json()),
            (ListFormat::Markdown, Some(one)) => marked(one.markdown()),
            (ListFormat::Markdown, None) => marked(self.hub.markdown()),
        })
    }

    fn json(&self, mut value: Value, several: bool, command: &dyn Fn(&str) -> String) -> Value {
        let advice = self.advice.iter().map(|(source, advice)| {
            let advice = json!(advice);
            if several {
                json!({"source": source, "advice": advice})
            } else {
                advice
            }
        });
        let wished = self.wished.iter().map(|(source, wished, plan)| {
            let mut value = wished.json(&command(source));
            if let (Value::Object(members), Some(plan)) = (&mut value, plan) {
                members.insert("planned".to_owned(), json!(plan));
            }
            if several {
                json!({"source": source, "wish": value})
            } else {
                value
            }
        });
        let alone = |mut all: Vec<Value>| match several {
            true => Value::Array(all),
            false => all.pop().unwrap_or_default(),
        };
        if let Value::Object(members) = &mut value {
            members.insert("advice".to_owned(), alone(advice.collect()));
            if !self.wished.is_empty() {
                members.insert("wish".to_owned(), alone(wished.collect()));
            }
        }
        value
    }

    // By a wish, what it wants as it is is no finding.
    fn exit(&self) -> Exit {
        let ill = match self.wished.is_empty() {
            true => self.hub.is_ill(),
            false => self.wished.iter().any(|(_, wished, _)| wished.is_ill()),
        };
        let unsure = self.wished.iter().any(|(_, wished, _)| wished.is_unsure());
        match (self.unsure || unsure || self.hub.is_unsure(), ill) {
            (true, _) => Exit::Unknown,
            (_, true) => Exit::Findings,
            _ => Exit::Done,
        }
    }
}

fn plan_command(arguments: &DoctorArguments, source: &str) -> String {
    let wish = arguments.wish.as_deref().unwrap_or(Path::new(""));
    let (wish, target) = (seen(&wish.display().to_string()), &arguments.orgs.target);
    format!("org2org plan --wish {wish} --source https://{source} --target {target}")
}

/// Prints where one person's way ends. Exit 1 when it does, 3 when that is not known.
pub fn test_user(arguments: &TestUserArguments) -> Outcome<Exit> {
    let exam = examine_two(&arguments.orgs, |pair| {
        let start = start(&pair, 0);
        trial::examine(pair, &arguments.login, start, now())
    })?;
    let Some(report) = exam.report() else {
        return Ok(Exit::Unknown);
    };
    let trial = Trial::of(report);
    print(&match arguments.format {
        Format::Text => trial.text(),
        Format::Json => format!("{:#}", trial.json()),
    })?;
    let mut stages = trial.stages.iter();
    Ok(match trial.ends() {
        None => Exit::Done,
        Some(_) if stages.any(|one| matches!(one.how, How::Unknown(_))) => Exit::Unknown,
        Some(_) => Exit::Findings,
    })
}

/// Prints what both System Logs say of one person or group. Exit 1 when something failed or there
/// is nothing to join, 3 when a log is not known.
pub fn timeline(arguments: &TimelineArguments) -> Outcome<Exit> {
    let (about, name) = match (&arguments.login, &arguments.group) {
        (Some(login), _) => (About::Person, login),
        (None, Some(group)) => (About::Group, group),
        (None, None) => return Ok(Exit::Usage),
    };
    let exam = examine_two(&arguments.orgs, |pair| {
        let start = start(&pair, arguments.days);
        joined::examine(pair, about, name, start, now())
    })?;
    let Some(joined) = Joined::of(&exam, about) else {
        return Ok(Exit::Unknown);
    };
    print(&match arguments.format {
        Format::Text => joined.text(),
        Format::Json => format!("{:#}", joined.json()),
    })?;
    Ok(
        match (joined.unknown.is_empty(), joined.nothing.is_empty()) {
            (false, _) => Exit::Unknown,
            (true, true) if !joined.has_failures() => Exit::Done,
            _ => Exit::Findings,
        },
    )
}

fn start(pair: &Pair, days: u32) -> Start {
    Start {
        introduced: Some([&pair.source, &pair.target].map(introduction)),
        days,
        ..Start::default()
    }
}

/// Opens both orgs and drives an examination of them to its end.
fn examine_two(orgs: &Two, begin: impl FnOnce(Pair) -> Examination) -> Outcome<Examination> {
    let (source, target) = (OrgUrl::parse(&orgs.source)?, OrgUrl::parse(&orgs.target)?);
    let named = [(&source, Side::Source), (&target, Side::Target)];
    let ways = doors(&named, &orgs.credentials(), &orgs.reach)?;
    let [into_source, into_target] = ways.as_slice() else {
        return Err(RunError::Busy.into());
    };
    let pair = Pair::new(who(into_source, &source)?, who(into_target, &target)?)?;
    let mut exam = begin(pair);
    drive(&mut exam, |side| match side {
        Side::Source => into_source,
        Side::Target => into_target,
    });
    Ok(exam)
}

fn twice(source: &OrgUrl) -> Trouble {
    Trouble {
        code: "source-twice".to_owned(),
        what: format!("`{}` is given twice", source.host()),
        hint: "Name each source once.".to_owned(),
        exit: Exit::Usage,
    }
}

/// Drives until the report is there. Where a person would have to help, the rest is unknown.
fn drive<'d>(exam: &mut Examination, way: impl Fn(Side) -> &'d Door) {
    let (done, came) = mpsc::channel::<(u64, Reply)>();
    let mut begun: BTreeSet<u64> = BTreeSet::new();
    while exam.report().is_none() {
        let asks = exam.asks();
        let mut in_flight = false;
        let mut until: Option<(u64, u64)> = None;
        let mut person = None;
        for ask in &asks {
            match &ask.what {
                What::Send { side, call, .. } => {
                    in_flight = true;
                    if begun.insert(ask.id) {
                        let (door, call, done) = (way(*side).clone(), call.clone(), done.clone());
                        let id = ask.id;
                        thread::spawn(move || done.send((id, door.send(&call))));
                    }
                }
                What::Wait { until: at } => {
                    let next = (*at, ask.id);
                    until = Some(until.map_or(next, |first| first.min(next)));
                }
                What::Person(pause) => person = Some(pause.text.clone()),
                What::Store(_) => {}
            }
        }
        let answer = match (in_flight, person, until) {
            (false, Some(why), _) => {
                exam.give_up(&why);
                continue;
            }
            (_, _, Some((at, id))) => next_before(&came, at, (id, Reply::Waited)),
            (true, _, None) => match came.recv() {
                Ok(answer) => answer,
                Err(_) => continue,
            },
            (false, None, None) => {
                exam.give_up("nothing is under way any more");
                continue;
            }
        };
        exam.answer(answer.0, answer.1, now());
    }
}
