//! What the tabs report, and showing a step in its tab.

use std::rc::Rc;

use org2org_core::org::OrgUrl;
use org2org_core::run::timeline::Phase;
use org2org_core::run::{Run, Side};
use org2org_ui::{Level, Screen};

use crate::browser;
use crate::message::{self, Report};
use crate::panel::Panel;
use crate::relay::{SETTLING, WOKEN};

/// Shortest time between two rounds of reads that a change in a page asks for, in milliseconds.
const REST: u64 = 2_000;
/// How often, and how many times, a page that is still loading is looked at for its controls.
const LOOK: u64 = 400;
const LOOKS: usize = 25;

impl Panel {
    /// Hears the relays and closed tabs from now on.
    pub fn listen(self: &Rc<Self>) {
        let panel = self.clone();
        let own = browser::own_id();
        browser::on_message(
            move |text, sender| match message::report(&text, &sender, &own) {
                Ok(report) => panel.hear(report),
                Err(dropped) => panel.relay.drop_message(dropped),
            },
        );
        let panel = self.clone();
        browser::on_tab_closed(move |tab| panel.relay.unbind(tab));
    }

    fn hear(self: &Rc<Self>, report: Report) {
        let (tab, org) = match report {
            Report::Changed { tab, org } | Report::Place { tab, org, .. } => (tab, org),
        };
        self.relay.turned_up(&org, tab);
        if !self.orgs().contains(&org) {
            return;
        }
        #[cfg(feature = "all")]
        if self.has_errand() {
            let panel = self.clone();
            browser::spawn(async move { panel.meet().await });
        }
        match self.board.screen.get_untracked() {
            Screen::Pairing if self.wanted.borrow().is_some() => {
                let panel = self.clone();
                browser::spawn(async move { panel.identify().await });
            }
            Screen::Running => {
                self.wake(&org);
                self.stale.set(true);
                self.look_again();
                // A page that has just begun to load may not answer the first call yet.
                let panel = self.clone();
                browser::spawn(async move {
                    browser::wait(SETTLING).await;
                    panel.wake(&org);
                });
            }
            _ => {}
        }
    }

    /// A tab of this org shows a page: what waited for one, for a session, or for the right org
    /// and person, is tried again. Who they are is read before anything else.
    pub fn wake(self: &Rc<Self>, org: &OrgUrl) {
        let side = Side::BOTH
            .into_iter()
            .find(|side| self.org(*side).as_ref() == Some(org));
        let waiting = self.board.timeline.with_untracked(|timeline| {
            let mine = timeline
                .pauses
                .iter()
                .filter(|pause| Some(pause.side) == side);
            mine.filter(|pause| WOKEN.contains(&pause.code))
                .map(|pause| pause.ask)
                .collect::<Vec<_>>()
        });
        for ask in waiting {
            self.clone().ready(ask);
        }
    }

    /// Reads both orgs again after a change in a page, unless something is being read or written,
    /// and not more often than every two seconds.
    pub fn look_again(self: &Rc<Self>) {
        let idle = self
            .run
            .borrow()
            .as_ref()
            .map(Run::phase)
            .is_some_and(|phase| matches!(phase, Phase::Planned | Phase::Stopped));
        if !idle || !self.stale.get() {
            return;
        }
        let (now, free) = (browser::now(), self.looked.get() + REST);
        self.stale.set(false);
        self.looked.set(now.max(free));
        let panel = self.clone();
        browser::spawn(async move {
            browser::wait(free.saturating_sub(now)).await;
            panel.check();
        });
    }

    /// Opens the page of a step in the tab of its org and points at its controls.
    pub async fn show_step(self: Rc<Self>, key: &str) {
        let found = self.board.timeline.with_untracked(|timeline| {
            let step = timeline
                .procedures
                .iter()
                .flat_map(|one| &one.steps)
                .find(|step| step.key == key)?;
            let labels: Vec<String> = step
                .by_hand
                .iter()
                .map(|click| click.label.unwrap_or_default().to_owned())
                .collect();
            Some((step.side, step.address.clone()?, labels, step.title.clone()))
        });
        let Some((side, address, labels, title)) = found else {
            return;
        };
        let Some(org) = self.org(side) else { return };
        // The address is built by core from the pinned org; a relay only ever answers for its own.
        if message::admin_console(&address).as_ref() != Some(&org) {
            return;
        }
        match self.go(&org, &address).await {
            Ok(tab) => {
                self.board
                    .status
                    .set([&title, ": shown in the tab of ", org.host()].concat());
                self.point_when_there(tab, &labels).await;
            }
            Err(why) => self.tell(
                Level::Warn,
                "show",
                ["the page could not be opened: ", &why].concat(),
                "Open it by hand; the step names the page.",
            ),
        }
    }

    async fn go(self: &Rc<Self>, org: &OrgUrl, address: &str) -> Result<i32, String> {
        let Some(tab) = self.relay.bind(org).await else {
            let opened = browser::open_tab(address).await?;
            return opened
                .map(|tab| tab.id)
                .ok_or_else(|| "the browser opened no tab".to_owned());
        };
        let there = self
            .relay
            .whereabouts(tab)
            .await
            .is_some_and(|href| href == address);
        browser::show_tab(tab, (!there).then_some(address)).await?;
        Ok(tab)
    }

    async fn point_when_there(&self, tab: i32, labels: &[String]) {
        if labels.iter().all(String::is_empty) {
            return;
        }
        for _ in 0..LOOKS {
            browser::wait(LOOK).await;
            if self.relay.point(tab, labels).await > 0 {
                return;
            }
        }
        self.board
            .status
            .set("The page does not show the names this step expects; go by its text.".to_owned());
    }
}
