//! The loop around the engine: does what it asks, once each, and brings back what came of it.

use std::rc::Rc;

use org2org_core::run::timeline::{Phase, Timeline};
use org2org_core::run::{
    Ask, Entry, Pair, Plan, Reply, Run, RunError, STORED_VERSION, StoredRun, What, Wish,
};
use org2org_ui::{Change, Level, Screen, Sheet};

use crate::browser;
use crate::panel::Panel;
use crate::store::{self, OFFERED};

impl Panel {
    /// Starts a run for a wish, once it is stored.
    pub async fn start_run(self: Rc<Self>, wish: Wish) {
        let Some(pair) = self.pair.borrow().clone() else {
            return;
        };
        #[cfg(feature = "all")]
        if self.start_with(&pair, &wish).await {
            return;
        }
        let run = match self.resumed(self.wished(pair, wish)) {
            Ok(run) => run,
            Err(error) => return self.fail(&error),
        };
        let kept = store::keep_run(&run.stored()).await;
        match kept {
            Ok(()) => self.begin(run),
            Err(why) => self.not_stored(&why),
        }
    }

    /// The run for a wish: what an earlier wish made stays provable and undoable.
    pub fn wished(&self, pair: Pair, wish: Wish) -> StoredRun {
        let old = self.run.borrow().as_ref().map(|run| run.stored().journal);
        StoredRun {
            version: STORED_VERSION,
            pair,
            wish,
            procedures: OFFERED.iter().map(|one| one.id.to_owned()).collect(),
            journal: old.unwrap_or_default(),
        }
    }

    /// Says that a run is not begun.
    pub fn not_stored(&self, why: &str) {
        self.tell(
            Level::Bad,
            "store",
            ["the run cannot be stored: ", why].concat(),
            "Nothing is sent without it. Free some space in the browser's storage and try again.",
        );
    }

    /// Takes up a run.
    pub fn begin(self: &Rc<Self>, run: Run) {
        if let Some(why) = run.damage() {
            let text = ["the journal is damaged: ", why].concat();
            let hint = "Save it as a file from the Journal tab. Checking still works; nothing is written or undone from it.";
            self.tell(Level::Bad, "damaged", text, hint);
        }
        *self.run.borrow_mut() = Some(run);
        self.epoch.set(self.epoch.get() + 1);
        self.begun.borrow_mut().clear();
        self.board.plan.set(None);
        self.board.what.set(org2org_ui::What::Apply);
        self.board.sheet.set(Sheet::Steps);
        self.board.screen.set(Screen::Running);
        self.pump();
    }

    /// Begins every ask that is new, and draws.
    pub fn pump(self: &Rc<Self>) {
        let asks = match &*self.run.borrow() {
            Some(run) => run.asks(),
            None => return,
        };
        let begun = self.begun.replace(asks.iter().map(|ask| ask.id).collect());
        let fresh: Vec<Ask> = asks
            .into_iter()
            .filter(|ask| !begun.contains(&ask.id))
            .collect();
        for ask in fresh {
            let panel = self.clone();
            browser::spawn(async move { panel.perform(ask).await });
        }
        self.draw();
    }

    async fn perform(self: Rc<Self>, ask: Ask) {
        let epoch = self.epoch.get();
        let reply = match ask.what {
            What::Store(_) => Some(self.keep().await),
            // The views show a pause; the person, or the tab turning up, answers it.
            what => self.relay.reply(what, |side| self.org(side)).await,
        };
        let Some(reply) = reply else { return };
        if self.epoch.get() == epoch {
            self.answer(ask.id, reply);
        }
    }

    // The entry is the newest of the journal, so keeping the run keeps the entry.
    async fn keep(&self) -> Reply {
        let stored = self.run.borrow().as_ref().map(Run::stored);
        match stored {
            Some(stored) => store::keep_run(&stored)
                .await
                .map_or_else(Reply::NotStored, |()| Reply::Stored),
            None => Reply::NotStored("the pair was forgotten".to_owned()),
        }
    }

    fn answer(self: &Rc<Self>, ask: u64, reply: Reply) {
        if let Some(run) = &mut *self.run.borrow_mut() {
            run.answer(ask, reply, browser::now());
        }
        self.pump();
    }

    /// The person did what a pause wanted.
    pub fn ready(self: Rc<Self>, ask: u64) {
        self.answer(ask, Reply::Done);
    }

    /// Reads both orgs again.
    pub fn check(self: Rc<Self>) {
        self.with_run(|run| run.check(browser::now()));
        self.pump();
    }

    /// Agrees to a plan; while the orgs are being read once more, as soon as that is over.
    pub fn consent(self: Rc<Self>, plan: String) {
        match self.with_run(|run| run.consent(&plan, browser::now())) {
            Some(Err(RunError::Busy)) => *self.agreed.borrow_mut() = Some(plan),
            Some(Err(error)) => self.fail(&error),
            Some(Ok(())) => {
                self.board.hush("run-lapsed");
                self.board.sheet.set(Sheet::Steps);
            }
            None => {}
        }
        self.pump();
    }

    /// Shows what undo would send.
    pub fn plan_undo(self: Rc<Self>) {
        match self.with_run(|run| run.plan_undo()).flatten() {
            Some(plan) => {
                self.board.what.set(org2org_ui::What::Undo);
                self.board.plan.set(Some(plan));
                self.board.sheet.set(Sheet::Plan);
            }
            None => self.fail(&RunError::Busy),
        }
    }

    /// Agrees to take back what the plan names.
    pub fn consent_undo(self: Rc<Self>, plan: &str) {
        match self.with_run(|run| run.consent_undo(plan, browser::now())) {
            Some(Ok(())) => {
                self.board.what.set(org2org_ui::What::Apply);
                self.board.sheet.set(Sheet::Steps);
            }
            Some(Err(error)) => self.fail(&error),
            None => {}
        }
        self.pump();
    }

    /// Stops what is being applied, or puts a plan aside.
    pub fn cancel(self: Rc<Self>) {
        *self.agreed.borrow_mut() = None;
        // Back to where the plan was opened from.
        self.board.sheet.set(match self.board.what.get_untracked() {
            org2org_ui::What::Apply => Sheet::Steps,
            org2org_ui::What::Undo => Sheet::Journal,
        });
        self.board.what.set(org2org_ui::What::Apply);
        self.with_run(|run| {
            if matches!(
                run.phase(),
                Phase::Applying | Phase::Proving | Phase::Undoing
            ) {
                run.cancel(browser::now());
            }
        });
        self.pump();
    }

    fn with_run<T>(&self, with: impl FnOnce(&mut Run) -> T) -> Option<T> {
        self.run.borrow_mut().as_mut().map(with)
    }

    /// Puts the state of the run on the board, touching only what changed.
    fn draw(self: &Rc<Self>) {
        let Some((timeline, plan)) = self.with_run(|run| (run.timeline(), run.plan().cloned()))
        else {
            return;
        };
        let board = self.board;
        self.draw_journal(&timeline);
        self.remember_next(next_title(&timeline));
        if let Some(plan) = plan {
            self.draw_plan(plan);
        } else if !matches!(timeline.phase, Phase::Checking | Phase::Planned) {
            board.plan.set_if(None);
        }
        board.status.set_if(timeline.status.clone());
        let planned = timeline.phase == Phase::Planned;
        board.timeline.set_if(timeline);
        #[cfg(feature = "all")]
        self.draw_half();
        if planned {
            self.draw_left();
            self.after_round();
        }
    }

    // An undo plan on screen is not replaced behind the person's back; its consent is checked anyway.
    fn draw_plan(&self, plan: Plan) {
        if self.board.what.get_untracked() == org2org_ui::What::Apply {
            self.board.plan.set_if(Some(plan));
        }
    }

    // After a round the steps are known for all members: titles that were not, are looked up again.
    fn draw_journal(&self, timeline: &Timeline) {
        let lines = self.with_run(|run| {
            let entries = &run.journal().entries;
            let stands = self.board.journal.with_untracked(|lines| {
                let named = |(line, entry): (&Change, &Entry)| line.title != entry.key;
                lines.len() == entries.len()
                    && (timeline.phase != Phase::Planned || lines.iter().zip(entries).all(named))
            });
            if stands {
                return None;
            }
            let mut lines = self.board.journal.get_clone_untracked();
            lines.truncate(entries.len());
            for (line, entry) in lines.iter_mut().zip(entries) {
                if line.title == entry.key {
                    line.title = title_of(timeline, &entry.key);
                }
            }
            let fresh = entries.iter().skip(lines.len()).map(|entry| Change {
                number: entry.seq + 1,
                time: browser::clock(entry.at),
                title: title_of(timeline, &entry.key),
                text: entry.words(),
            });
            lines.extend(fresh.collect::<Vec<_>>());
            Some(lines)
        });
        if let Some(lines) = lines.flatten() {
            self.board.journal.set_if(lines);
        }
    }

    fn draw_left(&self) {
        let left = self.with_run(|run| {
            run.left()
                .iter()
                .map(|note| note.text.clone())
                .collect::<Vec<_>>()
        });
        match left {
            Some(left) if !left.is_empty() => self.tell(
                Level::Note,
                "left",
                ["some things were left in place: ", &left.join("; ")].concat(),
                "",
            ),
            _ => self.board.hush("left"),
        }
    }

    /// A round of reads is over: what waited for it goes on.
    fn after_round(self: &Rc<Self>) {
        let agreed = self.agreed.borrow_mut().take();
        if let Some(plan) = agreed {
            let panel = self.clone();
            return browser::spawn(async move { panel.consent(plan) });
        }
        self.look_again();
    }
}

/// Title of a step with its member; its key when it is no longer among the steps.
fn title_of(timeline: &Timeline, key: &str) -> String {
    let mut steps = timeline.procedures.iter().flat_map(|one| &one.steps);
    match steps.find(|step| step.key == key) {
        Some(step) => match &step.member {
            Some(member) => [&step.title, " – ", member].concat(),
            None => step.title.clone(),
        },
        None => key.to_owned(),
    }
}

fn next_title(timeline: &Timeline) -> String {
    org2org_ui::next_step(timeline)
        .map(|step| [&step.title, " (", &step.org, ")"].concat())
        .unwrap_or_default()
}

/// Sets a signal only when its value changes: views are not redrawn for nothing.
trait SetIf<T> {
    fn set_if(self, value: T);
}

impl<T: PartialEq + 'static> SetIf<T> for sycamore::prelude::Signal<T> {
    fn set_if(self, value: T) {
        if self.with_untracked(|old| *old != value) {
            self.set(value);
        }
    }
}
