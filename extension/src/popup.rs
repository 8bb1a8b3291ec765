//! The popup: looks at this tab and at what is stored, and opens the panel. It keeps nothing.

use org2org_core::console::{Place, recognise};
use org2org_core::org::OrgUrl;
use org2org_core::run::{Pair, Side};
use org2org_ui::{Here, popup};
use sycamore::prelude::*;

use crate::browser::{self, Tab};
use crate::store::{self, Stored};

/// Starts the popup.
pub fn start() {
    crate::mount("app", || {
        let here = create_signal(Here {
            text: "Looking…".to_owned(),
            ..Here::default()
        });
        let window = create_signal(None::<i32>);
        browser::spawn(async move {
            let tab = match browser::told_tab() {
                Some(id) => browser::tab(id).await,
                None => browser::active_tab().await,
            };
            window.set(tab.as_ref().map(|tab| tab.window));
            let stored = store::load().await.bare();
            here.set(look(tab.as_ref(), &stored, store::next().await));
        });
        popup(*here, move || open(window.get_untracked()))
    });
}

fn open(window: Option<i32>) {
    // Before anything is awaited: it counts as the person's click only then.
    let asked = window.map(browser::open_panel);
    browser::spawn(async move {
        let opened = match asked {
            Some(asked) => asked.await,
            None => Err("no window".to_owned()),
        };
        // Where there is no side panel, a tab serves as well.
        if opened.is_err() {
            let _ = browser::open_tab("panel.html").await;
        }
    });
}

fn look(tab: Option<&Tab>, stored: &Stored, next: Option<String>) -> Here {
    let mut here = place(tab.map_or("", |tab| tab.url.as_str()));
    let pair = match stored {
        Stored::Pair(pair) => Some(pair.as_ref()),
        Stored::Run(run) => Some(&run.pair),
        Stored::Damaged | Stored::Half(..) | Stored::Nothing => None,
    };
    if let Some(pair) = pair {
        here.pair = Some(
            [
                "People of ",
                &pair.source.name,
                " sign in to ",
                &pair.target.name,
            ]
            .concat(),
        );
        here.next = next;
        name(&mut here, pair);
    }
    if matches!(stored, Stored::Damaged) {
        here.pair = Some("What was stored is damaged".to_owned());
        here.next = Some("open the panel to save it".to_owned());
    }
    here
}

fn place(address: &str) -> Here {
    let at = |org: OrgUrl, page: &str, text: &str| Here {
        org: org.host().to_owned(),
        page: page.to_owned(),
        text: text.to_owned(),
        ..Here::default()
    };
    match recognise(address) {
        Place::AdminConsole {
            org,
            page: Some(page),
            ..
        } => at(org, page.title, "Admin Console"),
        Place::AdminConsole {
            org, page: None, ..
        } => at(
            org,
            "A page I do not know",
            "Admin Console. The steps name the page they need.",
        ),
        Place::EndUser { org } => at(
            org,
            "End-user side",
            "Open the Admin Console of this org to work with it.",
        ),
        Place::Elsewhere => Here {
            page: "Not an Okta Admin Console".to_owned(),
            text: "Open the Admin Console of the source and of the target org, then the panel."
                .to_owned(),
            ..Here::default()
        },
    }
}

fn name(here: &mut Here, pair: &Pair) {
    for side in Side::BOTH {
        let org = pair.org(side);
        if org.url.host() == here.org {
            here.org = org.name.clone();
            here.side = Some(side);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_by_its_address_alone() {
        let here = place("https://acme-admin.okta.com/admin/groups");
        assert_eq!(
            (here.org.as_str(), here.page.as_str()),
            ("acme.okta.com", "Groups")
        );
        assert_eq!(
            place("https://acme.okta.com/app/UserHome").page,
            "End-user side"
        );
        for other in [
            "",
            "https://acme-admin.okta.com.evil.com/admin/groups",
            "chrome://extensions",
            "https://example.com",
        ] {
            assert_eq!(place(other).page, "Not an Okta Admin Console", "{other}");
        }
    }
}
