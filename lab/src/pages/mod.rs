//! What browsers see: the Admin Console on the admin host, sign-in and apps on the org host.

pub(crate) mod console;
mod html;
mod oidc;
mod people;
mod sign_in;
mod sso;

use crate::org::{Org, User};
use crate::wire::{Request, Response};
use crate::world::World;

/// Answers a page or form request at an org.
pub(crate) fn answer(world: &mut World, at: usize, request: &Request, now: u64) -> Response {
    if let Some(asset) = asset(&request.path) {
        return asset;
    }
    let visit = Visit { at, request, now };
    if let Some(answer) = sign_in::answer(world, &visit) {
        return guarded(answer);
    }
    let console = request.host == world.orgs[at].admin_host();
    let answer = if console {
        console::answer(world, &visit)
    } else {
        people::answer(world, &visit)
    };
    guarded(answer.unwrap_or_else(|| {
        html::notice(404, "Page not found", "There is no such page in the lab.")
    }))
}

/// One page request under way.
pub(crate) struct Visit<'a> {
    pub at: usize,
    pub request: &'a Request,
    pub now: u64,
}

impl Visit<'_> {
    /// The org that is visited.
    pub(crate) fn org<'w>(&self, world: &'w World) -> &'w Org {
        &world.orgs[self.at]
    }

    /// Who is signed in here, with the XSRF token of the session.
    pub(crate) fn person(&self, world: &mut World) -> Option<(User, String)> {
        let org = world.orgs[self.at].id.clone();
        let held = world.sessions.of(self.request, &org, self.now)?;
        let (user, xsrf) = (held.user.clone(), held.xsrf.clone());
        let user = self
            .org(world)
            .users
            .get(&user)
            .filter(|user| user.status == "ACTIVE")?;
        Some((user.clone(), xsrf))
    }

    /// The path and query that was asked for, to come back to after signing in.
    pub(crate) fn target(&self) -> String {
        match self.request.query.as_str() {
            "" => self.request.path.clone(),
            query => format!("{}?{query}", self.request.path),
        }
    }
}

/// The session cookie for the host that answers.
pub(crate) fn cookie(pair: &str) -> String {
    format!("{pair}; Path=/; Secure; HttpOnly; SameSite=None")
}

fn guarded(answer: Response) -> Response {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; \
                  img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    answer
        .with("content-security-policy", policy)
        .with("cache-control", "no-store")
}

fn asset(path: &str) -> Option<Response> {
    let (kind, text) = match path {
        "/assets/lab.css" => ("text/css", include_str!("assets/lab.css")),
        "/assets/console.js" => ("text/javascript", include_str!("assets/console.js")),
        "/assets/post.js" => ("text/javascript", include_str!("assets/post.js")),
        "/assets/lab.svg" | "/favicon.ico" => ("image/svg+xml", include_str!("assets/lab.svg")),
        _ => return None,
    };
    Some(Response::text(200, kind, text.to_owned()))
}
