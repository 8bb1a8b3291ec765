//! How fast: a fifth of any limit, and the server's own clock when it says "wait".
//!
//! Okta reference: Rate limits. The Admin Console allows 40 requests per user, endpoint and
//! 10 seconds; every other bucket names itself in the `x-rate-limit-…` headers.

use std::collections::VecDeque;

use crate::map::Map;
use crate::search::around;

use super::Side;
use crate::okta::Response;

const CONSOLE_LIMIT: u64 = 40;
const CONSOLE_WINDOW: u64 = 10_000;
const CONSOLE_SHARE: usize = 8;
const BUCKET_WINDOW: u64 = 60_000;
/// Longest wait that is made without asking a person.
pub const LONGEST_WAIT: u64 = 120_000;

/// Remembers what was sent, per org and operation.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    sent: Map<(Side, String), Bucket>,
    /// Off in tests that count calls, not time.
    pub off: bool,
    /// Calls carry a token: the console's limit counts only until a bucket has told its size.
    pub token: bool,
}

#[derive(Debug, Clone, Default)]
struct Bucket {
    times: VecDeque<u64>,
    limit: Option<usize>,
}

impl Pace {
    /// Whether a call may go now; otherwise when it may.
    pub fn admit(&self, side: Side, op: &str, now: u64) -> Result<(), u64> {
        let Some(bucket) = self.sent.get(&(side, op.to_owned())) else {
            return Ok(());
        };
        if self.off {
            return Ok(());
        }
        let console = match self.token && bucket.limit.is_some() {
            true => 0,
            false => bucket.free_at(CONSOLE_WINDOW, CONSOLE_SHARE),
        };
        let share = bucket
            .limit
            .map_or(0, |limit| bucket.free_at(BUCKET_WINDOW, (limit / 5).max(1)));
        match console.max(share) {
            free if free <= now => Ok(()),
            free => Err(free),
        }
    }

    /// A call goes now.
    pub fn sent(&mut self, side: Side, op: &str, now: u64) {
        self.sent.change((side, op.to_owned()), |bucket| {
            bucket.times.push_back(now);
            let old = |time: &u64| time + BUCKET_WINDOW <= now;
            while bucket.times.front().is_some_and(old) {
                bucket.times.pop_front();
            }
        });
    }

    /// Learns a bucket's size from an answer. The console's own limit is kept to as it is: a header
    /// that tells it says nothing of the org's bucket.
    pub fn learn(&mut self, side: Side, op: &str, response: &Response) {
        let limit = number(response, "x-rate-limit-limit");
        // Both ends are told in whole seconds, so ten may read as eleven.
        let console = limit == Some(CONSOLE_LIMIT)
            && lasts(response)
                .is_some_and(|seconds| seconds.saturating_mul(1000) <= CONSOLE_WINDOW + 1000);
        if let Some(limit) = limit.filter(|limit| *limit > 0 && !console) {
            self.sent.change((side, op.to_owned()), |bucket| {
                bucket.limit = usize::try_from(limit).ok();
            });
        }
    }
}

impl Bucket {
    /// When the next call fits, if `share` calls fit into a window.
    fn free_at(&self, window: u64, share: usize) -> u64 {
        match self
            .times
            .len()
            .checked_sub(share)
            .and_then(|index| self.times.get(index))
        {
            Some(time) => time + window,
            None => 0,
        }
    }
}

/// How long to wait after a 429, in milliseconds: by the server's own clock where it tells both
/// the time and the reset; else by doubling. A limit of 0 means too many calls at once, where
/// the reset is only a hint.
pub fn wait_after_limit(response: &Response, tries: u32) -> u64 {
    let doubling = backoff(tries);
    let concurrency = number(response, "x-rate-limit-limit") == Some(0);
    match lasts(response) {
        Some(seconds) if !concurrency => seconds
            .saturating_add(1)
            .saturating_mul(1000)
            .min(LONGEST_WAIT),
        _ => doubling,
    }
}

/// Seconds until the window that the answer tells of ends, by the server's own clock.
fn lasts(response: &Response) -> Option<u64> {
    let reset = number(response, "x-rate-limit-reset")?;
    reset.checked_sub(response.header("date").and_then(http_date)?)
}

/// 1, 2, 4, 8, then 16 seconds.
pub fn backoff(tries: u32) -> u64 {
    1000 << tries.min(4)
}

fn number(response: &Response, header: &str) -> Option<u64> {
    response.header(header)?.trim().parse().ok()
}

/// Seconds since 1970 of an HTTP date (RFC 9110 section 5.6.7, the fixed form).
pub fn http_date(text: &str) -> Option<u64> {
    let mut parts = around(text, ", ")?.1.split(' ');
    let day: u64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let year: u64 = parts.next()?.parse().ok()?;
    let mut clock = parts
        .next()?
        .splitn(3, ':')
        .map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    if !(1970..=9999).contains(&year) || !(1..=31).contains(&day) {
        return None;
    }
    // Days from civil, with years that begin in March.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    Some((days.checked_sub(719_468)?) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(headers: &[(&str, &str)]) -> Response {
        let headers = headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        Response {
            status: 429,
            headers,
            ..Response::default()
        }
    }

    #[test]
    fn http_dates_are_read() {
        assert_eq!(
            http_date("Tue, 28 Oct 2025 20:17:10 GMT"),
            Some(1_761_682_630)
        );
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn a_limit_is_waited_for_by_the_servers_clock() {
        let date = ("date", "Tue, 28 Oct 2025 20:17:10 GMT");
        let wait = |reset: &str| {
            wait_after_limit(
                &limited(&[
                    date,
                    ("x-rate-limit-limit", "10"),
                    ("x-rate-limit-reset", reset),
                ]),
                0,
            )
        };
        assert_eq!(wait("1761682633"), 4000);
        assert_eq!(wait("1761682600"), 1000, "a reset in the past");
        assert_eq!(
            wait("9999999999"),
            LONGEST_WAIT,
            "a reset in the far future"
        );
        let concurrency = [
            date,
            ("x-rate-limit-limit", "0"),
            ("x-rate-limit-reset", "1761682690"),
        ];
        assert_eq!(wait_after_limit(&limited(&concurrency), 2), 4000);
        assert_eq!(wait_after_limit(&limited(&[]), 99), 16_000);
    }

    #[test]
    fn at_most_a_fifth_of_the_consoles_limit_is_used() {
        let mut pace = Pace::default();
        for _ in 0..8 {
            assert_eq!(pace.admit(Side::Source, "apps.list", 5), Ok(()));
            pace.sent(Side::Source, "apps.list", 5);
        }
        assert_eq!(pace.admit(Side::Source, "apps.list", 6), Err(10_005));
        assert_eq!(pace.admit(Side::Target, "apps.list", 6), Ok(()));
        assert_eq!(pace.admit(Side::Source, "apps.list", 10_005), Ok(()));
    }

    #[test]
    fn the_consoles_own_limit_is_no_bucket_of_the_org() {
        let learned = |limit: &str, reset: &str| {
            let mut pace = Pace::default();
            let date = ("date", "Tue, 28 Oct 2025 20:17:10 GMT");
            let told = [
                date,
                ("x-rate-limit-limit", limit),
                ("x-rate-limit-reset", reset),
            ];
            pace.learn(Side::Source, "apps.list", &limited(&told));
            (0..8).for_each(|_| pace.sent(Side::Source, "apps.list", 0));
            pace.admit(Side::Source, "apps.list", 10_000)
        };
        assert_eq!(
            learned("40", "1761682640"),
            Ok(()),
            "ends within ten seconds"
        );
        assert_eq!(learned("40", "1761682641"), Ok(()), "ten, rounded up");
        assert_eq!(
            learned("40", "1761682690"),
            Err(60_000),
            "a bucket of a minute"
        );
        assert_eq!(learned("20", "1761682640"), Err(60_000), "another size");
    }

    #[test]
    fn a_token_is_bound_by_the_orgs_buckets_alone_once_they_are_known() {
        let mut pace = Pace {
            token: true,
            ..Pace::default()
        };
        (0..8).for_each(|_| pace.sent(Side::Target, "users.create", 0));
        assert_eq!(pace.admit(Side::Target, "users.create", 1), Err(10_000));
        let told = limited(&[("x-rate-limit-limit", "600")]);
        pace.learn(Side::Target, "users.create", &told);
        assert_eq!(pace.admit(Side::Target, "users.create", 1), Ok(()));
        (8..120).for_each(|_| pace.sent(Side::Target, "users.create", 1));
        assert_eq!(pace.admit(Side::Target, "users.create", 2), Err(60_000));
    }

    #[test]
    fn a_small_bucket_slows_us_down() {
        let mut pace = Pace::default();
        pace.learn(
            Side::Source,
            "apps.list",
            &limited(&[("x-rate-limit-limit", "10")]),
        );
        pace.sent(Side::Source, "apps.list", 0);
        pace.sent(Side::Source, "apps.list", 0);
        assert_eq!(pace.admit(Side::Source, "apps.list", 1), Err(60_000));
    }
}
