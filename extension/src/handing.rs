//! Half a link: this panel works in one org, and a signed file goes to and fro between two admins.

mod taking;

use std::cell::RefCell;
use std::rc::Rc;

use org2org_core::explain::Explain;
use org2org_core::handoff::{self, Half, Handoff, HandoffError, Trail, closed, other, unseen};
use org2org_core::org::OrgUrl;
use org2org_core::run::timeline::Phase;
use org2org_core::run::{Org, Pair, Run, Side, Told, Wish};
use org2org_ui::{Hand, Handing, Level, Screen};

use crate::browser;
use crate::browser::seal::{self, key_name};
use crate::grants::origins;
use crate::pairing::two_orgs;
use crate::panel::{Panel, sentence};
use crate::store::{self, OFFERED, Stored};
use taking::{Read, no_key, opened};

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

/// Why the own org is asked who it is.
struct Errand {
    side: Side,
    orgs: [OrgUrl; 2],
    /// The file that is to be taken; none where a half is begun.
    read: Option<Rc<Read>>,
}

impl Held {
    /// A half of whose other one nothing is told.
    fn untold(half: Half) -> Held {
        Held {
            told: Told::nothing(other(half.side)),
            half,
            file: String::new(),
            their: None,
        }
    }
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
            None => Held::untold(half),
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
        let stored = self.wished(pair.clone(), closed(&held.half.wish));
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
        let [source, target] = &typed;
        let (errors, orgs) = two_orgs(source, target);
        self.board
            .handing
            .update(|form| form.errors = errors.map(Option::unwrap_or_default));
        if let Some(orgs) = orgs {
            self.ask_for(Errand {
                side,
                orgs,
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
        self.hold_half(Held::untold(half));
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
