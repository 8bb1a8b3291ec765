//! The side panel: its state, and which part of it answers what the person asks for.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use org2org_core::explain::Explain;
use org2org_core::org::OrgUrl;
use org2org_core::run::{Pair, Run, RunError, Side, StoredRun};
use org2org_ui::{Action, Board, Level, Notice, PairCard, Screen, app};

use crate::browser;
use crate::choices::Searches;
use crate::grants::{self, origins};
use crate::relay::Relay;
use crate::store::{self, OFFERED, Stored};

/// The panel. Every field is its own cell, so that no borrow lasts over a wait.
pub struct Panel {
    /// What the views read.
    pub board: Board,
    /// The engine, once there is a wish.
    pub run: RefCell<Option<Run>>,
    /// The pair, once both orgs said who they are.
    pub pair: RefCell<Option<Pair>>,
    /// The two addresses that are being asked who they are.
    pub wanted: RefCell<Option<[OrgUrl; 2]>>,
    /// Asks that were begun: each is begun once.
    pub begun: RefCell<Vec<u64>>,
    /// Counts runs: ask ids begin anew with each, and a late answer must not reach another run.
    pub epoch: Cell<u64>,
    /// A plan agreed to while the orgs were being read once more.
    pub agreed: RefCell<Option<String>>,
    /// Whether a paired page changed and both orgs should be read again.
    pub stale: Cell<bool>,
    /// When both orgs were last read because a page changed.
    pub looked: Cell<u64>,
    /// What is kept and read of a hand-off.
    #[cfg(feature = "all")]
    pub handed: crate::handing::Handed,
    /// Counts the searches of each field, so that a late answer does not replace a newer one.
    pub searches: Searches,
    /// The tabs of both orgs.
    pub relay: Relay,
    held: RefCell<Vec<String>>,
    next: RefCell<String>,
}

/// Starts the panel.
pub fn start() {
    crate::mount("app", || {
        let cell = Rc::new(OnceCell::<Rc<Panel>>::new());
        let panel = cell.clone();
        let board = Board::new(move |action| {
            if let Some(panel) = panel.get() {
                panel.clone().act(action);
            }
        });
        let panel = Rc::new(Panel::new(board));
        let _ = cell.set(panel.clone());
        panel.listen();
        panel.make_way();
        browser::spawn(async move { panel.open().await });
        app(board)
    });
}

impl Panel {
    fn new(board: Board) -> Panel {
        Panel {
            board,
            run: RefCell::default(),
            pair: RefCell::default(),
            wanted: RefCell::default(),
            begun: RefCell::default(),
            epoch: Cell::default(),
            agreed: RefCell::default(),
            stale: Cell::default(),
            looked: Cell::default(),
            #[cfg(feature = "all")]
            handed: Default::default(),
            searches: Searches::default(),
            relay: Relay::default(),
            held: RefCell::default(),
            next: RefCell::default(),
        }
    }

    // Another pair is about to be taken off the shelf: from the first word on nothing of this one is
    // written any more; at the second one, what is stored is taken up.
    fn make_way(self: &Rc<Self>) {
        let (leaving, entering) = (self.clone(), self.clone());
        browser::on_told(crate::LEAVE, Box::new(move || leaving.leave()));
        browser::on_told(
            crate::ENTER,
            Box::new(move || entering.clone().act(Action::TakeOver)),
        );
    }

    /// Takes up what is stored.
    pub async fn open(self: Rc<Self>) {
        #[cfg(feature = "all")]
        let stored = match self.half_of(store::load().await).await {
            Some(stored) => stored,
            None => return self.board.screen.set(Screen::Damaged),
        };
        #[cfg(not(feature = "all"))]
        let stored = store::load().await;
        match stored {
            Stored::Damaged => self.board.screen.set(Screen::Damaged),
            #[cfg(feature = "all")]
            Stored::Nothing if store::begins_alone().await => self.show_handing(),
            Stored::Nothing => self.show_pairing().await,
            Stored::Pair(pair) => {
                self.set_pair(*pair);
                self.miss_permission().await;
                self.to_wish().await;
            }
            stored @ (Stored::Half(..) | Stored::Run(_)) if store::needs_all(&stored) => {
                self.more(None).await;
            }
            Stored::Half(..) => {}
            Stored::Run(stored) => {
                self.set_pair(stored.pair.clone());
                self.miss_permission().await;
                if !self.hold().await {
                    return self.board.screen.set(Screen::Elsewhere);
                }
                match self.resumed(*stored) {
                    Ok(run) => {
                        self.begin(run);
                        // The doctor left a wish for it, which only this edition can plan.
                        #[cfg(feature = "all")]
                        if store::has_draft().await {
                            self.to_wish().await;
                        }
                    }
                    Err(error) => {
                        self.fail(&error);
                        self.board.screen.set(Screen::Damaged);
                    }
                }
            }
        }
    }

    fn act(self: Rc<Self>, action: Action) {
        match action {
            Action::Cancel => self.cancel(),
            Action::Check => self.check(),
            Action::Consent(plan) => self.consent(plan),
            #[cfg(feature = "all")]
            Action::Hand(hand) => self.hand(hand),
            Action::ConsentUndo(plan) => self.consent_undo(&plan),
            Action::Pair { source, target } => self.pair_up(&source, &target),
            Action::PlanUndo => self.plan_undo(),
            Action::Ready(ask) => self.ready(ask),
            Action::Swap => self.swap(),
            longer => browser::spawn(async move { self.work(longer).await }),
        }
    }

    // What has to wait for the browser or an org, in one task: each kind of task is compiled anew.
    async fn work(self: Rc<Self>, action: Action) {
        let stores = match &action {
            // What is refused is said at once: the focus goes by it.
            Action::Confirm(host) => self.refusal(host).is_none(),
            Action::Forget | Action::Start(_) => true,
            _ => false,
        };
        if matches!(action, Action::TakeOver) || stores && self.is_outdated().await {
            return self.open().await;
        }
        match action {
            Action::Allow => self.allow().await,
            Action::Confirm(host) => self.confirm(&host).await,
            Action::Copy(text) => self.copy(&text).await,
            Action::Export => self.export().await,
            Action::FindGroups(text) => self.find_groups(&text).await,
            // Only the edition with every procedure asks for these.
            Action::FindKeys(label) if store::ALL => self.find_keys(&label).await,
            Action::FindPushed(text) if store::ALL => self.find_pushed(&text).await,
            Action::FindUsers(text) => self.find_users(&text).await,
            Action::Forget => self.forget().await,
            Action::More(draft) => self.more(Some(*draft)).await,
            Action::Open(side) => self.open_console(side).await,
            Action::Repair => self.show_pairing().await,
            Action::Rewish => self.rewish().await,
            Action::Show(key) => self.show_step(&key).await,
            Action::Start(wish) => self.start_run(*wish).await,
            // Done at once, by `act` or above; or by the popup.
            Action::Cancel
            | Action::Check
            | Action::Consent(_)
            | Action::ConsentUndo(_)
            | Action::FindKeys(_)
            | Action::FindPushed(_)
            | Action::OpenPanel
            | Action::Pair { .. }
            | Action::PlanUndo
            | Action::Ready(_)
            | Action::Swap
            | Action::TakeOver => {}
            #[cfg(feature = "all")]
            Action::Hand(_) => {}
        }
    }

    /// Whether another window took up other orgs since this one looked: they must not be lost.
    pub async fn is_outdated(&self) -> bool {
        let stored = store::load().await;
        #[cfg(feature = "all")]
        let stored = stored.bare();
        let stored = match stored {
            Stored::Run(run) => run.pair,
            Stored::Pair(pair) => *pair,
            Stored::Half(..) => return true,
            Stored::Damaged | Stored::Nothing => return false,
        };
        let own = self.pair.borrow();
        own.as_ref().is_none_or(|own| !stored.joins_same_orgs(own))
    }

    /// Says so when the permission was taken back while the panel was closed.
    pub async fn miss_permission(&self) {
        if browser::granted(&origins(&self.orgs())).await {
            return;
        }
        self.board.tell(Notice {
            code: "permission",
            level: Level::Warn,
            text: "The browser no longer lets this extension work in your Admin Consoles."
                .to_owned(),
            hint: "Allow it again to go on; nothing was lost.".to_owned(),
            remedy: Some(("Allow again", Action::Allow)),
        });
    }

    // Nothing may be awaited before the request: it counts as the person's click only then.
    async fn allow(self: Rc<Self>) {
        let orgs = self.orgs();
        if browser::request(&origins(&orgs)).await == Ok(true) {
            self.board.hush("permission");
            for org in &orgs {
                self.wake(org);
            }
            #[cfg(feature = "all")]
            self.clone().meet().await;
        }
    }

    /// Makes this the pair, on the board too.
    pub fn set_pair(&self, pair: Pair) {
        self.board.pair.set(Some(PairCard::of(&pair)));
        *self.pair.borrow_mut() = Some(pair);
    }

    /// The org of a side.
    pub fn org(&self, side: Side) -> Option<OrgUrl> {
        self.pair
            .borrow()
            .as_ref()
            .map(|pair| pair.org(side).url.clone())
    }

    /// The orgs this panel works with now: paired, or about to be.
    pub fn orgs(&self) -> Vec<OrgUrl> {
        let pair = self.pair.borrow();
        let paired = pair
            .iter()
            .flat_map(|pair| [pair.source.url.clone(), pair.target.url.clone()]);
        let wanted = self.wanted.borrow();
        let orgs: Vec<OrgUrl> = paired.chain(wanted.iter().flatten().cloned()).collect();
        #[cfg(feature = "all")]
        let orgs = self.mine_of(&orgs);
        orgs
    }

    /// The side that is open where the other org is another admin's.
    #[cfg(not(feature = "all"))]
    pub fn own_side(&self) -> Option<Side> {
        None
    }

    /// Takes a stored run up, over both orgs or the one that is open here.
    pub fn resumed(&self, stored: StoredRun) -> Result<Run, RunError> {
        #[cfg(feature = "all")]
        if let Some(told) = self.told() {
            return Run::half(stored, OFFERED, told, browser::now());
        }
        Run::resume(stored, OFFERED, browser::now())
    }

    /// Takes the lock on the pair; false when another window works on it.
    pub async fn hold(&self) -> bool {
        let name = match &*self.pair.borrow() {
            Some(pair) => {
                // The same lock whichever way the pair was entered.
                let (a, b) = (pair.source.id.as_str(), pair.target.id.as_str());
                ["pair ", a.min(b), " ", a.max(b)].concat()
            }
            None => return false,
        };
        if self.held.borrow().contains(&name) {
            return true;
        }
        let got = browser::locks::lock(&name).await;
        if got {
            self.held.borrow_mut().push(name);
        }
        got
    }

    /// Tells an error of core.
    pub fn fail(&self, error: &impl Explain) {
        self.tell(Level::Bad, error.code(), error.to_string(), error.hint());
    }

    /// Tells something.
    pub fn tell(
        &self,
        level: Level,
        code: &'static str,
        text: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.board.tell(Notice {
            code,
            level,
            text: sentence(text.into()),
            hint: hint.into(),
            remedy: None,
        });
    }

    /// Remembers the next step for the popup, when it changed.
    pub fn remember_next(&self, title: String) {
        if *self.next.borrow() != title {
            self.next.borrow_mut().clone_from(&title);
            browser::spawn(async move { store::keep_next(&title).await });
        }
    }

    async fn copy(&self, text: &str) {
        match browser::copy(text).await {
            Ok(()) => self.board.status.set("Copied.".to_owned()),
            Err(why) => self.tell(
                Level::Warn,
                "copy",
                ["the browser did not copy: ", &why].concat(),
                "Select the value and copy it by hand.",
            ),
        }
    }

    async fn export(&self) {
        let done = match store::export().await {
            Ok(text) => browser::offer_file("org2org-journal.json", browser::JSON, &text),
            Err(why) => Err(why),
        };
        if let Err(why) = done {
            self.tell(
                Level::Bad,
                "export",
                ["the file could not be made: ", &why].concat(),
                "Try again; nothing was lost.",
            );
        }
    }

    async fn forget(self: Rc<Self>) {
        let orgs = self.orgs();
        let relays = crate::message::stop(&orgs);
        for tab in browser::tabs().await {
            if crate::message::admin_console(&tab.url).is_some_and(|org| orgs.contains(&org)) {
                let _ = browser::send(tab.id, &relays).await;
            }
        }
        let kept = store::has_put_away().await;
        let forgotten = match &kept {
            Ok(kept) => store::forget(!kept).await,
            Err(why) => Err(why.clone()),
        };
        if let Err(why) = forgotten {
            return self.tell(
                Level::Bad,
                "forget",
                ["the storage could not be cleared: ", &why].concat(),
                "Try again.",
            );
        }
        self.leave();
        if kept == Ok(true) {
            store::leave_for_pairs("").await;
        } else {
            grants::give_back_all_but(&[]).await;
            #[cfg(feature = "all")]
            let _ = browser::seal::keep_only(&[]).await;
        }
        self.clone().show_pairing().await;
        self.tell(
            Level::Good,
            "forgotten",
            "the pair is forgotten and the permissions that it alone needed are returned",
            "",
        );
    }

    /// From now on nothing of the pair at hand is written or shown; what is stored stays.
    fn leave(&self) {
        *self.run.borrow_mut() = None;
        self.epoch.set(self.epoch.get() + 1);
        *self.pair.borrow_mut() = None;
        *self.wanted.borrow_mut() = None;
        #[cfg(feature = "all")]
        self.put_down();
        self.begun.borrow_mut().clear();
        self.next.borrow_mut().clear();
        self.relay.unbind_all();
        self.board.pair.set(None);
        self.board.plan.set(None);
        self.board.journal.set(Vec::new());
        self.board.notices.set(Vec::new());
        self.board.status.set(String::new());
        // Another spoke of the same hub comes next, more often than not.
        self.board.pairing.update(|form| form.source.clear());
    }
}

/// Core's messages start small and end without a stop; here they stand alone.
pub fn sentence(text: String) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase().to_string());
    let end = if text.ends_with(['.', '!', '?', '…']) {
        ""
    } else {
        "."
    };
    [first.as_deref().unwrap_or_default(), letters.as_str(), end].concat()
}
