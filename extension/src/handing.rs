//! Half a link: this panel works in one org, and a signed file goes to and fro between two admins.

use std::cell::RefCell;
use std::rc::Rc;

use org2org_core::explain::{Explain, seen};
use org2org_core::handoff::{
    self, Half, Handoff, HandoffError, Kind, Sealed, Trail, closed, open_in, other, unseen,
};
use org2org_core::okta::apps;
use org2org_core::org::OrgUrl;
use org2org_core::run::timeline::Phase;
use org2org_core::run::{Org, Pair, Run, STORED_VERSION, Side, StoredRun, Told, Wish};
use org2org_ui::{FILE, Hand, Handing, Level, ReadCard, Screen};

use crate::browser;
use crate::browser::seal::{self, key_name};
use crate::grants::origins;
use crate::pairing::said;
use crate::panel::{Panel, sentence};
use crate::store::{self, OFFERED, Stored};

/// Far above what a link with ten thousand people needs, in bytes.
const LARGEST: f64 = 16.0 * 1024.0 * 1024.0;

const WRITING: &str = "Changes are being sent and proven. Take the file once that is over.";

/// What the panel keeps and has read.
#[derive(Default)]
pub struct Handed {
    half: RefCell<Option<Held>>,
    /// A file that waits for its yes.
    read: RefCell<Option<Rc<Read>>>,
    /// What the own org is asked for; one at a time, and one that was given up is none any more.
    errand: RefCell<Option<Rc<Errand>>>,
}

/// The half that is worked on.
#[derive(Clone)]
struct Held {
    half: Half,
    /// The last file that was taken, where it is at hand, with what it says.
    file: String,
    told: Told,
    their: Option<Their>,
}

/// How far the other half is, by the last file that was taken.
#[derive(Clone)]
struct Their {
    says: String,
    whole: bool,
}

/// A file whose signature is good and which may follow what was made and taken here.
struct Read {
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

/// Why the own org is asked who it is.
struct Errand {
    side: Side,
    orgs: [OrgUrl; 2],
    /// The file that is to be taken; none where a half is begun.
    read: Option<Rc<Read>>,
}

impl Their {
    fn of(told: &Handoff) -> Their {
        Their {
            says: told.half(),
            whole: told.whole,
        }
    }
}

impl Panel {
    /// Answers what somebody asks who has one org alone. Nothing may be awaited before the browser
    /// is asked for a permission: it counts as the person's click only then.
    pub fn hand(self: Rc<Self>, hand: Hand) {
        match hand {
            Hand::Begin(side, typed) => self.begin_half(side, typed),
            Hand::Make => browser::spawn(async move { self.make_file().await }),
            Hand::Open => self.show_handing(),
            Hand::PutAside => self.put_aside(),
            Hand::Read => browser::spawn(async move { self.read_file().await }),
            Hand::Take(digits) => self.take_file(&digits),
        }
    }

    /// Shows the forms.
    pub fn show_handing(&self) {
        self.put_down();
        self.board.screen.set(Screen::Handing);
    }

    /// The side that is open where the other org is another admin's.
    pub fn own_side(&self) -> Option<Side> {
        let half = self.handed.half.borrow();
        let errand = self.handed.errand.borrow();
        let held = half.as_ref().map(|held| held.half.side);
        held.or(errand.as_ref().map(|errand| errand.side))
    }

    /// Of orgs that come by twos, the source first: those that are open here.
    pub fn mine_of(&self, orgs: &[OrgUrl]) -> Vec<OrgUrl> {
        let at = match self.own_side() {
            None => return orgs.to_vec(),
            Some(Side::Source) => 0,
            Some(Side::Target) => 1,
        };
        orgs.iter().skip(at).step_by(2).cloned().collect()
    }

    /// Nothing of a half is at hand any more; what is stored stays.
    pub fn put_down(&self) {
        self.give_up();
        *self.handed.half.borrow_mut() = None;
        *self.handed.read.borrow_mut() = None;
        self.board.handing.set(Handing::default());
    }

    fn put_aside(&self) {
        self.give_up();
        *self.handed.read.borrow_mut() = None;
        self.board.handing.update(|form| {
            form.read = None;
            form.digits_error.clear();
        });
    }

    fn give_up(&self) {
        if self.handed.errand.borrow_mut().take().is_some() {
            *self.wanted.borrow_mut() = None;
        }
    }

    fn go_for(&self, errand: Errand) {
        *self.wanted.borrow_mut() = Some(errand.orgs.clone());
        *self.handed.errand.borrow_mut() = Some(Rc::new(errand));
    }

    /// Whether this is still what the own org is asked for.
    fn goes_for(&self, errand: &Rc<Errand>) -> bool {
        let now = self.handed.errand.borrow();
        now.as_ref().is_some_and(|now| Rc::ptr_eq(now, errand))
    }

    /// Whether something waits for the own org.
    pub fn has_errand(&self) -> bool {
        self.handed.errand.borrow().is_some()
    }

    fn refuse(&self, error: &HandoffError) {
        self.refuse_for(&[&sentence(error.to_string()), " ", &error.hint()].concat());
    }

    fn refuse_for(&self, why: &str) {
        self.board
            .handing
            .update(|form| form.refusal = why.to_owned());
    }

    /// What is stored, with the half made ready where it is one; none where it cannot be read.
    pub async fn half_of(&self, stored: Stored) -> Option<Stored> {
        let Stored::Half(text, bare) = stored else {
            self.put_down();
            return Some(stored);
        };
        let half = Half::read(&text).ok()?;
        // One file is lent, of whichever pair; and it may have been changed since it was taken.
        let file = store::handed().await;
        let again = match half.has_taken(&file) {
            true => opened(&file).await,
            false => None,
        };
        self.put_down();
        self.hold_half(match again {
            Some(told) => Held {
                half,
                file,
                their: Some(Their::of(&told)),
                told: told.told,
            },
            None => Held {
                told: Told::nothing(other(half.side)),
                half,
                file: String::new(),
                their: None,
            },
        });
        Some(*bare)
    }

    fn hold_half(&self, held: Held) {
        self.give_up();
        *self.handed.read.borrow_mut() = None;
        self.board.handing.set(Handing {
            side: Some(held.half.side),
            busy: self.board.handing.with_untracked(|form| form.busy),
            wants_again: held.their.is_none() && !held.half.trail.taken.is_empty(),
            ..Handing::default()
        });
        *self.handed.half.borrow_mut() = Some(held);
    }

    fn held(&self) -> Option<Held> {
        self.handed.half.borrow().clone()
    }

    /// What the other admin told; none where both orgs are open here.
    pub fn told(&self) -> Option<Told> {
        self.held().map(|held| held.told)
    }

    /// The wish with its open names; none where both orgs are open here.
    pub fn open_wish(&self) -> Option<Wish> {
        self.held().map(|held| held.half.wish)
    }

    /// Starts a run over the half at hand with another wish; false where both orgs are open here.
    pub async fn start_with(self: &Rc<Self>, pair: &Pair, wish: &Wish) -> bool {
        let Some(mut held) = self.held() else {
            return false;
        };
        held.half.wish = wish.clone();
        self.start_half(pair.clone(), held).await;
        true
    }

    /// Starts a run over half a link. Pair, half and run are kept at once, and before anything of
    /// what is at hand is put away.
    async fn start_half(self: &Rc<Self>, pair: Pair, held: Held) {
        let epoch = self.epoch.get();
        // What an earlier wish made stays provable and undoable.
        let journal = self.run.borrow().as_ref().map(|run| run.stored().journal);
        let stored = StoredRun {
            version: STORED_VERSION,
            pair: pair.clone(),
            wish: closed(&held.half.wish),
            procedures: OFFERED.iter().map(|one| one.id.to_owned()).collect(),
            journal: journal.unwrap_or_default(),
        };
        let run = match Run::half(stored, OFFERED, held.told.clone(), browser::now()) {
            Ok(run) => run,
            Err(error) => return self.fail(&error),
        };
        let before = self.pair.borrow().clone();
        self.set_pair(pair.clone());
        let mine = self.hold().await;
        let kept = match mine {
            true => store::keep_half(&pair, &held.half, Some(&run.stored()), &held.file).await,
            false => Ok(()),
        };
        if self.epoch.get() != epoch {
            return;
        }
        match kept {
            Ok(()) if mine => {
                self.hold_half(held);
                self.begin(run);
            }
            Ok(()) => self.board.screen.set(Screen::Elsewhere),
            Err(why) => {
                if let Some(before) = before {
                    self.set_pair(before);
                }
                self.not_stored(&why);
            }
        }
    }

    // Begin.

    fn begin_half(self: Rc<Self>, side: Side, typed: [String; 2]) {
        let read = [typed[0].as_str(), &typed[1]].map(OrgUrl::parse);
        let mut errors = [&read[0], &read[1]].map(|one| said(one).unwrap_or_default());
        if let [Ok(source), Ok(target)] = &read
            && source == target
        {
            errors[1] = "This is the org where people sign in. Enter the other org, the one that holds the apps.".to_owned();
        }
        let refused = errors.iter().any(|error| !error.is_empty());
        self.board.handing.update(|form| form.errors = errors);
        if let ([Ok(source), Ok(target)], false) = (read, refused) {
            self.ask_for(Errand {
                side,
                orgs: [source, target],
                read: None,
            });
        }
    }

    /// Asks the browser for the own org alone, then that org who it is.
    fn ask_for(self: Rc<Self>, errand: Errand) {
        self.go_for(errand);
        let asked = browser::request(&origins(&self.orgs()));
        browser::spawn(async move {
            match asked.await {
                Ok(true) => {
                    self.board.hush("permission");
                    self.meet().await;
                }
                Ok(false) => self.tell(
                    Level::Warn,
                    "permission",
                    "the browser was not allowed to work in this Admin Console",
                    "Continue once more and choose Allow. Nothing else is asked for, and you can take it back at any time.",
                ),
                Err(why) => self.tell(Level::Bad, "permission", ["the browser refused: ", &why].concat(), "Press the button again."),
            }
        });
    }

    /// Asks the own org who it is and goes on with what it is asked for. Called again when a
    /// missing tab turns up or a permission is given.
    pub async fn meet(self: Rc<Self>) {
        if self.board.handing.with_untracked(|form| form.busy) {
            return;
        }
        loop {
            let errand = self.handed.errand.borrow().clone();
            let Some(errand) = errand else { return };
            self.board.handing.update(|form| form.busy = true);
            self.clone().met(&errand).await;
            self.board.handing.update(|form| form.busy = false);
            // What was asked for meanwhile comes next; what waits for a tab, waits.
            if self.goes_for(&errand) {
                return;
            }
        }
    }

    async fn met(self: Rc<Self>, errand: &Rc<Errand>) {
        let [source, target] = &errand.orgs;
        let (own, theirs) = match errand.side {
            Side::Source => (source, target),
            Side::Target => (target, source),
        };
        let Some(me) = self.read_org(own, errand.side).await else {
            return;
        };
        // Another window may have taken up two orgs: they must not be lost.
        if self.is_outdated().await {
            return self.open().await;
        }
        if !self.goes_for(errand) {
            return;
        }
        match &errand.read {
            Some(read) => self.follow(me, errand, read).await,
            None => self.found(errand, me, theirs).await,
        }
    }

    async fn found(self: Rc<Self>, errand: &Rc<Errand>, me: Org, theirs: &OrgUrl) {
        let side = errand.side;
        let pair = match side {
            Side::Source => Pair::new(me, unseen(theirs)),
            Side::Target => Pair::new(unseen(theirs), me),
        };
        let pair = match pair {
            Ok(pair) => pair,
            Err(error) => return self.fail(&error),
        };
        if self.is_kept_away(&pair).await {
            return;
        }
        let half = Half {
            side,
            trail: Trail::default(),
            wish: Wish::suggest(&pair),
        };
        if let Err(why) = store::keep_half(&pair, &half, None, "").await {
            return self.not_stored(&why);
        }
        if !self.goes_for(errand) {
            return;
        }
        self.set_pair(pair);
        self.hold_half(Held {
            told: Told::nothing(other(side)),
            half,
            file: String::new(),
            their: None,
        });
        store::has_begun().await;
        self.to_wish().await;
    }

    /// Whether these two orgs are kept under Pairs: a second half beside them would know nothing
    /// of what was made there.
    async fn is_kept_away(&self, pair: &Pair) -> bool {
        let away = store::is_put_away(pair).await;
        if away {
            self.give_up();
            self.tell(
                Level::Warn,
                "kept-away",
                "these two orgs are kept under Pairs already",
                "Open them there: the run, its journal and its undo go on from where they were. Nothing was begun.",
            );
        }
        away
    }

    // Take.

    async fn read_file(self: Rc<Self>) {
        self.put_aside();
        self.refuse_for(match self.is_writing() {
            true => WRITING,
            false => "",
        });
        if self.is_writing() {
            return;
        }
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

    fn take_file(self: Rc<Self>, digits: &str) {
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
    async fn follow(self: Rc<Self>, me: Org, errand: &Rc<Errand>, read: &Rc<Read>) {
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

    // Make.

    async fn make_file(self: Rc<Self>) {
        if let Err(why) = self.made().await {
            self.tell(Level::Bad, "hand-off", why, "Nothing was lost. Try again.");
        }
    }

    async fn made(&self) -> Result<(), String> {
        let Some(pair) = self.pair.borrow().clone() else {
            return Ok(());
        };
        if self.has_errand() {
            return Err(
                "a file of theirs is just being taken; one made now would say too little"
                    .to_owned(),
            );
        }
        let (name, epoch) = (key_name(&pair), self.epoch.get());
        let public = seal::public_key(&name).await.map_err(|why| no_key(&why))?;
        let text = {
            let (run, half) = (self.run.borrow(), self.handed.half.borrow());
            let (Some(run), Some(held)) = (run.as_ref(), half.as_ref()) else {
                return Ok(());
            };
            if !matches!(run.phase(), Phase::Planned | Phase::Stopped) {
                return Err("something is still being read or written; a file made now would say too little".to_owned());
            }
            let Half { side, wish, trail } = &held.half;
            Handoff::of(run, *side, wish, &trail.taken, browser::now()).text(&public)
        };
        let signature = seal::sign(&name, &text).await.map_err(|why| no_key(&why))?;
        let file = handoff::seal(&text, &signature);
        let kept = {
            let mut half = self.handed.half.borrow_mut();
            match half.as_mut() {
                Some(held) if self.epoch.get() == epoch => {
                    held.half.trail.make(&file);
                    held.clone()
                }
                _ => return Err("another run was begun meanwhile".to_owned()),
            }
        };
        store::keep_half(&pair, &kept.half, None, &kept.file).await?;
        let theirs = pair.org(other(kept.half.side)).url.host();
        let name = ["org2org-for-", theirs, ".handoff"].concat();
        browser::offer_file(&name, browser::PLAIN, &file)?;
        let digits = handoff::fingerprint(&public);
        self.board
            .handing
            .update(|form| form.made = Some([name, digits]));
        Ok(())
    }

    /// Puts how both halves stand on the board.
    pub fn draw_half(&self) {
        let (run, half) = (self.run.borrow(), self.handed.half.borrow());
        let (Some(run), Some(held)) = (run.as_ref(), half.as_ref()) else {
            return;
        };
        let (side, taken) = (held.half.side, held.half.trail.taken.as_str());
        let mine = Handoff::of(run, side, &held.half.wish, taken, 0);
        let proven = mine.told.proven.len().to_string();
        let mine_says = match mine.whole {
            true => ["Your half is proven: ", &proven, " steps."].concat(),
            false => ["Your half: ", &proven, " steps proven so far."].concat(),
        };
        let theirs = match &held.their {
            Some(their) => their.says.clone(),
            None => "Their half: nothing is told of it yet.".to_owned(),
        };
        let whole = mine.whole && held.their.as_ref().is_some_and(|their| their.whole);
        let standing = [mine_says, theirs];
        let same = self
            .board
            .handing
            .with_untracked(|form| form.standing == standing && form.whole == whole);
        if !same {
            self.board.handing.update(|form| {
                form.standing = standing;
                form.whole = whole;
            });
        }
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
async fn opened(file: &str) -> Option<Handoff> {
    let sealed = Sealed::read(file).ok()?;
    let valid = is_good(&sealed).await.ok()?;
    sealed.open(valid).ok()
}

async fn is_good(sealed: &Sealed) -> Result<bool, String> {
    let answer = seal::verify(&sealed.key, &sealed.signed, &sealed.signature).await;
    answer.map_err(|why| no_key(&why))
}

fn no_key(why: &str) -> String {
    ["this browser does not sign with Ed25519: ", why, ". Chrome and Edge do from 137 on, Firefox from 140; `org2org handoff` on the command line does the same work"].concat()
}
