//! Answers of faults in place of an org's own.

use super::FaultKind;
use crate::api::http_date;
use crate::ids::Ids;
use crate::okta::error::OktaError;
use crate::pace::CONSOLE_LIMIT;
use crate::wire::Response;

/// The answer of a fault that lets nothing happen; none for faults that do.
pub(crate) fn refusal(kind: FaultKind, ids: &mut Ids, host: &str, now: u64) -> Option<Response> {
    let mut okta = |error: OktaError| error.response(ids).with("date", &http_date(now));
    let (seconds, many) = (now / 1000, OktaError::too_many);
    Some(match kind {
        FaultKind::RateLimited => limits(okta(many()), 600, seconds + 10),
        FaultKind::RateLimitedBare => okta(many()),
        FaultKind::RateLimitedReset(offset) => {
            limits(okta(many()), 600, seconds.saturating_add_signed(offset))
        }
        FaultKind::RateLimitedSkewed(by) => {
            let theirs = seconds.saturating_add_signed(by);
            let date = http_date(theirs * 1000);
            limits(many().response(ids).with("date", &date), 600, theirs + 10)
        }
        FaultKind::ConsoleLimited => limits(okta(many()), CONSOLE_LIMIT, seconds + 10),
        FaultKind::Concurrency => limits(okta(many()), 0, seconds + 60),
        FaultKind::ErrorBefore(status) => failure(status, ids),
        FaultKind::ReadOnlyMode => okta(OktaError::new(
            503,
            "E0000010",
            "Service is in read only mode.",
        )),
        FaultKind::SessionGone => okta(OktaError::no_session()),
        FaultKind::SessionGoneToken => {
            okta(OktaError::new(401, "E0000011", "Invalid token provided"))
        }
        FaultKind::SessionGoneRedirect => {
            Response::redirect(&format!("https://{host}/login/login.htm"))
        }
        FaultKind::SessionGoneHtml => page(200, "Sign In", "Sign in to go on."),
        FaultKind::NoPermission => okta(OktaError::forbidden()),
        FaultKind::StepUp => step_up(ids),
        FaultKind::RedirectElsewhere => Response::redirect("https://portal.example.com/login"),
        FaultKind::Blocked => page(
            403,
            "Blocked",
            "The proxy of this network refuses the page.",
        ),
        _ => return None,
    })
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

/// What an org says about something that is there already, because an earlier call made it.
pub(crate) fn already(kind: FaultKind, ids: &mut Ids) -> Option<Response> {
    let error = match kind {
        FaultKind::AlreadyAssigned => OktaError::new(
            409,
            "E0000090",
            "The role specified is already assigned to the user.",
        ),
        FaultKind::AlreadyExists => OktaError::invalid(
            "name",
            "name: An object with this field already exists in the current organization",
        ),
        _ => return None,
    };
    Some(error.response(ids))
}

fn limits(answer: Response, limit: u32, reset: u64) -> Response {
    let answer = answer
        .with("x-rate-limit-limit", &limit.to_string())
        .with("x-rate-limit-remaining", "0");
    answer.with("x-rate-limit-reset", &reset.to_string())
}

/// A page that somebody in between puts in place of an answer.
pub(super) fn page(status: u16, title: &str, text: &str) -> Response {
    let body = format!(
        "<!doctype html><html><head><title>{title}</title></head><body><p>{text}</p></body></html>"
    );
    Response::text(status, "text/html;charset=utf-8", body)
}
