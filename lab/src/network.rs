//! The lab's network: requests on their way to an org and answers on their way back, faults included.

use serde_json::Value;
use url::form_urlencoded;

use crate::api;
use crate::fault::{self, FaultKind};
use crate::okta::call::Actor;
use crate::okta::logs::{self, Event};
use crate::pace;
use crate::pages;
use crate::record::Logged;
use crate::recording;
use crate::wire::{Reply, Request, Response};
use crate::world::World;

impl World {
    /// One exchange over the lab's network, faults included.
    pub(crate) fn exchange(&mut self, request: &Request, from: Option<&str>, now: u64) -> Reply {
        self.caller.clear();
        let subdomain = self
            .site_of(&request.host)
            .map(|at| self.orgs[at].subdomain.clone())
            .unwrap_or_default();
        if let Some(prompt) = self.prompts.iter().find(|prompt| prompt.fits(request)) {
            return Reply::Answer(prompt.response());
        }
        let fault = fault::hit(&mut self.faults, &subdomain, &request.method, &request.path);
        let reply = match fault {
            None => Reply::Answer(self.answer(request, now)),
            Some(kind) => self.faulty(request, kind, &subdomain, now),
        };
        if let (Reply::Delayed { by_ms, .. }, Some(at)) = (&reply, self.site_of(&request.host)) {
            self.pace.occupy(at, now + by_ms);
        }
        if api::is_api(&request.path) {
            let status = match &reply {
                Reply::Answer(response) | Reply::Delayed { response, .. } => {
                    recording::keep(request, response, fault);
                    Some(response.status)
                }
                Reply::Dropped | Reply::Refused => None,
            };
            self.requests.push(Logged {
                at_ms: now,
                org: subdomain,
                host: request.host.clone(),
                method: request.method.clone(),
                path: request.path.clone(),
                query: request.query.clone(),
                status,
                fault,
                actor: std::mem::take(&mut self.caller),
                from: from.map(str::to_owned),
            });
        }
        reply
    }

    /// What an org answers to a request that reached it whole.
    pub(crate) fn answer(&mut self, request: &Request, now: u64) -> Response {
        let Some(at) = self.site_of(&request.host) else {
            return Response::text(
                404,
                "text/plain",
                "No org of the lab has this host name.\n".to_owned(),
            );
        };
        if api::is_api(&request.path) {
            return if self.pace.under_way(at, now) < self.options.concurrency {
                api::answer(self, at, request, now)
            } else {
                self.crowded(at, now)
            };
        }
        pages::answer(self, at, request, now)
    }

    fn crowded(&mut self, at: usize, now: u64) -> Response {
        let event = Event {
            kind: "core.concurrency.org.limit.violation",
            message: "Concurrency limit violation",
            outcome: Err("too many calls at the same time"),
            target: ("Org", &self.orgs[at].id.clone()),
        };
        let (org, ids) = (&mut self.orgs[at], &mut self.side_ids);
        logs::write(org, ids, &Actor::default(), now, &event);
        pace::crowded(self, now)
    }

    fn faulty(&mut self, request: &Request, kind: FaultKind, org: &str, now: u64) -> Reply {
        if let Some(refusal) = fault::refusal(kind, &mut self.side_ids, &request.host, now) {
            return Reply::Answer(refusal);
        }
        match kind {
            FaultKind::DropBefore => return Reply::Dropped,
            FaultKind::LateEffect(ms) => {
                self.late.push((now + ms, request.clone()));
                return Reply::Dropped;
            }
            FaultKind::Silent => return self.silence(),
            FaultKind::SilentLateEffect(ms) => {
                self.late.push((now + ms, request.clone()));
                return self.silence();
            }
            FaultKind::SessionRevoked => self.sessions.end(request),
            FaultKind::Html200 if request.method != "GET" => {
                return Reply::Answer(fault::spoil(kind, Response::empty(200)));
            }
            FaultKind::WrongOrg | FaultKind::AnotherActor => {
                self.wrong.push((org.to_owned(), kind))
            }
            FaultKind::Resent | FaultKind::ResentDropped => drop(self.answer(request, now)),
            _ => {}
        }
        let before = self.effects.len();
        let answer = match kind {
            FaultKind::StaleList(ms) => self.with_lag(request, now, ms),
            FaultKind::PageGap | FaultKind::PageOverlap => self.shifted(request, kind, now),
            _ => self.answer(request, now),
        };
        if let Some(told) = fault::already(kind, &mut self.side_ids) {
            return Reply::Answer(told);
        }
        match kind {
            FaultKind::DropAfter | FaultKind::ResentDropped => Reply::Dropped,
            FaultKind::RefusedAfter => Reply::Refused,
            FaultKind::ErrorAfter(status) => {
                Reply::Answer(fault::failure(status, &mut self.side_ids))
            }
            FaultKind::Slow(by_ms) => Reply::Delayed {
                response: answer,
                by_ms,
            },
            FaultKind::NotFoundFlip(ms) => {
                if self.effects.len() > before {
                    self.unsettle(request, &answer, now + ms);
                }
                Reply::Answer(answer)
            }
            _ => Reply::Answer(fault::spoil(kind, answer)),
        }
    }

    // A client that waits this long gets what a gateway says at last.
    fn silence(&mut self) -> Reply {
        Reply::Delayed {
            response: fault::failure(504, &mut self.side_ids),
            by_ms: 600_000,
        }
    }

    // A page after the first, as it looks when the list changed in between.
    fn shifted(&mut self, request: &Request, kind: FaultKind, now: u64) -> Response {
        let mut answer = self.answer(request, now);
        let Value::Array(mut items) = answer.value() else {
            return answer;
        };
        if request.query_value("after").is_none() {
            return answer;
        }
        if kind == FaultKind::PageGap && !items.is_empty() {
            items.remove(0);
        }
        if kind == FaultKind::PageOverlap {
            let query = request.query_pairs();
            let query = query.iter().filter(|(name, _)| name != "after");
            let mut first = request.clone();
            first.query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(query)
                .finish();
            let first = self.answer(&first, now).value();
            items.extend(first.get(0).cloned());
            items.rotate_right(1);
        }
        answer.body = Value::Array(items).to_string().into_bytes();
        answer
    }

    fn with_lag(&mut self, request: &Request, now: u64, ms: u64) -> Response {
        let usual = std::mem::replace(&mut self.options.consistency_ms, ms);
        let answer = self.answer(request, now);
        self.options.consistency_ms = usual;
        answer
    }

    fn unsettle(&mut self, request: &Request, answer: &Response, until: u64) {
        let body = answer.value();
        let id = body["id"]
            .as_str()
            .or(body["kid"].as_str())
            .unwrap_or_default()
            .to_owned();
        let Some(at) = self.site_of(&request.host) else {
            return;
        };
        // An assignment is read under its app.
        let app = request
            .path
            .strip_prefix("/api/v1/apps/")
            .and_then(|rest| rest.split_once('/'));
        let key = app.map_or(id.clone(), |(app, _)| format!("{app}/{id}"));
        self.orgs[at].lag.flaky.insert(key, (until, 0));
    }
}
