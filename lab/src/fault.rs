//! Faults that tests set: which calls they hit and what happens to those.

use serde::{Deserialize, Serialize};

use crate::ids::Ids;
use crate::okta::error::OktaError;
use crate::wire::Response;

/// A fault to inject. Without `path` it hits calls of the Management API only, never pages.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Fault {
    /// Subdomain of the org it is limited to.
    #[serde(default)]
    pub org: Option<String>,
    /// Method it is limited to.
    #[serde(default)]
    pub method: Option<String>,
    /// Start of the path it is limited to.
    #[serde(default)]
    pub path: Option<String>,
    /// Which of the calls that fit.
    #[serde(default)]
    pub calls: Calls,
    /// What happens.
    pub kind: FaultKind,
}

impl Fault {
    /// A fault on every call of the Management API; narrow it with the other functions.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            org: None,
            method: None,
            path: None,
            calls: Calls::Every,
            kind,
        }
    }

    /// Only calls to this org, by subdomain.
    pub fn org(mut self, subdomain: &str) -> Self {
        self.org = Some(subdomain.to_owned());
        self
    }

    /// Only calls with this method whose path starts so.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        (self.method, self.path) = (Some(method.to_owned()), Some(path.to_owned()));
        self
    }

    /// Only the Nth fitting call (from 1).
    pub fn nth(mut self, call: u32) -> Self {
        self.calls = Calls::Nth(call);
        self
    }

    /// The Nth fitting call (from 1) and all after it.
    pub fn from_call(mut self, call: u32) -> Self {
        self.calls = Calls::From(call);
        self
    }

    fn fits(&self, org: &str, method: &str, path: &str) -> bool {
        self.org.as_deref().is_none_or(|wanted| wanted == org)
            && self
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && match &self.path {
                Some(start) => path.starts_with(start.as_str()),
                None => ["/api/", "/oauth2/", "/.well-known/"]
                    .iter()
                    .any(|start| path.starts_with(start)),
            }
    }
}

/// Which of the fitting calls a fault hits, counted from 1 when it was set.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Calls {
    /// All of them.
    #[default]
    Every,
    /// This one and all later ones.
    From(u32),
    /// This one.
    Nth(u32),
}

/// What a fault does to a call. *After* means that the org has done what was asked.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// From now on `/api/v1/users/me` names another admin.
    AnotherActor,
    /// 429 as concurrency limits answer: limit and remaining 0.
    Concurrency,
    /// The connection dies after the effect.
    DropAfter,
    /// The connection dies before the effect.
    DropBefore,
    /// This status after the effect.
    ErrorAfter(u16),
    /// This status, without effect.
    ErrorBefore(u16),
    /// 200 with an HTML page in place of the answer, and no effect.
    Html200,
    /// The connection dies now; the effect lands this many milliseconds later.
    LateEffect(u64),
    /// A list's link to its next page leads to a host outside.
    NextElsewhere,
    /// A list's link to its next page leads back to the same page.
    NextLoop,
    /// A list has no link to its next page.
    NextMissing,
    /// 403 E0000006.
    NoPermission,
    /// The effect happens, then reads of the new object flip between 404 and 200 for this long.
    NotFoundFlip(u64),
    /// 429 E0000047 with its headers.
    RateLimited,
    /// 429 E0000047 without headers.
    RateLimitedBare,
    /// 429 whose reset lies this many seconds from the org's clock; negative is the past.
    RateLimitedReset(i64),
    /// 503 E0000010.
    ReadOnlyMode,
    /// The effect happens twice and the second answer arrives: what a browser's own re-send does.
    Resent,
    /// The effect happens twice and no answer arrives.
    ResentDropped,
    /// 403 E0000005.
    SessionGone,
    /// 200 with the HTML sign-in page.
    SessionGoneHtml,
    /// 302 to the sign-in page.
    SessionGoneRedirect,
    /// 401 E0000011.
    SessionGoneToken,
    /// The answer arrives this many milliseconds late.
    Slow(u64),
    /// The effect happens, then lists show the state before it for this long.
    StaleList(u64),
    /// 403 that asks for step-up.
    StepUp,
    /// The answer's body ends in the middle.
    TruncatedJson,
    /// The answer is JSON by its text and `text/plain` by its content type.
    WrongContentType,
    /// From now on the org answers another organisation id.
    WrongOrg,
    /// The answer has `ident` where `id` should be.
    WrongShape,
}

/// A fault with its count of fitting calls.
#[derive(Clone, Debug)]
pub(crate) struct Armed {
    pub fault: Fault,
    pub seen: u32,
}

/// The fault that hits this call, if any: the first that fits and whose turn it is.
pub(crate) fn hit(faults: &mut [Armed], org: &str, method: &str, path: &str) -> Option<FaultKind> {
    let mut hit = None;
    for armed in faults
        .iter_mut()
        .filter(|armed| armed.fault.fits(org, method, path))
    {
        armed.seen += 1;
        let due = match armed.fault.calls {
            Calls::Every => true,
            Calls::From(first) => armed.seen >= first,
            Calls::Nth(only) => armed.seen == only,
        };
        if due && hit.is_none() {
            hit = Some(armed.fault.kind);
        }
    }
    hit
}

/// The answer of a fault that lets nothing happen; none for faults that do.
pub(crate) fn refusal(kind: FaultKind, ids: &mut Ids, host: &str, now: u64) -> Option<Response> {
    let mut okta = |error: OktaError| Some(error.response(ids));
    match kind {
        FaultKind::RateLimited => Some(limits(okta(OktaError::too_many())?, 600, now / 1000 + 10)),
        FaultKind::RateLimitedBare => okta(OktaError::too_many()),
        FaultKind::RateLimitedReset(offset) => {
            let reset = (now / 1000).saturating_add_signed(offset);
            Some(limits(okta(OktaError::too_many())?, 600, reset))
        }
        FaultKind::Concurrency => Some(limits(okta(OktaError::too_many())?, 0, now / 1000 + 60)),
        FaultKind::ErrorBefore(status) => Some(failure(status, ids)),
        FaultKind::ReadOnlyMode => okta(OktaError::new(
            503,
            "E0000010",
            "Service is in read only mode.",
        )),
        FaultKind::SessionGone => okta(OktaError::no_session()),
        FaultKind::SessionGoneToken => {
            okta(OktaError::new(401, "E0000011", "Invalid token provided"))
        }
        FaultKind::SessionGoneRedirect => Some(Response::redirect(&format!(
            "https://{host}/login/login.htm"
        ))),
        FaultKind::SessionGoneHtml => Some(page("Sign In", "Sign in to go on.")),
        FaultKind::NoPermission => okta(OktaError::forbidden()),
        FaultKind::StepUp => Some(step_up(ids)),
        _ => None,
    }
}

/// What a protected action answers until the admin has confirmed it. The wording of a real org is not published;
/// the header is that of RFC 9470.
pub(crate) fn step_up(ids: &mut Ids) -> Response {
    let error = OktaError::forbidden()
        .because("Step-up authentication is required for this protected action.");
    error.response(ids).with(
        "www-authenticate",
        "Bearer error=\"insufficient_authentication_context\"",
    )
}

/// An internal error of this status, in Okta's shape where Okta itself would answer.
pub(crate) fn failure(status: u16, ids: &mut Ids) -> Response {
    match status {
        502..=504 => Response::text(
            status,
            "text/html",
            format!("<html><body><h1>{status}</h1></body></html>"),
        ),
        _ => OktaError::new(status, "E0000009", "Internal Server Error").response(ids),
    }
}

/// An answer spoilt on its way: what arrives in place of it.
pub(crate) fn spoil(kind: FaultKind, mut answer: Response) -> Response {
    match kind {
        FaultKind::Html200 => page("Blocked", "This page was put in between."),
        FaultKind::TruncatedJson => {
            answer.body.truncate(answer.body.len() / 2);
            answer
        }
        FaultKind::NextElsewhere | FaultKind::NextLoop | FaultKind::NextMissing => {
            answer.headers = relinked(kind, answer.headers);
            answer
        }
        FaultKind::WrongContentType => {
            answer.headers.retain(|(name, _)| name != "content-type");
            answer.with("content-type", "text/plain")
        }
        FaultKind::WrongShape => {
            let text = answer
                .body_text()
                .replace("\"id\":", "\"ident\":")
                .replace("\"kid\":", "\"kident\":");
            answer.body = text.into_bytes();
            answer
        }
        _ => answer,
    }
}

fn relinked(kind: FaultKind, headers: Vec<(String, String)>) -> Vec<(String, String)> {
    let is_next = |name: &str, link: &str| name == "link" && link.ends_with("rel=\"next\"");
    let own = headers
        .iter()
        .find(|(name, link)| name == "link" && link.ends_with("rel=\"self\""));
    let looped = own
        .map(|(_, link)| link.replace("rel=\"self\"", "rel=\"next\""))
        .unwrap_or_default();
    let mut made: Vec<_> = headers
        .into_iter()
        .filter(|(name, link)| !is_next(name, link))
        .collect();
    match kind {
        FaultKind::NextElsewhere => {
            let link = "<https://collector.example.com/api/v1/apps?after=x>; rel=\"next\"";
            made.push(("link".to_owned(), link.to_owned()));
        }
        FaultKind::NextLoop if !looped.is_empty() => made.push(("link".to_owned(), looped)),
        _ => {}
    }
    made
}

fn limits(answer: Response, limit: u32, reset: u64) -> Response {
    let answer = answer
        .with("x-rate-limit-limit", &limit.to_string())
        .with("x-rate-limit-remaining", "0");
    answer.with("x-rate-limit-reset", &reset.to_string())
}

fn page(title: &str, text: &str) -> Response {
    let body = format!(
        "<!doctype html><html><head><title>{title}</title></head><body><p>{text}</p></body></html>"
    );
    Response::text(200, "text/html;charset=utf-8", body)
}
