//! Browser sessions and API tokens: who is calling.

use std::collections::BTreeMap;

use crate::ids::Ids;
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
        let live = now.saturating_sub(held.used) < IDLE_MS
            && now.saturating_sub(held.created) < LIFETIME_MS;
        if !live || held.org != org {
            return None;
        }
        held.used = now;
        Some(held)
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

/// Who calls, by token or by session. Writes of a session need the page's XSRF token.
pub(crate) fn caller(
    sessions: &mut Sessions,
    org: &Org,
    request: &Request,
    now: u64,
) -> Result<Caller, OktaError> {
    if let Some(line) = request.header("authorization") {
        return by_token(org, line);
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

fn by_token(org: &Org, line: &str) -> Result<Caller, OktaError> {
    let invalid = || OktaError::new(401, "E0000011", "Invalid token provided");
    let value = line.strip_prefix("SSWS ").ok_or_else(invalid)?;
    let token = org
        .tokens
        .iter()
        .find(|token| token.value == value)
        .ok_or_else(invalid)?;
    Ok(Caller {
        actor: actor(org, &token.owner).ok_or_else(invalid)?,
        stepped_up: true,
    })
}

/// An active user as a caller.
pub(crate) fn actor(org: &Org, user: &str) -> Option<Actor> {
    let user = org.users.get(user).filter(|user| user.status == "ACTIVE")?;
    let roles = user.roles.iter().map(|role| role.kind.clone()).collect();
    Some(Actor {
        user: user.id.clone(),
        login: user.login().to_owned(),
        roles,
    })
}
