//! What a fault does to a call.

use serde::{Deserialize, Serialize};

/// What a fault does to a call. *After* means that the org has done what was asked.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The effect happens, then 409 E0000090: the role or assignment is there already.
    AlreadyAssigned,
    /// The effect happens, then 400 E0000001: an object of this name exists already.
    AlreadyExists,
    /// From now on `/api/v1/users/me` names another admin.
    AnotherActor,
    /// 403 with the page of a proxy in between, and no effect.
    Blocked,
    /// 429 as concurrency limits answer: limit and remaining 0.
    Concurrency,
    /// 429 of the console: 40 calls of one person in 10 s.
    ConsoleLimited,
    /// The connection dies after the effect.
    DropAfter,
    /// The connection dies before the effect.
    DropBefore,
    /// The answer says its first member twice.
    DuplicateKeys,
    /// This status after the effect.
    ErrorAfter(u16),
    /// This status, without effect.
    ErrorBefore(u16),
    /// The answer has a member that no document names.
    ExtraField,
    /// 200 with an HTML page in place of the answer, and no effect.
    Html200,
    /// The answer is 50 MB long.
    HugeBody,
    /// The connection dies now; the effect lands this many milliseconds later.
    LateEffect(u64),
    /// The answer lacks `id`, or `kid`, or else its first member.
    MissingField,
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
    /// The client's own store is full. It hits `/_lab/store` and nothing else.
    NotStored,
    /// The first item of a later page is missing: something before it went away between two pages.
    PageGap,
    /// A later page begins with the first item of all: something was added between two pages.
    PageOverlap,
    /// 429 E0000047 with its headers.
    RateLimited,
    /// 429 E0000047 without headers.
    RateLimitedBare,
    /// 429 whose reset lies this many seconds from the org's clock; negative is the past.
    RateLimitedReset(i64),
    /// 429 of an org whose clock is this many seconds ahead of ours; negative is behind.
    RateLimitedSkewed(i64),
    /// 503 E0000010.
    ReadOnlyMode,
    /// 302 to a host outside, as a captive portal answers.
    RedirectElsewhere,
    /// The effect happens, then a gateway says that nothing did: over HTTP/2 the stream is refused (RFC 9113, section
    /// 8.7), which every client may send again; over HTTP/1.1, which has no word for it, the connection dies.
    RefusedAfter,
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
    /// The caller's session ends for good, as when the network that it comes from changes.
    SessionRevoked,
    /// No answer for ten minutes, and no effect.
    Silent,
    /// No answer for ten minutes; the effect lands after this many milliseconds.
    SilentLateEffect(u64),
    /// The answer arrives this many milliseconds late.
    Slow(u64),
    /// The effect happens, then lists show the state before it for this long.
    StaleList(u64),
    /// 403 that asks for step-up.
    StepUp,
    /// The answer's body ends in the middle.
    TruncatedJson,
    /// Nobody listens at the called org: connections of other orgs are refused. Callers from outside do not meet it.
    Unreachable,
    /// The answer is UTF-16.
    WrongCharset,
    /// The answer is JSON by its text and `text/plain` by its content type.
    WrongContentType,
    /// The answer's `id` is no id.
    WrongId,
    /// From now on the org answers another organisation id.
    WrongOrg,
    /// The answer has `ident` where `id` should be.
    WrongShape,
}
