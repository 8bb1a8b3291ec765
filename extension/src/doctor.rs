//! The doctor in the panel: drives core's examination through the relays, by reads alone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use org2org_core::doctor::{Examination, Hub, Mend, Shelf, Start};
use org2org_core::json;
use org2org_core::org::OrgUrl;
use org2org_core::run::{Ask, Pair, Push, Reply, Side, What, Wish};
use org2org_ui::{PairCard, Paper, Request, Stage, Ward, doctor};

use crate::relay::{Relay, SETTLING, WOKEN};
use crate::store::{self, Stored};
use crate::{browser, message};

thread_local! {
    /// The one of this page: it is shown as often as the person comes to it, and started once.
    static STARTED: RefCell<Option<Rc<Doctor>>> = const { RefCell::new(None) };
}

struct Doctor {
    ward: Ward,
    relay: Relay,
    pair: RefCell<Option<Pair>>,
    exam: RefCell<Option<Examination>>,
    /// Asks that were begun: each is begun once.
    begun: RefCell<Vec<u64>>,
    /// Counts examinations: a late answer must not reach another.
    epoch: Cell<u64>,
    /// Finished examinations of this target's sources, the newest last.
    finished: RefCell<Vec<Examination>>,
}

/// Shows the doctor, with the pair as it is stored now.
pub fn show() {
    let known = STARTED.with_borrow(Option::clone);
    let doctor = known.unwrap_or_else(start);
    browser::spawn(async move { doctor.look_up().await });
}

fn start() -> Rc<Doctor> {
    let one = crate::mount_driven("doctor", Doctor::act, |tell| {
        let ward = Ward::new(tell);
        (Doctor::new(ward), doctor(ward))
    });
    one.listen();
    STARTED.set(Some(one.clone()));
    one
}

impl Doctor {
    fn new(ward: Ward) -> Doctor {
        Doctor {
            ward,
            relay: Relay::default(),
            pair: RefCell::default(),
            exam: RefCell::default(),
            begun: RefCell::default(),
            epoch: Cell::default(),
            finished: RefCell::default(),
        }
    }

    /// Hears the relays and closed tabs from now on.
    fn listen(self: &Rc<Self>) {
        let (heard, closed) = (self.clone(), self.clone());
        let own = browser::own_id();
        browser::on_message(move |text, sender| {
            if let Ok(
                message::Report::Changed { tab, org } | message::Report::Place { tab, org, .. },
            ) = message::report(&text, &sender, &own)
            {
                heard.relay.turned_up(&org, tab);
                let one = heard.clone();
                browser::spawn(async move {
                    browser::wait(SETTLING).await;
                    one.wake(&org);
                });
            }
        });
        browser::on_tab_closed(move |tab| closed.relay.unbind(tab));
    }

    /// Takes the pair from the storage; another pair than before has no report yet.
    async fn look_up(self: Rc<Self>) {
        let found = match store::load().await {
            Stored::Damaged => Err(
                "What was stored is damaged, so that it is not known which orgs belong together. Look under Connection for the way on.",
            ),
            Stored::Nothing => Err(""),
            Stored::Half(..) => Err(
                "The doctor reads both orgs, and one of these two is another admin's. What each of you can prove alone stands under Connection.",
            ),
            Stored::Pair(pair) => Ok(*pair),
            Stored::Run(run) => Ok(run.pair),
        };
        match found {
            Err(why) => {
                self.forget();
                self.ward.stage.set(Stage::NoPair(why));
            }
            Ok(pair)
                if self
                    .pair
                    .borrow()
                    .as_ref()
                    .is_some_and(|old| old.joins_same_orgs(&pair)) => {}
            Ok(pair) => {
                self.stop();
                self.finished
                    .borrow_mut()
                    .retain(|one| one.pair().target.id == pair.target.id);
                self.ward.pair.set(Some(PairCard::of(&pair)));
                *self.pair.borrow_mut() = Some(pair);
                self.ward.status.set(String::new());
                self.ward.stage.set(Stage::Ready);
            }
        }
    }

    /// No pair: nothing is shown. What was found is kept, in this page alone, for the next source of
    /// the same target.
    fn forget(&self) {
        self.stop();
        self.relay.unbind_all();
        *self.pair.borrow_mut() = None;
        self.ward.pair.set(None);
        self.ward.hub.set(Rc::default());
        self.ward.status.set(String::new());
    }

    fn stop(&self) {
        self.epoch.set(self.epoch.get() + 1);
        self.begun.borrow_mut().clear();
        *self.exam.borrow_mut() = None;
        self.ward.pauses.set(Vec::new());
    }

    fn act(self: Rc<Self>, request: Request) {
        match request {
            Request::Begin => self.begin(),
            Request::Cancel => self.cancel(),
            Request::Ready(ask) => self.answer(ask, Reply::Done),
            Request::Copy(paper) => browser::spawn(async move { self.copy(paper).await }),
            Request::Mend(mend) => browser::spawn(async move { self.mend(mend).await }),
            Request::Open(side) => browser::spawn(async move { self.open(side).await }),
            Request::Save(paper) => self.save(paper),
        }
    }

    fn begin(self: Rc<Self>) {
        let Some(pair) = self.pair.borrow().clone() else {
            return;
        };
        self.stop();
        let exam = Examination::new(pair, Start::default(), &Shelf::default(), browser::now());
        *self.exam.borrow_mut() = Some(exam);
        self.ward.stage.set(Stage::Reading);
        self.ward
            .status
            .set("Examining. Nothing is written.".to_owned());
        self.pump();
    }

    /// What is under way is heard out by nobody; nothing new is sent.
    fn cancel(self: Rc<Self>) {
        self.epoch.set(self.epoch.get() + 1);
        if let Some(exam) = &mut *self.exam.borrow_mut() {
            exam.give_up("the examination was cancelled before this was read");
        }
        self.finish(true);
    }

    fn pump(self: &Rc<Self>) {
        let (asks, over, progress) = match &*self.exam.borrow() {
            Some(exam) => (exam.asks(), exam.report().is_some(), exam.progress()),
            None => return,
        };
        if over {
            return self.finish(false);
        }
        let pauses = asks.iter().filter_map(|ask| match &ask.what {
            What::Person(pause) => Some(pause.clone()),
            _ => None,
        });
        let pauses: Vec<_> = pauses.collect();
        if self.ward.pauses.with_untracked(|old| *old != pauses) {
            self.ward.pauses.set(pauses);
        }
        self.ward.progress.set(progress);
        let begun = self.begun.replace(asks.iter().map(|ask| ask.id).collect());
        for ask in asks.into_iter().filter(|ask| !begun.contains(&ask.id)) {
            let one = self.clone();
            browser::spawn(async move { one.perform(ask).await });
        }
    }

    async fn perform(self: Rc<Self>, ask: Ask) {
        let epoch = self.epoch.get();
        // An examination writes nothing.
        if matches!(ask.what, What::Send { write: true, .. }) {
            return;
        }
        let Some(reply) = self.relay.reply(ask.what, |side| self.org(side)).await else {
            return;
        };
        if self.epoch.get() == epoch {
            self.answer(ask.id, reply);
        }
    }

    fn answer(self: &Rc<Self>, ask: u64, reply: Reply) {
        if let Some(exam) = &mut *self.exam.borrow_mut() {
            exam.answer(ask, reply, browser::now());
        }
        self.pump();
    }

    fn finish(self: &Rc<Self>, cancelled: bool) {
        let Some(exam) = self.exam.borrow_mut().take() else {
            return;
        };
        self.stop();
        let mut hub = Hub::default();
        let mut finished = self.finished.borrow_mut();
        finished.retain(|one| one.pair().source.id != exam.pair().source.id);
        finished.push(exam);
        finished.iter().for_each(|one| hub.add(one));
        self.ward.hub.set(Rc::new(hub));
        self.ward.status.set(match cancelled {
            true => "Cancelled. Nothing was written.".to_owned(),
            false => "Examined. Nothing was written.".to_owned(),
        });
        self.ward.stage.set(Stage::Done { cancelled });
    }

    /// A tab of this org shows a page: what waited for one is tried again.
    fn wake(self: &Rc<Self>, org: &OrgUrl) {
        let waiting = self.ward.pauses.get_clone_untracked();
        for pause in waiting {
            if self.org(pause.side).as_ref() == Some(org) && WOKEN.contains(&pause.code) {
                self.answer(pause.ask, Reply::Done);
            }
        }
    }

    fn org(&self, side: Side) -> Option<OrgUrl> {
        let pair = self.pair.borrow();
        pair.as_ref().map(|pair| pair.org(side).url.clone())
    }

    async fn open(&self, side: Side) {
        let Some(org) = self.org(side) else { return };
        if self.relay.show(&org).await.is_err() {
            self.ward
                .status
                .set("The tab could not be opened. Open the Admin Console by hand.".to_owned());
        }
    }

    fn paper(&self, paper: Paper) -> String {
        let hub = self.ward.hub.get_clone_untracked();
        let mut reports = hub.reports();
        match (reports.next(), reports.next(), paper) {
            (Some(one), None, Paper::Json) => json::pretty(&one.json()),
            (Some(one), None, Paper::Text) => one.text(),
            (_, _, Paper::Json) => json::pretty(&hub.json()),
            (_, _, Paper::Text) => hub.text(),
        }
    }

    async fn copy(&self, paper: Paper) {
        self.ward
            .status
            .set(match browser::copy(&self.paper(paper)).await {
                Ok(()) => "Copied.".to_owned(),
                Err(_) => "The browser did not copy. Save the report as a file instead.".to_owned(),
            });
    }

    fn save(&self, paper: Paper) {
        let (name, kind) = match paper {
            Paper::Json => ("org2org-doctor.json", browser::JSON),
            Paper::Text => ("org2org-doctor.txt", browser::PLAIN),
        };
        if browser::offer_file(name, kind, &self.paper(paper)).is_err() {
            self.ward
                .status
                .set("The file could not be made. Copy the report instead.".to_owned());
        }
    }

    /// Shows the plan of what mends a finding: at once where the run of this panel is about it,
    /// else by way of the wish, which names what a plan needs.
    async fn mend(&self, mend: Mend) {
        if browser::shown(".status.busy", "app") {
            return self.ward.status.set("Both orgs are being read or written under Connection. Open the plan when that is over.".to_owned());
        }
        let wish = match store::load().await {
            Stored::Run(run) if covers(&run.wish, mend) => return show_plan(),
            Stored::Run(run) => wished(run.wish, &run.pair, mend),
            Stored::Pair(pair) if mend == Mend::Push => wished(Wish::suggest(&pair), &pair, mend),
            _ => return browser::go_to(CONNECTION),
        };
        match store::move_over(Some(&wish)).await {
            Ok(()) => {
                browser::go_to(CONNECTION);
                browser::reload();
            }
            Err(_) => self.ward.status.set(
                "The browser did not keep what is to be planned. Choose it under Connection."
                    .to_owned(),
            ),
        }
    }
}

/// Where the panel's other part stands.
const CONNECTION: &str = "#app";

/// Reads both orgs once more and shows what is to be written.
fn show_plan() {
    browser::go_to(CONNECTION);
    for id in ["tab-steps", "check", "tab-plan"] {
        browser::press(id);
    }
}

fn covers(wish: &Wish, mend: Mend) -> bool {
    wish.connects()
        && match mend {
            Mend::Push => wish.pushes_by_oauth(),
            Mend::SignOn => true,
        }
}

fn wished(wish: Wish, pair: &Pair, mend: Mend) -> Wish {
    let push = match mend {
        Mend::Push => Some(wish.push.unwrap_or_else(|| Push::suggest(pair))),
        Mend::SignOn => wish.push,
    };
    Wish {
        aim: org2org_core::run::Aim::Connect,
        push,
        ..wish
    }
}
