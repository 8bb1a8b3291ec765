//! What the lab tells about itself: effects, requests, and where its orgs are.

use serde::Serialize;

use crate::fault::FaultKind;
use crate::okta::call::Change;
use crate::wire::Request;
use crate::world::World;

/// One change of state.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Effect {
    /// When, in milliseconds.
    pub at_ms: u64,
    /// Subdomain of the org that changed.
    pub org: String,
    /// Login of who did it; empty for nobody.
    pub actor: String,
    /// Method of the call.
    pub method: String,
    /// Path of the call.
    pub path: String,
    /// `created`, `updated` or `deleted`, and what.
    pub what: String,
}

/// One request of the Management API, as it arrived.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Logged {
    /// When, in milliseconds.
    pub at_ms: u64,
    /// Subdomain of the org that was called; empty when no org has the host.
    pub org: String,
    /// Host that was called.
    pub host: String,
    /// Method.
    pub method: String,
    /// Path.
    pub path: String,
    /// Query, without question mark.
    pub query: String,
    /// Status of the answer; none when the connection died.
    pub status: Option<u16>,
    /// The fault that hit it.
    pub fault: Option<FaultKind>,
    /// Login of who called, or the client id of a service app; empty when nobody was let in.
    pub actor: String,
    /// Subdomain of the org that called by itself; none for callers from outside.
    pub from: Option<String>,
}

/// A request that an org sent by itself, whole: with the credentials that the lab made for it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Sent {
    /// When, in milliseconds.
    pub at_ms: u64,
    /// Subdomain of the org that sent it.
    pub from: String,
    /// Method.
    pub method: String,
    /// Address with its query.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body as text.
    pub body: String,
    /// Status of the answer; none when there was none.
    pub status: Option<u16>,
    /// Body of the answer, as text.
    pub answer: String,
    /// Why there was no answer.
    pub trouble: Option<String>,
}

impl Sent {
    /// How many of the last ones are kept: a push of ten thousand people sends more than anybody reads.
    pub(crate) const KEPT: usize = 200;

    pub(crate) fn new(request: &Request, from: &str, at_ms: u64) -> Self {
        let query = match request.query.as_str() {
            "" => String::new(),
            query => format!("?{query}"),
        };
        Self {
            at_ms,
            from: from.to_owned(),
            method: request.method.clone(),
            url: format!("https://{}{}{query}", request.host, request.path),
            headers: request.headers.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            status: None,
            answer: String::new(),
            trouble: None,
        }
    }
}

/// An admin of an org, with a token for the command line.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Admin {
    /// Login.
    pub login: String,
    /// Admin role.
    pub role: String,
    /// API token, for `Authorization: SSWS …`.
    pub token: String,
}

/// Where an org is and who administers it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Site {
    /// First label of the host.
    pub subdomain: String,
    /// Company name.
    pub name: String,
    /// Organisation id.
    pub id: String,
    /// Host of users and of the API, as in `acme.okta.com`.
    pub host: String,
    /// Host of the Admin Console, as in `acme-admin.okta.com`.
    pub admin_host: String,
    /// Its admins.
    pub admins: Vec<Admin>,
}

impl World {
    /// Notes what a call changed, and lets lists lag behind it.
    pub(crate) fn note(
        &mut self,
        at: usize,
        actor: &str,
        request: &Request,
        changes: Vec<Change>,
        now: u64,
    ) {
        let until = now + self.options.consistency_ms;
        if !changes.is_empty() {
            self.work.stirred.insert(at);
        }
        for change in changes {
            let (verb, what) = match &change {
                Change::Created { what, .. } => ("created", what),
                Change::Deleted { what, .. } => ("deleted", what),
                Change::Updated { what } => ("updated", what),
            };
            self.effects.push(Effect {
                at_ms: now,
                org: self.orgs[at].subdomain.clone(),
                actor: actor.to_owned(),
                method: request.method.clone(),
                path: request.path.clone(),
                what: format!("{verb} {what}"),
            });
            if until > now {
                self.lag(at, change, until);
            }
        }
    }

    fn lag(&mut self, at: usize, change: Change, until: u64) {
        let lag = &mut self.orgs[at].lag;
        match change {
            Change::Created {
                collection, key, ..
            } => {
                lag.hidden.insert(format!("{collection}/{key}"), until);
            }
            Change::Deleted {
                collection,
                key,
                object,
                ..
            } => lag.ghosts.push((collection, key, object, until)),
            Change::Updated { .. } => {}
        }
    }
}
