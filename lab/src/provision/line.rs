//! The line from a source to its target: requests with the connection's credentials, and what comes back.

use serde_json::Value;

use super::access;
use super::state::Connection;
use crate::org::{App, Org};
use crate::wire::{Request, Response};
use crate::world::World;

/// A limit was met: the same work may go on at this time.
pub(super) struct Later(pub u64);

/// Why a call brought nothing.
#[derive(Debug)]
pub(super) enum Trouble {
    /// 429, and when to come back.
    Limited(u64),
    /// The target says no; the text is what a person reads.
    Refused { status: u16, text: String },
}

/// One app's line while one job runs.
pub(super) struct Line<'w> {
    pub world: &'w mut World,
    pub at: usize,
    pub app: String,
    pub now: u64,
    /// Credentials that are only tried; none for those of the app.
    tried: Option<Connection>,
}

/// What is asked of the target, and the scopes that this takes with OAuth 2.0.
pub(super) struct Ask<'a> {
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    pub body: Option<&'a Value>,
    pub scopes: &'static str,
}

/// Scope of everything about people.
pub(super) const PEOPLE: &str = "okta.users.manage";
/// Scopes of everything about groups. The guide asks for both always, the help page for the second with group push.
pub(super) const GROUPS: &str = "okta.users.manage okta.groups.manage";

const LEAST_WAIT: u64 = 1000;

impl<'w> Line<'w> {
    pub(super) fn new(world: &'w mut World, at: usize, app: &str, now: u64) -> Self {
        Self {
            at,
            app: app.to_owned(),
            world,
            now,
            tried: None,
        }
    }

    /// The same line with credentials that are only tried.
    pub(super) fn trying(self, connection: Connection) -> Self {
        Self {
            tried: Some(connection),
            ..self
        }
    }

    /// The connection, unless it was cut meanwhile.
    pub(super) fn connection(&self) -> Option<&Connection> {
        let own = || Some(&self.app()?.provisioning.connection);
        self.tried.as_ref().or_else(own)
    }

    /// The connection for a change.
    pub(super) fn connection_mut(&mut self) -> Option<&mut Connection> {
        let app = self.world.orgs[self.at].apps.get_mut(&self.app);
        let own = app.map(|app| &mut app.provisioning.connection);
        self.tried.as_mut().or(own)
    }

    pub(super) fn org(&self) -> &Org {
        &self.world.orgs[self.at]
    }

    /// The app, unless it went meanwhile or its connection was cut.
    pub(super) fn app(&self) -> Option<&App> {
        let app = self.org().apps.get(&self.app);
        app.filter(|app| app.provisioning.connection.enabled)
    }

    /// Asks the target. 404 is an answer like any other refusal; a new token is fetched once when the old one ended.
    pub(super) fn ask(&mut self, ask: &Ask<'_>) -> Result<Value, Trouble> {
        self.page(ask).map(|(value, _)| value)
    }

    /// The same for a list, with path and query of its next page.
    pub(super) fn page(&mut self, ask: &Ask<'_>) -> Result<(Value, Option<String>), Trouble> {
        let host = self.target()?;
        for last in [false, true] {
            let mut request = Request::new(ask.method, &format!("https://{host}{}", ask.path))
                .with("accept", "application/json");
            if let Some(body) = ask.body {
                request = request.json(body);
            }
            let request = access::authorise(self, request, ask.scopes)?;
            let answer = self.send(&request)?;
            if answer.status == 401 && access::renewable(self) && !last {
                access::keep(self, None);
                continue;
            }
            let next = next(&host, &answer);
            return self.read(&answer).map(|value| (value, next));
        }
        Err(self.lost())
    }

    /// Sends a request as it is; no answer is an error of its own.
    pub(super) fn send(&mut self, request: &Request) -> Result<Response, Trouble> {
        let from = self.org().subdomain.clone();
        let answer = self.world.send(request, &from, self.now);
        self.now = self.world.time(self.now);
        answer.ok_or_else(|| self.lost())
    }

    // The org host of the app's base URL, which may name the admin host.
    fn target(&mut self) -> Result<String, Trouble> {
        let app = self.org().apps.get(&self.app);
        let base = app
            .and_then(|app| app.setting("baseUrl"))
            .unwrap_or_default();
        let host = url::Url::parse(base)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let found = host.as_ref().and_then(|host| self.world.site_of(host));
        match found {
            Some(at) => Ok(self.world.orgs[at].host()),
            None => Err(Trouble::Refused {
                status: 0,
                text: format!("Unknown host {}", host.unwrap_or_default()),
            }),
        }
    }

    fn read(&mut self, answer: &Response) -> Result<Value, Trouble> {
        match answer.status {
            200..=299 if answer.body.is_empty() => Ok(Value::Null),
            200..=299 => match serde_json::from_slice(&answer.body) {
                Ok(value) => Ok(value),
                // A page in place of an answer, or half of one.
                Err(_) => Err(self.lost()),
            },
            429 => Err(self.limited(answer)),
            300..=399 | 500..=599 => Err(self.lost()),
            status => {
                let text = refusal(status, &answer.value());
                // A token has the grants of when it was fetched; the next attempt gets another.
                if status == 403 && access::renewable(self) {
                    access::keep(self, None);
                }
                if status == 401 {
                    self.log_app("application.integration.authentication_failure", Err(&text));
                }
                Err(Trouble::Refused { status, text })
            }
        }
    }

    /// What a 429 comes to: its reset tells when to go on.
    pub(super) fn limited(&mut self, answer: &Response) -> Trouble {
        let reset = answer.header("x-rate-limit-reset");
        let reset = reset.and_then(|text| text.parse::<u64>().ok());
        let text = "Rate limit exceeded";
        self.log_app("application.integration.rate_limit_exceeded", Err(text));
        Trouble::Limited((reset.unwrap_or(0) * 1000).max(self.now + LEAST_WAIT))
    }

    /// What a call comes to whose answer did not arrive or makes no sense: nobody knows what happened.
    pub(super) fn lost(&mut self) -> Trouble {
        let text = "No valid answer from the remote server";
        self.log_app("application.integration.general_failure", Err(text));
        Trouble::Refused {
            status: 0,
            text: text.to_owned(),
        }
    }
}

// Only a next page of the same host is followed.
fn next(host: &str, answer: &Response) -> Option<String> {
    let links = answer.headers.iter().filter(|(name, _)| name == "link");
    let mut next = links.filter(|(_, link)| link.ends_with("rel=\"next\""));
    let (_, link) = next.next()?;
    let (address, _) = link.strip_prefix('<')?.split_once('>')?;
    let path = address.strip_prefix(&format!("https://{host}"))?;
    Some(path.to_owned())
}

// As Okta's articles quote it: a missing right by its status, all else in the target's own words.
fn refusal(status: u16, body: &Value) -> String {
    let summary = body["errorSummary"].as_str().unwrap_or_default();
    match (status, body["errorCode"].as_str()) {
        (401, _) => format!("Unauthorized. Errors reported by remote server: {summary}"),
        (403, Some("E0000006") | None) => "HTTP 403 Forbidden".to_owned(),
        _ => {
            let cause = body.pointer("/errorCauses/0/errorSummary");
            cause.and_then(Value::as_str).unwrap_or(summary).to_owned()
        }
    }
}

impl Trouble {
    /// A refusal for want of credentials.
    pub(super) fn denied(text: &str) -> Self {
        Self::Refused {
            status: 401,
            text: text.to_owned(),
        }
    }

    /// The words of a refusal; a limit is handed on.
    pub(super) fn told(self) -> Result<String, Later> {
        match self {
            Self::Limited(until) => Err(Later(until)),
            Self::Refused { text, .. } => Ok(text),
        }
    }

    /// The same trouble, with what was being done.
    pub(super) fn while_doing(self, what: &str) -> Self {
        match self {
            Self::Refused { status, text } => Self::Refused {
                status,
                text: format!("Error while {what}: {text}"),
            },
            limited => limited,
        }
    }

    /// True when the target answered that there is no such thing.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }
}
