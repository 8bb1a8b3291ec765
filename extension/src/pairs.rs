//! All pairs that are kept: one at hand, the others put away with all that was stored of them.
//!
//! The pair at hand is worked on by the panel's own module. It is told to leave before anything is
//! moved, so that nothing of it is written over what another pair stored.

use std::cell::RefCell;
use std::rc::Rc;

use org2org_core::run::Pair;
use org2org_core::run::kept::{self, Kept, Standing, Texts};
use org2org_ui::{PairCard, PairRow, Rack, Turn, pairs};

use crate::browser::{locks, seal};
use crate::store::{self, Stored, Whole};
use crate::{browser, grants};

thread_local! {
    /// The one of this page: it is shown as often as the person comes to it, and started once.
    static STARTED: RefCell<Option<Rc<Pairs>>> = const { RefCell::new(None) };
}

/// Held by the page that moves pairs.
const MOVING: &str = "shelf";
/// How the locks on pairs begin that panels hold while they work.
const WORKING: &str = "pair ";

const BUSY: &str = "The pair at hand is being read or written under Connection, or what you agreed to waits there. Let it finish, or cancel it there, then come back. Nothing was moved.";
const ELSEWHERE: &str = "Another window has a panel open on a pair. Close that panel, then try again here. Nothing was moved.";
const DAMAGED: &str =
    "What was put away cannot be read, so that nothing can be put beside it. Nothing was moved.";
const CHANGED: &str = "Another window changed what is kept here since this list was drawn. Look at it once more, then choose again. Nothing was moved.";

/// What is at hand next.
enum Next {
    /// The one at this place among those put away.
    Kept(usize),
    /// This one, of which nothing else is stored yet.
    New(String),
    /// None: two orgs are to be chosen.
    Nobody,
}

struct Pairs {
    rack: Rack,
    /// What was put away, as it was when the list was drawn.
    drawn: RefCell<Option<String>>,
}

/// Shows the pairs as they are stored now.
pub fn show() {
    let known = STARTED.with_borrow(Option::clone);
    let one = known.unwrap_or_else(start);
    browser::spawn(async move { one.look_up().await });
}

fn start() -> Rc<Pairs> {
    let one = crate::mount_driven("pairs", Pairs::act, |tell| {
        let rack = Rack::new(tell);
        let drawn = RefCell::default();
        (Pairs { rack, drawn }, pairs(rack))
    });
    STARTED.set(Some(one.clone()));
    one
}

impl Pairs {
    /// Draws what is stored, and does what the panel's other module left to be done.
    async fn look_up(self: Rc<Self>) {
        self.rack.status.set(String::new());
        self.rack.refusal.set(String::new());
        self.draw().await;
        match store::left_for_pairs().await.as_deref() {
            None => {}
            Some("") => {
                self.tidy().await;
                self.rack
                    .status
                    .set("The pair is forgotten. These stay.".to_owned());
            }
            Some(pair) => {
                if let Ok(pair) = Pair::read(pair) {
                    self.take_up(pair).await;
                }
            }
        }
    }

    /// Takes up a pair that was just confirmed: where it was put away, with its run and journal.
    async fn take_up(&self, pair: Pair) {
        let shelf = self.drawn.borrow().clone();
        let kept = kept::read(shelf.as_deref()).unwrap_or_default();
        let same = |one: &Kept| one.joined().is_some_and(|one| one.joins_same_orgs(&pair));
        let place = kept.iter().position(same);
        let text = pair.text();
        self.turn_to(place.map_or(Next::New(text), Next::Kept))
            .await;
        self.tidy().await;
    }

    /// Returns every permission and forgets every key that no pair needs. While something cannot be
    /// read, it is not known whose they are.
    async fn tidy(&self) {
        let Ok(whole) = Whole::load().await else {
            return;
        };
        let Ok(kept) = kept::read(whole.shelf.as_deref()) else {
            return;
        };
        let nothing = whole.hand.is_empty();
        let hand = Some(Kept::Texts(whole.hand)).filter(|_| !nothing);
        let left: Option<Vec<_>> = kept.iter().chain(&hand).map(Kept::joined).collect();
        if let Some(left) = left {
            grants::give_back_all_but(&grants::orgs_of(&left)).await;
            let names: Vec<String> = left.iter().map(seal::key_name).collect();
            let _ = seal::keep_only(&names).await;
        }
    }

    async fn draw(&self) {
        let whole = match Whole::load().await {
            Ok(whole) => whole,
            Err(why) => {
                self.rack.rows.set(Vec::new());
                let why = ["The browser's storage cannot be read: ", &why].concat();
                return self.rack.damage.set(why);
            }
        };
        let mut rows = Vec::new();
        if !whole.hand.is_empty() {
            rows.push(row(None, &whole.hand));
        }
        let (kept, damage) = match kept::read(whole.shelf.as_deref()) {
            Ok(kept) => (kept, String::new()),
            Err(why) => (Vec::new(), ["It cannot be listed: ", &why, "."].concat()),
        };
        rows.extend(kept.iter().enumerate().map(|(place, one)| match one {
            Kept::Odd(_) => odd(place),
            Kept::Texts(texts) => row(Some(place), texts),
        }));
        self.rack.damage.set(damage);
        self.rack.rows.set(rows);
        *self.drawn.borrow_mut() = whole.shelf;
    }

    fn act(self: Rc<Self>, turn: Turn) {
        self.rack.status.set(String::new());
        self.rack.refusal.set(String::new());
        browser::spawn(async move {
            match turn {
                Turn::Alone => self.begin_alone().await,
                Turn::Another => self.turn_to(Next::Nobody).await,
                Turn::Forget(place) => self.forget(Some(place)).await,
                Turn::ForgetAll => self.forget(None).await,
                Turn::Open(place) => self.turn_to(Next::Kept(place)).await,
                Turn::Save => self.save(),
            }
        });
    }

    /// Puts the pair at hand away and takes up this one, or none.
    async fn turn_to(&self, next: Next) {
        match self.moved(next).await {
            Ok(()) => browser::go_to("#app"),
            Err(why) => {
                self.draw().await;
                self.rack.refusal.set(why);
            }
        }
    }

    /// Puts the pair at hand away and lets the panel begin with one org.
    async fn begin_alone(&self) {
        let begun = match self.moved(Next::Nobody).await {
            Ok(()) => store::begin_alone().await.map_err(|why| not_kept(&why)),
            Err(why) => Err(why),
        };
        match begun {
            Ok(()) => {
                browser::go_to("#app");
                browser::reload();
            }
            Err(why) => {
                self.draw().await;
                self.rack.refusal.set(why);
            }
        }
    }

    async fn moved(&self, next: Next) -> Result<(), String> {
        let _moving = alone().await?;
        browser::tell_page(crate::LEAVE);
        let moved = self.exchange(next).await;
        browser::tell_page(crate::ENTER);
        moved
    }

    async fn exchange(&self, next: Next) -> Result<(), String> {
        let whole = self.unchanged().await?;
        let place = match next {
            Next::Kept(place) => Some(place),
            Next::New(_) | Next::Nobody => None,
        };
        let (shelf, mut hand) = match (place, whole.hand.is_empty()) {
            // Nothing moves in the list, which may be one that cannot be read.
            (None, true) => (whole.shelf, Texts::default()),
            _ => {
                let kept = kept::read(whole.shelf.as_deref()).map_err(|_| DAMAGED)?;
                let (kept, hand) = kept::exchange(kept, whole.hand, place).ok_or(CHANGED)?;
                (Some(kept::text(&kept)), hand)
            }
        };
        if let Next::New(pair) = next {
            hand.pair = Some(pair);
        }
        let kept = Whole { hand, shelf }.keep().await;
        kept.map_err(|why| not_kept(&why))
    }

    async fn unchanged(&self) -> Result<Whole, String> {
        let whole = Whole::load().await.map_err(|why| not_kept(&why))?;
        match whole.shelf == *self.drawn.borrow() {
            true => Ok(whole),
            false => Err(CHANGED.to_owned()),
        }
    }

    /// Forgets one that was put away, or all of a list that cannot be read.
    async fn forget(&self, place: Option<usize>) {
        match self.forgotten(place).await {
            Ok(()) => {
                self.draw().await;
                self.rack.status.set("Forgotten.".to_owned());
            }
            Err(why) => {
                self.draw().await;
                self.rack.refusal.set(why);
            }
        }
    }

    async fn forgotten(&self, place: Option<usize>) -> Result<(), String> {
        let _moving = locks::lock_for_now(MOVING).await.ok_or(ELSEWHERE)?;
        let whole = self.unchanged().await?;
        let kept = match (place, kept::read(whole.shelf.as_deref())) {
            (Some(place), Ok(mut kept)) if place < kept.len() => {
                kept.remove(place);
                kept
            }
            (None, Err(_)) => Vec::new(),
            _ => return Err(CHANGED.to_owned()),
        };
        store::keep_shelf(&kept::text(&kept))
            .await
            .map_err(|why| not_kept(&why))?;
        browser::clear_local();
        store::drop_handed().await;
        self.tidy().await;
        Ok(())
    }

    fn save(&self) {
        let shelf = self.drawn.borrow().clone().unwrap_or_default();
        let name = "org2org-pairs.json";
        self.rack
            .status
            .set(match browser::offer_file(name, browser::JSON, &shelf) {
                Ok(()) => ["Saved as ", name, "."].concat(),
                Err(_) => "The file could not be made. Nothing was lost.".to_owned(),
            });
    }
}

/// The right to move pairs: nobody works on one, here or in another window, and nobody else moves them.
async fn alone() -> Result<locks::Lock, String> {
    let busy = || browser::shown(".status.busy, .status.held", "app");
    if busy() {
        return Err(BUSY.to_owned());
    }
    let moving = locks::lock_for_now(MOVING).await.ok_or(ELSEWHERE)?;
    if locks::held_elsewhere(MOVING, WORKING).await {
        return Err(ELSEWHERE.to_owned());
    }
    // Something may have begun while the locks were asked about.
    match busy() {
        true => Err(BUSY.to_owned()),
        false => Ok(moving),
    }
}

fn not_kept(why: &str) -> String {
    ["The browser's storage did not do it: ", why, ". What stands here is what is kept. Free some space in it, or forget a pair, then try again."].concat()
}

fn row(place: Option<usize>, texts: &Texts) -> PairRow {
    let stored = store::read(
        texts.pair.as_deref(),
        texts.run.as_deref(),
        texts.mark.as_deref(),
    );
    let nothing = "Returns the permission for its orgs where no other pair needs it. Nothing in the orgs changes.";
    let needed = "Its journal goes with it. What it made stays in the orgs, and can no longer be undone from here.";
    let (state, loses) = match &stored {
        Stored::Damaged | Stored::Half(..) | Stored::Nothing => (
            "What was stored of it is damaged. Open it to save it as a file.".to_owned(),
            needed,
        ),
        Stored::Pair(_) => ("Nothing was chosen yet.".to_owned(), nothing),
        Stored::Run(run) => {
            let standing = Standing::of(&run.journal);
            (
                standing.words(),
                if standing.is_needed() {
                    needed
                } else {
                    nothing
                },
            )
        }
    };
    let state = match texts.half {
        Some(_) => [&state, " The other org is another admin's."].concat(),
        None => state,
    };
    PairRow {
        place,
        pair: texts.joined().as_ref().map(PairCard::of),
        opens: true,
        state,
        next: texts.next.clone().unwrap_or_default(),
        loses,
    }
}

fn odd(place: usize) -> PairRow {
    PairRow {
        place: Some(place),
        pair: None,
        opens: false,
        state: "It is not what this extension wrote. It stays as it is until you forget it."
            .to_owned(),
        next: String::new(),
        loses: "Save it as a file first: what was in it cannot be brought back.",
    }
}
