//! The sources of a wish, each with its run, its journal and its wave.

use std::path::{Path, PathBuf};

use org2org_core::explain::seen;
use org2org_core::org::OrgUrl;
use org2org_core::procedures;
use org2org_core::run::timeline::StepState;
use org2org_core::run::waves::waves;
use org2org_core::run::{Org, Pair, Plan, Run, Side};

use super::doors::{Doors, doors};
use super::drive::{STOPPED, drive, now};
use super::http::Door;
use super::journal::{JournalFile, beside};
use super::{Plans, who, wish};
use crate::arguments::Orgs;
use crate::outcome::{Exit, Outcome, Trouble, notice, report};
use crate::wish::{Part, WishFile, read};

/// A run with all that drives it.
pub struct Live {
    /// The engine.
    pub run: Run,
    /// The ways into both orgs.
    pub doors: Doors,
    /// Its journal.
    pub journal: JournalFile,
}

/// One source.
pub struct Spoke {
    /// Its address.
    pub source: OrgUrl,
    /// Whether it goes first.
    pub pilot: bool,
    /// Its run, or why there is none.
    pub live: Outcome<Live>,
}

/// All of them.
pub struct Fleet {
    /// In the order of the wish.
    pub spokes: Vec<Spoke>,
    /// Address of the target.
    pub target: OrgUrl,
    /// Whether the wish names its sources.
    pub several: bool,
}

/// What is wanted of one source.
pub struct Wanted {
    /// The source.
    pub source: OrgUrl,
    /// Whether it goes first.
    pub pilot: bool,
    /// What is wanted.
    pub wish: WishFile,
}

/// The sources of a wish, or those of them that are asked for. A wish that names none is for the
/// one that is.
pub fn wanted(parts: Vec<Part>, asked: &[String]) -> Outcome<(Vec<Wanted>, bool)> {
    let asked: Vec<OrgUrl> = asked
        .iter()
        .map(|source| OrgUrl::parse(source))
        .collect::<Result<_, _>>()?;
    let usage = |what: String, hint: &str| Trouble {
        code: "wish-source".to_owned(),
        what,
        hint: hint.to_owned(),
        exit: Exit::Usage,
    };
    let mut all = Vec::new();
    for part in parts {
        let (source, pilot) = match (part.source, asked.as_slice()) {
            (Some(source), _) => (source, part.pilot),
            (None, [source]) => {
                let (source, wish) = (source.clone(), part.wish);
                let pilot = false;
                let only = Wanted {
                    source,
                    pilot,
                    wish,
                };
                return Ok((vec![only], false));
            }
            (None, _) => {
                return Err(usage(
                    format!("the wish names no source, and {} are given", asked.len()),
                    "Give one --source, or write a [[spoke]] with its source for each.",
                ));
            }
        };
        let wish = part.wish;
        all.push(Wanted {
            source,
            pilot,
            wish,
        });
    }
    let named = |one: &OrgUrl| all.iter().any(|part: &Wanted| part.source == *one);
    if let Some(strange) = asked.iter().find(|one| !named(one)) {
        return Err(usage(
            format!("`{}` is no source of the wish", strange.host()),
            "Name one that stands in the wish, or leave --source out.",
        ));
    }
    all.retain(|part| asked.is_empty() || asked.contains(&part.source));
    Ok((all, true))
}

impl Fleet {
    /// Opens the orgs, takes up the journals and reads everything once. One source that cannot be
    /// read does not stop the others.
    pub fn open(file: &Path, orgs: &Orgs, journal: Option<&Path>) -> Outcome<Fleet> {
        let (parts, several) = wanted(read(file)?, &orgs.source)?;
        let target = OrgUrl::parse(&orgs.target)?;
        if several && journal.is_some() {
            return Err(Trouble {
                code: "journal-of-several".to_owned(),
                what: "--journal is one file, and each source has a journal of its own".to_owned(),
                hint: "Leave it out: the journals are kept beside the wish.".to_owned(),
                exit: Exit::Usage,
            });
        }
        let mut named: Vec<(&OrgUrl, Side)> = parts
            .iter()
            .map(|part| (&part.source, Side::Source))
            .collect();
        named.push((&target, Side::Target));
        let mut ways = doors(&named, &orgs.credentials(), &orgs.reach)?;
        let Some(into_target) = ways.pop() else {
            return Ok(Fleet {
                spokes: Vec::new(),
                several,
                target,
            });
        };
        let hub = who(&into_target, &target)?;
        let mut spokes = Vec::new();
        for (part, into_source) in parts.into_iter().zip(ways) {
            let doors = Doors {
                source: Some(into_source),
                target: Some(into_target.clone()),
            };
            let own = several.then_some(&part.source);
            let journal = journal.map_or_else(|| beside(file, own), Path::to_owned);
            let live = open(&part, &hub, doors, journal);
            let live = match live {
                Err(trouble) if !several || trouble.code == STOPPED => return Err(trouble),
                Err(trouble) => {
                    notice(&format!("{}:", part.source.host()));
                    report(&trouble);
                    Err(trouble)
                }
                live => live,
            };
            let (source, pilot) = (part.source, part.pilot);
            spokes.push(Spoke {
                source,
                pilot,
                live,
            });
        }
        Ok(Fleet {
            spokes,
            several,
            target,
        })
    }

    /// Something of each run that there is.
    pub fn plans(&self, of: impl Fn(&Live) -> Option<Plan>) -> Plans {
        let each = self.spokes.iter();
        each.map(|spoke| spoke.live.as_ref().ok().and_then(&of))
            .collect()
    }

    /// The plans, each with the host of its source.
    pub fn named<'a>(&'a self, plans: &'a Plans) -> Vec<(&'a str, &'a Plan)> {
        let both = self.spokes.iter().zip(plans);
        both.filter_map(|(spoke, plan)| Some((spoke.source.host(), plan.as_ref()?)))
            .collect()
    }

    /// The places of the sources, wave by wave.
    pub fn waves(&self) -> Vec<Vec<usize>> {
        waves(&self.spokes.iter().map(|one| one.pilot).collect::<Vec<_>>())
    }

    /// Works through the waves. What fails is told and kept, and the others go on; only a person
    /// who stops it, or `hold` after a pilot that is not done, leaves the rest alone.
    pub fn in_waves(
        &mut self,
        hold: bool,
        ends: impl Fn(&Live) -> Exit,
        mut work: impl FnMut(usize, &mut Live) -> Outcome<()>,
    ) -> Outcome<()> {
        let waves = self.waves();
        let mut halted: Option<Trouble> = None;
        for (number, wave) in waves.iter().enumerate() {
            for at in wave {
                let Some(spoke) = self.spokes.get_mut(*at) else {
                    continue;
                };
                let Ok(live) = &mut spoke.live else { continue };
                if let Some(why) = &halted {
                    spoke.live = Err(why.clone());
                    continue;
                }
                if self.several {
                    let (number, all) = (number + 1, waves.len());
                    notice(&format!("wave {number} of {all}: {}", spoke.source.host()));
                }
                match work(*at, live) {
                    Ok(()) => {}
                    Err(trouble) if !self.several => return Err(trouble),
                    Err(trouble) => {
                        report(&trouble);
                        if trouble.code == STOPPED {
                            halted = Some(not_begun("you stopped it"));
                        }
                        spoke.live = Err(trouble);
                    }
                }
            }
            let done = |at: &usize| {
                let spoke = self.spokes.get(*at);
                spoke.is_some_and(|one| one.exit(&ends) == Exit::Done)
            };
            if hold && halted.is_none() && !wave.iter().all(done) {
                halted = Some(not_begun("a pilot is not done (--pilots-first)"));
            }
        }
        Ok(())
    }

    /// The worst of all exits.
    pub fn exit(&self, of: impl Fn(&Live) -> Exit) -> Exit {
        let exits = self.spokes.iter().map(|spoke| spoke.exit(&of));
        exits.max_by_key(|exit| *exit as u8).unwrap_or(Exit::Done)
    }
}

fn not_begun(why: &str) -> Trouble {
    Trouble {
        code: "not-begun".to_owned(),
        what: format!("not begun: {why}"),
        hint: "Run the command again to go on.".to_owned(),
        exit: Exit::Unknown,
    }
}

impl Spoke {
    /// How it ends.
    pub fn exit(&self, of: &impl Fn(&Live) -> Exit) -> Exit {
        match &self.live {
            Ok(live) => of(live),
            Err(trouble) => trouble.exit,
        }
    }
}

impl Live {
    /// Unknown steps come first: what is not known is neither done nor failed.
    pub fn exit(&self) -> Exit {
        let timeline = self.run.timeline();
        let mut steps = timeline.procedures.iter().flat_map(|one| &one.steps);
        match (
            steps.any(|step| step.state == StepState::Unknown),
            self.run.is_proven(),
        ) {
            (true, _) => Exit::Unknown,
            (_, true) => Exit::Done,
            _ => Exit::Findings,
        }
    }
}

/// Pairs one source with the target and reads both.
fn open(part: &Wanted, hub: &Org, doors: Doors, journal: PathBuf) -> Outcome<Live> {
    let pair = pair(doors.of(Side::Source)?, &part.source, hub)?;
    let wish = wish::look_up(&part.wish, &pair, &doors)?;
    let fresh = Run::new(pair, wish, procedures::ALL, now());
    let (mut journal, stored) = JournalFile::open(journal, fresh.stored())?;
    let mut run = match stored.journal.entries.is_empty() {
        true => fresh,
        false => Run::resume(stored, procedures::ALL, now())?,
    };
    if let Some(why) = run.damage() {
        notice(&format!(
            "note: the journal is damaged: {}. Reading goes on; nothing is written or undone from it.",
            seen(why)
        ));
    }
    drive(&mut run, &doors, &mut journal)?;
    Ok(Live {
        run,
        doors,
        journal,
    })
}

/// A source and the target that it is pinned to.
pub fn pair(into_source: &Door, source: &OrgUrl, hub: &Org) -> Outcome<Pair> {
    let pair = Pair::new(who(into_source, source)?, hub.clone())?;
    for warning in pair.warnings() {
        notice(&format!("note: {warning}"));
    }
    Ok(pair)
}
