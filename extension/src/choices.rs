//! What the wish form offers: apps of the target, groups and people of the source.

use std::cell::Cell;
use std::rc::Rc;

use org2org_core::explain::seen;
use org2org_core::facts::Member;
use org2org_core::okta::{Answer, Probe, app_keys, apps, groups, users};
use org2org_core::org::OrgUrl;
use org2org_core::run::{Push, Side, Wish};
use org2org_ui::{Choices, Level, Screen};
use serde_json::Value;

use crate::browser;
use crate::panel::Panel;
use crate::store;
use org2org_core::json;

/// Pages of one list that are read before the rest is left to a search.
const MOST_PAGES: usize = 50;
/// Okta's own apps and ours: nobody needs a bookmark to them.
const INTERNAL: [&str; 4] = [
    "saasure",
    "okta_enduser",
    "okta_browser_plugin",
    "okta_org2org",
];
/// People write faster than orgs answer.
const PAUSE: u64 = 250;

/// The newest search of each field.
#[derive(Default)]
pub struct Searches {
    groups: Cell<u64>,
    pushed: Cell<u64>,
    users: Cell<u64>,
}

impl Panel {
    /// Shows the wish form and fills it from both orgs.
    pub async fn to_wish(self: Rc<Self>) {
        if !self.hold().await {
            return self.board.screen.set(Screen::Elsewhere);
        }
        // Left out of the small edition's module by the compiler, not by a choice at run time.
        #[cfg(feature = "all")]
        let draft = store::draft().await;
        #[cfg(not(feature = "all"))]
        let draft = None;
        let Some(pair) = self.pair.borrow().clone() else {
            return;
        };
        let wished = self.run.borrow().as_ref().map(|run| run.wish().clone());
        // That of a run leaves out names that are still open.
        #[cfg(feature = "all")]
        let wished = self.open_wish().or(wished);
        self.board.choices.set(Choices {
            push: Push::suggest(&pair),
            ..Choices::default()
        });
        let wish = draft.or(wished).unwrap_or_else(|| Wish::suggest(&pair));
        self.board.wish.set(Some(wish));
        self.board.screen.set(Screen::Wishing);
        let begun = self.searches.groups.get();
        // What another admin has, only they can list.
        let mine = |side: Side| self.own_side().is_none_or(|own| own == side);
        if mine(Side::Target) {
            self.read_apps().await;
        }
        // Somebody may have searched while the apps were read.
        if mine(Side::Source) && self.searches.groups.get() == begun {
            self.clone().find_groups("").await;
        }
    }

    /// Loads the edition of the panel that offers everything; what is filled in goes along.
    pub async fn more(self: Rc<Self>, draft: Option<Wish>) {
        match store::move_over(draft.as_ref()).await {
            Ok(()) => browser::reload(),
            Err(why) => self.tell(
                Level::Bad,
                "more",
                ["the other choices cannot be loaded: ", &why].concat(),
                "Try again; nothing that you filled in was lost.",
            ),
        }
    }

    /// Back to the wish form of a run.
    pub async fn rewish(self: Rc<Self>) {
        self.to_wish().await;
    }

    async fn read_apps(self: &Rc<Self>) {
        let found = self.list(self.org(Side::Target), apps::active()).await;
        self.board.choices.update(|choices| match found {
            Ok(answer) => {
                choices.apps = answer
                    .items()
                    .iter()
                    .filter(|app| can_be_opened(app))
                    .filter_map(|app| member(app, "/label"))
                    .collect();
                choices.apps_read = true;
                choices.error = None;
            }
            Err(why) => choices.error = Some(why),
        });
    }

    /// Offers source groups whose name starts with `text`.
    pub async fn find_groups(self: Rc<Self>, text: &str) {
        let found = self.find(&self.searches.groups, groups::starting_with(text), text);
        if let Some(Ok(answer)) = found.await {
            let found = answer
                .items()
                .iter()
                .filter_map(|group| member(group, "/profile/name"))
                .collect();
            self.board.choices.update(|choices| choices.groups = found);
        }
    }

    /// Offers source groups to be pushed whose name starts with `text`.
    pub async fn find_pushed(self: Rc<Self>, text: &str) {
        let found = self.find(&self.searches.pushed, groups::starting_with(text), text);
        if let Some(Ok(answer)) = found.await {
            let found = answer.items().iter();
            let found = found.filter_map(|group| member(group, "/profile/name"));
            let found = found.collect();
            self.board.choices.update(|choices| choices.pushed = found);
        }
    }

    /// Offers the keys of the source's Org2Org app with this label.
    pub async fn find_keys(self: Rc<Self>, label: &str) {
        self.board.choices.update(|choices| {
            choices.keys = Vec::new();
            choices.keys_error = None;
        });
        let (keys, error) = match self.keys_of(label).await {
            Ok(keys) => (keys, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        self.board.choices.update(|choices| {
            choices.keys = keys;
            choices.keys_error = error;
        });
    }

    async fn keys_of(self: &Rc<Self>, label: &str) -> Result<Vec<Member>, String> {
        let apps = self
            .list(self.org(Side::Source), apps::named("okta_org2org"))
            .await?;
        let named = |app: &&Value| text(app, "/label").is_some_and(|own| own == label);
        let Some(app) = apps.items().iter().find(named) else {
            return Err([
                "The source has no Org2Org app called “",
                &seen(label),
                "”. Change the name of the app below, then read the keys again.",
            ]
            .concat());
        };
        let signing = text(app, "/credentials/signing/kid").unwrap_or_default();
        let id = text(app, "/id").unwrap_or_default();
        let keys = self.list(self.org(Side::Source), app_keys::of(&id)).await?;
        Ok(keys
            .items()
            .iter()
            .filter_map(|key| key_of(key, &signing))
            .collect())
    }

    /// Offers source people whose name or login starts with `text`.
    pub async fn find_users(self: Rc<Self>, text: &str) {
        if text.trim().is_empty() {
            return self
                .board
                .choices
                .update(|choices| choices.users = Vec::new());
        }
        let probe = Probe::of(&users::LIST, [("q", text), ("limit", "20")]);
        if let Some(Ok(answer)) = self.find(&self.searches.users, probe, text).await {
            let found = answer
                .items()
                .iter()
                .filter_map(|user| member(user, "/profile/login"))
                .collect();
            self.board.choices.update(|choices| choices.users = found);
        }
    }

    /// Searches the source; `None` when a newer search of the same field has begun meanwhile.
    async fn find(
        self: &Rc<Self>,
        search: &Cell<u64>,
        probe: Probe,
        text: &str,
    ) -> Option<Result<Answer, String>> {
        let mine = search.get() + 1;
        search.set(mine);
        if !text.is_empty() {
            browser::wait(PAUSE).await;
        }
        if search.get() != mine {
            return None;
        }
        let found = self.list(self.org(Side::Source), probe).await;
        if let Err(why) = &found {
            self.board.status.set(why.clone());
        }
        (search.get() == mine).then_some(found)
    }

    /// Every item of a list of one org.
    pub async fn list(
        self: &Rc<Self>,
        org: Option<OrgUrl>,
        probe: Probe,
    ) -> Result<Answer, String> {
        let (Some(op), Some(mut call), Some(org)) = (probe.op, probe.call(), org) else {
            return Err("there is nothing to read".to_owned());
        };
        let mut earlier: Vec<Value> = Vec::new();
        for _ in 0..MOST_PAGES {
            let response = self
                .read_once(&org, &call)
                .await
                .map_err(|(text, hint)| [&text, " ", &hint].concat())?;
            if response.is_page() || response.status != 200 {
                let why = response.okta_error().map_or_else(
                    || response.status.to_string(),
                    |(code, text)| [&code, " ", &text].concat(),
                );
                return Err([
                    org.host(),
                    " does not give its list: ",
                    &seen(&why),
                    ". Look at its tab and sign in again.",
                ]
                .concat());
            }
            let answer = Answer::check(&response, &op.shape, earlier)?;
            match response.next_query() {
                Some(next) if call.query_raw.as_deref() != Some(&next) => {
                    earlier = answer.items().to_vec();
                    call.query_raw = Some(next);
                }
                _ => return Ok(answer),
            }
        }
        Err([org.host(), " has a list too long to show here"].concat())
    }
}

fn can_be_opened(app: &Value) -> bool {
    let name = app.get("name").and_then(Value::as_str).unwrap_or_default();
    let links = json::at(app, "/_links/appLinks").and_then(Value::as_array);
    !INTERNAL.contains(&name) && links.is_some_and(|links| !links.is_empty())
}

fn text(item: &Value, pointer: &str) -> Option<String> {
    let text = json::at(item, pointer).and_then(Value::as_str);
    text.map(str::to_owned)
}

fn member(item: &Value, name: &str) -> Option<Member> {
    Some(Member {
        id: text(item, "/id")?,
        name: text(item, name)?,
    })
}

/// A key by its id, with when it was made and whether the app signs with it.
fn key_of(key: &Value, signing: &str) -> Option<Member> {
    let id = text(key, "/kid")?;
    let made = text(key, "/created").unwrap_or_default();
    let day = made.split('T').next().unwrap_or_default();
    let use_of_it = match id == signing {
        true => "; the app signs with it now",
        false => "; the app does not sign with it",
    };
    let name = ["Made on ", day, use_of_it].concat();
    Some(Member { id, name })
}
