//! Browser sessions and API tokens: who is calling.

use std::collections::BTreeMap;

use crate::ids::Ids;
use crate::oauth::access;
use crate::okta::call::Actor;
use crate::okta::error::OktaError;
use crate::org::Org;
use crate::wire::Request;

/// Idle end of an admin session.
pub(crate) const IDLE_MS: u64 = 15 * 60_000;
const LIFETIME_MS: u64 = 12 * 3_600_000;

/// A signed-in browser, for tests that need no sign-in page.
#[derive(Clone, Debug)]
pub struct Session {
    /// Value for the `cookie` header.
    pub cookie: String,
    /// Value for the `x-okta-xsrftoken` header of writes.
    pub xsrf: String,
}

/// What the lab keeps of a session.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub org: String,
    pub user: String,
    pub xsrf: String,
    pub created: u64,
    pub used: u64,
    pub stepped_up: bool,
}

impl Held {
    fn is_live(&self, now: u64) -> bool {
        now.saturating_sub(self.used) < IDLE_MS && now.saturating_sub(self.created) < LIFETIME_MS
    }
}

/// All sessions of all orgs, by cookie value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions {
    held: BTreeMap<String, Held>,
}

impl Sessions {
    /// Starts a session for a user of an org (both by id).
    pub(crate) fn start(&mut self, ids: &mut Ids, org: &str, user: &str, now: u64) -> Session {
        let (sid, xsrf) = (ids.secret(), ids.secret());
        let (org, user) = (org.to_owned(), user.to_owned());
        let held = Held {
            org,
            user,
            xsrf: xsrf.clone(),
            created: now,
            used: now,
            stepped_up: false,
        };
        self.held.insert(sid.clone(), held);
        Session {
            cookie: format!("sid={sid}"),
            xsrf,
        }
    }

    /// The live session of a request at this org; counts as use.
    pub(crate) fn of(&mut self, request: &Request, org: &str, now: u64) -> Option<&mut Held> {
        let held = self.held.get_mut(request.cookie("sid")?)?;
        if !held.is_live(now) || held.org != org {
            return None;
        }
        held.used = now;
        Some(held)
    }

    /// Whose session a request has at this org, by user id; looking is no use of it.
    pub(crate) fn whose(&self, request: &Request, org: &str, now: u64) -> Option<&str> {
        let held = self.held.get(request.cookie("sid")?)?;
        let here = held.is_live(now) && held.org == org;
        here.then_some(held.user.as_str())
    }

    /// Ends the session of a request.
    pub(crate) fn end(&mut self, request: &Request) {
        if let Some(sid) = request.cookie("sid") {
            self.held.remove(sid);
        }
    }
}

/// The caller of an API operation, and whether a protected action is open to them.
pub(crate) struct Caller {
    pub actor: Actor,
    pub stepped_up: bool,
}

/// Who calls, by token or by session. Writes of a session need the page's XSRF token, OAuth tokens need scopes.
pub(crate) fn caller(
    sessions: &mut Sessions,
    org: &mut Org,
    scopes: &[String],
    request: &Request,
    now: u64,
) -> Result<Caller, OktaError> {
    if let Some(line) = request.header("authorization") {
        let actor = match line.split_once(' ') {
            Some(("SSWS", value)) => by_api_token(org, value, now)?,
            Some((scheme, value)) => {
                let shown = access::Shown::new(scheme, value, scopes);
                access::actor(org, &shown.ok_or_else(OktaError::bad_token)?, request, now)?
            }
            None => return Err(OktaError::bad_token()),
        };
        return Ok(Caller {
            actor,
            stepped_up: true,
        });
    }
    let held = sessions
        .of(request, &org.id, now)
        .ok_or_else(OktaError::no_session)?;
    let token = request.header("x-okta-xsrftoken");
    if request.method != "GET" && token != Some(held.xsrf.as_str()) {
        return Err(OktaError::no_session().because("The XSRF token is missing or wrong."));
    }
    let stepped_up = held.stepped_up;
    let user = held.user.clone();
    Ok(Caller {
        actor: actor(org, &user).ok_or_else(OktaError::no_session)?,
        stepped_up,
    })
}

// An API token has the rights of its owner as they are now, and every call renews it that may be made with it.
fn by_api_token(org: &mut Org, value: &str, now: u64) -> Result<Actor, OktaError> {
    org.tokens.retain(|token| now < token.expires(now));
    let at = org.tokens.iter().position(|token| token.value == value);
    let at = at.ok_or_else(OktaError::bad_token)?;
    let owner = actor(org, &org.tokens[at].owner).ok_or_else(OktaError::bad_token)?;
    let token = &mut org.tokens[at];
    if !token.takes_callers() {
        return Err(OktaError::forbidden());
    }
    token.used = Some(now);
    Ok(Actor {
        token: token.id.clone(),
        ..owner
    })
}

/// An active user as a caller.
pub(crate) fn actor(org: &Org, user: &str) -> Option<Actor> {
    let user = org.users.get(user).filter(|user| user.status == "ACTIVE")?;
    let actor = Actor {
        user: user.id.clone(),
        login: user.login().to_owned(),
        ..Actor::default()
    };
    Some(actor.with(org, &user.roles))
}
