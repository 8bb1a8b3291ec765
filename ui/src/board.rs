//! What the views read and what they ask for.

use std::rc::Rc;

use org2org_core::facts::Member;
use org2org_core::run::timeline::{Phase, Timeline};
use org2org_core::run::{Org, Pair, Push, Side, Wish};
use sycamore::prelude::*;

/// Everything a person can ask for. The driver answers each by changing the [`Board`].
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Ask the browser again for the permission for both orgs.
    Allow,
    /// Take back the consent or stop what is being applied; nothing new is sent.
    Cancel,
    /// Read both orgs again.
    Check,
    /// The person names the org that holds the apps, by host, to confirm the direction.
    Confirm(String),
    /// A yes to the plan of this id.
    Consent(String),
    /// A yes to taking back what the plan of this id names.
    ConsentUndo(String),
    /// Put this text on the clipboard.
    Copy(String),
    /// Save what is stored as a file.
    Export,
    /// Offer source groups whose name starts with this.
    FindGroups(String),
    /// Offer the keys of the source's Org2Org app with this label.
    FindKeys(String),
    /// Offer source groups to be pushed whose name starts with this.
    FindPushed(String),
    /// Offer source users whose name or login starts with this.
    FindUsers(String),
    /// Return the permissions and clear the storage.
    Forget,
    /// Something about half a link.
    #[cfg(feature = "all")]
    Hand(crate::handing::Hand),
    /// Go on in the edition of the panel that offers everything, with what is filled in so far.
    More(Box<Wish>),
    /// Open the Admin Console of one side.
    Open(Side),
    /// Open the side panel (from the popup).
    OpenPanel,
    /// Ask for the permission for two addresses as typed, and read who they are.
    Pair {
        /// Where people sign in.
        source: String,
        /// Where the apps are.
        target: String,
    },
    /// The person did what the pause of this ask wanted.
    Ready(u64),
    /// Back to choosing two orgs.
    Repair,
    /// Open the page of the step with this key and point at its controls.
    Show(String),
    /// Start a run with this wish.
    Start(Box<Wish>),
    /// Swap source and target before anything is confirmed.
    Swap,
    /// Show what taking back would do.
    PlanUndo,
    /// Change the wish of a stored run.
    Rewish,
    /// Work in this panel although another window held the pair.
    TakeOver,
}

/// Which part of the panel is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Storage is being read.
    Opening,
    /// Two orgs are being chosen.
    Pairing,
    /// The two orgs are known; the direction waits for a yes.
    Confirming,
    /// One org alone is theirs: a file is taken, or a link begun.
    #[cfg(feature = "all")]
    Handing,
    /// What should be connected is being chosen.
    Wishing,
    /// A run.
    Running,
    /// Another window works on this pair.
    Elsewhere,
    /// What was stored cannot be trusted: only reading is offered.
    Damaged,
}

/// The sheets of a run, in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// The timeline.
    Steps,
    /// What would be written.
    Plan,
    /// The values that travel.
    Values,
    /// What was done.
    Journal,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something is wrong; the person has to act.
    Bad,
    /// Good news.
    Good,
    /// Worth knowing.
    Note,
    /// Deserves care.
    Warn,
}

/// A message to the person, with an action that helps, if any.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Stable code of the error, or a name of our own.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What happened.
    pub text: String,
    /// What to do next; may be empty.
    pub hint: String,
    /// A button that does it: label and action.
    pub remedy: Option<(&'static str, Action)>,
}

/// One org as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrgCard {
    /// Its name, e.g. "ACME".
    pub name: String,
    /// `acme.okta.com`
    pub host: String,
    /// Organisation id.
    pub id: String,
    /// Id of who acts there.
    pub actor: String,
    /// How they sign in; empty where only the id is known.
    pub login: String,
    /// "production" or "preview".
    pub kind: &'static str,
}

impl OrgCard {
    fn of(org: &Org) -> OrgCard {
        OrgCard {
            name: org.name.clone(),
            host: org.url.host().to_owned(),
            id: org.id.clone(),
            actor: org.actor.clone(),
            login: org.login.clone(),
            kind: if org.url.family().is_preview() {
                "preview"
            } else {
                "production"
            },
        }
    }
}

/// Two orgs and what to know about pairing them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PairCard {
    /// Where people sign in.
    pub source: OrgCard,
    /// Where the apps are.
    pub target: OrgCard,
    /// Mixed preview and production, and the like.
    pub warnings: Vec<String>,
}

impl PairCard {
    /// As two orgs are shown.
    pub fn of(pair: &Pair) -> PairCard {
        PairCard {
            source: OrgCard::of(&pair.source),
            target: OrgCard::of(&pair.target),
            warnings: pair.warnings(),
        }
    }

    /// The org of a side.
    pub fn org(&self, side: Side) -> &OrgCard {
        match side {
            Side::Source => &self.source,
            Side::Target => &self.target,
        }
    }
}

/// What the pairing form knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairing {
    /// Hosts of Okta orgs open in tabs that the panel may see.
    pub open: Vec<String>,
    /// What stands in the source field.
    pub source: String,
    /// What stands in the target field.
    pub target: String,
    /// What is wrong with the source field.
    pub source_error: Option<String>,
    /// What is wrong with the target field.
    pub target_error: Option<String>,
    /// Whether the two orgs are being asked who they are.
    pub busy: bool,
}

/// Why a chosen direction was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confirm {
    /// Empty while nothing is wrong.
    pub error: Option<String>,
}

/// What the wish form offers, read from both orgs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choices {
    /// Apps of the target that can be opened by a bookmark.
    pub apps: Vec<Member>,
    /// Whether the apps were read whole.
    pub apps_read: bool,
    /// Source groups found.
    pub groups: Vec<Member>,
    /// Source groups found that may be pushed.
    pub pushed: Vec<Member>,
    /// Source users found.
    pub users: Vec<Member>,
    /// What could not be read.
    pub error: Option<String>,
    /// Keys of the Org2Org app: their ids, with when they were made and what they are in use for.
    pub keys: Vec<Member>,
    /// Why there are none.
    pub keys_error: Option<String>,
    /// What pushing begins with.
    pub push: Push,
}

/// What the plan sheet is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Reaching the wish.
    Apply,
    /// Taking back what this run made.
    Undo,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Place in the journal, from 1.
    pub number: u64,
    /// The time of day it was written at.
    pub time: String,
    /// The step it is about.
    pub title: String,
    /// What happened.
    pub text: String,
}

/// The signals between the driver and the views.
#[derive(Clone, Copy)]
pub struct Board {
    /// Which part is shown.
    pub screen: Signal<Screen>,
    /// Which sheet of the run is shown.
    pub sheet: Signal<Sheet>,
    /// One polite line about what goes on.
    pub status: Signal<String>,
    /// Messages, newest last.
    pub notices: Signal<Vec<Notice>>,
    /// The pairing form.
    pub pairing: Signal<Pairing>,
    /// The direction question.
    pub confirm: Signal<Confirm>,
    /// Half a link.
    #[cfg(feature = "all")]
    pub handing: Signal<crate::handing::Handing>,
    /// The pair, once both orgs said who they are.
    pub pair: Signal<Option<PairCard>>,
    /// What the wish form offers.
    pub choices: Signal<Choices>,
    /// What the wish form starts from.
    pub wish: Signal<Option<Wish>>,
    /// The run.
    pub timeline: Signal<Timeline>,
    /// The plan to show, if any.
    pub plan: Signal<Option<org2org_core::run::Plan>>,
    /// What the plan is about.
    pub what: Signal<What>,
    /// The journal.
    pub journal: Signal<Vec<Change>>,
    act: Signal<Rc<dyn Fn(Action)>>,
}

impl Board {
    /// An empty board; call it inside a reactive root.
    pub fn new(act: impl Fn(Action) + 'static) -> Board {
        Board {
            screen: create_signal(Screen::Opening),
            sheet: create_signal(Sheet::Steps),
            status: create_signal(String::new()),
            notices: create_signal(Vec::new()),
            pairing: create_signal(Pairing::default()),
            confirm: create_signal(Confirm::default()),
            #[cfg(feature = "all")]
            handing: create_signal(Default::default()),
            pair: create_signal(None),
            choices: create_signal(Choices::default()),
            wish: create_signal(None),
            timeline: create_signal(empty()),
            plan: create_signal(None),
            what: create_signal(What::Apply),
            journal: create_signal(Vec::new()),
            act: create_signal(Rc::new(act)),
        }
    }

    /// Tells the driver what the person asked for.
    pub fn act(self, action: Action) {
        let act = self.act.get_clone_untracked();
        act(action);
    }

    /// Shows a notice, replacing an older one of the same code.
    pub fn tell(self, notice: Notice) {
        self.notices.update(|notices| {
            notices.retain(|old| old.code != notice.code);
            notices.push(notice);
        });
    }

    /// Takes a notice away.
    pub fn hush(self, code: &str) {
        if self
            .notices
            .with_untracked(|all| all.iter().any(|notice| notice.code == code))
        {
            self.notices
                .update(|notices| notices.retain(|old| old.code != code));
        }
    }

    /// Whether the other org is another admin's.
    #[cfg(feature = "all")]
    pub fn is_half(self) -> bool {
        self.handing.with(|one| one.side.is_some())
    }

    /// See above; the small edition works in both orgs.
    #[cfg(not(feature = "all"))]
    pub fn is_half(self) -> bool {
        false
    }

    /// The name of an org, for sentences.
    pub fn name(self, side: Side) -> String {
        self.pair.with_untracked(|pair| match pair {
            Some(pair) => pair.org(side).name.clone(),
            None => side.name().to_owned(),
        })
    }
}

fn empty() -> Timeline {
    Timeline {
        phase: Phase::Checking,
        status: String::new(),
        procedures: Vec::new(),
        values: Vec::new(),
        pauses: Vec::new(),
    }
}

impl Default for Board {
    fn default() -> Self {
        Board::new(|_| {})
    }
}
