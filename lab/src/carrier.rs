//! What orgs send each other: one request as a value, and two ways to carry it. Inside the process it goes straight to
//! the other org; a [`Carrier`] takes it out over a socket, and the world is free for others until it is back.

use std::fmt;
use std::sync::Arc;

use crate::control;
use crate::fault;
use crate::ids::Ids;
use crate::record::Sent;
use crate::wire::{Reply, Request, Response};
use crate::world::{Options, World};

/// How the orgs name themselves when they call each other. What Okta sends is not published.
const USER_AGENT: &str = "Okta Org2Org";

/// A request that an org sends by itself, ready to go.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What is sent, credentials included.
    pub request: Request,
    /// Subdomain of the org that sends it.
    pub from: String,
    /// For how many milliseconds the org waits for the answer.
    pub patience_ms: u64,
    /// True when a fault says that nobody listens at the called org.
    pub unreachable: bool,
}

/// Takes the orgs' own requests out of the process.
pub trait Carrier: fmt::Debug + Send + Sync {
    /// Sends the request and waits for its answer. The world may serve others meanwhile: [`World::lend`] takes it out
    /// of its place, and it must be back there on return. What was sent comes in again by [`World::receive`].
    ///
    /// # Errors
    /// Why no answer came, in words for a person.
    fn carry(&self, world: &mut World, outgoing: &Outgoing) -> Result<Response, String>;

    /// The time, in milliseconds since 1970: it goes on while a call is under way.
    fn now_ms(&self) -> u64;
}

impl World {
    /// Lets what the orgs send each other be carried out of the process from now on.
    pub fn carried_by(&mut self, carrier: Arc<dyn Carrier>) {
        self.carrier = Some(carrier);
    }

    /// Takes the world out of its place and leaves one without orgs there.
    pub fn lend(&mut self) -> Self {
        std::mem::replace(self, Self::nowhere())
    }

    /// A request that the org of this subdomain sent and a carrier brought. Nothing else is begun before its answer:
    /// who sent it waits.
    pub fn receive(&mut self, request: &Request, from: &str, now_ms: u64) -> Reply {
        self.exchange(request, Some(from), now_ms + self.ahead_ms)
    }

    /// True when nobody pushes at this moment.
    pub fn is_at_rest(&self) -> bool {
        !self.work.running
    }

    /// Forgets all that is still to be pushed, but for what is being sent.
    pub fn forget_work(&mut self) {
        self.work.forget();
    }

    /// The orgs' own time: that of the request which set things off, or what it has become since.
    pub(crate) fn time(&self, since: u64) -> u64 {
        let later = |carrier: &Arc<dyn Carrier>| carrier.now_ms() + self.ahead_ms;
        self.carrier.as_ref().map_or(since, later)
    }

    /// Sends a request that an org (by subdomain) makes by itself. Only the lab's hosts answer: nothing comes back from
    /// a host outside it, from a control address, from a connection that dies or from an org that takes too long.
    pub(crate) fn send(&mut self, request: &Request, from: &str, now: u64) -> Option<Response> {
        let at = self.site_of(&request.host)?;
        if request.path.starts_with(control::PREFIX) {
            return None;
        }
        let called = self.orgs[at].subdomain.clone();
        let outgoing = Outgoing {
            unreachable: fault::unreachable(
                &mut self.faults,
                &called,
                &request.method,
                &request.path,
            ),
            request: request.clone().with("user-agent", USER_AGENT),
            from: from.to_owned(),
            patience_ms: self.options.patience_ms,
        };
        if self.sent.len() >= Sent::KEPT {
            self.sent.pop_front();
        }
        let sent = Sent::new(&outgoing.request, from, now);
        self.sent.push_back(sent.clone());
        // Whoever made the request under way is still its caller when the answer is there.
        let (caller, carrier) = (std::mem::take(&mut self.caller), self.carrier.clone());
        let answer = match carrier {
            Some(carrier) => carrier.carry(self, &outgoing),
            None => self.inside(&outgoing, now),
        };
        self.caller = caller;
        // What others sent meanwhile stands behind it.
        let mut behind = self.sent.iter_mut().rev();
        if let Some(kept) = behind.find(|kept| **kept == sent) {
            match &answer {
                Ok(answer) => {
                    (kept.status, kept.answer) = (Some(answer.status), answer.body_text())
                }
                Err(why) => kept.trouble = Some(why.clone()),
            }
        }
        answer.ok()
    }

    fn inside(&mut self, outgoing: &Outgoing, now: u64) -> Result<Response, String> {
        if outgoing.unreachable {
            return Err("nobody listens".to_owned());
        }
        match self.exchange(&outgoing.request, Some(&outgoing.from), now) {
            Reply::Answer(response) => Ok(response),
            Reply::Delayed { response, by_ms } if by_ms < outgoing.patience_ms => Ok(response),
            Reply::Delayed { .. } => Err("no answer in time".to_owned()),
            Reply::Dropped | Reply::Refused => Err("the connection died".to_owned()),
        }
    }

    fn nowhere() -> Self {
        let none = Options {
            seed: 0,
            orgs: Vec::new(),
            rate_limit: 0,
            console_limit: 0,
            concurrency: 0,
            consistency_ms: 0,
            patience_ms: 0,
            step_up: false,
        };
        Self::of(&none, Vec::new(), Ids::new(0))
    }
}
