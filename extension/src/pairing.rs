//! Two addresses become a pair: permission, who they are, and which is which.

use std::rc::Rc;

use org2org_core::explain::Explain;
use org2org_core::okta::{Call, Response, org, users};
use org2org_core::org::{OrgError, OrgUrl};
use org2org_core::run::{Org, Pair, Reply, Side};
use org2org_ui::{Action, Confirm, Level, Notice, Pairing, Screen};

use crate::grants::{give_back_all_but, origins};
use crate::panel::{Panel, sentence};
use crate::{browser, message, store};

impl Panel {
    /// Shows the form, with the orgs of open tabs offered.
    pub async fn show_pairing(self: Rc<Self>) {
        *self.pair.borrow_mut() = None;
        *self.wanted.borrow_mut() = None;
        #[cfg(feature = "all")]
        {
            self.put_down();
            store::has_begun().await;
        }
        self.board.pair.set(None);
        let mut open: Vec<String> = Vec::new();
        for tab in browser::tabs().await {
            if let Some(org) = message::admin_console(&tab.url)
                && !open.iter().any(|host| host == org.host())
            {
                open.push(org.host().to_owned());
            }
        }
        self.board.pairing.update(|form| {
            *form = Pairing {
                open,
                source: form.source.clone(),
                target: form.target.clone(),
                ..Pairing::default()
            }
        });
        self.board.screen.set(Screen::Pairing);
    }

    /// Reads both fields, asks the browser for the two Admin Consoles, then asks both who they are.
    pub fn pair_up(self: Rc<Self>, source: &str, target: &str) {
        let (errors, orgs) = two_orgs(source, target);
        self.board.pairing.update(|form| {
            form.source = source.to_owned();
            form.target = target.to_owned();
            [form.source_error, form.target_error] = errors;
        });
        self.board.hush("pair-same-org");
        if let Some(orgs) = orgs {
            // Before anything is awaited: it counts as the person's click only then.
            let asked = browser::request(&origins(&orgs));
            browser::spawn(async move { self.permitted(orgs, asked.await).await });
        }
    }

    async fn permitted(self: Rc<Self>, orgs: [OrgUrl; 2], asked: Result<bool, browser::Refused>) {
        match asked {
            Ok(true) => {
                self.board.hush("permission");
                *self.wanted.borrow_mut() = Some(orgs);
                self.identify().await;
            }
            Ok(false) => self.tell(
                Level::Warn,
                "permission",
                "the browser was not allowed to work in these two Admin Consoles",
                "Continue once more and choose Allow. Nothing else is asked for, and you can take it back at any time.",
            ),
            Err(why) => self.tell(Level::Bad, "permission", ["the browser refused: ", &why].concat(), "Press Continue again."),
        }
    }

    /// Asks both orgs who they are; called again when a missing tab turns up.
    pub async fn identify(self: Rc<Self>) {
        let Some([from, to]) = self.wanted.borrow().clone() else {
            return;
        };
        if self.board.pairing.with_untracked(|form| form.busy) {
            return;
        }
        self.board.pairing.update(|form| form.busy = true);
        let (source, target) = (
            self.read_org(&from, Side::Source).await,
            self.read_org(&to, Side::Target).await,
        );
        self.board.pairing.update(|form| form.busy = false);
        let (Some(source), Some(target)) = (source, target) else {
            return;
        };
        match Pair::new(source, target) {
            Ok(pair) => {
                *self.wanted.borrow_mut() = None;
                self.set_pair(pair);
                self.board.confirm.set(Confirm::default());
                self.board.screen.set(Screen::Confirming);
            }
            Err(error) => self.fail(&error),
        }
    }

    /// Asks an org who it is; says so where it does not answer.
    pub async fn read_org(self: &Rc<Self>, url: &OrgUrl, side: Side) -> Option<Org> {
        let code = match side {
            Side::Source => "source-tab",
            Side::Target => "target-tab",
        };
        self.board.hush(code);
        let read = self.three_answers(url).await.and_then(|answers| {
            let [known, org, me] = &answers;
            Org::read(url, [known, org, me]).map_err(|error| (error.to_string(), error.hint()))
        });
        read.map_err(|(text, hint)| {
            let remedy = Some(("Open its Admin Console", Action::Open(side)));
            self.board.tell(Notice {
                code,
                level: Level::Warn,
                text,
                hint,
                remedy,
            });
        })
        .ok()
    }

    async fn three_answers(
        self: &Rc<Self>,
        url: &OrgUrl,
    ) -> Result<[Response; 3], (String, String)> {
        let calls = [
            org::well_known().call(),
            org::read().call(),
            users::me().call(),
        ];
        let mut answers: [Response; 3] = Default::default();
        for (answer, call) in answers.iter_mut().zip(calls.into_iter().flatten()) {
            *answer = self.read_once(url, &call).await?;
        }
        Ok(answers)
    }

    /// One read outside a run.
    pub async fn read_once(
        self: &Rc<Self>,
        url: &OrgUrl,
        call: &Call,
    ) -> Result<Response, (String, String)> {
        match self.relay.send(url, call, false).await {
            Reply::Response(response) => Ok(response),
            Reply::Failed(org2org_core::run::Failure::TabGone) => Err((
                ["No tab shows the Admin Console of ", url.host(), "."].concat(),
                "Open it and sign in as an admin; this goes on by itself.".to_owned(),
            )),
            Reply::Failed(failure) => Err((
                [url.host(), ": ", failure.text(), "."].concat(),
                "Look at its tab, then press Continue again.".to_owned(),
            )),
            _ => Err(([url.host(), ": no answer."].concat(), String::new())),
        }
    }

    /// The person names the org that holds the apps: it must be the target.
    pub async fn confirm(self: Rc<Self>, host: &str) {
        let refused = self.refusal(host);
        self.board.confirm.set(Confirm {
            error: refused.clone(),
        });
        if refused.is_some() {
            return;
        }
        let Some(pair) = self.pair.borrow().clone() else {
            return;
        };
        // These two orgs may be a pair that was put away. What cannot be read is not taken for nothing.
        if store::has_put_away().await != Ok(false) {
            return store::leave_for_pairs(&pair.text()).await;
        }
        if let Err(why) = store::keep_pair(&pair).await {
            return self.tell(
                Level::Bad,
                "store",
                ["the pair cannot be stored: ", &why].concat(),
                "Free some space in the browser's storage and try again.",
            );
        }
        give_back_all_but(&self.orgs()).await;
        self.to_wish().await;
    }

    /// Why this is not the org that holds the apps.
    pub fn refusal(&self, host: &str) -> Option<String> {
        let pair = self.pair.borrow();
        pair.as_ref().and_then(|pair| refusal(pair, host))
    }

    /// Swaps the two before anything is confirmed.
    pub fn swap(self: Rc<Self>) {
        let Some(pair) = self.pair.borrow_mut().take() else {
            return;
        };
        self.board
            .pairing
            .update(|form| std::mem::swap(&mut form.source, &mut form.target));
        self.board.confirm.set(Confirm::default());
        self.set_pair(Pair {
            source: pair.target,
            target: pair.source,
        });
    }

    /// Opens the Admin Console of one side, or shows the tab that has it.
    pub async fn open_console(self: Rc<Self>, side: Side) {
        let wanted = self
            .wanted
            .borrow()
            .as_ref()
            .map(|[source, target]| match side {
                Side::Source => source.clone(),
                Side::Target => target.clone(),
            });
        let Some(org) = wanted.or_else(|| self.org(side)) else {
            return;
        };
        if let Err(why) = self.relay.show(&org).await {
            self.tell(
                Level::Warn,
                "open",
                ["the tab could not be opened: ", &why].concat(),
                "Open the Admin Console by hand.",
            );
        }
    }
}

fn refusal(pair: &Pair, host: &str) -> Option<String> {
    if host == pair.target.url.host() {
        return None;
    }
    Some(match host == pair.source.url.host() {
        true => [
            "You say the apps are in ", &pair.source.name, ", but ", &pair.source.name,
            " was entered as the org where people sign in. Nothing was paired. If the apps are there, swap the two.",
        ].concat(),
        false => "Choose the org that holds the apps.".to_owned(),
    })
}

/// What is wrong with the addresses of source and target as typed, and the two orgs where nothing is.
pub fn two_orgs(source: &str, target: &str) -> ([Option<String>; 2], Option<[OrgUrl; 2]>) {
    match (OrgUrl::parse(source), OrgUrl::parse(target)) {
        (Ok(from), Ok(to)) if from == to => {
            let same = "This is the org where people sign in. Enter the other org, the one that holds the apps.";
            ([None, Some(same.to_owned())], None)
        }
        (Ok(from), Ok(to)) => ([None, None], Some([from, to])),
        (from, to) => ([said(&from), said(&to)], None),
    }
}

/// What is wrong with an address, and what would do.
fn said(read: &Result<OrgUrl, OrgError>) -> Option<String> {
    let error = read.as_ref().err()?;
    Some([&sentence(error.to_string()), " ", &error.hint()].concat())
}
