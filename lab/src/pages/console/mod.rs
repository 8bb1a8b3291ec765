//! The Admin Console: pages at the addresses that Okta uses, with its labels, enough to do federation by hand.

mod app;
mod app_tabs;
mod catalog;
mod directory;
mod forms;
mod idp_form;
mod idps;
mod lists;
mod provisioning;
mod push_groups;
mod tokens;

use super::html::{esc, link, notice, page};
use super::{Visit, sign_in};
use crate::okta::call::Actor;
use crate::org::{Org, User};
use crate::rights::{Area, Right};
use crate::session::actor;
use crate::wire::Response;
use crate::world::World;

/// A console page under way: the org as it is now and who looks.
pub(super) struct View<'w> {
    pub org: &'w Org,
    pub actor: Actor,
    pub params: Vec<String>,
    /// Text of the search field, if any.
    pub search: String,
}

/// What a page shows: title and HTML of its main part.
pub(super) struct Shown {
    pub title: String,
    pub main: String,
}

impl Shown {
    pub(super) fn new(title: &str, main: impl Into<String>) -> Self {
        Self {
            title: title.to_owned(),
            main: main.into(),
        }
    }
}

/// A page: its path with `*` for each parameter, and what it shows.
pub(super) struct Page {
    pub path: &'static str,
    pub show: fn(&View<'_>) -> Option<Shown>,
}

const PAGES: &[&[Page]] = &[
    lists::PAGES,
    catalog::PAGES,
    app::PAGES,
    idps::PAGES,
    directory::PAGES,
    tokens::PAGES,
];

/// Answers an address of the admin host; none when there is no such page.
pub(super) fn answer(world: &mut World, visit: &Visit<'_>) -> Option<Response> {
    let Some((user, xsrf)) = visit.person(world) else {
        return Some(sign_in::first(visit));
    };
    if user.roles.is_empty() {
        let text = format!("{} is no administrator of this org.", user.login());
        return Some(notice(
            403,
            "You do not have permission to access the Admin Console",
            &text,
        ));
    }
    if let Some(action) = visit.request.path.strip_prefix("/admin/_do/") {
        return Some(forms::take(world, visit, action));
    }
    if visit.request.method != "GET" {
        return None;
    }
    let (page, params) = find(&visit.request.path)?;
    let org = visit.org(world);
    let search = visit.request.query_value("search").unwrap_or_default();
    let view = View {
        org,
        actor: actor(org, &user.id)?,
        params,
        search,
    };
    (page.show)(&view).map(|shown| frame(&view, &user, &xsrf, &shown))
}

fn find(path: &str) -> Option<(&'static Page, Vec<String>)> {
    let path = path.trim_end_matches('/');
    PAGES
        .iter()
        .copied()
        .flatten()
        .find_map(|page| Some((page, fit(page.path, path)?)))
}

fn fit(template: &str, path: &str) -> Option<Vec<String>> {
    let (wanted, seen): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    if wanted.len() != seen.len() {
        return None;
    }
    let pairs = wanted.iter().zip(&seen);
    let fits = pairs
        .clone()
        .all(|(wanted, seen)| *wanted == "*" && !seen.is_empty() || wanted == seen);
    fits.then(|| {
        pairs
            .filter(|(wanted, _)| **wanted == "*")
            .map(|(_, seen)| (*seen).to_owned())
            .collect()
    })
}

fn frame(view: &View<'_>, user: &User, xsrf: &str, shown: &Shown) -> Response {
    let menu = [
        (
            "Directory",
            &[("/admin/users", "People"), ("/admin/groups", "Groups")][..],
        ),
        (
            "Applications",
            &[("/admin/apps/active", "Applications")][..],
        ),
        (
            "Security",
            &[
                ("/admin/access/identity-providers", "Identity Providers"),
                (tokens::PATH, "API"),
            ][..],
        ),
        ("Reports", &[("/report/system_log_2", "System Log")][..]),
    ];
    let menu: String = menu
        .iter()
        .map(|(part, links)| {
            let links: String = links
                .iter()
                .map(|(address, text)| link(address, text))
                .collect();
            format!("<h2>{part}</h2>{links}")
        })
        .collect();
    let body = format!(
        "<span id=\"_xsrfToken\" hidden>{}</span><header><strong>{}</strong><span>Admin Console</span>\
         <span class=\"who\">{}</span><a href=\"/login/signout\">Sign out</a></header><p id=\"message\" role=\"status\"></p>\
         <div class=\"frame\"><nav aria-label=\"Main\">{}{menu}</nav><main id=\"main\">{}</main></div>\
         <script src=\"/assets/console.js\"></script>",
        esc(xsrf),
        esc(&view.org.name),
        esc(user.login()),
        link("/admin/dashboard", "Dashboard"),
        shown.main
    );
    page(
        200,
        &format!("{} - {} Admin Console", shown.title, view.org.name),
        &body,
    )
}

impl View<'_> {
    /// True when the admin may change this part of the org; pages then show their forms.
    pub(super) fn may(&self, area: Area) -> bool {
        Right::Manage(area).given_by(&self.actor)
    }

    /// True when a text fits what was searched for.
    pub(super) fn fits(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.search.to_lowercase())
    }
}
