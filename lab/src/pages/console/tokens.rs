//! API tokens: the one place where they are made.

use super::super::html::{esc, field, form, press, table};
use super::{Page, Shown, View};
use crate::clock::stamp;
use crate::org::Token;
use crate::rights::Area;

/// Where the page is.
pub(super) const PATH: &str = "/admin/access/api/tokens";

pub(super) const PAGES: &[Page] = &[Page {
    path: PATH,
    show: tokens,
}];

fn tokens(view: &View<'_>) -> Option<Shown> {
    let all = view.may(Area::ApiTokens);
    let row = |token: &Token| {
        let owner = view.org.users.get(&token.owner);
        vec![
            esc(&token.name),
            esc(owner.map_or("", |user| user.login())),
            token.used.map_or("Never".to_owned(), stamp),
            press("revoke-token", &[("apiTokenId", &token.id)], "Revoke"),
        ]
    };
    let shown = |token: &&Token| all || token.owner == view.actor.user;
    let rows: Vec<_> = view.org.tokens.iter().filter(shown).map(row).collect();
    let asked = field("name", "What do you want your token to be named?", "");
    let main = format!(
        "<h1>API</h1><h2>Tokens</h2><button type=\"button\" data-opens=\".create-token\">Create token</button>\
         <div class=\"create-token\" hidden>{}</div>{}",
        form("create-token", &asked, "Create token"),
        table(&["Token name", "Created by", "Last used", ""], &rows)
    );
    Some(Shown::new("API tokens", main))
}
