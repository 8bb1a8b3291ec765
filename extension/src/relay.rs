//! Sending to the tab of an org: which tab that is, whether its relay is there, what it answered.

use std::cell::{Cell, RefCell};

use org2org_core::okta::Call;
use org2org_core::org::OrgUrl;
use org2org_core::run::{Failure, Reply, Side, What};

use crate::browser::{self, Tab};
use crate::message::{self, Dropped, Sent};
use org2org_core::search::holds;

/// What the browser says when a message reached nobody: then nothing was sent to the org either.
const NOBODY: [&str; 3] = [
    "Receiving end does not exist",
    "No tab with id",
    "Could not establish connection",
];

/// Pauses that a page turning up may end. A protected action is not among them: trying it anew
/// is for the person to say.
pub const WOKEN: [&str; 4] = ["org-changed", "org-silent", "session-ended", "tab-missing"];
/// How long a page that has just turned up may need until it answers, in milliseconds.
pub const SETTLING: u64 = 1_500;
/// How long after an org fell silent it is asked again, in milliseconds.
const AGAIN: u64 = 10_000;

/// The tabs of the orgs, and how messages to them are told from one another.
#[derive(Default)]
pub struct Relay {
    tabs: RefCell<Vec<(OrgUrl, i32)>>,
    nonces: Cell<u64>,
    dropped: Cell<u32>,
}

impl Relay {
    /// Sends a call to an org through its tab.
    ///
    /// A message that reached nobody was not sent and may go again after the tab was looked for
    /// anew; anything later may have had an effect and is never repeated here.
    pub async fn send(&self, org: &OrgUrl, call: &Call, write: bool) -> Reply {
        for _ in 0..2 {
            let Some(tab) = self.bind(org).await else {
                return absent(write);
            };
            let nonce = self.nonce();
            match browser::send(tab, &message::call(call, &nonce, org)).await {
                Ok(text) if text.is_empty() => return Reply::Failed(Failure::Timeout),
                Ok(text) => match message::sent(&text, &nonce, org) {
                    Ok(Sent::Answered(response)) => return Reply::Response(response),
                    Ok(Sent::Failed(failure)) => return Reply::Failed(failure),
                    Ok(Sent::Elsewhere) => self.unbind(tab),
                    Err(dropped) => {
                        self.drop_message(dropped);
                        return Reply::Failed(Failure::TabGone);
                    }
                },
                Err(why) => {
                    self.unbind(tab);
                    if !NOBODY.iter().any(|nobody| holds(&why, nobody)) {
                        return Reply::Failed(Failure::TabGone);
                    }
                }
            }
        }
        absent(write)
    }

    /// What comes of an ask that needs the tabs or time alone; none where a person or the storage answers it.
    pub async fn reply(&self, what: What, org: impl Fn(Side) -> Option<OrgUrl>) -> Option<Reply> {
        Some(match what {
            // An org that could not be reached may be back without anybody having done anything.
            What::Person(pause) if pause.code == "org-silent" => {
                browser::wait(AGAIN).await;
                Reply::Done
            }
            What::Person(_) | What::Store(_) => return None,
            What::Send { side, call, write } => self.send(&org(side)?, &call, write).await,
            What::Wait { until } => {
                browser::wait(until.saturating_sub(browser::now())).await;
                Reply::Waited
            }
        })
    }

    /// Shows the tab of an org's Admin Console, or opens one.
    pub async fn show(&self, org: &OrgUrl) -> Result<(), String> {
        match self.bind(org).await {
            Some(tab) => browser::show_tab(tab, None).await,
            None => browser::open_tab(&[org.admin_base(), "/admin/dashboard"].concat())
                .await
                .map(drop),
        }
    }

    /// A tab shows this org now: it is no other org's any more.
    pub fn turned_up(&self, org: &OrgUrl, tab: i32) {
        if self.bound(org) != Some(tab) {
            self.unbind(tab);
        }
    }

    /// The tab of an org's Admin Console with a living relay; finds one when none is bound.
    pub async fn bind(&self, org: &OrgUrl) -> Option<i32> {
        if let Some(tab) = self.bound(org) {
            return Some(tab);
        }
        let mut tabs = browser::tabs().await;
        tabs.retain(|tab| message::admin_console(&tab.url).as_ref() == Some(org));
        // The tab the person looks at comes first.
        let (shown, hidden): (Vec<Tab>, Vec<Tab>) = tabs.into_iter().partition(|tab| tab.active);
        for tab in shown.into_iter().chain(hidden) {
            if self.answers(tab.id, org).await {
                self.set_bound(org, tab.id);
                return Some(tab.id);
            }
        }
        None
    }

    /// Whether the relay of this tab answers for this org; puts one there if there is none.
    async fn answers(&self, tab: i32, org: &OrgUrl) -> bool {
        for injected in [false, true] {
            let nonce = self.nonce();
            let answer = browser::send(tab, &message::whereabouts(&nonce)).await;
            let place = answer
                .ok()
                .and_then(|text| message::place(&text, &nonce).ok());
            if let Some((seen, _)) = place {
                return seen == *org;
            }
            if injected || browser::inject(tab).await.is_err() {
                return false;
            }
        }
        false
    }

    /// Where a tab is, by its relay.
    pub async fn whereabouts(&self, tab: i32) -> Option<String> {
        let nonce = self.nonce();
        let answer = browser::send(tab, &message::whereabouts(&nonce))
            .await
            .ok()?;
        message::place(&answer, &nonce).ok().map(|(_, href)| href)
    }

    /// Outlines controls in a tab; how many were found.
    pub async fn point(&self, tab: i32, labels: &[String]) -> usize {
        let nonce = self.nonce();
        let answer = browser::send(tab, &message::point(labels, &nonce)).await;
        answer
            .ok()
            .and_then(|text| message::found(&text, &nonce).ok())
            .unwrap_or_default()
    }

    /// A number for one message and no other.
    fn nonce(&self) -> String {
        self.nonces.set(self.nonces.get() + 1);
        [
            &browser::now().to_string(),
            "-",
            &self.nonces.get().to_string(),
        ]
        .concat()
    }

    /// The tab bound to an org.
    pub fn bound(&self, org: &OrgUrl) -> Option<i32> {
        let tabs = self.tabs.borrow();
        tabs.iter()
            .find(|(bound, _)| bound == org)
            .map(|(_, tab)| *tab)
    }

    /// Binds a tab to an org.
    fn set_bound(&self, org: &OrgUrl, tab: i32) {
        let mut tabs = self.tabs.borrow_mut();
        tabs.retain(|(bound, _)| bound != org);
        tabs.push((org.clone(), tab));
    }

    /// Ends what binds a tab to an org.
    pub fn unbind(&self, tab: i32) {
        self.tabs.borrow_mut().retain(|(_, bound)| *bound != tab);
    }

    /// Ends all bindings.
    pub fn unbind_all(&self) {
        self.tabs.borrow_mut().clear();
    }

    /// Counts a message that was not understood; its content is never looked at again.
    pub fn drop_message(&self, why: Dropped) {
        self.dropped.set(self.dropped.get().saturating_add(1));
        // A flood must not fill the console.
        if self.dropped.get() <= 20 {
            browser::note(match why {
                Dropped::Form => "org2org: dropped a message of unknown form",
                Dropped::Host => "org2org: dropped a message from another page",
                Dropped::Nonce => "org2org: dropped an answer nobody waits for",
                Dropped::Sender => "org2org: dropped a message from another sender",
            });
        }
    }
}

/// A read pauses its org until a tab is there; a write surely did not leave, and the engine looks
/// who the org is before it tries again.
fn absent(write: bool) -> Reply {
    Reply::Failed(if write {
        Failure::NotSent
    } else {
        Failure::TabGone
    })
}
