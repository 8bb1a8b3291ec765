//! Rate limits: one bucket per org and endpoint, with the headers every answer carries.

use std::collections::BTreeMap;

use crate::wire::Response;

/// The console's calls of one person to one endpoint in 10 s.
pub(crate) const CONSOLE_LIMIT: u32 = 40;

const WINDOW_MS: u64 = 60_000;

/// Counts of the current windows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    buckets: BTreeMap<(String, String), (u64, u32)>,
}

/// What a bucket says about one call.
pub(crate) struct Allowance {
    pub granted: bool,
    limit: u32,
    remaining: u32,
    reset: u64,
}

impl Pace {
    /// Counts one call. Buckets follow the resource and, below it, whether one object was named.
    pub(crate) fn count(&mut self, org: &str, path: &str, limit: u32, now: u64) -> Allowance {
        let mut parts = path.split('/').skip(1).take(4);
        let bucket = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(api), Some(version), Some(resource), more) => {
                format!(
                    "/{api}/{version}/{resource}{}",
                    if more.is_some() { "/{id}" } else { "" }
                )
            }
            _ => path.to_owned(),
        };
        let (start, used) = self
            .buckets
            .entry((org.to_owned(), bucket))
            .or_insert((now, 0));
        if now >= *start + WINDOW_MS || now < *start {
            (*start, *used) = (now, 0);
        }
        let granted = *used < limit;
        *used += u32::from(granted);
        Allowance {
            granted,
            limit,
            remaining: limit - *used,
            reset: (*start + WINDOW_MS) / 1000,
        }
    }
}

impl Allowance {
    /// The answer with the three headers.
    pub(crate) fn mark(&self, answer: Response) -> Response {
        answer
            .with("x-rate-limit-limit", &self.limit.to_string())
            .with("x-rate-limit-remaining", &self.remaining.to_string())
            .with("x-rate-limit-reset", &self.reset.to_string())
    }
}
