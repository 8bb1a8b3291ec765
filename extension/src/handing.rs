//! Half a link: this panel works in one org, and a signed file goes to and fro between two admins.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use org2org_core::explain::Explain;
use org2org_core::explain::seen;
use org2org_core::handoff::{
    self, Half, Handoff, HandoffError, Kind, Sealed, Trail, closed, open_in, other, unseen,
};
use org2org_core::okta::apps;
use org2org_core::org::OrgUrl;
use org2org_core::run::timeline::Phase;
use org2org_core::run::{Org, Pair, Side, Told, Wish};
use org2org_ui::{FILE, Hand, Handing, Level, ReadCard, Screen};

use crate::browser;
use crate::browser::seal::{self, key_name};
use crate::grants::origins;
use crate::pairing::said;
use crate::panel::{Panel, sentence};
use crate::store::{self, Stored};

/// Far above what a link with ten thousand people needs, in bytes.
const LARGEST: f64 = 16.0 * 1024.0 * 1024.0;

const WRITING: &str = "Changes are being sent and proven. Take the file once that is over.";

/// What the panel keeps and has read.
#[derive(Default)]
pub struct Handed {
    /// The side that is open here.
    own: Cell<Option<Side>>,
    half: RefCell<Option<Held>>,
    read: RefCell<Option<Read>>,
}

/// The half that is worked on.
struct Held {
    half: Half,
    /// The last file that was taken, where it is at hand.
    file: String,
    told: Told,
}

/// A file whose signature is good, and where it leads once its maker's digits were heard.
struct Read {
    file: String,
    sealed: Sealed,
    told: Handoff,
    trail: Trail,
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
        *self.wanted.borrow_mut() = None;
        self.put_down();
        self.board.screen.set(Screen::Handing);
    }

    /// The side that is open where the other org is another admin's.
    pub fn own_side(&self) -> Option<Side> {
        self.handed.own.get()
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
        self.handed.own.set(None);
        *self.handed.half.borrow_mut() = None;
        *self.handed.read.borrow_mut() = None;
        self.board.handing.set(Handing::default());
    }

    fn put_aside(&self) {
        *self.handed.read.borrow_mut() = None;
        self.board.handing.update(|form| {
            form.read = None;
            form.digits_error.clear();
        });
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
        let file = store::handed().await;
        let told = match half.told(&file, false) {
            // Good once, it is looked at again: what is lent may have been changed.
            Err(_) => half.told(&file, is_good(&Sealed::read(&file).ok()?).await.ok()?),
            told => told,
        };
        self.hold_half(Held {
            told: told.ok()?,
            half,
            file,
        });
        Some(*bare)
    }

    fn hold_half(&self, held: Held) {
        let side = held.half.side;
        let (taken, file) = (&held.half.trail.taken, &held.file);
        let wants_again = !taken.is_empty() && handoff::digest(file) != *taken;
        self.handed.own.set(Some(side));
        self.board.handing.set(Handing {
            side: Some(side),
            wants_again,
            ..Handing::default()
        });
        *self.handed.half.borrow_mut() = Some(held);
    }

    /// What the other admin told; none where both orgs are open here.
    pub fn told(&self) -> Option<Told> {
        self.handed
            .half
            .borrow()
            .as_ref()
            .map(|held| held.told.clone())
    }

    /// The wish with its open names; none where both orgs are open here.
    pub fn open_wish(&self) -> Option<Wish> {
        let half = self.handed.half.borrow();
        half.as_ref().map(|held| held.half.wish.clone())
    }

    /// Keeps a new wish with its half, where there is one; what a run may work with.
    pub async fn wished(&self, pair: &Pair, wish: Wish) -> Result<Wish, String> {
        let kept = {
            let mut held = self.handed.half.borrow_mut();
            let Some(held) = held.as_mut() else {
                return Ok(wish);
            };
            held.half.wish = wish.clone();
            (held.half.clone(), held.file.clone())
        };
        store::keep_half(pair, &kept.0, &kept.1).await?;
        Ok(closed(&wish))
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
            self.ask_for(side, [source, target]);
        }
    }

    /// Asks the browser for the own org alone, then that org who it is.
    fn ask_for(self: Rc<Self>, side: Side, orgs: [OrgUrl; 2]) {
        self.handed.own.set(Some(side));
        *self.wanted.borrow_mut() = Some(orgs);
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

    /// Asks the own org who it is and goes on: with the file that was read, or from the beginning.
    /// Called again when a missing tab turns up.
    pub async fn meet(self: Rc<Self>) {
        if self.board.handing.with_untracked(|form| form.busy) {
            return;
        }
        self.board.handing.update(|form| form.busy = true);
        self.clone().met().await;
        self.board.handing.update(|form| form.busy = false);
    }

    async fn met(self: Rc<Self>) {
        let (Some(orgs), Some(side)) = (self.wanted.borrow().clone(), self.own_side()) else {
            return;
        };
        let [source, target] = &orgs;
        let (own, theirs) = match side {
            Side::Source => (source, target),
            Side::Target => (target, source),
        };
        let Some(me) = self.read_org(own, side).await else {
            return;
        };
        // Another window may have taken up two orgs: they must not be lost.
        if self.is_outdated().await {
            return self.open().await;
        }
        // Meanwhile it may have been given up, for another pair or for other orgs.
        if self.wanted.borrow().as_ref() != Some(&orgs) {
            return;
        }
        let read = self.handed.read.borrow_mut().take();
        match read {
            Some(read) => self.follow(me, read).await,
            None => self.found(side, me, theirs).await,
        }
    }

    async fn found(self: Rc<Self>, side: Side, me: Org, theirs: &OrgUrl) {
        let pair = match side {
            Side::Source => Pair::new(me, unseen(theirs)),
            Side::Target => Pair::new(unseen(theirs), me),
        };
        let pair = match pair {
            Ok(pair) => pair,
            Err(error) => return self.fail(&error),
        };
        let half = Half {
            side,
            trail: Trail::default(),
            wish: Wish::suggest(&pair),
        };
        let told = Told::nothing(other(side));
        let file = String::new();
        if self.keep_held(pair, Held { half, file, told }).await {
            self.to_wish().await;
        }
    }

    /// Keeps the pair and its half and works on them from now on; false where that did not do.
    async fn keep_held(self: &Rc<Self>, pair: Pair, held: Held) -> bool {
        self.set_pair(pair.clone());
        if let Err(why) = store::keep_half(&pair, &held.half, &held.file).await {
            self.not_stored(&why);
            return false;
        }
        *self.wanted.borrow_mut() = None;
        self.hold_half(held);
        true
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
        match self.judged(text).await {
            Err(error) => self.refuse(&error),
            Ok(Err(why)) => self.refuse_for(&sentence(why)),
            Ok(Ok(read)) if read.trail.partner == self.partner() => {
                // Their digits were heard before.
                let (side, orgs) = aim_of(&read.told);
                *self.handed.read.borrow_mut() = Some(read);
                self.ask_for(side, orgs);
            }
            Ok(Ok(read)) => {
                self.board
                    .handing
                    .update(|form| form.read = Some(card(&read.told)));
                *self.handed.read.borrow_mut() = Some(read);
            }
        }
    }

    fn partner(&self) -> String {
        let half = self.handed.half.borrow();
        half.as_ref()
            .map(|held| held.half.trail.partner.clone())
            .unwrap_or_default()
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
        let trail = {
            let half = self.handed.half.borrow();
            half.as_ref()
                .map(|held| held.half.trail.clone())
                .unwrap_or_default()
        };
        if let Some(pair) = self
            .pair
            .borrow()
            .as_ref()
            .filter(|_| self.handed.own.get().is_some())
        {
            is_of(pair, &told)?;
        }
        // Whose key it is, is asked next: by then all else is known to fit.
        let heard = handoff::fingerprint(&sealed.key);
        let trail = trail.take(&file, (&sealed, &told), own.as_ref(), Some(&heard))?;
        Ok(Ok(Read {
            file,
            sealed,
            told,
            trail,
        }))
    }

    fn take_file(self: Rc<Self>, digits: &str) {
        let (refused, aim) = match &*self.handed.read.borrow() {
            None => return,
            Some(read) => (read.sealed.is_from(digits), aim_of(&read.told)),
        };
        let why = match &refused {
            Ok(()) => String::new(),
            Err(_) if digits.trim().is_empty() => "Type the digits that they read to you.".to_owned(),
            Err(_) => "These are not the digits of the key that signed the file. If theirs differ from what you typed, the file is not theirs: do not take it.".to_owned(),
        };
        self.board.handing.update(|form| form.digits_error = why);
        if refused.is_ok() {
            let (side, orgs) = aim;
            self.ask_for(side, orgs);
        }
    }

    /// Whether the run sends something, or takes something back: another must not take its place.
    fn is_writing(&self) -> bool {
        let run = self.run.borrow();
        let phase = run.as_ref().map(org2org_core::run::Run::phase);
        matches!(
            phase,
            Some(Phase::Applying | Phase::Proving | Phase::Undoing)
        )
    }

    /// Goes on with a file that was taken: looks up the names that it left open, and reads.
    async fn follow(self: Rc<Self>, me: Org, read: Read) {
        let side = other(read.told.maker());
        let pair = match read.told.pair_with(me) {
            Ok(pair) => pair,
            Err(error) => return self.refuse(&error),
        };
        let mut wish = read.told.wish.clone();
        *self.handed.read.borrow_mut() = Some(read);
        if let Err((why, hint)) = self.close(&mut wish, side, &pair.org(side).url).await {
            return self.tell(Level::Warn, "wish-name", why, hint);
        }
        self.board.hush("wish-name");
        // What was agreed to meanwhile goes on.
        if self.is_writing() {
            return self.refuse_for(WRITING);
        }
        let Some(read) = self.handed.read.borrow_mut().take() else {
            return;
        };
        let half = Half {
            side,
            trail: read.trail,
            wish: wish.clone(),
        };
        let held = Held {
            half,
            file: read.file,
            told: read.told.told,
        };
        if self.keep_held(pair, held).await {
            match self.hold().await {
                true => self.start_run(wish).await,
                false => self.board.screen.set(Screen::Elsewhere),
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
        for (kind, member) in open {
            let found = self
                .list(Some(org.clone()), kind.probe(&member.name))
                .await
                .map_err(unread)?;
            *member = kind.find(&member.name, found.items(), &org2org).map_err(|count| {
                let why = ["the file names the ", kind.word(), " “", &seen(&member.name), "”, and your org has ", &count.to_string(), " of that name"].concat();
                (why, "Ask the other admin which one is meant: they correct the name, or you rename or make it here. Then take the file again.")
            })?;
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
        let name = key_name(&pair);
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
            let Some(held) = half.as_mut() else {
                return Ok(());
            };
            held.half.trail.make(&file);
            (held.half.clone(), held.file.clone())
        };
        store::keep_half(&pair, &kept.0, &kept.1).await?;
        let theirs = pair.org(other(kept.0.side)).url.host();
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
        let their = Sealed::read(&held.file).and_then(|sealed| sealed.open(true));
        let theirs = match &their {
            Ok(their) => their.half(),
            Err(_) => "Their half: nothing is told of it yet.".to_owned(),
        };
        let whole = mine.whole && their.is_ok_and(|their| their.whole);
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

/// The side and the orgs of whoever a file is for.
fn aim_of(told: &Handoff) -> (Side, [OrgUrl; 2]) {
    let Pair { source, target } = &told.pair;
    (
        other(told.maker()),
        [source.url.clone(), target.url.clone()],
    )
}

/// Whether a file is about this pair.
fn is_of(pair: &Pair, told: &Handoff) -> Result<(), HandoffError> {
    for side in Side::BOTH {
        let (wanted, seen) = (told.pair.org(side).url.host(), pair.org(side).url.host());
        if wanted != seen {
            return Err(HandoffError::OtherOrg {
                wanted: wanted.to_owned(),
                seen: seen.to_owned(),
            });
        }
    }
    Ok(())
}

fn card(told: &Handoff) -> ReadCard {
    let values = told.values().into_iter();
    ReadCard {
        title: told.title(),
        half: told.half(),
        values: values
            .map(|(title, value)| [title.to_owned(), value])
            .collect(),
        maker: told.pair.org(told.maker()).name.clone(),
    }
}

async fn is_good(sealed: &Sealed) -> Result<bool, String> {
    let answer = seal::verify(&sealed.key, &sealed.signed, &sealed.signature).await;
    answer.map_err(|why| no_key(&why))
}

fn no_key(why: &str) -> String {
    ["this browser does not sign with Ed25519: ", why, ". Chrome and Edge do from 137 on, Firefox from 140; `org2org handoff` on the command line does the same work"].concat()
}
