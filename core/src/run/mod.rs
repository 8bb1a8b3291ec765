//! The engine: reads, plans, writes, proves and takes back, over any procedure table.
//!
//! Sans-I/O: [`Run::asks`] says what may be done now, [`Run::answer`] moves on. Time comes with
//! every answer; there is no clock, network or randomness inside. One machine serves the panel,
//! the command line and simulated fault schedules.

mod agreed;
mod apply;
pub mod ask;
mod care;
pub mod cost;
pub mod creation;
pub(crate) mod desk;
mod disown;
mod forecast;
mod ground;
mod half;
pub mod journal;
pub mod kept;
mod ledger;
mod pace;
mod pair;
mod plan;
pub mod reach;
mod round;
pub mod step;
pub(crate) mod stored;
mod task;
mod tasks;
pub mod timeline;
mod undo;
mod view;
pub mod waves;
mod wish;
mod written;

use crate::map::Map;

use crate::explain::Explain;
pub use crate::facts::Member;
use crate::facts::Store;
use agreed::{Agreed, Turns};
pub use ask::{Ask, Failure, Reply, What};
use desk::{Came, Desk};
#[cfg(feature = "handoff")]
pub use half::Told;
pub use journal::{Entry, Journal};
use ledger::Ledger;
#[cfg(feature = "clients")]
pub use pace::http_date;
pub use pair::{Org, Pair, PairError};
pub use plan::{Note, Plan, PlanItem};
pub use reach::Reach;
use step::Procedure;
pub use step::{Click, Finding, Proof, Side, Step};
pub use stored::{STORED_VERSION, StoredRun};
use task::Spot;
use tasks::Tasks;
use timeline::Phase;
use undo::Undoing;
pub use wish::{Aim, InitialStatus, Method, Push, SignOn, Wish};

/// One run of some procedures over one pair. See the module.
pub struct Run {
    store: Store,
    /// What is known of the other org from its admin alone, in a run over one org.
    #[cfg(feature = "handoff")]
    told: Option<Told>,
    procedures: Vec<&'static Procedure>,
    tasks: Tasks,
    /// What was known, by counts of changes of members and of all, when the tasks were last made.
    expanded: Option<(u64, u64)>,
    /// Rows whose set of members is not known yet.
    unexpanded: Vec<&'static str>,
    ledger: Ledger,
    damage: Option<String>,
    desk: Desk,
    work: Map<u64, Vec<Work>>,
    phase: Phase,
    plan: Option<Plan>,
    agreed: Option<Agreed>,
    /// Writes under way, by org and operation, and those that wait for their turn.
    turns: Map<agreed::Kind, Turns>,
    /// When the last full round of reads was over.
    read_at: u64,
    /// Length of the journal when the plan was agreed to.
    agreed_from: usize,
    undoing: Option<Undoing>,
    /// What undo left in place, and why.
    left: Vec<Note>,
    now: u64,
}

/// What a ticket on the desk is for.
#[derive(Debug, Clone)]
enum Work {
    /// An entry that nothing waits for.
    Note,
    /// The probe of a task.
    Probe(Spot),
    /// The intent of a task's write.
    Intent(Spot, apply::Intent),
    /// A task's write, with its intent.
    Write(Spot, u64),
}

/// Why the engine does not do what it was told to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The journal does not hold together.
    #[error("the journal is damaged: {why}")]
    Damaged {
        /// Where.
        why: String,
    },
    /// The stored run is of another version or names an unknown procedure.
    #[error("the stored run cannot be read: {why}")]
    Foreign {
        /// What.
        why: String,
    },
    /// Consent names a plan that is not the one shown now.
    #[error("the plan has changed since it was shown")]
    Lapsed,
    /// Both orgs have not been read to the end yet.
    #[error("the orgs are still being read or written")]
    Busy,
}

impl Explain for RunError {
    fn code(&self) -> &'static str {
        match self {
            RunError::Damaged { .. } => "run-damaged",
            RunError::Foreign { .. } => "run-foreign",
            RunError::Lapsed => "run-lapsed",
            RunError::Busy => "run-busy",
        }
    }

    fn hint(&self) -> String {
        match self {
            RunError::Damaged { .. } => "Export the journal and keep it. Reading and checking still work; nothing is written or undone from it.",
            RunError::Foreign { .. } => "Export it and keep it; then forget this pair and pair again. The orgs are read anew.",
            RunError::Lapsed => "Look at the new plan and agree to that.",
            RunError::Busy => "Wait until the check is over, then try again.",
        }
        .to_owned()
    }
}

impl Run {
    /// A new run; begins to read both orgs at once.
    pub fn new(pair: Pair, wish: Wish, procedures: &[&'static Procedure], now: u64) -> Run {
        Run::with_journal(
            Store::new(pair, wish),
            procedures.to_vec(),
            Journal::default(),
            now,
        )
        .begun()
    }

    /// A run that does nothing yet.
    fn with_journal(
        store: Store,
        procedures: Vec<&'static Procedure>,
        journal: Journal,
        now: u64,
    ) -> Run {
        Run {
            desk: Desk::over(&store.pair),
            store,
            #[cfg(feature = "handoff")]
            told: None,
            procedures,
            tasks: Tasks::default(),
            expanded: None,
            unexpanded: Vec::new(),
            damage: journal.damage(),
            ledger: journal.into(),
            work: Map::new(),
            phase: Phase::Checking,
            plan: None,
            agreed: None,
            turns: Map::new(),
            read_at: now,
            agreed_from: usize::MAX,
            undoing: None,
            left: Vec::new(),
            now,
        }
    }

    fn begun(mut self) -> Run {
        self.advance();
        self
    }

    /// Takes a stored run up again: everything is read anew, nothing is sent again, and consent
    /// is asked again. With a damaged journal it reads and checks only. `known` are the procedures
    /// that a stored run may name.
    pub fn resume(
        stored: StoredRun,
        known: &[&'static Procedure],
        now: u64,
    ) -> Result<Run, RunError> {
        Run::taken_up(stored, known, now).map(Run::begun)
    }

    /// A stored run that does nothing yet.
    fn taken_up(
        stored: StoredRun,
        known: &[&'static Procedure],
        now: u64,
    ) -> Result<Run, RunError> {
        if stored.version != STORED_VERSION {
            return Err(RunError::Foreign {
                why: format!("version {}", stored.version),
            });
        }
        let find = |id: &String| {
            let found = known.iter().find(|procedure| procedure.id == id);
            found.copied().ok_or(RunError::Foreign {
                why: format!("procedure `{}`", crate::explain::seen(id)),
            })
        };
        let procedures = stored
            .procedures
            .iter()
            .map(find)
            .collect::<Result<Vec<_>, _>>()?;
        let store = Store::new(stored.pair, stored.wish);
        Ok(Run::with_journal(store, procedures, stored.journal, now))
    }

    /// What a face must keep to take this run up again.
    pub fn stored(&self) -> StoredRun {
        let mut wish = self.store.wish.clone();
        wish.users
            .iter_mut()
            .for_each(|user| user.name = user.id.clone());
        StoredRun {
            version: STORED_VERSION,
            pair: self.store.pair.clone(),
            wish,
            procedures: self
                .procedures
                .iter()
                .map(|procedure| procedure.id.to_owned())
                .collect(),
            journal: self.journal().clone(),
        }
    }

    /// Everything the driver may do now, in any order and at the same time.
    ///
    /// Pure: asking twice gives the same answer; only [`Run::answer`] moves the run on.
    pub fn asks(&self) -> Vec<Ask> {
        self.desk.asks()
    }

    /// Takes what came back for an ask. Answers to asks that are no longer open are ignored.
    pub fn answer(&mut self, ask: u64, reply: Reply, now: u64) {
        self.now = self.desk.time(self.now, now);
        let came = self.desk.answer(ask, reply, &self.store.pair, self.now);
        self.disown();
        if let Some((ticket, came)) = came {
            for work in self.work.remove(&ticket).unwrap_or_default() {
                match (work, &came) {
                    (Work::Probe(spot), Came::Read(answer)) => self.found(&spot, answer.clone()),
                    (Work::Intent(spot, intent), Came::Stored) => self.send(spot, intent),
                    (Work::Write(spot, seq), Came::Wrote(wrote)) => self.wrote(&spot, seq, wrote),
                    _ => {}
                }
            }
        }
        self.advance();
    }

    /// Begins a full round of reads, unless something is being written.
    pub fn check(&mut self, now: u64) {
        self.now = self.desk.time(self.now, now);
        if matches!(
            self.phase,
            Phase::Checking | Phase::Planned | Phase::Stopped
        ) {
            self.begin_round(Phase::Checking);
            self.advance();
        }
    }

    /// The plan, once a full round of reads is over.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref().filter(|_| self.phase == Phase::Planned)
    }

    /// Agrees to a plan by its id; its writes begin.
    pub fn consent(&mut self, plan: &str, now: u64) -> Result<(), RunError> {
        self.may_write()?;
        self.now = self.desk.time(self.now, now);
        let shown = self.plan().ok_or(RunError::Busy)?;
        if shown.id != plan {
            return Err(RunError::Lapsed);
        }
        self.agreed = self.plan.take().map(Agreed::from);
        self.agreed_from = self.ledger.len();
        self.phase = Phase::Applying;
        self.tasks.stir_all();
        if self.now > self.read_at + apply::FRESH {
            // The gates, too: who may be linked today is not what an old read said.
            self.tasks.forget_findings();
        }
        self.desk.doubt_orgs();
        self.advance();
        Ok(())
    }

    /// Stops: what is in flight is waited for and recorded, nothing new is sent.
    pub fn cancel(&mut self, now: u64) {
        self.now = self.desk.time(self.now, now);
        self.stop();
        self.advance();
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        self.ledger.journal()
    }

    /// Why the journal cannot be trusted, if it cannot: then nothing is written.
    pub fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    /// What undo left in place, and why.
    pub fn left(&self) -> &[Note] {
        &self.left
    }

    /// What the run is doing.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The pair.
    pub fn pair(&self) -> &Pair {
        &self.store.pair
    }

    /// The wish.
    pub fn wish(&self) -> &Wish {
        &self.store.wish
    }

    /// Whether every step is proven.
    pub fn is_proven(&self) -> bool {
        self.phase == Phase::Planned
            && self.unexpanded.is_empty()
            && self.tasks.values().all(|task| task.is_met())
    }

    /// Sends without pacing: for measuring what the calls alone cost.
    pub fn unpaced(&mut self) {
        self.desk.pace.off = true;
    }

    fn may_write(&self) -> Result<(), RunError> {
        match &self.damage {
            Some(why) => Err(RunError::Damaged { why: why.clone() }),
            None => Ok(()),
        }
    }
}
