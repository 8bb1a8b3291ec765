//! `org2org doctor`, `test-user` and `timeline`: examinations of a link, of one person's way, and of what happened.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use org2org_core::doctor::joined::{self, About, Joined};
use org2org_core::doctor::trial::{self, How, Trial};
use org2org_core::doctor::{Examination, Hub, Shelf, Start};
use org2org_core::org::OrgUrl;
use org2org_core::run::{Org, Pair, Reply, RunError, Side, What};

use super::drive::now;
use super::http::{Door, doors};
use super::who;
use crate::arguments::{
    DoctorArguments, Format, ListFormat, TestUserArguments, TimelineArguments, Two,
};
use crate::outcome::{Exit, Outcome, Trouble, print, report};

/// Calls that tell who an org is.
const INTRODUCTION: usize = 3;

/// Prints what is wrong. Exit 1 when something is, 3 when something is not known.
pub fn doctor(arguments: &DoctorArguments) -> Outcome<Exit> {
    let target = OrgUrl::parse(&arguments.target)?;
    let mut sources: Vec<OrgUrl> = Vec::new();
    for source in &arguments.source {
        let source = OrgUrl::parse(source)?;
        if sources.contains(&source) {
            return Err(twice(&source));
        }
        sources.push(source);
    }
    let mut orgs: Vec<(&OrgUrl, &str)> = sources.iter().map(|org| (org, "source")).collect();
    orgs.push((&target, "target"));
    let files = arguments.source_token_file.iter();
    let files: Vec<_> = files
        .chain(&arguments.target_token_file)
        .map(AsRef::as_ref)
        .collect();
    let mut ways = doors(&orgs, &files, &arguments.reach)?;
    let Some(into_target) = ways.pop() else {
        return Ok(Exit::Usage);
    };
    let hub_org = who(&into_target, &target)?;
    let mut hub = Hub::default();
    let mut shelf = Shelf::default();
    let mut unsure = false;
    for (source, way) in sources.iter().zip(&ways) {
        match examine(source, way, &hub_org, &into_target, arguments.whole, &shelf) {
            Ok(exam) => {
                hub.add(&exam);
                shelf = exam.shelf();
            }
            // One spoke that cannot be examined does not stop the others.
            Err(trouble) if sources.len() > 1 => {
                report(&trouble);
                unsure = true;
            }
            Err(trouble) => return Err(trouble),
        }
    }
    show(&hub, sources.len() > 1, arguments.format)?;
    Ok(match (unsure || hub.is_unsure(), hub.is_ill()) {
        (true, _) => Exit::Unknown,
        (_, true) => Exit::Findings,
        _ => Exit::Done,
    })
}

/// Prints where one person's way ends. Exit 1 when it does, 3 when that is not known.
pub fn test_user(arguments: &TestUserArguments) -> Outcome<Exit> {
    let exam = examine_two(&arguments.orgs, |pair| {
        trial::examine(pair, &arguments.login, start(0), now())
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
        joined::examine(pair, about, name, start(arguments.days), now())
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

fn start(days: u32) -> Start {
    Start {
        introduced: Some([INTRODUCTION; 2]),
        days,
        ..Start::default()
    }
}

/// Opens both orgs and drives an examination of them to its end.
fn examine_two(orgs: &Two, begin: impl FnOnce(Pair) -> Examination) -> Outcome<Examination> {
    let (source, target) = (OrgUrl::parse(&orgs.source)?, OrgUrl::parse(&orgs.target)?);
    let files = [&orgs.source_token_file, &orgs.target_token_file];
    let files: Vec<_> = files.into_iter().flatten().map(AsRef::as_ref).collect();
    let named = [(&source, "source"), (&target, "target")];
    let ways = doors(&named, &files, &orgs.reach)?;
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

fn show(hub: &Hub, several: bool, format: ListFormat) -> Outcome<()> {
    let one = hub.reports().next().filter(|_| !several);
    print(&match (format, one) {
        (ListFormat::Text, Some(one)) => one.text(),
        (ListFormat::Text, None) => hub.text(),
        (ListFormat::Json, Some(one)) => format!("{:#}", one.json()),
        (ListFormat::Json, None) => format!("{:#}", hub.json()),
        (ListFormat::Markdown, Some(one)) => one.markdown(),
        (ListFormat::Markdown, None) => hub.markdown(),
    })
}

fn examine(
    source: &OrgUrl,
    into_source: &Door,
    target: &Org,
    into_target: &Door,
    whole: bool,
    shelf: &Shelf,
) -> Outcome<Examination> {
    let pair = Pair::new(who(into_source, source)?, target.clone())?;
    let first = shelf.is_empty();
    let start = Start {
        whole,
        introduced: Some([INTRODUCTION, if first { INTRODUCTION } else { 0 }]),
        ..Start::default()
    };
    let mut exam = Examination::new(pair, start, shelf, now());
    drive(&mut exam, |side| match side {
        Side::Source => into_source,
        Side::Target => into_target,
    });
    Ok(exam)
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
            (_, _, Some((at, id))) => {
                let left = Duration::from_millis(at.saturating_sub(now()));
                came.recv_timeout(left).unwrap_or((id, Reply::Waited))
            }
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
