//! A file of the other admin, from the reading of it to the run that goes on with it.

use std::rc::Rc;

use org2org_core::explain::seen;
use org2org_core::handoff::{
    self, Half, Handoff, HandoffError, Kind, Sealed, Trail, open_in, other,
};
use org2org_core::okta::apps;
use org2org_core::org::OrgUrl;
use org2org_core::run::timeline::Phase;
use org2org_core::run::{Org, Pair, Run, Side, Wish};
use org2org_ui::{FILE, Level, ReadCard};

use super::{Errand, Held, Their};
use crate::browser;
use crate::browser::seal::{self, key_name};
use crate::grants::origins;
use crate::panel::{Panel, sentence};
use crate::store;

/// Far above what a link with ten thousand people needs, in bytes.
const LARGEST: f64 = 16.0 * 1024.0 * 1024.0;

const WRITING: &str = "Changes are being sent and proven. Take the file once that is over.";

/// A file whose signature is good and which may follow what was made and taken here.
pub(super) struct Read {
    file: String,
    sealed: Sealed,
    told: Handoff,
    /// The key of this pair, where there was one.
    own: Option<[u8; 32]>,
    /// Whether its digits are still to be heard.
    hears: bool,
    /// Whether others were heard before: its maker begins anew.
    anew: bool,
}

impl Panel {
    pub(super) async fn read_file(self: Rc<Self>) {
        self.put_aside();
        if self.is_writing() {
            return self.refuse_for(WRITING);
        }
        self.refuse_for("");
        let text = match browser::chosen_file(FILE, LARGEST).await {
            None => return,
            Some(Err(why)) => {
                return self.refuse_for(&["The file cannot be read: ", &why, "."].concat());
            }
            Some(Ok(text)) => text,
        };
        let read = match self.judged(text).await {
            Err(error) => return self.refuse(&error),
            Ok(Err(why)) => return self.refuse_for(&sentence(why)),
            Ok(Ok(read)) => Rc::new(read),
        };
        let changes = self
            .open_wish()
            .is_some_and(|own| !handoff::is_same(&own, &read.told.wish));
        if read.hears || changes {
            let card = card(&read, changes);
            self.board.handing.update(|form| form.read = Some(card));
            *self.handed.read.borrow_mut() = Some(read);
            return;
        }
        // The org was allowed when the first file was taken: to ask for it anew would take a click.
        self.go_for(errand_of(&read));
        match browser::granted(&origins(&self.orgs())).await {
            true => self.meet().await,
            false => self.miss_permission().await,
        }
    }

    /// A file whose signature is good and which may follow what was made and taken here.
    async fn judged(&self, file: String) -> Result<Result<Read, String>, HandoffError> {
        let sealed = Sealed::read(&file)?;
        let valid = match is_good(&sealed).await {
            Ok(valid) => valid,
            Err(why) => return Ok(Err(why)),
        };
        let told = sealed.open(valid)?;
        let own = match seal::known_key(&key_name(&told.pair)).await {
            Ok(own) => own,
            Err(why) => return Ok(Err(no_key(&why))),
        };
        let held = self.held();
        if let (Some(held), Some(pair)) = (&held, &*self.pair.borrow()) {
            is_of(pair, held.half.side, &told)?;
        }
        let mut follows = held.map(|held| held.half.trail).unwrap_or_default();
        let known = sealed.is_from(&follows.partner).is_ok();
        let anew = !known && !follows.partner.is_empty();
        if anew {
            follows = follows.anew();
        }
        let read = Read {
            file,
            sealed,
            told,
            own,
            hears: !known,
            anew,
        };
        // Whose key it is, is asked next: by then all else is known to fit.
        read.trail(&follows)?;
        Ok(Ok(read))
    }

    pub(super) fn take_file(self: Rc<Self>, digits: &str) {
        let read = self.handed.read.borrow().clone();
        let Some(read) = read else { return };
        let why = match read.hears.then(|| read.sealed.is_from(digits)) {
            None | Some(Ok(())) => "",
            Some(Err(_)) if digits.trim().is_empty() => "Type the digits that they read to you.",
            Some(Err(_)) => {
                "These are not the digits of the key that signed the file. If theirs differ from what you typed, the file is not theirs: do not take it."
            }
        };
        self.board
            .handing
            .update(|form| form.digits_error = why.to_owned());
        if why.is_empty() {
            self.ask_for(errand_of(&read));
        }
    }

    /// Whether the run sends something, or takes something back: another must not take its place.
    fn is_writing(&self) -> bool {
        let run = self.run.borrow();
        let phase = run.as_ref().map(Run::phase);
        matches!(
            phase,
            Some(Phase::Applying | Phase::Proving | Phase::Undoing)
        )
    }

    /// Goes on with a file that is taken: looks up the names that it left open, and reads.
    pub(super) async fn follow(self: Rc<Self>, me: Org, errand: &Rc<Errand>, read: &Rc<Read>) {
        let side = errand.side;
        let pair = match read.told.pair_with(me) {
            Ok(pair) => pair,
            Err(error) => return self.refuse(&error),
        };
        let held = self.held();
        let pinned = self.pair.borrow().clone().filter(|_| held.is_some());
        if let Some(pinned) = &pinned
            && !(pinned.joins_same_orgs(&pair) && pinned.org(side).actor == pair.org(side).actor)
        {
            return self.refuse_for("Another org answers there than the one this began with, or another admin is signed in. Nothing was taken. Sign in as the one who began, or forget this pair and begin anew.");
        }
        if pinned.is_none() && self.is_kept_away(&pair).await {
            return;
        }
        let mut wish = read.told.wish.clone();
        if let Err((why, hint)) = self.close(&mut wish, side, &pair.org(side).url).await {
            return self.tell(Level::Warn, "wish-name", why, hint);
        }
        if !self.goes_for(errand) {
            return;
        }
        self.board.hush("wish-name");
        // What was agreed to meanwhile goes on.
        if self.is_writing() {
            return self.refuse_for(WRITING);
        }
        // Files may have been made while the org was asked.
        let now = self.held().map(|held| held.half.trail);
        let follows = match (now, read.anew) {
            (Some(now), true) => now.anew(),
            (now, _) => now.unwrap_or_default(),
        };
        match read.trail(&follows) {
            Err(error) => self.refuse(&error),
            Ok(trail) => {
                let held = Held {
                    half: Half { side, trail, wish },
                    file: read.file.clone(),
                    told: read.told.told.clone(),
                    their: Some(Their::of(&read.told)),
                };
                self.start_half(pair, held).await;
                store::has_begun().await;
            }
        }
    }

    /// Looks up, in the own org, the names that the other admin left open; else what is wrong, and
    /// what to do.
    async fn close(
        self: &Rc<Self>,
        wish: &mut Wish,
        side: Side,
        org: &OrgUrl,
    ) -> Result<(), (String, &'static str)> {
        let unread = |why| {
            (
                why,
                "Nothing was taken. Look at the tab of your org, then take the file again.",
            )
        };
        let open = open_in(wish, side);
        let mut org2org = Vec::new();
        if open.iter().any(|(kind, _)| *kind == Kind::Group) {
            let apps = self
                .list(Some(org.clone()), apps::named("okta_org2org"))
                .await;
            org2org = apps.map_err(unread)?.items().to_vec();
        }
        let mut of_apps = None;
        for (kind, member) in open {
            let found = match (kind, of_apps.take()) {
                // One list tells of every app.
                (Kind::App, Some(known)) => known,
                _ => self
                    .list(Some(org.clone()), kind.probe(&member.name))
                    .await
                    .map_err(unread)?,
            };
            *member = kind.find(&member.name, found.items(), &org2org).map_err(|count| {
                let why = ["the file names the ", kind.word(), " “", &seen(&member.name), "”, and your org has ", &count.to_string(), " of that name"].concat();
                (why, "Ask the other admin which one is meant: they correct the name, or you rename or make it here. Then take the file again.")
            })?;
            of_apps = (kind == Kind::App).then_some(found);
        }
        Ok(())
    }
}

impl Read {
    /// The trail once it is taken, which its maker's digits decide.
    fn trail(&self, follows: &Trail) -> Result<Trail, HandoffError> {
        let heard = handoff::fingerprint(&self.sealed.key);
        let told = (&self.sealed, &self.told);
        follows.take(&self.file, told, self.own.as_ref(), Some(&heard))
    }
}

fn errand_of(read: &Rc<Read>) -> Errand {
    let Pair { source, target } = &read.told.pair;
    Errand {
        side: other(read.told.maker()),
        orgs: [source.url.clone(), target.url.clone()],
        read: Some(read.clone()),
    }
}

/// Whether a file is about this pair, by the admin of its other side.
fn is_of(pair: &Pair, own: Side, told: &Handoff) -> Result<(), HandoffError> {
    for side in Side::BOTH {
        let (wanted, seen) = (told.pair.org(side).url.host(), pair.org(side).url.host());
        if wanted != seen {
            return Err(HandoffError::OtherOrg {
                wanted: wanted.to_owned(),
                seen: seen.to_owned(),
            });
        }
    }
    match told.maker() == own {
        true => Err(HandoffError::Own { side: own.name() }),
        false => Ok(()),
    }
}

fn card(read: &Read, changes: bool) -> ReadCard {
    let told = &read.told;
    let values = told.values().into_iter();
    let mut note = String::new();
    if read.anew {
        note.push_str("It is signed with another key than their files before. Ask them why, and take it only by the digits that you hear now. ");
    }
    if changes {
        note.push_str("It wants something else connected than what you chose here. Taking it puts their choice in its place; the plan shows what follows.");
    }
    ReadCard {
        title: told.title(),
        half: told.half(),
        values: values
            .map(|(title, value)| [title.to_owned(), value])
            .collect(),
        maker: told.pair.org(told.maker()).name.clone(),
        note,
        hears: read.hears,
    }
}

/// What a file says whose signature is good.
pub(super) async fn opened(file: &str) -> Option<Handoff> {
    let sealed = Sealed::read(file).ok()?;
    let valid = is_good(&sealed).await.ok()?;
    sealed.open(valid).ok()
}

async fn is_good(sealed: &Sealed) -> Result<bool, String> {
    let answer = seal::verify(&sealed.key, &sealed.signed, &sealed.signature).await;
    answer.map_err(|why| no_key(&why))
}

pub(super) fn no_key(why: &str) -> String {
    ["this browser does not sign with Ed25519: ", why, ". Chrome and Edge do from 137 on, Firefox from 140; `org2org handoff` on the command line does the same work"].concat()
}
